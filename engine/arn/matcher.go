package arn

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Matcher is a compiled value of an ARN operator. The zero Matcher matches
// nothing.
type Matcher struct {
	parts [6]pattern.Pattern
	n     int
}

// Compile reads the value of an ARN operator. It never fails: a value with
// fewer than six parts matches nothing (see Complete), and a broken variable
// is reported and taken literally. Colons inside a variable do not split.
// slot is as in pattern.Compile.
func Compile(text string, variables bool, slot func(key string) int) (Matcher, []pattern.Problem) {
	var m Matcher
	var problems []pattern.Problem
	for start := 0; m.n < len(m.parts); m.n++ {
		end := len(text)
		if m.n < len(m.parts)-1 {
			end = partEnd(text, start, variables)
		}
		p, found := pattern.Compile(text[start:end], pattern.Options{Wildcards: true, Variables: variables}, slot)
		m.parts[m.n] = p
		for _, problem := range found {
			problem.Start += start
			problem.End += start
			problems = append(problems, problem)
		}
		if end == len(text) {
			m.n++
			break
		}
		start = end + 1
	}
	return m, problems
}

// partEnd is the offset of the first colon from start on that is not inside a
// variable, or the end of the text.
func partEnd(text string, start int, variables bool) int {
	for at := start; at < len(text); at++ {
		if variables {
			if end := pattern.VariableEnd(text, at); end > at {
				at = end - 1
				continue
			}
		}
		if text[at] == ':' {
			return at
		}
	}
	return len(text)
}

// Complete reports whether the value has six parts, as every ARN has.
func (m *Matcher) Complete() bool { return m.n == len(m.parts) }

// Match compares text with the value part by part; a text with fewer than six
// parts is matched by nothing. Variables are as in pattern.Pattern.Match.
func (m *Matcher) Match(text string, bindings []pattern.Binding) trace.Outcome {
	if !m.Complete() {
		return trace.No
	}
	parts, n := Split(text)
	if n < len(parts) {
		return trace.No
	}
	out := trace.Yes
	for i := range m.parts {
		out = trace.And(out, m.parts[i].Match(parts[i], bindings))
		if out == trace.No {
			break
		}
	}
	return out
}

// Possible reports whether there may be a text that the value matches under
// the bindings.
func (m *Matcher) Possible(bindings []pattern.Binding) bool {
	for i := range m.parts {
		if !m.parts[i].Possible(bindings) {
			return false
		}
	}
	return m.Complete()
}

// Wild reports whether the value has a wildcard.
func (m *Matcher) Wild() bool {
	for i := range m.parts {
		if m.parts[i].Wild() {
			return true
		}
	}
	return false
}

// Hard is that of all parts, as pattern.Pattern.Hard.
func (m *Matcher) Hard() (bytes, variables int) {
	for i := range m.parts {
		b, v := m.parts[i].Hard()
		bytes, variables = bytes+b, variables+v
	}
	return bytes, variables
}

// Variables are the variables of all parts, in the order of the text.
func (m *Matcher) Variables() []pattern.Variable {
	var out []pattern.Variable
	for i := range m.parts {
		out = append(out, m.parts[i].Variables()...)
	}
	return out
}

// Resolve is the value with variables replaced, as pattern.Pattern.Resolve.
func (m *Matcher) Resolve(bindings []pattern.Binding) (text string, missing string) {
	var b strings.Builder
	for i := range m.n {
		if i > 0 {
			b.WriteByte(':')
		}
		resolved, without := m.parts[i].Resolve(bindings)
		b.WriteString(resolved)
		if missing == "" {
			missing = without
		}
	}
	return b.String(), missing
}

// Diff is where the value and text first differ: in the first part that does
// not match, as byte offsets into the resolved value and into text. Where one
// side ends too early it is the end of that part on both sides. It is (-1, -1)
// if they match or may match.
func (m *Matcher) Diff(text string, bindings []pattern.Binding) (patternAt, textAt int) {
	if m.Match(text, bindings) != trace.No {
		return -1, -1
	}
	parts, n := Split(text)
	for i := range min(m.n, n) {
		if i > 0 {
			patternAt++
			textAt++
		}
		if p, t := m.parts[i].Diff(parts[i], bindings); p >= 0 {
			return patternAt + p, textAt + t
		}
		resolved, _ := m.parts[i].Resolve(bindings)
		patternAt += len(resolved)
		textAt += len(parts[i])
	}
	return patternAt, textAt
}

// Example is an ARN that the value matches, as pattern.Pattern.Example.
func (m *Matcher) Example(bindings []pattern.Binding, star, unknown string) (string, bool) {
	if !m.Complete() {
		return "", false
	}
	var b strings.Builder
	for i := range m.parts {
		if i > 0 {
			b.WriteByte(':')
		}
		text, ok := m.parts[i].Example(bindings, star, unknown)
		if !ok {
			return "", false
		}
		b.WriteString(text)
	}
	return b.String(), true
}

// Solve calls add with values of the context key slot under which the part of
// the value that names it matches its part of text, as pattern.Pattern.Solve.
func (m *Matcher) Solve(slot int, text string, bindings []pattern.Binding, add func(value string)) {
	parts, n := Split(text)
	if n < len(parts) || !m.Complete() {
		return
	}
	for i := range m.parts {
		m.parts[i].Solve(slot, parts[i], bindings, add)
	}
}
