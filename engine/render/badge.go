package render

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
)

// Sum says in a few words what became of a scenario's requests: how many of its
// expectations are met, or without any what the answers are. evaluations are
// as for Text.
func Sum(s *engine.Scenario, evaluations []*engine.Evaluation) string {
	text, _ := sum(s, evaluations)
	return text
}

// sum is Sum with the colour of what it says.
func sum(s *engine.Scenario, evaluations []*engine.Evaluation) (string, colour) {
	expected, met := 0, 0
	count := map[string]int{}
	for i, e := range evaluations {
		word := answer(decisionOf(e))
		count[word]++
		if x := s.Requests[i].Expected(e); x != nil {
			expected++
			if x.Met() {
				met++
			}
		}
	}
	switch {
	case expected > 0:
		text := strconv.Itoa(met) + " of " + strconv.Itoa(expected) + " expectations met"
		if expected == 1 {
			text = map[bool]string{true: "expectation met", false: "expectation not met"}[met == 1]
		}
		if met == expected {
			return text, green
		}
		return text, red
	case len(evaluations) == 0:
		return "no requests", plain
	}
	var words []string
	c := plain
	for _, a := range answers {
		if n := count[a.word]; n == len(evaluations) && n == 1 {
			return a.word, a.colour
		} else if n > 0 {
			words = append(words, strconv.Itoa(n)+" "+a.word)
			c = a.colour
		}
	}
	if len(words) > 1 {
		c = plain
	}
	return strings.Join(words, ", "), c
}

// answers are the words of a badge, in their order.
var answers = []struct {
	word   string
	colour colour
}{{"allowed", green}, {"denied", red}, {"depends", yellow}, {"not answered", red}}

// answer is the word of a badge for a decision.
func answer(d engine.Decision) string {
	switch d {
	case engine.Allowed:
		return "allowed"
	case engine.ExplicitDeny, engine.ImplicitDeny:
		return "denied"
	case engine.Depends:
		return "depends"
	}
	return "not answered"
}

// The measures of a badge, in its units.
const (
	badgeHeight = 20
	badgeSpace  = 7
	badgeLabel  = "IAM Playground"
)

// Badge writes a small picture with Sum's words, for a line of prose or the
// head of a README. Its colours are its own, legible on any page, and it needs no
// style sheet. evaluations are as for Text.
func Badge(w io.Writer, s Source, evaluations []*engine.Evaluation) error {
	words, c := sum(s.World.Scenario, evaluations)
	says := words
	switch c {
	case green:
		says = "✓ " + words
	case red:
		says = "✕ " + words
	case yellow:
		says = "? " + words
	}
	fill := cmp.Or(map[colour]string{green: "#0a6b4b", red: "#b3261e", yellow: "#6a3fb5"}[c], "#41464e")
	left, right := badgeWidth(badgeLabel), badgeWidth(says)
	all := strconv.Itoa(left + right + 4*badgeSpace)
	edge := strconv.Itoa(left + 2*badgeSpace)
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="` + all + `" height="` + strconv.Itoa(badgeHeight) + `" role="img" aria-labelledby="title">` + "\n" +
		`<title id="title">` + escaped(newText(Source{File: s.File, World: s.World}).title()+": "+words) + "</title>\n" +
		`<clipPath id="round"><rect width="` + all + `" height="20" rx="4"/></clipPath>` + "\n" +
		`<g clip-path="url(#round)"><rect width="` + all + `" height="20" fill="#1c1f24"/><rect x="` + edge + `" width="` + all + `" height="20" fill="` + fill + `"/></g>` + "\n" +
		`<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">` + "\n")
	badgeText(&b, badgeSpace, left, badgeLabel)
	badgeText(&b, left+3*badgeSpace, right, says)
	b.WriteString("</g>\n</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// badgeText writes a text that is fitted to its width, whatever font there is.
func badgeText(b *strings.Builder, x, width int, s string) {
	b.WriteString(`<text x="` + strconv.Itoa(x) + `" y="14" textLength="` + strconv.Itoa(width) + `">` + escaped(s) + "</text>\n")
}

// badgeWidth is how wide a badge's text is, about as in Verdana.
func badgeWidth(s string) int {
	tenths := 0
	for _, r := range s {
		switch {
		case strings.ContainsRune("ijl ,.", r):
			tenths += 35
		case strings.ContainsRune("frtIP", r):
			tenths += 50
		case strings.ContainsRune("mwMW✓✕", r):
			tenths += 98
		default:
			tenths += 68
		}
	}
	return (tenths + 9) / 10
}
