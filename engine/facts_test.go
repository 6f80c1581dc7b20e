package engine

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

func TestFactsSayWhichKeysAreSent(t *testing.T) {
	library := NewLibrary()
	if _, problem := library.LoadFacts(sample.Catalog().Facts([]string{"s3:GetObject", "s3:DeleteObject",
		"s3:ListBucket", "ec2:StartInstances", "iam:ListUsers"})); problem != nil {
		t.Fatal(problem)
	}
	w := NewWorld(Parse(""), library)
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
		for _, presumably := range []bool{false, true} {
			want := c.known && c.sent || !c.known && presumably
			if got := w.sends(&Query{action: strings.ToLower(c.action), Resource: c.resource}, c.key,
				presumably); got != want {
				t.Errorf("%s on %s sends %s, presumably %v: %v", c.action, c.resource, c.key, presumably, got)
			}
		}
	}
}
