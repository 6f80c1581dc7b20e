package rulebook

import (
	"strings"
	"testing"
)

const small = `# Book

About it.

## 1 First

Before.

### 1-a: A rule

Text with
- an item: of a list

| a | b |
| - | - |

- Pages: [P]
- Scenario: basics/x
- Tests: ** is *;
  @2 one

### 1-b: Another

More.

- Pages: [P], [Q]
- No scenario: why
- Tests: *

## 2 Second

### 2-c: Third

Text.

- Pages: [Q]
- Scenario: basics/y
- Tests: two

[P]: https://docs.aws.amazon.com/p.html "P"
[Q]: https://docs.aws.amazon.com/q.html "Q"
`

func TestABookIsRead(t *testing.T) {
	b, err := parse(small)
	if err != nil {
		t.Fatal(err)
	}
	err = b.Attach("section\trule\ttest\n1\t* is all\tTestA\n1\tAnd the rest\tTestB\n1\tand: the rest\tnone: " +
		"why\n2\tone\tTestC\n2\ttwo\tTestD\n")
	if err != nil {
		t.Fatal(err)
	}
	if b.Title != "Book" || b.About != "About it." || len(b.Sections) != 2 || b.Sections[0].Text != "Before." {
		t.Errorf("%+v", b)
	}
	a, other, third := b.Sections[0].Rules[0], b.Sections[0].Rules[1], b.Sections[1].Rules[0]
	if a.Text != "Text with\n- an item: of a list\n\n| a | b |\n| - | - |" || a.Scenario != "basics/x" ||
		a.Pages[0].URL != "https://docs.aws.amazon.com/p.html" {
		t.Errorf("%+v", a)
	}
	if len(a.Rows) != 2 || a.Rows[0] != (Row{"1-is-all", "* is all", "TestA"}) || a.Rows[1].Test != "TestC" {
		t.Errorf("%+v, expected the row that begins with an asterisk and one of the other section", a.Rows)
	}
	if len(other.Rows) != 2 || other.Rows[0].ID != "1-and-the-rest" || other.Rows[1].ID != "1-and-the-rest-2" ||
		len(other.Pages) != 2 {
		t.Errorf("%+v, expected two rows with two addresses", other)
	}
	if len(third.Rows) != 1 || len(b.Sections[1].Rows) != 1 || b.Sections[1].Rows[0].Text != "one" {
		t.Errorf("%+v, %+v: expected the row that no rule of the section covers to stay with the section", third,
			b.Sections[1].Rows)
	}
}

func TestAPatternCoversWholeRows(t *testing.T) {
	for _, c := range []struct {
		pattern, row string
		want         bool
	}{
		{"*", "anything", true}, {"a *", "a b", true}, {"a *", "ab", false}, {"* b", "a b", true},
		{"* b", "a bc", false},
		{"a*b*c", "a1b2c", true}, {"a*b*c", "a1c2b", false}, {"**", "*", true}, {"**", "x", false},
		{`"**" *`, `"*" names`, true},
		{"ab*ba", "aba", false}, {"same", "same", true}, {"same", "same too", false},
	} {
		if got := (pattern{section: "1", text: c.pattern}).matches("1", c.row); got != c.want {
			t.Errorf("%q covers %q: %v, expected %v", c.pattern, c.row, got, c.want)
		}
	}
	if (pattern{section: "1", text: "*"}).matches("2", "x") {
		t.Error("a pattern covers a row of another section")
	}
}

func TestWhatIsNoBookIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"## 1\n":                           "found section",
		"## 1-a b\n":                       "found section",
		"### 1-a: b\n":                     "found rule",
		"## 1 A\n### 2-a: b\n":             "found rule",
		"## 1 A\n### 1-a b\n":              "found rule",
		"[A]: https://x\n":                 "found page",
		"## 1 A\n### 1-a: b\n- Pages: [Z]": "found page \"Z\"",
		"## 1 A\n### 1-a: b\n- Tests: @2":  "found tests",
	} {
		if _, err := parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, expected an error with %q", text, err, want)
		}
	}
	b, err := parse(small)
	if err != nil {
		t.Fatal(err)
	}
	for _, rows := range []string{"h\n1\tx\n", "h\n3\tx\tTestX\n"} {
		if b.Attach(rows) == nil {
			t.Errorf("%q: expected an error", rows)
		}
	}
}
