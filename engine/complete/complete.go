// Package complete knows what may be written at a place of a scenario, and what
// that which stands there means.
//
// The structure comes from the schema of scenarios, AWS's vocabulary from the
// catalogue, and the names from the world that the scenario describes. The text
// around the place may be broken: only what stands before it is read for the
// place, and what can be read of the rest for the statement it belongs to.
package complete

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Most is the number of proposals that are given at one place at most.
const Most = 2000

// Item is one proposal.
type Item struct {
	// Label is what is proposed, Insert the JSON text that takes the place of
	// the completion's range.
	Label, Insert string
	// Snippet says that Insert has fields to fill in, written #{name}.
	Snippet bool
	// Kind is one of "element", "value", "action", "wildcard", "service",
	// "resource", "key", "operator", "principal", "policy" and "variable".
	Kind string
	// Detail is a word or two beside the label, Info a sentence; "" for none.
	Detail, Info string
	// Rank is greater for what fits better: 0 for most.
	Rank int
}

// List is what may stand at a place.
type List struct {
	// From and To are the byte range that an item's Insert takes the place of.
	From, To int
	// Items are in the order in which they should be shown; none where nothing
	// can be proposed.
	Items []Item
}

// Source is what proposals are drawn from.
type Source struct {
	// Schema is the schema of scenarios.
	Schema *jsonpos.Value
	// Catalog is AWS's vocabulary; nil when it has not been loaded.
	Catalog *catalog.Catalog
	// Managed are the ARNs of AWS managed policies.
	Managed []string
}

// Text is a text that is being written: a scenario, or a part of one.
type Text struct {
	Text string
	// Pointer is where the text stands in the scenario; "" for all of it.
	Pointer engine.Pointer
	// Scenario is the world around it, as it last was whole; nil for none.
	Scenario *engine.Scenario
}

// At is what may be written at a byte offset of a text.
func (s *Source) At(t Text, offset int) List {
	p, ok := locate(t.Text, offset)
	if !ok {
		return List{From: offset, To: offset}
	}
	w := s.writer(t, p)
	if p.key {
		w.members()
		if p.quoted && !p.open && !w.colonFollows() {
			w.to++ // the closing quote is written again, since the value comes after it
		}
	} else {
		w.values()
	}
	return List{From: w.from, To: w.to, Items: w.items}
}

// writer gathers the proposals for one place.
type writer struct {
	*Source
	place
	world *engine.Scenario // never nil
	// account is the ID of the account that the text stands under, "" for none.
	account string
	// whole is the path from the scenario's root.
	whole []string
	form  form
	// inner is the form of each step of the path, the root first.
	inner []form
	doc   *jsonpos.Document
	// statement is the policy statement around the place; nil for none.
	statement *jsonpos.Value
	items     []Item
	seen      map[string]bool
}

func (s *Source) writer(t Text, p place) *writer {
	w := &writer{Source: s, place: p, world: t.Scenario, seen: map[string]bool{}, doc: jsonpos.Parse(t.Text, jsonpos.Limits{Bytes: engine.MaxBytes, Depth: engine.MaxDepth})}
	if w.world == nil {
		w.world = &engine.Scenario{}
	}
	outer := tokens(string(t.Pointer))
	w.whole = append(outer, p.path...)
	if len(w.whole) > 1 && w.whole[0] == "accounts" {
		w.account = w.whole[1]
	}
	w.form = root(s.Schema)
	w.inner = append(w.inner, w.form)
	for i, token := range w.whole {
		w.form = w.form.under(token)
		w.inner = append(w.inner, w.form)
		if i+1 >= len(outer) && w.statementForm() {
			pointer := ""
			for _, own := range w.whole[len(outer) : i+1] {
				pointer += "/" + jsonpos.EscapeToken(own)
			}
			if found := w.doc.Find(pointer); found != nil && found.Kind == jsonpos.Object {
				w.statement = found
			}
		}
	}
	return w
}

func (w *writer) statementForm() bool {
	return w.form.titled("IdentityStatement", "ResourceStatement", "KeyStatement", "TrustStatement", "OrganizationStatement", "EndpointStatement")
}

// parent is the form of what holds the value, n steps out.
func (w *writer) parent(n int) form {
	if i := len(w.inner) - 1 - n; i >= 0 {
		return w.inner[i]
	}
	return form{}
}

// step is the n-th last token of the path, 1 for the last.
func (w *writer) step(n int) string {
	if i := len(w.whole) - n; i >= 0 {
		return w.whole[i]
	}
	return ""
}

