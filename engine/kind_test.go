package engine_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

func TestEveryKindOfPolicyHasAWordAndAName(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range engine.PolicyKinds() {
		word := k.String()
		if word == "" || seen[word] || !strings.HasPrefix(k.Name(), "a ") && !strings.HasPrefix(k.Name(), "an ") {
			t.Errorf("kind %d: the word %q and the name %q", k, word, k.Name())
		}
		seen[word] = true
		if got, ok := engine.ParsePolicyKind(word); !ok || got != k {
			t.Errorf("%q: it is read as %v", word, got)
		}
		if of := k.Of(); of != "" && (!strings.HasPrefix(of, "the ") || !strings.HasSuffix(of, " ")) {
			t.Errorf("%q: %q", word, of)
		}
		if _, diagnostics, _ := engine.ReadPolicy(engine.Parse(`{"Version": "2012-10-17", "Statement": []}`).Document,
			k); len(diagnostics) > 0 {
			t.Errorf("%q: an empty policy has %s", word, diagnostics[0].Message)
		}
	}
	for _, word := range []string{"", "managed", "policy", "Identity"} {
		if k, ok := engine.ParsePolicyKind(word); ok {
			t.Errorf("%q: it is read as %v", word, k)
		}
	}
}

// TestTheReportsWordsForPoliciesAreTheirKinds reads the words out of the schema.
func TestTheReportsWordsForPoliciesAreTheirKinds(t *testing.T) {
	text, err := os.ReadFile("report/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	lists := 0
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			var words []string
			list, _ := v["enum"].([]any)
			for _, w := range list {
				word, _ := w.(string)
				words = append(words, word)
			}
			// A list of kinds has "vpce"; that of deciders and of steps has "service" too.
			if slices.Contains(words, "vpce") && !slices.Contains(words, "service") {
				lists++
				for _, word := range words {
					if _, ok := engine.ParsePolicyKind(word); !ok && word != "managed" && word != "scenario" &&
						word != "json" {
						t.Errorf("%q is no kind of policy", word)
					}
				}
			}
			for _, item := range v {
				walk(item)
			}
		}
	}
	walk(schema)
	if lists != 2 {
		t.Errorf("the schema lists kinds %d times, expected what is checked and what a policy is", lists)
	}
}
