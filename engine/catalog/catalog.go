// Package catalog knows the names of AWS's services and actions, as of a day.
//
// It reads one text: a line per service with the prefix and the names of its
// actions, separated by tabs, sorted by prefix; the first line is "#date", a
// tab and the day. Names are looked up in the text itself, so that loading it
// costs little. AWS adds actions every week: a name that the catalogue does
// not have is suspicious, never an error.
package catalog

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/spell"
)

// Catalog is a loaded catalogue. The zero value is empty.
type Catalog struct {
	// Date is the day as of which the names were collected.
	Date     string
	services []service
	prefixes []string
}

type service struct{ prefix, actions string }

// Load reads a catalogue; ok is false when the text is not one.
func Load(text string) (c *Catalog, ok bool) {
	head, rest, _ := strings.Cut(text, "\n")
	date, ok := strings.CutPrefix(head, "#date\t")
	if !ok {
		return nil, false
	}
	c = &Catalog{Date: date}
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if prefix, actions, ok := strings.Cut(line, "\t"); ok {
			c.services = append(c.services, service{prefix, actions})
			c.prefixes = append(c.prefixes, prefix)
		}
	}
	return c, len(c.services) > 0
}

// Services is the number of services.
func (c *Catalog) Services() int { return len(c.services) }

func (c *Catalog) find(prefix string) *service {
	for i := range c.services {
		if strings.EqualFold(c.services[i].prefix, prefix) {
			return &c.services[i]
		}
	}
	return nil
}

// HasService reports whether the catalogue has a service of that prefix,
// without regard to case.
func (c *Catalog) HasService(prefix string) bool { return c.find(prefix) != nil }

// NearestService is the prefix that was probably meant; "" when none is near.
func (c *Catalog) NearestService(prefix string) string { return spell.Nearest(prefix, c.prefixes...) }

// Actions are the names of a service's actions; nil when there is no such service.
func (c *Catalog) Actions(prefix string) []string {
	s := c.find(prefix)
	if s == nil {
		return nil
	}
	return strings.Split(s.actions, "\t")
}

// HasAction reports whether a service has an action of that name, without
// regard to case.
func (c *Catalog) HasAction(prefix, name string) bool {
	for _, a := range c.Actions(prefix) {
		if strings.EqualFold(a, name) {
			return true
		}
	}
	return false
}

// NearestAction is the name that was probably meant; "" when none is near.
func (c *Catalog) NearestAction(prefix, name string) string {
	return spell.Nearest(name, c.Actions(prefix)...)
}
