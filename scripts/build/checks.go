package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/lint"
	"github.com/iam-playground/iam-playground/engine/render"
)

// checksFolder is where the page of the checks goes, beside the gallery's pages.
const checksFolder = "site/public/checks"

// writeChecks writes the page that lists every check with its example. base is as
// for writePages, whose style sheet the page shares.
func writeChecks(base string) error {
	text, err := os.ReadFile(filepath.Join(generated, "catalog", "catalog.txt"))
	if err != nil {
		return err
	}
	c, err := catalog.Load(string(text))
	if err != nil {
		return err
	}
	list, err := checked(c)
	if err != nil {
		return err
	}
	page := render.Page{Home: "../", Style: "../scenarios/pages.css", Address: under(base, "checks/")}
	return writeWith(filepath.Join(checksFolder, "index.html"), func(w io.Writer) error { return render.Checks(w, list, page) })
}

// checked are the checks with their examples, and what they find in them as they
// stand on the page.
func checked(c *catalog.Catalog) ([]render.Checked, error) {
	var list []render.Checked
	rows := lint.Checks()
	for i := range rows {
		row := &rows[i]
		text := row.Bad.Document()
		var pretty bytes.Buffer
		if json.Indent(&pretty, []byte(text), "", "  ") == nil {
			text = joined(pretty.String())
		}
		var of *lint.Type
		if t, ok := lint.ParseType(row.Bad.Type); ok {
			of = &t
		}
		one := render.Checked{Check: row, What: whatIs(row.Bad.Type), Text: text}
		for _, f := range lint.Of(text, of, nil, c) {
			if f.Code == row.Code {
				one.Finding = f
				break
			}
		}
		if one.Finding.Code == "" {
			return nil, fmt.Errorf("%s: its example does not trigger it", row.Code)
		}
		list = append(list, one)
	}
	return list, nil
}

// joined puts short lists of strings on one line.
func joined(text string) string {
	lines := strings.Split(text, "\n")
	out := lines[:0]
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if strings.HasSuffix(line, "[") {
			short, j := line, i+1
			for ; j < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[j]), `"`) && !strings.HasSuffix(lines[j], "{"); j++ {
				if j > i+1 {
					short += " "
				}
				short += strings.TrimSpace(lines[j])
			}
			if end := strings.TrimSpace(lines[min(j, len(lines)-1)]); j > i+1 && (end == "]" || end == "],") && len(short)+len(end) <= 88 {
				out = append(out, short+end)
				i = j
				continue
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// whatIs says in words what an example is.
func whatIs(typ string) string {
	if typ == "scenario" {
		return "a scenario"
	}
	t, _ := lint.ParseType(typ)
	switch {
	case t.Service == "s3":
		return "a bucket policy"
	case t.Kind == engine.ResourcePolicy && t.Service != "":
		return t.Kind.Name() + " of " + t.Service
	}
	return t.Kind.Name()
}
