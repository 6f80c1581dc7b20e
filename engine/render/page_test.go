package render

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/scenarios"
)

// forms are the ways of writing a scenario for people beside the terminal.
var forms = map[string]func(io.Writer, Source, []*engine.Evaluation) error{
	".html": func(w io.Writer, s Source, e []*engine.Evaluation) error {
		return HTML(w, s, e, Page{Playground: "https://iam.example/#s=1.pl.e30", Address: "https://iam.example/s/", Picture: "https://iam.example/p.svg"})
	},
	".md": func(w io.Writer, s Source, e []*engine.Evaluation) error {
		return Markdown(w, s, e, Page{Playground: "https://iam.example/#s=1.pl.e30"})
	},
	".svg": func(w io.Writer, s Source, e []*engine.Evaluation) error {
		all := make([]int, len(e))
		for i := range all {
			all[i] = i
		}
		return SVG(w, s, e, all)
	},
}

func written(t *testing.T, form, text, file string) string {
	t.Helper()
	s, evaluations := evaluated(text, file)
	var b strings.Builder
	if err := forms[form](&b, s, evaluations); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPagesReadAsTheGoldenFiles(t *testing.T) {
	for form := range forms {
		for _, path := range golden {
			got := written(t, form, shipped(t, path), path+".json")
			file := filepath.Join("testdata", filepath.Base(path)+form)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is another: see it with git diff after go test ./engine/render -update", file)
			}
		}
	}
}

// node is an element of a page with its attributes, or a text.
type node struct {
	name       string
	attributes map[string]string
	text       string
}

// nodes reads markup. Every element must be closed in its place.
func nodes(t *testing.T, markup string) []node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(markup, "<!doctype html>")))
	d.AutoClose, d.Entity = []string{"meta", "link", "br"}, xml.HTMLEntity
	d.Strict = false
	var out []node
	open := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if open != 0 {
				t.Errorf("%d elements are left open", open)
			}
			return out
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, markup)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open++
			n := node{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				n.attributes[a.Name.Local] = a.Value
			}
			out = append(out, n)
		case xml.EndElement:
			open--
		case xml.CharData:
			out = append(out, node{text: string(token)})
		}
	}
}

func TestEveryShippedScenarioIsACompletePage(t *testing.T) {
	for _, s := range append(scenarios.All(), scenarios.Broken()...) {
		ids, heading := map[string]bool{}, 0
		page := nodes(t, written(t, ".html", s.Text, s.Path))
		for _, n := range page {
			if id := n.attributes["id"]; id != "" {
				if ids[id] {
					t.Errorf("%s: two elements have the id %q", s.Path, id)
				}
				ids[id] = true
			}
			if len(n.name) == 2 && n.name[0] == 'h' && n.name[1] >= '1' && n.name[1] <= '3' {
				if level := int(n.name[1] - '0'); level > heading+1 {
					t.Errorf("%s: a heading of level %d follows one of level %d", s.Path, level, heading)
				} else {
					heading = level
				}
			}
		}
		for _, n := range page {
			for name, value := range n.attributes {
				if target, ok := strings.CutPrefix(value, "#"); ok && name == "href" && !ids[target] || name == "aria-labelledby" && !ids[value] {
					t.Errorf("%s: nothing has the id that %s=%q names", s.Path, name, value)
				}
			}
		}
		picture := nodes(t, written(t, ".svg", s.Text, s.Path))
		if picture[0].name != "svg" || picture[0].attributes["role"] != "img" || !strings.Contains(written(t, ".svg", s.Text, s.Path), "<desc id=\"desc\">") {
			t.Errorf("%s: the picture has no words", s.Path)
		}
	}
}

