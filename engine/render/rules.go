package render

import (
	"io"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine/rulebook"
)

// Shown is where a scenario of a rule is to be seen: its title, the address at
// which it opens in the playground, and that of its page without scripts, "" for
// none.
type Shown struct{ Title, Playground, Page string }

// Rules writes the page of the rule book, each rule with AWS's pages, its
// scenario and what its tests prove. shown is the scenario of that path. Of page,
// Playground and Index are not used.
func Rules(w io.Writer, b *rulebook.Book, shown func(path string) Shown, page Page) error {
	h := &markup{}
	page.Playground, page.Index = page.Home, ""
	about, _, _ := strings.Cut(b.About, "\n\n")
	h.head(page, b.Title, strings.Join(strings.Fields(about), " "))
	h.bar(page, "book")
	h.raw("<main id=\"main\">\n<header class=\"story\">\n")
	h.element("h1", "", b.Title)
	h.prose(b.About)
	h.raw("</header>\n<nav aria-label=\"Sections\">\n<ul class=\"sections\">\n")
	for i := range b.Sections {
		s := &b.Sections[i]
		h.raw(`<li><a href="#` + s.ID + `">` + number(s, `<span class="number">`, "</span> ") + escaped(s.Title) +
			"</a></li>\n")
	}
	h.raw("</ul>\n</nav>\n<div class=\"body\">\n")
	refer := references(b)
	for i := range b.Sections {
		s := &b.Sections[i]
		h.raw(`<section class="rules" id="` + s.ID + `" aria-labelledby="` + s.ID + `-title">` + "\n")
		h.raw(`<h2 id="` + s.ID + `-title"><a href="#` + s.ID + `">` + number(s, `<span class="number">`, "</span> ") +
			escaped(s.Title) + "</a></h2>\n")
		h.paragraphs(s.Text, s.ID, refer)
		for j := range s.Rules {
			h.rule(&s.Rules[j], shown, refer)
		}
		if len(s.Rows) > 0 {
			h.rows("More that the tests prove here", s.ID, s.Rows)
		}
		h.raw("</section>\n")
	}
	h.raw("</div>\n</main>\n")
	h.foot()
	_, err := io.WriteString(w, h.String())
	return err
}

// number is the number of a section between two texts, "" for a section without.
func number(s *rulebook.Section, before, after string) string {
	if !s.Numbered() {
		return ""
	}
	return before + s.ID + after
}

// references turns references to sections and rules into links.
func references(b *rulebook.Book) *strings.Replacer {
	var pairs []string
	for _, id := range b.IDs() {
		pairs = append(pairs, "["+id+"]", `<a href="#`+id+`">`+rulebook.Of(id)+"</a>")
	}
	return strings.NewReplacer(pairs...)
}

// rule writes one rule.
func (h *markup) rule(r *rulebook.Rule, shown func(path string) Shown, refer *strings.Replacer) {
	h.raw(`<article id="` + r.ID + `" aria-labelledby="` + r.ID + `-title">` + "\n")
	h.raw(`<h3 id="` + r.ID + `-title"><a href="#` + r.ID + `">` + escaped(r.Title) + `</a> <code class="cite">` +
		r.ID + "</code></h3>\n")
	h.paragraphs(r.Text, r.ID, refer)
	h.raw(`<dl>` + "\n<div><dt>AWS</dt> <dd>")
	for i, p := range r.Pages {
		if i > 0 {
			h.raw(" · ")
		}
		h.raw(`<a href="` + attribute(p.URL) + `">` + escaped(p.Title) + "</a>")
	}
	h.raw("</dd></div>\n<div><dt>Try it</dt> <dd>")
	if r.Scenario == "" {
		h.say("no scenario: " + r.NoScenario)
	} else {
		s := shown(r.Scenario)
		h.raw(`<a href="` + attribute(s.Playground) + `">` + escaped(s.Title) + "</a>")
		if s.Page != "" {
			h.raw(` · <a href="` + attribute(s.Page) + `">read the answers<span class="aside"> to “` +
				escaped(s.Title) + "”</span></a>")
		}
	}
	h.raw("</dd></div>\n</dl>\n")
	if r.NoTest != "" && len(r.Rows) == 0 {
		h.element("p", "from", "No test: "+r.NoTest+".")
		h.raw("</article>\n")
		return
	}
	h.rows("What the tests prove", r.ID, r.Rows)
	h.raw("</article>\n")
}

// rows writes what tests prove, folded. of is the rule or section whose they are:
// rows of other sections stand there and are referred to.
func (h *markup) rows(title, of string, rows []rulebook.Row) {
	h.raw("<details>\n<summary>" + escaped(title) + " (" + strconv.Itoa(len(rows)) + ")</summary>\n<ul>\n")
	for _, row := range rows {
		id, text := "", escaped(row.Text)
		if rulebook.Of(row.ID) == rulebook.Of(of) {
			id = ` id="` + row.ID + `"`
		} else {
			text = `<a href="#` + row.ID + `">` + text + "</a>"
		}
		test, _, _ := strings.Cut(row.Test, "/")
		h.raw("<li" + id + ">" + text + " ")
		if why, none := strings.CutPrefix(row.Test, "none: "); none {
			h.element("small", "", "no test: "+why)
		} else {
			h.element("small", "", test)
		}
		h.raw("</li>\n")
	}
	h.raw("</ul>\n</details>\n")
}

// paragraphs writes Markdown of a few words, as prose does, with its tables. of is
// the rule or section that it is about.
func (h *markup) paragraphs(s, of string, refer *strings.Replacer) {
	own := &markup{}
	for block := range strings.SplitSeq(s, "\n\n") {
		if strings.HasPrefix(block, "|") {
			own.table(block, of)
		} else {
			own.prose(block)
		}
	}
	h.raw(refer.Replace(own.String()))
}

// table writes a table of Markdown: a row of headings, a row of dashes, and rows
// of which each begins with what it is about. It scrolls where it is too wide.
func (h *markup) table(block, of string) {
	h.raw(`<div class="table" role="group" aria-labelledby="` + of + `-title" tabindex="0">` + "\n<table>\n")
	for i, line := range strings.Split(block, "\n") {
		if i == 1 {
			continue
		}
		h.raw("<tr>")
		for j, cell := range strings.Split(strings.Trim(line, "|"), "|") {
			cell = strings.TrimSpace(cell)
			name, scope := "td", ""
			switch {
			case i == 0 && cell != "":
				name, scope = "th", ` scope="col"`
			case j == 0 && i > 0:
				name, scope = "th", ` scope="row"`
			}
			h.raw("<" + name + scope + ">")
			h.inline(cell)
			h.raw("</" + name + ">")
		}
		h.raw("</tr>\n")
	}
	h.raw("</table>\n</div>\n")
}
