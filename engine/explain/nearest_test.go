package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
)

// evaluated is the answer to the first request of a document, which must be
// without errors.
func evaluated(t *testing.T, document string) *engine.Evaluation {
	t.Helper()
	w := engine.NewWorld(engine.Parse(document), nil)
	for _, d := range w.Diagnostics {
		if d.Severity == engine.Error {
			t.Fatalf("%s: %s", d.Pointer, d.Message)
		}
	}
	return w.Query(w.Scenario.Requests[0]).Evaluate()
}

// uma is a document with a user and her request; the policies are statements.
func uma(inline, rest, request string) string {
	return `{"version": 1, "accounts": {"111122223333": {
		"users": {"uma": {"inline": {"p": {"Version": "2012-10-17", "Statement": [` + inline + `]}}}}` + rest + `}},
		"requests": [{"name": "r", "principal": "arn:aws:iam::111122223333:user/uma", ` + request + `}]}`
}

const getLetter = `"action": "s3:GetObject", "resource": "arn:aws:s3:::letters/l"`

// bucketOf is the rest of uma's account with a bucket of that policy, and an endpoint.
func bucketOf(statement string) string {
	return `, "vpcEndpoints": {"vpce-2": {"vpc": "vpc-2"}},
		"resources": {"arn:aws:s3:::letters": {"policy": {"Version": "2012-10-17", "Statement": [` + statement + `]}}}`
}

func TestNearestSaysWhatIsSo(t *testing.T) {
	const (
		others = `{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}`
		all    = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	)
	for _, c := range []struct {
		rule, document string
		want           []string
	}{
		{"a resource's policy that nearly grants is near, although the caller's own policies stopped",
			uma(others, bucketOf(`{"Sid": "Uma", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/uma"}, "Action": "s3:GetObject",
				"Resource": "arn:aws:s3:::letters/*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}`), getLetter+`, "via": "vpce-2"`),
			[]string{"allow: Uma in the policy of letters comes nearest. It would match with aws:SourceVpce = vpce-1.",
				"allow: Statement 1 in p would match with s3:GetObject among its actions."}},
		{"a resource's policy that names only the account would not grant by itself",
			uma(``, bucketOf(`{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::letters/*",
				"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}`), getLetter+`, "via": "vpce-2"`), nil},
		{"what covers everything leaves no other action and no other resource",
			uma(all+`, {"Sid": "all", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}`, "", `"action": "s3:ListAllMyBuckets", "resource": "*"`),
			[]string{"lift: all in p denies it. It would not match with aws:SecureTransport = false."}},
		{"a Deny of everybody names no other caller, and nothing lifts one without conditions",
			uma(all, bucketOf(`{"Sid": "never", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}`),
				getLetter),
			[]string{"lift: never in the policy of letters denies it."}},
		{"what lifts a Deny is said in the words of its elements",
			uma(all, bucketOf(`{"Sid": "office", "Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:user/uma"}, "Action": "s3:Get*", "Resource": "arn:aws:s3:::letters/*",
				"Condition": {"NotIpAddress": {"AWS:sourceip": "203.0.113.0/24"}}}`), getLetter+`, "context": {"aws:SourceIp": "198.51.100.1"}`),
			[]string{"lift: office in the policy of letters denies it. It would not match with a caller other than " +
				"arn:aws:iam::111122223333:user/uma, an action that s3:Get* does not cover, a resource that " +
				"arn:aws:s3:::letters/* does not cover or AWS:sourceip meeting IpAddress 203.0.113.0/24."}},
		{"a negated condition that holds because the key is absent is lifted by one of its values only",
			uma(all+`, {"Sid": "home", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-3"]}}}`, "", getLetter),
			[]string{"lift: home in p denies it. It would not match with aws:SourceVpce = vpce-1 or vpce-3."}},
		{"an allowed request names the Deny that it missed by one element",
			uma(all+`, {"Sid": "plain", "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
				{"Sid": "queues", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"}`, "", getLetter),
			[]string{"deny: plain in p would deny it with aws:SecureTransport = false."}},
		{"conditions that contradict each other are not offered",
			uma(`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"x:a": "1"}, "StringNotEqualsIfExists": {"x:a": "1"}}}`, "", getLetter), nil},
		{"an empty value can be seen",
			uma(`{"Sid": "none", "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"x:a": ""}}}`, "", getLetter+`, "context": {"x:a": "1"}`),
			[]string{`allow: none in p comes nearest. It would match with x:a = "".`}},
	} {
		e := evaluated(t, c.document)
		var got []string
		for _, n := range explain.Nearest(e, explain.Statements(e)) {
			got = append(got, n.Kind.String()+": "+n.Text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.rule, got, c.want)
		}
	}
}

