package engine

// Budget is how many steps a check may take in all, and Left how many its
// evaluation, with what its answer rests on, has not taken.
func (q *Query) Budget() int { return q.cost + q.steps }

// Left is what an evaluation has left, after it and what its answer rests on.
func (e *Evaluation) Left() int {
	left := *e.work
	for _, a := range e.AbsentKeys() {
		if !a.Untried {
			continue
		}
		left.left = 0
	}
	return left.left
}

// MaxSteps is the budget of a document.
const MaxSteps = maxSteps
