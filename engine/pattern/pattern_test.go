package pattern

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/iam-playground/iam-playground/engine/trace"
)

// slots numbers keys in the order in which they are first seen.
type slots map[string]int

func (s slots) slot(key string) int {
	if _, ok := s[key]; !ok {
		s[key] = len(s)
	}
	return s[key]
}

func present(texts ...string) Binding { return Binding{State: Present, Texts: texts} }

func multi(texts ...string) Binding { return Binding{State: Present, Multi: true, Texts: texts} }

var unknown = Binding{State: Unknown}

const (
	glob = 1 << iota
	vars
	fold
)

func options(flags int) Options {
	return Options{Wildcards: flags&glob != 0, Variables: flags&vars != 0, FoldCase: flags&fold != 0}
}

func TestMatch(t *testing.T) {
	ali := map[string]Binding{"u": present("ali"), "m": multi("ali"), "?": unknown, "star": present("*"), "empty": present("")}
	for _, c := range []struct {
		rule    string
		pattern string
		flags   int
		text    string
		want    trace.Outcome
	}{
		{"text without wildcards matches itself", "abc", glob, "abc", trace.Yes},
		{"text without wildcards matches nothing longer", "abc", glob, "abcd", trace.No},
		{"text without wildcards matches nothing shorter", "abc", glob, "ab", trace.No},
		{"case counts", "abc", glob, "aBc", trace.No},
		{"case does not count when folded", "abc", glob | fold, "aBc", trace.Yes},
		{"folding covers letters beyond ASCII", "straße*É", glob | fold, "STRAßE!é", trace.Yes},
		{"folding covers letters of another length", "*\u212a?", glob | fold, "xkk", trace.Yes},
		{"folding does not mix letters with signs", "[", fold, "{", trace.No},
		{"the empty pattern matches the empty text", "", glob, "", trace.Yes},
		{"the empty pattern matches no other text", "", glob, "a", trace.No},
		{"a lone star matches the empty text", "*", glob, "", trace.Yes},
		{"a lone star runs over slashes and colons", "*", glob, "a:b/c", trace.Yes},
		{"a trailing star may be empty", "ab*", glob, "ab", trace.Yes},
		{"a trailing star needs what is before it", "ab*", glob, "a", trace.No},
		{"a trailing star folds what is before it", "ab*", glob | fold, "ABc", trace.Yes},
		{"a leading star anchors the end", "*ab", glob, "abab", trace.Yes},
		{"the end is anchored", "*ab", glob, "aba", trace.No},
		{"a star in the middle may be empty", "a*b", glob, "ab", trace.Yes},
		{"first and last piece do not overlap", "aba*aba", glob, "ababa", trace.No},
		{"pieces come in order", "*a*b*", glob, "ba", trace.No},
		{"a later place is found when an earlier fails", "*ab?d*", glob, "abxabcd", trace.Yes},
		{"a question mark is one character", "a?c", glob, "abc", trace.Yes},
		{"a question mark is not empty", "a?c", glob, "ac", trace.No},
		{"a question mark is one code point", "?", glob, "é", trace.Yes},
		{"a question mark is not half a code point", "??", glob, "é", trace.No},
		{"a question mark is one broken byte", "a?", glob, "a\xff", trace.Yes},
		{"a question mark after a star needs a character", "*?", glob, "", trace.No},
		{"question marks at the end count code points", "*??", glob, "é", trace.No},
		{"wildcards are text when off", "a*?", 0, "a*?", trace.Yes},
		{"wildcards that are off match nothing else", "a*", 0, "ab", trace.No},

		{"a variable is replaced by its value", "home/${u}/*", glob | vars, "home/ali/x", trace.Yes},
		{"a variable's value must be there", "home/${u}/*", glob | vars, "home/bob/x", trace.No},
		{"a variable's name ignores case", "${U}", vars, "ali", trace.Yes},
		{"a variable's value keeps its case", "${u}", vars, "ALI", trace.No},
		{"a variable's value is folded when case does not count", "${u}", vars | fold, "ALI", trace.Yes},
		{"a star in a variable's value is no wildcard", "${star}", glob | vars, "x", trace.No},
		{"a star in a variable's value matches a star", "${star}", glob | vars, "*", trace.Yes},
		{"an empty value is a value", "a${empty}b", vars, "ab", trace.Yes},
		{"a variable without value matches nothing", "a${none}", vars, "a", trace.No},
		{"a variable without value does not match its own text", "${none}", vars, "${none}", trace.No},
		{"a default replaces an absent key", "${none, 'x'}", vars, "x", trace.Yes},
		{"a default may be empty", "a${none, ''}", vars, "a", trace.Yes},
		{"a default may hold a brace", "${none, 'a}b'}", vars, "a}b", trace.Yes},
		{"a default is no wildcard", "${none, '*'}", glob | vars, "x", trace.No},
		{"a default needs no blank", "${none,'x'}", vars, "x", trace.Yes},
		{"a default does not replace a present key", "${u, 'x'}", vars, "x", trace.No},
		{"a multivalued key is no variable", "${m}", vars, "ali", trace.No},
		{"a multivalued key does not take the default", "${m, 'ali'}", vars, "ali", trace.No},
		{"an unknown variable may match", "home/${?}/*", glob | vars, "home/x/y", trace.No + 1},
		{"an unknown variable cannot mend the rest", "home/${?}/*", glob | vars, "house/x/y", trace.No},
		{"an unknown variable next to a missing one matches nothing", "${?}${none}", vars, "x", trace.No},
		{"an escaped star is a star", "a${*}", glob | vars, "a*", trace.Yes},
		{"an escaped star is no wildcard", "a${*}", glob | vars, "ab", trace.No},
		{"an escaped question mark is a question mark", "${?}x", glob | vars, "?x", trace.Yes},
		{"an escaped dollar keeps a brace literal", "${$}{u}", glob | vars, "${u}", trace.Yes},
		{"a variable is text when off", "${u}", glob, "${u}", trace.Yes},
		{"a star inside braces is a wildcard when variables are off", "${*}", glob, "${abc}", trace.Yes},
		{"a broken variable is text", "${u*", glob | vars, "${u*", trace.Yes},
		{"a star in a broken variable is no wildcard", "${u*", glob | vars, "${ux", trace.No},
		{"a whole variable after a broken one counts", "${a/${u}", vars, "${a/ali", trace.Yes},
	} {
		t.Run(c.rule, func(t *testing.T) {
			// "${?}" is an escape; where an unknown variable is meant, it has a name.
			text := c.pattern
			if c.want == trace.Unknown || strings.Contains(c.rule, "unknown variable") {
				text = strings.ReplaceAll(text, "${?}", "${q}")
			}
			s := slots{}
			p, _ := Compile(text, options(c.flags), s.slot)
			bindings := make([]Binding, len(s))
			for key, n := range s {
				bindings[n] = ali[key]
				if key == "q" {
					bindings[n] = unknown
				}
			}
			if got := p.Match(c.text, bindings); got != c.want {
				t.Errorf("%q against %q: %v, want %v", text, c.text, got, c.want)
			}
			patternAt, textAt := p.Diff(c.text, bindings)
			if (patternAt < 0) != (c.want != trace.No) || (textAt < 0) != (c.want != trace.No) {
				t.Errorf("%q against %q: differ at %d, %d", text, c.text, patternAt, textAt)
			}
		})
	}
}

