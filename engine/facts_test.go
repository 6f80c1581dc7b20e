package engine

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

func TestFactsSayWhichKeysAreSent(t *testing.T) {
	library := NewLibrary()
	if _, problem := library.LoadFacts(sample.Catalog().Facts([]string{"s3:GetObject", "s3:DeleteObject", "s3:ListBucket", "ec2:StartInstances", "iam:ListUsers"})); problem != nil {
		t.Fatal(problem)
	}
	for _, c := range []struct {
		action, resource, key string
		sent, known           bool
	}{
		{"s3:GetObject", "arn:aws:s3:::b/k", "s3:ExistingObjectTag/team", true, true},
		{"S3:getobject", "arn:aws:s3:::b/k", "S3:existingobjecttag/team", true, true},
		{"s3:DeleteObject", "arn:aws:s3:::b/k", "s3:ExistingObjectTag/team", false, true},
		{"s3:ListBucket", "arn:aws:s3:::b", "aws:ResourceTag/team", true, true},
		{"s3:GetObject", "arn:aws:s3:::b/k", "aws:ResourceTag/team", false, true},
		{"ec2:StartInstances", "arn:aws:ec2:eu-west-1:111111111111:instance/i-1", "ec2:InstanceType", true, true},
		{"ec2:StartInstances", "arn:aws:ec2:eu-west-1:111111111111:instance/i-1", "ec2:InstanceTypes", false, true},
		{"iam:ListUsers", "*", "iam:ResourceTag/team", false, true},
		{"s3:GetObject", "arn:aws:sqs:eu-west-1:111111111111:q", "aws:ResourceTag/team", false, false},
		{"s3:PutObject", "arn:aws:s3:::b/k", "s3:ExistingObjectTag/team", false, false},
	} {
		if sent, known := library.facts.sends(c.action, c.resource, c.key); sent != c.sent || known != c.known {
			t.Errorf("%s on %s sends %s: %v, known %v", c.action, c.resource, c.key, sent, known)
		}
	}
}

func TestFormatsOfARNs(t *testing.T) {
	for _, c := range []struct{ format, text, want string }{
		{"arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::b/k/l", "Partition=aws BucketName=b ObjectName=k/l"},
		{"arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::b", ""},
		{"arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::/k", ""},
		{"arn:${Partition}:s3:::${BucketName}", "arn:aws:s3:eu-west-1::b", ""},
		{"arn:${Partition}:a:${Region}:${Account}:x/${X}/y", "arn:aws:a:r:1:x/1/y/y", "Partition=aws Region=r Account=1 X=1/y"},
		{"arn:${Partition}:a:${Region}:${Account}:x/${X}/y", "arn:aws:a:r:1:x//y", ""},
		{"arn:${Partition}:a:${Region}:${Account}:${A}/${B}/${C}/${D}", "arn:aws:a:r:1:api/prod/GET/", "Partition=aws Region=r Account=1 A=api B=prod C=GET D="},
		{"arn:${Partition}:a:::*/x", "arn:aws:a:::1/x", "Partition=aws =1"},
		{"arn:${Partition}:a:::root", "arn:aws:a:::root", "Partition=aws"},
		{"arn:${Partition}:a:::root", "arn:aws:a:::roots", ""},
		{"*", "arn:aws:a:::roots", ""},
	} {
		f := newResourceType("", c.format)
		a := actionFacts{service: []resourceType{f}}
		types, values := a.typed(c.text)
		var got []string
		for _, v := range values {
			got = append(got, v.name+"="+v.value)
		}
		if text := strings.Join(got, " "); text != c.want || (len(types) > 0) != (c.want != "") {
			t.Errorf("%s as %s: %q, expected %q", c.text, c.format, text, c.want)
		}
		if text, left := f.fill(values); c.want != "" && !strings.Contains(c.format, "*") && (text != c.text || left != 0) {
			t.Errorf("%s is filled to %s with %d left", c.text, text, left)
		}
	}
}
