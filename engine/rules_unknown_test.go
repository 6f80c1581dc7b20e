package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

// unknownCase is a request with facts that nobody knows. The names are those
// of the unknowns on which a decision depends, each with the decisions of its ways.
type unknownCase struct {
	rule                     string
	world                    cast
	caller, action, resource string
	more                     string
	want                     string
	names                    []string
}

func unknown(keys string) string { return `"unknown":[` + keys + `]` }

const stranger = "arn:aws:iam::333333333333:user/eve"

// unknownRules are the rules of three-valued evaluation.
var unknownRules = []unknownCase{
	{rule: "an unknown key that decides makes the answer depend", world: conditional(`"StringEquals":{"x:a":"1"}`), more: unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "an unknown key that no policy asks for does not matter", world: cast{user: allowAll}, more: unknown(`"x:a"`), want: "allowed"},
	{rule: "an unknown key has no case", world: conditional(`"StringEquals":{"X:A":"1"}`), more: unknown(`"x:a"`),
		want: "depends", names: []string{"key x:a"}},
	{rule: "an unknown key in an Allow does not matter beside another Allow", world: cast{user: doc(allow("*", "*"), when(allow("*", "*"), `"StringEquals":{"x:a":"1"}`))}, more: unknown(`"x:a"`), want: "allowed"},
	{rule: "an unknown key does not matter beside an explicit deny", world: cast{user: doc(deny("*", "*"), when(allow("*", "*"), `"StringEquals":{"x:a":"1"}`))}, more: unknown(`"x:a"`), want: "explicitDeny"},
	{rule: "an unknown key in an Allow does not matter where a boundary stops", world: cast{user: doc(when(allow("*", "*"), `"StringEquals":{"x:a":"1"}`)), boundary: allowOther}, more: unknown(`"x:a"`), want: "implicitDeny"},
	{rule: "an unknown key in a Deny decides between two denials", world: cast{user: doc(when(deny("*", "*"), `"StringEquals":{"x:a":"1"}`))}, more: unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "either way allowed is allowed", world: cast{user: doc(when(allow("*", "*"), `"StringEquals":{"x:a":"1"}`), when(allow("*", "*"), `"StringNotEquals":{"x:a":"1"}`))}, more: unknown(`"x:a"`), want: "allowed"},
	{rule: "either way allowed is allowed, present or absent", world: cast{user: doc(when(allow("*", "*"), `"Null":{"x:a":"true"}`), when(allow("*", "*"), `"Null":{"x:a":"false"}`))}, more: unknown(`"x:a"`), want: "allowed"},
	{rule: "numbers that leave no gap settle the answer", world: cast{user: doc(when(allow("*", "*"), `"NumericLessThan":{"x:a":"5"}`), when(allow("*", "*"), `"NumericGreaterThanEqualsIfExists":{"x:a":"5"}`))}, more: unknown(`"x:a"`), want: "allowed"},
	{rule: "IfExists and its opposite leave no gap", world: cast{user: doc(when(allow("*", "*"), `"NumericEqualsIfExists":{"x:a":"5"}`), when(allow("*", "*"), `"NumericNotEquals":{"x:a":"5"}`))}, more: unknown(`"x:a"`), want: "allowed"},
	{rule: "one key cannot have two values", world: cast{user: doc(when(allow("*", "*"), `"StringEquals":{"x:a":"1"},"StringLike":{"x:a":"2"}`))}, more: unknown(`"x:a"`), want: "implicitDeny"},
	{rule: "a list of values can satisfy two ForAnyValue", world: cast{user: doc(when(allow("*", "*"), `"ForAnyValue:StringEquals":{"x:a":"1"},"ForAnyValue:StringLike":{"x:a":"2"}`))}, more: unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "a value can satisfy two patterns at once", world: conditional(`"StringLike":{"x:a":"a*"},"StringEqualsIgnoreCase":{"x:b":"x"},"StringLikeIfExists":{"x:a":"*b"}`), more: context(`"x:b":"x"`) + "," + unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "a value can equal another but for its case",
		world: conditional(`"StringEqualsIgnoreCase":{"x:a":"red"},"StringNotEquals":{"x:a":"red"}`),
		more:  unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "a number can lie between two neighbours", world: conditional(`"NumericGreaterThan":{"x:a":"9"},"NumericLessThan":{"x:a":"10"}`), more: unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "an instant can lie between two seconds", world: conditional(`"DateGreaterThan":{"x:a":"1000000"},"DateLessThan":{"x:a":"1000001"}`), more: unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "a value can match a pattern and not be what it is made of", world: conditional(`"StringLike":{"x:a":"a?"},"StringNotEquals":{"x:a":"ax"}`), more: unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "an ARN can satisfy two patterns at once", world: conditional(`"ArnLike":{"x:a":"arn:aws:iam::111111111111:role/*"},"ArnLikeIfExists":{"x:a":"arn:aws:iam::*:role/team/x"}`), more: unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "two unknown keys that both matter are both named", world: conditional(`"StringEquals":{"x:a":"1","x:b":"1"}`), more: unknown(`"x:a","x:b"`), want: "depends", names: []string{"key x:a", "key x:b"}},
	{rule: "of two unknown keys only the one that matters is named", world: cast{user: doc(when(allow("*", "*"), `"StringEquals":{"x:a":"1"}`), when(allow("s3:PutObject", "*"), `"StringEquals":{"x:b":"1"}`))}, more: unknown(`"x:a","x:b"`), want: "depends", names: []string{"key x:a"}},
	{rule: "an unknown variable of a Resource makes the answer depend", world: cast{user: doc(allow("*", box+"/${x:a}"))}, more: unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "an unknown variable that cannot fit does not matter", world: cast{user: doc(allow("*", crate+"/${x:a}"))}, more: unknown(`"x:a"`), want: "implicitDeny"},
	{rule: "an unknown variable of a condition makes the answer depend", world: conditional(`"StringEquals":{"aws:username":"${x:a}"}`), more: unknown(`"x:a"`), want: "depends", names: []string{"key x:a"}},
	{rule: "an unknown identity policy makes the answer depend", world: cast{user: `"unknown"`}, want: "depends", names: []string{"policy p"}},
	{rule: "an unknown identity policy can still deny what another allows", world: cast{user: `"unknown"`, group: allowGet}, want: "depends", names: []string{"policy p"}},
	{rule: "an unknown boundary makes the answer depend", world: cast{user: allowGet, boundary: `"unknown"`}, want: "depends", names: []string{"policy UserBoundary"}},
	{rule: "an unknown SCP makes the answer depend", world: governed(levels{unit: `"unknown"`}), want: "depends", names: []string{"policy UnitSCP"}},
	{rule: "an unknown SCP beside full access can still deny", world: governed(levels{unit: `+"unknown"`}), want: "depends", names: []string{"policy UnitSCP"}},
	{rule: "an unknown resource policy makes the answer depend", world: cast{box: `"unknown"`}, want: "depends", names: []string{"policy box/key"}},
	{rule: "an unknown trust policy makes the answer depend", world: cast{user: allowAll, trust: `"unknown"`}, action: "sts:AssumeRole", resource: worker, want: "depends", names: []string{"policy worker"}},
	{rule: "an unknown endpoint policy makes the answer depend", world: cast{user: allowAll, endpoint: `"unknown"`}, more: `"via":"vpce-1"`, want: "depends", names: []string{"policy vpce-1"}},
	{rule: "an unknown policy does not matter beside an explicit deny", world: cast{user: `"unknown"`, group: denyGet}, want: "explicitDeny"},
	{rule: "an unknown policy that does not apply does not matter", world: cast{user: allowGet, role: `"unknown"`, key: `"unknown"`}, want: "allowed"},
	{rule: "an SCP that nobody can read does not bind the management account", world: governed(levels{unit: `"unknown"`, management: accA}), want: "allowed"},
	{rule: "GetCallerIdentity does not depend on unknown policies", world: cast{user: `"unknown"`}, action: "sts:GetCallerIdentity", resource: "*", want: "allowed"},
	{rule: "a caller of an account not described depends on that account", world: cast{box: named(stranger)}, caller: stranger, want: "depends", names: []string{"account " + accC}},
	{rule: "a caller of an account not described may be denied there beside the owner's denial", caller: stranger, want: "depends", names: []string{"account " + accC}},
	{rule: "a caller of an account not described is denied by the owner all the same", world: cast{box: denyEvery}, caller: stranger, want: "explicitDeny"},
	{rule: "a resource of an account not described depends on that account", world: cast{user: allowAll}, resource: "arn:aws:sqs:eu-west-1:333333333333:q", action: "sqs:SendMessage", want: "depends", names: []string{"account " + accC}},
	{rule: "NotPrincipal of a caller whose boundary is unknown depends", world: cast{box: doc(to("*", allow("*", "*")), but(listed(`"`+stranger+`","`+accC+`"`), deny("*", "*")))}, caller: stranger, want: "depends", names: []string{"account " + accC}},
	{rule: "a call depends if one of its checks does", world: conditional(`"StringEqualsIfExists":{"x:a":"1"}`), more: unknown(`"x:a"`) + `,"also":[{"action":"s3:PutObject","resource":"` + object + `"}]`, want: "depends", names: []string{"key x:a"}},
}

