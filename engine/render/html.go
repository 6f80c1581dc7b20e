package render

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
)

// Page is what a static page has beside the scenario. The zero Page stands alone.
type Page struct {
	// Playground is the address at which the scenario opens in the playground,
	// "" for none.
	Playground string
	// Home is the address of the playground itself, and Index that of a list of
	// pages to which this one belongs; "" for none.
	Home, Index string
	// Address and Picture are the page's own address and that of its picture,
	// for the previews of links, which know whole addresses only; "" for none.
	// A PNG is 1200 by 630 pixels large.
	Address, Picture string
	// Embed is the address that says how other pages embed this one; "" for
	// none.
	Embed string
	// Rules is the address of the page of the rule book, "" for none.
	Rules string
	// Icon is the address of the site's icon, "" for none.
	Icon string
	// Style is the address of a style sheet with the text of Style. "" puts
	// that text into the page.
	Style string
}

// Style is the style sheet of the pages.
//
//go:embed page.css
var Style string

// HTML writes a page that explains every request of a scenario without a
// script: what is wrong with the document, and for each request the decision,
// AWS's message, the stages in their order, and all statements; then the
// policies with the statements marked that decided. evaluations are as for
// Text. Whatever the document holds is written as text.
func HTML(w io.Writer, s Source, evaluations []*engine.Evaluation, page Page) error {
	h := &markup{Source: s, t: newText(Source{File: s.File, World: s.World}), rules: page.Rules}
	h.read(evaluations)
	h.head(page, h.t.title(), cmp.Or(summary(h.World.Scenario.Description), explain.Capital(Sum(h.World.Scenario, evaluations))))
	h.bar(page, "")
	h.raw("<main id=\"main\">\n<header class=\"story\">\n")
	h.element("h1", "", h.t.title())
	h.prose(s.World.Scenario.Description)
	h.raw("</header>\n")
	h.contents(evaluations)
	h.raw("<div class=\"body\">\n")
	h.problems()
	for i, e := range evaluations {
		h.request(i, e)
	}
	if says := explain.NotChecked(evaluations); says != "" {
		h.element("p", "asks", says)
	}
	h.policies()
	h.raw("</div>\n</main>\n")
	h.foot()
	_, err := io.WriteString(w, h.String())
	return err
}

// markup is a page while it is written.
type markup struct {
	strings.Builder
	Source
	t *text
	// decided has the statements that decided, with the numbers of their requests.
	decided map[*engine.Statement]*deciding
	// shown are the policies in the order of the page.
	shown []*engine.Policy
	// rules is the address of the rule book's page, "" for none.
	rules string
}

// deciding is a statement that decided requests, or on which they depend.
type deciding struct {
	id            string
	tone          string // "" while it decided nothing
	decided, open []int  // the numbers of the requests
}

// read collects the policies and what decided in them.
func (h *markup) read(evaluations []*engine.Evaluation) {
	h.decided = map[*engine.Statement]*deciding{}
	for _, p := range h.World.Scenario.Policies() {
		if p.At != nil && p.Document == "" {
			h.shown = append(h.shown, p)
		}
	}
	for i, e := range evaluations {
		if e == nil {
			continue
		}
		for _, one := range append([]*engine.Evaluation{e}, e.Also...) {
			for _, s := range explain.Statements(one) {
				if s.Relevance != explain.Decided && s.Relevance != explain.Depends {
					continue
				}
				at := slices.Index(h.shown, s.Policy)
				if at < 0 {
					at = len(h.shown)
					h.shown = append(h.shown, s.Policy)
				}
				d := h.decided[s.Statement]
				if d == nil {
					d = &deciding{id: "policy-" + strconv.Itoa(at+1) + "-" + strconv.Itoa(s.Statement.Index+1)}
					h.decided[s.Statement] = d
				}
				requests := &d.open
				if s.Relevance == explain.Decided {
					requests, d.tone = &d.decided, "allow"
					if s.Statement.Effect == engine.Deny {
						d.tone = "deny"
					}
				}
				if !slices.Contains(*requests, i) {
					*requests = append(*requests, i)
				}
			}
		}
	}
}

