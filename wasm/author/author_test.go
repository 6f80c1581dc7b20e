package author

import (
	"encoding/json"
	"os"
	"testing"
	"unicode/utf16"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

type object = map[string]any

func call(t *testing.T, a *Author, scenario string, ops ...object) []object {
	t.Helper()
	in, err := json.Marshal(object{"api": 1, "scenario": scenario, "ops": ops})
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		OK      bool
		Error   string
		Results []object
	}
	if err := json.Unmarshal(a.Call(in), &answer); err != nil || !answer.OK || len(answer.Results) != len(ops) {
		t.Fatalf("%d results and the error %q: %v", len(answer.Results), answer.Error, err)
	}
	return answer.Results
}

const scenario = `{"version": 1, "accounts": {"111122223333": {"policies": {"Reader": {}}}}}`

func ready(t *testing.T) *Author {
	t.Helper()
	schema, err := os.ReadFile("../../engine/schema/scenario.v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	a := New()
	results := call(t, a, scenario,
		object{"op": "schema", "text": string(schema)},
		object{"op": "catalog", "text": sample.Text()},
		object{"op": "managed", "arns": []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}})
	if results[0]["taken"] != true || results[1]["services"].(float64) == 0 || results[2]["count"] != 1.0 {
		t.Fatalf("%v", results)
	}
	return a
}

func TestProposalsComeWithOffsetsAsThePageCounts(t *testing.T) {
	a := ready(t)
	const before = `{"Id": "😀", "Statement": [{"Effect": "`
	r := call(t, a, scenario, object{"op": "complete", "pointer": "/accounts/111122223333/policies/Reader", "text": before + `A"}]}`, "at": len(before) - 1})[0]
	if r["from"] != float64(len(before)-2) || r["to"] != float64(len(before)-1) || r["items"].([]any)[0].(object)["label"] != "Allow" {
		t.Errorf("%v", r)
	}
}

func TestAWordIsExplainedAndNothingIsNull(t *testing.T) {
	a := ready(t)
	text := `{"Statement": [{"Action": "s3:GetObject"}]}`
	results := call(t, a, scenario,
		object{"op": "hover", "pointer": "/accounts/111122223333/policies/Reader", "text": text, "at": 30},
		object{"op": "hover", "pointer": "/accounts/111122223333/policies/Reader", "text": text, "at": 0})
	if note, ok := results[0]["note"].(object); !ok || note["title"] != "s3:GetObject" {
		t.Errorf("%v", results[0])
	}
	if results[1]["note"] != nil {
		t.Errorf("%v", results[1])
	}
}

func TestAServiceIsGivenWhole(t *testing.T) {
	results := call(t, ready(t), scenario, object{"op": "services"}, object{"op": "service", "prefix": "s3"}, object{"op": "service", "prefix": "none"})
	if len(results[0]["services"].([]any)) == 0 {
		t.Error("no services")
	}
	if s := results[1]["service"].(object); s["prefix"] != "s3" || len(s["actions"].([]any)) == 0 || len(s["resourceTypes"].([]any)) == 0 || len(s["keys"].([]any)) == 0 {
		t.Errorf("%v", s)
	}
	if results[2]["service"] != nil {
		t.Errorf("%v", results[2])
	}
}

func TestFactsAndProposalsAreAboutTheScenariosRequests(t *testing.T) {
	const text = `{"version": 1, "accounts": {"111122223333": {"users": {"ali": {}}}}, "requests": [{"name": "runs", "principal": "arn:aws:iam::111122223333:user/ali",
		"action": "ec2:RunInstances", "resource": "arn:aws:ec2:eu-west-1:111122223333:instance/*", "also": [{"action": "s3:Nothing", "resource": "*"}]}]}`
	results := call(t, ready(t), text, object{"op": "facts"}, object{"op": "propose", "request": 0},
		object{"op": "propose", "request": 1})
	facts, library := results[0]["text"].(string), engine.NewLibrary()
	if n, problem := library.LoadFacts(facts); n != 2 || problem != nil || library.FactsDate() != sample.Date {
		t.Errorf("%d actions of %s, %v: %s", n, library.FactsDate(), problem, facts)
	}
	if checks := results[1]["checks"].([]any); len(checks) == 0 ||
		checks[0].(object)["resource"] != "arn:aws:ec2:eu-west-1::image/*" || checks[0].(object)["page"] == "" {
		t.Errorf("%v", results[1])
	}
	if checks := results[2]["checks"].([]any); len(checks) != 0 {
		t.Errorf("%v", results[2])
	}
	if results := call(t, New(), text, object{"op": "facts"},
		object{"op": "propose", "request": 0}); results[0]["text"] != "" || len(results[1]["checks"].([]any)) != 0 {
		t.Errorf("without a catalogue: %v", results)
	}
}

