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
	p, diagnostics := engine.ReadPolicy(doc, t.grammar())
	found := translate(doc, diagnostics, func(engine.Diagnostic) Type { return t })
	if p != nil {
		found = append(found, inspect(doc, p, t, &data{catalog: c})...)
	}
	sortFindings(found)
	return found
}

// data is what checks know besides the policy.
type data struct {
	catalog  *catalog.Catalog    // nil without one
	formats  map[string][]format // by service, once asked for
	compiled map[*catalog.ResourceType]format
	tags     map[string]bool // by service and key, once asked for
}

// statement is a statement with what several checks ask of it.
type statement struct {
	*engine.Statement
	// keys are the numbers of the conditions of each key, in lower case.
	keys map[string][]int
	// actions are the patterns of the actions, in lower case.
	actions []pattern.Pattern
}

// maxWork bounds the comparisons of things with each other in one policy.
const maxWork = 200_000

// inspect runs all checks that go beyond reading.
func inspect(doc *jsonpos.Document, p *engine.Policy, t Type, d *data) []Finding {
	if p.State == engine.Withheld || p.State == engine.Unresolved || p.At == nil || p.At.Kind != jsonpos.Object {
		return nil
	}
	l := &linter{doc: doc, typ: t, data: d, policy: p, work: maxWork}
	for _, s := range p.Statements {
		l.statements = append(l.statements, compile(s))
	}
	l.version()
	l.size()
	for _, st := range l.statements {
		l.organization(st)
		l.principals(st)
		l.actions(st)
		l.resources(st)
		l.s3(st)
		l.conditions(st)
		l.variables(st)
		l.grants(st)
		l.services(st)
	}
	l.repeated()
	l.escalation()
	l.keyPolicy()
	return l.settled()
}

// compile prepares a statement for the checks.
func compile(s *engine.Statement) *statement {
	st := &statement{Statement: s, keys: map[string][]int{}}
	for i := range s.Conditions {
		lower := strings.ToLower(s.Conditions[i].Key)
		st.keys[lower] = append(st.keys[lower], i)
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

// hasPrefix reports whether a key in lower case begins so.
func (s *statement) hasPrefix(prefix string) bool {
	for i := range s.Conditions {
		if k := strings.ToLower(s.Conditions[i].Key); strings.HasPrefix(k, prefix) {
			return true
		}
	}
	return false
}

// null reports whether a Null condition wants the key to be present ("false") or
// absent ("true").
func (s *statement) null(key, want string) bool {
	for _, i := range s.keys[key] {
		c := &s.Conditions[i]
		if c.Spec.Operator.Type == condition.Null && c.Spec.Set == condition.NoSet && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Value, want) {
			return true
		}
	}
	return false
}

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

// element is the name of the element that lists actions or resources.
func element(v *jsonpos.Value) string {
	for ; v != nil; v = v.Parent {
		if v.KeyStart >= 0 {
			return v.Key
		}
	}
	return ""
}

// version looks at the Version.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func (l *linter) version() {
	v := l.policy.At.Member("Version")
	if v == nil || v.Kind != jsonpos.String || v.Text != "2008-10-17" {
		return
	}
	if l.typ.Kind == RCP {
		l.at("INVALID_VERSION", v, `the Version is "2008-10-17", and a resource control policy needs 2012-10-17`, `write "2012-10-17"`).
			fix("use version 2012-10-17", replaceText(v, "2012-10-17")...)
		return
	}
	f := l.at("OLD_VERSION", v, `the Version is "2008-10-17", expected 2012-10-17, under which ${…} is a variable`, `write "2012-10-17"`)
	if !strings.Contains(l.doc.Text[l.policy.At.Start:l.policy.At.End], "${") {
		f.fix("use version 2012-10-17", replaceText(v, "2012-10-17")...) // with ${…} the meaning could change
	}
}

// variables finds ${…} where it is plain text, and variables that may have no value.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (l *linter) variables(st *statement) {
	for _, t := range st.Resources {
		l.variable(t, st.Effect == engine.Deny || st.NotResource, "")
	}
	for i := range st.Conditions {
		c := &st.Conditions[i]
		switch c.Spec.Operator.Type {
		case condition.String, condition.ARN, condition.Bool:
			for _, t := range c.Values {
				l.variable(t, st.Effect == engine.Deny || c.Spec.Operator.Negated, strings.ToLower(c.Key))
			}
		}
	}
}

// variable looks at the variables of one text. risky says that a variable without
// a value makes the statement say more than it seems to, or deny less.
func (l *linter) variable(t engine.Text, risky bool, key string) {
	if !strings.Contains(t.Value, "${") {
		return
	}
	if !l.policy.Variables {
		v := l.policy.At.Member("Version")
		f := l.at("VARIABLE_UNSUPPORTED_IN_VERSION", t.At, quote(t.Value)+" has a variable, and without Version 2012-10-17 it is plain text", `write "Version": "2012-10-17"`)
		if v != nil {
			f.fix("use version 2012-10-17", replaceText(v, "2012-10-17")...)
		} else if sound(l.policy.At) {
			f.fix("add the version", insert(l.doc, l.policy.At, "Version", `"2012-10-17"`)...)
		}
		return
	}
	colons := 0
	for at := 0; at < len(t.Value); at++ {
		end := pattern.VariableEnd(t.Value, at)
		if end == at {
			if t.Value[at] == ':' {
				colons++
			}
			continue
		}
		inner := t.Value[at+len("${") : end-1]
		name, _, defaulted := strings.Cut(inner, ",")
		if key == "" && colons < 5 && strings.HasPrefix(t.Value, "arn:") {
			l.at("VARIABLE_BEFORE_FIFTH_COLON", t.At, "the variable ${"+inner+"} of "+quote(t.Value)+" stands before the fifth colon, where AWS takes none", "use a variable in the last part of the ARN only")
		}
		if k := catalog.Global(name); k != nil {
			switch {
			case k.Multi:
				l.at("MULTIVALUED_VARIABLE", t.At, "${"+inner+"} is a key with several values, and has none as a variable", "use a key with a single value")
			case risky && !defaulted && optional(name):
				l.at("VARIABLE_MAY_BE_MISSING", t.At, "${"+inner+"} has no value "+unless(k)+": then "+quote(t.Value)+" matches nothing", "give it a default, as in ${"+name+", 'none'}")
			}
		}
		if key != "" {
			l.loose(t, key, at, end, true)
		}
		at = end - 1
	}
}

// optional reports whether requests of ordinary callers may lack a global key.
func optional(name string) bool {
	k := catalog.Global(name)
	if k == nil || k.Present == catalog.Always {
		return false
	}
	switch k.Name {
	case "aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:ResourceAccount":
		return false // every signed request about a resource has them
	}
	return true
}

// unless says when a request lacks a key.
func unless(k *catalog.GlobalKey) string { return "unless " + k.Present }
