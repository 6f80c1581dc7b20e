// Package report writes answers as the JSON that the page reads. Its form is
// report.schema.json.
//
// Addresses are JSON Pointers; ranges are in UTF-16 code units, as editors in
// browsers count.
package report

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Writer writes reports about one world.
type Writer struct {
	*jsonpos.Writer
	world *engine.World
	lines *jsonpos.Lines
	// managed are the line tables of managed policies, made when asked for.
	managed map[string]*jsonpos.Lines
}

// New is a writer of reports about a world.
func New(w *engine.World, out *jsonpos.Writer) *Writer {
	return &Writer{Writer: out, world: w, lines: w.Scenario.Document.Lines(), managed: map[string]*jsonpos.Lines{}}
}

// Diagnostics writes two members: findings about the document whose lines are
// given, and how many more there are.
func Diagnostics(out *jsonpos.Writer, list []engine.Diagnostic, more int, lines *jsonpos.Lines) {
	out.Key("diagnostics")
	out.BeginArray()
	for i := range list {
		d := &list[i]
		out.BeginObject()
		out.Member("severity", d.Severity.String())
		out.Member("code", d.Code)
		out.Member("pointer", string(d.Pointer))
		span(out, lines, d.Start, d.End)
		out.Member("message", d.Message)
		out.Member("hint", d.Hint)
		out.EndObject()
	}
	out.EndArray()
	out.MemberInt("more", more)
}

func span(out *jsonpos.Writer, lines *jsonpos.Lines, start, end int) {
	line, column := lines.Position(start)
	out.MemberInt("start", lines.UTF16(start))
	out.MemberInt("end", lines.UTF16(end))
	out.MemberInt("line", line)
	out.MemberInt("column", column)
}

// Evaluate writes the members of an answer about every request: diagnostics
// and requests. evaluations has one entry per request; nil for those that
// cannot be evaluated.
func (w *Writer) Evaluate(evaluations []*engine.Evaluation) {
	Diagnostics(w.Writer, w.world.Diagnostics, w.world.More, w.lines)
	w.Key("requests")
	w.BeginArray()
	for i, e := range evaluations {
		w.BeginObject()
		w.Summary(i, e)
		w.EndObject()
	}
	w.EndArray()
}

// Summary writes the members that every answer to a request has.
func (w *Writer) Summary(index int, e *engine.Evaluation) {
	r := w.world.Scenario.Requests[index]
	w.MemberInt("index", index)
	w.Member("pointer", "/requests/"+itoa(index))
	w.Member("name", r.Name)
	if e == nil {
		w.Member("decision", engine.Invalid.String())
		w.strings("decidedBy", nil)
		w.Member("message", w.invalidMessage(index))
		w.strings("dependsOn", nil)
	} else {
		w.answer(e)
		w.asked(index, e.Query)
	}
	w.expected(r.Expected(e))
}

// answer writes what was decided, of a call or of one check.
func (w *Writer) answer(e *engine.Evaluation) {
	w.Member("decision", e.Overall.String())
	w.layers(e.CallDecidedBy())
	w.Member("message", explain.Message(e))
	w.unknowns(e.Call.Unknowns)
}

// asked writes whether AWS makes the request as it is written.
func (w *Writer) asked(index int, q *engine.Query) {
	w.Key("asked")
	w.BeginObject()
	w.Member("state", q.Asked.State.String())
	w.Member("text", explain.Asked(q))
	w.Member("pointer", string(explain.AskedPointer(index, q.Check)))
	w.Member("fix", q.Asked.Fix)
	w.EndObject()
}

// invalidMessage is the first error inside the request.
func (w *Writer) invalidMessage(index int) string {
	at := "/requests/" + itoa(index)
	for i := range w.world.Diagnostics {
		d := &w.world.Diagnostics[i]
		if d.Severity == engine.Error && (string(d.Pointer) == at || strings.HasPrefix(string(d.Pointer), at+"/")) {
			return "This request cannot be evaluated: " + d.Message
		}
	}
	return "This request cannot be evaluated"
}

func (w *Writer) expected(x *engine.Expected) {
	if x == nil {
		return
	}
	w.Key("expectation")
	w.BeginObject()
	w.MemberBool("met", x.Met())
	w.Member("text", "expected "+x.Text)
	w.strings("problems", x.Problems)
	w.EndObject()
}

func (w *Writer) strings(key string, list []string) {
	w.Key(key)
	w.BeginArray()
	for _, s := range list {
		w.String(s)
	}
	w.EndArray()
}

func (w *Writer) layers(list []engine.Layer) {
	w.Key("decidedBy")
	w.BeginArray()
	for _, l := range list {
		w.String(l.String())
	}
	w.EndArray()
}

func (w *Writer) decisions(key string, list []engine.Decision) {
	w.Key(key)
	w.BeginArray()
	for _, d := range list {
		w.String(d.String())
	}
	w.EndArray()
}

func (w *Writer) unknowns(list []engine.Unknown) {
	w.Key("dependsOn")
	w.BeginArray()
	for i := range list {
		u := &list[i]
		w.BeginObject()
		w.Member("kind", u.Kind.String())
		w.Member("name", u.Name)
		pointer := ""
		if u.Policy != nil {
			pointer = string(u.Policy.Pointer())
		}
		if u.At != nil {
			pointer = string(u.Policy.PointerTo(u.At))
		}
		w.Member("pointer", pointer)
		if u.Check >= 0 {
			w.MemberInt("check", u.Check)
		}
		w.ways(u.Ways)
		w.EndObject()
	}
	w.EndArray()
}

func (w *Writer) ways(list []engine.Way) {
	w.Key("ways")
	w.BeginArray()
	for _, way := range list {
		w.BeginObject()
		w.Member("value", way.Value)
		w.decisions("decisions", way.Decisions.List())
		w.EndObject()
	}
	w.EndArray()
}
