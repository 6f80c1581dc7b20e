package condition

import (
	"slices"
	"testing"
)

func TestMeetings(t *testing.T) {
	for _, c := range []struct {
		rule           string
		one, a, two, b string
		want           []string
	}{
		{"two patterns", "StringLike", "a*", "StringNotLike", "*b", []string{"ab"}},
		{"a pattern with itself has its free characters", "StringLike", "a?", "StringLike", "a?", []string{"a-"}},
		{"a pattern and a text without case", "StringLike", "a*", "StringEqualsIgnoreCase", "AB", []string{"aB"}},
		{"two ARNs part by part", "ArnLike", "arn:aws:s3:*:1:a*", "ArnLike", "arn:*:s3::1:*b", []string{"arn:aws:s3::1:ab"}},
		{"two ARNs that differ in one part", "ArnLike", "arn:aws:s3:*:1:a*", "ArnLike", "arn:aws:s3:*:2:*", nil},
		{"two types", "StringLike", "a*", "ArnLike", "*", nil},
		{"neighbouring numbers", "NumericGreaterThan", "9", "NumericLessThan", "10", []string{"9.5"}},
		{"neighbouring negative numbers", "NumericGreaterThan", "-10", "NumericLessThan", "-9", []string{"-9.5"}},
		{"a number and zero", "NumericGreaterThan", "-1", "NumericLessThan", "0", []string{"-0.5"}},
		{"zero and a number", "NumericGreaterThan", "0", "NumericLessThan", "1", []string{"0.5"}},
		{"numbers of different places", "NumericGreaterThan", "9", "NumericLessThan", "9.3", []string{"9.05"}},
		{"numbers with others between them", "NumericGreaterThan", "5", "NumericLessThan", "9", nil},
		{"numbers in the other order", "NumericGreaterThan", "10", "NumericLessThan", "9", nil},
		{"neighbouring seconds", "DateGreaterThan", "2026-01-01T00:00:00Z", "DateLessThan", "2026-01-01T00:00:01Z", []string{"2026-01-01T00:00:00.500000000Z"}},
		{"dates with others between them", "DateGreaterThan", "2026-01-01", "DateLessThan", "2026-01-02", nil},
	} {
		t.Run(c.rule, func(t *testing.T) {
			one, _ := compile(t, c.one, c.a)
			two, _ := compile(t, c.two, c.b)
			var got []string
			one.Meetings(&two, nil, '-', func(int) bool { return true }, func(text string) { got = append(got, text) })
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
