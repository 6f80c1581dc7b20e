package lint_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/lint"
	"github.com/iam-playground/iam-playground/scenarios"
)

// TestMessages holds what is said about the examples to a golden file, which is
// reviewed like code. UPDATE=1 writes it.
func TestMessages(t *testing.T) {
	var b strings.Builder
	for _, c := range lint.Checks() {
		for _, f := range findings(t, c.Bad, c.Bad.Document(), c.Tier) {
			if f.Code != c.Code {
				continue
			}
			b.WriteString(f.Severity.String() + " " + f.Code + " " + string(f.Pointer) + "\n  " + f.Message + "\n")
			if f.Hint != "" {
				b.WriteString("  " + f.Hint + "\n")
			}
			if f.Fix != nil {
				b.WriteString("  fix: " + f.FixLabel + "\n")
				if text := c.Bad.Document(); len(text) < 1000 {
					b.WriteString("  " + lint.Apply(text, f.Fix) + "\n")
				}
			}
		}
	}
	const golden = "testdata/messages.txt"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		got, old := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
		for i := range min(len(got), len(old)) {
			if got[i] != old[i] {
				t.Fatalf("%s:%d: %s\nexpected %s", golden, i+1, got[i], old[i])
			}
		}
		t.Fatalf("%s: %d lines, expected %d", golden, len(got), len(old))
	}
}

// identity is an identity-based policy with one statement.
func identity(statement string) string {
	return `{"Version": "2012-10-17", "Statement": [` + statement + `]}`
}

