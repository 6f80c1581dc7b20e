package scenarios_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/scenarios"
)

type document struct {
	Version     int                        `json:"version"`
	Title       string                     `json:"title"`
	Description string                     `json:"description"`
	Accounts    map[string]json.RawMessage `json:"accounts"`
	Requests    []struct {
		Name      string          `json:"name"`
		Principal string          `json:"principal"`
		Action    string          `json:"action"`
		Resource  string          `json:"resource"`
		Expect    json.RawMessage `json:"expect"`
	} `json:"requests"`
}

var decisions = []string{"allowed", "explicitDeny", "implicitDeny", "denied", "depends"}

func TestEveryScenarioTellsAStoryAndExpectsItsAnswers(t *testing.T) {
	titles := map[string]string{}
	for _, entry := range scenarios.All() {
		t.Run(entry.Path, func(t *testing.T) {
			var d document
			if err := json.Unmarshal([]byte(entry.Text), &d); err != nil {
				t.Fatalf("not a scenario document: %v", err)
			}
			if d.Version != 1 {
				t.Errorf("version %d, expected 1", d.Version)
			}
			if d.Title == "" || d.Description == "" {
				t.Errorf("title %q and description %q, expected both", d.Title, d.Description)
			}
			if other, taken := titles[d.Title]; taken {
				t.Errorf("title %q is also the title of %q", d.Title, other)
			}
			titles[d.Title] = entry.Path
			if len(d.Accounts) == 0 || len(d.Requests) == 0 {
				t.Errorf("%d accounts and %d requests, expected some of each", len(d.Accounts), len(d.Requests))
			}
			names := map[string]bool{}
			for i, r := range d.Requests {
				if r.Name == "" || r.Principal == "" || r.Action == "" || r.Resource == "" {
					t.Errorf("request %d %q lacks a name, principal, action or resource", i, r.Name)
				}
				if names[r.Name] {
					t.Errorf("two requests are named %q", r.Name)
				}
				names[r.Name] = true
				if decision := expected(r.Expect); !slices.Contains(decisions, decision) {
					t.Errorf("request %q expects %q, which is no decision", r.Name, decision)
				}
			}
		})
	}
}

// expected is the decision of an expectation in either of its forms, or "".
func expected(raw json.RawMessage) string {
	var word string
	if json.Unmarshal(raw, &word) == nil {
		return word
	}
	var object struct {
		Decision string `json:"decision"`
	}
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	return object.Decision
}

func TestTheGalleryBeginsWithTheTutorialsInTeachingOrder(t *testing.T) {
	want := []string{
		"tutorials/ali-and-the-ec2-role", "tutorials/the-coffee-shop", "tutorials/iam-basics",
		"tutorials/a-growing-company", "tutorials/read-only", "tutorials/permission-ceilings",
		"tutorials/organization-region",
	}
	var got []string
	for _, entry := range scenarios.All() {
		if strings.HasPrefix(entry.Path, "tutorials/") {
			got = append(got, entry.Path)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("tutorials are %q, expected %q", got, want)
	}
	if first := scenarios.All()[0].Path; first != want[0] {
		t.Errorf("the gallery begins with %q, expected %q", first, want[0])
	}
}

func TestPathsAreUniqueAndKebabCase(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z]+(-[a-z]+)*/[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, entry := range append(scenarios.All(), scenarios.Broken()...) {
		if seen[entry.Path] {
			t.Errorf("%q occurs twice", entry.Path)
		}
		seen[entry.Path] = true
		if !kebab.MatchString(entry.Path) {
			t.Errorf("%q is not folder/kebab-case-name", entry.Path)
		}
	}
}

func TestTheBrokenDocumentsAreTheKnownMistakes(t *testing.T) {
	want := []string{
		"bidi-sid", "broken-json", "dangling-policy", "duplicate-key", "nested-group",
		"proto-key", "role-arn-as-caller", "unknown-member", "wrong-effect",
	}
	var got []string
	for _, entry := range scenarios.Broken() {
		got = append(got, strings.TrimPrefix(entry.Path, "broken/"))
		if entry.Text == "" {
			t.Errorf("%q is empty", entry.Path)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("broken documents are %q, expected %q", got, want)
	}
}

func TestOnlyTheBrokenJSONFailsToParse(t *testing.T) {
	for _, entry := range scenarios.Broken() {
		if got, want := json.Valid([]byte(entry.Text)), entry.Path != "broken/broken-json"; got != want {
			t.Errorf("%q is valid JSON: %v, expected %v", entry.Path, got, want)
		}
	}
}
