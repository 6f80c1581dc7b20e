package condition

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// placeholder stands for the value of any other unknown key, on both sides:
// where a variable and the clause's key are both unknown, it makes them equal.
const placeholder = "some-value"

// Candidates calls add with bindings of the unknown key own that stand for all
// bindings that it may have: with them and its absence the clause takes every
// truth value that it takes with any values of the operator's type. (That a
// request might bring nonsense for a number is not held against the clause.)
// Every text is given as a single value
// and, under a set operator, also as a multivalued one, alone and beside one
// that matches nothing; and there the empty set is given too. Without a set
// operator no multivalued bindings are given: they make the clause false.
//
// own may be the clause's key or a variable's; for another key nothing is
// added. Keys that are unknown besides own are taken to be some placeholder.
func (c *Clause) Candidates(own int, ctx []pattern.Binding, add func(pattern.Binding)) {
	if own != c.slot {
		c.variableTexts(own, ctx, add)
		return
	}
	texts := c.ownTexts(ctx)
	fresh := c.fresh(texts, ctx)
	texts = once(append(texts, fresh))
	for _, text := range texts {
		add(single(text))
	}
	if c.spec.Set == NoSet {
		return
	}
	multi := func(texts ...string) {
		add(pattern.Binding{State: pattern.Present, Multi: true, Texts: texts})
	}
	multi()
	for _, text := range texts {
		multi(text)
		if text != fresh {
			multi(text, fresh)
		}
	}
}

// once are the texts without repetitions.
func once(texts []string) []string {
	seen := make(map[string]bool, len(texts))
	return slices.DeleteFunc(texts, func(text string) bool {
		again := seen[text]
		seen[text] = true
		return again
	})
}

func single(text string) pattern.Binding {
	return pattern.Binding{State: pattern.Present, Texts: []string{text}}
}

// variableTexts adds values for the key of a variable: those with which a
// value of the clause's key matches, and one with which none does.
func (c *Clause) variableTexts(own int, ctx []pattern.Binding, add func(pattern.Binding)) {
	if !slices.ContainsFunc(c.Variables(), func(v pattern.Variable) bool { return v.Slot == own }) {
		return
	}
	var texts []string
	note := func(text string) { texts = append(texts, text) }
	b := pattern.Bound(ctx, c.slot)
	for _, text := range b.Texts {
		for i := range c.patterns {
			c.patterns[i].Solve(own, text, ctx, note)
		}
		for i := range c.arns {
			c.arns[i].Solve(own, text, ctx, note)
		}
	}
	if b.State == pattern.Unknown {
		note(placeholder)
		if c.spec.Operator.Type == Bool {
			note("true")
			note("false")
		}
	}
	// A value that is no part of the texts cannot make them match.
	strange := []string{"other", "another", unseen(append(slices.Clone(b.Texts), placeholder))}
	note(strange[slices.IndexFunc(strange, func(value string) bool {
		return !slices.ContainsFunc(b.Texts, func(text string) bool { return strings.Contains(text, value) })
	})])
	for _, text := range once(texts) {
		add(single(text))
	}
}

// ownTexts are values of the clause's key that match the policy's values, and
// for ordered types the neighbours on both sides.
func (c *Clause) ownTexts(ctx []pattern.Binding) []string {
	var out []string
	example := func(of func([]pattern.Binding, string, string) (string, bool)) {
		for _, star := range [...]string{"", placeholder} {
			if text, ok := of(ctx, star, placeholder); ok {
				out = append(out, text)
			}
		}
	}
	for i, text := range c.texts {
		if c.spec.Operator.Type == Null || !c.possible(i, ctx) {
			continue
		}
		if t := c.spec.Operator.Type; c.unknown(i) && t != String && t != ARN && t != Bool {
			continue // whatever there is to compare with stands in the other values
		}
		switch c.spec.Operator.Type {
		case String:
			from := len(out)
			example(c.patterns[i].Example)
			if c.spec.Operator.FoldCase {
				// Another operator may tell the cases apart.
				for _, text := range out[from:] {
					out = append(out, otherCase(text))
				}
			}
		case ARN:
			example(c.arns[i].Example)
		case Bool:
			out = append(out, "true", "false")
		case Binary:
			out = append(out, text)
		case Numeric:
			for _, near := range [...]string{step(text, false), text, step(text, true)} {
				if near != "" {
					out = append(out, near)
				}
			}
		case Date:
			seconds := c.dates[i].at.Seconds
			out = append(out, FormatSeconds(seconds-1), text, FormatSeconds(seconds+1))
		case IP:
			first, last := c.networks[i].address, c.networks[i].last()
			for _, a := range [...]address{first, first.next(-1), last.next(1)} {
				if a.size > 0 {
					out = append(out, a.String())
				}
			}
		}
	}
	return out
}

// otherCase is a text with the case of its ASCII letters swapped.
func otherCase(text string) string {
	out := []byte(text)
	for i, c := range out {
		if 'a' <= c|0x20 && c|0x20 <= 'z' {
			out[i] = c ^ 0x20
		}
	}
	return string(out)
}

// ordinary are values that seldom match anything, by type.
var ordinary = [...][]string{
	String:  {"other", "another", ""},
	Numeric: {"0", "-1"},
	Date:    {"1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"},
	Bool:    {"false", "true"},
	Binary:  {"b3RoZXI="},
	IP:      {"198.51.100.1", "203.0.113.1", "2001:db8::1"},
	ARN:     {"arn:aws:other:us-east-1:000000000000:other", "other"},
	Null:    {"other"},
}

// fresh is a value of the clause's key that matches none of the policy's
// values, if there is one among the ordinary values and the first of the texts.
func (c *Clause) fresh(texts []string, ctx []pattern.Binding) string {
	const most = 16
	tries := slices.Clone(ordinary[c.spec.Operator.Type])
	if c.spec.Operator.Type == Null {
		return tries[0]
	}
	longer := unseen(append(slices.Clone(c.texts), texts...))
	tries = append(tries, texts[:min(len(texts), most)]...)
	switch c.spec.Operator.Type {
	case String:
		tries = append(tries, longer)
	case Binary:
		tries = append(tries, strings.Repeat("AAAA", len(longer)/4+1))
	}
	for _, want := range [...]trace.Outcome{trace.No, trace.Unknown} {
		for _, text := range tries {
			if c.matchesSome(text, ctx) == want {
				return text
			}
		}
	}
	return tries[0]
}

// unseen is a text that is longer than all the others and made of a letter
// that none of them has.
func unseen(texts []string) string {
	length := 0
	for i, text := range texts {
		length = max(length, len(text))
		texts[i] = strings.ToLower(text)
	}
	return strings.Repeat(string(pattern.Unused('a', texts)), length+1)
}
