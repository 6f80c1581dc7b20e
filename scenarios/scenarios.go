// Package scenarios holds the worlds that ship with the playground: its
// gallery, its tutorials and its test corpus in one.
//
// Every document of [All] is a scenario of version 1 without errors, and each
// of its requests carries an expectation that AWS's rules meet. The documents
// of [Broken] are wrong on purpose: their file names say how.
package scenarios

import (
	"embed"
	"path"
	"slices"
	"strings"
)

// Entry is one scenario document.
type Entry struct {
	Path string // folder and name without the extension, as in "basics/explicit-deny-wins"
	Text string // the document, byte for byte as in its file
}

//go:embed tutorials/*.json basics/*.json conditions/*.json resource-policies/*.json cross-account/*.json
//go:embed organizations/*.json unknown/*.json special/*.json pitfalls/*.json broken/*.json
var files embed.FS

// folders is the order of the gallery, which is the order of learning.
var folders = []string{
	"tutorials", "basics", "conditions", "resource-policies", "cross-account",
	"organizations", "unknown", "special", "pitfalls",
}

// tutorials is the teaching order, since the names do not sort that way.
var tutorials = []string{
	"ali-and-the-ec2-role", "the-coffee-shop", "iam-basics", "a-growing-company",
	"read-only", "permission-ceilings", "organization-region",
}

// All returns every scenario in the order of the gallery: the tutorials as
// they are taught, then folder by folder, by name. The slice is the caller's.
func All() []Entry {
	var all []Entry
	for _, folder := range folders {
		entries := read(folder)
		if folder == "tutorials" {
			slices.SortStableFunc(entries, func(a, b Entry) int {
				return slices.Index(tutorials, path.Base(a.Path)) - slices.Index(tutorials, path.Base(b.Path))
			})
		}
		all = append(all, entries...)
	}
	return all
}

// Broken returns the documents with errors, by name. The slice is the
// caller's. A text need not be JSON.
func Broken() []Entry { return read("broken") }

// read returns the documents of one folder, by name. The files are part of
// the program, so a failure to read one is a mistake of the build.
func read(folder string) []Entry {
	names, err := files.ReadDir(folder)
	if err != nil {
		panic(err)
	}
	entries := make([]Entry, 0, len(names))
	for _, name := range names {
		text, err := files.ReadFile(path.Join(folder, name.Name()))
		if err != nil {
			panic(err)
		}
		entries = append(entries, Entry{path.Join(folder, strings.TrimSuffix(name.Name(), ".json")), string(text)})
	}
	return entries
}
