package engine

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Part is a part of a scenario's policy that nobody knows: a value of an
// element or of a condition, or a whole statement. It stands for any number of
// values, also none. AWS's grammar has no such thing.
type Part struct {
	At *jsonpos.Value
	// Why says why nobody knows it.
	Why string
	// Like is a pattern that the values fit; its At is nil when they may be any.
	Like Text
	// Element is where it stands: "Action", "NotResource", "Condition on aws:SourceIp"; "" for a statement.
	Element string
	// Type is the type of principal under which the part stands; "" for a whole
	// Principal and for other elements.
	Type string
}

// String is how the part is shown in place of a value.
func (p *Part) String() string {
	if p.Like.At == nil {
		return "unknown: " + p.Why
	}
	return "unknown: " + p.Why + " (like " + p.Like.Value + ")"
}

// HasParts reports whether some part of the policy is unknown.
func (p *Policy) HasParts() bool {
	for _, st := range p.Statements {
		if st.HasParts() {
			return true
		}
	}
	return len(p.Parts) > 0
}

// HasParts reports whether some value of the statement is unknown.
func (st *Statement) HasParts() bool {
	for i := range st.Conditions {
		if len(st.Conditions[i].Parts) > 0 {
			return true
		}
	}
	return len(st.ActionParts) > 0 || len(st.ResourceParts) > 0 || st.Principal != nil && len(st.Principal.Parts) > 0
}

const aStatement = "a statement"

// part reads an object in the place of a value or of a statement; nil when it
// is none, which is reported. check looks at the pattern that it has under
// "like", and is nil where it can have none.
func (r *reader) part(v *jsonpos.Value, what, kinds string, check func(Text)) *Part {
	why := v.Member("unknown")
	if why == nil {
		hint := `for one that nobody knows write {"unknown": "why"}`
		if r.alone {
			hint = ""
		}
		r.add(Error, "DATA_TYPE_MISMATCH", v, what+" is an object, expected "+kinds, hint)
		return nil
	}
	if r.alone {
		r.add(Error, "UNKNOWN_PART", v, what+" is unknown, and AWS stores no policy with such a part", "write the value; unknown parts are for policies of a scenario")
		return nil
	}
	known := []string{"like"}
	if what == aStatement {
		known = nil
	}
	r.members(v, "an unknown part", []string{"unknown"}, known)
	p := &Part{At: v, Why: r.text(why, `"unknown"`)}
	if why.Kind == jsonpos.String && p.Why == "" {
		r.add(Error, "UNKNOWN_PART", why, `"unknown" is empty, expected why nobody knows `+what, `write it like "the name comes from a parameter"`)
	}
	like := v.Member("like")
	switch {
	case like == nil || what == aStatement || !r.is(like, `"like"`, jsonpos.String):
	case check == nil:
		r.addKey(Error, "UNSUPPORTED_LIKE", like, `an unknown value of this operator has no "like", which is for operators of texts and ARNs`, "remove it")
	case like.Text == "":
		r.add(Error, "UNKNOWN_PART", like, `"like" is empty, expected a pattern such as "arn:aws:s3:::*-logs/*"`, "leave it out when nothing is known")
	default:
		p.Like = Text{like.Text, like}
		check(p.Like)
	}
	return p
}

// isPart reports whether an object is an unknown part and no map.
func isPart(v *jsonpos.Value) bool { return v.Kind == jsonpos.Object && v.Member("unknown") != nil }

// principalLike looks at the pattern of an unknown principal.
func (r *reader) principalLike(kind string) func(Text) {
	return func(t Text) {
		switch {
		case strings.Contains(t.Value, "${"):
			r.add(Error, "VARIABLE_UNSUPPORTED_IN_ELEMENT", t.At, quote(t.Value)+" has a variable, and a principal cannot", "write it without")
		case kind == "AWS" && t.Value != "*" && !isAccountID(t.Value) && !strings.HasPrefix(t.Value, "arn:"):
			r.add(Error, "INVALID_PRINCIPAL_FORMAT", t.At, quote(t.Value)+" is no pattern of a principal, expected an account ID or a pattern of ARNs", "write it like arn:aws:iam::ACCOUNT:role/*")
		}
	}
}

