package catalog

import (
	"errors"
	"strings"
)

// The text is printable ASCII without quotation marks and backslashes, so that
// it stands in a JSON string as it is. It has numbers, words and texts, one
// after another:
//
//   - A number is written in digits with the values 0 to 92, in the order of
//     their characters. The last digit is below lastDigits; each one before it
//     is one of the others, which say that more follow.
//   - A text runs to the next mark, "`".
//   - A name is a number of words and then each word by its number: word 0 is the
//     service's prefix and a colon, the others stand in the table of words.
//
// The file is: version and date, checksum, words, dependencies, services, blocks.
const (
	magic      = "iam-catalog-2 "
	mark       = '`'
	digits     = 93
	lastDigits = 80
	moreDigits = digits - lastDigits
	// longest is how many bytes a name may have, so that a few bytes of a
	// damaged text do not become megabytes.
	longest = 512
)

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
	if n > len(r.text) {
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

// name reads a name of a service with that prefix.
func (c *Catalog) name(r *reader, prefix string) string {
	n := r.count()
	if n == 1 { // most often a word of the table, which needs no copy
		if w := r.below(len(c.words)); w > 0 {
			return c.words[w]
		}
		return prefix + ":"
	}
	var b []byte
	for range n {
		if w := r.below(len(c.words)); w > 0 {
			b = append(b, c.words[w]...)
		} else {
			b = append(append(b, prefix...), ':')
		}
		if len(b) > longest {
			r.fail()
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
	c := &Catalog{date: r.string()}
	if sum := r.string(); r.bad || sum != checksum(c.date+r.text) {
		return nil, errDamaged
	}
	c.words = make([]string, r.count()+1)
	for i := range c.words[1:] {
		c.words[i+1] = r.string()
	}
	c.depended = make([]dependency, r.count())
	for i := range c.depended {
		c.depended[i].service = r.number()
		c.depended[i].name = c.name(&r, "")
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

// checksum finds texts that were cut or changed on their way: Adler-32, spelled
// in eight letters. It is no protection against anybody.
func checksum(text string) string {
	a, b := uint32(1), uint32(0)
	for i := 0; i < len(text); i++ {
		a = (a + uint32(text[i])) % 65521
		b = (b + a) % 65521
	}
	sum, out := b<<16|a, [8]byte{}
	for i := range out {
		out[i] = 'a' + byte(sum>>(4*i)&15)
	}
	return string(out[:])
}

// decode reads a service's block; nil when it cannot be one.
func (c *Catalog) decode(i int) *Service {
	r := &reader{text: c.blocks[i].text}
	s := &Service{Prefix: c.headings[i].Prefix, Name: c.headings[i].Name, RCP: c.blocks[i].rcp}
	s.Keys = make([]Key, r.count())
	for i := range s.Keys {
		k := &s.Keys[i]
		k.Name = c.name(r, s.Prefix)
		t := r.below(2 * KeyTypes)
		k.Type, k.Multi = KeyType(t/2), t%2 == 1
	}
	// Sets of keys and of resources are shared, and the first is empty.
	keySets := make([][]string, r.count()+1)
	for i := range keySets[1:] {
		set := make([]string, r.count())
		next := 0
		for j := range set {
			next += r.number()
			if next >= len(s.Keys) {
				r.fail()
				return nil
			}
			set[j] = s.Keys[next].Name
			next++
		}
		keySets[i+1] = set
	}
	s.ResourceTypes = make([]ResourceType, r.count())
	for i := range s.ResourceTypes {
		t := &s.ResourceTypes[i]
		t.Name, t.ARN = c.name(r, s.Prefix), c.name(r, s.Prefix)
		t.Keys = keySets[r.below(len(keySets))]
	}
	resourceSets := make([][]ActionResource, r.count()+1)
	for i := range resourceSets[1:] {
		set := make([]ActionResource, r.count())
		for j := range set {
			t := r.below(2 * len(s.ResourceTypes))
			if r.bad {
				return nil
			}
			set[j] = ActionResource{&s.ResourceTypes[t/2], t%2 == 1, keySets[r.below(len(keySets))]}
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
	s.Actions = make([]Action, r.count())
	for i := range s.Actions {
		a := &s.Actions[i]
		a.Name = c.name(r, s.Prefix)
	}
	for i := range s.Actions {
		level := r.below(2 * Levels)
		s.Actions[i].Level, s.Actions[i].PermissionOnly = Level(level/2), level%2 == 1
	}
	for i := range s.Actions {
		s.Actions[i].Keys = keySets[r.below(len(keySets))]
	}
	for i := range s.Actions {
		s.Actions[i].Resources = resourceSets[r.below(len(resourceSets))]
	}
	for i := range s.Actions {
		s.Actions[i].Dependent = dependentSets[r.below(len(dependentSets))]
	}
	if r.bad || r.text != "" {
		return nil
	}
	return s
}
