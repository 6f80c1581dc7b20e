package jsonpos

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	whiteSpace = " \t\r\n"
	// maxQuoted is the length in bytes of what messages quote.
	maxQuoted = 40
)

// space passes over white space, and over comments and characters that look like white space, which
// it reports.
func (p *parser) space() {
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			p.pos++
		case c == '#' || c == '/' && commentFollows(p.text, p.pos):
			p.comment()
		case c < ' ' || c >= utf8.RuneSelf:
			n := oddSpace(p.text, p.pos)
			if n == 0 {
				return
			}
			p.report(p.here(), p.pos, p.pos+n, "found the character "+codePoint(p.text[p.pos:])+", expected JSON",
				"remove it, or write a plain space")
			p.pos += n
		default:
			return
		}
	}
}

// commentFollows says whether "//" or "/*" stands at i.
func commentFollows(s string, i int) bool {
	return i+1 < len(s) && s[i] == '/' && (s[i+1] == '/' || s[i+1] == '*')
}

// comment passes over the comment that starts here.
func (p *parser) comment() {
	start, rest := p.pos, p.text[p.pos:]
	message, hint := "found a comment, expected JSON, which has none", "remove the comment"
	if strings.HasPrefix(rest, "/*") {
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			message, hint = `found a comment that is never closed, expected "*/"`, "remove the comment"
			p.pos = len(p.text)
		} else {
			p.pos += end + 4
		}
	} else if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
		p.pos += end
	} else {
		p.pos = len(p.text)
	}
	p.report(p.here(), start, p.pos, message, hint)
}

// oddSpace returns the length of the control character or foreign white space at i; 0 when there is
// none.
func oddSpace(s string, i int) int {
	if s[i] < ' ' && strings.IndexByte(whiteSpace, s[i]) < 0 {
		return 1
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == 0x85, r == 0xA0, r == 0x1680, r >= 0x2000 && r <= 0x200F, r >= 0x2028 && r <= 0x202F,
		r >= 0x205F && r <= 0x2069, r == 0x3000, r == 0xFEFF:
		return size
	}
	return 0
}

// quoteLength returns the length in bytes of the quotation mark here, plain, single or typographic;
// 0 when there is none.
func (p *parser) quoteLength() int {
	switch c := p.text[p.pos]; {
	case c == '"' || c == '\'':
		return 1
	case c == 0xE2:
		return smartQuote(p.text[p.pos:])
	}
	return 0
}

// smartQuote returns the length of the typographic double or single quotation mark that s starts
// with; 0 when there is none.
func smartQuote(s string) int {
	if len(s) >= 3 && s[0] == 0xE2 && s[1] == 0x80 && s[2] >= 0x98 && s[2] <= 0x9F {
		return 3
	}
	return 0
}

// quoted reads the string that starts here and returns it decoded. v is the value to blame.
func (p *parser) quoted(v *Value) string {
	start := p.pos
	if p.text[start] != '"' {
		return p.oddlyQuoted(v)
	}
	// The usual string is plain ASCII without escapes and closed.
	i := start + 1
	for i < len(p.text) && p.text[i] >= ' ' && p.text[i] < utf8.RuneSelf && p.text[i] != '"' && p.text[i] != '\\' {
		i++
	}
	if i < len(p.text) && p.text[i] == '"' {
		p.pos = i + 1
		return p.text[start+1 : i]
	}
	end, closed := stringEnd(p.text, i)
	if closed {
		p.pos = end + 1
	} else {
		end = p.guessEnd(v, start, end)
	}
	return p.decode(v, start+1, end)
}

// stringEnd returns the offset of the quotation mark that ends the string whose content goes on at
// i, or that of the line's end when the string is not closed before it.
func stringEnd(s string, i int) (end int, closed bool) {
	for ; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i, true
		case '\n', '\r':
			return i, false
		case '\\':
			if i+1 < len(s) && s[i+1] != '\n' && s[i+1] != '\r' {
				i++
			}
		}
	}
	return i, false
}

