package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/render"
)

// junitSuite writes a document as a suite of JUnit's XML: a case per request and one
// for the document itself.
func (s *session) junitSuite(a *answers) error {
	source := render.Source{File: a.file, World: a.world}
	var cases strings.Builder
	tests, failures, errs := 1, 0, 0
	write := func(name, what, message, text string) {
		fmt.Fprintf(&cases, "    <testcase classname=%s name=%s", attribute(a.file), attribute(name))
		if what == "" {
			cases.WriteString("/>\n")
			return
		}
		fmt.Fprintf(&cases, "><%s message=%s>%s</%s></testcase>\n", what, attribute(message), escaped(text), what)
	}
	if problem := firstError(a.world); problem != nil {
		errs++
		var text strings.Builder
		if err := render.Diagnostics(&text, source); err != nil {
			return err
		}
		write("the document", "error", problem.Message, text.String())
	} else {
		write("the document", "", "", "")
	}
	for i, n := range a.requests {
		r := a.world.Scenario.Requests[n]
		x := r.Expected(a.evaluations[i])
		if x == nil {
			continue
		}
		tests++
		if x.Met() {
			write(r.Name, "", "", "")
			continue
		}
		failures++
		var text strings.Builder
		if err := render.Request(&text, source, n, a.evaluations[i]); err != nil {
			return err
		}
		write(r.Name, "failure", strings.Join(x.Problems, "; "), text.String())
	}
	if warnings := a.warnings(); len(warnings) > 0 {
		var text strings.Builder
		for _, d := range warnings {
			text.WriteString(string(d.Pointer) + ": " + strings.TrimSpace(d.Message+"\n"+d.Hint) + "\n")
		}
		fmt.Fprintf(&cases, "    <system-out>%s</system-out>\n", escaped(text.String()))
	}
	_, err := fmt.Fprintf(s.out, "  <testsuite name=%s tests=\"%d\" failures=\"%d\" errors=\"%d\">\n%s  </testsuite>\n", attribute(a.file), tests, failures, errs, cases.String())
	return err
}

// githubNotes writes what is wrong with a document as commands of a GitHub workflow,
// which become notes at the lines.
//
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
func (s *session) githubNotes(a *answers) error {
	lines := jsonpos.NewLines(a.world.Scenario.Document.Text)
	var b strings.Builder
	for _, d := range append(a.world.Diagnostics[:len(a.world.Diagnostics):len(a.world.Diagnostics)],
		a.warnings()...) {
		line, column := lines.Position(d.Start)
		command := map[engine.Severity]string{engine.Error: "error", engine.Warning: "warning", engine.Suggestion: "notice"}[d.Severity]
		note(&b, command, a.file, line, column, d.Code, strings.TrimSpace(d.Message+"\n"+d.Hint))
	}
	if a.world.More > 0 {
		note(&b, "error", a.file, 1, 1, "MORE", render.Unlisted(a.world.More))
	}
	for i, n := range a.requests {
		r := a.world.Scenario.Requests[n]
		x := r.Expected(a.evaluations[i])
		if x == nil || x.Met() {
			continue
		}
		line, column := lines.Position(x.At.Start)
		problems := x.Problems
		if e := a.evaluations[i]; e != nil {
			problems = append(problems, explain.Message(e))
		}
		note(&b, "error", a.file, line, column, r.Name, strings.Join(problems, "\n"))
	}
	_, err := io.WriteString(s.out, b.String())
	return err
}

// note writes one command. What would end a part of it is written as its code.
func note(b *strings.Builder, command, file string, line, column int, title, message string) {
	text := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	fmt.Fprintf(b, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", command, property.Replace(file), line, column, property.Replace(title), text.Replace(message))
}

// unreadableSuite is the suite of a file that cannot be read.
func unreadableSuite(name string, why error) string {
	return fmt.Sprintf("  <testsuite name=%s tests=\"1\" failures=\"0\" errors=\"1\">\n    <testcase classname=%s name=\"the document\"><error message=%s/></testcase>\n  </testsuite>\n",
		attribute(name), attribute(name), attribute("the file cannot be read: "+why.Error()))
}

// firstError is the first error in a document, or nil.
func firstError(w *engine.World) *engine.Diagnostic {
	for i := range w.Diagnostics {
		if w.Diagnostics[i].Severity == engine.Error {
			return &w.Diagnostics[i]
		}
	}
	return nil
}

// attribute is the value of an XML attribute with its quotes.
func attribute(s string) string { return `"` + escaped(s) + `"` }

func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return strconv.Quote(err.Error()) // a builder takes everything
	}
	return b.String()
}
