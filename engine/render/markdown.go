package render

import (
	"io"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
)

// Markdown writes the explanation of every request for a document that has no
// room for a page: headings, AWS's message, the stages as a list, the statements
// as a table, and the text of what decided. evaluations are as for Text. Of the
// page only Playground and Rules are used.
func Markdown(w io.Writer, s Source, evaluations []*engine.Evaluation, page Page) error {
	m := &markdown{Source: s, t: newText(Source{File: s.File, World: s.World}), rules: page.Rules}
	m.line("# " + plainly(m.t.title()))
	if page.Playground != "" {
		m.line("")
		m.line("[Open this scenario in the playground](" + address(page.Playground) + ")")
	}
	if len(s.World.Diagnostics) > 0 {
		m.line("\n## What is wrong with the document\n")
		for _, d := range s.World.Diagnostics {
			line, column := m.t.lines.Position(d.Start)
			m.line("- **" + d.Severity.String() + "**, line " + strconv.Itoa(line) + ", column " + strconv.Itoa(column) + ": " + plainly(d.Message))
		}
		if s.World.More > 0 {
			m.line("\n" + explain.Capital(Unlisted(s.World.More)) + ".")
		}
	}
	for i, e := range evaluations {
		m.request(i, e)
	}
	if says := explain.NotChecked(evaluations); says != "" {
		m.line("\n" + plainly(says))
	}
	_, err := io.WriteString(w, m.String())
	return err
}

// markdown is a text in Markdown while it is written.
type markdown struct {
	strings.Builder
	Source
	t *text
	// rules is the address of the rule book's page, "" for none.
	rules string
}

func (m *markdown) line(s string) { m.WriteString(s + "\n") }

// plainly is a text of one line that Markdown shows as it is.
func plainly(s string) string {
	var b strings.Builder
	for _, r := range clean(strings.Join(strings.Fields(s), " ")) {
		if strings.ContainsRune("\\`*_[]<>|~&#!$", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (m *markdown) request(number int, e *engine.Evaluation) {
	r := m.World.Scenario.Requests[number]
	icon, word, _ := sign(decisionOf(e))
	m.line("\n## " + plainly(r.Name) + ": " + icon + " " + word)
	if e == nil {
		m.line("\nThis request cannot be evaluated. The errors in the document say why.")
	} else {
		m.asks(e.Query)
		m.line("\n> " + plainly(explain.Message(e)))
		m.asked(e.Query)
		m.explanation(e)
		for _, also := range e.Also {
			icon, word, _ := sign(also.Decision)
			m.line("\n### " + explain.Capital(alsoTitle(also.Query, plainly(also.Query.Action), plainly)) + ": " + icon + " " + word)
			m.asks(also.Query)
			m.asked(also.Query)
			m.explanation(also)
		}
		if len(e.Also) > 0 {
			m.unknowns("The whole call depends on ", e.Call.Unknowns)
		}
	}
	switch x := r.Expected(e); {
	case x == nil:
	case x.Met():
		m.line("\n✓ as expected: " + plainly(x.Text))
	default:
		for _, p := range x.Problems {
			m.line("\n✕ " + plainly(p))
		}
	}
}

func (m *markdown) asks(q *engine.Query) {
	m.line("\n" + plainly(q.Request.Principal.Value) + " asks for " + plainly(q.Action) + " on " + plainly(q.Resource) + "\\.")
}

func (m *markdown) asked(q *engine.Query) {
	if says := explain.Asked(q); says != "" {
		m.line("\n! " + plainly(says))
	}
}

// address is the address of a link in Markdown.
func address(s string) string {
	return "<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "", "\r", "").Replace(s) + ">"
}

// cite names a rule of the rule book, as a link where its page is known.
func (m *markdown) cite(rule string) string {
	name := explain.RuleName(rule)
	switch {
	case name == "":
		return ""
	case m.rules == "":
		return " (" + name + ")"
	}
	return " ([" + name + "](" + address(m.rules+"#"+rule) + "))"
}

func (m *markdown) explanation(e *engine.Evaluation) {
	m.line("\nThe steps, in AWS's order:\n")
	rows := explain.Rows(e)
	for i := range rows {
		words := &rows[i].Words
		icon, _ := rowSign(e, &rows[i])
		title := " **" + plainly(words.Title) + "**"
		if words.Word != "" {
			title += " " + plainly(words.Word)
		}
		m.line(strconv.Itoa(i+1) + ". " + icon + title + ": " + plainly(words.Text) + m.cite(words.Rule))
	}
	statements := explain.Statements(e)
	if len(statements) > 0 {
		m.line("\n| Statement | Effect | Result | Each element |\n| --- | --- | --- | --- |")
	}
	for i := range statements {
		s := &statements[i]
		effect := s.Statement.Effect.String()
		var elements []string
		for k := range s.Elements {
			el := &s.Elements[k]
			icon, _ := outcomeSign(el.Outcome)
			elements = append(elements, icon+" "+plainly(elementName(el)+" "+explain.Element(e.Query, el)))
		}
		m.line("| " + plainly(explain.StatementName(s.Statement, s.Policy)) + " | " + effect + " | " + plainly(s.Text) + " | " + strings.Join(elements, "; ") + " |")
	}
	for _, n := range explain.Nearest(e, statements) {
		m.line("\n" + plainly(n.Text))
	}
	m.unknowns("It depends on ", e.Unknowns)
	for i := range statements {
		if s := &statements[i]; s.Relevance == explain.Decided || s.Relevance == explain.Depends {
			m.fence(s)
		}
	}
}

// unknowns lists what an answer depends on, each way.
func (m *markdown) unknowns(lead string, list []engine.Unknown) {
	for _, u := range list {
		m.line("\n" + lead + plainly(explain.UnknownName(u)) + ":\n")
		for _, way := range u.Ways {
			m.line("- " + plainly(way.Value) + ": " + wayWords(way.Decisions))
		}
	}
}

// fence writes the text of a statement as a block of code.
func (m *markdown) fence(s *explain.Statement) {
	source := m.World.Scenario.Document.Text
	if s.Policy.Document != "" {
		source = m.World.Library.Text(s.Policy.Document)
	}
	at := s.Statement.At
	first := source[strings.LastIndexByte(source[:at.Start], '\n')+1 : at.Start]
	indent := first[:len(first)-len(strings.TrimLeft(first, " \t"))]
	fence := "```"
	for strings.Contains(source[at.Start:at.End], fence) {
		fence += "`"
	}
	m.line("\n" + plainly(explain.StatementTitle(s.Statement, s.Policy)) + ":\n\n" + fence + "json")
	for _, line := range strings.Split(source[at.Start:at.End], "\n") {
		m.line(cleanDocument(strings.TrimSuffix(strings.TrimPrefix(line, indent), "\r")))
	}
	m.line(fence)
}
