package engine_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// answered is the decision of a request, and the outcome of a statement.
type answered struct {
	decision engine.Decision
	outcome  trace.Outcome
	elements []engine.Element
}

// ask answers the request of a document and looks at the statement at a pointer.
// ok is false when the document has errors, as with a principal that it does not
// describe, or when the statement was not looked at.
func ask(document string, pointer engine.Pointer) (answered, bool) {
	w := engine.NewWorld(engine.Parse(document), nil)
	q := w.Query(w.Scenario.Requests[0])
	if q == nil {
		return answered{}, false
	}
	e := q.Evaluate()
	for _, s := range explain.Statements(e) {
		if s.Policy.PointerTo(s.Statement.At) == pointer {
			return answered{e.Decision, s.Outcome, s.Elements}, true
		}
	}
	return answered{decision: e.Decision}, pointer == ""
}

// at is the value at a pointer without escapes in its names.
func at(v any, pointer string) any {
	for _, name := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		name = strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
		switch x := v.(type) {
		case fields:
			v = x[name]
		case items:
			n := 0
			for _, digit := range name {
				n = 10*n + int(digit-'0')
			}
			v = x[n]
		}
	}
	return v
}

// oneRequest is a copy of a world with one request, which does not share what changes.
func oneRequest(world fields, request fields) fields {
	out := decode(encode(world))
	request = decode(encode(request))
	delete(request, "also")
	out["requests"] = items{request}
	return out
}

// withKey is a request whose context has a key, under no other spelling.
func withKey(request fields, key string, value any) fields {
	out := decode(encode(request))
	context := fields{}
	if old, ok := out["context"].(fields); ok {
		maps.DeleteFunc(old, func(name string, _ any) bool { return strings.EqualFold(name, key) })
		context = old
	}
	context[key] = value
	out["context"] = context
	if list, ok := out["unknown"].(items); ok {
		out["unknown"] = slices.DeleteFunc(slices.Clone(list),
			func(v any) bool { return strings.EqualFold(v.(string), key) })
	}
	return out
}

// given is a value as a request writes it.
func given(texts []string, multi bool) any {
	if !multi {
		return texts[0]
	}
	list := items{}
	for _, text := range texts {
		list = append(list, text)
	}
	return list
}

// changed is a world in which a change is made, in the request or in the
// statement.
func changed(world fields, pointer engine.Pointer, c *explain.Change) fields {
	request := world["requests"].(items)[0].(fields)
	switch c.Kind {
	case engine.SetKey:
		return oneRequest(world, withKey(request, c.Key.Key, given(c.Key.Values, c.Key.Multi)))
	case engine.DropKey:
		return oneRequest(world, withKey(request, c.Key.Key, nil))
	case engine.AskOther:
		out := oneRequest(world, request)
		member := strings.ToLower(strings.TrimPrefix(c.Element.Name, "Not"))
		out["requests"].(items)[0].(fields)[member] = c.Value
		return out
	}
	out := oneRequest(world, request)
	s := at(out, string(pointer)).(fields)
	name := c.Element.Name
	switch {
	case c.Kind == engine.Widen && name == "Principal":
		s[name] = "*"
		if c.Value != "*" {
			kind := "AWS"
			if !strings.HasPrefix(c.Value, "arn:") {
				kind = "Service"
			}
			s[name] = fields{kind: c.Value}
		}
		if c.Value == "accounts.google.com" {
			s[name] = fields{"Federated": c.Value}
		}
	case c.Kind == engine.Widen:
		s[name] = c.Value
	case name == "NotPrincipal":
		s[name] = fields{"AWS": "arn:aws:iam::999999999999:user/nobody"}
	case name == "NotAction":
		s[name] = "x:nothing"
	default:
		s[name] = "arn:aws:x:::nothing"
	}
	return out
}

