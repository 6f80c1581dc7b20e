package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A text from anybody may hold characters that are not what they seem: some are
// obeyed instead of shown, some cannot be seen, and some look like a letter of
// an ARN and are another one. They are written as their codes, "\u{202E}".

// piece is a part of a text: as it is, or the code of one character.
type piece struct {
	text string
	code bool
}

// reveal cuts a text into what is shown as it is and characters that are shown
// as their codes. A letter that looks like one of ASCII gives itself away by
// the company it keeps: letters of ASCII in the same word, or a word of nothing
// but look-alikes in one piece with ASCII, as in "user/" and four letters that
// read as "root". In a document every word of nothing but look-alikes is one,
// since its words stand alone.
func reveal(s string, document bool) []piece {
	if strings.IndexFunc(s, func(r rune) bool { return visible(r, document) != "" || lookalike(r) }) < 0 {
		return []piece{{s, false}}
	}
	var pieces []piece
	from := 0 // what is before it is in pieces
	var run, word part
	for i, r := range s {
		if i >= run.end {
			run = partAt(s, i, func(r rune) bool { return !unicode.IsSpace(r) })
		}
		if i >= word.end {
			word = partAt(s, i, wordPart)
		}
		shown := visible(r, document)
		if shown == "" && lookalike(r) && (word.latin || (document || run.latin) && !word.foreign) {
			shown = codeOf(r)
		}
		if shown == "" {
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		pieces = append(pieces, piece{s[from:i], false}, piece{shown, r != '\t'})
		from = i + size
	}
	return append(pieces, piece{s[from:], false})
}

// part is a part of a text that begins with a character and goes on with those
// of its kind.
type part struct {
	end int
	// latin says that a letter of ASCII is in it, foreign that a letter is that
	// looks like none.
	latin, foreign bool
}

// partAt is the part at an offset; it has one character at least.
func partAt(s string, at int, belongs func(rune) bool) part {
	p := part{end: len(s)}
	for i, r := range s[at:] {
		if i > 0 && !belongs(r) {
			p.end = at + i
			break
		}
		p.latin = p.latin || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		p.foreign = p.foreign || r >= utf8.RuneSelf && unicode.IsLetter(r) && !lookalike(r)
		if !belongs(r) {
			_, size := utf8.DecodeRuneInString(s[at:])
			p.end = at + size
			break
		}
	}
	return p
}

func wordPart(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.Is(unicode.Nl, r)
}

// clean makes a text safe to print: what a terminal would obey instead of
// showing is written as its code, so that no document can move the cursor,
// change a colour or turn the direction of reading, and so is what cannot be
// seen or looks like something else.
func clean(s string) string { return joined(reveal(s, false)) }

// cleanDocument is clean for the text of a document.
func cleanDocument(s string) string { return joined(reveal(s, true)) }

func joined(pieces []piece) string {
	if len(pieces) == 1 {
		return pieces[0].text
	}
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

// visible is how a character is printed that does not print as itself; "" for
// all others.
func visible(r rune, document bool) string {
	switch {
	case r >= ' ' && r <= '~':
		return ""
	case r == '\t':
		return "    "
	case obeyed(r) || unseen(r, document):
		return codeOf(r)
	case r == utf8.RuneError:
		return "\ufffd" // maybe for a byte that is no UTF-8
	}
	return ""
}

func codeOf(r rune) string { return fmt.Sprintf(`\u{%04X}`, r) }

// obeyed tells the characters that are not just shown: controls, and formats
// such as marks of direction.
func obeyed(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}

// unseen tells the characters that leave no ink and are no plain space. Prose
// may have spaces that hold words together, and emoji have selectors of variants.
func unseen(r rune, document bool) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0':
		return true
	case '\u00a0', '\u202f', '\u3000':
		return document
	}
	return r != ' ' && unicode.Is(unicode.Zs, r)
}

// letters are those of other scripts that are drawn as one of ASCII is.
const letters = "аеорсухіјѕԁһӏԛԝѵАВЕКМНОРСТУХІЈЅԌΥΧΤΡΟΝΜΚΙΗΖΕΒΑαιονρυϲϳօոսհցıɡɑɩℓℯℊℴKꓐꓑꓒꓓꓖꓙꓚꓝꓟꓠꓡꓢꓣꓤꓦꓧꓨꓪꓫꓬꓮꓰꓲꓳꓴ"

// signs are those that read as a sign of ARNs and patterns.
const signs = "∕⁄⧸꞉∶ː᎓﹕∗⁎⋆‐‑‒−˗․‚"

// lookalikes are both as a set.
var lookalikes = func() map[rune]bool {
	set := map[rune]bool{}
	for _, r := range letters + signs {
		set[r] = true
	}
	return set
}()

// lookalike tells the characters that look like one of ASCII: beside those
// above, ASCII of full width, in the alphabets of mathematics, and Roman numerals.
func lookalike(r rune) bool {
	return r >= utf8.RuneSelf && (lookalikes[r] || r >= '！' && r <= '～' || r >= 0x1d400 && r <= 0x1d7ff || r >= 'Ⅰ' && r <= 'ⅿ')
}
