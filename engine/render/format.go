package render

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// listColumns is how wide a list may be to stay on one line: as in the page.
const listColumns = 88

// Format is a document as a careful author would write it: two spaces, lists
// of words on one line when they fit, objects line by line. The order and every
// string and number stay as they are. Its error says where the text is no JSON.
func Format(text string) (string, error) {
	doc := jsonpos.Parse(text, jsonpos.Limits{Bytes: engine.MaxBytes, Depth: engine.MaxDepth})
	for _, p := range doc.Problems {
		// Two members of the same name are for their author to settle; both stay.
		if p.Code != jsonpos.DuplicateKey && p.Code != jsonpos.ReservedKey {
			line, column := jsonpos.NewLines(text).Position(p.Start)
			return "", fmt.Errorf("line %d, column %d: %s", line, column, p.Message)
		}
	}
	if doc.Root == nil {
		return "", errors.New("found nothing, expected a scenario document")
	}
	f := formatter{text: text}
	f.value(doc.Root, 0)
	f.WriteByte('\n')
	return f.String(), nil
}

// formatter writes values of a text.
type formatter struct {
	strings.Builder
	text string
}

// value writes v, which begins after depth levels of indentation.
func (f *formatter) value(v *jsonpos.Value, depth int) {
	brackets := "{}"
	switch v.Kind {
	case jsonpos.Array:
		brackets = "[]"
	case jsonpos.Object:
	default:
		f.WriteString(f.text[v.Start:v.End])
		return
	}
	if len(v.Items) == 0 {
		f.WriteString(brackets)
		return
	}
	if v.Kind == jsonpos.Array {
		if line, ok := f.line(v); ok && 2*depth+utf8.RuneCountInString(line) <= listColumns {
			f.WriteString(line)
			return
		}
	}
	f.WriteByte(brackets[0])
	for i, item := range v.Items {
		if i > 0 {
			f.WriteByte(',')
		}
		f.WriteString("\n" + strings.Repeat("  ", depth+1))
		if v.Kind == jsonpos.Object {
			f.WriteString(f.text[item.KeyStart():item.KeyEnd()] + ": ")
		}
		f.value(item, depth+1)
	}
	f.WriteString("\n" + strings.Repeat("  ", depth) + brackets[1:])
}

// line is a list on one line, when it holds no lists or objects.
func (f *formatter) line(list *jsonpos.Value) (string, bool) {
	items := make([]string, len(list.Items))
	for i, item := range list.Items {
		if item.Kind == jsonpos.Array || item.Kind == jsonpos.Object {
			return "", false
		}
		items[i] = f.text[item.Start:item.End]
	}
	return "[" + strings.Join(items, ", ") + "]", true
}
