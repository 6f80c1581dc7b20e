package main

import (
	"strings"
	"testing"
)

const askedWrongly = `{"version": 1, "accounts": {"111122223333": {"users": {"ali": {}}, "resources": {"arn:aws:kms:eu-west-1:111122223333:key/k": {}}}}, "requests": [
 {"name": "describe", "principal": "arn:aws:iam::111122223333:user/ali", "action": "ec2:DescribeInstances", "resource": "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "expect": "implicitDeny"},
 {"name": "run", "principal": "arn:aws:iam::111122223333:user/ali", "action": "ec2:RunInstances", "resource": "arn:aws:ec2:eu-west-1:111122223333:instance/*",
  "also": [{"action": "kms:Decrypt", "resource": "arn:aws:kms:eu-west-1:111122223333:alias/a"}]}]}
`

func TestRequestsThatAWSNeverMakesAreWarningsInEveryForm(t *testing.T) {
	withNames(t)
	file := put(t, "asked.json", askedWrongly)
	const star, never = "ec2:DescribeInstances works on no resource in particular",
		"AWS never makes this request: kms:Decrypt works on resources of type key"
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"test"}, []string{"✓ " + file + ": 1 as expected, 1 without expectation\n",
			"  ! " + file + ":2:121: " + star, "(ask about *)\n",
			"  ! " + file + ":4:50: " + never, "(ask about arn:aws:kms:eu-west-1:111122223333:key/k)\n",
			`  · "run": not under "also", and perhaps checked by AWS in the same call: ec2:RunInstances on arn:aws:ec2:eu-west-1::image/*, `}},
		{[]string{"test", "--json"},
			[]string{`"code":"REQUEST_MADE_ON_STAR","pointer":"/requests/0/resource","line":2,"column":121,`,
				`"code":"REQUEST_NEVER_MADE","pointer":"/requests/1/also/0/resource","line":4,"column":50,`,
				`"state":"asMade"`}},
		{[]string{"test", "--junit"},
			[]string{"    <system-out>/requests/0/resource: " + star, "/requests/1/also/0/resource: " + never}},
		{[]string{"test", "--github"},
			[]string{"::warning file=" + file + ",line=2,col=121,title=REQUEST_MADE_ON_STAR::" + star,
				"title=REQUEST_NEVER_MADE::" + never}},
		{[]string{"evaluate"}, []string{"  ! " + star, "  ! " + never, `note: "run": not under "also"`}},
		{[]string{"render", "--text"}, []string{"  ! " + star}},
		{[]string{"render", "--trace"}, []string{`"state":"neverMade"`}},
	} {
		code, out, errs := call("", append(c.args, file)...)
		if code != 0 || errs != "" {
			t.Errorf("%v: exit code %d, %s", c.args, code, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%v: no %q in\n%s", c.args, want, out)
			}
		}
	}
	_, out, _ := call("", "test", "--catalog", put(t, "none.txt", "x"), file)
	if strings.Contains(out, "passed") {
		t.Errorf("a catalogue that is none is taken:\n%s", out)
	}
}

func TestWithoutACatalogueRequestsAreSaidNotToBeChecked(t *testing.T) {
	nowhere(t)
	t.Setenv("IAMPLAY_CATALOG", "")
	file := put(t, "asked.json", askedWrongly)
	for _, command := range []string{"test", "evaluate"} {
		if code, out, errs := call("", command, file); code != 0 || errs != "" ||
			!strings.Contains(out, "not checked: no catalogue of its actions is here") ||
			strings.Contains(out, "never makes") {
			t.Errorf("%s: exit code %d, %s\n%s", command, code, errs, out)
		}
	}
}
