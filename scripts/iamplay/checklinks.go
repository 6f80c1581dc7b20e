package main

import (
	"cmp"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/wasm/links"
)

// docs are the ends of the names of files in which links are looked for.
var docs = []string{".md", ".mdx", ".markdown", ".html", ".htm"}

var (
	linkPattern    = regexp.MustCompile(`#s=[A-Za-z0-9._&=%/:;-]*`)
	elementPattern = regexp.MustCompile(`(?is)<iam-playground\b((?:[^>"']|"[^"]*"|'[^']*')*)>(.*?)</iam-playground\s*>`)
	scriptPattern  = regexp.MustCompile(`(?is)<script\b[^>]*\btype\s*=\s*["']?application/json["']?[^>]*>(.*?)</script\s*>`)
	attribPattern  = regexp.MustCompile(`(?is)([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')`)
	fencePattern   = regexp.MustCompile("(?ms)^[ \t]*(```+|~~~+)([^\n`]*)\n(.*?)(?:^[ \t]*(?:```+|~~~+)[ \t]*$|\\z)")
)

// use is a place of a document that shows a scenario: a link, or an embedded
// playground.
type use struct {
	at   int // the offset in the document
	what string
	// link is a link's fragment, file the address of a scenario beside the
	// document, text a scenario itself; two are "".
	link, file, text string
	// request names the request that is shown first, "" for none.
	request string
}

// uses finds the links and embeds of a document in the order of their places.
// Embeds in blocks of code are examples, and so is a link that ends in "…" or
// goes on with "<": no real one does.
func uses(name, text string) []use {
	var out []use
	for _, at := range linkPattern.FindAllStringIndex(text, -1) {
		if rest := text[at[1]:]; !strings.HasPrefix(rest, "…") && !strings.HasPrefix(rest, "<") {
			out = append(out, use{at: at[0], what: "the link", link: html.UnescapeString(text[at[0]:at[1]])})
		}
	}
	var fences [][]int
	if ext := filepath.Ext(name); ext != ".html" && ext != ".htm" {
		fences = fencePattern.FindAllStringSubmatchIndex(text, -1)
	}
	for _, at := range elementPattern.FindAllStringSubmatchIndex(text, -1) {
		if slices.ContainsFunc(fences, func(f []int) bool { return f[0] <= at[0] && at[0] < f[1] }) {
			continue
		}
		u := use{at: at[0], what: "the playground"}
		linked := false
		for _, a := range attribPattern.FindAllStringSubmatch(text[at[2]:at[3]], -1) {
			value := html.UnescapeString(cmp.Or(a[2], a[3]))
			switch strings.ToLower(a[1]) {
			case "src":
				u.file = value
			case "link":
				linked = true // found above
			case "request":
				u.request = value
			}
		}
		body := scriptPattern.FindStringSubmatch(text[at[4]:at[5]])
		switch {
		case linked:
			continue
		case u.file != "":
		case body != nil:
			u.text = body[1]
		default:
			// It adopts the block of code before it. One of a policy alone has no
			// expectations to meet.
			for _, f := range fences {
				if f[1] <= at[0] && strings.TrimSpace(text[f[1]:at[0]]) == "" {
					u.text = text[f[6]:f[7]]
				}
			}
			if doc := jsonpos.Parse(u.text, jsonpos.Limits{Bytes: engine.MaxBytes, Depth: engine.MaxDepth}); len(doc.Problems) == 0 && doc.Root.Member("accounts") == nil {
				continue
			}
		}
		out = append(out, u)
	}
	slices.SortStableFunc(out, func(a, b use) int { return a.at - b.at })
	return out
}

// checkLinks holds every use of a scenario in a document to what it promises:
// that it opens, has no errors and meets its expectations.
func (s *session) checkLinks(name, text string) error {
	lines := jsonpos.NewLines(text)
	found := uses(name, text)
	wrong := 0
	for _, u := range found {
		problems := s.problemsOf(name, u)
		if len(problems) > 0 {
			wrong++
		}
		line, column := lines.Position(u.at)
		for _, p := range problems {
			if _, err := fmt.Fprintf(s.out, "✕ %s:%d:%d: %s: %s\n", name, line, column, u.what, p); err != nil {
				return err
			}
		}
	}
	s.passed += len(found) - wrong
	if len(found) == 0 || wrong > 0 {
		return nil
	}
	_, err := fmt.Fprintf(s.out, "✓ %s: %d as expected\n", name, len(found))
	return err
}

// problemsOf is what is wrong with one use; it counts the use as broken or as
// failed.
func (s *session) problemsOf(name string, u use) []string {
	var view links.View
	switch {
	case u.link != "":
		link, err := links.Decode(u.link)
		if err != nil {
			s.broken++
			return []string{strings.TrimPrefix(err.Error(), "the link's ")}
		}
		u.text, view = string(link.Scenario), link.View
	case u.file != "":
		address, err := url.Parse(u.file)
		if err != nil || address.IsAbs() || address.Host != "" {
			s.broken++
			return []string{fmt.Sprintf("found the source %q, expected a file beside the document: nothing is fetched", u.file)}
		}
		file, err := os.ReadFile(filepath.Join(filepath.Dir(name), filepath.FromSlash(address.Path)))
		if err != nil {
			s.broken++
			return []string{err.Error()}
		}
		u.text = string(file)
	}
	world := engine.NewWorld(engine.Parse(u.text), s.library)
	s.explainMissingLibrary(world)
	if problem := firstError(world); problem != nil {
		s.broken++
		return []string{"the scenario has an error at " + cmp.Or(string(problem.Pointer), "its beginning") + ": " + problem.Message}
	}
	requests := world.Scenario.Requests
	var problems []string
	if view.Request > 0 && view.Request >= len(requests) {
		problems = append(problems, fmt.Sprintf("it opens at request %d, and the scenario has %d", view.Request+1, len(requests)))
	}
	named := func(r *engine.Request) bool { return r.Name == u.request }
	if u.request != "" && !strings.Contains(u.request, "=") && !slices.ContainsFunc(requests, named) {
		problems = append(problems, fmt.Sprintf("no request of the scenario is named %q", u.request))
	}
	for _, r := range requests {
		var e *engine.Evaluation
		if q := world.Query(r); q != nil {
			e = q.Evaluate()
		}
		for _, p := range shortcomings(r, e) {
			problems = append(problems, fmt.Sprintf("request %q: %s", r.Name, p))
		}
	}
	if len(problems) > 0 {
		s.failed++
	}
	return problems
}
