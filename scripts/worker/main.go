// Command worker builds the Worker for short links into bin/worker, beside the
// built site that it serves, and prints what it weighs.
//
//	go run ./scripts/worker
//
// It runs in the repository's folder. wasm/worker/wrangler.jsonc names what it
// builds.
package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/iam-playground/iam-playground/scripts/lean"
	"github.com/iam-playground/iam-playground/wasm/links"
)

const (
	folder = "bin/worker"
	dist   = "site/dist"
)

// most is how many bytes of gzip the platform takes on its free plan.
const most = 3_000_000

func main() {
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

func build() error {
	if _, err := os.Stat("go.mod"); err != nil {
		return errors.New("no go.mod here: run it in the repository's folder")
	}
	paths, err := links.SitePaths(os.DirFS(dist))
	if err != nil {
		return err
	}
	// It deletes the folder first, so it comes before what is built.
	glue := exec.Command("go", "tool", "workers-assets-gen", "-mode=go", "-o", folder)
	glue.Stdout, glue.Stderr = os.Stdout, os.Stderr
	if err := glue.Run(); err != nil {
		return fmt.Errorf("workers-assets-gen: %w", err)
	}
	front, err := os.ReadFile("wasm/worker/front.mjs")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "front.mjs"), front, 0o644); err != nil {
		return err
	}
	program := filepath.Join(folder, "app.wasm")
	if err := lean.Build(program, "./wasm/worker",
		"-ldflags=-s -w -X main.libraryPath="+paths.Library+" -X main.catalogPath="+paths.Catalog+" -X main.picturePath="+paths.Picture, "-gcflags=github.com/iam-playground/...=-l", "-tags=nethttpomithttp2"); err != nil {
		return err
	}
	total, packed, err := weigh(folder)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes, %d with gzip\n", folder, total, packed)
	if packed > most {
		return fmt.Errorf("%s has %d bytes with gzip, expected at most %d", folder, packed, most)
	}
	return nil
}

// weigh adds up the files of a folder, as they are and as they are uploaded.
func weigh(folder string) (total, packed int64, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0, 0, err
	}
	var count counter
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return 0, 0, err
		}
		w, err := gzip.NewWriterLevel(&count, gzip.BestCompression)
		if err == nil {
			_, err = w.Write(text)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			return 0, 0, err
		}
		total += int64(len(text))
	}
	return total, int64(count), nil
}

// counter counts what is written to it.
type counter int64

var _ io.Writer = (*counter)(nil)

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
