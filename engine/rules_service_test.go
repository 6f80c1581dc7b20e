package engine_test

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

// serviceCase is one rule of a service, in an account of its own: members of
// the account and of the scenario as JSON, and the request.
type serviceCase struct {
	rule                     string
	account, scenario        string
	caller, action, resource string
	more                     string
	want                     string // as in ruleCase
}

func (c serviceCase) document() string {
	asked := ruleCase{caller: c.caller, action: c.action, resource: c.resource, more: c.more}
	return `{"version":1,"accounts":{"111111111111":{"users":{"ali":{"inline":{"p":` + allowAll + `}},"bob":{}}` +
		c.account +
		`},"222222222222":{"users":{"bea":{"inline":{"p":` + allowAll + `}}}}}` + c.scenario + `,"requests":[` +
		asked.request() + `]}`
}

func running(trust string) string {
	return `,"roles":{"worker":{"inline":{"p":` + allowAll + `}` + member("trust", trust) + `}},"resources":{"` +
		onEC2 + `":{"role":"worker"},"` + function +
		`":{"role":"worker"},"arn:aws:robomaker:eu-west-1:111111111111:robot/r":{"role":"worker"}}`
}

func toService(name string) string {
	return doc(`{"Effect":"Allow","Principal":{"Service":"` + name + `"},"Action":"sts:AssumeRole"}`)
}

const (
	onEC2     = "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"
	function  = "arn:aws:lambda:eu-west-1:111111111111:function:f"
	queue     = "arn:aws:sqs:eu-west-1:111111111111:queue"
	linkedARN = "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
	reserved  = "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1"
	unlock    = `"context":{"sts:TaskPolicyArn":"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}`
	token     = `"aws:TokenIssueTime":"2026-03-01T09:30:00Z"`
)

func bucketOf(policy, settings string) string {
	return `,"resources":{"` + box + `":{"policy":` + policy + settings + `}}`
}

func rooted(more string) string {
	return `,"organization":{"id":"o-1","managementAccount":"111111111111"` + more +
		`,"root":{"id":"r-1","accounts":["111111111111","222222222222"]}}`
}

const restricted = `,"publicAccessBlock":{"restrictPublicBuckets":true}`

var everyoneReads = doc(to("*", allow(get, "*")))

