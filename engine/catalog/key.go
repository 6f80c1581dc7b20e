package catalog

import "strings"

// Key is a condition key.
type Key struct {
	Name  string // as AWS spells it, with the variable part: "aws:RequestTag/${TagKey}"
	Type  KeyType
	Multi bool // a request can have several values for it
}

// KeyType is the type of a key's values.
type KeyType uint8

// The types of keys.
const (
	String KeyType = iota
	ARN
	Bool
	Date
	IPAddress
	Numeric
)

// KeyTypes is the number of types.
const KeyTypes = 6

// String is the type as AWS writes it.
func (t KeyType) String() string {
	return [KeyTypes]string{"String", "ARN", "Bool", "Date", "IPAddress", "Numeric"}[t]
}

// Variable reports whether the name has a variable part, such as ${TagKey}.
func (k *Key) Variable() bool { return strings.Contains(k.Name, "${") }

// Matches reports whether a key that somebody wrote is this one: the same in
// any case, with some text for each variable part, or with the variable part itself.
func (k *Key) Matches(name string) bool { return sameKey(k.Name, name) }

// sameKey matches a written name with a key's name.
func sameKey(want, name string) bool {
	fixed, rest, ok := strings.Cut(want, "${")
	if len(name) < len(fixed) || !strings.EqualFold(name[:len(fixed)], fixed) {
		return false
	}
	name = name[len(fixed):]
	if !ok {
		return name == ""
	}
	_, rest, _ = strings.Cut(rest, "}")
	if rest == "" {
		return name != ""
	}
	for i := 1; i < len(name); i++ { // one variable part at least in practice; names are short
		if sameKey(rest, name[i:]) {
			return true
		}
	}
	return false
}

// Key is the service's key that a written name stands for; nil when there is none.
func (s *Service) Key(name string) *Key {
	for i := range s.Keys {
		if s.Keys[i].Matches(name) {
			return &s.Keys[i]
		}
	}
	return nil
}

// Key is the key that a written name stands for, "s3:prefix" or
// "aws:RequestTag/team": a global one, or one of a service's; nil when there is none.
func (c *Catalog) Key(name string) *Key {
	if g := Global(name); g != nil {
		return &g.Key
	}
	prefix, _, _ := strings.Cut(name, ":")
	if s := c.Service(prefix); s != nil {
		if k := s.Key(name); k != nil {
			return k
		}
	}
	for i := range c.blocks {
		if c.blocks[i].foreign {
			if s := c.service(i); s != nil {
				if k := s.Key(name); k != nil {
					return k
				}
			}
		}
	}
	return nil
}
