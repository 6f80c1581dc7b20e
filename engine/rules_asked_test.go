package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

// askedCase is a request whose resource is held to the facts about its action.
// want is the state, the resource that is decided about, and what is said of it.
type askedCase struct {
	rule             string
	action, resource string
	described        string // resources that the document has, separated by spaces
	want             string
}

const (
	instance = "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"
	alias    = "arn:aws:kms:eu-west-1:111111111111:alias/a"
	aliased  = "arn:aws:kms:eu-west-1:111111111111:key/k"
)

// askedRules are the rules about the resource for which AWS makes a request.
var askedRules = []askedCase{
	{rule: "an action without resource types is decided on *", action: "ec2:DescribeInstances", resource: instance,
		want: "asMade *"},
	{rule: "an action without resource types may be asked on *", action: "ec2:DescribeInstances", resource: "*",
		want: "checked *"},
	{rule: "the case of an action does not matter to its facts", action: "EC2:describeinstances", resource: instance,
		want: "asMade *"},
	{rule: "a bucket is none of an action without resource types", action: "s3:ListAllMyBuckets",
		resource: "arn:aws:s3:::b", want: "asMade *"},
	{rule: "a resource of the action's type is asked as it is", action: "s3:GetObject", resource: "arn:aws:s3:::b/k/l",
		want: "checked arn:aws:s3:::b/k/l"},
	{rule: "a resource of an alternative type is asked as it is", action: "s3:GetObject",
		resource: "arn:aws:s3:eu-west-1:111111111111:accesspoint/a/object/k",
		want:     "checked arn:aws:s3:eu-west-1:111111111111:accesspoint/a/object/k"},
	{rule: "a bucket action on an object names the bucket", action: "s3:CreateBucket", resource: "arn:aws:s3:::b/k",
		want: "neverMade arn:aws:s3:::b/k is object, not bucket; fix arn:aws:s3:::b"},
	{rule: "an item action on an index names the table", action: "dynamodb:GetItem",
		resource: "arn:aws:dynamodb:eu-west-1:111111111111:table/t/index/i",
		want: "neverMade arn:aws:dynamodb:eu-west-1:111111111111:table/t/index/i is index, not table; fix " +
			"arn:aws:dynamodb:eu-west-1:111111111111:table/t"},
	{rule: "an object action on a bucket has no object to name", action: "s3:GetObject", resource: "arn:aws:s3:::b",
		want: "neverMade arn:aws:s3:::b is bucket, not accesspointobject or object; like " +
			"arn:aws:s3:::b/${ObjectName}"},
	{rule: "an object action on a bucket names the only object described in it", action: "s3:GetObject",
		resource: "arn:aws:s3:::b", described: "arn:aws:s3:::b arn:aws:s3:::b/k arn:aws:s3:::c/k",
		want: "neverMade arn:aws:s3:::b is bucket, not accesspointobject or object; fix arn:aws:s3:::b/k"},
	{rule: "a key action on an alias names the only key there", action: "kms:Decrypt", resource: alias,
		described: aliased + " arn:aws:kms:us-east-1:111111111111:key/other",
		want:      "neverMade " + alias + " is alias, not key; fix " + aliased},
	{rule: "of two keys none is behind an alias", action: "kms:Decrypt", resource: alias,
		described: aliased + " " + aliased + "2",
		want:      "neverMade " + alias + " is alias, not key; like arn:aws:kms:eu-west-1:111111111111:key/${KeyId}"},
	{rule: "a resource of another service is never asked", action: "sqs:SendMessage", resource: "arn:aws:s3:::b",
		want: "neverMade arn:aws:s3:::b is , not queue; like arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"},
	{rule: "* is never asked where a resource is required", action: "kms:Decrypt", resource: "*",
		want: "neverMade * is , not key; like arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}"},
	{rule: "* may be asked where no resource is required", action: "ec2:CreateTags", resource: "*", want: "checked *"},
	{rule: "a path belongs to a role's name", action: "iam:PassRole", resource: "arn:aws:iam::111111111111:role/a/b",
		want: "checked arn:aws:iam::111111111111:role/a/b"},
	{rule: "a role is of type role for sts too", action: "sts:AssumeRole",
		resource: "arn:aws:iam::111111111111:role/a", want: "checked arn:aws:iam::111111111111:role/a"},
	{rule: "a function's version is taken for the function", action: "lambda:InvokeFunction",
		resource: "arn:aws:lambda:eu-west-1:111111111111:function:f:1",
		want:     "checked arn:aws:lambda:eu-west-1:111111111111:function:f:1"},
	{rule: "an image has no account", action: "ec2:RunInstances", resource: "arn:aws:ec2:eu-west-1::image/ami-1",
		want: "checked arn:aws:ec2:eu-west-1::image/ami-1"},
	{rule: "an action that the facts lack is not checked", action: "ec2:DescribeEverything", resource: instance,
		want: "notChecked " + instance + " unlisted"},
}

func TestAskedRules(t *testing.T) {
	for _, c := range askedRules {
		t.Run(c.rule, func(t *testing.T) {
			if got := asked(t, c, true); got != c.want {
				t.Errorf("found %s\nwant %s", got, c.want)
			}
			if got, want := asked(t, c, false), "notChecked "+c.resource; got != want {
				t.Errorf("without facts: found %s, expected %s", got, want)
			}
		})
	}
}