func TestAbsentKeysSayWhatIsSo(t *testing.T) {
	home := uma(`{"Sid": "home", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/Team}/*"}`, "",
		`"action": "s3:GetObject", "resource": "arn:aws:s3:::b/blue/x"`)
	e := evaluated(t, home)
	want := "aws:PrincipalTag/Team is not in the request, and the answer rests on that: it would be allowed with blue"
	if a := e.AbsentKeys(); len(a) != 1 || explain.Absent(e, a[0]) != want {
		t.Errorf("%v, want %q", a, want)
	}
	e = evaluated(t,
		uma(`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"X:a": "1"}, "Null": {"x:A": "false"}}}`, "", getLetter))
	want = "X:a is not in the request, and the answer rests on that: it would be allowed with any value but 1"
	if a := e.AbsentKeys(); len(a) != 1 || explain.Absent(e, a[0]) != want {
		t.Errorf("%q, want %q", explain.Absent(e, a[0]), want)
	}
}

// failing is the sentence about the one element of the one statement that fails.
func failing(t *testing.T, statement, rest, request string) string {
	t.Helper()
	e := evaluated(t, uma(statement, rest, request))
	for _, s := range explain.Statements(e) {
		for i := range s.Elements {
			if s.Failing == 1 && s.Elements[i].Outcome == 0 {
				return s.Elements[i].Name + " " + explain.Element(e.Query, &s.Elements[i])
			}
		}
	}
	return ""
}

func TestTheCauseIsNamed(t *testing.T) {
	allow := func(resource string) string {
		return `{"Effect": "Allow", "Action": "*", "Resource": "` + resource + `"}`
	}
	condition := func(block string) string {
		return `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {` + block + `}}`
	}
	on := func(action, resource string) string {
		return `"action": "` + action + `", "resource": "` + resource + `"`
	}
	const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
	const queue = "arn:aws:sqs:eu-west-1:111122223333:jobs"
	for _, c := range []struct{ statement, request, want string }{
		{allow("arn:aws:s3:::Letters/*"), getLetter,
			"Resource arn:aws:s3:::Letters/* differs from arn:aws:s3:::letters/l only in case"},
		{allow("arn:aws:s3:::letters"), getLetter, "Resource arn:aws:s3:::letters is the bucket, not an object in it"},
		{allow("arn:aws:s3:::letters/*"), on("s3:ListBucket", "arn:aws:s3:::letters"),
			"Resource arn:aws:s3:::letters/* covers the objects; the request names the bucket itself"},
		{allow("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"), on("secretsmanager:GetSecretValue", secret),
			"Resource arn:aws:secretsmanager:eu-west-1:111122223333:secret:db lacks the six characters that " +
				"Secrets Manager adds: -AbCdEf"},
		{allow("arn:aws:sqs:eu-west-1::jobs"), on("sqs:SendMessage", queue),
			"Resource arn:aws:sqs:eu-west-1::jobs lacks the account 111122223333"},
		{allow("arn:aws:sqs:::jobs"), on("sqs:SendMessage", queue),
			"Resource arn:aws:sqs:::jobs lacks the Region eu-west-1 and the account 111122223333"},
		{allow("arn:aws:sqs:us-east-1:111122223333:jobs"), on("sqs:SendMessage", queue),
			"Resource arn:aws:sqs:us-east-1:111122223333:jobs is in Region us-east-1; the request names eu-west-1"},
		{allow("arn:aws:sqs:eu-west-1:444455556666:jobs"), on("sqs:SendMessage", queue),
			"Resource arn:aws:sqs:eu-west-1:444455556666:jobs is in account 444455556666; the request names " +
				"111122223333"},
		{allow("arn:aws:s3::111122223333:letters/*"), getLetter,
			"Resource arn:aws:s3::111122223333:letters/* has the account 111122223333; the request's ARN has none"},
		{allow("arn:aws:sns:eu-west-1:111122223333:other"), on("sqs:SendMessage", queue),
			"Resource is of service sns; the request names one of sqs"},
		{allow("arn:aws:s3:::other/*"), getLetter, "Resource does not cover arn:aws:s3:::letters/l"},
		{`{"Effect": "Allow", "Action": ["sqs:*", "sns:Publish"], "Resource": "*"}`, getLetter,
			"Action covers actions of sqs and sns only, not s3:GetObject"},
		{`{"Effect": "Allow", "Action": ["sqs:*", "s3:Put*"], "Resource": "*"}`, getLetter,
			"Action does not cover s3:GetObject"},
		{condition(`"StringEquals": {"X:Team": "Red"}`), getLetter + `, "context": {"x:team": "red"}`,
			"Condition X:Team is red, expected StringEquals Red: it differs only in case"},
		{condition(`"StringEquals": {"x:team": "r*"}`), getLetter + `, "context": {"x:team": "red"}`,
			"Condition x:team is red, expected StringEquals r*, where * and ? are no wildcards"},
		{condition(`"StringEquals": {"x:team": "red"}`), getLetter + `, "context": {"x:team": ""}`,
			`Condition x:team is "", expected StringEquals red`},
		{condition(`"StringEquals": {"x:team": "red"}`), getLetter + `, "context": {"x:team": "red "}`,
			"Condition x:team is red , expected StringEquals red: it differs only in white space"},
		{condition(`"Null": {"x:team": "false"}`), getLetter,
			"Condition x:team is not in the request, and Null false asks that it be there"},
	} {
		if got := failing(t, c.statement, "", c.request); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.statement, got, c.want)
		}
	}
	for named, want := range map[string]string{
		"arn:aws:iam::111122223333:user/Uma": "Principal arn:aws:iam::111122223333:user/Uma differs from " +
			"arn:aws:iam::111122223333:user/uma only in case",
		"arn:aws:iam::444455556666:user/uma": "Principal arn:aws:iam::444455556666:user/uma is in account " +
			"444455556666; the caller is in 111122223333",
		"arn:aws:iam::111122223333:user/x/uma": "Principal arn:aws:iam::111122223333:user/x/uma has another path " +
			"than arn:aws:iam::111122223333:user/uma",
		"arn:aws:iam::111122223333:role/uma": "Principal arn:aws:iam::111122223333:role/uma is a role; the " +
			"caller is a user",
		"arn:aws:iam::111122223333:user/ali": "Principal does not name arn:aws:iam::111122223333:user/uma",
	} {
		statement := `{"Effect": "Allow", "Principal": {"AWS": "` + named + `"}, "Action": "*", "Resource": "*"}`
		if got := failing(t, "", bucketOf(statement), getLetter); got != want {
			t.Errorf("%s\n got %s\nwant %s", named, got, want)
		}
	}
}

