package complete

import (
	"strings"
	"testing"
)

// The bar stands for the cursor.
func TestThePlaceOfTheCursorIsReadFromWhatStandsBeforeIt(t *testing.T) {
	for _, c := range []struct {
		text, path, word string
		key, quoted      bool
		replaced         string
	}{
		{`|`, "", "", false, false, ""},
		{`{|}`, "", "", true, false, ""},
		{`{"Ver|sion": "2012-10-17"}`, "", "Ver", true, true, "Version"},
		{`{"Version": |}`, "Version", "", false, false, ""},
		{`{"Version": "20|12"}`, "Version", "20", false, true, "2012"},
		{`{"Statement": [{"Effect": "Allow", "Action": ["s3:Get*", "|`, "Statement/0/Action/1", "", false, true, ""},
		{`{"Statement": [{}, {"Action": "s3:|` + "\n}]", "Statement/1/Action", "s3:", false, true, "s3:"},
		{`{"a": [1, [true, |]]}`, "a/1/1", "", false, false, ""},
		{`{"a": tr|ue}`, "a", "tr", false, false, "true"},
		{`{"a": {"b": 1}, |}`, "", "", true, false, ""},
		{`{"a": {"b": 1} "c|": 2}`, "", "c", true, true, "c"},
		{`{"a\"b": {"c|"}}`, `a"b`, "c", true, true, "c"},
		{`{"a": "x\u0041|"}`, "a", "xA", false, true, `x\u0041`},
		{`[{"a": 1}, "|"]`, "1", "", false, true, ""},
		{"{ // no\n \"a\": |}", "a", "", false, false, ""},
		{`}}]]{"a": |`, "a", "", false, false, ""},
	} {
		at := strings.IndexByte(c.text, '|')
		text := c.text[:at] + c.text[at+1:]
		p, ok := locate(text, at)
		if !ok {
			t.Errorf("%s: no place", c.text)
			continue
		}
		if got := strings.Join(p.path, "/"); got != c.path || p.word != c.word || p.key != c.key || p.quoted != c.quoted || text[p.from:p.to] != c.replaced {
			t.Errorf("%s: path %q, word %q, key %v, quoted %v, replaced %q; expected %q, %q, %v, %v, %q", c.text, got, p.word, p.key, p.quoted, text[p.from:p.to], c.path, c.word, c.key, c.quoted, c.replaced)
		}
	}
}

func TestWhereOnlyPunctuationFitsThereIsNoPlace(t *testing.T) {
	for _, text := range []string{`{"a" |}`, `{"a": 1 |}`, `[1 |]`, `{} |`, `{"a": 1} // |`, `/* | */`} {
		at := strings.IndexByte(text, '|')
		if p, ok := locate(text[:at]+text[at+1:], at); ok {
			t.Errorf("%s: %+v", text, p)
		}
	}
}

func FuzzAPlaceLiesWithinTheText(f *testing.F) {
	f.Add(`{"a": ["b`, 5)
	f.Add(`"\`, 2)
	f.Fuzz(func(t *testing.T, text string, at int) {
		p, ok := locate(text, at)
		if ok && (p.from < 0 || p.from > p.to || p.to > len(text)) {
			t.Errorf("%d to %d of %d bytes", p.from, p.to, len(text))
		}
	})
}
