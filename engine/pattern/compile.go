package pattern

import (
	"strings"
	"unicode/utf8"
)

// Problem is a mistake in a pattern's text, with AWS's code for it.
type Problem struct {
	Code string
	// Start and End are byte offsets into the text.
	Start, End    int
	Message, Hint string
}

// The codes of the problems that Compile reports.
const (
	MissingBrace     = "MISSING_BRACE_IN_VARIABLE"
	MissingQuote     = "MISSING_QUOTE_IN_VARIABLE"
	UnsupportedSpace = "UNSUPPORTED_SPACE_IN_VARIABLE"
	EmptyVariable    = "EMPTY_VARIABLE"
)

// Compile reads a text. It never fails: a broken variable is reported and
// taken literally, with whatever it encloses. slot numbers a context key and
// is given its name in lower case; it is called only if o.Variables is set.
func Compile(text string, o Options, slot func(key string) int) (Pattern, []Problem) {
	switch n := plain(text, o); {
	case n == len(text):
		return Pattern{text: text, shape: exact, fold: o.FoldCase}, nil
	case text[n:] == "*" && o.Wildcards && n == 0:
		return Pattern{text: text, shape: anything, fold: o.FoldCase}, nil
	case text[n:] == "*" && o.Wildcards:
		return Pattern{text: text, shape: prefix, fold: o.FoldCase}, nil
	}
	c := compiler{text: text, parts: make([]part, 0, pieces(text, o))}
	var problems []Problem
	for i := 0; i < len(text); {
		switch {
		case o.Variables && strings.HasPrefix(text[i:], "${"):
			r := scan(text, i)
			inner := text[i+len("${") : r.end]
			switch {
			case r.problem.Code != "":
				problems = append(problems, r.problem)
				c.literal(i, r.end)
			case inner == "*}" || inner == "?}" || inner == "$}":
				c.literal(i+len("${"), i+len("${*"))
			default:
				c.variable(text[i:r.end], r.variable, slot)
			}
			i = r.end
		case o.Wildcards && text[i] == '*':
			c.wildcard(run)
			i++
		case o.Wildcards && text[i] == '?':
			c.wildcard(one)
			i++
		default:
			c.literal(i, i+1)
			i++
		}
	}
	return c.finish(o.FoldCase), problems
}

// plain is how many bytes of a text stand before anything special.
//
//go:noinline
func plain(text string, o Options) int {
	for i := range len(text) {
		if c := text[i]; o.Wildcards && (c == '*' || c == '?') || o.Variables && c == '$' {
			return i
		}
	}
	return len(text)
}

// pieces is how many parts a text has; with variables, it may have fewer.
//
//go:noinline
func pieces(text string, o Options) int {
	n, inside := 0, false // inside a literal
	for i := range len(text) {
		switch c := text[i]; {
		case o.Wildcards && (c == '*' || c == '?'):
			if c == '?' || i == 0 || text[i-1] != '*' {
				n++
			}
			inside = false
		case o.Variables && c == '$':
			n++
			inside = false
		case !inside:
			n++
			inside = true
		}
	}
	return n
}

// compiler collects parts.
type compiler struct {
	text  string
	parts []part
	// The literal text not yet made a part is that from start to end, unless it
	// is in pieces, which are joined.
	start, end int
	joined     []byte
	variables  []Variable
}

// literal adds the text from one offset to another.
func (c *compiler) literal(from, to int) {
	switch {
	case c.joined != nil:
		c.joined = append(c.joined, c.text[from:to]...)
	case c.start == c.end:
		c.start, c.end = from, to
	case c.end == from:
		c.end = to
	default:
		c.joined = append(append(c.joined, c.text[c.start:c.end]...), c.text[from:to]...)
	}
}

func (c *compiler) flush() {
	text := c.text[c.start:c.end]
	if c.joined != nil {
		text = string(c.joined)
	}
	c.start, c.end, c.joined = 0, 0, nil
	if text != "" {
		c.parts = append(c.parts, part{kind: literal, text: text, number: int32(utf8.RuneCountInString(text))})
	}
}

