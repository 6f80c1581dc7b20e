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
	for _, p := range d.Problems {
		if p.Start < 0 || p.End < p.Start || p.End > len(text) || p.Message == "" || p.Hint == "" || !utf8.ValidString(p.Message+p.Hint+p.Pointer) {
			t.Fatalf("%.200q: malformed problem %+v", text, p)
		}
		if p.Start < last {
			t.Fatalf("%.200q: problems out of order: %v", text, d.Problems)
		}
		last = p.Start
		// Below the second of two members with one key, a pointer leads into the first.
		if d.Root != nil && !hasCode(d, DuplicateKey) && d.More == 0 && d.Find(p.Pointer) == nil {
			t.Fatalf("%.200q: pointer %q resolves to nothing", text, p.Pointer)
		}
	}
	if len(d.Problems) > MaxProblems || d.More > 0 && len(d.Problems) < MaxProblems {
		t.Fatalf("%d problems and %d more", len(d.Problems), d.More)
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
	} else if d.Root.Broken && d.More == 0 {
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
	if isMember != (v.keyStart >= 0) || isMember != (v.keyEnd >= 0) ||
		isMember && (int(v.keyEnd) > v.Start || v.keyStart >= v.keyEnd) {
		t.Fatalf("%.200q: the key of %q has the range %d, %d", d.Text, v.Pointer(), v.keyStart, v.keyEnd)
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
		if !hasCode(d, DuplicateKey) && d.More == 0 && found != v {
			t.Fatalf("%.200q: Find(%q) finds another value", d.Text, v.Pointer())
		}
	}
	end := v.Start
	keys := map[string]bool{}
	for i, item := range v.Items {
		if item.Index != int32(i) || item.Start < end {
			t.Fatalf("%.200q: %q is out of place", d.Text, item.Pointer())
		}
		if item.Duplicate != (v.Kind == Object && keys[item.Key]) {
			t.Fatalf("%.200q: %q is called a duplicate: %v", d.Text, item.Pointer(), item.Duplicate)
		}
		keys[item.Key] = true
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
	`["\b\f\n\r\t\/\\\""]`, `["\uDBFF\uDFFF\udc00\u0000"]`, "['a\\\nb\\'\n]", `[1e, 1e+, -, --1, 1.5.]`, "[a\t# b\n]", strings.Repeat("[", 10001) + strings.Repeat("]", 10001),
}

func TestTextsAreReadAsEncodingJSONReadsThem(t *testing.T) {
	for _, text := range seeds {
		checkLaws(t, text)
		if len(text) > 1000 {
			continue
		}
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

func TestProblemsAreFoundWhereTheyStand(t *testing.T) {
	type found struct {
		code, pointer, marked string
	}
	tests := []struct {
		rule string
		text string
		want []found
		tree string // what the text is read as; "" when it has no tree
	}{
		{"an empty text has no value", ` `, []found{{SyntaxError, "", ""}}, ``},
		{"a comment alone is no value", `// x`, []found{{SyntaxError, "", "// x"}, {SyntaxError, "", ""}}, ``},
		{"a comma before a closing bracket is marked itself", `{"a":[1,2,]}`, []found{{SyntaxError, "/a", ","}}, `{"a":[1,2]}`},
		{"a comma before the first member is passed over", `{,"a":1}`, []found{{SyntaxError, "", ","}}, `{"a":1}`},
		{"of two commas the second is marked", `[1,,2]`, []found{{SyntaxError, "", ","}}, `[1,2]`},
		{"a missing comma is marked at the next item", `[1 "b"]`, []found{{SyntaxError, "", `"b"`}}, `[1,"b"]`},
		{"a missing comma is marked at the next member", `{"a":1 "b":2}`, []found{{SyntaxError, "", `"b"`}}, `{"a":1,"b":2}`},
		{"a semicolon is read as a comma", `[1;2]`, []found{{SyntaxError, "", ";"}}, `[1,2]`},
		{"a missing colon is marked at the value", `{"a" 1}`, []found{{SyntaxError, "", "1"}}, `{"a":1}`},
		{"an equals sign is read as a colon", `{"a"=1,"b"=>2}`, []found{{SyntaxError, "", "="}, {SyntaxError, "", "=>"}}, `{"a":1,"b":2}`},
		{"a second colon is passed over", `{"a"::1}`, []found{{SyntaxError, "", ":"}}, `{"a":1}`},
		{"a key without a value is marked", `{"a":,"b":1}`, []found{{SyntaxError, "/a", `"a"`}}, `{"a":invalid,"b":1}`},
		{"a value without a key is passed over", `{{"a":[1]},"b":1}`, []found{{SyntaxError, "", "{"}}, `{"b":1}`},
		{"comments are passed over", "[1, # a\n2 /* b */, // c\n3]", []found{{SyntaxError, "", "# a"}, {SyntaxError, "", "/* b */"}, {SyntaxError, "", "// c"}}, `[1,2,3]`},
		{"an open comment takes the rest", "[1, /* 2]", []found{{SyntaxError, "", "/* 2]"}, {SyntaxError, "", ""}}, `[1]`},
		{"single quotes are read as double quotes", `{'a':'it\'s'}`, []found{{SyntaxError, "", `'a'`}, {SyntaxError, "/a", `'it\'s'`}}, `{"a":"it's"}`},
		{"typographic quotes are read as plain ones", `{“a”:„b“}`, []found{{SyntaxError, "", `“a”`}, {SyntaxError, "/a", `„b“`}}, `{"a":"b"}`},
		{"a typographic quote may close a plain one", "[\"a”,\n1]", []found{{SyntaxError, "/0", `”`}}, `["a",1]`},
		{"keys without quotes are read", `{a:1}`, []found{{SyntaxError, "", `a`}}, `{"a":1}`},
		{"words without quotes are one string", `{"a":to be, "b":arn:aws:s3:::x/*}`, []found{{SyntaxError, "/a", `to be`}, {SyntaxError, "/b", `arn:aws:s3:::x/*`}}, `{"a":"to be","b":"arn:aws:s3:::x/*"}`},
		{"a lost opening quote is one problem", `{a":b", "c":d"}`, []found{{SyntaxError, "", `a"`}, {SyntaxError, "/a", `b"`}, {SyntaxError, "/c", `d"`}}, `{"a":"b","c":"d"}`},
		{"an open string ends with its line, before the comma", "{\"a\":\"b,\n\"c\":1}", []found{{SyntaxError, "/a", `"b`}}, `{"a":"b","c":1}`},
		{"an open string ends before the bracket that closes", `{"a":["b]}`, []found{{SyntaxError, "/a/0", `"b`}}, `{"a":["b"]}`},
		{"what is no escape stands for itself", `["a\*b"]`, []found{{SyntaxError, "/0", `\*`}}, `["a\\*b"]`},
		{"a backslash at the end of an open string stands for itself", "[\"a\\\n]", []found{{SyntaxError, "/0", `"a\`}, {SyntaxError, "/0", `\`}}, `["a\\"]`},
		{"an escape needs four digits", `["\u12"]`, []found{{SyntaxError, "/0", `\u`}}, `["\\u12"]`},
		{"control characters in strings are kept", "[\"a\tb\"]", []found{{SyntaxError, "/0", "\t"}}, `["a\tb"]`},
		{"bytes that are no UTF-8 are reported once for a string", "[\"a\xff\xff\"]", []found{{InvalidUTF8, "/0", "\xff"}}, "[\"a\uFFFD\uFFFD\"]"},
		{"foreign white space is marked", "[\u00a01]", []found{{SyntaxError, "", "\u00a0"}}, `[1]`},
		{"numbers are read as they were meant", `[+1, -.5, 007, 1.]`, []found{{SyntaxError, "/0", "+1"}, {SyntaxError, "/1", "-.5"}, {SyntaxError, "/2", "007"}, {SyntaxError, "/3", "1."}}, `[1,-0.5,7,1]`},
		{"a date without quotes is a string", `[2012-10-17]`, []found{{SyntaxError, "/0", "2012-10-17"}}, `["2012-10-17"]`},
		{"literals of other languages are read", `[True, FALSE, None]`, []found{{SyntaxError, "/0", "True"}, {SyntaxError, "/1", "FALSE"}, {SyntaxError, "/2", "None"}}, `[true,false,null]`},
		{"open brackets are one problem at the end", `{"a":[{`, []found{{SyntaxError, "/a/0", ""}}, `{"a":[{}]}`},
		{"an outer closing bracket closes the inner one", `{"a":[1,"b":2}`, []found{{SyntaxError, "/a", ":"}, {SyntaxError, "/a", "2"}, {SyntaxError, "/a", "}"}}, `{"a":[1,"b",2]}`},
		{"a closing bracket that fits nothing is passed over", `{"a":1],"b":2}`, []found{{SyntaxError, "", "]"}}, `{"a":1,"b":2}`},
		{"what follows the document is marked as one", "{}} x\n", []found{{SyntaxError, "", "} x"}}, `{}`},
		{"a byte order mark at the start is accepted", "\uFEFF[1]", nil, `[1]`},
		{"a byte order mark elsewhere is not", "[\uFEFF1]", []found{{SyntaxError, "", "\uFEFF"}}, `[1]`},
		{"a repeated key is marked where it is repeated", `{"a":{"b":1,"b":2}}`, []found{{DuplicateKey, "/a/b", `"b"`}}, `{"a":{"b":1,"b":2}}`},
		{"keys are compared decoded", `{"a":1,"\u0061":2}`, []found{{DuplicateKey, "/a", `"\u0061"`}}, `{"a":1,"a":2}`},
		{"a repeated key is found among many", `{"1":1,"2":1,"3":1,"4":1,"5":1,"6":1,"7":1,"8":1,"9":1,"2":2,"9":2}`, []found{{DuplicateKey, "/2", `"2"`}, {DuplicateKey, "/9", `"9"`}},
			`{"1":1,"2":1,"3":1,"4":1,"5":1,"6":1,"7":1,"8":1,"9":1,"2":2,"9":2}`},
		{"the key that names the prototype is reserved", `{"__proto__":1}`, []found{{ReservedKey, "/__proto__", `"__proto__"`}}, `{"__proto__":1}`},
		{"pointers are escaped", `{"a/b~":{"c":tru}}`, []found{{SyntaxError, "/a~1b~0/c", `tru`}}, `{"a/b~":{"c":"tru"}}`},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			d := checkLaws(t, test.text)
			if len(d.Problems) != len(test.want) {
				t.Fatalf("got %d problems, want %d: %+v", len(d.Problems), len(test.want), d.Problems)
			}
			for i, p := range d.Problems {
				if got := (found{p.Code, p.Pointer, d.Text[p.Start:p.End]}); got != test.want[i] {
					t.Errorf("got %q, want %q", got, test.want[i])
				}
			}
			if got := written(d.Root); got != test.tree {
				t.Errorf("read as %s, want %s", got, test.tree)
			}
		})
	}
}

// written returns v as compact JSON; a value that could not be read is written as its kind.
func written(v *Value) string {
	if v == nil {
		return ""
	}
	var w Writer
	writeValue(&w, v)
	return string(w.Buf)
}

func writeValue(w *Writer, v *Value) {
	switch v.Kind {
	case Array:
		w.BeginArray()
		for _, item := range v.Items {
			writeValue(w, item)
		}
		w.EndArray()
	case Object:
		w.BeginObject()
		for _, item := range v.Items {
			w.Key(item.Key)
			writeValue(w, item)
		}
		w.EndObject()
	case String:
		w.String(v.Text)
	case Invalid:
		w.Raw(v.Kind.String())
	default:
		w.Raw(v.Text)
	}
}

func TestMessagesSayWhatWasFoundAndWhatWasExpected(t *testing.T) {
	tests := []struct{ text, message, hint string }{
		{`[1,]`, `found "," before "]", expected another item after it`, `remove this comma`},
		{"{\n\"a\": 1,\n\"a\": 2}", `found the key "a" again, expected it once: the first is at line 2`, `remove one of the two, or rename it`},
		{"{\"b\":\n[{\"a\": 1", `found the end of the text, expected "}": this "{" at line 2 is never closed, nor are 2 around it`, `write "}]}" at the end`},
		{"{\"b\":\n[1}", `found "}", expected "]" first: this "[" at line 2 is never closed`, `write "]" where it ends`},
		{"[1 “\u202eb”]", `found the string "\u202eb", expected "," before it`, `write "," before it`},
		{`[a` + strings.Repeat("é", 50) + `]`, `found "a` + strings.Repeat("é", 19) + `…" without quotes, expected a value`, `write double quotes around it if it is a string`},
		{`{"__proto__":0}`, `found the reserved key "__proto__", expected any other`, `choose another name`},
	}
	for _, test := range tests {
		p := Parse(test.text, Limits{}).Problems[0]
		if p.Message != test.message || p.Hint != test.hint {
			t.Errorf("%s\ngot  %s; %s\nwant %s; %s", test.text, p.Message, p.Hint, test.message, test.hint)
		}
	}
}

func TestKindsHaveTheNamesOfJSON(t *testing.T) {
	for text, want := range map[string]string{"null": "null", "true": "boolean", "1": "number", `""`: "string", "[]": "array", "{}": "object", "]": "invalid"} {
		if got := Parse(text, Limits{}).Root.Kind.String(); got != want {
			t.Errorf("the kind of %s is %q, want %q", text, got, want)
		}
	}
}

func TestATextOverTheByteLimitIsNotRead(t *testing.T) {
	if d := Parse(`[1]`, Limits{Bytes: 3}); d.Root == nil || len(d.Problems) != 0 {
		t.Errorf("at the limit: %+v", d.Problems)
	}
	d := Parse(`[1] `, Limits{Bytes: 3})
	if d.Root != nil || len(d.Problems) != 1 || d.Problems[0].Code != TooLarge {
		t.Errorf("over the limit: root %v, problems %+v", d.Root, d.Problems)
	}
}

func TestAValueOverTheDepthLimitIsSkippedAndTheRestIsRead(t *testing.T) {
	d := Parse(`{"a":[1,["]",{"}":2}]],"b":[3]}`, Limits{Depth: 2})
	if len(d.Problems) != 1 || d.Problems[0].Code != TooDeep || d.Problems[0].Pointer != "/a/1" {
		t.Fatalf("problems %+v", d.Problems)
	}
	v := d.Find("/a/1")
	if v.Kind != Invalid || !v.Broken || d.Text[v.Start:v.End] != `["]",{"}":2}]` {
		t.Errorf("the deep value is %+v", v)
	}
	if b := d.Find("/b/0"); b == nil || b.Text != "3" || b.Parent.Broken {
		t.Errorf("what follows is %+v", b)
	}
}

func TestBrokenIsSaidOfAncestorsAndNotOfSiblings(t *testing.T) {
	d := Parse(`{"whole":{"a":[1]},"broken":{"b":[{"c":tru}]},"twice":{"x":[1],"x":[2]}}`, Limits{})
	for pointer, want := range map[string]bool{
		"": true, "/whole": false, "/whole/a": false, "/broken": true, "/broken/b": true, "/broken/b/0": true, "/broken/b/0/c": true,
		"/twice": true, "/twice/x": false, "/twice/x/0": false,
	} {
		if got := d.Find(pointer).Broken; got != want {
			t.Errorf("%q broken is %v, want %v", pointer, got, want)
		}
	}
}

func TestOfManyProblemsAHundredAreListedAndTheRestCounted(t *testing.T) {
	for text, more := range map[string]int{
		`[` + strings.Repeat(`{"a":1,"a":2},`, 100) + `0]`: 0,
		`[` + strings.Repeat(`{"a":1,"a":2},`, 150) + `0]`: 50,
		`[` + strings.Repeat(`{"a":1,"a":2},`, 150) + `0`:  51,
		strings.Repeat(`[tru,`, 300):                       201,
	} {
		d := checkLaws(t, text)
		if len(d.Problems) != MaxProblems || d.More != more {
			t.Errorf("%d problems and %d more, expected %d and %d", len(d.Problems), d.More, MaxProblems, more)
		}
		if got := hasCode(d, SyntaxError); got != !json.Valid([]byte(text)) {
			t.Errorf("%.40q: a listed problem says that it is no JSON: %v", text, got)
		}
	}
}

func TestPointersResolve(t *testing.T) {
	d := Parse(`{"":{"a/b":[1,{"~":2}]},"k":1,"k":2}`, Limits{})
	for pointer, want := range map[string]string{"//a~1b/0": "1", "//a~1b/1/~0": "2", "/k": "1"} {
		if v := d.Find(pointer); v == nil || v.Text != want || v.Pointer() != pointer {
			t.Errorf("Find(%q) = %+v, want %s", pointer, v, want)
		}
	}
	for _, pointer := range []string{"k", "/K", "//a~1b/2", "//a~1b/-", "//a~1b/01", "//a~1b/+1", "//a~1b/", "/k/0", "//a~1b/0/", "/a/b"} {
		if v := d.Find(pointer); v != nil {
			t.Errorf("Find(%q) = %+v, want nothing", pointer, v)
		}
	}
	if d.Find("") != d.Root {
		t.Error("the empty pointer is not the root")
	}
	if (*Value)(nil).Pointer() != "" || (*Value)(nil).Member("a") != nil || d.Find("/k").Member("a") != nil {
		t.Error("nil and values that are no objects have no members")
	}
	if new(Document).Find("/a") != nil {
		t.Error("a document without a root has no values")
	}
}

func TestStringsWithoutEscapesShareTheText(t *testing.T) {
	text := `["` + strings.Repeat("é", 1<<12) + `"]`
	few := testing.AllocsPerRun(10, func() { Parse(`["é"]`, Limits{}) })
	if many := testing.AllocsPerRun(10, func() { Parse(text, Limits{}) }); many != few {
		t.Errorf("a long string costs %v allocations, a short one %v", many, few)
	}
}

// Reading in quadratic time would take hours here and run into the limit of the test command.
func TestAdversarialTextsAreReadInLinearTime(t *testing.T) {
	const size = 1 << 17
	for _, test := range []struct {
		prefix string
		limits Limits
	}{{"", Limits{Depth: 100}}, {`{"a":[`, Limits{}}} {
		for _, unit := range []string{
			"[", "{", "]", "}", "[]", "[}", "{]", "[[}", "{[", `{"a":`, `{"a":0,`, `"a":0,`, `"a"`, ",", ":", "=", ";", "1,",
			`"`, "'", "“", `\`, `\"`, `"\"`, `"\u12"`, `"” \"`, "\"\n", `"}`, "'}", `a" `, "é",
			"/", "/*", "/**/", "1/**/", "//\n", "#", "0", "-", "+", "a", "a ", "a/*", "tru,", " ", "\x00", "\xff", "\u00a0",
		} {
			d := Parse(test.prefix+strings.Repeat(unit, size/len(unit)), test.limits)
			if len(d.Problems) == 0 || len(d.Problems) > MaxProblems {
				t.Errorf("%q of %q: %d problems", test.prefix, unit, len(d.Problems))
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	statement := `{"Sid":"Statement","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::bucket/*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`
	text := "{\"Version\": \"2012-10-17\",\n  \"Statement\": [" + strings.TrimSuffix(strings.Repeat("\n    "+statement+",", 100_000/len(statement)), ",") + "]}"
	if len(Parse(text, Limits{}).Problems) > 0 {
		b.Fatal("the text has problems")
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(text, Limits{})
	}
}
