package engine

import (
	"slices"

	"github.com/iam-playground/iam-playground/engine/trace"
)

// StageID names a step of AWS's flow.
type StageID string

const (
	StageService      StageID = "service"
	StageCredentials  StageID = "credentials"
	StageExplicitDeny StageID = "explicitDeny"
	StageVPCE         StageID = "vpce"
	StageRCP          StageID = "rcp"
	StageSCP          StageID = "scp"
	StageResource     StageID = "resource"
	StageIdentity     StageID = "identity"
	StageBoundary     StageID = "boundary"
	StageSession      StageID = "session"
	StageRoot         StageID = "root"
)

// maxStages is the number of stages that an evaluation has at most: one of the
// first two, the explicit Deny, three filters, and four that grant or limit.
const maxStages = 9

// StageState is what a stage says about a request.
type StageState uint8

const (
	// NotApplicable says that no policy of the kind applies, or that what
	// applies is silent and need not speak.
	NotApplicable StageState = iota
	// Passed says that the stage lets the request go on.
	Passed
	// Granted says that an Allow here supplied the permission.
	Granted
	// Stopped says that the stage decided against the request.
	Stopped
	// WouldAlsoStop says that the stage blocks too: mending the first is not enough.
	WouldAlsoStop
	// StageDepends says that something unknown decides.
	StageDepends
	// NotReached says that the flow has ended before, and what the stage would say does not matter.
	NotReached
)

// String is the state's word in reports.
func (s StageState) String() string {
	return [...]string{"notApplicable", "passed", "granted", "stopped", "wouldAlsoStop", "depends", "notReached"}[s]
}

// Stage is one step of AWS's flow with what it says. All stages are evaluated,
// also those after the one that decided.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
type Stage struct {
	ID     StageID
	Layer  Layer
	State  StageState
	Reason trace.Reason
	// Sets are the numbers of the sets of policies that belong to the stage.
	Sets []int
	// Statements are the numbers of the statements that decided here.
	Statements []int32
	Levels     []Level
}

// Level is one level of an organization within a stage.
type Level struct {
	Name       string
	Set        int
	State      StageState
	Statements []int32
}

// Evaluation is the answer to a query with its record.
type Evaluation struct {
	Query    *Query
	Decision Decision
	// Possible are the decisions that the unknowns leave open: the decision
	// itself unless that is Depends.
	Possible Decisions
	// Overall is the decision of the whole call: of the request and of its
	// further checks.
	Overall   Decision
	DecidedBy []Layer
	Stages    []Stage
	// Unknowns are what the decision depends on; empty unless it is Depends.
	Unknowns []Unknown
	// Exact is false when the budget of steps was spent before every way was tried.
	Exact bool
	// Call is the answer to the whole call.
	Call  Answer
	Steps []trace.Step
	Also  []*Evaluation

	outcomes outcomes
	numbers  []int32 // of the statements that the stages name; they share it
	deciders [4]Layer
	work     *work // what is left; the evaluations of a call share it
}

// Evaluate decides the query and records how. It gives the same decision as
// Authorize.
func (q *Query) Evaluate() *Evaluation {
	e := q.evaluate()
	for _, also := range q.Also {
		a := also.evaluate()
		a.call()
		e.Also = append(e.Also, a)
	}
	e.call()
	return e
}

// evaluate decides the check by itself.
func (q *Query) evaluate() *Evaluation {
	e := &Evaluation{Query: q, Exact: true, work: &work{left: q.steps}}
	if q.spent {
		e.beyond()
		return e
	}
	rec := trace.Recorder{Steps: make([]trace.Step, 0, q.recorded())}
	q.collect(&e.outcomes, &rec)
	e.Steps = rec.Steps
	e.Possible = q.possible(&e.outcomes)
	decision, settled := e.Possible.single()
	if !settled {
		a := settle([]*Query{q}, e.work)
		decision, e.Possible, e.Unknowns, e.Exact = a.Decision, a.Possible, a.Unknowns, a.Exact
	}
	e.Decision = decision
	e.stages()
	e.tell()
	return e
}

