package catalog

import (
	"errors"
	"sort"
	"strings"
)

// Encode writes a catalogue that Load reads: services sorted by prefix, in
// each of them everything sorted by name, the Type of an ActionResource one of
// its service's. The same services give the same text. An error names the first
// thing that does not fit.
func Encode(date string, services []Service) (string, error) {
	e := encoder{services: services, words: map[string]int{}, depended: map[string]int{}}
	e.collectWords()
	var blocks, head []byte
	sizes := make([]int, len(services))
	for i := range services {
		before := len(blocks)
		blocks = e.service(blocks, &services[i])
		sizes[i] = len(blocks) - before
	}
	head = e.number(head, len(e.table))
	for _, w := range e.table {
		head = e.string(head, w)
	}
	head = e.number(head, len(e.dependedTable))
	for _, full := range e.dependedTable {
		prefix, name, _ := strings.Cut(full, ":")
		i := sort.Search(len(services), func(i int) bool { return services[i].Prefix >= prefix })
		if i == len(services) || services[i].Prefix != prefix || services[i].Action(name) == nil {
			e.fail("the dependent action " + full + " is not in the catalogue")
		}
		head = e.name(e.number(head, i), "", name)
	}
	head = e.number(head, len(services))
	for i := range services {
		s := &services[i]
		if i > 0 && services[i-1].Prefix >= s.Prefix {
			e.fail("the service " + s.Prefix + " does not come after " + services[i-1].Prefix)
		}
		foreign := false
		for _, k := range s.Keys {
			foreign = foreign || !strings.HasPrefix(k.Name, s.Prefix+":") && !strings.HasPrefix(k.Name, "aws:")
		}
		head = e.string(e.string(head, s.Prefix), s.Name)
		head = e.number(e.flag(e.flag(head, s.RCP), foreign), sizes[i])
	}
	rest := string(head) + string(blocks)
	for i := 0; i < len(rest); i++ {
		if digit(rest[i]) >= digits {
			e.fail("a character is not printable ASCII, or a quotation mark or backslash, near " + rest[max(0, i-20):i])
			break
		}
	}
	if strings.IndexByte(date, mark) >= 0 {
		e.fail("the date has a mark")
	}
	return magic + date + string(mark) + checksum(date+rest) + string(mark) + rest, e.err
}

type encoder struct {
	services      []Service
	words         map[string]int
	table         []string
	depended      map[string]int
	dependedTable []string
	err           error
}

func (e *encoder) fail(message string) {
	if e.err == nil {
		e.err = errors.New("catalogue: " + message)
	}
}

// collectWords makes the table of words: the frequent ones first, since their
// numbers are short.
func (e *encoder) collectWords() {
	count := map[string]int{}
	add := func(name string) {
		for _, w := range split(name) {
			count[w]++
		}
	}
	for i := range e.services {
		s := &e.services[i]
		for _, a := range s.Actions {
			add(a.Name)
		}
		for _, t := range s.ResourceTypes {
			add(t.Name)
			add(strings.ReplaceAll(t.ARN, s.Prefix+":", ""))
		}
		for _, k := range s.Keys {
			add(strings.ReplaceAll(k.Name, s.Prefix+":", ""))
		}
	}
	for w := range count {
		e.table = append(e.table, w)
	}
	sort.Slice(e.table, func(i, j int) bool {
		a, b := e.table[i], e.table[j]
		if count[a] != count[b] {
			return count[a] > count[b]
		}
		return a < b
	})
	for i, w := range e.table {
		e.words[w] = i + 1
	}
}

// phrases are words in spite of what they are made of.
var phrases = []string{"arn:${Partition}:", "${Region}:${Account}:", "${TagKey}"}

// split takes a name apart into words: phrases, placeholders, capitalized
// words, numbers, single characters.
func split(name string) (words []string) {
	for name != "" {
		n := 0
		for _, p := range phrases {
			if strings.HasPrefix(name, p) {
				n = len(p)
			}
		}
		if n == 0 {
			n = word(name)
		}
		words = append(words, name[:n])
		name = name[n:]
	}
	return words
}

// word is the length of the first word of a name.
func word(name string) int {
	class := func(i int) byte {
		switch {
		case i >= len(name):
			return 0
		case 'a' <= name[i] && name[i] <= 'z':
			return 'a'
		case 'A' <= name[i] && name[i] <= 'Z':
			return 'A'
		case '0' <= name[i] && name[i] <= '9':
			return '0'
		}
		return '-'
	}
	first, n := class(0), 1
	switch first {
	case 'A':
		for class(n) == 'A' {
			n++
		}
		if class(n) != 'a' {
			return n
		}
		if n > 1 {
			return n - 1 // the last capital begins the next word
		}
		for class(n) == 'a' {
			n++
		}
	case 'a', '0':
		for class(n) == first {
			n++
		}
	}
	return n
}

func (e *encoder) number(out []byte, n int) []byte {
	var back [8]byte
	i := len(back) - 1
	back[i] = character(n % lastDigits)
	for n /= lastDigits; n > 0; n = (n - 1) / moreDigits {
		i--
		back[i] = character(lastDigits + (n-1)%moreDigits)
	}
	return append(out, back[i:]...)
}

// character is the inverse of digit.
func character(d int) byte {
	c := byte(d) + ' '
	if c >= '"' {
		c++
	}
	if c >= '\\' {
		c++
	}
	return c
}

