package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/render"
)

// session is one call of the program over its files, one after the other:
// nothing is kept of a file that is done.
type session struct {
	options
	in        io.Reader
	out, errs io.Writer
	colours   bool

	library *engine.Library
	found   bool // a library of managed policies was loaded

	asked          int              // requests that were answered
	passed, failed int              // expectations
	broken         int              // documents with errors
	names          *catalog.Catalog // nil when there is none
}

// answers are one document with its evaluations; an evaluation is nil when the
// request cannot be evaluated.
type answers struct {
	file        string
	world       *engine.World
	requests    []int // the numbers of the requests that were asked for
	evaluations []*engine.Evaluation
}

// all goes through the files and returns the exit code.
func (s *session) all() int {
	if err := s.answer(); err != nil {
		fmt.Fprintln(s.errs, "iamplay:", err)
		return broken // the output is gone: nobody can be told anything more
	}
	switch {
	case s.request != "" && s.command != "link" && s.asked == 0 && s.broken == 0:
		fmt.Fprintf(s.errs, "iamplay: no request is named %q\n", s.request)
		return wrongUse
	case s.broken > 0:
		return broken
	case s.failed > 0:
		return failed
	}
	return met
}

// answer goes through the files and sums up. Its error is that of writing.
func (s *session) answer() error {
	if s.junit {
		if _, err := io.WriteString(s.out, xml.Header+"<testsuites>\n"); err != nil {
			return err
		}
	}
	if s.command == "diff" {
		return s.diff(s.files[0], s.files[1])
	}
	for _, file := range s.files {
		visit := s.path
		if s.command == "open" {
			visit = s.open
		}
		if err := visit(file); err != nil {
			return err
		}
	}
	if s.junit {
		_, err := io.WriteString(s.out, "</testsuites>\n")
		return err
	}
	if s.command != "test" && s.command != "check-links" || s.json {
		return nil
	}
	if s.command == "test" && s.names == nil && !s.github {
		if _, err := fmt.Fprintln(s.out,
			"whether AWS makes the requests was not checked: no catalogue of its actions is here"); err != nil {
			return err
		}
	}
	summary := fmt.Sprintf("%d passed, %d failed", s.passed, s.failed)
	if s.broken > 0 {
		summary += fmt.Sprintf(", %d with errors", s.broken)
	}
	_, err := fmt.Fprintln(s.out, summary)
	return err
}

// path answers a file, the standard input, or every document below a folder.
// Its error is that of writing.
func (s *session) path(name string) error {
	if info, err := os.Stat(name); name == "-" || err != nil || !info.IsDir() || s.command == "render" {
		return s.document(name)
	}
	wanted := []string{".json"}
	if s.command == "check-links" {
		wanted = docs
	}
	documents := 0
	err := filepath.WalkDir(name, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return s.unreadable(path, err)
		case e.IsDir() || !slices.Contains(wanted, filepath.Ext(path)):
			return nil
		}
		documents++
		return s.document(path)
	})
	if err == nil && documents == 0 {
		err = s.unreadable(name, fmt.Errorf("found no *%s below the folder, expected documents", strings.Join(wanted, ", *")))
	}
	return err
}

// longest is how much of a file is read: more than a scenario may have, so that
// the engine sees that it is too much.
const longest = 16 * engine.MaxBytes

func (s *session) read(name string) (string, error) {
	in := s.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, longest))
	return string(text), err
}

// document does with one document what the command says.
func (s *session) document(name string) error {
	text, err := s.read(name)
	if err != nil {
		return s.unreadable(name, err)
	}
	switch s.command {
	case "link":
		return s.link(name, text)
	case "fmt":
		return s.format(name, text)
	case "lint":
		return s.lint(name, text)
	case "check-links":
		return s.checkLinks(name, text)
	}
	return s.evaluate(name, text)
}

// complain says on the standard error what is wrong with a file that is no
// matter of its requests. Its error is that of writing.
func (s *session) complain(name string, why error) error {
	s.broken++
	_, err := fmt.Fprintf(s.errs, "iamplay: %s: %v\n", name, why)
	return err
}

