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
	// Address and Picture are the page's own address and that of its picture,
	// for the previews of links; "" for none.
	Address, Picture string
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
	h := &markup{Source: s, t: newText(Source{File: s.File, World: s.World})}
	h.read(evaluations)
	h.head(page)
	h.raw("<body>\n<main>\n<header>\n")
	h.element("h1", "", h.t.title())
	h.prose(s.World.Scenario.Description)
	if page.Playground != "" {
		h.raw(`<p><a href="` + attribute(page.Playground) + `">Open this scenario in the playground</a>, to change it and see every answer change.</p>` + "\n")
	}
	h.raw("</header>\n")
	h.contents(evaluations)
	h.problems()
	for i, e := range evaluations {
		h.request(i, e)
	}
	h.policies()
	h.raw("</main>\n</body>\n</html>\n")
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
					if s.Statement.Deny {
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

// escaped is a text as HTML. What would be obeyed instead of shown is written
// as its code, but for the ends of lines.
func escaped(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = html.EscapeString(clean(lines[i]))
	}
	return strings.Join(lines, "\n")
}

// attribute is a text as the value of an attribute.
func attribute(s string) string { return strings.ReplaceAll(escaped(s), "\n", " ") }

func (h *markup) head(page Page) {
	source := "'self'"
	if page.Style == "" {
		sum := sha256.Sum256([]byte(Style))
		source = "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	h.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" +
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ` + source + `; img-src 'self'; base-uri 'none'; form-action 'none'">` + "\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
	h.element("title", "", h.t.title())
	about := summary(h.World.Scenario.Description)
	meta := func(kind, name, content string) {
		if content != "" {
			h.raw("<meta " + kind + `="` + name + `" content="` + attribute(content) + `">` + "\n")
		}
	}
	meta("name", "description", about)
	meta("property", "og:type", "article")
	meta("property", "og:title", h.t.title())
	meta("property", "og:description", about)
	meta("property", "og:url", page.Address)
	meta("property", "og:image", page.Picture)
	if page.Style == "" {
		h.raw("<style>" + Style + "</style>\n</head>\n")
	} else {
		h.raw(`<link rel="stylesheet" href="` + attribute(page.Style) + `">` + "\n</head>\n")
	}
}

// summary is the first paragraph of a description without its marks,
// cut to what previews show.
func summary(description string) string {
	first, _, _ := strings.Cut(description, "\n\n")
	first = strings.Join(strings.Fields(strings.NewReplacer("`", "", "**", "").Replace(first)), " ")
	if runes := []rune(first); len(runes) > 200 {
		return string(runes[:199]) + "…"
	}
	return first
}

// prose writes a description: paragraphs, code between backticks, and what is
// strong between pairs of asterisks.
func (h *markup) prose(s string) {
	for _, paragraph := range strings.Split(s, "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph == "" {
			continue
		}
		h.raw("<p>")
		h.between(paragraph, "`", "code", func(s string) { h.between(s, "**", "strong", h.say) })
		h.raw("</p>\n")
	}
}

