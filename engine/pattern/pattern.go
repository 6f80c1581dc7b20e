// Package pattern compiles and matches the texts of a policy that may hold
// wildcards (* and ?) and policy variables (${aws:username}).
//
// A character is a Unicode code point; a byte that is no part of valid UTF-8
// counts as one character. Time grows at most with the length of the pattern
// times the length of the text, and matching allocates nothing.
//
// The package does not know where variables are allowed, nor what a context
// key means: it sees slots, which are the caller's numbers for context keys.
package pattern

import (
	"strings"
	"unicode/utf8"

	"github.com/iam-playground/iam-playground/engine/trace"
)

// State says what is known of a context key in one request.
type State uint8

const (
	// Absent says that the request does not have the key.
	Absent State = iota
	// Present says that the request has the key, with the binding's texts.
	Present
	// Unknown says that nobody told whether the request has the key.
	Unknown
)

// Binding is what a context key is bound to in one request. A present
// single-valued key has exactly one text and Multi false; a present
// multivalued key has Multi true and any number of texts, also none.
type Binding struct {
	State State
	Multi bool
	// Sent says of an unknown value that there is one.
	Sent  bool
	Texts []string
}

// Bound is the binding of a slot; a slot outside of the list is Absent.
func Bound(bindings []Binding, slot int) Binding {
	if slot < 0 || slot >= len(bindings) {
		return Binding{}
	}
	return bindings[slot]
}

// Options say what is special in a pattern's text.
type Options struct {
	// Wildcards makes * any run of characters, also none, and ? one character.
	Wildcards bool
	// Variables makes ${key}, ${key, 'default'}, ${*}, ${?} and ${$} variables.
	Variables bool
	// FoldCase ignores case as strings.EqualFold does, in text and variables.
	FoldCase bool
}

// Variable is one policy variable in a pattern.
type Variable struct {
	// Key is the context key as written.
	Key string
	// Slot is the caller's number for the key.
	Slot int
	// Default is used when the key is absent, if HasDefault.
	Default    string
	HasDefault bool
}

// Pattern is a compiled text. The zero Pattern matches the empty text only.
type Pattern struct {
	text      string
	shape     shape
	fold      bool
	parts     []part      // nil for most of the shapes that need none; see whole
	variables *[]Variable // nil for none
}

// shape names the patterns that need no walk over their parts.
type shape uint8

const (
	exact    shape = iota // literal text only
	prefix                // literal text and one trailing *
	anything              // a lone *
	general
)

type kind uint8

const (
	literal  kind = iota
	one           // ?
	run           // *
	variable      // ${key}
)

// part is one piece of a pattern. Neighbouring literals and neighbouring
// runs are one part.
type part struct {
	text string // literal: the text; variable: as written, braces included
	// number is the number of characters of a literal, and for a variable its
	// index into Pattern.variables.
	number int32
	kind   kind
}

// Text is the pattern as written.
func (p *Pattern) Text() string { return p.text }

// Literal is the text that the pattern stands for, and true, if it has
// neither wildcard nor variable.
func (p *Pattern) Literal() (string, bool) {
	return p.fixed(), p.shape == exact
}

// fixed is the literal text of the shapes exact and prefix; "" for others.
func (p *Pattern) fixed() string {
	switch {
	case p.shape > prefix:
		return ""
	case p.parts != nil:
		return p.parts[0].text
	case p.shape == prefix:
		return p.text[:len(p.text)-1]
	}
	return p.text
}

// whole is the pattern with its parts, which most patterns never need.
func (p *Pattern) whole() *Pattern {
	if p.parts != nil || p.text == "" {
		return p
	}
	w := *p
	if fixed := p.fixed(); fixed != "" {
		w.parts = append(w.parts, part{kind: literal, text: fixed, number: int32(utf8.RuneCountInString(fixed))})
	}
	if p.shape != exact {
		w.parts = append(w.parts, part{kind: run})
	}
	return &w
}

// HasVariables reports whether the outcome depends on bindings.
func (p *Pattern) HasVariables() bool { return p.variables != nil }

// Variables are the pattern's variables in the order of the text; nil if
// there are none. ${*}, ${?} and ${$} are text, not variables.
func (p *Pattern) Variables() []Variable {
	if p.variables == nil {
		return nil
	}
	return *p.variables
}

// variable is the variable that a part stands for.
func (p *Pattern) variable(i int) *Variable { return &(*p.variables)[p.parts[i].number] }

// value is the literal text that replaces v. The outcome is No if v has no
// value, which is so for an absent key without default and for a multivalued
// key, and Unknown if its key is unknown.
func (v *Variable) value(bindings []Binding) (string, trace.Outcome) {
	if v.Slot >= 0 && v.Slot < len(bindings) {
		b := &bindings[v.Slot]
		switch {
		case b.State == Unknown:
			return "", trace.Unknown
		case b.State == Present && !b.Multi && len(b.Texts) == 1:
			return b.Texts[0], trace.Yes
		case b.State == Present:
			return "", trace.No
		}
	}
	return v.Default, trace.Of(v.HasDefault)
}

// settled is No if a variable has no value, else Unknown if one is unknown,
// else Yes.
func (p *Pattern) settled(bindings []Binding) trace.Outcome {
	out := trace.Yes
	list := p.Variables()
	for i := range list {
		_, known := list[i].value(bindings)
		out = trace.And(out, known)
	}
	return out
}

