package engine

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Set is a set of policies that are evaluated together.
type Set struct {
	Layer    Layer
	Level    int
	Name     string
	Policies []Attachment
}

// Attachment is a policy where it is attached.
type Attachment struct {
	Policy *Policy
	Via    string
	// Account is the ID of the undescribed account that the policy stands for; "" otherwise.
	Account string
	// Unknown is the number that steps of kind Policy have; -1 for a known policy.
	Unknown int
}

// shown is what was made of a query for people, and is asked for again.
type shown struct {
	sets        []Set
	elements    map[int32][]Element
	room        slab[Element]
	comparisons slab[Comparison]
}

// Sets are the sets of policies that apply to the query, by number.
func (q *Query) Sets() []Set {
	if q.shown.sets != nil {
		return q.shown.sets
	}
	out := make([]Set, len(q.sets))
	var room slab[Attachment]
	for i := range q.sets {
		s := &q.sets[i]
		out[i] = Set{s.layer, s.level, s.name, room.take(len(s.policies))}
		for j := range s.policies {
			a := &s.policies[j]
			out[i].Policies[j] = Attachment{a.policy.source, a.via, a.policy.stranger, a.policy.unknown}
		}
	}
	q.shown.sets = out
	return out
}

// Statement is the statement of a number, with its policy.
func (w *World) Statement(number int32) (*Statement, *Policy) {
	s := w.statements[number]
	return s.source, s.policy.source
}

// Element is one element of a statement next to the request.
type Element struct {
	// Name is the element as the policy has it: "Action", "NotAction", ….
	Name    string
	At      *jsonpos.Value
	Outcome trace.Outcome
	Reason  trace.Reason
	// Operator and Key are set for conditions.
	Operator, Key string
	// Values is how many values the policy lists.
	Values      int
	Comparisons []Comparison
}

// Comparison is one value of the policy next to the request's.
type Comparison struct {
	At      *jsonpos.Value
	Outcome trace.Outcome
	// Pattern is the value as written; Resolved has variables replaced.
	Pattern, Resolved string
	// Missing is a variable without a value, or "".
	Missing string
	Value   string
	// PatternAt and ValueAt are where Resolved and Value first differ, in bytes; -1 when they do not or are not compared as text.
	PatternAt, ValueAt int
	// Invalid is "policy" or "request" when that side is not of the operator's type.
	Invalid string
	// Part is the unknown part that stands in place of a value; nil for a value.
	Part *Part
}

// Elements compares each element of a statement with the request. It is for
// people and allocates; the outcomes are those of the recorded steps. It is done
// once for each statement; nobody should write to what is returned.
func (q *Query) Elements(number int32) []Element {
	if out, ok := q.shown.elements[number]; ok {
		return out
	}
	s := q.World.statements[number]
	out := q.shown.room.take(3 + len(s.conditions))[:0]
	if s.source.Principal != nil {
		out = append(out, q.principalElement(s))
	}
	out = append(out, q.actionElement(s))
	if s.source.ResourceAt != nil {
		out = append(out, q.resourceElement(s))
	}
	for i := range s.conditions {
		out = append(out, q.conditionElement(s, i))
	}
	if q.shown.elements == nil {
		q.shown.elements = make(map[int32][]Element, min(q.recorded(), smallSet))
	}
	q.shown.elements[number] = out
	return out
}

func (q *Query) principalElement(s *statement) Element {
	outcome, k := q.principals(s)
	e := Element{Name: "Principal", At: s.source.Principal.At, Outcome: outcome, Values: len(s.principals)}
	if s.source.NotPrincipal {
		e.Name = "NotPrincipal"
	}
	chain := q.Caller.Identifiers()
	if len(chain) == 0 {
		chain = []string{q.Caller.ARN}
	}
	for i := range s.principals {
		p := &s.principals[i]
		named, ok := p.names(&q.Caller)
		c := Comparison{At: p.source.At, Pattern: p.source.Value, Resolved: p.source.Value, Outcome: trace.Of(ok), Value: chain[0], PatternAt: -1, ValueAt: -1}
		switch {
		case ok && named == classAccount:
			c.Value = chain[len(chain)-1]
		case ok && named == classRole, ok && named == classFederating:
			c.Value = chain[1]
		}
		e.Comparisons = append(e.Comparisons, c)
	}
	open := q.compareParts(&e, s, partOfPrincipal, chain[0])
	switch {
	case outcome == trace.Unknown && open:
		e.Reason = trace.PartUnknown
	case s.source.NotPrincipal && outcome == trace.Unknown:
		e.Reason = trace.NotPrincipalUnclear
	case s.source.NotPrincipal && outcome == trace.Yes && q.Caller.identity != nil && q.Caller.identity.boundary != nil:
		e.Reason = trace.NotPrincipalBoundary
	case s.source.NotPrincipal && outcome == trace.Yes:
		e.Reason = trace.NotPrincipalChain
	case s.source.NotPrincipal:
		e.Reason = trace.NotPrincipalListed
	case outcome == trace.No:
		e.Reason = trace.PrincipalNotNamed
	case k == classAccount && q.Caller.Kind != RootCaller && s.source.Effect == Allow:
		e.Reason = trace.PrincipalAccount
	case k == classEveryone:
		e.Reason = trace.PrincipalEveryone
	default:
		e.Reason = trace.PrincipalNamed
	}
	return e
}

