package lint_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/lint"
)

// findings are those about a sample; without the catalogue below tier 3.
func findings(t *testing.T, s lint.Sample, text string, tier uint8) []lint.Finding {
	t.Helper()
	var c *catalog.Catalog
	if tier == 3 {
		c = names()
	}
	if s.Type == "scenario" {
		return lint.Scenario(engine.NewWorld(engine.Parse(text), nil), c)
	}
	typ, ok := lint.ParseType(s.Type)
	if !ok {
		t.Fatalf("the example has the type %q", s.Type)
	}
	return lint.Policy(text, typ, c)
}

// names is the sample with one more service, which has no tags.
var names = sync.OnceValue(func() *catalog.Catalog {
	services := append(sample.Services(), catalog.Service{Prefix: "health", Name: "AWS Health", Actions: []catalog.Action{{Name: "DescribeEvents", Level: catalog.Read}}})
	slices.SortFunc(services, func(a, b catalog.Service) int { return strings.Compare(a.Prefix, b.Prefix) })
	text, err := catalog.Encode(sample.Date, services)
	if err != nil {
		panic(err)
	}
	c, err := catalog.Load(text)
	if err != nil {
		panic(err)
	}
	return c
})

func codes(list []lint.Finding) []string {
	var out []string
	for _, f := range list {
		if !slices.Contains(out, f.Code) {
			out = append(out, f.Code)
		}
	}
	slices.Sort(out)
	return out
}

func TestEveryCheckHasAnExampleThatTriggersItAndNothingElse(t *testing.T) {
	for _, c := range lint.Checks() {
		want := append([]string{c.Code}, c.Also...)
		slices.Sort(want)
		found := findings(t, c.Bad, c.Bad.Document(), c.Tier)
		if got := codes(found); !slices.Equal(got, want) {
			t.Errorf("%s: found %v, expected %v\n%.400s", c.Code, got, want, c.Bad.Document())
		}
		if got := codes(findings(t, c.Good, c.Good.Document(), c.Tier)); slices.Contains(got, c.Code) {
			t.Errorf("%s: found in the counter-example %.400s", c.Code, c.Good.Document())
		}
	}
}

func TestAFixRemovesItsFindingAndLeavesADocument(t *testing.T) {
	fixes := 0
	for _, c := range lint.Checks() {
		for _, f := range findings(t, c.Bad, c.Bad.Document(), c.Tier) {
			if f.Fix == nil {
				continue
			}
			fixes++
			if f.FixLabel == "" {
				t.Errorf("%s: the fix of %s has no label", c.Code, f.Code)
			}
			fixed := lint.Apply(c.Bad.Document(), f.Fix)
			if doc := jsonpos.Parse(fixed, jsonpos.Limits{}); len(doc.Problems) > 0 {
				t.Errorf("%s: after the fix of %s: %s\n%s", c.Code, f.Code, doc.Problems[0].Message, fixed)
			}
			for _, g := range findings(t, c.Bad, fixed, c.Tier) {
				if g.Code == f.Code && g.Pointer == f.Pointer {
					t.Errorf("%s: %s is still there after %q:\n%s", c.Code, f.Code, f.FixLabel, fixed)
				}
			}
		}
	}
	if fixes < 60 {
		t.Errorf("%d fixes, expected more", fixes)
	}
}

func TestFixingEverythingTwiceIsFixingItOnce(t *testing.T) {
	for _, c := range lint.Checks() {
		text := c.Bad.Document()
		for round := range 9 {
			edits, n := lint.Together(findings(t, c.Bad, text, c.Tier))
			if n == 0 {
				break
			}
			if round == 8 {
				t.Errorf("%s: there is always something to fix:\n%s", c.Code, text)
			}
			text = lint.Apply(text, edits)
			if doc := jsonpos.Parse(text, jsonpos.Limits{}); len(doc.Problems) > 0 {
				t.Fatalf("%s: after all fixes: %s\n%s", c.Code, doc.Problems[0].Message, text)
			}
		}
	}
}

func TestEveryCheckIsExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range lint.Checks() {
		if c.Title == "" || !strings.HasSuffix(c.Why, ".") || seen[c.Code] || c.Tier < 1 || c.Tier > 3 {
			t.Errorf("%+v", c)
		}
		if !strings.HasPrefix(c.URL(), "https://docs.aws.amazon.com/") || !strings.Contains(c.URL(), ".html") {
			t.Errorf("%s: the page is %q", c.Code, c.URL())
		}
		seen[c.Code] = true
	}
}
