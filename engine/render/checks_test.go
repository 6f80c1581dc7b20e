package render

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/lint"
)

func TestThePageOfChecksShowsEachWithWhatItFinds(t *testing.T) {
	const text = `{"Version": "2012-10-17", "Statement": [{"Effect": "<b>", "Action": "s3:GetObject", "Resource": "*"}]}`
	check := lint.Find("INVALID_EFFECT")
	var finding lint.Finding
	for _, f := range lint.Policy(text, lint.Type{}, nil) {
		if f.Code == check.Code {
			finding = f
		}
	}
	var b strings.Builder
	if err := Checks(&b, []Checked{{check, "an identity-based policy", text, finding}}, Page{Home: "../"}); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		`<article id="INVALID_EFFECT"`, `<mark class="deny"><span class="s">&#34;&lt;b&gt;&#34;</span></mark>`, "The Effect is &#34;&lt;b&gt;&#34;",
		`#access-analyzer-reference-policy-checks-error-invalid-effect"`, `href="../"`, "1 checks", "default-src 'none'",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	if strings.Contains(page, "<b>") || strings.Contains(page, "<script") {
		t.Error("what a document holds became markup")
	}
}

func TestALongExampleIsShownAroundWhatWasFound(t *testing.T) {
	text := strings.Repeat("[\n", 50) + "MARK" + strings.Repeat("\n]", 50)
	h := &markup{}
	at := strings.Index(text, "MARK")
	h.snippet(text, lint.Finding{Start: at, End: at + 4})
	if s := h.String(); !strings.Contains(s, "MARK</mark>") || strings.Count(s, "\n") > mostLines+3 || !strings.Contains(s, "<code>…\n") || !strings.Contains(s, "…</code>") {
		t.Error(s)
	}
}
