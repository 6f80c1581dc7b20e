package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/stable"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// UnknownKind is what kind of fact is unknown.
type UnknownKind uint8

const (
	UnknownKey UnknownKind = iota
	UnknownPolicy
	UnknownAccount
	// UnknownStatement is whether a statement, or a part of one, matches.
	UnknownStatement
	// UnknownPart is a value of a statement that the document does not tell, or a whole statement.
	UnknownPart
)

// String is "key", "policy", "account", "statement" or "part".
func (k UnknownKind) String() string {
	return [...]string{"key", "policy", "account", "statement", "part"}[k]
}

// Unknown is an unknown fact on which the decision depends.
type Unknown struct {
	Kind UnknownKind
	// Name is the key, the policy's name, the account's ID, the statement's Sid or
	// pointer, or why nobody knows the part.
	Name string
	// Policy is the policy whose text is unknown or in which the statement or part stands; nil for keys and accounts.
	Policy *Policy
	// At is the statement, or the part of it, that is unknown; nil for the other kinds.
	At *jsonpos.Value
	// Part is the unknown part, and Statement the one that it is a value of; nil
	// for other kinds, and Statement for a whole one.
	Part      *Part
	Statement *Statement
	// Check is the number of the further check whose own key it is; -1 for facts of the whole call.
	Check int
	Ways  []Way
}

// Way is one way an unknown fact may turn out, and the decisions that are then
// possible.
type Way struct {
	Value     string
	Decisions Decisions
	// Example is, for a key, one binding of those that Value stands for.
	Example pattern.Binding
}

// Answer is what is known of a decision.
type Answer struct {
	Decision Decision
	// Possible are the decisions that the unknowns leave open: the decision
	// itself unless that is Depends.
	Possible Decisions
	// Unknowns are what the decision depends on; empty unless it is Depends.
	Unknowns []Unknown
	// Exact is false when the budget of steps was spent before every way was
	// tried: then the decision is Depends, and some of the possible ones may not be.
	Exact bool
}

// variable is an unknown of a call with the ways it may turn out.
type variable struct {
	kind UnknownKind
	// number is a key's slot, the number of an unknown value among the world's
	// parts, or the number of another fact among the world's unknowns.
	number int
	// value says that it is an unknown value of a statement.
	value bool
	// check is the number of the check whose own key it is, -1 for a fact of the whole call.
	check  int
	checks []*Query // whose fact it is
	sent   bool     // says of a key that the request has it for certain
	ways   []way
}

type way struct {
	label   string
	binding pattern.Binding // of a key or an unknown value
	assumed assumption      // of another fact
}

// search tries every way in which the unknowns of some checks of one call may
// turn out, each check alone or the whole call. It builds the reduced ordered
// decision diagram of the call: an unknown matters exactly when the diagram
// asks for it.
type search struct {
	checks    []*Query
	work      *work
	variables []variable
	asked     []question
	resources []naming

	// length and texts are the longest text that is compared and the most that a key has.
	length, texts int
	pass          int    // what possible costs
	nodes         []node // the children of a node come before it
	unique        map[string]int32
}

type node struct {
	variable int32 // -1: terminal
	children []int32
	leaf     Decisions
}

// question is a condition that waits for an unknown, with its values as written.
type question struct {
	*condition.Clause
	q      *Query
	values []Text
	parts  []*Part // behind the values
	facts  []int   // the slots of the parts
}

// naming is a value of Resource with a variable, in a statement that waits for an unknown.
type naming struct {
	*pattern.Pattern
	q *Query
}