func asked(t *testing.T, c askedCase, withFacts bool) string {
	described := ""
	for i, name := range strings.Fields(c.described) {
		described += strings.Repeat(",", min(i, 1)) + `"` + name + `":{}`
	}
	s := engine.Parse(`{"version":1,"accounts":{"111111111111":{"users":{"u":{}},"resources":{` + described + `}}},"requests":[{"name":"r",
		"principal":"arn:aws:iam::111111111111:user/u","action":"` + c.action + `","resource":"` + c.resource + `"}]}`)
	library := engine.NewLibrary()
	if withFacts {
		if n, problem := library.LoadFacts(sample.Catalog().Facts(s.Actions())); n != 1 || problem != nil ||
			library.FactsDate() != sample.Date {
			t.Fatalf("facts about %d actions of %q, %v", n, library.FactsDate(), problem)
		}
	}
	q := engine.NewWorld(s, library).Query(s.Requests[0])
	a := q.Asked
	if a.Written != c.resource {
		t.Errorf("%q is written as %q", c.resource, a.Written)
	}
	got := a.State.String() + " " + q.Resource
	if a.State == engine.NeverMade {
		got += fmt.Sprintf(" is %s, not %s; ", a.Found, strings.Join(a.Types, " or "))
		if a.Fix != "" {
			return got + "fix " + a.Fix
		}
		return got + "like " + a.Like
	}
	if a.Unlisted {
		got += " unlisted"
	}
	return got
}

func TestAFurtherCheckIsDecidedAsAWSMakesItToo(t *testing.T) {
	s := engine.Parse(`{"version":1,"accounts":{"111111111111":{"users":{"u":{"inline":{"p":{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"` + instance + `"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}]}}}}}},
		"requests":[{"name":"r","principal":"arn:aws:iam::111111111111:user/u","action":"s3:GetObject","resource":"arn:aws:s3:::b/k",
		"also":[{"action":"ec2:DescribeInstances","resource":"` + instance + `"}]}]}`)
	for _, c := range []struct {
		facts, want string
	}{{"", "allowed"}, {sample.Catalog().Facts(s.Actions()), "implicitDeny"}} {
		library := engine.NewLibrary()
		if c.facts != "" {
			if _, problem := library.LoadFacts(c.facts); problem != nil {
				t.Fatal(problem)
			}
		}
		if got := engine.NewWorld(s, library).Query(s.Requests[0]).Evaluate().Overall.String(); got != c.want {
			t.Errorf("with facts %q: %s, expected %s", c.facts, got, c.want)
		}
	}
}

func TestTagsOfAResourceAreKeysWhereAWSSendsThem(t *testing.T) {
	for _, c := range []struct{ resource, key, without, with string }{
		{"arn:aws:dynamodb:eu-west-1:111111111111:table/t", "aws:ResourceTag/team", "allowed", "allowed"},
		{"arn:aws:dynamodb:eu-west-1:111111111111:table/t/index/i", "aws:ResourceTag/team", "allowed", "implicitDeny"},
		{"arn:aws:dynamodb:eu-west-1:111111111111:table/t", "dynamodb:ResourceTag/team", "allowed", "implicitDeny"},
	} {
		s := engine.Parse(`{"version":1,"accounts":{"111111111111":{"users":{"u":{"inline":{"p":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*",
			"Condition":{"StringEquals":{"` + c.key + `":"blue"}}}}}}},"resources":{"` + c.resource + `":{"tags":{"team":"blue"}}}}},
			"requests":[{"name":"r","principal":"arn:aws:iam::111111111111:user/u","action":"dynamodb:Query","resource":"` + c.resource + `"}]}`)
		for facts, want := range map[string]string{"{}": c.without, sample.Catalog().Facts(s.Actions()): c.with} {
			library := engine.NewLibrary()
			if _, problem := library.LoadFacts(facts); problem != nil {
				t.Fatal(problem)
			}
			if got := engine.NewWorld(s, library).Query(s.Requests[0]).Evaluate().Decision.String(); got != want {
				t.Errorf("%s of %s with the facts %s: %s, expected %s", c.key, c.resource, facts, got, want)
			}
		}
	}
}

func TestAPolicyOnInstancesDoesNotAllowWhatIsCheckedOnStar(t *testing.T) {
	s := engine.Parse(`{"version":1,"accounts":{"111111111111":{"users":{"u":{"inline":{"p":{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"arn:aws:ec2:eu-west-1:111111111111:instance/*"}]}}}}}},
		"requests":[{"name":"r","principal":"arn:aws:iam::111111111111:user/u","action":"ec2:DescribeInstances","resource":"` + instance + `"}]}`)
	library := engine.NewLibrary()
	if _, problem := library.LoadFacts(sample.Catalog().Facts(s.Actions())); problem != nil {
		t.Fatal(problem)
	}
	e := engine.NewWorld(s, library).Query(s.Requests[0]).Evaluate()
	if e.Decision != engine.ImplicitDeny || e.Query.Resource != "*" || e.Query.Asked.Written != instance {
		t.Errorf("%s on %s, written %s", e.Decision, e.Query.Resource, e.Query.Asked.Written)
	}
}
