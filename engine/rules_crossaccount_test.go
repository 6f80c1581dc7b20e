package engine_test

import "testing"

// across is a request of account A's caller for the bucket of account B.
func across(rule, caller string, world cast, want string) ruleCase {
	return ruleCase{rule: rule, caller: caller, world: world, resource: crate, want: want}
}

// crossAccountRules are the rules of section 7.4.
var crossAccountRules = []ruleCase{
	across("7.4 identity and resource policy must both allow", ali, cast{user: allowGet, crate: named(ali)}, "allowed by identity+resource"),
	across("7.4 the resource policy alone does not suffice", ali, cast{crate: named(ali)}, "implicitDeny by identity"),
	across("7.4 the identity policy alone does not suffice", ali, cast{user: allowGet}, "implicitDeny by resource"),
	across("7.4 a resource policy that names others does not suffice", ali, cast{user: allowGet, crate: named(worker)}, "implicitDeny by resource"),
	across("7.4 the account principal delegates to the foreign account", ali, cast{user: allowGet, crate: named(accA)}, "allowed by identity+resource"),
	across("7.4 the account principal delegates at most what it was given", ali, cast{user: allowAll, crate: doc(to(aws(accA), allow("s3:PutObject", "*")))}, "implicitDeny by resource"),
	across("7.4 everyone does not spare the identity policy", ali, cast{crate: everyoneGet}, "implicitDeny by identity"),
	across("7.4 a named session does not spare the identity policy", shift, cast{crate: named(shift)}, "implicitDeny by identity"),
	across("7.4 a named session stays within its boundary", shift, cast{role: allowAll, roleBoundary: allowOther, crate: named(shift)}, "implicitDeny by boundary"),
	across("7.4 a named session stays within its session policy", shift, cast{role: allowAll, session: allowOther, crate: named(shift)}, "implicitDeny by session"),
	across("7.4 a named user stays within its boundary", ali, cast{user: allowAll, boundary: allowOther, crate: named(ali)}, "implicitDeny by boundary"),
	across("7.4 everyone does not spare the boundary", ali, cast{user: allowAll, boundary: allowOther, crate: everyoneGet}, "implicitDeny by boundary"),
	across("7.4 everyone does not spare the session policy", shift, cast{role: allowAll, session: allowOther, crate: everyoneGet}, "implicitDeny by session"),
	across("7.4 a named federated user still needs the user's policies", kiosk, cast{crate: named(kiosk)}, "implicitDeny by identity"),
	across("7.4 a federated user passes with all of them", kiosk, cast{user: allowGet, federation: allowGet, crate: named(kiosk)}, "allowed by identity+resource"),
	across("7.4 the root user of a named account has all that was given", rootA, cast{crate: named(accA)}, "allowed by resource"),
	across("7.4 the root user of a foreign account needs the resource policy", rootA, cast{}, "implicitDeny by resource"),
	across("7.4 the root user is not named by a user's ARN", rootA, cast{crate: named(ali)}, "implicitDeny by resource"),
	across("7.4 SCPs of the caller's account bind abroad", ali, cast{user: allowAll, crate: everyoneGet, org: levels{unit: allowOther}.organization()}, "implicitDeny by scp"),
	across("7.4 SCPs bind the root user abroad", rootA, cast{crate: named(accA), org: levels{unit: allowOther}.organization()}, "implicitDeny by scp"),
	across("7.4 RCPs of the caller's account do not follow it abroad", ali, cast{user: allowGet, crate: named(ali), org: levels{unitRCP: "+" + denyEvery}.organization()}, "allowed by identity+resource"),
	across("7.4 a Deny of the resource policy binds foreign callers", ali, cast{user: allowAll, crate: doc(to("*", allow("*", "*")), to(aws(accA), deny("*", "*")))}, "explicitDeny by resource"),
	across("7.4 a Deny of the identity policy binds abroad", ali, cast{user: doc(allow("*", "*"), deny(get, "*")), crate: everyoneGet}, "explicitDeny by identity"),
	{rule: "7.4 a resource that carries no policy is out of reach", world: cast{user: allowAll}, action: "ec2:StopInstances", resource: "arn:aws:ec2:eu-west-1:222222222222:instance/i-1", want: "implicitDeny by resource"},
	{rule: "7.4 assuming a role of the other account gives its permissions", world: cast{guest: allowGet}, caller: guest, resource: crate, want: "allowed by identity"},
	{rule: "7.4 RCPs of the owner's account bind foreign callers", world: cast{bea: allowAll, box: named(bea), org: levels{unitRCP: "+" + denyEvery}.organization()}, caller: bea, want: "explicitDeny by rcp"},
	{rule: "7.4 SCPs of the owner's account do not bind foreign callers", world: cast{bea: allowAll, box: named(bea), org: levels{unit: "+" + denyAll}.organization()}, caller: bea, want: "allowed by identity+resource"},
	{rule: "7.4 a resource belongs to the account it stands under", world: cast{bea: allowAll}, caller: bea, want: "implicitDeny by resource"},
}

func TestCrossAccountRules(t *testing.T) { checkRules(t, crossAccountRules) }