// say is what a layer does to this request.
type say struct {
	applies bool
	allow   trace.Outcome
}

// stages lays the layers out in AWS's order and says which of them stopped,
// granted or would also stop.
func (e *Evaluation) stages() {
	q, o := e.Query, &e.outcomes
	e.Stages = make([]Stage, 0, maxStages)
	if q.special != notSpecial && q.special != ownerRootBucketPolicy {
		e.specialStage()
	}
	e.denyStage()
	e.filterStage(StageVPCE, LayerVPCE)
	e.filterStage(StageRCP, LayerRCP)
	e.filterStage(StageSCP, LayerSCP)
	switch q.Caller.Kind {
	case NoCaller:
	case RootCaller:
		e.resourceStage()
		e.rootStage()
	case ServiceCaller, ProviderCaller, AnonymousCaller:
		e.resourceStage()
	default:
		e.resourceStage()
		e.identityStages()
	}
	// The first stage that stops has decided; what stops after it would stop too.
	ended := e.Decision == ExplicitDeny || q.special != notSpecial && q.special != ownerRootBucketPolicy
	first := true
	for i := range e.Stages {
		s := &e.Stages[i]
		if s.State == Stopped {
			if !first {
				s.State = WouldAlsoStop
				for j := range s.Levels {
					if s.Levels[j].State == Stopped {
						s.Levels[j].State = WouldAlsoStop
					}
				}
			}
			first, ended = false, true
			continue
		}
		if ended && i > 0 && (s.State == Granted || s.State == Passed) && !(i == 1 && s.ID == StageExplicitDeny && e.Decision != ExplicitDeny) {
			s.State = NotReached
		}
	}
	if e.Decision == Depends {
		for i := range e.Stages {
			if s := &e.Stages[i]; s.State == Stopped {
				s.State = StageDepends
			}
		}
	} else {
		e.eitherWay()
	}
	e.decidedBy(o)
}

// eitherWay says of the stages that an unknown decides what follows when the
// decision is the same whichever way the unknown turns out.
func (e *Evaluation) eitherWay() {
	stopped := slices.ContainsFunc(e.Stages, func(s Stage) bool { return s.State == Stopped })
	for i := range e.Stages {
		s := &e.Stages[i]
		if s.State != StageDepends {
			continue
		}
		switch {
		case e.Decision == Allowed && (s.ID == StageIdentity || s.ID == StageResource):
			s.State, s.Reason = Granted, trace.AllowsEitherWay
		case e.Decision == Allowed:
			s.State, s.Reason = Passed, trace.AllowsEitherWay
		case !stopped && (e.Decision == ImplicitDeny) != (s.ID == StageExplicitDeny):
			s.State, s.Reason = Stopped, trace.DeniesEitherWay
			stopped = true
		}
	}
}

func (e *Evaluation) add(s Stage) { e.Stages = append(e.Stages, s) }

// stepsOf are the steps of a set.
func (e *Evaluation) stepsOf(set int) []trace.Step {
	s := &e.Query.sets[set]
	return e.Steps[s.first:s.end]
}

// matched are the statements of neighbouring sets with that effect and outcome.
func (e *Evaluation) matched(sets []int, effect Effect, outcome trace.Outcome) []int32 {
	from := len(e.numbers)
	for _, n := range sets {
		steps := e.stepsOf(n)
		for i := range steps {
			if s := &steps[i]; s.Outcome == outcome && s.Kind == trace.Statement && e.Query.World.statements[s.Subject].source.Effect == effect {
				e.numbers = append(e.numbers, s.Subject)
			}
		}
	}
	return e.numbers[from:len(e.numbers):len(e.numbers)]
}