// comparePart is the comparison of an unknown part with what the request has.
func comparePart(p *Part, outcome trace.Outcome, value string) Comparison {
	return Comparison{At: p.At, Outcome: outcome, Pattern: p.String(), Resolved: p.String(), Value: value,
		PatternAt: -1, ValueAt: -1, Part: p}
}

// compareParts adds the comparisons of the unknown values of an element, and
// reports whether one of them is open.
func (q *Query) compareParts(e *Element, s *statement, place partPlace, shown string) (open bool) {
	for _, x := range s.parts {
		if x.place == place {
			out := q.partSays(x)
			open = open || out == trace.Unknown
			e.Values++
			e.Comparisons = append(e.Comparisons, comparePart(x.source, out, shown))
		}
	}
	return open
}

// compare is the comparisons of a list of patterns with one text.
func (q *Query) compare(texts []Text, patterns []pattern.Pattern, value, shown string, bindings []pattern.Binding) []Comparison {
	out := q.shown.comparisons.take(len(patterns))
	for i := range patterns {
		c := &out[i]
		c.At, c.Pattern, c.Value, c.Outcome = texts[i].At, texts[i].Value, shown, patterns[i].Match(value, bindings)
		c.Resolved, c.Missing = patterns[i].Resolve(bindings)
		c.PatternAt, c.ValueAt = patterns[i].Diff(value, bindings)
	}
	return out
}

func (q *Query) actionElement(s *statement) Element {
	e := Element{Name: "Action", At: s.source.ActionAt, Outcome: q.matchAction(s), Values: len(s.actions)}
	e.Comparisons = q.compare(s.source.Actions, s.actions, q.action, q.Action, nil)
	for i := range e.Comparisons {
		e.Comparisons[i].Resolved = e.Comparisons[i].Pattern // only the comparison is in lower case
	}
	q.compareParts(&e, s, partOfAction, q.Action)
	if e.Outcome == trace.Unknown {
		e.Reason = trace.PartUnknown
		if s.source.NotAction {
			e.Name = "NotAction"
		}
		return e
	}
	if s.source.NotAction {
		e.Name, e.Reason = "NotAction", trace.NotActionListed
		if e.Outcome == trace.Yes {
			e.Reason = trace.NotActionNotListed
		}
		return e
	}
	e.Reason = trace.ActionNoMatch
	if e.Outcome == trace.Yes {
		e.Reason = trace.ActionMatch
	}
	return e
}

func (q *Query) resourceElement(s *statement) Element {
	e := Element{Name: "Resource", At: s.source.ResourceAt, Outcome: q.matchResource(s), Values: len(s.resources)}
	e.Comparisons = q.compare(s.source.Resources, s.resources, q.Resource, q.Resource, q.bindings)
	open := q.compareParts(&e, s, partOfResource, q.Resource)
	if s.source.NotResource {
		e.Name, e.Reason = "NotResource", trace.NotResourceListed
		if e.Outcome == trace.Unknown && open {
			e.Reason = trace.PartUnknown
		}
		if e.Outcome == trace.Yes {
			e.Reason = trace.NotResourceNotListed
		}
		return e
	}
	switch {
	case e.Outcome == trace.Yes:
		e.Reason = trace.ResourceMatch
	case e.Outcome == trace.Unknown && open:
		e.Reason = trace.PartUnknown
	case e.Outcome == trace.Unknown:
		e.Reason = trace.VariableUnknown
	case q.Resource == "*":
		e.Reason = trace.ResourceNeedsStar
	case allMissing(e.Comparisons):
		e.Reason = trace.VariableUnset
	default:
		e.Reason = trace.ResourceNoMatch
	}
	return e
}

