package main

import (
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/scenarios"
	"github.com/iam-playground/iam-playground/wasm/links"
)

const told = `{"version":1,"title":"One <b>","description":"About it.","accounts":{"111122223333":{"users":{"ali":{}}}},"requests":[
{"name":"Ali asks","principal":"arn:aws:iam::111122223333:user/ali","action":"sts:GetCallerIdentity","resource":"*"},
{"name":"Ali lists","principal":"arn:aws:iam::111122223333:user/ali","action":"s3:ListAllMyBuckets","resource":"*"}]}`

// pagesOf writes the pages of two scenarios and returns how to read them.
func pagesOf(t *testing.T, base string) (folder string, read func(string) string) {
	t.Helper()
	folder = t.TempDir()
	if err := writePagesOf(folder, base, []scenarios.Entry{{Path: "basics/a", Text: told}, {Path: "cross-account/b", Text: told}}, nil); err != nil {
		t.Fatal(err)
	}
	return folder, func(name string) string {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

func TestEveryScenarioHasAPageThatLeadsIntoThePlayground(t *testing.T) {
	folder, read := pagesOf(t, "")
	for name, wants := range map[string][]string{
		"basics/a.html": {"<h1>One &lt;b&gt;</h1>", `href="../../#example/basics/a"`, `href="../../scenarios/"`, `href="../../scenarios/pages.css"`, "Implicitly denied"},
		"basics/a.svg":  {"<svg ", ">Ali lists</text>"},
		"index.html":    {`<a href="basics/a.html">One &lt;b&gt;</a>`, `<a href="cross-account/b.html">`, ">Cross account</h2>", "1 allowed", "1 implicitly denied", `href="pages.css"`},
		"pages.css":     {"color-scheme"},
	} {
		for _, want := range wants {
			if text := read(name); !strings.Contains(text, want) {
				t.Errorf("%s: no %s in\n%s", name, want, text)
			}
		}
	}
	if text := read("basics/a.html"); strings.Contains(text, "og:image") || strings.Contains(text, "oembed") || strings.Contains(text, "canonical") {
		t.Error("a preview is promised although nobody said where the site will be")
	}
	if _, err := os.Stat(filepath.Join(folder, "basics/a.png")); err == nil {
		t.Error("a picture is drawn that nothing shows")
	}
}

func TestWithTheSitesAddressEveryPageHasAPreview(t *testing.T) {
	folder, read := pagesOf(t, "https://iam.example/x/")
	for _, want := range []string{
		`<meta property="og:image" content="https://iam.example/x/scenarios/basics/a.png">`, `<meta property="og:url" content="https://iam.example/x/scenarios/basics/a.html">`,
		`<link rel="canonical" href="https://iam.example/x/scenarios/basics/a.html">`, `<meta name="twitter:card" content="summary_large_image">`,
		`<meta property="og:description" content="About it.">`, `type="application/json+oembed" title="One &lt;b&gt;" href="https://iam.example/x/scenarios/basics/a.oembed.json"`,
	} {
		if text := read("basics/a.html"); !strings.Contains(text, want) {
			t.Errorf("no %s in\n%.3000s", want, text)
		}
	}
	for _, name := range []string{"basics/a.png", "index.png"} {
		picture, err := png.Decode(strings.NewReader(read(name)))
		if err != nil || picture.Bounds().Dx() != 1200 || picture.Bounds().Dy() != 630 {
			t.Errorf("%s: %v", name, err)
		}
	}
	var frame struct{ Version, Type, Title, HTML string }
	if err := json.Unmarshal([]byte(read("basics/a.oembed.json")), &frame); err != nil || frame.Version != "1.0" || frame.Type != "rich" || frame.Title != "One <b>" {
		t.Errorf("%+v, %v", frame, err)
	}
	_, link, _ := strings.Cut(frame.HTML, `src="https://iam.example/x/embed/`)
	link, _, _ = strings.Cut(link, `"`)
	if opened, err := links.Decode(link); err != nil || engine.Parse(string(opened.Scenario)).Title != "One <b>" {
		t.Errorf("the frame's link does not hold the scenario: %v in %s", err, frame.HTML)
	}
	if strings.Contains(frame.HTML, "<b>") {
		t.Errorf("a title became markup: %s", frame.HTML)
	}
	again, _ := pagesOf(t, "https://iam.example/x/")
	for _, name := range []string{"basics/a.html", "basics/a.png", "index.html", "basics/a.oembed.json"} {
		one, _ := os.ReadFile(filepath.Join(folder, name))
		two, _ := os.ReadFile(filepath.Join(again, name))
		if string(one) != string(two) || len(one) == 0 {
			t.Errorf("%s: two builds differ", name)
		}
	}
}

func TestTheSitesAddressIsAWholeOne(t *testing.T) {
	for base, want := range map[string]string{"": "", "https://iam.example": "https://iam.example/", "http://127.0.0.1:8080/x/": "http://127.0.0.1:8080/x/"} {
		if got, err := parseBase(base); err != nil || got != want {
			t.Errorf("%q is %q, %v; expected %q", base, got, err, want)
		}
	}
	for _, base := range []string{"iam.example", "/x/", "ftp://iam.example/", "https://iam.example/?a", "https://iam.example/#b", "https://"} {
		if got, err := parseBase(base); err == nil || !strings.Contains(err.Error(), "expected the address of the site") {
			t.Errorf("%q is %q, %v", base, got, err)
		}
	}
}

func TestAScenarioWithARequestThatCannotBeEvaluatedHasNoPage(t *testing.T) {
	err := writePagesOf(t.TempDir(), "", []scenarios.Entry{{Path: "basics/a", Text: `{"version":1,"accounts":{},"requests":[{}]}`}}, nil)
	if err == nil || !strings.Contains(err.Error(), "basics/a: request 1") {
		t.Errorf("error %v, expected one that names the scenario", err)
	}
}
