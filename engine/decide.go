package engine

import "github.com/iam-playground/iam-playground/engine/trace"

// outcomes is what the sets of policies say about a request.
type outcomes struct {
	// present says that some policy of the layer applies.
	present [layers]bool
	// deny is whether a Deny of the layer matches.
	deny [layers]trace.Outcome
	// allow is whether the layer allows: some Allow matches, for SCPs and RCPs at every level.
	allow [layers]trace.Outcome
	// direct is how the resource's policy grants: by which naming of the caller.
	direct [classes]trace.Outcome
}

// Authorize decides the request. With a recorder the steps are recorded as
// well; they change nothing. Without unknowns it allocates nothing.
func (q *Query) Authorize(rec *trace.Recorder) Decision {
	if q.spent {
		return Depends
	}
	var o outcomes
	q.collect(&o, rec)
	d, settled := q.possible(&o).single()
	if !settled {
		d = settle([]*Query{q}, &work{left: q.steps}).Decision
	}
	return d
}

// collect matches every statement of every policy that applies; without a
// recorder only those that can match.
func (q *Query) collect(o *outcomes, rec *trace.Recorder) {
	for n := range q.sets {
		s := &q.sets[n]
		var deny, allow trace.Outcome
		if rec == nil {
			for _, p := range s.unknown {
				q.unknownPolicy(p, s.layer, o, &deny, &allow)
			}
			for _, st := range s.candidates {
				out, k := q.match(st)
				o.statement(st.source.Effect, s.layer, out, k, &deny, &allow)
				if len(st.parts) > 0 {
					o.better(st.source.Effect, s.layer, out, q.better(st, k))
				}
			}
		} else {
			for i := range s.policies {
				a := &s.policies[i]
				if a.repeated {
					continue
				}
				if a.policy.unknown >= 0 {
					out := q.unknownPolicy(a.policy, s.layer, o, &deny, &allow)
					rec.Add(trace.Step{Kind: trace.Policy, Outcome: out, Set: uint16(n), Subject: int32(a.policy.unknown)})
					continue
				}
				for _, st := range a.policy.statements {
					step := q.look(st, n)
					rec.Add(step)
					o.statement(st.source.Effect, s.layer, step.Outcome, class(step.Class), &deny, &allow)
					o.better(st.source.Effect, s.layer, step.Outcome, class(step.Better))
				}
				for _, p := range a.policy.parts {
					out := q.unknownPolicy(p, s.layer, o, &deny, &allow)
					rec.Add(trace.Step{Kind: trace.Policy, Outcome: out, Set: uint16(n), Subject: int32(p.unknown)})
				}
			}
		}
		o.add(s.layer, deny, allow)
	}
}

// add joins what a set says to its layer: levels intersect, Denies add up.
func (o *outcomes) add(l Layer, deny, allow trace.Outcome) {
	o.deny[l] = trace.Or(o.deny[l], deny)
	if o.present[l] {
		allow = trace.And(o.allow[l], allow)
	}
	o.present[l], o.allow[l] = true, allow
}

// statement joins what a statement says to its set.
func (o *outcomes) statement(effect Effect, l Layer, out trace.Outcome, k class, deny, allow *trace.Outcome) {
	if effect == Deny {
		*deny = trace.Or(*deny, out)
		return
	}
	*allow = trace.Or(*allow, out)
	if l.ofResource() {
		o.direct[k] = trace.Or(o.direct[k], out)
	}
}

// unknownPolicy is what a policy says whose text nobody knows: what it is
// assumed to, or Unknown. The outcome returned is that of the assumption.
func (q *Query) unknownPolicy(p *policy, l Layer, o *outcomes, deny, allow *trace.Outcome) trace.Outcome {
	says := trace.Unknown
	switch q.assumed[p.unknown] {
	case assumeAllow:
		says = trace.Yes
	case assumeDeny:
		*deny = trace.Yes
		return trace.Yes
	case assumeSilent:
		return trace.No
	default:
		*deny = trace.Or(*deny, trace.Unknown)
	}
	o.statement(Allow, l, says, classEveryone, deny, allow)
	return says
}

// ok is whether a layer that limits lets the request pass.
func (o *outcomes) ok(l Layer) trace.Outcome {
	if !o.present[l] {
		return trace.Yes
	}
	return o.allow[l]
}

// sessionOK is whether the session policies let the request pass. A federated
// user without session policies has nothing of the user who federated it.
func (q *Query) sessionOK(o *outcomes) trace.Outcome {
	if q.Caller.Kind == FederatedUserCaller && !o.present[LayerSession] && q.Caller.Described {
		return trace.No
	}
	if q.Caller.Kind == RootCaller {
		return trace.Yes // the policies of root tasks take away, and allow nothing
	}
	return o.ok(LayerSession)
}

// anyDirect is whether the resource's policy allows, however it names the caller.
func (o *outcomes) anyDirect() trace.Outcome {
	out := trace.No
	for _, d := range o.direct {
		out = trace.Or(out, d)
	}
	return out
}

// ownConsent is whether the resource's own policy must allow even inside the
// account: role trust policies and key policies.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (q *Query) ownConsent() bool {
	return q.Owner.layer == LayerTrust || q.Owner.layer == LayerKeyPolicy
}