func (e *Evaluation) specialStage() {
	q := e.Query
	s := Stage{ID: StageService, Layer: LayerService, State: Stopped}
	switch q.special {
	case noCredentials:
		s.ID, s.Layer, s.Reason = StageCredentials, LayerCredentials, trace.NoCredentials
	case callerIdentityAlwaysAllowed:
		s.State, s.Reason = Granted, trace.CallerIdentityAlwaysAllowed
	case sessionTokenAlwaysAllowed:
		s.State, s.Reason = Granted, trace.SessionTokenAlwaysAllowed
	case rootCannotAssume:
		s.Reason = trace.RootCannotAssume
	case federatedCannotCall:
		s.Reason = trace.FederatedCannotCall
	case temporaryCannotCall:
		s.Reason = trace.TemporaryCannotCall
	case keyNotAcrossAccounts:
		s.Reason = trace.KeyNotAcrossAccounts
	case providerOnly:
		s.Reason = trace.ProviderCannotCall
	}
	e.add(s)
}

func (e *Evaluation) denyStage() {
	q := e.Query
	s := Stage{ID: StageExplicitDeny, State: Passed, Reason: trace.NoExplicitDeny}
	outcome := trace.No
	for l, d := range e.outcomes.deny {
		if q.ignored(Layer(l)) {
			continue
		}
		outcome = trace.Or(outcome, d)
	}
	switch outcome {
	case trace.Yes:
		s.State, s.Reason = Stopped, trace.ExplicitDenyMatched
	case trace.Unknown:
		s.State, s.Reason = StageDepends, trace.DenyDepends
	}
	s.Sets = q.numbers
	if q.special == ownerRootBucketPolicy {
		s.Sets = slices.DeleteFunc(slices.Clone(q.numbers), func(n int) bool { return q.ignored(q.sets[n].layer) })
	}
	if outcome != trace.No {
		s.Statements = e.matched(s.Sets, Deny, outcome)
	}
	e.add(s)
}

// ignored reports whether a layer does not bind this caller for this action.
func (q *Query) ignored(l Layer) bool {
	return q.special == ownerRootBucketPolicy && l == q.Owner.layer
}

// filterStage is a stage that only limits.
func (e *Evaluation) filterStage(id StageID, l Layer) {
	o := &e.outcomes
	sets := e.Query.setsOf(l)
	if len(sets) == 0 {
		if id != StageVPCE || e.Query.Request.Via != nil {
			e.add(Stage{ID: id, Layer: l, Reason: e.whyNone(id)})
		}
		return
	}
	s := Stage{ID: id, Layer: l, Sets: sets}
	s.State, s.Reason = filterState(o.allow[l])
	from := len(e.numbers)
	if l != LayerVPCE {
		s.Levels = make([]Level, 0, len(sets))
	}
	for i, n := range sets {
		statements := e.matched(sets[i:i+1], Allow, trace.Yes)
		if l != LayerVPCE {
			level := Level{Name: e.Query.sets[n].name, Set: n, Statements: statements, State: Stopped}
			switch {
			case len(statements) > 0 || e.assumedAllow(n):
				level.State = Passed
			case e.open(n):
				level.State = StageDepends
			}
			s.Levels = append(s.Levels, level)
		}
	}
	s.Statements = e.numbers[from:len(e.numbers):len(e.numbers)]
	e.add(s)
}

func (e *Evaluation) assumedAllow(set int) bool {
	return slices.ContainsFunc(e.stepsOf(set), func(s trace.Step) bool { return s.Kind == trace.Policy && s.Outcome == trace.Yes })
}

// open reports whether an unknown decides whether a set allows.
func (e *Evaluation) open(set int) bool {
	return slices.ContainsFunc(e.stepsOf(set), func(s trace.Step) bool {
		return s.Outcome == trace.Unknown && (s.Kind == trace.Policy || s.Kind == trace.Statement && e.Query.World.statements[s.Subject].source.Effect == Allow)
	})
}