// Possible reports whether there may be a text that the pattern matches under
// the bindings: whether no variable is without a value.
func (p *Pattern) Possible(bindings []Binding) bool {
	return p.settled(bindings) != trace.No
}

// Match reports whether the pattern matches the whole text. A variable
// without a value (an absent key without default, or a multivalued key) makes
// it No; with an unknown key it is No if it would not match whatever the
// value, else Unknown.
func (p *Pattern) Match(text string, bindings []Binding) trace.Outcome {
	switch p.shape {
	case exact:
		if p.fold {
			return trace.Of(strings.EqualFold(p.fixed(), text))
		}
		return trace.Of(p.fixed() == text)
	case prefix:
		return trace.Of(p.skip(text, p.fixed()) >= 0)
	case anything:
		return trace.Yes
	}
	// Most patterns that do not match differ from the start.
	if p.parts[0].kind == literal && p.skip(text, p.parts[0].text) < 0 {
		return trace.No
	}
	settled := p.settled(bindings)
	if settled == trace.No || !p.walk(text, bindings) {
		return trace.No
	}
	return settled
}

// walk matches the chunks between stars from left to right, each as far left
// as it goes. That suffices, since a chunk has a fixed number of characters:
// an earlier place always leaves more text to the later chunks.
func (p *Pattern) walk(text string, bindings []Binding) bool {
	to := p.chunk(0, bindings)
	at := p.matchAt(0, to, text, bindings)
	if to == len(p.parts) {
		return at == len(text)
	}
	for at >= 0 {
		text = text[at:]
		from := to + 1
		to = p.chunk(from, bindings)
		if to == len(p.parts) {
			return p.matchEnd(from, to, text, bindings)
		}
		at = p.find(from, to, text, bindings)
	}
	return false
}

// chunk is the index of the first part at or after from that stands for any
// run of characters: a *, or a variable whose key is unknown.
func (p *Pattern) chunk(from int, bindings []Binding) int {
	for i := from; i < len(p.parts); i++ {
		if p.star(i, bindings) {
			return i
		}
	}
	return len(p.parts)
}

func (p *Pattern) star(i int, bindings []Binding) bool {
	switch p.parts[i].kind {
	case run:
		return true
	case variable:
		_, known := p.variable(i).value(bindings)
		return known == trace.Unknown
	}
	return false
}

// matchAt matches the parts from up to to at the start of text and is the
// number of bytes they took, or -1.
func (p *Pattern) matchAt(from, to int, text string, bindings []Binding) int {
	at := 0
	for i := from; i < to; i++ {
		if part := &p.parts[i]; part.kind == literal && !p.fold { // the common case
			if !strings.HasPrefix(text[at:], part.text) {
				return -1
			}
			at += len(part.text)
			continue
		}
		n := p.matchPart(i, text[at:], bindings)
		if n < 0 {
			return -1
		}
		at += n
	}
	return at
}

func (p *Pattern) matchPart(i int, text string, bindings []Binding) int {
	if p.parts[i].kind == one {
		if text == "" {
			return -1
		}
		_, n := utf8.DecodeRuneInString(text)
		return n
	}
	want, ok := p.fixedText(i, bindings)
	if !ok {
		return -1
	}
	return p.skip(text, want)
}

// fixedText is the literal text of a part, and false if it has none: a
// wildcard, or a variable without a known value.
func (p *Pattern) fixedText(i int, bindings []Binding) (string, bool) {
	switch p.parts[i].kind {
	case literal:
		return p.parts[i].text, true
	case variable:
		text, known := p.variable(i).value(bindings)
		return text, known == trace.Yes
	}
	return "", false
}

// matchEnd matches the parts at the very end of text.
func (p *Pattern) matchEnd(from, to int, text string, bindings []Binding) bool {
	if from == to {
		return true
	}
	characters := 0
	for i := from; i < to; i++ {
		switch p.parts[i].kind {
		case literal:
			characters += int(p.parts[i].number)
		case one:
			characters++
		case variable:
			value, _ := p.fixedText(i, bindings)
			characters += utf8.RuneCountInString(value)
		}
	}
	at := len(text)
	for ; characters > 0; characters-- {
		if at == 0 {
			return false
		}
		_, n := utf8.DecodeLastRuneInString(text[:at])
		at -= n
	}
	return p.matchAt(from, to, text[at:], bindings) == len(text)-at
}

// find is where the leftmost match of the parts ends, or -1.
func (p *Pattern) find(from, to int, text string, bindings []Binding) int {
	head := ""
	if from < to && !p.fold {
		head, _ = p.fixedText(from, bindings)
	}
	for at := 0; ; {
		if head != "" {
			next := strings.Index(text[at:], head)
			if next < 0 {
				return -1
			}
			at += next
		}
		if n := p.matchAt(from, to, text[at:], bindings); n >= 0 {
			return at + n
		}
		if at == len(text) {
			return -1
		}
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
}

// skip is the number of bytes of text that want takes at its start, or -1.
func (p *Pattern) skip(text, want string) int {
	if !p.fold {
		if strings.HasPrefix(text, want) {
			return len(want)
		}
		return -1
	}
	at := 0
	for i := 0; i < len(want); {
		if at == len(text) {
			return -1
		}
		r, n := utf8.DecodeRuneInString(want[i:])
		s, m := utf8.DecodeRuneInString(text[at:])
		if !sameLetter(r, s) {
			return -1
		}
		i += n
		at += m
	}
	return at
}
