package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// ChangeKind is what would have to be different for a statement to say
// something else.
type ChangeKind uint8

const (
	// Widen is a statement whose element covers what the request names.
	Widen ChangeKind = iota
	// Unlist is a statement whose NotAction, NotResource or NotPrincipal does
	// not list what the request names.
	Unlist
	// AskOther is a request for another action or resource, or by another caller.
	AskOther
	// SetKey is a request whose context has another value for a key.
	SetKey
	// DropKey is a request whose context does not have a key.
	DropKey
)

// String is the kind's word in reports.
func (k ChangeKind) String() string {
	return [...]string{"widen", "unlist", "askOther", "setKey", "dropKey"}[k]
}

// Change is one thing that could be different. It was tried: the statement
// then does what the change is offered for.
type Change struct {
	Kind ChangeKind
	// Element is the number of the element, among Elements, that the change is about.
	Element int
	// Value is, for Widen and Unlist, what the request names; for AskOther what
	// it would name instead.
	Value string
	// Key is, for SetKey and DropKey, the context key as the request would
	// write it, with a value that does.
	Key ContextValue
	// Shared says that the statement asks for the key in another place too, so
	// that not every value does that the element by itself would accept.
	Shared bool
}

// maxTries bounds how many combinations of values are tried for one statement.
const maxTries = 64

// trial is the search for changes of one statement, within a budget of steps.
type trial struct {
	*Query
	s    *statement
	work *work
}

// trial begins a search. All of an evaluation share what the answer has left.
func (e *Evaluation) trial(number int32) *trial {
	if e.tries == nil {
		left := *e.work
		e.tries = &left
	}
	return &trial{e.Query, e.Query.World.statements[number], e.tries}
}

// Reach finds what would have to be different for a statement to match that
// does not: with all of the changes together it matches. It is false when no
// such changes are found, as for conditions that contradict each other.
func (e *Evaluation) Reach(number int32, elements []Element) ([]Change, bool) {
	q := e.trial(number)
	s := q.s
	var out []Change
	var open []choice
	for i := range elements {
		el := &elements[i]
		if el.Outcome == trace.Yes {
			continue
		}
		c := Change{Kind: Widen, Element: i}
		switch el.Name {
		case "NotAction", "NotResource", "NotPrincipal":
			c.Kind = Unlist
		}
		switch el.Name {
		case "Action", "NotAction":
			c.Value = q.Action
		case "Principal", "NotPrincipal":
			if c.Value = q.nameInPolicies(s); c.Value == "" {
				return nil, false
			}
		case "Resource", "NotResource":
			if ways := q.resourceWays(i); el.Reason != trace.ResourceNoMatch && len(ways.keys) > 0 {
				open = append(open, ways)
				continue
			}
			c.Value = q.Resource
		default:
			ways := q.conditionWays(i, clauseOf(elements, i), trace.Yes)
			if len(ways.keys) == 0 {
				return nil, false
			}
			open = append(open, ways)
			continue
		}
		out = append(out, c)
	}
	widened := false
	for i := range out {
		widened = widened || strings.HasSuffix(elements[out[i].Element].Name, "Resource")
	}
	tried := 0
	var search func(n int, keys []ContextValue) []ContextValue
	search = func(n int, keys []ContextValue) []ContextValue {
		if n == len(open) {
			tried++
			if q.says(keys, widened) == trace.Yes {
				return keys
			}
			return nil
		}
		for _, k := range open[n].keys {
			if tried >= maxTries {
				break
			}
			// Where two elements ask for one key, the value of the one must do for the other.
			at := slices.IndexFunc(keys, func(x ContextValue) bool { return strings.EqualFold(x.Key, k.Key) })
			if at >= 0 {
				k = keys[at]
			}
			if found := search(n+1, append(slices.Clip(keys), k)); found != nil || at >= 0 {
				return found
			}
		}
		return nil
	}
	for i := range open {
		for j := range open {
			if i != j && strings.EqualFold(open[i].keys[0].Key, open[j].keys[0].Key) {
				open[i].keys = append(slices.Clip(open[i].keys), open[j].keys...)
			}
		}
	}
	found := search(0, []ContextValue{})
	for i, k := range found {
		if !slices.ContainsFunc(found[:i], func(x ContextValue) bool { return strings.EqualFold(x.Key, k.Key) }) {
			out = append(out, q.keyChange(s, open[i].element, k))
		}
	}
	return out, found != nil && len(out) > 0
}

// Escape finds what would keep a statement from matching that does: with each
// of the changes by itself it does not match.
func (e *Evaluation) Escape(number int32, elements []Element) []Change {
	q := e.trial(number)
	s := q.s
	var out []Change
	for i := range elements {
		el := &elements[i]
		switch el.Name {
		case "Principal", "NotPrincipal":
			if caller := q.unnamed(s); caller != "" {
				out = append(out, Change{Kind: AskOther, Element: i, Value: caller})
			}
		case "Action", "NotAction":
			if action := q.uncoveredAction(s); action != "" {
				out = append(out, Change{Kind: AskOther, Element: i, Value: action})
			}
		case "Resource", "NotResource":
			if resource := q.uncoveredResource(s); resource != "" {
				out = append(out, Change{Kind: AskOther, Element: i, Value: resource})
			}
		default:
			ways := q.conditionWays(i, clauseOf(elements, i), trace.No)
			for _, k := range ways.keys[:min(len(ways.keys), maxTries)] {
				if q.says([]ContextValue{k}, false) == trace.No {
					out = append(out, q.keyChange(s, i, k))
					break
				}
			}
		}
	}
	return out
}

