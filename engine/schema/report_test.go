//go:build !js

// The schema is not part of what runs in browsers.

package schema

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/iam-playground/iam-playground/engine/catalog/sample"
	"github.com/iam-playground/iam-playground/scenarios"
	"github.com/iam-playground/iam-playground/wasm/bridge"
)

type object = map[string]any

// contract asks a bridge, and holds what it answers to the schema of reports.
type contract struct {
	t      *testing.T
	schema *jsonschema.Schema
	bridge *bridge.Bridge
}

func newContract(t *testing.T) contract {
	text, err := os.ReadFile("../report/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return contract{t, jsonschema.MustCompileString("https://iam-playground.github.io/schema/report.schema.json", string(text)), bridge.New()}
}

// call answers the operations about a scenario, one result for each.
func (c contract) call(scenario string, ops ...object) []object {
	c.t.Helper()
	in, err := json.Marshal(object{"api": 1, "scenario": scenario, "ops": ops})
	if err != nil {
		c.t.Fatal(err)
	}
	out := c.bridge.Call(in)
	for _, v := range validate(c.schema, out) {
		c.t.Errorf("%s: %s", v.Pointer, v.Message)
	}
	var answer struct {
		OK      bool
		Error   string
		Results []object
	}
	if err := json.Unmarshal(out, &answer); err != nil || !answer.OK || len(answer.Results) != len(ops) {
		c.t.Fatalf("%d results and the error %q for %d operations: %v", len(answer.Results), answer.Error, len(ops), err)
	}
	for i, r := range answer.Results {
		if r["id"] != ops[i]["id"] || r["op"] != ops[i]["op"] {
			c.t.Errorf("result %d is of %v %v, expected %v %v", i, r["op"], r["id"], ops[i]["op"], ops[i]["id"])
		}
	}
	return answer.Results
}

func TestReportsFollowSchema(t *testing.T) {
	for _, entry := range slices.Concat(scenarios.All(), scenarios.Broken()) {
		t.Run(entry.Path, func(t *testing.T) {
			c := newContract(t)
			results := c.call(entry.Text, object{"id": "a", "op": "evaluate"}, object{"id": "b", "op": "check", "kind": "scenario", "text": entry.Text})
			requests, _ := results[0]["requests"].([]any)
			explains := make([]object, len(requests))
			for i := range requests {
				explains[i] = object{"id": strconv.Itoa(i), "op": "explain", "request": i}
			}
			var further []object
			for i, r := range c.call(entry.Text, explains...) {
				if r["error"] != nil {
					t.Errorf("request %d is refused: %v", i, r["error"])
				}
				checks, _ := r["also"].([]any)
				for _, check := range checks {
					further = append(further,
						object{"id": "x", "op": "explain", "request": i, "check": check.(object)["check"]})
				}
			}
			if len(further) == 0 {
				return
			}
			for i, r := range c.call(entry.Text, further...) {
				if shown := r["shown"].(object); shown["check"] != further[i]["check"] ||
					r["sentence"].(object)["action"] != r["also"].([]any)[int(shown["check"].(float64))].(object)["action"] {
					t.Errorf("the explanation of %v is of %v", further[i], shown)
				}
			}
		})
	}
}

func TestReportsAboutManagedPoliciesFollowSchema(t *testing.T) {
	const library = `{"date": "2026-08-26", "policies": [{"arn": "arn:aws:iam::aws:policy/Reader", "name": "Reader", "version": "v7", "date": "2026-08-26",
		"document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}}]}`
	c := newContract(t)
	results := c.call(`{"version": 1, "accounts": {"111122223333": {"users": {"ali": {"policies": ["arn:aws:iam::aws:policy/Reader"]}}}}, "requests": [
		{"name": "n", "principal": "arn:aws:iam::111122223333:user/ali", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme/x", "unknown": ["aws:SourceIp"], "expect": "denied"}]}`,
		object{"id": "1", "op": "about"}, object{"id": "2", "op": "library", "text": library}, object{"id": "3", "op": "explain", "request": 0})
	policies, _ := results[2]["policies"].([]any)
	if len(policies) == 0 || policies[0].(object)["managed"] == nil {
		t.Errorf("the policies are %v, expected the managed one with its version", policies)
	}
}

func TestReportsWithFactsFollowSchema(t *testing.T) {
	c := newContract(t)
	facts := sample.Catalog().Facts([]string{"ec2:DescribeInstances", "kms:Decrypt", "s3:GetObject"})
	request := func(action, resource, more string) string {
		return `{"name": "` + action + `", "principal": "arn:aws:iam::111122223333:user/ali", "action": "` + action +
			`", "resource": "` + resource + `"` + more + `}`
	}
	scenario := `{"version": 1, "accounts": {"111122223333": {"users": {"ali": {}}}}, "requests": [` +
		request("ec2:DescribeInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "") + "," +
		request("s3:GetObject", "arn:aws:s3:::acme/x",
			`, "also": [{"action": "kms:Decrypt", "resource": "arn:aws:kms:eu-west-1:111122223333:alias/a"}]`) + "," +
		request("s3:PutObject", "arn:aws:s3:::acme/x", "") + `]}`
	asked := func() (states []any) {
		for i := range 3 {
			r := c.call(scenario, object{"id": "1", "op": "explain", "request": i})[0]
			states = append(states, r["asked"].(object)["state"])
			for _, also := range r["also"].([]any) {
				states = append(states, also.(object)["asked"].(object)["state"])
			}
		}
		return states
	}
	if got, want := asked(), []any{"notChecked", "notChecked", "notChecked", "notChecked"}; !slices.Equal(got, want) {
		t.Errorf("without facts: %v, expected %v", got, want)
	}
	if r := c.call(scenario, object{"id": "1", "op": "facts", "text": facts})[0]; r["count"] != 3.0 ||
		r["date"] != sample.Date {
		t.Errorf("the facts are taken as %v", r)
	}
	if got, want := asked(), []any{"asMade", "checked", "neverMade", "notChecked"}; !slices.Equal(got, want) {
		t.Errorf("with facts: %v, expected %v", got, want)
	}
}

func TestChecksOfEveryKindFollowSchema(t *testing.T) {
	c := newContract(t)
	for _, kind := range []string{"scenario", "identity", "resource", "trust", "scp", "rcp", "vpce", "json"} {
		for _, text := range []string{``, `{`, `7`, `{}`, `{"Version": "2012-10-17", "Statement": [` + statement + `]}`} {
			if r := c.call("", object{"id": "1", "op": "check", "kind": kind, "text": text})[0]; r["error"] != nil {
				t.Errorf("the check of %q as %s is refused: %v", text, kind, r["error"])
			}
		}
	}
}

func TestRefusalsFollowSchema(t *testing.T) {
	c := newContract(t)
	for i, r := range c.call(account(``), object{"id": "1", "op": "dance"},
		object{"id": "2", "op": "explain", "request": 0}, object{"id": "3", "op": "library", "text": "["},
		object{"id": "4", "op": "facts", "text": "["}) {
		if r["error"] == nil {
			t.Errorf("operation %d is answered with %v, expected a refusal", i, r)
		}
	}
	for _, v := range validate(c.schema, c.bridge.Call([]byte(`{"api": 2}`))) {
		t.Errorf("the refusal of a call: %s: %s", v.Pointer, v.Message)
	}
}

func TestTheSchemaOfReportsRefusesWhatIsNoReport(t *testing.T) {
	c := newContract(t)
	for name, text := range map[string]string{
		"another version":             `{"api": 2, "ok": true, "results": []}`,
		"an answer without results":   `{"api": 1, "ok": true}`,
		"a failure without an error":  `{"api": 1, "ok": false}`,
		"a failure with results":      `{"api": 1, "ok": false, "error": "", "results": []}`,
		"an unknown member":           `{"api": 1, "ok": true, "results": [{"id": "1", "op": "about", "engine": "", "rules": "", "libraryDate": "", "x": 1}]}`,
		"a result without its member": `{"api": 1, "ok": true, "results": [{"id": "1", "op": "about", "engine": "", "rules": ""}]}`,
	} {
		if len(validate(c.schema, []byte(text))) == 0 {
			t.Errorf("%s follows the schema", name)
		}
	}
}