// settle is the exact answer to checks that must all be allowed. The first
// denial decides, in the order of the checks.
func settle(checks []*Query, w *work) Answer {
	s := &search{checks: checks, work: w, unique: map[string]int32{}}
	for _, q := range checks {
		before := q.sets
		q.sets = slices.Clone(q.sets)
		defer func() { q.sets = before }()
		s.trim(q)
	}
	open := s.possible()
	if d, settled := open.single(); settled {
		return Answer{Decision: d, Possible: open, Exact: true}
	}
	s.ask()
	for i := range s.variables {
		if v := &s.variables[i]; v.kind == UnknownKey && !w.spent {
			v.ways = s.ways(v)
		}
	}
	a := Answer{Decision: Depends, Possible: open}
	root := int32(-1)
	if !w.spent {
		s.pass = s.cost()
		root = s.build(0)
		for i := range s.variables {
			s.forget(&s.variables[i])
		}
	}
	if a.Exact = !w.spent; !a.Exact {
		// What was not tried may lead anywhere, and may depend on anything.
		for i := range s.variables {
			a.Unknowns = append(a.Unknowns, s.unknown(&s.variables[i]))
		}
		return a
	}
	s.reach(root, &a)
	if a.Decision, _ = a.Possible.single(); a.Decision != Depends {
		a.Unknowns = nil
	}
	return a
}

// trim leaves of a check's statements those that wait for an unknown, and of
// those that match one of each kind: the others change no decision.
func (s *search) trim(q *Query) {
	for i := range q.Context {
		s.measure(q.Context[i].Values...)
	}
	s.measure(q.Resource)
	for n := range q.sets {
		set := &q.sets[n]
		var kept []*statement
		var seen [2][classes]bool
		for _, st := range set.candidates {
			switch out, k := q.match(st); {
			case out == trace.No:
				continue
			case q.better(st, k) > k: // and that may decide
			case out == trace.Yes && seen[st.source.Effect][k]:
				continue
			case out == trace.Yes:
				seen[st.source.Effect][k] = true
			}
			kept = append(kept, st)
		}
		set.candidates = kept
	}
}

func (s *search) measure(texts ...string) {
	s.texts = max(s.texts, len(texts))
	for _, text := range texts {
		s.length = max(s.length, len(text))
	}
}

// possible is the set of decisions that what is known leaves open for all checks together.
func (s *search) possible() Decisions {
	all := Decisions(0).with(Allowed)
	for _, q := range s.checks {
		if !all.Has(Allowed) {
			break
		}
		var o outcomes
		q.collect(&o, nil)
		all = all.then(q.possible(&o))
	}
	return all
}

// cost is what possible costs.
func (s *search) cost() int {
	var w weight
	for _, q := range s.checks {
		w.values += 8 + len(q.sets)
		for n := range q.sets {
			w.values += len(q.sets[n].unknown)
			for _, st := range q.sets[n].candidates {
				w.add(st.weight)
			}
		}
	}
	return w.steps(s.length, s.texts)
}

