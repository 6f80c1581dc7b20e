package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// keyEdit is an edit that gives an object a key.
func keyEdit(start, end int, text string) Edit { return Edit{start, end, text, true} }

// outer is the byte range of a value with its key.
func outer(v *jsonpos.Value) (start, end int) {
	if v.KeyStart() >= 0 {
		return v.KeyStart(), v.End
	}
	return v.Start, v.End
}

// remove takes an item or member out of its array or object, with one comma.
// It is nil for the root.
func remove(v *jsonpos.Value) []Edit {
	if v.Parent == nil {
		return nil
	}
	start, end := outer(v)
	items := v.Parent.Items
	switch {
	case v.Index > 0:
		start = items[v.Index-1].End
	case len(items) > 1:
		end, _ = outer(items[1])
	}
	return []Edit{{Start: start, End: end}}
}

// replace puts JSON in a value's place.
func replace(v *jsonpos.Value, json string) []Edit {
	return []Edit{{Start: v.Start, End: v.End, Text: json}}
}

// replaceText puts a string in a value's place.
func replaceText(v *jsonpos.Value, text string) []Edit { return replace(v, jsonpos.Quote(text)) }

// rename gives a member another key; nil when its object has that key already.
func rename(v *jsonpos.Value, key string) []Edit {
	if v.Parent.Member(key) != nil {
		return nil
	}
	return []Edit{keyEdit(v.KeyStart(), v.KeyEnd(), jsonpos.Quote(key))}
}

// insert puts a member with a JSON value first into an object.
func insert(doc *jsonpos.Document, object *jsonpos.Value, key, json string) []Edit {
	text := jsonpos.Quote(key) + ": " + json
	at := object.Start + 1
	if len(object.Items) > 0 {
		at, _ = outer(object.Items[0])
		text += "," + between(doc, object.Start+1, at)
	}
	return []Edit{keyEdit(at, at, text)}
}

// between is the white space that stands before the first member of an object, so
// that a new member stands as the others do; one blank when there is none.
func between(doc *jsonpos.Document, start, end int) string {
	if space := doc.Text[start:end]; strings.ContainsAny(space, "\n") && strings.TrimSpace(space) == "" {
		return space
	}
	return " "
}

// add puts one more string behind a string or the last item of an array.
func add(v *jsonpos.Value, text string, doc *jsonpos.Document) []Edit {
	switch {
	case v.Kind == jsonpos.String:
		return replace(v, "["+doc.Text[v.Start:v.End]+", "+jsonpos.Quote(text)+"]")
	case v.Kind != jsonpos.Array:
		return nil
	case len(v.Items) == 0:
		return replace(v, "["+jsonpos.Quote(text)+"]")
	}
	end := v.Items[len(v.Items)-1].End
	return []Edit{{Start: end, End: end, Text: ", " + jsonpos.Quote(text)}}
}

// sound says that a value can be edited by its bytes: nothing inside is broken.
func sound(v *jsonpos.Value) bool { return v != nil && !v.Broken }

// moveKey puts a condition's key under another operator. It is nil when that
// operator has the key already.
func moveKey(key *jsonpos.Value, operator string, doc *jsonpos.Document) []Edit {
	block := key.Parent
	conditions := block.Parent
	if !sound(conditions) {
		return nil
	}
	target := conditions.Member(operator)
	switch {
	case target == nil && len(block.Items) == 1:
		return rename(block, operator)
	case target == nil:
		start, _ := outer(block)
		return append(remove(key), keyEdit(start, start, jsonpos.Quote(operator)+": {"+member(key, doc)+"}, "))
	case target.Kind != jsonpos.Object || hasKey(target, key.Key):
		return nil
	}
	edits := insert(doc, target, key.Key, doc.Text[key.Start:key.End])
	if len(block.Items) > 1 {
		return append(edits, remove(key)...)
	}
	return append(edits, remove(block)...)
}

// hasKey reports whether an object has a key, in any case.
func hasKey(object *jsonpos.Value, key string) bool {
	for _, m := range object.Items {
		if strings.EqualFold(m.Key, key) {
			return true
		}
	}
	return false
}

// member is the text of a member with its key.
func member(v *jsonpos.Value, doc *jsonpos.Document) string {
	return doc.Text[v.KeyStart():v.End]
}

// removeKey takes a key out of a Condition, and its operator when it was the only
// one, and the Condition when that was.
func removeKey(key *jsonpos.Value) []Edit {
	v := key
	for range 2 {
		if len(v.Parent.Items) > 1 {
			break
		}
		v = v.Parent
	}
	if !sound(v.Parent) {
		return nil
	}
	return remove(v)
}

// require adds an operator with a key and a value to a statement's Condition; nil
// when that operator has the key already.
func require(doc *jsonpos.Document, statement *jsonpos.Value, operator, key, value string) []Edit {
	if !sound(statement) {
		return nil
	}
	conditions := statement.Member("Condition")
	inner := jsonpos.Quote(key) + ": " + jsonpos.Quote(value)
	switch {
	case conditions == nil:
		end := statement.Items[len(statement.Items)-1].End
		start, _ := outer(statement.Items[0])
		return []Edit{keyEdit(end, end, ","+between(doc, statement.Start+1, start)+`"Condition": {`+jsonpos.Quote(operator)+": {"+inner+"}}")}
	case conditions.Kind != jsonpos.Object:
		return nil
	}
	block := conditions.Member(operator)
	switch {
	case block == nil:
		return insert(doc, conditions, operator, "{"+inner+"}")
	case block.Kind != jsonpos.Object || hasKey(block, key):
		return nil
	}
	return insert(doc, block, key, jsonpos.Quote(value))
}
