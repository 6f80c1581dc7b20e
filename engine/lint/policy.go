package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Policy finds what is wrong with a policy document that stands alone. Without a
// catalogue (nil) the checks of tier 3 are left out. The findings are in the
// order of the text; what keeps the document from being read is among them.
func Policy(text string, t Type, c *catalog.Catalog) []Finding {
	doc := jsonpos.Parse(text, jsonpos.Limits{Bytes: engine.MaxBytes, Depth: engine.MaxDepth})
	p, diagnostics, _ := engine.ReadPolicy(doc, t.Kind)
	d := newData(doc, c)
	l := &linter{editor: &d.editor, data: d, typ: t, policy: p}
	l.translate(diagnostics, func(*jsonpos.Value) Type { return t })
	if p != nil {
		l.inspect()
	}
	return finished(l.found)
}

// data is what checks know of a document besides the policy that they look at.
type data struct {
	editor   editor
	catalog  *catalog.Catalog    // nil without one
	work     int                 // the steps that remain
	hints    int                 // the unknown names for which a similar one may yet be looked for
	formats  map[string][]format // by service, once asked for
	compiled map[*catalog.ResourceType]format
	tags     map[string]bool               // by service and key, once asked for
	names    map[*catalog.Service][]string // of actions in lower case, once asked for
	spoken   map[string]bool               // the services of all ARNs, once asked for
}

// maxHints is the number of unknown names in a document for which a similar one
// is looked for. More would take the time of the names times those that there are.
const maxHints = 200

func newData(doc *jsonpos.Document, c *catalog.Catalog) *data {
	return &data{editor: editor{doc: doc}, catalog: c, work: maxWork, hints: maxHints}
}

// hint reports whether a name similar to one more unknown one may be looked for.
func (d *data) hint() bool {
	d.hints--
	return d.hints >= 0
}

// statement is a statement with what several checks ask of it.
type statement struct {
	*engine.Statement
	// clauses are the conditions, and keys the numbers of those of each key, in
	// lower case.
	clauses []clause
	keys    map[string][]int
	// nulls are the keys, in lower case, that a Null condition wants to be present
	// ("false") or absent ("true"), after that word and a blank.
	nulls map[string]bool
	// actions are the patterns of the actions, in lower case.
	actions []pattern.Pattern
	// candidates are the resources as those of formats look at them, once asked for.
	candidates []*candidate
}

// clause is one key under one operator of a statement.
type clause struct {
	*engine.Condition
	lower string // the key in lower case
}

// inspect goes through the policy on all walks of lint.
func (l *linter) inspect() {
	p := l.policy
	if p.State == engine.Withheld || p.State == engine.Unresolved || p.At == nil || p.At.Kind != jsonpos.Object {
		return
	}
	from := len(l.found)
	for _, s := range p.Statements {
		l.statements = append(l.statements, compile(s))
	}
	for _, l.now = range walks {
		if l.now.policy != nil {
			l.now.policy(l)
		}
	}
	for _, st := range l.statements {
		for _, l.now = range walks {
			switch {
			case l.now.statement != nil:
				l.now.statement(l, st)
			case l.now.condition != nil:
				for i := range st.clauses {
					l.now.condition(l, st, &st.clauses[i])
				}
			}
		}
	}
	for _, l.now = range walks {
		if l.now.after != nil {
			l.now.after(l)
		}
	}
	l.settle(from)
}

// compile prepares a statement for the checks.
func compile(s *engine.Statement) *statement {
	st := &statement{Statement: s, clauses: make([]clause, len(s.Conditions)), keys: map[string][]int{},
		nulls: map[string]bool{}}
	for i := range s.Conditions {
		c := clause{&s.Conditions[i], strings.ToLower(s.Conditions[i].Key)}
		st.clauses[i] = c
		st.keys[c.lower] = append(st.keys[c.lower], i)
		if c.Spec.Operator.Type == condition.Null && c.Spec.Set == condition.NoSet && len(c.Values) == 1 {
			st.nulls[strings.ToLower(c.Values[0].Value)+" "+c.lower] = true
		}
	}
	for _, a := range s.Actions {
		compiled, _ := pattern.Compile(strings.ToLower(a.Value), pattern.Options{Wildcards: true}, nil)
		st.actions = append(st.actions, compiled)
	}
	return st
}

// has reports whether the statement has a condition on one of the keys, given in
// lower case.
func (s *statement) has(keys ...string) bool {
	for _, k := range keys {
		if len(s.keys[k]) > 0 {
			return true
		}
	}
	return false
}

// null reports whether a Null condition wants the key, in lower case, to be present
// ("false") or absent ("true").
func (s *statement) null(key, want string) bool { return s.nulls[want+" "+key] }

// covers reports whether the statement's actions cover one, given in lower case:
// by name, and by a pattern. With NotAction both are false.
func (s *statement) covers(action string) (byName, byPattern bool) {
	if s.NotAction {
		return false, false
	}
	for i := range s.actions {
		if text, literal := s.actions[i].Literal(); literal {
			byName = byName || text == action
		} else if s.actions[i].Match(action, nil) == trace.Yes {
			byPattern = true
		}
	}
	return byName, byPattern
}

// reaches reports whether the statement applies to an action, given in lower case.
func (s *statement) reaches(action string) bool {
	if !s.NotAction {
		byName, byPattern := s.covers(action)
		return byName || byPattern
	}
	for i := range s.actions {
		if s.actions[i].Match(action, nil) == trace.Yes {
			return false
		}
	}
	return s.ActionAt != nil
}

// everything reports whether a text is a wildcard for all: "*", "**", ….
func everything(text string) bool { return text != "" && strings.Trim(text, "*") == "" }

// wild reports whether a text has a wildcard.
func wild(text string) bool { return strings.ContainsAny(text, "*?") }