// add proposes a JSON string.
func (w *writer) add(i Item) {
	if w.seen[i.Label] || len(w.items) >= Most {
		return
	}
	w.seen[i.Label] = true
	if i.Insert == "" {
		i.Insert = escape(i.Label)
	}
	if !w.quoted {
		i.Insert = `"` + i.Insert + `"`
	} else if w.open {
		i.Insert += `"`
	}
	w.items = append(w.items, i)
}

// addBare proposes a JSON value that is no string.
func (w *writer) addBare(text, info string) {
	if !w.quoted && !w.seen[text] {
		w.seen[text] = true
		w.items = append(w.items, Item{Label: text, Insert: text, Kind: "value", Info: info})
	}
}

// escape is the content of a JSON string without its quotes.
func escape(s string) string {
	quoted := jsonpos.Quote(s)
	return quoted[1 : len(quoted)-1]
}

// tokens are the tokens of a JSON Pointer.
func tokens(pointer string) []string {
	if pointer == "" || pointer[0] != '/' {
		return nil
	}
	list := strings.Split(pointer[1:], "/")
	for i, one := range list {
		list[i] = strings.ReplaceAll(strings.ReplaceAll(one, "~1", "/"), "~0", "~")
	}
	return list
}

// members proposes keys of the object around the place.
func (w *writer) members() {
	present := map[string]bool{}
	pointer := ""
	for _, own := range w.path {
		pointer += "/" + jsonpos.EscapeToken(own)
	}
	if object := w.doc.Find(pointer); object != nil {
		for _, m := range object.Items {
			if m.KeyStart()+1 != w.from {
				present[m.Key] = true
			}
		}
	}
	colon := w.colonFollows()
	member := func(i Item, value form) {
		if present[i.Label] || w.seen[i.Label] || len(w.items) >= Most {
			return
		}
		w.seen[i.Label] = true
		i.Insert = escape(i.Label)
		if !w.quoted {
			i.Insert = `"` + i.Insert + `"`
		} else if w.open || !colon {
			i.Insert += `"`
		}
		if !colon {
			i.Insert += ": " + blank(value)
			i.Snippet = true
		}
		w.items = append(w.items, i)
	}
	known := len(present) > 0 && !present["unknown"] && !present["like"]
	for _, n := range w.form.nodes {
		if ofPart := part(n); ofPart && known || !ofPart && present["unknown"] {
			continue
		}
		if list := n.Member("properties"); list != nil {
			for _, one := range list.Items {
				f := w.form.under(one.Key)
				rank := 0
				if required(n, one.Key) && !part(n) {
					rank = 1
				}
				info, _ := f.words()
				member(Item{Label: one.Key, Kind: "element", Info: info, Rank: rank}, f)
			}
		}
	}
	keys := w.form.keys()
	named := func(name, kind, detail, info string, rank int) {
		member(Item{Label: name, Kind: kind, Detail: detail, Info: info, Rank: rank}, w.form.under(name))
	}
	switch {
	case keys.titled("ConditionOperator"):
		for _, o := range operators() {
			named(o.name, "operator", o.detail, "", o.rank)
		}
	case keys.titled("ConditionKeyElement", "ConditionKey"):
		w.conditionKeys(named)
	case w.form.titled("Tags"):
		for _, key := range w.tagKeys() {
			named(key, "key", "tag", "", 0)
		}
	}
}

// part reports whether a subschema is that of an unknown part of a policy.
func part(node *jsonpos.Value) bool {
	title := node.Member("title")
	return title != nil && strings.HasPrefix(title.Text, "Unknown")
}

// colonFollows reports whether the key at the place has its colon already.
func (w *writer) colonFollows() bool {
	rest := w.doc.Text[w.to:]
	if w.quoted {
		rest = strings.TrimPrefix(rest, `"`)
	}
	return strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), ":")
}

// required reports whether a subschema requires a member.
func required(node *jsonpos.Value, key string) bool {
	if list := node.Member("required"); list != nil {
		for _, one := range list.Items {
			if one.Text == key {
				return true
			}
		}
	}
	return false
}

// blank is what a new member's value begins with, with a field at the place to
// go on. Nobody begins with an unknown part.
func blank(f form) string {
	f.nodes = slices.DeleteFunc(slices.Clone(f.nodes), part)
	switch {
	case f.is("array") && !f.is("string") && !f.is("object"):
		return "[#{}]"
	case f.is("object") && !f.is("string") && !f.is("array"):
		return "{#{}}"
	case f.strings() || f.is("string") && !f.is("object") && !f.is("boolean") && !f.is("number"):
		return `"#{}"`
	}
	return "#{}"
}
