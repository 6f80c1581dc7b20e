package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/render"
	"github.com/iam-playground/iam-playground/scenarios"
	"github.com/iam-playground/iam-playground/scripts/preview"
	"github.com/iam-playground/iam-playground/wasm/links"
)

// pagesFolder is where the pages of the gallery go: a part of what Vite copies
// into the site as it is, before the service worker's list of files is made.
const pagesFolder = "site/public/scenarios"

// writePages writes a page without scripts for every shipped scenario, with its
// picture of the steps, and a list of them. With a base, the address at which
// the site will be, each also gets what previews of links need, since those know
// whole addresses only: a picture of its own and an oEmbed document.
func writePages(base string) error {
	library := engine.NewLibrary()
	text, err := os.ReadFile(filepath.Join(generated, "managed", "curated.json"))
	if err != nil {
		return err
	}
	if _, problem := library.Load(string(text)); problem != nil {
		return fmt.Errorf("the managed policies: %s", problem.Message)
	}
	if text, err = os.ReadFile(filepath.Join(generated, "catalog", "catalog.txt")); err != nil {
		return err
	}
	names, err := catalog.Load(string(text))
	if err != nil {
		return fmt.Errorf("the catalogue: %w", err)
	}
	for _, e := range scenarios.All() {
		if _, problem := library.LoadFacts(names.Facts(engine.Parse(e.Text).Actions())); problem != nil {
			return fmt.Errorf("the facts about the actions of %s: %s", e.Path, problem.Message)
		}
	}
	if err := os.RemoveAll(pagesFolder); err != nil {
		return err
	}
	return writePagesOf(pagesFolder, base, scenarios.All(), library)
}

// parseBase reads the address of a site: "" for none, or one that ends in "/".
func parseBase(base string) (string, error) {
	if base == "" {
		return "", nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("base %q: expected the address of the site, such as https://iam.example/", base)
	}
	return strings.TrimSuffix(base, "/") + "/", nil
}

func writePagesOf(folder, base string, entries []scenarios.Entry, library *engine.Library) error {
	all := make([]*scenarioPage, len(entries))
	errs := make([]error, len(entries))
	var wait sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, e := range entries {
		all[i] = newScenarioPage(e, base, library)
		wait.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			errs[i] = all[i].write(folder)
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	var groups []render.Group
	for _, p := range all {
		if n := len(groups); n == 0 || groups[n-1].Title != p.group() {
			groups = append(groups, render.Group{Title: p.group()})
		}
		g := &groups[len(groups)-1]
		entry := render.Entry{Address: p.path + ".html", Title: p.world.Scenario.Title, Description: p.world.Scenario.Description}
		for _, e := range p.evaluations {
			entry.Decisions = append(entry.Decisions, e.Overall)
		}
		g.Entries = append(g.Entries, entry)
	}
	page := render.Page{Home: "../", Icon: "../icon.svg", Style: "pages.css", Address: under(base, "scenarios/"), Picture: under(base, "scenarios/index.png")}
	const about = "Every scenario of the gallery with its answers, step by step: readable without JavaScript, and ready to open in the playground."
	if err := writeWith(filepath.Join(folder, "index.html"), func(w io.Writer) error { return render.List(w, "The gallery", about, groups, page) }); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(folder, "pages.css"), []byte(render.Style)); err != nil {
		return err
	}
	if base == "" {
		return nil
	}
	return writeWith(filepath.Join(folder, "index.png"), func(w io.Writer) error {
		return preview.PNG(w, "What would AWS IAM answer, and why?", all[0].rows())
	})
}

// under is an address below a base, "" without one.
func under(base, address string) string {
	if base == "" {
		return ""
	}
	return base + address
}

// scenarioPage is a scenario that is to have a page.
type scenarioPage struct {
	path, text, base string
	world            *engine.World
	evaluations      []*engine.Evaluation
}

func newScenarioPage(e scenarios.Entry, base string, library *engine.Library) *scenarioPage {
	p := &scenarioPage{path: e.Path, text: e.Text, base: base, world: engine.NewWorld(engine.Parse(e.Text), library)}
	for _, r := range p.world.Scenario.Requests {
		var one *engine.Evaluation
		if q := p.world.Query(r); q != nil {
			one = q.Evaluate()
		}
		p.evaluations = append(p.evaluations, one)
	}
	return p
}

// group is the title of the folder.
func (p *scenarioPage) group() string {
	return explain.Capital(strings.ReplaceAll(path.Dir(p.path), "-", " "))
}

// rows are the requests as a picture shows them.
func (p *scenarioPage) rows() []preview.Row {
	rows := make([]preview.Row, len(p.evaluations))
	for i, e := range p.evaluations {
		r := preview.Row{Text: p.world.Scenario.Requests[i].Name}
		switch e.Overall {
		case engine.Allowed:
			r.Word, r.Tone = "allowed", preview.Allow
		case engine.Depends:
			r.Word, r.Tone = "depends", preview.Depends
		default:
			r.Word, r.Tone = "denied", preview.Deny
		}
		rows[i] = r
	}
	return rows
}

// write writes the page and what belongs to it.
func (p *scenarioPage) write(folder string) error {
	for i, e := range p.evaluations {
		if e == nil {
			return fmt.Errorf("%s: request %d cannot be evaluated", p.path, i+1)
		}
	}
	file := filepath.Join(folder, filepath.FromSlash(p.path))
	up := strings.Repeat("../", strings.Count(p.path, "/")+1)
	source := render.Source{File: p.path + ".json", World: p.world}
	page := render.Page{
		Home: up, Playground: up + "#example/" + p.path, Index: up + "scenarios/", Rules: up + "rules/",
		Icon: up + "icon.svg", Style: up + "scenarios/pages.css",
		Address: under(p.base, "scenarios/"+p.path+".html"), Picture: under(p.base, "scenarios/"+p.path+".png"), Embed: under(p.base, "scenarios/"+p.path+".oembed.json"),
	}
	requests := make([]int, len(p.evaluations))
	for i := range requests {
		requests[i] = i
	}
	err := errors.Join(
		writeWith(file+".html", func(w io.Writer) error { return render.HTML(w, source, p.evaluations, page) }),
		writeWith(file+".svg", func(w io.Writer) error { return render.SVG(w, source, p.evaluations, requests) }),
	)
	if p.base == "" {
		return err
	}
	return errors.Join(err,
		writeWith(file+".png", func(w io.Writer) error { return preview.PNG(w, p.world.Scenario.Title, p.rows()) }),
		writeWith(file+".oembed.json", p.oembed),
	)
}

// The size of a scenario's frame in a page that asks for one through oEmbed.
const frameWidth, frameHeight = 720, 640

// oembed writes the document with which other sites show the scenario: as a
// frame that carries the whole of it in its address.
//
// https://oembed.com
func (p *scenarioPage) oembed(w io.Writer) error {
	frame := fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>`,
		html.EscapeString(p.base+"embed/"+links.Encode([]byte(p.text), links.View{})), html.EscapeString(p.world.Scenario.Title), frameWidth, frameHeight)
	text, err := json.MarshalIndent(map[string]any{
		"version": "1.0", "type": "rich", "title": p.world.Scenario.Title, "provider_name": "IAM Playground", "provider_url": p.base,
		"thumbnail_url": p.base + "scenarios/" + p.path + ".png", "thumbnail_width": preview.Width, "thumbnail_height": preview.Height,
		"html": frame, "width": frameWidth, "height": frameHeight,
	}, "", "  ")
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	return err
}

// writeWith writes a file whose text a function writes.
func writeWith(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return writeFile(name, b.Bytes())
}
