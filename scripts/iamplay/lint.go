package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/lint"
	"github.com/iam-playground/iam-playground/engine/render"
)

// lint holds a document to the checks, with the fixes made first when they are
// asked for. A document from the standard input is printed fixed, with what is
// left on the standard error.
func (s *session) lint(name, text string) error {
	typ, given := lint.ParseType(s.policy)
	of := &typ
	if !given {
		of = nil
	}
	findings := func(text string) []lint.Finding { return lint.Of(text, of, s.library, s.names) }
	out := s.out
	if s.fix {
		fixed, n := lint.FixAll(text, findings)
		if name == "-" {
			if _, err := io.WriteString(out, fixed); err != nil {
				return err
			}
			out = s.errs
		} else if n > 0 {
			if err := os.WriteFile(name, []byte(fixed), 0o644); err != nil {
				return s.complain(name, err)
			}
			if _, err := fmt.Fprintf(s.errs, "%s: %d fixed\n", name, n); err != nil {
				return err
			}
		}
		text = fixed
	}
	list := findings(text)
	worst := lint.Suggestion
	for _, f := range list {
		worst = min(worst, f.Severity)
	}
	switch {
	case worst == lint.Error:
		s.broken++
	case worst < lint.Suggestion:
		s.failed++
	}
	switch {
	case s.json:
		_, err := out.Write(lintLine(name, text, list, quotas(text, of)))
		return err
	case s.github:
		_, err := io.WriteString(out, lintNotes(name, text, list))
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintf(out, "✓ %s\n", name)
		return err
	}
	return render.Findings(out, name, text, list, s.colours)
}

// quotas are the limits that a document comes under.
func quotas(text string, t *lint.Type) []lint.Quota {
	doc := jsonpos.Parse(text, jsonpos.Limits{Bytes: engine.MaxBytes, Depth: engine.MaxDepth})
	switch {
	case t != nil:
		return lint.PolicyQuotas(text, *t)
	case doc.Root == nil:
		return nil
	case lint.IsScenario(doc):
		return lint.Quotas(engine.Parse(text))
	}
	return lint.PolicyQuotas(text, lint.Guess(doc.Root))
}

// lintLine is what was found in a document as one line of JSON.
func lintLine(file, text string, list []lint.Finding, quotas []lint.Quota) []byte {
	lines := jsonpos.NewLines(text)
	w := &jsonpos.Writer{}
	w.BeginObject()
	w.Member("file", file)
	w.Key("findings")
	w.BeginArray()
	for _, f := range list {
		line, column := lines.Position(f.Start)
		w.BeginObject()
		w.Member("severity", f.Severity.String())
		w.Member("code", f.Code)
		w.Member("pointer", string(f.Pointer))
		w.MemberInt("line", line)
		w.MemberInt("column", column)
		w.Member("message", f.Message)
		w.Member("hint", f.Hint)
		w.Member("page", f.URL())
		w.Member("fix", f.FixLabel)
		w.EndObject()
	}
	w.EndArray()
	w.Key("quotas")
	w.BeginArray()
	for _, q := range quotas {
		w.BeginObject()
		w.Member("what", q.What)
		w.Member("pointer", string(q.Pointer))
		w.MemberInt("used", q.Used)
		w.MemberInt("limit", q.Limit)
		w.Member("page", q.URL)
		w.EndObject()
	}
	return end(w)
}

// lintNotes are what was found as commands of a GitHub workflow.
func lintNotes(file, text string, list []lint.Finding) string {
	lines := jsonpos.NewLines(text)
	var b strings.Builder
	for _, f := range list {
		line, column := lines.Position(f.Start)
		command := map[lint.Severity]string{lint.Error: "error", lint.SecurityWarning: "warning", lint.Warning: "warning", lint.Suggestion: "notice"}[f.Severity]
		note(&b, command, file, line, column, f.Code, strings.TrimSpace(f.Message+"\n"+f.Hint+"\n"+f.URL()))
	}
	return b.String()
}