func allMissing(list []Comparison) bool {
	for i := range list {
		if list[i].Missing == "" {
			return false
		}
	}
	return len(list) > 0
}

func (q *Query) conditionElement(s *statement, i int) Element {
	source := &s.source.Conditions[i]
	clause := &s.conditions[i]
	d := clause.Detail(q.bindings)
	e := Element{Name: "Condition", At: source.At, Outcome: d.Outcome, Reason: trace.Reason(d.Reason),
		Operator: source.Spec.String(), Key: source.Key, Values: len(source.Values) + len(source.Parts)}
	e.Comparisons = q.shown.comparisons.take(len(d.Comparisons))[:0]
	for i := range d.Comparisons {
		c := &d.Comparisons[i]
		if n := c.Value - len(source.Values); n >= 0 && n < len(source.Parts) {
			found := comparePart(source.Parts[n], c.Outcome, c.Request)
			found.Invalid = c.Invalid
			e.Comparisons = append(e.Comparisons, found)
			continue
		}
		if c.Value < 0 || c.Value >= len(source.Values) {
			continue
		}
		v := source.Values[c.Value]
		e.Comparisons = append(e.Comparisons, Comparison{At: v.At, Outcome: c.Outcome, Pattern: v.Value, Resolved: c.Resolved, Missing: c.Missing,
			Value: c.Request, PatternAt: c.PolicyAt, ValueAt: c.RequestAt, Invalid: c.Invalid})
	}
	return e
}

// ContextEntry is the entry of a key; an absent one when the request does not have it.
func (q *Query) ContextEntry(key string) *ContextEntry {
	for i := range q.Context {
		e := &q.Context[i]
		if strings.EqualFold(e.Key, key) {
			return e
		}
	}
	return &ContextEntry{Key: key}
}

// AbsentKey is a key that some condition or variable asked for and the request
// does not have.
type AbsentKey struct {
	Key string
	// Matters says that some value of the key would change the decision.
	Matters bool
	// Ways are values with which the decision would be another.
	Ways []Way
	// Untried says that the budget of steps was spent before it was known whether the key matters.
	Untried bool
	// Statements are the numbers of the statements that ask for it.
	Statements []int32
	// speaks says that one of them speaks of the request's action and caller.
	speaks bool
}

// AbsentKeys are the keys on whose absence the answer may rest, in the order
// in which the policies ask for them, as the first policy that does writes them.
func (e *Evaluation) AbsentKeys() []AbsentKey {
	q := e.Query
	var out []AbsentKey
	at := map[int]int{} // slot → index in out
	note := func(slot int, key string, number int32, speaks bool) {
		if slot < 0 || slot >= len(q.bindings) || q.bindings[slot].State != pattern.Absent {
			return
		}
		i, ok := at[slot]
		if !ok {
			i = len(out)
			at[slot] = i
			out = append(out, AbsentKey{Key: key})
		}
		out[i].speaks = out[i].speaks || speaks
		if n := len(out[i].Statements); n == 0 || out[i].Statements[n-1] != number {
			out[i].Statements = append(out[i].Statements, number)
		}
	}
	for _, step := range e.Steps {
		if step.Kind != trace.Statement {
			continue
		}
		s := q.World.statements[step.Subject]
		speaks := step.Action != trace.No && step.Principal != trace.No
		for i := range s.conditions {
			note(s.conditions[i].Slot(), s.source.Conditions[i].Key, step.Subject, speaks)
			for _, v := range s.conditions[i].Variables() {
				note(v.Slot, v.Key, step.Subject, speaks)
			}
		}
		for i := range s.resources {
			for _, v := range s.resources[i].Variables() {
				note(v.Slot, v.Key, step.Subject, speaks)
			}
		}
	}
	left := *e.work
	for i := range out {
		e.restsOn(&out[i], &left)
	}
	return out
}

