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
	named := map[string][]string{} // names without their prefix, by prefix
	var prefixes []string
	for _, action := range actions {
		prefix, name, _ := strings.Cut(strings.ToLower(action), ":")
		if named[prefix] == nil {
			prefixes = append(prefixes, prefix)
		}
		if !slices.Contains(named[prefix], name) {
			named[prefix] = append(named[prefix], name)
		}
	}
	w := &jsonpos.Writer{}
	w.BeginObject()
	w.Member("date", c.date)
	w.Key("services")
	w.BeginObject()
	for _, prefix := range prefixes {
		w.Key(prefix)
		c.serviceFacts(w, prefix, named[prefix])
	}
	w.EndObject()
	w.EndObject()
	return string(w.Buf)
}

// serviceFacts writes what the catalogue says of some actions of one service.
func (c *Catalog) serviceFacts(w *jsonpos.Writer, prefix string, names []string) {
	s := c.Service(prefix)
	if s == nil {
		s = &Service{}
	}
	w.BeginObject()
	w.Key("types")
	w.BeginObject()
	for i := range s.ResourceTypes {
		w.Key(s.ResourceTypes[i].Name)
		w.String(s.ResourceTypes[i].ARN)
	}
	w.EndObject()
	w.Key("actions")
	w.BeginObject()
	for _, name := range names {
		w.Key(name)
		a := s.Action(name)
		if a == nil {
			w.Null()
			continue
		}
		w.BeginObject()
		list(w, "keys", a.Keys)
		list(w, "dependent", a.Dependent)
		var required []string
		w.Key("resources")
		w.BeginObject()
		for i := range a.Resources {
			r := &a.Resources[i]
			list(w, r.Type.Name, r.Sent())
			if r.Required {
				required = append(required, r.Type.Name)
			}
		}
		w.EndObject()
		list(w, "required", required)
		w.EndObject()
	}
	w.EndObject()
	w.EndObject()
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
		// Secrets Manager's own key stands in the reference with an example of a tag.
		w.String(strings.Replace(text, "/tag-key", "/${TagKey}", 1))
	}
	w.EndArray()
}
