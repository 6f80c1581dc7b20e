package engine

import "github.com/iam-playground/iam-playground/engine/trace"

// Redecide is the decisions that follow from the recorded steps alone: the
// statements are not looked at again, and neither is the request.
func (e *Evaluation) Redecide() Decisions {
	q := e.Query
	type says struct{ deny, allow trace.Outcome }
	sets := make([]says, len(q.sets))
	var o outcomes
	grant := func(set uint16, class uint8, outcome trace.Outcome) {
		sets[set].allow = trace.Or(sets[set].allow, outcome)
		switch q.sets[set].layer {
		case LayerResource, LayerTrust, LayerKeyPolicy:
			o.direct[class] = trace.Or(o.direct[class], outcome)
		}
	}
	for _, step := range e.Steps {
		switch {
		case step.Kind == trace.Policy:
			sets[step.Set].deny = trace.Or(sets[step.Set].deny, step.Outcome)
			grant(step.Set, uint8(classEveryone), step.Outcome)
		case q.World.statements[step.Subject].source.Effect == Deny:
			sets[step.Set].deny = trace.Or(sets[step.Set].deny, step.Outcome)
		default:
			grant(step.Set, step.Class, step.Outcome)
			o.better(Allow, q.sets[step.Set].layer, step.Outcome, class(step.Better))
		}
	}
	for i, s := range sets {
		l := q.sets[i].layer
		o.deny[l] = trace.Or(o.deny[l], s.deny)
		if o.present[l] {
			s.allow = trace.And(o.allow[l], s.allow)
		}
		o.present[l], o.allow[l] = true, s.allow
	}
	return q.possible(&o)
}