func TestWhatDecidedIsMarkedInThePolicyAndLinked(t *testing.T) {
	page := written(t, ".html", shipped(t, "basics/explicit-deny-wins"), "x")
	for _, want := range []string{
		`<mark id="policy-2-1" class="deny lines">`, `<a href="#policy-2-1">NeverDeleteFromArchive</a> decided <a href="#request-2">Rosa cannot delete`,
		`<mark id="policy-1-1" class="allow lines">`, `<span class="k">&#34;Effect&#34;</span>`, `<a class="open" href="https://iam.example/#s=1.pl.e30">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	if open := written(t, ".html", shipped(t, "unknown/whether-mfa-was-used"), "x"); !strings.Contains(open, " leaves open <a href=") {
		t.Errorf("what depends is not told from what decided:\n%s", open)
	}
}

// hostile is a document with a text in every place that takes one.
func hostile(text string) string {
	q := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\x1b", `\u001b`).Replace(text) + `"`
	return `{"version":1,"title":` + q + `,"description":` + q + `,"accounts":{"111122223333":{"name":` + q + `,"users":{"ali":{"inline":{` + q + `:{"Version":"2012-10-17","Statement":[{"Sid":` + q +
		`,"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/x":` + q + `}}}]}},"tags":{` + q + `:` + q + `}}}}},
	"requests":[{"name":` + q + `,"principal":"arn:aws:iam::111122223333:user/ali","action":"s3:ListAllMyBuckets","resource":"*","context":{` + q + `:` + q + `,"aws:PrincipalTag/x":` + q + `},"expect":"allowed"},
	{"name":` + q + `,"principal":` + q + `,"action":` + q + `,"resource":` + q + `}],` + q + `:` + q + `}`
}

func TestWhateverADocumentHoldsIsText(t *testing.T) {
	texts := []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "' onmouseover='alert(1)", "</style></title><svg onload=alert(1)>", "]]><script>", "-->", "javascript:alert(1)",
		"[x](javascript:alert(1)) `<b>` **b** | a | b\n# h\n- l", "\u202e\u2066\x1b[2J\u0000", "&lt;script&gt;", "``` \n<script>", "__proto__", "constructor", "\u0430dmin", "a\u00a0b\u3164",
	}
	allowed := map[string]bool{}
	plain := append(nodes(t, written(t, ".html", hostile("text"), "x")), nodes(t, written(t, ".svg", hostile("text"), "x"))...)
	for _, n := range plain {
		allowed[n.name] = true
		for a := range n.attributes {
			allowed[n.name+" "+a] = true
		}
	}
	escape := regexp.MustCompile(`\\[[:punct:]]`)
	for _, text := range texts {
		for _, form := range []string{".html", ".svg"} {
			got := written(t, form, hostile(text), text)
			for _, n := range nodes(t, got) {
				if !allowed[n.name] {
					t.Errorf("%q made an element %q in %s", text, n.name, form)
				}
				for a, value := range n.attributes {
					if !allowed[n.name+" "+a] || a == "href" && strings.HasPrefix(value, "javascript:") {
						t.Errorf("%q made an attribute %s=%q in %s", text, a, value, form)
					}
				}
			}
			if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && obeyed(r) }); i >= 0 {
				t.Errorf("%q is written as it is in %s", got[i:min(len(got), i+8)], form)
			}
		}
		for line := range strings.Lines(written(t, ".md", hostile(text), text)) {
			if i := strings.IndexAny(escape.ReplaceAllString(strings.TrimPrefix(line, "> "), ""), "<>`[]&"); i >= 0 && !strings.HasPrefix(line, "[Open this") {
				t.Errorf("%q became Markdown: %s", text, line)
			}
			if strings.TrimSpace(line) == "# h" || strings.TrimSpace(line) == "- l" {
				t.Errorf("%q became Markdown: %s", text, line)
			}
		}
	}
}

