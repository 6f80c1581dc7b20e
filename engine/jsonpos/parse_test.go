package jsonpos

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func codes(d *Document) (all []string) {
	for _, p := range d.Problems {
		all = append(all, p.Code)
	}
	return all
}

func hasCode(d *Document, code string) bool {
	for _, p := range d.Problems {
		if p.Code == code {
			return true
		}
	}
	return false
}

// plainTree returns v as encoding/json decodes it into an any with UseNumber.
func plainTree(t testing.TB, v *Value) any {
	switch v.Kind {
	case Null:
		return nil
	case Bool:
		return v.Text == "true"
	case Number:
		return json.Number(v.Text)
	case String:
		return v.Text
	case Array:
		items := []any{}
		for _, item := range v.Items {
			items = append(items, plainTree(t, item))
		}
		return items
	case Object:
		members := map[string]any{}
		for _, item := range v.Items {
			members[item.Key] = plainTree(t, item)
		}
		return members
	}
	t.Fatalf("a value of kind %v in valid JSON", v.Kind)
	return nil
}

// checkLaws holds what is true of every text.
func checkLaws(t testing.TB, text string) *Document {
	t.Helper()
	// encoding/json has the same limit, so that texts beyond it are equal too.
	d := Parse(text, Limits{Depth: 10000})
	body := strings.TrimPrefix(text, byteOrderMark)
	if valid := !hasCode(d, SyntaxError) && !hasCode(d, TooDeep); valid != json.Valid([]byte(body)) {
		t.Fatalf("%.200q: valid is %v, encoding/json says otherwise: %v", text, valid, d.Problems)
	} else if valid {
		want := decodeStandard(t, body)
		if got := plainTree(t, d.Root); !equalTrees(got, want) {
			t.Fatalf("%.200q: got %v, want %v", text, got, want)
		}
	}
	if hasCode(d, InvalidUTF8) && utf8.ValidString(text) {
		t.Fatalf("%.200q: is UTF-8, yet reported", text)
	}
	if !utf8.ValidString(text) && len(d.Problems) == 0 {
		t.Fatalf("%.200q: is not UTF-8, yet has no problem", text)
	}
	if d.Text != text {
		t.Fatal("the document has another text")
	}
	last := 0
	for i, p := range d.Problems {
		if p.Start < 0 || p.End < p.Start || p.End > len(text) || p.Message == "" || p.Hint == "" || !utf8.ValidString(p.Message+p.Hint+p.Pointer) {
			t.Fatalf("%.200q: malformed problem %+v", text, p)
		}
		if p.Start < last && i < maxProblems {
			t.Fatalf("%.200q: problems out of order: %v", text, d.Problems)
		}
		last = p.Start
		// Below the second of two members with one key, a pointer leads into the first.
		if d.Root != nil && !hasCode(d, DuplicateKey) && len(d.Problems) <= maxProblems && d.Find(p.Pointer) == nil {
			t.Fatalf("%.200q: pointer %q resolves to nothing", text, p.Pointer)
		}
	}
	if len(d.Problems) > maxProblems+1 {
		t.Fatalf("%d problems", len(d.Problems))
	}
	if d.Root == nil {
		if len(d.Problems) == 0 {
			t.Fatalf("%.200q: no root and no problem", text)
		}
		return d
	}
	if hasCode(d, SyntaxError) || hasCode(d, TooDeep) || hasCode(d, DuplicateKey) || hasCode(d, InvalidUTF8) {
		if !d.Root.Broken {
			t.Fatalf("%.200q: the root is not broken: %v", text, d.Problems)
		}
	} else if d.Root.Broken && len(d.Problems) <= maxProblems {
		t.Fatalf("%.200q: the root is broken without a problem", text)
	}
	checkTree(t, d, d.Root, nil, 0)
	return d
}

