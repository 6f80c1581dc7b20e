// Package schema holds the normative form of the scenario document, version 1,
// as JSON Schema, and holds documents to it.
//
// The playground itself reads scenarios with package engine, whose findings
// are more and better worded. The schema is for editors, for other programs
// that write scenarios, and for the tests that keep the two in step. What a
// schema cannot say is left to the reader: whether references lead somewhere,
// whether names and Sids are unique, and whether keys are.
package schema

import (
	_ "embed"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

//go:embed scenario.v1.schema.json
var text string

// id is where the schema says that it lives. Nothing is ever fetched.
const id = "https://iam-playground.github.io/schema/scenario.v1.schema.json"

var compiled = sync.OnceValue(func() *jsonschema.Schema { return jsonschema.MustCompileString(id, text) })

// Text is the schema of the scenario document, JSON Schema draft 2020-12.
func Text() string { return text }

// Violation is a place at which a document does not follow the schema.
type Violation struct {
	// Pointer is an RFC 6901 JSON Pointer into the document; "" is the whole.
	Pointer string
	// Message says what was expected there.
	Message string
}

// Validate holds a scenario document to the schema. The violations are sorted
// by pointer; there are none when the document follows the schema. A text that
// is not JSON, or that has a number beyond the range of a float64, has one
// violation, of the whole.
func Validate(text []byte) []Violation {
	return validate(compiled(), text)
}

func validate(schema *jsonschema.Schema, text []byte) []Violation {
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		return []Violation{{"", err.Error()}}
	}
	err := schema.Validate(document)
	if err == nil {
		return nil
	}
	found := violations(err.(*jsonschema.ValidationError))
	slices.SortFunc(found, func(a, b Violation) int {
		if c := strings.Compare(a.Pointer, b.Pointer); c != 0 {
			return c
		}
		return strings.Compare(a.Message, b.Message)
	})
	return slices.Compact(found)
}

// violations are the leaves of a tree of errors. Among alternatives those that
// are for another type of value, or for an unknown part where there is none, are
// left out, when there are others.
func violations(e *jsonschema.ValidationError) []Violation {
	if len(e.Causes) == 0 {
		return []Violation{{pointer(e.InstanceLocation), e.Message}}
	}
	causes := e.Causes
	alternatives := keyword(e) == "anyOf" || keyword(e) == "oneOf"
	for _, possible := range []func(*jsonschema.ValidationError) bool{fits(e), known(e)} {
		if alternatives && slices.ContainsFunc(causes, possible) {
			causes = slices.DeleteFunc(slices.Clone(causes),
				func(c *jsonschema.ValidationError) bool { return !possible(c) })
		}
	}
	var found []Violation
	for _, c := range causes {
		found = append(found, violations(c)...)
	}
	at := pointer(e.InstanceLocation)
	if !alternatives || slices.ContainsFunc(found, func(v Violation) bool { return v.Pointer != at }) {
		return found
	}
	messages := make([]string, len(found))
	for i, v := range found {
		messages[i] = v.Message
	}
	return []Violation{{at, strings.Join(messages, ", or ")}}
}

// fits tells the alternatives of e that are for the type of value that was
// found from those that are not.
func fits(e *jsonschema.ValidationError) func(*jsonschema.ValidationError) bool {
	return func(alternative *jsonschema.ValidationError) bool {
		for len(alternative.Causes) == 1 && alternative.InstanceLocation == e.InstanceLocation {
			alternative = alternative.Causes[0]
		}
		return alternative.InstanceLocation != e.InstanceLocation ||
			!slices.Contains([]string{"type", "const", "enum"}, keyword(alternative))
	}
}

// known tells the alternatives of e that are not for an unknown part, or are for
// one that is there.
func known(e *jsonschema.ValidationError) func(*jsonschema.ValidationError) bool {
	var lacks func(c *jsonschema.ValidationError) bool
	lacks = func(c *jsonschema.ValidationError) bool {
		return c.InstanceLocation == e.InstanceLocation &&
			(c.Message == "missing properties: 'unknown'" || slices.ContainsFunc(c.Causes, lacks))
	}
	return func(alternative *jsonschema.ValidationError) bool { return !lacks(alternative) }
}

// keyword is the schema's keyword that failed.
func keyword(e *jsonschema.ValidationError) string {
	return e.KeywordLocation[strings.LastIndexByte(e.KeywordLocation, '/')+1:]
}

// pointer undoes the percent encoding that the validator adds to JSON Pointers.
func pointer(location string) string {
	if plain, err := url.PathUnescape(location); err == nil {
		return plain
	}
	return location
}
