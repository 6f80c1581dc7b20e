package catalog

import (
	"errors"
	"strings"
)

// Encode writes a catalogue that Load reads: services sorted by prefix, in
// each of them everything sorted by name, the Type of an ActionResource one of
// its service's. The same services give the same text. An error names the first
// thing that does not fit.
func Encode(date string, services []Service) (string, error) {
	e := encoder{services: services, words: map[string]int{}, actions: map[string]dependedNoun{}, depended: map[string]int{}}
	e.checkOrder()
	e.collectForms()
	e.collectWords()
	var blocks []byte
	sizes := make([]int, len(services))
	for i := range services {
		before := len(blocks)
		blocks = e.service(blocks, &services[i], e.nouns[i])
		sizes[i] = len(blocks) - before
	}
	rest := string(append(e.head(e.string(nil, date), sizes), blocks...))
	for i := 0; i < len(rest); i++ {
		if digit(rest[i]) >= digits {
			e.fail("a character that is not printable ASCII, or a quotation mark or backslash, comes after " + rest[max(0, i-20):i])
			break
		}
	}
	return magic + checksum(rest) + string(mark) + rest, e.err
}

type encoder struct {
	services      []Service
	forms         []form
	formSets      [][]int
	nouns         [][]noun // by service
	table         []string
	words         map[string]int          // word → its number
	actions       map[string]dependedNoun // by name with prefix
	dependedTable []dependedNoun
	depended      map[string]int // action that others depend on → its number
	err           error
}

func (e *encoder) fail(message string) {
	if e.err == nil {
		e.err = errors.New("catalogue: " + message)
	}
}

// checkOrder fails for the first thing that does not come after the one before.
func (e *encoder) checkOrder() {
	var services names
	for i := range e.services {
		s := &e.services[i]
		services = append(services, s.Prefix)
		var keys, types, actions names
		for _, k := range s.Keys {
			keys = append(keys, k.Name)
		}
		for _, t := range s.ResourceTypes {
			types = append(types, t.Name)
		}
		for _, a := range s.Actions {
			actions = append(actions, a.Name)
		}
		keys.check(e, "key", " of "+s.Prefix)
		types.check(e, "resource type", " of "+s.Prefix)
		actions.check(e, "action", " of "+s.Prefix)
	}
	services.check(e, "service", "")
}

// names are those of a list's members.
type names []string

func (list names) check(e *encoder, what, where string) {
	if len(list) > most {
		e.fail("the list with the " + what + " " + list[most] + where + " is too long")
	}
	for i, name := range list {
		if i > 0 && list[i-1] >= name {
			e.fail("the " + what + " " + name + where + " is out of order")
		}
		if len(name) > longest {
			e.fail("the " + what + " " + name + where + " is too long")
		}
	}
}

// count writes how many things follow.
func (e *encoder) count(out []byte, n int) []byte {
	if n > most {
		e.fail("a list is too long")
	}
	return e.number(out, n)
}

