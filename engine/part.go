package engine

import (
	"slices"
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
		r.add(Error, "UNKNOWN_PART", v, what+" is unknown, and AWS stores no policy with such a part",
			"write the value; unknown parts are for policies of a scenario")
		return nil
	}
	known := []string{"like"}
	if what == aStatement {
		known = nil
	}
	r.members(v, "an unknown part", []string{"unknown"}, known)
	p := &Part{At: v, Why: r.text(why, `"unknown"`)}
	if why.Kind == jsonpos.String && p.Why == "" {
		r.add(Error, "UNKNOWN_PART", why, `"unknown" is empty, expected why nobody knows `+what,
			`write it like "the name comes from a parameter"`)
	}
	like := v.Member("like")
	switch {
	case like == nil || what == aStatement || !r.is(like, `"like"`, jsonpos.String):
	case check == nil:
		r.addKey(Error, "UNSUPPORTED_LIKE", like,
			`an unknown value of this operator has no "like", which is for operators of texts and ARNs`, "remove it")
	case like.Text == "":
		r.add(Error, "UNKNOWN_PART", like, `"like" is empty, expected a pattern such as "arn:aws:s3:::*-logs/*"`,
			"leave it out when nothing is known")
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
			r.add(Error, "VARIABLE_UNSUPPORTED_IN_ELEMENT", t.At,
				quote(t.Value)+" has a variable, and a principal cannot", "write it without")
		case kind == "AWS" && t.Value != "*" && !isAccountID(t.Value) && !strings.HasPrefix(t.Value, "arn:"):
			r.add(Error, "INVALID_PRINCIPAL_FORMAT", t.At,
				quote(t.Value)+" is no pattern of a principal, expected an account ID or a pattern of ARNs",
				"write it like arn:aws:iam::ACCOUNT:role/*")
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

// partPlace is where an unknown value stands in a statement.
type partPlace uint8

const (
	partOfAction partPlace = iota
	partOfResource
	partOfPrincipal
	partOfCondition
	// partOfBucket is none of them but the fact that a part makes the policy of a bucket public.
	partOfBucket
)

// part is an unknown value made ready.
//
// Invariant: whether it covers what a request has is one fact, in a slot of the
// bindings: unknown until an assumption is tried, then present when it does and
// absent when it does not. Of a principal the binding has the identifier of the
// caller that it is taken to be, and its type.
type part struct {
	source    *Part
	policy    *policy
	statement *statement // nil for a whole one
	place     partPlace
	number    int             // among the world's parts
	slot      int             // that no key has
	like      pattern.Pattern // * when the values may be any; a condition's is in its clause
	condition int             // index among the statement's conditions
}

func (w *World) addPart(x *part) *part {
	x.number, x.slot = len(w.parts), len(w.keys)
	w.parts = append(w.parts, x)
	w.keys = append(w.keys, "")
	if x.statement != nil && x.place != partOfBucket {
		x.statement.own().parts = append(x.statement.parts, x)
	}
	return x
}

// addParts makes the unknown values of an element ready. text is the form in
// which their patterns are compared.
func (w *World) addParts(s *statement, place partPlace, list []*Part, variables bool, text func(string) string) {
	for _, source := range list {
		like := "*"
		if source.Like.At != nil {
			like = text(source.Like.Value)
		}
		x := w.addPart(&part{source: source, policy: s.policy, statement: s, place: place})
		var problems []pattern.Problem
		x.like, problems = pattern.Compile(like, pattern.Options{Wildcards: true, Variables: variables}, w.slot)
		if place == partOfResource {
			w.patternProblems(s.policy, source.Like, problems)
		}
	}
}

func same(text string) string { return text }

// fact is whether the part covers what the request has.
func (x *part) fact(bindings []pattern.Binding) trace.Outcome {
	return condition.Fact(bindings, x.slot)
}

// anyPart is what the parts of an element say about a text.
func (s *statement) anyPart(place partPlace, text string, bindings []pattern.Binding) trace.Outcome {
	out := trace.No
	for _, x := range s.parts {
		if x.place == place {
			out = trace.Or(out, trace.And(x.like.Match(text, bindings), x.fact(bindings)))
		}
	}
	return out
}

// couldMatchAction reports whether the statement's action matches, or may. It
// looks at no binding.
func (q *Query) couldMatchAction(s *statement) bool {
	for i := range s.actions {
		if s.actions[i].Match(q.action, nil) == trace.Yes {
			return !s.source.NotAction
		}
	}
	could := s.source.NotAction
	for _, x := range s.parts {
		could = could || x.place == partOfAction && x.like.Match(q.action, nil) == trace.Yes
	}
	return could
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
	var list []PrincipalValue
	chain := c.Identifiers()
	for i := len(chain) - 1; i >= 0; i-- {
		if (x.source.Type == "" || x.source.Type == kind) && x.fits(chain[i], c) {
			list = append(list, PrincipalValue{kind, Text{Value: chain[i]}})
		}
	}
	if x.everyone() {
		kind = x.source.Type
		if kind == "" {
			kind = "*"
		}
		list = append(list, PrincipalValue{kind, Text{Value: "*"}})
	}
	return slices.DeleteFunc(list, func(v PrincipalValue) bool {
		p := newPrincipal(v)
		_, ok := p.names(c)
		return !ok
	})
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

// everyone reports whether the part may name everyone.
func (x *part) everyone() bool {
	return (x.source.Type == "" || x.source.Type == "AWS") && x.like.Match("*", nil) == trace.Yes
}

// namesCaller is how an unknown part of a Principal names the caller: in what
// class, and at most in what class while that is unknown.
func (q *Query) namesCaller(x *part) (trace.Outcome, class) {
	b, out := pattern.Bound(q.bindings, x.slot), trace.Yes
	var v PrincipalValue
	switch b.State {
	case pattern.Present:
		v = PrincipalValue{b.Texts[1], Text{Value: b.Texts[0]}}
	case pattern.Unknown:
		list := x.identifiers(&q.Caller)
		if len(list) == 0 {
			return trace.No, classAccount
		}
		v, out = list[len(list)-1], trace.Unknown
	default:
		return trace.No, classAccount
	}
	p := newPrincipal(v)
	k, _ := p.names(&q.Caller)
	return out, k
}

// better is the most direct class in which unknown parts of a Principal may
// name a caller that the statement names in class k; classAccount for none.
func (q *Query) better(s *statement, k class) class {
	best := classAccount
	for _, x := range s.parts {
		if x.place != partOfPrincipal || s.source.NotPrincipal {
			continue
		}
		if named, possible := q.namesCaller(x); named == trace.Unknown && possible > k {
			best = max(best, possible)
		}
	}
	return best
}

// better adds that a statement which does not say No may name the caller in
// class k.
func (o *outcomes) better(effect Effect, l Layer, out trace.Outcome, k class) {
	if k != classAccount && out != trace.No && effect == Allow && l.ofResource() {
		o.direct[k] = trace.Or(o.direct[k], trace.Unknown)
	}
}

// partSays is whether the part covers what the request has; of a condition,
// whether that holds.
func (q *Query) partSays(x *part) trace.Outcome {
	switch x.place {
	case partOfAction:
		return trace.And(x.like.Match(q.action, nil), x.fact(q.bindings))
	case partOfResource:
		return trace.And(x.like.Match(q.Resource, q.bindings), x.fact(q.bindings))
	case partOfPrincipal:
		out, _ := q.namesCaller(x)
		return out
	}
	return x.statement.conditions[x.condition].Match(q.bindings)
}

// openParts marks the parts for which an open statement may wait.
func (q *Query) openParts(s *statement, asked []bool) {
	for _, x := range s.parts {
		asked[x.number] = asked[x.number] || q.partSays(x) == trace.Unknown
	}
}

// slotsOf are the slots of the unknown values of a condition of a statement.
func (s *statement) slotsOf(condition int) (out []int) {
	for _, x := range s.parts {
		if x.place == partOfCondition && x.condition == condition {
			out = append(out, x.slot)
		}
	}
	return out
}

// ways are how an unknown value may turn out.
func (x *part) ways(q *Query) []way {
	yes, no := "matches the request's value", "does not"
	switch x.place {
	case partOfAction:
		yes = "covers the action"
	case partOfResource:
		yes = "covers the resource"
	case partOfBucket:
		yes = "makes the policy public"
	case partOfPrincipal:
		yes = "lists the caller"
		if !x.statement.source.NotPrincipal {
			out := []way{{label: "does not name the caller"}}
			for _, v := range x.identifiers(&q.Caller) {
				label := "names " + v.Value
				if v.Value == "*" {
					label = "names everyone"
				}
				out = append(out, way{label: label,
					binding: pattern.Binding{State: pattern.Present, Texts: []string{v.Value, v.Type}}})
			}
			return out
		}
	}
	return []way{{label: yes, binding: pattern.Binding{State: pattern.Present}}, {label: no}}
}

// unknown is the part as a decision reports it.
func (x *part) unknown() Unknown {
	u := Unknown{Kind: UnknownPart, Name: x.source.Why, Policy: x.policy.source, At: x.source.At, Part: x.source,
		Check: -1}
	if x.statement != nil {
		u.Statement = x.statement.source
	}
	return u
}

// namesAll is whether an Allow names everyone.
func (q *Query) namesAll(s *statement) trace.Outcome {
	out := trace.Of(s.namesEveryone())
	for _, x := range s.parts {
		if x.place == partOfPrincipal && x.everyone() {
			said := x.fact(q.bindings)
			if said == trace.Yes {
				said = trace.Of(q.bindings[x.slot].Texts[0] == "*")
			}
			out = trace.Or(out, said)
		}
	}
	return out
}

// openPublic gives a bucket's policy a fact for what its parts leave open about
// its being public, unless that is whom they name: whether a condition fixes
// who gets in, and what a whole statement says.
func (w *World) openPublic(p *policy) {
	if p.source.Kind != ResourcePolicy || p.public {
		return
	}
	var open *part
	for _, s := range p.statements {
		if s.source.Effect == Allow && s.fixed() == trace.Unknown {
			for i := range s.source.Conditions {
				if c := &s.source.Conditions[i]; fixes(c) == trace.Unknown {
					open = &part{source: c.Parts[0], statement: s}
				}
			}
		}
	}
	if len(p.source.Parts) > 0 {
		open = &part{source: p.source.Parts[0]}
	}
	if open != nil {
		open.policy, open.place = p, partOfBucket
		p.publicPart = w.addPart(open)
	}
}

// partsPublic is whether unknown parts make a policy public that is not by
// what is known of it.
func (q *Query) partsPublic(p *policy) trace.Outcome {
	fact, out := trace.No, trace.No
	if p.publicPart != nil {
		fact = p.publicPart.fact(q.bindings)
	}
	if len(p.parts) > 0 {
		out = fact
	}
	for _, s := range p.statements {
		if s.source.Effect == Allow && len(s.parts) > 0 {
			loose := trace.Not(s.fixed())
			if loose == trace.Unknown {
				loose = fact
			}
			out = trace.Or(out, trace.And(loose, q.namesAll(s)))
		}
	}
	return out
}

// publicParts marks the parts on which it depends whether the policy of the
// bucket is public, where that keeps the caller out.
func (q *Query) publicParts(asked []bool) {
	p := q.Owner.policy
	if p == nil || p.unknown >= 0 || !q.restricted() || q.publicPolicy() != trace.Unknown {
		return
	}
	if p.publicPart != nil {
		asked[p.publicPart.number] = true
	}
	for _, s := range p.statements {
		for _, x := range s.parts {
			if x.place == partOfPrincipal && s.source.Effect == Allow && s.fixed() != trace.Yes && x.everyone() {
				asked[x.number] = true
			}
		}
	}
}