// likeOf is how an unknown value of a condition may be described; nil when it
// cannot be.
func likeOf(spec condition.Spec) func(Text) {
	switch spec.Operator.Type {
	case condition.String, condition.ARN:
		return func(Text) {}
	}
	return nil
}

// openPart is an unknown value of a statement as a fact.
//
// Invariant: whether it covers what a request has is one fact, in a slot of the
// bindings: unknown until an assumption is tried, then present when it does and
// absent when it does not. Of a principal the binding has the identifier of the
// caller that it is taken to be, and its type.
type openPart struct {
	slot      int
	source    *Part
	statement *statement
}

// part is an unknown action, resource or principal made ready.
type part struct {
	source *Part
	slot   int
	number int             // among the world's parts
	like   pattern.Pattern // * when the values may be any
}

// conditionPart is an unknown value of a condition: its clause has it.
type conditionPart struct {
	number    int // among the world's parts
	condition int // index among the statement's conditions
}

// part makes an unknown part ready. text is its pattern, in the form in which
// it is compared.
func (w *World) part(s *statement, source *Part, text string, variables bool) part {
	if source.Like.At == nil {
		text, variables = "*", false
	}
	x := part{source: source, number: w.openPart(source, s)}
	x.slot = w.parts[x.number].slot
	x.like, _ = pattern.Compile(text, pattern.Options{Wildcards: true, Variables: variables}, w.slot)
	return x
}

// openPart numbers an unknown value and gives it a slot that no key has.
func (w *World) openPart(source *Part, s *statement) int {
	w.parts = append(w.parts, openPart{len(w.keys), source, s})
	w.keys = append(w.keys, "")
	return len(w.parts) - 1
}

// match is whether the part covers a text of the request.
func (x *part) match(text string, bindings []pattern.Binding) trace.Outcome {
	return trace.And(x.like.Match(text, bindings), condition.Fact(bindings, x.slot))
}

// anyPart is the disjunction of what parts say about a text.
func anyPart(list []part, text string, bindings []pattern.Binding) trace.Outcome {
	out := trace.No
	for i := range list {
		out = trace.Or(out, list[i].match(text, bindings))
	}
	return out
}

// couldMatchAction reports whether the statement's action matches, or may.
func (q *Query) couldMatchAction(s *statement) bool {
	if len(s.actionParts) == 0 {
		return q.matchAction(s) == trace.Yes
	}
	for i := range s.actions {
		if s.actions[i].Match(q.action, nil) == trace.Yes {
			return !s.source.NotAction
		}
	}
	if s.source.NotAction {
		return true
	}
	for i := range s.actionParts {
		if s.actionParts[i].like.Match(q.action, nil) == trace.Yes {
			return true
		}
	}
	return false
}

// identifiers are the principals by which an unknown part may name the caller,
// the one that gives least first; none when it cannot.
func (x *part) identifiers(c *Caller) []PrincipalValue {
	kind := "AWS"
	switch c.Kind {
	case ServiceCaller:
		kind = "Service"
	case ProviderCaller:
		kind = "Federated"
	}
	var out []PrincipalValue
	add := func(kind, text string) {
		v := PrincipalValue{kind, Text{Value: text}}
		p := newPrincipal(v)
		if _, ok := p.names(c); ok {
			out = append(out, v)
		}
	}
	chain := c.Identifiers()
	for i := len(chain) - 1; i >= 0; i-- {
		if (x.source.Type == "" || x.source.Type == kind) && x.fits(chain[i], c) {
			add(kind, chain[i])
		}
	}
	if x.like.Match("*", nil) == trace.Yes {
		switch x.source.Type {
		case "":
			add("*", "*")
		case "AWS":
			add("AWS", "*")
		}
	}
	return out
}

