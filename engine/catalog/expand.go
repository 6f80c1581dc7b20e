package catalog

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Expansion is what a text in an Action element covers.
type Expansion struct {
	Services []Covered
	Count    int         // how many actions in all
	Levels   [Levels]int // how many by access level
}

// Covered is a service and those of its actions that are covered, at least one.
type Covered struct {
	Service *Service
	Actions []*Action
}

// Expand is every action that a name such as "s3:GetObject" or a pattern such
// as "s3:Get*" covers, in any case. Nothing is covered by a text that has no
// colon, other than "*". A pattern for all services decodes all of them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func (c *Catalog) Expand(text string) (e Expansion) {
	prefix, name, ok := strings.Cut(strings.ToLower(text), ":")
	if text == "*" {
		prefix, name = "*", "*"
	} else if !ok {
		return e
	}
	services, _ := pattern.Compile(prefix, pattern.Options{Wildcards: true}, nil)
	names, _ := pattern.Compile(name, pattern.Options{Wildcards: true}, nil)
	for i := range c.headings {
		if services.Match(c.headings[i].Prefix, nil) != trace.Yes {
			continue
		}
		s := c.service(i)
		if s == nil {
			continue
		}
		var covered []*Action
		for j := range s.Actions {
			a := &s.Actions[j]
			if names.Match(strings.ToLower(a.Name), nil) == trace.Yes {
				covered = append(covered, a)
				e.Levels[a.Level]++
			}
		}
		if covered != nil {
			e.Services = append(e.Services, Covered{s, covered})
			e.Count += len(covered)
		}
	}
	return e
}
