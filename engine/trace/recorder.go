package trace

// Kind is what a step looked at.
type Kind uint8

const (
	// Statement closes the elements of one statement, which stand after it.
	Statement Kind = iota
	// Principal is a Principal or NotPrincipal element.
	Principal
	// Action is an Action or NotAction element.
	Action
	// Resource is a Resource or NotResource element.
	Resource
	// Condition is one key under one operator of a Condition element.
	Condition
	// Policy stands for a policy whose text nobody knows.
	Policy
)

// Step is one thing that was looked at, by number.
type Step struct {
	Kind    Kind
	Outcome Outcome
	// Class says how a principal named the caller (steps Principal and Statement).
	Class uint8
	// Index is the number of the condition in its statement.
	Index uint16
	// Set is the number of the policy set in the query (steps Statement and Policy).
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

// Begin reserves the place of a statement's step and returns it.
func (r *Recorder) Begin() int {
	r.Steps = append(r.Steps, Step{})
	return len(r.Steps) - 1
}

// End fills the place that Begin reserved.
func (r *Recorder) End(at int, s Step) { r.Steps[at] = s }
