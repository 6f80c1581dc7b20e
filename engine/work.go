package engine

import (
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// A step is one comparison of a value of a policy with a value of a request,
// some ten nanoseconds of work; long texts count as several. Steps are counted
// before they are taken and by the sizes of what is compared, never by time, so
// that the page, the command line and the server stop at the same place.
const (
	// maxCallSteps is what the answer to one call may cost: enough for twelve
	// unknowns that matter.
	maxCallSteps = 8_000_000
	// maxSteps is what the answers to all calls of a document may cost. Each has an equal share.
	maxSteps = 32_000_000
)

// work is what is left of a budget of steps.
type work struct {
	left  int
	spent bool
}

// take takes steps and reports whether there were enough. Once there were not,
// there never are.
func (w *work) take(steps int) bool {
	if w.spent || steps < 0 || steps > w.left {
		w.spent = true
		return false
	}
	w.left -= steps
	return true
}

// times is a product of counts, or a number beyond every budget.
func times(a, b int) int {
	const beyond = 1 << 40
	if a > 0 && b > beyond/a {
		return beyond
	}
	return a * b
}

// weight is what matching something costs: how many values are compared, and
// how much of them may be tried at every place of a text, bytes and variables.
type weight struct{ values, bytes, variables int }

func (w *weight) add(o weight) {
	w.values, w.bytes, w.variables = w.values+o.values, w.bytes+o.bytes, w.variables+o.variables
}

func (w *weight) pattern(p *pattern.Pattern) {
	bytes, variables := p.Hard()
	w.add(weight{1, bytes, variables})
}

// steps is what it costs against texts of at most so many bytes, of which a key has so many.
func (w weight) steps(length, texts int) int {
	everywhere := w.bytes + times(w.variables, 1+length>>5)
	return times(times(w.values, 1+length>>8)+times(everywhere, 1+length>>3), texts)
}

// Share divides the budget of steps among so many calls: each may cost an
// equal share. It is for queries that are made from now on; without it the
// calls are the document's requests.
func (w *World) Share(calls int) { w.share = min(maxCallSteps, maxSteps/max(1, calls)) }

// budget is what a query may still cost.
type budget struct {
	// steps are left for the search behind Depends.
	steps int
	// cost is what it has cost to look at every statement that applies.
	cost int
	// spent says that there are more statements than the budget is enough for: then none was looked at.
	spent bool
	// length and texts are the longest text of the request and the most values that one of its keys has.
	length, texts int
}

// begin gives a check its part of the budget, and takes from it what deriving
// keys from tags costs.
func (q *Query) begin() bool {
	q.steps = q.World.share / (1 + len(q.Request.Also))
	return q.pay(times(q.tags(), 16))
}

// tags is how many tags keys are derived from.
func (q *Query) tags() int {
	tags := len(q.Owner.tags)
	if q.Caller.identity != nil {
		tags += len(q.Caller.identity.tags)
	}
	if q.Caller.session != nil {
		tags += len(q.Caller.session.Tags)
	}
	return tags
}

func (q *Query) pay(steps int) bool {
	if q.spent = q.spent || steps > q.steps; q.spent {
		q.sets, q.numbers = nil, nil
		return false
	}
	q.steps -= steps
	q.cost += steps
	return true
}

// measure finds how long the texts of the request are.
func (q *Query) measure() {
	q.length, q.texts = max(len(q.Resource), len(q.Action)), 1
	for i := range q.Context {
		q.texts = max(q.texts, len(q.Context[i].Values))
		for _, text := range q.Context[i].Values {
			q.length = max(q.length, len(text))
		}
	}
}

// affords pays for looking at every statement of a set of policies.
func (q *Query) affords(policies []attachment) bool {
	if !q.pay(len(policies)) {
		return false
	}
	var w weight
	for i := range policies {
		w.add(policies[i].policy.weight)
	}
	return q.pay(w.steps(q.length, q.texts))
}

// weigh sets the statement's weight and is that with its actions.
func (s *statement) weigh() weight {
	s.weight.values = 1 + len(s.principals)
	for _, x := range s.parts {
		s.weight.pattern(&x.like)
	}
	for i := range s.resources {
		s.weight.pattern(&s.resources[i])
	}
	for i := range s.conditions {
		s.weight.add(clauseWeight(&s.conditions[i]))
	}
	all := s.weight
	for i := range s.actions {
		all.pattern(&s.actions[i])
	}
	return all
}

func clauseWeight(c *condition.Clause) weight {
	values, bytes, variables := c.Weight()
	return weight{1 + values, bytes, variables}
}

// tell says at the first step that depends when the budget was spent.
func (e *Evaluation) tell() {
	for i := range e.Stages {
		if s := &e.Stages[i]; s.State == StageDepends && !e.Exact {
			s.Reason = trace.BudgetSpent
			return
		}
	}
}

// beyond is the answer to a check for which the budget is not enough.
func (e *Evaluation) beyond() {
	e.Decision, e.Exact = Depends, false
	e.Possible = Decisions(0).with(Allowed).with(ExplicitDeny).with(ImplicitDeny)
	e.Stages = []Stage{{ID: StageExplicitDeny, State: StageDepends, Reason: trace.BudgetSpent}}
}
