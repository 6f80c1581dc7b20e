package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/compare"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// diff compares two versions of a document: its requests, and the actions of the
// catalogue that changed statements are about.
func (s *session) diff(before, after string) error {
	var versions [2]*engine.Scenario
	var texts [2]string
	for side, name := range [2]string{before, after} {
		text, err := s.read(name)
		if err != nil {
			return s.complain(name, err)
		}
		texts[side] = text
	}
	alone := holdsPolicy(texts[0]) && holdsPolicy(texts[1])
	for side, name := range [2]string{before, after} {
		text := texts[side]
		if alone {
			text = ofSomebody(text)
		}
		versions[side] = engine.Parse(text)
		world := s.world(versions[side])
		if problem := firstError(world); problem != nil {
			line, _ := jsonpos.NewLines(text).Position(problem.Start)
			if err := s.complain(name, fmt.Errorf("line %d: %s", line, problem.Message)); err != nil {
				return err
			}
		}
	}
	if s.broken > 0 {
		return nil
	}
	x := compare.New(versions[0], versions[1], s.library, s.names, compare.Limit)
	requests, asked := x.Requests()
	changes := x.Next(x.Total())
	if len(requests)+len(changes) > 0 {
		s.failed++
	}
	if s.json {
		_, err := s.out.Write(diffLine(before, after, x, requests, asked, changes))
		return err
	}
	_, err := io.WriteString(s.out, diffText(before, after, x, requests, asked, changes))
	return err
}

// ofSomebody is a scenario in which a policy that stands alone is a user's. It
// begins on the policy's first line, so that lines are the policy's own.
func ofSomebody(policy string) string {
	return `{"version": 1, "accounts": {"111122223333": {"users": {"somebody": {"inline": {"policy": ` + policy + `}}}}}}`
}

// worded is a decision in words.
func worded(a *compare.Answer) string {
	switch a.Decision {
	case engine.Allowed:
		return "allowed"
	case engine.ExplicitDeny:
		return "explicitly denied"
	case engine.ImplicitDeny:
		return "not allowed"
	case engine.Depends:
		return "depends"
	}
	return "not there"
}

func diffText(before, after string, x *compare.Comparison, requests []compare.RequestChange, asked int, changes []compare.Change) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s → %s\n\n%d of %d requests change.\n", before, after, len(requests), asked)
	both := func(a *[2]compare.Answer) string {
		text := worded(&a[0]) + " → " + worded(&a[1])
		for side, when := range [2]string{"before", "after"} {
			if a[side].On != "" {
				text += fmt.Sprintf("\n      %s, it depends on %s", when, a[side].On)
			}
		}
		return text
	}
	for i := range requests {
		r := &requests[i]
		name := r.Name
		if name == "" {
			name = fmt.Sprintf("request %d", max(r.Before, r.After)+1)
		}
		what := ""
		if r.Edited {
			what = " (it asks something else)"
		}
		fmt.Fprintf(&b, "  %s%s: %s\n", name, what, both(&r.Answers))
	}
	count := 0
	for i := range changes {
		count += len(changes[i].Actions)
	}
	fmt.Fprintf(&b, "\n%d of %d probes change.\n", count, x.Done())
	heading := ""
	for _, c := range changes {
		if h := c.Service + ", " + c.Level.String(); h != heading {
			heading = h
			fmt.Fprintf(&b, "  %s\n", h)
		}
		via := ""
		if c.Via != "" {
			via = " through " + c.Via
		}
		fmt.Fprintf(&b, "    %s on %s%s: %s\n      %s\n", c.Principal, c.Resource, via, both(&c.Answers), strings.Join(c.Actions, ", "))
	}
	b.WriteString("\nA probe asks for one action that a changed statement is about, by a principal of either version, on a resource that a\nversion names or an example. What no probe asks for may change as well.\n")
	if len(x.Open) > 0 {
		fmt.Fprintf(&b, "Left open: %s.\n", strings.Join(x.Open, ", "))
	}
	if x.Stopped() {
		fmt.Fprintf(&b, "Stopped after %d of %d probes.\n", x.Done(), x.Total())
	}
	return b.String()
}

func diffLine(before, after string, x *compare.Comparison, requests []compare.RequestChange, asked int, changes []compare.Change) []byte {
	w := &jsonpos.Writer{}
	answers := func(both *[2]compare.Answer) {
		for side, key := range [2]string{"before", "after"} {
			a := &both[side]
			w.Key(key)
			w.BeginObject()
			w.Member("decision", a.Decision.String())
			w.Key("decidedBy")
			w.BeginArray()
			for _, l := range a.DecidedBy {
				w.String(l.String())
			}
			w.EndArray()
			w.Member("on", a.On)
			w.EndObject()
		}
	}
	list := func(key string, texts []string) {
		w.Key(key)
		w.BeginArray()
		for _, text := range texts {
			w.String(text)
		}
		w.EndArray()
	}
	w.BeginObject()
	w.Member("before", before)
	w.Member("after", after)
	w.MemberInt("asked", asked)
	w.Key("requests")
	w.BeginArray()
	for i := range requests {
		r := &requests[i]
		w.BeginObject()
		w.Member("name", r.Name)
		w.MemberInt("indexBefore", r.Before)
		w.MemberInt("indexAfter", r.After)
		w.MemberBool("edited", r.Edited)
		answers(&r.Answers)
		w.EndObject()
	}
	w.EndArray()
	w.MemberInt("probes", x.Total())
	w.MemberInt("decided", x.Done())
	list("open", x.Open)
	w.Key("actions")
	w.BeginArray()
	for _, c := range changes {
		w.BeginObject()
		w.Member("service", c.Service)
		w.Member("level", c.Level.String())
		w.Member("principal", c.Principal)
		w.Member("resource", c.Resource)
		w.Member("via", c.Via)
		list("actions", c.Actions)
		answers(&c.Answers)
		w.EndObject()
	}
	return end(w)
}

// checkDiff is what is wrong with the arguments of diff.
func checkDiff(files []string) error {
	if len(files) != 2 {
		return fmt.Errorf("diff: found %d files, expected two: the version before and the one after", len(files))
	}
	if slices.Equal(files, []string{"-", "-"}) {
		return errors.New(`diff: found "-" twice, expected the standard input once`)
	}
	return nil
}
