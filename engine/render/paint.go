package render

import (
	"io"
	"strings"
	"unicode"
)

// colour is the number of a terminal's style: "31" is red. "" is none.
type colour string

const (
	plain  colour = ""
	bold   colour = "1"
	dim    colour = "2"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
	blue   colour = "34"
	violet colour = "35"
	cyan   colour = "36"
)

// painter collects what is written, so that it is written at once and an
// error can occur in one place only.
type painter struct {
	strings.Builder
	colours bool
}

// paint writes a text in a colour. The text may come from anybody: it is
// cleaned first.
func (p *painter) paint(c colour, text string) {
	text = clean(text)
	if p.colours && c != plain && text != "" {
		text = "\x1b[" + string(c) + "m" + text + "\x1b[0m"
	}
	p.WriteString(text)
}

// line writes a text and ends the line.
func (p *painter) line(c colour, text string) {
	p.paint(c, text)
	p.WriteByte('\n')
}

func (p *painter) writeTo(w io.Writer) error {
	_, err := io.WriteString(w, p.String())
	return err
}

// width is how many columns of a terminal a text takes.
func width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// wide tells the characters that take two columns: those of East Asian
// scripts, and emoji.
//
// https://www.unicode.org/reports/tr11/
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd
}

// pad fills a text with spaces up to a number of columns.
func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-width(clean(s))))
}