// fits reports whether an identifier of the caller fits the part's pattern. An
// account as the pattern stands for itself and for all that is in it.
func (x *part) fits(identifier string, c *Caller) bool {
	if x.like.Match(identifier, nil) == trace.Yes || c.Account != "" && x.like.Text() == c.Account {
		return true
	}
	if identifier != c.Role || !c.rolePathUnknown {
		return false
	}
	// The session's ARN does not tell the path of its role.
	head, name, _ := strings.Cut(identifier, "role/")
	p, _ := pattern.Compile(head+"role/*/"+name, pattern.Options{Wildcards: true}, nil)
	_, ok, _ := pattern.Meet(&x.like, &p, nil, 'x')
	return ok
}

// namesCaller is how an unknown part of a Principal names the caller: in what
// class, and at most in what class while that is unknown.
func (q *Query) namesCaller(x *part) (trace.Outcome, class) {
	b := pattern.Bound(q.bindings, x.slot)
	switch b.State {
	case pattern.Present:
		p := newPrincipal(PrincipalValue{b.Texts[1], Text{Value: b.Texts[0]}})
		k, ok := p.names(&q.Caller)
		return trace.Of(ok), k
	case pattern.Unknown:
		if list := x.identifiers(&q.Caller); len(list) > 0 {
			p := newPrincipal(list[len(list)-1])
			k, _ := p.names(&q.Caller)
			return trace.Unknown, k
		}
	}
	return trace.No, classAccount
}

// better is the most direct class in which unknown parts of a Principal may
// name a caller that the statement names in class k; classAccount for none.
func (q *Query) better(s *statement, k class) class {
	best := classAccount
	if s.source.NotPrincipal {
		return best
	}
	for i := range s.principalParts {
		if named, possible := q.namesCaller(&s.principalParts[i]); named == trace.Unknown && possible > k {
			best = max(best, possible)
		}
	}
	return best
}

// better adds that a statement which does not say No may name the caller in
// class k.
func (o *outcomes) better(effect Effect, l Layer, out trace.Outcome, k class) {
	if k != classAccount && out != trace.No && effect == Allow && (l == LayerResource || l == LayerTrust || l == LayerKeyPolicy) {
		o.direct[k] = trace.Or(o.direct[k], trace.Unknown)
	}
}

// openParts marks the parts for which an open statement may wait.
func (q *Query) openParts(s *statement, asked []bool) {
	for i := range s.actionParts {
		x := &s.actionParts[i]
		asked[x.number] = asked[x.number] || x.match(q.action, q.bindings) == trace.Unknown
	}
	for i := range s.resourceParts {
		x := &s.resourceParts[i]
		asked[x.number] = asked[x.number] || x.match(q.Resource, q.bindings) == trace.Unknown
	}
	for i := range s.principalParts {
		x := &s.principalParts[i]
		named, _ := q.namesCaller(x)
		asked[x.number] = asked[x.number] || named == trace.Unknown
	}
	for _, x := range s.conditionParts {
		if s.conditions[x.condition].Match(q.bindings) == trace.Unknown {
			asked[x.number] = true
		}
	}
}

// ways are how an unknown value may turn out.
func (x *openPart) ways(q *Query) []way {
	yes := pattern.Binding{State: pattern.Present}
	switch x.source.Element {
	case "Principal":
		out := []way{{label: "does not name the caller"}}
		for i := range x.statement.principalParts {
			if p := &x.statement.principalParts[i]; p.slot == x.slot {
				for _, v := range p.identifiers(&q.Caller) {
					out = append(out, way{label: "names " + v.Value, binding: pattern.Binding{State: pattern.Present, Texts: []string{v.Value, v.Type}}})
				}
			}
		}
		return out
	case "NotPrincipal":
		return []way{{label: "lists the caller", binding: yes}, {label: "does not"}}
	case "Action", "NotAction":
		return []way{{label: "covers the action", binding: yes}, {label: "does not"}}
	case "Resource", "NotResource":
		return []way{{label: "covers the resource", binding: yes}, {label: "does not"}}
	}
	return []way{{label: "matches the request's value", binding: yes}, {label: "does not"}}
}

// unknown is the part as a decision reports it.
func (x *openPart) unknown() Unknown {
	return Unknown{Kind: UnknownPart, Name: x.source.Why, Policy: x.statement.policy.source, At: x.source.At, Part: x.source, Statement: x.statement.source, Check: -1}
}
