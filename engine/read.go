package engine

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/spell"
)

// reader walks a JSON document and reports all that does not fit.
type reader struct {
	findings
	// alone says that the document is one policy, as AWS takes it, and no scenario.
	alone      bool
	statements slab[Statement]
	words      slab[Text]
}

// kinds says what a value may be, for messages.
func (r *reader) is(v *jsonpos.Value, what string, kinds ...jsonpos.Kind) bool {
	if v == nil {
		return false
	}
	if slices.Contains(kinds, v.Kind) {
		return true
	}
	if v.Kind == jsonpos.Invalid {
		return false // reported as a syntax error already
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	r.add(Error, "DATA_TYPE_MISMATCH", v, what+" is "+article(v.Kind.String())+", expected "+article(strings.Join(names, " or ")),
		"")
	return false
}

func article(noun string) string {
	if noun == "null" {
		return noun
	}
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// members reports the members of an object that are not known, and the
// required ones that are missing.
func (r *reader) members(v *jsonpos.Value, what string, required, optional []string) {
	for _, m := range v.Items {
		// A duplicate is reported as such.
		if m.Duplicate || slices.Contains(required, m.Key) || slices.Contains(optional, m.Key) ||
			r.passed(Error, m.KeyStart()) {
			continue
		}
		known := append(slices.Clone(required), optional...)
		hint := "the members of " + what + " are " + list(known)
		if s := spell.Nearest(m.Key, known...); s != "" {
			hint = "did you mean " + quote(s) + "?"
		}
		r.addKey(Error, "UNKNOWN_MEMBER", m, quote(m.Key)+" is not a member of "+what, hint)
	}
	for _, name := range required {
		if v.Member(name) == nil {
			r.add(Error, "MISSING_MEMBER", v, what+" has no "+quote(name), "add "+quote(name))
		}
	}
}

// entries visits the members of an object that is a map from names, skipping
// duplicates of a name.
func (r *reader) entries(v *jsonpos.Value, what string, visit func(m *jsonpos.Value)) {
	if v == nil || !r.is(v, what, jsonpos.Object) {
		return
	}
	for _, m := range v.Items {
		if !m.Duplicate {
			visit(m)
		}
	}
}

// text reads a string; "" when it is missing or of another kind.
func (r *reader) text(v *jsonpos.Value, what string) string {
	if v == nil || !r.is(v, what, jsonpos.String) {
		return ""
	}
	return v.Text
}

func (r *reader) textAt(v *jsonpos.Value, what string) *Text {
	if v == nil || !r.is(v, what, jsonpos.String) {
		return nil
	}
	return &Text{v.Text, v}
}

// flag reads a boolean; false when it is missing or of another kind.
func (r *reader) flag(v *jsonpos.Value, what string) bool {
	return v != nil && r.is(v, what, jsonpos.Bool) && v.Text == "true"
}

// texts reads a list of strings; nil when it is missing, not nil when empty.
func (r *reader) texts(v *jsonpos.Value, what string) []Text {
	if v == nil || !r.is(v, what, jsonpos.Array) {
		return nil
	}
	out := make([]Text, 0, len(v.Items))
	for _, item := range v.Items {
		if r.is(item, "an entry of "+what, jsonpos.String) {
			out = append(out, Text{item.Text, item})
		}
	}
	return out
}

func (r *reader) tags(v *jsonpos.Value) []Tag {
	var out []Tag
	r.entries(v, "tags", func(m *jsonpos.Value) {
		if r.is(m, "the value of a tag", jsonpos.String) {
			out = append(out, Tag{m.Key, m.Text})
		}
	})
	return out
}

// name reports characters that no name of its kind can have, and such as look
// like others or turn the reading direction.
func (r *reader) name(m *jsonpos.Value, kind string, length int) {
	for _, c := range m.Key {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("+=,.@_-", c)) {
			r.addKey(Error, "INVALID_NAME", m,
				"the name "+quote(m.Key)+" has the character "+visible(string(c))+", expected letters, digits and "+
					"+=,.@_-",
				"rename the "+kind)
			return
		}
	}
	switch {
	case m.Key == "":
		r.addKey(Error, "INVALID_NAME", m, "the name of the "+kind+" is empty", "give it a name")
	case len(m.Key) > length:
		r.addKey(Error, "INVALID_NAME", m, "the name of the "+kind+" has "+itoa(len(m.Key))+" characters, expected at most "+itoa(length), "shorten it")
	}
}

// deceptive is the first character of s that is invisible, turns the reading
// direction or is a control character; ok is false when there is none.
func deceptive(s string) (c rune, ok bool) {
	for _, c := range s {
		if unicode.Is(unicode.Cf, c) || unicode.IsControl(c) {
			return c, true
		}
	}
	return 0, false
}

// visible is s in quotes with characters written out that cannot be seen or
// that turn the reading direction.
func visible(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		if unicode.Is(unicode.Cf, c) || unicode.IsControl(c) {
			const hex = "0123456789ABCDEF"
			b.WriteString("\\u{")
			digits := ""
			for n := c; n > 0 || digits == ""; n >>= 4 {
				digits = string(hex[n&15]) + digits
			}
			b.WriteString(digits)
			b.WriteByte('}')
			continue
		}
		b.WriteRune(c)
	}
	b.WriteByte('"')
	return b.String()
}

// Quote is a text in quotes as messages show it: shortened when it is long, and
// with characters written out that cannot be seen.
func Quote(s string) string { return quote(s) }

func quote(s string) string {
	const longest = 120
	if len(s) > longest {
		end := longest
		for !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end] + "…"
	}
	return visible(s)
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// oneOf reports a word that is not among those allowed.
func (r *reader) oneOf(v *jsonpos.Value, what string, words []string) {
	if r.passed(Error, v.Start) {
		return
	}
	hint := ""
	if s := spell.Nearest(v.Text, words...); s != "" {
		hint = "did you mean " + quote(s) + "?"
	}
	r.add(Error, "UNKNOWN_WORD", v, quote(v.Text)+" is not "+what+", expected one of "+list(words), hint)
}
