package main

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/lint"
	"github.com/iam-playground/iam-playground/engine/report"
)

// line is the document's answers as one line of JSON.
func (a *answers) line() []byte {
	lines := jsonpos.NewLines(a.world.Scenario.Document.Text)
	w := &jsonpos.Writer{}
	begin(w, a.file)
	for _, d := range append(a.world.Diagnostics[:len(a.world.Diagnostics):len(a.world.Diagnostics)],
		a.warnings()...) {
		line, column := lines.Position(d.Start)
		diagnostic(w, d, line, column)
	}
	results(w, a.world.More)
	r := report.New(a.world, w)
	for i, n := range a.requests {
		w.BeginObject()
		r.Summary(n, a.evaluations[i])
		w.EndObject()
	}
	return end(w)
}

// unreadableLine is the line of a file that cannot be read.
func unreadableLine(command, file string, why error) []byte {
	w := &jsonpos.Writer{}
	problem := lint.Finding{Severity: lint.Error, Code: "UNREADABLE_FILE", Message: "the file cannot be read: " + why.Error()}
	if command == "lint" {
		return lintLine(file, "", []lint.Finding{problem}, nil)
	}
	begin(w, file)
	diagnostic(w, engine.Diagnostic{Severity: engine.Error, Code: problem.Code, Message: problem.Message}, 1, 1)
	results(w, 0)
	return end(w)
}

// results ends the diagnostics with how many more there are, and begins the results.
func results(w *jsonpos.Writer, more int) {
	w.EndArray()
	w.MemberInt("more", more)
	w.Key("results")
	w.BeginArray()
}

func begin(w *jsonpos.Writer, file string) {
	w.BeginObject()
	w.Member("file", file)
	w.Key("diagnostics")
	w.BeginArray()
}

func end(w *jsonpos.Writer) []byte {
	w.EndArray()
	w.EndObject()
	return append(w.Buf, '\n')
}

func diagnostic(w *jsonpos.Writer, d engine.Diagnostic, line, column int) {
	w.BeginObject()
	w.Member("severity", d.Severity.String())
	w.Member("code", d.Code)
	w.Member("pointer", string(d.Pointer))
	w.MemberInt("line", line)
	w.MemberInt("column", column)
	w.Member("message", d.Message)
	w.Member("hint", d.Hint)
	w.EndObject()
}
