package render

import "testing"

func TestALineWithAMarkInFrontIsAnItemOfAList(t *testing.T) {
	for line, want := range map[string]struct {
		text        string
		ordered, ok bool
	}{
		"- one": {"one", false, true}, "  *  two ": {"two", false, true}, "+ three": {"three", false, true},
		"1. one": {"one", true, true}, "12) two": {"two", true, true}, "999. last": {"last", true, true},
		"1000. year": {"year", false, false}, "1.) x": {"x", false, false}, "1 x": {"x", false, false}, "-x": {"", false, false}, "*emphasis* here": {"here", false, false}, ". x": {"x", false, false}, "": {"", false, false}, "-": {"", false, false},
	} {
		text, ordered, ok := listItem(line)
		if ok != want.ok || ok && (text != want.text || ordered != want.ordered) {
			t.Errorf("%q is %q, %v, %v; expected %+v", line, text, ordered, ok, want)
		}
	}
}

func TestEmphasisStandsBetweenAsterisksThatTouchIt(t *testing.T) {
	for text, want := range map[string]string{
		"*a* b": "a b", "2 * 3 * 4": "2 * 3 * 4", "a*b*c": "abc", "s3:* and *x*": "s3:* and x", "*a": "*a", "**": "**", "* *a*": "* a", "": "",
	} {
		if got := unemphasized(text); got != want {
			t.Errorf("%q is %q, expected %q", text, got, want)
		}
	}
}
