package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
)

// loadLibrary loads the AWS managed policies, from where the caller says or from
// where the build puts them. None there is no error: most documents do
// without, and those that do not get a warning.
func (s *session) loadLibrary() error {
	s.library = engine.NewLibrary()
	name := s.managed
	if name == "" {
		name = os.Getenv("IAMPLAY_MANAGED")
	}
	if name == "" {
		name = built("managed", "curated.json")
	}
	if name == "" {
		return nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("the library of managed policies: %w", err)
	}
	if _, problem := s.library.Load(string(text)); problem != nil {
		return fmt.Errorf("the library of managed policies %s: %s", name, problem.Message)
	}
	s.found = true
	return nil
}

// loadCatalog loads AWS's services, actions and keys, likewise.
func (s *session) loadCatalog() error {
	name := s.options.catalog
	if name == "" {
		name = os.Getenv("IAMPLAY_CATALOG")
	}
	if name == "" {
		name = built("catalog", "catalog.txt")
	}
	if name == "" {
		if s.command != "lint" && s.command != "diff" {
			return nil // the answers say that nothing was checked
		}
		_, err := fmt.Fprintln(s.errs, "iamplay: no catalogue of AWS's services is here, so that names of actions and keys are not checked, and none are probed; --catalog names one")
		return err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("the catalogue: %w", err)
	}
	if s.names, err = catalog.Load(string(text)); err != nil {
		return fmt.Errorf("the catalogue %s: %w", name, err)
	}
	return nil
}

// world makes a scenario ready, with what the catalogue says of its actions.
func (s *session) world(scenario *engine.Scenario) *engine.World {
	if s.names != nil {
		s.library.LoadFacts(s.names.Facts(scenario.Actions())) // what the catalogue writes can be read
	}
	w := engine.NewWorld(scenario, s.library)
	s.explainMissingLibrary(w)
	return w
}

// built is the first place of a built file that is there: beside the program, or
// in the working folder's repository; "" when there is none.
func built(folder, file string) string {
	var places []string
	if program, err := os.Executable(); err == nil {
		places = append(places, filepath.Join(filepath.Dir(program), folder, file))
	}
	if here, err := os.Getwd(); err == nil {
		for {
			places = append(places, filepath.Join(here, "site", "generated", folder, file))
			above := filepath.Dir(here)
			if above == here {
				break
			}
			here = above
		}
	}
	for _, place := range places {
		if info, err := os.Stat(place); err == nil && info.Mode().IsRegular() {
			return place
		}
	}
	return ""
}

// explainMissingLibrary says on each policy that was not found what to do
// about it, when it was not found for want of a library.
func (s *session) explainMissingLibrary(w *engine.World) {
	if s.found {
		return
	}
	for i := range w.Diagnostics {
		if d := &w.Diagnostics[i]; d.Code == "UNRESOLVED_POLICY" {
			d.Hint = `no library of AWS managed policies was found: run "make build", or name one with --managed FILE; until then the policy is treated as unknown`
		}
	}
}