// evaluate answers the requests of one document.
func (s *session) evaluate(name, text string) error {
	a := answers{file: name, world: s.world(engine.Parse(text))}
	hasErrors, hasFailed := firstError(a.world) != nil, false
	if hasErrors {
		s.broken++
	}
	for i, r := range a.world.Scenario.Requests {
		if s.request != "" && r.Name != s.request {
			continue
		}
		var e *engine.Evaluation
		if q := a.world.Query(r); q != nil {
			e = q.Evaluate()
		}
		a.requests, a.evaluations = append(a.requests, i), append(a.evaluations, e)
		switch x := r.Expected(e); {
		case x == nil:
		case x.Met():
			s.passed++
		default:
			s.failed++
			hasFailed = true
		}
	}
	s.asked += len(a.requests)
	switch {
	case s.json:
		_, err := s.out.Write(a.line())
		return err
	case s.junit:
		return s.junitSuite(&a)
	case s.github:
		return s.githubNotes(&a)
	case s.command == "render":
		return s.rendered(&a)
	case s.command == "test":
		return s.tested(&a, hasErrors, hasFailed)
	}
	return s.explained(&a)
}

// explained writes everything about a document.
func (s *session) explained(a *answers) error {
	source := render.Source{File: a.file, World: a.world, Colours: s.colours}
	var evaluations []*engine.Evaluation
	if s.request == "" {
		evaluations = a.evaluations
	}
	if err := render.Text(s.out, source, evaluations); err != nil {
		return err
	}
	if s.request != "" {
		for i, n := range a.requests {
			if err := render.Request(s.out, source, n, a.evaluations[i]); err != nil {
				return err
			}
		}
	}
	for _, line := range s.proposals(a) {
		if _, err := fmt.Fprintln(s.out, "note: "+line); err != nil {
			return err
		}
	}
	_, err := io.WriteString(s.out, "\n")
	return err
}

// tested writes one line about a document and what is wrong with it.
func (s *session) tested(a *answers, hasErrors, hasFailed bool) error {
	good, bad, free := 0, 0, 0
	for i, n := range a.requests {
		switch x := a.world.Scenario.Requests[n].Expected(a.evaluations[i]); {
		case x == nil:
			free++
		case x.Met():
			good++
		default:
			bad++
		}
	}
	var line strings.Builder
	line.WriteString(map[bool]string{true: "✕ ", false: "✓ "}[hasErrors || hasFailed])
	fmt.Fprintf(&line, "%s: %d as expected", a.file, good)
	if bad > 0 {
		fmt.Fprintf(&line, ", %d not", bad)
	}
	if free > 0 {
		fmt.Fprintf(&line, ", %d without expectation", free)
	}
	if hasErrors {
		line.WriteString(", the document has errors")
	}
	if _, err := fmt.Fprintln(s.out, line.String()); err != nil {
		return err
	}
	if err := s.warned(a); err != nil || !hasErrors && !hasFailed {
		return err
	}
	source := render.Source{File: a.file, World: a.world, Colours: s.colours}
	if err := render.Diagnostics(s.out, source); err != nil {
		return err
	}
	for i, n := range a.requests {
		if x := a.world.Scenario.Requests[n].Expected(a.evaluations[i]); x == nil || x.Met() {
			continue
		}
		if err := render.Request(s.out, source, n, a.evaluations[i]); err != nil {
			return err
		}
	}
	return nil
}

// unreadable reports a file that cannot be read, as a document with errors.
func (s *session) unreadable(name string, why error) error {
	if s.command != "test" && s.command != "evaluate" && s.command != "lint" {
		return s.complain(name, why)
	}
	s.broken++
	var err error
	switch {
	case s.json:
		_, err = s.out.Write(unreadableLine(s.command, name, why))
	case s.junit:
		_, err = io.WriteString(s.out, unreadableSuite(name, why))
	case s.github:
		var b strings.Builder
		note(&b, "error", name, 1, 1, "UNREADABLE_FILE", why.Error())
		_, err = io.WriteString(s.out, b.String())
	default:
		_, err = fmt.Fprintf(s.out, "✕ %s: error: the file cannot be read: %v\n", name, why)
	}
	return err
}