// serviceRules are the rules of section 7.7, which services add to AWS's flow,
// and those of section 6 on what Amazon S3 sends.
var serviceRules = []serviceCase{
	{rule: "7.7 code on an instance has its role's credentials if the role trusts EC2",
		account: running(toService("ec2.amazonaws.com")), caller: onEC2, want: "allowed by identity"},
	{rule: "7.7 code on an instance whose role trusts Lambda has none",
		account: running(toService("lambda.amazonaws.com")), caller: onEC2, want: "implicitDeny by credentials"},
	{rule: "7.7 code in a function has its role's credentials if the role trusts Lambda",
		account: running(toService("lambda.amazonaws.com")), caller: function, want: "allowed by identity"},
	{rule: "7.7 without a trust policy in the document it is unknown", account: running(""), caller: onEC2,
		want: "depends"},
	{rule: "7.7 whether a trust policy for everyone admits a service is unknown",
		account: running(doc(`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`)), caller: onEC2,
		want: "depends"},
	{rule: "7.7 which service runs the code on an unlisted kind of resource is unknown",
		account: running(toService("ec2.amazonaws.com")), caller: "arn:aws:robomaker:eu-west-1:111111111111:robot/r",
		want: "depends"},
	{rule: "7.7 an AWS managed policy takes no new version", action: "iam:CreatePolicyVersion",
		resource: "arn:aws:iam::aws:policy/ReadOnlyAccess", want: "implicitDeny by service"},
	{rule: "7.7 attaching an AWS managed policy acts on the identity", action: "iam:AttachUserPolicy", resource: ali,
		want: "allowed by identity"},
	{rule: "7.7 a service-linked role cannot be deleted as others are", action: "iam:DeleteRole", resource: linkedARN,
		want: "implicitDeny by service"},
	{rule: "7.7 a service-linked role is deleted by a call of its own", action: "iam:DeleteServiceLinkedRole",
		resource: linkedARN, want: "allowed by identity"},
	{rule: "7.7 a service-linked role's description can be changed", action: "iam:UpdateRole", resource: linkedARN,
		want: "allowed by identity"},
	{rule: "7.7 a role of IAM Identity Center cannot be changed", action: "iam:UpdateRole", resource: reserved,
		want: "implicitDeny by service"},
	{rule: "7.7 a reserved alias cannot be changed", action: "kms:UpdateAlias",
		resource: "arn:aws:kms:eu-west-1:111111111111:alias/aws/s3", want: "implicitDeny by service"},
	{rule: "7.7 another alias can be changed", action: "kms:UpdateAlias",
		resource: "arn:aws:kms:eu-west-1:111111111111:alias/mine", want: "allowed by identity"},
	{rule: "7.7 who may not change what belongs to AWS is told so first", caller: "arn:aws:iam::111111111111:user/bob",
		action: "iam:DeleteRole", resource: linkedARN, want: "implicitDeny by identity"},
	{rule: "7.7 GetSessionToken credentials do not call AssumeRoleWithSAML", action: "sts:AssumeRoleWithSAML",
		resource: worker, more: context(token), want: "implicitDeny by service"},
	{rule: "7.7 sts:TagSession is no API of its own for GetSessionToken credentials", action: "sts:TagSession",
		resource: "arn:aws:iam::111111111111:role/worker",
		account:  running(doc(`{"Effect":"Allow","Principal":{"AWS":"` + ali + `"},"Action":"sts:TagSession"}`)),
		more:     context(token), want: "allowed by trust+identity"},
	{rule: "7.7 sts:SetSourceIdentity is no API of its own for GetSessionToken credentials",
		action: "sts:SetSourceIdentity", resource: "arn:aws:iam::111111111111:role/worker",
		account: running(doc(`{"Effect":"Allow","Principal":{"AWS":"` + ali + `"},"Action":"sts:SetSourceIdentity"}`)),
		more:    context(token), want: "allowed by trust+identity"},
	{rule: "7.7 the management account assumes root in a member account", scenario: rooted(`,"rootAccess":true`),
		action: "sts:AssumeRoot", resource: rootB, more: unlock, want: "allowed by identity"},
	{rule: "7.7 without centralized root access nobody assumes root", scenario: rooted(""), action: "sts:AssumeRoot",
		resource: rootB, more: unlock, want: "implicitDeny by service"},
	{rule: "7.7 a member account does not assume root", scenario: rooted(`,"rootAccess":true`), caller: bea,
		action: "sts:AssumeRoot", resource: rootA, more: unlock, want: "implicitDeny by service"},
	{rule: "7.7 a delegated administrator assumes root",
		scenario: `,"organization":{"id":"o-1","managementAccount":"333333333333","rootAccess":true,"delegatedAdministrators":["222222222222"],"root":{"id":"r-1","accounts":["111111111111","222222222222"]}}`,
		caller:   bea, action: "sts:AssumeRoot", resource: rootA, more: unlock, want: "allowed by identity"},
	{rule: "7.7 root is assumed for one of five tasks", scenario: rooted(`,"rootAccess":true`),
		action: "sts:AssumeRoot", resource: rootB,
		more: context(`"sts:TaskPolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"`),
		want: "implicitDeny by service"},
	{rule: "7.7 whether root is assumed for one of the five tasks may be unknown",
		scenario: rooted(`,"rootAccess":true`), action: "sts:AssumeRoot",
		resource: rootB, more: `"unknown":["sts:TaskPolicyArn"]`, want: "depends"},
	{rule: "7.7 an unknown task of a root session may take anything away", caller: rootA,
		more: `"unknown":["sts:TaskPolicyArn"]`, want: "depends"},
	{rule: "7.7 a root user does not assume root", scenario: rooted(`,"rootAccess":true`), caller: rootA,
		action: "sts:AssumeRoot", resource: rootB, more: unlock, want: "implicitDeny by service"},
	{rule: "7.7 assuming root needs the caller's own permission", scenario: rooted(`,"rootAccess":true`),
		caller: "arn:aws:iam::111111111111:user/bob", action: "sts:AssumeRoot", resource: rootB, more: unlock,
		want: "implicitDeny by identity"},
	{rule: "7.7 a root session has no more than its task's policy", caller: rootA,
		more: context(`"aws:AssumedRoot":"true","sts:TaskPolicyArn":"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"`), want: "depends"},
	{rule: "7.7 RestrictPublicBuckets keeps unsigned requests from a bucket with a public policy",
		account: bucketOf(everyoneReads, restricted), caller: nobody, want: "implicitDeny by publicAccessBlock"},
	{rule: "7.7 RestrictPublicBuckets keeps other accounts from a bucket with a public policy",
		account: bucketOf(everyoneReads, restricted), caller: bea, want: "implicitDeny by publicAccessBlock"},
	{rule: "7.7 RestrictPublicBuckets lets principals of the owner's account in",
		account: bucketOf(everyoneReads, restricted), caller: "arn:aws:iam::111111111111:user/bob",
		want: "allowed by resource"},
	{rule: "7.7 RestrictPublicBuckets lets AWS services in", account: bucketOf(everyoneReads, restricted),
		caller: service, want: "allowed by resource"},
	{rule: "7.7 the account's settings hold for its buckets",
		account: bucketOf(everyoneReads, "") + `,"publicAccessBlock":{"restrictPublicBuckets":true}`, caller: nobody,
		want: "implicitDeny by publicAccessBlock"},
	{rule: "7.7 an S3 policy of the organization takes the place of the account's settings",
		account:  bucketOf(everyoneReads, "") + `,"publicAccessBlock":{"restrictPublicBuckets":true}`,
		scenario: `,"organization":{"id":"o-1","root":{"id":"r-1","s3PublicAccessBlock":"none","accounts":["111111111111"]}}`, caller: nobody, want: "allowed by resource"},
	{rule: "7.7 an S3 policy of the organization blocks public access", account: bucketOf(everyoneReads, ""),
		scenario: `,"organization":{"id":"o-1","root":{"id":"r-1","s3PublicAccessBlock":"none","units":{"u":{"id":"ou-1","s3PublicAccessBlock":"all","accounts":["111111111111"]}}}}`, caller: nobody, want: "implicitDeny by publicAccessBlock"},
	{rule: "7.7 a bucket's settings add to those of the organization", account: bucketOf(everyoneReads, restricted),
		scenario: `,"organization":{"id":"o-1","root":{"id":"r-1","s3PublicAccessBlock":"none","accounts":["111111111111"]}}`, caller: nobody, want: "implicitDeny by publicAccessBlock"},
	{rule: "7.7 a bucket policy that nobody can read may let others in without being public",
		account: bucketOf(`"unknown"`, restricted), caller: bea, want: "depends"},
	{rule: "7.7 a bucket policy that an unknown part may make public may be blocked",
		account: bucketOf(doc(to(aws(bea), allow("*", "*")), to(aws(part("")), allow("sqs:*", "*"))), restricted),
		caller:  bea, want: "depends"},
	{rule: "7.7 an unknown principal that is not like everyone makes no policy public",
		account: bucketOf(doc(to(aws(bea), allow("*", "*")), to(aws(part("arn:*")), allow("sqs:*", "*"))), restricted),
		caller:  bea, want: "allowed"},
	{rule: "7.7 an unknown principal under a condition on a fixed key makes no policy public",
		account: bucketOf(doc(to(aws(bea), allow("*", "*")),
			when(to(part(""), allow("sqs:*", "*")), `"StringEquals":{"aws:PrincipalOrgID":"o-1"}`)), restricted),
		caller: bea, want: "allowed"},
	{rule: "7.7 an unknown value of a key that fixes who gets in may make a policy public",
		account: bucketOf(doc(to(aws(bea), allow("*", "*")),
			when(to("*", allow("sqs:*", "*")), `"StringLike":{"aws:PrincipalOrgID":`+part("")+`}`)), restricted),
		caller: bea, want: "depends"},
	{rule: "7.7 an unknown statement may make a policy public",
		account: bucketOf(doc(to(aws(bea), allow("*", "*")), part("")), restricted), caller: bea, want: "depends"},
	{rule: "7.7 an unknown part makes no difference to whom a public policy is not withheld from",
		account: bucketOf(doc(to(aws(ali), allow("*", "*")), to(aws(part("")), allow("sqs:*", "*"))), restricted),
		caller:  ali, want: "allowed"},
	{rule: "3.2 an object with an entry of its own is under its bucket's policy",
		account: `,"resources":{"` + box + `":{"policy":` + everyoneReads + `},"` + object + `":{"tags":{"a":"b"}}}`,
		caller:  nobody, want: "allowed by resource"},
	{rule: "7.7 without settings nothing is blocked", account: bucketOf(everyoneReads, ""), caller: nobody,
		want: "allowed by resource"},
	{rule: "7.7 a policy with a fixed address is not public",
		account: bucketOf(doc(to("*", when(allow(get, "*"), `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`))),
			restricted), caller: nobody, more: context(`"aws:SourceIp":"203.0.113.1"`), want: "allowed by resource"},
	{rule: "7.7 a policy with half the world's addresses is public",
		account: bucketOf(doc(to("*", when(allow(get, "*"), `"IpAddress":{"aws:SourceIp":"128.0.0.0/1"}`))),
			restricted), caller: nobody, more: context(`"aws:SourceIp":"203.0.113.1"`),
		want: "implicitDeny by publicAccessBlock"},
	{rule: "7.7 a policy with a wildcard in the fixing key is public",
		account: bucketOf(doc(to("*", when(allow(get, "*"), `"StringLike":{"aws:SourceVpce":"vpce-*"}`))), restricted),
		caller:  nobody, more: context(`"aws:SourceVpce":"vpce-1"`), want: "implicitDeny by publicAccessBlock"},
	{rule: "7.7 a policy that names an account is not public",
		account: bucketOf(doc(to(aws(accB), allow(get, "*"))), restricted), caller: bea,
		want: "allowed by resource+identity"},
	{rule: "7.7 a policy that is public elsewhere is public for a named account too",
		account: bucketOf(doc(to(aws(accB), allow(get, "*")), to("*", allow("s3:ListBucket", "*"))), restricted),
		caller:  bea, want: "implicitDeny by publicAccessBlock"},
	{rule: "7.7 whether an unknown policy is public is unknown", account: bucketOf(`"unknown"`, restricted),
		caller: bea, want: "depends"},
	{rule: "11 the policy of an API has short ARNs",
		account: `,"resources":{"arn:aws:execute-api:eu-west-1:111111111111:a1":{"policy":` +
			doc(to("*", allow("execute-api:Invoke", "execute-api:/prod/GET/*"))) + `}}`,
		caller: nobody, action: "execute-api:Invoke",
		resource: "arn:aws:execute-api:eu-west-1:111111111111:a1/prod/GET/reports", want: "allowed by resource"},
	{rule: "11 a short ARN is of its own API",
		account: `,"resources":{"arn:aws:execute-api:eu-west-1:111111111111:a1":{"policy":` +
			doc(to("*", allow("execute-api:Invoke", "execute-api:/prod/GET/*"))) + `}}`,
		caller: nobody, action: "execute-api:Invoke",
		resource: "arn:aws:execute-api:eu-west-1:111111111111:a1/prod/POST/reports",
		want:     "implicitDeny by resource"},
	{rule: "11 identities live in their account's partition", account: `,"partition":"aws-cn"`,
		caller: "arn:aws-cn:iam::111111111111:user/ali", resource: "arn:aws-cn:s3:::box", want: "allowed by identity"},
	{rule: "11 ARNs of another partition are strangers", account: `,"partition":"aws-cn"`, caller: ali,
		want: "depends"},
	{rule: "3.3 credentials do not work in another partition", resource: "arn:aws-cn:s3:::box",
		want: "implicitDeny by service"},
	{rule: "7.5 nobody assumes a role that its account does not have", action: "sts:AssumeRole",
		resource: "arn:aws:iam::111111111111:role/nobody", want: "implicitDeny by trust"},
	{rule: "6 a bucket's tags count once ABAC is switched on",
		account: `,"resources":{"` + box + `":{"abac":true,"tags":{"team":"red"}}},"groups":{}` + redOnly,
		caller:  rita, action: "s3:ListBucket", resource: box, want: "allowed by identity"},
	{rule: "6 a bucket's tags do not count by default",
		account: `,"resources":{"` + box + `":{"tags":{"team":"red"}}}` + redOnly, caller: rita,
		action: "s3:ListBucket", resource: box, want: "implicitDeny by identity"},
	{rule: "6 an object does not have its bucket's tags",
		account: `,"resources":{"` + box + `":{"abac":true,"tags":{"team":"red"}}}` + redOnly, caller: rita,
		want: "implicitDeny by identity"},
	{rule: "6 an object's tags are sent when it is read",
		account: `,"resources":{"` + box + `":{},"` + object + `":{"tags":{"team":"red"}}}` + redOnly, caller: rita,
		want: "allowed by identity"},
	{rule: "6 an object's tags are not sent when it is deleted",
		account: `,"resources":{"` + box + `":{},"` + object + `":{"tags":{"team":"red"}}}` + redOnly, caller: rita,
		action: "s3:DeleteObject", want: "implicitDeny by identity"},
	{rule: "7.7 code that may have no credentials may be refused before any Deny",
		account: strings.Replace(running(""), allowAll, denyAll, 1), caller: onEC2, want: "depends"},
	{rule: "7.7 code that may have no credentials may not even ask who it is", account: running(""), caller: onEC2,
		action: "sts:GetCallerIdentity", resource: "*", want: "depends"},
	{rule: "7.7 a policy with a fixed principal is not public",
		account: bucketOf(doc(to("*", when(allow(get, "*"), `"ArnEquals":{"aws:PrincipalArn":"`+bea+`"}`))),
			restricted), caller: bea, want: "allowed by resource+identity"},
	{rule: "7.7 the account's settings hold for a bucket without an entry",
		account: `,"resources":{"` + object + `":{"policy":` + everyoneReads +
			`}},"publicAccessBlock":{"restrictPublicBuckets":true}`, caller: nobody,
		want: "implicitDeny by publicAccessBlock"},
	{rule: "6 an object's tags are its own where the bucket has no entry",
		account: `,"resources":{"` + object + `":{"tags":{"team":"red"}}}` + redOnly, caller: rita,
		action: "s3:DeleteObject", want: "implicitDeny by identity"},
	{rule: "6 through an endpoint an unknown address is absent",
		account: bucketOf(doc(to("*", when(allow("*", "*"), `"Null":{"aws:SourceIp":"false"}`))), "") +
			`,"vpcEndpoints":{"vpce-1":{}}`, caller: nobody, more: `"via":"vpce-1","unknown":["aws:SourceIp"]`,
		want: "implicitDeny by resource"},
	{rule: "6 what a request lists as unknown and AWS always sends is there",
		account: bucketOf(doc(to("*", when(allow("*", "*"), `"Null":{"aws:UserAgent":"false"}`))), ""), caller: nobody,
		more: `"unknown":["aws:UserAgent"]`, want: "allowed by resource"},
	{rule: "7.7 what is unknown of the credentials matters without a condition", action: "iam:ListUsers",
		resource: "*", more: `"unknown":["aws:TokenIssueTime"]`, want: "depends"},
}

