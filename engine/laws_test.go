package engine_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// eachWorld generates some worlds, the same ones in every run unless SEED says
// otherwise.
func eachWorld(t *testing.T, worlds int, check func(t *testing.T, seed uint64, g *generator, world fields)) {
	first := seedOf(t)
	for i := range cases(worlds) {
		seed := first + uint64(i)
		g := newGenerator(seed)
		g.big = i%10 == 0
		check(t, seed, g, g.scenario(4))
		if t.Failed() {
			return
		}
	}
}

// answers are the decisions of all requests of a document, with those of their
// further checks.
func answers(document string) []engine.Decision {
	w := engine.NewWorld(engine.Parse(document), nil)
	var out []engine.Decision
	for _, r := range w.Scenario.Requests {
		q := w.Query(r)
		for _, q := range append([]*engine.Query{q}, q.Also...) {
			out = append(out, q.Authorize(nil))
		}
	}
	return out
}

// policiesOf are the policy documents of a world.
func policiesOf(v any) []fields {
	var out []fields
	switch v := v.(type) {
	case fields:
		if _, ok := v["Statement"]; ok {
			return []fields{v}
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, policiesOf(v[name])...)
		}
	case items:
		for _, item := range v {
			out = append(out, policiesOf(item)...)
		}
	}
	return out
}

