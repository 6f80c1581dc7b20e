package pattern

import (
	"testing"

	"github.com/iam-playground/iam-playground/engine/trace"
)

func TestMeet(t *testing.T) {
	for _, c := range []struct {
		rule, p, q string
		fold       bool // of p
		want       string
		ok         bool
	}{
		{"a start and an end", "a*", "*b", false, "ab", true},
		{"a start and an end that share a character", "ab*", "*b", false, "ab", true},
		{"two starts, one longer", "a*", "abc*", false, "abc", true},
		{"two starts that differ", "a*", "b*", false, "", false},
		{"a text and a pattern", "abc", "a?c", false, "abc", true},
		{"a free character", "a?", "*", false, "a-", true},
		{"two free characters", "??", "?*?", false, "--", true},
		{"lengths that differ", "??", "?", false, "", false},
		{"runs in the middle", "a*c*e", "*b*d*", false, "acbde", true},
		{"nothing and a run", "", "*", false, "", true},
		{"a value of a variable", "${k}*", "*/x", false, "v/x", true},
		{"a variable without value", "${none}", "*", false, "", false},
		{"a text without case takes the other's case", "AB", "a*", true, "aB", true},
		{"case counts for the other side", "AB", "Ab", false, "", false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			slot := func(key string) int {
				if key == "k" {
					return 0
				}
				return 1
			}
			p, _ := Compile(c.p, Options{Wildcards: true, Variables: true, FoldCase: c.fold}, slot)
			q, _ := Compile(c.q, Options{Wildcards: true, Variables: true}, slot)
			bindings := []Binding{{State: Present, Texts: []string{"v"}}, {}}
			got, ok, _ := Meet(&p, &q, bindings, '-')
			if ok != c.ok || ok && (p.Match(got, bindings) != trace.Yes || q.Match(got, bindings) != trace.Yes) {
				t.Fatalf("%q, %v", got, ok)
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func FuzzMeetIsMatchedByBoth(f *testing.F) {
	f.Add("a*b?", "*c", "acbc")
	f.Fuzz(func(t *testing.T, a, b, text string) {
		p, _ := Compile(a, Options{Wildcards: true}, nil)
		q, _ := Compile(b, Options{Wildcards: true}, nil)
		if len(a)*len(b) > maxMeeting {
			return
		}
		got, ok, _ := Meet(&p, &q, nil, 'x')
		if ok && (p.Match(got, nil) != trace.Yes || q.Match(got, nil) != trace.Yes) {
			t.Fatalf("%q is not matched by %q and %q", got, a, b)
		}
		if !ok && p.Match(text, nil) == trace.Yes && q.Match(text, nil) == trace.Yes {
			t.Fatalf("%q is matched by %q and %q", text, a, b)
		}
	})
}
