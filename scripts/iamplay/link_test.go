package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/render"
	"github.com/iam-playground/iam-playground/scenarios"
	"github.com/iam-playground/iam-playground/wasm/links"
)

func TestALinkOpensAsTheDocumentThatItWasMadeOf(t *testing.T) {
	nowhere(t)
	file := put(t, "good.json", good)
	code, link, errs := call("", "link", file, "--base", "https://iam.example/", "--request", "Ali asks")
	if code != met || errs != "" || !strings.HasPrefix(link, "https://iam.example/#s=1.dd1.") || !strings.HasSuffix(link, "&request=1\n") {
		t.Fatalf("exit code %d, %q, %q", code, link, errs)
	}
	_, want, _ := call("", "fmt", file)
	for name, args := range map[string][]string{"as an argument": {"open", strings.TrimSpace(link)}, "on the standard input": {"open", "-"}} {
		if code, out, errs := call(link, args...); code != met || out != want || errs != "" {
			t.Errorf("%s: exit code %d, %q\n%s", name, code, errs, out)
		}
	}
	if code, _, errs := call("", "link", file, "--request", "Nobody"); code != broken || !strings.Contains(errs, `no request is named "Nobody"`) {
		t.Errorf("exit code %d, %q", code, errs)
	}
	if code, _, errs := call("", "link", "nothing.json"); code != broken || !strings.Contains(errs, "nothing.json") {
		t.Errorf("exit code %d, %q", code, errs)
	}
}

func TestALongLinkIsMadeWithAWarning(t *testing.T) {
	for _, s := range scenarios.All() {
		code, link, errs := call(s.Text, "link", "-")
		if code != met || (errs != "") != (len(link)-1 > comfortable) {
			t.Errorf("%s: exit code %d, %d characters, %q", s.Path, code, len(link)-1, errs)
		}
	}
}

func TestADamagedLinkGivesWhatIsLeft(t *testing.T) {
	link := links.Encode([]byte(good), links.View{})
	code, out, errs := call("", "open", link[:len(link)-40])
	if code != broken || !strings.HasPrefix(out, `{"version":1,"title":"One"`) || !strings.Contains(errs, "the link was cut") || !strings.Contains(errs, "bytes of the document could be recovered") {
		t.Errorf("exit code %d, %q\n%s", code, errs, out)
	}
	code, out, errs = call("", "open", "https://iam.example/#example/x")
	if code != broken || out != "" || !strings.Contains(errs, "prefix: found") {
		t.Errorf("exit code %d, %q\n%s", code, errs, out)
	}
}

func TestFormattingKeepsTheOrderAndEveryToken(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"objects line by line":             {`{"b":1,"a":{"c":null}}`, "{\n  \"b\": 1,\n  \"a\": {\n    \"c\": null\n  }\n}\n"},
		"short lists on one line":          {"[\"a\",\n1.50,true]", "[\"a\", 1.50, true]\n"},
		"lists of objects line by line":    {`[{}, [1]]`, "[\n  {},\n  [1]\n]\n"},
		"long lists line by line":          {`["` + strings.Repeat("a", 50) + `","` + strings.Repeat("b", 50) + `"]`, "[\n  \"" + strings.Repeat("a", 50) + "\",\n  \"" + strings.Repeat("b", 50) + "\"\n]\n"},
		"the width counts characters":      {`["` + strings.Repeat("é", 80) + `"]`, `["` + strings.Repeat("é", 80) + "\"]\n"},
		"empty ones":                       {"{\"a\":{ },\"b\":[ ]}", "{\n  \"a\": {},\n  \"b\": []\n}\n"},
		"escapes stay":                     {`"\u00e9\/"`, "\"\\u00e9\\/\"\n"},
		"members of the same name stay":    {`{"a":1,"a":2}`, "{\n  \"a\": 1,\n  \"a\": 2\n}\n"},
		"__proto__ is a name as any other": {`{"__proto__":1}`, "{\n  \"__proto__\": 1\n}\n"},
	} {
		got, err := render.Format(c.text)
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v, expected %q", name, got, err, c.want)
		}
	}
	for _, s := range scenarios.All() {
		once, err := render.Format(s.Text)
		if err != nil {
			t.Errorf("%s: %v", s.Path, err)
			continue
		}
		if again, err := render.Format(once); err != nil || again != once {
			t.Errorf("%s: formatting twice is not formatting once: %v", s.Path, err)
		}
		if links.EncodeAs(links.Plain, []byte(once), links.View{}) != links.EncodeAs(links.Plain, []byte(s.Text), links.View{}) {
			t.Errorf("%s: formatting changed the document", s.Path)
		}
	}
}

