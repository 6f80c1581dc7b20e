package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

// The cast of the rule tests. Account A has the user ali of the group devs,
// who federates kiosk; the role worker below the path /team/; a bucket, a key
// and a VPC endpoint. Account B has the user bea and the role guest. Account C
// is not described.
const (
	ali     = "arn:aws:iam::111111111111:user/ali"
	worker  = "arn:aws:iam::111111111111:role/team/worker"
	shift   = "arn:aws:sts::111111111111:assumed-role/worker/shift"
	kiosk   = "arn:aws:sts::111111111111:federated-user/kiosk"
	linked  = "arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForX/s"
	rootA   = "arn:aws:iam::111111111111:root"
	bea     = "arn:aws:iam::222222222222:user/bea"
	guest   = "arn:aws:sts::222222222222:assumed-role/guest/visit"
	rootB   = "arn:aws:iam::222222222222:root"
	nobody  = "anonymous"
	service = "logs.amazonaws.com"
	accA    = "111111111111"
	accB    = "222222222222"
	accC    = "333333333333"

	box    = "arn:aws:s3:::box"
	object = "arn:aws:s3:::box/key"
	crate  = "arn:aws:s3:::crate"
	key    = "arn:aws:kms:eu-west-1:111111111111:key/k1"
)

// cast is a world of the rule tests: the policy documents of its members as
// JSON, "" for none.
type cast struct {
	user, group, boundary, federation string
	tags                              string // of ali, as JSON
	role, roleBoundary, session       string
	roleTags, sessionTags             string
	trust, linked                     string
	box, key, crate                   string // crate stands in account B
	boxTags                           string
	endpoint                          string
	bea, beaBoundary, guest           string
	org                               string // the organization
	time                              string
}

func member(name, value string) string {
	if value == "" {
		return ""
	}
	return `,"` + name + `":` + value
}

func inline(policy string) string {
	if policy == "" {
		return ""
	}
	return `,"inline":{"p":` + policy + `}`
}

