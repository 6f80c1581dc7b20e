package catalog

import (
	"sort"
	"strings"
)

// noun is what several actions of a service share: the actions, by the forms of its set.
type noun struct {
	text    string
	set     int // of formSets
	actions []*Action
}

// dependedNoun is an action that others depend on.
type dependedNoun struct {
	service, form int
	noun          string
}

// use is a form without what is usual for it.
type use struct {
	verb   string
	ending int
}

// taken takes an action's name apart, in the way that gives it a noun that
// other actions have as well; rests has the service's names without their verbs.
func taken(name string, rests map[string]bool) (u use, noun string) {
	n := word(name)
	u.verb, noun = name[:n], name[n:]
	for i := len(endings) - 1; i > 0; i-- {
		if stem, ok := strings.CutSuffix(noun, endings[i].more); ok && rests[stem+endings[i].less] {
			return use{u.verb, i}, stem + endings[i].less
		}
	}
	return u, noun
}

// collectForms finds the forms of all actions, the sets of them that nouns
// have, and every service's nouns.
func (e *encoder) collectForms() {
	type member struct {
		use
		action *Action
	}
	groups := make([]map[string][]member, len(e.services))
	kindsOf := map[use]*[kinds]int{}
	for i := range e.services {
		s := &e.services[i]
		rests := map[string]bool{}
		for _, a := range s.Actions {
			rests[a.Name[word(a.Name):]] = true
		}
		groups[i] = map[string][]member{}
		for j := range s.Actions {
			a := &s.Actions[j]
			u, text := taken(a.Name, rests)
			groups[i][text] = append(groups[i][text], member{u, a})
			if kindsOf[u] == nil {
				kindsOf[u] = new([kinds]int)
			}
			kindsOf[u][kindOf(a.Level, a.PermissionOnly)]++
		}
	}
	for u, count := range kindsOf {
		usual := 0
		for kind := range count {
			if count[kind] > count[usual] {
				usual = kind
			}
		}
		e.forms = append(e.forms, form{u.verb, u.ending, usual})
	}
	sort.Slice(e.forms, func(i, j int) bool {
		a, b := e.forms[i], e.forms[j]
		return a.verb < b.verb || a.verb == b.verb && a.ending < b.ending
	})
	numbers := map[use]int{}
	for i, f := range e.forms {
		numbers[use{f.verb, f.ending}] = i
	}

	lists, count := map[string][]int{}, map[string]int{}
	e.nouns = make([][]noun, len(e.services))
	written := make([][]string, len(e.services)) // the nouns' sets
	for i, group := range groups {
		texts := make([]string, 0, len(group))
		for text := range group {
			texts = append(texts, text)
		}
		sort.Strings(texts)
		for _, text := range texts {
			members := group[text]
			sort.Slice(members, func(i, j int) bool { return numbers[members[i].use] < numbers[members[j].use] })
			n, list := noun{text: text}, []int(nil)
			for _, m := range members {
				list = append(list, numbers[m.use])
				n.actions = append(n.actions, m.action)
				e.actions[e.services[i].Prefix+":"+m.action.Name] = dependedNoun{i, numbers[m.use], text}
			}
			set := string(e.rising(nil, list))
			lists[set] = list
			count[set]++
			e.nouns[i] = append(e.nouns[i], n)
			written[i] = append(written[i], set)
		}
	}
	setNumbers := map[string]int{}
	for n, set := range byUse(count) {
		setNumbers[set] = n
		e.formSets = append(e.formSets, lists[set])
	}
	for i := range e.nouns {
		for j := range e.nouns[i] {
			e.nouns[i][j].set = setNumbers[written[i][j]]
		}
	}
}

// collectWords makes the table of words.
func (e *encoder) collectWords() {
	count := map[string]int{}
	add := func(name string) {
		for _, w := range split(name) {
			count[w]++
		}
	}
	for _, f := range e.forms {
		add(f.verb)
	}
	for i := range e.services {
		s := &e.services[i]
		for _, n := range e.nouns[i] {
			add(n.text)
		}
		for _, t := range s.ResourceTypes {
			add(t.Name)
			for _, part := range strings.Split(t.ARN, s.Prefix+":") {
				add(part)
			}
		}
		for _, k := range s.Keys {
			for _, part := range strings.Split(k.Name, s.Prefix+":") {
				add(part)
			}
		}
	}
	e.table = byUse(count)
	for i, w := range e.table {
		e.words[w] = i + firstWord
	}
}

// byUse sorts what will be numbered: what is used often first, since its number
// is short, and in order among those with numbers of the same length, since
// that is shorter as well.
func byUse(count map[string]int) []string {
	var all []string
	for text := range count {
		all = append(all, text)
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return count[a] > count[b] || count[a] == count[b] && a < b
	})
	for at, size := 0, lastDigits-firstWord; at < len(all); at, size = at+size, lastDigits*moreDigits {
		sort.Strings(all[at:min(at+size, len(all))])
	}
	return all
}

// phrases are words in spite of what they are made of.
var phrases = []string{"${", "${TagKey}", "arn:${Partition}:", "${Region}:${Account}:"}

// split takes a name apart into words: phrases, capitalized words, acronyms,
// numbers, single characters.
func split(name string) (words []string) {
	for name != "" {
		n := word(name)
		for _, p := range phrases {
			if strings.HasPrefix(name, p) {
				n = len(p)
			}
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
	first, n := class(0), min(1, len(name))
	if first == 'A' && class(1) == 'a' { // Bucket
		for class(n) == 'a' {
			n++
		}
		return n
	}
	if first == '-' {
		return n
	}
	for class(n) == first && n < len(name) {
		n++
	}
	if first == 'A' && class(n) == 'a' {
		n-- // VPCEndpoint: the last capital begins the next word
	}
	return n
}