// raw writes markup of the program's own.
func (h *markup) raw(s string) { h.WriteString(s) }

// say writes a text.
func (h *markup) say(s string) { h.WriteString(escaped(s)) }

// element writes an element with a text, on a line of its own.
func (h *markup) element(name, class, s string) {
	h.raw("<" + name)
	if class != "" {
		h.raw(` class="` + class + `"`)
	}
	h.raw(">" + escaped(s) + "</" + name + ">\n")
}

// escaped is a text as HTML, with what would be obeyed, cannot be seen or looks
// like something else as marked codes.
func escaped(s string) string { return marked(s, false) }

// marked is escaped for prose or for a document's text.
func marked(s string, document bool) string {
	var b strings.Builder
	for i, line := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, p := range reveal(line, document) {
			if p.code {
				b.WriteString(`<span class="odd">` + html.EscapeString(p.text) + "</span>")
			} else {
				b.WriteString(html.EscapeString(p.text))
			}
		}
	}
	return b.String()
}

// unmarked is a text as HTML where no element may stand: in an attribute, in a
// title, in a picture.
func unmarked(s string) string {
	return html.EscapeString(clean(strings.NewReplacer("\r\n", " ", "\n", " ").Replace(s)))
}

// attribute is a text as the value of an attribute.
func attribute(s string) string { return unmarked(s) }

