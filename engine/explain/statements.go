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
	var out []Statement
	seen := map[int32]bool{}
	for _, step := range e.Steps {
		if step.Kind != trace.Statement || seen[step.Subject] {
			continue
		}
		seen[step.Subject] = true
		s := Statement{Number: step.Subject, Set: int(step.Set), Outcome: step.Outcome, Elements: q.Elements(step.Subject)}
		s.Statement, s.Policy = q.World.Statement(step.Subject)
		for i := range s.Elements {
			el := &s.Elements[i]
			if el.Outcome == trace.No {
				s.Failing++
				s.closeness += closeness(el)
			}
		}
		s.Relevance = relevance(e, &s, slices.Contains(decisive, step.Subject))
		s.Text = statementText(e, &s)
		out = append(out, s)
	}
	stable.Sort(out, func(a, b *Statement) bool {
		switch {
		case a.Relevance != b.Relevance:
			return a.Relevance < b.Relevance
		case a.Failing != b.Failing:
			return a.Failing < b.Failing
		}
		return a.closeness > b.closeness
	})
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
	case s.Outcome == trace.Yes && s.Statement.Effect == engine.Allow && e.Decision != engine.Allowed && e.Decision != engine.Depends:
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
	var failing []string
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

// Missing is the nearest statement and what it lacks.
type Missing struct {
	Statement *Statement
	Text      string
	// Changes are what would have to be different, one phrase each.
	Changes []string
}

// maxNearest is how many near statements are offered.
const maxNearest = 3

// Nearest are, for a denial without a Deny, the Allow statements that lack
// least, and for an explicit denial the Denies with what would make them not
// match. The list is empty for other decisions, and when nothing is near.
func Nearest(e *engine.Evaluation, statements []Statement) []Missing {
	var out []Missing
	switch e.Decision {
	case engine.ImplicitDeny:
		stopping := stoppingSets(e)
		for i := range statements {
			s := &statements[i]
			if s.Statement.Effect == engine.Deny || s.Outcome != trace.No || len(out) == maxNearest || s.Failing > 2 || !slices.Contains(stopping, s.Set) {
				continue
			}
			if s.Relevance != NearMiss && len(out) > 0 {
				continue
			}
			m := Missing{Statement: s}
			for i := range s.Elements {
				if el := &s.Elements[i]; el.Outcome == trace.No {
					m.Changes = append(m.Changes, change(e.Query, el))
				}
			}
			m.Text = Capital(StatementName(s.Statement, s.Policy)) + " comes nearest. It would match with " + Join(m.Changes, "and") + "."
			if len(out) > 0 {
				m.Text = Capital(StatementName(s.Statement, s.Policy)) + " would match with " + Join(m.Changes, "and") + "."
			}
			out = append(out, m)
		}
	case engine.ExplicitDeny:
		for i := range statements {
			s := &statements[i]
			if s.Statement.Effect == engine.Allow || s.Outcome != trace.Yes {
				continue
			}
			m := Missing{Statement: s}
			for i := range s.Elements {
				m.Changes = append(m.Changes, escape(&s.Elements[i]))
			}
			m.Text = Capital(StatementName(s.Statement, s.Policy)) + " denies it. It would not match with " + Join(m.Changes, "or") + "."
			out = append(out, m)
		}
	}
	return out
}

// stoppingSets are the sets of policies of the stages that stopped the request.
func stoppingSets(e *engine.Evaluation) []int {
	var out []int
	for i := range e.Stages {
		if s := &e.Stages[i]; s.State == engine.Stopped || s.State == engine.WouldAlsoStop {
			out = append(out, s.Sets...)
		}
	}
	return out
}

// change is what a failing element would need in order to match.
func change(q *engine.Query, el *engine.Element) string {
	switch el.Name {
	case "Action":
		return "the action " + q.Action
	case "NotAction":
		return q.Action + " not excepted"
	case "Resource":
		return "the resource " + q.Resource
	case "NotResource":
		return q.Resource + " not excepted"
	case "Principal":
		return "the principal " + q.Caller.ARN
	case "NotPrincipal":
		return "the caller not excepted"
	}
	if strings.HasSuffix(string(el.Reason), "key_absent") {
		return el.Key + " in the request"
	}
	values := policyValues(el)
	if values == "" {
		return "another " + el.Key
	}
	return el.Key + " meeting " + el.Operator + " " + values
}

// escape is what would keep a matching Deny from matching.
func escape(el *engine.Element) string {
	switch el.Name {
	case "Action", "NotAction":
		return "another action"
	case "Resource", "NotResource":
		return "another resource"
	case "Principal", "NotPrincipal":
		return "another caller"
	}
	if strings.HasSuffix(string(el.Reason), "matched_because_absent") {
		return el.Key + " in the request"
	}
	return "another " + el.Key
}

// Count is a number with its noun: "1 statement", "2 statements".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