// nameInPolicies is how a policy of the statement's kind can name the caller; ""
// when it cannot.
func (q *Query) nameInPolicies(s *statement) string {
	switch c := &q.Caller; {
	case c.Kind == AnonymousCaller:
		return "*"
	case c.Kind == ProviderCaller && s.policy.source.Kind != TrustPolicy:
		return ""
	case c.Kind == RoleSessionCaller && !c.rolePathUnknown:
		return c.Role
	default:
		return c.ARN
	}
}

// clauseOf is the number of a condition among the statement's conditions,
// which are the last of its elements.
func clauseOf(elements []Element, i int) int {
	first := 0
	for first < len(elements) && elements[first].Name != "Condition" {
		first++
	}
	return i - first
}

// choice is an element with the values of a key of which one may do.
type choice struct {
	element int
	keys    []ContextValue
}

// conditionWays are values with which a condition says what is wanted, those
// of its own key first, then those of the keys of its variables.
func (q *trial) conditionWays(element, clause int, want trace.Outcome) choice {
	s := q.s
	c := &s.conditions[clause]
	out := choice{element: element}
	weight := clauseWeight(c)
	each := weight.steps(q.length, q.texts)
	weight.values *= 16 // finding candidates looks at each value several times
	try := func(slot int, key string) {
		if !q.work.take(weight.steps(q.length, q.texts)) {
			return
		}
		before := q.bindings[slot]
		var list []pattern.Binding
		q.bindings[slot] = pattern.Binding{State: pattern.Unknown}
		c.Candidates(slot, q.bindings, func(b pattern.Binding) { list = append(list, b) })
		list = append(list, pattern.Binding{})
		if !q.work.take(times(len(list), each)) {
			list = nil
		}
		for _, last := range []bool{false, true} {
			for _, b := range list {
				// A value that looks like one comes before emptiness and absence.
				if odd := len(b.Texts) == 0 || b.Texts[0] == "" ||
					b.Multi != (c.Spec().Set != condition.NoSet && slot == c.Slot()); odd != last {
					continue
				}
				if q.bindings[slot] = b; c.Match(q.bindings) == want {
					out.keys = append(out.keys,
						ContextValue{Key: key, Absent: b.State == pattern.Absent, Multi: b.Multi, Values: b.Texts})
				}
			}
		}
		q.bindings[slot] = before
	}
	try(c.Slot(), s.source.Conditions[clause].Key)
	for _, v := range c.Variables() {
		try(v.Slot, v.Key)
	}
	return out
}

// resourceWays are values of the variables in a statement's resources with
// which one of them covers the request's.
func (q *trial) resourceWays(element int) choice {
	s := q.s
	out := choice{element: element}
	for i := range s.resources {
		p := &s.resources[i]
		for _, v := range p.Variables() {
			before := q.bindings[v.Slot]
			if before.State == pattern.Present ||
				!q.work.take(weight{values: 64, bytes: len(p.Text())}.steps(q.length, 1)) {
				continue
			}
			q.bindings[v.Slot] = pattern.Binding{State: pattern.Unknown}
			p.Solve(v.Slot, q.Resource, q.bindings, func(text string) {
				out.keys = append(out.keys, ContextValue{Key: v.Key, Values: []string{text}})
			})
			q.bindings[v.Slot] = before
		}
	}
	return out
}

// keyChange is the change to a value of a key, for an element.
func (q *trial) keyChange(s *statement, element int, k ContextValue) Change {
	c := Change{Kind: SetKey, Element: element, Key: k}
	if k.Absent {
		c.Kind = DropKey
	}
	slot := q.World.slots[strings.ToLower(k.Key)]
	uses := 0
	for i := range s.conditions {
		if s.conditions[i].Slot() == slot {
			uses++
		}
		if asks(s.conditions[i].Variables(), slot) {
			uses++
		}
	}
	for i := range s.resources {
		if asks(s.resources[i].Variables(), slot) {
			uses++
		}
	}
	c.Shared = uses > 1
	return c
}

// says is what the statement's conditions say with other values for some keys,
// and its resources unless those are set aside; Unknown when the budget is spent.
func (q *trial) says(keys []ContextValue, noResource bool) trace.Outcome {
	if !q.pays() {
		return trace.Unknown
	}
	if len(keys) == 0 {
		return q.conditionsSay(q.s, noResource)
	}
	return q.suppose(keys, "").conditionsSay(q.s, noResource)
}

