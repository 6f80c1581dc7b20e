package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// untruths are what an evaluation of one check shows that its decision belies.
func untruths(e *engine.Evaluation) []string {
	var out []string
	decision := e.Decision.String()
	never := func(is bool, parts ...string) {
		if is {
			out = append(out, decision+" by "+layersOf(e)+", and "+strings.Join(parts, " "))
		}
	}
	settled := e.Decision != engine.Depends
	denied := e.Decision == engine.ExplicitDeny || e.Decision == engine.ImplicitDeny

	never(settled && (len(e.Possible.List()) != 1 || !e.Possible.Has(e.Decision)), "other decisions are possible")
	never(!settled && e.Exact && len(e.Possible.List()) < 2, "one decision alone is possible")
	never(settled == (len(e.Unknowns) > 0), "the unknowns say the contrary")
	never(settled && len(e.DecidedBy) == 0, "nothing decided")

	var stopped, granted, open []engine.Layer
	for i := range e.Stages {
		s := &e.Stages[i]
		stage := "the stage " + string(s.ID)
		states := []engine.StageState{s.State}
		for _, l := range s.Levels {
			states = append(states, l.State)
			never(l.State == engine.Stopped && s.State != engine.Stopped, stage,
				"has a level that stopped, and is itself", s.State.String())
		}
		for _, state := range states {
			never(settled && state == engine.StageDepends, stage, "depends")
			never(e.Possible.Has(engine.Allowed) && (state == engine.Stopped || state == engine.WouldAlsoStop), stage,
				"is", state.String())
		}
		switch s.State {
		case engine.Stopped:
			layers := []engine.Layer{s.Layer}
			if s.ID == engine.StageExplicitDeny {
				layers = layersOfStatements(e, s.Statements)
			}
			stopped = append(stopped, layers...)
			never((e.Decision == engine.ExplicitDeny) != (s.ID == engine.StageExplicitDeny), stage, "stopped")
			never(s.Reason == "", stage, "stopped without a reason")
		case engine.Granted:
			granted = append(granted, s.Layer)
		case engine.StageDepends:
			open = append(open, s.Layer)
		}
	}
	never(denied && !sameLayers(stopped, e.DecidedBy), "what stopped is", layerWords(stopped))
	never(e.Decision == engine.Allowed && !sameLayers(granted, e.DecidedBy), "what granted is", layerWords(granted))
	never(!settled && len(open) == 0, "no stage depends")

	decisive := e.Decisive()
	for _, s := range explain.Statements(e) {
		never((s.Relevance == explain.Decided) != slices.Contains(decisive, s.Number), "a statement is shown as",
			s.Relevance.String())
	}
	for i := range e.Stages {
		text := explain.DescribeStage(e, &e.Stages[i])
		never(text.Text == "" || text.Title == "", "the stage", string(e.Stages[i].ID), "has no words")
	}
	for _, n := range decisive {
		s, _ := e.Query.World.Statement(n)
		never(e.Decision != engine.Allowed && e.Decision != engine.ExplicitDeny, "a statement decided")
		never((s.Effect == engine.Deny) != (e.Decision == engine.ExplicitDeny), "a statement decided that says",
			s.Effect.String())
		never(outcomeOf(e, n) == trace.No, "a statement decided that does not match")
	}
	return out
}

// outcomeOf is whether a statement matches.
func outcomeOf(e *engine.Evaluation, number int32) trace.Outcome {
	for _, step := range e.Steps {
		if step.Kind == trace.Statement && step.Subject == number {
			return step.Outcome
		}
	}
	return trace.No
}

// layersOfStatements are the layers in which statements stand.
func layersOfStatements(e *engine.Evaluation, numbers []int32) []engine.Layer {
	var out []engine.Layer
	sets := e.Query.Sets()
	for _, step := range e.Steps {
		if step.Kind == trace.Statement && slices.Contains(numbers, step.Subject) {
			out = append(out, sets[step.Set].Layer)
		}
	}
	return out
}

func sameLayers(a, b []engine.Layer) bool {
	within := func(a, b []engine.Layer) bool {
		return !slices.ContainsFunc(a, func(l engine.Layer) bool { return !slices.Contains(b, l) })
	}
	return within(a, b) && within(b, a)
}

func layerWords(list []engine.Layer) string {
	var out []string
	for _, l := range list {
		out = append(out, l.String())
	}
	return strings.Join(out, "+")
}

