package complete

import (
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// A place is where an offset lies in a JSON text, read from what stands before
// it: what comes after may be missing or broken.
type place struct {
	// path leads to the value that is due or being written, or to the object in
	// which a key is. Items of arrays count as their index.
	path []string
	// key says that a key is due or being written.
	key bool
	// from and to are what a completion replaces: the content of the string
	// around the offset, or a bare word, or nothing.
	from, to int
	// at is the offset itself.
	at int
	// word is what of it stands before the offset, decoded.
	word string
	// quoted says that from and to are within quotes; open that the second is missing.
	quoted, open bool
}

// frame is an array or object that is open at a place.
type frame struct {
	object bool
	key    string
	index  int
	state  state
}

// at is the key or index of the value that is due in the frame or was last.
func (f *frame) at() string {
	if f.object {
		return f.key
	}
	return strconv.Itoa(f.index)
}

type state uint8

const (
	wantKey state = iota
	wantColon
	wantValue
	wantComma
)

// locate finds the place of an offset. ok is false where nothing can be
// written but punctuation, as between a key and its colon.
func locate(text string, at int) (p place, ok bool) {
	at = max(0, min(at, len(text)))
	frames := []frame{{state: wantValue}} // what holds the root
	top := func() *frame { return &frames[len(frames)-1] }
	done := func(decoded string) {
		f := top()
		switch {
		case f.object && (f.state == wantKey || f.state == wantComma): // also where a comma is missing
			f.key, f.state = decoded, wantColon
		default:
			f.state = wantComma
		}
	}
	here := func(from, to int, word string, quoted, open bool) (place, bool) {
		f := top()
		if f.state == wantColon || f.state == wantComma && !(f.object && quoted) {
			return place{}, false
		}
		p := place{from: from, to: to, at: at, word: word, quoted: quoted, open: open, key: f.object && f.state != wantValue}
		for _, outer := range frames[1:] {
			p.path = append(p.path, outer.at())
		}
		if p.key {
			p.path = p.path[:len(p.path)-1]
		}
		return p, true
	}
	for i := 0; i < at; {
		switch c := text[i]; {
		case c == '"':
			end := stringEnd(text, i)
			closed := end < len(text) && text[end] == '"'
			if at <= end {
				to := end
				if !closed {
					to = at
				}
				return here(i+1, to, decode(text[i+1:at]), true, !closed)
			}
			done(decode(text[i+1 : end]))
			if i = end; closed {
				i++
			}
		case c == '{' || c == '[':
			f := frame{object: c == '{', state: wantValue}
			if f.object {
				f.state = wantKey
			}
			frames = append(frames, f)
			i++
		case c == '}' || c == ']':
			if len(frames) > 1 {
				frames = frames[:len(frames)-1]
			}
			top().state = wantComma
			i++
		case c == ':':
			if f := top(); f.object && f.state == wantColon {
				f.state = wantValue
			}
			i++
		case c == ',':
			if f := top(); f.object {
				f.state = wantKey
			} else if len(frames) > 1 {
				f.index++
				f.state = wantValue
			}
			i++
		case c == '/' && strings.HasPrefix(text[i:], "//"):
			for i < len(text) && text[i] != '\n' {
				i++
			}
			if at <= i {
				return place{}, false
			}
		case c == '/' && strings.HasPrefix(text[i:], "/*"):
			n := strings.Index(text[i+2:], "*/")
			if n < 0 || at < i+n+4 {
				return place{}, false
			}
			i += n + 4
		case wordByte(c):
			end := i
			for end < len(text) && wordByte(text[end]) {
				end++
			}
			if at <= end {
				return here(i, end, text[i:at], false, false)
			}
			done(text[i:end])
			i = end
		default:
			i++
		}
	}
	return here(at, at, "", false, false)
}

// stringEnd is the offset of the quote that ends the string that begins at
// start, or of the end of its line when it has none.
func stringEnd(text string, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"', '\n', '\r':
			return i
		}
	}
	return len(text)
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-' || c == '+' || c == '*' || c >= 0x80
}

// decode is the content of a JSON string; of half an escape what is whole.
func decode(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	if v := jsonpos.Parse(`"`+raw+`"`, jsonpos.Limits{}).Root; v != nil && v.Kind == jsonpos.String {
		return v.Text
	}
	return raw
}
