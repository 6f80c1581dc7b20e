package jsonpos

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine/stable"
)

const (
	// MaxProblems is how many problems of a text are listed; the rest are counted.
	MaxProblems = 100
	// fewMembers is the size up to which comparing keys one by one beats a map.
	fewMembers = 8
	// firstChunk is how many values are allocated first, and fewBytes how many bytes of text a value
	// takes at least in most texts.
	firstChunk, fewBytes = 16, 16

	byteOrderMark = "\uFEFF"
)

// Parse reads text. It never fails: what is wrong is in the document's Problems, and Root is the
// best reading of the rest. A byte order mark at the start is passed over.
func Parse(text string, limits Limits) *Document {
	p := parser{text: text, limits: limits}
	if limits.Bytes > 0 && len(text) > limits.Bytes {
		p.note(nil, TooLarge, 0, len(text),
			"found a text of "+strconv.Itoa(len(text))+" bytes, expected at most "+strconv.Itoa(limits.Bytes), "make the text shorter")
		return &Document{Text: text, Problems: p.problems}
	}
	if strings.HasPrefix(text, byteOrderMark) {
		p.pos = len(byteOrderMark)
	}
	p.document()
	stable.Sort(p.problems, func(a, b *Problem) bool { return a.Start < b.Start })
	return &Document{Text: text, Root: p.root, Problems: p.problems, More: p.more}
}

// parser keeps the open arrays and objects in frames instead of recursing, so that no depth can
// exhaust the stack.
//
// Invariant: every byte is looked at a bounded number of times, whatever the text.
type parser struct {
	text   string
	pos    int
	limits Limits

	root   *Value
	frames []frame
	// items are the items so far of all open frames, those of the outermost first.
	items []*Value
	// openArrays and openObjects count the frames of each kind.
	openArrays, openObjects int
	// astray says that a problem was found before there was any value to hold it, and junk that it
	// was something other than a comment.
	astray, junk bool

	problems []Problem
	more     int  // how many problems there are beyond those
	noJSON   bool // one of the problems is a SyntaxError
	lines    *Lines

	values   []Value  // allocated and not yet used
	pointers []*Value // likewise, for Items
	chunk    int      // the size of the last chunk of values
	made     int      // how many values there is or was room for
	scratch  []byte
}

// frame is an array or object that is still open.
type frame struct {
	value *Value
	first int // where its items start in parser.items
	state state
	comma int               // the offset of the last comma
	keys  map[string]*Value // nil while there are few members
}

type state uint8

const (
	opened state = iota
	afterItem
	afterComma
)

// document reads the whole text.
func (p *parser) document() {
	for p.space(); p.pos < len(p.text); p.space() {
		if p.root != nil && len(p.frames) == 0 {
			p.report(p.root, p.pos, len(strings.TrimRight(p.text, whiteSpace)),
				"found "+p.found()+" after the end of the document, expected nothing more",
				"remove it, or the bracket that closes the document too early")
			break
		}
		switch c := p.text[p.pos]; c {
		case '}', ']':
			p.closer(c)
		case ',', ';':
			p.separator(c)
		case ':':
			p.stray("an item", `remove it, or write a key in quotes before it`)
		default:
			p.item()
		}
	}
	p.closeAll()
	switch {
	case p.root == nil && p.junk:
		p.root = &Value{Broken: true, End: len(p.text), keyStart: -1, keyEnd: -1}
	case p.root == nil:
		p.report(nil, len(p.text), len(p.text), "found nothing, expected a value", `write an object: {}`)
	case p.astray:
		p.root.Broken = true
	}
}

// top returns the innermost open frame, or nil.
func (p *parser) top() *frame {
	if len(p.frames) == 0 {
		return nil
	}
	return &p.frames[len(p.frames)-1]
}

// here returns the value to blame for what stands between values: the innermost open one, else the
// root.
func (p *parser) here() *Value {
	if f := p.top(); f != nil {
		return f.value
	}
	return p.root
}

// stray passes over one byte that has no meaning where it stands.
func (p *parser) stray(expected, hint string) {
	p.report(p.here(), p.pos, p.pos+1, "found "+p.found()+", expected "+expected, hint)
	p.junk = true
	p.pos++
}

// separator reads a comma, or a semicolon that was meant as one.
func (p *parser) separator(c byte) {
	f := p.top()
	if f == nil || f.state != afterItem {
		expected := "a value"
		if f != nil && f.value.Kind == Object {
			expected = "a key in quotes"
		}
		p.stray(expected, "remove it, or write what is missing before it")
		return
	}
	if c == ';' {
		p.report(f.value, p.pos, p.pos+1, `found ";", expected ","`, `write ","`)
	}
	f.state, f.comma = afterComma, p.pos
	p.pos++
}

