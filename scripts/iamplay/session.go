package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
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

	asked          int // requests that were answered
	passed, failed int // expectations
	broken         int // documents with errors
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
	if err := s.write(); err != nil {
		fmt.Fprintln(s.errs, "iamplay:", err)
		return broken // the output is gone: nobody can be told anything more
	}
	switch {
	case s.request != "" && s.asked == 0 && s.broken == 0:
		fmt.Fprintf(s.errs, "iamplay: no request is named %q\n", s.request)
		return wrongUse
	case s.broken > 0:
		return broken
	case s.failed > 0:
		return failed
	}
	return met
}

// write answers the files and sums up. Its error is that of writing.
func (s *session) write() error {
	for _, file := range s.files {
		if err := s.path(file); err != nil {
			return err
		}
	}
	if !s.test || s.json {
		return nil
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
	if info, err := os.Stat(name); name == "-" || err != nil || !info.IsDir() {
		return s.document(name)
	}
	documents := 0
	err := filepath.WalkDir(name, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return s.unreadable(path, err)
		case e.IsDir() || filepath.Ext(path) != ".json":
			return nil
		}
		documents++
		return s.document(path)
	})
	if err == nil && documents == 0 {
		err = s.unreadable(name, errors.New("found no *.json below the folder, expected scenario documents"))
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

// document answers one document.
func (s *session) document(name string) error {
	text, err := s.read(name)
	if err != nil {
		return s.unreadable(name, err)
	}
	a := answers{file: name, world: engine.NewWorld(engine.Parse(text), s.library)}
	s.explainMissingLibrary(a.world)
	hasErrors, hasFailed := false, false
	for _, d := range a.world.Diagnostics {
		hasErrors = hasErrors || d.Severity == engine.Error
	}
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
		switch {
		case r.Expect == nil:
		case isMet(r, e):
			s.passed++
		default:
			s.failed++
			hasFailed = true
		}
	}
	s.asked += len(a.requests)
	switch {
	case s.json:
		_, err = s.out.Write(a.line())
	case s.test:
		err = s.tested(&a, hasErrors, hasFailed)
	default:
		err = s.explained(&a)
	}
	return err
}

func isMet(r *engine.Request, e *engine.Evaluation) bool {
	if r.Expect == nil || e == nil {
		return r.Expect == nil
	}
	_, ok := r.Expect.Check(e)
	return ok
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
	_, err := io.WriteString(s.out, "\n")
	return err
}

// tested writes one line about a document and what is wrong with it.
func (s *session) tested(a *answers, hasErrors, hasFailed bool) error {
	good, bad, free := 0, 0, 0
	for i, n := range a.requests {
		switch r := a.world.Scenario.Requests[n]; {
		case r.Expect == nil:
			free++
		case isMet(r, a.evaluations[i]):
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
	if !hasErrors && !hasFailed {
		return nil
	}
	source := render.Source{File: a.file, World: a.world, Colours: s.colours}
	if err := render.Diagnostics(s.out, source); err != nil {
		return err
	}
	for i, n := range a.requests {
		if isMet(a.world.Scenario.Requests[n], a.evaluations[i]) {
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
	s.broken++
	var err error
	if s.json {
		_, err = s.out.Write(unreadableLine(name, why))
	} else {
		_, err = fmt.Fprintf(s.out, "✕ %s: error: the file cannot be read: %v\n", name, why)
	}
	return err
}
