package render

import (
	"io"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/lint"
)

// severityColour is the colour of a finding's severity.
func severityColour(s lint.Severity) colour {
	return [...]colour{red, yellow, yellow, cyan}[s]
}

// severityWords are a severity in words.
func severityWords(s lint.Severity) string {
	return strings.ReplaceAll(s.String(), "-", " ")
}

// Findings writes what lint found in a document, each with its place, the line
// it stands on, what to do and AWS's page.
func Findings(w io.Writer, file, document string, list []lint.Finding, colours bool) error {
	t := &text{painter: painter{colours: colours}, lines: jsonpos.NewLines(document)}
	for _, f := range list {
		c := severityColour(f.Severity)
		line, column := t.lines.Position(f.Start)
		t.paint(bold, file+":"+strconv.Itoa(line)+":"+strconv.Itoa(column)+": ")
		t.paint(c, severityWords(f.Severity))
		t.line(plain, ": "+f.Message+" ["+f.Code+"]")
		t.excerpt(document, t.lines, []mark{{f.Start, f.End, c, f.Hint}})
		if f.Fix != nil {
			t.line(green, "  --fix: "+f.FixLabel)
		}
		if url := f.URL(); url != "" {
			t.line(dim, "  "+url)
		}
	}
	return t.writeTo(w)
}

// Checked is a check with its example: what the example is, in words, its text,
// and what the check finds in it.
type Checked struct {
	Check   *lint.Check
	What    string
	Text    string
	Finding lint.Finding
}

// Checks writes the page of all checks, by severity, each with its example. Of
// page, Playground and Index are not used.
func Checks(w io.Writer, checks []Checked, page Page) error {
	h := &markup{}
	page.Playground, page.Index = page.Home, ""
	title := "The checks"
	about := strconv.Itoa(len(checks)) + " checks that policies and scenarios are held to while they are written: those of IAM Access Analyzer, by AWS's issue codes, and some more that follow from how AWS decides. Each has an example that it finds something in."
	h.head(page, title, about)
	h.bar(page, "")
	h.raw("<main id=\"main\">\n<header class=\"story\">\n")
	h.element("h1", "", title)
	h.element("p", "", about)
	h.raw("<p>They run offline, in the page and as <code>iamplay lint</code>. A check marked “needs names” looks things up in the catalogue of AWS’s services; one marked “ours” is not among AWS’s.</p>\n</header>\n")
	groups := map[lint.Severity][]Checked{}
	for _, c := range checks {
		groups[c.Check.Severity] = append(groups[c.Check.Severity], c)
	}
	order := []lint.Severity{lint.Error, lint.SecurityWarning, lint.Warning, lint.Suggestion}
	h.raw("<nav aria-label=\"Severities\">\n<ul>\n")
	for _, s := range order {
		icon := severityIcon(s)
		h.raw(`<li><a href="#` + s.String() + `">` + explain.Capital(severityWords(s)) + "s</a> " + signed(icon, strconv.Itoa(len(groups[s])), severityColour(s)) + "</li>\n")
	}
	h.raw("</ul>\n</nav>\n<div class=\"body\">\n")
	for _, s := range order {
		h.raw(`<section class="checks" aria-labelledby="` + s.String() + `">` + "\n" + `<h2 id="` + s.String() + `">` + explain.Capital(severityWords(s)) + "s</h2>\n")
		for _, c := range groups[s] {
			h.check(c)
		}
		h.raw("</section>\n")
	}
	h.raw("</div>\n</main>\n")
	h.foot()
	_, err := io.WriteString(w, h.String())
	return err
}

func severityIcon(s lint.Severity) string { return [...]string{"✕", "!", "!", "·"}[s] }

// check writes one check.
func (h *markup) check(c Checked) {
	h.raw(`<article id="` + attribute(c.Check.Code) + `" aria-label="` + attribute(c.Check.Code) + `">` + "\n<h3>" + `<a href="#` + attribute(c.Check.Code) + `">` + escaped(c.Check.Code) + "</a></h3>\n")
	h.raw("<p><strong>" + escaped(explain.Capital(c.Check.Title)) + ".</strong> " + escaped(c.Check.Why) + "</p>\n")
	note := "In " + c.What
	switch c.Check.Tier {
	case 3:
		note += " · needs names"
	}
	if c.Check.Own {
		note += " · ours"
	}
	if c.Finding.Severity != c.Check.Severity {
		note += " · reported as a " + severityWords(c.Finding.Severity)
	}
	h.raw(`<p class="from">` + escaped(note) + ` · <a href="` + attribute(c.Check.URL()) + `">AWS’s page</a></p>` + "\n")
	h.snippet(c.Text, c.Finding)
	h.raw(`<p class="found">` + signed(severityIcon(c.Finding.Severity), explain.Capital(c.Finding.Message), severityColour(c.Finding.Severity)))
	if c.Finding.Hint != "" {
		h.raw(`<br><span class="from">` + escaped(explain.Capital(c.Finding.Hint)) + "</span>")
	}
	if c.Finding.Fix != nil {
		h.raw(` <span class="fix">fix: ` + escaped(c.Finding.FixLabel) + "</span>")
	}
	h.raw("</p>\n</article>\n")
}

// mostLines is how many lines of an example are shown.
const mostLines = 30

// snippet writes an example with what was found marked, and leaves out what is far
// from it when it is long.
func (h *markup) snippet(text string, f lint.Finding) {
	from, to := 0, len(text)
	if n := strings.Count(text, "\n"); n > mostLines {
		first := max(0, strings.Count(text[:f.Start], "\n")-mostLines/3)
		for range first {
			from += strings.IndexByte(text[from:], '\n') + 1
		}
		to = from
		for range min(mostLines, n-first) {
			to += strings.IndexByte(text[to:], '\n') + 1
		}
	}
	h.raw("<pre><code>") // long lines wrap: there is nothing to scroll, and so nothing to focus
	if from > 0 {
		h.raw("…\n")
	}
	start, end := max(f.Start, from), min(max(f.End, f.Start), to)
	h.tokens(text[from:start])
	tone := tone(severityColour(f.Severity))
	if tone == "" {
		tone = "quiet"
	}
	h.raw(`<mark class="` + tone + `">`)
	h.tokens(text[start:end])
	h.raw("</mark>")
	h.tokens(text[end:to])
	if to < len(text) {
		h.raw("…")
	}
	h.raw("</code></pre>\n")
}

// tokens writes a part of a document, highlighted.
func (h *markup) tokens(part string) {
	for _, t := range tokens(part) {
		class := tokenClasses[t.Type]
		if class == "" {
			h.document(t.Value)
			continue
		}
		h.raw(`<span class="` + class + `">`)
		h.document(t.Value)
		h.raw("</span>")
	}
}
