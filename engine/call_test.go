package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

// callCase is a call with several checks. want is the decision of the whole
// call and, after a colon, those of its further checks; names are the unknowns
// on which the call depends.
type callCase struct {
	rule  string
	world cast
	more  string // further members of the request, as JSON
	want  string
	names []string
}

func also(checks ...string) string { return `,"also":[` + strings.Join(checks, ",") + `]` }

// put is a further check of the same call, with further members.
func put(members ...string) string {
	return `{"action":"s3:PutObject","resource":"` + object + `"` +
		strings.Join(append([]string{""}, members...), ",") + `}`
}

// only allows an action when x:a has one value.
func only(action, value string) string {
	return when(allow(action, "*"), `"StringEquals":{"x:a":"`+value+`"}`)
}

const (
	get1 = "s3:GetObject"
	put1 = "s3:PutObject"
)

var (
	either  = cast{user: doc(only(get1, "1"), only(put1, "2"))}
	bothOne = cast{user: doc(only(get1, "1"), only(put1, "1"))}
)

// callRules are the rules of calls with several checks.
var callRules = []callCase{
	{rule: "7.8 a check takes the request's context", world: bothOne, more: context(`"x:a":"1"`) + also(put()),
		want: "allowed: allowed"},
	{rule: "7.8 a check's own context replaces a key of the request's", world: bothOne,
		more: context(`"x:a":"1"`) + also(put(context(`"X:A":"2"`))), want: "implicitDeny: implicitDeny"},
	{rule: "7.8 a check's own context adds to the request's", world: bothOne,
		more: `"description":"d"` + also(put(context(`"x:a":"1"`))), want: "implicitDeny: allowed"},
	{rule: "7.8 null takes a key away from one check", world: bothOne,
		more: context(`"x:a":"1"`) + also(put(context(`"x:a":null`)), put()),
		want: "implicitDeny: implicitDeny allowed"},
	{rule: "7.8 null takes a key away that follows from the world",
		world: cast{user: doc(allow("*", "*"), when(deny(put1, "*"), `"Null":{"aws:username":"true"}`))},
		more:  `"description":"d"` + also(put(context(`"aws:username":null`)), put()),
		want:  "explicitDeny: explicitDeny allowed"},
	{rule: "7.8 a check's own unknown replaces what is written for the request", world: bothOne,
		more: context(`"x:a":"1"`) + also(put(unknown(`"x:a"`))), want: "depends: depends",
		names: []string{"key x:a 0"}},
	{rule: "7.8 a check's own context replaces what is unknown for the request", world: bothOne,
		more: unknown(`"x:a"`) + also(put(context(`"x:a":"2"`))), want: "implicitDeny: implicitDeny"},
	{rule: "7.8 an unknown key is the same for all checks of a call", world: either,
		more: unknown(`"x:a"`) + also(put()), want: "implicitDeny: depends"},
	{rule: "7.8 a check's own unknown is a fact of its own", world: either,
		more: unknown(`"x:a"`) + also(put(unknown(`"x:a"`))), want: "depends: depends",
		names: []string{"key x:a -1", "key x:a 0"}},
	{rule: "7.8 checks that are allowed together leave the call open", world: bothOne,
		more: unknown(`"x:a"`) + also(put()), want: "depends: depends", names: []string{"key x:a -1"}},
	{rule: "7.8 a check that is denied either way settles the call", world: cast{user: doc(only(get1, "1"))},
		more: unknown(`"x:a"`) + also(put()), want: "implicitDeny: implicitDeny"},
	{rule: "7.8 the first denial is the call's", world: cast{user: doc(allow(get1, "*"), deny(put1, "*"))},
		more: `"description":"d"` + also(`{"action":"s3:ListBucket","resource":"`+box+`"}`, put()),
		want: "implicitDeny: implicitDeny explicitDeny"},
	{rule: "7.8 the first denial decides whether it is explicit, each way",
		world: cast{user: doc(only(get1, "1"), deny(put1, "*"))}, more: unknown(`"x:a"`) + also(put()),
		want: "depends: explicitDeny", names: []string{"key x:a -1"}},
	{rule: "7.8 what matters to a check that does not decide does not matter to the call",
		world: cast{user: doc(deny(get1, "*"), only(put1, "1"))}, more: unknown(`"x:a"`) + also(put()),
		want: "explicitDeny: depends"},
	{rule: "7.8 an unknown policy is the same for all checks of a call",
		world: cast{user: `"unknown"`, group: doc(allow(get1, "*"))}, more: `"description":"d"` + also(put()),
		want: "depends: depends", names: []string{"policy p -1"}},
	{rule: "7.8 a key that only one check asks for matters to the call",
		world: cast{user: doc(allow(get1, "*"), only(put1, "1"))}, more: unknown(`"x:a","x:b"`) + also(put()),
		want: "depends: depends", names: []string{"key x:a -1"}},
}