func TestASlotOutsideOfTheBindingsIsAbsent(t *testing.T) {
	p, _ := Compile("${a}", Options{Variables: true}, func(string) int { return 7 })
	if got := p.Match("", nil); got != trace.No {
		t.Error(got)
	}
	if b := Bound(nil, 0); b.State != Absent {
		t.Error(b)
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ text, code, part string }{
		{"a${u", MissingBrace, "${u"},
		{"${u, 'x", MissingBrace, "${u, 'x"},
		{"${u, 'x'", MissingBrace, "${u, 'x'"},
		{"${a/${u}", MissingBrace, "${a/"},
		{"a${u, x}b", MissingQuote, "${u, x}"},
		{"${u, 'x}", MissingQuote, "${u, 'x}"},
		{"${u, x'}", MissingQuote, "${u, x'}"},
		{"${u,}", MissingQuote, "${u,}"},
		{"${u, '}", MissingQuote, "${u, '}"},
		{"x${u }y", UnsupportedSpace, "${u }"},
		{"${ u}", UnsupportedSpace, "${ u}"},
		{"${ }", UnsupportedSpace, "${ }"},
		{"${u,  'x'}", UnsupportedSpace, "${u,  'x'}"},
		{"${u, 'x' }", UnsupportedSpace, "${u, 'x' }"},
		{"${u , 'x'}", UnsupportedSpace, "${u , 'x'}"},
		{"${}", EmptyVariable, "${}"},
		{"${, 'x'}", EmptyVariable, "${, 'x'}"},
		{"${u}${*}${?}${$}${u, 'it''s'}$u{}", "", ""},
	} {
		p, problems := Compile(c.text, Options{Wildcards: true, Variables: true}, slots{}.slot)
		if c.code == "" {
			if problems != nil {
				t.Errorf("%q: %v", c.text, problems)
			}
			continue
		}
		if len(problems) != 1 {
			t.Errorf("%q: %v", c.text, problems)
			continue
		}
		got := problems[0]
		if got.Code != c.code || c.text[got.Start:got.End] != c.part || !strings.Contains(got.Message, c.part) || got.Hint == "" {
			t.Errorf("%q: %+v", c.text, got)
		}
		if text, ok := p.Literal(); !p.HasVariables() && (!ok || text != c.text) {
			t.Errorf("%q is %q", c.text, text)
		}
	}
}

