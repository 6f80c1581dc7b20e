package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/propose"
)

// askedCodes are the codes of warnings about resources for which AWS does not
// make a request as it is written.
var askedCodes = map[engine.AskedState]string{engine.NotChecked: "UNLISTED_ACTION",
	engine.AsMade: "REQUEST_MADE_ON_STAR", engine.NeverMade: "REQUEST_NEVER_MADE"}

// warnings are what is to say about the resources of the requests that were
// asked for and of their further checks.
func (a *answers) warnings() []engine.Diagnostic {
	var list []engine.Diagnostic
	for i, n := range a.requests {
		e := a.evaluations[i]
		if e == nil {
			continue
		}
		for _, one := range append([]*engine.Evaluation{e}, e.Also...) {
			q := one.Query
			text := explain.Asked(q)
			at := q.Request.Resource.At
			if q.Check >= 0 {
				at = q.Request.Also[q.Check].Resource.At
			}
			if text == "" || at == nil {
				continue
			}
			hint := ""
			if q.Asked.Fix != "" {
				hint = "ask about " + q.Asked.Fix
			}
			list = append(list, engine.Diagnostic{Severity: engine.Warning, Code: askedCodes[q.Asked.State],
				Pointer: explain.AskedPointer(n, q.Check),
				Start:   at.Start, End: at.End, Message: text, Hint: hint})
		}
	}
	return list
}

// warned writes the warnings and proposals, a line for each.
func (s *session) warned(a *answers) error {
	lines := jsonpos.NewLines(a.world.Scenario.Document.Text)
	for _, d := range a.warnings() {
		line, column := lines.Position(d.Start)
		text := d.Message
		if d.Hint != "" {
			text += " (" + d.Hint + ")"
		}
		if _, err := fmt.Fprintf(s.out, "  ! %s:%d:%d: %s\n", a.file, line, column, text); err != nil {
			return err
		}
	}
	for _, line := range s.proposals(a) {
		if _, err := fmt.Fprintf(s.out, "  · %s\n", line); err != nil {
			return err
		}
	}
	return nil
}

// proposals are what AWS may check beside the requests that were asked for, a
// line for each different list.
func (s *session) proposals(a *answers) []string {
	if s.names == nil {
		return nil
	}
	var lines, requests []string
	count := map[string]int{}
	for _, n := range a.requests {
		r := a.world.Scenario.Requests[n]
		var says []string
		for _, c := range propose.Checks(a.world.Scenario, s.names, r) {
			says = append(says, c.Action+" on "+c.Resource+", "+c.Why)
		}
		if len(says) == 0 {
			continue
		}
		line := strings.Join(says, "; ")
		if count[line]++; count[line] == 1 {
			lines, requests = append(lines, line), append(requests, r.Name)
		}
	}
	for i, line := range lines {
		name := strconv.Quote(requests[i])
		if more := count[line] - 1; more > 0 {
			name += " and " + explain.Count(more, "more request")
		}
		lines[i] = name + `: not under "also", and perhaps checked by AWS in the same call: ` + line
	}
	return lines
}
