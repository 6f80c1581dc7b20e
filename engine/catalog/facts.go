package catalog

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Facts is what the catalogue says of some actions, named with their prefixes
// in any case, as the text that engine.Library.LoadFacts reads. An action that
// is named twice is written once.
func (c *Catalog) Facts(actions []string) string {
	var known []*Action
	var names, unlisted []string
	var services []*Service
	seen := map[string]bool{}
	for _, name := range actions {
		prefix, _, _ := strings.Cut(name, ":")
		if lower := strings.ToLower(name); seen[lower] {
			continue
		} else {
			seen[lower] = true
		}
		a := c.Action(name)
		if a == nil {
			unlisted = append(unlisted, name)
			continue
		}
		s := c.Service(prefix)
		known, names = append(known, a), append(names, s.Prefix+":"+a.Name)
		if len(a.Resources) > 0 && !slices.Contains(services, s) {
			services = append(services, s)
		}
	}
	w := &jsonpos.Writer{}
	w.BeginObject()
	w.Member("date", c.date)
	w.Key("types")
	w.BeginObject()
	for _, s := range services {
		w.Key(s.Prefix)
		w.BeginArray()
		for i := range s.ResourceTypes {
			w.BeginObject()
			w.Member("name", s.ResourceTypes[i].Name)
			w.Member("arn", s.ResourceTypes[i].ARN)
			w.EndObject()
		}
		w.EndArray()
	}
	w.EndObject()
	w.Key("actions")
	w.BeginArray()
	for i, a := range known {
		w.BeginObject()
		w.Member("name", names[i])
		list(w, "keys", a.Keys)
		list(w, "dependent", a.Dependent)
		w.Key("resources")
		w.BeginArray()
		for j := range a.Resources {
			r := &a.Resources[j]
			w.BeginObject()
			w.Member("type", r.Type.Name)
			w.MemberBool("required", r.Required)
			list(w, "keys", r.Sent())
			w.EndObject()
		}
		w.EndArray()
		w.EndObject()
	}
	w.EndArray()
	list(w, "unlisted", unlisted)
	w.EndObject()
	return string(w.Buf)
}

// Sent are the condition keys that a request has for a resource of the type:
// those of the action's own row where AWS lists any there, else all of the type's.
func (r *ActionResource) Sent() []string {
	if len(r.Keys) > 0 {
		return r.Keys
	}
	return r.Type.Keys
}

func list(w *jsonpos.Writer, key string, texts []string) {
	w.Key(key)
	w.BeginArray()
	for _, text := range texts {
		w.String(text)
	}
	w.EndArray()
}
