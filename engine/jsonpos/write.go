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

// name is Key for one of our own keys, which have nothing to escape.
func (w *Writer) name(k string) {
	b := w.Buf
	if w.comma {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, k...)
	w.Buf = append(b, '"', ':')
}

// Pointer writes the JSON Pointer of v, after a prefix, as a string. It returns
// where in Buf the string begins.
func (w *Writer) Pointer(prefix string, v *Value) (start int) {
	w.separate()
	start = len(w.Buf)
	b := appendEscaped(append(w.Buf, '"'), prefix)
	w.Buf = append(appendPointer(b, v), '"')
	return start
}

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
	w.name(k)
	w.Buf = appendQuoted(w.Buf, s)
	w.comma = true
}

// MemberInt writes a member whose value is a number.
func (w *Writer) MemberInt(k string, n int) {
	w.name(k)
	w.Buf = strconv.AppendInt(w.Buf, int64(n), 10)
	w.comma = true
}

// MemberBool writes a member whose value is true or false.
func (w *Writer) MemberBool(k string, b bool) {
	w.name(k)
	w.Buf = strconv.AppendBool(w.Buf, b)
	w.comma = true
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