// restsOn finds values of an absent key with which the decision would be
// another. Each was tried in a request that has it, for more may follow from a
// value than what conditions say of it.
func (e *Evaluation) restsOn(a *AbsentKey, left *work) {
	q := e.Query
	slot := q.World.slot(a.Key)
	if q.makesOtherCredentials(a.Key) {
		a.Matters = true
		return
	}
	if a.Untried = !left.take(q.cost); a.Untried {
		return
	}
	if !a.speaks && len(q.rules) == 0 {
		return // whatever its value, no statement that asks for it matches
	}
	q.bindings[slot] = pattern.Binding{State: pattern.Unknown}
	other := settle([]*Query{q}, left)
	q.bindings[slot] = pattern.Binding{}
	if a.Untried = !other.Exact; a.Untried {
		return
	}
	ways := q.ruledBy(a.Key)
	for i := range other.Unknowns {
		if u := &other.Unknowns[i]; u.Kind == UnknownKey && strings.EqualFold(u.Name, a.Key) {
			ways = append(u.Ways, ways...)
		}
	}
	var same []string // values with which it stays as it is
	seen := map[string]bool{}
	rest := -1
	for i := range ways {
		w := ways[i]
		if w.Example.State == pattern.Absent || seen[w.Value] {
			continue
		}
		seen[w.Value] = true
		if w.Example.Multi && strings.Contains(w.Value, anythingElse) {
			w.Value = ShownValues(w.Example.Texts, true)
		}
		if a.Untried = !left.take(q.cost); a.Untried {
			return
		}
		d := q.Suppose(ContextValue{Key: a.Key, Multi: w.Example.Multi, Values: w.Example.Texts}).within(left)
		if a.Untried = left.spent; a.Untried {
			return
		}
		if d == e.Decision {
			same = append(same, w.Value)
			continue
		}
		if w.Value == anythingElse {
			rest = len(a.Ways)
		}
		w.Decisions = Decisions(0).with(d)
		a.Ways = append(a.Ways, w)
	}
	if rest >= 0 {
		switch {
		case len(same) > 0:
			a.Ways[rest].Value = "any value but " + strings.Join(same, " or ")
		case len(a.Ways) == 1:
			a.Ways[rest].Value = "any value"
		}
	}
	a.Matters = len(a.Ways) > 0
}

// within decides with what is left of a budget.
func (q *Query) within(left *work) Decision {
	if q.spent {
		left.spent = true
		return Depends
	}
	var o outcomes
	q.collect(&o, nil)
	d, settled := q.possible(&o).single()
	if !settled {
		d = settle([]*Query{q}, left).Decision
	}
	return d
}

// ruledBy are values of a key on which a rule of the service itself may rest,
// whatever the policies say of them.
func (q *Query) ruledBy(key string) []Way {
	var texts []string
	service := q.service == "iam" || q.service == "sts"
	switch key = strings.ToLower(key); {
	case key == "aws:tokenissuetime" && service:
		texts = []string{"2026-03-01T09:30:00Z"}
	case key == "aws:multifactorauthpresent" && service:
		texts = []string{"true"}
	case key == "sts:taskpolicyarn" && q.Caller.Kind == RootCaller:
		texts = []string{managedPrefix + "root-task/IAMAuditRootUserCredentials",
			managedPrefix + "root-task/S3UnlockBucketPolicy"}
	}
	out := make([]Way, len(texts))
	for i, text := range texts {
		out[i] = Way{Value: text, Example: pattern.Binding{State: pattern.Present, Texts: texts[i : i+1]}}
	}
	return out
}

// Used reports whether some applicable statement asks for a key.
func (e *Evaluation) Used(key string) bool {
	q := e.Query
	if e.used == nil {
		e.used = make([]bool, len(q.World.keys))
		for i := range e.Steps {
			if step := &e.Steps[i]; step.Kind == trace.Statement {
				e.use(q.World.statements[step.Subject])
			}
		}
	}
	slot, ok := q.World.asked(key)
	return ok && slot < len(e.used) && e.used[slot]
}

// use notes the keys that a statement asks for.
func (e *Evaluation) use(s *statement) {
	note := func(slot int) {
		if slot >= 0 && slot < len(e.used) {
			e.used[slot] = true
		}
	}
	for i := range s.conditions {
		note(s.conditions[i].Slot())
		for _, v := range s.conditions[i].Variables() {
			note(v.Slot)
		}
	}
	for i := range s.resources {
		for _, v := range s.resources[i].Variables() {
			note(v.Slot)
		}
	}
}

func asks(list []pattern.Variable, slot int) bool {
	for i := range list {
		if list[i].Slot == slot {
			return true
		}
	}
	return false
}
