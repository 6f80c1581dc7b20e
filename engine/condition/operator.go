// Package condition compiles and matches the parts of a Condition element:
// one operator, one context key, and the values that a policy gives for it.
//
// All operators stand in one table. IfExists, ForAllValues and ForAnyValue are
// not operators of their own but change what an operator says (Spec). What a
// context key means, and which keys are multivalued, is not known here: the
// request decides that, through its bindings.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
package condition

import (
	"slices"
	"strings"
)

// Type is how an operator reads the values on both sides.
type Type uint8

// The types of operators.
const (
	String Type = iota
	Numeric
	Date
	Bool
	Binary
	IP
	ARN
	Null
)

// Operator is one row of the table of operators.
type Operator struct {
	// Name is the operator as written in a policy, without set operator and
	// without IfExists.
	Name string
	Type Type
	// Negated operators are true if none of the policy's values matches.
	Negated bool
	// Like gives * and ? a meaning in the policy's values.
	Like bool
	// FoldCase ignores case.
	FoldCase bool
	accepts  order
}

// order is a set of results of a comparison.
type order uint8

const (
	less order = 1 << iota
	equal
	greater
)

// orderOf turns a result of the three-way kind into a set of one.
func orderOf(compared int) order {
	switch {
	case compared < 0:
		return less
	case compared > 0:
		return greater
	}
	return equal
}

var operators = [...]Operator{
	{Name: "StringEquals", Type: String},
	{Name: "StringNotEquals", Type: String, Negated: true},
	{Name: "StringEqualsIgnoreCase", Type: String, FoldCase: true},
	{Name: "StringNotEqualsIgnoreCase", Type: String, Negated: true, FoldCase: true},
	{Name: "StringLike", Type: String, Like: true},
	{Name: "StringNotLike", Type: String, Negated: true, Like: true},
	{Name: "NumericEquals", Type: Numeric, accepts: equal},
	{Name: "NumericNotEquals", Type: Numeric, Negated: true, accepts: equal},
	{Name: "NumericLessThan", Type: Numeric, accepts: less},
	{Name: "NumericLessThanEquals", Type: Numeric, accepts: less | equal},
	{Name: "NumericGreaterThan", Type: Numeric, accepts: greater},
	{Name: "NumericGreaterThanEquals", Type: Numeric, accepts: greater | equal},
	{Name: "DateEquals", Type: Date, accepts: equal},
	{Name: "DateNotEquals", Type: Date, Negated: true, accepts: equal},
	{Name: "DateLessThan", Type: Date, accepts: less},
	{Name: "DateLessThanEquals", Type: Date, accepts: less | equal},
	{Name: "DateGreaterThan", Type: Date, accepts: greater},
	{Name: "DateGreaterThanEquals", Type: Date, accepts: greater | equal},
	{Name: "Bool", Type: Bool, FoldCase: true},
	{Name: "BinaryEquals", Type: Binary},
	{Name: "IpAddress", Type: IP},
	{Name: "NotIpAddress", Type: IP, Negated: true},
	{Name: "ArnEquals", Type: ARN, Like: true},
	{Name: "ArnLike", Type: ARN, Like: true},
	{Name: "ArnNotEquals", Type: ARN, Negated: true, Like: true},
	{Name: "ArnNotLike", Type: ARN, Negated: true, Like: true},
	{Name: "Null", Type: Null},
}

// Operators is the table of operators, in the order of AWS's page.
func Operators() []Operator { return slices.Clone(operators[:]) }

// Set is a set operator.
type Set uint8

const (
	// NoSet is for keys with a single value.
	NoSet Set = iota
	// ForAllValues wants every value of the request to satisfy the operator.
	ForAllValues
	// ForAnyValue wants some value of the request to satisfy the operator.
	ForAnyValue
)

var setPrefixes = [...]string{"", "ForAllValues:", "ForAnyValue:"}

const ifExists = "IfExists"

// Spec is an operator as a policy names it. The zero Spec is not valid.
type Spec struct {
	Operator *Operator
	Set      Set
	IfExists bool
}

// String is the name as written in a policy: "ForAllValues:StringLikeIfExists".
func (s Spec) String() string {
	name := setPrefixes[s.Set] + s.Operator.Name
	if s.IfExists {
		name += ifExists
	}
	return name
}

// ParseOperator reads the name of an operator, with its set operator and
// IfExists, in exactly AWS's spelling. For any other text ok is false and
// suggestion is the most similar name, or "" if none is similar. Null has no
// IfExists form.
func ParseOperator(name string) (spec Spec, suggestion string, ok bool) {
	spec, ok = LookUp(name)
	switch {
	case ok:
		return spec, "", true
	case spec.Operator != nil:
		spec.IfExists = false
		return Spec{}, spec.String(), false
	}
	return Spec{}, similar(name), false
}

// LookUp is ParseOperator without a suggestion, which takes long to find. When
// ok is false, spec says nothing.
func LookUp(name string) (spec Spec, ok bool) {
	rest := name
	for set := ForAllValues; set <= ForAnyValue; set++ {
		if after, found := strings.CutPrefix(name, setPrefixes[set]); found {
			rest, spec.Set = after, set
		}
	}
	rest, spec.IfExists = strings.CutSuffix(rest, ifExists)
	for i := range operators {
		if operators[i].Name != rest {
			continue
		}
		spec.Operator = &operators[i]
		return spec, !(spec.IfExists && spec.Operator.Type == Null)
	}
	return Spec{}, false
}

// similar is the operator's name that is nearest to a text, leaving aside case,
// colons and blanks; "" if more than two letters, or one in three, differ.
func similar(text string) string {
	const longest = 64
	if len(text) > longest {
		return ""
	}
	text = letters(text)
	best, found := min(2, len(text)/3)+1, ""
	for i := range operators {
		for set := NoSet; set <= ForAnyValue; set++ {
			for _, exists := range [...]bool{false, true} {
				spec := Spec{&operators[i], set, exists && operators[i].Type != Null}
				name := spec.String()
				if d := distance(text, letters(name)); d < best {
					best, found = d, name
				}
			}
		}
	}
	return found
}

func letters(text string) string {
	return strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(text, ":", ""), " ", ""))
}

// distance is the number of letters to insert, delete or replace to turn a
// into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