func (c callCase) check(t *testing.T) {
	text := c.world.document(ruleCase{more: c.more}.request())
	e := evaluate(t, text)
	var checks []string
	for _, a := range e.Also {
		checks = append(checks, a.Overall.String())
	}
	var names []string
	for _, u := range e.Call.Unknowns {
		names = append(names, u.Kind.String()+" "+u.Name+" "+string("-0123456789"[u.Check+1]))
		var ways engine.Decisions
		for _, w := range u.Ways {
			ways |= w.Decisions
		}
		if ways != e.Call.Possible {
			t.Errorf("the ways of %s lead to %v, the call to %v", u.Name, ways.List(), e.Call.Possible.List())
		}
	}
	for i := range names {
		names[i] = strings.Replace(names[i], " -", " -1", 1)
	}
	got := e.Overall.String() + ": " + strings.Join(checks, " ")
	if got != c.want || !slices.Equal(names, c.names) || !e.Call.Exact {
		t.Errorf("%s on %q, want %s on %q\n%s", got, names, c.want, c.names, text)
	}
}

func TestCallRules(t *testing.T) {
	for _, c := range callRules {
		t.Run(c.rule, c.check)
	}
}

func TestADenialTogetherIsDecidedByWhatMayDeny(t *testing.T) {
	e := evaluate(t, either.document(ruleCase{more: unknown(`"x:a"`) + also(put())}.request()))
	if by := e.CallDecidedBy(); len(by) != 1 || by[0] != engine.LayerIdentity || e.Deciding() != e {
		t.Errorf("decided by %v", by)
	}
}

func TestExpectationsOfACallAndOfItsChecks(t *testing.T) {
	for _, c := range []struct{ more, text, problem string }{
		{also(put()), "", ""},
		{also(put()) + `,"expect":"allowed"`, "allowed", ""},
		{also(put(`"expect":"allowed"`)), "s3:PutObject on " + object + ": allowed", ""},
		{also(put(`"name":"the copy","expect":"denied"`)), "the copy: denied",
			"the copy: expected denied, found allowed"},
		{also(put(`"name":"the copy","expect":"denied"`), put(`"expect":"allowed"`)) + `,"expect":"depends"`,
			"depends; the copy: denied; s3:PutObject on " + object + ": allowed",
			"expected depends, found allowed; the copy: expected denied, found allowed"},
	} {
		e := evaluate(t, cast{user: allowAll}.document(ruleCase{more: `"description":"d"` + c.more}.request()))
		x := e.Query.Request.Expected(e)
		if x == nil {
			x = &engine.Expected{}
		}
		if problem := strings.Join(x.Problems, "; "); x.Text != c.text || problem != c.problem ||
			x.Met() != (c.problem == "") {
			t.Errorf("%s: %q with the problem %q, want %q with %q", c.more, x.Text, problem, c.text, c.problem)
		}
	}
}

// holders are the request and its further checks.
func holders(request fields) []fields {
	out := []fields{request}
	for _, check := range listOf(request["also"]) {
		out = append(out, check.(fields))
	}
	return out
}

// stands are what an unknown policy may turn out to say: nothing, that
// everything is allowed or denied, or that of some action only.
var stands = []string{doc(), allowAll, denyAll, doc(allow(get1, "*")), doc(deny(put1, "*"))}

