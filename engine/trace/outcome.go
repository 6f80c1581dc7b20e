// Package trace is the vocabulary of an evaluation's record: the three truth
// values of matching, the steps that were taken, and the catalogue of reasons.
//
// It knows no policies and holds no text of a user: a step points to what was
// looked at by number, and package explain turns it into sentences.
package trace

// Outcome is what matching says: No, Unknown or Yes, in that order, so that
// the smaller is the conjunction and the greater the disjunction.
type Outcome uint8

const (
	// No says that the thing does not match.
	No Outcome = iota
	// Unknown says that the facts given do not settle whether it matches.
	Unknown
	// Yes says that it matches.
	Yes
)

// And is Kleene's conjunction.
func And(a, b Outcome) Outcome { return min(a, b) }

// Or is Kleene's disjunction.
func Or(a, b Outcome) Outcome { return max(a, b) }

// Not is Kleene's negation.
func Not(a Outcome) Outcome { return Yes - a }

// Of is Yes for true and No for false.
func Of(b bool) Outcome {
	if b {
		return Yes
	}
	return No
}

// String is "no", "unknown" or "yes".
func (o Outcome) String() string {
	switch o {
	case Yes:
		return "yes"
	case Unknown:
		return "unknown"
	}
	return "no"
}