func TestFmtWritesBackWhatChanged(t *testing.T) {
	folder := nowhere(t)
	changed, same := putIn(t, folder, "a/changed.json", `{"b":1}`), putIn(t, folder, "a/same.json", "{\n  \"b\": 1\n}\n")
	code, out, errs := call("", "fmt", "-w", "a")
	if code != met || out != "a/changed.json\n" || errs != "" {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
	for _, name := range []string{changed, same} {
		if text, err := os.ReadFile(name); err != nil || string(text) != "{\n  \"b\": 1\n}\n" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	bad := putIn(t, folder, "bad.json", "{\n  \"a\" 1}")
	if code, out, errs := call("", "fmt", "-w", bad); code != broken || out != "" || !strings.Contains(errs, "bad.json: line 2, column 7: ") {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
	if text, err := os.ReadFile(bad); err != nil || string(text) != "{\n  \"a\" 1}" {
		t.Errorf("%q, %v: a text that is no JSON is left alone", text, err)
	}
}

func TestJUnitHasACasePerExpectationAndOneForTheDocument(t *testing.T) {
	nowhere(t)
	strange := put(t, `<&".json`, strings.Replace(unmet, "Ali lists", `A < \"B\" & \u0007`, 1))
	code, out, _ := call("", "test", "--junit", put(t, "good.json", good), strange, put(t, "misspelt.json", misspelt), "nothing.json")
	var got struct {
		Suites []struct {
			Name     string `xml:"name,attr"`
			Tests    int    `xml:"tests,attr"`
			Failures int    `xml:"failures,attr"`
			Errors   int    `xml:"errors,attr"`
			Cases    []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
				Error *struct {
					Message string `xml:"message,attr"`
				} `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(out), &got); err != nil || len(got.Suites) != 4 || code != broken {
		t.Fatalf("exit code %d, %v\n%s", code, err, out)
	}
	counts := ""
	for _, s := range got.Suites {
		counts += fmt.Sprintf("%d/%d/%d/%d ", s.Tests, s.Failures, s.Errors, len(s.Cases))
	}
	if counts != "2/0/0/2 2/1/0/2 2/0/1/2 1/0/1/1 " {
		t.Errorf("tests/failures/errors/cases are %s", counts)
	}
	failing := got.Suites[1]
	if failing.Name != strange || failing.Cases[1].Name != "A < \"B\" & \ufffd" || failing.Cases[1].Failure.Message != "expected allowed, found implicitDeny" ||
		!strings.Contains(failing.Cases[1].Failure.Text, "the steps, in AWS's order") {
		t.Errorf("%+v", failing)
	}
	if message := got.Suites[2].Cases[0].Error.Message; !strings.Contains(message, `"polices"`) {
		t.Errorf("%q", message)
	}
}

func TestGitHubGetsANoteAtEachLine(t *testing.T) {
	nowhere(t)
	text := strings.Replace(unmet, "Ali lists", `50%: a, b\n::error::c`, 1)
	file := put(t, "a,b.json", text)
	code, out, _ := call("", "test", "--github", file, put(t, "misspelt.json", misspelt), "nothing.json")
	notes := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if code != broken || len(notes) != 4 {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	escaped := strings.ReplaceAll(file, ",", "%2C")
	_, second, _ := strings.Cut(text, "\n")
	column := strings.Index(second, `"allowed"`) + 1
	for i, want := range []string{
		fmt.Sprintf("::error file=%s,line=2,col=%d,title=50%%25%%3A a%%2C b%%0A%%3A%%3Aerror%%3A%%3Ac::expected allowed, found implicitDeny%%0A", escaped, column),
		"::error file=", "::error file=nothing.json,line=1,col=1,title=UNREADABLE_FILE::", "1 passed, 1 failed, 2 with errors",
	} {
		if !strings.HasPrefix(notes[i], want) {
			t.Errorf("found %s, expected %s…", notes[i], want)
		}
	}
}

func TestTwoKindsOfOutputAreWrongUse(t *testing.T) {
	for _, args := range [][]string{{"test", "--junit", "--github", "x"}, {"test", "--json", "--junit", "x"}, {"evaluate", "--junit", "x"}, {"fmt", "--json", "x"}, {"link", "-w", "x"}} {
		if code, _, _ := call("", args...); code != wrongUse {
			t.Errorf("%q: exit code %d", args, code)
		}
	}
}
