package condition

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Clause is one operator with one context key and its values, compiled. Every
// value stands in texts and, by the operator's type, under the same index in
// one of the other lists. A value that cannot be read as the type is there as
// a zero, which matches nothing.
type Clause struct {
	spec     Spec
	slot     int
	texts    []string
	patterns []pattern.Pattern // String, Bool
	arns     []arn.Matcher
	numbers  []number
	dates    []date
	networks []network
	// facts are the slots of the facts that say whether the values match that
	// nobody knows: the last of the values, each a pattern that they fit.
	facts []int
	// absent and present are what Null says of an absent and a present key.
	absent, present bool
}

type date struct {
	ok bool
	at Instant
}

// Slot is the slot of the clause's context key.
func (c *Clause) Slot() int { return c.slot }

// Spec is the operator with its modifiers.
func (c *Clause) Spec() Spec { return c.spec }

// Variables are the policy variables in the clause's values, in order; nil if
// there are none.
func (c *Clause) Variables() []pattern.Variable {
	var out []pattern.Variable
	for i := range c.patterns {
		out = append(out, c.patterns[i].Variables()...)
	}
	for i := range c.arns {
		out = append(out, c.arns[i].Variables()...)
	}
	return out
}

// Match says whether the clause is true under the bindings. It allocates
// nothing, unless the request's value for an IP operator is no address.
func (c *Clause) Match(ctx []pattern.Binding) trace.Outcome {
	b := pattern.Bound(ctx, c.slot)
	switch {
	case b.State == pattern.Unknown:
		return c.matchUnknown(ctx)
	case c.spec.Operator.Type == Null:
		return c.matchNull(b, ctx)
	case absent(b):
		return trace.Of(c.trueWhenAbsent())
	}
	switch c.spec.Set {
	case ForAllValues:
		out := trace.Yes
		for i := 0; i < len(b.Texts) && out != trace.No; i++ {
			out = trace.And(out, c.matchText(b.Texts[i], ctx))
		}
		return out
	case ForAnyValue:
		out := trace.No
		for i := 0; i < len(b.Texts) && out != trace.Yes; i++ {
			out = trace.Or(out, c.matchText(b.Texts[i], ctx))
		}
		return out
	}
	// A multivalued key needs a set operator: AWS says "must", and which of the
	// two was meant cannot be guessed.
	if b.Multi {
		return trace.No
	}
	return c.matchText(b.Texts[0], ctx)
}

// absent reports whether the request does not have the key; a single-valued
// key without its value counts as absent.
func absent(b pattern.Binding) bool {
	return b.State == pattern.Absent || b.State == pattern.Present && !b.Multi && len(b.Texts) == 0
}

// trueWhenAbsent says what the clause is for a key that the request does not
// have. ForAnyValue with IfExists is true: that is what IfExists is for.
func (c *Clause) trueWhenAbsent() bool {
	switch {
	case c.spec.IfExists || c.spec.Set == ForAllValues:
		return true
	case c.spec.Set == ForAnyValue:
		return false
	}
	return c.spec.Operator.Negated
}

// matchNull looks at presence only, so it needs no set operator for a
// multivalued key; with one it says always the same. A key without any value
// is null.
func (c *Clause) matchNull(b pattern.Binding, ctx []pattern.Binding) trace.Outcome {
	switch {
	case c.spec.Set != NoSet:
		return trace.Of(c.spec.Set == ForAllValues)
	case len(b.Texts) == 0:
		return trace.Or(trace.Of(c.absent), c.anyFact(ctx))
	}
	return trace.Or(trace.Of(c.present), c.anyFact(ctx))
}

// matchUnknown is what the clause says whatever the unknown key is: absent,
// single-valued or multivalued, with whatever values.
func (c *Clause) matchUnknown(ctx []pattern.Binding) trace.Outcome {
	if c.spec.Operator.Type == Null {
		switch {
		case c.spec.Set != NoSet:
			return trace.Of(c.spec.Set == ForAllValues)
		case c.absent == c.present:
			return trace.Or(trace.Of(c.absent), c.anyFact(ctx))
		}
		return trace.Or(trace.Unknown, c.anyFact(ctx))
	}
	one := c.matchAnyText(ctx)
	switch {
	case c.spec.Set == ForAllValues && one == trace.Yes:
		return trace.Yes
	case c.spec.Set != ForAllValues && one == trace.No && !c.trueWhenAbsent():
		return trace.No
	}
	return trace.Unknown
}

