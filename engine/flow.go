package engine

import (
	"slices"

	"github.com/iam-playground/iam-playground/engine/trace"
)

// gate is what one layer says to a request at its step of AWS's flow.
type gate struct {
	id    StageID
	layer Layer
	// pass is whether the layer by itself lets the request go on, and need
	// whether it has to.
	pass, need trace.Outcome
	// open is the state of the stage when the request gets past the gate.
	open   StageState
	reason trace.Reason
}

// through is whether the request gets past the gate.
func (g *gate) through() trace.Outcome { return trace.Or(g.pass, trace.Not(g.need)) }

// maxStages is the number of gates that a request passes at most: the rules of
// services, the explicit Deny, four filters, and four that grant or limit.
const maxStages = 9 + maxRules

// flow is AWS's flow for one request: its gates in AWS's order. The decision
// is their fold, and the stages of an evaluation are their print.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
type flow struct {
	gates [maxStages]gate
	count int
	// ruled is the decision of a rule that decides by itself, and Invalid when
	// none does; mayAllow and mayRefuse say that an unknown decides whether one
	// allows, or refuses before policies are asked.
	ruled               Decision
	mayAllow, mayRefuse bool
	deny                trace.Outcome
	// own is whether what the caller's account gives is enough by itself.
	own trace.Outcome
}

func (f *flow) add(g gate) {
	f.gates[f.count] = g
	f.count++
}

func (f *flow) list() []gate { return f.gates[:f.count] }

// decisions is the set of decisions that what is known leaves open. It may hold
// too many while there are unknowns, never too few.
func (f *flow) decisions() Decisions {
	var out Decisions
	if f.mayRefuse {
		out = out.with(ImplicitDeny)
	}
	if f.ruled != Invalid {
		return out.with(f.ruled)
	}
	if f.mayAllow {
		out = out.with(Allowed)
	}
	if f.deny != trace.No {
		out = out.with(ExplicitDeny)
	}
	if f.deny == trace.Yes {
		return out
	}
	grant := trace.Yes
	for i := range f.list() {
		if g := &f.gates[i]; g.id != StageExplicitDeny {
			grant = trace.And(grant, g.through())
		}
	}
	if grant != trace.No {
		out = out.with(Allowed)
	}
	if grant != trace.Yes {
		out = out.with(ImplicitDeny)
	}
	return out
}

// possible is the set of decisions that the outcomes leave open.
func (q *Query) possible(o *outcomes) Decisions {
	var f flow
	q.flow(o, &f)
	return f.decisions()
}

// flow lays out the gates of the request.
func (q *Query) flow(o *outcomes, f *flow) {
	q.rulesBefore(f)
	q.denyGate(o, f)
	q.filterGate(LayerVPCE, o, f)
	q.filterGate(LayerRCP, o, f)
	q.publicAccessGate(f)
	q.filterGate(LayerSCP, o, f)
	if q.Caller.Kind == NoCaller {
		return
	}
	// What the resource's policy grants so directly that nothing in the account
	// but a Deny takes it away, and what it grants within boundary and session
	// policies. Neither works across accounts.
	//
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-cross-account.html
	whole, within := trace.No, trace.No
	if !q.CrossAccount() {
		whole = max(o.direct[classSession], o.direct[classEveryone], o.direct[classService])
		within = max(o.direct[classRole], o.direct[classFederating])
		// A user who is named in a trust policy still needs sts:AssumeRole in its boundary.
		//
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
		if q.Owner.layer == LayerTrust {
			within = max(within, o.direct[classUser])
		} else {
			whole = max(whole, o.direct[classUser])
		}
	}
	limits := min(o.ok(LayerBoundary), q.sessionOK(o))
	q.resourceGate(o, f, whole, within, limits)
	switch q.Caller.Kind {
	case ServiceCaller, ProviderCaller, AnonymousCaller:
	case RootCaller:
		q.rootGate(f)
		if o.present[LayerSession] {
			f.add(gate{id: StageSession, layer: LayerSession, pass: q.sessionOK(o), need: trace.Yes, open: Passed,
				reason: trace.RootTaskLimits})
		}
	default:
		f.own = min(o.allow[LayerIdentity], limits)
		q.identityGate(o, f, whole, within)
		q.limitGate(LayerBoundary, o.ok(LayerBoundary), whole, f)
		q.limitGate(LayerSession, q.sessionOK(o), whole, f)
	}
	q.rulesAfter(f)
}

func (q *Query) denyGate(o *outcomes, f *flow) {
	for l, d := range o.deny {
		if !q.exempt(Layer(l)) {
			f.deny = trace.Or(f.deny, d)
		}
	}
	g := gate{id: StageExplicitDeny, layer: LayerDefault, pass: trace.Not(f.deny), need: trace.Yes, open: Passed}
	switch f.deny {
	case trace.No:
		g.reason = trace.NoExplicitDeny
	case trace.Yes:
		g.reason = trace.ExplicitDenyMatched
	default:
		g.reason = trace.DenyDepends
	}
	f.add(g)
}

// filterGate is a layer that only takes away.
func (q *Query) filterGate(l Layer, o *outcomes, f *flow) {
	g := gate{id: l.Info().Stage, layer: l, pass: o.ok(l), need: trace.Yes, open: Passed}
	if !o.present[l] {
		if l == LayerVPCE && q.via == "" {
			return
		}
		g.open, g.reason = NotApplicable, q.whyNone(l)
	} else {
		g.reason = saysOf(g.pass)
	}
	f.add(g)
}

