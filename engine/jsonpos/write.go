package jsonpos

import (
	"strconv"
	"unicode/utf8"
)

// Writer appends JSON to Buf and puts the commas. The zero Writer is ready to use. It trusts the
// order of calls: one value in all, and in objects a Key before each value.
type Writer struct {
	Buf []byte
	// comma says that a value ends here, so that whatever comes next in the same array or object
	// needs a comma before it.
	comma bool
}

func (w *Writer) separate() {
	if w.comma {
		w.Buf = append(w.Buf, ',')
	}
	w.comma = true
}

func (w *Writer) begin(bracket byte) {
	w.separate()
	w.Buf = append(w.Buf, bracket)
	w.comma = false
}

func (w *Writer) end(bracket byte) {
	w.Buf = append(w.Buf, bracket)
	w.comma = true
}

// BeginObject opens an object; its members follow until EndObject.
func (w *Writer) BeginObject() { w.begin('{') }

// EndObject closes the object that was opened last.
func (w *Writer) EndObject() { w.end('}') }

// BeginArray opens an array; its items follow until EndArray.
func (w *Writer) BeginArray() { w.begin('[') }

// EndArray closes the array that was opened last.
func (w *Writer) EndArray() { w.end(']') }

// Key writes the key of a member; its value follows.
func (w *Writer) Key(k string) {
	w.String(k)
	w.Colon()
}

// Colon makes the string that was written last the key of a member; its value follows.
func (w *Writer) Colon() {
	w.Buf = append(w.Buf, ':')
	w.comma = false
}

// name is Key for one of our own keys, which have nothing to escape. It leaves
// room for so many bytes more, and returns how long Buf is then. The pointer in
// Buf is written only where it grows: while garbage is collected, each time costs.
func (w *Writer) name(k string, more int) (at int) {
	at = len(w.Buf)
	if n := len(k) + len(`,"":`) + more; n > cap(w.Buf)-at {
		w.grow(n)
	}
	b := w.Buf[at:cap(w.Buf)]
	i := 0
	if w.comma {
		b[0] = ','
		i = 1
	}
	w.comma = true
	b[i] = '"'
	i += 1 + copy(b[i+1:], k)
	b[i], b[i+1] = '"', ':'
	return at + i + 2
}

func (w *Writer) grow(n int) { w.Buf = append(w.Buf, make([]byte, n)...)[:len(w.Buf)] }

// Copy writes once more the value from start to end in Buf.
func (w *Writer) Copy(start, end int) {
	w.separate()
	w.Buf = append(w.Buf, w.Buf[start:end]...)
}

func appendPointer(b []byte, v *Value) []byte {
	if v == nil || v.Parent == nil {
		return b
	}
	b = append(appendPointer(b, v.Parent), '/')
	if v.Parent.Kind == Object {
		return appendEscaped(b, EscapeToken(v.Key))
	}
	return strconv.AppendInt(b, int64(v.Index), 10)
}

// String writes s as Quote does.
func (w *Writer) String(s string) {
	w.separate()
	w.Buf = appendQuoted(w.Buf, s)
}

// Joined writes s and more as one string.
func (w *Writer) Joined(s, more string) {
	w.separate()
	w.Buf = append(appendEscaped(appendEscaped(append(w.Buf, '"'), s), more), '"')
}

// Int writes n.
func (w *Writer) Int(n int) {
	w.separate()
	w.Buf = strconv.AppendInt(w.Buf, int64(n), 10)
}

// Bool writes true or false.
func (w *Writer) Bool(b bool) {
	w.separate()
	w.Buf = strconv.AppendBool(w.Buf, b)
}

// Null writes null.
func (w *Writer) Null() { w.Raw("null") }

// Raw writes json, which must be exactly one valid value, as it is.
func (w *Writer) Raw(json string) {
	w.separate()
	w.Buf = append(w.Buf, json...)
}

// Member writes a member whose value is a string. The key has nothing to
// escape, as those of MemberInt and MemberBool.
func (w *Writer) Member(k, s string) {
	if plain(s) < len(s) {
		w.Buf = w.Buf[:w.name(k, 0)]
		w.Buf = appendQuoted(w.Buf, s)
		return
	}
	at := w.name(k, len(s)+2)
	b := w.Buf[at : at+len(s)+2]
	b[0] = '"'
	b[1+copy(b[1:], s)] = '"'
	w.Buf = w.Buf[:at+len(b)]
}

// longestInt is the length of the longest number.
const longestInt = len("-9223372036854775808")

// MemberInt writes a member whose value is a number.
func (w *Writer) MemberInt(k string, n int) {
	at := w.name(k, longestInt)
	b := w.Buf[at : at+longestInt]
	if n >= 0 && n < 10 {
		b[0] = byte('0' + n)
		w.Buf = w.Buf[:at+1]
		return
	}
	w.Buf = w.Buf[:at+len(strconv.AppendInt(b[:0], int64(n), 10))]
}

// MemberBool writes a member whose value is true or false.
func (w *Writer) MemberBool(k string, v bool) {
	text := "false"
	if v {
		text = "true"
	}
	at := w.name(k, len(text))
	w.Buf = w.Buf[:at+copy(w.Buf[at:at+len(text)], text)]
}

// AppendToken appends the part of a JSON Pointer that leads from the parent of
// v to v, as it stands in a JSON string.
func AppendToken(b []byte, v *Value) []byte {
	b = append(b, '/')
	if v.Parent.Kind != Object {
		return strconv.AppendInt(b, int64(v.Index), 10)
	}
	for i := range len(v.Key) {
		if c := v.Key[i]; c == '~' || c == '/' {
			return appendEscaped(b, EscapeToken(v.Key))
		}
	}
	return appendEscaped(b, v.Key)
}

// Quote returns s as a JSON string with its quotes. Quotes, backslashes, control characters, U+2028
// and U+2029 are escaped, and each byte that is no UTF-8 becomes \ufffd.
func Quote(s string) string { return string(appendQuoted(make([]byte, 0, len(s)+2), s)) }

// special are the ASCII characters that a string has escapes for.
var special = [utf8.RuneSelf]bool{'"': true, '\\': true,
	0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true, 8: true, 9: true, 10: true, 11: true, 12: true, 13: true, 14: true, 15: true,
	16: true, 17: true, 18: true, 19: true, 20: true, 21: true, 22: true, 23: true, 24: true, 25: true, 26: true, 27: true, 28: true, 29: true, 30: true, 31: true}

const hexDigits = "0123456789abcdef"

func appendQuoted(b []byte, s string) []byte {
	return append(appendEscaped(append(b, '"'), s), '"')
}

// plain is the length of a beginning of s that has nothing to escape and is
// ASCII. Eight bytes are looked at together.
func plain(s string) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		if (x|(x-' '*ones)|((x^'"'*ones)-ones)|((x^'\\'*ones)-ones))&high != 0 {
			return i
		}
	}
	for i < len(s) && s[i] < utf8.RuneSelf && !special[s[i]] {
		i++
	}
	return i
}

func appendEscaped(b []byte, s string) []byte {
	done := 0
	for i := plain(s); i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf && !special[c] {
			i++
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
			if r != '\u2028' && r != '\u2029' && (r != utf8.RuneError || size > 1) {
				i += size
				continue
			}
		}
		b = append(b, s[done:i]...)
		b = appendEscape(b, r)
		i += size
		done = i
	}
	return append(b, s[done:]...)
}

func appendEscape(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
