package engine_test

import "testing"

// assume is a request to assume the role worker of account A.
func assume(rule, caller string, world cast, want string) ruleCase {
	return ruleCase{rule: rule, caller: caller, world: world, action: "sts:AssumeRole", resource: worker, want: want}
}

// decrypt is a request to decrypt with the key of account A.
func decrypt(rule, caller string, world cast, want string) ruleCase {
	return ruleCase{rule: rule, caller: caller, world: world, action: "kms:Decrypt", resource: key, want: want}
}

func trusted(principal string) string { return doc(trusting(aws(principal), "sts:AssumeRole")) }

func keyFor(principal string) string { return doc(to(aws(principal), allow("kms:Decrypt", "*"))) }

var (
	allowAssume = doc(allow("sts:AssumeRole", "*"))
	tagSession  = `"also":[{"action":"sts:TagSession","resource":"` + worker + `"}]`
)

// trustRules are the rules of section 7.5.
var trustRules = []ruleCase{
	assume("7.5 an administrator is not trusted by that alone", ali, cast{user: allowAll}, "implicitDeny by trust"),
	assume("7.5 a trust policy that names others does not trust an administrator", ali, cast{user: allowAll, trust: trusted(bea)}, "implicitDeny by trust"),
	assume("7.5 a named user of the same account needs no identity policy", ali, cast{trust: trusted(ali)}, "allowed by trust"),
	assume("7.5 a named role of the same account needs no identity policy", shift, cast{trust: trusted(worker)}, "allowed by trust"),
	assume("7.5 the named account needs an identity policy", ali, cast{trust: trusted(accA)}, "implicitDeny by identity"),
	assume("7.5 the named account with an identity policy suffices", ali, cast{user: allowAssume, trust: trusted(accA)}, "allowed by identity"),
	assume("7.5 across accounts a named user needs both", bea, cast{trust: trusted(bea)}, "implicitDeny by identity"),
	assume("7.5 across accounts the named account needs both", bea, cast{bea: allowAssume, trust: trusted(accB)}, "allowed by identity+trust"),
	assume("7.5 across accounts the identity policy alone does not suffice", bea, cast{bea: allowAssume}, "implicitDeny by trust"),
	assume("7.5 a user named in the trust policy needs sts:AssumeRole in its boundary", ali, cast{boundary: allowOther, trust: trusted(ali)}, "implicitDeny"),
	assume("7.5 a user named in the trust policy passes a boundary that allows", ali, cast{boundary: allowAssume, trust: trusted(ali)}, "allowed by trust"),
	assume("7.5 a session of the role has no implicit trust in its own role", shift, cast{role: allowAll, trust: trusted(ali)}, "implicitDeny by trust"),
	assume("7.5 a session of the role is trusted through its account", shift, cast{role: allowAll, trust: trusted(accA)}, "allowed by identity"),
	assume("7.5 a root user cannot assume a role", rootA, cast{trust: trusted(accA)}, "implicitDeny by service"),
	assume("7.5 a foreign root user cannot assume a role", rootB, cast{trust: trusted(accB)}, "implicitDeny by service"),
	assume("7.5 a service is trusted by its name", "ec2.amazonaws.com", cast{trust: doc(trusting(`{"Service":"ec2.amazonaws.com"}`, "sts:AssumeRole"))}, "allowed by trust"),
	assume("7.5 a service that is not named is not trusted", service, cast{trust: doc(trusting(`{"Service":"ec2.amazonaws.com"}`, "sts:AssumeRole"))}, "implicitDeny by trust"),
	assume("7.5 an explicit deny of the trust policy counts", ali, cast{user: allowAll, trust: `{"Version":"2012-10-17","Statement":[` + trusting("*", "sts:AssumeRole") + `,{"Effect":"Deny","Principal":"*","Action":"sts:*"}]}`}, "explicitDeny by trust"),
	assume("11 a session named in the trust policy is not limited by a boundary", shift, cast{roleBoundary: allowOther, trust: trusted(shift)}, "allowed by trust"),
	{rule: "7.5 a web identity needs no identity policy", caller: "accounts.google.com", world: cast{trust: doc(trusting(`{"Federated":"accounts.google.com"}`, "sts:AssumeRoleWithWebIdentity"))}, action: "sts:AssumeRoleWithWebIdentity", resource: worker, want: "allowed by trust"},
	{rule: "7.5 the action must fit the kind of provider", caller: "accounts.google.com", world: cast{trust: doc(trusting(`{"Federated":"accounts.google.com"}`, "sts:AssumeRoleWithWebIdentity"))}, action: "sts:AssumeRoleWithSAML", resource: worker, want: "implicitDeny by trust"},
	{rule: "7.5 a provider's callers can do nothing but assume roles", caller: "accounts.google.com", world: cast{box: everyoneGet}, want: "implicitDeny by service"},
	{rule: "7.5 session tags need sts:TagSession in the trust policy", world: cast{user: allowAll, trust: trusted(ali)}, action: "sts:AssumeRole", resource: worker, more: tagSession, want: "implicitDeny"},
	{rule: "7.5 session tags pass with sts:TagSession in the trust policy", world: cast{trust: doc(trusting(aws(ali), `["sts:AssumeRole","sts:TagSession"]`))}, action: "sts:AssumeRole", resource: worker, more: tagSession, want: "allowed"},
	{rule: "7.5 a source identity needs sts:SetSourceIdentity in the trust policy", world: cast{user: allowAll, trust: trusted(ali)}, action: "sts:SetSourceIdentity", resource: worker, want: "implicitDeny by trust"},
	{rule: "7.5 across accounts sts:TagSession needs the identity policy too", caller: bea, world: cast{bea: allowAssume, trust: doc(trusting(aws(bea), `["sts:AssumeRole","sts:TagSession"]`))}, action: "sts:AssumeRole", resource: worker, more: tagSession, want: "implicitDeny"},
	{rule: "7.5 after assuming only the role's policies count", world: cast{user: denyAll, role: allowGet}, caller: shift, want: "allowed by identity"},
	{rule: "7.5 after assuming the caller's permissions are gone", world: cast{user: allowAll}, caller: shift, want: "implicitDeny by identity"},
	{rule: "7.5 the trust policy says nothing about other actions on the role", world: cast{user: doc(allow("iam:GetRole", "*")), trust: trusted(bea)}, action: "iam:GetRole", resource: worker, want: "allowed by identity"},
	{rule: "7.5 a session tag wins over a role tag whatever its case", world: cast{role: doc(when(allow("*", "*"), `"StringEquals":{"aws:PrincipalTag/team":"blue"}`)), roleTags: `{"Team":"red"}`, sessionTags: `{"team":"blue"}`}, caller: shift, want: "allowed by identity"},
}