// document is the scenario of the world with one request.
func (c cast) document(request string) string {
	policies := ""
	bound := func(name, policy string) string {
		if policy == "" {
			return ""
		}
		policies += `,"` + name + `":` + policy
		return `,"boundary":"` + name + `"`
	}
	userBoundary, roleBoundary := bound("UserBoundary", c.boundary), bound("RoleBoundary", c.roleBoundary)
	a := `"policies":{` + strings.TrimPrefix(policies, ",") + `}` +
		`,"groups":{"devs":{"policies":[]` + inline(c.group) + `}}` +
		`,"users":{"ali":{"id":"AIDAALI","groups":["devs"]` + userBoundary + inline(c.user) + member("tags", c.tags) +
		`,"federations":{"kiosk":{"policies":[]` + inline(c.federation) + `}}}}` +
		`,"roles":{"worker":{"id":"AROAWORKER","path":"/team/"` + roleBoundary + inline(c.role) + member("trust", c.trust) + member("tags", c.roleTags) +
		`,"sessions":{"shift":{"policies":[]` + inline(c.session) + member("tags", c.sessionTags) + `}}}` +
		`,"AWSServiceRoleForX":{"path":"/aws-service-role/x.amazonaws.com/"` + inline(c.linked) + `}}` +
		`,"resources":{"` + box + `":{"abac":true,"tags":` + or(c.boxTags, "{}") + member("policy", c.box) + `},"` +
		object + `":{"tags":` + or(c.boxTags, "{}") + member("policy", c.box) + `},"` + key + `":{"tags":{}` +
		member("policy", c.key) + `}}` +
		`,"vpcEndpoints":{"vpce-1":{"vpc":"vpc-1"` + member("policy", c.endpoint) + `}}`
	policies = ""
	beaBoundary := bound("BeaBoundary", c.beaBoundary)
	b := `"policies":{` + strings.TrimPrefix(policies, ",") + `}` +
		`,"users":{"bea":{"path":"/"` + beaBoundary + inline(c.bea) + `}}` +
		`,"roles":{"guest":{"path":"/"` + inline(c.guest) + `}}` +
		`,"resources":{"` + crate + `":{"tags":{}` + member("policy", c.crate) + `}}`
	when := ""
	if c.time != "" {
		when = `,"time":"` + c.time + `"`
	}
	return `{"version":1` + when + `,"accounts":{"` + accA + `":{` + a + `},"` + accB + `":{` + b + `}}` + member("organization", c.org) + `,"requests":[` + request + `]}`
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// js is a JSON string, or the text itself if it is a list or an object.
func js(text string) string {
	if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{") {
		return text
	}
	return `"` + text + `"`
}

func aws(principal string) string { return `{"AWS":` + js(principal) + `}` }

// The parts of policies. Lists are written as JSON.
func allow(action, resource string) string {
	return `{"Effect":"Allow","Action":` + js(action) + `,"Resource":` + js(resource) + `}`
}

func deny(action, resource string) string {
	return `{"Effect":"Deny","Action":` + js(action) + `,"Resource":` + js(resource) + `}`
}

// except swaps Action for NotAction.
func exceptActions(statement string) string {
	return strings.Replace(statement, `"Action"`, `"NotAction"`, 1)
}

func exceptResources(statement string) string {
	return strings.Replace(statement, `"Resource"`, `"NotResource"`, 1)
}

// to adds a Principal, and but a NotPrincipal.
func to(principal, statement string) string {
	return `{"Principal":` + js(principal) + `,` + statement[1:]
}

func but(principal, statement string) string {
	return `{"NotPrincipal":` + js(principal) + `,` + statement[1:]
}

// trusting is a statement of a trust policy.
func trusting(principal, action string) string {
	return `{"Effect":"Allow","Principal":` + js(principal) + `,"Action":` + js(action) + `}`
}

// when adds a Condition, given as its members.
func when(statement, condition string) string {
	return statement[:len(statement)-1] + `,"Condition":{` + condition + `}}`
}

func doc(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

// docOf is a document of another Version; "" for none.
func docOf(version string, statements ...string) string {
	if version != "" {
		version = `"Version":"` + version + `",`
	}
	return `{` + version + `"Statement":[` + strings.Join(statements, ",") + `]}`
}

// all are policies that allow everything.
var (
	allowAll     = doc(allow("*", "*"))
	allowEvery   = doc(to("*", allow("*", "*")))
	denyAll      = doc(deny("*", "*"))
	denyEvery    = doc(to("*", deny("*", "*")))
	allowOther   = doc(allow("sqs:SendMessage", "*"))
	denyGet      = doc(deny("s3:GetObject", "*"))
	allowGet     = doc(allow("s3:GetObject", "*"))
	everyoneGet  = doc(to("*", allow("s3:GetObject", "*")))
	allowAnother = doc(to("*", allow("sqs:SendMessage", "*")))
)

// ruleCase is one rule with the smallest world that shows it. The request is
// to get the object of the bucket, unless it says otherwise; ali sends it.
type ruleCase struct {
	rule                     string
	world                    cast
	caller, action, resource string
	more                     string // further members of the request, as JSON
	want                     string // a decision, or "decision by layer+layer"
}

func (c ruleCase) request() string {
	more := ""
	if c.more != "" {
		more = "," + c.more
	}
	return `{"name":"r","principal":"` + or(c.caller, ali) + `","action":"` + or(c.action, "s3:GetObject") + `","resource":"` + or(c.resource, object) + `"` + more + `}`
}

func context(members string) string { return `"context":{` + members + `}` }

// evaluate decides the first request of a document, which must have no errors.
func evaluate(t *testing.T, text string) *engine.Evaluation {
	t.Helper()
	w := engine.NewWorld(engine.Parse(text), nil)
	for _, d := range w.Diagnostics {
		if d.Severity == engine.Error {
			t.Fatalf("%s at %s: %s\n%s", d.Code, d.Pointer, d.Message, text)
		}
	}
	q := w.Query(w.Scenario.Requests[0])
	if q == nil {
		t.Fatalf("the request cannot be asked\n%s", text)
	}
	e := q.Evaluate()
	if d := q.Authorize(nil); d != e.Decision {
		t.Errorf("Authorize says %v, Evaluate %v", d, e.Decision)
	}
	return e
}

func layersOf(e *engine.Evaluation) string {
	var out []string
	for _, l := range e.DecidedBy {
		out = append(out, l.String())
	}
	slices.Sort(out)
	return strings.Join(out, "+")
}

func (c ruleCase) check(t *testing.T) { checkAnswer(t, c.world.document(c.request()), c.want) }

// checkAnswer decides the first request of a document. What is wanted is a
// decision, or "decision by layer+layer".
func checkAnswer(t *testing.T, text, wanted string) {
	t.Helper()
	e := evaluate(t, text)
	want, by, hasBy := strings.Cut(wanted, " by ")
	layers := strings.Split(by, "+")
	slices.Sort(layers)
	if e.Overall.String() != want || hasBy && layersOf(e) != strings.Join(layers, "+") {
		t.Errorf("%v by %s, want %s\n%s", e.Overall, layersOf(e), wanted, text)
	}
}

func checkRules(t *testing.T, table []ruleCase) {
	for _, c := range table {
		t.Run(c.rule, c.check)
	}
}
