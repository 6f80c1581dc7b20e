package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

const (
	sloppy    = "{\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": [\"s3:GetObjet\"], \"Resource\": \"arn:aws:s3:::reports/*\"}\n  ]\n}\n"
	tidy      = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}`
	refused   = `{"Version": "2012-10-17", "Statement": [{"Effect": "Permit", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}`
	suggested = `{"Version": "2012-10-17", "Id": "x", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}`
)

// withNames is nowhere, with the sample's names.
func withNames(t *testing.T) string {
	t.Helper()
	folder := nowhere(t)
	t.Setenv("IAMPLAY_CATALOG", "")
	putIn(t, folder, "site/generated/catalog/catalog.txt", sample.Text())
	return folder
}

func TestLintsExitCodeSaysHowBadItIs(t *testing.T) {
	withNames(t)
	for name, c := range map[string]struct {
		args []string
		want int
	}{
		"nothing is wrong":               {[]string{"lint", put(t, "tidy.json", tidy)}, 0},
		"suggestions do not count":       {[]string{"lint", put(t, "suggested.json", suggested)}, 0},
		"warnings":                       {[]string{"lint", put(t, "sloppy.json", sloppy)}, 1},
		"errors":                         {[]string{"lint", put(t, "refused.json", refused)}, 2},
		"a scenario":                     {[]string{"lint", put(t, "good.json", good)}, 0},
		"a scenario with errors":         {[]string{"lint", put(t, "misspelt.json", misspelt)}, 2},
		"a policy of another type":       {[]string{"lint", "--type", "trust", put(t, "tidy.json", tidy)}, 2},
		"a type that is none":            {[]string{"lint", "--type", "role", put(t, "tidy.json", tidy)}, 3},
		"a catalogue that is not there":  {[]string{"lint", "--catalog", "nothing.txt", put(t, "tidy.json", tidy)}, 3},
		"a catalogue that is none":       {[]string{"lint", "--catalog", put(t, "names.txt", "{"), put(t, "tidy.json", tidy)}, 3},
		"two forms at once":              {[]string{"lint", "--json", "--github", put(t, "tidy.json", tidy)}, 3},
		"a file is not there":            {[]string{"lint", "nothing.json"}, 2},
		"a file is not there, as JSON":   {[]string{"lint", "--json", "nothing.json"}, 2},
		"a file that is nothing":         {[]string{"lint", put(t, "empty.json", "")}, 2},
		"a file that is a list":          {[]string{"lint", put(t, "list.json", "[]")}, 2},
		"a text that is not JSON at all": {[]string{"lint", put(t, "text.json", "hello")}, 2},
	} {
		if code, out, errs := call("", c.args...); code != c.want {
			t.Errorf("%s: exit code %d, expected %d\n%s%s", name, code, c.want, out, errs)
		}
	}
}

func TestLintSaysWhereWhatAndWhatToDo(t *testing.T) {
	withNames(t)
	file := put(t, "sloppy.json", sloppy)
	_, out, _ := call("", "lint", file)
	for _, want := range []string{
		file + `:3:36: warning: "s3:GetObjet" is not an action in the catalogue of 2026-01-02 [INVALID_ACTION]`,
		`^^^^^^^^^^^^^ did you mean "s3:GetObject"?`, "--fix: write s3:GetObject",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	_, out, _ = call("", "lint", "--github", file)
	if !strings.Contains(out, "::warning file="+file+",line=3,col=36,title=INVALID_ACTION::") {
		t.Error(out)
	}
	_, out, _ = call("", "lint", "--json", file)
	var line struct {
		File     string
		Findings []struct{ Severity, Code, Pointer, Page, Fix string }
		Quotas   []struct{ Used, Limit int }
	}
	if err := json.Unmarshal([]byte(out), &line); err != nil {
		t.Fatal(err)
	}
	if len(line.Findings) != 2 || line.Findings[1].Pointer != "/Statement/0/Action/0" || line.Findings[1].Fix == "" || len(line.Quotas) != 1 || line.Quotas[0].Limit != 6144 {
		t.Errorf("%+v", line)
	}
}

func TestLintFixesAFileInPlaceAndKeepsTheRest(t *testing.T) {
	withNames(t)
	file := put(t, "sloppy.json", sloppy)
	if code, out, errs := call("", "lint", "--fix", file); code != met || errs != file+": 2 fixed\n" {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
	want := strings.Replace(strings.Replace(sloppy, "Objet", "Object", 1), "{\n  ", "{\n  \"Version\": \"2012-10-17\",\n  ", 1)
	if text, err := os.ReadFile(file); err != nil || string(text) != want {
		t.Errorf("%v\n%s", err, text)
	}
	if code, _, errs := call("", "lint", "--fix", file); code != met || errs != "" {
		t.Errorf("fixed twice: exit code %d, %q", code, errs)
	}
	if code, out, errs := call(sloppy, "lint", "--fix", "-"); code != met || out != want || errs != "✓ -\n" {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
}

func TestWithoutACatalogueLintSaysSo(t *testing.T) {
	nowhere(t)
	t.Setenv("IAMPLAY_CATALOG", "")
	code, out, errs := call("", "lint", put(t, "sloppy.json", sloppy))
	if code != failed || strings.Contains(out, "INVALID_ACTION") || !strings.Contains(errs, "no catalogue") {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
}
