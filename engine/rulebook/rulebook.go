// Package rulebook has the rules by which the engine decides, in words: numbered
// sections of rules, each with AWS's page, the scenario that shows it and the
// tests that prove it.
//
// The words are rules.md, which is Markdown of a small grammar:
//
//	# Title, and paragraphs about the book
//	## 7.3 Title of a section, and paragraphs
//	### 7.3-role: Title of a rule, and paragraphs, lists and tables
//	- Pages: [EVAL], [POL]       one or more of the addresses at the end
//	- Scenario: folder/name      or "No scenario: why"
//	- No test: why               only for a rule that the engine does not have yet
//	- Tests: pattern; pattern    which rows of testdata/rules.tsv prove the rule
//	  pattern                    a line that begins with two blanks goes on
//	[EVAL]: https://… "Title"    the addresses, at the end of the book
//
// A pattern covers the rows of the rule's own section whose text it matches: * is
// any run of characters, ** an asterisk. With "@3.2 " before it, a pattern names
// rows of another section. A row belongs to the first rule of its section that
// covers it, and to the section where none does. In a text, [7.3] or [7.3-role] is a
// reference to that section or rule.
//
// Nothing that runs in the browser imports this package.
package rulebook

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed rules.md
var text string

// Book is all rules.
type Book struct {
	Title string
	// About is the text before the first section: paragraphs, with a blank line
	// between them.
	About    string
	Sections []Section
}

// Section is what a number of the book stands for.
type Section struct {
	ID    string // "7.3", or a word for what is no rule of AWS's
	Title string
	Text  string // before the first rule; "" for none
	Rules []Rule
	// Rows are those that no rule of the section covers.
	Rows []Row
}

// Numbered reports whether the section's ID is a number.
func (s *Section) Numbered() bool { return s.ID[0] >= '0' && s.ID[0] <= '9' }

// Rule is one rule of AWS's.
type Rule struct {
	ID    string // "7.3-role": the section, and a word that stays
	Title string
	Text  string // paragraphs, lists and tables
	Pages []Page
	// Scenario is a shipped scenario that shows the rule, as "folder/name"; where
	// there is none, NoScenario says why.
	Scenario, NoScenario string
	// NoTest says why a rule has no test; "" for one that has.
	NoTest string
	// Rows are what the tests prove of the rule.
	Rows   []Row
	covers []pattern
}

// Page is a page of AWS's.
type Page struct{ Title, URL string }

// Row is a row of testdata/rules.tsv: a rule in one line, and its test.
type Row struct {
	ID   string // "7.3-a-role-named-in-the-resource-policy-…": as stable as its text
	Text string
	Test string // "TestEvaluationRules/7.3 …", or "none: " and why
}

// Of returns the section of a rule, a row or a section: what stands before the
// first hyphen.
func Of(id string) string {
	section, _, _ := strings.Cut(id, "-")
	return section
}

// IDs returns the sections and rules of the book, in its order.
func (b *Book) IDs() []string {
	var list []string
	for _, s := range b.Sections {
		list = append(list, s.ID)
		for _, r := range s.Rules {
			list = append(list, r.ID)
		}
	}
	return list
}

// Read reads the book, without rows. An error is a mistake in rules.md.
func Read() (*Book, error) { return parse(text) }

// reader is the state of reading a book.
type reader struct {
	book  *Book
	pages map[string]Page
	cites []cite
	lines []string
}

// cite is a page that a rule names: the rule by its place, and the page's name.
type cite struct {
	section, rule int
	name          string
}

func parse(text string) (*Book, error) {
	r := &reader{book: &Book{}, pages: map[string]Page{}}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line, at := lines[i], i+1
		for strings.HasPrefix(line, "- ") && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "  ") {
			i++
			line += " " + strings.TrimSpace(lines[i])
		}
		if err := r.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", at, err)
		}
	}
	r.flush()
	for _, c := range r.cites {
		rule := &r.book.Sections[c.section].Rules[c.rule]
		page, ok := r.pages[c.name]
		if !ok {
			return nil, fmt.Errorf("rule %s: found page %q, expected one of those at the end of the book", rule.ID,
				c.name)
		}
		rule.Pages = append(rule.Pages, page)
	}
	return r.book, nil
}

// section is the last section, and rule its last rule; nil for none.
func (r *reader) section() *Section {
	if n := len(r.book.Sections); n > 0 {
		return &r.book.Sections[n-1]
	}
	return nil
}

func (r *reader) rule() *Rule {
	if s := r.section(); s != nil && len(s.Rules) > 0 {
		return &s.Rules[len(s.Rules)-1]
	}
	return nil
}

// flush gives the lines so far to what they are about.
func (r *reader) flush() {
	text := strings.TrimSpace(strings.Join(r.lines, "\n"))
	r.lines = nil
	switch rule, section := r.rule(), r.section(); {
	case rule != nil:
		rule.Text += text
	case section != nil:
		section.Text += text
	default:
		r.book.About += text
	}
}

