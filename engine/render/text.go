// Package render writes answers for people outside the page: as text for a
// terminal, with the lines of the policies and carets under what decided; as a
// page and as Markdown that need no script; and as a picture of the stages.
//
// It only lays out. The sentences are package explain's, and whoever calls says
// where the text goes and whether it has colours.
package render

import (
	"io"
	"slices"
	"strconv"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Source is a scenario as it is shown.
type Source struct {
	// File is what the document is called in front of line numbers.
	File  string
	World *engine.World
	// Colours says that the reader's terminal shows colours.
	Colours bool
}

// Text writes everything about a scenario: its title, what is wrong with the
// document, and the explanation of each request. evaluations has one entry per
// request; nil for those that cannot be evaluated.
func Text(w io.Writer, s Source, evaluations []*engine.Evaluation) error {
	t := newText(s)
	t.line(bold, t.title())
	t.diagnostics()
	for i, e := range evaluations {
		t.WriteByte('\n')
		t.request(i, e)
	}
	if says := explain.NotChecked(evaluations); says != "" {
		t.WriteByte('\n')
		t.line(dim, says)
	}
	return t.writeTo(w)
}

// Diagnostics writes what is wrong with a scenario's document: each finding with
// its line and carets under the text. It writes nothing when nothing is wrong.
func Diagnostics(w io.Writer, s Source) error {
	t := newText(s)
	t.diagnostics()
	return t.writeTo(w)
}

// Request writes the explanation of the request of that number; e is nil when
// it cannot be evaluated.
func Request(w io.Writer, s Source, number int, e *engine.Evaluation) error {
	t := newText(s)
	t.request(number, e)
	return t.writeTo(w)
}

// text is a text for a terminal while it is written.
type text struct {
	painter
	Source
	lines   *jsonpos.Lines
	managed map[string]*jsonpos.Lines // of managed policies, by ARN
}

func newText(s Source) *text {
	return &text{painter: painter{colours: s.Colours}, Source: s, lines: jsonpos.NewLines(s.World.Scenario.Document.Text), managed: map[string]*jsonpos.Lines{}}
}

func (t *text) title() string {
	if t.World.Scenario.Title != "" {
		return t.World.Scenario.Title
	}
	return t.File
}

func (t *text) diagnostics() {
	for _, d := range t.World.Diagnostics {
		c := yellow
		switch d.Severity {
		case engine.Error:
			c = red
		case engine.Suggestion:
			c = cyan
		}
		line, column := t.lines.Position(d.Start)
		t.paint(bold, t.File+":"+strconv.Itoa(line)+":"+strconv.Itoa(column)+": ")
		t.paint(c, d.Severity.String())
		t.line(plain, ": "+d.Message+" ["+d.Code+"]")
		t.excerpt(t.World.Scenario.Document.Text, t.lines, []mark{{d.Start, d.End, c, d.Hint}})
	}
	if t.World.More > 0 {
		t.line(bold, t.File+": "+Unlisted(t.World.More))
	}
}

// Unlisted says how many findings there are beside those that are listed.
func Unlisted(more int) string { return "and " + grouped(more) + " more" }

// grouped is a count with commas between its thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// sign is a decision's sign, words and colour.
func sign(d engine.Decision) (string, string, colour) {
	switch d {
	case engine.Allowed:
		return "✓", "allowed", green
	case engine.ExplicitDeny:
		return "✕", "explicitly denied", red
	case engine.ImplicitDeny:
		return "✕", "implicitly denied", red
	case engine.Depends:
		return "?", "depends", yellow
	}
	return "!", "cannot be evaluated", red
}

func (t *text) decision(d engine.Decision, name string) {
	icon, word, c := sign(d)
	t.paint(c, icon+" ")
	t.paint(bold, name)
	t.line(c, ": "+word)
}

func (t *text) request(number int, e *engine.Evaluation) {
	r := t.World.Scenario.Requests[number]
	if e == nil {
		t.decision(engine.Invalid, r.Name)
		t.line(plain, "  The errors in the document say why.")
		t.expectation(r.Expected(nil))
		return
	}
	t.decision(e.Overall, r.Name)
	t.asks(e.Query)
	t.line(plain, "  "+explain.Message(e))
	t.asked(e.Query)
	t.explanation(e)
	for _, also := range e.Also {
		t.WriteByte('\n')
		t.decision(also.Decision, alsoTitle(also.Query, also.Query.Action, func(name string) string { return name }))
		t.asks(also.Query)
		t.asked(also.Query)
		t.explanation(also)
	}
	if len(e.Also) > 0 {
		t.unknowns("what the whole call depends on", e.Call.Unknowns)
	}
	t.expectation(r.Expected(e))
}

// alsoTitle is the heading of a further check, with its action as it is shown;
// written writes its name.
func alsoTitle(q *engine.Query, action string, written func(string) string) string {
	title := "the same call also needs " + action
	if name := q.Further().Name; name != "" {
		title += " (" + written(name) + ")"
	}
	return title
}

// asks is the question in one line.
func (t *text) asks(q *engine.Query) {
	t.line(dim, "  "+q.Request.Principal.Value+"  "+q.Action+"  "+q.Resource)
}

// asked is what the resource of a request lets say about the request itself.
func (t *text) asked(q *engine.Query) {
	if says := explain.Asked(q); says != "" {
		t.line(yellow, "  ! "+says)
	}
}

func (t *text) head(title string) {
	t.WriteByte('\n')
	t.line(bold, "  "+title)
}

// explanation is why one decision is as it is.
func (t *text) explanation(e *engine.Evaluation) {
	t.stages(e)
	statements := explain.Statements(e)
	t.deciding(e, statements)
	t.nearest(e, explain.Nearest(e, statements))
	t.unknowns("what it depends on", e.Unknowns)
	t.context(e)
	if notes := explain.Notes(e); len(notes) > 0 {
		t.head("good to know")
		for _, n := range notes {
			t.line(plain, "    "+n.Title+". "+n.Text)
			t.line(dim, "    "+n.Page+ruleSuffix(n.Rule))
		}
	}
}

// stateSign is a state's sign and colour.
func stateSign(s engine.StageState) (string, colour) {
	switch s {
	case engine.Passed, engine.Granted:
		return "✓", green
	case engine.Stopped, engine.WouldAlsoStop:
		return "✕", red
	case engine.StageDepends:
		return "?", yellow
	case engine.NotApplicable:
		return "–", dim
	}
	return "·", dim
}

// rowSign is the sign and colour of a line of the steps.
func rowSign(e *engine.Evaluation, r *explain.Row) (string, colour) {
	if r.Words.Denies {
		return "✕", red
	}
	return stateSign(e.Stages[r.Stages[0]].State)
}

// levelSign is the sign and colour of a level of an organization.
func levelSign(l *engine.Level, words *explain.Level) (string, colour) {
	if words.Denies {
		return "✕", red
	}
	return stateSign(l.State)
}

// ruleSuffix names a rule of the rule book behind a sentence, "" for none.
func ruleSuffix(rule string) string {
	if name := explain.RuleName(rule); name != "" {
		return " (" + name + ")"
	}
	return ""
}

func (t *text) stages(e *engine.Evaluation) {
	t.head("the steps, in AWS's order")
	rows := explain.Rows(e)
	titles, states := 0, 0
	for i := range rows {
		titles, states = max(titles, width(rows[i].Words.Title)), max(states, width(rows[i].Words.Word))
	}
	for i := range rows {
		r := &rows[i]
		icon, c := rowSign(e, r)
		t.paint(c, "    "+icon+" ")
		t.paint(plain, pad(r.Words.Title, titles+2))
		if r.Words.Word != "" {
			t.paint(c, pad(r.Words.Word, states+2))
		}
		t.paint(plain, r.Words.Text)
		t.line(dim, ruleSuffix(r.Words.Rule))
		levels := e.Stages[r.Stages[0]].Levels
		if len(levels) < 2 {
			continue
		}
		for j := range levels {
			words := explain.DescribeLevel(e, &levels[j])
			icon, c := levelSign(&levels[j], &words)
			t.paint(c, "        "+icon+" ")
			t.paint(plain, levels[j].Name+" ")
			t.paint(c, words.Word)
			t.line(plain, ": "+words.Text)
		}
	}
}

// most is how many statements of a kind are shown with their text.
const most = 5

// deciding shows the statements that decided or on which it depends.
func (t *text) deciding(e *engine.Evaluation, statements []explain.Statement) {
	titles := map[explain.Relevance]string{explain.Decided: "what decided", explain.Depends: "what depends on something unknown"}
	if e.Decision == engine.ImplicitDeny {
		titles[explain.Decided] = "what allows it, and is not enough"
	}
	for _, relevance := range []explain.Relevance{explain.Decided, explain.Depends} {
		shown := slices.DeleteFunc(slices.Clone(statements), func(s explain.Statement) bool { return s.Relevance != relevance })
		if len(shown) == 0 {
			continue
		}
		t.head(titles[relevance])
		for i := range shown[:min(most, len(shown))] {
			s := &shown[i]
			t.statement(e.Query, s, s.Text, func(el *engine.Element) bool { return true })
		}
		if n := len(shown) - most; n > 0 {
			t.line(dim, "    and "+explain.Count(n, "more statement"))
		}
	}
}

// nearTitle is the heading of the statements that nearly decided otherwise.
func nearTitle(list []explain.Near) string {
	switch list[0].Kind {
	case explain.LiftDeny:
		return "what would change it"
	case explain.NearDeny:
		return "what nearly denied it"
	}
	return "what comes nearest"
}

// nearest shows what nearly decided otherwise: statements with what they lack,
// or for an explicit deny how to escape it.
func (t *text) nearest(e *engine.Evaluation, list []explain.Near) {
	if len(list) == 0 {
		return
	}
	t.head(nearTitle(list))
	if list[0].Kind == explain.LiftDeny {
		for _, n := range list[:min(most, len(list))] {
			t.line(plain, "    "+n.Text)
		}
		return
	}
	for i := range list {
		t.statement(e.Query, list[i].Statement, list[i].Text, func(el *engine.Element) bool { return el.Outcome != trace.Yes })
	}
}

// statement shows one statement: where it stands, what is said of it, and its
// lines with carets under the elements that are wanted.
func (t *text) statement(q *engine.Query, s *explain.Statement, says string, wanted func(*engine.Element) bool) {
	source, lines, place := t.World.Scenario.Document.Text, t.lines, t.File
	if arn := s.Policy.Document; arn != "" {
		source, place = t.World.Library.Text(arn), arn
		if t.managed[arn] == nil {
			t.managed[arn] = jsonpos.NewLines(source)
		}
		lines = t.managed[arn]
	}
	effect := s.Statement.Effect.String()
	line, column := lines.Position(s.Statement.At.Start)
	t.paint(plain, "    "+effect+" "+explain.StatementName(s.Statement, s.Policy)+" ")
	t.line(dim, "("+place+":"+strconv.Itoa(line)+":"+strconv.Itoa(column)+")")
	t.line(plain, "    "+says)
	var marks []mark
	for i := range s.Elements {
		el := &s.Elements[i]
		if !wanted(el) {
			continue
		}
		start, end := spot(el)
		icon, c := outcomeSign(el.Outcome)
		marks = append(marks, mark{start, end, c, icon + " " + explain.Element(q, el)})
	}
	t.excerpt(source, lines, marks)
}

func outcomeSign(o trace.Outcome) (string, colour) {
	switch o {
	case trace.Yes:
		return "✓", green
	case trace.Unknown:
		return "?", yellow
	}
	return "✕", red
}

// spot is the range of bytes that tells most about an element: the value that
// settled it, or the whole element with its key.
func spot(el *engine.Element) (start, end int) {
	for i := range el.Comparisons {
		if c := &el.Comparisons[i]; c.At != nil &&
			(c.Outcome == trace.Yes || el.Values == 1 ||
				c.Part != nil && c.Outcome == trace.Unknown && el.Outcome == trace.Unknown) {
			return c.At.Start, c.At.End
		}
	}
	if el.At.KeyStart() >= 0 {
		return el.At.KeyStart(), el.At.End
	}
	return el.At.Start, el.At.End
}

// unknowns shows what the answer depends on, each way.
func (t *text) unknowns(title string, list []engine.Unknown) {
	if len(list) == 0 {
		return
	}
	t.head(title)
	for _, u := range list {
		t.line(yellow, "    ? "+explain.UnknownName(u))
		for _, way := range u.Ways {
			t.line(plain, "        "+way.Value+": "+wayWords(way.Decisions))
		}
	}
}

// context shows the keys that the policies asked for: those of the request,
// and absent ones on which the answer rests.
func (t *text) context(e *engine.Evaluation) {
	rows, absent := contextRows(e)
	columns := 0
	for _, r := range rows {
		columns = max(columns, width(r[0]))
	}
	if len(rows)+len(absent) == 0 {
		return
	}
	t.head("the context that was asked for")
	for _, r := range rows {
		t.paint(plain, "    "+pad(r[0], columns+2))
		t.line(dim, r[1])
	}
	for _, a := range absent {
		t.line(yellow, "    "+a)
	}
}

func (t *text) expectation(x *engine.Expected) {
	if x == nil {
		return
	}
	t.WriteByte('\n')
	if x.Met() {
		t.line(green, "  ✓ as expected: "+x.Text)
		return
	}
	for _, p := range x.Problems {
		t.line(red, "  ✕ "+p)
	}
}
