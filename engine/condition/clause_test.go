package condition

import (
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// The slots of the tests: the clause's key is "k"; "u" and "v" are variables.
func slot(key string) int { return strings.Index("kuv", key) }

func compile(t testing.TB, operator string, values ...string) (Clause, []Problem) {
	t.Helper()
	spec, suggestion, ok := ParseOperator(operator)
	if !ok {
		t.Fatalf("%q is no operator; %q is", operator, suggestion)
	}
	return Compile(spec, slot("k"), values, nil, true, slot)
}

func is(texts ...string) pattern.Binding {
	return pattern.Binding{State: pattern.Present, Texts: texts}
}

func set(texts ...string) pattern.Binding {
	return pattern.Binding{State: pattern.Present, Multi: true, Texts: texts}
}

var (
	absentKey  = pattern.Binding{}
	unknownKey = pattern.Binding{State: pattern.Unknown}
)

// operatorCases has, for every operator, policy values, a value of the request
// that satisfies the comparison and one that does not; negation is left aside.
var operatorCases = []struct {
	operator    string
	values      []string
	match, miss string
}{
	{"StringEquals", []string{"b", "a"}, "a", "A"},
	{"StringNotEquals", []string{"b", "a"}, "a", "A"},
	{"StringEqualsIgnoreCase", []string{"a"}, "A", "b"},
	{"StringNotEqualsIgnoreCase", []string{"a"}, "A", "b"},
	{"StringLike", []string{"x", "a*"}, "ab", "Ab"},
	{"StringNotLike", []string{"x", "a*"}, "ab", "Ab"},
	{"NumericEquals", []string{"10"}, "1e1", "11"},
	{"NumericNotEquals", []string{"10"}, "10.0", "11"},
	{"NumericLessThan", []string{"10"}, "9.9", "10"},
	{"NumericLessThanEquals", []string{"10"}, "10", "10.1"},
	{"NumericGreaterThan", []string{"10"}, "10.1", "10"},
	{"NumericGreaterThanEquals", []string{"10"}, "10", "9"},
	{"DateEquals", []string{"1700000000"}, "2023-11-14T22:13:20Z", "1700000001"},
	{"DateNotEquals", []string{"2023-11-14T22:13:20Z"}, "1700000000", "1700000000.1"},
	{"DateLessThan", []string{"2024"}, "2023-12-31T23:59:59Z", "2024-01-01"},
	{"DateLessThanEquals", []string{"2024"}, "2024-01-01", "2024-01-01T00:00:01Z"},
	{"DateGreaterThan", []string{"2024"}, "2024-01-01T00:00:00.001Z", "2024"},
	{"DateGreaterThanEquals", []string{"2024"}, "2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00+02:00"},
	{"Bool", []string{"true"}, "True", "false"},
	{"BinaryEquals", []string{"QmluYXJ5"}, "QmluYXJ5", "QmluYXJz"},
	{"IpAddress", []string{"203.0.113.0/24", "2001:db8::/32"}, "2001:DB8:0::1", "203.0.114.1"},
	{"NotIpAddress", []string{"203.0.113.0/24"}, "203.0.113.255", "203.0.114.1"},
	{"ArnEquals", []string{"arn:aws:s3:::a*"}, "arn:aws:s3:::ab", "arn:aws:s3:::b"},
	{"ArnLike", []string{"arn:aws:s3:::a*"}, "arn:aws:s3:::ab", "arn:aws:s3:::b"},
	{"ArnNotEquals", []string{"arn:aws:s3:::a*"}, "arn:aws:s3:::ab", "arn:aws:s3:::b"},
	{"ArnNotLike", []string{"arn:aws:s3:::a*"}, "arn:aws:s3:::ab", "arn:aws:s3:::b"},
}

func TestEveryOperatorIsInTheCases(t *testing.T) {
	for _, op := range Operators() {
		found := op.Type == Null
		for _, c := range operatorCases {
			found = found || c.operator == op.Name
		}
		if !found {
			t.Errorf("%s is not tested", op.Name)
		}
	}
}

func TestEveryOperatorWithEveryModifier(t *testing.T) {
	for _, c := range operatorCases {
		spec, _, _ := ParseOperator(c.operator)
		negated := spec.Operator.Negated
		one := func(matches bool) trace.Outcome { return trace.Of(matches != negated) }
		good, bad := c.match, c.miss // good satisfies the operator
		if negated {
			good, bad = bad, good
		}
		for _, row := range []struct {
			rule     string
			operator string
			key      pattern.Binding
			want     trace.Outcome
		}{
			{"a matching value", c.operator, is(c.match), one(true)},
			{"a value that does not match", c.operator, is(c.miss), one(false)},
			{"an absent key is false for a positive operator and true for a negated one", c.operator, absentKey, trace.Of(negated)},
			{"a multivalued key without set operator never matches", c.operator, set(good), trace.No},
			{"an unknown key leaves it open", c.operator, unknownKey, trace.Unknown},
			{"IfExists changes nothing for a present key that satisfies", c.operator + "IfExists", is(good), trace.Yes},
			{"IfExists changes nothing for a present key that does not", c.operator + "IfExists", is(bad), trace.No},
			{"IfExists is true for an absent key", c.operator + "IfExists", absentKey, trace.Yes},
			{"IfExists leaves an unknown key open", c.operator + "IfExists", unknownKey, trace.Unknown},
			{"IfExists does not replace a set operator", c.operator + "IfExists", set(good), trace.No},
			{"ForAllValues is true if every value satisfies", "ForAllValues:" + c.operator, set(good, good), trace.Yes},
			{"ForAllValues is false if one value does not satisfy", "ForAllValues:" + c.operator, set(good, bad), trace.No},
			{"ForAllValues is true for an absent key", "ForAllValues:" + c.operator, absentKey, trace.Yes},
			{"ForAllValues is true for the empty set", "ForAllValues:" + c.operator, set(), trace.Yes},
			{"ForAllValues takes a single value as a set of one", "ForAllValues:" + c.operator, is(bad), trace.No},
			{"ForAllValues leaves an unknown key open", "ForAllValues:" + c.operator, unknownKey, trace.Unknown},
			{"ForAllValues with IfExists is true for an absent key", "ForAllValues:" + c.operator + "IfExists", absentKey, trace.Yes},
			{"ForAnyValue is true if one value satisfies", "ForAnyValue:" + c.operator, set(bad, good), trace.Yes},
			{"ForAnyValue is false if no value satisfies", "ForAnyValue:" + c.operator, set(bad, bad), trace.No},
			{"ForAnyValue is false for an absent key, also if negated", "ForAnyValue:" + c.operator, absentKey, trace.No},
			{"ForAnyValue is false for the empty set", "ForAnyValue:" + c.operator, set(), trace.No},
			{"ForAnyValue takes a single value as a set of one", "ForAnyValue:" + c.operator, is(good), trace.Yes},
			{"ForAnyValue leaves an unknown key open", "ForAnyValue:" + c.operator, unknownKey, trace.Unknown},
			{"ForAnyValue with IfExists is true for an absent key", "ForAnyValue:" + c.operator + "IfExists", absentKey, trace.Yes},
			{"ForAnyValue with IfExists is false for the empty set", "ForAnyValue:" + c.operator + "IfExists", set(), trace.No},
		} {
			t.Run(row.operator+": "+row.rule, func(t *testing.T) {
				clause, problems := compile(t, row.operator, c.values...)
				if problems != nil {
					t.Fatal(problems)
				}
				ctx := []pattern.Binding{row.key}
				if got := clause.Match(ctx); got != row.want {
					t.Errorf("%v, want %v", got, row.want)
				}
				if n := testing.AllocsPerRun(5, func() { clause.Match(ctx) }); n != 0 {
					t.Errorf("Match allocates %v times", n)
				}
				if d := clause.Detail(ctx); d.Outcome != row.want || d.Reason == "" {
					t.Errorf("%+v", d)
				}
			})
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		rule     string
		operator string
		values   []string
		key      pattern.Binding
		u        pattern.Binding
		want     trace.Outcome
		reason   string
	}{
		{"a star is a plain character under StringEquals", "StringEquals", []string{"a*"}, is("ab"), absentKey, trace.No, ReasonValueMismatch},
		{"a negated operator wants none of its values", "StringNotEquals", []string{"a", "b"}, is("b"), absentKey, trace.No, ReasonOneMatch},
		{"a negated operator is true if none of its values matches", "StringNotLike", []string{"a*", "b"}, is("c"), absentKey, trace.Yes, ReasonNoneMatch},
		{"one of several values is enough", "StringEquals", []string{"a", "b"}, is("b"), absentKey, trace.Yes, ReasonValueMatch},
		{"NumericGreaterThan does not match a missing key", "NumericGreaterThan", []string{"3600"}, absentKey, absentKey, trace.No, ReasonKeyAbsent},
		{"a missing key satisfies a negated operator", "StringNotEquals", []string{"a"}, absentKey, absentKey, trace.Yes, ReasonMatchedBecauseAbsent},
		{"Bool false does not match a missing key", "Bool", []string{"false"}, absentKey, absentKey, trace.No, ReasonKeyAbsent},
		{"BoolIfExists matches a missing key", "BoolIfExists", []string{"true"}, absentKey, absentKey, trace.Yes, ReasonMatchedBecauseAbsent},
		{"a request value that is no number is false for a positive operator", "NumericEquals", []string{"1"}, is("one"), absentKey, trace.No, ReasonUnreadableValue},
		{"a request value that is no number is true for a negated operator", "NumericNotEquals", []string{"1"}, is("one"), absentKey, trace.Yes, ReasonUnreadableValue},
		{"a request value that is no date is false", "DateGreaterThan", []string{"2020"}, is("soon"), absentKey, trace.No, ReasonUnreadableValue},
		{"a request value that is no address is outside of every range", "NotIpAddress", []string{"10.0.0.0/8"}, is("here"), absentKey, trace.Yes, ReasonUnreadableValue},
		{"a request value that is no boolean is false", "Bool", []string{"${u}"}, is("yes"), is("yes"), trace.No, ReasonUnreadableValue},
		{"a policy value that is no number matches nothing", "NumericLessThan", []string{"ten"}, is("1"), absentKey, trace.No, ReasonValueMismatch},
		{"a policy value that is no number is outside for a negated operator", "NumericNotEquals", []string{"ten"}, is("1"), absentKey, trace.Yes, ReasonNoneMatch},

		{"an address without prefix is one address", "IpAddress", []string{"10.0.0.1"}, is("10.0.0.2"), absentKey, trace.No, ReasonValueMismatch},
		{"an IPv6 address without prefix is one address", "IpAddress", []string{"2001:db8::1"}, is("2001:db8:0:0::1"), absentKey, trace.Yes, ReasonValueMatch},
		{"bits after the mask are ignored", "IpAddress", []string{"10.0.0.77/24"}, is("10.0.0.1"), absentKey, trace.Yes, ReasonValueMatch},
		{"IPv4 and IPv6 never match each other", "IpAddress", []string{"10.0.0.0/8"}, is("::ffff:10.0.0.1"), absentKey, trace.No, ReasonValueMismatch},
		{"an address with a zone is no address", "IpAddress", []string{"fe80::/10"}, is("fe80::1%eth0"), absentKey, trace.No, ReasonUnreadableValue},

		{"ArnLike does not run over colons, as StringLike does", "ArnLike", []string{"arn:aws:s3:*:111122223333:finance/*"}, is("arn:aws:s3:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"), absentKey, trace.No, ReasonValueMismatch},
		{"StringLike runs over colons, as ArnLike does not", "StringLike", []string{"arn:aws:s3:*:111122223333:finance/*"}, is("arn:aws:s3:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"), absentKey, trace.Yes, ReasonValueMatch},
		{"ArnEquals honours wildcards", "ArnEquals", []string{"arn:aws:sns:*:*:t?pic"}, is("arn:aws:sns:us-east-1:1:topic"), absentKey, trace.Yes, ReasonValueMatch},

		{"a variable takes the request's value", "StringEquals", []string{"${u}"}, is("ali"), is("ali"), trace.Yes, ReasonValueMatch},
		{"a variable's star is no wildcard", "StringLike", []string{"${u}"}, is("ali"), is("*"), trace.No, ReasonValueMismatch},
		{"a variable without value makes a positive condition false", "StringEquals", []string{"${u}"}, is(""), absentKey, trace.No, ReasonVariableUnset},
		{"a variable without value makes a negated condition true", "StringNotEquals", []string{"${u}"}, is("ali"), absentKey, trace.Yes, ReasonVariableUnset},
		{"a multivalued key is no variable", "StringEquals", []string{"${u}"}, is("ali"), set("ali"), trace.No, ReasonVariableUnset},
		{"a key that is missing on both sides is not equal", "StringEquals", []string{"${u}"}, absentKey, absentKey, trace.No, ReasonKeyAbsent},
		{"a default replaces a missing variable", "StringEquals", []string{"${u, 'x'}"}, is("x"), absentKey, trace.Yes, ReasonValueMatch},
		{"another value may match beside an unset variable", "StringEquals", []string{"${u}", "x"}, is("x"), absentKey, trace.Yes, ReasonValueMatch},
		{"an unknown variable leaves a positive condition open", "StringEquals", []string{"${u}"}, is("x"), unknownKey, trace.Unknown, ReasonKeyUnknown},
		{"an unknown variable leaves a negated condition open", "StringNotEquals", []string{"${u}"}, is("x"), unknownKey, trace.Unknown, ReasonKeyUnknown},
		{"a match makes an unknown variable irrelevant", "StringEquals", []string{"${u}", "x"}, is("x"), unknownKey, trace.Yes, ReasonValueMatch},
		{"a match makes an unknown variable irrelevant for a negated condition", "StringNotEquals", []string{"${u}", "x"}, is("x"), unknownKey, trace.No, ReasonOneMatch},
		{"Bool takes variables", "Bool", []string{"${u}"}, is("true"), is("TRUE"), trace.Yes, ReasonValueMatch},
		{"ARN operators take variables", "ArnLike", []string{"arn:aws:iam::*:user/${u}"}, is("arn:aws:iam::1:user/ali"), is("ali"), trace.Yes, ReasonValueMatch},

		{"Null true matches an absent key", "Null", []string{"true"}, absentKey, absentKey, trace.Yes, ReasonMatchedBecauseAbsent},
		{"Null true does not match a present key", "Null", []string{"true"}, is("x"), absentKey, trace.No, ReasonKeyPresent},
		{"Null false matches a present key", "Null", []string{"false"}, is("x"), absentKey, trace.Yes, ReasonKeyPresent},
		{"Null false does not match an absent key", "Null", []string{"false"}, absentKey, absentKey, trace.No, ReasonKeyAbsent},
		{"an empty text is present", "Null", []string{"false"}, is(""), absentKey, trace.Yes, ReasonKeyPresent},
		{"Null needs no set operator for a multivalued key", "Null", []string{"false"}, set("x"), absentKey, trace.Yes, ReasonKeyPresent},
		{"the empty set is null", "Null", []string{"true"}, set(), absentKey, trace.Yes, ReasonEmptySet},
		{"Null leaves an unknown key open", "Null", []string{"true"}, unknownKey, absentKey, trace.Unknown, ReasonKeyUnknown},
		{"Null with both values always matches", "Null", []string{"true", "FALSE"}, unknownKey, absentKey, trace.Yes, ReasonKeyUnknown},
		{"Null with neither value never matches", "Null", []string{"maybe"}, unknownKey, absentKey, trace.No, ReasonKeyUnknown},
		{"ForAllValues:Null is always true", "ForAllValues:Null", []string{"true"}, set("x"), absentKey, trace.Yes, ReasonKeyPresent},
		{"ForAllValues:Null is true for an unknown key", "ForAllValues:Null", []string{"true"}, unknownKey, absentKey, trace.Yes, ReasonKeyUnknown},
		{"ForAnyValue:Null is always false", "ForAnyValue:Null", []string{"true"}, absentKey, absentKey, trace.No, ReasonKeyAbsent},
		{"ForAnyValue:Null is false for an unknown key", "ForAnyValue:Null", []string{"true"}, unknownKey, absentKey, trace.No, ReasonKeyUnknown},

		{"ForAllValues:StringNotEquals wants no request value in the list", "ForAllValues:StringNotEquals", []string{"a", "b"}, set("c", "a"), absentKey, trace.No, ReasonOneMatch},
		{"ForAllValues:StringNotEquals is true if all are outside of the list", "ForAllValues:StringNotEquals", []string{"a", "b"}, set("c", "d"), absentKey, trace.Yes, ReasonNoneMatch},
		{"ForAnyValue:StringNotEquals wants some request value outside of the list", "ForAnyValue:StringNotEquals", []string{"a", "b"}, set("c", "a"), absentKey, trace.Yes, ReasonNoneMatch},
		{"ForAllValues:StringEqualsIgnoreCase keeps the case rule", "ForAllValues:StringEqualsIgnoreCase", []string{"a"}, set("A"), absentKey, trace.Yes, ReasonValueMatch},
		{"ForAllValues is satisfied by the empty set", "ForAllValues:StringEquals", []string{"a"}, set(), absentKey, trace.Yes, ReasonEmptySet},
		{"a multivalued key needs a set operator", "StringEquals", []string{"a"}, set("a"), absentKey, trace.No, ReasonMissingQualifier},
		{"a multivalued key needs a set operator, also if negated", "StringNotEquals", []string{"a"}, set("b"), absentKey, trace.No, ReasonMissingQualifier},

		{"no values are false for a positive operator", "StringEquals", nil, is("a"), absentKey, trace.No, ReasonNoValues},
		{"no values are true for a negated operator", "StringNotEquals", nil, is("a"), absentKey, trace.Yes, ReasonNoValues},
		{"no values are false for an unknown key", "StringEquals", nil, unknownKey, absentKey, trace.No, ReasonNoValues},
		{"no values leave IfExists open for an unknown key", "StringEqualsIfExists", nil, unknownKey, absentKey, trace.Unknown, ReasonKeyUnknown},
		{"values that cannot match are false for an unknown key", "NumericEquals", []string{"x"}, unknownKey, absentKey, trace.No, ReasonValueMismatch},
		{"an unset variable is false for an unknown key", "StringEquals", []string{"${u}"}, unknownKey, absentKey, trace.No, ReasonValueMismatch},
		{"a value that matches all settles ForAllValues for an unknown key", "ForAllValues:StringLike", []string{"*"}, unknownKey, absentKey, trace.Yes, ReasonValueMatch},
		{"a value that matches all settles a negated ForAnyValue for an unknown key", "ForAnyValue:StringNotLike", []string{"*"}, unknownKey, absentKey, trace.No, ReasonOneMatch},
		{"a single-valued key without value is absent", "StringNotEquals", []string{"x"}, is(), absentKey, trace.Yes, ReasonMatchedBecauseAbsent},
	} {
		t.Run(c.rule, func(t *testing.T) {
			clause, _ := compile(t, c.operator, c.values...)
			ctx := []pattern.Binding{c.key, c.u}
			if got := clause.Match(ctx); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
			if d := clause.Detail(ctx); d.Outcome != c.want || d.Reason != c.reason {
				t.Errorf("%+v, want %s", d, c.reason)
			}
		})
	}
}

func TestWithoutVersionVariablesAreText(t *testing.T) {
	spec, _, _ := ParseOperator("StringEquals")
	clause, problems := Compile(spec, 0, []string{"${u}"}, nil, false, nil)
	if problems != nil || clause.Match([]pattern.Binding{is("${u}"), is("x")}) != trace.Yes || clause.Variables() != nil {
		t.Error(problems)
	}
}

func TestClauseTellsItsParts(t *testing.T) {
	values := []string{"${u}", "${v, 'x'}"}
	clause, _ := compile(t, "ForAnyValue:StringLike", values...)
	values[0] = "changed"
	if clause.Slot() != 0 || clause.Spec().String() != "ForAnyValue:StringLike" || len(clause.Variables()) != 2 || clause.Detail([]pattern.Binding{is("x")}).Comparisons[0].Resolved != "${u}" {
		t.Errorf("%+v", clause)
	}
	arns, _ := compile(t, "ArnLike", "arn:aws:s3:::${v}")
	if v := arns.Variables(); len(v) != 1 || v[0].Slot != 2 {
		t.Error(v)
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		operator, value, code, part string
	}{
		{"IpAddress", "10.0.0.0/33", MismatchIPRange, "10.0.0.0/33"},
		{"IpAddress", "10.0.0.*", MismatchIPRange, "10.0.0.*"},
		{"IpAddress", "fe80::1%eth0", MismatchIPRange, "fe80::1%eth0"},
		{"IpAddress", "10.0.0.1/24", ImproveIPRange, "10.0.0.1/24"},
		{"IpAddress", "10.0.0.0/24", "", ""},
		{"IpAddress", "2001:db8::1", "", ""},
		{"Bool", "yes", MismatchBoolean, "yes"},
		{"Bool", "True", "", ""},
		{"Bool", "${u}", "", ""},
		{"DateLessThan", "yesterday", MismatchDate, "yesterday"},
		{"NumericLessThan", "ten", MismatchNumber, "ten"},
		{"NumericLessThan", "${u}", InvalidVariable, "${u}"},
		{"IpAddress", "${u}", InvalidVariable, "${u}"},
		{"BinaryEquals", "not base64", Mismatch, "not base64"},
		{"BinaryEquals", "${u}", InvalidVariable, "${u}"},
		{"Null", "maybe", MismatchNull, "maybe"},
		{"Null", "${u}", InvalidVariable, "${u}"},
		{"StringEquals", "a*", WildcardWithoutOperator, "*"},
		{"StringNotEqualsIgnoreCase", "a?b*", WildcardWithoutOperator, "?"},
		{"StringEquals", "${*}${u, '*'}", "", ""},
		{"StringLike", "a*", "", ""},
		{"ArnLike", "arn:aws:s3::b", InvalidARN, "arn:aws:s3::b"},
		{"ArnLike", "*", InvalidARN, "*"},
		{"ArnLike", "arn:aws:s3:::b*", "", ""},
		{"StringLike", "x${u", pattern.MissingBrace, "${u"},
		{"ArnLike", "arn:aws:s3:::x/${}", pattern.EmptyVariable, "${}"},
	} {
		_, problems := compile(t, c.operator, "true", c.value)
		problems = slices.DeleteFunc(problems, func(p Problem) bool { return p.Value == 0 })
		if c.code == "" {
			if len(problems) != 0 {
				t.Errorf("%s %q: %v", c.operator, c.value, problems)
			}
			continue
		}
		if len(problems) != 1 {
			t.Errorf("%s %q: %v", c.operator, c.value, problems)
			continue
		}
		p := problems[0]
		if p.Code != c.code || p.Value != 1 || c.value[p.Start:p.End] != c.part || p.Message == "" || p.Hint == "" {
			t.Errorf("%s %q: %+v", c.operator, c.value, p)
		}
	}
	_, problems := compile(t, "StringEquals")
	if len(problems) != 1 || problems[0].Code != EmptyArray || problems[0].Value != -1 {
		t.Error(problems)
	}
}

func TestDetailShowsEachPair(t *testing.T) {
	clause, _ := compile(t, "ForAnyValue:StringLike", "home/${u}/*", "${v}")
	got := clause.Detail([]pattern.Binding{set("home/bob/x", "b"), is("ali"), absentKey})
	want := []Comparison{
		{0, "home/ali/*", "", "home/bob/x", trace.No, 5, 5, ""},
		{1, "${v}", "v", "home/bob/x", trace.No, 0, 0, ""},
		{0, "home/ali/*", "", "b", trace.No, 0, 0, ""},
		{1, "${v}", "v", "b", trace.No, 0, 0, ""},
	}
	if !slices.Equal(got.Comparisons, want) {
		t.Errorf("%+v", got.Comparisons)
	}
}

func TestDetailSaysWhichSideIsUnreadable(t *testing.T) {
	clause, _ := compile(t, "ForAnyValue:NumericEquals", "ten", "10")
	got := clause.Detail([]pattern.Binding{set("10", "zehn")})
	invalid := []string{}
	for _, pair := range got.Comparisons {
		invalid = append(invalid, pair.Invalid)
	}
	if !slices.Equal(invalid, []string{"policy", "", "request", "request"}) || got.Outcome != trace.Yes || got.Reason != ReasonValueMatch {
		t.Errorf("%+v", got)
	}
}

func TestDetailKeepsAMatchAmongManyPairs(t *testing.T) {
	values := slices.Repeat([]string{"no"}, 200)
	values[150] = "yes"
	clause, _ := compile(t, "StringEquals", values...)
	pairs := clause.Detail([]pattern.Binding{is("yes")}).Comparisons
	if len(pairs) != 64 || pairs[63].Value != 150 || pairs[63].Outcome != trace.Yes {
		t.Errorf("%d pairs, the last %+v", len(pairs), pairs[len(pairs)-1])
	}
}

func TestAnUnreadableAddressIsNoReasonToPanic(t *testing.T) {
	clause, _ := compile(t, "IpAddress", "10.0.0.0/8", "nonsense", "0.0.0.0/0", "::/0")
	for _, text := range []string{"", "10.0.0", "10.0.0.1/8", ":", strings.Repeat("1", 1000)} {
		if got := clause.Match([]pattern.Binding{is(text)}); got != trace.No {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// lawSpecs are all operators with all modifiers.
func lawSpecs() []Spec {
	var out []Spec
	for i := range operators {
		for s := NoSet; s <= ForAnyValue; s++ {
			for _, exists := range []bool{false, true} {
				if !exists || operators[i].Type != Null {
					out = append(out, Spec{&operators[i], s, exists})
				}
			}
		}
	}
	return out
}

// lawValues are lists of policy values, by type; nil is among them.
var lawValues = map[Type][][]string{
	String:  {nil, {"a"}, {"a*", "*b"}, {"*"}, {"?*"}, {"${u}"}, {"x/${u}/*", "b"}, {"${u, 'a'}"}, {"${u}${v}"}, {"${k}"}, {"other", "another", ""}, {"${u"}},
	Numeric: {nil, {"1"}, {"-1", "5.5"}, {"x"}, {"9007199254740993"}},
	Date:    {nil, {"2024"}, {"1700000000", "1700000001.5"}, {"x"}},
	Bool:    {nil, {"true"}, {"true", "false"}, {"${u}"}, {"x"}},
	Binary:  {nil, {"QUI="}, {"b3RoZXI=", ""}, {"x"}},
	IP:      {nil, {"10.0.0.0/8"}, {"10.0.0.0/8", "10.1.0.0/16"}, {"0.0.0.0/0"}, {"0.0.0.0/0", "::/0"}, {"x"}},
	ARN:     {nil, {"arn:aws:s3:::a"}, {"arn:aws:s3:::*"}, {"*:*:*:*:*:*"}, {"arn:aws:iam::1:user/${u}"}, {"*"}},
	Null:    {nil, {"true"}, {"false"}, {"true", "false"}, {"x"}},
}

// lawTexts are texts of requests, by type.
var lawTexts = map[Type][]string{
	String:  {"", "a", "A", "ab", "b", "x/a/y", "x/b/", "other", "*", "aa"},
	Numeric: {"0", "1", "1.0", "-1", "-2", "5.4", "5.5", "6", "9007199254740992", "x"},
	Date:    {"2024", "2023-12-31T23:59:59Z", "2025", "1700000000", "1700000001", "1700000001.5", "x"},
	Bool:    {"true", "FALSE", "x"},
	Binary:  {"QUI=", "QUJD", "", "x"},
	IP:      {"10.0.0.1", "10.1.0.1", "11.0.0.1", "2001:db8::1", "x"},
	ARN:     {"arn:aws:s3:::a", "arn:aws:s3:::b", "arn:aws:iam::1:user/a", "x"},
	Null:    {"", "x"},
}

// lawBindings are the concrete bindings to try for a key.
func lawBindings(ty Type) []pattern.Binding {
	out := []pattern.Binding{absentKey, set()}
	for _, text := range lawTexts[ty] {
		out = append(out, is(text), set(text), set(text, lawTexts[ty][0]))
	}
	return out
}

func TestWhatIsSaidWithUnknownsHoldsForEveryAssignment(t *testing.T) {
	for _, spec := range lawSpecs() {
		ty := spec.Operator.Type
		for _, values := range lawValues[ty] {
			clause, _ := Compile(spec, 0, values, nil, true, slot)
			for _, key := range lawBindings(ty) {
				for _, u := range []pattern.Binding{absentKey, is("a"), is("true"), set("a")} {
					concrete := clause.Match([]pattern.Binding{key, u, is("b")})
					if concrete == trace.Unknown {
						t.Fatalf("%v %q: open for %v, %v", spec, values, key, u)
					}
					for _, partial := range [][]pattern.Binding{{unknownKey, u, is("b")}, {key, unknownKey, is("b")}, {unknownKey, unknownKey, unknownKey}} {
						if got := clause.Match(partial); got != trace.Unknown && got != concrete {
							t.Fatalf("%v %q: %v for %v, but %v for %v, %v", spec, values, got, partial, concrete, key, u)
						}
						if d := clause.Detail(partial); d.Outcome != clause.Match(partial) || d.Reason == "" {
							t.Fatalf("%v %q: %+v", spec, values, d)
						}
					}
				}
			}
		}
	}
}

// outcomes is the set of outcomes over some bindings of one slot.
func outcomes(c *Clause, ctx []pattern.Binding, own int, bindings []pattern.Binding) map[trace.Outcome]bool {
	out := map[trace.Outcome]bool{}
	ctx = slices.Clone(ctx)
	for _, b := range bindings {
		ctx[own] = b
		out[c.Match(ctx)] = true
	}
	return out
}

func TestCandidatesTakeEveryTruthValueThatTheClauseCanTake(t *testing.T) {
	for _, spec := range lawSpecs() {
		ty := spec.Operator.Type
		for _, values := range lawValues[ty] {
			clause, _ := Compile(spec, 0, values, nil, true, slot)
			try := func(own int, ctx []pattern.Binding, all []pattern.Binding) {
				candidates := []pattern.Binding{absentKey}
				clause.Candidates(own, ctx, func(b pattern.Binding) { candidates = append(candidates, b) })
				for _, b := range candidates[1:] {
					if b.State != pattern.Present || !b.Multi && len(b.Texts) != 1 || b.Multi && spec.Set == NoSet {
						t.Fatalf("%v %q: candidate %v", spec, values, b)
					}
				}
				got := outcomes(&clause, ctx, own, candidates)
				for want := range outcomes(&clause, ctx, own, all) {
					if !got[want] {
						t.Fatalf("%v %q: slot %d of %v is never %v with %v", spec, values, own, ctx, want, candidates)
					}
				}
			}
			all := slices.DeleteFunc(lawBindings(ty), func(b pattern.Binding) bool {
				return slices.ContainsFunc(b.Texts, func(text string) bool { o := clause.read(text); return !o.ok })
			})
			if spec.Set == NoSet {
				all = slices.DeleteFunc(all, func(b pattern.Binding) bool { return b.Multi })
			}
			for _, u := range []pattern.Binding{absentKey, is("a"), is("true"), set("a")} {
				try(0, []pattern.Binding{unknownKey, u, is("b")}, all)
			}
			for _, key := range lawBindings(ty) {
				try(1, []pattern.Binding{key, unknownKey, is("b")}, lawBindings(String))
			}
		}
	}
}

func TestCandidatesOfTwoUnknownsCanMeet(t *testing.T) {
	for _, c := range []struct{ operator, value string }{
		{"StringEquals", "${u}"}, {"StringLike", "home/${u}/*"}, {"ArnLike", "arn:aws:iam::1:user/${u}"}, {"Bool", "${u}"},
	} {
		clause, _ := compile(t, c.operator, c.value)
		ctx := []pattern.Binding{unknownKey, unknownKey}
		seen := map[trace.Outcome]bool{}
		clause.Candidates(0, ctx, func(key pattern.Binding) {
			clause.Candidates(1, ctx, func(u pattern.Binding) {
				seen[clause.Match([]pattern.Binding{key, u})] = true
			})
		})
		if !seen[trace.Yes] || !seen[trace.No] {
			t.Errorf("%v: %v", c, seen)
		}
	}
}

func TestCandidatesLieOnBothSidesOfEveryBoundary(t *testing.T) {
	for _, c := range []struct {
		operator string
		values   []string
		want     []string
	}{
		{"NumericLessThan", []string{"10"}, []string{"9", "10", "11"}},
		{"DateLessThan", []string{"2024"}, []string{"2023-12-31T23:59:59Z", "2024", "2024-01-01T00:00:01Z"}},
		{"IpAddress", []string{"10.0.0.0/24"}, []string{"10.0.0.0", "9.255.255.255", "10.0.1.0"}},
		{"StringLike", []string{"a*c?"}, []string{"acx", "asome-valuecx"}},
		{"Bool", []string{"true"}, []string{"true", "false"}},
	} {
		clause, _ := compile(t, c.operator, c.values...)
		var got []string
		clause.Candidates(0, []pattern.Binding{unknownKey}, func(b pattern.Binding) { got = append(got, b.Texts...) })
		for _, text := range c.want {
			if !slices.Contains(got, text) {
				t.Errorf("%s %v: %q lacks %q", c.operator, c.values, got, text)
			}
		}
	}
	clause, _ := compile(t, "StringEquals", "${u}")
	clause.Candidates(2, []pattern.Binding{is("x")}, func(b pattern.Binding) { t.Error("a key that does not matter has a candidate", b) })
}

func BenchmarkMatch(b *testing.B) {
	for _, c := range operatorCases {
		b.Run(c.operator, func(b *testing.B) {
			clause, _ := compile(b, c.operator, c.values...)
			ctx := []pattern.Binding{is(c.match)}
			b.ReportAllocs()
			for b.Loop() {
				clause.Match(ctx)
			}
		})
	}
}

func TestAnUnknownValueMatchesByItsFactAndWithinItsPattern(t *testing.T) {
	const fact = 1
	for _, c := range []struct {
		operator, known, like, text string
		present                     trace.Outcome // what the clause says when the fact holds
	}{
		{"StringEquals", "a", "b*", "bee", trace.Yes},
		{"StringEquals", "a", "b*", "cee", trace.No},
		{"StringEquals", "a", "", "cee", trace.Yes},
		{"StringEquals", "a", "", "a", trace.Yes},
		{"StringEqualsIgnoreCase", "a", "b*", "BEE", trace.Yes},
		{"StringNotEquals", "a", "b*", "bee", trace.No},
		{"ArnLike", "arn:aws:s3:::a", "arn:aws:s3:::b*", "arn:aws:s3:::bee", trace.Yes},
		{"ArnLike", "arn:aws:s3:::a", "", "no ARN", trace.No},
		{"NumericLessThan", "5", "", "7", trace.Yes},
		{"NumericLessThan", "5", "", "seven", trace.No},
		{"DateEquals", "2026-01-01", "", "2026-01-02T00:00:00Z", trace.Yes},
		{"IpAddress", "203.0.113.0/24", "", "198.51.100.1", trace.Yes},
		{"NotIpAddress", "203.0.113.0/24", "", "198.51.100.1", trace.No},
		{"Bool", "true", "", "false", trace.Yes},
		{"BinaryEquals", "AAAA", "", "AAAB", trace.Yes},
	} {
		spec, _, _ := ParseOperator(c.operator)
		clause, problems := Compile(spec, 0, []string{c.known, c.like}, []int{fact}, true, slot)
		if len(problems) > 0 {
			t.Errorf("%s like %q: %v", c.operator, c.like, problems)
		}
		says := func(state pattern.State) trace.Outcome {
			return clause.Match([]pattern.Binding{is(c.text), {State: state}})
		}
		absent := trace.Of(spec.Operator.Negated != (c.text == c.known))
		open := trace.Unknown
		if c.present == absent {
			open = absent
		}
		if got := [...]trace.Outcome{says(pattern.Present), says(pattern.Absent),
			says(pattern.Unknown)}; got != [...]trace.Outcome{c.present, absent, open} {
			t.Errorf("%s %q or like %q, with %q: %v, expected %v, %v and %v", c.operator, c.known, c.like, c.text, got,
				c.present, absent, open)
		}
	}
}

func TestAValueThatIsLikeNoARNIsReported(t *testing.T) {
	spec, _, _ := ParseOperator("ArnLike")
	if _, problems := Compile(spec, 0, []string{"arn:s3"}, []int{1}, true, slot); len(problems) != 1 ||
		problems[0].Code != InvalidARN || problems[0].Value != 0 {
		t.Error(problems)
	}
}
