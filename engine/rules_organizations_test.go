package engine_test

import "testing"

// governed is a world in which ali may do everything, within an organization.
func governed(l levels) cast { return cast{user: allowAll, org: l.organization()} }

// organizationRules are the rules of section 8.
var organizationRules = []ruleCase{
	{rule: "8 full access is attached to every level by default", world: governed(levels{}), want: "allowed by identity"},
	{rule: "8 an SCP grants nothing by itself", world: cast{org: levels{unit: allowAll}.organization()}, want: "implicitDeny by identity"},
	{rule: "8 the root needs a matching Allow", world: governed(levels{root: allowOther}), want: "implicitDeny by scp"},
	{rule: "8 every unit needs a matching Allow", world: governed(levels{unit: allowOther}), want: "implicitDeny by scp"},
	{rule: "8 the account itself needs a matching Allow", world: governed(levels{account: allowOther}), want: "implicitDeny by scp"},
	{rule: "8 a level to which nothing is attached blocks everything below", world: governed(levels{root: "-"}), want: "implicitDeny by scp"},
	{rule: "8 policies of one level add up", world: governed(levels{unit: doc(allow("sqs:*", "*"), allow("s3:*", "*"))}), want: "allowed by identity"},
	{rule: "8 an Allow of another level does not add up", world: governed(levels{root: doc(allow("s3:*", "*")), unit: doc(allow("sqs:*", "*"))}), want: "implicitDeny by scp"},
	{rule: "8 a narrower policy beside full access limits nothing", world: governed(levels{unit: "+" + allowOther}), want: "allowed by identity"},
	{rule: "8 a Deny at the root counts for all below", world: governed(levels{root: "+" + denyGet}), want: "explicitDeny by scp"},
	{rule: "8 a Deny at a unit counts", world: governed(levels{unit: "+" + denyGet}), want: "explicitDeny by scp"},
	{rule: "8 a Deny at the account counts", world: governed(levels{account: "+" + denyGet}), want: "explicitDeny by scp"},
	{rule: "8 SCPs bind also when a resource policy grants", world: cast{box: named(ali), org: levels{unit: "+" + denyGet}.organization()}, want: "explicitDeny by scp"},
	{rule: "8 SCPs bind the root user of a member account", world: cast{org: levels{unit: "+" + denyAll}.organization()}, caller: rootA, want: "explicitDeny by scp"},
	{rule: "8 SCPs do not bind foreign principals that use the account's resources", world: cast{bea: allowAll, box: named(bea), org: levels{account: "-"}.organization()}, caller: bea, want: "allowed by identity+resource"},
	{rule: "8 SCPs do not bind the management account", world: governed(levels{root: "-", unit: "+" + denyAll, management: accA}), want: "allowed by identity"},
	{rule: "8 RCPs do not bind the resources of the management account", world: governed(levels{unitRCP: "+" + denyEvery, management: accA}), want: "allowed by identity"},
	{rule: "8 SCPs do not bind an account outside the organization", world: cast{bea: allowAll, org: levels{root: "-"}.organization()}, caller: bea, resource: crate, want: "allowed by identity"},
	{rule: "8 an SCP has Condition with Allow",
		world: governed(levels{unit: doc(when(allow("*", "*"), `"StringEquals":{"aws:PrincipalType":"Account"}`))}),
		want:  "implicitDeny by scp"},
	{rule: "8 an SCP has NotAction with Allow", world: governed(levels{unit: doc(exceptActions(allow("iam:*", "*")))}), want: "allowed by identity"},
	{rule: "8 an SCP has NotResource with Allow", world: governed(levels{unit: doc(exceptResources(allow("*", box+"/*")))}), want: "implicitDeny by scp"},
	{rule: "8 an SCP has wildcards anywhere in an action", world: governed(levels{unit: "+" + doc(deny("s3:*Obj?ct", "*"))}), want: "explicitDeny by scp"},
	{rule: "8 an RCP's Deny binds foreign principals", world: cast{bea: allowAll, box: named(bea), org: levels{rootRCP: "+" + denyEvery}.organization()}, caller: bea, want: "explicitDeny by rcp"},
	{rule: "8 an RCP's Deny binds the root user", world: cast{org: levels{accountRCP: "+" + denyEvery}.organization()}, caller: rootA, want: "explicitDeny by rcp"},
	{rule: "8 an RCP spares services through aws:PrincipalIsAWSService", world: cast{box: everyoneGet, org: levels{unitRCP: "+" + doc(when(to("*", deny("s3:*", "*")), `"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}`))}.organization()}, caller: service, want: "allowed by resource"},
	{rule: "8 an RCP that needs the organization denies strangers", world: cast{bea: allowAll, box: named(bea), org: levels{unitRCP: "+" + doc(when(to("*", deny("s3:*", "*")), `"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}`))}.organization()}, caller: bea, want: "explicitDeny by rcp"},
	{rule: "8 an RCP that needs the organization spares members", world: governed(levels{unitRCP: "+" + doc(when(to("*", deny("s3:*", "*")), `"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}`))}), want: "allowed by identity"},
	{rule: "8 RCPs leave kms:RetireGrant alone", world: cast{user: allowAll, key: doc(to(aws(rootA), allow("kms:*", "*"))), org: levels{unitRCP: "+" + denyEvery}.organization()}, action: "kms:RetireGrant", resource: key, want: "allowed by identity"},
	{rule: "8 RCPs bind the other actions of KMS", world: cast{user: allowAll, key: doc(to(aws(rootA), allow("kms:*", "*"))), org: levels{unitRCP: "+" + denyEvery}.organization()}, action: "kms:Decrypt", resource: key, want: "explicitDeny by rcp"},
	{rule: "8 RCPs bind assuming roles", world: cast{trust: trusted(ali), org: levels{unitRCP: "+" + denyEvery}.organization()}, action: "sts:AssumeRole", resource: worker, want: "explicitDeny by rcp"},
	{rule: "8 RCPs leave services alone that are not on AWS's list", world: governed(levels{unitRCP: "+" + denyEvery}), action: "ec2:StopInstances", resource: "arn:aws:ec2:eu-west-1:111111111111:instance/i-1", want: "allowed by identity"},
	{rule: "8 an RCP stays with its resource and does not follow a principal", world: cast{user: allowAll, crate: named(ali), org: levels{rootRCP: "+" + denyEvery}.organization()}, resource: crate, want: "allowed by identity+resource"},
	{rule: "8 a delegated administrator is an ordinary member", world: cast{bea: allowAll, org: levels{root: "+" + denyAll, inside: true}.organization()}, caller: bea, resource: crate, want: "explicitDeny by scp"},
	{rule: "11 an SCP with Allow takes any Resource", world: governed(levels{unit: doc(allow("s3:*", box+"/*"))}), want: "allowed by identity"},
}

func TestOrganizationRules(t *testing.T) { checkRules(t, organizationRules) }
