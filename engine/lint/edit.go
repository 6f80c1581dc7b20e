package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// editor makes the edits of fixes in one document.
type editor struct {
	doc *jsonpos.Document
	// keys are the members of large objects, by their key and by their key in lower
	// case, once asked for.
	keys map[*jsonpos.Value]map[string]*jsonpos.Value
}

// few is the size up to which looking at all members beats a map.
const few = 16

// member is the first member of an object that has a key, in any case if folded;
// nil when there is none.
//
// Invariant: the time for many members does not grow with the size of the object.
func (e *editor) member(object *jsonpos.Value, key string, folded bool) *jsonpos.Value {
	if object == nil || object.Kind != jsonpos.Object {
		return nil
	}
	if len(object.Items) <= few {
		for _, m := range object.Items {
			if m.Key == key || folded && strings.EqualFold(m.Key, key) {
				return m
			}
		}
		return nil
	}
	known := e.keys[object]
	if known == nil {
		if e.keys == nil {
			e.keys = map[*jsonpos.Value]map[string]*jsonpos.Value{}
		}
		known = make(map[string]*jsonpos.Value, 2*len(object.Items))
		for _, m := range object.Items {
			for _, name := range [...]string{" " + m.Key, strings.ToLower(m.Key)} {
				if known[name] == nil {
					known[name] = m
				}
			}
		}
		e.keys[object] = known
	}
	if folded {
		return known[strings.ToLower(key)]
	}
	return known[" "+key]
}

// find is the value that starts at an offset, or whose key does: then exact is
// true. Else it is the smallest value that holds the offset; nil when none does.
func (e *editor) find(offset int) (v *jsonpos.Value, exact bool) {
	next := e.doc.Root
	for next != nil {
		if v = next; v.Start == offset || v.KeyStart() == offset {
			return v, true
		}
		next = nil
		low, high := 0, len(v.Items)
		for low < high {
			mid := (low + high) / 2
			switch start, end := outer(v.Items[mid]); {
			case end <= offset && start < offset:
				low = mid + 1
			case start > offset:
				high = mid
			default:
				next, high = v.Items[mid], low
			}
		}
	}
	return v, false
}

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
func (e *editor) rename(v *jsonpos.Value, key string) []Edit {
	if e.member(v.Parent, key, false) != nil {
		return nil
	}
	return []Edit{keyEdit(v.KeyStart(), v.KeyEnd(), jsonpos.Quote(key))}
}

// insert puts a member with a JSON value first into an object.
func (e *editor) insert(object *jsonpos.Value, key, json string) []Edit {
	text := jsonpos.Quote(key) + ": " + json
	at := object.Start + 1
	if len(object.Items) > 0 {
		at, _ = outer(object.Items[0])
		text += "," + e.between(object.Start+1, at)
	}
	return []Edit{keyEdit(at, at, text)}
}

// between is the white space that stands before the first member of an object, so
// that a new member stands as the others do; one blank when there is none, and
// when it is longer than anybody indents.
func (e *editor) between(start, end int) string {
	const longest = 200
	if space := e.doc.Text[start:end]; len(space) <= longest && strings.ContainsAny(space, "\n") &&
		strings.TrimSpace(space) == "" {
		return space
	}
	return " "
}

// append puts one more string behind a string or the last item of an array.
func (e *editor) append(v *jsonpos.Value, text string) []Edit {
	switch {
	case v.Kind == jsonpos.String:
		return replace(v, "["+e.doc.Text[v.Start:v.End]+", "+jsonpos.Quote(text)+"]")
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
func (e *editor) moveKey(key *jsonpos.Value, operator string) []Edit {
	block := key.Parent
	conditions := block.Parent
	if !sound(conditions) {
		return nil
	}
	target := e.member(conditions, operator, false)
	switch {
	case target == nil && len(block.Items) == 1:
		return e.rename(block, operator)
	case target == nil:
		start, _ := outer(block)
		return append(remove(key),
			keyEdit(start, start, jsonpos.Quote(operator)+": {"+e.doc.Text[key.KeyStart():key.End]+"}, "))
	case target.Kind != jsonpos.Object || e.member(target, key.Key, true) != nil:
		return nil
	}
	edits := e.insert(target, key.Key, e.doc.Text[key.Start:key.End])
	if len(block.Items) > 1 {
		return append(edits, remove(key)...)
	}
	return append(edits, remove(block)...)
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
func (e *editor) require(statement *jsonpos.Value, operator, key, value string) []Edit {
	if !sound(statement) {
		return nil
	}
	conditions := statement.Member("Condition")
	inner := jsonpos.Quote(key) + ": " + jsonpos.Quote(value)
	switch {
	case conditions == nil:
		end := statement.Items[len(statement.Items)-1].End
		start, _ := outer(statement.Items[0])
		return []Edit{keyEdit(end, end,
			","+e.between(statement.Start+1, start)+`"Condition": {`+jsonpos.Quote(operator)+": {"+inner+"}}")}
	case conditions.Kind != jsonpos.Object:
		return nil
	}
	block := e.member(conditions, operator, false)
	switch {
	case block == nil:
		return e.insert(conditions, operator, "{"+inner+"}")
	case block.Kind != jsonpos.Object || e.member(block, key, true) != nil:
		return nil
	}
	return e.insert(block, key, jsonpos.Quote(value))
}
