package engine

import "strings"

// Check compares the evaluation of a request with its expectation. problems is
// empty when it is met; met is true when there is no expectation.
func (x *Expectation) Check(e *Evaluation) (problems []string, met bool) {
	if x == nil {
		return nil, true
	}
	d := e.Deciding()
	if !x.decisionMet(e) {
		problems = append(problems, "expected "+x.Decision+", found "+e.Overall.String())
	}
	if x.HasDecidedBy {
		found := make([]string, len(d.DecidedBy))
		for i, l := range d.DecidedBy {
			found[i] = l.String()
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
		for _, u := range d.Unknowns {
			found = append(found, u.Name)
		}
		if !sameSet(values(x.DependsOn), found) {
			problems = append(problems, "expected it to depend on "+list(values(x.DependsOn))+", found "+list(found))
		}
	}
	return problems, len(problems) == 0
}

func (x *Expectation) decisionMet(e *Evaluation) bool {
	if x.Decision == "denied" {
		// Denied whichever way an unknown turns out is denied.
		return e.Overall == ExplicitDeny || e.Overall == ImplicitDeny || e.Overall == Depends && !e.Deciding().Possible.Has(Allowed)
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
