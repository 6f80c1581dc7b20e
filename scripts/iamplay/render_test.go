package main

import (
	"strconv"
	"strings"
	"testing"
)

func TestRenderWritesTheFormThatWasAskedFor(t *testing.T) {
	nowhere(t)
	file := put(t, "good.json", good)
	for name, c := range map[string]struct {
		args []string
		has  []string
		not  string
	}{
		"a page":                   {nil, []string{"<!doctype html>", "<h1>One</h1>", "Ali lists", "Ali asks"}, "#s=1."},
		"a page that says it":      {[]string{"--html"}, []string{"<!doctype html>"}, "#s=1."},
		"a page with a way back":   {[]string{"--base", "https://iam.example/"}, []string{`href="https://iam.example/#s=1.dd1.`, `<a class="brand" href="https://iam.example/">`}, "<script"},
		"Markdown with a way back": {[]string{"--md", "--base", "https://iam.example/"}, []string{"# One\n", "(<https://iam.example/#s=1.dd1."}, "<h1>"},
		"text":                     {[]string{"--text"}, []string{"One\n", "the steps, in AWS's order"}, "\x1b"},
		"a picture":                {[]string{"--svg"}, []string{"<svg ", ">Ali lists</text>", ">Ali asks</text>"}, "<!doctype"},
		"a trace":                  {[]string{"--trace"}, []string{`{"trace":1,"scenario":"{`, `"evaluate":{"diagnostics":[`, `"explain":[{"index":0,`, `"stages":[`}, "<"},
		"a picture of one request": {[]string{"--svg", "--request", "Ali asks"}, []string{"<svg ", ">Ali asks</text>"}, "Ali lists"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := call("", append([]string{"render", file}, c.args...)...)
			if code != met || errs != "" {
				t.Errorf("exit code %d, %q", code, errs)
			}
			for _, want := range c.has {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
			if strings.Contains(out, c.not) {
				t.Errorf("found %q in\n%s", c.not, out)
			}
		})
	}
	for name, c := range map[string]struct {
		args []string
		want int
	}{
		"two forms":                          {[]string{"render", "--svg", "--md", file}, wrongUse},
		"two files":                          {[]string{"render", file, file}, wrongUse},
		"one request of a page":              {[]string{"render", "--request", "Ali asks", file}, wrongUse},
		"a request that is not there":        {[]string{"render", "--svg", "--request", "Nobody", file}, wrongUse},
		"a file that is not there":           {[]string{"render", "nothing.json"}, broken},
		"a document with errors is rendered": {[]string{"render", put(t, "misspelt.json", misspelt)}, broken},
		"an expectation that is not met":     {[]string{"render", put(t, "unmet.json", unmet)}, failed},
	} {
		if code, out, errs := call("", c.args...); code != c.want || (code < wrongUse && code != met) != (strings.HasPrefix(out, "<!doctype html>") || strings.Contains(errs, "nothing.json")) {
			t.Errorf("%s: exit code %d, %q\n%s", name, code, errs, out)
		}
	}
}

func TestEveryOutputSaysHowManyFindingsItDoesNotList(t *testing.T) {
	nowhere(t)
	const document = `{"version": 1, "accounts": {"111122223333": {"users": {%}}}, "requests": []}`
	users := `"u": {"polices": []}`
	for i := range 1299 {
		users += `, "u` + strconv.Itoa(i) + `": {"polices": []}`
	}
	file := put(t, "wrong.json", strings.Replace(document, "%", users, 1))
	for _, args := range [][]string{{"test"}, {"test", "--junit"}, {"test", "--github"}, {"evaluate"},
		{"render"}, {"render", "--md"}, {"render", "--text"}} {
		_, out, _ := call("", append(args, file)...)
		if n := strings.Count(strings.ToLower(out), "and 1,200 more"); n != 1 {
			t.Errorf("%v says %d times that there are 1,200 more findings", args, n)
		}
	}
	for _, args := range [][]string{{"test", "--json"}, {"evaluate", "--json"}, {"render", "--trace"}} {
		if _, out, _ := call("", append(args, file)...); !strings.Contains(out, `"more":1200,`) {
			t.Errorf("%v does not count the 1,200 further findings", args)
		}
	}
}
