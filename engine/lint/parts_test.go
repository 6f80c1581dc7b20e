package lint_test

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/lint"
)

func TestAnUnknownPartMayHaveWhatACheckDidNotFind(t *testing.T) {
	const unknown = `{"unknown": "why"}`
	for _, c := range []struct{ code, statement, part string }{
		{"S3_OBJECT_VS_BUCKET",
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::reports" %]}`, ", " + unknown},
		{"PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
			`{"Effect": "Allow", "NotAction": ["s3:*" %], "Resource": "*"}`, ", " + unknown},
		{"NEGATED_ALLOW_MISSING_KEY", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*",
			"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": ["red" %]}}}`, ", " + unknown},
		{"REDUNDANT_STATEMENT", `{"Sid": "A", "Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::reports/*" %]},
			{"Sid": "B", "Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::reports/*" %]}`, ", " + unknown},
		{"PRIVILEGE_ESCALATION", `{"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"} %`,
			`, ` + unknown},
	} {
		for part, want := range map[string]bool{"": true, c.part: false} {
			text := `{"version": 1, "accounts": {"111122223333": {"policies": {"P": ` +
				identity(strings.ReplaceAll(c.statement, "%", part)) + `}}}}`
			w := engine.NewWorld(engine.Parse(text), nil)
			for _, d := range w.Diagnostics {
				if d.Severity == engine.Error {
					t.Fatalf("%s: %s in %s", c.code, d.Message, text)
				}
			}
			if got := has(lint.Scenario(w, nil), c.code); got != want {
				t.Errorf("%s: found %v with the part %q", c.code, got, part)
			}
		}
	}
}