func TestWhatCannotBeDoneSaysSo(t *testing.T) {
	for _, r := range call(t, New(), scenario, object{"op": "dance"}, object{"op": "catalog", "text": "{}"}) {
		if r["error"] == nil {
			t.Errorf("%v", r)
		}
	}
}

func TestFindingsComeWithTheirFixesAsThePageCounts(t *testing.T) {
	const text = `{"version": 1, "title": "😀", "accounts": {"111122223333": {"policies": {"P": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"}}}}}}`
	r := call(t, ready(t), text, object{"op": "lint"})[0]
	for _, one := range r["findings"].([]any) {
		f := one.(object)
		if f["code"] != "INVALID_ACTION" {
			continue
		}
		units := utf16.Encode([]rune(text))
		at := func(key string) int { return int(f[key].(float64)) }
		if got := string(utf16.Decode(units[at("start"):at("end")])); got != `"s3:GetObjcet"` {
			t.Errorf("points at %s", got)
		}
		if fix := f["fix"].([]any); len(fix) != 1 || fix[0].(object)["text"] != `"s3:GetObject"` || f["fixLabel"] == "" || f["page"] == "" || f["why"] == "" {
			t.Errorf("%v", f)
		}
		if len(r["quotas"].([]any)) == 0 {
			t.Error("no quotas")
		}
		return
	}
	t.Errorf("not found: %v", r)
}

func TestTwoVersionsAreComparedInParts(t *testing.T) {
	version := func(action string) string {
		return `{"version": 1, "accounts": {"111122223333": {"users": {"ali": {"inline": {"p": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "` + action + `", "Resource": "arn:aws:s3:::reports/*"}}}}}}},
			"requests": [{"name": "reads", "principal": "arn:aws:iam::111122223333:user/ali", "action": "s3:GetObject", "resource": "arn:aws:s3:::reports/a"}]}`
	}
	a := ready(t)
	before := version("s3:Put*")
	part := func(from, most int) object {
		return call(t, a, version("s3:GetObject"), object{"op": "compare", "before": before, "from": from, "most": most})[0]
	}
	first := part(0, 1)
	requests := first["requests"].([]any)
	if len(requests) != 1 || first["asked"] != 1.0 || first["done"] != 1.0 || first["finished"] != false || first["stopped"] != false {
		t.Fatalf("%v", first)
	}
	one := requests[0].(object)
	if one["name"] != "reads" || one["indexBefore"] != 0.0 || one["edited"] != false || one["before"].(object)["decision"] != "implicitDeny" || one["after"].(object)["decision"] != "allowed" {
		t.Errorf("%v", one)
	}
	whole := part(0, 10_000)
	if whole["finished"] != true || whole["done"] != whole["total"] || len(whole["changes"].([]any)) == 0 {
		t.Errorf("%v", whole)
	}
	// A part that goes on elsewhere than the last one ended begins again there.
	rest := part(1, 10_000)
	if rest["finished"] != true || len(rest["requests"].([]any)) != 0 || len(first["changes"].([]any))+len(rest["changes"].([]any)) != len(whole["changes"].([]any)) {
		t.Errorf("%v", rest)
	}
	change := whole["changes"].([]any)[0].(object)
	if change["service"] != "s3" || change["level"] != "Read" || change["actions"].([]any)[0] != "s3:GetObject" || change["after"].(object)["decision"] != "allowed" {
		t.Errorf("%v", change)
	}
	before = "{\"version\": 1, \"accounts\": {},\n]"
	if problems := part(0, 1)["problems"].([]any); len(problems) != 1 || problems[0].(object)["side"] != "before" || problems[0].(object)["line"] != 2.0 {
		t.Errorf("%v", problems)
	}
}
