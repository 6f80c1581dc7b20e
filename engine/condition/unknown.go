package condition

import (
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

// unknown reports whether nobody knows the value i.
func (c *Clause) unknown(i int) bool { return i >= len(c.texts)-len(c.facts) }

// fact is whether the unknown value i matches what the request has, as far as
// its pattern lets it.
func (c *Clause) fact(i int, ctx []pattern.Binding) trace.Outcome {
	return Fact(ctx, c.facts[i-len(c.texts)+len(c.facts)])
}

// any is the pattern of an unknown value of which nothing is known.
func (c *Clause) any() string {
	if c.spec.Operator.Type == ARN {
		return "*:*:*:*:*:*"
	}
	return "*"
}

// anyFact is whether some unknown value matches what the request has, whatever
// that is.
func (c *Clause) anyFact(ctx []pattern.Binding) trace.Outcome {
	out := trace.No
	for _, slot := range c.facts {
		out = trace.Or(out, Fact(ctx, slot))
	}
	return out
}
