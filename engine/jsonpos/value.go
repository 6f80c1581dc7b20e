package jsonpos

import "strings"

// Kind is the JSON type of a value.
type Kind uint8

// Invalid is the kind of a place where a value was expected and none could be read.
const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// String returns JSON's name of the kind: "null", "boolean", "number", "string", "array", "object",
// or "invalid".
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "boolean"
	case Number:
		return "number"
	case String:
		return "string"
	case Array:
		return "array"
	case Object:
		return "object"
	}
	return "invalid"
}

// Value is one value of a document and the place where it stands.
type Value struct {
	Kind Kind
	// Broken says that a syntax problem or a duplicate key lies inside this value.
	//
	// Invariant: the ancestors of a broken value are broken.
	Broken bool
	// Duplicate says that a member of the same object that stands before this one has its key.
	Duplicate bool
	// Index is the position in the Items of Parent; 0 for the root.
	Index int32

	// Start and End are the byte range [Start, End) of the value in Document.Text.
	Start, End int
	// keyStart and keyEnd are what KeyStart and KeyEnd return. They are small, as Index is, since a
	// text has many values.
	keyStart, keyEnd int32
	// Key is the decoded key of a member; "" for items and for the root.
	Key string
	// Parent is the array or object that holds the value; nil for the root.
	Parent *Value
	// Text is the decoded string, the literal of a number, or "true", "false" or "null"; "" for
	// arrays, objects and invalid values.
	Text string
	// Items are the items of an array or the members of an object in the order of the text,
	// duplicates included; nil when there are none.
	Items []*Value
}

// KeyStart returns the start of a member's key with its quotes; -1 for items and for the root.
func (v *Value) KeyStart() int { return int(v.keyStart) }

// KeyEnd returns the end of a member's key with its quotes; -1 for items and for the root.
func (v *Value) KeyEnd() int { return int(v.keyEnd) }

// Member returns the first member of v with that key, or nil when there is none, when v is nil, or
// when v is no object.
func (v *Value) Member(key string) *Value {
	if v == nil || v.Kind != Object {
		return nil
	}
	for _, item := range v.Items {
		if item.Key == key {
			return item
		}
	}
	return nil
}

// Pointer returns the JSON Pointer of v; "" for the root and for nil. Members of one object with the
// same key have the same pointer.
func (v *Value) Pointer() string {
	if v == nil || v.Parent == nil {
		return ""
	}
	// From the end to the start, in one piece.
	var room [128]byte
	b := room[:]
	if n := v.pointerLength(); n <= len(b) {
		b = b[:n]
	} else {
		b = make([]byte, n)
	}
	for at := len(b); v.Parent != nil; v = v.Parent {
		if v.Parent.Kind == Object {
			token := EscapeToken(v.Key)
			at -= len(token)
			copy(b[at:], token)
		} else {
			n := int(v.Index)
			for first := true; first || n > 0; first = false {
				at--
				b[at] = byte('0' + n%10)
				n /= 10
			}
		}
		at--
		b[at] = '/'
	}
	return string(b)
}

func (v *Value) pointerLength() int {
	length := 0
	for ; v.Parent != nil; v = v.Parent {
		length++
		if v.Parent.Kind == Object {
			length += len(EscapeToken(v.Key))
			continue
		}
		length++
		for n := v.Index; n > 9; n /= 10 {
			length++
		}
	}
	return length
}

// Document is a text that was read.
type Document struct {
	Text string
	// Root is nil when the text holds nothing but white space and comments, and when it was too large.
	Root *Value
	// Problems are in the order of their Start: at most MaxProblems, with a SyntaxError among them
	// when the text is no JSON.
	Problems []Problem
	// More is how many problems there are beyond those.
	More int

	lines *Lines
}

// Lines returns the lines of Text, which are read when first asked for. It is not for use by
// several goroutines at once.
func (d *Document) Lines() *Lines {
	if d.lines == nil {
		d.lines = NewLines(d.Text)
	}
	return d.lines
}

// Find returns the value at a JSON Pointer, or nil when the pointer resolves to nothing. Among
// members with the same key it takes the first.
func (d *Document) Find(pointer string) *Value {
	v := d.Root
	for pointer != "" && v != nil {
		if pointer[0] != '/' {
			return nil
		}
		token := pointer[1:]
		pointer = ""
		if i := strings.IndexByte(token, '/'); i >= 0 {
			token, pointer = token[:i], token[i:]
		}
		switch v.Kind {
		case Object:
			v = v.Member(unescapeToken(token))
		case Array:
			v = v.item(token)
		default:
			return nil
		}
	}
	return v
}

// item returns the item that a pointer's token names: decimal, without sign or leading zeros.
func (v *Value) item(token string) *Value {
	if token == "" || token[0] == '0' && token != "0" {
		return nil
	}
	n := 0
	for i := range len(token) {
		if token[i] < '0' || token[i] > '9' {
			return nil
		}
		if n = 10*n + int(token[i]-'0'); n >= len(v.Items) {
			return nil
		}
	}
	return v.Items[n]
}

// EscapeToken returns s as one token of a JSON Pointer: "~" becomes "~0" and "/" becomes "~1".
func EscapeToken(s string) string {
	if strings.IndexByte(s, '~') < 0 && strings.IndexByte(s, '/') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

func unescapeToken(s string) string {
	if !strings.Contains(s, "~") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}

// Limits bound what Parse takes on; zero means no limit.
type Limits struct {
	// Bytes is the longest text that is read.
	Bytes int
	// Depth is the largest number of arrays and objects inside each other.
	Depth int
}

// Problem is something in the text that its author should correct.
type Problem struct {
	// Code is one of the constants below.
	Code string
	// Pointer is the smallest value known to contain the problem; for a key's name, that member.
	Pointer string
	// Start and End are the byte range to mark; they are equal when something is missing at the end.
	Start, End int
	// Message says what was found and what was expected; Hint says what to do.
	Message, Hint string
}

// The codes of problems.
const (
	SyntaxError  = "JSON_SYNTAX_ERROR"
	DuplicateKey = "DUPLICATE_KEY"
	TooLarge     = "TOO_LARGE"
	TooDeep      = "TOO_DEEP"
	InvalidUTF8  = "INVALID_UTF8"
	ReservedKey  = "RESERVED_KEY"
)
