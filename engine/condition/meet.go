package condition

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/pattern"
)

// Meetings calls add with texts that no clause by itself gives as a candidate:
// those that a value of c and one of d match at once, and numbers and dates
// between two that are neighbours. free stands for characters that may be any.
// c and d may be the same. It stops as soon as take, which is given the steps
// that were taken, reports false.
func (c *Clause) Meetings(d *Clause, ctx []pattern.Binding, free rune, take func(steps int) bool, add func(string)) {
	if c.spec.Operator.Type != d.spec.Operator.Type {
		return
	}
	for i := range c.texts {
		if !c.open(i) {
			continue
		}
		if !take(len(d.texts)) {
			return
		}
		for j := range d.texts {
			if !d.open(j) {
				continue
			}
			text, ok, steps := c.meet(i, d, j, ctx, free)
			if !take(steps) {
				return
			}
			if ok {
				add(text)
			}
		}
	}
}

// open reports whether the value i may match several texts, or lies beside
// others: what it has in common with another value is not one of the two.
func (c *Clause) open(i int) bool {
	switch c.spec.Operator.Type {
	case String:
		return c.spec.Operator.FoldCase || c.patterns[i].Wild()
	case ARN:
		return c.arns[i].Wild()
	}
	return c.spec.Operator.Type == Numeric || c.spec.Operator.Type == Date
}

func (c *Clause) meet(i int, d *Clause, j int, ctx []pattern.Binding, free rune) (text string, ok bool, steps int) {
	const each = 32
	switch c.spec.Operator.Type {
	case String:
		text, ok, steps = pattern.Meet(&c.patterns[i], &d.patterns[j], ctx, free)
	case ARN:
		text, ok, steps = arn.Meet(&c.arns[i], &d.arns[j], ctx, free)
	case Numeric:
		if a, b := c.numbers[i], d.numbers[j]; a.ok && b.ok && a.compare(b) < 0 {
			text, ok = between(c.texts[i], d.texts[j])
		}
	case Date:
		if a, b := c.dates[i], d.dates[j]; a.ok && b.ok && a.at.Compare(b.at) < 0 {
			text, ok = betweenInstants(a.at, b.at)
		}
	}
	return text, ok, each + steps
}

// between is a number between the numbers low and high, if neither of their
// own neighbours (see step) is. Numbers with an exponent have none.
func between(low, high string) (string, bool) {
	if strings.ContainsAny(low+high, "eE") {
		return "", false
	}
	if up := parseNumber(step(low, true)); up.compare(parseNumber(high)) < 0 {
		return "", false
	}
	// One half of the last place beyond the one that is nearer to zero.
	near, sign := low, ""
	if low[0] == '-' && parseNumber(low).digits != "" {
		near, sign = high, "-"
	}
	wholeA, fractionA, _ := strings.Cut(strings.TrimLeft(near, "+-"), ".")
	_, fractionB, _ := strings.Cut(low, ".")
	_, fractionC, _ := strings.Cut(high, ".")
	places := max(len(fractionB), len(fractionC))
	return sign + wholeA + "." + fractionA + strings.Repeat("0", places-len(fractionA)) + "5", true
}

// betweenInstants is an instant half way between two that are at most a second
// apart.
func betweenInstants(low, high Instant) (string, bool) {
	const second = 1_000_000_000
	if high.Seconds-low.Seconds > 1 {
		return "", false
	}
	nanos := (int64(low.Nanos) + int64(high.Nanos) + (high.Seconds-low.Seconds)*second) / 2
	text, calendar := strings.CutSuffix(FormatSeconds(low.Seconds+nanos/second), "Z")
	text += "." + padded(int(nanos%second), 9)
	if calendar {
		text += "Z"
	}
	return text, true
}
