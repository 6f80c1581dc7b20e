package catalog

import (
	"errors"
	"strings"

	"github.com/iam-playground/iam-playground/engine/stable"
)

// The text is printable ASCII without quotation marks and backslashes, so that
// it stands in a JSON string as it is. It has numbers, texts, names and lists,
// one after another:
//
//   - A number is written in digits with the values 0 to 92, in the order of
//     their characters. The last digit is below lastDigits; each one before it
//     is one of the others, which say that more follow.
//   - A text runs to the next mark, "`".
//   - A name is how many words it shares with the name before, its further words
//     by number, and endOfName. The number ownPrefix is the service's prefix and a
//     colon; firstWord and those above it stand in the table of words.
//   - A list is how many there are, and then each.
//   - A rising list is the first number and how far each further one is beyond
//     the least that it could be.
//
// Most actions are a verb and a noun, and most nouns have several verbs: Get,
// Delete and List go with Bucket, and say GetBucket, DeleteBucket and ListBuckets.
// So the actions of a service are its nouns, in order, each with a set of forms;
// a form is a verb with an ending, and with the access level that is usual for it.
//
// The whole is: version, checksum, date; words; forms; sets of forms; dependent
// actions; services; then each service's block, see decode.
const (
	magic      = "iam-catalog-2 "
	mark       = '`'
	digits     = 93
	lastDigits = 80
	moreDigits = digits - lastDigits

	endOfName = 0
	ownPrefix = 1
	firstWord = 2

	// No name has more bytes and no list more members, so that a few bytes of a
	// text that somebody made up do not become megabytes.
	longest = 512
	most    = 1 << 13
)

// form is how actions are made of nouns.
type form struct {
	verb   string
	ending int // of endings
	kind   int // see kindOf
}

// endings are what follows a noun, and what of it goes.
var endings = [...]struct{ less, more string }{{"", ""}, {"", "s"}, {"", "es"}, {"y", "ies"}}

// kindOf is an access level and whether the action is only a permission, as a number.
func kindOf(level Level, permissionOnly bool) int {
	if permissionOnly {
		return 2*int(level) + 1
	}
	return 2 * int(level)
}

const kinds = 2 * Levels

// name is the action that the form makes of a noun.
func (f *form) name(noun string) string {
	e := endings[f.ending]
	return f.verb + strings.TrimSuffix(noun, e.less) + e.more
}

// errDamaged is the answer to every text that is not a whole catalogue.
var errDamaged = errors.New("the text is not a whole catalogue: expected one that scripts/catalogdata wrote, of the same version")

// reader takes a text apart. After the first thing that cannot be, bad is true
// and everything else is empty.
type reader struct {
	text string
	bad  bool
}

// digit is the value of a character; not below digits when it is none.
func digit(c byte) int {
	switch {
	case c < ' ' || c == '"' || c == '\\' || c > '~':
		return digits
	case c > '\\':
		return int(c) - ' ' - 2
	case c > '"':
		return int(c) - ' ' - 1
	}
	return int(c) - ' '
}

func (r *reader) fail() {
	r.bad, r.text = true, ""
}

// number reads a number; every number is below 2²⁴.
func (r *reader) number() int {
	n := 0
	for i := 0; i < len(r.text) && i < 8; i++ {
		d := digit(r.text[i])
		if d < lastDigits {
			r.text = r.text[i+1:]
			return n*lastDigits + d
		}
		n = n*moreDigits + d - lastDigits + 1
		if d >= digits || n > 1<<24/lastDigits {
			break
		}
	}
	r.fail()
	return 0
}

// count reads how many things follow, each of at least one character.
func (r *reader) count() int {
	n := r.number()
	if n > len(r.text) || n > most {
		r.fail()
		return 0
	}
	return n
}

// below reads a number below a limit.
func (r *reader) below(limit int) int {
	n := r.number()
	if n >= limit {
		r.fail()
		return 0
	}
	return n
}

// string reads a text.
func (r *reader) string() string {
	s, rest, ok := strings.Cut(r.text, string(mark))
	if !ok {
		r.fail()
		return ""
	}
	r.text = rest
	return s
}