// guessEnd reports the string from start, which is open until lineEnd, and returns where its content
// most likely ends: at a typographic quotation mark, or before the punctuation that ends the line.
func (p *parser) guessEnd(v *Value, start, lineEnd int) int {
	content := p.text[start+1 : lineEnd]
	// With an escape, what follows the typographic mark could hold another open string, which would
	// scan this line again.
	if i := strings.Index(content, "”"); i >= 0 && strings.IndexByte(content, '\\') < 0 {
		end := start + 1 + i
		p.pos = end + len("”")
		p.report(v, end, p.pos, `found "”", expected a plain double quote`, "replace typographic quotes by plain ones")
		return end
	}
	content = strings.TrimRight(content, whiteSpace+",;]}")
	p.pos = start + 1 + len(content)
	p.report(v, start, p.pos, "found a string that is never closed: "+p.quote(content)+", expected a double quote at its end",
		"write a double quote where the string ends")
	return p.pos
}

// oddlyQuoted reads a string in single or typographic quotes.
func (p *parser) oddlyQuoted(v *Value) string {
	start, mark := p.pos, p.quoteLength()
	single := p.text[start] == '\'' || p.text[start:start+mark] == "‘" || p.text[start:start+mark] == "’"
	i, n := start+mark, 0
scan:
	for ; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '\n' || c == '\r':
			break scan
		case c == '\\':
			if i+1 < len(p.text) && p.text[i+1] != '\n' && p.text[i+1] != '\r' {
				i++
			}
		case c == '\'' && single, c == '"' && mark > 1:
			n = 1
			break scan
		case c == 0xE2 && mark > 1:
			if n = smartQuote(p.text[i:]); n > 0 {
				break scan
			}
		}
	}
	message, hint := "found a string in single quotes, expected double quotes", "write double quotes around it"
	if mark > 1 {
		message, hint = "found typographic quotes, expected plain double quotes", "replace them by plain ones"
	}
	if n == 0 {
		i = start + mark + len(strings.TrimRight(p.text[start+mark:i], whiteSpace+",;]}"))
		message += ": " + p.quote(p.text[start+mark:i]) + " is never closed"
	}
	p.pos = i + n
	p.report(v, start, p.pos, message, hint)
	return p.decode(v, start+mark, i)
}

// decode returns the string with the content [start, end); without escapes it shares the text.
func (p *parser) decode(v *Value, start, end int) string {
	content := p.text[start:end]
	if strings.IndexByte(content, '\\') < 0 && utf8.ValidString(content) && !hasControl(content) {
		return content
	}
	b, valid := p.scratch[:0], true
	for i := start; i < end; {
		switch c := p.text[i]; {
		case c == '\\' && p.text[start-1] == '\'' && i+1 < end && p.text[i+1] == '\'':
			b = append(b, '\'') // the quotes themselves are reported already
			i += 2
		case c == '\\':
			var n int
			b, n = p.escape(v, b, i, end)
			i += n
		case c < ' ':
			p.report(v, i, i+1, "found the control character "+codePoint(p.text[i:])+" in a string, expected an escape",
				"write "+string(appendEscape(nil, rune(c))))
			b = append(b, c)
			i++
		case c < utf8.RuneSelf:
			b = append(b, c)
			i++
		default:
			r, size := utf8.DecodeRuneInString(p.text[i:end])
			if r == utf8.RuneError && size == 1 && valid {
				valid = false // once for a string is enough
				p.spoil(v)
				p.note(v, InvalidUTF8, i, i+1, "found the byte 0x"+hex(rune(c), 2)+" in a string, expected UTF-8", "save the text as UTF-8")
			}
			b = utf8.AppendRune(b, r)
			i += size
		}
	}
	p.scratch = b
	return string(b)
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' {
			return true
		}
	}
	return false
}

// escape appends to b what the escape at i stands for, and returns its length in the text. Half a
// surrogate pair stands for U+FFFD; what is no escape stands for itself.
func (p *parser) escape(v *Value, b []byte, i, end int) ([]byte, int) {
	if i+1 == end {
		p.report(v, i, end, `found "\" at the end of a string, expected an escape`, `write "\\" for a backslash`)
		return append(b, '\\'), 1
	}
	switch c := p.text[i+1]; c {
	case '"', '\\', '/':
		return append(b, c), 2
	case 'b':
		return append(b, '\b'), 2
	case 'f':
		return append(b, '\f'), 2
	case 'n':
		return append(b, '\n'), 2
	case 'r':
		return append(b, '\r'), 2
	case 't':
		return append(b, '\t'), 2
	case 'u':
		r := hex4(p.text[i:end])
		if r < 0 {
			p.report(v, i, i+2, `found "\u" without four hexadecimal digits, expected four`, `write four digits, or "\\" for a backslash`)
			return append(b, '\\'), 1
		}
		if utf16.IsSurrogate(r) {
			if pair := utf16.DecodeRune(r, hex4(p.text[i+6:end])); pair != utf8.RuneError {
				return utf8.AppendRune(b, pair), 12
			}
		}
		return utf8.AppendRune(b, r), 6
	}
	_, size := utf8.DecodeRuneInString(p.text[i+1 : end])
	p.report(v, i, i+1+size, "found the escape "+p.quote(p.text[i:i+1+size])+`, expected one of \" \\ \/ \b \f \n \r \t \u`, `write "\\" for a backslash`)
	return append(b, '\\'), 1
}

