// Command size weighs the built site: it prints the raw, gzip and brotli bytes
// of every file, the sums that scripts/size/budget.json names, and fails when
// one of them is above its limit.
//
//	go run ./scripts/size           # weigh
//	go run ./scripts/size -write    # and leave the .gz and .br files beside the others, for a host to serve
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/bits"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/andybalholm/brotli"
)

// weight is the bytes of a file, or of several.
type weight struct{ raw, gzip, brotli int }

func (w weight) plus(v weight) weight {
	return weight{w.raw + v.raw, w.gzip + v.gzip, w.brotli + v.brotli}
}

func main() {
	dir := flag.String("dir", "site/dist", "`folder` with the built site")
	budget := flag.String("budget", "scripts/size/budget.json", "`file` with the limits")
	write := flag.Bool("write", false, "write the compressed files beside the others")
	flag.Parse()
	if err := run(os.Stdout, *dir, *budget, *write); err != nil {
		fmt.Fprintln(os.Stderr, "size:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, dir, budget string, write bool) error {
	files, err := weigh(dir, write)
	if err != nil {
		return err
	}
	parts, err := readBudget(budget)
	if err != nil {
		return err
	}
	scripts, err := readManifest(filepath.Join(dir, ".vite", "manifest.json"))
	if err != nil {
		return err
	}
	sums, problems := judge(parts, files, scripts)
	printTable(out, files, sums)
	if len(problems) > 0 {
		return fmt.Errorf("%s", strings.Join(problems, "\nsize: "))
	}
	return nil
}

// weigh returns the weight of every file that is served, by its path with
// slashes. Compressed files of an earlier -write are not files of the site.
func weigh(dir string, write bool) (map[string]weight, error) {
	var names []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if err == nil && entry.Name() == ".vite" {
				return fs.SkipDir // for tools, not for browsers
			}
			return err
		}
		if extension := filepath.Ext(name); extension != ".gz" && extension != ".br" {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// Brotli takes its time, so that every processor weighs.
	weights, problems := make([]weight, len(names)), make([]error, len(names))
	next := make(chan int)
	var all sync.WaitGroup
	for range runtime.NumCPU() {
		all.Go(func() {
			for i := range next {
				weights[i], problems[i] = weighFile(names[i], write)
			}
		})
	}
	for i := range names {
		next <- i
	}
	close(next)
	all.Wait()
	files := map[string]weight{}
	for i, name := range names {
		path, err := filepath.Rel(dir, name)
		if err := cmp.Or(problems[i], err); err != nil {
			return nil, err
		}
		files[filepath.ToSlash(path)] = weights[i]
	}
	return files, nil
}

func weighFile(name string, write bool) (weight, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return weight{}, err
	}
	zipped, brotlied := compress(text)
	w := weight{len(text), len(zipped), len(brotlied)}
	if !write || len(zipped) >= len(text) || filepath.Base(name) == "_headers" {
		return w, nil
	}
	if err := os.WriteFile(name+".gz", zipped, 0o644); err != nil {
		return w, err
	}
	return w, os.WriteFile(name+".br", brotlied, 0o644)
}

// compress returns text as gzip -9 and as brotli 11.
func compress(text []byte) (zipped, brotlied []byte) {
	var z, b bytes.Buffer
	// A window that is larger than the text only takes time.
	window := min(max(bits.Len(uint(len(text)))+1, 10), 24)
	zw, _ := gzip.NewWriterLevel(&z, gzip.BestCompression) // the level is a valid one
	bw := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: window})
	// Writing to memory does not fail.
	zw.Write(text)
	zw.Close()
	bw.Write(text)
	bw.Close()
	return z.Bytes(), b.Bytes()
}

// chunk is an entry of Vite's manifest, by the name of its source.
type chunk struct {
	File    string
	Imports []string // names of further chunks, without those that are imported later
}

// readManifest reads Vite's manifest.
func readManifest(name string) (map[string]chunk, error) {
	var chunks map[string]chunk
	return chunks, readJSON(name, &chunks)
}

// staticFiles returns the files that a page with this entry loads at once.
func staticFiles(chunks map[string]chunk, entry string) ([]string, error) {
	var files []string
	var add func(name string) error
	add = func(name string) error {
		c, found := chunks[name]
		if !found {
			return fmt.Errorf("Vite's manifest has no %q", name)
		}
		if slices.Contains(files, c.File) {
			return nil
		}
		files = append(files, c.File)
		for _, next := range c.Imports {
			if err := add(next); err != nil {
				return err
			}
		}
		return nil
	}
	return files, add(entry)
}

// printTable prints the files, the heaviest first, and then the sums.
func printTable(out io.Writer, files map[string]weight, sums []sum) {
	files = folded(files)
	names := make([]string, 0, len(files))
	var all weight
	for name, w := range files {
		names = append(names, name)
		all = all.plus(w)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := files[b].brotli - files[a].brotli; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, w weight, limit string) {
		fmt.Fprintf(table, "%d\t%d\t%d\t%s\t  %s\n", w.raw, w.gzip, w.brotli, limit, name)
	}
	fmt.Fprintf(table, "raw\tgzip -9\tbrotli 11\tlimit\t  file\n")
	for _, name := range names {
		row(name, files[name], "")
	}
	row("everything", all, "")
	for _, s := range sums {
		row(s.name, s.weight, s.limit)
	}
	table.Flush()
}

// folded is the files with those of a folder in one line when they are more
// than anybody reads.
func folded(files map[string]weight) map[string]weight {
	count := map[string]int{}
	for name := range files {
		count[path.Dir(name)]++
	}
	out := map[string]weight{}
	for name, w := range files {
		if n := count[path.Dir(name)]; n > manyFiles {
			name = fmt.Sprintf("%s/ (%d files)", path.Dir(name), n)
		}
		out[name] = out[name].plus(w)
	}
	return out
}

// manyFiles is how many files of a folder are listed one by one.
const manyFiles = 200

// readJSON reads a JSON file into v.
func readJSON(name string, v any) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
