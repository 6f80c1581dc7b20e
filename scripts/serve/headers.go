package main

import (
	"fmt"
	"net/http"
	"strings"
)

// A rule of a _headers file adds headers to the answers for some paths.
type rule struct {
	prefix, suffix string // around the pattern's star
	star           bool   // without one, the path is prefix itself
	headers        [][2]string
}

// parseHeaders reads the format that static hosts share: a line that begins a
// rule is a path, with at most one * for any text; the indented lines below it
// are "Name: value"; # begins a comment line.
func parseHeaders(text string) ([]rule, error) {
	var rules []rule
	number := 0
	for line := range strings.Lines(text) {
		number++
		content := strings.TrimSpace(line)
		if content == "" || content[0] == '#' {
			continue
		}
		if line[0] != ' ' && line[0] != '\t' {
			if content[0] != '/' || strings.Count(content, "*") > 1 {
				return nil, fmt.Errorf("line %d: %q: expected a path that starts with / and has at most one *", number, content)
			}
			prefix, suffix, star := strings.Cut(content, "*")
			rules = append(rules, rule{prefix: prefix, suffix: suffix, star: star})
			continue
		}
		name, value, found := strings.Cut(content, ":")
		if !found || len(rules) == 0 {
			return nil, fmt.Errorf("line %d: %q: expected \"Name: value\" below a path", number, content)
		}
		last := &rules[len(rules)-1]
		last.headers = append(last.headers, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
	}
	return rules, nil
}

// apply sets the headers of all rules that match a path. When several give the
// same header, the values are joined by commas, as hosts do.
func apply(rules []rule, path string, to http.Header) {
	for _, r := range rules {
		if !r.matches(path) {
			continue
		}
		for _, h := range r.headers {
			value := h[1]
			if old := to.Get(h[0]); old != "" {
				value = old + ", " + value
			}
			to.Set(h[0], value)
		}
	}
}

func (r rule) matches(path string) bool {
	if !r.star {
		return path == r.prefix
	}
	return len(path) >= len(r.prefix)+len(r.suffix) && strings.HasPrefix(path, r.prefix) && strings.HasSuffix(path, r.suffix)
}