// ask finds the unknowns for which some statement waits.
func (s *search) ask() {
	world := s.checks[0].World
	facts := make([]bool, len(world.unknowns))
	parts := make([]bool, len(world.parts))
	var keys []variable
	key := func(q *Query, slot int) {
		if slot < 0 || q.bindings[slot].State != pattern.Unknown {
			return
		}
		check := -1
		if q.owns(world.keys[slot]) {
			check = q.Check
		}
		for i := range keys {
			if v := &keys[i]; v.number == slot && v.check == check {
				if v.checks[len(v.checks)-1] != q {
					v.checks = append(v.checks, q)
				}
				return
			}
		}
		keys = append(keys, variable{kind: UnknownKey, number: slot, check: check, checks: []*Query{q},
			sent: q.bindings[slot].Sent})
	}
	for _, q := range s.checks {
		if p := q.Caller.admission; p != nil {
			facts[p.unknown] = true
		}
		for _, n := range q.rules {
			if serviceRules[n].applies(q) == trace.Unknown {
				for _, slot := range world.ruleSlots {
					key(q, slot)
				}
			}
		}
		for n := range q.sets {
			set := &q.sets[n]
			for _, p := range set.unknown {
				facts[p.unknown] = facts[p.unknown] || q.assumed[p.unknown] == assumeUnknown
			}
			for _, st := range set.candidates {
				if out, k := q.match(st); out != trace.Unknown && q.better(st, k) <= k {
					continue
				}
				q.openParts(st, parts)
				for j := range st.conditions {
					c := &st.conditions[j]
					if c.Match(q.bindings) == trace.Unknown {
						s.asked = append(s.asked,
							question{c, q, st.source.Conditions[j].Values, st.source.Conditions[j].Parts,
								st.slotsOf(j)})
						key(q, c.Slot())
						for _, v := range c.Variables() {
							key(q, v.Slot)
						}
					}
				}
				for j := range st.resources {
					if list := st.resources[j].Variables(); len(list) > 0 {
						s.resources = append(s.resources, naming{&st.resources[j], q})
						for _, v := range list {
							key(q, v.Slot)
						}
					}
				}
				for _, x := range st.parts {
					if x.place == partOfResource && x.like.HasVariables() {
						s.resources = append(s.resources, naming{&x.like, q})
						for _, v := range x.like.Variables() {
							key(q, v.Slot)
						}
					}
				}
				for _, n := range st.facts {
					facts[n] = facts[n] || q.asksFor(st, n)
				}
				if st.source.NotPrincipal && !q.Caller.Described && q.Caller.Account != "" {
					facts[world.stranger(q.Caller.Account).unknown] = true
				}
			}
		}
		q.publicParts(parts)
	}
	for n, asked := range facts {
		if asked {
			f := &world.unknowns[n]
			s.variables = append(s.variables,
				variable{kind: f.kind, number: n, check: -1, checks: s.checks, ways: f.ways()})
		}
	}
	for n, asked := range parts {
		if asked {
			x := world.parts[n]
			s.variables = append(s.variables,
				variable{kind: UnknownPart, value: true, number: n, check: -1, checks: s.checks,
					ways: x.ways(s.checks[0])})
		}
	}
	stable.Sort(keys, func(a, b *variable) bool {
		return a.number < b.number || a.number == b.number && a.check < b.check
	})
	s.variables = append(s.variables, keys...)
}