// everyCall calls check with the world made concrete in every way that its
// unknown policy and the unknown keys of its only call may turn out.
func everyCall(world fields, check func(world fields)) {
	for _, h := range holders(listOf(world["requests"])[0].(fields)) {
		keys := listOf(h["unknown"])
		if len(keys) == 0 {
			continue
		}
		key := keys[0].(string)
		before, had := h["context"]
		h["unknown"] = keys[1:]
		for _, value := range []any{"a", "b", "c", nil} {
			with := fields{key: value}
			for k, v := range sub(h, "context") {
				if k != key {
					with[k] = v
				}
			}
			h["context"] = with
			everyCall(world, check)
			h["context"] = before
		}
		if !had {
			delete(h, "context")
		}
		h["unknown"] = keys
		return
	}
	if policies := sub(sub(sub(sub(sub(world, "accounts"), accA), "users"), "ali"),
		"inline"); policies["q"] == "unknown" {
		for _, text := range stands {
			policies["q"] = decode(text)
			check(world)
		}
		policies["q"] = "unknown"
		return
	}
	check(world)
}

// missedCall is what is wrong with the answer to a document's only call, as
// trying every way shows; "" if it is right, or if the document is no case.
func missedCall(document string) string {
	w := engine.NewWorld(engine.Parse(document), nil)
	if len(w.Scenario.Requests) != 1 {
		return ""
	}
	for _, d := range w.Diagnostics {
		if d.Severity == engine.Error {
			return ""
		}
	}
	q := w.Query(w.Scenario.Requests[0])
	if q == nil || !q.Owner.Described || !q.Caller.Described {
		return ""
	}
	call := q.Evaluate().Call
	var found engine.Decisions
	everyCall(decode(document), func(world fields) {
		w := engine.NewWorld(engine.Parse(encode(world)), nil)
		found |= 1 << w.Query(w.Scenario.Requests[0]).Evaluate().Overall
	})
	settled := call.Decision != engine.Depends
	switch {
	case found != call.Possible:
		return "the call may be " + strings.Join(decisionWords(call.Possible), " or ") + ", but the ways lead to " +
			strings.Join(decisionWords(found), " or ")
	case settled && found != 1<<call.Decision, !settled && len(found.List()) < 2:
		return "the call is " + call.Decision.String() + ", but the ways lead to " +
			strings.Join(decisionWords(found), " or ")
	}
	return ""
}

// smallCall is a world in which the checks of one call often wait for the same
// keys: few actions, few keys, few values.
func (g *generator) smallCall() fields {
	action := func() string { return pick(g, get1, put1, "s3:DeleteObject") }
	statement := func(effect string) fields {
		s := fields{"Effect": effect, "Action": pick(g, action(), action(), "*"), "Resource": "*"}
		if g.chance(85) {
			s["Condition"] = fields{pick(g, "StringEquals", "StringNotEquals",
				"StringEqualsIfExists"): fields{pick(g, "x:1", "x:2"): pick(g, any("a"), any("b"),
				any(items{"a", "b"}))}}
		}
		return s
	}
	list := items{}
	for range 2 + g.IntN(3) {
		list = append(list, statement("Allow"))
	}
	for range g.IntN(2) {
		list = append(list, statement("Deny"))
	}
	user := fields{"inline": fields{"p": fields{"Version": "2012-10-17", "Statement": list}}}
	if g.chance(15) {
		user["inline"].(fields)["q"] = "unknown"
	}
	check := func() fields { return fields{"action": action(), "resource": object} }
	request := check()
	request["name"], request["principal"], request["unknown"] = "r", ali, items{"x:1", "x:2"}
	checks := items{}
	for range 1 + g.IntN(2) {
		c := check()
		if g.chance(15) {
			c["context"] = fields{pick(g, "x:1", "x:2"): pick(g, any("a"), any("b"), nil)}
		} else if g.chance(10) {
			c["unknown"] = items{pick(g, "x:1", "x:2")}
		}
		checks = append(checks, c)
	}
	request["also"] = checks
	return fields{"version": 1,
		"accounts": fields{accA: fields{"users": fields{"ali": user}, "resources": fields{box: fields{}}},
			accB: fields{}}, "requests": items{request}}
}

func checkCalls(t *testing.T, seed uint64) {
	if document := encode(newGenerator(seed).smallCall()); missedCall(document) != "" {
		report(t, seed, document, missedCall)
	}
}

func TestACallDependsExactlyWhenTwoWaysDiffer(t *testing.T) {
	seed := seedOf(t)
	for i := range uint64(cases(150)) {
		checkCalls(t, seed+i)
	}
}

func FuzzACallDependsExactlyWhenTwoWaysDiffer(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkCalls)
}
