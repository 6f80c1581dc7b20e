package condition

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/pattern"
)

// MeetingSteps is how many values Meetings compares; long texts count as several.
func (c *Clause) MeetingSteps(d *Clause) int {
	if c.spec.Operator.Type != d.spec.Operator.Type {
		return 1
	}
	switch c.spec.Operator.Type {
	case String, ARN:
		var count, bytes [2]int
		for side, x := range [...]*Clause{c, d} {
			for i := range x.texts {
				if x.open(i) {
					count[side]++
					bytes[side] += len(x.texts[i])
				}
			}
		}
		return len(c.texts) + len(d.texts) + 4*count[0]*count[1] + bytes[0]*(bytes[1]>>2)
	case Numeric, Date:
		return 4 * len(c.texts) * len(d.texts)
	}
	return 1
}

// Meetings calls add with texts that no clause by itself gives as a candidate:
// those that a value of c and one of d match at once, and numbers and dates
// between two that are neighbours. free stands for characters that may be any.
// c and d may be the same.
func (c *Clause) Meetings(d *Clause, ctx []pattern.Binding, free rune, add func(string)) {
	if c.spec.Operator.Type != d.spec.Operator.Type {
		return
	}
	for i := range c.texts {
		if !c.open(i) {
			continue
		}
		for j := range d.texts {
			if !d.open(j) {
				continue
			}
			if text, ok := c.meet(i, d, j, ctx, free); ok {
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

func (c *Clause) meet(i int, d *Clause, j int, ctx []pattern.Binding, free rune) (string, bool) {
	switch c.spec.Operator.Type {
	case String:
		return pattern.Meet(&c.patterns[i], &d.patterns[j], ctx, free)
	case ARN:
		return arn.Meet(&c.arns[i], &d.arns[j], ctx, free)
	case Numeric:
		if a, b := c.numbers[i], d.numbers[j]; a.ok && b.ok && a.compare(b) < 0 {
			return between(c.texts[i], d.texts[j])
		}
	case Date:
		if a, b := c.dates[i], d.dates[j]; a.ok && b.ok && a.at.Compare(b.at) < 0 {
			return betweenInstants(a.at, b.at)
		}
	}
	return "", false
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