// stage is a step of an evaluation in words.
func stage(t *testing.T, e *engine.Evaluation, id engine.StageID) (*engine.Stage, explain.Stage) {
	t.Helper()
	for i := range e.Stages {
		if e.Stages[i].ID == id {
			return &e.Stages[i], explain.DescribeStage(e, &e.Stages[i])
		}
	}
	t.Fatalf("there is no step %q", id)
	return nil, explain.Stage{}
}

func TestAStepNamesTheGroupThroughWhichItAllows(t *testing.T) {
	document := func(user string) string {
		return `{"version": 1, "accounts": {"111122223333": {
			"groups": {"s3-manager": {"policies": ["AllS3"]}},
			"policies": {"AllS3": {"Version": "2012-10-17", "Statement": {"Sid": "s3", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}},
			"users": {"uma": {` + user + `}}}},
			"requests": [{"name": "r", "principal": "arn:aws:iam::111122223333:user/uma", ` + getLetter + `}]}`
	}
	for user, want := range map[string]string{
		`"groups": ["s3-manager"]`:                        "Allowed by s3 in AllS3, through group s3-manager.",
		`"groups": ["s3-manager"], "policies": ["AllS3"]`: "Allowed by s3 in AllS3.",
	} {
		if _, words := stage(t, evaluated(t, document(user)), engine.StageIdentity); words.Text != want {
			t.Errorf("%s: %q, want %q", user, words.Text, want)
		}
	}
}

func TestAStepWhoseDenyDecidedSaysSo(t *testing.T) {
	e := evaluated(t, `{"version": 1, "organization": {"id": "o-1", "managementAccount": "999999999999",
		"policies": {"noS3": {"Version": "2012-10-17", "Statement": {"Sid": "noS3", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}}},
		"root": {"id": "r-1", "scps": ["FullAWSAccess", "noS3"], "accounts": ["111122223333"]}},
		"accounts": {"111122223333": {"users": {"uma": {}}}},
		"requests": [{"name": "r", "principal": "arn:aws:iam::111122223333:user/uma", `+getLetter+`}]}`)
	s, words := stage(t, e, engine.StageSCP)
	if !words.Denies || words.Word != "denies" || words.Text != "Denied by noS3." {
		t.Errorf("the step says %+v", words)
	}
	for i, want := range []explain.Level{{Word: "denies", Text: "noS3 matches", Denies: true},
		{Word: "would pass", Text: "FullAWSAccess allows it"}} {
		if got := explain.DescribeLevel(e, &s.Levels[i]); got != want {
			t.Errorf("level %d says %+v, want %+v", i, got, want)
		}
	}
}

func TestNeighboursWithNothingAttachedAreOneRow(t *testing.T) {
	e := evaluated(t, uma(`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`, "", getLetter))
	var got []string
	for _, r := range explain.Rows(e) {
		got = append(got, strings.TrimSpace(r.Words.Title+": "+r.Words.Text))
	}
	want := []string{"Explicit deny: No policy that applies has a Deny statement.",
		"Nothing attached: Resource control policies, service control policies, resource-based policy.",
		"Identity-based policies: Allowed by statement 1 in p.",
		"Nothing attached: Permissions boundary, session policies."}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
