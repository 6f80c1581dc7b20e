package engine_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
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
	expected := enumeration(t, "schema/scenario.v1.schema.json", "$defs", "ExpectedAnswer", "properties", "decidedBy", "items", "enum")
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
			t.Errorf("%s holds policies: %v, and is called %q and %q in messages, at place %d", name, policies, l.None, l.Explicit, l.Denies)
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
		t.Errorf("%d layers, %d in the schema of scenarios, %d in that of reports", len(names), len(expected), len(reported))
	}
	if denying := engine.DenyingLayers(); len(denying) != len(places)-1 {
		t.Errorf("%d layers deny, expected %d", len(denying), len(places)-1)
	}
}