// between writes a text whose parts between two marks are elements of that
// name, and leaves the rest to others.
func (h *markup) between(s, mark, name string, rest func(string)) {
	parts := strings.Split(s, mark)
	for i, part := range parts {
		switch {
		case i%2 == 0:
			rest(part)
		case i+1 < len(parts):
			h.raw("<" + name + ">" + escaped(part) + "</" + name + ">")
		default:
			rest(mark + part)
		}
	}
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
	if len(evaluations) == 0 {
		return
	}
	h.raw("<nav aria-label=\"Requests\">\n<ol>\n")
	for i, e := range evaluations {
		icon, word, c := sign(decisionOf(e))
		h.raw(`<li><a href="#` + requestID(i) + `">` + escaped(h.World.Scenario.Requests[i].Name) + "</a>: " + signed(icon, word, c) + "</li>\n")
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
	h.raw("</ul>\n</section>\n")
}

func (h *markup) request(number int, e *engine.Evaluation) {
	r := h.World.Scenario.Requests[number]
	id := requestID(number)
	icon, word, c := sign(decisionOf(e))
	h.raw(`<section id="` + id + `" aria-labelledby="` + id + `-title">` + "\n" + `<h2 id="` + id + `-title">` + escaped(r.Name) + ": " + signed(icon, word, c) + "</h2>\n")
	problems := []string{"the request cannot be evaluated"}
	if e == nil {
		h.element("p", "", "This request cannot be evaluated. The errors in the document say why.")
	} else {
		h.asks(e.Query)
		h.element("blockquote", "", explain.Message(e))
		h.explanation(e, number, "")
		for i, also := range e.Also {
			icon, word, c := sign(also.Decision)
			h.raw("<h3>The same call also needs <code>" + escaped(also.Query.Action) + "</code>: " + signed(icon, word, c) + "</h3>\n")
			h.asks(also.Query)
			h.explanation(also, number, " of the further check "+strconv.Itoa(i+1))
		}
		problems = nil
		if r.Expect != nil {
			problems, _ = r.Expect.Check(e)
		}
	}
	if r.Expect != nil && len(problems) == 0 {
		h.raw("<p>" + signed("✓", "as expected: "+r.Expect.String(), green) + "</p>\n")
	} else if r.Expect != nil {
		for _, p := range problems {
			h.raw("<p>" + signed("✕", p, red) + "</p>\n")
		}
	}
	h.raw("</section>\n")
}

// asks is the question in one line.
func (h *markup) asks(q *engine.Query) {
	h.raw(`<p class="asks"><code>` + escaped(q.Request.Principal.Value) + "</code> asks for <code>" + escaped(q.Action) + "</code> on <code>" + escaped(q.Resource) + "</code></p>\n")
}

// explanation is why one decision is as it is; of tells its tables from those of
// the request's other checks.
func (h *markup) explanation(e *engine.Evaluation, number int, of string) {
	h.stages(e)
	statements := explain.Statements(e)
	h.statements(e, statements, h.World.Scenario.Requests[number].Name+of)
	if nearest := explain.Nearest(e, statements); len(nearest) > 0 {
		h.element("h3", "", map[bool]string{true: "What would change it", false: "What comes nearest"}[e.Decision == engine.ExplicitDeny])
		h.raw("<ul>\n")
		for _, m := range nearest {
			h.element("li", "", m.Text)
		}
		h.raw("</ul>\n")
	}
	if len(e.Unknowns) > 0 {
		h.element("h3", "", "What it depends on")
		h.raw("<ul>\n")
		for _, u := range e.Unknowns {
			h.raw("<li>" + escaped(explain.UnknownName(u)) + "\n<ul>\n")
			for _, way := range u.Ways {
				h.element("li", "", way.Value+": "+wayWords(way.Decisions))
			}
			h.raw("</ul></li>\n")
		}
		h.raw("</ul>\n")
	}
	h.context(e)
	if notes := explain.Notes(e); len(notes) > 0 {
		h.element("h3", "", "Good to know")
		h.raw("<ul>\n")
		for _, n := range notes {
			h.raw("<li>" + escaped(n.Title+". "+n.Text) + ` <a href="` + attribute(n.Page) + `">AWS's page: ` + escaped(n.Title) + "</a></li>\n")
		}
		h.raw("</ul>\n")
	}
}

func (h *markup) stages(e *engine.Evaluation) {
	h.raw("<h3>The steps, in AWS's order</h3>\n<ol class=\"stages\">\n")
	for i := range e.Stages {
		s := &e.Stages[i]
		words := explain.DescribeStage(e, s)
		icon, c := stateSign(s.State)
		h.raw("<li><strong>" + escaped(words.Title) + "</strong> " + signed(icon, words.Word, c) + "<br>" + escaped(words.Text))
		if len(s.Levels) > 1 {
			h.raw("\n<ul>\n")
			for _, l := range s.Levels {
				icon, c := stateSign(l.State)
				h.raw("<li>" + escaped(l.Name) + " " + signed(icon, explain.StateWord(l.State), c) + ": " + escaped(explain.Join(levelPolicies(e, l), "and")) + "</li>\n")
			}
			h.raw("</ul>")
		}
		h.raw("</li>\n")
	}
	h.raw("</ol>\n")
}

// statements is the table of all statements that were looked at.
func (h *markup) statements(e *engine.Evaluation, list []explain.Statement, name string) {
	if len(list) == 0 {
		return
	}
	h.raw("<h3>Every statement that was looked at</h3>\n<div class=\"scroll\" role=\"group\" aria-label=\"" + attribute("Statements: "+name) + "\" tabindex=\"0\">\n<table>\n")
	h.element("caption", "", "What decided comes first, then what came near.")
	h.raw("<thead><tr><th scope=\"col\">Statement</th><th scope=\"col\">Effect</th><th scope=\"col\">Result</th><th scope=\"col\">Each element</th></tr></thead>\n<tbody>\n")
	for i := range list {
		s := &list[i]
		name := escaped(explain.StatementName(s.Statement, s.Policy))
		if d := h.decided[s.Statement]; d != nil {
			name = `<a href="#` + d.id + `">` + name + "</a>"
		}
		effect := "Allow"
		if s.Statement.Deny {
			effect = "Deny"
		}
		h.raw("<tr><th scope=\"row\">" + name + "</th><td>" + effect + "</td><td>" + escaped(s.Text) + "</td><td><ul>")
		for k := range s.Elements {
			el := &s.Elements[k]
			icon, c := outcomeSign(el.Outcome)
			h.raw("<li>" + signed(icon, elementName(el), c) + " " + escaped(explain.Element(e.Query, el)) + "</li>")
		}
		h.raw("</ul></td></tr>\n")
	}
	h.raw("</tbody>\n</table>\n</div>\n")
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
	h.raw("<ul>\n")
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
	h.raw("<section id=\"policies\" aria-labelledby=\"policies-title\">\n<h2 id=\"policies-title\">The policies</h2>\n")
	for _, p := range h.shown {
		h.element("h3", "", explain.Capital(explain.PolicyName(p)))
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
		h.raw("<ul>\n")
		for _, s := range marked {
			d := h.decided[s]
			h.raw(`<li><a href="#` + d.id + `">` + escaped(explain.Capital(statementTitle(s))) + "</a>")
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
	return cmp.Or(s.Sid, "statement "+strconv.Itoa(s.Index+1))
}

// code writes a part of a text, highlighted, without the indentation that its
// lines share, and with the statements in it marked.
func (h *markup) code(text string, start, end int, marked []*engine.Statement) {
	line := text[strings.LastIndexByte(text[:start], '\n')+1 : start]
	indent := "\n" + line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	piece := func(from, to int) {
		for _, t := range tokens(strings.ReplaceAll(text[from:to], indent, "\n")) {
			class := tokenClasses[t.Type]
			if class == "" {
				h.say(t.Value)
				continue
			}
			h.raw(`<span class="` + class + `">` + escaped(t.Value) + "</span>")
		}
	}
	h.raw("<pre><code>")
	at := start
	for _, s := range marked {
		piece(at, s.At.Start)
		d := h.decided[s]
		h.raw(`<mark id="` + d.id + `" class="` + cmp.Or(d.tone, "depends") + `">`)
		piece(s.At.Start, s.At.End)
		h.raw("</mark>")
		at = s.At.End
	}
	piece(at, end)
	h.raw("</code></pre>\n")
}

// tokenClasses are the classes of the kinds of JSON tokens.
var tokenClasses = map[chroma.TokenType]string{
	chroma.NameTag:         "k",
	chroma.LiteralString:   "s",
	chroma.LiteralNumber:   "l",
	chroma.KeywordConstant: "l",
}

// levelPolicies are the names of the policies at a level of an organization.
func levelPolicies(e *engine.Evaluation, l engine.Level) []string {
	var names []string
	for _, a := range e.Query.Sets()[l.Set].Policies {
		names = append(names, explain.PolicyName(a.Policy))
	}
	if len(names) == 0 {
		return []string{"nothing attached"}
	}
	return names
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
		value := strings.Join(c.Values, ", ")
		if c.Multi {
			value = "[" + value + "]"
		}
		rows = append(rows, [2]string{c.Key + " = " + value, cmp.Or(c.From, "written in the request")})
	}
	for _, a := range e.AbsentKeys() {
		if a.Matters {
			absent = append(absent, explain.Absent(e, a))
		}
	}
	return rows, absent
}
