// Package lint finds what AWS would store and what is probably not meant. Its
// findings go beyond those that reading a document makes anyway.
package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Actions reports the actions in the document's policies and requests that the
// catalogue does not have. Wildcards are reported when they cover nothing.
func Actions(s *engine.Scenario, c *catalog.Catalog) []engine.Diagnostic {
	var out []engine.Diagnostic
	report := func(t engine.Text) {
		if code, message, hint := action(t.Value, c); code != "" {
			out = append(out, engine.Diagnostic{Severity: engine.Warning, Code: code, Pointer: engine.Pointer(t.At.Pointer()),
				Start: t.At.Start, End: t.At.End, Message: message, Hint: hint})
		}
	}
	for _, p := range s.Policies() {
		for _, st := range p.Statements {
			for _, a := range st.Actions {
				report(a)
			}
		}
	}
	for _, r := range s.Requests {
		if r.Action.Value != "" {
			report(r.Action)
		}
		for _, also := range r.Also {
			if also.Action.Value != "" {
				report(also.Action)
			}
		}
	}
	return out
}

// action is the finding about one action; code is "" when there is none.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
func action(text string, c *catalog.Catalog) (code, message, hint string) {
	prefix, name, ok := strings.Cut(text, ":")
	if !ok || name == "" || strings.ContainsAny(prefix, "*?") {
		return "", "", "" // reported by the reader, or covering all services
	}
	asOf := "the catalogue of " + c.Date
	if !c.HasService(prefix) {
		if near := c.NearestService(prefix); near != "" {
			hint = `did you mean "` + near + ":" + name + `"?`
		}
		return "INVALID_SERVICE_IN_ACTION", `"` + prefix + `" is not a service in ` + asOf, hint
	}
	if strings.ContainsAny(name, "*?") {
		p, _ := pattern.Compile(strings.ToLower(name), pattern.Options{Wildcards: true}, nil)
		for _, a := range c.Actions(prefix) {
			if p.Match(strings.ToLower(a), nil) == trace.Yes {
				return "", "", ""
			}
		}
		return "INVALID_ACTION", `"` + text + `" covers no action in ` + asOf, "check the name before the wildcard"
	}
	if !c.HasAction(prefix, name) {
		if near := c.NearestAction(prefix, name); near != "" {
			hint = `did you mean "` + prefix + ":" + near + `"?`
		}
		return "INVALID_ACTION", `"` + text + `" is not an action in ` + asOf, hint
	}
	return "", "", ""
}
