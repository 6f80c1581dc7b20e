package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/trace"
)

// A call is a request with its further checks. All must be allowed, and the
// first denial, in the order of the checks, is the call's.

// forCheck is what the further check of a number asks: the request with the
// check's action and resource. It takes the request's context; what the check
// says of a key itself stands in place of what the request says of it.
func (r *Request) forCheck(number int) *Request {
	c := &r.Also[number]
	own := *r
	own.Action, own.Resource = c.Action, c.Resource
	own.Context = slices.Concat(c.Context,
		slices.DeleteFunc(slices.Clone(r.Context), func(v ContextValue) bool { return c.says(v.Key) }))
	own.Unknown = slices.Concat(c.Unknown,
		slices.DeleteFunc(slices.Clone(r.Unknown), func(t Text) bool { return c.says(t.Value) }))
	return &own
}

// says reports whether the check itself says something of a key.
func (c *Check) says(key string) bool {
	return slices.ContainsFunc(c.Context, func(v ContextValue) bool { return strings.EqualFold(v.Key, key) }) ||
		slices.ContainsFunc(c.Unknown, func(t Text) bool { return strings.EqualFold(t.Value, key) })
}

// Further is the further check that the query is; nil for the request itself.
func (q *Query) Further() *Check {
	if q.Check < 0 {
		return nil
	}
	return &q.Request.Also[q.Check]
}

// owns reports whether a key is a fact of this check alone and not of the call.
func (q *Query) owns(key string) bool {
	return q.Check >= 0 && q.Further().says(key)
}

// Title is what people call the check: its name, or what it asks for.
func (c *Check) Title() string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Resource.Value == "*":
		return c.Action.Value
	}
	return c.Action.Value + " on " + c.Resource.Value
}

// then are the decisions about two checks, the second of which counts when the
// first is allowed.
func (s Decisions) then(second Decisions) Decisions {
	if !s.Has(Allowed) {
		return s
	}
	return s&^(1<<Allowed) | second
}

// checks are the evaluations of a call: the request's own, then those of the further checks.
func (e *Evaluation) checks() []*Evaluation {
	return append([]*Evaluation{e}, e.Also...)
}

// call settles the checks of a call together: what is unknown is the same for
// all of them, so that a call may be denied though each check might be allowed.
func (e *Evaluation) call() {
	e.Call = Answer{e.Decision, e.Possible, e.Unknowns, e.Exact}
	if len(e.Also) > 0 {
		e.Call = e.together()
	}
	e.Overall = e.Call.Decision
}

func (e *Evaluation) together() Answer {
	a := Answer{Exact: true, Possible: Decisions(0).with(Allowed)}
	var queries []*Query
	pool := &work{}
	for _, c := range e.checks() {
		a.Possible = a.Possible.then(c.Possible)
		a.Exact = a.Exact && c.Exact
		queries = append(queries, c.Query)
		pool.left += c.work.left
	}
	// What is left then is for what the answers rest on.
	defer func() {
		for _, c := range e.checks() {
			c.work = &work{pool.left / len(queries), pool.spent}
		}
	}()
	var settled bool
	a.Decision, settled = a.Possible.single()
	switch {
	case settled:
		a.Exact = true
	case a.Exact:
		return settle(queries, pool)
	default:
		for _, c := range e.checks() {
			a.Unknowns = append(a.Unknowns, c.Unknowns...)
		}
	}
	return a
}

// Further is the evaluation of the further check of a number; nil when it
// cannot be evaluated.
func (e *Evaluation) Further(number int) *Evaluation {
	for _, a := range e.Also {
		if a.Query.Check == number {
			return a
		}
	}
	return nil
}

// CallDecidedBy names the layers that decided the call: those of the deciding
// check, or, where what is unknown denies one check or another, all that may.
func (e *Evaluation) CallDecidedBy() []Layer {
	d := e.Deciding()
	if d.Decision == e.Overall {
		return d.DecidedBy
	}
	var out []Layer
	add := func(l Layer) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	for _, c := range e.checks() {
		if e.Overall == ExplicitDeny {
			for l, deny := range c.outcomes.deny {
				if deny != trace.No && !c.Query.exempt(Layer(l)) {
					add(Layer(l))
				}
			}
			continue
		}
		for i := range c.Stages {
			if s := &c.Stages[i]; s.State == StageDepends && s.ID != StageExplicitDeny {
				add(s.Layer)
			}
		}
	}
	return out
}

// Deciding is the evaluation whose decision is the call's: the request's own or
// that of a further check. Where what is unknown denies one check or another,
// it is the first that is not allowed.
func (e *Evaluation) Deciding() *Evaluation {
	var first *Evaluation
	for _, c := range e.checks() {
		if c.Decision == e.Overall {
			return c
		}
		if first == nil && c.Decision != Allowed {
			first = c
		}
	}
	return first
}
