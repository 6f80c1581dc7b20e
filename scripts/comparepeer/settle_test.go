package main

import (
	"encoding/json"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

func TestTheSameSeedMakesTheSameWorld(t *testing.T) {
	one, _ := json.Marshal(newGenerator(7).world())
	two, _ := json.Marshal(newGenerator(7).world())
	other, _ := json.Marshal(newGenerator(8).world())
	if string(one) != string(two) || string(one) == string(other) {
		t.Errorf("expected equal worlds from seed 7, and another from seed 8")
	}
}

func TestMostGeneratedRequestsCanBeAsked(t *testing.T) {
	asked, skipped := 0, map[string]int{}
	for seed := range uint64(50) {
		world := newGenerator(seed).world()
		text, err := json.Marshal(world)
		if err != nil {
			t.Fatal(err)
		}
		asked += len(cases(engine.NewWorld(engine.Parse(string(text)), nil), world, skipped))
	}
	not := 0
	for _, n := range skipped {
		not += n
	}
	if asked < not*9 {
		t.Errorf("%d requests, and %d not: %v; expected nine of ten at least", asked, not, skipped)
	}
}

func TestEveryDifferenceCitesARule(t *testing.T) {
	for _, d := range differences {
		if d.section == "" || d.rule == "" || d.name == "" {
			t.Errorf("the difference %q cites the rule %q, %q", d.name, d.section, d.rule)
		}
	}
}

func TestStarsRunOverColonsInWholeTextsOnly(t *testing.T) {
	for _, c := range []struct {
		pattern, text   string
		whole, segments bool
	}{
		{"arn:aws:s3:::box/*", "arn:aws:s3:::box/a:b", true, true},
		{"arn:aws:x:*:secret:db-*", "arn:aws:x:eu:1:secret:db-1", true, false},
		{"arn:aws:x:*:*:line", "arn:aws:x:eu:1:line", true, true},
		{"arn:aws:x:e?:1:line", "arn:aws:x:eu:1:line", true, true},
		{"arn:aws:x:eu:1:line", "arn:aws:x:eu:1:lines", false, false},
	} {
		if got := glob(c.pattern, c.text); got != c.whole {
			t.Errorf("glob(%q, %q) = %v", c.pattern, c.text, got)
		}
		if got := segments(c.pattern, c.text); got != c.segments {
			t.Errorf("segments(%q, %q) = %v", c.pattern, c.text, got)
		}
	}
}
