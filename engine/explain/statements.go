package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/stable"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Relevance is how much a statement had to do with the answer.
type Relevance uint8

const (
	// Decided says that the statement decided.
	Decided Relevance = iota
	// Blocked is an Allow that matched and was of no use.
	Blocked
	// Depends says that the statement waits for something unknown.
	Depends
	// WouldAllow is an Allow that matched without deciding.
	WouldAllow
	// NearMiss is an Allow that lacks little.
	NearMiss
	// NoMatch is every other statement.
	NoMatch
)

// String is the relevance's word in reports.
func (r Relevance) String() string {
	return [...]string{"decided", "blocked", "depends", "wouldAllow", "nearMiss", "noMatch"}[r]
}

// Statement is a statement that was looked at.
type Statement struct {
	Number    int32
	Set       int
	Statement *engine.Statement
	Policy    *engine.Policy
	Outcome   trace.Outcome
	Relevance Relevance
	Elements  []engine.Element
	// Failing is the number of elements that do not match.
	Failing int
	Text    string
	// closeness is how far the failing elements agree, the more the closer.
	closeness int
}

// Statements are all statements that were looked at, each once: what decided
// first, then by relevance, then by closeness.
func Statements(e *engine.Evaluation) []Statement {
	q := e.Query
	decisive := e.Decisive()
	list := make([]Statement, 0, len(e.Steps))
	seen := make(map[int32]bool, len(e.Steps))
	for i := range e.Steps {
		step := &e.Steps[i]
		if step.Kind != trace.Statement || seen[step.Subject] {
			continue
		}
		seen[step.Subject] = true
		list = append(list, Statement{Number: step.Subject, Set: int(step.Set), Outcome: step.Outcome,
			Elements: q.Elements(step.Subject)})
		s := &list[len(list)-1]
		s.Statement, s.Policy = q.World.Statement(step.Subject)
		for i := range s.Elements {
			el := &s.Elements[i]
			if el.Outcome == trace.No {
				s.Failing++
				s.closeness += closeness(el)
			}
		}
		s.Relevance = relevance(e, s, slices.Contains(decisive, step.Subject))
		s.Text = statementText(e, s)
	}
	// Numbers are sorted, which are less to move than statements.
	order := make([]int32, len(list))
	for i := range order {
		order[i] = int32(i)
	}
	stable.Sort(order, func(i, j *int32) bool {
		a, b := &list[*i], &list[*j]
		switch {
		case a.Relevance != b.Relevance:
			return a.Relevance < b.Relevance
		case a.Failing != b.Failing:
			return a.Failing < b.Failing
		}
		return a.closeness > b.closeness
	})
	out := make([]Statement, len(list))
	for i, n := range order {
		out[i] = list[n]
	}
	return out
}

// closeness is how far the best value of a failing element agrees with the
// request, in percent.
func closeness(el *engine.Element) int {
	best := 0
	for i := range el.Comparisons {
		c := &el.Comparisons[i]
		if c.ValueAt > 0 && len(c.Value) > 0 {
			best = max(best, 100*c.ValueAt/len(c.Value))
		}
	}
	return best
}

func relevance(e *engine.Evaluation, s *Statement, decisive bool) Relevance {
	switch {
	case decisive:
		return Decided
	case s.Outcome == trace.Unknown:
		return Depends
	case s.Outcome == trace.Yes && s.Statement.Effect == engine.Allow && e.Decision != engine.Allowed &&
		e.Decision != engine.Depends:
		return Blocked
	case s.Outcome == trace.Yes:
		return WouldAllow
	case s.Statement.Effect == engine.Deny:
		return NoMatch
	case e.Decision == engine.ImplicitDeny && near(s):
		return NearMiss
	}
	return NoMatch
}

// near reports whether an Allow lacks little: one element, or two when the
// action is right.
func near(s *Statement) bool {
	if s.Failing <= 1 {
		return true
	}
	for i := range s.Elements {
		if el := &s.Elements[i]; (el.Name == "Action" || el.Name == "NotAction") && el.Outcome == trace.No {
			return false
		}
	}
	return s.Failing == 2
}

func statementText(e *engine.Evaluation, s *Statement) string {
	effect := s.Statement.Effect.String()
	switch s.Outcome {
	case trace.Yes:
		switch {
		case s.Relevance == Blocked:
			return "This Allow matches, but is of no use here."
		case s.Relevance == Decided && s.Statement.Effect == engine.Deny:
			return "This Deny matches and overrides every Allow."
		case s.Relevance == Decided:
			return "This Allow matches and grants the permission."
		}
		return "This " + effect + " matches."
	case trace.Unknown:
		return "Whether this " + effect + " matches depends on what is unknown."
	}
	var room [8]string
	failing := room[:0]
	for i := range s.Elements {
		if el := &s.Elements[i]; el.Outcome == trace.No {
			name := el.Name
			if name == "Condition" {
				name = "Condition on " + el.Key
			}
			failing = append(failing, name)
		}
	}
	verb := " does not match."
	if len(failing) > 1 {
		verb = " do not match."
	}
	return Join(failing, "and") + verb
}

// NearKind is why a statement is shown among the nearest.
type NearKind uint8

const (
	// NearAllow is an Allow that lacks little.
	NearAllow NearKind = iota
	// NearDeny is a Deny that an allowed request missed by one element.
	NearDeny
	// LiftDeny is a Deny that matched, with what would keep it from matching.
	LiftDeny
)