func (r *reader) line(line string) error {
	if rest, ok := strings.CutPrefix(line, "### "); ok {
		r.flush()
		id, title, ok := strings.Cut(rest, ": ")
		s := r.section()
		if !ok || s == nil || !strings.HasPrefix(id, s.ID+"-") {
			return fmt.Errorf("found rule %q, expected the section, a hyphen, a word, a colon and a title", rest)
		}
		s.Rules = append(s.Rules, Rule{ID: id, Title: title})
		return nil
	}
	if rest, ok := strings.CutPrefix(line, "## "); ok {
		r.flush()
		id, title, ok := strings.Cut(rest, " ")
		if !ok || strings.Contains(id, "-") {
			return fmt.Errorf("found section %q, expected a number and a title", rest)
		}
		r.book.Sections = append(r.book.Sections, Section{ID: id, Title: title})
		return nil
	}
	if rest, ok := strings.CutPrefix(line, "# "); ok {
		r.book.Title = rest
		return nil
	}
	if name, rest, ok := strings.Cut(line, "]: "); ok && strings.HasPrefix(name, "[") {
		url, title, ok := strings.Cut(rest, ` "`)
		if !ok || !strings.HasSuffix(title, `"`) {
			return fmt.Errorf("found page %q, expected an address and a title in quotes", line)
		}
		r.pages[name[1:]] = Page{strings.TrimSuffix(title, `"`), url}
		return nil
	}
	if name, value, ok := strings.Cut(line, ": "); ok && strings.HasPrefix(name, "- ") && r.rule() != nil {
		if done, err := r.member(name[2:], value); done || err != nil {
			return err
		}
	}
	r.lines = append(r.lines, line)
	return nil
}

// member reads a line at the end of a rule. done is false for another item of
// a list.
func (r *reader) member(name, value string) (done bool, err error) {
	rule := r.rule()
	switch name {
	case "Pages":
		for name := range strings.SplitSeq(value, ", ") {
			s := len(r.book.Sections) - 1
			r.cites = append(r.cites, cite{s, len(r.book.Sections[s].Rules) - 1, strings.Trim(name, "[]")})
		}
	case "Scenario":
		rule.Scenario = value
	case "No scenario":
		rule.NoScenario = value
	case "No test":
		rule.NoTest = value
	case "Tests":
		for one := range strings.SplitSeq(value, "; ") {
			p := pattern{section: Of(rule.ID), text: one}
			if rest, ok := strings.CutPrefix(one, "@"); ok {
				p.elsewhere = true
				if p.section, p.text, ok = strings.Cut(rest, " "); !ok {
					return true, fmt.Errorf("found tests %q, expected @, a section and a pattern", one)
				}
			}
			rule.covers = append(rule.covers, p)
		}
	default:
		return false, nil
	}
	return true, nil
}

// pattern covers rows.
type pattern struct {
	section, text string
	elsewhere     bool
}

// matches reports whether a row's text is covered.
func (p pattern) matches(section, row string) bool {
	if section != p.section {
		return false
	}
	// An asterisk of the text stands as a sign that no row has.
	parts := strings.Split(strings.ReplaceAll(p.text, "**", "\x00"), "*")
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], "\x00", "*")
	}
	rest, ok := strings.CutPrefix(row, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, last)
}

// Attach gives the rows of testdata/rules.tsv to the rules. An error is a row of
// an unknown section or without three columns.
func (b *Book) Attach(rows string) error {
	seen := map[string]bool{}
	for _, id := range b.IDs() {
		seen[id] = true
	}
	lines := strings.Split(strings.TrimSuffix(rows, "\n"), "\n")
	for i, line := range lines[1:] {
		columns := strings.Split(line, "\t")
		if len(columns) != 3 {
			return fmt.Errorf("row %d: found %d columns, expected section, rule and test", i+2, len(columns))
		}
		row := Row{ID: columns[0] + "-" + slug(columns[1]), Text: columns[1], Test: columns[2]}
		for n, first := 2, row.ID; seen[row.ID]; n++ {
			row.ID = fmt.Sprintf("%s-%d", first, n)
		}
		seen[row.ID] = true
		if !b.attach(columns[0], row) {
			return fmt.Errorf("row %d: found section %q, expected one of the book's", i+2, columns[0])
		}
	}
	return nil
}

// attach gives a row to the first rule of its section that covers it, and to
// all rules of other sections that name it. It returns false for a row of no
// section.
func (b *Book) attach(section string, row Row) bool {
	var home *Section
	taken := false
	for i := range b.Sections {
		s := &b.Sections[i]
		if s.ID == section {
			home = s
		}
		for j := range s.Rules {
			r := &s.Rules[j]
			for _, p := range r.covers {
				if p.matches(section, row.Text) && (p.elsewhere || !taken) {
					taken = taken || !p.elsewhere
					r.Rows = append(r.Rows, row)
					break
				}
			}
		}
	}
	if home != nil && !taken {
		home.Rows = append(home.Rows, row)
	}
	return home != nil
}

// slug is a text in lower-case letters, digits and hyphens.
func slug(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
		}
		gap = r < '0' || r > 'z' || r > '9' && r < 'a'
	}
	return b.String()
}