func TestWhatIsFineIsNotReported(t *testing.T) {
	for name, c := range map[string]struct{ typ, text string }{
		"a policy of a bucket and its objects": {"identity", identity(`{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]}`)},
		"MFA asked for as AWS recommends":      {"identity", identity(`{"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::reports/*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}`)},
		"one's own account by a variable":      {"identity", identity(`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}}`)},
		"a home folder":                        {"identity", identity(`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}`)},
		"the role of an instance":              {"trust", identity(`{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}`)},
		"one session of a role":                {"identity", identity(`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", "Condition": {"StringLike": {"aws:userid": "AROAEXAMPLE1234567890:*"}}}`)},
		"AWS's own RCP":                        {"rcp", identity(`{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}`)},
		"a Region that IAM completes":          {"identity", identity(`{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:*:111122223333:secret:db-*"}`)},
	} {
		typ, _ := lint.ParseType(c.typ)
		if found := lint.Policy(c.text, typ, names()); len(found) != 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestAFindingIsReportedOnce(t *testing.T) {
	for _, c := range lint.Checks() {
		seen := map[string]bool{}
		for _, f := range findings(t, c.Bad, c.Bad.Document(), c.Tier) {
			at := f.Code + " " + strconv.Itoa(f.Start) + " " + strconv.Itoa(f.End) + " " + f.Message
			if seen[at] {
				t.Errorf("%s: twice: %s", c.Code, at)
			}
			seen[at] = true
		}
	}
}

func TestAPolicyOfAScenarioIsWhatItIsAttachedAs(t *testing.T) {
	s := engine.Parse(`{"version": 1, "organization": {"id": "o-example123", "policies": {"S": {"Statement": []}, "R": {"Statement": []}}, "root": {"id": "r-ab12", "scps": ["FullAWSAccess", "S"], "rcps": ["RCPFullAWSAccess", "R"], "accounts": ["111122223333"]}},
		"accounts": {"111122223333": {"policies": {"Edge": {"Statement": []}, "Both": {"Statement": []}},
			"users": {"ann": {"boundary": "Edge", "policies": ["Both"], "inline": {"i": {"Statement": []}}}},
			"roles": {"r": {"boundary": "Both", "trust": {"Statement": []}, "sessions": {"x": {"inline": {"p": {"Statement": []}}}}}},
			"resources": {"arn:aws:s3:::b": {"policy": {"Statement": []}}, "arn:aws:kms:eu-west-1:111122223333:key/k": {"policy": {"Statement": []}}},
			"vpcEndpoints": {"vpce-0abc1234def567890": {"policy": {"Statement": []}}}}}}`)
	types := lint.Uses(s)
	for pointer, want := range map[string]lint.Type{
		"/organization/policies/S": {Kind: engine.SCP}, "/organization/policies/R": {Kind: engine.RCP},
		"/accounts/111122223333/policies/Edge":      {Kind: engine.BoundaryPolicy},
		"/accounts/111122223333/policies/Both":      {},
		"/accounts/111122223333/users/ann/inline/i": {Kind: engine.InlinePolicy},
		"/accounts/111122223333/roles/r/trust": {Kind: engine.TrustPolicy,
			Account: "111122223333"},
		"/accounts/111122223333/roles/r/sessions/x/inline/p": {Kind: engine.SessionPolicy},
		"/accounts/111122223333/resources/arn:aws:s3:::b/policy": {Kind: engine.ResourcePolicy, Service: "s3",
			Account: "111122223333"},
		"/accounts/111122223333/resources/arn:aws:kms:eu-west-1:111122223333:key~1k/policy": {Kind: engine.KeyPolicy,
			Service: "kms", Account: "111122223333"},
		"/accounts/111122223333/vpcEndpoints/vpce-0abc1234def567890/policy": {Kind: engine.EndpointPolicy,
			Account: "111122223333"},
	} {
		v := s.Document.Find(pointer)
		if got, ok := types[v]; v == nil || !ok || got != want {
			t.Errorf("%s: %+v, expected %+v", pointer, got, want)
		}
	}
}

func TestAPolicyIsGuessedByItsPrincipals(t *testing.T) {
	for text, want := range map[string]lint.Type{
		`{"Statement": {"Action": "s3:*", "Resource": "*"}}`:                                           {},
		`{"Statement": [{"Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}]}`:        {Kind: engine.ResourcePolicy, Service: "s3"},
		`{"Statement": [{"Principal": "*", "Action": ["kms:*"], "Resource": "*"}]}`:                    {Kind: engine.KeyPolicy, Service: "kms"},
		`{"Statement": [{"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`: {Kind: engine.TrustPolicy},
		`{"Statement": [{"Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}]}`:             {Kind: engine.ResourcePolicy},
		`{"Statement": "x"}`: {}, `[1]`: {}, `{}`: {},
	} {
		if got := lint.Guess(jsonpos.Parse(text, jsonpos.Limits{}).Root); got != want {
			t.Errorf("%s: %+v, expected %+v", text, got, want)
		}
	}
}

func TestATypeIsReadAsItIsWritten(t *testing.T) {
	for _, word := range lint.Types() {
		word = strings.Replace(word, "SERVICE", "s3", 1)
		typ, ok := lint.ParseType(word)
		if got := typ.Kind.String(); !ok || got != word && got+":"+typ.Service != word {
			t.Errorf("%s: %+v, %v", word, typ, ok)
		}
	}
	for _, word := range []string{"", "role", "resource:", "resource:S 3", "Trust", "organization"} {
		if typ, ok := lint.ParseType(word); ok {
			t.Errorf("%q: %+v", word, typ)
		}
	}
}

func TestQuotasCountWhatAWSCounts(t *testing.T) {
	policy := `{"Version": "2012-10-17", "Statement": []}` // 42 characters, 39 without white space
	s := engine.Parse(`{"version": 1, "organization": {"id": "o-example123", "policies": {"S": ` + policy + `}, "root": {"id": "r-ab12", "scps": ["FullAWSAccess", "S"]}},
		"accounts": {"111122223333": {"policies": {"P": ` + policy + `}, "groups": {"g": {}},
			"users": {"ann": {"policies": ["P"], "groups": ["g"], "inline": {"a": ` + policy + `, "b": ` + policy + `}}},
			"roles": {"r": {"trust": ` + policy + `}}, "resources": {"arn:aws:s3:::b": {"policy": ` + policy + `}}}}}`)
	want := map[string]string{
		"characters of the policy \"S\"":                        "42 of 10240 /organization/policies/S",
		"service control policies of the level \"Root\"":        "2 of 10 /organization/root",
		"characters of the policy \"P\"":                        "39 of 6144 /accounts/111122223333/policies/P",
		"managed policies of the user \"ann\"":                  "1 of 10 /accounts/111122223333/users/ann",
		"groups of the user \"ann\"":                            "1 of 10 /accounts/111122223333/users/ann",
		"characters of the inline policies of the user \"ann\"": "78 of 2048 /accounts/111122223333/users/ann/inline",
		"characters of the trust policy of the role \"r\"":      "39 of 2048 /accounts/111122223333/roles/r/trust",
		"characters of the policy of \"arn:aws:s3:::b\"":        "42 of 20480 /accounts/111122223333/resources/arn:aws:s3:::b/policy",
	}
	for _, q := range lint.Quotas(s) {
		got := strconv.Itoa(q.Used) + " of " + strconv.Itoa(q.Limit) + " " + string(q.Pointer)
		if want[q.What] != got || !strings.HasPrefix(q.URL, "https://docs.aws.amazon.com/") {
			t.Errorf("%s: %s, expected %q (%s)", q.What, got, want[q.What], q.URL)
		}
		delete(want, q.What)
	}
	for what := range want {
		t.Errorf("no %s", what)
	}
}

func TestShippedScenariosAreReadWithoutHarm(t *testing.T) {
	for _, e := range scenarios.All() {
		found := lint.Scenario(engine.NewWorld(engine.Parse(e.Text), nil), names())
		checkFindings(t, e.Text, found)
	}
}

// checkFindings holds findings to what every list of them promises.
func checkFindings(t *testing.T, text string, found []lint.Finding) {
	t.Helper()
	for i, f := range found {
		if f.Start < 0 || f.End < f.Start || f.End > len(text) || f.Message == "" || f.Code == "" {
			t.Fatalf("%+v in a text of %d bytes", f, len(text))
		}
		if i > 0 && found[i-1].Start > f.Start {
			t.Fatalf("%s comes after %s", f.Code, found[i-1].Code)
		}
		at := 0
		for _, e := range f.Fix {
			if e.Start < at || e.End < e.Start || e.End > len(text) {
				t.Fatalf("%s: the fix %+v, in a text of %d bytes", f.Code, f.Fix, len(text))
			}
			at = e.End
		}
	}
	edits, _ := lint.Together(found)
	at := 0
	for _, e := range edits {
		if e.Start < at {
			t.Fatalf("fixes overlap: %+v", edits)
		}
		at = e.End
	}
}

func FuzzFindingsLieWithinTheTextAndFixesApart(f *testing.F) {
	for _, c := range lint.Checks() {
		if text := c.Bad.Document(); len(text) < 2_000 {
			f.Add(c.Bad.Type, text)
		}
	}
	f.Add("trust", `{"Statement":[{"Principal":{"Federated":"arn:aws:iam::1:oidc-provider/"},"Condition":{"":{"":[]}}}]}`)
	f.Fuzz(func(t *testing.T, typ, text string) {
		found := findingsOf(typ, text)
		checkFindings(t, text, found)
		fixed, _ := lint.FixAll(text, func(text string) []lint.Finding { return findingsOf(typ, text) })
		if len(jsonpos.Parse(text, jsonpos.Limits{}).Problems) == 0 && len(jsonpos.Parse(fixed, jsonpos.Limits{}).Problems) > 0 {
			t.Fatalf("the fixes break the document: %s", fixed)
		}
	})
}

func findingsOf(typ, text string) []lint.Finding {
	if t, ok := lint.ParseType(typ); ok {
		return lint.Policy(text, t, names())
	}
	return lint.Of(text, nil, nil, names())
}