// pays takes what one supposed query costs: deriving its context, and matching
// the statement.
func (q *trial) pays() bool {
	return q.work.take(64 + times(q.tags(), 16) + q.s.weight.steps(q.length, q.texts) + 2*len(q.s.actions))
}

// suppose is the query with other values for some keys, and for another
// resource unless that is "": what follows from them is derived anew. It has no
// sets of policies.
func (q *Query) suppose(keys []ContextValue, resource string) *Query {
	other := *q
	s := &other
	s.Request, s.Also, s.sets, s.numbers = q.Request.with(keys), nil, nil, nil
	if resource != "" {
		s.Resource = resource
		s.Owner = q.World.owner(&s.Caller, s.action, resource)
	}
	s.Context = q.World.context(s)
	s.bindings = q.World.bind(s.Context)
	return s
}

// Suppose is the query with other values for some keys of the context.
func (q *Query) Suppose(keys ...ContextValue) *Query {
	return q.World.query(q.Request.with(keys), &q.Caller, &check{q.Check, q.Action, q.Resource, q.Owner, q.Asked})
}

// with is the request with other values for some keys of its context.
func (r *Request) with(keys []ContextValue) *Request {
	out := *r
	other := func(key string) bool {
		return slices.ContainsFunc(keys, func(k ContextValue) bool { return strings.EqualFold(k.Key, key) })
	}
	out.Context = slices.DeleteFunc(slices.Clone(r.Context), func(v ContextValue) bool { return other(v.Key) })
	out.Context = append(out.Context, keys...)
	out.Unknown = slices.DeleteFunc(slices.Clone(r.Unknown), func(t Text) bool { return other(t.Value) })
	return &out
}

// conditionsSay is what the conditions of a statement say, and its resources
// unless those are set aside.
func (q *Query) conditionsSay(s *statement, noResource bool) trace.Outcome {
	out := trace.Yes
	if !noResource {
		out = q.matchResource(s)
	}
	for i := range s.conditions {
		out = trace.And(out, s.conditions[i].Match(q.bindings))
	}
	return out
}

// unnamed is a caller whom a statement's Principal does not name, or whom its
// NotPrincipal excepts; "" when none is found.
func (q *trial) unnamed(s *statement) string {
	const strange = "000000000000"
	callers := []Caller{{Kind: UserCaller, ARN: "arn:aws:iam::" + strange + ":user/other",
		User: "arn:aws:iam::" + strange + ":user/other", Account: strange, partition: defaultPartition}}
	if s.source.NotPrincipal {
		callers = nil
		for i := range s.principals {
			p := &s.principals[i]
			switch p.kind {
			case principalAccount:
				callers = append(callers,
					Caller{Kind: RootCaller, ARN: "arn:aws:iam::" + p.text + ":root", Account: p.text,
						partition: defaultPartition})
			case principalService:
				callers = append(callers, Caller{Kind: ServiceCaller, ARN: p.text})
			}
		}
	}
	other := *q.Query
	if !q.pays() {
		return ""
	}
	for i := range callers {
		other.Caller = callers[i]
		if said, _ := other.principals(s); said == trace.No {
			return other.Caller.ARN
		}
	}
	return ""
}

// uncoveredAction is an action that a statement does not speak of; "" when
// none is found.
func (q *trial) uncoveredAction(s *statement) string {
	var tries []string
	if s.source.NotAction {
		for i := range s.actions {
			name := []byte(s.actions[i].Text())
			for j, c := range name {
				if c == '*' || c == '?' {
					name[j] = 'x'
				}
			}
			if tries = append(tries, string(name)); !strings.Contains(tries[i], ":") {
				tries[i] += ":x"
			}
		}
	} else {
		strange := unlike(s.source.Actions)
		tries = []string{q.service + ":" + strange, strange + ":" + strange}
	}
	other := *q.Query
	for _, action := range tries {
		other.action = strings.ToLower(action)
		if !q.pays() {
			return ""
		}
		if validAction(action) && other.matchAction(s) == trace.No {
			return action
		}
	}
	return ""
}

// uncoveredResource is a resource that a statement does not speak of; "" when
// none is found.
func (q *trial) uncoveredResource(s *statement) string {
	var tries []string
	if s.source.NotResource {
		for i := range s.resources {
			if text, ok := s.resources[i].Example(q.bindings, "x", "x"); ok && strings.HasPrefix(text, "arn:") {
				tries = append(tries, text)
			}
		}
	} else {
		strange := unlike(s.source.Resources)
		tries = []string{"arn:aws:" + strange + ":::" + strange}
	}
	for _, resource := range tries {
		if q.pays() && q.suppose(nil, resource).matchResource(s) == trace.No {
			return resource
		}
	}
	return ""
}

// unlike is a word that is longer than all texts, of a letter that none of
// them has.
func unlike(list []Text) string {
	letter, longest := 'a', 0
	for i := range list {
		longest = max(longest, len(list[i].Value))
	}
	for letter < 'z' && slices.ContainsFunc(list,
		func(t Text) bool { return strings.ContainsRune(strings.ToLower(t.Value), letter) }) {
		letter++
	}
	return strings.Repeat(string(letter), longest+1)
}
