package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/iam-playground/iam-playground/engine/trace"
)

// Example is a text that the pattern matches: each * replaced by star, each ?
// by "x", each variable by its value or, if its key is unknown, by unknown.
// It is false if a variable has no value, so that no text matches.
func (p *Pattern) Example(bindings []Binding, star, unknown string) (string, bool) {
	p = p.whole()
	if !p.Possible(bindings) {
		return "", false
	}
	var b strings.Builder
	for i := range p.parts {
		switch p.parts[i].kind {
		case run:
			b.WriteString(star)
		case one:
			b.WriteByte('x')
		default:
			text, ok := p.fixedText(i, bindings)
			if !ok {
				text = unknown
			}
			b.WriteString(text)
		}
	}
	return b.String(), true
}

// maxTries bounds the places that Solve looks at on each side of a variable.
const maxTries = 8

// Solve calls add with values of the context key slot under which the pattern
// matches text, or may match it: with "ali" for "home/${aws:username}/*" and
// "home/ali/x". The binding of slot itself is not looked at. The search is
// bounded, so a value may be missed where the text repeats what surrounds the
// variable more than a few times; a value may be added twice.
func (p *Pattern) Solve(slot int, text string, bindings []Binding, add func(value string)) {
	p = p.whole()
	var trial []Binding
	for i := range p.parts {
		if p.parts[i].kind != variable || p.variable(i).Slot != slot {
			continue
		}
		if trial == nil {
			trial = make([]Binding, max(len(bindings), slot+1))
			copy(trial, bindings)
			trial[slot] = Binding{State: Unknown}
		}
		for _, start := range p.starts(i, text, trial) {
			for _, end := range p.ends(i, text, start, trial) {
				trial[slot] = Binding{State: Present, Texts: []string{text[start:end]}}
				if p.Match(text, trial) != trace.No {
					add(text[start:end])
				}
			}
		}
		trial[slot] = Binding{State: Unknown}
	}
}

// starts are the offsets at which the value of the variable part i may start.
func (p *Pattern) starts(i int, text string, bindings []Binding) []int {
	from := i
	for from > 0 && !p.star(from-1, bindings) {
		from--
	}
	if from == 0 {
		if n := p.matchAt(0, i, text, bindings); n >= 0 {
			return []int{n}
		}
		return nil
	}
	var out []int
	for at := 0; at <= len(text) && len(out) < maxTries; at++ {
		if n := p.matchAt(from, i, text[at:], bindings); n >= 0 {
			out = append(out, at+n)
		}
	}
	return out
}

// ends are the offsets at which the value of part i may end if it starts at
// start.
func (p *Pattern) ends(i int, text string, start int, bindings []Binding) []int {
	to := i + 1
	for to < len(p.parts) && !p.star(to, bindings) {
		to++
	}
	var out []int
	for at := start; at <= len(text) && len(out) < maxTries; at++ {
		n := p.matchAt(i+1, to, text[at:], bindings)
		if n >= 0 && (to < len(p.parts) || at+n == len(text)) {
			out = append(out, at)
		}
	}
	if to == i+1 && to < len(p.parts) { // nothing fixed follows: the rest of the text is the best guess
		out = append(out, len(text))
	}
	return out
}

// Covers reports whether p matches every text that q matches. It is sound but
// not complete: false may also mean that it could not tell. Patterns with
// variables cover nothing and are not covered. The comparisons of characters
// that it takes are taken from steps; when they are used up, it could not tell.
func Covers(p, q *Pattern, steps *int) bool {
	if p.HasVariables() || q.HasVariables() {
		return false
	}
	want, have := p.symbols(), q.symbols()
	*steps -= len(want) + len(have)
	i, j := 0, 0
	star, resume := -1, 0
	for j < len(have) {
		if *steps--; *steps < 0 {
			*steps = 0
			return false
		}
		switch {
		case i < len(want) && want[i] == anyRun:
			star, resume = i, j
			i++
		case i < len(want) && p.coversSymbol(want[i], have[j], q.fold):
			i++
			j++
		case star >= 0:
			resume++
			i, j = star+1, resume
		default:
			return false
		}
	}
	for i < len(want) && want[i] == anyRun {
		i++
	}
	return i == len(want)
}

// The symbols that are no characters. Bytes that are no valid UTF-8 are
// symbols from badByte on.
const (
	anyRun  rune = -1
	anyOne  rune = -2
	badByte      = unicode.MaxRune + 1
)

// symbols are the characters and wildcards of the pattern. In a row of
// wildcards every ? comes before the *, so that "*?" and "?*" are the same.
func (p *Pattern) symbols() []rune {
	p = p.whole()
	var out []rune
	for _, part := range p.parts {
		n := len(out)
		switch {
		case part.kind == run && n > 0 && out[n-1] == anyRun:
		case part.kind == run:
			out = append(out, anyRun)
		case part.kind == one && n > 0 && out[n-1] == anyRun:
			out[n-1] = anyOne
			out = append(out, anyRun)
		case part.kind == one:
			out = append(out, anyOne)
		default:
			for text := part.text; text != ""; {
				r, size := utf8.DecodeRuneInString(text)
				if r == utf8.RuneError && size == 1 {
					r = badByte + rune(text[0])
				}
				out = append(out, r)
				text = text[size:]
			}
		}
	}
	return out
}

// coversSymbol reports whether a symbol of p other than * covers one of a
// pattern that ignores case if folded.
func (p *Pattern) coversSymbol(want, have rune, folded bool) bool {
	switch {
	case have == anyRun:
		return false
	case want == anyOne:
		return true
	case have < 0 || want < 0:
		return false
	case p.fold:
		return sameLetter(want, have)
	}
	return want == have && (!folded || unicode.SimpleFold(have) == have)
}
