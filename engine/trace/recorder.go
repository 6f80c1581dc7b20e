package trace

// Kind is what a step looked at.
type Kind uint8

const (
	// Statement is a statement of a policy.
	Statement Kind = iota
	// Policy stands for a policy whose text nobody knows.
	Policy
)

// Step is one thing that was looked at, by number.
type Step struct {
	Kind    Kind
	Outcome Outcome
	// Principal, Action, Resource and Conditions are what the elements of a
	// statement say: the outcome is the conjunction of the four.
	Principal, Action, Resource, Conditions Outcome
	// Class says how the principal element named the caller.
	Class uint8
	// Better is a class in which an unknown part may name the caller as well; 0 for none.
	Better uint8
	// Set is the number of the policy set in the query.
	Set uint16
	// Subject is the number of the statement in the world, or of the unknown policy.
	Subject int32
}

// Recorder collects the steps of one evaluation. A nil recorder is none.
type Recorder struct {
	Steps []Step
}

// Reset empties the recorder and keeps its memory.
func (r *Recorder) Reset() { r.Steps = r.Steps[:0] }

// Add records a step.
func (r *Recorder) Add(s Step) { r.Steps = append(r.Steps, s) }
