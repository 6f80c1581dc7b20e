package engine

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// facts are what AWS's Service Authorization Reference says of actions, by
// their names in lower case.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
type facts struct {
	date    string
	actions map[string]*actionFacts
}

// actionFacts are the facts about one action.
type actionFacts struct {
	keys []string // of every request for the action, besides the global ones
	// types are the resource types that the action is about; none means that
	// it is checked on "*".
	types []actionType
	// required says that every call has a resource of some type.
	required bool
	service  []resourceType // all of the service's
}

// actionType is a resource type of an action.
type actionType struct {
	of   int      // of actionFacts.service
	keys []string // that the request has for this resource
}

// resourceType is a kind of resource with the format of its ARN.
type resourceType struct {
	name   string
	format arn.Format
}

// LoadFacts adds facts about actions, of the form
//
//	{"date": "2026-01-02", "services": {"s3": {
//	  "types": {"bucket": "arn:${Partition}:s3:::${BucketName}"},
//	  "actions": {
//	    "listbucket": {"keys": ["s3:prefix"], "dependent": [],
//	      "resources": {"bucket": ["aws:ResourceTag/${TagKey}"]}, "required": ["bucket"]},
//	    "listbuckets": null}}}}
//
// and returns of how many actions they are, or the first problem of the text.
// "types" are all resource types of the service, names of services and actions
// are in lower case, and null is for an action that the reference does not have.
// Queries that are ready already do not see the facts.
func (l *Library) LoadFacts(text string) (int, *jsonpos.Problem) {
	doc := jsonpos.Parse(text, jsonpos.Limits{Depth: MaxDepth})
	if len(doc.Problems) > 0 {
		return 0, &doc.Problems[0]
	}
	l.facts.date = textOf(doc.Root, "date")
	for _, s := range items(doc.Root, "services") {
		var service []resourceType
		for _, t := range items(s, "types") {
			service = append(service, resourceType{t.Key, arn.Format(t.Text)})
		}
		for _, v := range items(s, "actions") {
			var a *actionFacts
			if v.Kind == jsonpos.Object {
				a = &actionFacts{keys: texts(v.Member("keys")), required: len(items(v, "required")) > 0,
					service: service}
				for _, r := range items(v, "resources") {
					for i := range service {
						if service[i].name == r.Key {
							a.types = append(a.types, actionType{i, texts(r)})
						}
					}
				}
			}
			l.facts.actions[s.Key+":"+v.Key] = a
		}
	}
	return len(l.facts.actions), nil
}

// FactsDate is the day of the facts about actions; "" when there are none.
func (l *Library) FactsDate() string { return l.facts.date }

func items(v *jsonpos.Value, name string) []*jsonpos.Value {
	if m := v.Member(name); m != nil {
		return m.Items
	}
	return nil
}

func texts(v *jsonpos.Value) (list []string) {
	if v != nil {
		for _, item := range v.Items {
			list = append(list, item.Text)
		}
	}
	return list
}

func textOf(v *jsonpos.Value, name string) string {
	if m := v.Member(name); m != nil {
		return m.Text
	}
	return ""
}

// typed is the number of the service's type that a resource is of, -1 for none:
// of those whose format it fits, the one that says most, since bucket/key is an
// object though it also fits the format of a bucket; of equal ones, the
// action's own.
func (a *actionFacts) typed(resource string) (best int, values []arn.Value) {
	best = -1
	most := 0
	for i := range a.service {
		f := a.service[i].format
		if found, ok := f.Match(resource); ok {
			if n := f.Fixed(); n > most || n == most && a.typeOf(best) == nil {
				best, most, values = i, n, found
			}
		}
	}
	return best, values
}

// typeOf is the action's type that a resource of the service's type is of; nil
// when it is of none. A colon behind a name adds a qualifier, such as a
// function's version, which the reference leaves out at many actions.
func (a *actionFacts) typeOf(number int) *actionType {
	for i := range a.types {
		own := a.types[i].of
		if number == own || number >= 0 &&
			strings.HasPrefix(string(a.service[number].format), string(a.service[own].format)+":") {
			return &a.types[i]
		}
	}
	return nil
}

