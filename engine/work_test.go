package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/trace"
	"github.com/iam-playground/iam-playground/scenarios"
)

// joined joins the texts of n members.
func joined(n int, text func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = text(i)
	}
	return strings.Join(parts, ",")
}

// inquiry is a document in which the user ali has the given members and n
// requests are asked, each with further members.
func inquiry(user string, n int, more string) string {
	return `{"version":1,"accounts":{"` + accA + `":{"users":{"ali":{` + user + `}},"resources":{"` + box +
		`":{}}}},"requests":[` +
		joined(n, func(i int) string { return ruleCase{more: more}.request() }) + `]}`
}

func policy(statements string) string {
	return `"inline":{"p":{"Version":"2012-10-17","Statement":[` + statements + `]}}`
}

// entangled are statements about twelve keys each of which decides with others:
// 35 kB of them took seconds.
func entangled(n int) string {
	return policy(joined(n, func(i int) string {
		return fmt.Sprintf(`{"Effect":"%s","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"x:%d":["a%d*","*b%d"]},"StringNotLike":{"x:%d":"*c*d%d"}}}`,
			[]string{"Allow", "Deny"}[i%2], i%12, i, i, (5*i+1)%12, i)
	}))
}

var twelve = unknown(joined(12, func(i int) string { return fmt.Sprintf(`"x:%d"`, i) }))

// costly are documents whose first request costs more than its budget, each in another way.
var costly = []struct{ name, text string }{
	{"twelve keys that all patterns entangle", inquiry(entangled(160), 1, twelve)},
	{"the same, many times", inquiry(entangled(160), 12, twelve)},
	{"the same, as checks of one call",
		inquiry(entangled(160), 1, twelve+`,"also":[`+joined(12, func(int) string { return put() })+`]`)},
	{"many requests and many statements",
		inquiry(policy(joined(3000, func(i int) string { return allow("s3:*", crate) })), 5000, `"via":"vpce-1"`)},
	{"many requests and one long list of actions",
		inquiry(policy(`{"Effect":"Allow","Action":[`+joined(50_000,
			func(int) string { return `"s3:b*"` })+`],"Resource":"*"}`), 4000, `"via":"vpce-1"`)},
	{"many requests and one long list of policies",
		inquiry(`"policies":[`+joined(60_000, func(int) string { return `"p"` })+`]`, 3000, `"via":"vpce-1"`)},
	{"many requests of a user with many tags",
		inquiry(`"tags":{`+joined(40_000, func(i int) string { return fmt.Sprintf(`"%d":""`, i) })+`}`, 4000,
			`"via":"vpce-1"`)},
	{"a pattern that is tried at every place of a text",
		strings.Replace(inquiry(policy(allow("*", box+"/*"+strings.Repeat("a?", 50_000)+"b*")), 1, `"via":"vpce-1"`),
			object,
			box+"/"+strings.Repeat("a", 300_000), 1)},
	{"sets of twenty values", inquiry(policy(joined(20, func(i int) string {
		return when(allow("*", "*"), fmt.Sprintf(`"ForAnyValue:StringEquals":{"x:m":"%d"}`, i))
	})), 1, unknown(`"x:m"`))},
	{"patterns that meet each other", inquiry(policy(joined(40, func(i int) string {
		return when(allow("*", "*"),
			`"StringLike":{"x:a":[`+joined(25, func(j int) string { return fmt.Sprintf(`"*%d-%d*"`, i, j) })+`]}`)
	})), 1, unknown(`"x:a"`))},
	{"many unknown policies",
		inquiry(`"inline":{`+joined(400, func(i int) string { return fmt.Sprintf(`"p%d":"unknown"`, i) })+`}`, 1,
			`"description":"d"`)},
	{"many unknown keys", inquiry(policy(joined(3000,
		func(i int) string { return when(allow("*", "*"), fmt.Sprintf(`"StringEquals":{"x:%d":"1"}`, i)) })), 1,
		unknown(joined(3000, func(i int) string { return fmt.Sprintf(`"x:%d"`, i) })))},
	{"a list of values against a list of values",
		inquiry(policy(when(allow("*", "*"),
			`"ForAnyValue:StringLike":{"x:m":[`+joined(20_000, func(int) string { return `"a*b"` })+`]}`)), 1,
			context(`"x:m":[`+joined(20_000, func(int) string { return `"a"` })+`]`))},
}