// closer reads a closing bracket. One that fits no open bracket is passed over; one that fits an
// outer bracket closes those inside it as well.
func (p *parser) closer(c byte) {
	kind, fitting := Array, p.openArrays
	if c == '}' {
		kind, fitting = Object, p.openObjects
	}
	if fitting == 0 {
		expected := "a value"
		if f := p.top(); f != nil {
			expected = p.quote(closing(f.value))
		}
		p.stray(expected, "remove it")
		return
	}
	if f := p.top(); f.value.Kind != kind {
		p.report(f.value, p.pos, p.pos+1,
			"found "+p.found()+", expected "+p.quote(closing(f.value))+" first: this "+p.opening(f.value)+" is never closed",
			"write "+p.quote(closing(f.value))+" where it ends")
		for p.top().value.Kind != kind {
			p.close(p.pos)
		}
	}
	if f := p.top(); f.state == afterComma {
		p.report(f.value, f.comma, f.comma+1, `found "," before `+p.found()+", expected another item after it", "remove this comma")
	}
	p.pos++
	p.close(p.pos)
}

// closeAll closes what is still open at the end of the text.
func (p *parser) closeAll() {
	n := len(p.frames)
	if n == 0 {
		return
	}
	v, missing := p.top().value, ""
	for i := n - 1; i >= 0 && len(missing) <= maxQuoted; i-- {
		missing += closing(p.frames[i].value)
	}
	message := "found the end of the text, expected " + p.quote(closing(v)) + ": this " + p.opening(v) + " is never closed"
	if n > 1 {
		message += ", nor are " + strconv.Itoa(n-1) + " around it"
	}
	p.report(v, len(p.text), len(p.text), message, "write "+p.quote(missing)+" at the end")
	for range n {
		p.close(len(p.text))
	}
}

// opening describes the bracket that opens v, such as `"{" at line 3`.
func (p *parser) opening(v *Value) string {
	return p.quote(p.text[v.Start:v.Start+1]) + p.atLine(v.Start)
}

// closing returns the bracket that closes v.
func closing(v *Value) string {
	if v.Kind == Object {
		return "}"
	}
	return "]"
}

// open makes v, which starts here, the innermost frame.
func (p *parser) open(v *Value, kind Kind) {
	if kind == Object {
		p.openObjects++
	} else {
		p.openArrays++
	}
	v.Kind = kind
	p.frames = append(p.frames, frame{value: v, first: len(p.items)})
	p.pos++
}

// close ends the innermost frame at the offset end.
func (p *parser) close(end int) {
	f := p.top()
	f.value.End = end
	f.value.Items = p.keep(p.items[f.first:])
	p.items = p.items[:f.first]
	if f.value.Kind == Object {
		p.openObjects--
	} else {
		p.openArrays--
	}
	p.frames = p.frames[:len(p.frames)-1]
}

// item reads the next item or member of the innermost frame, or the root.
func (p *parser) item() {
	f := p.top()
	if f == nil {
		p.root = p.newValue()
		p.root.keyStart, p.root.keyEnd = -1, -1
		p.value(p.root)
		return
	}
	if f.state == afterItem {
		p.report(f.value, p.pos, p.foundEnd(), "found "+p.found()+`, expected "," before it`, `write "," before it`)
	}
	// Before value, which may open another frame and move this one.
	f.state = afterItem
	c := p.text[p.pos]
	if f.value.Kind == Object && (c == '{' || c == '[') {
		start := p.pos
		p.skip()
		p.report(f.value, start, start+1, "found "+p.quote(string(c))+", expected a key in quotes", `write a key and ":" before it`)
		return
	}
	v := p.newValue()
	v.Parent, v.Index = f.value, int32(len(p.items)-f.first)
	if f.value.Kind == Array {
		v.keyStart, v.keyEnd = -1, -1
		p.items = append(p.items, v)
		p.value(v)
		return
	}
	p.key(f, v)
	p.items = append(p.items, v)
	if p.colon(v) {
		p.value(v)
	}
}

// key reads the key of the member v of f.
func (p *parser) key(f *frame, v *Value) {
	start := p.pos
	if p.quoteLength() > 0 {
		v.Key = p.quoted(f.value)
	} else {
		v.Key = p.bare(true)
		p.report(f.value, start, p.pos, "found "+p.quote(v.Key)+" without quotes, expected a key in quotes",
			"write double quotes around it")
	}
	v.keyStart, v.keyEnd = int32(start), int32(p.pos)
	if v.Key == "__proto__" {
		p.note(v, ReservedKey, start, p.pos, "found the reserved key "+p.quote(v.Key)+", expected any other",
			"choose another name")
	}
	if first := p.sameKey(f, v); first != nil {
		v.Duplicate = true
		p.spoil(f.value)
		p.note(v, DuplicateKey, start, p.pos,
			"found the key "+p.quote(v.Key)+" again, expected it once: the first is"+p.atLine(int(first.keyStart)),
			"remove one of the two, or rename it")
	}
}

// sameKey returns the earlier member of f with the key of v, or nil, and remembers v.
func (p *parser) sameKey(f *frame, v *Value) *Value {
	members := p.items[f.first:]
	if len(members) < fewMembers {
		for _, m := range members {
			if m.Key == v.Key {
				return m
			}
		}
		return nil
	}
	if f.keys == nil {
		f.keys = make(map[string]*Value, 4*fewMembers)
		for _, m := range slices.Backward(members) {
			f.keys[m.Key] = m
		}
	}
	if first := f.keys[v.Key]; first != nil {
		return first
	}
	f.keys[v.Key] = v
	return nil
}

