// Command catalogdata turns the pinned npm packages into the files of AWS
// facts that the site loads:
//
//	generated/managed/index.json      every AWS managed policy: name, ARN, path, version, date
//	generated/managed/curated.json    the curated ones with their documents
//	public/managed/NAME.json          each of the others, fetched when it is asked for
//	public/managed/all.json           all of the others, to have them without a connection
//	generated/catalog/catalog.txt     services, actions, resource types and keys, as package catalog reads them
//	public/THIRD_PARTY_NOTICES.txt    the licences of everything that the site ships
//
// It checks what it reads: a package of another version than the pinned one, or
// with less in it than was there when it was pinned, is an error. The same
// packages give the same bytes.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	site := flag.String("site", "site", "`folder` with package.json, package-lock.json and node_modules")
	flag.Parse()
	if err := run(*site, *site); err != nil {
		fmt.Fprintln(os.Stderr, "catalogdata:", err)
		os.Exit(1)
	}
}

// run reads the packages of site and writes the files into out.
func run(site, out string) error {
	policies, source, err := readManaged(site)
	if err != nil {
		return err
	}
	files, err := managedFiles(policies, source)
	if err != nil {
		return err
	}
	facts, err := readVocabulary(site)
	if err != nil {
		return err
	}
	encoded, err := facts.encode()
	if err != nil {
		return err
	}
	goLicence, err := readGoLicence()
	if err != nil {
		return err
	}
	notices, err := noticesFile(site, goLicence)
	if err != nil {
		return err
	}
	files["generated/catalog/catalog.txt"] = []byte(encoded)
	files["public/THIRD_PARTY_NOTICES.txt"] = notices
	for name, data := range files {
		if err := writeFile(filepath.Join(out, filepath.FromSlash(name)), data); err != nil {
			return err
		}
	}
	if err := removeOthers(out, files); err != nil {
		return err
	}
	fmt.Printf("catalogdata: %d managed policies, %d of them curated (%s)\n", len(policies), len(curated), source)
	actions, resourceTypes, keys := facts.counts()
	fmt.Printf("catalogdata: %d services, %d actions, %d resource types, %d keys (%s)\n", len(facts.services), actions, resourceTypes, keys, actionsPackage)
	return nil
}

// writeFile writes data, and leaves a file alone that holds it already, so
// that nothing downstream is built again for a new date.
func writeFile(name string, data []byte) error {
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}

// readGoLicence returns the licence of the toolchain whose runtime and
// wasm_exec.js are shipped.
func readGoLicence() (string, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "LICENSE"))
	return string(text), err
}

// readJSON reads a JSON file into v.
func readJSON(name string, v any) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