const (
	rita    = "arn:aws:sts::111111111111:assumed-role/rita/s"
	redOnly = `,"roles":{"rita":{"inline":{"p":{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"red"}}},` +
		`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/team":"red"}}}]}}}}`
)

func (c serviceCase) check(t *testing.T) { checkAnswer(t, c.document(), c.want) }

func TestServiceRules(t *testing.T) {
	for _, c := range serviceRules {
		t.Run(c.rule, c.check)
	}
}

func TestARootSessionDependsOnThePolicyOfItsTask(t *testing.T) {
	task := "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"
	e := evaluate(t, serviceCase{caller: rootA,
		more: context(`"aws:AssumedRoot":"true","sts:TaskPolicyArn":"` + task + `"`)}.document())
	if len(e.Unknowns) != 1 || e.Unknowns[0].Kind != engine.UnknownPolicy || e.Unknowns[0].Name != task {
		t.Errorf("%v on %+v, expected it to depend on the policy %s", e.Decision, e.Unknowns, task)
	}
}

// TestATaskOfARootSessionOnlyTakesAway has a policy as AWS's are: Denies alone.
func TestATaskOfARootSessionOnlyTakesAway(t *testing.T) {
	task := "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"
	library := engine.NewLibrary()
	if n, problem := library.Load(`{"policies":[{"arn":"` + task +
		`","name":"S3UnlockBucketPolicy","document":{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Deny","NotAction":"s3:DeleteBucketPolicy","Resource":"*"}]}}]}`); n != 1 || problem != nil {
		t.Fatalf("%d policies, %v", n, problem)
	}
	for action, want := range map[string]string{"s3:DeleteBucketPolicy": "allowed by root",
		"s3:DeleteBucket": "explicitDeny by session"} {
		c := serviceCase{caller: rootA, action: action,
			more: context(`"aws:AssumedRoot":"true","sts:TaskPolicyArn":"` + task + `"`)}
		w := engine.NewWorld(engine.Parse(c.document()), library)
		e := w.Query(w.Scenario.Requests[0]).Evaluate()
		if got := e.Overall.String() + " by " + layersOf(e); got != want {
			t.Errorf("%s: %s, expected %s", action, got, want)
		}
	}
}

