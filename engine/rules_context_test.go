package engine_test

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

// contextCase is one context key as a caller's request has it. The value is
// "-" for an absent key, and in brackets for a multivalued one.
type contextCase struct {
	rule     string
	world    cast
	caller   string
	action   string
	resource string
	more     string
	key      string
	want     string
}

var ofOrganization = cast{org: levels{}.organization()}

// contextRules are the rules of section 6: which keys a request has.
var contextRules = []contextCase{
	{rule: "6 aws:PrincipalArn of a user is its ARN", key: "aws:PrincipalArn", want: ali},
	{rule: "6 aws:PrincipalArn of a role session is the role's ARN with its path", caller: shift, key: "aws:PrincipalArn", want: worker},
	{rule: "6 aws:PrincipalArn of a federated user is its own", caller: kiosk, key: "aws:PrincipalArn", want: kiosk},
	{rule: "6 aws:PrincipalArn of the root user is the root ARN", caller: rootA, key: "aws:PrincipalArn", want: rootA},
	{rule: "6 aws:PrincipalArn is absent if unsigned", caller: nobody, key: "aws:PrincipalArn", want: "-"},
	{rule: "6 aws:PrincipalAccount is the caller's account", key: "aws:PrincipalAccount", want: accA},
	{rule: "6 aws:PrincipalAccount is anonymous if unsigned", caller: nobody, key: "aws:PrincipalAccount", want: "anonymous"},
	{rule: "6 aws:PrincipalOrgID is the organization of the caller's account", world: ofOrganization, key: "aws:PrincipalOrgID", want: "o-1"},
	{rule: "6 aws:PrincipalOrgID is absent outside an organization", world: ofOrganization, caller: bea, key: "aws:PrincipalOrgID", want: "-"},
	{rule: "6 aws:PrincipalOrgID of the management account is there too", world: cast{org: levels{management: accB}.organization()}, caller: bea, key: "aws:PrincipalOrgID", want: "o-1"},
	{rule: "6 aws:PrincipalOrgPaths is multivalued and ends with a slash", world: ofOrganization, key: "aws:PrincipalOrgPaths", want: "[o-1/r-1/ou-1/]"},
	{rule: "6 aws:PrincipalTag of a user is its tag", world: cast{tags: `{"team":"red"}`}, key: "aws:PrincipalTag/team", want: "red"},
	{rule: "6 aws:PrincipalTag of a session is the role's tag", world: cast{roleTags: `{"team":"red"}`}, caller: shift, key: "aws:PrincipalTag/team", want: "red"},
	{rule: "6 aws:PrincipalTag of a session is the session's tag first", world: cast{roleTags: `{"team":"red"}`, sessionTags: `{"team":"blue"}`}, caller: shift, key: "aws:PrincipalTag/team", want: "blue"},
	{rule: "6 aws:PrincipalTag is absent if unsigned", world: cast{tags: `{"team":"red"}`}, caller: nobody, key: "aws:PrincipalTag/team", want: "-"},
	{rule: "6 aws:PrincipalIsAWSService is true for a service", caller: service, key: "aws:PrincipalIsAWSService", want: "true"},
	{rule: "6 aws:PrincipalIsAWSService is false for a user", key: "aws:PrincipalIsAWSService", want: "false"},
	{rule: "6 aws:PrincipalIsAWSService is false for a service-linked role", caller: linked, key: "aws:PrincipalIsAWSService", want: "false"},
	{rule: "6 aws:PrincipalIsAWSService is absent if unsigned", caller: nobody, key: "aws:PrincipalIsAWSService", want: "-"},
	{rule: "6 aws:PrincipalServiceName is the calling service", caller: service, key: "aws:PrincipalServiceName", want: service},
	{rule: "6 aws:PrincipalServiceName is absent for others", key: "aws:PrincipalServiceName", want: "-"},
	{rule: "6 aws:PrincipalServiceNamesList is multivalued", caller: service, key: "aws:PrincipalServiceNamesList", want: "[" + service + "]"},
	{rule: "6 aws:PrincipalType of the root user is Account", caller: rootA, key: "aws:PrincipalType", want: "Account"},
	{rule: "6 aws:PrincipalType of a user is User", key: "aws:PrincipalType", want: "User"},
	{rule: "6 aws:PrincipalType of a federated user is FederatedUser", caller: kiosk, key: "aws:PrincipalType", want: "FederatedUser"},
	{rule: "6 aws:PrincipalType of a session is AssumedRole", caller: shift, key: "aws:PrincipalType", want: "AssumedRole"},
	{rule: "6 aws:PrincipalType is Anonymous if unsigned", caller: nobody, key: "aws:PrincipalType", want: "Anonymous"},
	{rule: "6 aws:userid of the root user is the account", caller: rootA, key: "aws:userid", want: accA},
	{rule: "6 aws:userid of a user is its unique ID", key: "aws:userid", want: "AIDAALI"},
	{rule: "6 aws:userid of a federated user is account and name", caller: kiosk, key: "aws:userid", want: accA + ":kiosk"},
	{rule: "6 aws:userid of a session is the role's unique ID and the session's name", caller: shift, key: "aws:userid", want: "AROAWORKER:shift"},
	{rule: "6 aws:userid is anonymous if unsigned", caller: nobody, key: "aws:userid", want: "anonymous"},
	{rule: "6 aws:username is the user's name without path", key: "aws:username", want: "ali"},
	{rule: "6 aws:username is absent for sessions", caller: shift, key: "aws:username", want: "-"},
	{rule: "6 aws:username is absent for federated users", caller: kiosk, key: "aws:username", want: "-"},
	{rule: "6 aws:username is absent for the root user", caller: rootA, key: "aws:username", want: "-"},
	{rule: "6 aws:username is absent if unsigned", caller: nobody, key: "aws:username", want: "-"},
	{rule: "6 aws:TokenIssueTime is absent for long-term credentials", key: "aws:TokenIssueTime", want: "-"},
	{rule: "6 aws:MultiFactorAuthPresent is absent for long-term credentials", key: "aws:MultiFactorAuthPresent", want: "-"},
	{rule: "6 aws:MultiFactorAuthPresent is false for a session without MFA", caller: shift, key: "aws:MultiFactorAuthPresent", want: "false"},
	{rule: "6 aws:MultiFactorAuthPresent is absent for federated users", caller: kiosk, key: "aws:MultiFactorAuthPresent", want: "-"},
	{rule: "6 aws:MultiFactorAuthAge is absent without MFA", caller: shift, key: "aws:MultiFactorAuthAge", want: "-"},
	{rule: "6 aws:SourceVpce is the endpoint", more: `"via":"vpce-1"`, key: "aws:SourceVpce", want: "vpce-1"},
	{rule: "6 aws:SourceVpc is the endpoint's VPC", more: `"via":"vpce-1"`, key: "aws:SourceVpc", want: "vpc-1"},
	{rule: "6 aws:VpceAccount is the endpoint's account", more: `"via":"vpce-1"`, key: "aws:VpceAccount", want: accA},
	{rule: "6 aws:SourceVpce is absent without an endpoint", key: "aws:SourceVpce", want: "-"},
	{rule: "6 aws:ResourceAccount is the owner's account", resource: crate, key: "aws:ResourceAccount", want: accB},
	{rule: "6 aws:ResourceOrgID is the owner's organization", world: ofOrganization, key: "aws:ResourceOrgID", want: "o-1"},
	{rule: "6 aws:ResourceOrgID is absent for an owner outside an organization", world: ofOrganization, resource: crate, key: "aws:ResourceOrgID", want: "-"},
	{rule: "6 aws:ResourceOrgPaths is multivalued", world: ofOrganization, key: "aws:ResourceOrgPaths", want: "[o-1/r-1/ou-1/]"},
	{rule: "6 aws:ResourceTag is the resource's tag", world: cast{boxTags: `{"team":"red"}`}, action: "s3:ListBucket",
		resource: box, key: "aws:ResourceTag/team", want: "red"},
	{rule: "6 aws:RequestTag is what the request passes", more: context(`"aws:RequestTag/team":"red"`), key: "aws:RequestTag/team", want: "red"},
	{rule: "6 aws:TagKeys lists the tags that the request passes", more: context(`"aws:RequestTag/team":"red","aws:RequestTag/x":"1"`), key: "aws:TagKeys", want: "[team x]"},
	{rule: "6 aws:TagKeys is absent without tags", key: "aws:TagKeys", want: "-"},
	{rule: "6 aws:CalledVia is absent for a direct call", key: "aws:CalledVia", want: "-"},
	{rule: "6 aws:CalledViaFirst is the first service of the chain", more: context(`"aws:CalledVia":["a","b"]`), key: "aws:CalledViaFirst", want: "a"},
	{rule: "6 aws:CalledViaLast is the last service of the chain", more: context(`"aws:CalledVia":["a","b"]`), key: "aws:CalledViaLast", want: "b"},
	{rule: "6 aws:ViaAWSService is false for a direct call", key: "aws:ViaAWSService", want: "false"},
	{rule: "6 aws:ViaAWSService is true for a forward access session", more: context(`"aws:CalledVia":["a","b"]`), key: "aws:ViaAWSService", want: "true"},
	{rule: "6 aws:CurrentTime is the scenario's time", world: cast{time: "2026-03-01T09:30:00Z"}, key: "aws:CurrentTime", want: "2026-03-01T09:30:00Z"},
	{rule: "6 aws:EpochTime is the scenario's time in seconds", world: cast{time: "2026-03-01T09:30:00Z"}, key: "aws:EpochTime", want: "1772357400"},
	{rule: "6 aws:RequestedRegion is the Region of the resource", action: "kms:Decrypt", resource: key, key: "aws:RequestedRegion", want: "eu-west-1"},
	{rule: "6 aws:RequestedRegion of a global service is us-east-1", action: "iam:ListUsers", resource: "*", key: "aws:RequestedRegion", want: "us-east-1"},
	{rule: "6 aws:SecureTransport is always there", key: "aws:SecureTransport", want: "true"},
	{rule: "6 aws:SourceArn is absent unless a service calls for a resource", key: "aws:SourceArn", want: "-"},
	{rule: "6 kms:CallerAccount is the caller's account", action: "kms:Decrypt", resource: key, key: "kms:CallerAccount", want: accA},
	{rule: "6 a key has no case", key: "AWS:principalARN", want: ali},
	{rule: "6 what is written wins over what is derived", more: context(`"AWS:username":"eve"`), key: "aws:username", want: "eve"},
	{rule: "6 a derived key can be made absent", more: context(`"aws:username":null`), key: "aws:username", want: "-"},
}

func (c contextCase) check(t *testing.T) {
	asked := ruleCase{caller: c.caller, action: c.action, resource: c.resource, more: c.more}
	e := evaluate(t, c.world.document(asked.request()))
	entry := e.Query.ContextEntry(c.key)
	got := strings.Join(entry.Values, " ")
	switch {
	case entry.Origin == engine.Absent:
		got = "-"
	case entry.Multi:
		got = "[" + got + "]"
	}
	if got != c.want {
		t.Errorf("%s is %s, want %s", c.key, got, c.want)
	}
}

func TestContextRules(t *testing.T) {
	for _, c := range contextRules {
		t.Run(c.rule, c.check)
	}
}
