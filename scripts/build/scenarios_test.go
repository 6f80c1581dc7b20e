package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/scenarios"
)

func TestTheGalleryHasACardAndTheTextOfEveryScenarioInOrder(t *testing.T) {
	const story = "{\"title\": \"T\", \"description\": \"*D*\",\n \"requests\": [{}, {}]}\n"
	folder := t.TempDir()
	if err := writeGallery(folder, []scenarios.Entry{{Path: "tutorials/b", Text: story}, {Path: "basics/a", Text: "{}"}}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"tutorials/b.json": story,
		"basics/a.json":    "{}",
		"index.json": `[
  {
    "path": "tutorials/b",
    "title": "T",
    "description": "*D*",
    "requests": 2,
    "group": "tutorials"
  },
  {
    "path": "basics/a",
    "title": "",
    "description": "",
    "requests": 0,
    "group": "basics"
  }
]
`,
	} {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || string(got) != want {
			t.Errorf("%s is %s, %v; expected %s", name, got, err, want)
		}
	}
}

func TestAScenarioThatIsNotJSONIsNamed(t *testing.T) {
	err := writeGallery(t.TempDir(), []scenarios.Entry{{Path: "basics/a", Text: "{"}})
	if err == nil || !strings.Contains(err.Error(), "basics/a") {
		t.Errorf("error %v, expected one that names the scenario", err)
	}
}
