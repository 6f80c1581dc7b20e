package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// shippedTools are development packages by npm's reckoning whose text or code
// is nevertheless in the built site.
var shippedTools = []string{
	managedPackage, actionsPackage, dependentsPackage,
	"svelte",
	"workbox-core", "workbox-precaching", "workbox-routing", "workbox-strategies",
}

const folderOfPackages = "node_modules/"

const noticesHead = `Third-party notices

This site contains the work of others, listed here with their licences.

AWS managed policies: published by Amazon Web Services, Inc.
Not affiliated with or endorsed by Amazon Web Services. AWS is a trademark of
Amazon.com, Inc. or its affiliates.
`

// noticesFile is the text of all licences: Go's, then those of the npm
// packages that the page needs when it runs, sorted by name.
func noticesFile(site, goLicence string) ([]byte, error) {
	var lock struct {
		Packages map[string]struct {
			Name    string // of a package that goes by another name here
			Version string
			License string
			Dev     bool
		}
	}
	if err := readJSON(filepath.Join(site, "package-lock.json"), &lock); err != nil {
		return nil, err
	}
	type notice struct{ name, version, license, text string }
	var notices []notice
	for path, p := range lock.Packages {
		name := path // "", the site itself, or "node_modules/a/node_modules/b"
		if i := strings.LastIndex(path, folderOfPackages); i >= 0 {
			name = path[i+len(folderOfPackages):]
		}
		if name == "" || p.Dev && !slices.Contains(shippedTools, name) {
			continue
		}
		folder := filepath.Join(site, filepath.FromSlash(path))
		if _, err := os.Stat(folder); err != nil {
			return nil, fmt.Errorf("%w (npm ci in %s installs it)", err, site)
		}
		text, err := licenceText(folder)
		if err != nil {
			return nil, err
		}
		notices = append(notices, notice{cmp.Or(p.Name, name), p.Version, p.License, text})
	}
	slices.SortFunc(notices, func(a, b notice) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.version, b.version))
	})

	var b bytes.Buffer
	b.WriteString(noticesHead)
	section := func(title, text string) {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 72), title, strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")))
	}
	section("Go: the runtime and wasm_exec.js", goLicence)
	for _, n := range notices {
		section(n.name+" "+n.version, cmp.Or(n.text, "Licence: "+n.license+". The package has no licence file."))
	}
	return b.Bytes(), nil
}

// licenceText returns the text of all licence and notice files of a package,
// empty when it has none.
func licenceText(folder string) (string, error) {
	files, err := os.ReadDir(folder) // sorted
	if err != nil {
		return "", err
	}
	var texts []string
	for _, f := range files {
		name := strings.ToLower(f.Name())
		if f.IsDir() || !strings.HasPrefix(name, "license") && !strings.HasPrefix(name, "licence") && !strings.HasPrefix(name, "notice") && !strings.HasPrefix(name, "ofl") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			return "", err
		}
		texts = append(texts, strings.TrimSpace(string(text)))
	}
	return strings.Join(texts, "\n\n"), nil
}
