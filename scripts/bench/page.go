package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// The line over which the cold page is fetched, and the time that it may take.
const (
	lineRate    = "10mbit"
	lineLatency = "40ms"
	coldAim     = 1500 // milliseconds
)

// coldPage measures how long the built page takes to its first answer in a
// browser that has never seen it.
func coldPage(out io.Writer, r *runner, rounds int) error {
	const dist = "site/dist"
	if _, err := os.Stat(filepath.Join(dist, "index.html")); err != nil {
		fmt.Fprintf(out, "cold page: not measured, since there is no %s: run make build first\n\n", dist)
		return nil
	}
	folder, err := os.MkdirTemp("", "bench-page")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	copied := filepath.Join(folder, "dist")
	if err := os.CopyFS(copied, os.DirFS(dist)); err != nil {
		return err
	}
	// A page over its budget is measured all the same.
	if exec.Command("go", "run", "./scripts/size", "-dir", copied, "-write").Run() != nil {
		fmt.Fprintln(out, "the site is above its budget (make size)")
	}
	for _, line := range []struct{ name, rate, latency string }{{"local", "", "0s"}, {lineRate + ", " + lineLatency, lineRate, lineLatency}} {
		ms, err := firstAnswers(r, folder, copied, line.rate, line.latency, rounds)
		if err != nil {
			fmt.Fprintf(out, "cold page, %s: not measured: %v\n", line.name, err)
			continue
		}
		fmt.Fprintf(out, "cold page, %s: first answer after %.0f ms, best %.0f ms", line.name, median(ms), slices.Min(ms))
		if line.rate != "" {
			fmt.Fprintf(out, " (aim: %d ms)", coldAim)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out)
	return nil
}

// firstAnswers serves a folder over a line and opens the page some times.
func firstAnswers(r *runner, folder, dist, rate, latency string, rounds int) ([]float64, error) {
	program := filepath.Join(folder, "serve")
	if text, err := exec.Command("go", "build", "-o", program, "./scripts/serve").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, text)
	}
	serve := exec.Command(program, "-dir", dist, "-addr", "127.0.0.1:0", "-rate", rate, "-latency", latency)
	stdout, err := serve.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := serve.Start(); err != nil {
		return nil, err
	}
	defer func() {
		serve.Process.Signal(syscall.SIGTERM)
		serve.Wait()
	}()
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		return nil, fmt.Errorf("serve printed no address")
	}
	_, url, _ := strings.Cut(lines.Text(), ": ")
	var all []float64
	for range rounds {
		ms, err := r.order(order{In: "page", URL: url})
		if err != nil {
			return nil, err
		}
		all = append(all, ms)
	}
	return all, nil
}
