package propose_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
	"github.com/iam-playground/iam-playground/engine/propose"
)

const (
	role     = "arn:aws:iam::111111111111:role/"
	regional = "arn:aws:ec2:eu-west-1:111111111111:"
)

func TestChecksBesideARequest(t *testing.T) {
	for _, c := range []struct {
		name, action, resource string
		more                   string   // of the request
		described              string   // resources of the document
		want                   []string // "NAME: ACTION RESOURCE"
	}{
		{name: "the other resource types that the action requires, and the role", action: "ec2:RunInstances",
			resource: regional + "instance/*",
			want: []string{"the image: ec2:RunInstances arn:aws:ec2:eu-west-1::image/*",
				"the security-group: ec2:RunInstances " + regional + "security-group/*",
				"the role that is passed: iam:PassRole " + role + "path/server"}},
		{name: "what is under also already is not proposed", action: "EC2:RunInstances",
			resource: regional + "instance/*",
			more:     `,"also":[{"action":"ec2:runinstances","resource":"arn:aws:ec2:eu-west-1::image/ami-1"},{"action":"iam:passrole","resource":"` + role + `x"}]`,
			want:     []string{"the security-group: ec2:RunInstances " + regional + "security-group/*"}},
		{name: "the only resource of a type in that Region", action: "ec2:RunInstances",
			resource: regional + "instance/*",
			described: regional + "security-group/sg-1 arn:aws:ec2:us-east-1:111111111111:security-group/sg-2 " +
				"arn:aws:ec2:eu-west-1::image/ami-1 arn:aws:ec2:eu-west-1::image/ami-2",
			want: []string{"the image: ec2:RunInstances arn:aws:ec2:eu-west-1::image/*",
				"the security-group: ec2:RunInstances " + regional + "security-group/sg-1",
				"the role that is passed: iam:PassRole " + role + "path/server"}},
		{name: "tags that are passed", action: "ec2:RunInstances", resource: regional + "instance/*",
			more: `,"context":{"aws:RequestTag/team":"blue"},"also":[{"action":"ec2:RunInstances","resource":"arn:aws:ec2:eu-west-1::image/ami-1"},{"action":"ec2:RunInstances","resource":"` + regional + `security-group/sg-1"},{"action":"iam:PassRole","resource":"` + role + `x"}]`,
			want: []string{"the tags: ec2:CreateTags " + regional + "instance/*"}},
		{name: "a request that AWS never makes is mended first", action: "ec2:RunInstances",
			resource: "arn:aws:s3:::b", want: []string{"the role that is passed: iam:PassRole " + role +
				"path/server"}},
		{name: "no role trusts the service", action: "lambda:CreateFunction",
			resource: "arn:aws:lambda:eu-west-1:111111111111:function:f",
			want:     []string{"the role that is passed: iam:PassRole " + role + "*"}},
		{name: "session tags", action: "sts:AssumeRole", resource: role + "x",
			more: `,"context":{"aws:TagKeys":["team"]}`,
			want: []string{"the session tags: sts:TagSession " + role + "x"}},
		{name: "a source identity", action: "sts:AssumeRole", resource: role + "x",
			more: `,"context":{"sts:SourceIdentity":"ali"}`,
			want: []string{"the source identity: sts:SetSourceIdentity " + role + "x"}},
		{name: "a key that is absent passes nothing", action: "sts:AssumeRole", resource: role + "x",
			more: `,"context":{"aws:TagKeys":null}`},
		{name: "no session tags", action: "sts:AssumeRole", resource: role + "x"},
		{name: "an object and the document's key", action: "s3:GetObject", resource: "arn:aws:s3:::b/k",
			described: "arn:aws:kms:eu-west-1:111111111111:alias/a arn:aws:kms:eu-west-1:111111111111:key/k",
			want:      []string{"the key: kms:Decrypt arn:aws:kms:eu-west-1:111111111111:key/k"}},
		{name: "an object and the key that the request names", action: "s3:PutObject", resource: "arn:aws:s3:::b/k",
			more:      `,"context":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-west-1:111111111111:key/n"}`,
			described: "arn:aws:kms:eu-west-1:111111111111:key/k",
			want:      []string{"the key: kms:GenerateDataKey arn:aws:kms:eu-west-1:111111111111:key/n"}},
		{name: "a queue and a key of another Region", action: "sqs:SendMessage",
			resource: "arn:aws:sqs:us-east-1:111111111111:q", described: "arn:aws:kms:eu-west-1:111111111111:key/k"},
		{name: "nothing says that a key is used", action: "s3:GetObject", resource: "arn:aws:s3:::b/k"},
		{name: "an action that the catalogue does not have", action: "ec2:Nothing", resource: "*"},
		{name: "a service that the catalogue does not have", action: "nothing:Get", resource: "*"},
	} {
		t.Run(c.name, func(t *testing.T) {
			described := ""
			for i, name := range strings.Fields(c.described) {
				described += strings.Repeat(",", min(i, 1)) + `"` + name + `":{}`
			}
			s := engine.Parse(`{"version":1,"accounts":{"111111111111":{"users":{"u":{}},"resources":{` + described + `},"roles":{
				"stranger":{"trust":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}]}},
				"server":{"path":"/path/","trust":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}}}}},
				"requests":[{"name":"r","principal":"arn:aws:iam::111111111111:user/u","action":"` + c.action + `","resource":"` + c.resource + `"` + c.more + `}]}`)
			var got []string
			for _, x := range propose.Checks(s, sample.Catalog(), s.Requests[0]) {
				got = append(got, x.Name+": "+x.Action+" "+x.Resource)
				if x.Why == "" || !strings.HasPrefix(x.Page, "https://docs.aws.amazon.com/") {
					t.Errorf("%s has the reason %q and the page %q", x.Name, x.Why, x.Page)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %q\nwant %q", got, c.want)
			}
		})
	}
}