// keyRules are the rules of section 7.6.
var keyRules = []ruleCase{
	decrypt("7.6 without the account in the key policy IAM allows are ineffective", ali, cast{user: allowAll, key: keyFor(bea)}, "implicitDeny by keyPolicy"),
	decrypt("7.6 without the account in the key policy the root user has no access", rootA, cast{key: keyFor(ali)}, "implicitDeny by keyPolicy"),
	decrypt("7.6 with the account in the key policy the root user has access", rootA, cast{key: keyFor(rootA)}, "allowed by keyPolicy"),
	decrypt("7.6 the account in the key policy does not grant", ali, cast{key: keyFor(rootA)}, "implicitDeny by identity"),
	decrypt("7.6 the account in the key policy lets IAM policies allow", ali, cast{user: allowAll, key: keyFor(rootA)}, "allowed by identity"),
	decrypt("7.6 IAM denies stay effective without the account", ali, cast{user: denyAll, key: keyFor(ali)}, "explicitDeny by identity"),
	decrypt("7.6 a named user needs no IAM policy", ali, cast{key: keyFor(ali)}, "allowed by keyPolicy"),
	decrypt("7.6 a named role needs no IAM policy", shift, cast{key: keyFor(worker)}, "allowed by keyPolicy"),
	decrypt("7.6 across accounts a named user needs the IAM policy too", bea, cast{key: keyFor(bea)}, "implicitDeny by identity"),
	decrypt("7.6 across accounts key policy and IAM policy suffice", bea, cast{bea: allowAll, key: keyFor(bea)}, "allowed by identity+keyPolicy"),
	decrypt("7.6 across accounts the IAM policy alone does not suffice", bea, cast{bea: allowAll, key: keyFor(ali)}, "implicitDeny by keyPolicy"),
	{rule: "7.6 IAM policies cannot exceed the actions of the account statement", world: cast{user: allowAll, key: keyFor(rootA)}, action: "kms:Encrypt", resource: key, want: "implicitDeny by keyPolicy"},
	{rule: "7.6 across accounts administration fails whatever the policies say", world: cast{bea: allowAll, key: doc(to(aws(accB), allow("kms:*", "*")))}, caller: bea, action: "kms:PutKeyPolicy", resource: key, want: "implicitDeny by service"},
	{rule: "7.6 across accounts administration fails with temporary credentials too", world: cast{bea: allowAll, key: doc(to(aws(accB), allow("kms:*", "*")))}, caller: bea, action: "kms:PutKeyPolicy", resource: key, more: context(`"aws:TokenIssueTime":"2026-01-01"`), want: "implicitDeny by service"},
	{rule: "7.6 across accounts grants and descriptions work", world: cast{bea: allowAll, key: doc(to(aws(accB), allow("kms:*", "*")))}, caller: bea, action: "kms:CreateGrant", resource: key, more: `"also":[{"action":"kms:DescribeKey","resource":"` + key + `"}]`, want: "allowed"},
	{rule: "7.6 inside the account administration is for the key policy to allow", world: cast{user: allowAll, key: doc(to(aws(rootA), allow("kms:*", "*")))}, action: "kms:PutKeyPolicy", resource: key, want: "allowed by identity"},
}

func TestTrustRules(t *testing.T) { checkRules(t, trustRules) }

func TestKeyRules(t *testing.T) { checkRules(t, keyRules) }
