package engine_test

import "testing"

// bucket is a world whose bucket policy has the statements.
func bucket(statements ...string) cast { return cast{box: doc(statements...)} }

const get = "s3:GetObject"

// listed is a NotPrincipal of AWS principals.
func listed(principals string) string { return aws("[" + principals + "]") }

// spared is a world in which a Deny with NotPrincipal stands beside Allows.
func spared(notPrincipal string) cast {
	return cast{user: allowAll, role: allowAll, box: doc(to("*", allow(get, "*")), but(notPrincipal, deny(get, "*")))}
}

// locked is a world with a key that a Deny with NotPrincipal locks.
func locked(principals string) cast {
	return cast{user: allowAll, role: allowAll, federation: allowAll,
		key: doc(to("*", allow("kms:*", "*")), but(listed(principals), deny("kms:*", "*")))}
}

// principalRules are the rules of sections 3.3 and 3.4: whom a Principal and a
// NotPrincipal name, and what that grants in the same account.
var principalRules = []ruleCase{
	{rule: `3.3 "*" names every user and grants`, world: bucket(to("*", allow(get, "*"))), want: "allowed by resource"},
	{rule: `3.3 "*" names unsigned requests`, world: bucket(to("*", allow(get, "*"))), caller: nobody, want: "allowed by resource"},
	{rule: `3.3 "*" names role sessions and grants`, world: bucket(to("*", allow(get, "*"))), caller: shift, want: "allowed by resource"},
	{rule: `3.3 {"AWS":"*"} names every user and grants`, world: bucket(to(aws("*"), allow(get, "*"))), want: "allowed by resource"},
	{rule: `3.3 {"AWS":"*"} names unsigned requests`, world: bucket(to(aws("*"), allow(get, "*"))), caller: nobody, want: "allowed by resource"},
	{rule: "3.3 an account by its ID only delegates", world: bucket(to(aws(accA), allow(get, "*"))), want: "implicitDeny by identity"},
	{rule: "3.3 an account by its root ARN only delegates", world: bucket(to(aws(rootA), allow(get, "*"))), want: "implicitDeny by identity"},
	{rule: "3.3 an account in a Deny names everyone in it", world: cast{user: allowAll, box: doc(to(aws(accA), deny(get, "*")))}, want: "explicitDeny by resource"},
	{rule: "3.3 an account in a Deny by its root ARN names its sessions", world: cast{role: allowAll, box: doc(to(aws(rootA), deny(get, "*")))}, caller: shift, want: "explicitDeny by resource"},
	{rule: "3.3 an account does not name unsigned requests", world: bucket(to(aws(accA), allow(get, "*"))), caller: nobody, want: "implicitDeny by resource"},
	{rule: "3.3 an account does not name a service", world: bucket(to(aws(accA), allow(get, "*"))), caller: service, want: "implicitDeny by resource"},
	{rule: "3.3 an account does not name another account's users", world: cast{bea: allowAll, box: doc(to(aws(accA), allow(get, "*")))}, caller: bea, want: "implicitDeny by resource"},
	{rule: "3.3 an account grants to its own root user", world: cast{crate: doc(to(aws(accA), allow(get, "*")))}, caller: rootA, resource: crate, want: "allowed by resource"},
	{rule: "3.3 a user's ARN names that user and grants", world: bucket(to(aws(ali), allow(get, "*"))), want: "allowed by resource"},
	{rule: "3.3 a user's ARN does not name another user", world: bucket(to(aws("arn:aws:iam::111111111111:user/eve"), allow(get, "*"))), want: "implicitDeny by identity"},
	{rule: "3.3 a user's ARN has the path", world: bucket(to(aws("arn:aws:iam::111111111111:user/x/ali"), allow(get, "*"))), want: "implicitDeny by identity"},
	{rule: "3.3 a role's ARN names every session of the role and grants", world: bucket(to(aws(worker), allow(get, "*"))), caller: "arn:aws:sts::111111111111:assumed-role/worker/any", want: "allowed by resource"},
	{rule: "3.3 a role's ARN does not name a user", world: bucket(to(aws(worker), allow(get, "*"))), want: "implicitDeny by identity"},
	{rule: "3.3 a role's ARN with another path does not name the session", world: bucket(to(aws("arn:aws:iam::111111111111:role/worker"), allow(get, "*"))), caller: shift, want: "implicitDeny by identity"},
	{rule: "3.3 a session's ARN names that session and grants", world: bucket(to(aws(shift), allow(get, "*"))), caller: shift, want: "allowed by resource"},
	{rule: "3.3 a session's ARN does not name another session", world: bucket(to(aws(shift), allow(get, "*"))), caller: "arn:aws:sts::111111111111:assumed-role/worker/other", want: "implicitDeny by identity"},
	{rule: "3.3 a federated user's ARN names it and grants", world: bucket(to(aws(kiosk), allow(get, "*"))), caller: kiosk, want: "allowed by resource"},
	{rule: "3.3 a federated user's ARN does not name the user who federated", world: bucket(to(aws(kiosk), allow(get, "*"))), want: "implicitDeny by identity"},
	{rule: "3.3 a Service names that service and grants", world: bucket(to(`{"Service":"logs.amazonaws.com"}`, allow(get, "*"))), caller: service, want: "allowed by resource"},
	{rule: "3.3 a Service does not name another service", world: bucket(to(`{"Service":"ec2.amazonaws.com"}`, allow(get, "*"))), caller: service, want: "implicitDeny by resource"},
	{rule: "3.3 a Service does not name its regional form", world: bucket(to(`{"Service":"logs.amazonaws.com"}`, allow(get, "*"))), caller: "logs.ap-east-1.amazonaws.com", want: "implicitDeny by resource"},
	{rule: "3.3 a Service does not name a service-linked role's session", world: bucket(to(`{"Service":"x.amazonaws.com"}`, allow(get, "*"))), caller: linked, want: "implicitDeny by identity"},
	{rule: "3.3 a Federated names callers with a web identity in a trust policy", world: cast{trust: doc(trusting(`{"Federated":"accounts.google.com"}`, "sts:AssumeRoleWithWebIdentity"))}, caller: "accounts.google.com", action: "sts:AssumeRoleWithWebIdentity", resource: worker, want: "allowed by trust"},
	{rule: "3.3 a Federated names a SAML provider in a trust policy", world: cast{trust: doc(trusting(`{"Federated":"arn:aws:iam::111111111111:saml-provider/idp"}`, "sts:AssumeRoleWithSAML"))}, caller: "arn:aws:iam::111111111111:saml-provider/idp", action: "sts:AssumeRoleWithSAML", resource: worker, want: "allowed by trust"},
	{rule: "3.3 several values are alternatives", world: bucket(to(aws(`["`+bea+`","`+ali+`"]`), allow(get, "*"))), want: "allowed by resource"},
	{rule: "3.3 several types are alternatives", world: bucket(to(`{"Service":"ec2.amazonaws.com","AWS":"`+ali+`"}`, allow(get, "*"))), want: "allowed by resource"},
	{rule: "3.3 the strongest way of naming counts", world: bucket(to(aws(`["`+accA+`","`+ali+`"]`), allow(get, "*"))), want: "allowed by resource"},
	{rule: "3.3 a condition pins an account to one role", world: cast{role: allowAll, crate: doc(when(to(aws(accA), allow(get, "*")), `"ArnEquals":{"aws:PrincipalArn":"`+worker+`"}`))}, caller: shift, resource: crate, want: "allowed by identity+resource"},
	{rule: "3.3 a condition pins an account and leaves others out", world: cast{user: allowAll, crate: doc(when(to(aws(accA), allow(get, "*")), `"ArnEquals":{"aws:PrincipalArn":"`+worker+`"}`))}, resource: crate, want: "implicitDeny by resource"},
	{rule: `11 {"AWS":"*"} names services as "*" does`, world: bucket(to(aws("*"), allow(get, "*"))), caller: service,
		want: "allowed by resource"},
	{rule: `11 "*" names services`, world: bucket(to("*", allow(get, "*"))), caller: service, want: "allowed by resource"},
	{rule: "11 of an undescribed account a role's ARN with a path names its sessions", world: bucket(to("*", allow(get, "*")), to(aws("arn:aws:iam::333333333333:role/far/away"), deny(get, "*"))), caller: "arn:aws:sts::333333333333:assumed-role/away/s", want: "explicitDeny by resource"},

	{rule: "3.4 NotPrincipal spares a user who is listed with the account", world: spared(listed(`"` + ali + `","` + accA + `"`)), want: "allowed"},
	{rule: "3.4 in Amazon S3 NotPrincipal spares a listed user without the account",
		world: spared(listed(`"` + ali + `"`)), want: "allowed by resource"},
	{rule: "3.4 whether NotPrincipal spares a user without the account is unknown", world: locked(`"` + ali + `"`),
		action: "kms:Decrypt", resource: key, want: "depends"},
	{rule: "3.4 whether NotPrincipal spares a session without its own ARN is unknown",
		world: locked(`"` + worker + `","` + accA + `"`), caller: shift, action: "kms:Decrypt", resource: key,
		want: "depends"},
	{rule: "3.4 whether NotPrincipal spares a session without the account is unknown",
		world: locked(`"` + shift + `","` + worker + `"`), caller: shift, action: "kms:Decrypt", resource: key,
		want: "depends"},
	{rule: "3.4 NotPrincipal does not spare a session without its role",
		world: locked(`"` + shift + `","` + accA + `"`), caller: shift, action: "kms:Decrypt", resource: key,
		want: "explicitDeny by keyPolicy"},
	{rule: "3.4 NotPrincipal does not spare a session by the role alone", world: locked(`"` + worker + `"`),
		caller: shift, action: "kms:Decrypt", resource: key, want: "explicitDeny by keyPolicy"},
	{rule: "3.4 NotPrincipal does not spare a session by the account alone", world: locked(`"` + accA + `"`),
		caller: shift, action: "kms:Decrypt", resource: key, want: "explicitDeny by keyPolicy"},
	{rule: "3.4 NotPrincipal does not spare a user by the account alone", world: spared(listed(`"` + accA + `"`)), want: "explicitDeny by resource"},
	{rule: "3.4 NotPrincipal does not spare other users of a listed account", world: spared(listed(`"arn:aws:iam::111111111111:user/bob","` + rootA + `"`)), want: "explicitDeny by resource"},
	{rule: "3.4 NotPrincipal spares a session listed with role and account", world: spared(listed(`"` + shift + `","` + worker + `","` + accA + `"`)), caller: shift, want: "allowed"},
	{rule: "3.4 in Amazon S3 NotPrincipal spares a session listed with its role",
		world: spared(listed(`"` + shift + `","` + worker + `"`)), caller: shift, want: "allowed"},
	{rule: "3.4 in Amazon S3 NotPrincipal does not spare a session by the role alone",
		world: spared(listed(`"` + worker + `"`)), caller: shift, want: "explicitDeny by resource"},
	{rule: "3.4 NotPrincipal spares the root user of a listed account", world: spared(listed(`"` + accA + `"`)), caller: rootA, want: "allowed"},
	{rule: "3.4 NotPrincipal always denies a user with a boundary", world: cast{user: allowAll, boundary: allowAll, box: doc(but(listed(`"`+ali+`","`+accA+`"`), deny(get, "*")))}, want: "explicitDeny by resource"},
	{rule: "3.4 NotPrincipal always denies a session whose role has a boundary", world: cast{role: allowAll, roleBoundary: allowAll, box: doc(but(listed(`"`+shift+`","`+worker+`","`+accA+`"`), deny(get, "*")))}, caller: shift, want: "explicitDeny by resource"},
	{rule: "3.4 NotPrincipal denies unsigned requests", world: spared(listed(`"` + ali + `","` + accA + `"`)), caller: nobody, want: "explicitDeny by resource"},
	{rule: "3.4 NotPrincipal denies a service that is not listed", world: spared(listed(`"` + accA + `"`)), caller: service, want: "explicitDeny by resource"},
	{rule: "3.4 NotPrincipal spares a service that is listed", world: spared(`{"Service":"logs.amazonaws.com"}`), caller: service, want: "allowed by resource"},
	{rule: "11 NotPrincipal spares for certain only whom it lists whole",
		world: locked(`"` + kiosk + `","` + accA + `"`), caller: kiosk, action: "kms:Decrypt", resource: key,
		want: "explicitDeny by keyPolicy"},
}

func TestPrincipalRules(t *testing.T) { checkRules(t, principalRules) }
