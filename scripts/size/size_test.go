package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

const manifest = `{
	"index.html": {"file": "assets/index-1.js", "imports": ["_shared.js"], "dynamicImports": ["src/editor.ts"]},
	"_shared.js": {"file": "assets/shared-1.js", "imports": ["index.html"]},
	"src/editor.ts": {"file": "assets/editor-1.js", "imports": ["_shared.js"]}}`

// built is a site of a few files; its worker does not compress.
func built(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		".vite/manifest.json": manifest,
		"index.html":          strings.Repeat("page ", 100),
		"_headers":            strings.Repeat("/*\n", 100),
		"assets/index-1.js":   strings.Repeat("index ", 100),
		"assets/shared-1.js":  strings.Repeat("shared ", 100),
		"assets/editor-1.js":  strings.Repeat("editor ", 100),
		"assets/worker-1.js":  "w",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// budgetFile writes a budget and returns its name.
func budgetFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "budget.json")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestThePageCountsItsEntryWhatThatImportsAndTheFilesNamed(t *testing.T) {
	files := map[string]weight{
		"assets/index-1.js": {100, 10, 1}, "assets/shared-1.js": {200, 20, 2}, "assets/editor-1.js": {400, 40, 4}, "assets/worker-1.js": {800, 80, 8},
	}
	chunks := map[string]chunk{
		"index.html": {"assets/index-1.js", []string{"_shared.js"}},
		"_shared.js": {"assets/shared-1.js", []string{"index.html"}},
		"editor.ts":  {"assets/editor-1.js", nil},
	}
	for name, c := range map[string]struct {
		part part
		want weight
	}{
		"entry and imports":              {part{Entry: "index.html"}, weight{300, 30, 3}},
		"and the worker":                 {part{Entry: "index.html", Files: []string{"assets/worker-*.js"}}, weight{1100, 110, 11}},
		"a file chosen twice is in once": {part{Entry: "index.html", Files: []string{"assets/index-*.js", "assets/*"}}, weight{1500, 150, 15}},
	} {
		t.Run(name, func(t *testing.T) {
			sums, problems := judge(map[string]part{"page": c.part}, files, chunks)
			if len(sums) != 1 || sums[0].weight != c.want || len(problems) != 0 {
				t.Errorf("%v, %q; expected %v", sums, problems, c.want)
			}
		})
	}
}

func TestABudgetIsKeptUpToItsLastByte(t *testing.T) {
	files := map[string]weight{"engine-1.wasm": {1000, 500, 400}}
	for name, c := range map[string]struct {
		part part
		want []string
	}{
		"at the limit":             {part{Files: []string{"engine-*.wasm"}, Gzip: 500, Brotli: 400}, nil},
		"no limit":                 {part{Files: []string{"engine-*.wasm"}}, nil},
		"one byte above in brotli": {part{Files: []string{"engine-*.wasm"}, Brotli: 399}, []string{"p: 400 bytes of brotli, 1 above the limit of 399"}},
		"above in both":            {part{Files: []string{"engine-*.wasm"}, Brotli: 399, Gzip: 100}, []string{"p: 400 bytes of brotli, 1 above the limit of 399", "p: 500 bytes of gzip, 400 above the limit of 100"}},
		"no such file":             {part{Files: []string{"*.js"}, Brotli: 1}, []string{`p: no file matches "*.js"`}},
		"no such page":             {part{Entry: "embed.html", Brotli: 1}, []string{`p: Vite's manifest has no "embed.html"`}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, problems := judge(map[string]part{"p": c.part}, files, nil); !slices.Equal(problems, c.want) {
				t.Errorf("%q, expected %q", problems, c.want)
			}
		})
	}
}

func TestTheProgramWeighsABuiltSiteAndFailsAboveABudget(t *testing.T) {
	dir := built(t)
	var out bytes.Buffer
	if err := run(&out, dir, budgetFile(t, `{"page": {"entry": "index.html", "brotli": 10000}}`), false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"assets/editor-1.js", "index.html", "everything", "brotli 10000  page"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table has no %q:\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "manifest.json") {
		t.Errorf("the table has Vite's manifest, which no browser loads:\n%s", &out)
	}
	out.Reset()
	err := run(&out, dir, budgetFile(t, `{"page": {"entry": "index.html", "brotli": 10}}`), false)
	if err == nil || !strings.Contains(err.Error(), "above the limit of 10") || !strings.Contains(out.String(), "everything") {
		t.Errorf("error %v after\n%s", err, &out)
	}
	if err := run(io.Discard, dir, budgetFile(t, `{"page": {"brotly": 10}}`), false); err == nil || !strings.Contains(err.Error(), "brotly") {
		t.Errorf("error %v, expected one about the misspelled limit", err)
	}
}

func TestCompressedFilesHoldTheSameBytesAndAreNotWeighed(t *testing.T) {
	dir := built(t)
	first, err := weigh(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	second, err := weigh(dir, false)
	if err != nil || !maps.Equal(first, second) {
		t.Errorf("%v, %v after writing, expected %v", second, err, first)
	}
	want, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for extension, reader := range map[string]func(io.Reader) (io.Reader, error){
		".gz": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		".br": func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	} {
		data, err := os.ReadFile(filepath.Join(dir, "index.html"+extension))
		if err != nil {
			t.Fatal(err)
		}
		r, err := reader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Errorf("index.html%s unpacks to %q, %v", extension, got, err)
		}
	}
	for _, name := range []string{"_headers.br", "assets/worker-1.js.br"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s was written: no host serves it, or it saves nothing", name)
		}
	}
}

func TestTheProjectsBudgetCanBeRead(t *testing.T) {
	parts, err := readBudget("budget.json")
	if err != nil || parts["engine"].Brotli == 0 || parts["engine"].Gzip == 0 || parts["JavaScript before the first answer"].Brotli == 0 {
		t.Errorf("%v, %v", parts, err)
	}
}

func TestAFolderOfManyFilesIsOneLine(t *testing.T) {
	files := map[string]weight{"index.html": {1, 1, 1}, "assets/a.js": {2, 2, 2}}
	for i := range manyFiles + 1 {
		files[fmt.Sprintf("managed/%d.json", i)] = weight{3, 2, 1}
	}
	want := map[string]weight{"index.html": {1, 1, 1}, "assets/a.js": {2, 2, 2}, "managed/ (201 files)": {603, 402, 201}}
	if got := folded(files); !maps.Equal(got, want) {
		t.Errorf("folded to %v, expected %v", got, want)
	}
}
