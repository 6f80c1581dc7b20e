package main

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/wasm/links"
)

func TestUsesOfScenariosAreFoundInDocuments(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       []string
		base       string
	}{
		"links of Markdown":            {"a.md", "[try](https://x.example/#s=1.pl.e30&request=1), <https://x.example/#s=1.pl.e30>. #s=1.dr.q1", []string{"#s=1.pl.e30&request=1", "#s=1.pl.e30", "#s=1.dr.q1"}, ""},
		"links of HTML":                {"a.html", `<a href="https://x.example/#s=1.pl.e30&amp;tab=/a">x</a><iframe src='embed/#s=1.pl.e31'></iframe>`, []string{"#s=1.pl.e30&tab=/a", "#s=1.pl.e31"}, ""},
		"no examples":                  {"a.md", "`#s=1.dr.…` and #s=1.<codec>.<payload>", nil, ""},
		"an inline scenario":           {"a.html", `<iam-playground request="r"><script type="application/json">{"a":1}</script><p>x</p></iam-playground>`, []string{`r {"a":1}`}, ""},
		"a scenario in a file":         {"a.md", `<iam-playground src="a.json"></iam-playground>`, []string{"a.json"}, ""},
		"a link as an attribute, once": {"a.md", `<iam-playground link="#s=1.pl.e30"></iam-playground>`, []string{"#s=1.pl.e30"}, ""},
		"the block of code before it":  {"a.md", "```json\n{\"accounts\":{}}\n```\n\n<iam-playground></iam-playground>", []string{"{\"accounts\":{}}\n"}, ""},
		"a policy with a request":      {"a.md", "```json\n{\"Statement\":[]}\n```\n<iam-playground request=\"who=ali do=s3:GetObject on=b/k\"></iam-playground>", []string{"who=ali do=s3:GetObject on=b/k{\"Statement\":[]}\n"}, ""},
		"a block of HTML before it":    {"a.html", `<div><pre class="x"><code>{<span>&quot;a&quot;</span>:1}</code></pre></div> <iam-playground></iam-playground>`, []string{`{"a":1}`}, ""},
		"no block far before it":       {"a.html", `<pre>{}</pre><p>text</p><iam-playground></iam-playground>`, []string{""}, ""},
		"a link's value alone":         {"a.md", `<iam-playground link="1.pl.e30"></iam-playground>`, []string{"#s=1.pl.e30"}, ""},
		"two links that are compared":  {"a.md", `<iam-playground mode="compare" before="#s=1.pl.e30" link="#s=1.pl.e31"></iam-playground>`, []string{"#s=1.pl.e30", "#s=1.pl.e31"}, ""},
		"two files that are compared":  {"a.mdx", `<iam-playground before="a.json" src="b.json"/></iam-playground>`, []string{"a.json", "b.json"}, ""},
		"no answers made before":       {"a.html", `<iam-playground><script type="application/json" class="trace">{}</script><script type="application/json">{"a":1}</script></iam-playground>`, []string{`{"a":1}`}, ""},
		"a frame with its request":     {"a.html", `<iframe src="https://x.example/embed/?mode=trace&amp;request=Ali%20asks#s=1.pl.e30"></iframe>`, []string{"Ali asks #s=1.pl.e30"}, ""},
		"links elsewhere":              {"a.md", "[a](https://x.example/#s=1.pl.e30) [b](https://y.example/#s=1.pl.e31) [c](../#s=1.pl.e32)", []string{"#s=1.pl.e30", "#s=1.pl.e32"}, "https://x.example/"},
		"a broken block before it":     {"a.md", "~~~json\n{\"accounts\" {}}\n~~~\n<iam-playground></iam-playground>", []string{"{\"accounts\" {}}\n"}, ""},
		"no element in a block":        {"a.md", "```html\n<iam-playground src=\"x\"></iam-playground>\n```\n", nil, ""},
		"a block of HTML is no fence":  {"a.html", "```\n<iam-playground src=\"x\"></iam-playground>\n```\n", []string{"x"}, ""},
		"an angle in an attribute":     {"a.html", `<iam-playground title="a > b" src="x"></iam-playground>`, []string{"x"}, ""},
	} {
		var got []string
		for _, u := range uses(c.file, c.text, c.base) {
			got = append(got, strings.TrimPrefix(u.request+" ", " ")+u.phrase+u.link+u.file+u.text)
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
		"a policy without a request":      {"```json\n{\"Statement\":[]}\n```\n<iam-playground></iam-playground>", broken, "x.md:4:1: the playground: found a policy and no request"},
		"a request in words, wrong":       {"```json\n{\"Statement\":[]}\n```\n<iam-playground request=\"who=ali do=s3 on=b/k\"></iam-playground>", broken, `found do="s3", expected an action`},
		"a policy with errors":            {"```json\n{\"Statement\":[{\"Effect\":\"Permit\",\"Action\":\"*\",\"Resource\":\"*\"}]}\n```\n<iam-playground request=\"who=ali do=s3:GetObject on=b/k\"></iam-playground>", broken, "the playground: the scenario has an error at /accounts/111122223333/users/ali/inline/policy/Statement/0/Effect"},
		"a link of an element, cut":       {`<iam-playground link="` + cut[:len(cut)-10] + `"></iam-playground>`, broken, "x.md:1:1: the playground: compression: it ends early"},
		"a name that a link has not":      {`<iam-playground link="` + cut + `" request="Bob asks"></iam-playground>`, failed, `no request of the scenario is named "Bob asks"`},
		"a number that is not there":      {`<iam-playground src="ok/scenario.json" request="2"></iam-playground>`, failed, `no request of the scenario is named "2"`},
		"a frame's request":               {`<iframe src="https://x.example/embed/?request=Bob` + strings.TrimPrefix(cut, "https://x.example/") + `"></iframe>`, failed, `the frame: no request of the scenario is named "Bob"`},
		"a playground without a scenario": {"<iam-playground></iam-playground>", broken, "x.md:1:1: the playground: found no scenario, expected src, link"},
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

func TestARequestInWordsMakesAScenarioOfAPolicy(t *testing.T) {
	const own = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`
	const theirs = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}]}`
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/ali"},"Action":"sts:AssumeRole"}]}`
	for name, c := range map[string]struct {
		policy, words string
		want          engine.Decision
		wrong         string
	}{
		"a user by name":                 {own, "who=ali do=s3:GetObject on=b/k", engine.Allowed, ""},
		"a user by ARN, in another path": {own, "who=arn:aws:iam::444455556666:user/team/ali do=s3:GetObject on=arn:aws:s3:::b/k", engine.Allowed, ""},
		"a session of a role":            {own, "who=arn:aws:sts::111122223333:assumed-role/R/s do=s3:PutObject on=b/k", engine.ImplicitDeny, ""},
		"a policy of the resource":       {theirs, "who=ali do=s3:GetObject on=b/k", engine.ImplicitDeny, ""},
		"a trust policy":                 {trust, "who=ali do=sts:AssumeRole on=arn:aws:iam::111122223333:role/R", engine.Allowed, ""},
		"a service, without a policy":    {theirs, "who=ec2.amazonaws.com do=s3:GetObject on=b/k", engine.ImplicitDeny, ""},
		"context with blanks":            {own, `who=ali do=s3:GetObject on=b/k with aws:SourceIp=203.0.113.7 and aws:UserAgent="a b"`, engine.Allowed, ""},
		"all resources":                  {own, "who=ali do=s3:GetObject on=*", engine.Allowed, ""},
		"nobody":                         {own, "do=s3:GetObject on=b/k", 0, "found no who="},
		"two":                            {own, "who=a who=b do=s3:GetObject on=b/k", 0, "found who= twice"},
		"another word":                   {own, "who=a do=s3:GetObject on=b/k please", 0, `found "please" in the request`},
		"another key":                    {own, "who=a do=s3:GetObject on=b/k ip=1", 0, `found "ip" in the request`},
		"a service that owns the policy": {own, "who=ec2.amazonaws.com do=s3:GetObject on=b/k", 0, "to whom the policy belongs"},
		"the policy of everything":       {theirs, "who=ali do=s3:GetObject on=*", 0, "to which the policy belongs"},
		"a resource that is no ARN":      {own, "who=ali do=ec2:RunInstances on=i-1", 0, "expected an ARN"},
		"no JSON":                        {"{", "who=ali do=s3:GetObject on=b/k", 0, "is no JSON"},
		"no policy":                      {`{"a":1}`, "who=ali do=s3:GetObject on=b/k", 0, "holds no Statement"},
		"a Statement that is a number":   {`{"Statement":1}`, "who=ali do=s3:GetObject on=b/k", 0, "no object"},
	} {
		p, err := parsePhrase(c.words)
		text := ""
		if err == nil {
			text, err = scenarioAround(c.policy, p)
		}
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: error %v, expected %q", name, err, c.wrong)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		world := engine.NewWorld(engine.Parse(text), nil)
		if problem := firstError(world); problem != nil {
			t.Errorf("%s: %s in\n%s", name, problem.Message, text)
		} else if got := world.Query(world.Scenario.Requests[0]).Evaluate().Overall; got != c.want {
			t.Errorf("%s: %v, expected %v in\n%s", name, got, c.want, text)
		}
	}
}