// String is the kind's word in reports.
func (k NearKind) String() string { return [...]string{"allow", "deny", "lift"}[k] }

// Near is a statement that nearly decided otherwise.
type Near struct {
	Kind      NearKind
	Statement *Statement
	Text      string
	// Changes are what would have to be different: all of them together for a
	// statement that did not match, any of them for a Deny that did.
	Changes []Change
}

// maxNearest is how many near statements are offered.
const maxNearest = 3

// Nearest are the statements that nearly decided otherwise, each with changes
// that were tried. For a denial without a Deny these are the Allows that lack
// least, of every layer that could have granted and of those that stopped; for
// an explicit denial the Denies that matched; for an allowed request the Denies
// that speak of its action and miss it by one element. The list is empty for
// other decisions, and when nothing is near.
func Nearest(e *engine.Evaluation, statements []Statement) []Near {
	var out []Near
	switch e.Decision {
	case engine.ImplicitDeny:
		open := openSets(e)
		for i := range statements {
			s := &statements[i]
			if s.Statement.Effect == engine.Deny || s.Outcome != trace.No || len(out) == maxNearest || s.Failing > 2 ||
				!slices.Contains(open, s.Set) {
				continue
			}
			if s.Relevance != NearMiss && len(out) > 0 || !couldGrant(e, s) {
				continue
			}
			changes, ok := e.Reach(s.Number, s.Elements)
			if !ok {
				continue
			}
			n := Near{Kind: NearAllow, Statement: s, Changes: worded(s.Elements, changes, true)}
			n.Text = opening(s) + " comes nearest. It would match with " + Join(n.changes(), "and") + "."
			if len(out) > 0 {
				n.Text = opening(s) + " would match with " + Join(n.changes(), "and") + "."
			}
			out = append(out, n)
		}
	case engine.ExplicitDeny:
		decisive := e.Decisive()
		for i := range statements {
			s := &statements[i]
			if s.Statement.Effect == engine.Allow || s.Outcome != trace.Yes || !slices.Contains(decisive, s.Number) {
				continue
			}
			n := Near{Kind: LiftDeny, Statement: s, Changes: worded(s.Elements, e.Escape(s.Number, s.Elements), false)}
			n.Text = opening(s) + " denies it."
			if len(n.Changes) > 0 {
				n.Text += " It would not match with " + Join(n.changes(), "or") + "."
			}
			out = append(out, n)
		}
	case engine.Allowed:
		for i := range statements {
			s := &statements[i]
			if s.Statement.Effect == engine.Allow || s.Outcome != trace.No || s.Failing != 1 ||
				len(out) == maxNearest || !saysAction(s) {
				continue
			}
			if changes, ok := e.Reach(s.Number, s.Elements); ok {
				n := Near{Kind: NearDeny, Statement: s, Changes: worded(s.Elements, changes, true)}
				n.Text = opening(s) + " would deny it with " + Join(n.changes(), "and") + "."
				out = append(out, n)
			}
		}
	}
	return out
}

// changes are the words of the changes.
func (n *Near) changes() []string {
	out := make([]string, len(n.Changes))
	for i := range n.Changes {
		out[i] = n.Changes[i].Text
	}
	return out
}

// saysAction reports whether a statement speaks of the request's action.
func saysAction(s *Statement) bool {
	for i := range s.Elements {
		if el := &s.Elements[i]; strings.HasSuffix(el.Name, "Action") {
			return el.Outcome == trace.Yes
		}
	}
	return false
}

// openSets are the sets of policies with no Allow where one would have helped:
// those of the layers that grant, and of the stages and levels that stopped.
func openSets(e *engine.Evaluation) []int {
	var out []int
	// What the caller's own policies lack, a resource's policy could give.
	ownStopped := false
	for i := range e.Stages {
		s := &e.Stages[i]
		own := s.ID == engine.StageIdentity || s.ID == engine.StageBoundary || s.ID == engine.StageSession
		ownStopped = ownStopped || own && (s.State == engine.Stopped || s.State == engine.WouldAlsoStop)
	}
	for i := range e.Stages {
		s := &e.Stages[i]
		stopped := s.State == engine.Stopped || s.State == engine.WouldAlsoStop
		switch {
		case len(s.Levels) > 0:
			for j := range s.Levels {
				if l := &s.Levels[j]; l.State == engine.Stopped || l.State == engine.WouldAlsoStop {
					out = append(out, l.Set)
				}
			}
		case stopped && s.ID != engine.StageExplicitDeny, silent(s) && ownStopped:
			out = append(out, s.Sets...)
		}
	}
	return out
}

// silent reports whether a stage is that of a resource's policy that could have
// granted by itself, and did not have to.
func silent(s *engine.Stage) bool {
	return s.ID == engine.StageResource && (s.Reason == trace.ResourceSilent || s.Reason == trace.ResourceDelegates)
}

// couldGrant reports whether an Allow of a set that nothing asked for would
// have helped: in a resource's policy, one that names more than the account,
// which by itself only delegates.
func couldGrant(e *engine.Evaluation, s *Statement) bool {
	for i := range e.Stages {
		if stage := &e.Stages[i]; silent(stage) && slices.Contains(stage.Sets, s.Set) {
			return len(s.Elements) > 0 && s.Elements[0].Reason != trace.PrincipalAccount
		}
	}
	return true
}

// Count is a number with its noun: "1 statement", "2 statements".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
