package engine

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Expected is what the author of a request expects of its answer, next to the answer.
type Expected struct {
	// Text is the expectation in words: "allowed, decided by identity; the volume: denied".
	Text string
	// Problems are what is not met; it is empty when all is.
	Problems []string
	// At is where the first expectation stands.
	At *jsonpos.Value
}

// Met reports whether the answer is the expected one.
func (x *Expected) Met() bool { return len(x.Problems) == 0 }

// Expected compares the answer to a call with what is expected of the whole
// call and of each of its further checks. It is nil when nothing is. e is nil
// for a request that cannot be evaluated.
func (r *Request) Expected(e *Evaluation) *Expected {
	out := r.Expect.expected("", e)
	for i := range r.Also {
		c := &r.Also[i]
		var own *Evaluation
		if e != nil {
			own = e.Further(i)
		}
		one := c.Expect.expected(c.Title()+": ", own)
		switch {
		case one == nil:
		case out == nil:
			out = one
		default:
			out.Text += "; " + one.Text
			out.Problems = append(out.Problems, one.Problems...)
		}
	}
	return out
}

// Expected compares the answer to a further check with what is expected of it.
// It is nil when nothing is.
func (c *Check) Expected(e *Evaluation) *Expected { return c.Expect.expected("", e) }

// expected compares an answer with the expectation; name stands before what it says.
func (x *Expectation) expected(name string, e *Evaluation) *Expected {
	if x == nil {
		return nil
	}
	out := &Expected{At: x.At, Text: name + x.String()}
	if e == nil {
		out.Problems = []string{name + "the request cannot be evaluated"}
		return out
	}
	for _, p := range x.check(e) {
		out.Problems = append(out.Problems, name+p)
	}
	return out
}

// check is what of the expectation an answer does not meet.
func (x *Expectation) check(e *Evaluation) (problems []string) {
	d := e.Deciding()
	switch {
	case !e.Call.Exact:
		return []string{"expected " + x.Decision +
			", found that trying every way would take more steps than one request may"}
	case !x.decisionMet(e):
		problems = append(problems, "expected "+x.Decision+", found "+e.Overall.String())
	}
	if x.HasDecidedBy {
		var found []string
		for _, l := range e.CallDecidedBy() {
			found = append(found, l.String())
		}
		if !sameSet(values(x.DecidedBy), found) {
			problems = append(problems, "expected it to be decided by "+list(values(x.DecidedBy))+", found "+list(found))
		}
	}
	if x.HasStatements {
		problems = append(problems, x.statements(d)...)
	}
	if x.HasDependsOn {
		var found []string
		for _, u := range e.Call.Unknowns {
			found = append(found, u.Name)
		}
		if !sameSet(values(x.DependsOn), found) {
			problems = append(problems, "expected it to depend on "+list(values(x.DependsOn))+", found "+list(found))
		}
	}
	return problems
}

func (x *Expectation) decisionMet(e *Evaluation) bool {
	if x.Decision == "denied" {
		// Denied whichever way an unknown turns out is denied.
		return e.Overall == ExplicitDeny || e.Overall == ImplicitDeny ||
			e.Overall == Depends && !e.Call.Possible.Has(Allowed)
	}
	return x.Decision == e.Overall.String()
}

// statements compares the deciding statements: each that is expected, by Sid
// or by pointer, and no other.
func (x *Expectation) statements(e *Evaluation) []string {
	type deciding struct{ sid, pointer string }
	var found []deciding
	for _, n := range e.Decisive() {
		s, p := e.Query.World.Statement(n)
		found = append(found, deciding{s.Sid, string(p.PointerTo(s.At))})
	}
	used := make([]bool, len(found))
	var problems []string
	for _, want := range x.Statements {
		ok := false
		for i, f := range found {
			if want.Value == f.sid || want.Value == f.pointer {
				used[i], ok = true, true
			}
		}
		if !ok {
			problems = append(problems, "expected the statement "+quote(want.Value)+" to decide, and it did not")
		}
	}
	for i, f := range found {
		if !used[i] {
			name := f.sid
			if name == "" {
				name = f.pointer
			}
			problems = append(problems, "the statement "+quote(name)+" decided as well, and was not expected to")
		}
	}
	return problems
}

// Decisive are the numbers of the statements that decided: the Denies that
// matched, or the Allows that granted. An implicit denial has none.
func (e *Evaluation) Decisive() []int32 {
	var out []int32
	for i := range e.Stages {
		s := &e.Stages[i]
		if s.State == Granted && e.Decision == Allowed || s.State == Stopped && s.ID == StageExplicitDeny {
			out = append(out, s.Statements...)
		}
	}
	return out
}

func values(list []Text) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = t.Value
	}
	return out
}

// sameSet compares without regard to order, case or repetition.
func sameSet(a, b []string) bool {
	within := func(a, b []string) bool {
		for _, x := range a {
			found := false
			for _, y := range b {
				found = found || strings.EqualFold(x, y)
			}
			if !found {
				return false
			}
		}
		return true
	}
	return within(a, b) && within(b, a)
}

// String is the expectation in words: "allowed, decided by identity".
func (x *Expectation) String() string {
	out := x.Decision
	if x.HasDecidedBy {
		out += ", decided by " + list(values(x.DecidedBy))
	}
	if x.HasStatements {
		out += ", by the statements " + list(values(x.Statements))
	}
	if x.HasDependsOn {
		out += ", depending on " + list(values(x.DependsOn))
	}
	return out
}
