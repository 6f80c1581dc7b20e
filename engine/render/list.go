package render

import (
	"io"
	"strconv"

	"github.com/iam-playground/iam-playground/engine"
)

// Group is a part of a list of pages.
type Group struct {
	Title   string
	Entries []Entry
}

// Entry is a page in a list: where it is, what its scenario says of itself, and
// the answers to its requests.
type Entry struct {
	Address, Title, Description string
	Decisions                   []engine.Decision
}

// List writes a page that lists pages by group, with what each is about. Of
// page, Playground and Index are not used.
func List(w io.Writer, title, about string, groups []Group, page Page) error {
	h := &markup{}
	page.Playground, page.Index = page.Home, ""
	h.head(page, title, about)
	h.bar(page, "list")
	h.raw("<main id=\"main\">\n<header class=\"story\">\n")
	h.element("h1", "", title)
	h.element("p", "", about)
	h.raw("</header>\n<div class=\"body\">\n")
	for i, g := range groups {
		id := "group-" + strconv.Itoa(i+1)
		h.raw(`<section aria-labelledby="` + id + `">` + "\n" + `<h2 id="` + id + `">` + escaped(g.Title) + "</h2>\n<ul class=\"cards\">\n")
		for _, e := range g.Entries {
			h.raw(`<li><h3><a href="` + attribute(e.Address) + `">` + escaped(e.Title) + "</a></h3>\n")
			h.element("p", "", summary(e.Description))
			h.raw(`<p class="counts">`)
			for _, d := range []engine.Decision{engine.Allowed, engine.ExplicitDeny, engine.ImplicitDeny, engine.Depends} {
				n := 0
				for _, one := range e.Decisions {
					if one == d {
						n++
					}
				}
				if icon, word, c := sign(d); n > 0 {
					h.raw(signed(icon, strconv.Itoa(n)+" "+word, c) + " ")
				}
			}
			h.raw("</p></li>\n")
		}
		h.raw("</ul>\n</section>\n")
	}
	h.raw("</div>\n</main>\n")
	h.foot()
	_, err := io.WriteString(w, h.String())
	return err
}
