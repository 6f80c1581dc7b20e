package spell

import "testing"

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		name, word string
		candidates []string
		want       string
	}{
		{"another case is the same word", "effect", []string{"Sid", "Effect"}, "Effect"},
		{"a swap of neighbours is one mistake", "dyanmodb", []string{"dax", "dynamodb"}, "dynamodb"},
		{"a missing letter", "Resorce", []string{"Resource", "NotResource"}, "Resource"},
		{"a plural", "Actions", []string{"Action", "NotAction"}, "Action"},
		{"nothing is near", "banana", []string{"Action", "Effect"}, ""},
		{"a short word needs to be very near", "ab", []string{"xy", "cb"}, "cb"},
		{"no candidates", "x", nil, ""},
	} {
		if got := Nearest(c.word, c.candidates...); got != c.want {
			t.Errorf("%s: Nearest(%q) = %q, want %q", c.name, c.word, got, c.want)
		}
	}
}
