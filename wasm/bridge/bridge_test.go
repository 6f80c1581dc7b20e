package bridge

import (
	"encoding/json"
	"testing"

	"github.com/iam-playground/iam-playground/scenarios"
)

type answer struct {
	API     int
	OK      bool
	Error   string
	Results []map[string]any
}

func call(t *testing.T, b *Bridge, in any) answer {
	t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(b.Call(text), &a); err != nil {
		t.Fatalf("the answer is not JSON: %v", err)
	}
	return a
}

type object = map[string]any

func ops(names ...string) []object {
	var out []object
	for _, n := range names {
		out = append(out, object{"id": n, "op": n, "request": 0})
	}
	return out
}

func TestEveryScenarioIsAnswered(t *testing.T) {
	for _, entry := range append(scenarios.All(), scenarios.Broken()...) {
		b := New()
		a := call(t, b, object{"api": 1, "scenario": entry.Text, "ops": ops("evaluate")})
		if !a.OK || len(a.Results) != 1 || a.Results[0]["error"] != nil {
			t.Fatalf("%s: %v", entry.Path, a)
		}
		for i := range a.Results[0]["requests"].([]any) {
			a := call(t, b, object{"api": 1, "ops": []object{{"id": "x", "op": "explain", "request": i}}})
			if !a.OK || a.Results[0]["error"] != nil {
				t.Fatalf("%s, request %d: %v", entry.Path, i, a)
			}
		}
	}
}

func TestACallThatIsNotJSONIsRefused(t *testing.T) {
	for name, in := range map[string]string{"nothing": "", "half a call": `{"api":1`, "another version": `{"api":2}`, "no object": `[]`} {
		var a answer
		if err := json.Unmarshal(New().Call([]byte(in)), &a); err != nil || a.OK || a.Error == "" {
			t.Errorf("%s: answered %+v, %v", name, a, err)
		}
	}
}

func TestAnOperationThatIsRefusedSaysSoInItsPlace(t *testing.T) {
	a := call(t, New(), object{"api": 1, "scenario": `{"version":1,"accounts":{}}`, "ops": []object{
		{"id": "1", "op": "dance"}, {"id": "2", "op": "explain", "request": 7}, {"id": "3", "op": "evaluate"}}})
	if !a.OK || len(a.Results) != 3 || a.Results[0]["error"] == nil || a.Results[1]["error"] == nil || a.Results[2]["error"] != nil {
		t.Errorf("answered %v", a)
	}
}

func TestCheckFindsWhatIsWrongInADraft(t *testing.T) {
	a := call(t, New(), object{"api": 1, "ops": []object{{"id": "1", "op": "check", "kind": "identity", "text": `{"Statement": [{"Effect": "allow", "Action": "s3:*"}]`}}})
	r := a.Results[0]
	if r["valid"] != false {
		t.Errorf("valid = %v for a text without its last bracket", r["valid"])
	}
	codes := map[string]bool{}
	for _, d := range r["diagnostics"].([]any) {
		codes[d.(object)["code"].(string)] = true
	}
	for _, want := range []string{"JSON_SYNTAX_ERROR", "INVALID_EFFECT", "MISSING_RESOURCE", "MISSING_VERSION"} {
		if !codes[want] {
			t.Errorf("no finding %s among %v", want, codes)
		}
	}
}