func (c unknownCase) check(t *testing.T) {
	asked := ruleCase{caller: c.caller, action: c.action, resource: c.resource, more: c.more}
	text := c.world.document(asked.request())
	e := evaluate(t, text)
	var got []string
	for _, u := range e.Unknowns {
		got = append(got, u.Kind.String()+" "+u.Name)
		var ways engine.Decisions
		for _, w := range u.Ways {
			ways |= w.Decisions
		}
		if ways != e.Possible {
			t.Errorf("the ways of %s lead to %v, the answer to %v", u.Name, ways.List(), e.Possible.List())
		}
	}
	slices.Sort(got)
	if e.Overall.String() != c.want || !slices.Equal(got, c.names) || !e.Exact {
		t.Errorf("%v on %s, want %s on %s\n%s", e.Overall, strings.Join(got, ", "), c.want, strings.Join(c.names, ", "), text)
	}
}

func TestUnknownRules(t *testing.T) {
	for _, c := range unknownRules {
		t.Run(c.rule, c.check)
	}
}

func TestTwelveUnknownKeysThatMatterAreSettledExactly(t *testing.T) {
	condition, keys := "", ""
	for _, k := range "abcdefghijkl" {
		condition += `,"x:` + string(k) + `":"1"`
		keys += `,"x:` + string(k) + `"`
	}
	world := conditional(`"StringEquals":{` + condition[1:] + `}`)
	e := evaluate(t, world.document(ruleCase{more: unknown(keys[1:])}.request()))
	if e.Decision != engine.Depends || !e.Exact || len(e.Unknowns) != 12 {
		t.Errorf("%v, exact %v, %d unknowns", e.Decision, e.Exact, len(e.Unknowns))
	}
}

func TestTheWaysOfAnUnknownSayWhatFollows(t *testing.T) {
	world := cast{user: doc(allow("*", "*"), when(deny("*", "*"), `"Bool":{"aws:MultiFactorAuthPresent":"false"}`))}
	e := evaluate(t, world.document(ruleCase{more: unknown(`"aws:MultiFactorAuthPresent"`)}.request()))
	if len(e.Unknowns) != 1 {
		t.Fatalf("%d unknowns", len(e.Unknowns))
	}
	got := map[string]string{}
	for _, w := range e.Unknowns[0].Ways {
		for _, d := range w.Decisions.List() {
			got[w.Value] += d.String()
		}
	}
	if got["false"] != "explicitDeny" || got["absent or true"] != "allowed" && got["absent"] != "allowed" {
		t.Error(got)
	}
}