// misstatements are what the message of a call says that its decision belies.
func misstatements(e *engine.Evaluation) []string {
	var out []string
	message, d := explain.Message(e), e.Deciding()
	never := func(is bool, what string) {
		if is {
			out = append(out, e.Overall.String()+" by "+layersOf(d)+", and the message "+what+": "+message)
		}
	}
	explicit := strings.Contains(message, "with an explicit deny in")
	refused := strings.Contains(message, "is not authorized to perform")
	lacking := strings.Contains(message, "because no ")
	service := slices.Contains(d.DecidedBy, engine.LayerService) ||
		slices.Contains(d.DecidedBy, engine.LayerCredentials)
	never(d.Decision != e.Overall && e.Overall != engine.Depends, "is of another check")
	never(explicit != (e.Overall == engine.ExplicitDeny), "is of another denial")
	never(e.Overall == engine.Allowed && (refused || lacking || explicit), "denies")
	never(e.Overall == engine.Depends && (refused || lacking || explicit), "decides")
	never((e.Overall == engine.Allowed) != strings.Contains(message, " may perform "), "allows, or does not")
	stopped := d.Stopped()
	ofAWS := stopped != nil && stopped.Reason == trace.OwnedByAWS
	never(service && ofAWS && refused && e.Overall == engine.ImplicitDeny, "has the words of policies")
	if e.Overall == engine.ExplicitDeny || e.Overall == engine.ImplicitDeny {
		never(!service && !refused, "does not deny")
		named := false
		for _, l := range d.DecidedBy {
			kind := map[engine.Layer]string{
				engine.LayerIdentity: "identity-based policy", engine.LayerResource: "resource-based policy",
				engine.LayerKeyPolicy: "resource-based policy",
				engine.LayerTrust:     "trust policy", engine.LayerBoundary: "permissions boundary",
				engine.LayerSession: "session policy",
				engine.LayerSCP:     "service control policy", engine.LayerRCP: "resource control policy",
				engine.LayerVPCE: "VPC endpoint policy",
			}[l]
			named = named || kind == "" || strings.Contains(message, kind)
		}
		never(!named && (explicit || lacking), "names none that decided")
	}
	return out
}

// unmet is what an expectation does not find met that says of a call what its
// evaluation says, or that it finds met though it says something else.
func unmet(e *engine.Evaluation) []string {
	d := e.Deciding()
	x := &engine.Expectation{Decision: e.Overall.String(), HasDecidedBy: true, HasStatements: true}
	for _, l := range e.CallDecidedBy() {
		x.DecidedBy = append(x.DecidedBy, engine.Text{Value: l.String()})
	}
	for _, n := range d.Decisive() {
		s, p := d.Query.World.Statement(n)
		x.Statements = append(x.Statements, engine.Text{Value: string(p.PointerTo(s.At))})
	}
	expected := func(x *engine.Expectation) *engine.Expected { return (&engine.Check{Expect: x}).Expected(e) }
	if !e.Call.Exact {
		return nil // then no expectation is met
	}
	problems := expected(x).Problems
	for decision := engine.Allowed; decision <= engine.Depends; decision++ {
		if expected(&engine.Expectation{Decision: decision.String()}).Met() != (decision == e.Overall) {
			problems = append(problems,
				"an expectation of "+decision.String()+" is met, or is not, by "+e.Overall.String())
		}
	}
	denied := e.Overall != engine.Allowed && (e.Overall != engine.Depends || !e.Call.Possible.Has(engine.Allowed))
	if expected(&engine.Expectation{Decision: "denied"}).Met() != denied {
		problems = append(problems, "an expectation of a denial is met, or is not, by "+e.Overall.String())
	}
	return problems
}

// lies are what a document's evaluations say against each other; "" if they
// agree. "" too for a document with errors.
func lies(document string) string {
	w := engine.NewWorld(engine.Parse(document), nil)
	for _, d := range w.Diagnostics {
		if d.Severity == engine.Error {
			return ""
		}
	}
	for _, r := range w.Scenario.Requests {
		q := w.Query(r)
		if q == nil {
			return ""
		}
		e := q.Evaluate()
		var found []string
		for _, e := range append([]*engine.Evaluation{e}, e.Also...) {
			found = append(found, untruths(e)...)
		}
		if found = slices.Concat(found, misstatements(e), unmet(e)); len(found) > 0 {
			return r.Name + ": " + strings.Join(found, "; ")
		}
	}
	return ""
}

func checkTruth(t *testing.T, seed uint64) {
	g := newGenerator(seed)
	g.unknowns = g.chance(50)
	document := encode(g.scenario(6))
	if lies(document) != "" {
		report(t, seed, document, lies)
	}
}

func TestWhatIsShownImpliesWhatIsDecided(t *testing.T) {
	seed := seedOf(t)
	for i := range uint64(cases(300)) {
		checkTruth(t, seed+i)
	}
}

func FuzzWhatIsShownImpliesWhatIsDecided(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkTruth)
}