func TestWhatIsNotWhatItSeemsIsMarkedWhereverItIsShown(t *testing.T) {
	const text = "\u0430dmin\u202e" // the first letter is Cyrillic
	const want = `<span class="odd">\u{0430}</span>dmin<span class="odd">\u{202E}</span>`
	page := written(t, ".html", hostile(text), "x")
	body := page[strings.Index(page, "<body"):]
	for name, part := range map[string]string{
		"the title":          "<h1>" + want,
		"the description":    "<p>" + want,
		"the request's name": `<h2 id="request-1-title">` + want,
		"the contents":       `<a href="#request-2">` + want,
		"the policy's name":  "<h3>" + want,
		"the key of a Sid":   `<span class="s">&#34;` + want + "&#34;</span>",
	} {
		if !strings.Contains(body, part) {
			t.Errorf("%s: no %s in\n%s", name, part, body)
		}
	}
	if plain := `content="\u{0430}dmin\u{202E}"`; !strings.Contains(page, plain) || strings.Contains(page[:strings.Index(page, "<body")], "odd\"") {
		t.Errorf("the head has no %s, or markup in it", plain)
	}
	for _, form := range []string{".svg", ".md"} {
		if got := written(t, form, hostile(text), "x"); strings.Contains(got, "\u0430") || strings.Contains(got, "\u202e") || !strings.Contains(got, `u{0430}`) {
			t.Errorf("%s shows a character that is not what it seems:\n%s", form, got)
		}
	}
	if got := rendered(t, hostile(text), "x", false); strings.Contains(got, "\u0430") || strings.Contains(got, "\u202e") {
		t.Errorf("the text shows a character that is not what it seems:\n%s", got)
	}
}

func TestThePageAllowsItsOwnStyleAndNothingElse(t *testing.T) {
	own := written(t, ".html", shipped(t, "basics/root-user"), "x")
	_, rest, _ := strings.Cut(own, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	if want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src 'self'; base-uri 'none'; form-action 'none'"; !strings.Contains(own, want) || style != Style {
		t.Errorf("no %s", want)
	}
	if strings.Contains(own, " style=") {
		t.Error("a style is written as an attribute")
	}
	s, evaluations := evaluated(shipped(t, "basics/root-user"), "x")
	var b strings.Builder
	if err := HTML(&b, s, evaluations, Page{Style: "../pages.css"}); err != nil {
		t.Fatal(err)
	}
	if linked := b.String(); strings.Contains(linked, "<style") || !strings.Contains(linked, "style-src 'self'") || !strings.Contains(linked, `<link rel="stylesheet" href="../pages.css">`) {
		t.Errorf("%.900s", linked)
	}
}

func TestAManagedPolicyThatDecidedIsShownInPart(t *testing.T) {
	library := engine.NewLibrary()
	const arn = "arn:aws:iam::aws:policy/Two"
	if _, problem := library.Load(`{"date":"2026-01-01","policies":[{"arn":"` + arn + `","name":"Two","version":"v1","date":"2026-01-01","document":{"Version":"2012-10-17","Statement":[` +
		`{"Sid":"Used","Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"},{"Sid":"Unused","Effect":"Allow","Action":"ec2:Nothing","Resource":"*"}]}}]}`); problem != nil {
		t.Fatal(problem)
	}
	world := engine.NewWorld(engine.Parse(`{"version":1,"accounts":{"111122223333":{"users":{"ali":{"policies":["`+arn+`"]}}}},"requests":[{"name":"r","principal":"arn:aws:iam::111122223333:user/ali","action":"s3:ListAllMyBuckets","resource":"*"}]}`), library)
	evaluations := []*engine.Evaluation{world.Query(world.Scenario.Requests[0]).Evaluate()}
	var page, text strings.Builder
	if err := HTML(&page, Source{World: world}, evaluations, Page{}); err != nil {
		t.Fatal(err)
	}
	if err := Markdown(&text, Source{World: world}, evaluations, Page{}); err != nil {
		t.Fatal(err)
	}
	if got := page.String(); !strings.Contains(got, `&#34;Used&#34;</span>`) || strings.Contains(got, `&#34;Unused&#34;</span>`) {
		t.Errorf("found\n%s", got)
	}
	if got := text.String(); !strings.Contains(got, `{"Sid":"Used"`) {
		t.Errorf("found\n%s", got)
	}
}

func TestDescriptionsKeepTheirCodeAndWhatIsStrong(t *testing.T) {
	page := written(t, ".html", `{"version":1,"accounts":{},"description":"A **strong** word, `+"`code ** <x>`"+`.\n\nOne ** and one `+"`"+` alone."}`, "x")
	for _, want := range []string{"<p>A <strong>strong</strong> word, <code>code ** &lt;x&gt;</code>.</p>\n", "<p>One ** and one ` alone.</p>\n", `<meta name="description" content="A strong word, code &lt;x&gt;.">`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page[strings.Index(page, "<header"):])
		}
	}
}
