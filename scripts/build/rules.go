package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/render"
	"github.com/iam-playground/iam-playground/engine/rulebook"
	"github.com/iam-playground/iam-playground/scenarios"
	"github.com/iam-playground/iam-playground/wasm/links"
)

// rulesFolder is where the page of the rule book goes, beside the gallery's pages.
const rulesFolder = "site/public/rules"

// writeRules writes the page of the rule book. base is as for writePages, whose
// style sheet the page shares.
func writeRules(base string) error {
	rows, err := os.ReadFile(filepath.Join("engine", "testdata", "rules.tsv"))
	if err != nil {
		return err
	}
	return writeWith(filepath.Join(rulesFolder, "index.html"),
		func(w io.Writer) error { return ruleBook(w, string(rows), base) })
}

// ruleBook writes the page of the rule book with rows of tests.
func ruleBook(w io.Writer, rows, base string) error {
	book, err := rulebook.Read()
	if err == nil {
		err = book.Attach(rows)
	}
	if err != nil {
		return fmt.Errorf("the rule book: %w", err)
	}
	page := render.Page{Home: "../", Icon: "../icon.svg", Style: "../scenarios/pages.css",
		Address: under(base, "rules/")}
	return render.Rules(w, book, shownScenarios(), page)
}

// shownScenarios tells where a scenario is to be seen from a folder of the
// site. Those with errors are not in the gallery and go along in their link.
func shownScenarios() func(path string) render.Shown {
	known := map[string]render.Shown{}
	for _, e := range scenarios.All() {
		known[e.Path] = render.Shown{Title: engine.Parse(e.Text).Title, Playground: "../#example/" + e.Path,
			Page: "../scenarios/" + e.Path + ".html"}
	}
	for _, e := range scenarios.Broken() {
		known[e.Path] = render.Shown{Title: engine.Parse(e.Text).Title,
			Playground: "../" + links.Encode([]byte(e.Text), links.View{})}
	}
	return func(path string) render.Shown { return known[path] }
}