func TestVariables(t *testing.T) {
	s := slots{}
	p, _ := Compile("${aws:UserName}/${aws:PrincipalTag/Team, 'none'}/${aws:username}", Options{Variables: true}, s.slot)
	want := []Variable{{Key: "aws:UserName"}, {"aws:PrincipalTag/Team", 1, "none", true}, {Key: "aws:username"}}
	got := p.Variables()
	if len(got) != len(want) {
		t.Fatal(got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %+v", i, got[i])
		}
	}
	if _, ok := s["aws:principaltag/team"]; !ok || len(s) != 2 {
		t.Error("slots are asked for in lower case:", s)
	}
}

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		text, want, missing string
	}{
		{"a*?b", "a*?b", ""},
		{"${u}/${*}x", "ali/*x", ""},
		{"${q}/*", "${q}/*", ""},
		{"${none}/${u}", "${none}/ali", "none"},
		{"${none, 'd'}${u}", "dali", ""},
		{"${m}", "${m}", "m"},
	} {
		s := slots{"u": 0, "q": 1, "m": 2}
		p, _ := Compile(c.text, Options{Wildcards: true, Variables: true}, s.slot)
		got, missing := p.Resolve([]Binding{present("ali"), unknown, multi("x")})
		if got != c.want || missing != c.missing || p.Text() != c.text {
			t.Errorf("%q: %q, missing %q", c.text, got, missing)
		}
	}
}

func TestDiff(t *testing.T) {
	for _, c := range []struct {
		rule, pattern, text string
		patternAt, textAt   int
	}{
		{"a text that matches has no difference", "a*", "ab", -1, -1},
		{"the first character that differs", "arn:aws:s3:::bucket", "arn:aws:s3:::backet", 14, 14},
		{"the end of a text that is too short", "abc", "ab", 2, 2},
		{"the end of a pattern that is too short", "ab", "abc", 2, 2},
		{"the longest partial match after a star", "bucket/*.png", "bucket/a.jpg", 9, 9},
		{"a match before the end", "*.png", "a.png.gz", 5, 5},
		{"after what the stars took", "a*b*cd", "axbycx", 5, 5},
		{"where the stars end if nothing more matches", "a*b*c", "axbyd", 4, 3},
		{"inside a variable's value", "home/${u}/*", "home/alx/y", 7, 7},
		{"after a variable's value", "home/${u}/*", "home/ali", 8, 8},
		{"at a variable without a value", "home/${none}", "home/ali", 5, 5},
		{"before a variable without a value", "home/${none}", "house", 2, 2},
		{"at a question mark that found nothing", "a?", "a", 1, 1},
		{"at the start of a code point", "é", "è", 0, 0},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := slots{"u": 0}
			p, _ := Compile(c.pattern, Options{Wildcards: true, Variables: true}, s.slot)
			patternAt, textAt := p.Diff(c.text, []Binding{present("ali")})
			if patternAt != c.patternAt || textAt != c.textAt {
				t.Errorf("%q against %q: %d, %d", c.pattern, c.text, patternAt, textAt)
			}
		})
	}
}

// covers is Covers with as many steps as it takes.
func covers(p, q *Pattern) bool {
	steps := 1 << 30
	return Covers(p, q, &steps)
}

