package engine_test

import (
	"slices"
	"strings"
)

// ways are the assumptions about what a document leaves open. The twin asks a
// question when an answer matters; each answer of each question gets its turn.
type ways struct {
	trail []assumption
	runs  int
}

type assumption struct {
	question     string
	answer, many int
}

// mostRuns bounds the work on one request.
const mostRuns = 3000

// choose is the answer to a question that has so many, from 0. The same
// question has the same answer throughout a run.
func (w *ways) choose(question string, many int) int {
	for _, a := range w.trail {
		if a.question == question {
			return a.answer
		}
	}
	w.trail = append(w.trail, assumption{question, 0, many})
	return 0
}

func (w *ways) perhaps(question string) bool { return w.choose(question, 2) == 1 }

// next takes the next answers; it is false after the last.
func (w *ways) next() bool {
	w.runs++
	for n := len(w.trail); n > 0; n-- {
		if last := &w.trail[n-1]; last.answer+1 < last.many {
			last.answer++
			w.trail = w.trail[:n]
			return true
		}
	}
	return false
}

// twinWorld is a document as the twin reads it.
type twinWorld struct {
	world      fields
	text       string // lower-cased
	conditions []twinCondition
	guessed    map[string][]*fact
	linked     bool // that conditions ask for a key and for what follows from it
}

// families are keys of which some follow from others. To the engine what
// follows from an unknown key is unknown by itself: it may leave a way open
// that no value of the first gives, though never one too few.
var families = [][]string{
	{"aws:currenttime", "aws:epochtime"},
	{"aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:viaawsservice"},
	{"aws:requesttag/team", "aws:tagkeys"},
}

func newTwinWorld(document string) *twinWorld {
	w := &twinWorld{world: decode(document), text: strings.ToLower(document), guessed: map[string][]*fact{}}
	w.conditions = conditionsOf(w.world)
	for _, family := range families {
		asked := 0
		for _, key := range family {
			if slices.ContainsFunc(w.conditions, func(c twinCondition) bool { return strings.EqualFold(c.key, key) }) {
				asked++
			}
		}
		w.linked = w.linked || asked > 1
	}
	withUnknownStatements(w.world)
	return w
}

func (w *twinWorld) request(i int) fields { return listOf(w.world["requests"])[i].(fields) }

// possible are the decisions of a call, each way that the unknowns may turn
// out: of the call itself and of each check. ok is false if there are too many
// ways.
func (w *twinWorld) possible(request fields) (call []string, checks [][]string, ok bool) {
	note := func(list []string, decision string) []string {
		if slices.Contains(list, decision) {
			return list
		}
		list = append(list, decision)
		slices.Sort(list)
		return list
	}
	way := &ways{}
	for {
		decisions := w.decisions(way, request)
		if checks == nil {
			checks = make([][]string, len(decisions))
		}
		overall := "allowed"
		for i, d := range decisions {
			checks[i] = note(checks[i], d)
			if overall == "allowed" {
				overall = d // the first denial counts
			}
		}
		call = note(call, overall)
		if !way.next() {
			return call, checks, true
		}
		if way.runs > mostRuns {
			return nil, nil, false
		}
	}
}

// withUnknownStatements writes each unknown policy as one with an unknown
// statement.
func withUnknownStatements(v any) {
	switch v := v.(type) {
	case fields:
		for name, member := range v {
			if member == "unknown" {
				v[name] = fields{"Version": "2012-10-17", "Statement": fields{"unknown": "the policy"}}
			} else if name != "requests" {
				withUnknownStatements(member)
			}
		}
	case items:
		for _, item := range v {
			withUnknownStatements(item)
		}
	}
}

// candidates are the facts that an open key may turn out to be; nil stands for
// absent. Those that no condition of the world can tell apart are one.
func (t *twin) candidates(key string, absent bool) []*fact {
	name := key
	if absent {
		name += " or absent"
	}
	if known, ok := t.guessed[name]; ok {
		return known
	}
	var out []*fact
	var seen []string
	for _, v := range guesses(key, t.conditions) {
		var f *fact
		switch v := v.(type) {
		case nil:
			if !absent {
				continue
			}
		case items:
			f = &fact{many: true, values: texts(v)}
		default:
			f = &fact{values: texts(v)}
		}
		if signature, ok := t.signature(key, f); ok {
			if slices.Contains(seen, signature) {
				continue
			}
			seen = append(seen, signature)
		}
		out = append(out, f)
	}
	t.guessed[name] = out
	return out
}

// signature is what every condition of the world says of a fact; ok is false
// where more than conditions look at the key, or more than the fact decides.
func (t *twin) signature(key string, f *fact) (signature string, ok bool) {
	for _, other := range []string{"aws:calledvia", "aws:currenttime", "aws:requesttag/", "aws:multifactorauthpresent",
		"sts:taskpolicyarn"} {
		if strings.HasPrefix(key, other) {
			return "", false
		}
	}
	if strings.Contains(t.text, "${"+key) {
		return "", false
	}
	try := *t
	try.fixed = map[string]*fact{key: f}
	out := []byte{'0'}
	if f != nil {
		out[0] = '1'
	}
	for _, c := range t.conditions {
		if !strings.EqualFold(c.key, key) {
			continue
		}
		if plain := texts(c.values); len(plain) < len(listOf(c.values)) ||
			strings.Contains(strings.Join(plain, " "), "${") {
			return "", false
		}
		holds := byte('0')
		if try.holds(c.operator, c.key, c.values, true) {
			holds = '1'
		}
		out = append(out, holds)
	}
	return string(out), true
}

// twinCondition is a condition that stands somewhere in a world.
type twinCondition struct {
	operator, key string
	values        any
}

func conditionsOf(world any) []twinCondition {
	var out []twinCondition
	switch v := world.(type) {
	case fields:
		for name, member := range v {
			if name != "Condition" {
				out = append(out, conditionsOf(member)...)
				continue
			}
			for operator, keys := range member.(fields) {
				for key, values := range keys.(fields) {
					out = append(out, twinCondition{operator, key, values})
				}
			}
		}
	case items:
		for _, item := range v {
			out = append(out, conditionsOf(item)...)
		}
	}
	return out
}
