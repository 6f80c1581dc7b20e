package render

import "strings"

// summary is the first paragraph of a description without its marks, cut to
// what previews show.
func summary(description string) string {
	first, _, _ := strings.Cut(description, "\n\n")
	first = unemphasized(strings.NewReplacer("`", "", "**", "").Replace(first))
	first = strings.Join(strings.Fields(first), " ")
	if runes := []rune(first); len(runes) > 200 {
		return string(runes[:199]) + "…"
	}
	return first
}

// listItem is the text of a line that is an item of a list; ordered is for one
// with a number.
func listItem(line string) (text string, ordered, ok bool) {
	line = strings.TrimSpace(line)
	mark, text, ok := strings.Cut(line, " ")
	if mark == "-" || mark == "*" || mark == "+" {
		return strings.TrimSpace(text), false, ok
	}
	number := strings.TrimRight(mark, ".)")
	ordered = ok && len(mark) == len(number)+1 && number != "" && len(number) <= 3 && strings.Trim(number, "0123456789") == ""
	return strings.TrimSpace(text), ordered, ordered
}

// emphasis is where the next text between single asterisks is, with them:
// s[start:end]. ok is false when there is none.
func emphasis(s string) (start, end int, ok bool) {
	start = strings.IndexByte(s, '*')
	for start >= 0 {
		length := strings.IndexByte(s[start+1:], '*')
		if length < 0 {
			return 0, 0, false
		}
		end = start + 1 + length
		if inner := s[start+1 : end]; inner != "" && strings.TrimSpace(inner) == inner {
			return start, end + 1, true
		}
		start = end
	}
	return 0, 0, false
}

// unemphasized is a text without the asterisks of its emphasis.
func unemphasized(s string) string {
	var b strings.Builder
	for {
		start, end, ok := emphasis(s)
		if !ok {
			return b.String() + s
		}
		b.WriteString(s[:start] + s[start+1:end-1])
		s = s[end:]
	}
}

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
		switch item, ordered, isItem := listItem(line); {
		case strings.TrimSpace(line) == "":
			flush()
			endList()
		case isItem:
			flush()
			end()
			kind := "ul"
			if ordered {
				kind = "ol"
			}
			if kind != list {
				endList()
				h.raw("<" + kind + ">\n")
				list = kind
			}
			h.raw("<li>")
			open, text = "li", []string{item}
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
	for {
		start, end, ok := emphasis(s)
		if !ok {
			h.say(s)
			return
		}
		h.say(s[:start])
		h.raw("<em>" + escaped(s[start+1:end-1]) + "</em>")
		s = s[end:]
	}
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