func TestEveryChangeThatIsOfferedDoesWhatItIsOfferedFor(t *testing.T) {
	kinds := map[string]int{}
	eachWorld(t, 120, func(t *testing.T, seed uint64, g *generator, world fields) {
		for _, r := range slices.Clone(world["requests"].(items)) {
			one := oneRequest(world, r.(fields))
			document := encode(one)
			w := engine.NewWorld(engine.Parse(document), nil)
			e := w.Query(w.Scenario.Requests[0]).Evaluate()
			for _, n := range explain.Nearest(e, explain.Statements(e)) {
				pointer := n.Statement.Policy.PointerTo(n.Statement.Statement.At)
				if strings.HasPrefix(string(pointer), "arn:") {
					continue
				}
				together := one
				for i := range n.Changes {
					c := &n.Changes[i]
					kinds[n.Kind.String()+" "+c.Kind.String()]++
					if n.Kind != explain.LiftDeny {
						together = changed(together, pointer, c)
						continue
					}
					after, ok := ask(encode(changed(one, pointer, c)), pointer)
					if ok && after.outcome != trace.No {
						t.Errorf("seed %d: %q: with %q the Deny still matches (%v)\n%s", seed, n.Text, c.Text,
							after.outcome, document)
					}
				}
				if n.Kind != explain.LiftDeny {
					if after, ok := ask(encode(together), pointer); !ok || after.outcome != trace.Yes {
						t.Errorf("seed %d: %q: with all of it the statement does not match (%v)\n%s", seed, n.Text,
							after.outcome, document)
					}
				}
			}
		}
	})
	// As WebAssembly there are too few worlds for the rarer kinds.
	expected := []string{"allow widen", "allow setKey", "lift askOther", "deny setKey", "lift setKey"}
	for _, kind := range expected[:max(3, cases(len(expected)))] {
		if kinds[kind] == 0 {
			t.Errorf("no change of kind %q was offered: %v", kind, kinds)
		}
	}
}

// nonsense are values that are not of the type of their key's operators; what
// is said of any value is said of those of the type.
var nonsense = []string{"yes", "many", "soon", "here", "none", "?"}

func TestWhatIsSaidOfAnAbsentKeyIsSo(t *testing.T) {
	ways := 0
	eachWorld(t, 120, func(t *testing.T, seed uint64, g *generator, world fields) {
		for _, r := range slices.Clone(world["requests"].(items)) {
			request := r.(fields)
			document := encode(oneRequest(world, request))
			w := engine.NewWorld(engine.Parse(document), nil)
			e := w.Query(w.Scenario.Requests[0]).Evaluate()
			for _, a := range e.AbsentKeys() {
				with := func(b pattern.Binding) engine.Decision {
					after, _ := ask(encode(oneRequest(world, withKey(request, a.Key, given(b.Texts, b.Multi)))), "")
					return after.decision
				}
				for _, way := range a.Ways {
					ways++
					if way.Example.Multi && len(way.Example.Texts) == 0 {
						continue
					}
					if d := with(way.Example); !way.Decisions.Has(d) || d == e.Decision {
						t.Errorf("seed %d: %s: with %v it is %v\n%s", seed, explain.Absent(e, a), way.Example.Texts, d,
							document)
					}
					if !strings.HasPrefix(way.Value, "any") {
						continue
					}
					for _, value := range []string{"zz", "9!", "zebra/zebra"} {
						if d := with(pattern.Binding{Texts: []string{value}}); !way.Decisions.Has(d) {
							t.Errorf("seed %d: %s: with %q it is %v\n%s", seed, explain.Absent(e, a), value, d,
								document)
						}
					}
				}
				if a.Matters || !strings.HasSuffix(explain.Absent(e, a), "with any value") {
					continue
				}
				for _, k := range conditionKeys {
					if !strings.EqualFold(k.key, a.Key) {
						continue
					}
					for _, value := range append(slices.Clone(k.policy), k.given...) {
						if slices.Contains(nonsense, value) || strings.Contains(value, "${") {
							continue
						}
						if d := with(pattern.Binding{Texts: []string{value}}); d != e.Decision {
							t.Errorf("seed %d: %s: with %q it is %v, not %v\n%s", seed, explain.Absent(e, a), value, d,
								e.Decision, document)
						}
					}
				}
			}
		}
	})
	if ways == 0 && !t.Failed() {
		t.Error("no way was offered")
	}
}