func (c *compiler) wildcard(k kind) {
	c.flush()
	if n := len(c.parts); k == run && n > 0 && c.parts[n-1].kind == run {
		return
	}
	c.parts = append(c.parts, part{kind: k})
}

func (c *compiler) variable(written string, v Variable, slot func(string) int) {
	c.flush()
	v.Slot = slot(strings.ToLower(v.Key))
	c.parts = append(c.parts, part{kind: variable, text: written, number: int32(len(c.variables))})
	c.variables = append(c.variables, v)
}

func (c *compiler) finish(fold bool) Pattern {
	c.flush()
	p := Pattern{text: c.text, shape: general, fold: fold, parts: c.parts}
	if len(c.variables) > 0 {
		variables := c.variables
		p.variables = &variables
	}
	switch n := len(p.parts); {
	case n == 0:
		p.shape = exact
	case n == 1 && p.parts[0].kind == literal:
		p.shape = exact
	case n == 1 && p.parts[0].kind == run:
		p.shape = anything
	case n == 2 && p.parts[0].kind == literal && p.parts[1].kind == run:
		p.shape = prefix
	}
	return p
}

// VariableEnd is the end of the whole variable that starts at the byte offset
// at of text, or at if none starts there or its closing brace is missing.
// A wrongly written variable that has its closing brace is whole.
func VariableEnd(text string, at int) int {
	if !strings.HasPrefix(text[at:], "${") {
		return at
	}
	r := scan(text, at)
	if r.problem.Code == MissingBrace {
		return at
	}
	return r.end
}

// scanned is what scan read: a variable up to end, or a problem.
type scanned struct {
	end      int
	variable Variable
	problem  Problem
}

// scan reads the variable that starts with "${" at start. A variable without
// a closing brace ends before the next "${" or with the text.
func scan(text string, start int) scanned {
	body := start + len("${")
	limit := len(text)
	if next := strings.Index(text[body:], "${"); next >= 0 {
		limit = body + next
	}
	broken := func(code string, end int, message, hint string) scanned {
		return scanned{end: end, problem: Problem{Code: code, Start: start, End: end,
			Message: message + " in \"" + text[start:end] + "\"", Hint: hint}}
	}
	missingBrace := func() scanned {
		return broken(MissingBrace, limit, "no closing brace", "close the variable with }, as in ${aws:username}")
	}
	mark := strings.IndexAny(text[body:limit], ",}")
	if mark < 0 {
		return missingBrace()
	}
	key := text[body : body+mark]
	at := body + mark + 1
	end, v := at, Variable{Key: key}
	if text[at-1] == ',' {
		blanks := at
		for at < limit && text[at] == ' ' {
			at++
		}
		blanks = at - blanks
		quote := -1
		if at < limit && text[at] == '\'' {
			quote = strings.Index(text[at+1:limit], "'}")
		}
		if quote < 0 {
			brace := strings.IndexByte(text[at:limit], '}')
			if brace < 0 {
				return missingBrace()
			}
			end = at + brace + 1
			given := text[at : at+brace]
			if trimmed := strings.TrimRight(given, " "); trimmed != given && len(trimmed) > 1 && trimmed[0] == '\'' && trimmed[len(trimmed)-1] == '\'' {
				return broken(UnsupportedSpace, end, "blank before the closing brace", "remove the blank")
			}
			return broken(MissingQuote, end, "default value without both quotes", "put the default value between single quotes, as in ${aws:username, 'nobody'}")
		}
		v.Default, v.HasDefault = text[at+1:at+1+quote], true
		end = at + 1 + quote + len("'}")
		if blanks > 1 {
			return broken(UnsupportedSpace, end, "more than one blank after the comma", "write one blank, as in ${aws:username, 'nobody'}")
		}
	}
	if key == "" {
		return broken(EmptyVariable, end, "no context key", "name a context key, as in ${aws:username}")
	}
	if strings.ContainsAny(key, " \t\r\n") {
		return broken(UnsupportedSpace, end, "blank in the name of the variable", "remove the blank: context keys in variables have none")
	}
	return scanned{end: end, variable: v}
}