// head writes the page's head: the policy that allows nothing but its own
// style, and what previews of links show.
func (h *markup) head(page Page, title, about string) {
	source := "'self'"
	if page.Style == "" {
		sum := sha256.Sum256([]byte(Style))
		source = "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	h.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" +
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ` + source + `; img-src 'self'; base-uri 'none'; form-action 'none'">` + "\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
	h.raw("<title>" + unmarked(title) + " · IAM Playground</title>\n")
	meta := func(kind, name, content string) {
		if content != "" {
			h.raw("<meta " + kind + `="` + name + `" content="` + attribute(content) + `">` + "\n")
		}
	}
	link := func(rel, address string) {
		if address != "" {
			h.raw(`<link rel="` + rel + `" href="` + attribute(address) + `">` + "\n")
		}
	}
	meta("name", "description", about)
	meta("property", "og:type", "article")
	meta("property", "og:site_name", "IAM Playground")
	meta("property", "og:title", title)
	meta("property", "og:description", about)
	meta("property", "og:url", page.Address)
	meta("property", "og:image", page.Picture)
	if strings.HasSuffix(page.Picture, ".png") {
		meta("property", "og:image:width", "1200")
		meta("property", "og:image:height", "630")
		meta("property", "og:image:alt", title)
		meta("name", "twitter:card", "summary_large_image")
	}
	link("icon", page.Icon)
	link("canonical", page.Address)
	link(`alternate" type="application/json+oembed" title="`+attribute(title), page.Embed)
	if page.Style == "" {
		h.raw("<style>" + Style + "</style>\n</head>\n")
		return
	}
	link("stylesheet", page.Style)
	h.raw("</head>\n")
}

// bar begins the page: the way past it, the way home, and the way into the
// playground. class is that of the body, "" for none.
func (h *markup) bar(page Page, class string) {
	if class != "" {
		class = ` class="` + class + `"`
	}
	h.raw("<body" + class + ">\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header class=\"bar\">\n")
	named := func(class, address, words string) {
		if address == "" {
			h.element("span", class, words)
			return
		}
		h.raw(`<a class="` + class + `" href="` + attribute(address) + `">` + escaped(words) + "</a>\n")
	}
	named("brand", page.Home, "IAM Playground")
	if page.Index != "" {
		named("all", page.Index, "All scenarios")
	}
	if page.Playground != "" {
		named("open", page.Playground, "Open in the playground")
	}
	h.raw("</header>\n")
}

// foot ends the page.
func (h *markup) foot() {
	h.raw("<footer>Answers are a simulation of what AWS documents. IAM Playground is not affiliated with Amazon Web Services.</footer>\n</body>\n</html>\n")
}

// tone is the class of a colour.
func tone(c colour) string {
	return map[colour]string{green: "allow", red: "deny", yellow: "depends"}[c]
}

// signed is a sign and a word in their colour. The sign is for eyes alone.
func signed(icon, word string, c colour) string {
	return `<span class="word ` + cmp.Or(tone(c), "quiet") + `"><span aria-hidden="true">` + icon + "</span> " + escaped(word) + "</span>"
}

// decisionOf is the decision of a request, which may be none.
func decisionOf(e *engine.Evaluation) engine.Decision {
	if e == nil {
		return engine.Invalid
	}
	return e.Overall
}

func requestID(number int) string { return "request-" + strconv.Itoa(number+1) }

// contents lists the requests with their decisions.
func (h *markup) contents(evaluations []*engine.Evaluation) {
	h.raw("<nav aria-label=\"On this page\">\n<ol>\n")
	entry := func(id, name, sign string) {
		h.raw(`<li><a href="#` + id + `">` + escaped(name) + "</a>" + sign + "</li>\n")
	}
	if len(h.World.Diagnostics) > 0 {
		entry("problems", "What is wrong with the document", "")
	}
	for i, e := range evaluations {
		icon, word, c := sign(decisionOf(e))
		entry(requestID(i), h.World.Scenario.Requests[i].Name, " "+signed(icon, word, c))
	}
	if len(h.shown) > 0 {
		entry("policies", "The policies", "")
	}
	h.raw("</ol>\n</nav>\n")
}

// problems lists what is wrong with the document.
func (h *markup) problems() {
	if len(h.World.Diagnostics) == 0 {
		return
	}
	h.raw("<section id=\"problems\" aria-labelledby=\"problems-title\">\n<h2 id=\"problems-title\">What is wrong with the document</h2>\n<ul>\n")
	for _, d := range h.World.Diagnostics {
		line, column := h.t.lines.Position(d.Start)
		c, icon := yellow, "!"
		if d.Severity == engine.Error {
			c, icon = red, "✕"
		}
		h.raw("<li>" + signed(icon, d.Severity.String(), c) + " ")
		h.say("line " + strconv.Itoa(line) + ", column " + strconv.Itoa(column) + ": " + d.Message)
		if d.Hint != "" {
			h.raw("<br>" + escaped(explain.Capital(d.Hint)) + ".")
		}
		h.raw("</li>\n")
	}
	h.raw("</ul>\n")
	if h.World.More > 0 {
		h.element("p", "", explain.Capital(Unlisted(h.World.More))+".")
	}
	h.raw("</section>\n")
}

func (h *markup) request(number int, e *engine.Evaluation) {
	r := h.World.Scenario.Requests[number]
	id := requestID(number)
	h.raw(`<section id="` + id + `" aria-labelledby="` + id + `-title">` + "\n" + `<h2 id="` + id + `-title">` + escaped(r.Name) + "</h2>\n")
	if e == nil {
		h.answer(engine.Invalid, "The errors in the document say why.")
	} else {
		h.asks(e.Query)
		h.answer(e.Overall, explain.Message(e))
		h.asked(e.Query)
		h.explanation(e, "")
		for i, also := range e.Also {
			h.raw("<h3>" + explain.Capital(alsoTitle(also.Query, "<code>"+escaped(also.Query.Action)+"</code>",
				escaped)) + "</h3>\n")
			h.asks(also.Query)
			h.answer(also.Decision, "")
			h.asked(also.Query)
			h.explanation(also, " of the further check "+strconv.Itoa(i+1))
		}
		if len(e.Also) > 0 {
			h.unknowns("What the whole call depends on", e.Call.Unknowns)
		}
	}
	switch x := r.Expected(e); {
	case x == nil:
	case x.Met():
		h.raw(`<p class="expected">` + signed("✓", "as expected: "+x.Text, green) + "</p>\n")
	default:
		for _, p := range x.Problems {
			h.raw(`<p class="expected">` + signed("✕", p, red) + "</p>\n")
		}
	}
	h.raw("</section>\n")
}

// asks is the question in one line.
func (h *markup) asks(q *engine.Query) {
	h.raw(`<p class="asks"><code>` + escaped(q.Request.Principal.Value) + "</code> asks for <code>" + escaped(q.Action) + "</code> on <code>" + escaped(q.Resource) + "</code></p>\n")
}

// answer is the decision with the sentence that goes with it, "" for none.
func (h *markup) answer(d engine.Decision, message string) {
	icon, word, c := sign(d)
	h.raw(`<div class="answer ` + cmp.Or(tone(c), "quiet") + `">` + "\n" + `<p class="verdict"><span class="icon" aria-hidden="true">` + icon + "</span> " + escaped(explain.Capital(word)) + "</p>\n")
	if message != "" {
		h.element("p", "message", message)
	}
	h.raw("</div>\n")
}

// asked is what the resource of a request lets say about the request itself.
func (h *markup) asked(q *engine.Query) {
	if says := explain.Asked(q); says != "" {
		h.raw(`<p class="expected">` + signed("!", says, yellow) + "</p>\n")
	}
}

// explanation is why one decision is as it is; of tells its headings from those
// of the request's other checks.
func (h *markup) explanation(e *engine.Evaluation, of string) {
	h.stages(e, of)
	statements := explain.Statements(e)
	h.statements(e, statements, of)
	if nearest := explain.Nearest(e, statements); len(nearest) > 0 {
		h.element("h3", "", explain.Capital(nearTitle(nearest)))
		h.raw("<ul>\n")
		for _, m := range nearest {
			h.element("li", "", m.Text)
		}
		h.raw("</ul>\n")
	}
	h.unknowns("What it depends on", e.Unknowns)
	h.context(e)
	if notes := explain.Notes(e); len(notes) > 0 {
		h.element("h3", "", "Good to know")
		h.raw("<ul>\n")
		for _, n := range notes {
			h.raw("<li>" + escaped(n.Title+". "+n.Text) + ` <a href="` + attribute(n.Page) + `">AWS's page: ` +
				escaped(n.Title) + "</a>")
			h.cite(n.Rule)
			h.raw("</li>\n")
		}
		h.raw("</ul>\n")
	}
}

// unknowns lists what an answer depends on, each way.
func (h *markup) unknowns(title string, list []engine.Unknown) {
	if len(list) == 0 {
		return
	}
	h.element("h3", "", title)
	h.raw("<ul>\n")
	for _, u := range list {
		h.raw("<li>" + escaped(explain.UnknownName(u)) + "\n<ul>\n")
		for _, way := range u.Ways {
			h.element("li", "", way.Value+": "+wayWords(way.Decisions))
		}
		h.raw("</ul></li>\n")
	}
	h.raw("</ul>\n")
}

func (h *markup) stages(e *engine.Evaluation, of string) {
	h.element("h3", "", "The steps"+of+", in AWS's order")
	h.raw("<ol class=\"stages\">\n")
	rows := explain.Rows(e)
	for i := range rows {
		words := &rows[i].Words
		icon, c := rowSign(e, &rows[i])
		h.raw(`<li class="` + cmp.Or(tone(c), "quiet") + `"><span class="icon" aria-hidden="true">` + icon +
			`</span><p><strong>` + escaped(words.Title) + `</strong>`)
		if words.Word != "" {
			h.raw(` <span class="word ` + cmp.Or(tone(c), "quiet") + `">` + escaped(words.Word) + `</span>`)
		}
		h.raw(`</p><p class="why">` + escaped(words.Text))
		h.cite(words.Rule)
		h.raw("</p>")
		if levels := e.Stages[rows[i].Stages[0]].Levels; len(levels) > 1 {
			h.raw("\n<ul>\n")
			for j := range levels {
				words := explain.DescribeLevel(e, &levels[j])
				icon, c := levelSign(&levels[j], &words)
				h.raw("<li>" + escaped(levels[j].Name) + " " + signed(icon, words.Word, c) + ": " +
					escaped(words.Text) + "</li>\n")
			}
			h.raw("</ul>")
		}
		h.raw("</li>\n")
	}
	h.raw("</ol>\n")
}

// cite names a rule of the rule book, as a link where its page is known.
func (h *markup) cite(rule string) {
	name := explain.Capital(explain.RuleName(rule))
	switch {
	case name == "":
	case h.rules == "":
		h.raw(` <span class="rule">` + escaped(name) + "</span>")
	default:
		h.raw(` <a class="rule" href="` + attribute(h.rules+"#"+rule) + `">` + escaped(name) + "</a>")
	}
}

// statements lists all statements that were looked at: what decided comes
// first, then what came near.
func (h *markup) statements(e *engine.Evaluation, list []explain.Statement, of string) {
	if len(list) == 0 {
		return
	}
	h.element("h3", "", "Every statement that was looked at"+of)
	h.raw("<ul class=\"ledger\">\n")
	for i := range list {
		s := &list[i]
		name := escaped(explain.StatementName(s.Statement, s.Policy))
		if d := h.decided[s.Statement]; d != nil {
			name = `<a href="#` + d.id + `">` + name + "</a>"
		}
		effect, class := s.Statement.Effect.String(), ""
		switch s.Relevance {
		case explain.Decided:
			class = ` class="decided ` + strings.ToLower(effect) + `"`
		case explain.Depends:
			class = ` class="decided depends"`
		}
		h.raw("<li" + class + `><p><span class="effect">` + effect + "</span> <strong>" + name + "</strong><br>" + escaped(s.Text) + "</p><ul>")
		for k := range s.Elements {
			el := &s.Elements[k]
			icon, c := outcomeSign(el.Outcome)
			h.raw("<li>" + signed(icon, elementName(el), c) + " " + escaped(explain.Element(e.Query, el)) + "</li>")
		}
		h.raw("</ul></li>\n")
	}
	h.raw("</ul>\n")
}

// elementName is what people call an element: of a condition, its operator and key.
func elementName(el *engine.Element) string {
	if el.Operator == "" {
		return el.Name
	}
	return el.Operator + " " + el.Key
}

func (h *markup) context(e *engine.Evaluation) {
	rows, absent := contextRows(e)
	if len(rows)+len(absent) == 0 {
		return
	}
	h.element("h3", "", "The context that was asked for")
	h.raw("<ul class=\"context\">\n")
	for _, r := range rows {
		h.raw("<li><code>" + escaped(r[0]) + "</code> <span class=\"from\">" + escaped(r[1]) + "</span></li>\n")
	}
	for _, a := range absent {
		h.raw("<li>" + signed("!", a, yellow) + "</li>\n")
	}
	h.raw("</ul>\n")
}

// policies shows the policies' text, with the statements marked that decided.
// Of an AWS managed policy only those are shown.
func (h *markup) policies() {
	if len(h.shown) == 0 {
		return
	}
	h.raw("<section id=\"policies\" class=\"policies\" aria-labelledby=\"policies-title\">\n<h2 id=\"policies-title\">The policies</h2>\n")
	for _, p := range h.shown {
		h.element("h3", "", explain.PolicyTitle(p))
		text := h.World.Scenario.Document.Text
		if p.Document != "" {
			text = h.World.Library.Text(p.Document)
		}
		var marked []*engine.Statement
		for _, s := range p.Statements {
			if h.decided[s] != nil {
				marked = append(marked, s)
			}
		}
		if p.Document != "" {
			h.element("p", "from", "AWS managed policy "+p.Document+": the statements that decided")
			for _, s := range marked {
				h.code(text, s.At.Start, s.At.End, []*engine.Statement{s})
			}
		} else {
			h.code(text, p.At.Start, p.At.End, marked)
		}
		if len(marked) == 0 {
			continue
		}
		h.raw("<ul class=\"deciding\">\n")
		for _, s := range marked {
			d := h.decided[s]
			h.raw(`<li><a href="#` + d.id + `">` + escaped(statementTitle(s)) + "</a>")
			h.requests(" decided ", d.decided)
			h.requests(" leaves open ", d.open)
			h.raw("</li>\n")
		}
		h.raw("</ul>\n")
	}
	h.raw("</section>\n")
}

// requests writes links to requests after a verb, or nothing for none.
func (h *markup) requests(verb string, numbers []int) {
	for _, n := range numbers {
		h.raw(verb + `<a href="#` + requestID(n) + `">` + escaped(h.World.Scenario.Requests[n].Name) + "</a>")
		verb = ", "
	}
}

// statementTitle is a statement's Sid, or its number.
func statementTitle(s *engine.Statement) string {
	return cmp.Or(s.Sid, "Statement "+strconv.Itoa(s.Index+1))
}

// code writes a part of a text, highlighted, without the indentation that its
// lines share, and with the statements in it marked: as whole lines where they
// have their lines to themselves.
func (h *markup) code(text string, start, end int, marked []*engine.Statement) {
	line := text[strings.LastIndexByte(text[:start], '\n')+1 : start]
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	piece := func(from, to int) {
		part := strings.ReplaceAll(text[from:to], "\n"+indent, "\n")
		if from > start && text[from-1] == '\n' {
			part = strings.TrimPrefix(part, indent)
		}
		h.tokens(part)
	}
	h.raw("<pre tabindex=\"0\"><code>")
	at := start
	for _, s := range marked {
		from, to, lines := wholeLines(text, max(start, at), end, s.At.Start, s.At.End)
		piece(at, from)
		d := h.decided[s]
		class := cmp.Or(d.tone, "depends")
		if lines {
			class += " lines"
		}
		h.raw(`<mark id="` + d.id + `" class="` + class + `">`)
		piece(from, to)
		h.raw("</mark>")
		at = to
	}
	piece(at, end)
	h.raw("</code></pre>\n")
}

// document writes a document's text.
func (h *markup) document(s string) { h.raw(marked(s, true)) }

// wholeLines grows a range of a text to the lines on which it stands, with
// their ends, when nothing but white space and a comma stands on them beside it
// and they are within the limits.
func wholeLines(text string, least, most, start, end int) (int, int, bool) {
	from := start - len(text[:start]) + len(strings.TrimRight(text[:start], " \t"))
	to := end + len(text[end:]) - len(strings.TrimLeft(text[end:], ", \t\r"))
	if from <= least || text[from-1] != '\n' || to >= most || text[to] != '\n' {
		return start, end, false
	}
	return from, to + 1, true
}

// tokenClasses are the classes of the kinds of JSON tokens.
var tokenClasses = map[chroma.TokenType]string{
	chroma.NameTag:         "k",
	chroma.LiteralString:   "s",
	chroma.LiteralNumber:   "l",
	chroma.KeywordConstant: "l",
}

// wayWords are the decisions that one way of an unknown leaves open.
func wayWords(d engine.Decisions) string {
	var words []string
	for _, one := range d.List() {
		_, word, _ := sign(one)
		words = append(words, word)
	}
	return explain.Join(words, "or")
}

// contextRows are the keys that the policies asked for: those of the request
// with their origin, and sentences about absent ones on which the answer rests.
func contextRows(e *engine.Evaluation) (rows [][2]string, absent []string) {
	for _, c := range e.Query.Context {
		if c.Origin == engine.Absent || c.Origin == engine.UnknownOrigin || !e.Used(c.Key) {
			continue
		}
		rows = append(rows, [2]string{c.Key + " = " + engine.ShownValues(c.Values, c.Multi),
			cmp.Or(c.From, "written in the request")})
	}
	for _, a := range e.AbsentKeys() {
		if a.Matters {
			absent = append(absent, explain.Absent(e, a))
		}
	}
	return rows, absent
}
