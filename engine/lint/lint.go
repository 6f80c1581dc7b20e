// Package lint holds policies to the checks of IAM Access Analyzer, and to some
// more that follow from how AWS decides. Terms:
//
//   - check: one row of the catalogue of checks, by AWS's issue code;
//   - finding: what a check found at one place, with a fix where there is a clear one;
//   - type: what a policy is (identity-based, a trust policy of a role, …), which
//     some checks ask for;
//   - quota: how much of a limit of AWS's is used.
//
// What reading a document finds anyway (package engine) is among the findings,
// once, under AWS's code and severity. Nothing here is needed to decide a
// request, and the page's first binary has none of it but Actions.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// action is the finding about one action; code is "" when there is none.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
func action(text string, c *catalog.Catalog) (code, message, hint string) {
	prefix, name, ok := strings.Cut(text, ":")
	if !ok || name == "" || strings.ContainsAny(prefix, "*?") {
		return "", "", "" // reported by the reader, or covering all services
	}
	asOf := "the catalogue of " + c.Date()
	service := c.Service(prefix)
	if service == nil {
		if near := c.NearestService(prefix); near != "" {
			hint = `did you mean "` + near + ":" + name + `"?`
		}
		return "INVALID_SERVICE_IN_ACTION", `"` + prefix + `" is not a service in ` + asOf, hint
	}
	if strings.ContainsAny(name, "*?") {
		p, _ := pattern.Compile(strings.ToLower(name), pattern.Options{Wildcards: true}, nil)
		for i := range service.Actions {
			if p.Match(strings.ToLower(service.Actions[i].Name), nil) == trace.Yes {
				return "", "", ""
			}
		}
		return "INVALID_ACTION", `"` + text + `" covers no action in ` + asOf, "check the name before the wildcard"
	}
	if service.Action(name) == nil {
		if near := service.NearestAction(name); near != "" {
			hint = `did you mean "` + prefix + ":" + near + `"?`
		}
		return "INVALID_ACTION", `"` + text + `" is not an action in ` + asOf, hint
	}
	return "", "", ""
}
