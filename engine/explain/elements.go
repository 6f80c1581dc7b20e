package explain

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Element is one sentence about an element of a statement.
func Element(q *engine.Query, e *engine.Element) string {
	switch e.Reason {
	case trace.ActionMatch, trace.ResourceMatch:
		for i := range e.Comparisons {
			c := &e.Comparisons[i]
			if c.Outcome == trace.Yes {
				if c.Resolved == c.Value {
					return "names " + c.Value
				}
				return c.Resolved + " covers " + c.Value
			}
		}
	case trace.ActionNoMatch:
		return actionMismatch(q, e)
	case trace.NotActionListed:
		return q.Action + " is among the actions that are excepted"
	case trace.NotActionNotListed:
		return q.Action + " is not among the actions that are excepted"
	case trace.ResourceNoMatch:
		return resourceMismatch(e)
	case trace.ResourceNeedsStar:
		return q.Action + ` is requested on "*", and only the Resource "*" covers that`
	case trace.NotResourceListed:
		return "the resource is among those that are excepted"
	case trace.NotResourceNotListed:
		return "the resource is not among those that are excepted"
	case trace.VariableUnset:
		return "${" + e.Comparisons[0].Missing + "} has no value in this request, so the pattern matches nothing"
	case trace.VariableUnknown:
		return "depends on a variable whose value is unknown"
	case trace.PrincipalNamed:
		for i := range e.Comparisons {
			c := &e.Comparisons[i]
			if c.Outcome == trace.Yes {
				return "names " + c.Value
			}
		}
	case trace.PrincipalNotNamed:
		return principalMismatch(q, e)
	case trace.PrincipalAccount:
		return "names the account " + q.Caller.Account + ", which lets the account's own policies decide"
	case trace.PrincipalEveryone:
		return "names everyone"
	case trace.NotPrincipalUnclear:
		return "some of the caller's identifiers are excepted and not all, and whether that excepts the caller is " +
			"not known: " +
			Join(q.Caller.Identifiers(), "and")
	case trace.NotPrincipalListed:
		return "the caller is excepted"
	case trace.NotPrincipalChain:
		return "not every identifier of the caller is excepted: " + Join(q.Caller.Identifiers(), "and")
	case trace.PartUnknown:
		return partText(e)
	case trace.NotPrincipalBoundary:
		return "the caller has a permissions boundary, and then NotPrincipal excepts nobody"
	}
	return conditionText(q, e)
}

// partText says which unknown value an element waits for.
func partText(e *engine.Element) string {
	for i := range e.Comparisons {
		if c := &e.Comparisons[i]; c.Part != nil && c.Outcome == trace.Unknown {
			return "has a value that nobody knows: " + c.Part.Why
		}
	}
	return "has a value that nobody knows"
}

func conditionText(q *engine.Query, e *engine.Element) string {
	values := policyValues(e)
	entry := q.ContextEntry(e.Key)
	if entry.Origin == engine.UnknownOrigin && e.Outcome != trace.Unknown {
		if e.Outcome == trace.Yes {
			return e.Key + " is unknown, and " + e.Operator + " is true with any value"
		}
		return e.Key + " is unknown, and " + e.Operator + " is false with any value"
	}
	has := e.Key + " is " + engine.ShownValues(entry.Values, entry.Multi)
	switch string(e.Reason) {
	case condition.ReasonValueMatch:
		return has + ", which meets " + e.Operator + " " + values
	case condition.ReasonValueMismatch:
		return has + ", expected " + e.Operator + " " + values + valueCause(e)
	case condition.ReasonNoneMatch:
		return has + ", which is none of " + values
	case condition.ReasonOneMatch:
		return has + ", and " + e.Operator + " asks that it be none of " + values
	case condition.ReasonKeyAbsent:
		if e.Operator == "Null" {
			return e.Key + " is not in the request, and Null false asks that it be there"
		}
		return e.Key + " is not in the request, and " + e.Operator + " is false then"
	case condition.ReasonMatchedBecauseAbsent:
		if e.Operator == "Null" {
			return e.Key + " is not in the request, as Null true asks"
		}
		return e.Key + " is not in the request, and " + e.Operator + " is true then"
	case condition.ReasonKeyPresent:
		if e.Outcome == trace.Yes {
			return e.Key + " is in the request, as Null false asks"
		}
		return e.Key + " is in the request, and Null true asks that it be absent"
	case condition.ReasonMissingQualifier:
		return e.Key + " has a list of values in the request, and " + e.Operator +
			" without ForAllValues or ForAnyValue never matches such a key"
	case condition.ReasonEmptySet:
		return e.Key + " is an empty list"
	case condition.ReasonUnreadableValue:
		return has + ", which is not a value that " + e.Operator + " can read"
	case condition.ReasonKeyUnknown:
		if entry.Origin == engine.UnknownOrigin {
			return e.Key + " is unknown"
		}
		return "depends on a variable whose value is unknown"
	case condition.ReasonVariableUnset:
		for i := range e.Comparisons {
			c := &e.Comparisons[i]
			if c.Missing != "" {
				return "${" + c.Missing + "} has no value in this request"
			}
		}
		return "a variable has no value in this request"
	case condition.ReasonNoValues:
		return "the policy lists no values"
	}
	return string(e.Reason)
}

func policyValues(e *engine.Element) string {
	var room [4]string
	out := room[:0]
	for i := range e.Comparisons {
		c := &e.Comparisons[i]
		if c.Part != nil {
			out = appendNew(out, "one that nobody knows")
			continue
		}
		out = appendNew(out, engine.ShownValue(c.Resolved))
	}
	out = few(out, "values")
	return Join(out, "or")
}

// Comparison is one sentence about one value of the policy: words, and a value after them.
func Comparison(c *engine.Comparison) (words, value string) {
	switch {
	case c.Part != nil && c.Outcome == trace.Unknown:
		return "a value that nobody knows: ", c.Part.Why
	case c.Part != nil && c.Invalid == "" && c.Outcome == trace.No:
		return "whatever it is, it does not match ", c.Value
	case c.Missing != "":
		return "${" + c.Missing + "} has no value", ""
	case c.Invalid == "policy":
		return "this value cannot be read as the operator's type", ""
	case c.Invalid == "request":
		return jsonpos.Quote(c.Value) + " cannot be read as the operator's type", ""
	case c.Outcome == trace.Yes:
		return "matches ", engine.ShownValue(c.Value)
	case c.Outcome == trace.Unknown:
		return "depends on what is unknown", ""
	}
	return "does not match ", engine.ShownValue(c.Value)
}