// scrambled is a world as JSON with the members of objects and the items of
// lists in any order, save where an order means something.
func scrambled(g *generator, v any, ordered bool) string {
	switch v := v.(type) {
	case fields:
		names := slices.Sorted(maps.Keys(v))
		g.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		var members []string
		for _, name := range names {
			members = append(members, strconv.Quote(name)+":"+scrambled(g, v[name], name == "requests" || name == "context" || name == "also" || ordered))
		}
		return "{" + strings.Join(members, ",") + "}"
	case items:
		list := slices.Clone(v)
		if !ordered {
			g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		var out []string
		for _, item := range list {
			out = append(out, scrambled(g, item, ordered))
		}
		return "[" + strings.Join(out, ",") + "]"
	}
	return encode(v)
}

func TestTheOrderOfMembersStatementsAndPoliciesNeverMatters(t *testing.T) {
	eachWorld(t, 80, func(t *testing.T, seed uint64, g *generator, world fields) {
		document := encode(world)
		other := scrambled(g, world, false)
		if a, b := answers(document), answers(other); !slices.Equal(a, b) {
			t.Errorf("seed %d: %v, and in another order %v\n%s\n%s", seed, a, b, document, other)
		}
	})
}

// split are the statements, one for each action, resource and AWS principal of
// a statement.
func split(s fields) []fields {
	out := []fields{s}
	for _, element := range []string{"Action", "Resource", "Principal"} {
		var next []fields
		for _, s := range out {
			values := s[element]
			principal, isPrincipal := values.(fields)
			switch {
			case isPrincipal:
				for kind, list := range principal {
					for _, value := range listOf(list) {
						one := maps.Clone(s)
						one[element] = fields{kind: value}
						next = append(next, one)
					}
				}
				continue
			case values == nil:
				next = append(next, s)
				continue
			}
			for _, value := range listOf(values) {
				one := maps.Clone(s)
				one[element] = value
				next = append(next, one)
			}
		}
		out = next
	}
	return out
}

func TestSplittingListsIntoStatementsNeverMatters(t *testing.T) {
	eachWorld(t, 80, func(t *testing.T, seed uint64, g *generator, world fields) {
		whole := encode(world)
		for _, p := range policiesOf(world) {
			list := items{}
			for _, v := range listOf(p["Statement"]) {
				for _, s := range split(v.(fields)) {
					list = append(list, s)
				}
			}
			p["Statement"] = list
		}
		if a, b := answers(whole), answers(encode(world)); !slices.Equal(a, b) {
			t.Errorf("seed %d: %v, and split %v\n%s", seed, a, b, whole)
		}
	})
}

// kindOf guesses a policy's kind from its statements, for more of the same.
func kindOf(p fields) string {
	for _, v := range listOf(p["Statement"]) {
		s := v.(fields)
		_, principal := s["Principal"]
		_, not := s["NotPrincipal"]
		_, resource := s["Resource"]
		_, notResource := s["NotResource"]
		switch {
		case !principal && !not:
			return "session"
		case !resource && !notResource:
			return "trust"
		}
		return "endpoint"
	}
	return "session"
}

// withStatement checks what one more statement of an effect does to each answer.
func withStatement(t *testing.T, effect string, holds func(before, after engine.Decision) bool) {
	eachWorld(t, 120, func(t *testing.T, seed uint64, g *generator, world fields) {
		document := encode(world)
		before := answers(document)
		policies := policiesOf(world)
		for range 3 {
			p := policies[g.IntN(len(policies))]
			s := g.statement(kindOf(p))
			s["Effect"] = effect
			p["Statement"] = append(listOf(p["Statement"]), s)
		}
		for i, after := range answers(encode(world)) {
			if !holds(before[i], after) {
				t.Errorf("seed %d: answer %d was %v, and is %v with one more %s\n%s\n%s", seed, i, before[i], after, effect, document, encode(world))
			}
		}
	})
}

func TestAddingADenyNeverTurnsADenialIntoAllowed(t *testing.T) {
	withStatement(t, "Deny", func(before, after engine.Decision) bool {
		return before == after || after == engine.ExplicitDeny || before == engine.Depends
	})
}

func TestAddingAnAllowNeverTurnsAllowedIntoADenial(t *testing.T) {
	withStatement(t, "Allow", func(before, after engine.Decision) bool {
		return before == after || before == engine.ImplicitDeny && after == engine.Allowed || before == engine.Depends
	})
}

// evaluations calls check for every query of a world.
func evaluations(document string, check func(w *engine.World, e *engine.Evaluation)) {
	w := engine.NewWorld(engine.Parse(document), nil)
	for _, r := range w.Scenario.Requests {
		e := w.Query(r).Evaluate()
		for _, e := range append([]*engine.Evaluation{e}, e.Also...) {
			check(w, e)
		}
	}
}

func TestWithTraceOrWithoutTheDecisionIsTheSame(t *testing.T) {
	eachWorld(t, 150, func(t *testing.T, seed uint64, g *generator, world fields) {
		var rec trace.Recorder
		evaluations(encode(world), func(w *engine.World, e *engine.Evaluation) {
			rec.Reset()
			bare, traced := e.Query.Authorize(nil), e.Query.Authorize(&rec)
			if bare != traced || bare != e.Decision || !slices.Equal(rec.Steps, e.Steps) {
				t.Errorf("seed %d: %v without trace, %v with, %v evaluated", seed, bare, traced, e.Decision)
			}
		})
	})
}

// hasOpenKeys reports whether the request has keys whose values nobody knows.
func hasOpenKeys(e *engine.Evaluation) bool {
	return slices.ContainsFunc(e.Query.Context, func(c engine.ContextEntry) bool { return c.Origin == engine.UnknownOrigin })
}

func TestDecidingAgainFromTheStepsGivesTheSameDecision(t *testing.T) {
	eachWorld(t, 150, func(t *testing.T, seed uint64, g *generator, world fields) {
		evaluations(encode(world), func(w *engine.World, e *engine.Evaluation) {
			again := e.Redecide()
			if !again.Has(e.Decision) && e.Decision != engine.Depends || len(again.List()) > 1 && e.Decision != engine.Depends && !hasOpenKeys(e) {
				t.Errorf("seed %d: %v, and from its steps %v", seed, e.Decision, again.List())
			}
			for _, s := range e.Steps {
				if s.Kind == trace.Statement && s.Outcome != min(s.Principal, s.Action, s.Resource, s.Conditions) {
					t.Errorf("seed %d: a statement is %v with the elements %v, %v, %v, %v", seed, s.Outcome, s.Principal, s.Action, s.Resource, s.Conditions)
				}
			}
		})
	})
}

func TestEveryPointerResolves(t *testing.T) {
	eachWorld(t, 50, func(t *testing.T, seed uint64, g *generator, world fields) {
		evaluations(encode(world), func(w *engine.World, e *engine.Evaluation) {
			resolves := func(what string, pointer engine.Pointer, at *jsonpos.Value) {
				document := w.Scenario.Document
				if arn, inside, ok := strings.Cut(string(pointer), "#"); ok && strings.HasPrefix(arn, "arn:") {
					document, pointer = jsonpos.Parse(w.Library.Text(arn), jsonpos.Limits{Depth: engine.MaxDepth}), engine.Pointer(inside)
				} else if found := document.Find(string(pointer)); found != at {
					t.Errorf("seed %d: %s at %s is not where it says", seed, what, pointer)
				}
				if document.Find(string(pointer)) == nil {
					t.Errorf("seed %d: %s at %s resolves to nothing", seed, what, pointer)
				}
			}
			for _, step := range e.Steps {
				s, p := w.Statement(step.Subject)
				resolves("a statement", p.PointerTo(s.At), s.At)
				resolves("a policy", p.Pointer(), p.At)
				for _, element := range e.Query.Elements(step.Subject) {
					resolves(element.Name, p.PointerTo(element.At), element.At)
					for _, c := range element.Comparisons {
						resolves("a value of "+element.Name, p.PointerTo(c.At), c.At)
					}
				}
			}
			for _, entry := range e.Query.Context {
				if entry.At != nil {
					resolves(entry.Key, engine.Pointer(entry.At.Pointer()), entry.At)
				}
			}
			for _, d := range w.Diagnostics {
				v := w.Scenario.Document.Find(string(d.Pointer))
				if v == nil || d.Start > d.End || d.End > len(w.Scenario.Document.Text) {
					t.Errorf("seed %d: the finding %s at %s, %d to %d, points nowhere", seed, d.Code, d.Pointer, d.Start, d.End)
				}
			}
		})
	})
}

func TestADecisionWithoutUnknownsAllocatesNothing(t *testing.T) {
	eachWorld(t, 30, func(t *testing.T, seed uint64, g *generator, world fields) {
		evaluations(encode(world), func(w *engine.World, e *engine.Evaluation) {
			if slices.Contains(e.Query.ContextEntry("aws:SourceIp").Values, "here") || e.Decision == engine.Depends {
				return // text that is no address costs an error; unknowns cost what they cost
			}
			if n := testing.AllocsPerRun(3, func() { e.Query.Authorize(nil) }); n != 0 {
				t.Errorf("seed %d: %v allocations", seed, n)
			}
		})
	})
}

// copied is a world of its own.
func copied(world fields) fields {
	return decode(encode(world))
}

// guesses are values of a key that its conditions can tell apart.
func guesses(key string) []any {
	var out []any
	note := func(text string) {
		if !slices.Contains(out, any(text)) {
			out = append(out, text)
		}
	}
	for _, k := range conditionKeys {
		if k.key != key {
			continue
		}
		typed := !strings.Contains(k.operators, "String") && k.operators != "ARN"
		for _, text := range append(slices.Clone(k.policy), k.given...) {
			switch {
			case strings.Contains(text, "$"), typed && slices.Contains([]string{"many", "soon", "yes", "here", "?"}, text):
			default:
				note(text)
				note(strings.NewReplacer("*", "", "?", "q").Replace(text))
				note(strings.NewReplacer("*", "qq", "?", "e").Replace(text))
			}
		}
		switch k.operators {
		case "String":
			if k.many {
				note("zz")
				break
			}
			for _, text := range []string{"ali", "red", "blue", "zz", "*", "o-1", accA, accB, "nobody", "a/red", "a/ali", "bob", ""} {
				note(text)
			}
		case "Numeric", "Numeric Date":
			for _, text := range []string{"4", "6", "9", "11", "-3", "0", "7.5", "1772357398", "1772357401", "0", "99999999999"} {
				note(text)
			}
		case "Date":
			for _, text := range []string{"2020", "2030", "2026-03-01T09:29:30Z", "2026-03-01T00:00:00.2Z", "2026-03-01T09:30:01Z", "2026-03-01T09:29:59Z", "2026-02-28", "2026-12-12"} {
				note(text)
			}
		case "IP":
			for _, text := range []string{"203.0.113.1", "203.0.113.130", "198.51.100.1", "2001:db8::1", "2002::1"} {
				out = append(out, text)
			}
			out = slices.DeleteFunc(out, func(v any) bool { return strings.Contains(v.(string), "/") })
		case "Binary":
			note("enp6")
		case "ARN", "ARN String":
			for _, text := range []string{"arn:aws:s3:::q", "none", ali, bea, worker, box, crate, "arn:aws:iam::111111111111:user/zz", "arn:aws:iam::222222222222:user/ali"} {
				note(text)
			}
		}
		if k.many {
			singles := slices.Clone(out)
			out = append(out, items{})
			for i, a := range singles {
				out = append(out, items{a})
				for _, b := range singles[:i] {
					out = append(out, items{b, a})
				}
			}
		}
	}
	return append(out, nil)
}

// stands is what an unknown policy may turn out to say of a request: nothing,
// yes or no.
var stands = []fields{
	decode(`{"Version":"2012-10-17","Statement":[]}`),
	decode(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
	decode(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`),
}

// standIn is one of them as a policy of its place: at a resource it names
// everyone, and at a role it has no Resource.
func standIn(way int, place string) fields {
	p := copied(stands[way])
	for _, v := range listOf(p["Statement"]) {
		s := v.(fields)
		if place == "policy" || place == "trust" {
			s["Principal"] = "*"
		}
		if place == "trust" {
			delete(s, "Resource")
		}
	}
	return p
}

// unknownPolicies are functions that replace one unknown policy of a world each.
func unknownPolicies(v any) []func(way int) {
	var out []func(int)
	switch v := v.(type) {
	case fields:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if v[name] == "unknown" {
				out = append(out, func(way int) { v[name] = standIn(way, name) })
			} else if name != "requests" {
				out = append(out, unknownPolicies(v[name])...)
			}
		}
	case items:
		for _, item := range v {
			out = append(out, unknownPolicies(item)...)
		}
	}
	return out
}

// everyWay calls check with the world made concrete in every way that its
// unknown policies and the unknown keys of its only request may turn out.
func everyWay(world fields, check func(world fields)) {
	request := listOf(world["requests"])[0].(fields)
	if keys := texts(request["unknown"]); len(keys) > 0 {
		request["unknown"] = listOf(request["unknown"])[1:]
		if request["context"] == nil {
			request["context"] = fields{}
		}
		for _, value := range guesses(keys[0]) {
			sub(request, "context")[keys[0]] = value
			everyWay(world, check)
		}
		delete(sub(request, "context"), keys[0])
		request["unknown"] = append(items{keys[0]}, listOf(request["unknown"])...)
		return
	}
	if len(unknownPolicies(world)) == 0 {
		check(world)
		return
	}
	for way := range stands {
		next := copied(world)
		unknownPolicies(next)[0](way)
		everyWay(next, check)
	}
}

// missedWays is what is wrong with the answer to a document's only request, as
// trying every way shows; "" if it is right. "" too for a document that is no case.
func missedWays(document string) string {
	w := engine.NewWorld(engine.Parse(document), nil)
	if len(w.Scenario.Accounts) < 2 || len(w.Scenario.Requests) != 1 {
		return ""
	}
	for _, d := range w.Diagnostics {
		if d.Severity == engine.Error {
			return ""
		}
	}
	q := w.Query(w.Scenario.Requests[0])
	if q == nil || q.Owner.Account == "" {
		return ""
	}
	e := q.Evaluate()
	var found engine.Decisions
	everyWay(decode(document), func(world fields) {
		for _, d := range answers(encode(world))[:1] {
			found |= 1 << d
		}
	})
	settled := e.Decision != engine.Depends
	switch {
	case found&^e.Possible != 0:
		return "the answer may be " + words(e.Possible) + ", but some way leads to " + words(found)
	case settled && found != 1<<e.Decision, !settled && len(found.List()) < 2:
		return "the answer is " + e.Decision.String() + ", " + words(e.Possible) + ", but every way leads to " + words(found)
	}
	return ""
}

func words(d engine.Decisions) string {
	var out []string
	for _, d := range d.List() {
		out = append(out, d.String())
	}
	return strings.Join(out, " or ")
}

// openWorld is a world with one request, a key or two of which are unknown.
func (g *generator) openWorld() fields {
	g.unknowns = true
	for range 1 + g.IntN(2) {
		g.about = append(g.about, g.IntN(len(conditionKeys)))
	}
	world := g.scenario(1)
	request := listOf(world["requests"])[0].(fields)
	delete(request, "also")
	context := sub(request, "context")
	delete(context, "aws:TokenIssueTime") // with it the service itself looks at a key
	keys := items{}
	for _, i := range g.about {
		k := conditionKeys[i]
		if !slices.Contains(keys, any(k.key)) {
			keys = append(keys, k.key)
		}
		delete(context, k.key)
	}
	request["unknown"] = keys
	return world
}

// maxWays bounds the work on one world: each way is a document to read and decide.
const maxWays = 200

func checkUnknowns(t *testing.T, seed uint64) {
	document := encode(newGenerator(seed).openWorld())
	world := decode(document)
	ways := 1
	for range unknownPolicies(world) {
		ways *= len(stands)
	}
	for _, key := range texts(listOf(world["requests"])[0].(fields)["unknown"]) {
		ways *= len(guesses(key))
	}
	if ways > maxWays {
		return // too many to try
	}
	if missedWays(document) != "" {
		report(t, seed, document, missedWays)
	}
}

func TestDependsHoldsExactlyWhenTwoWaysDiffer(t *testing.T) {
	seed := seedOf(t)
	for i := range uint64(cases(25)) {
		checkUnknowns(t, seed+i)
	}
}

func FuzzDependsHoldsExactlyWhenTwoWaysDiffer(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkUnknowns)
}