// hex4 returns the code unit that an escape such as \u00e9 at the start of s stands for; -1 when
// there is none.
func hex4(s string) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	var n rune
	for i := 2; i < 6; i++ {
		digit := strings.IndexByte(hexDigits+"ABCDEF", s[i])
		if digit < 0 {
			return -1
		}
		if digit > 15 {
			digit -= 6
		}
		n = n<<4 | rune(digit)
	}
	return n
}

// plain reads a value that is no string, array or object: a number, true, false or null, or
// something that was meant as one of them or as a string.
func (p *parser) plain(v *Value) {
	start := p.pos
	for _, l := range literals {
		if end := start + len(l.text); strings.HasPrefix(p.text[start:], l.text) && p.endsWord(end) {
			v.Kind, v.Text, p.pos = l.kind, l.text, end
			return
		}
	}
	if end := numberEnd(p.text, start); end > start && p.endsWord(end) {
		v.Kind, v.Text, p.pos = Number, p.text[start:end], end
		return
	}
	word := p.bare(false)
	v.Kind, v.Text = String, word
	switch strings.ToLower(word) {
	case "true":
		v.Kind, v.Text = Bool, "true"
	case "false":
		v.Kind, v.Text = Bool, "false"
	case "null", "none", "nil", "undefined":
		v.Kind, v.Text = Null, "null"
	default:
		if c := word[0]; c >= '0' && c <= '9' || len(word) > 1 && strings.IndexByte("+-.", c) >= 0 {
			p.badNumber(v, start, word)
			return
		}
		p.report(v, start, p.pos, "found "+p.quote(word)+" without quotes, expected a value", "write double quotes around it if it is a string")
		return
	}
	p.report(v, start, p.pos, "found "+p.quote(word)+", expected "+p.quote(v.Text), "write "+v.Text)
}

var literals = [...]struct {
	text string
	kind Kind
}{{"true", Bool}, {"false", Bool}, {"null", Null}}

// badNumber reports a word that looks like a number. When it is clear which number is meant, v
// becomes that number, else it stays a string.
func (p *parser) badNumber(v *Value, start int, word string) {
	digits := strings.TrimPrefix(word, "+")
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		digits = digits[1:]
	}
	if strings.HasPrefix(digits, ".") {
		digits = "0" + digits
	}
	number := sign + strings.TrimSuffix(digits, ".")
	if numberEnd(number, 0) < len(number) {
		p.report(v, start, p.pos, "found "+p.quote(word)+", expected a number or a string in quotes", "write double quotes around it")
		return
	}
	v.Kind, v.Text = Number, number
	p.report(v, start, p.pos, "found the number "+p.quote(word)+", expected it as JSON writes numbers", "write "+whole(number, maxQuoted))
}