func TestPastTheBudgetTheAnswerStaysOpen(t *testing.T) {
	for _, c := range costly {
		t.Run(c.name, func(t *testing.T) {
			w := engine.NewWorld(engine.Parse(c.text), nil)
			e := w.Query(w.Scenario.Requests[0]).Evaluate()
			if e.Overall != engine.Depends || e.Call.Exact {
				t.Fatalf("%v, exact %v", e.Overall, e.Call.Exact)
			}
			said := false
			for _, e := range append([]*engine.Evaluation{e}, e.Also...) {
				if d := e.Query.Authorize(nil); d != e.Decision {
					t.Errorf("Authorize says %v, Evaluate %v", d, e.Decision)
				}
				said = said || slices.ContainsFunc(e.Stages,
					func(s engine.Stage) bool {
						return s.Reason == trace.BudgetSpent &&
							s.State == engine.StageDepends
					})
			}
			if !said {
				t.Error("no step says that the budget is spent")
			}
			for _, word := range []string{"allowed", "denied", "explicitDeny", "implicitDeny", "depends"} {
				e.Query.Request.Expect = &engine.Expectation{Decision: word}
				if x := e.Query.Request.Expected(e); x.Met() {
					t.Errorf("%q is met", word)
				}
			}
		})
	}
}

func TestTheCallsOfADocumentShareABudget(t *testing.T) {
	for _, c := range costly {
		w := engine.NewWorld(engine.Parse(c.text), nil)
		all := 0
		for _, r := range w.Scenario.Requests {
			q := w.Query(r)
			for _, q := range append([]*engine.Query{q}, q.Also...) {
				all += q.Budget()
			}
		}
		if all == 0 || all > engine.MaxSteps {
			t.Errorf("%s: a budget of %d steps in all, expected at most %d", c.name, all, engine.MaxSteps)
		}
	}
}

func TestTheAnswerToARequestDoesNotDependOnWhatIsAskedBefore(t *testing.T) {
	text := inquiry(entangled(30), 3, twelve)
	all, one := engine.NewWorld(engine.Parse(text), nil), engine.NewWorld(engine.Parse(text), nil)
	var last *engine.Evaluation
	for _, r := range all.Scenario.Requests {
		last = all.Query(r).Evaluate()
		last.AbsentKeys()
	}
	alone := one.Query(one.Scenario.Requests[2]).Evaluate()
	if last.Overall != alone.Overall || last.Call.Possible != alone.Call.Possible ||
		last.Call.Exact != alone.Call.Exact || last.Left() != alone.Left() {
		t.Errorf("%v with %d steps left after others, %v with %d alone", last.Overall, last.Left(), alone.Overall,
			alone.Left())
	}
}

// TestOrdinaryWorldsAreFarFromTheBudget asks everything of the gallery and of
// generated worlds: but for the one scenario about it, none takes a quarter.
func TestOrdinaryWorldsAreFarFromTheBudget(t *testing.T) {
	check := func(name, text string) {
		w := engine.NewWorld(engine.Parse(text), nil)
		for _, r := range w.Scenario.Requests {
			q := w.Query(r)
			if q == nil {
				continue
			}
			e := q.Evaluate()
			for _, e := range append([]*engine.Evaluation{e}, e.Also...) {
				if budget := e.Query.Budget(); !e.Exact || !e.Call.Exact || e.Left() < budget/4*3 {
					t.Errorf("%s, %s: %d of %d steps are left, exact %v", name, r.Name, e.Left(), budget, e.Exact)
				}
			}
		}
	}
	for _, s := range scenarios.All() {
		if s.Path != "unknown/too-many-unknowns" {
			check(s.Path, s.Text)
		}
	}
	for seed := range uint64(40) {
		check("a generated world", encode(newGenerator(seed).scenario(4)))
		check("an open world", encode(newGenerator(seed).openWorld()))
	}
}