// rising reads a rising list of numbers below a limit; nil when it is none.
func (r *reader) rising(limit int) []int {
	list := make([]int, r.count())
	next := 0
	for i := range list {
		list[i] = next + r.below(limit-next)
		next = list[i] + 1
	}
	if r.bad {
		return nil
	}
	return list
}

// name reads a name of a service with that prefix; last are the words of the
// name before, and then those of this one.
func (c *Catalog) name(r *reader, prefix string, last *[]int) string {
	words := (*last)[:r.below(len(*last)+1)]
	for !r.bad {
		w := r.below(firstWord + len(c.words))
		if w == endOfName {
			break
		}
		words = append(words, w)
	}
	*last = words
	var buffer [longest]byte
	b := buffer[:0]
	for _, w := range words {
		if w == ownPrefix {
			b = append(append(b, prefix...), ':')
		} else {
			b = append(b, c.words[w-firstWord]...)
		}
		if len(b) > longest {
			r.fail()
			return ""
		}
	}
	return string(b)
}

// flag reads a truth value.
func (r *reader) flag() bool { return r.below(2) == 1 }

// Load reads a catalogue's table of contents. An error says that the text is
// not a whole catalogue.
func Load(text string) (*Catalog, error) {
	rest, ok := strings.CutPrefix(text, magic)
	r := reader{text: rest, bad: !ok}
	if sum := r.string(); r.bad || sum != checksum(r.text) {
		return nil, errDamaged
	}
	c := &Catalog{date: r.string()}
	var last []int
	name := func() string {
		last = last[:0]
		return c.name(&r, "", &last)
	}
	c.words = make([]string, r.count())
	for i := range c.words {
		c.words[i] = r.string()
	}
	c.forms = make([]form, r.count())
	for i := range c.forms {
		c.forms[i] = form{name(), r.below(len(endings)), r.below(kinds)}
	}
	c.formSets = make([][]int, r.count())
	for i := range c.formSets {
		c.formSets[i] = r.rising(len(c.forms))
	}
	c.depended = make([]dependency, r.count())
	for i := range c.depended {
		c.depended[i].service = r.number()
		noun := name()
		if f := r.below(len(c.forms)); !r.bad {
			c.depended[i].name = c.forms[f].name(noun)
		}
	}
	n := r.count()
	c.headings, c.blocks = make([]Heading, n), make([]block, n)
	sizes := make([]int, n)
	for i := range n {
		c.headings[i] = Heading{Prefix: r.string(), Name: r.string()}
		c.blocks[i].rcp, c.blocks[i].foreign = r.flag(), r.flag()
		sizes[i] = r.number()
		if i > 0 && c.headings[i-1].Prefix >= c.headings[i].Prefix {
			r.fail()
		}
	}
	for i, size := range sizes {
		if size > len(r.text) {
			return nil, errDamaged
		}
		c.blocks[i].text, r.text = r.text[:size], r.text[size:]
	}
	for _, d := range c.depended {
		if d.service >= n {
			r.fail()
		}
	}
	if r.bad || r.text != "" || n == 0 {
		return nil, errDamaged
	}
	return c, nil
}

// checksum finds texts that were cut or changed on their way: FNV-1a, spelled
// in eight letters. It is no protection against anybody.
func checksum(text string) string {
	sum := uint32(2166136261)
	for i := 0; i < len(text); i++ {
		sum = (sum ^ uint32(text[i])) * 16777619
	}
	var out [8]byte
	for i := range out {
		out[i] = 'a' + byte(sum>>(4*i)&15)
	}
	return string(out[:])
}