// sends reports whether AWS sends a condition key, "aws:ResourceTag/team", with
// a request; presumably is what holds without facts about it.
func (w *World) sends(q *Query, key string, presumably bool) bool {
	a := w.Library.facts.actions[q.action]
	if a == nil || hasKey(a.keys, key) {
		return a != nil || presumably
	}
	number, _ := a.typed(q.Resource)
	t := a.typeOf(number)
	if t == nil && q.Resource != "*" {
		return presumably
	}
	return t != nil && hasKey(t.keys, key)
}

// hasKey reports whether a list has a key, whose variable part may be anything.
func hasKey(list []string, key string) bool {
	for _, k := range list {
		fixed, _, variable := strings.Cut(k, "${")
		if len(key) >= len(fixed) && strings.EqualFold(key[:len(fixed)], fixed) &&
			(variable || len(key) == len(fixed)) {
			return true
		}
	}
	return false
}

// AskedState says whether AWS makes a request for the resource that is written.
type AskedState uint8

const (
	// NotChecked says that there are no facts about the action.
	NotChecked AskedState = iota
	// Checked says that AWS makes the request as it is written.
	Checked
	// AsMade says that AWS makes the request in exactly one other way, and that
	// this one was decided.
	AsMade
	// NeverMade says that AWS never makes the request, which was decided as written.
	NeverMade
)

// String is the state's word in reports.
func (s AskedState) String() string {
	return [...]string{"notChecked", "checked", "asMade", "neverMade"}[s]
}

// Asked says whether AWS makes a request for the resource that is written.
// Query.Resource is the one that was decided.
type Asked struct {
	State AskedState
	// Written is the resource that the request names.
	Written string
	// Found is the type of the written resource; "" when it is of none that
	// the action's service has.
	Found string
	// Types are the types that the action is about; nil unless AWS never makes
	// the request.
	Types []string
	// Fix is the resource that AWS asks about instead; "" when it is not known,
	// or nothing is to be mended.
	Fix string
	// Like is how such a resource is written, with ${…} for what is not known.
	Like string
	// Unlisted says that there are facts, and that they lack the action.
	Unlisted bool
}

// asMade finds for which resource AWS makes a request, and how that differs from
// what is written.
func (w *World) asMade(action, resource string) *Asked {
	asked := &Asked{Written: resource}
	a, told := w.Library.facts.actions[strings.ToLower(action)]
	if a == nil {
		asked.Unlisted = told
		return asked
	}
	asked.State = Checked
	if len(a.types) == 0 {
		if resource != "*" {
			asked.State, asked.Fix = AsMade, "*"
		}
		return asked
	}
	number, values := a.typed(resource)
	if a.typeOf(number) != nil || resource == "*" && !a.required {
		return asked
	}
	asked.State = NeverMade
	if number >= 0 {
		asked.Found = a.service[number].name
	}
	w.suggest(asked, a, values)
	return asked
}

// suggest finds the resource that was probably meant: what the written one
// lies in, or the only one of the document that fits what is written.
func (w *World) suggest(asked *Asked, a *actionFacts, values []arn.Value) {
	fewest, candidates := -1, 0
	for i := range a.types {
		t := &a.service[a.types[i].of]
		asked.Types = append(asked.Types, t.name)
		text, left := t.format.Fill(values)
		if fewest < 0 || left < fewest {
			fewest, asked.Like = left, text
		}
		if left == 0 {
			candidates++
		}
	}
	if candidates == 1 {
		asked.Fix = asked.Like
	}
	if candidates > 0 {
		return
	}
	for i := range w.directory.resources {
		name := w.directory.resources[i].ARN
		if number, found := a.typed(name); a.typeOf(number) != nil && agree(values, found) {
			if candidates++; candidates > 1 {
				asked.Fix = ""
				return
			}
			asked.Fix = name
		}
	}
}

// agree reports whether what two resources have in common is the same.
func agree(a, b []arn.Value) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Name == y.Name && x.Text != y.Text {
				return false
			}
		}
	}
	return true
}

// Actions are the actions that the scenario's requests and their further
// checks name, as written.
func (s *Scenario) Actions() []string {
	var list []string
	for _, r := range s.Requests {
		list = append(list, r.Action.Value)
		for i := range r.Also {
			list = append(list, r.Also[i].Action.Value)
		}
	}
	return list
}
