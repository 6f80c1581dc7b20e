package explain

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Change is something that could be different, with its words.
type Change struct {
	engine.Change
	Element *engine.Element
	Text    string
}

// worded puts into words what a statement lacks, or else what keeps it from matching.
func worded(elements []engine.Element, list []engine.Change, lacks bool) []Change {
	out := make([]Change, len(list))
	for i, c := range list {
		el := &elements[c.Element]
		out[i] = Change{c, el, ""}
		text := &out[i].Text
		switch c.Kind {
		case engine.Widen:
			value := c.Value
			if el.Name == "Principal" && value == "*" {
				value = `everyone ("*")`
			}
			*text = value + " among its " + nouns(el.Name)
		case engine.Unlist:
			*text = c.Value + " not excepted"
		case engine.AskOther:
			*text = askOther(el)
		case engine.DropKey:
			*text = "no " + c.Key.Key + " in the request"
		case engine.SetKey:
			*text = setKey(el, &c, lacks)
		}
	}
	return out
}

// nouns are what an element lists.
func nouns(element string) string {
	return strings.ToLower(strings.TrimPrefix(element, "Not")) + "s"
}

// askOther says what kind of request an element does not speak of.
func askOther(el *engine.Element) string {
	what := "a caller whom"
	switch strings.TrimPrefix(el.Name, "Not") {
	case "Action":
		what = "an action that"
	case "Resource":
		what = "a resource that"
	}
	switch {
	case strings.HasPrefix(el.Name, "Not"):
		return what + " its " + el.Name + " excepts"
	case el.Values != 1 || len(el.Comparisons) != 1 || el.Comparisons[0].Part != nil:
		verb := " covers"
		if el.Name == "Principal" {
			verb = " names"
		}
		return what + " none of its " + nouns(el.Name) + verb
	case el.Reason == trace.PrincipalAccount:
		return "a caller of another account"
	case el.Name == "Principal":
		return "a caller other than " + el.Comparisons[0].Resolved
	}
	c := &el.Comparisons[0]
	if strings.ContainsAny(c.Resolved, "*?") {
		return what + " " + c.Resolved + " does not cover"
	}
	return strings.TrimSuffix(what, " that") + " other than " + c.Resolved
}

// setKey says which values of a key do: all of which the policy speaks, or the
// one that was tried where others might not do.
func setKey(el *engine.Element, c *engine.Change, lacks bool) string {
	key := c.Key.Key
	is := key + " = " + engine.ShownValues(c.Key.Values, c.Key.Multi)
	spec, _, _ := condition.ParseOperator(el.Operator)
	values := wantedValues(el)
	switch {
	case el.Operator == "" || !strings.EqualFold(key, el.Key) || c.Shared:
		return is
	case spec.Operator.Type == condition.Null:
		return key + " in the request"
	case values == "" || spec.Set != condition.NoSet || c.Key.Multi || spec.Operator.Type == condition.Bool:
		return is
	}
	// What a negated operator excepts is what its opposite asks for.
	wanted := lacks != spec.Operator.Negated
	operator := strings.Replace(strings.TrimSuffix(el.Operator, "IfExists"), "Not", "", 1)
	equals := operator == "StringEquals" || operator == "BinaryEquals" ||
		operator == "NumericEquals" || operator == "DateEquals"
	switch {
	case wanted && equals:
		return key + " = " + values
	case equals:
		return key + " other than " + values
	case wanted:
		return key + " meeting " + operator + " " + values
	}
	return key + " not meeting " + operator + " " + values
}

// wantedValues are the values that a condition lists, in words; "" when some
// have a variable without a value.
func wantedValues(el *engine.Element) string {
	if len(el.Comparisons) > 0 {
		for i := range el.Comparisons {
			if c := &el.Comparisons[i]; c.Missing != "" || c.Part != nil {
				return ""
			}
		}
		return policyValues(el)
	}
	list := el.At.Items
	if el.At.Kind != jsonpos.Array {
		list = []*jsonpos.Value{el.At}
	}
	var out []string
	for _, v := range list {
		if v.Kind == jsonpos.Object || strings.Contains(v.Text, "${") {
			return ""
		}
		out = appendNew(out, engine.ShownValue(v.Text))
	}
	return Join(few(out, "values"), "or")
}
