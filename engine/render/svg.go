package render

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
)

// The measures of the picture, in its units.
const (
	svgWidth  = 720
	svgMargin = 24
	svgHead   = 64
	svgRow    = 36
	// svgNarrow and svgWide are how many characters of a title and of a sentence fit.
	svgNarrow, svgWide = 64, 50
)

// svgStyle are the picture's colours, which follow the reader's.
const svgStyle = `text{font:14px system-ui,"Segoe UI",Roboto,sans-serif;fill:#1c1f24}.h{font-size:18px;font-weight:600}.soft{fill:#5b6069;font-size:12px}.paper{fill:#fbfaf7}.rail{stroke:#8a8880;stroke-width:2}` +
	`.node{fill:#fbfaf7;stroke:#8a8880;stroke-width:2}.allow{stroke:#0a6b4b}.deny{stroke:#b3261e}.depends{stroke:#6a3fb5}text.allow{fill:#0a6b4b;stroke:none}text.deny{fill:#b3261e;stroke:none}text.depends{fill:#6a3fb5;stroke:none}` +
	`@media(prefers-color-scheme:dark){text{fill:#e8e6e1}.soft{fill:#a3a7ae}.paper,.node{fill:#14161a}.allow{stroke:#5fd3a4}.deny{stroke:#ff8a80}.depends{stroke:#c3a6ff}text.allow{fill:#5fd3a4}text.deny{fill:#ff8a80}text.depends{fill:#c3a6ff}}`

// SVG writes a picture of the stages of requests, one below the other, with a
// title and a description that say the same in words. requests are numbers of
// the scenario's requests; evaluations are as for Text.
func SVG(w io.Writer, s Source, evaluations []*engine.Evaluation, requests []int) error {
	title := newText(Source{File: s.File, World: s.World}).title()
	var body, says strings.Builder
	y := svgMargin
	for _, n := range requests {
		r, e := s.World.Scenario.Requests[n], evaluations[n]
		icon, word, c := sign(decisionOf(e))
		says.WriteString(r.Name + ": " + word + ".")
		svgText(&body, svgMargin, y+16, "h "+tone(c), icon+" "+fit(word, svgNarrow))
		svgText(&body, svgMargin, y+38, "", fit(r.Name, svgNarrow+svgWide/2))
		y += svgHead
		if e == nil {
			continue
		}
		rows := explain.Rows(e)
		for _, one := range append([]*engine.Evaluation{e}, e.Also...) {
			if text := explain.Asked(one.Query); text != "" {
				svgText(&body, svgMargin, y-8, tone(yellow), fit("! "+text, svgNarrow+svgWide/2))
				says.WriteString(" " + text)
				y += svgRow / 2
			}
		}
		if n := len(rows); n > 1 {
			body.WriteString(`<path class="rail" d="M` + strconv.Itoa(svgMargin+11) + " " + strconv.Itoa(y+11) + "V" + strconv.Itoa(y+11+(n-1)*svgRow) + `"/>` + "\n")
		}
		for i := range rows {
			words := &rows[i].Words
			icon, c := rowSign(e, &rows[i])
			body.WriteString(`<circle class="node ` + tone(c) + `" cx="` + strconv.Itoa(svgMargin+11) + `" cy="` + strconv.Itoa(y+11) + `" r="11"/>` + "\n")
			svgText(&body, svgMargin+11, y+16, tone(c)+`" text-anchor="middle`, icon)
			svgText(&body, svgMargin+34, y+16, "", fit(words.Title, svgNarrow/2))
			if words.Word == "" { // the text may begin where the word would stand
				svgText(&body, svgMargin+240, y+16, "soft", fit(words.Text, svgWide+20))
			} else {
				svgText(&body, svgMargin+240, y+16, tone(c), fit(words.Word, 18))
				svgText(&body, svgMargin+370, y+16, "soft", fit(words.Text, svgWide))
			}
			says.WriteString(" " + words.Title + ": " + cmp.Or(words.Word, strings.TrimSuffix(words.Text, ".")) + ".")
			y += svgRow
		}
		says.WriteString("\n")
		y += svgMargin
	}
	size := strconv.Itoa(svgWidth) + `" height="` + strconv.Itoa(y)
	_, err := io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg" width="`+size+`" viewBox="0 0 `+strconv.Itoa(svgWidth)+" "+strconv.Itoa(y)+`" role="img" aria-labelledby="title desc">`+"\n"+
		`<title id="title">`+unmarked(title)+"</title>\n"+`<desc id="desc">`+unmarked(strings.TrimSpace(says.String()))+"</desc>\n<style>"+svgStyle+"</style>\n"+
		`<rect class="paper" width="`+size+`"/>`+"\n"+body.String()+"</svg>\n")
	return err
}

// svgText writes a text at a place.
func svgText(b *strings.Builder, x, y int, class, s string) {
	b.WriteString(`<text x="` + strconv.Itoa(x) + `" y="` + strconv.Itoa(y) + `" class="` + cmp.Or(strings.TrimSpace(class), "ink") + `">` + unmarked(s) + "</text>\n")
}

// fit cuts a text to a number of columns.
func fit(s string, columns int) string {
	s = clean(strings.Join(strings.Fields(s), " "))
	if width(s) <= columns {
		return s
	}
	taken := 0
	for i, r := range s {
		if taken += width(string(r)); taken >= columns {
			return s[:i] + "…"
		}
	}
	return s
}