func TestCoversTakesNoMoreStepsThanThereAre(t *testing.T) {
	p, _ := Compile(strings.Repeat("*a?b", 100), Options{Wildcards: true}, nil)
	q, _ := Compile(strings.Repeat("a", 1000), Options{Wildcards: true}, nil)
	for _, steps := range []int{0, 1000, 2000} {
		left := steps
		if Covers(&p, &q, &left) || left != 0 {
			t.Errorf("%d of %d steps are left, and it cannot tell", left, steps)
		}
	}
	left := 1_000_000
	if Covers(&p, &q, &left); left <= 0 || left >= 1_000_000-1400 {
		t.Errorf("%d of 1,000,000 steps are left", left)
	}
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		p, q string
		want bool
	}{
		{"*", "anything*", true},
		{"s3:*", "s3:Get*", true},
		{"s3:Get*", "s3:*", false},
		{"s3:Get?bject", "s3:GetObject", true},
		{"s3:GetObject", "s3:Get?bject", false},
		{"a*c", "a*b*c", true},
		{"a*b*c", "a*c", false},
		{"*?", "?*", true},
		{"?*", "*?", true},
		{"?*", "*", false},
		{"", "", true},
		{"*", "", true},
		{"a", "a", true},
		{"é*", "é", true},
	} {
		p, _ := Compile(c.p, Options{Wildcards: true}, nil)
		q, _ := Compile(c.q, Options{Wildcards: true}, nil)
		if got := covers(&p, &q); got != c.want {
			t.Errorf("%q covers %q: %v", c.p, c.q, got)
		}
	}
	folded, _ := Compile("A1*", Options{Wildcards: true, FoldCase: true}, nil)
	exactly, _ := Compile("a1*", Options{Wildcards: true}, nil)
	digits, _ := Compile("1*", Options{Wildcards: true}, nil)
	digitsFolded, _ := Compile("1*", Options{Wildcards: true, FoldCase: true}, nil)
	variable, _ := Compile("${a}", Options{Variables: true}, slots{}.slot)
	if !covers(&folded, &exactly) || covers(&exactly, &folded) || !covers(&digits, &digitsFolded) ||
		covers(&variable, &variable) {
		t.Error("case or variables")
	}
}

func TestSolve(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          string
	}{
		{"home/${q}/*", "home/ali/x", "ali"},
		{"${q}", "ali", "ali"},
		{"*/${q}", "a/b/c", "b/c c"},
		{"${q}*", "ab", " a ab"},
		{"${q}-${q}", "a-a", "a"},
		{"${q}-${q}", "a-b", ""},
		{"home/${u}/${q}", "home/ali/x", "x"},
		{"home/${q}", "house", ""},
	} {
		s := slots{"u": 0, "q": 1}
		p, _ := Compile(c.pattern, Options{Wildcards: true, Variables: true}, s.slot)
		found := map[string]bool{}
		p.Solve(1, c.text, []Binding{present("ali"), unknown}, func(value string) { found[value] = true })
		want := strings.Split(c.want, " ")
		if c.want == "" {
			want = nil
		}
		if len(found) != len(want) {
			t.Errorf("%q against %q: %v", c.pattern, c.text, found)
		}
		for _, value := range want {
			if !found[value] {
				t.Errorf("%q against %q: %v lacks %q", c.pattern, c.text, found, value)
			}
		}
	}
}

