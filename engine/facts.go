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
	// listed is false for an action that the reference does not have.
	listed bool
	keys   []string // of every request for the action, besides the global ones
	// types are the resource types that the action is about; none means that
	// it is checked on "*".
	types   []actionType
	service []resourceType // all of the service's
}

// actionType is a resource type of an action.
type actionType struct {
	of int // of actionFacts.service
	// required says that every call has such a resource.
	required bool
	keys     []string // that the request has for this resource
}

// resourceType is a kind of resource with the format of its ARN.
type resourceType struct {
	name   string
	format arn.Format
}

// LoadFacts adds facts about actions, of the form
//
//	{"date": "2026-01-02",
//	 "types": {"s3": [{"name": "bucket", "arn": "arn:${Partition}:s3:::${BucketName}"}]},
//	 "actions": [{"name": "s3:ListBucket", "keys": ["s3:prefix"], "resources": [{"type": "bucket", "required": true, "keys": []}]}],
//	 "unlisted": ["s3:ListBuckets"]}
//
// and returns of how many actions they are, or the first problem of the text.
// "types" are all resource types of the actions' services. Worlds that were
// made before do not see the facts at requests that are ready already.
func (l *Library) LoadFacts(text string) (int, *jsonpos.Problem) {
	doc := jsonpos.Parse(text, jsonpos.Limits{Depth: MaxDepth})
	if len(doc.Problems) > 0 {
		return 0, &doc.Problems[0]
	}
	l.facts.date = textOf(doc.Root, "date")
	if l.facts.actions == nil {
		l.facts.actions = map[string]*actionFacts{}
	}
	services := map[string][]resourceType{}
	if types := doc.Root.Member("types"); types != nil {
		for _, list := range types.Items {
			made := make([]resourceType, len(list.Items))
			for i, v := range list.Items {
				made[i] = resourceType{textOf(v, "name"), arn.NewFormat(textOf(v, "arn"))}
			}
			services[list.Key] = made
		}
	}
	for _, v := range items(doc.Root, "actions") {
		name := strings.ToLower(textOf(v, "name"))
		prefix, _, _ := strings.Cut(name, ":")
		a := &actionFacts{listed: true, keys: textsOf(v, "keys"), service: services[prefix]}
		for _, r := range items(v, "resources") {
			for i := range a.service {
				if a.service[i].name == textOf(r, "type") {
					a.types = append(a.types, actionType{i, textOf(r, "required") == "true", textsOf(r, "keys")})
				}
			}
		}
		l.facts.actions[name] = a
	}
	for _, name := range textsOf(doc.Root, "unlisted") {
		l.facts.actions[strings.ToLower(name)] = &actionFacts{}
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

func textsOf(v *jsonpos.Value, name string) []string {
	list := items(v, name)
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].Text
	}
	return out
}

func textOf(v *jsonpos.Value, name string) string {
	if m := v.Member(name); m != nil {
		return m.Text
	}
	return ""
}

// typed are the numbers of the service's types that a resource is of: of those
// whose format it fits, the ones that say most, since bucket/key is an object
// though it also fits the format of a bucket. values are the first one's.
func (a *actionFacts) typed(resource string) (types []int, values []arn.Value) {
	best := 0
	for i := range a.service {
		f := &a.service[i].format
		if f.Fixed < best {
			continue
		}
		found, ok := f.Match(resource)
		if !ok {
			continue
		}
		if f.Fixed > best {
			best, types = f.Fixed, types[:0]
		}
		if types = append(types, i); len(types) == 1 {
			values = found
		}
	}
	return types, values
}

// typeOf is the action's type that a resource of these types is of; nil when
// it is of none. A colon behind a name adds a qualifier, such as a function's
// version, which the reference leaves out at many actions.
func (a *actionFacts) typeOf(types []int) *actionType {
	for i := range a.types {
		own := a.types[i].of
		for _, n := range types {
			if n == own || strings.HasPrefix(a.service[n].format.Text, a.service[own].format.Text+":") {
				return &a.types[i]
			}
		}
	}
	return nil
}

// sends reports whether AWS sends a condition key, "aws:ResourceTag/team", with
// a request for the action on the resource. known is false when no facts tell.
func (f *facts) sends(action, resource, key string) (sent, known bool) {
	a := f.actions[strings.ToLower(action)]
	if a == nil || !a.listed {
		return false, false
	}
	if hasKey(a.keys, key) {
		return true, true
	}
	types, _ := a.typed(resource)
	t := a.typeOf(types)
	if t == nil {
		return false, resource == "*"
	}
	return hasKey(t.keys, key), true
}

// hasKey reports whether a list has a key, whose variable part may be anything.
func hasKey(list []string, key string) bool {
	for _, k := range list {
		fixed, _, variable := strings.Cut(k, "${")
		if len(key) >= len(fixed) && strings.EqualFold(key[:len(fixed)], fixed) && (variable || len(key) == len(fixed)) {
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
	// Types are the types that the action is about.
	Types []string
	// Fix is the resource that AWS asks about instead; "" when it is not known.
	Fix string
	// Like is how such a resource is written, with ${…} for what is not known.
	Like string
	// Unlisted says that there are facts, and that they lack the action.
	Unlisted bool
}

// asMade finds for which resource AWS makes a request, and how that differs from
// what is written.
func (w *World) asMade(action, resource string) Asked {
	asked := Asked{Written: resource, Fix: resource}
	a := w.Library.facts.actions[strings.ToLower(action)]
	if a == nil || !a.listed {
		asked.Unlisted = a != nil
		return asked
	}
	if len(a.types) == 0 {
		asked.State, asked.Fix = Checked, "*"
		if resource != "*" {
			asked.State = AsMade
		}
		return asked
	}
	types, values := a.typed(resource)
	asked.State = Checked
	if a.typeOf(types) != nil || resource == "*" && !a.requires() {
		return asked
	}
	asked.State, asked.Fix = NeverMade, ""
	if len(types) > 0 {
		asked.Found = a.service[types[0]].name
	}
	w.suggest(&asked, a, values)
	return asked
}

// requires reports whether every call of the action has a resource of some type.
func (a *actionFacts) requires() bool {
	for i := range a.types {
		if a.types[i].required {
			return true
		}
	}
	return false
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
			asked.Fix = text
		}
	}
	if candidates == 0 {
		for i := range w.directory.resources {
			name := w.directory.resources[i].ARN
			types, found := a.typed(name)
			if a.typeOf(types) != nil && agree(values, found) {
				candidates++
				asked.Fix = name
			}
		}
	}
	if candidates != 1 {
		asked.Fix = ""
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