// colon reads what stands between the key of v and its value, and says whether a value follows.
func (p *parser) colon(v *Value) bool {
	p.space()
	start := p.pos
	for _, sign := range [...]string{":", "=>", "="} {
		if strings.HasPrefix(p.text[start:], sign) {
			p.pos += len(sign)
			break
		}
	}
	sign := p.text[start:p.pos]
	if sign != "" && sign != ":" {
		p.report(v.Parent, start, p.pos, "found "+p.quote(sign)+`, expected ":"`, `write ":"`)
	}
	for p.space(); sign != "" && p.pos < len(p.text) && p.text[p.pos] == ':'; p.space() {
		p.stray("a value", "remove it")
	}
	if p.pos == len(p.text) || strings.IndexByte(",;]}", p.text[p.pos]) >= 0 {
		v.Start, v.End = p.pos, p.pos
		p.report(v, int(v.keyStart), int(v.keyEnd),
			"found the key "+p.quote(v.Key)+` without a value, expected ":" and a value`,
			`write ":" and a value after it`)
		return false
	}
	if sign == "" {
		p.report(v.Parent, p.pos, p.foundEnd(), "found "+p.found()+" after the key "+p.quote(v.Key)+`, expected ":"`, `write ":" after the key`)
	}
	return true
}

// value reads v, which starts here and already has its place in the tree.
func (p *parser) value(v *Value) {
	v.Start = p.pos
	c := p.text[p.pos]
	switch {
	case c == '{' || c == '[':
		if p.limits.Depth > 0 && len(p.frames) >= p.limits.Depth {
			p.skip()
			p.spoil(v)
			p.note(v, TooDeep, v.Start, v.Start+1, "found "+p.quote(string(c))+" inside "+strconv.Itoa(len(p.frames))+" others, expected at most "+
				strconv.Itoa(p.limits.Depth)+" arrays and objects inside each other", "move what is inside further up")
			break
		}
		kind := Array
		if c == '{' {
			kind = Object
		}
		p.open(v, kind)
		return // its end is known when it is closed
	case p.quoteLength() > 0:
		v.Kind = String
		v.Text = p.quoted(v)
	default:
		p.plain(v)
	}
	v.End = p.pos
}

// skip passes over the array or object that starts here without reading it.
func (p *parser) skip() {
	depth := 0
	for ; p.pos < len(p.text); p.pos++ {
		switch p.text[p.pos] {
		case '"':
			end, closed := stringEnd(p.text, p.pos+1)
			if p.pos = end; !closed {
				p.pos--
			}
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				p.pos++
				return
			}
		}
	}
}

// newValue returns an empty value. Room for more is made for what the rest of the text seems to
// have, going by the text so far.
func (p *parser) newValue() *Value {
	if len(p.values) == 0 {
		rest := len(p.text) - p.pos
		p.chunk = max(firstChunk, min(rest*p.made/max(p.pos, 1), rest/fewBytes), min(p.made, rest/fewBytes))
		p.values = make([]Value, p.chunk)
		p.made += p.chunk
	}
	v := &p.values[0]
	p.values = p.values[1:]
	return v
}

// keep returns a copy of items that cannot grow into its neighbour; nil for none.
func (p *parser) keep(items []*Value) []*Value {
	n := len(items)
	if n == 0 {
		return nil
	}
	if n > len(p.pointers) {
		if n >= p.chunk/4 {
			return slices.Clone(items)
		}
		p.pointers = make([]*Value, p.chunk)
	}
	kept := p.pointers[:n:n]
	p.pointers = p.pointers[n:]
	copy(kept, items)
	return kept
}

// report notes a syntax problem inside v.
func (p *parser) report(v *Value, start, end int, message, hint string) {
	p.spoil(v)
	p.note(v, SyntaxError, start, end, message, hint)
}

// spoil marks v and its ancestors as broken.
func (p *parser) spoil(v *Value) {
	if v == nil {
		p.astray = true
	}
	for ; v != nil && !v.Broken; v = v.Parent {
		v.Broken = true
	}
}

// note adds a problem, or counts it when there are many.
func (p *parser) note(v *Value, code string, start, end int, message, hint string) {
	if len(p.problems) == MaxProblems {
		p.more++
		if p.noJSON || code != SyntaxError {
			return
		}
		// Invariant: a text that is no JSON has a problem that says so.
		p.problems = p.problems[:MaxProblems-1]
	}
	p.noJSON = p.noJSON || code == SyntaxError
	p.problems = append(p.problems, Problem{code, v.Pointer(), start, end, message, hint})
}

// full says that further problems will not be shown, so that their words need no effort.
func (p *parser) full() bool { return p.noJSON && len(p.problems) == MaxProblems }

// atLine returns " at line N" for an offset.
func (p *parser) atLine(offset int) string {
	if p.full() {
		return ""
	}
	if p.lines == nil {
		p.lines = NewLines(p.text)
	}
	line, _ := p.lines.Position(offset)
	return " at line " + strconv.Itoa(line)
}
