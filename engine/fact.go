package engine

import (
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// fact is something that nobody knows and that does not differ between the
// checks of a call: what a policy says, or whether a statement, or a part of
// one, matches. A key of the request is none.
//
// That one assumption holds for every check of a call leaves no decision out:
// a policy that allows both is at least as good as one that allows either, and
// a call is denied as soon as one of its checks is.
type fact struct {
	kind   UnknownKind
	policy *policy
	// statement is the statement that is open; nil for a whole policy.
	statement *statement
	// at is the open statement or the part of it that is; nil for a whole policy.
	at *jsonpos.Value
	// yes and no are what a statement does when the open part matches and when it does not.
	yes, no string
}

// fact numbers something that nobody knows.
func (w *World) fact(f fact) int {
	w.unknowns = append(w.unknowns, f)
	return len(w.unknowns) - 1
}

// addFact numbers something that nobody knows about a statement, or about a
// part of it. Whether it matches is then what open says of the number.
func (w *World) addFact(s *statement, f fact) int {
	f.kind, f.policy, f.statement = UnknownStatement, s.policy, s
	n := w.fact(f)
	s.own().facts = append(s.facts, n)
	return n
}

// open is whether the fact of a number holds: what it is assumed to, or Unknown.
func (q *Query) open(number int) trace.Outcome {
	switch q.assumed[number] {
	case assumeUnknown:
		return trace.Unknown
	case assumeSilent:
		return trace.No
	}
	return trace.Yes
}

// asksFor reports whether the outcome of a statement waits for a fact of it.
func (q *Query) asksFor(s *statement, number int) bool {
	if s.source.NotPrincipal && number == s.unclear {
		return q.notPrincipal(s) == trace.Unknown
	}
	return true
}

// ways are how a fact may turn out.
func (f *fact) ways() []way {
	switch f.kind {
	case UnknownStatement:
		return []way{{label: f.yes, assumed: assumeAllow}, {label: f.no, assumed: assumeSilent}}
	}
	return []way{{label: "allows this", assumed: assumeAllow}, {label: "says nothing", assumed: assumeSilent},
		{label: "denies this", assumed: assumeDeny}}
}

// unknown is the fact as a decision reports it.
func (f *fact) unknown() Unknown {
	switch f.kind {
	case UnknownAccount:
		return Unknown{Kind: f.kind, Name: f.policy.stranger, Check: -1}
	case UnknownPart:
		part := f.policy.part
		return Unknown{Kind: f.kind, Name: part.Why, Policy: f.policy.source, At: part.At, Part: part, Check: -1}
	case UnknownStatement:
		name := f.statement.source.Sid
		if name == "" {
			name = string(f.policy.source.PointerTo(f.statement.source.At))
		}
		return Unknown{Kind: f.kind, Name: name, Policy: f.policy.source, At: f.at, Check: -1}
	}
	return Unknown{Kind: f.kind, Name: f.policy.source.Name, Policy: f.policy.source, Check: -1}
}
