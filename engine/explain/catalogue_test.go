package explain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/rulebook"
	"github.com/iam-playground/iam-playground/engine/trace"
	"github.com/iam-playground/iam-playground/scenarios"
)

// reasons are the codes that occur in the answers to a document without the AWS
// managed policies: those of all stages, and of all elements of all statements
// that were looked at.
func reasons(text string) map[trace.Reason]bool {
	found := map[trace.Reason]bool{}
	var walk func(e *engine.Evaluation)
	walk = func(e *engine.Evaluation) {
		for i := range e.Stages {
			found[e.Stages[i].Reason] = true
		}
		for _, step := range e.Steps {
			if step.Kind != trace.Statement {
				continue
			}
			for _, element := range e.Query.Elements(step.Subject) {
				found[element.Reason] = true
			}
		}
		for _, also := range e.Also {
			walk(also)
		}
	}
	world := engine.NewWorld(engine.Parse(text), nil)
	for _, r := range world.Scenario.Requests {
		if q := world.Query(r); q != nil {
			walk(q.Evaluate())
		}
	}
	return found
}

func TestEveryReasonIsProducedByTheScenarioThatItNames(t *testing.T) {
	found := map[string]map[trace.Reason]bool{}
	for _, entry := range scenarios.All() {
		found[entry.Path] = reasons(entry.Text)
	}
	for _, info := range trace.Catalogue() {
		switch in := found[info.Example]; {
		case in == nil:
			t.Errorf("%s names the scenario %q, which is not shipped", info.Code, info.Example)
		case !in[info.Code]:
			t.Errorf("%s does not occur in the scenario %q", info.Code, info.Example)
		}
	}
}

func TestEveryReasonThatOccursIsInTheCatalogue(t *testing.T) {
	for _, entry := range scenarios.All() {
		for code := range reasons(entry.Text) {
			if code != "" && trace.Lookup(code).Title == "" {
				t.Errorf("%s: the reason %q is not in the catalogue", entry.Path, code)
			}
		}
	}
}

// declared are the reasons that a file of Go code declares: the constants whose
// value is a code, a word with a dot in it.
func declared(t *testing.T, name string) []trace.Reason {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []trace.Reason
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, v := range spec.Values {
			literal, ok := v.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				continue
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(text, ".") {
				found = append(found, trace.Reason(text))
			}
		}
		return true
	})
	return found
}

func TestTheCatalogueHasEveryDeclaredReasonOnceAndNoOther(t *testing.T) {
	want := map[trace.Reason]bool{}
	for _, name := range []string{"../trace/reasons.go", "../condition/detail.go"} {
		for _, code := range declared(t, name) {
			want[code] = true
		}
	}
	seen := map[trace.Reason]bool{}
	for _, info := range trace.Catalogue() {
		if seen[info.Code] {
			t.Errorf("%s stands twice in the catalogue", info.Code)
		}
		seen[info.Code] = true
		if !want[info.Code] {
			t.Errorf("%s is in the catalogue, and no package declares it", info.Code)
		}
		if info.Title == "" || info.Text == "" || !strings.HasPrefix(info.Page, "https://docs.aws.amazon.com/") {
			t.Errorf("%s lacks a title, a text or a page of AWS: %+v", info.Code, info)
		}
	}
	for code := range want {
		if !seen[code] {
			t.Errorf("%s is declared, and the catalogue does not have it", code)
		}
	}
}

func TestEveryStepNamesARuleOfTheBook(t *testing.T) {
	book, err := rulebook.Read()
	if err != nil {
		t.Fatal(err)
	}
	known, named := map[string]bool{}, map[string]bool{}
	for _, s := range book.Sections {
		for _, r := range s.Rules {
			known[r.ID] = true
		}
	}
	for _, entry := range scenarios.All() {
		world := engine.NewWorld(engine.Parse(entry.Text), nil)
		for i, r := range world.Scenario.Requests {
			e := world.Query(r).Evaluate()
			for j := range e.Stages {
				words := explain.DescribeStage(e, &e.Stages[j])
				named[words.Rule] = true
				if !known[words.Rule] {
					t.Errorf("%s, request %d, %s: found rule %q, expected one of the book's", entry.Path, i,
						words.Title, words.Rule)
				}
			}
		}
	}
	for _, rule := range []string{"7.1-endpoint", "8-rcp", "8-scp-levels", "7.1-boundary", "7.1-session", "7.5-trust",
		"7.6-root-of-trust", "7.4-both"} {
		if !named[rule] {
			t.Errorf("no step of a shipped scenario names %s", rule)
		}
	}
}

func TestARuleIsCalledByItsNumber(t *testing.T) {
	for rule, want := range map[string]string{"7.3-role": "rule 7.3", "11-layers": "rule 11",
		"unknowns-keys": "rule: unknowns", "": ""} {
		if got := explain.RuleName(rule); got != want {
			t.Errorf("%q is called %q, expected %q", rule, got, want)
		}
	}
}

// TestEveryDerivedKeyIsDescribed fails for a key that the engine derives and of
// which nobody says when requests have it.
func TestEveryDerivedKeyIsDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, entry := range scenarios.All() {
		w := engine.NewWorld(engine.Parse(entry.Text), nil)
		for _, r := range w.Scenario.Requests {
			q := w.Query(r)
			if q == nil {
				continue
			}
			for _, c := range q.Context {
				if c.Origin == engine.Typed || c.At != nil || seen[c.Key] {
					continue
				}
				seen[c.Key] = true
				if explain.Presence(c.Key) == "" {
					t.Errorf("%s: nothing says when requests have it", c.Key)
				}
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d keys are derived", len(seen))
	}
}
