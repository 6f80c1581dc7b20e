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
	StagePublicAccess StageID = "publicAccessBlock"
	StageRCP          StageID = "rcp"
	StageSCP          StageID = "scp"
	StageResource     StageID = "resource"
	StageIdentity     StageID = "identity"
	StageBoundary     StageID = "boundary"
	StageSession      StageID = "session"
	StageRoot         StageID = "root"
)

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
	work     *work  // what is left; the evaluations of a call share it
	used     []bool // the slots of the keys that are asked for; nil before Used was called
	tries    *work  // what is left for changes that are offered; nil before any was looked for
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
	var f flow
	q.flow(&e.outcomes, &f)
	e.Possible = f.decisions()
	decision, settled := e.Possible.single()
	if !settled {
		a := settle([]*Query{q}, e.work)
		decision, e.Possible, e.Unknowns, e.Exact = a.Decision, a.Possible, a.Unknowns, a.Exact
	}
	e.Decision = decision
	e.print(&f)
	e.decidedBy()
	e.tell()
	return e
}

// print lays the gates out as stages: which of them stopped the request,
// granted it, would also stop it, or did not matter.
func (e *Evaluation) print(f *flow) {
	e.Stages = make([]Stage, 0, f.count)
	p := printer{flow: f, decision: e.Decision, blocked: e.Decision == ExplicitDeny}
	for i := range f.list() {
		g := &f.gates[i]
		p.blocked = p.blocked || g.id != StageExplicitDeny && g.through() == trace.No
	}
	for i := range f.list() {
		g := &f.gates[i]
		s := Stage{ID: g.id, Layer: g.layer, Reason: g.reason}
		s.State = p.state(g, &s.Reason)
		e.sets(&s)
		e.Stages = append(e.Stages, s)
	}
}

// printer turns gates into stages in their order.
type printer struct {
	flow     *flow
	decision Decision
	// blocked says that some gate is closed whichever way the unknowns turn out.
	blocked bool
	// ended says that an earlier stage has decided.
	ended bool
}

// state is the state of a gate's stage. Where the decision gives the reason
// and not the gate itself, the reason is replaced.
func (p *printer) state(g *gate, reason *trace.Reason) StageState {
	if ruled := p.flow.ruled; ruled == Allowed {
		switch {
		case g.isRule() && p.decision == Depends && g.through() == trace.Unknown:
			return StageDepends
		case g.isRule():
			return g.open
		}
		if g.through() != trace.Yes || g.open == StageDepends {
			*reason = trace.ServiceDecides
			return NotReached
		}
		return p.passed(g, true)
	}
	switch through := g.through(); {
	case through == trace.No && p.decision == Depends:
		return WouldAlsoStop
	case through == trace.No && p.ended:
		return WouldAlsoStop
	case through == trace.No:
		p.ended = true
		return Stopped
	case through == trace.Yes && g.open != StageDepends:
		return p.passed(g, p.ended)
	}
	switch p.decision {
	case Depends:
		return StageDepends
	case Allowed:
		return p.allowedEitherWay(g, reason)
	}
	switch deny := g.id == StageExplicitDeny; {
	case deny && p.decision == ImplicitDeny:
		*reason = trace.NoExplicitDeny // whichever way the unknowns turn out
		return Passed
	case deny && !p.ended, !p.blocked && !p.ended && g.need != trace.No:
		p.ended = true
		*reason = trace.DeniesEitherWay
		return Stopped
	}
	*reason = trace.DoesNotMatter
	return NotReached
}

// passed is the state of a gate that the request gets past.
func (p *printer) passed(g *gate, ended bool) StageState {
	if ended && (g.open == Granted || g.open == Passed) && g.id != StageExplicitDeny {
		return NotReached
	}
	if g.id == StageExplicitDeny && p.decision == ExplicitDeny {
		return NotReached
	}
	return g.open
}

// allowedEitherWay is the state of a gate that an unknown decides, in a request
// that is allowed whichever way it turns out.
func (p *printer) allowedEitherWay(g *gate, reason *trace.Reason) StageState {
	switch {
	case g.id == StageExplicitDeny:
		*reason = trace.NoExplicitDeny
		return Passed
	case g.pass == trace.No && g.layer == LayerIdentity:
		*reason = trace.NotNeeded
		return NotReached
	case g.pass == trace.No:
		*reason = trace.Overridden
		return NotReached
	case g.need == trace.No && p.flow.own == trace.Yes:
		*reason = trace.DoesNotMatter
		return NotReached
	}
	*reason = trace.AllowsEitherWay
	if g.layer.Info().Role == Grants {
		return Granted
	}
	return Passed
}