// numberEnd returns the end of the JSON number that starts at i; i when there is none.
func numberEnd(s string, i int) int {
	start := i
	if i < len(s) && s[i] == '-' {
		i++
	}
	first := i
	if i = digitsEnd(s, i); i == first || s[first] == '0' && i > first+1 {
		return start
	}
	if i < len(s) && s[i] == '.' {
		first = i + 1
		if i = digitsEnd(s, first); i == first {
			return start
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		first = i + 1
		if first < len(s) && (s[first] == '+' || s[first] == '-') {
			first++
		}
		if i = digitsEnd(s, first); i == first {
			return start
		}
	}
	return i
}

func digitsEnd(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// endsWord says whether a number or literal can end at i.
func (p *parser) endsWord(i int) bool {
	return i == len(p.text) || endsBare(p.text, i) || strings.IndexByte(" \t", p.text[i]) >= 0 || commentFollows(p.text, i)
}

// bare reads words without quotes: a key up to a space or colon, or a value up to what ends an item.
// It takes at least one character, and returns valid UTF-8.
func (p *parser) bare(key bool) string {
	start := p.pos
	_, size := utf8.DecodeRuneInString(p.text[p.pos:])
	for p.pos += size; p.pos < len(p.text) && !endsBare(p.text, p.pos); p.pos++ {
		c := p.text[p.pos]
		if key && (c == ' ' || c == '\t' || c == ':' || c == '=') {
			break
		}
		if (c == ' ' || c == '\t') && p.pos+1 < len(p.text) && (p.text[p.pos+1] == '#' || commentFollows(p.text, p.pos+1)) {
			break
		}
	}
	word := strings.TrimRight(p.text[start:p.pos], whiteSpace)
	p.pos = start + len(word)
	if p.lonelyQuote(key) {
		p.pos++
	}
	return string([]rune(word)) // with U+FFFD for what is not UTF-8
}

// lonelyQuote says whether here stands a quotation mark that closes the word before it rather than
// opens a string: what follows it is what follows a key or a value.
func (p *parser) lonelyQuote(key bool) bool {
	if p.pos == len(p.text) || p.text[p.pos] != '"' {
		return false
	}
	rest := strings.TrimLeft(p.text[p.pos+1:], " \t")
	if key {
		return strings.HasPrefix(rest, ":")
	}
	return rest == "" || strings.IndexByte(",]}\r\n", rest[0]) >= 0
}

// endsBare says whether the character at i ends a value without quotes.
func endsBare(s string, i int) bool {
	switch c := s[i]; {
	case c == '\n' || c == '\r' || c == '"' || c == ',' || c == ';' || c == '[' || c == ']' || c == '{' || c == '}':
		return true
	case c < ' ' || c >= utf8.RuneSelf:
		return oddSpace(s, i) > 0 || smartQuote(s[i:]) > 0
	}
	return false
}

// found describes what stands here, for a message.
func (p *parser) found() string {
	if p.full() {
		return ""
	}
	word := p.text[p.pos:p.foundEnd()]
	if p.quoteLength() > 0 {
		return "the string " + p.quote(strings.Trim(word, "\"'“”‘’"))
	}
	return p.quote(word)
}

// foundEnd returns the end of the thing that starts here, looking no further than messages quote.
func (p *parser) foundEnd() int {
	s := p.text[p.pos:min(len(p.text), p.pos+2*maxQuoted)]
	_, n := utf8.DecodeRuneInString(s)
	switch mark := p.quoteLength(); {
	case strings.IndexByte("{}[],;:=", s[0]) >= 0:
	case s[0] == '"':
		end, closed := stringEnd(s, n)
		if n = end; closed {
			n++
		}
	case mark > 0:
		for n < len(s) && s[n] != '\n' && s[n] != '\r' && s[n] != '\'' && smartQuote(s[n:]) == 0 {
			n++
		}
		if n < len(s) {
			n += max(smartQuote(s[n:]), mark*strings.Count(s[n:n+1], "'"))
		}
	default:
		for n < len(s) && !endsBare(s, n) && strings.IndexByte(" \t:", s[n]) < 0 {
			n++
		}
	}
	return p.pos + len(whole(p.text[p.pos:], n))
}

// quote returns s in double quotes for a message: cut to a readable length, and with escapes for
// what would be invisible or change the direction of the writing.
func (p *parser) quote(s string) string {
	if p.full() {
		return ""
	}
	short := whole(s, maxQuoted)
	b := []byte{'"'}
	for i, r := range short {
		if r < ' ' || r >= utf8.RuneSelf && oddSpace(short, i) > 0 {
			b = appendEscape(b, r)
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	if len(short) < len(s) {
		b = append(b, "…"...)
	}
	return string(append(b, '"'))
}

// whole returns the first n bytes of s, or a few fewer so that no character is cut.
func whole(s string, n int) string {
	if n >= len(s) {
		return s
	}
	for n > 1 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// codePoint returns the first character of s in the manner of U+00A0.
func codePoint(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	return "U+" + hex(r, 4)
}

func hex(r rune, width int) string {
	const digits = "0123456789ABCDEF"
	h := ""
	for ; r > 0 || len(h) < width; r >>= 4 {
		h = string(digits[r&15]) + h
	}
	return h
}
