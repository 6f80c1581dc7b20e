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
	"strconv"
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
	traceClass     = regexp.MustCompile(`(?is)\bclass\s*=\s*["']?[^"'>]*\btrace\b`)
	blockPattern   = regexp.MustCompile(`(?is)<pre\b[^>]*>(.*?)</pre\s*>`)
	tagPattern     = regexp.MustCompile(`<[^>]*>`)
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
	// request is the name or the number of the request that is shown first, "" for
	// none.
	request string
	// phrase is a request in words about a policy, which is then text; "" for none.
	phrase string
}

// uses finds the links and embeds of a document in the order of their places.
// Embeds in blocks of code are examples, and so is a link that ends in "…" or
// goes on with "<": no real one does. With a base, links to other addresses are
// somebody else's.
func uses(name, text, base string) []use {
	var out []use
	markdown := !slices.Contains([]string{".html", ".htm"}, filepath.Ext(name))
	var fences [][]int
	if markdown {
		fences = fencePattern.FindAllStringSubmatchIndex(text, -1)
	}
	fenced := func(at int) bool {
		return slices.ContainsFunc(fences, func(f []int) bool { return f[0] <= at && at < f[1] })
	}
	var taken [][]int // the tags of elements, whose links are theirs
	for _, at := range elementPattern.FindAllStringSubmatchIndex(text, -1) {
		taken = append(taken, []int{at[0], at[3]})
		if !fenced(at[0]) {
			out = append(out, usesOfElement(text, at, fences, markdown)...)
		}
	}
	for _, at := range linkPattern.FindAllStringIndex(text, -1) {
		if rest := text[at[1]:]; strings.HasPrefix(rest, "…") || strings.HasPrefix(rest, "<") ||
			slices.ContainsFunc(taken, func(t []int) bool { return t[0] <= at[0] && at[0] < t[1] && !fenced(at[0]) }) {
			continue
		}
		u := use{at: at[0], what: "the link", link: html.UnescapeString(text[at[0]:at[1]])}
		address := html.UnescapeString(text[strings.LastIndexAny(text[:at[0]], "\"'`<>()[] \t\r\n")+1 : at[0]])
		if parsed, err := url.Parse(address); err == nil {
			if base != "" && parsed.Host != "" && !strings.HasPrefix(address, base) {
				continue
			}
			if strings.HasSuffix(parsed.Path, "embed/") || strings.HasSuffix(parsed.Path, "embed/index.html") {
				u.what, u.request = "the frame", parsed.Query().Get("request")
			}
		}
		out = append(out, u)
	}
	slices.SortStableFunc(out, func(a, b use) int { return a.at - b.at })
	return out
}

// usesOfElement are the scenarios that an embedded playground shows: one, or two
// that it compares. at is its place as elementPattern finds it.
func usesOfElement(text string, at []int, fences [][]int, markdown bool) []use {
	attributes := map[string]string{}
	for _, a := range attribPattern.FindAllStringSubmatch(text[at[2]:at[3]], -1) {
		attributes[strings.ToLower(a[1])] = html.UnescapeString(cmp.Or(a[2], a[3]))
	}
	one := use{at: at[0], what: "the playground", request: attributes["request"]}
	for _, name := range []string{"link", "src"} {
		if attributes[name] == "" {
			continue
		}
		var out []use
		for _, value := range []string{attributes["before"], attributes[name]} {
			u := one
			if name == "link" {
				if u.link = value; strings.HasPrefix(value, "1.") { // the element takes the link's value alone too
					u.link = "#s=" + value
				}
			} else {
				u.file = value
			}
			if value != "" {
				out = append(out, u)
			}
		}
		return out
	}
	var out []use
	for _, body := range scriptPattern.FindAllStringSubmatch(text[at[4]:at[5]], -1) {
		if !traceClass.MatchString(body[0][:strings.IndexByte(body[0], '>')]) {
			one.text = body[1]
			out = append(out, one)
		}
	}
	if out != nil {
		return out
	}
	// It adopts the block of code before it.
	one.text = ""
	for _, f := range fences {
		if f[1] <= at[0] && strings.TrimSpace(text[f[1]:at[0]]) == "" {
			one.text = text[f[6]:f[7]]
		}
	}
	if blocks := blockPattern.FindAllStringSubmatchIndex(text[:at[0]], -1); !markdown && blocks != nil {
		last := blocks[len(blocks)-1]
		if strings.TrimSpace(tagPattern.ReplaceAllString(text[last[1]:at[0]], "")) == "" {
			one.text = html.UnescapeString(tagPattern.ReplaceAllString(text[last[2]:last[3]], ""))
		}
	}
	if phraseStart.MatchString(one.request) {
		one.phrase, one.request = one.request, ""
	}
	return []use{one}
}

// holdsPolicy reports whether a text is a policy where a scenario is expected.
func holdsPolicy(text string) bool {
	doc := jsonpos.Parse(text, jsonpos.Limits{Bytes: engine.MaxBytes, Depth: engine.MaxDepth})
	return len(doc.Problems) == 0 && doc.Root.Member("accounts") == nil && doc.Root.Member("Statement") != nil
}

// checkLinks holds every use of a scenario in a document to what it promises:
// that it opens, has no errors and meets its expectations.
func (s *session) checkLinks(name, text string) error {
	lines := jsonpos.NewLines(text)
	found := uses(name, text, s.base)
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
	if u.phrase != "" {
		p, err := parsePhrase(u.phrase)
		if err == nil {
			u.text, err = scenarioAround(u.text, p)
		}
		if err != nil {
			s.broken++
			return []string{err.Error()}
		}
	} else if u.link == "" && u.file == "" && strings.TrimSpace(u.text) == "" {
		s.broken++
		return []string{"found no scenario, expected src, link, a script of type application/json inside, or a block of JSON before"}
	} else if holdsPolicy(u.text) {
		s.broken++
		return []string{"found a policy and no request, expected request=\"who=ali do=s3:GetObject on=BUCKET/KEY\""}
	}
	world := s.world(engine.Parse(u.text))
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
	number, err := strconv.Atoi(u.request)
	if u.request != "" && !slices.ContainsFunc(requests, named) && (err != nil || number < 0 || number >= len(requests)) {
		problems = append(problems, fmt.Sprintf("no request of the scenario is named %q", u.request))
	}
	for _, r := range requests {
		var e *engine.Evaluation
		if q := world.Query(r); q != nil {
			e = q.Evaluate()
		}
		if x := r.Expected(e); x != nil {
			for _, p := range x.Problems {
				problems = append(problems, fmt.Sprintf("request %q: %s", r.Name, p))
			}
		}
	}
	if len(problems) > 0 {
		s.failed++
	}
	return problems
}