// saysOf is the reason of a layer that must allow.
func saysOf(allow trace.Outcome) trace.Reason {
	switch allow {
	case trace.Yes:
		return trace.LayerAllows
	case trace.Unknown:
		return trace.LayerDepends
	}
	return trace.LayerNoAllow
}

// whyNone is why no policy of a filtering layer applies.
func (q *Query) whyNone(l Layer) trace.Reason {
	w := q.World
	account := q.Caller.Account
	if l == LayerRCP {
		account = q.Owner.Account
	}
	switch member := w.orgPaths[account]; {
	case l == LayerVPCE:
		return trace.EndpointDefault
	case member != nil && member.management:
		return trace.ManagementAccountExempt
	case member != nil && q.Caller.serviceLinked:
		return trace.ServiceLinkedExempt
	case member != nil && l == LayerRCP:
		return trace.RCPNotForService
	case w.Scenario.Organization != nil && l == LayerSCP && q.Caller.Account == "":
		return trace.SCPNotForCaller
	}
	return trace.NoOrganization
}

// resourceGate is the resource's own policy.
func (q *Query) resourceGate(o *outcomes, f *flow, whole, within, limits trace.Outcome) {
	direct := o.anyDirect()
	// Callers without an account have nothing else to allow them.
	foreign := q.Caller.Account == ""
	required := q.CrossAccount() || q.ownConsent() || foreign
	g := gate{id: StageResource, layer: q.Owner.layer, pass: direct, need: trace.Of(required), open: Passed}
	present := o.present[g.layer]
	switch {
	case q.exempt(g.layer):
		g.open, g.reason, g.need = NotApplicable, trace.OwnerRootBucketPolicy, trace.No
	case q.consented:
		g.open, g.reason, g.need = NotApplicable, trace.AssumeRootConsents, trace.No
	case direct == trace.Unknown:
		g.open, g.reason = StageDepends, trace.LayerDepends
	case direct == trace.No && required && q.Owner.missingRole:
		g.reason = trace.TrustedRoleMissing
	case direct == trace.No && required && !present:
		g.reason = trace.NoPolicyToAllow
	case direct == trace.No && required:
		g.reason = trace.LayerNoAllow
	case direct == trace.No && !present:
		g.open, g.reason = NotApplicable, trace.NonePresent
	case direct == trace.No:
		g.open, g.reason = NotApplicable, trace.ResourceSilent
	case q.Caller.Kind == RootCaller && !required:
		g.reason = trace.ResourceAllows
	case q.CrossAccount():
		g.open, g.reason = Granted, trace.ResourceAllowsOther
	case whole == trace.Yes, foreign, q.Caller.Kind == RootCaller:
		g.open, g.reason = Granted, trace.ResourceGrants
	case within == trace.Yes:
		g.open, g.reason = Granted, trace.ResourceGrantsWithin
		if o.direct[classUser] == trace.Yes {
			g.reason = trace.TrustedUserWithin
		}
		if limits == trace.No {
			g.open = Passed
		}
	default:
		g.reason = trace.ResourceDelegates
	}
	f.add(g)
}

// identityGate is the identity-based policies.
func (q *Query) identityGate(o *outcomes, f *flow, whole, within trace.Outcome) {
	g := gate{id: StageIdentity, layer: LayerIdentity, pass: o.allow[LayerIdentity],
		need: trace.Not(max(whole, within)), open: Granted}
	switch {
	case g.need == trace.No && g.pass != trace.Yes:
		g.open, g.reason = NotReached, trace.NotNeeded
	case whole == trace.Yes:
		g.open, g.reason = NotReached, trace.AllowsToo
	case g.pass == trace.Yes:
		g.reason = trace.IdentityAllows
	case g.pass == trace.Unknown:
		g.reason = trace.LayerDepends
	case slices.ContainsFunc(q.setsOf(LayerIdentity), func(n int) bool { return len(q.sets[n].policies) > 0 }):
		g.reason = trace.LayerNoAllow
	default:
		g.reason = trace.NoPolicyToAllow
	}
	f.add(g)
}

// limitGate is the permissions boundary or the session policies, which limit
// all that is not granted whole.
func (q *Query) limitGate(l Layer, allow, whole trace.Outcome, f *flow) {
	g := gate{id: l.Info().Stage, layer: l, pass: allow, need: trace.Not(whole), open: Passed}
	none := len(q.setsOf(l)) == 0
	switch {
	case none && allow == trace.Yes:
		g.open, g.reason = NotApplicable, trace.NonePresent
	case whole == trace.Yes && allow != trace.Yes:
		g.open, g.reason = NotReached, trace.Overridden
	case none:
		g.reason = trace.FederatedNeedsSessionPolicy
	default:
		g.reason = saysOf(allow)
	}
	f.add(g)
}

func (q *Query) rootGate(f *flow) {
	g := gate{id: StageRoot, layer: LayerRoot, pass: trace.Yes, open: Granted, reason: trace.RootHasAll}
	if q.CrossAccount() || q.ownConsent() {
		g.open, g.reason = NotApplicable, trace.RootNeedsResource
	}
	f.add(g)
}