// matchAnyText is what matchText says for every text, or Unknown if it differs.
func (c *Clause) matchAnyText(ctx []pattern.Binding) trace.Outcome {
	out := trace.No
	for i := range c.texts {
		switch {
		case c.matchesAll(i):
			out = trace.Yes
		case c.possible(i, ctx):
			out = trace.Or(out, trace.Unknown)
		}
	}
	if c.spec.Operator.Negated {
		return trace.Not(out)
	}
	return out
}

// matchesAll reports whether the value i matches every text.
func (c *Clause) matchesAll(i int) bool {
	return !c.unknown(i) && c.spec.Operator.Type == String && c.spec.Operator.Like &&
		strings.Trim(c.texts[i], "*") == "" && c.texts[i] != ""
}

// possible reports whether there may be a text that the value i matches.
func (c *Clause) possible(i int, ctx []pattern.Binding) bool {
	if c.unknown(i) {
		switch {
		case c.fact(i, ctx) == trace.No:
			return false
		case c.spec.Operator.Type != String && c.spec.Operator.Type != ARN:
			return true
		}
	}
	switch c.spec.Operator.Type {
	case String:
		return c.patterns[i].Possible(ctx)
	case Bool:
		text, fixed := c.patterns[i].Literal()
		return c.patterns[i].Possible(ctx) && (!fixed || boolean(text))
	case Numeric:
		return c.numbers[i].ok
	case Date:
		return c.dates[i].ok
	case IP:
		return c.networks[i].valid()
	case ARN:
		return c.arns[i].Possible(ctx)
	}
	return canonicalBase64(c.texts[i])
}

// Matched calls yes with each value of the policy that matches a text, or may
// because nobody knows it, in order and leaving negation aside.
func (c *Clause) Matched(text string, ctx []pattern.Binding, yes func(value int)) {
	if o := c.read(text); o.ok && c.spec.Operator.Type != Null {
		for i := range c.texts {
			if out := c.pair(i, &o, ctx); out == trace.Yes || out == trace.Unknown && c.unknown(i) {
				yes(i)
			}
		}
	}
}

// Weight is how many values the clause compares with one of the request, and
// how much of them may be tried at every place of it: bytes and variables.
func (c *Clause) Weight() (values, bytes, variables int) {
	values = len(c.texts) + 2*len(c.arns)
	for i := range c.patterns {
		b, v := c.patterns[i].Hard()
		bytes, variables = bytes+b, variables+v
	}
	for i := range c.arns {
		b, v := c.arns[i].Hard()
		bytes, variables = bytes+b, variables+v
	}
	return values, bytes, variables
}

// matchText says whether one value of the request satisfies the operator:
// matches some of the policy's values or, for a negated operator, none.
func (c *Clause) matchText(text string, ctx []pattern.Binding) trace.Outcome {
	out := c.matchesSome(text, ctx)
	if c.spec.Operator.Negated {
		return trace.Not(out)
	}
	return out
}

// matchesSome says whether one value of the request matches some of the
// policy's values. A text that is not of the operator's type matches none.
func (c *Clause) matchesSome(text string, ctx []pattern.Binding) trace.Outcome {
	out := trace.No
	if c.spec.Operator.Type == String { // the common case, in which there is nothing to read
		for i := 0; i < len(c.patterns) && out != trace.Yes; i++ {
			m := c.patterns[i].Match(text, ctx)
			if c.unknown(i) {
				m = trace.And(m, c.fact(i, ctx))
			}
			out = trace.Or(out, m)
		}
		return out
	}
	if o := c.read(text); o.ok {
		for i := 0; i < len(c.texts) && out != trace.Yes; i++ {
			out = trace.Or(out, c.pair(i, &o, ctx))
		}
	}
	return out
}

// operand is a value of the request, read as the operator's type; ok is false
// if it cannot be.
type operand struct {
	ok      bool
	text    string
	number  number
	at      Instant
	address address
}

