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

// withStatement checks what one more statement of an effect does to the
// decisions that are possible for each request.
func withStatement(t *testing.T, effect string, holds func(before, after *engine.Evaluation) bool) {
	eachWorld(t, 120, func(t *testing.T, seed uint64, g *generator, world fields) {
		document := encode(world)
		var before []*engine.Evaluation
		evaluations(document, func(w *engine.World, e *engine.Evaluation) { before = append(before, e) })
		policies := policiesOf(world)
		for range 3 {
			p := policies[g.IntN(len(policies))]
			s := g.statement(kindOf(p))
			s["Effect"] = effect
			p["Statement"] = append(listOf(p["Statement"]), s)
		}
		i := 0
		evaluations(encode(world), func(w *engine.World, after *engine.Evaluation) {
			if before := before[i]; before.Exact && after.Exact && !holds(before, after) {
				t.Errorf("seed %d: answer %d was %v, and is %v with one more %s\n%s\n%s", seed, i, before.Decision,
					after.Decision, effect, document, encode(world))
			}
			i++
		})
	})
}

func TestAddingADenyNeverTurnsADenialIntoAllowed(t *testing.T) {
	withStatement(t, "Deny", func(before, after *engine.Evaluation) bool {
		return before.Possible.Has(engine.Allowed) || !after.Possible.Has(engine.Allowed)
	})
}

