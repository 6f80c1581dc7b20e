package condition

import (
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Fact is a fact that stands in a slot like a context key: Yes when it is
// present, No when it is absent.
func Fact(ctx []pattern.Binding, slot int) trace.Outcome {
	switch pattern.Bound(ctx, slot).State {
	case pattern.Present:
		return trace.Yes
	case pattern.Unknown:
		return trace.Unknown
	}
	return trace.No
}

// AddUnknown adds values that nobody knows, as one more value. Whether some of
// them matches the request's is the fact of a slot. like is a pattern that they
// fit, for the operators of texts and ARNs: what does not fit it they do not
// match. Without it ("") they may match whatever the operator can read.
func (c *Clause) AddUnknown(fact int, like string, variables bool, slot func(key string) int) []Problem {
	for len(c.facts) < len(c.texts) {
		c.facts = append(c.facts, -1)
	}
	c.facts = append(c.facts, fact)
	i := len(c.texts)
	c.texts = append(c.texts, like)
	var f compiler
	switch c.spec.Operator.Type {
	case String, Bool:
		if like == "" {
			like = "*"
		}
		p, problems := pattern.Compile(like, pattern.Options{Wildcards: true, Variables: variables, FoldCase: c.spec.Operator.FoldCase}, slot)
		c.patterns = append(c.patterns, p)
		f.inPattern(i, problems)
	case ARN:
		if like == "" {
			like = "*:*:*:*:*:*"
		}
		m, problems := arn.Compile(like, variables, slot)
		c.arns = append(c.arns, m)
		f.inPattern(i, problems)
		if !m.Complete() {
			f.incomplete(i, like)
		}
	case Numeric:
		c.numbers = append(c.numbers, number{})
	case Date:
		c.dates = append(c.dates, date{})
	case IP:
		c.networks = append(c.networks, network{})
	}
	return f.problems
}

// unknown reports whether nobody knows the value i.
func (c *Clause) unknown(i int) bool { return i < len(c.facts) && c.facts[i] >= 0 }

// anyFact is whether some unknown value matches what the request has, whatever
// that is.
func (c *Clause) anyFact(ctx []pattern.Binding) trace.Outcome {
	out := trace.No
	for i := range c.facts {
		if c.unknown(i) {
			out = trace.Or(out, Fact(ctx, c.facts[i]))
		}
	}
	return out
}