// openRules are the rules of section 6 on what AWS always sends: without the
// fact that settles it the answer depends on the key, with it it does not.
var openRules = []struct{ rule, condition, caller, resource, world, more, on string }{
	{rule: "6 the Region is unknown when nothing settles it",
		condition: `"StringEquals":{"aws:RequestedRegion":"eu-west-1"}`, on: "aws:RequestedRegion"},
	{rule: "6 the Region follows from the resource's region",
		condition: `"StringEquals":{"aws:RequestedRegion":"eu-west-1"}`, resource: "arn:aws:s3:::here"},
	{rule: "6 the time is unknown when the scenario has none",
		condition: `"DateGreaterThan":{"aws:CurrentTime":"2026-01-01"}`, on: "aws:CurrentTime"},
	{rule: "6 the time follows from the scenario's", condition: `"DateGreaterThan":{"aws:EpochTime":"1"}`,
		world: `,"time":"2026-03-01T09:30:00Z"`},
	{rule: "6 aws:EpochTime follows from a written aws:CurrentTime",
		condition: `"NumericEquals":{"aws:EpochTime":"1772357400"}`,
		more:      context(`"aws:CurrentTime":"2026-03-01T09:30:00Z"`)},
	{rule: "6 aws:CurrentTime follows from a written aws:EpochTime",
		condition: `"DateEquals":{"aws:CurrentTime":"2026-03-01T09:30:00Z"}`,
		more:      context(`"aws:EpochTime":"1772357400"`)},
	{rule: "6 the address is unknown when the request does not give it",
		condition: `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`, on: "aws:SourceIp"},
	{rule: "6 the address behind an endpoint is unknown", condition: `"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}`,
		more: `"via":"vpce-1"`, on: "aws:VpcSourceIp"},
	{rule: "6 the user agent is unknown when the request does not give it",
		condition: `"StringLike":{"aws:UserAgent":"aws-cli/*"}`, on: "aws:UserAgent"},
	{rule: "6 the unique ID is unknown when the document does not give it",
		condition: `"StringLike":{"aws:userid":"AIDA*"}`, on: "aws:userid"},
	{rule: "6 when a session was made is unknown", condition: `"DateGreaterThan":{"aws:TokenIssueTime":"2026-01-01"}`,
		caller: shift, on: "aws:TokenIssueTime"},
	{rule: "6 a user's own keys have no time of issue", condition: `"Null":{"aws:TokenIssueTime":"true"}`},
	{rule: "6 what is unknown carries over from aws:CalledVia", condition: `"Bool":{"aws:ViaAWSService":"true"}`,
		more: `"unknown":["aws:CalledVia"]`, on: "aws:ViaAWSService"},
	{rule: "6 what is unknown carries over from a tag that the request passes",
		condition: `"ForAnyValue:StringEquals":{"aws:TagKeys":"team"}`, more: `"unknown":["aws:RequestTag/team"]`,
		on: "aws:TagKeys"},
	{rule: "6 a key that AWS always sends is there, whatever its value",
		condition: `"Null":{"aws:UserAgent":"false"}`},
}

