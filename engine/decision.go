package engine

// Decision is the answer to a request, in the words of AWS's EvalDecisionType,
// and Depends when the known facts do not settle it.
type Decision uint8

const (
	// Invalid says that the request itself cannot be evaluated; its diagnostics say why.
	Invalid Decision = iota
	// Allowed says that nothing denies and everything that must allow does.
	Allowed
	// ExplicitDeny says that a statement with Effect Deny matched.
	ExplicitDeny
	// ImplicitDeny says that no Deny matched, and something that must allow does not.
	ImplicitDeny
	// Depends says that what is unknown decides.
	Depends
)

var decisionNames = [...]string{"invalid", "allowed", "explicitDeny", "implicitDeny", "depends"}

// String is the decision's word in documents and reports.
func (d Decision) String() string { return decisionNames[d] }

// Decisions is a set of decisions.
type Decisions uint8

func (s Decisions) with(d Decision) Decisions { return s | 1<<d }

// Has reports whether d is in the set.
func (s Decisions) Has(d Decision) bool { return s&(1<<d) != 0 }

// List is the set's members in the order Allowed, ExplicitDeny, ImplicitDeny.
func (s Decisions) List() []Decision {
	var out []Decision
	for d := Allowed; d <= ImplicitDeny; d++ {
		if s.Has(d) {
			out = append(out, d)
		}
	}
	return out
}

func (s Decisions) single() (Decision, bool) {
	switch s {
	case 1 << Allowed:
		return Allowed, true
	case 1 << ExplicitDeny:
		return ExplicitDeny, true
	case 1 << ImplicitDeny:
		return ImplicitDeny, true
	}
	return Depends, false
}