func filterState(allow trace.Outcome) (StageState, trace.Reason) {
	switch allow {
	case trace.Yes:
		return Passed, trace.LayerAllows
	case trace.Unknown:
		return StageDepends, trace.LayerDepends
	}
	return Stopped, trace.LayerNoAllow
}

// whyNone says why no policy of a kind applies.
func (e *Evaluation) whyNone(id StageID) trace.Reason {
	q := e.Query
	w := q.World
	account := q.Caller.Account
	if id == StageRCP {
		account = q.Owner.Account
	}
	switch {
	case id == StageVPCE:
		return trace.EndpointDefault
	case w.orgPaths[account] != nil && w.orgPaths[account].management:
		return trace.ManagementAccountExempt
	case w.orgPaths[account] != nil && q.Caller.serviceLinked:
		return trace.ServiceLinkedExempt
	case w.orgPaths[account] != nil && id == StageRCP:
		return trace.RCPNotForService
	case w.Scenario.Organization != nil && (id == StageSCP && q.Caller.Account == ""):
		return trace.SCPNotForCaller
	}
	return trace.NoOrganization
}

// resourceStage is the resource's own policy.
func (e *Evaluation) resourceStage() {
	q, o := e.Query, &e.outcomes
	l := q.Owner.layer
	s := Stage{ID: StageResource, Layer: l, Sets: q.setsOf(l)}
	direct := o.anyDirect()
	required := q.CrossAccount() || q.ownConsent()
	switch q.Caller.Kind {
	case ServiceCaller, ProviderCaller, AnonymousCaller:
		required = true
	}
	own := min(o.allow[LayerIdentity], o.ok(LayerBoundary), q.sessionOK(o))
	s.Statements = e.matched(s.Sets, Allow, trace.Yes)
	switch {
	case q.ignored(l):
		s.State, s.Reason, s.Statements = NotApplicable, trace.OwnerRootBucketPolicy, nil
	case direct == trace.Unknown:
		s.State, s.Reason = StageDepends, trace.LayerDepends
	case direct == trace.No && required:
		s.State, s.Reason = Stopped, trace.LayerNoAllow
		if len(s.Sets) == 0 {
			s.Reason = trace.NoPolicyToAllow
		}
	case direct == trace.No && len(s.Sets) == 0:
		s.Reason = trace.NonePresent
	case direct == trace.No:
		s.Reason = trace.ResourceSilent
	case q.Caller.Kind == RootCaller && !required:
		s.State, s.Reason = Passed, trace.ResourceAllows
	case q.CrossAccount():
		s.State, s.Reason = Granted, trace.ResourceAllowsOther
	case e.wholeGrant() == trace.Yes || q.Caller.identity == nil && q.Caller.Described == false && q.Caller.Account == "":
		s.State, s.Reason = Granted, trace.ResourceGrants
	case q.Caller.Kind == RootCaller:
		s.State, s.Reason = Granted, trace.ResourceGrants
	case e.withinGrant() == trace.Yes:
		s.State, s.Reason = Granted, trace.ResourceGrantsWithin
		if o.direct[classUser] == trace.Yes {
			s.Reason = trace.TrustedUserWithin
		}
		if min(o.ok(LayerBoundary), q.sessionOK(o)) == trace.No && own != trace.Yes {
			s.State = Passed
		}
	default:
		s.State, s.Reason = Passed, trace.ResourceDelegates
	}
	e.add(s)
}

// wholeGrant is whether the resource's policy grants so directly that nothing
// in the account but a Deny can take it away.
func (e *Evaluation) wholeGrant() trace.Outcome {
	q, o := e.Query, &e.outcomes
	if q.CrossAccount() {
		return trace.No
	}
	return max(o.direct[classSession], o.direct[classEveryone], o.direct[classService], trace.And(o.direct[classUser], q.userLimit(o)))
}

