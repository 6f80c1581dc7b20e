package catalog_test

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

// hold decodes all that a text has, and reports what no catalogue may be.
func hold(t *testing.T, text string) {
	c, err := catalog.Load(catalog.Resealed(text))
	if err != nil {
		return
	}
	for _, h := range c.Services() {
		s := c.Service(h.Prefix)
		if s == nil {
			continue // its block is damaged
		}
		if len(s.Actions) > catalog.Most || len(s.Keys) > catalog.Most || len(s.ResourceTypes) > catalog.Most {
			t.Fatalf("%q has %d actions, %d keys, %d resource types", h.Prefix, len(s.Actions), len(s.Keys), len(s.ResourceTypes))
		}
		for i, a := range s.Actions {
			if len(a.Name) > 3*catalog.Longest || a.Level >= catalog.Levels || i > 0 && s.Actions[i-1].Name > a.Name {
				t.Fatalf("%q has the action %q of level %d, out of order", h.Prefix, a.Name, a.Level)
			}
			for _, r := range a.Resources {
				if s.ResourceType(r.Type.Name) == nil {
					t.Fatalf("%s has a resource type that its service has not: %q", a.Name, r.Type.Name)
				}
			}
			for _, k := range a.Keys {
				if s.Key(k) == nil && !strings.Contains(k, "${") && k != "" {
					t.Fatalf("%s has a key that its service has not: %q", a.Name, k)
				}
			}
		}
		for _, k := range s.Keys {
			if len(k.Name) > catalog.Longest || k.Type >= catalog.KeyTypes {
				t.Fatalf("%q has the key %q of type %d", h.Prefix, k.Name, k.Type)
			}
		}
	}
	if e := c.Expand("*"); e.Count < 0 {
		t.Fatal("a negative number of actions")
	}
}

func TestNoChangeOfOneCharacterAndNoCutBreaksTheReader(t *testing.T) {
	text := sample.Text()
	for i := range text {
		hold(t, text[:i])
		hold(t, text[:i]+string([]byte{text[i] ^ byte(1+i%255)})+text[i+1:])
	}
}

func TestListsAndNamesThatAreTooLongAreRefused(t *testing.T) {
	name := strings.Repeat("Long", catalog.Longest/4)
	with := func(action string, more int) error {
		s := catalog.Service{Prefix: "a", Name: "A", Actions: []catalog.Action{{Name: action}}}
		for i := range more {
			words := []byte("ZaAaAaAaAa")
			for j := range 5 {
				words[len(words)-1-2*j] += byte(i >> (3 * j) & 7)
			}
			s.Actions = append(s.Actions, catalog.Action{Name: string(words)})
		}
		text, err := catalog.Encode("2026-01-02", []catalog.Service{s})
		if err != nil {
			return err
		}
		c, err := catalog.Load(text)
		if err == nil && c.Service("a") == nil {
			t.Error("what was encoded is not decoded")
		}
		return err
	}
	if err := with(name, 0); err != nil {
		t.Errorf("a name of %d bytes: %v", len(name), err)
	}
	if err := with(name+"Long", 0); err == nil {
		t.Error("a name that is too long was encoded")
	}
	if err := with("A", catalog.Most-1); err != nil {
		t.Errorf("%d actions: %v", catalog.Most, err)
	}
	if err := with("A", catalog.Most); err == nil {
		t.Errorf("%d actions were encoded", catalog.Most+1)
	}
}

func TestWhatDoesNotFitIsNotEncoded(t *testing.T) {
	for want, change := range map[string]func(s []catalog.Service) []catalog.Service{
		"the service sts is out of order":                              func(s []catalog.Service) []catalog.Service { return append(s, s[len(s)-1]) },
		"the action BatchGetItem of dynamodb is out of order":          func(s []catalog.Service) []catalog.Service { s[0].Actions[1].Name = "BatchGetItem"; return s },
		"the key aws:RequestTag/${TagKey} of dynamodb is out of order": func(s []catalog.Service) []catalog.Service { s[0].Keys[1] = s[0].Keys[0]; return s },
		"the resource type index of dynamodb is out of order":          func(s []catalog.Service) []catalog.Service { s[0].ResourceTypes[1].Name = "index"; return s },
		"the key aws:Other of dynamodb is not there":                   func(s []catalog.Service) []catalog.Service { s[0].Actions[0].Keys = []string{"aws:Other"}; return s },
		"a resource type of BatchGetItem of dynamodb is not one of its service": func(s []catalog.Service) []catalog.Service {
			s[0].Actions[0].Resources[0].Type = &s[1].ResourceTypes[0]
			return s
		},
		"the action iam:Fly, which one of dynamodb depends on, is not there": func(s []catalog.Service) []catalog.Service { s[0].Actions[0].Dependent = []string{"iam:Fly"}; return s },
		"a character that is not printable ASCII":                            func(s []catalog.Service) []catalog.Service { s[0].Name = "Dynamo\"DB"; return s },
		"has a mark": func(s []catalog.Service) []catalog.Service { s[0].Name = "Dynamo`DB"; return s },
		"a list is not in order": func(s []catalog.Service) []catalog.Service {
			s[0].Actions[0].Keys = []string{"dynamodb:Select", "dynamodb:Attributes"}
			return s
		},
	} {
		if _, err := catalog.Encode(sample.Date, change(sample.Services())); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected %q", err, want)
		}
	}
}

func FuzzNoTextBreaksTheReader(f *testing.F) {
	text := sample.Text()
	f.Add(uint(len(text)), uint(0), "")
	f.Add(uint(40), uint(3), "~~~!")
	f.Fuzz(func(t *testing.T, at, cut uint, insert string) {
		at %= uint(len(text) + 1)
		hold(t, text[:at]+insert+text[at+min(cut, uint(len(text))-at):])
	})
}
