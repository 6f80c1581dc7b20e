// Package compare says what a change of a scenario changes: which of its
// requests are answered otherwise, and which actions of AWS's catalogue. Terms:
//
//   - version: one of the two scenarios, before and after;
//   - probe: a question that neither version asks: may this principal use this
//     action on this resource?
//   - changed statement: one that applies to somebody, or stands at something,
//     in one version only;
//   - open key: a condition key that probes leave unknown, so that a condition on
//     it shows as "depends".
//
// Probes are examples, not a proof: they are about the principals and resources
// that the versions name and about one example of every other resource. What no
// probe shows may change all the same, so a caller says how many there were.
package compare

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/stable"
)

// Limit is how many probes are usually enough, and how many a browser decides
// within seconds.
const Limit = 50_000

// Comparison holds two versions of a scenario next to each other. It is not for
// use by several goroutines at once.
type Comparison struct {
	// Open are the condition keys that probes leave open, as first written.
	Open []string

	versions [2]*engine.World
	catalog  *catalog.Catalog
	limit    int
	callers  []caller
	plan     []unit
	total    int
	// at is the next unit and within it the next action; done counts probes.
	at, within, done int
	described        map[string]bool // the resources of either version
	timed            bool            // both versions say when it is
}

// Answer is what a version says to a question.
type Answer struct {
	// Decision is Invalid where the version has no such question: it does not
	// have the request, or not the principal.
	Decision engine.Decision
	// DecidedBy are the layers that decided; nil for probes.
	DecidedBy []engine.Layer
	// On says what the decision depends on and how; "" unless it is Depends.
	On string
}

// New compares two versions. catalog may be nil: then nothing is probed. At most
// limit probes are decided.
func New(before, after *engine.Scenario, library *engine.Library, c *catalog.Catalog, limit int) *Comparison {
	x := &Comparison{catalog: c, limit: limit}
	if c != nil && library != nil {
		for _, s := range [2]*engine.Scenario{before, after} {
			library.LoadFacts(c.Facts(s.Actions())) // what the catalogue writes can be read
		}
	}
	x.versions = [2]*engine.World{engine.NewWorld(before, library), engine.NewWorld(after, library)}
	x.timed = before.Time != nil && after.Time != nil
	x.described = map[string]bool{}
	if c != nil {
		x.makePlan()
	}
	return x
}

// maxShare is among how many probes the budget of steps of a document is divided
// at most: more cost as much each, so that a usual policy is always looked at.
const maxShare = 2000

// Total is how many probes there are in all, Done how many of them were decided.
func (x *Comparison) Total() int { return x.total }

// Done is how many probes were decided.
func (x *Comparison) Done() int { return x.done }

// Stopped reports whether the limit keeps probes from being decided.
func (x *Comparison) Stopped() bool { return x.total > x.limit }

// Finished reports whether no probe is left, or the limit is reached.
func (x *Comparison) Finished() bool { return x.done >= min(x.total, x.limit) }

// RequestChange is a request of either version whose answer changes.
type RequestChange struct {
	Name string // in the version after, else in the one before
	// Before and After are the request's numbers; -1 where the version does not have it.
	Before, After int
	// Edited says that the request itself is another one: its principal, action,
	// resource or context.
	Edited  bool
	Answers [2]Answer
}

// Requests are the requests whose answers change, those of the version after
// first and in order, and how many requests there are in either. Requests are
// the same when they have the same name, else when they have the same number.
func (x *Comparison) Requests() (changes []RequestChange, asked int) {
	for _, w := range x.versions {
		w.Share(len(w.Scenario.Requests))
	}
	before, after := x.versions[0].Scenario.Requests, x.versions[1].Scenario.Requests
	pairs := match(before, after)
	taken := make([]bool, len(before))
	add := func(i, j int) {
		asked++
		c := RequestChange{Before: i, After: j}
		for side, n := range [2]int{i, j} {
			if n < 0 {
				continue
			}
			r := x.versions[side].Scenario.Requests[n]
			c.Name = r.Name
			if q := x.versions[side].Query(r); q != nil {
				e := q.Evaluate()
				c.Answers[side] = Answer{e.Overall, e.CallDecidedBy(), dependence(&e.Call)}
			}
		}
		if i >= 0 && j >= 0 {
			c.Edited = question(before[i]) != question(after[j])
			if same(&c.Answers[0], &c.Answers[1]) {
				return
			}
		}
		changes = append(changes, c)
	}
	for j := range after {
		if pairs[j] >= 0 {
			taken[pairs[j]] = true
		}
		add(pairs[j], j)
	}
	for i := range before {
		if !taken[i] {
			add(i, -1)
		}
	}
	return changes, asked
}

// match is for every request after the number of the same one before, or -1.
func match(before, after []*engine.Request) []int {
	named := map[string][]int{}
	for i, r := range before {
		if r.Name != "" {
			named[r.Name] = append(named[r.Name], i)
		}
	}
	pairs, taken := make([]int, len(after)), make([]bool, len(before))
	for j, r := range after {
		pairs[j] = -1
		if list := named[r.Name]; len(list) > 0 {
			pairs[j], named[r.Name] = list[0], list[1:]
			taken[list[0]] = true
		}
	}
	for j := range after {
		if pairs[j] < 0 && j < len(before) && !taken[j] {
			pairs[j] = j
		}
	}
	return pairs
}

func same(a, b *Answer) bool {
	if a.Decision != b.Decision || a.On != b.On || len(a.DecidedBy) != len(b.DecidedBy) {
		return false
	}
	for i, l := range a.DecidedBy {
		if b.DecidedBy[i] != l {
			return false
		}
	}
	return true
}

// question is what a request asks, without its name and its expectation.
func question(r *engine.Request) string {
	var b strings.Builder
	if r.At != nil {
		for _, m := range r.At.Items {
			if m.Key != "name" && m.Key != "expect" && m.Key != "description" {
				b.WriteString(m.Key)
				write(&b, m)
			}
		}
	}
	return b.String()
}

// dependence says what a decision depends on: "aws:SourceIp 203.0.113.0/24:
// allowed, anything else: implicitDeny".
func dependence(e *engine.Answer) string {
	if e.Decision != engine.Depends {
		return ""
	}
	var b strings.Builder
	for i := range e.Unknowns {
		u := &e.Unknowns[i]
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(u.Name)
		for j := range u.Ways {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteByte(' ')
			b.WriteString(u.Ways[j].Value)
			b.WriteString(": ")
			for k, d := range u.Ways[j].Decisions.List() {
				if k > 0 {
					b.WriteString(" or ")
				}
				b.WriteString(d.String())
			}
		}
	}
	return b.String()
}

// sorted is a set's members in order.
func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for text := range set {
		list = append(list, text)
	}
	stable.Sort(list, func(a, b *string) bool { return *a < *b })
	return list
}