func TestWhatAWSAlwaysSends(t *testing.T) {
	for _, c := range openRules {
		t.Run(c.rule, func(t *testing.T) {
			asked := ruleCase{caller: c.caller, resource: c.resource, more: c.more}
			policy := doc(when(allow("*", "*"), c.condition))
			e := evaluate(t,
				`{"version":1`+c.world+`,"accounts":{"111111111111":{"users":{"ali":{"inline":{"p":`+policy+`}}},"roles":{"worker":{"path":"/team/","inline":{"p":`+policy+
					`}}},"resources":{"arn:aws:s3:::here":{"region":"eu-west-1"}},"vpcEndpoints":{"vpce-1":{}}}},"requests":[`+asked.request()+`]}`)
			var on []string
			for _, u := range e.Unknowns {
				on = append(on, u.Name)
				for _, w := range u.Ways {
					if strings.HasPrefix(w.Value, "absent") && !strings.Contains(c.more, "unknown") {
						t.Errorf("%s may be absent, though AWS always sends it", u.Name)
					}
				}
			}
			want := engine.Allowed
			if c.on != "" {
				want = engine.Depends
			}
			if e.Decision != want || strings.Join(on, " ") != c.on {
				t.Errorf("%v on %v, want %v on %q", e.Decision, on, want, c.on)
			}
		})
	}
}
