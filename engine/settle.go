package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// UnknownKind is what kind of fact is unknown.
type UnknownKind uint8

const (
	UnknownKey UnknownKind = iota
	UnknownPolicy
	UnknownAccount
)

// String is "key", "policy" or "account".
func (k UnknownKind) String() string { return [...]string{"key", "policy", "account"}[k] }

// Unknown is an unknown fact on which the decision depends.
type Unknown struct {
	Kind UnknownKind
	Name string
	// Policy is the policy whose text is unknown; nil for keys and accounts.
	Policy *Policy
	Ways   []Way
}

// Way is one way an unknown fact may turn out, and the decisions that are then
// possible.
type Way struct {
	Value     string
	Decisions Decisions
	// Example is, for a key, one binding of those that Value stands for.
	Example pattern.Binding
}

// settlement is the exact answer to a query with unknowns.
type settlement struct {
	decisions Decisions
	unknowns  []Unknown // those that matter
	// exact is false when there were too many assignments to try them all.
	exact bool
}

// maxAssignments bounds the work on one query: enough for twelve unknowns that
// matter, each with two or three ways to turn out.
const maxAssignments = 1 << 19

// variable is an unknown with the ways it may turn out.
type variable struct {
	slot   int // of a key; -1 for a policy
	policy *policy
	ways   []way
}

type way struct {
	label   string
	rest    bool // another way would be called the same
	binding pattern.Binding
	assumed assumption
}

// settle tries every way the unknowns may turn out. It builds the reduced
// decision diagram of the query: an unknown matters exactly when the diagram
// asks for it.
func (q *Query) settle() settlement {
	variables, complete := q.variables()
	d := &diagram{q: q, variables: variables, unique: map[string]int32{}, exact: true}
	root := d.build(0)
	d.q.release(d.variables)
	s := settlement{decisions: d.reach(root, -1, 0), exact: d.exact && complete}
	if !complete {
		// A way may be missing among those that were tried: what matching by
		// itself leaves open stays open.
		var o outcomes
		q.collect(&o, nil)
		s.decisions |= q.possible(&o)
	}
	for v := range d.variables {
		if !s.exact || d.asks(root, v) {
			s.unknowns = append(s.unknowns, d.unknown(root, v))
		}
	}
	return s
}

// diagram is a reduced ordered decision diagram. The first nodes are the
// terminals, one for each set of decisions.
type diagram struct {
	q         *Query
	variables []variable
	nodes     []node
	unique    map[string]int32
	tried     int
	exact     bool
}

type node struct {
	variable int32 // -1: terminal
	children []int32
	leaf     Decisions
}

