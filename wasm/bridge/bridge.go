// Package bridge answers the calls of the page about decisions: bytes in, bytes
// out, in the form of package wire. It is plain Go and tested as such.
package bridge

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/report"
	"github.com/iam-playground/iam-playground/wasm/wire"
)

// Version is the engine's version; Rules is the day as of which AWS's rules
// were read.
const (
	Version = "0.1.0"
	Rules   = "2026-11-22"
)

// Bridge keeps between calls what is costly to make: the library of managed
// policies and the last world. The zero value is not ready; use New.
type Bridge struct {
	library *engine.Library
	text    string
	world   *engine.World
	wire    wire.Handler
}

// New is a bridge with an empty library and no world.
func New() *Bridge {
	b := &Bridge{library: engine.NewLibrary()}
	b.wire = wire.Handler{Load: func(scenario string) {
		if b.world == nil || scenario != b.text {
			b.load(scenario)
		}
	}, Do: b.answer, Failed: func() { b.world, b.text = nil, "" }}
	return b
}

// Call answers one call, as [wire.Handler.Answer] does.
func (b *Bridge) Call(in []byte) []byte { return b.wire.Answer(in) }

func (b *Bridge) load(scenario string) {
	b.text, b.world = scenario, engine.NewWorld(engine.Parse(scenario), b.library)
}

func (b *Bridge) answer(w *jsonpos.Writer, op *jsonpos.Value) {
	switch name := wire.Text(op, "op"); name {
	case "about":
		w.Member("engine", Version)
		w.Member("rules", Rules)
		w.Member("libraryDate", b.library.Date)
	case "library":
		count, problem := b.library.Load(wire.Text(op, "text"))
		b.loaded(w, count, problem, b.library.Date)
	case "facts":
		count, problem := b.library.LoadFacts(wire.Text(op, "text"))
		b.loaded(w, count, problem, b.library.FactsDate())
	case "check":
		b.check(w, wire.Text(op, "kind"), wire.Text(op, "text"))
	case "evaluate":
		if b.world == nil {
			w.Member("error", "no scenario was given")
			return
		}
		requests := b.world.Scenario.Requests
		evaluations := make([]*engine.Evaluation, len(requests))
		for i, r := range requests {
			if q := b.world.Query(r); q != nil {
				evaluations[i] = q.Evaluate()
			}
		}
		report.New(b.world, w).Evaluate(evaluations)
	case "explain":
		index, ok := wire.Number(op, "request")
		if b.world == nil || !ok || index >= len(b.world.Scenario.Requests) {
			w.Member("error", "there is no such request")
			return
		}
		var e *engine.Evaluation
		if q := b.world.Query(b.world.Scenario.Requests[index]); q != nil {
			e = q.Evaluate()
		}
		check, ok := wire.Number(op, "check")
		if !ok {
			check = -1
		}
		report.New(b.world, w).Explain(index, check, e)
	default:
		w.Member("error", "unknown operation "+jsonpos.Quote(name))
	}
}

// loaded reports what was added to the library, and loads the scenario anew with it.
func (b *Bridge) loaded(w *jsonpos.Writer, count int, problem *jsonpos.Problem, date string) {
	if problem != nil {
		w.Member("error", problem.Message)
		return
	}
	if b.world != nil {
		b.load(b.text)
	}
	w.MemberInt("count", count)
	w.Member("date", date)
}

// check reports what is wrong with a text that is still being edited.
func (b *Bridge) check(w *jsonpos.Writer, kind, text string) {
	diagnostics, more, valid := engine.CheckText(text, kind, b.library)
	w.MemberBool("valid", valid)
	report.Diagnostics(w, diagnostics, more, jsonpos.NewLines(text))
}
