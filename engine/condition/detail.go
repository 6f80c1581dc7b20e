package condition

import (
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// The reasons that Detail gives.
const (
	// ReasonValueMatch: a value of the request matches, and the clause is true.
	ReasonValueMatch = "condition.value_match"
	// ReasonValueMismatch: no value matches, or with ForAllValues not every
	// one, and the clause is false.
	ReasonValueMismatch = "condition.value_mismatch"
	// ReasonNoneMatch: a negated operator is true, since none matches.
	ReasonNoneMatch = "condition.none_match"
	// ReasonOneMatch: a negated operator is false, since one matches.
	ReasonOneMatch = "condition.one_match"
	// ReasonKeyAbsent: the request does not have the key, and that makes the
	// clause false.
	ReasonKeyAbsent = "condition.key_absent"
	// ReasonMatchedBecauseAbsent: the request does not have the key, and that
	// makes the clause true.
	ReasonMatchedBecauseAbsent = "condition.matched_because_absent"
	// ReasonKeyPresent: Null looked for the key and found it.
	ReasonKeyPresent = "condition.key_present"
	// ReasonMissingQualifier: the key is multivalued and there is no set
	// operator, so the clause is false.
	ReasonMissingQualifier = "condition.missing_qualifier"
	// ReasonEmptySet: the key is there and has no values.
	ReasonEmptySet = "condition.empty_set"
	// ReasonUnreadableValue: no value of the request is of the operator's type.
	ReasonUnreadableValue = "condition.unreadable_value"
	// ReasonKeyUnknown: the clause's key, or a variable's, is unknown.
	ReasonKeyUnknown = "condition.key_unknown"
	// ReasonPartUnknown: a value of the policy is unknown.
	ReasonPartUnknown = "part.unknown"
	// ReasonVariableUnset: every value of the policy has a variable without a
	// value, so that none can match.
	ReasonVariableUnset = "condition.variable_unset"
	// ReasonNoValues: the policy gives no values.
	ReasonNoValues = "condition.no_values"
)

// Detail explains one outcome of a clause.
type Detail struct {
	Outcome trace.Outcome
	Reason  string
	// Comparisons are the values of the request, each with the values of the
	// policy, at most 64; nil if no value was looked at. If there are more,
	// at least one that matches is among them, if any does.
	Comparisons []Comparison
}

// Comparison is one value of the request next to one of the policy.
type Comparison struct {
	// Value is the index of the policy's value.
	Value int
	// Resolved is the policy's value after variables.
	Resolved string
	// Missing is the key of a variable without a value, or "".
	Missing string
	// Request is the request's value.
	Request string
	// Outcome is that of this pair, before negation.
	Outcome trace.Outcome
	// PolicyAt and RequestAt are where Resolved and Request first differ, in
	// bytes; -1 if they match or are not compared as text.
	PolicyAt, RequestAt int
	// Invalid is "policy" or "request" if that side cannot be read as the
	// operator's type, else "".
	Invalid string
}

const maxComparisons = 64

// Detail explains Match for people; it has the same outcome.
func (c *Clause) Detail(ctx []pattern.Binding) Detail {
	b := pattern.Bound(ctx, c.slot)
	d := Detail{Outcome: c.Match(ctx)}
	if b.State == pattern.Present && c.spec.Operator.Type != Null && (!b.Multi || c.spec.Set != NoSet) {
		d.Comparisons = c.comparisons(b.Texts, ctx)
	}
	d.Reason = c.reason(b, d)
	return d
}

func (c *Clause) reason(b pattern.Binding, d Detail) string {
	isNull := c.spec.Operator.Type == Null
	switch {
	case b.State == pattern.Unknown && (d.Outcome == trace.Unknown || isNull):
		return ReasonKeyUnknown
	case b.State == pattern.Unknown:
		return c.matchReason(d)
	case isNull && d.Outcome == trace.Unknown:
		return ReasonPartUnknown
	case absent(b) && d.Outcome == trace.Yes:
		return ReasonMatchedBecauseAbsent
	case absent(b):
		return ReasonKeyAbsent
	case len(b.Texts) == 0 && (isNull || c.spec.Set != NoSet):
		return ReasonEmptySet
	case isNull:
		return ReasonKeyPresent
	case b.Multi && c.spec.Set == NoSet:
		return ReasonMissingQualifier
	}
	return c.matchReason(d)
}

// matchReason is the reason of an outcome that rests on values.
func (c *Clause) matchReason(d Detail) string {
	if len(c.texts) == 0 {
		return ReasonNoValues
	}
	open := false
	unreadable, unset := len(d.Comparisons) > 0, len(d.Comparisons) > 0
	for i := range d.Comparisons {
		pair := &d.Comparisons[i]
		unreadable = unreadable && pair.Invalid == "request"
		unset = unset && pair.Missing != ""
		open = open || pair.Outcome == trace.Unknown && c.unknown(pair.Value)
	}
	switch {
	case d.Outcome == trace.Unknown && open:
		return ReasonPartUnknown
	case d.Outcome == trace.Unknown:
		return ReasonKeyUnknown
	case unreadable:
		return ReasonUnreadableValue
	case unset:
		return ReasonVariableUnset
	case c.spec.Operator.Negated && d.Outcome == trace.Yes:
		return ReasonNoneMatch
	case c.spec.Operator.Negated:
		return ReasonOneMatch
	case d.Outcome == trace.Yes:
		return ReasonValueMatch
	}
	return ReasonValueMismatch
}

func (c *Clause) comparisons(texts []string, ctx []pattern.Binding) []Comparison {
	var out []Comparison
	matched := false
	for _, text := range texts {
		o := c.read(text)
		for i := range c.texts {
			outcome := trace.No
			if o.ok {
				outcome = c.pair(i, &o, ctx)
			}
			switch {
			case len(out) < maxComparisons:
				out = append(out, c.comparison(i, &o, outcome, ctx))
			case outcome != trace.No && !matched:
				out[maxComparisons-1] = c.comparison(i, &o, outcome, ctx)
			}
			matched = matched || outcome != trace.No
		}
	}
	return out
}

func (c *Clause) comparison(i int, o *operand, outcome trace.Outcome, ctx []pattern.Binding) Comparison {
	d := Comparison{Value: i, Resolved: c.texts[i], Request: o.text, Outcome: outcome, PolicyAt: -1, RequestAt: -1}
	if c.unknown(i) {
		if !o.ok {
			d.Invalid = "request"
		}
		return d
	}
	switch c.spec.Operator.Type {
	case String, Bool:
		d.Resolved, d.Missing = c.patterns[i].Resolve(ctx)
		d.PolicyAt, d.RequestAt = c.patterns[i].Diff(o.text, ctx)
	case ARN:
		d.Resolved, d.Missing = c.arns[i].Resolve(ctx)
		d.PolicyAt, d.RequestAt = c.arns[i].Diff(o.text, ctx)
	}
	switch {
	case !o.ok:
		d.Invalid = "request"
	case d.Missing == "" && !c.possible(i, ctx):
		d.Invalid = "policy"
	}
	return d
}
