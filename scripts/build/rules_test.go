package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestThePageOfTheRulesShowsEachWithItsPageItsScenarioAndItsTests(t *testing.T) {
	rows, err := os.ReadFile("../../engine/testdata/rules.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	// A row that no rule covers, as somebody may add one.
	if err := ruleBook(&b, string(rows)+"7.3\tsomething <b>new</b>\tTestNew\n", "https://iam.example/"); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		`<section class="rules" id="7.3"`, `<article id="7.3-role"`,
		`href="https://docs.aws.amazon.com/IAM/latest/UserGuide/`,
		`href="../#example/resource-policies/role-arn-or-session-arn"`,
		`href="../scenarios/resource-policies/role-arn-or-session-arn.html"`,
		`<li id="7.3-a-role-named-in-the-resource-policy-needs-no-identity-policy">`,
		`<small>TestEvaluationRules</small>`,
		`<link rel="canonical" href="https://iam.example/rules/">`, `href="../#s=`, `<th scope="row">`,
		`<a href="#7.2">7.2</a>`,
		`<li id="7.3-something-b-new-b">something &lt;b&gt;new&lt;/b&gt; <small>TestNew</small>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if m := regexp.MustCompile(`<script|<style|<img| on[a-z]+=| style=`).FindString(page); m != "" {
		t.Errorf("found %q, expected a page without scripts and styles of its own", m)
	}
	if m := regexp.MustCompile(`(href=""|<a [^>]*></a>|\[[0-9][^ ]*\]|\*\*|\|)`).FindString(page); m != "" {
		t.Errorf("found %q: something was not turned into markup", m)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("the address #%s stands twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !ids[m[1]] {
			t.Errorf("a link leads to #%s, which is not there", m[1])
		}
	}
}
