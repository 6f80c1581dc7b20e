package render

import (
	"regexp"
	"strings"
)

// summary is the first paragraph of a description without its marks, cut to
// what previews show.
func summary(description string) string {
	first, _, _ := strings.Cut(description, "\n\n")
	first = emphasis.ReplaceAllString(strings.NewReplacer("`", "", "**", "").Replace(first), "$1")
	first = strings.Join(strings.Fields(first), " ")
	if runes := []rune(first); len(runes) > 200 {
		return string(runes[:199]) + "…"
	}
	return first
}

var (
	listItem = regexp.MustCompile(`^\s*(?:[-*+]|(\d{1,3})[.)])\s+(.*)$`)
	emphasis = regexp.MustCompile(`\*([^\s*]|[^\s*][^*]*[^\s*])\*`)
)

// prose writes a description, which is Markdown of a few words: paragraphs,
// lists, code, and emphasis. Everything else is text.
func (h *markup) prose(s string) {
	open, list := "", "" // the elements that are open
	end := func() {
		if open != "" {
			h.raw("</" + open + ">\n")
		}
		open = ""
	}
	endList := func() {
		end()
		if list != "" {
			h.raw("</" + list + ">\n")
		}
		list = ""
	}
	var text []string
	flush := func() {
		h.inline(strings.Join(text, " "))
		text = nil
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		switch item := listItem.FindStringSubmatch(line); {
		case strings.TrimSpace(line) == "":
			flush()
			endList()
		case item != nil:
			flush()
			end()
			kind := "ul"
			if item[1] != "" {
				kind = "ol"
			}
			if kind != list {
				endList()
				h.raw("<" + kind + ">\n")
				list = kind
			}
			h.raw("<li>")
			open, text = "li", []string{item[2]}
		default:
			if open == "" {
				h.raw("<p>")
				open = "p"
			}
			text = append(text, strings.TrimSpace(line))
		}
	}
	flush()
	endList()
}

// inline writes a text with its code and what is emphasized.
func (h *markup) inline(s string) {
	h.between(s, "`", "code", func(s string) { h.between(s, "**", "strong", h.emphasized) })
}

func (h *markup) emphasized(s string) {
	at := 0
	for _, m := range emphasis.FindAllStringSubmatchIndex(s, -1) {
		h.say(s[at:m[0]])
		h.raw("<em>" + escaped(s[m[2]:m[3]]) + "</em>")
		at = m[1]
	}
	h.say(s[at:])
}

// between writes a text whose parts between two marks are elements of that
// name, and leaves the rest to others.
func (h *markup) between(s, mark, name string, rest func(string)) {
	parts := strings.Split(s, mark)
	for i, part := range parts {
		switch {
		case i%2 == 0:
			rest(part)
		case i+1 < len(parts):
			h.raw("<" + name + ">" + escaped(part) + "</" + name + ">")
		default:
			rest(mark + part)
		}
	}
}
