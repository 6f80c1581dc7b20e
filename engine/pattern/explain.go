package pattern

import (
	"strings"
	"unicode/utf8"

	"github.com/iam-playground/iam-playground/engine/trace"
)

// Resolve is the pattern's text with variables replaced, for people: ${*}
// becomes *, and a variable without a known value stays as written. missing is
// the key of the first variable that has no value ("" if all have one or are
// merely unknown).
func (p *Pattern) Resolve(bindings []Binding) (text string, missing string) {
	if p.parts == nil {
		return p.text, ""
	}
	var b strings.Builder
	for i := range p.parts {
		b.WriteString(p.shown(i, bindings))
	}
	list := p.Variables()
	for i := range list {
		if _, known := list[i].value(bindings); known == trace.No {
			return b.String(), list[i].Key
		}
	}
	return b.String(), ""
}

// shown is a part's piece of the resolved text.
func (p *Pattern) shown(i int, bindings []Binding) string {
	switch p.parts[i].kind {
	case run:
		return "*"
	case one:
		return "?"
	}
	if text, ok := p.fixedText(i, bindings); ok {
		return text
	}
	return p.parts[i].text
}

// Diff is where pattern and text first differ, as byte offsets into the
// resolved pattern text and into text, for the longest partial match; the
// first of them if several are as long. It is (-1, -1) if they match or may
// match, once unknown variables are known.
func (p *Pattern) Diff(text string, bindings []Binding) (patternAt, textAt int) {
	if p.Match(text, bindings) != trace.No {
		return -1, -1
	}
	if p.parts == nil { // literal text, and what may follow it
		return p.shared(p.fixed(), text)
	}
	from, at := 0, 0
	for {
		to := p.chunk(from, bindings)
		end := -1
		switch {
		case to == len(p.parts): // anchored at the end, and known to fail
		case from == 0:
			end = p.matchAt(from, to, text, bindings)
		default:
			end = p.find(from, to, text[at:], bindings)
		}
		if end < 0 {
			patternAt, textAt = p.longest(from, to, from == 0, text[at:], bindings)
			return p.width(0, from, bindings) + patternAt, at + textAt
		}
		at += end
		from = to + 1
	}
}

// longest is how far the parts get in text, at its start or anywhere.
func (p *Pattern) longest(from, to int, anchored bool, text string, bindings []Binding) (patternAt, textAt int) {
	patternAt = -1
	for at := 0; ; {
		done, end := p.progress(from, to, text[at:], bindings)
		if done > patternAt {
			patternAt, textAt = done, at+end
		}
		if anchored || at == len(text) {
			return patternAt, textAt
		}
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
}

// progress is how many bytes of the resolved parts match the start of text,
// and how many bytes of text they take.
func (p *Pattern) progress(from, to int, text string, bindings []Binding) (patternAt, textAt int) {
	for i := from; i < to; i++ {
		if n := p.matchPart(i, text[textAt:], bindings); n >= 0 {
			patternAt += len(p.shown(i, bindings))
			textAt += n
			continue
		}
		want, _ := p.fixedText(i, bindings)
		n, m := p.shared(want, text[textAt:])
		return patternAt + n, textAt + m
	}
	return patternAt, textAt
}

// shared is how many bytes of want and of text agree at their starts.
func (p *Pattern) shared(want, text string) (wantAt, textAt int) {
	for wantAt < len(want) && textAt < len(text) {
		_, n := utf8.DecodeRuneInString(want[wantAt:])
		m := p.skip(text[textAt:], want[wantAt:wantAt+n])
		if m < 0 {
			break
		}
		wantAt += n
		textAt += m
	}
	return wantAt, textAt
}

// width is the length of the parts in the resolved text.
func (p *Pattern) width(from, to int, bindings []Binding) int {
	n := 0
	for i := from; i < to; i++ {
		n += len(p.shown(i, bindings))
	}
	return n
}