func (s *search) intern(n node) int32 {
	key := make([]byte, 0, 8+4*len(n.children))
	key = append(key, byte(n.variable), byte(n.variable>>8), byte(n.variable>>16), byte(n.leaf))
	for _, c := range n.children {
		key = append(key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
	}
	if id, ok := s.unique[string(key)]; ok {
		return id
	}
	id := int32(len(s.nodes))
	s.nodes = append(s.nodes, n)
	s.unique[string(key)] = id
	return id
}

// build decides with the first v unknowns fixed and the others open.
func (s *search) build(v int) int32 {
	if !s.work.take(s.pass) {
		return -1
	}
	possible := s.possible()
	if _, settled := possible.single(); settled || v == len(s.variables) {
		return s.intern(node{variable: -1, leaf: possible})
	}
	x := &s.variables[v]
	children := make([]int32, len(x.ways))
	for i := range children {
		s.assume(x, &x.ways[i])
		if children[i] = s.build(v + 1); s.work.spent {
			return -1
		}
	}
	s.forget(x)
	if !slices.ContainsFunc(children, func(c int32) bool { return c != children[0] }) {
		return children[0]
	}
	return s.intern(node{variable: int32(v), children: children})
}

// reach fills in the decisions that the diagram reaches, the unknowns for which
// it asks, and what it reaches with each of their ways.
//
// Invariant: every node can be reached from the root, and the children of a
// node come before it.
func (s *search) reach(root int32, a *Answer) {
	below := make([]Decisions, len(s.nodes)) // what each node reaches
	// past is what is reached without asking for a variable, and by what is reached with a way of it.
	past := make([]Decisions, len(s.variables))
	by := make([][]Decisions, len(s.variables))
	at := func(n int32) int {
		if v := s.nodes[n].variable; v >= 0 {
			return int(v)
		}
		return len(s.variables)
	}
	for i := range s.nodes {
		n := &s.nodes[i]
		below[i] = n.leaf
		for w, c := range n.children {
			below[i] |= below[c]
			if by[n.variable] == nil {
				by[n.variable] = make([]Decisions, len(n.children))
			}
			by[n.variable][w] |= below[c]
			for v := int(n.variable) + 1; v < at(c); v++ {
				past[v] |= below[c]
			}
		}
	}
	for v := range at(root) {
		past[v] |= below[root]
	}
	a.Possible = below[root]
	for v := range s.variables {
		if by[v] == nil {
			continue
		}
		u := s.unknown(&s.variables[v])
		for w := range u.Ways {
			u.Ways[w].Decisions = by[v][w] | past[v]
		}
		a.Unknowns = append(a.Unknowns, u)
	}
}

// unknown is a variable as a decision reports it, its ways without their decisions.
func (s *search) unknown(v *variable) Unknown {
	world := s.checks[0].World
	u := Unknown{Kind: UnknownKey, Check: v.check}
	switch {
	case v.kind == UnknownKey:
		u.Name = v.checks[0].ContextEntry(world.keys[v.number]).Key // as the request writes it
	case v.value:
		u = world.parts[v.number].unknown()
	default:
		u = world.unknowns[v.number].unknown()
	}
	for i := range v.ways {
		u.Ways = append(u.Ways, Way{Value: v.ways[i].label, Example: v.ways[i].binding})
	}
	return u
}

func (s *search) assume(x *variable, w *way) {
	for _, q := range x.checks {
		switch {
		case x.value:
			q.bindings[q.World.parts[x.number].slot] = w.binding
		case x.kind == UnknownKey:
			q.bindings[x.number] = w.binding
		default:
			q.assumed[x.number] = w.assumed
		}
	}
}

func (s *search) forget(x *variable) {
	s.assume(x, &way{binding: pattern.Binding{State: pattern.Unknown, Sent: x.sent}, assumed: assumeUnknown})
}

// about reports whether the key has a part in the question.
func (x *question) about(slot int) bool {
	return x.Slot() == slot || asks(x.Variables(), slot)
}

// maxFacts is how many unknown values of a condition are told apart by what
// they do. With more of them every text of the key counts as different.
const maxFacts = 2

// says is what the question's condition says now, whichever of its unknown
// values match, and whether that waits for something else.
func (x *question) says() (out []byte, waits bool) {
	ways := 1
	if len(x.facts) <= maxFacts && x.Match(x.q.bindings) == trace.Unknown {
		ways = 1 << len(x.facts)
	}
	for way := range ways {
		for i, slot := range x.facts {
			if ways > 1 {
				x.q.bindings[slot].State = [...]pattern.State{pattern.Absent, pattern.Present}[way>>i&1]
			}
		}
		m := x.Match(x.q.bindings)
		out = append(out, byte(m))
		waits = waits || m == trace.Unknown
	}
	for _, slot := range x.facts {
		x.q.bindings[slot].State = pattern.Unknown
	}
	return out, waits
}

// keySearch looks for the ways of one key.
type keySearch struct {
	*search
	key       *variable
	asked     []question // about the key
	resources []naming   // likewise
	list      []pattern.Binding
	// weight is what one value of the key costs: what is asked about it.
	weight weight
}

// ways are the values that an unknown key may have and that some condition or
// variable can tell apart. Values between which none can tell are joined.
func (s *search) ways(v *variable) []way {
	x := &keySearch{search: s, key: v}
	for _, a := range s.asked {
		if slices.Contains(v.checks, a.q) && a.about(v.number) {
			x.asked = append(x.asked, a)
			for range 1 << min(len(a.facts), maxFacts) {
				x.weight.add(clauseWeight(a.Clause))
			}
		}
	}
	for _, r := range s.resources {
		if slices.Contains(v.checks, r.q) && asks(r.Variables(), v.number) {
			x.resources = append(x.resources, r)
			x.weight.pattern(r.Pattern)
		}
	}
	x.candidates()
	x.meetings()
	x.joint()
	return x.distinct()
}

// ruleKey is what rules of services make of the key; nil when none asks for it.
func (x *keySearch) ruleKey() *ruleKey { return x.checks[0].World.ruleKey(x.key.number) }

func (x *keySearch) add(b pattern.Binding) {
	if b.State == pattern.Absent && x.key.sent {
		return
	}
	x.list = append(x.list, b)
	x.measure(b.Texts...)
}

func (x *keySearch) single(text string) {
	x.add(pattern.Binding{State: pattern.Present, Texts: []string{text}})
}

// candidates are the values that each question gives by itself, and absence.
func (x *keySearch) candidates() {
	x.add(pattern.Binding{})
	if k := x.ruleKey(); k != nil {
		for _, text := range k.values {
			x.single(text)
		}
	}
	for _, a := range x.asked {
		// Finding a value that matches none of the policy's looks at each several times.
		w := clauseWeight(a.Clause)
		w.values *= 16
		if !x.work.take(w.steps(x.length, x.texts)) {
			return
		}
		a.Candidates(x.key.number, a.q.bindings, x.add)
	}
	for _, r := range x.resources {
		if !x.work.take(weight{values: 64, bytes: len(r.Text())}.steps(x.length, 1)) {
			return
		}
		r.Solve(x.key.number, r.q.Resource, r.q.bindings, x.single)
		x.single("some-other-value")
	}
}

// meetings are texts of the key that only two conditions together give, such
// as "ab" for "a*" and "*b". Each condition by itself gives no such text.
func (x *keySearch) meetings() {
	var about []question
	var written []string
	for _, a := range x.asked {
		if a.Slot() == x.key.number {
			about = append(about, a)
			for _, v := range a.values {
				written = append(written, v.Value)
			}
		}
	}
	free := pattern.Unused('x', written)
	for _, a := range about {
		for _, b := range about {
			if !x.work.take(1) {
				return
			}
			a.Meetings(b.Clause, a.q.bindings, free, x.work.take, x.single)
		}
	}
}

// joint are sets of several of the listed texts: two conditions on one
// multivalued key may each want a value of their own. Texts between which no
// condition can tell count once.
func (x *keySearch) joint() {
	if !slices.ContainsFunc(x.asked,
		func(a question) bool { return a.Slot() == x.key.number && a.Spec().Set != condition.NoSet }) {
		return
	}
	var texts []string
	seen := map[string]bool{}
	if !x.work.take(times(len(x.list), x.weight.steps(x.length, x.texts))) {
		return
	}
	for _, b := range x.list {
		for _, text := range b.Texts {
			signature := x.signature(pattern.Binding{State: pattern.Present, Multi: true, Texts: []string{text}})
			if !seen[signature] {
				seen[signature] = true
				texts = append(texts, text)
			}
		}
	}
	// Each set is matched once more than it is made.
	if len(texts) > 30 || !x.work.take(times(1<<len(texts), x.weight.steps(x.length, len(texts)))) {
		x.work.spent = true
		return
	}
	for subset := range 1 << len(texts) {
		var some []string
		for i := range texts {
			if subset>>i&1 == 1 {
				some = append(some, texts[i])
			}
		}
		if len(some) > 1 {
			x.add(pattern.Binding{State: pattern.Present, Multi: true, Texts: some})
		}
	}
}

// signature is what tells a value of the key from others: what everything that
// is asked about it says, and the value itself as long as something of that
// waits for another unknown.
func (x *keySearch) signature(b pattern.Binding) string {
	v := &way{binding: b}
	x.assume(x.key, v)
	signature := make([]byte, 0, len(x.asked)+len(x.resources))
	open := false
	for i := range x.asked {
		says, waits := x.asked[i].says()
		signature = append(signature, says...)
		open = open || waits
	}
	for _, r := range x.resources {
		m := r.Match(r.q.Resource, r.q.bindings)
		signature = append(signature, byte(m))
		open = open || m == trace.Unknown
	}
	if k := x.ruleKey(); k != nil {
		signature = append(signature, byte(trace.Of(b.State == pattern.Present && k.tells(b.Texts))))
	}
	if open {
		for _, text := range b.Texts {
			signature = append(signature, 0xff)
			signature = append(signature, text...)
		}
	}
	x.forget(x.key)
	return string(signature)
}

// distinct joins values between which nothing can tell.
func (x *keySearch) distinct() []way {
	// A value is matched for its signature and for its label.
	if x.work.spent || !x.work.take(times(2*len(x.list), x.weight.steps(x.length, x.texts))) {
		return nil
	}
	var out []way
	signatures := map[string]int{}
	for _, b := range x.list {
		signature, label := x.signature(b), "absent"
		if b.State == pattern.Present {
			label = x.label(b)
		}
		if at, ok := signatures[signature]; ok {
			out[at].label = joinLabels(out[at].label, label)
			continue
		}
		signatures[signature] = len(out)
		out = append(out, way{label: label, binding: b})
	}
	// "Anything else" is the rest, and there is one rest: what several ways
	// would be called is called by its example.
	called := make(map[string]int, len(out))
	for i := range out {
		called[out[i].label]++
	}
	for i := range out {
		if called[out[i].label] > 1 && len(out[i].binding.Texts) > 0 {
			out[i].label = ShownValues(out[i].binding.Texts, out[i].binding.Multi)
		}
	}
	return out
}

// ShownValues are the values of a key as people see them: a list in brackets.
func ShownValues(texts []string, multi bool) string {
	shown := make([]string, len(texts))
	for i, text := range texts {
		shown[i] = ShownValue(text)
	}
	if multi || len(texts) != 1 {
		return "[" + strings.Join(shown, ", ") + "]"
	}
	return shown[0]
}

// ShownValue is a value as people see it: one that is empty, or all white space, in quotes.
func ShownValue(text string) string {
	if strings.Trim(text, " \t\r\n") == "" {
		return quote(text)
	}
	return text
}

const anythingElse = "anything else"

// joinLabels joins the labels of ways that make no difference; "anything else"
// stands for the rest and swallows all but "absent".
func joinLabels(a, b string) string {
	parts := strings.Split(a, " or ")
	switch {
	case slices.Contains(parts, b), strings.HasPrefix(b, "[") && slices.ContainsFunc(parts, oneValue):
		return a // a list with the value says no more than the value
	case b == anythingElse && parts[0] == "absent":
		return "absent or " + anythingElse
	case b == anythingElse:
		return anythingElse
	case slices.Contains(parts, anythingElse) || len(parts) > 3:
		return a
	}
	return a + " or " + b
}

// oneValue reports whether a label stands for one value.
func oneValue(label string) bool {
	return label != "absent" && label != "an empty list" && !strings.HasPrefix(label, "[")
}

// label names a value by what it stands for: the policy's value that it
// matches, as written there.
func (x *keySearch) label(b pattern.Binding) string {
	if b.Multi {
		if len(b.Texts) == 0 {
			return "an empty list"
		}
		labels := make([]string, len(b.Texts))
		for i, text := range b.Texts {
			labels[i] = x.label(pattern.Binding{State: pattern.Present, Texts: []string{text}})
		}
		return "[" + strings.Join(labels, ", ") + "]"
	}
	if k := x.ruleKey(); k != nil && k.called != "" && len(x.asked) == 0 && len(x.resources) == 0 && k.tells(b.Texts) {
		return k.called
	}
	x.assume(x.key, &way{binding: b})
	defer x.forget(x.key)
	// A value that makes a resource match is the one that a policy's variable needs.
	literal := false
	for _, r := range x.resources {
		literal = literal || r.Match(r.q.Resource, r.q.bindings) != trace.No
	}
	var matched, fits []string
	for _, a := range x.asked {
		switch a.Spec().Operator.Type {
		case condition.Null:
			continue
		case condition.Bool, condition.Numeric, condition.Date:
			literal = true
			continue
		}
		if a.Slot() != x.key.number {
			literal = true
			continue
		}
		a.Matched(b.Texts[0], a.q.bindings, func(i int) {
			if i >= len(a.values) {
				if like := a.parts[i-len(a.values)].Like; like.At != nil {
					fits = append(fits, "like "+like.Value)
				}
			} else if !slices.Contains(matched, a.values[i].Value) {
				matched = append(matched, a.values[i].Value)
			}
		})
	}
	if literal || slices.Contains(matched, b.Texts[0]) {
		return ShownValue(b.Texts[0])
	}
	if len(matched) > 0 {
		return strings.Join(matched, " and ")
	}
	if len(fits) > 0 {
		return strings.Join(fits, " and ")
	}
	return anythingElse
}