func TestAddingAnAllowNeverTurnsAllowedIntoADenial(t *testing.T) {
	withStatement(t, "Allow", func(before, after *engine.Evaluation) bool {
		// But for one that makes a bucket's policy public where that is restricted.
		public := slices.ContainsFunc(after.Stages, func(s engine.Stage) bool {
			return s.ID == engine.StagePublicAccess && (s.State == engine.Stopped || s.State == engine.StageDepends)
		})
		return before.Decision != engine.Allowed || after.Decision == engine.Allowed || public
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
	return slices.ContainsFunc(e.Query.Context,
		func(c engine.ContextEntry) bool { return c.Origin == engine.UnknownOrigin })
}

func TestDecidingAgainFromTheStepsGivesTheSameDecision(t *testing.T) {
	eachWorld(t, 150, func(t *testing.T, seed uint64, g *generator, world fields) {
		evaluations(encode(world), func(w *engine.World, e *engine.Evaluation) {
			again := e.Redecide()
			if !again.Has(e.Decision) && e.Decision != engine.Depends ||
				len(again.List()) > 1 && e.Decision != engine.Depends && !hasOpenKeys(e) {
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
			if slices.Contains(e.Query.ContextEntry("aws:SourceIp").Values, "here") || len(e.Redecide().List()) > 1 {
				return // text that is no address costs an error; unknowns that take a search cost what they cost
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

// guesses are values of a key that the conditions of a world can tell apart.
func guesses(key string, conditions []twinCondition) []any {
	var out []any
	note := func(list ...string) {
		for _, text := range list {
			if !slices.Contains(out, any(text)) {
				out = append(out, text)
			}
		}
	}
	operators, many := "String", false
	for _, k := range conditionKeys {
		if strings.EqualFold(k.key, key) {
			operators, many = k.operators, k.many
		}
	}
	typed := !strings.Contains(operators, "String") && operators != "ARN"
	for _, c := range conditions {
		if !strings.EqualFold(c.key, key) {
			continue
		}
		if strings.HasSuffix(c.operator, "Null") {
			continue
		}
		for _, v := range listOf(c.values) {
			if part, ok := v.(fields); ok {
				v = or(text(part["like"]), "*")
			}
			value := texts(v)[0]
			if operators == "IP" {
				value, _, _ = strings.Cut(value, "/")
			}
			switch {
			case strings.HasPrefix(c.operator, "Bool"), typed && strings.Contains(value, "$"),
				typed && slices.Contains([]string{"many", "soon", "yes", "here", "?"}, value):
			default:
				if strings.Contains(c.operator, "IgnoreCase") {
					note(strings.ToUpper(value), strings.ToLower(value))
				}
				note(value, strings.NewReplacer("*", "", "?", "q").Replace(value),
					strings.NewReplacer("*", "qq", "?", "e").Replace(value))
			}
		}
	}
	switch operators {
	case "String":
		if many {
			note("team", "cost", "a", "b", "c", "ab", "z", "zz", "o-1/r-1/ou-1/", "a.amazonaws.com", "b.amazonaws.com")
			break
		}
		note("ali", "red", "blue", "zz", "*", "o-1", accA, accB, "nobody", "key", "r*", "a/nobody", "a/red", "a/ali",
			"a/bob", "bob", "bea", "RED", "")
	case "Numeric", "Numeric Date":
		note("4", "5", "6", "9", "10", "11", "-3", "0", "7.5", "1.25", "1772357398", "1772357400", "1772357401",
			"99999999999")
	case "Date":
		note("2020", "2030", "2026-03-01T09:29:30Z", "2026-03-01T09:30:00Z", "2026-03-01T09:30:01Z",
			"2026-03-01T09:29:59Z", "2026-02-28", "2026-12-12")
		if !strings.EqualFold(key, "aws:CurrentTime") {
			note("2026-03-01T00:00:00.2Z")
		}
	case "Bool", "Bool String":
		note("true", "false")
	case "IP":
		note("203.0.113.1", "203.0.113.7", "203.0.113.130", "203.0.113.200", "198.51.100.1", "10.0.0.1", "2001:db8::1",
			"2002::1")
	case "Binary":
		note("QmluYXJ5", "QQ==", "enp6")
	case "ARN", "ARN String":
		note("arn:aws:s3:::q", "none", ali, bea, worker, box, crate, "arn:aws:iam::111111111111:user/zz",
			"arn:aws:iam::222222222222:user/ali")
	}
	if many {
		singles := slices.Clone(out)
		out = append(out, items{}) // the request may have one value or a list
		for i, a := range singles {
			out = append(out, items{a})
			for _, b := range singles[:i] {
				out = append(out, items{b, a}, items{a, b})
			}
		}
	}
	return append(out, nil)
}

// missedWays is what is wrong with the answers to a document's requests, as
// trying every way shows; "" if they are right. "" too for a document that is
// no case: one with errors, or one that leaves an account out, of which the
// twin knows nothing.
func missedWays(document string) string {
	w := engine.NewWorld(engine.Parse(document), nil)
	if len(w.Scenario.Accounts) < 2 {
		return ""
	}
	for _, d := range w.Diagnostics {
		if d.Severity == engine.Error {
			return ""
		}
	}
	t := newTwinWorld(document)
	for i, r := range w.Scenario.Requests {
		q := w.Query(r)
		if q == nil {
			return ""
		}
		if strange := func(q *engine.Query) bool {
			return !q.Owner.Described || q.Caller.Account != "" && !q.Caller.Described
		}; strange(q) || slices.ContainsFunc(q.Also, strange) {
			continue // nothing shows whose the resource is, or who calls
		}
		e := q.Evaluate()
		call, checks, ok := t.possible(t.request(i))
		if !ok {
			continue // too many ways to try
		}
		for j, e := range append([]*engine.Evaluation{e}, e.Also...) {
			if !e.Exact {
				continue
			}
			if found := decisionWords(e.Possible); !slices.Equal(found, checks[j]) &&
				!(t.linked && includes(found, checks[j])) {
				return r.Name + ", check " + strconv.Itoa(j) + ": the engine says " + strings.Join(found, " or ") +
					" by " + layersOf(e) + ", the twin " + strings.Join(checks[j], " or ")
			}
			if (e.Decision == engine.Depends) != (len(checks[j]) > 1) && !t.linked {
				return r.Name + ", check " + strconv.Itoa(j) + ": the engine says " + e.Decision.String() +
					", and the ways lead to " + strings.Join(checks[j], " or ")
			}
		}
		want := "depends"
		if len(call) == 1 {
			want = call[0]
		}
		if found := decisionWords(e.Call.Possible); e.Call.Exact && !slices.Equal(found, call) &&
			!(t.linked && includes(found, call)) {
			return r.Name + ": the engine says of the call " + strings.Join(decisionWords(e.Call.Possible), " or ") +
				", the twin " + strings.Join(call, " or ")
		}
		if e.Call.Exact && e.Overall.String() != want && !t.linked {
			return r.Name + ": the engine says of the call " + e.Overall.String() + ", the twin " +
				strings.Join(call, " or ")
		}
	}
	return ""
}

func includes(all, some []string) bool {
	return !slices.ContainsFunc(some, func(word string) bool { return !slices.Contains(all, word) })
}

func decisionWords(d engine.Decisions) []string {
	var out []string
	for _, d := range d.List() {
		out = append(out, d.String())
	}
	slices.Sort(out)
	return out
}

// following are keys that follow from others, when those are unknown.
var following = []string{"aws:calledviafirst", "aws:calledvialast", "aws:viaawsservice", "aws:tagkeys",
	"aws:epochtime"}

// settleSome writes values for some keys that are unknown in the query of a
// request: those that the request lists, and those that AWS always sends.
func (g *generator) settleSome(q *engine.Query, request fields, conditions []twinCondition) {
	context := fields{}
	maps.Copy(context, sub(request, "context"))
	listed := texts(request["unknown"])
	for _, entry := range q.Context {
		lower := strings.ToLower(entry.Key)
		isKey := func(key string) bool { return strings.EqualFold(key, entry.Key) }
		if entry.Origin != engine.UnknownOrigin || g.chance(25) ||
			slices.Contains(following, lower) && !slices.ContainsFunc(listed, isKey) {
			continue
		}
		list := guesses(entry.Key, conditions)
		value := list[g.IntN(len(list))]
		if value == nil && (slices.Contains(alwaysSent, lower) || !slices.ContainsFunc(listed, isKey)) {
			continue
		}
		context[entry.Key] = value
		listed = slices.DeleteFunc(listed, isKey)
	}
	request["context"] = context
	request["unknown"] = items{}
	for _, key := range listed {
		request["unknown"] = append(request["unknown"].(items), key)
	}
}

// added is a decision to which the answer to a document's only request comes
// when some of what is unknown is written, and that it was not to come to; ""
// if there is none.
func added(document string) string {
	w := engine.NewWorld(engine.Parse(document), nil)
	if len(w.Scenario.Accounts) < 2 || len(w.Scenario.Requests) != 1 || w.Query(w.Scenario.Requests[0]) == nil {
		return ""
	}
	e, g := w.Query(w.Scenario.Requests[0]).Evaluate(), newGenerator(1)
	for range 8 {
		world := decode(document)
		g.settleSome(e.Query, listOf(world["requests"])[0].(fields), conditionsOf(world))
		after := engine.NewWorld(engine.Parse(encode(world)), nil)
		if d := after.Query(after.Scenario.Requests[0]).Evaluate(); e.Exact && d.Exact && d.Possible&^e.Possible != 0 {
			return "the engine says " + strings.Join(decisionWords(e.Possible), " or ") + ", and " +
				strings.Join(decisionWords(d.Possible), " or ") + " of the request " + encode(world["requests"])
		}
	}
	return ""
}

func checkAdded(t *testing.T, seed uint64) {
	world := newGenerator(seed).openWorld()
	delete(listOf(world["requests"])[0].(fields), "also") // whose context would change too
	if document := encode(world); added(document) != "" {
		report(t, seed, document, added)
	}
}

func TestWritingWhatWasUnknownNeverAddsADecision(t *testing.T) {
	seed := seedOf(t)
	for i := range uint64(cases(100)) {
		checkAdded(t, seed+i)
	}
}

func FuzzWritingWhatWasUnknownNeverAddsADecision(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkAdded)
}

// openWorld is a world with one request, a key or two of which are unknown.
func (g *generator) openWorld() fields {
	g.unknowns = true
	for range 1 + g.IntN(2) {
		g.about = append(g.about, g.IntN(len(conditionKeys)))
	}
	world := g.scenario(1)
	request := listOf(world["requests"])[0].(fields)
	context := sub(request, "context")
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

func checkUnknowns(t *testing.T, seed uint64) {
	document := encode(newGenerator(seed).openWorld())
	if missedWays(document) != "" {
		report(t, seed, document, missedWays)
	}
}

func TestDependsHoldsExactlyWhenTwoWaysDiffer(t *testing.T) {
	seed := seedOf(t)
	for i := range uint64(cases(150)) {
		checkUnknowns(t, seed+i)
	}
}

func FuzzDependsHoldsExactlyWhenTwoWaysDiffer(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkUnknowns)
}
