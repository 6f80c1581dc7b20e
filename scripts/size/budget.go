package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// part is a part of the site with limits in bytes; a limit of 0 is none.
type part struct {
	Entry  string   `json:"entry"` // a page: the scripts that it loads at once count
	Files  []string `json:"files"` // patterns of [path.Match]; each must match
	Gzip   int      `json:"gzip"`
	Brotli int      `json:"brotli"`
}

// sum is what a part weighs.
type sum struct {
	name   string
	weight weight
	limit  string // "br 600000, gz 800000"
}

// readBudget reads the parts by name. A member that it does not know is an
// error: a misspelled limit would be none.
func readBudget(name string) (map[string]part, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var parts map[string]part
	reader := json.NewDecoder(bytes.NewReader(text))
	reader.DisallowUnknownFields()
	if err := reader.Decode(&parts); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return parts, nil
}

// judge returns the sums of all parts, sorted by name, and what is wrong: a
// limit that is passed, a file that is not there.
func judge(parts map[string]part, files map[string]weight, chunks map[string]chunk) (sums []sum, problems []string) {
	problem := func(name, format string, args ...any) {
		problems = append(problems, name+": "+fmt.Sprintf(format, args...))
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		p := parts[name]
		var chosen []string
		if p.Entry != "" {
			static, err := staticFiles(chunks, p.Entry)
			if err != nil {
				problem(name, "%v", err)
			}
			chosen = static
		}
		for _, pattern := range p.Files {
			var matched bool
			for file := range files {
				if ok, _ := path.Match(pattern, file); ok {
					chosen, matched = append(chosen, file), true
				}
			}
			if !matched {
				problem(name, "no file matches %q", pattern)
			}
		}
		slices.Sort(chosen)
		var w weight
		for _, file := range slices.Compact(chosen) {
			w = w.plus(files[file])
		}
		var limits []string
		limit := func(unit string, bytes, most int) {
			if most == 0 {
				return
			}
			limits = append(limits, fmt.Sprintf("%s %d", unit, most))
			if bytes > most {
				problem(name, "%d bytes of %s, %d above the limit of %d", bytes, unit, bytes-most, most)
			}
		}
		limit("brotli", w.brotli, p.Brotli)
		limit("gzip", w.gzip, p.Gzip)
		sums = append(sums, sum{name, w, strings.Join(limits, ", ")})
	}
	return sums, problems
}
