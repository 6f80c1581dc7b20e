package render

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// mark is a range of bytes of a text, and what is said about it.
type mark struct {
	start, end int
	colour     colour
	text       string
}

// Lines longer than longest are shown in part: what is marked, with at most
// before bytes in front of it and after bytes from its start.
const (
	longest = 160
	before  = 40
	after   = 100
)

// row is a line of the text, or a part of a long one, with the marks in it.
type row struct {
	number     int
	start, end int
	marks      []mark
}

// excerpt writes the lines that have marks, each with carets under exactly what
// is marked. A mark over several lines stands under the first.
func (p *painter) excerpt(text string, lines *jsonpos.Lines, marks []mark) {
	rows := rowsOf(text, lines, marks)
	gutter, common := 0, -1
	for _, r := range rows {
		gutter = max(gutter, len(strconv.Itoa(r.number)))
		if line := text[r.start:r.end]; strings.TrimSpace(line) != "" {
			if n := len(line) - len(strings.TrimLeft(line, " \t")); common < 0 || n < common {
				common = n
			}
		}
	}
	for _, r := range rows {
		// A mark may begin in the white space that the other lines share.
		start := min(r.start+max(common, 0), r.end)
		for _, m := range r.marks {
			start = min(start, m.start)
		}
		lead, tail := "", ""
		if r.start > 0 && text[r.start-1] != '\n' && text[r.start-1] != '\r' {
			lead = "…"
		}
		if r.end < len(text) && text[r.end] != '\n' && text[r.end] != '\r' {
			tail = "…"
		}
		p.paint(dim, "    "+strings.Repeat(" ", gutter-len(strconv.Itoa(r.number)))+strconv.Itoa(r.number)+" │ "+lead)
		if lead+tail == "" {
			p.json(text[start:r.end])
		} else {
			p.paint(plain, cleanDocument(text[start:r.end]))
		}
		p.line(dim, tail)
		for _, m := range r.marks {
			end := min(m.end, r.end)
			p.paint(dim, "    "+strings.Repeat(" ", gutter)+" │ ")
			p.WriteString(strings.Repeat(" ", width(lead)+width(cleanDocument(text[start:m.start]))))
			p.line(m.colour, strings.TrimRight(strings.Repeat("^", max(1, width(cleanDocument(text[m.start:max(m.start, end)]))))+" "+m.text, " "))
		}
	}
}

// rowsOf puts the marks into the lines in which they begin, in the order of
// the text.
func rowsOf(text string, lines *jsonpos.Lines, marks []mark) []row {
	marks = slices.Clone(marks)
	slices.SortStableFunc(marks, func(a, b mark) int { return a.start - b.start })
	var rows []row
	for _, m := range marks {
		number, _ := lines.Position(m.start)
		start := strings.LastIndexAny(text[:m.start], "\r\n") + 1
		end := len(text)
		if n := strings.IndexAny(text[m.start:], "\r\n"); n >= 0 {
			end = m.start + n
		}
		if end-start > longest {
			start, end = whole(text, max(start, m.start-before)), whole(text, min(end, m.start+after))
		}
		if n := len(rows) - 1; n >= 0 && rows[n].start == start {
			rows[n].marks = append(rows[n].marks, m)
			continue
		}
		rows = append(rows, row{number, start, end, []mark{m}})
	}
	return rows
}

// whole moves an offset back to the start of a character.
func whole(text string, at int) int {
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