// sets fills in the policies and statements behind a stage.
func (e *Evaluation) sets(s *Stage) {
	q := e.Query
	switch s.Layer.Info().Role {
	case Rules:
		if s.ID == StageExplicitDeny {
			e.denySets(s)
		}
		return
	case Grants, Filters:
		s.Sets = q.setsOf(s.Layer)
	}
	if s.Layer == LayerSCP || s.Layer == LayerRCP {
		e.levels(s)
		return
	}
	if s.Reason != trace.OwnerRootBucketPolicy {
		s.Statements = e.matched(s.Sets, Allow, trace.Yes)
	}
}

func (e *Evaluation) denySets(s *Stage) {
	q := e.Query
	s.Sets = q.numbers
	if slices.ContainsFunc(q.sets, func(set set) bool { return q.exempt(set.layer) }) {
		s.Sets = slices.DeleteFunc(slices.Clone(q.numbers), func(n int) bool { return q.exempt(q.sets[n].layer) })
	}
	switch s.State {
	case Stopped, WouldAlsoStop, NotReached:
		if s.Statements = e.matched(s.Sets, Deny, trace.Yes); len(s.Statements) > 0 {
			return
		}
		s.Statements = e.matched(s.Sets, Deny, trace.Unknown)
	case StageDepends:
		s.Statements = e.matched(s.Sets, Deny, trace.Unknown)
	}
}

// levels fills in the levels of an organization behind a stage.
func (e *Evaluation) levels(s *Stage) {
	if len(s.Sets) == 0 {
		return
	}
	from := len(e.numbers)
	s.Levels = make([]Level, 0, len(s.Sets))
	for i, n := range s.Sets {
		level := Level{Name: e.Query.sets[n].name, Set: n, Statements: e.matched(s.Sets[i:i+1], Allow, trace.Yes)}
		allows := trace.No
		switch {
		case len(level.Statements) > 0 || e.assumedAllow(n):
			allows = trace.Yes
		case e.open(n):
			allows = trace.Unknown
		}
		level.State = s.levelState(allows)
		s.Levels = append(s.Levels, level)
	}
	s.Statements = e.numbers[from:len(e.numbers):len(e.numbers)]
}

// levelState is the state of a level that allows or does not, within its stage.
func (s *Stage) levelState(allows trace.Outcome) StageState {
	switch {
	case allows == trace.Yes && s.State == NotReached:
		return NotReached
	case allows == trace.Yes:
		return Passed
	case allows == trace.Unknown && s.Reason == trace.DeniesEitherWay:
		return Stopped
	case allows == trace.Unknown && (s.State == Stopped || s.State == WouldAlsoStop):
		return NotReached
	}
	return s.State
}

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
			if s := &steps[i]; s.Outcome == outcome && s.Kind == trace.Statement &&
				e.Query.World.statements[s.Subject].source.Effect == effect {
				e.numbers = append(e.numbers, s.Subject)
			}
		}
	}
	return e.numbers[from:len(e.numbers):len(e.numbers)]
}

func (e *Evaluation) assumedAllow(set int) bool {
	return slices.ContainsFunc(e.stepsOf(set),
		func(s trace.Step) bool { return s.Kind == trace.Policy && s.Outcome == trace.Yes })
}

// open reports whether an unknown decides whether a set allows.
func (e *Evaluation) open(set int) bool {
	return slices.ContainsFunc(e.stepsOf(set), func(s trace.Step) bool {
		return s.Outcome == trace.Unknown && (s.Kind == trace.Policy ||
			s.Kind == trace.Statement && e.Query.World.statements[s.Subject].source.Effect == Allow)
	})
}

// decidedBy names the layers that decided: those that deny, the first that
// stopped, or those that granted.
func (e *Evaluation) decidedBy() {
	e.DecidedBy = e.deciders[:0]
	add := func(l Layer) {
		if !slices.Contains(e.DecidedBy, l) {
			e.DecidedBy = append(e.DecidedBy, l)
		}
	}
	switch e.Decision {
	case ExplicitDeny:
		for _, outcome := range [...]trace.Outcome{trace.Yes, trace.Unknown} {
			for l, d := range e.outcomes.deny {
				if d == outcome && !e.Query.exempt(Layer(l)) && (outcome == trace.Yes || len(e.DecidedBy) == 0) {
					add(Layer(l))
				}
			}
		}
	case ImplicitDeny:
		if s := e.Stopped(); s != nil {
			add(s.Layer)
		} else {
			add(LayerDefault)
		}
	case Allowed:
		for i := range e.Stages {
			if s := &e.Stages[i]; s.State == Granted {
				add(s.Layer)
			}
		}
	}
}

// Stopped is the stage that stopped the request; nil when none did.
func (e *Evaluation) Stopped() *Stage {
	for i := range e.Stages {
		if e.Stages[i].State == Stopped {
			return &e.Stages[i]
		}
	}
	return nil
}