func checkTree(t testing.TB, d *Document, v, parent *Value, depth int) {
	if v.Parent != parent {
		t.Fatalf("%q has another parent", v.Pointer())
	}
	if v.Start < 0 || v.End < v.Start || v.End > len(d.Text) {
		t.Fatalf("%.200q: %q has the range %d, %d", d.Text, v.Pointer(), v.Start, v.End)
	}
	if parent != nil && (v.Start < parent.Start || v.End > parent.End) {
		t.Fatalf("%.200q: %q [%d, %d) leaves its parent's range [%d, %d)", d.Text, v.Pointer(), v.Start, v.End, parent.Start, parent.End)
	}
	if parent != nil && v.Broken && !parent.Broken {
		t.Fatalf("%.200q: %q is broken and its parent is not", d.Text, v.Pointer())
	}
	isMember := parent != nil && parent.Kind == Object
	if isMember != (v.KeyStart >= 0) || isMember != (v.KeyEnd >= 0) || isMember && (v.KeyEnd > v.Start || v.KeyStart >= v.KeyEnd) {
		t.Fatalf("%.200q: the key of %q has the range %d, %d", d.Text, v.Pointer(), v.KeyStart, v.KeyEnd)
	}
	if !utf8.ValidString(v.Text) || !utf8.ValidString(v.Key) {
		t.Fatalf("%.200q: %q holds text that is not UTF-8", d.Text, v.Pointer())
	}
	if v.Kind == Number && !json.Valid([]byte(v.Text)) {
		t.Fatalf("%.200q: %q is no number", d.Text, v.Text)
	}
	if !v.Broken && !json.Valid([]byte(d.Text[v.Start:v.End])) {
		t.Fatalf("%.200q: %q is whole, but its range is no JSON", d.Text, v.Pointer())
	}
	if depth < 50 {
		found := d.Find(v.Pointer())
		if !hasCode(d, DuplicateKey) && len(d.Problems) <= maxProblems && found != v {
			t.Fatalf("%.200q: Find(%q) finds another value", d.Text, v.Pointer())
		}
	}
	end := v.Start
	for i, item := range v.Items {
		if item.Index != i || item.Start < end {
			t.Fatalf("%.200q: %q is out of place", d.Text, item.Pointer())
		}
		end = item.End
		checkTree(t, d, item, v, depth+1)
	}
}

func decodeStandard(t testing.TB, text string) (v any) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func equalTrees(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equalTrees(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k := range a {
			other, ok := b[k]
			if !ok || !equalTrees(a[k], other) {
				return false
			}
		}
		return true
	}
	return a == b
}

var seeds = []string{
	``, ` `, `{}`, `[]`, `null`, `true`, `"x"`, `-0.5e+10`, `{"a":[1,{"b":null}],"c":"\u00e9\ud83d\ude00\n"}`,
	`{"a":1,}`, `[1,,2]`, `[1 2]`, `{"a" 1}`, `{"a":}`, `{"a"}`, `{a:b}`, `{'a':'b\'c'}`, `{“a”: “b”}`, `{"a”: "b"}`,
	"{\"a\": \"b,\n\"c\": 1}", `{"a": True, "b": None}`, `[+1, .5, 01, 1., 2012-10-17, 0x1F, 1e]`,
	`{"a":[1,2}`, `[{"a":1]`, `{"a":1]]}`, `{{"a":1}}`, `// c` + "\n" + `{"a": 1 /* c */, # c` + "\n" + `}`, `/* open`,
	`{} {}`, `{"a":1}}`, `{"a"=>1;"b"=2}`, "\uFEFF{}", "{\u00a0}", "[\"\x01\t\"]", "[\"\xff\"]", "\xff", `"\x"`, `"\u12"`, `"\ud800"`,
	`"\ud800\u0041"`, `"\`, `{"__proto__":1}`, `{"a":1,"a":2}`, `{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"a":1}`,
	`,`, `:`, `]`, `"a" : 1`, `{"a":: 1}`, "[1\x00]", `[1/**/,2//` + "\n]", `[nulll, tru]`, `{"/~":{"":[0]}}`, "\"\u2028\"", `'`, `“`, "‘a’",
	`{"a": hello world, "b": arn:aws:s3:::x/* }`, "\ufeff", "[1\u200b]", `{: 1}`, `{"a": b", c": "d"}`, `{=`, `{"a":1 : 2}`, `[a"b]`,
}

func TestTextsAreReadAsEncodingJSONReadsThem(t *testing.T) {
	for _, text := range seeds {
		checkLaws(t, text)
		// Every prefix is a text on its way to being typed.
		for i := range text {
			checkLaws(t, text[:i])
			checkLaws(t, text[:i]+text[i+1:])
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range seeds {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkLaws(t, text) })
}
