package complete

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

const world = `{"version": 1,
  "organization": {"id": "o-exampleorg", "policies": {"Guard": {"Statement": []}}, "root": {"scps": [""]}},
  "accounts": {"111122223333": {"name": "prod",
    "users": {"ali": {"groups": [""], "policies": [""], "tags": {"team": "red"}}},
    "groups": {"devs": {}},
    "roles": {"ci": {"sessions": {"build": {}}}},
    "policies": {"Reader": {}},
    "vpcEndpoints": {"vpce-0123456789abcdef0": {"vpc": "vpc-1"}},
    "resources": {"arn:aws:s3:::reports": {}, "arn:aws:sqs:eu-central-1:111122223333:jobs": {}}}},
  "requests": []}`

func source(t *testing.T) *Source {
	t.Helper()
	text, err := os.ReadFile("../schema/scenario.v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return &Source{Schema: jsonpos.Parse(string(text), jsonpos.Limits{}).Root, Catalog: sample.Catalog(), Managed: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}}
}

const (
	identity = "/accounts/111122223333/policies/Reader"
	bucket   = "/accounts/111122223333/resources/arn:aws:s3:::reports/policy"
	trust    = "/accounts/111122223333/roles/ci/trust"
	user     = "/accounts/111122223333/users/ali"
	scp      = "/organization/policies/Guard"
)

// at takes the bar out of a text: it stands for the cursor.
func at(text string) (string, int) {
	i := strings.IndexByte(text, '|')
	return text[:i] + text[i+1:], i
}

func TestWhatFitsAPlaceIsProposed(t *testing.T) {
	s := source(t)
	scenario := engine.Parse(world)
	for _, c := range []struct {
		rule, pointer, text string
		want, not           []string
	}{
		{"a policy has its elements", identity, `{|}`, []string{"Version", "Statement"}, []string{"Effect", "Principal"}},
		{"elements that are there are not proposed again", identity, `{"Version": "2012-10-17", |}`, []string{"Statement"}, []string{"Version"}},
		{"the element whose name is being changed is", identity, `{"Vers|": "2012-10-17"}`, []string{"Version"}, nil},
		{"an identity-based statement has no principal", identity, `{"Statement": [{|}]}`, []string{"Effect", "Action", "NotAction", "Resource", "Condition", "Sid"}, []string{"Principal"}},
		{"a resource-based one has", bucket, `{"Statement": {"|"}}`, []string{"Principal", "Resource"}, nil},
		{"a trust policy has no resource", trust, `{"Statement": {"|`, []string{"Principal", "Action"}, []string{"Resource"}},
		{"effects", identity, `{"Statement": [{"Effect": |}]}`, []string{"Allow", "Deny"}, nil},
		{"versions", identity, `{"Version": "20|"}`, []string{"2012-10-17", "2008-10-17"}, nil},
		{"services come before their actions", identity, `{"Statement": [{"Action": "|`, []string{"*", "s3:", "iam:"}, []string{"s3:GetObject"}},
		{"actions of the service that was typed", identity, `{"Statement": [{"Action": ["s3:Get|"]}]}`, []string{"s3:*", "s3:GetObject", "s3:Get*"}, []string{"iam:GetUser"}},
		{"requests have no wildcards", "/requests/0", `{"action": "s3:|"}`, []string{"s3:GetObject"}, []string{"s3:*", "s3:Get*"}},
		{"resources of the world and forms that fit the action", identity, `{"Statement": [{"Action": "s3:GetObject", "Resource": "|"}]}`, []string{"arn:aws:s3:::reports/*", "arn:aws:s3:::BucketName/ObjectName"}, nil},
		{"conditions have operators", identity, `{"Statement": [{"Condition": {"|"}}]}`, []string{"StringEquals", "Null", "StringLikeIfExists", "ForAnyValue:StringLike", "ForAllValues:StringEquals"}, []string{"NullIfExists", "ForAnyValue:Null"}},
		{"operators have the keys that the actions know", identity, `{"Statement": [{"Action": "s3:ListBucket", "Condition": {"StringLike": {"|"}}}]}`, []string{"s3:prefix", "aws:SourceIp", "aws:PrincipalTag/key"}, nil},
		{"keys have values of the world", identity, `{"Statement": [{"Condition": {"StringEquals": {"aws:PrincipalOrgID": "|"}}}]}`, []string{"o-exampleorg"}, nil},
		{"also in lists", identity, `{"Statement": [{"Condition": {"StringEquals": {"aws:PrincipalTag/team": ["x", "|"]}}}]}`, []string{"red"}, nil},
		{"booleans are true or false", identity, `{"Statement": [{"Condition": {"Bool": {"aws:SecureTransport": "|"}}}]}`, []string{"true", "false"}, nil},
		{"variables", identity, `{"Statement": [{"Resource": "arn:aws:s3:::reports/${aws:user|"}]}`, []string{"${aws:username}", "${aws:userid}"}, []string{"${aws:TagKeys}"}},
		{"principals of the world", bucket, `{"Statement": [{"Principal": {"AWS": "|"}}]}`, []string{"arn:aws:iam::111122223333:user/ali", "arn:aws:iam::111122223333:role/ci", "arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:assumed-role/ci/build"}, nil},
		{"services as principals", trust, `{"Statement": [{"Principal": {"Service": "|"}}]}`, []string{"ec2.amazonaws.com", "lambda.amazonaws.com"}, nil},
		{"providers as principals", trust, `{"Statement": [{"Principal": {"Federated": "|"}}]}`, []string{"accounts.google.com"}, nil},
		{"a value may be unknown", identity, `{"Statement": [{"Resource": {|}}]}`, []string{"unknown", "like"},
			[]string{"AWS"}},
		{"a value of a condition too", identity,
			`{"Statement": [{"Condition": {"StringEquals": {"aws:username": [{"|"}]}}}]}`, []string{"unknown", "like"},
			nil},
		{"an unknown statement has no elements", identity, `{"Statement": [{"unknown": "why", |}]}`, nil,
			[]string{"Effect", "Action", "like"}},
		{"a statement with elements is not unknown", identity, `{"Statement": [{"Effect": "Allow", |}]}`,
			[]string{"Action"}, []string{"unknown"}},
		{"a Principal may be unknown", bucket, `{"Statement": [{"Principal": {|}}]}`,
			[]string{"AWS", "unknown", "like"}, nil},
		{"what an unknown action is like", identity,
			`{"Statement": [{"Action": {"unknown": "why", "like": "s3:Get|"}}]}`, []string{"s3:GetObject", "s3:Get*"},
			nil},
		{"what an unknown principal is like", bucket,
			`{"Statement": [{"Principal": {"AWS": {"unknown": "why", "like": "|"}}}]}`,
			[]string{"arn:aws:iam::111122223333:role/ci"}, nil},
		{"policies that can be attached", user, `{"policies": ["|"]}`, []string{"Reader", "arn:aws:iam::aws:policy/ReadOnlyAccess", "unknown"}, []string{"Guard"}},
		{"those of an organization are others", "/organization", `{"root": {"scps": ["|"]}}`, []string{"Guard"}, []string{"Reader"}},
		{"groups of the account", user, `{"groups": ["|"]}`, []string{"devs"}, nil},
		{"callers of requests", "/requests/0", `{"principal": "|"}`, []string{"arn:aws:iam::111122223333:user/ali", "anonymous", "ec2.amazonaws.com", "arn:aws:sts::111122223333:assumed-role/ci/session"}, nil},
		{"endpoints of requests", "/requests/0", `{"via": "|"}`, []string{"vpce-0123456789abcdef0"}, nil},
		{"keys of a request's context", "/requests/0", `{"context": {"|"}}`, []string{"aws:SourceIp"}, nil},
		{"unknown keys of a request", "/requests/0", `{"unknown": ["|"]}`, []string{"aws:SourceIp"}, nil},
		{"expected decisions", "/requests/0", `{"expect": "|"}`, []string{"allowed", "denied", "depends"}, nil},
		{"the scenario itself", "", `{"version": 1, "|"}`, []string{"title", "accounts", "requests"}, []string{"version"}},
		{"a policy within a whole scenario", "", `{"accounts": {"111122223333": {"policies": {"P": {"Statement": [{"Effect": "|`, []string{"Allow", "Deny"}, nil},
	} {
		text, offset := at(c.text)
		list := s.At(Text{Text: text, Pointer: engine.Pointer(c.pointer), Scenario: scenario}, offset)
		labels := make([]string, len(list.Items))
		for i, item := range list.Items {
			labels[i] = item.Label
		}
		for _, want := range c.want {
			if !slices.Contains(labels, want) {
				t.Errorf("%s: %q is not among %.600q", c.rule, want, labels)
			}
		}
		for _, not := range c.not {
			if slices.Contains(labels, not) {
				t.Errorf("%s: %q is proposed", c.rule, not)
			}
		}
	}
}

// Taking a proposal must leave a text that reads as meant.
func TestAProposalIsWrittenWhole(t *testing.T) {
	s := source(t)
	for _, c := range []struct{ text, label, want string }{
		{`{|}`, "Statement", `{"Statement": #{}}`},
		{`{"V|"}`, "Version", `{"Version": "#{}"}`},
		{`{"V|": "2012-10-17"}`, "Version", `{"Version": "2012-10-17"}`},
		{`{"Statement": {"Effect": |}}`, "Allow", `{"Statement": {"Effect": "Allow"}}`},
		{`{"Statement": {"Effect": "Allow", "Res|"}}`, "Resource",
			`{"Statement": {"Effect": "Allow", "Resource": "#{}"}}`},
		{`{"Statement": {"Effect": "A|"}}`, "Allow", `{"Statement": {"Effect": "Allow"}}`},
		{"{\"Statement\": {\"Effect\": \"A|\n}}", "Allow", "{\"Statement\": {\"Effect\": \"Allow\"\n}}"},
		{`{"Statement": {"Condition": {|}}}`, "Bool", `{"Statement": {"Condition": {"Bool": {#{}}}}}`},
		{`{"Statement": {"Resource": "a/${aws:use|}/b"}}`, "${aws:username}", `{"Statement": {"Resource": "a/${aws:username}/b"}}`},
		{`{"Statement": {"Resource": "a/${aws:use|}/${aws:userid}"}}`, "${aws:username}", `{"Statement": {"Resource": "a/${aws:username}/${aws:userid}"}}`},
		{`{"Statement": {"Resource": "a/${|"}}`, "${aws:username}", `{"Statement": {"Resource": "a/${aws:username}"}}`},
	} {
		text, offset := at(c.text)
		list := s.At(Text{Text: text, Pointer: identity}, offset)
		i := slices.IndexFunc(list.Items, func(i Item) bool { return i.Label == c.label })
		if i < 0 {
			t.Errorf("%s: %q is not proposed", c.text, c.label)
			continue
		}
		if got := text[:list.From] + list.Items[i].Insert + text[list.To:]; got != c.want {
			t.Errorf("%s: %s, expected %s", c.text, got, c.want)
		}
	}
}

func TestAWordIsExplained(t *testing.T) {
	s := source(t)
	for _, c := range []struct {
		rule, pointer, text string
		facts               []string
	}{
		{"an action by its level", identity, `{"Statement": [{"Action": "s3:GetOb|ject"}]}`, []string{"access level: Read"}},
		{"an action in another case", identity, `{"Statement": [{"Action": "s3:getob|ject"}]}`, []string{"access level: Read"}},
		{"an element by its rule", identity, `{"Statement": [{"Eff|ect": "Allow"}]}`, []string{"Exactly Allow or Deny."}},
		{"a key by its type and when it is there", identity, `{"Statement": [{"Condition": {"Bool": {"aws:SecureTr|ansport": "true"}}}]}`, []string{"type: Bool"}},
		{"an operator by what an absent key does", identity, `{"Statement": [{"Condition": {"StringNot|Equals": {}}}]}`, []string{"true also when the request does not have the key"}},
		{"an ARN by its parts", identity, `{"Statement": [{"Resource": "arn:aws:sqs:eu-central-1:111122223333:j|obs"}]}`, []string{"partition: aws", "service: sqs", "Region: eu-central-1", "account: 111122223333", "resource: jobs"}},
		{"an ARN as a key", "", `{"accounts": {"111122223333": {"resources": {"arn:aws:s3:::rep|orts": {}}}}}`, []string{"service: s3", "account: none"}},
		{"a variable by its key", identity, `{"Statement": [{"Resource": "arn:aws:s3:::x/${aws:user|name, 'y'}"}]}`, []string{"type: String"}},
	} {
		text, offset := at(c.text)
		n := s.Hover(Text{Text: text, Pointer: engine.Pointer(c.pointer)}, offset)
		if n == nil {
			t.Errorf("%s: nothing", c.rule)
			continue
		}
		for _, want := range c.facts {
			if !slices.Contains(n.Facts, want) {
				t.Errorf("%s: %q is not among %q", c.rule, want, n.Facts)
			}
		}
		if offset < n.From || offset > n.To {
			t.Errorf("%s: %d to %d is not around %d", c.rule, n.From, n.To, offset)
		}
	}
}

func TestAWildcardIsExplainedByWhatItCovers(t *testing.T) {
	text, offset := at(`{"Statement": [{"Action": "s3:Get|*"}]}`)
	n := source(t).Hover(Text{Text: text, Pointer: identity}, offset)
	if n == nil || !slices.Contains(n.Names, "GetObject") || n.More != 0 || !strings.HasPrefix(n.Facts[0], "covers ") {
		t.Errorf("%+v", n)
	}
}

func TestNothingIsSaidWhereNothingStands(t *testing.T) {
	s := source(t)
	for _, c := range []string{`{|}`, `|`, `{"Statement": [{"Sid"| : "x"}]}`} {
		text, offset := at(c)
		if n := s.Hover(Text{Text: text, Pointer: identity}, offset); n != nil {
			t.Errorf("%s: %+v", c, n)
		}
	}
}

func TestWithoutCatalogueSchemaAndWorldNothingBreaks(t *testing.T) {
	bare := &Source{}
	text, offset := at(`{"Statement": [{"Action": "s3:|"}]}`)
	if list := bare.At(Text{Text: text}, offset); len(list.Items) != 0 {
		t.Errorf("%v", list.Items)
	}
	schemaOnly := source(t)
	schemaOnly.Catalog = nil
	if list := schemaOnly.At(Text{Text: `{"Statement": [{`, Pointer: identity}, 16); len(list.Items) == 0 {
		t.Error("no elements without a catalogue")
	}
	if n := schemaOnly.Hover(Text{Text: text, Pointer: identity}, offset); n != nil && len(n.Facts) > 0 {
		t.Errorf("%v", n.Facts)
	}
}

func FuzzAnyTextAtAnyOffset(f *testing.F) {
	f.Add(`{"Statement": [{"Action": "s3:Get*", "Resource": "${aws:`, identity, 30)
	f.Add(world, "", 200)
	schema, err := os.ReadFile("../schema/scenario.v1.schema.json")
	if err != nil {
		f.Fatal(err)
	}
	s := &Source{Schema: jsonpos.Parse(string(schema), jsonpos.Limits{}).Root, Catalog: sample.Catalog()}
	scenario := engine.Parse(world)
	f.Fuzz(func(t *testing.T, text, pointer string, offset int) {
		in := Text{Text: text, Pointer: engine.Pointer(pointer), Scenario: scenario}
		list := s.At(in, offset)
		if list.From < 0 && offset >= 0 || list.From > list.To {
			t.Errorf("%d to %d", list.From, list.To)
		}
		if n := s.Hover(in, offset); n != nil && (n.From < 0 || n.From > n.To || n.To > len(text)) {
			t.Errorf("hover: %d to %d of %d bytes", n.From, n.To, len(text))
		}
	})
}