func (c *Clause) read(text string) operand {
	o := operand{ok: true, text: text}
	switch c.spec.Operator.Type {
	case Numeric:
		o.number = parseNumber(text)
		o.ok = o.number.ok
	case Date:
		o.at, o.ok = ParseInstant(text)
	case Bool:
		o.ok = boolean(text)
	case Binary:
		o.ok = canonicalBase64(text)
	case IP:
		o.address = parseAddress(text)
		o.ok = o.address.size > 0
	}
	return o
}

// pair compares a readable value of the request with the policy's value i,
// leaving negation aside.
func (c *Clause) pair(i int, o *operand, ctx []pattern.Binding) trace.Outcome {
	if c.unknown(i) {
		out := c.fact(i, ctx)
		switch c.spec.Operator.Type {
		case String:
			out = trace.And(out, c.patterns[i].Match(o.text, ctx))
		case ARN:
			out = trace.And(out, c.arns[i].Match(o.text, ctx))
		}
		return out
	}
	accepts := c.spec.Operator.accepts
	switch c.spec.Operator.Type {
	case Numeric:
		return trace.Of(c.numbers[i].ok && accepts&orderOf(o.number.compare(c.numbers[i])) != 0)
	case Date:
		return trace.Of(c.dates[i].ok && accepts&orderOf(o.at.Compare(c.dates[i].at)) != 0)
	case IP:
		return trace.Of(c.networks[i].contains(o.address))
	case ARN:
		return c.arns[i].Match(o.text, ctx)
	case Binary:
		return trace.Of(c.texts[i] == o.text)
	}
	return c.patterns[i].Match(o.text, ctx)
}

func boolean(text string) bool {
	return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}

// Problem is a finding about the values of a clause, with AWS's code for it.
type Problem struct {
	Code string
	// Value is the index of the value, or -1 for the clause as a whole.
	Value int
	// Start and End are byte offsets into the value.
	Start, End    int
	Message, Hint string
}

// The codes of the problems that Compile reports, besides those of pattern.
const (
	MismatchIPRange         = "TYPE_MISMATCH_IP_RANGE"
	MismatchBoolean         = "TYPE_MISMATCH_BOOLEAN"
	MismatchDate            = "TYPE_MISMATCH_DATE"
	MismatchNumber          = "TYPE_MISMATCH_NUMBER"
	Mismatch                = "TYPE_MISMATCH"
	MismatchNull            = "MISMATCHED_TYPE_OPERATION_TO_NULL"
	InvalidARN              = "INVALID_ARN"
	ImproveIPRange          = "IMPROVE_IP_RANGE"
	InvalidVariable         = "INVALID_VARIABLE_FOR_OPERATOR"
	WildcardWithoutOperator = "WILDCARD_WITHOUT_LIKE_OPERATOR"
	EmptyArray              = "EMPTY_ARRAY_CONDITION"
)

// Compile reads the values of one context key under one operator. keySlot is
// the key's slot; values are texts, JSON numbers and booleans in their literal
// form. The last of them, as many as there are facts, nobody knows: each is a
// pattern that the values fit, for the operators of texts and ARNs, or "", and
// whether they match what the request has is the fact of a slot: so when it is
// present, not when it is absent. variables is set for Version 2012-10-17, and
// slot is as in pattern.Compile. Compile never fails: a value that is not of the operator's
// type is reported and matches nothing.
func Compile(spec Spec, keySlot int, values []string, facts []int, variables bool,
	slot func(key string) int) (Clause, []Problem) {
	c := compiler{clause: Clause{spec: spec, slot: keySlot, texts: slices.Clone(values), facts: facts},
		variables: variables, slot: slot}
	if len(values) == 0 {
		c.report(EmptyArray, -1, 0, 0, "no values for "+spec.String(), "give at least one value: without values a positive operator matches nothing and a negated one everything")
	}
	for i, text := range values {
		before := len(c.problems)
		if text == "" && c.clause.unknown(i) {
			text = c.clause.any()
		}
		if c.value(i, text); values[i] == "" && c.clause.unknown(i) {
			c.problems = c.problems[:before] // there is nothing to find wrong
		}
	}
	return c.clause, c.problems
}

type compiler struct {
	clause    Clause
	problems  []Problem
	variables bool
	slot      func(key string) int
}

