// Package loops is what make bench repeats: the same code natively and as
// WebAssembly.
package loops

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/report"
)

// Loops is a scenario with its requests made ready.
type Loops struct {
	world   *engine.World
	queries []*engine.Query
	room    []byte // for an answer, as package wire keeps it
}

// New reads a scenario whose requests can all be evaluated.
func New(scenario string) *Loops {
	l := &Loops{world: engine.NewWorld(engine.Parse(scenario), nil)}
	for _, r := range l.world.Scenario.Requests {
		l.queries = append(l.queries, l.world.Query(r))
	}
	return l
}

// Kinds are the kinds of work that Run knows, from the least to the most.
var Kinds = []string{"decide", "explain", "ask", "report"}

// Run does work n times, over the requests in turn: "decide" decides, "explain"
// decides and records every element of every statement and lays out the
// stages, "ask" makes the request ready first and then explains it, "report"
// asks and writes all that the page shows as JSON. It returns how many were
// allowed.
func (l *Loops) Run(kind string, n int) (allowed int) {
	count := func(d engine.Decision) {
		if d == engine.Allowed {
			allowed++
		}
	}
	for i := range n {
		at := i % len(l.queries)
		switch kind {
		case "decide":
			count(l.queries[at].Authorize(nil))
		case "explain":
			count(l.queries[at].Evaluate().Decision)
		case "ask", "report":
			e := l.world.Query(l.world.Scenario.Requests[at]).Evaluate()
			count(e.Decision)
			if kind == "report" {
				w := &jsonpos.Writer{Buf: l.room[:0]}
				report.New(l.world, w).Explain(at, -1, e)
				l.room = w.Buf
			}
		}
	}
	return allowed
}
