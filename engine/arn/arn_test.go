package arn

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		want ARN
		ok   bool
	}{
		{"arn:aws:s3:::bucket/key", ARN{"aws", "s3", "", "", "bucket/key"}, true},
		{"arn:aws:lambda:us-east-1:111122223333:function:f:1", ARN{"aws", "lambda", "us-east-1", "111122223333", "function:f:1"}, true},
		{"arn:::::", ARN{}, true},
		{"arn:aws:s3::bucket", ARN{}, false},
		{"ARN:aws:s3:::bucket", ARN{}, false},
		{"*", ARN{}, false},
		{"", ARN{}, false},
	} {
		got, ok := Parse(c.text)
		if got != c.want || ok != c.ok {
			t.Errorf("%q: %+v, %v", c.text, got, ok)
		}
		if ok && got.String() != c.text {
			t.Errorf("%q is written %q", c.text, got)
		}
	}
}

func TestSplitCutsAtTheFirstFiveColons(t *testing.T) {
	for text, want := range map[string]int{"": 1, "a": 1, "a:": 2, "a:b:c:d:e": 5, "a:b:c:d:e:f": 6, "a:b:c:d:e:f:g": 6} {
		parts, n := Split(text)
		if n != want || strings.Join(parts[:n], ":") != text {
			t.Errorf("%q: %q, %d", text, parts, n)
		}
	}
}

func slot(key string) int {
	return map[string]int{"aws:username": 0, "q": 1, "none": 2}[key]
}

var bindings = []pattern.Binding{
	{State: pattern.Present, Texts: []string{"ali"}},
	{State: pattern.Unknown},
	{},
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		rule, value, text string
		want              trace.Outcome
		patternAt, textAt int
	}{
		{"a star stays inside its part", "arn:aws:s3:*:111122223333:finance/*", "arn:aws:s3:us-east-2:999999999999:store/abc:111122223333:finance/document.txt", trace.No, 13, 21},
		{"the sixth part takes all colons", "arn:aws:lambda:*:*:function:*", "arn:aws:lambda:us-east-1:111122223333:function:f:1", trace.Yes, -1, -1},
		{"wildcards work in every part", "a?n:*:s*:?s-*:*:*", "arn:aws:s3:us-east-1:1:x", trace.Yes, -1, -1},
		{"case counts", "arn:aws:s3:::Bucket", "arn:aws:s3:::bucket", trace.No, 13, 13},
		{"an empty part is not a star", "arn:aws:s3:::b", "arn:aws:s3:us-east-1::b", trace.No, 11, 11},
		{"a value with fewer than six parts matches nothing", "arn:aws:s3", "arn:aws:s3", trace.No, 10, 10},
		{"a lone star matches nothing", "*", "arn:aws:s3:::b", trace.No, 1, 3},
		{"a text with fewer than six parts is matched by nothing", "*:*:*:*:*:*", "arn:aws:s3", trace.No, 5, 10},
		{"variables are replaced", "arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::1:user/ali", trace.Yes, -1, -1},
		{"colons inside a variable do not split", "arn:aws:s3:${none, 'a:b'}::x", "arn:aws:s3:a:b::x", trace.No, 12, 12},
		{"a broken variable splits at its colons", "arn:aws:s3::${aws:x", "arn:aws:s3::${aws:x", trace.Yes, -1, -1},
		{"an unknown variable leaves the outcome open", "arn:aws:iam::1:user/${q}", "arn:aws:iam::1:user/ali", trace.Unknown, -1, -1},
		{"an unknown variable cannot mend another part", "arn:aws:iam::1:user/${q}", "arn:aws:iam::2:user/ali", trace.No, 13, 13},
		{"a variable without a value matches nothing", "arn:aws:iam::1:user/${none}", "arn:aws:iam::1:user/", trace.No, 20, 20},
	} {
		t.Run(c.rule, func(t *testing.T) {
			m, _ := Compile(c.value, true, slot)
			if got := m.Match(c.text, bindings); got != c.want {
				t.Errorf("%q against %q: %v, want %v", c.value, c.text, got, c.want)
			}
			if p, at := m.Diff(c.text, bindings); p != c.patternAt || at != c.textAt {
				t.Errorf("%q against %q differ at %d, %d", c.value, c.text, p, at)
			}
			if n := testing.AllocsPerRun(10, func() { m.Match(c.text, bindings) }); n != 0 {
				t.Errorf("Match allocates %v times", n)
			}
		})
	}
}

func TestTheZeroMatcherMatchesNothing(t *testing.T) {
	var m Matcher
	if m.Match("", nil) != trace.No || m.Match(":::::", nil) != trace.No || m.Possible(nil) {
		t.Error("it matches")
	}
}

func TestWithoutVariablesBracesAreText(t *testing.T) {
	m, problems := Compile("arn:aws:s3:::${x", false, nil)
	if problems != nil || m.Match("arn:aws:s3:::${x", nil) != trace.Yes || m.Variables() != nil {
		t.Error(problems)
	}
}

func TestProblemsPointIntoTheWholeValue(t *testing.T) {
	const value = "arn:aws:s3:::a/${}/b"
	_, problems := Compile(value, true, slot)
	if len(problems) != 1 || value[problems[0].Start:problems[0].End] != "${}" {
		t.Error(problems)
	}
}

func TestResolveExampleAndSolve(t *testing.T) {
	m, _ := Compile("arn:*:iam::1:${aws:username}/${q}", true, slot)
	if text, missing := m.Resolve(bindings); text != "arn:*:iam::1:ali/${q}" || missing != "" {
		t.Error(text, missing)
	}
	if text, ok := m.Example(bindings, "s", "u"); !ok || text != "arn:s:iam::1:ali/u" || m.Match(text, bindings) != trace.Unknown {
		t.Error(text, ok)
	}
	var found []string
	m.Solve(1, "arn:aws:iam::1:ali/x", bindings, func(value string) { found = append(found, value) })
	if len(found) != 1 || found[0] != "x" || len(m.Variables()) != 2 {
		t.Error(found)
	}
	unset, _ := Compile("arn:aws:s3:::${none}", true, slot)
	if _, missing := unset.Resolve(bindings); missing != "none" || unset.Possible(bindings) {
		t.Error(missing)
	}
	if text, ok := unset.Example(bindings, "", ""); ok {
		t.Error(text)
	}
}

func FuzzMatchIsThatOfThePartsTaken(f *testing.F) {
	f.Add("arn:*:s3:::b/*", "arn:aws:s3:::b/c:d")
	f.Add("*:*:*:*:*:*", "a:b:c:d:e:f")
	f.Fuzz(func(t *testing.T, value, text string) {
		m, _ := Compile(value, false, nil)
		v, s := strings.SplitN(value, ":", 6), strings.SplitN(text, ":", 6)
		want := trace.Of(len(v) == 6 && len(s) == 6)
		for i := 0; i < 6 && want == trace.Yes; i++ {
			p, _ := pattern.Compile(v[i], pattern.Options{Wildcards: true}, nil)
			want = p.Match(s[i], nil)
		}
		if got := m.Match(text, nil); got != want {
			t.Fatalf("%q against %q: %v, want %v", value, text, got, want)
		}
		if p, at := m.Diff(text, nil); want == trace.No && (p < 0 || p > len(value) || at < 0 || at > len(text)) {
			t.Fatalf("%q against %q differ at %d, %d", value, text, p, at)
		}
	})
}
