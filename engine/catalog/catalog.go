// Package catalog knows AWS's vocabulary as of a day: services, actions,
// resource types and condition keys, in the words of AWS's Service
// Authorization Reference.
//
// It reads one text (see format.go), of which Read looks at the services' names
// only; a service is decoded when it is first asked for. AWS adds actions every
// week: a name that the catalogue does not have is suspicious, never an error.
// Nothing here is needed to decide a request.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
package catalog

import (
	"sort"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/spell"
)

// Catalog is a catalogue that was read. The zero value is empty.
type Catalog struct {
	date     string
	words    []string
	forms    []form
	formSets [][]int
	depended []dependency
	headings []Heading
	blocks   []block
}

// block is where a service stands in the text, and the service once decoded.
type block struct {
	text    string
	rcp     bool
	foreign bool // it has keys that begin with neither its prefix nor aws:
	done    bool
	service *Service
}

// dependency is the name of an action that another one needs.
type dependency struct {
	service int
	name    string
}

// Heading is a service by its prefix and its name: "s3", "Amazon S3".
type Heading struct{ Prefix, Name string }

// Service is what AWS documents about one service. Actions, resource types and
// keys are sorted by name.
type Service struct {
	Prefix, Name  string
	Actions       []Action
	ResourceTypes []ResourceType
	Keys          []Key
	// RCP says that resource control policies apply to the service.
	RCP bool
}

// Action is an action of a service.
type Action struct {
	Name  string // without the service's prefix
	Level Level
	// PermissionOnly says that no API operation has this name: it only stands in policies.
	PermissionOnly bool
	// Keys are the condition keys of every request for the action, besides the
	// global ones; the service has each of them.
	Keys []string
	// Resources are the resource types that the action is about; none means
	// that only "*" matches.
	Resources []ActionResource
	// Dependent are the actions, with their prefixes, that the caller needs as well.
	Dependent []string
}

// ActionResource is one resource type of an action.
type ActionResource struct {
	Type *ResourceType
	// Required says that a request always has such a resource. Where an action
	// has none that is required, its types are alternatives.
	Required bool
	// Keys are the condition keys that the request has for this resource.
	Keys []string
}

// ResourceType is a kind of resource, with the format of its ARN, such as
// "arn:${Partition}:s3:::${BucketName}/${KeyName}".
type ResourceType struct {
	Name, ARN string
	Keys      []string
}

// Level is an action's access level.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
type Level uint8

// The access levels, from the least to the most far-reaching.
const (
	List Level = iota
	Read
	Tagging
	Write
	PermissionsManagement
)

// Levels is the number of access levels.
const Levels = 5

// String is the level as AWS writes it.
func (l Level) String() string {
	return [Levels]string{"List", "Read", "Tagging", "Write", "Permissions management"}[l]
}

// Date is the day as of which the facts were collected, "2026-01-02".
func (c *Catalog) Date() string { return c.date }

// Services are all services, sorted by prefix.
func (c *Catalog) Services() []Heading { return c.headings }

// find is the number of a service, by its prefix in any case; -1 when unknown.
func (c *Catalog) find(prefix string) int {
	prefix = strings.ToLower(prefix)
	i := sort.Search(len(c.headings), func(i int) bool { return c.headings[i].Prefix >= prefix })
	if i < len(c.headings) && c.headings[i].Prefix == prefix {
		return i
	}
	return -1
}

// Has reports whether there is a service of that prefix, in any case.
func (c *Catalog) Has(prefix string) bool { return c.find(prefix) >= 0 }

// Service is the service of that prefix, in any case; nil when there is none.
// The first call for a service decodes it.
func (c *Catalog) Service(prefix string) *Service {
	i := c.find(prefix)
	if i < 0 {
		return nil
	}
	return c.service(i)
}

func (c *Catalog) service(i int) *Service {
	b := &c.blocks[i]
	if !b.done {
		b.done, b.service = true, c.decode(i)
	}
	return b.service
}

// NearestService is the prefix that was probably meant; "" when none is near.
func (c *Catalog) NearestService(prefix string) string {
	prefixes := make([]string, len(c.headings))
	for i, h := range c.headings {
		prefixes[i] = h.Prefix
	}
	return spell.Nearest(prefix, prefixes...)
}

// Action is the action with a name such as "s3:GetObject", in any case; nil
// when there is none.
func (c *Catalog) Action(name string) *Action {
	prefix, name, _ := strings.Cut(name, ":")
	if s := c.Service(prefix); s != nil {
		return s.Action(name)
	}
	return nil
}

// Action is the service's action of that name, in any case; nil when there is none.
func (s *Service) Action(name string) *Action {
	for i := range s.Actions {
		if strings.EqualFold(s.Actions[i].Name, name) {
			return &s.Actions[i]
		}
	}
	return nil
}

// NearestAction is the name that was probably meant; "" when none is near.
func (s *Service) NearestAction(name string) string {
	names := make([]string, len(s.Actions))
	for i := range s.Actions {
		names[i] = s.Actions[i].Name
	}
	return spell.Nearest(name, names...)
}

// ResourceType is the service's resource type of that name, in any case; nil
// when there is none.
func (s *Service) ResourceType(name string) *ResourceType {
	for i := range s.ResourceTypes {
		if strings.EqualFold(s.ResourceTypes[i].Name, name) {
			return &s.ResourceTypes[i]
		}
	}
	return nil
}

// TypeOf is the resource type that an ARN is of, with the values of its
// format's variables; nil when it is of none. An ARN that fits several formats
// is of the type that says most about it: bucket/key is an object.
func (s *Service) TypeOf(resource string) (*ResourceType, []arn.Value) {
	best, most, values := -1, 0, []arn.Value(nil)
	for i := range s.ResourceTypes {
		f := arn.Format(s.ResourceTypes[i].ARN)
		if found, ok := f.Match(resource); ok && f.Fixed() > most {
			best, most, values = i, f.Fixed(), found
		}
	}
	if best < 0 {
		return nil, nil
	}
	return &s.ResourceTypes[best], values
}
