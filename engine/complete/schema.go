package complete

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// A form is what the schema of scenarios says about one place: the alternatives
// that may stand there.
type form struct {
	schema *jsonpos.Value
	nodes  []*jsonpos.Value
}

// root is the form of a whole scenario.
func root(schema *jsonpos.Value) form { return form{schema: schema}.with(schema) }

// with adds a subschema and all that it refers to.
func (f form) with(node *jsonpos.Value) form {
	if node == nil || slices.Contains(f.nodes, node) {
		return f
	}
	f.nodes = append(f.nodes, node)
	if ref := node.Member("$ref"); ref != nil {
		f = f.with(f.schema.Member("$defs").Member(strings.TrimPrefix(ref.Text, "#/$defs/")))
	}
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		if list := node.Member(key); list != nil {
			for _, one := range list.Items {
				f = f.with(one)
			}
		}
	}
	return f
}

// under is the form of a member or an item.
func (f form) under(token string) form {
	out := form{schema: f.schema}
	for _, n := range f.nodes {
		if own := n.Member("properties").Member(token); own != nil {
			out = out.with(own)
		} else if rest := n.Member("additionalProperties"); rest != nil && rest.Kind == jsonpos.Object {
			out = out.with(rest)
		}
		if numeric(token) {
			out = out.with(n.Member("items"))
		}
	}
	return out
}

// keys is the form of the keys that are not listed.
func (f form) keys() form {
	out := form{schema: f.schema}
	for _, n := range f.nodes {
		out = out.with(n.Member("propertyNames"))
	}
	return out
}

// titled reports whether one of the alternatives has one of the titles.
func (f form) titled(titles ...string) bool {
	return slices.ContainsFunc(f.nodes, func(n *jsonpos.Value) bool {
		title := n.Member("title")
		return title != nil && slices.Contains(titles, title.Text)
	})
}

// words are the first description among the alternatives, and AWS's page when
// it ends with one.
func (f form) words() (text, url string) {
	for _, n := range f.nodes {
		if d := n.Member("description"); d != nil {
			if at := strings.LastIndex(d.Text, " https://"); at >= 0 {
				return d.Text[:at], d.Text[at+1:]
			}
			return d.Text, ""
		}
	}
	return "", ""
}

// is reports whether a value of the type may stand there.
func (f form) is(name string) bool {
	return slices.ContainsFunc(f.nodes, func(n *jsonpos.Value) bool {
		t := n.Member("type")
		return t != nil && (t.Text == name || slices.ContainsFunc(t.Items, func(one *jsonpos.Value) bool { return one.Text == name }))
	})
}

// strings reports whether the schema lists the values, and all are strings.
func (f form) strings() bool {
	found := false
	for _, n := range f.nodes {
		if list := n.Member("enum"); list != nil {
			found = true
			for _, one := range list.Items {
				if one.Kind != jsonpos.String {
					return false
				}
			}
		}
	}
	return found
}

func numeric(token string) bool {
	return token != "" && strings.Trim(token, "0123456789") == ""
}
