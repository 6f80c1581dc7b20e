package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDiffsExitCodeSaysWhetherAnswersChange(t *testing.T) {
	withNames(t)
	more := strings.Replace(tidy, `"s3:GetObject"`, `["s3:GetObject", "s3:PutObject"]`, 1)
	allowed := strings.Replace(good, `"ali": {}`, `"ali": {"inline": {"p": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}}}}`, 1)
	for name, c := range map[string]struct {
		args []string
		want int
	}{
		"the same file":          {[]string{"diff", put(t, "a.json", good), put(t, "b.json", good)}, 0},
		"other expectations":     {[]string{"diff", put(t, "a.json", good), put(t, "b.json", unmet)}, 0},
		"a policy more":          {[]string{"diff", put(t, "a.json", good), put(t, "b.json", allowed)}, 1},
		"two policies":           {[]string{"diff", put(t, "a.json", tidy), put(t, "b.json", more)}, 1},
		"the same policy":        {[]string{"diff", put(t, "a.json", tidy), put(t, "b.json", tidy)}, 0},
		"a policy and no policy": {[]string{"diff", put(t, "a.json", tidy), put(t, "b.json", good)}, 2},
		"a document with errors": {[]string{"diff", put(t, "a.json", good), put(t, "b.json", misspelt)}, 2},
		"a policy with errors":   {[]string{"diff", put(t, "a.json", tidy), put(t, "b.json", refused)}, 2},
		"no file":                {[]string{"diff", "nothing.json", put(t, "b.json", good)}, 2},
		"one file":               {[]string{"diff", put(t, "a.json", good)}, 3},
		"three files":            {[]string{"diff", "a", "b", "c"}, 3},
		"nothing":                {[]string{"diff"}, 3},
		"the input twice":        {[]string{"diff", "-", "-"}, 3},
		"another form":           {[]string{"diff", "--github", "a", "b"}, 3},
	} {
		if code, out, errs := call("", c.args...); code != c.want {
			t.Errorf("%s: exit code %d, expected %d\n%s%s", name, code, c.want, out, errs)
		}
	}
}

func TestDiffListsWhatChangesAndStatesItsProbes(t *testing.T) {
	withNames(t)
	file := put(t, "before.json", tidy)
	after := strings.Replace(tidy, `"s3:GetObject"`, `["s3:GetObject", "s3:PutObject"]`, 1)
	_, out, _ := call(after, "diff", file, "-")
	for _, want := range []string{file + " → -", "0 of 0 requests change.", "  s3, Write\n", "user/somebody on arn:aws:s3:::reports/example: not allowed → allowed\n      s3:PutObject\n", "1 of 6 probes change.", "What no probe asks for may change as well."} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	_, out, _ = call(after, "diff", "--json", file, "-")
	var line struct {
		Probes, Decided, Asked int
		Actions                []struct {
			Service, Level, Principal, Resource string
			Actions                             []string
			Before, After                       struct{ Decision string }
		}
	}
	if err := json.Unmarshal([]byte(out), &line); err != nil || strings.Count(out, "\n") != 1 {
		t.Fatalf("%v in %s", err, out)
	}
	if len(line.Actions) != 1 || line.Actions[0].Actions[0] != "s3:PutObject" || line.Actions[0].After.Decision != "allowed" || line.Probes != line.Decided || line.Probes == 0 {
		t.Errorf("%+v", line)
	}
}
