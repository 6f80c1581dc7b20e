package lint_test

import (
	"strconv"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/lint"
	"github.com/iam-playground/iam-playground/scenarios"
)

// mutated visits texts that differ from one in a single value or member: every
// skip-th of them, so that many texts have different ones looked at.
func mutated(text string, skip, first int, visit func(text string)) {
	doc := jsonpos.Parse(text, jsonpos.Limits{})
	n := first
	change := func(start, end int, with string) {
		if n++; n%skip == 0 {
			visit(text[:start] + with + text[end:])
		}
	}
	var walk func(v *jsonpos.Value)
	walk = func(v *jsonpos.Value) {
		for _, with := range []string{`[]`, `{}`, `""`, `1`, `null`, `"unknown"`, `["x", "x"]`, `{"x": 1, "x": 2}`,
			`[{}, {}]`, `"*"`, `[`} {
			change(v.Start, v.End, with)
		}
		if v.KeyStart() >= 0 {
			change(v.KeyStart(), v.KeyEnd(), `"x"`)
			change(v.KeyStart(), v.KeyStart(), text[v.KeyStart():v.End]+", ")
			for _, key := range []string{"groups", "users", "Principal", "NotAction", "NotResource", "Sid"} {
				change(v.KeyStart(), v.KeyStart(), strconv.Quote(key)+": [], ")
			}
		}
		for _, item := range v.Items {
			walk(item)
		}
	}
	walk(doc.Root)
}

// place is what makes a finding the same as another.
type place struct {
	code       string
	start, end int
	message    string
}

// placed is the place of a finding. An object can lack several members.
func placed(code string, start, end int, message string) place {
	if code != "MISSING_MEMBER" {
		message = ""
	}
	return place{code, start, end, message}
}

func TestNothingIsSaidTwiceAboutOnePlace(t *testing.T) {
	visited, failures := 0, 0
	look := func(text string) {
		visited++
		seen := map[place]string{}
		w := engine.NewWorld(engine.Parse(text), nil)
		for _, d := range w.Diagnostics {
			at := placed(d.Code, d.Start, d.End, d.Message)
			if before, twice := seen[at]; twice && failures < 10 {
				failures++
				t.Errorf("reading says %s twice at %s: %q and %q", d.Code, d.Pointer, before, d.Message)
			}
			seen[at] = d.Message
		}
		// Lint takes what reading reports as it is, and does not say it again.
		said := map[place]bool{}
		for _, f := range lint.Scenario(w, names()) {
			at := placed(f.Code, f.Start, f.End, f.Message)
			if said[at] && failures < 10 {
				failures++
				t.Errorf("lint says %s twice at %s: %q", f.Code, f.Pointer, f.Message)
			}
			said[at] = true
		}
	}
	for i, e := range scenarios.All() {
		mutated(e.Text, 97, i, look)
	}
	if visited < 1_000 {
		t.Errorf("%d documents, expected more", visited)
	}
	for _, text := range []string{
		`{"version": 1, "accounts": {"111122223333": {"groups": {"g": {"groups": []}}}}}`,
		`{"version": 1, "accounts": {"111122223333": {"groups": [], "users": {"a": {"groups": []}}}}}`,
		`{"version": 1, "accounts": {"111122223333": {"groups": []}}}`,
		`{"version": 1, "accounts": [], "requests": {}}`,
		`{"version": 1, "accounts": {"111122223333": {"policies": 1, "users": "", "roles": [], "groups": [1]}}}`,
	} {
		look(text)
	}
}