// decode reads a service's block; nil when it cannot be one. The block is: keys
// with their types, sets of keys, resource types, sets of resources, sets of
// dependent actions, nouns, their sets of forms; then of all actions what is
// unusual about their kinds, their keys, resources and dependent actions.
func (c *Catalog) decode(i int) *Service {
	r := &reader{text: c.blocks[i].text}
	s := &Service{Prefix: c.headings[i].Prefix, Name: c.headings[i].Name, RCP: c.blocks[i].rcp}
	var last []int

	s.Keys = make([]Key, r.count())
	for i := range s.Keys {
		s.Keys[i].Name = c.name(r, s.Prefix, &last)
	}
	for i := range s.Keys {
		t := r.below(2 * KeyTypes)
		s.Keys[i].Type, s.Keys[i].Multi = KeyType(t/2), t%2 == 1
	}
	// Sets are shared by all that have the same; the first is empty.
	keySets := make([][]string, r.count()+1)
	for i := range keySets[1:] {
		for _, k := range r.rising(len(s.Keys)) {
			keySets[i+1] = append(keySets[i+1], s.Keys[k].Name)
		}
	}

	s.ResourceTypes = make([]ResourceType, r.count())
	last = last[:0]
	for i := range s.ResourceTypes {
		s.ResourceTypes[i].Name = c.name(r, s.Prefix, &last)
	}
	last = last[:0]
	for i := range s.ResourceTypes {
		s.ResourceTypes[i].ARN = c.name(r, s.Prefix, &last)
	}
	for i := range s.ResourceTypes {
		s.ResourceTypes[i].Keys = keySets[r.below(len(keySets))]
	}
	resourceSets := make([][]ActionResource, r.count()+1)
	for i := range resourceSets[1:] {
		set := make([]ActionResource, r.count())
		for j := range set {
			t := r.below(2 * len(s.ResourceTypes))
			keys := keySets[r.below(len(keySets))]
			if r.bad {
				return nil
			}
			set[j] = ActionResource{&s.ResourceTypes[t/2], t%2 == 1, keys}
		}
		resourceSets[i+1] = set
	}
	dependentSets := make([][]string, r.count()+1)
	for i := range dependentSets[1:] {
		set := make([]string, r.count())
		for j := range set {
			n := r.below(len(c.depended))
			if r.bad {
				return nil
			}
			set[j] = c.headings[c.depended[n].service].Prefix + ":" + c.depended[n].name
		}
		dependentSets[i+1] = set
	}

	nouns := make([]string, r.count())
	last = last[:0]
	for i := range nouns {
		nouns[i] = c.name(r, s.Prefix, &last)
	}
	sets, n := make([]int, len(nouns)), 0
	for i := range sets {
		sets[i] = r.below(len(c.formSets))
		if r.bad {
			return nil
		}
		n += len(c.formSets[sets[i]])
	}
	if n > most {
		return nil
	}
	actions := make([]*Action, 0, n)
	unsorted := make([]Action, n)
	for i, noun := range nouns {
		for _, f := range c.formSets[sets[i]] {
			f, a := &c.forms[f], &unsorted[len(actions)]
			a.Name, a.Level, a.PermissionOnly = f.name(noun), Level(f.kind/2), f.kind%2 == 1
			actions = append(actions, a)
		}
	}
	for _, a := range actions {
		if kind := r.below(kinds + 1); kind > 0 { // not the usual one
			kind--
			a.Level, a.PermissionOnly = Level(kind/2), kind%2 == 1
		}
	}
	for _, a := range actions {
		a.Keys = keySets[r.below(len(keySets))]
	}
	// Resources are those of an action not long before, most often: 1 says the
	// ones of the last action, 2 those before it, and 0 a set that was not met yet.
	recent := []int{0}
	for _, a := range actions {
		n := r.below(len(recent) + 1)
		if n == 0 {
			recent = append(recent, len(recent))
			n = len(recent)
		}
		set := recent[n-1]
		if set >= len(resourceSets) {
			return nil
		}
		copy(recent[1:n], recent)
		recent[0], a.Resources = set, resourceSets[set]
	}
	for _, a := range actions {
		a.Dependent = dependentSets[r.below(len(dependentSets))]
	}
	if r.bad || r.text != "" {
		return nil
	}
	stable.Sort(actions, func(a, b **Action) bool { return (*a).Name < (*b).Name })
	s.Actions = make([]Action, n)
	for i, a := range actions {
		s.Actions[i] = *a
	}
	return s
}