// head writes what comes before the blocks.
func (e *encoder) head(out []byte, sizes []int) []byte {
	out = e.count(out, len(e.table))
	for _, w := range e.table {
		out = e.string(out, w)
	}
	out = e.count(out, len(e.forms))
	for _, f := range e.forms {
		out = e.number(e.number(e.name(out, "", f.verb, new([]int)), f.ending), f.kind)
	}
	out = e.count(out, len(e.formSets))
	for _, set := range e.formSets {
		out = e.rising(out, set)
	}
	out = e.count(out, len(e.dependedTable))
	for _, d := range e.dependedTable {
		out = e.number(e.name(e.number(out, d.service), "", d.noun, new([]int)), d.form)
	}
	out = e.count(out, len(e.services))
	for i := range e.services {
		s := &e.services[i]
		foreign := false
		for _, k := range s.Keys {
			foreign = foreign || !strings.HasPrefix(k.Name, s.Prefix+":") && !strings.HasPrefix(k.Name, "aws:")
		}
		out = e.string(e.string(out, s.Prefix), s.Name)
		out = e.number(e.flag(e.flag(out, s.RCP), foreign), sizes[i])
	}
	return out
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

// rising writes a list of numbers, each greater than the one before.
func (e *encoder) rising(out []byte, list []int) []byte {
	out = e.count(out, len(list))
	next := 0
	for _, n := range list {
		if n < next {
			e.fail("a list is not in order")
			return out
		}
		out = e.number(out, n-next)
		next = n + 1
	}
	return out
}

// name writes a name; last are the words of the name before, and then its own.
func (e *encoder) name(out []byte, prefix, name string, last *[]int) []byte {
	if len(name) > longest {
		e.fail("the name " + name + " is too long")
		return out
	}
	var numbers []int
	for rest := name; rest != ""; {
		before, after, found := rest, "", false
		if prefix != "" {
			before, after, found = strings.Cut(rest, prefix+":")
		}
		for _, w := range split(before) {
			n, ok := e.words[w]
			if !ok {
				e.fail("the name " + name + " has a word that is not in the table")
			}
			numbers = append(numbers, n)
		}
		if found {
			numbers = append(numbers, ownPrefix)
		}
		rest = after
	}
	shared := 0
	for shared < min(len(numbers), len(*last)) && numbers[shared] == (*last)[shared] {
		shared++
	}
	*last = numbers
	out = e.number(out, shared)
	for _, n := range numbers[shared:] {
		out = e.number(out, n)
	}
	return e.number(out, endOfName)
}

// sets numbers the distinct sets of a service in the order in which they are
// met; 0 is the empty one.
type sets struct {
	numbers map[string]int
	texts   []string
}

func (s *sets) of(text string) int {
	n, ok := s.numbers[text]
	if !ok {
		s.texts = append(s.texts, text)
		n = len(s.texts)
		s.numbers[text] = n
	}
	return n
}

func (s *sets) write(e *encoder, out []byte) []byte {
	out = e.count(out, len(s.texts))
	for _, t := range s.texts {
		out = append(out, t...)
	}
	return out
}

// service writes a service's block.
func (e *encoder) service(out []byte, s *Service, nouns []noun) []byte {
	where := " of " + s.Prefix
	var last []int
	keys := make(map[string]int, len(s.Keys))
	out = e.count(out, len(s.Keys))
	for i, k := range s.Keys {
		keys[k.Name] = i
		out = e.name(out, s.Prefix, k.Name, &last)
	}
	for _, k := range s.Keys {
		t := 2 * int(k.Type)
		if k.Multi {
			t++
		}
		out = e.number(out, t)
	}

	keySets, resourceSets, dependentSets := sets{numbers: map[string]int{}}, sets{numbers: map[string]int{}}, sets{numbers: map[string]int{}}
	keySet := func(names []string) int {
		if len(names) == 0 {
			return 0
		}
		list := make([]int, len(names))
		for i, name := range names {
			n, ok := keys[name]
			if !ok {
				e.fail("the key " + name + where + " is not there")
			}
			list[i] = n
		}
		return keySets.of(string(e.rising(nil, list)))
	}

	last = nil
	types := e.count(nil, len(s.ResourceTypes))
	for _, t := range s.ResourceTypes {
		types = e.name(types, s.Prefix, t.Name, &last)
	}
	last = nil
	for _, t := range s.ResourceTypes {
		types = e.name(types, s.Prefix, t.ARN, &last)
	}
	for _, t := range s.ResourceTypes {
		types = e.number(types, keySet(t.Keys))
	}

	resourceSet := func(a *Action) int {
		if len(a.Resources) == 0 {
			return 0
		}
		text := e.count(nil, len(a.Resources))
		for _, link := range a.Resources {
			n := -1
			for i := range s.ResourceTypes {
				if &s.ResourceTypes[i] == link.Type {
					n = 2 * i
				}
			}
			if n < 0 {
				e.fail("a resource type of " + a.Name + where + " is not one of its service")
				return 0
			}
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
		text := e.count(nil, len(names))
		for _, name := range names {
			n, ok := e.depended[name]
			if !ok {
				if _, ok := e.actions[name]; !ok {
					e.fail("the action " + name + ", which one" + where + " depends on, is not there")
				}
				n = len(e.dependedTable)
				e.depended[name] = n
				e.dependedTable = append(e.dependedTable, e.actions[name])
			}
			text = e.number(text, n)
		}
		return dependentSets.of(string(text))
	}

	names := e.count(nil, len(nouns))
	var ofNouns, ofKinds, ofKeys, ofResources, ofDependents []byte
	recent := []int{0}
	last = nil
	for _, n := range nouns {
		names = e.name(names, s.Prefix, n.text, &last)
		ofNouns = e.number(ofNouns, n.set)
		for i, a := range n.actions {
			kind := 0
			if have := kindOf(a.Level, a.PermissionOnly); have != e.forms[e.formSets[n.set][i]].kind {
				kind = have + 1
			}
			ofKinds = e.number(ofKinds, kind)
			ofKeys = e.number(ofKeys, keySet(a.Keys))
			ofDependents = e.number(ofDependents, dependentSet(a.Dependent))

			set := resourceSet(a)
			at := 0
			for at < len(recent) && recent[at] != set {
				at++
			}
			if at == len(recent) {
				ofResources = e.number(ofResources, 0)
				recent = append(recent, set)
			} else {
				ofResources = e.number(ofResources, at+1)
			}
			copy(recent[1:at+1], recent)
			recent[0] = set
		}
	}
	out = keySets.write(e, out)
	out = append(out, types...)
	out = resourceSets.write(e, out)
	out = dependentSets.write(e, out)
	for _, column := range [][]byte{names, ofNouns, ofKinds, ofKeys, ofResources, ofDependents} {
		out = append(out, column...)
	}
	return out
}
