package main

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/wasm/links"
)

func TestUsesOfScenariosAreFoundInDocuments(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"links of Markdown":            {"a.md", "[try](https://x.example/#s=1.pl.e30&request=1), <https://x.example/#s=1.pl.e30>. #s=1.dr.q1", []string{"#s=1.pl.e30&request=1", "#s=1.pl.e30", "#s=1.dr.q1"}},
		"links of HTML":                {"a.html", `<a href="https://x.example/#s=1.pl.e30&amp;tab=/a">x</a><iframe src='embed/#s=1.pl.e31'></iframe>`, []string{"#s=1.pl.e30&tab=/a", "#s=1.pl.e31"}},
		"no examples":                  {"a.md", "`#s=1.dr.…` and #s=1.<codec>.<payload>", nil},
		"an inline scenario":           {"a.html", `<iam-playground request="r"><script type="application/json">{"a":1}</script><p>x</p></iam-playground>`, []string{`r {"a":1}`}},
		"a scenario in a file":         {"a.md", `<iam-playground src="a.json"></iam-playground>`, []string{"a.json"}},
		"a link as an attribute, once": {"a.md", `<iam-playground link="#s=1.pl.e30"></iam-playground>`, []string{"#s=1.pl.e30"}},
		"the block of code before it":  {"a.md", "```json\n{\"accounts\":{}}\n```\n\n<iam-playground></iam-playground>", []string{"{\"accounts\":{}}\n"}},
		"not a policy before it":       {"a.md", "```json\n{\"Statement\":[]}\n```\n<iam-playground></iam-playground>", nil},
		"a broken block before it":     {"a.md", "~~~json\n{\"accounts\" {}}\n~~~\n<iam-playground></iam-playground>", []string{"{\"accounts\" {}}\n"}},
		"no element in a block":        {"a.md", "```html\n<iam-playground src=\"x\"></iam-playground>\n```\n", nil},
		"a block of HTML is no fence":  {"a.html", "```\n<iam-playground src=\"x\"></iam-playground>\n```\n", []string{"x"}},
		"an angle in an attribute":     {"a.html", `<iam-playground title="a > b" src="x"></iam-playground>`, []string{"x"}},
	} {
		var got []string
		for _, u := range uses(c.file, c.text) {
			got = append(got, strings.TrimPrefix(u.request+" ", " ")+u.link+u.file+u.text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, expected %q", name, got, c.want)
		}
	}
}

func TestCheckLinksFindsWhatHasRotted(t *testing.T) {
	folder := nowhere(t)
	link := func(text string, view links.View) string {
		return "https://x.example/" + links.Encode([]byte(text), view)
	}
	putIn(t, folder, "ok/scenario.json", good)
	putIn(t, folder, "ok/a.md", "# A\n\n[try]("+link(good, links.View{Request: 1})+")\n\n<iam-playground src=\"scenario.json\" request=\"Ali asks\"></iam-playground>\n")
	putIn(t, folder, "ok/deep/b.html", `<a href="`+html.EscapeString(link(good, links.View{Request: 1}))+`">x</a>`)
	putIn(t, folder, "ok/none.md", "nothing here")
	code, out, errs := call("", "check-links", "ok")
	if code != met || out != "✓ ok/a.md: 2 as expected\n✓ ok/deep/b.html: 1 as expected\n3 passed, 0 failed\n" || errs != "" {
		t.Errorf("exit code %d, %q\n%s", code, errs, out)
	}
	cut := link(good, links.View{})
	for name, c := range map[string]struct {
		text string
		code int
		want string
	}{
		"a cut link":                      {"a\n b " + cut[:len(cut)-10], broken, "x.md:2:22: the link: compression: it ends early"},
		"an expectation that is not met":  {link(unmet, links.View{}), failed, `x.md:1:19: the link: request "Ali lists": expected allowed, found implicitDeny`},
		"errors in a scenario":            {link(misspelt, links.View{}), broken, "the link: the scenario has an error at /accounts/111122223333/users/ali/polices: "},
		"a request that is not there":     {link(good, links.View{Request: 2}), failed, "it opens at request 3, and the scenario has 2"},
		"a name that is not there":        {`<iam-playground src="ok/scenario.json" request="Bob asks"></iam-playground>`, failed, `no request of the scenario is named "Bob asks"`},
		"a file that is not there":        {`<iam-playground src="no.json"></iam-playground>`, broken, "no.json"},
		"a file elsewhere":                {`<iam-playground src="https://x.example/a.json"></iam-playground>`, broken, "nothing is fetched"},
		"an inline scenario with errors":  {fmt.Sprintf(`<iam-playground><script type="application/json">%s</script></iam-playground>`, misspelt), broken, "the playground: the scenario has an error"},
		"a playground without a scenario": {"<iam-playground></iam-playground>", broken, "the playground: the scenario has an error at its beginning"},
	} {
		code, out, _ := call("", "check-links", putIn(t, folder, "x.md", c.text))
		if code != c.code || !strings.Contains(out, c.want) || !strings.HasPrefix(out, "✕ ") {
			t.Errorf("%s: exit code %d, expected %d\n%s", name, code, c.code, out)
		}
	}
	if code, _, errs := call("", "check-links", t.TempDir()); code != broken || !strings.Contains(errs, "found no *.md, *.mdx") {
		t.Errorf("exit code %d, %q", code, errs)
	}
}
