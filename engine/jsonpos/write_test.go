package jsonpos

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
)

func TestTheWriterPutsCommas(t *testing.T) {
	tests := []struct {
		rule  string
		write func(w *Writer)
		want  string
	}{
		{"an empty object has none", func(w *Writer) { w.BeginObject(); w.EndObject() }, `{}`},
		{"an empty array has none", func(w *Writer) { w.BeginArray(); w.EndArray() }, `[]`},
		{"a value alone has none", func(w *Writer) { w.String("x") }, `"x"`},
		{"items are separated", func(w *Writer) {
			w.BeginArray()
			w.Int(-7)
			w.Bool(true)
			w.Bool(false)
			w.Null()
			w.Raw(`{"a":1}`)
			w.EndArray()
		}, `[-7,true,false,null,{"a":1}]`},
		{"members are separated", func(w *Writer) {
			w.BeginObject()
			w.Member("a", "b")
			w.MemberInt("c", 1)
			w.MemberBool("d", true)
			w.EndObject()
		}, `{"a":"b","c":1,"d":true}`},
		{"what follows a nested value is separated from it", func(w *Writer) {
			w.BeginObject()
			w.Key("a")
			w.BeginArray()
			w.BeginObject()
			w.EndObject()
			w.BeginArray()
			w.EndArray()
			w.EndArray()
			w.Key("b")
			w.Null()
			w.EndObject()
		}, `{"a":[{},[]],"b":null}`},
		{"numbers have all their digits", func(w *Writer) {
			w.BeginObject()
			for i, n := range []int{0, 9, 10, -1, -10, math.MaxInt64, math.MinInt64} {
				w.MemberInt(string(rune('a'+i)), n)
			}
			w.EndObject()
		}, `{"a":0,"b":9,"c":10,"d":-1,"e":-10,"f":9223372036854775807,"g":-9223372036854775808}`},
		{"what a member has to escape is escaped", func(w *Writer) {
			w.BeginObject()
			w.Member("a", "eight by\"te")
			w.Member("b", "eight bytes and an é and \u2028")
			w.MemberBool("c", false)
			w.EndObject()
		}, `{"a":"eight by\"te","b":"eight bytes and an é and \u2028","c":false}`},
		{"two texts are joined", func(w *Writer) {
			w.BeginArray()
			w.Joined(`a"`, "")
			w.Joined("", `b\`)
			w.EndArray()
		}, `["a\"","b\\"]`},
		{"a value is written once more, and as a key", func(w *Writer) {
			w.BeginObject()
			w.Key("a")
			start := len(w.Buf)
			w.String(`x"y`)
			end := len(w.Buf)
			w.Key("b")
			w.Copy(start, end)
			w.Copy(start, end)
			w.Colon()
			w.Int(1)
			w.EndObject()
		}, `{"a":"x\"y","b":"x\"y","x\"y":1}`},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			var w Writer
			test.write(&w)
			if got := string(w.Buf); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// quoteStandard is encoding/json's writing without the escapes that only HTML needs.
func quoteStandard(t testing.TB, s string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func TestStringsAreQuotedAsEncodingJSONQuotesThem(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		if got, want := Quote("a"+string(r)+"b"), quoteStandard(t, "a"+string(r)+"b"); got != want {
			t.Errorf("Quote of U+%04X = %s, want %s", r, got, want)
		}
	}
}

func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\/", "\x00\x1f\x7f", "\b\f\n\r\t", "<&>", "\u2028\u2029", "\xff\xc3(", "é😀", "\uFFFD", "\xed\xa0\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Quote(s)
		if want := quoteStandard(t, s); got != want {
			t.Fatalf("Quote(%q) = %s, want %s", s, got, want)
		}
		d := Parse(got, Limits{})
		var want string
		if err := json.Unmarshal([]byte(got), &want); err != nil || d.Root == nil || d.Root.Text != want {
			t.Fatalf("Parse(%s) reads %+v, want %q", got, d.Root, want)
		}
	})
}

func TestTokensJoinToThePointerAsItStandsInAString(t *testing.T) {
	text := `{"a/b":[0,{"c~d":{"e\"f":1,"":2,"é/":3}}]}`
	var walk func(v *Value, tokens []byte)
	walk = func(v *Value, tokens []byte) {
		if got, want := `"`+string(tokens)+`"`, Quote(v.Pointer()); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		for _, item := range v.Items {
			walk(item, AppendToken(tokens[:len(tokens):len(tokens)], item))
		}
	}
	walk(Parse(text, Limits{}).Root, nil)
}