func (d *diagram) intern(n node) int32 {
	key := make([]byte, 0, 8+4*len(n.children))
	key = append(key, byte(n.variable), byte(n.variable>>8), byte(n.variable>>16), byte(n.leaf))
	for _, c := range n.children {
		key = append(key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
	}
	if id, ok := d.unique[string(key)]; ok {
		return id
	}
	id := int32(len(d.nodes))
	d.nodes = append(d.nodes, n)
	d.unique[string(key)] = id
	return id
}

// build decides with the first v unknowns fixed and the others open.
func (d *diagram) build(v int) int32 {
	var o outcomes
	d.q.collect(&o, nil)
	possible := d.q.possible(&o)
	d.tried++
	if d.tried > maxAssignments {
		d.exact = false
	}
	if _, settled := possible.single(); settled || v == len(d.variables) || !d.exact {
		return d.intern(node{variable: -1, leaf: possible})
	}
	children := make([]int32, len(d.variables[v].ways))
	for i := range children {
		d.q.assume(&d.variables[v], &d.variables[v].ways[i])
		children[i] = d.build(v + 1)
	}
	d.q.forget(&d.variables[v])
	if !slices.ContainsFunc(children, func(c int32) bool { return c != children[0] }) {
		return children[0]
	}
	return d.intern(node{variable: int32(v), children: children})
}

// reach is the set of decisions reachable when variable v turns out way w; all
// of them with v < 0.
func (d *diagram) reach(root int32, v, w int) Decisions {
	seen := make(map[int32]bool)
	var out Decisions
	var walk func(id int32)
	walk = func(id int32) {
		if seen[id] {
			return
		}
		seen[id] = true
		n := &d.nodes[id]
		switch {
		case n.variable < 0:
			out |= n.leaf
		case int(n.variable) == v:
			walk(n.children[w])
		default:
			for _, c := range n.children {
				walk(c)
			}
		}
	}
	walk(root)
	return out
}

// asks reports whether the diagram has a node for variable v.
func (d *diagram) asks(root int32, v int) bool {
	for i := range d.nodes {
		if int(d.nodes[i].variable) == v && d.reachable(root, int32(i)) {
			return true
		}
	}
	return false
}

func (d *diagram) reachable(root, target int32) bool {
	seen := make(map[int32]bool)
	var walk func(id int32) bool
	walk = func(id int32) bool {
		if id == target {
			return true
		}
		if seen[id] {
			return false
		}
		seen[id] = true
		return slices.ContainsFunc(d.nodes[id].children, walk)
	}
	return walk(root)
}

func (d *diagram) unknown(root int32, v int) Unknown {
	x := &d.variables[v]
	u := Unknown{}
	switch {
	case x.slot >= 0:
		u.Kind, u.Name = UnknownKey, d.q.ContextEntry(d.q.World.keys[x.slot]).Key // as the request writes it
	case x.policy.source.At == nil:
		u.Kind, u.Name = UnknownAccount, x.policy.stranger
	default:
		u.Kind, u.Name, u.Policy = UnknownPolicy, x.policy.source.Name, x.policy.source
	}
	for i := range x.ways {
		u.Ways = append(u.Ways, Way{x.ways[i].label, d.reach(root, v, i), x.ways[i].binding})
	}
	return u
}

func (q *Query) assume(x *variable, w *way) {
	if x.slot >= 0 {
		q.bindings[x.slot] = w.binding
		return
	}
	q.assumed[x.policy.unknown] = w.assumed
}

func (q *Query) forget(x *variable) {
	if x.slot >= 0 {
		q.bindings[x.slot] = pattern.Binding{State: pattern.Unknown}
		return
	}
	q.assumed[x.policy.unknown] = assumeUnknown
}

func (q *Query) release(list []variable) {
	for i := range list {
		q.forget(&list[i])
	}
}

// variables are the unknowns that some open statement asks for, with the ways
// that make a difference to it. Ways between which no condition can tell are
// joined.
func (q *Query) variables() (out []variable, complete bool) {
	var rec trace.Recorder
	var o outcomes
	q.collect(&o, &rec)
	policies := map[*policy]bool{}
	slots := map[int]bool{}
	var asked []question
	var resources []*pattern.Pattern
	for i := range rec.Steps {
		step := &rec.Steps[i]
		if step.Outcome != trace.Unknown {
			continue
		}
		switch step.Kind {
		case trace.Policy:
			policies[q.World.unknowns[step.Subject]] = true
		case trace.Statement:
			s := q.World.statements[step.Subject]
			for j := range s.conditions {
				c := &s.conditions[j]
				if c.Match(q.bindings) == trace.Unknown {
					asked = append(asked, question{c, s.source.Conditions[j].Values})
					slots[c.Slot()] = true
					for _, v := range c.Variables() {
						slots[v.Slot] = true
					}
				}
			}
			for j := range s.resources {
				resources = append(resources, &s.resources[j])
				for _, v := range s.resources[j].Variables() {
					slots[v.Slot] = true
				}
			}
			if s.source.NotPrincipal && !q.Caller.Described && q.Caller.Account != "" {
				policies[q.World.stranger(q.Caller.Account)] = true
			}
		}
	}
	for _, p := range q.World.unknowns {
		if policies[p] {
			out = append(out, variable{slot: -1, policy: p, ways: []way{
				{label: "allows this", assumed: assumeAllow}, {label: "says nothing", assumed: assumeSilent}, {label: "denies this", assumed: assumeDeny}}})
		}
	}
	complete = true
	for slot := range q.bindings {
		if slots[slot] && q.bindings[slot].State == pattern.Unknown {
			ways, all := q.ways(slot, asked, resources)
			complete = complete && all
			out = append(out, variable{slot: slot, ways: ways})
		}
	}
	return out, complete
}

// question is a condition that waits for an unknown, with its values as written.
type question struct {
	*condition.Clause
	values []Text
}

// about reports whether the key of a slot has a part in the question.
func (x *question) about(slot int) bool {
	return x.Slot() == slot || slices.ContainsFunc(x.Variables(), func(v pattern.Variable) bool { return v.Slot == slot })
}

// ways are the values an unknown key may have that some condition or variable
// can tell apart. complete is false when there were too many to find them all.
func (q *Query) ways(slot int, asked []question, resources []*pattern.Pattern) (out []way, complete bool) {
	list := []way{{label: "absent"}}
	add := func(b pattern.Binding) {
		list = append(list, way{label: q.wayLabel(b, slot, asked, resources), binding: b})
	}
	for _, x := range asked {
		x.Candidates(slot, q.bindings, add)
	}
	single := func(text string) { add(pattern.Binding{State: pattern.Present, Texts: []string{text}}) }
	texts, complete := q.meetings(slot, asked)
	for _, text := range texts {
		single(text)
	}
	for _, r := range resources {
		if slices.ContainsFunc(r.Variables(), func(v pattern.Variable) bool { return v.Slot == slot }) {
			r.Solve(slot, q.Resource, q.bindings, single)
			single("some-other-value")
		}
	}
	if slices.ContainsFunc(asked, func(x question) bool { return x.Slot() == slot && x.Spec().Set != condition.NoSet }) {
		sets, all := q.joint(slot, list, asked)
		complete = complete && all
		for _, texts := range sets {
			add(pattern.Binding{State: pattern.Present, Multi: true, Texts: texts})
		}
	}
	return q.distinct(slot, list, asked, resources), complete
}

// maxJoint bounds the texts whose sets are all tried; of more only the pairs
// and the set of all are.
const maxJoint = 8

// joint are sets of several of the listed texts: two conditions on one
// multivalued key may each want a value of their own. Texts between which no
// condition can tell count once.
func (q *Query) joint(slot int, list []way, asked []question) (out [][]string, complete bool) {
	var texts []string
	seen := map[string]bool{}
	before := q.bindings[slot]
	for i := range list {
		for _, text := range list[i].binding.Texts {
			q.bindings[slot] = pattern.Binding{State: pattern.Present, Multi: true, Texts: []string{text}}
			var signature []byte
			for _, x := range asked {
				m := x.Match(q.bindings)
				signature = append(signature, byte(m))
				if m == trace.Unknown && x.about(slot) {
					signature = append(signature, text...)
				}
			}
			if !seen[string(signature)] {
				seen[string(signature)] = true
				texts = append(texts, text)
			}
		}
	}
	q.bindings[slot] = before
	if len(texts) > maxJoint {
		for i := range texts {
			for j := range i {
				out = append(out, []string{texts[j], texts[i]})
			}
		}
		return append(out, texts), false
	}
	for subset := range 1 << len(texts) {
		var some []string
		for i := range texts {
			if subset>>i&1 == 1 {
				some = append(some, texts[i])
			}
		}
		if len(some) > 1 {
			out = append(out, some)
		}
	}
	return out, true
}

// meetings are texts of the key that only two conditions together give, such
// as "ab" for "a*" and "*b". Each condition by itself gives no such text.
func (q *Query) meetings(slot int, asked []question) (out []string, complete bool) {
	const most = 8 // the pairs grow with the square
	complete = true
	var about []question
	written := ""
	for _, x := range asked {
		if x.Slot() != slot {
			continue
		}
		if len(about) == most {
			complete = false
			break
		}
		about = append(about, x)
		for _, v := range x.values {
			written += v.Value
		}
	}
	free := 'x' // then a character that no value has
	for strings.ContainsRune(written, free) {
		free++
	}
	add := func(text string) { out = append(out, text) }
	for _, a := range about {
		for _, b := range about {
			complete = a.Meetings(b.Clause, q.bindings, free, add) && complete
		}
	}
	return out, complete
}

// distinct joins ways between which no question and no pattern can tell. Two
// ways differ as long as one of them still waits for another unknown.
func (q *Query) distinct(slot int, list []way, asked []question, resources []*pattern.Pattern) []way {
	var out []way
	signatures := map[string]int{}
	before := q.bindings[slot]
	for i := range list {
		q.bindings[slot] = list[i].binding
		signature := make([]byte, 0, len(asked)+len(resources))
		open := false
		for _, x := range asked {
			m := x.Match(q.bindings)
			signature = append(signature, byte(m))
			open = open || m == trace.Unknown && x.about(slot)
		}
		for _, r := range resources {
			m := r.Match(q.Resource, q.bindings)
			signature = append(signature, byte(m))
			open = open || m == trace.Unknown
		}
		if open {
			for _, text := range list[i].binding.Texts {
				signature = append(signature, 0xff)
				signature = append(signature, text...)
			}
		}
		if at, ok := signatures[string(signature)]; ok {
			out[at].label = joinLabels(out[at].label, list[i].label)
			continue
		}
		signatures[string(signature)] = len(out)
		out = append(out, list[i])
	}
	q.bindings[slot] = before
	// "Anything else" is the rest, and there is one rest: what several ways
	// would be called so is called by its example.
	for i := range out {
		for j := range out {
			if i != j && out[i].label == out[j].label && len(out[i].binding.Texts) > 0 {
				out[i].rest = true
			}
		}
	}
	for i := range out {
		if out[i].rest {
			out[i].label = exampleLabel(out[i].binding)
		}
	}
	return out
}

// exampleLabel names a way by the value that was tried.
func exampleLabel(b pattern.Binding) string {
	texts := make([]string, len(b.Texts))
	for i, text := range b.Texts {
		texts[i] = shownValue(text)
	}
	if b.Multi {
		return "[" + strings.Join(texts, ", ") + "]"
	}
	return texts[0]
}

// shownValue is a value as people see it: an empty one in quotes.
func shownValue(text string) string {
	if strings.TrimSpace(text) == "" {
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

// wayLabel names a value by what it stands for: the policy's value that it
// matches, as written there.
func (q *Query) wayLabel(b pattern.Binding, slot int, asked []question, resources []*pattern.Pattern) string {
	if b.Multi {
		if len(b.Texts) == 0 {
			return "an empty list"
		}
		labels := make([]string, len(b.Texts))
		for i, text := range b.Texts {
			labels[i] = q.wayLabel(pattern.Binding{State: pattern.Present, Texts: []string{text}}, slot, asked, resources)
		}
		return "[" + strings.Join(labels, ", ") + "]"
	}
	before := q.bindings[slot]
	q.bindings[slot] = b
	defer func() { q.bindings[slot] = before }()
	// A value that makes a resource match is the one that a policy's variable needs.
	literal := slices.ContainsFunc(resources, func(r *pattern.Pattern) bool {
		return asks(r.Variables(), slot) && r.Match(q.Resource, q.bindings) != trace.No
	})
	var matched []string
	for _, x := range asked {
		if !x.about(slot) {
			continue
		}
		switch x.Spec().Operator.Type {
		case condition.Null:
			continue
		case condition.Bool, condition.Numeric, condition.Date:
			literal = true
			continue
		}
		if x.Slot() != slot {
			literal = true
			continue
		}
		for _, c := range x.Detail(q.bindings).Comparisons {
			if c.Outcome == trace.Yes && c.Value < len(x.values) && !slices.Contains(matched, x.values[c.Value].Value) {
				matched = append(matched, x.values[c.Value].Value)
			}
		}
	}
	if literal || slices.Contains(matched, b.Texts[0]) {
		return shownValue(b.Texts[0])
	}
	if len(matched) > 0 {
		return strings.Join(matched, " and ")
	}
	return anythingElse
}