// withinGrant is whether the resource's policy names the caller's role or
// federating user: it grants within boundary and session policies.
func (e *Evaluation) withinGrant() trace.Outcome {
	o := &e.outcomes
	if e.Query.CrossAccount() {
		return trace.No
	}
	out := max(o.direct[classRole], o.direct[classFederating])
	if e.Query.Owner.layer == LayerTrust {
		out = max(out, o.direct[classUser])
	}
	return out
}

// identityStages are identity-based policies, boundary and session policies.
func (e *Evaluation) identityStages() {
	q, o := e.Query, &e.outcomes
	whole, within := e.wholeGrant() == trace.Yes, e.withinGrant() == trace.Yes

	s := Stage{ID: StageIdentity, Layer: LayerIdentity, Sets: q.setsOf(LayerIdentity)}
	s.Statements = e.matched(s.Sets, Allow, trace.Yes)
	switch allow := o.allow[LayerIdentity]; {
	case whole && allow != trace.Yes, within && allow != trace.Yes:
		s.State, s.Reason = NotReached, trace.NotNeeded
	case allow == trace.Yes && whole:
		s.State, s.Reason = NotReached, trace.AllowsToo
	case allow == trace.Yes:
		s.State, s.Reason = Granted, trace.IdentityAllows
	case allow == trace.Unknown:
		s.State, s.Reason = StageDepends, trace.LayerDepends
	default:
		s.State, s.Reason = Stopped, trace.LayerNoAllow
		if !slices.ContainsFunc(s.Sets, func(n int) bool { return len(q.sets[n].policies) > 0 }) {
			s.Reason = trace.NoPolicyToAllow
		}
	}
	e.add(s)

	limit := func(id StageID, l Layer, allow trace.Outcome) {
		s := Stage{ID: id, Layer: l, Sets: q.setsOf(l)}
		s.Statements = e.matched(s.Sets, Allow, trace.Yes)
		switch {
		case len(s.Sets) == 0 && allow == trace.Yes:
			s.Reason = trace.NonePresent
		case whole && allow != trace.Yes:
			s.State, s.Reason = NotReached, trace.Overridden
		case len(s.Sets) == 0:
			s.State, s.Reason = Stopped, trace.FederatedNeedsSessionPolicy
		default:
			s.State, s.Reason = filterState(allow)
		}
		e.add(s)
	}
	limit(StageBoundary, LayerBoundary, o.ok(LayerBoundary))
	limit(StageSession, LayerSession, q.sessionOK(o))
}

func (e *Evaluation) rootStage() {
	q := e.Query
	s := Stage{ID: StageRoot, Layer: LayerRoot, State: Granted, Reason: trace.RootHasAll}
	if q.CrossAccount() || q.ownConsent() {
		s.State, s.Reason = NotApplicable, trace.RootNeedsResource
	}
	e.add(s)
}

// decidedBy names the layers that decided.
func (e *Evaluation) decidedBy(o *outcomes) {
	e.DecidedBy = e.deciders[:0]
	add := func(l Layer) {
		if !slices.Contains(e.DecidedBy, l) {
			e.DecidedBy = append(e.DecidedBy, l)
		}
	}
	switch e.Decision {
	case ExplicitDeny:
		for l, d := range o.deny {
			if d == trace.Yes && !e.Query.ignored(Layer(l)) {
				add(Layer(l))
			}
		}
		for l, d := range o.deny {
			if d == trace.Unknown && len(e.DecidedBy) == 0 && !e.Query.ignored(Layer(l)) {
				add(Layer(l))
			}
		}
	case ImplicitDeny:
		for i := range e.Stages {
			if s := &e.Stages[i]; s.State == Stopped {
				add(s.Layer)
				break
			}
		}
		if len(e.DecidedBy) == 0 {
			add(LayerDefault)
		}
	case Allowed:
		if e.Query.special != notSpecial && e.Query.special != ownerRootBucketPolicy {
			add(LayerService)
			return
		}
		for i := range e.Stages {
			if s := &e.Stages[i]; s.State == Granted {
				add(s.Layer)
			}
		}
	}
}