func (e *encoder) flag(out []byte, b bool) []byte {
	if b {
		return e.number(out, 1)
	}
	return e.number(out, 0)
}

func (e *encoder) string(out []byte, s string) []byte {
	if strings.IndexByte(s, mark) >= 0 {
		e.fail(s + " has a mark")
	}
	return append(append(out, s...), mark)
}

func (e *encoder) name(out []byte, prefix, name string) []byte {
	if len(name) > longest {
		e.fail("the name " + name + " is too long")
	}
	var numbers []int
	for name != "" {
		before, after, own := name, "", false
		if prefix != "" {
			before, after, own = strings.Cut(name, prefix+":")
		}
		for _, w := range split(before) {
			n := e.words[w]
			if n == 0 {
				e.fail("the name " + name + " has a word of its own")
			}
			numbers = append(numbers, n)
		}
		if own {
			numbers = append(numbers, 0)
		}
		name = after
	}
	out = e.number(out, len(numbers))
	for _, n := range numbers {
		out = e.number(out, n)
	}
	return out
}

// sets numbers the distinct sets of a service in the order in which they are met; 0 is the empty one.
type sets struct {
	number map[string]int
	texts  []string
}

func (s *sets) of(text string) int {
	if text == "" {
		return 0
	}
	if n, ok := s.number[text]; ok {
		return n
	}
	s.texts = append(s.texts, text)
	s.number[text] = len(s.texts)
	return len(s.texts)
}

func (s *sets) write(e *encoder, out []byte) []byte {
	out = e.number(out, len(s.texts))
	for _, t := range s.texts {
		out = append(out, t...)
	}
	return out
}

func (e *encoder) service(out []byte, s *Service) []byte {
	where := " of " + s.Prefix
	keys := make(map[string]int, len(s.Keys))
	out = e.number(out, len(s.Keys))
	for i, k := range s.Keys {
		if i > 0 && s.Keys[i-1].Name >= k.Name {
			e.fail("the key " + k.Name + where + " is out of order")
		}
		keys[k.Name] = i
		out = e.name(out, s.Prefix, k.Name)
		t := 2 * int(k.Type)
		if k.Multi {
			t++
		}
		out = e.number(out, t)
	}

	keySets, resourceSets, dependentSets := sets{number: map[string]int{}}, sets{number: map[string]int{}}, sets{number: map[string]int{}}
	keySet := func(names []string) int {
		if len(names) == 0 {
			return 0
		}
		text, next := e.number(nil, len(names)), 0
		for _, name := range names {
			i, ok := keys[name]
			if !ok || i < next {
				e.fail("the key " + name + where + " is unknown or out of order")
				return 0
			}
			text = e.number(text, i-next)
			next = i + 1
		}
		return keySets.of(string(text))
	}

	var types []byte
	types = e.number(types, len(s.ResourceTypes))
	for i := range s.ResourceTypes {
		t := &s.ResourceTypes[i]
		if i > 0 && s.ResourceTypes[i-1].Name >= t.Name {
			e.fail("the resource type " + t.Name + where + " is out of order")
		}
		types = e.name(e.name(types, s.Prefix, t.Name), s.Prefix, t.ARN)
		types = e.number(types, keySet(t.Keys))
	}

	resourceSet := func(a *Action) int {
		if len(a.Resources) == 0 {
			return 0
		}
		text := e.number(nil, len(a.Resources))
		for _, link := range a.Resources {
			n := -1
			for i := range s.ResourceTypes {
				if &s.ResourceTypes[i] == link.Type {
					n = i
				}
			}
			if n < 0 {
				e.fail("a resource type of " + a.Name + where + " is not one of its service")
				return 0
			}
			n *= 2
			if link.Required {
				n++
			}
			text = e.number(e.number(text, n), keySet(link.Keys))
		}
		return resourceSets.of(string(text))
	}
	dependentSet := func(names []string) int {
		if len(names) == 0 {
			return 0
		}
		text := e.number(nil, len(names))
		for _, full := range names {
			n, ok := e.depended[full]
			if !ok {
				n = len(e.dependedTable)
				e.depended[full] = n
				e.dependedTable = append(e.dependedTable, full)
			}
			text = e.number(text, n)
		}
		return dependentSets.of(string(text))
	}

	var names, levels, ofKeys, ofResources, ofDependents []byte
	for i := range s.Actions {
		a := &s.Actions[i]
		if i > 0 && s.Actions[i-1].Name >= a.Name {
			e.fail("the action " + a.Name + where + " is out of order")
		}
		names = e.name(names, s.Prefix, a.Name)
		level := 2 * int(a.Level)
		if a.PermissionOnly {
			level++
		}
		levels = e.number(levels, level)
		ofKeys = e.number(ofKeys, keySet(a.Keys))
		ofResources = e.number(ofResources, resourceSet(a))
		ofDependents = e.number(ofDependents, dependentSet(a.Dependent))
	}
	out = keySets.write(e, out)
	out = append(out, types...)
	out = resourceSets.write(e, out)
	out = dependentSets.write(e, out)
	out = e.number(out, len(s.Actions))
	for _, column := range [][]byte{names, levels, ofKeys, ofResources, ofDependents} {
		out = append(out, column...)
	}
	return out
}
