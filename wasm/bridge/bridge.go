// Package bridge answers the page's calls: bytes in, bytes out, several
// operations in one call. It is plain Go and tested as such.
//
// A call is {"api":1,"scenario":"…","ops":[{"id":"a","op":"evaluate"},…]}; the
// answer has one result per operation, in order. Mistakes of the user are
// diagnostics inside results; an answer with "ok":false is a mistake of ours.
package bridge

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/lint"
	"github.com/iam-playground/iam-playground/engine/report"
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
	catalog *catalog.Catalog // nil until loaded
	text    string
	world   *engine.World
}

// New is a bridge with an empty library and no world.
func New() *Bridge { return &Bridge{library: engine.NewLibrary()} }

// Call answers one call. It never panics: what should not happen comes back
// as an answer with "ok":false.
func (b *Bridge) Call(in []byte) (out []byte) {
	defer func() {
		if p := recover(); p != nil {
			b.world, b.text = nil, ""
			out = failure(reason(p))
		}
	}()
	call := jsonpos.Parse(string(in), jsonpos.Limits{})
	if len(call.Problems) > 0 || call.Root == nil {
		return failure("the call is not JSON")
	}
	if api := call.Root.Member("api"); api == nil || api.Text != "1" {
		return failure("the call is not of version 1")
	}
	if s := call.Root.Member("scenario"); s != nil && s.Kind == jsonpos.String && (b.world == nil || s.Text != b.text) {
		b.load(s.Text)
	}
	w := &jsonpos.Writer{}
	w.BeginObject()
	w.MemberInt("api", 1)
	w.MemberBool("ok", true)
	w.Key("results")
	w.BeginArray()
	if ops := call.Root.Member("ops"); ops != nil {
		for _, op := range ops.Items {
			w.BeginObject()
			w.Member("id", text(op, "id"))
			w.Member("op", text(op, "op"))
			b.answer(w, op)
			w.EndObject()
		}
	}
	w.EndArray()
	w.EndObject()
	return w.Buf
}

func (b *Bridge) load(scenario string) {
	b.text, b.world = scenario, engine.NewWorld(engine.Parse(scenario), b.library)
}

func (b *Bridge) answer(w *jsonpos.Writer, op *jsonpos.Value) {
	switch name := text(op, "op"); name {
	case "about":
		w.Member("engine", Version)
		w.Member("rules", Rules)
		w.Member("libraryDate", b.library.Date)
	case "library":
		count, problem := b.library.Load(text(op, "text"))
		if problem != nil {
			w.Member("error", problem.Message)
			return
		}
		if b.world != nil {
			b.load(b.text)
		}
		w.MemberInt("count", count)
		w.Member("date", b.library.Date)
	case "catalog":
		c, err := catalog.Load(text(op, "text"))
		if err != nil {
			w.Member("error", err.Error())
			return
		}
		b.catalog = c
		w.MemberInt("services", len(c.Services()))
		w.Member("date", c.Date())
	case "check":
		b.check(w, text(op, "kind"), text(op, "text"))
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
		report.New(b.world, w).Evaluate(evaluations, b.diagnostics())
	case "explain":
		index, ok := number(op, "request")
		if b.world == nil || !ok || index >= len(b.world.Scenario.Requests) {
			w.Member("error", "there is no such request")
			return
		}
		var e *engine.Evaluation
		if q := b.world.Query(b.world.Scenario.Requests[index]); q != nil {
			e = q.Evaluate()
		}
		report.New(b.world, w).Explain(index, e)
	default:
		w.Member("error", "unknown operation "+jsonpos.Quote(name))
	}
}

// diagnostics are the world's and, once the catalogue is loaded, those of lint.
func (b *Bridge) diagnostics() []engine.Diagnostic {
	if b.catalog == nil {
		return b.world.Diagnostics
	}
	return engine.Sorted(b.world.Diagnostics, lint.Actions(b.world.Scenario, b.catalog))
}

// check reports what is wrong with a text that is still being edited.
func (b *Bridge) check(w *jsonpos.Writer, kind, text string) {
	diagnostics, valid := engine.CheckText(text, kind, b.library)
	w.MemberBool("valid", valid)
	w.Key("diagnostics")
	report.Diagnostics(w, diagnostics, jsonpos.NewLines(text))
}

func text(v *jsonpos.Value, key string) string {
	if m := v.Member(key); m != nil && m.Kind == jsonpos.String {
		return m.Text
	}
	return ""
}

// number reads a whole number that is not negative.
func number(v *jsonpos.Value, key string) (n int, ok bool) {
	m := v.Member(key)
	if m == nil || m.Kind != jsonpos.Number || len(m.Text) > 9 {
		return 0, false
	}
	for _, c := range m.Text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

func failure(message string) []byte {
	w := &jsonpos.Writer{}
	w.BeginObject()
	w.MemberInt("api", 1)
	w.MemberBool("ok", false)
	w.Member("error", message)
	w.EndObject()
	return w.Buf
}

func reason(p any) string {
	switch p := p.(type) {
	case error:
		return p.Error()
	case string:
		return p
	}
	return "the engine failed"
}
