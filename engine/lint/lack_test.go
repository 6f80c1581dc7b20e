package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

// codesOf are the codes that a scenario's findings have.
func codesOf(text string) (codes []string) {
	for _, f := range Scenario(engine.NewWorld(engine.Parse(text), nil), sample.Catalog()) {
		codes = append(codes, f.Code)
	}
	return codes
}

func TestNothingIsFoundThatAnUnknownPartMayHave(t *testing.T) {
	const (
		part      = `{"unknown": "why"}`
		bucket    = `"resources": {"arn:aws:s3:::a": {"policy": {"Version": "2012-10-17", "Statement": [%]}}}`
		key       = `"resources": {"arn:aws:kms:eu-west-1:111122223333:key/k": {"policy": {"Version": "2012-10-17", "Statement": [%]}}}`
		managed   = `"policies": {"P": {"Version": "2012-10-17", "Statement": [%]}}`
		trust     = `"roles": {"R": {"trust": {"Version": "2012-10-17", "Statement": [%]}}}`
		condition = `{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/a": #}}}`
	)
	for code, c := range map[string]struct {
		place, statement string
		known            string // in place of #
		open             string
	}{
		"S3_OBJECT_VS_BUCKET": {managed, `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": #}`,
			`["arn:aws:s3:::a"]`, `["arn:aws:s3:::a", ` + part + `]`},
		"RESOURCE_MISMATCH": {managed, `{"Effect": "Allow", "Action": "iam:GetUser", "Resource": #}`,
			`["arn:aws:s3:::a"]`, `["arn:aws:s3:::a", ` + part + `]`},
		"NOTPRINCIPAL_CHAIN": {bucket,
			`{"Effect": "Deny", "NotPrincipal": {"AWS": #}, "Action": "s3:*", "Resource": "*"}`,
			`["arn:aws:iam::111122223333:user/a"]`, `["arn:aws:iam::111122223333:user/a", ` + part + `]`},
		"REDUNDANT_STATEMENT": {managed,
			`{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": #}, {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": #}`, `"arn:aws:s3:::a"`, part},
		"PRIVILEGE_ESCALATION": {managed,
			`{"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"}, {"Effect": "Deny", "Action": #, "Resource": "*"}`, `"s3:*"`, part},
		"KMS_NO_ACCOUNT_STATEMENT": {key,
			`{"Effect": "Allow", "Principal": {"AWS": #}, "Action": "kms:*", "Resource": "*"}`,
			`"arn:aws:iam::111122223333:user/a"`, `["arn:aws:iam::111122223333:user/a", ` + part + `]`},
		"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL": {bucket,
			`{"Effect": "Allow", "Principal": {"Service": #}, "Action": "s3:GetObject", "Resource": "*"}`,
			`"logs.amazonaws.com"`, `["logs.amazonaws.com", ` + part + `]`},
		"DENY_POSITIVE_OPTIONAL_KEY":  {managed, condition, `"x"`, part},
		"INVALID_CONDITION_DATA_TYPE": {managed, condition, `["x", 1]`, `["x", 1, ` + part + `]`},
		"MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY": {trust,
			`{"Effect": "Allow", "Principal": {"Service": "rolesanywhere.amazonaws.com"}, "Action": #}`,
			`["sts:AssumeRole"]`, `["sts:AssumeRole", ` + part + `]`},
		"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA": {managed,
			`{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": [#, "arn:aws:s3:::` +
				strings.Repeat("a", 6200) + `"]}`, `"arn:aws:s3:::b"`, part},
	} {
		text := func(value string) string {
			return `{"version": 1, "accounts": {"111122223333": {` +
				strings.Replace(c.place, "%", strings.ReplaceAll(c.statement, "#", value), 1) + `}}}`
		}
		if found := codesOf(text(c.known)); !slices.Contains(found, code) {
			t.Errorf("%s is not found without unknown parts: %q", code, found)
		}
		if found := codesOf(text(c.open)); slices.Contains(found, code) {
			t.Errorf("%s is found though a part is unknown: %q", code, found)
		}
	}
}

func TestUnknownPartsAloneAreNoFinding(t *testing.T) {
	text := `{"version": 1, "accounts": {"111122223333": {"policies": {"P": {"Version": "2012-10-17", "Statement": [
		{"unknown": "a macro"},
		{"Effect": "Allow", "Action": {"unknown": "why"}, "Resource": [{"unknown": "why"}],
		 "Condition": {"StringEquals": {"aws:username": {"unknown": "why"}}, "Null": {"aws:SourceVpc": [{"unknown": "why"}]}}}]}}}}}`
	if found := codesOf(text); len(found) > 0 {
		t.Errorf("%q", found)
	}
}