func TestManyStarsAgainstALongTextEnd(t *testing.T) {
	text := strings.Repeat("a", 100_000)
	for _, piece := range []string{"a*", "aa*", "a?*", "*a"} {
		p, _ := Compile(strings.Repeat(piece, 40)+"b", Options{Wildcards: true}, nil)
		if p.Match(text, nil) != trace.No || p.Match(text+"b", nil) != trace.Yes {
			t.Error(piece)
		}
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	s := slots{"u": 0, "q": 1}
	bindings := []Binding{present("ali"), unknown}
	for _, text := range []string{"arn:aws:s3:::b", "arn:aws:s3:::*", "*", "arn:*:s3:::b/${u}/*x?", "${q}-${u}", "${none, 'd'}*"} {
		for _, fold := range []bool{false, true} {
			p, _ := Compile(text, Options{Wildcards: true, Variables: true, FoldCase: fold}, s.slot)
			if n := testing.AllocsPerRun(10, func() { p.Match("arn:aws:s3:::b/ali/yxé", bindings) }); n != 0 {
				t.Errorf("%q: %v", text, n)
			}
		}
	}
}

// matchSlowly is the twin: characters and wildcards, one after the other.
func matchSlowly(pattern, text []string, fold bool) bool {
	switch {
	case len(pattern) == 0:
		return len(text) == 0
	case pattern[0] == "*":
		return matchSlowly(pattern[1:], text, fold) || len(text) > 0 && matchSlowly(pattern, text[1:], fold)
	case len(text) == 0:
		return false
	case pattern[0] == "?" || pattern[0] == text[0] || fold && strings.EqualFold(pattern[0], text[0]):
		return matchSlowly(pattern[1:], text[1:], fold)
	}
	return false
}

func characters(text string) []string {
	var out []string
	for text != "" {
		_, n := utf8.DecodeRuneInString(text)
		out = append(out, text[:n])
		text = text[n:]
	}
	return out
}

// shorten keeps fuzzed input where the twin ends.
func shorten(text string) string {
	if len(text) > 24 {
		text = text[:24]
	}
	return text
}

func FuzzMatchIsThatOfTheTwin(f *testing.F) {
	for _, seed := range [][2]string{{"a*b", "ab"}, {"*?a", "aa"}, {"a*a*a", "aaaa"}, {"*aba*", "abaa"}, {"?é*", "aé\xff"}, {"*ab*b", "abab"}, {"k*", "K"}} {
		f.Add(seed[0], seed[1], false)
		f.Add(seed[0], seed[1], true)
	}
	f.Fuzz(func(t *testing.T, pattern, text string, fold bool) {
		pattern, text = strings.ToValidUTF8(shorten(pattern), "*"), shorten(text)
		p, _ := Compile(pattern, Options{Wildcards: true, FoldCase: fold}, nil)
		want := trace.Of(matchSlowly(characters(pattern), characters(text), fold))
		if got := p.Match(text, nil); got != want {
			t.Fatalf("%q against %q: %v, the twin says %v", pattern, text, got, want)
		}
		patternAt, textAt := p.Diff(text, nil)
		if want == trace.Yes && (patternAt != -1 || textAt != -1) ||
			want == trace.No && (patternAt < 0 || patternAt > len(pattern) || textAt < 0 || textAt > len(text)) {
			t.Fatalf("%q against %q differ at %d, %d", pattern, text, patternAt, textAt)
		}
		if example, ok := p.Example(nil, text, ""); !ok || p.Match(example, nil) != trace.Yes {
			t.Fatalf("%q does not match its example %q", pattern, example)
		}
	})
}

func FuzzVariablesAreLiteralAndUnknownsSound(f *testing.F) {
	f.Add("${a}*", "x*y", "x", "y")
	f.Add("${a}/${b}", "x/y", "x", "y")
	f.Add("a${b, 'c'}?", "abd", "b", "")
	f.Fuzz(func(t *testing.T, pattern, text, a, b string) {
		s := slots{"a": 0, "b": 1}
		p, _ := Compile(shorten(pattern), Options{Wildcards: true, Variables: true}, s.slot)
		text = shorten(text)
		values := []Binding{present(a), present(b), {}, multi(a)}
		for _, x := range values {
			for _, y := range values {
				concrete := p.Match(text, []Binding{x, y})
				for _, partial := range [][]Binding{{unknown, y}, {x, unknown}, {unknown, unknown}} {
					if vague := p.Match(text, partial); vague != trace.Unknown && vague != concrete {
						t.Fatalf("%q against %q: %v with unknowns %v, %v with %v", pattern, text, vague, partial, concrete, []Binding{x, y})
					}
				}
			}
		}
	})
}

func FuzzCoversIsSound(f *testing.F) {
	f.Add("a*", "ab*", "abc")
	f.Add("*?", "?*", "a")
	f.Add("?*b", "a*b", "aéb")
	f.Fuzz(func(t *testing.T, one, other, text string) {
		one, other = strings.ToValidUTF8(shorten(one), "*"), strings.ToValidUTF8(shorten(other), "*")
		p, _ := Compile(one, Options{Wildcards: true}, nil)
		q, _ := Compile(other, Options{Wildcards: true}, nil)
		example, _ := q.Example(nil, text, "")
		if covers(&p, &q) && (p.Match(example, nil) != trace.Yes ||
			q.Match(text, nil) == trace.Yes && p.Match(text, nil) != trace.Yes) {
			t.Fatalf("%q is said to cover %q", one, other)
		}
		if !covers(&p, &p) {
			t.Fatalf("%q does not cover itself", one)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	s := slots{"u": 0}
	bindings := []Binding{present("ali")}
	long := strings.Repeat("a", 100_000)
	for _, c := range []struct{ name, pattern, text string }{
		{"exact", "arn:aws:s3:::acme-reports", "arn:aws:s3:::acme-reports"},
		{"prefix", "arn:aws:s3:::acme-reports/*", "arn:aws:s3:::acme-reports/2026/01.csv"},
		{"variable", "arn:aws:s3:::acme/home/${u}/*", "arn:aws:s3:::acme/home/ali/notes.txt"},
		{"stars", "arn:aws:*:*:*:secret:db-*", "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"},
		{"40 stars against 100 KB", strings.Repeat("*a?", 40) + "b", long},
	} {
		b.Run(c.name, func(b *testing.B) {
			p, _ := Compile(c.pattern, Options{Wildcards: true, Variables: true}, s.slot)
			b.ReportAllocs()
			for b.Loop() {
				p.Match(c.text, bindings)
			}
		})
	}
}
