package engine_test

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/condition"
)

// enumeration is the list of words at a path of a JSON Schema.
func enumeration(t *testing.T, file string, path ...string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for _, name := range path {
		v = v.(map[string]any)[name]
	}
	var out []string
	for _, word := range v.([]any) {
		out = append(out, word.(string))
	}
	return out
}

// TestEveryLayerIsKnownEverywhere walks the table of layers and demands every
// word, schema value and picture.
func TestEveryLayerIsKnownEverywhere(t *testing.T) {
	expected := enumeration(t, "schema/scenario.v1.schema.json", "$defs", "ExpectedAnswer", "properties", "decidedBy",
		"items", "enum")
	reported := enumeration(t, "report/report.schema.json", "$defs", "Layer", "enum")
	stages := enumeration(t, "report/report.schema.json", "$defs", "Stage", "properties", "id", "enum")
	words, err := os.ReadFile("../site/src/ui/words.ts")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	places := map[uint8]bool{}
	for i, name := range engine.Layers() {
		l := engine.Layer(i).Info()
		if name == "" || names[name] || l.Name != name {
			t.Errorf("layer %d is called %q", i, name)
		}
		names[name] = true
		if l.Title == "" || l.Stage == "" {
			t.Errorf("%s has the title %q and the stage %q", name, l.Title, l.Stage)
		}
		if policies := l.Role != engine.Rules; policies != (l.None != "" && l.Explicit != "" && l.Denies > 0) {
			t.Errorf("%s holds policies: %v, and is called %q and %q in messages, at place %d", name, policies, l.None,
				l.Explicit, l.Denies)
		}
		if l.Denies > 0 && places[l.Denies] {
			t.Errorf("%s shares its place %d in messages", name, l.Denies)
		}
		places[l.Denies] = true
		if !slices.Contains(expected, name) || !slices.Contains(reported, name) {
			t.Errorf("%s is not in both schemas", name)
		}
		if !slices.Contains(stages, string(l.Stage)) {
			t.Errorf("the stage %q is not in the schema of reports", l.Stage)
		}
		if !strings.Contains(string(words), "\n  "+name+": \"") {
			t.Errorf("the page has no word for %s", name)
		}
	}
	if len(expected) != len(names) || len(reported) != len(names) {
		t.Errorf("%d layers, %d in the schema of scenarios, %d in that of reports", len(names), len(expected),
			len(reported))
	}
	if denying := engine.DenyingLayers(); len(denying) != len(places)-1 {
		t.Errorf("%d layers deny, expected %d", len(denying), len(places)-1)
	}
}

// TestEveryKindOfCallerIsKnownEverywhere walks the kinds of callers: each has a
// word in the schema of reports and in the page, and the generator makes it.
func TestEveryKindOfCallerIsKnownEverywhere(t *testing.T) {
	reported := enumeration(t, "report/report.schema.json", "$defs", "Caller", "properties", "kind", "enum")
	made := map[string]bool{}
	for seed := range uint64(300) {
		g := newGenerator(seed)
		w := engine.NewWorld(engine.Parse(encode(g.scenario(4))), nil)
		for _, r := range w.Scenario.Requests {
			if q := w.Query(r); q != nil {
				made[q.Caller.Kind.String()] = true
			}
		}
	}
	for kind := engine.NoCaller; kind <= engine.AnonymousCaller; kind++ {
		if !slices.Contains(reported, kind.String()) {
			t.Errorf("%s is not in the schema of reports", kind)
		}
		if !made[kind.String()] {
			t.Errorf("the generator makes no caller of the kind %s", kind)
		}
	}
	if len(reported) != int(engine.AnonymousCaller)+1 {
		t.Errorf("the schema of reports has %d kinds", len(reported))
	}
}

// TestEveryOperatorIsKnownEverywhere walks the table of operators: the page
// lists each, and the generator uses each, so that the twin knows it.
func TestEveryOperatorIsKnownEverywhere(t *testing.T) {
	listed, err := os.ReadFile("../site/src/ui/operators.ts")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"Null": true} // the generator has it beside every type
	for _, names := range operatorsOf {
		for _, name := range names {
			used[name] = true
		}
	}
	for _, op := range condition.Operators() {
		if !strings.Contains(string(listed), strconv.Quote(op.Name)) {
			t.Errorf("the page does not list %s", op.Name)
		}
		if !used[op.Name] {
			t.Errorf("the generator does not use %s", op.Name)
		}
	}
}
