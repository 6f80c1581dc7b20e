package rulebook_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/rulebook"
	"github.com/iam-playground/iam-playground/engine/trace"
	"github.com/iam-playground/iam-playground/scenarios"
)

// book reads the book with the rows of the engine's tests.
func book(t *testing.T) *rulebook.Book {
	t.Helper()
	b, err := rulebook.Read()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile("../testdata/rules.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Attach(string(rows)); err != nil {
		t.Fatal(err)
	}
	return b
}

// awsPages are the sites on which AWS publishes its rules.
var awsPages = regexp.MustCompile(`^https://(docs\.aws\.amazon\.com|aws\.amazon\.com/blogs)/`)

func TestEveryRuleHasItsWordsItsPageItsTestAndItsScenario(t *testing.T) {
	shipped := map[string]bool{}
	for _, e := range append(scenarios.All(), scenarios.Broken()...) {
		shipped[e.Path] = true
	}
	for _, s := range book(t).Sections {
		if s.Title == "" || len(s.Rules) == 0 {
			t.Errorf("section %s: title %q and %d rules, expected a title and a rule", s.ID, s.Title, len(s.Rules))
		}
		for _, r := range s.Rules {
			if r.Title == "" || r.Text == "" {
				t.Errorf("%s: title %q and text %q, expected both", r.ID, r.Title, r.Text)
			}
			if len(r.Pages) == 0 {
				t.Errorf("%s: no page of AWS", r.ID)
			}
			for _, p := range r.Pages {
				if !awsPages.MatchString(p.URL) || p.Title == "" {
					t.Errorf("%s: page %q with title %q, expected AWS's documentation or blog", r.ID, p.URL, p.Title)
				}
			}
			if (r.Scenario == "") == (r.NoScenario == "") || r.Scenario != "" && !shipped[r.Scenario] {
				t.Errorf("%s: scenario %q, none because %q: expected a shipped one, or why there is none", r.ID,
					r.Scenario, r.NoScenario)
			}
			switch {
			case len(r.Rows) == 0 && r.NoTest == "":
				t.Errorf("%s: no row of testdata/rules.tsv is covered by its line \"Tests\"", r.ID)
			case len(r.Rows) > 0 && r.NoTest != "":
				t.Errorf("%s: take its line \"No test\" away, and \"No scenario\" when there is one: it has the "+
					"test %q now", r.ID, r.Rows[0].Test)
			}
		}
	}
}

func TestEveryReasonNamesARuleOfTheBook(t *testing.T) {
	b := book(t)
	known := map[string]bool{}
	for _, s := range b.Sections {
		for _, r := range s.Rules {
			known[r.ID] = true
		}
	}
	for _, info := range trace.Catalogue() {
		if !known[info.Rule] {
			t.Errorf("%s: found rule %q, expected one of the book's", info.Code, info.Rule)
		}
	}
}

func TestEveryRowHasAnAddressOfItsOwn(t *testing.T) {
	seen := map[string]string{}
	note := func(id, what string) {
		if seen[id] != "" && seen[id] != what {
			t.Errorf("%s is %q and %q", id, seen[id], what)
		}
		seen[id] = what
		if !regexp.MustCompile(`^[a-z0-9.]+(-[a-z0-9]+)*$`).MatchString(id) {
			t.Errorf("%q: expected lower-case letters, digits and hyphens", id)
		}
	}
	n := 0
	for _, s := range book(t).Sections {
		note(s.ID, s.Title)
		rows := slices.Clone(s.Rows)
		for _, r := range s.Rules {
			note(r.ID, r.Title)
			rows = append(rows, r.Rows...)
		}
		for _, row := range rows {
			n++
			note(row.ID, row.Text)
		}
	}
	if n < 600 {
		t.Errorf("%d rows, expected those of testdata/rules.tsv", n)
	}
}

// reference is a section or rule that a text refers to.
var reference = regexp.MustCompile(`\[([a-z0-9][a-z0-9.-]*)\]`)

func TestEveryReferenceIsToARuleOrASection(t *testing.T) {
	b := book(t)
	ids := b.IDs()
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			t.Errorf("%s stands twice", id)
		}
	}
	n := 0
	check := func(where, text string) {
		for _, m := range reference.FindAllStringSubmatch(text, -1) {
			n++
			if !slices.Contains(ids, m[1]) {
				t.Errorf("%s refers to %s, which the book does not have", where, m[1])
			}
		}
	}
	for _, s := range b.Sections {
		check(s.ID, s.Text)
		for _, r := range s.Rules {
			check(r.ID, r.Text)
			for _, why := range []string{r.NoScenario, r.NoTest} {
				if strings.HasSuffix(why, ".") {
					t.Errorf("%s: %q: expected no full stop", r.ID, why)
				}
			}
		}
	}
	if n == 0 {
		t.Error("no reference was found")
	}
}