func (c *compiler) report(code string, value, start, end int, message, hint string) {
	c.problems = append(c.problems, Problem{code, value, start, end, message, hint})
}

// mismatch reports a whole value that is not what the operator wants. A
// variable is reported as such, where the operator has none.
func (c *compiler) mismatch(code string, i int, expected, hint string) {
	text := c.clause.texts[i]
	if c.variables && c.clause.spec.Operator.Type != Bool && strings.Contains(text, "${") {
		c.report(InvalidVariable, i, 0, len(text), "policy variable in \""+text+"\" under "+c.clause.spec.Operator.Name,
			"use variables with string and ARN operators only, and write "+expected+" here")
		return
	}
	c.report(code, i, 0, len(text), "\""+text+"\" where "+expected+" was expected", hint)
}

func (c *compiler) value(i int, text string) {
	op := c.clause.spec.Operator
	switch op.Type {
	case String, Bool:
		p, problems := pattern.Compile(text,
			pattern.Options{Wildcards: op.Like || c.clause.unknown(i), Variables: c.variables, FoldCase: op.FoldCase},
			c.slot)
		c.clause.patterns = append(c.clause.patterns, p)
		c.inPattern(i, problems)
		if op.Type == String && !op.Like && !c.clause.unknown(i) {
			c.wildcards(i, text)
		}
		if fixed, ok := p.Literal(); op.Type == Bool && ok && !boolean(fixed) {
			c.mismatch(MismatchBoolean, i, "true or false", "write true or false")
		}
	case ARN:
		m, problems := arn.Compile(text, c.variables, c.slot)
		c.clause.arns = append(c.clause.arns, m)
		c.inPattern(i, problems)
		if !m.Complete() {
			c.report(InvalidARN, i, 0, len(text), "\""+text+"\" where an ARN of six parts was expected",
				"write arn:partition:service:region:account:resource; each part may be * (variables count inside one part only)")
		}
	case Numeric:
		n := parseNumber(text)
		c.clause.numbers = append(c.clause.numbers, n)
		if !n.ok {
			c.mismatch(MismatchNumber, i, "a number", "write an integer or a decimal number, such as 3600 or 0.5")
		}
	case Date:
		at, ok := ParseInstant(text)
		c.clause.dates = append(c.clause.dates, date{ok, at})
		if !ok {
			c.mismatch(MismatchDate, i, "a date", "write 2026-01-31T12:00:00Z, a shorter ISO 8601 date, or Unix seconds")
		}
	case IP:
		network, exact := parseNetwork(text)
		c.clause.networks = append(c.clause.networks, network)
		if !network.valid() {
			c.mismatch(MismatchIPRange, i, "an IP address or range", "write an address or a CIDR range, such as 203.0.113.0/24 or 2001:db8::/32")
		}
		if !exact {
			c.report(ImproveIPRange, i, 0, len(text), "\""+text+"\" has bits set after the prefix, which are ignored", "write "+network.String())
		}
	case Binary:
		if !canonicalBase64(text) {
			c.mismatch(Mismatch, i, "base64", "write the bytes in padded base64, such as QmluYXJ5")
		}
	case Null:
		switch {
		case strings.EqualFold(text, "true"):
			c.clause.absent = true
		case strings.EqualFold(text, "false"):
			c.clause.present = true
		default:
			c.mismatch(MismatchNull, i, "true or false", "write true for a key that must be absent, false for one that must be present")
		}
	}
}

func (c *compiler) inPattern(i int, problems []pattern.Problem) {
	for _, p := range problems {
		c.report(p.Code, i, p.Start, p.End, p.Message, p.Hint)
	}
}

// wildcards reports the first * or ? that an operator takes literally.
func (c *compiler) wildcards(i int, text string) {
	op := c.clause.spec.Operator
	like := "StringLike"
	if op.Negated {
		like = "StringNotLike"
	}
	for at := 0; at < len(text); at++ {
		if c.variables {
			if end := pattern.VariableEnd(text, at); end > at {
				at = end - 1
				continue
			}
		}
		if text[at] == '*' || text[at] == '?' {
			c.report(WildcardWithoutOperator, i, at, at+1, "\""+text[at:at+1]+"\" in \""+text+"\" is an ordinary character under "+op.Name,
				"use "+like+" if a wildcard was meant")
			return
		}
	}
}
