// Command bench measures the engine in one run on one machine: natively, as
// WebAssembly in Node and in Chromium, next to a peer on the same requests; how
// the worst cases grow; and how long a cold page takes to its first answer.
//
//	go run ./scripts/bench                # everything; CHROMIUM names the browser
//	go run ./scripts/bench -rounds 25     # more rounds, for steadier medians
//	go run ./scripts/bench -growth        # only the worst cases
//
// It runs in the repository's folder. Contestants take turns in every round, so
// that whatever else the machine does meets all of them alike; the tables give
// medians, of processor time where no page is loaded. The page needs site/dist, which make build makes.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/scripts/bench/loops"
	"github.com/iam-playground/iam-playground/scripts/peer"
)

// The world that is measured, with requests that state what they expect.
const scenarioFile = "engine/testdata/bench.json"

// turn is how long a contestant works in one round.
const turn = 50 * time.Millisecond

func main() {
	rounds := flag.Int("rounds", 11, "`number` of rounds of which the medians are printed")
	onlyGrowth := flag.Bool("growth", false, "measure only how the worst cases grow")
	flag.Parse()
	if err := run(os.Stdout, *rounds, *onlyGrowth); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, rounds int, onlyGrowth bool) error {
	fmt.Fprintf(out, "%s, %s/%s, %d processors, medians of %d rounds of processor time\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds)
	if !onlyGrowth {
		if err := compare(out, rounds); err != nil {
			return err
		}
	}
	return growth(out, rounds)
}

// contestant is one row of the table: some code in some place.
type contestant struct {
	name, in, kind string
	n              int       // repetitions in one turn
	samples        []float64 // nanoseconds each
}

var kindNames = map[string]string{
	"decide":  "decision",
	"explain": "explained: decision, every element of every statement, stages",
	"ask":     "explained, from the request on",
	"report":  "explained, from the request to the page's JSON",
}

func compare(out io.Writer, rounds int) error {
	scenario, err := os.ReadFile(scenarioFile)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := prepare(folder, string(scenario)); err != nil {
		return err
	}
	r, err := start(folder)
	if err != nil {
		return err
	}
	defer r.stop()

	native := loops.New(string(scenario))
	measure := func(c *contestant) (float64, error) {
		if c.in != "native" {
			return r.order(order{In: c.in, Kind: c.kind, N: c.n})
		}
		begin := processorTime()
		native.Run(c.kind, c.n)
		return float64(processorTime()-begin) / 1e6, nil
	}
	var all []*contestant
	for _, kind := range loops.Kinds {
		for _, in := range []string{"native", "node", "chromium"} {
			all = append(all, &contestant{name: kindNames[kind], in: in, kind: kind})
		}
	}
	all = append(all,
		&contestant{name: "decision, without its checks", in: "peer", kind: "decide"},
		&contestant{name: "explained, policies validated before", in: "peer", kind: "explain"})
	for _, c := range all {
		if err := calibrate(c, measure); err != nil {
			return err
		}
	}
	for range rounds {
		for _, c := range all {
			ms, err := measure(c)
			if err != nil {
				return err
			}
			c.samples = append(c.samples, ms*1e6/float64(c.n))
		}
	}
	table(out, all)
	return coldPage(out, r, rounds)
}

// warmUp is how long a contestant works before it is measured: the engines of
// JavaScript need that to compile what is hot.
const warmUp = 500 * time.Millisecond

// calibrate warms a contestant up and finds how often it can repeat its work
// in one turn.
func calibrate(c *contestant, measure func(*contestant) (float64, error)) error {
	const want, warm = float64(turn) / 1e6, float64(warmUp) / 1e6
	c.n = 16
	for total := 0.0; total < warm; {
		ms, err := measure(c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.in, err)
		}
		total += ms
		if ms < want/2 {
			c.n *= 2
		} else {
			c.n = max(1, int(float64(c.n)*want/ms))
		}
	}
	return nil
}

func table(out io.Writer, all []*contestant) {
	natives, peers := map[string]float64{}, map[string]float64{}
	for _, c := range all {
		switch c.in {
		case "native":
			natives[c.kind] = median(c.samples)
		case "peer":
			peers[c.kind] = median(c.samples)
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "where\twhat\tmedian\tbest\teach second\tas slow as native\tas fast as the peer")
	for _, c := range all {
		each, theirs := median(c.samples), cmp.Or(peers[c.kind], peers["explain"])
		where := map[string]string{"native": "native", "node": "wasm in Node", "chromium": "wasm in Chromium", "peer": "peer in Node"}[c.in]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%.0f\t× %.1f\t× %.1f\n", where, c.name, duration(each), duration(slices.Min(c.samples)), 1e9/each, each/natives[c.kind], theirs/each)
	}
	w.Flush()
	fmt.Fprintf(out, "peer: %s %s\n\n", peer.Name, peer.Version)
}

func median(samples []float64) float64 {
	s := slices.Sorted(slices.Values(samples))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// duration writes nanoseconds with three digits that count.
func duration(ns float64) string {
	switch {
	case ns < 1e3:
		return fmt.Sprintf("%.0f ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.3g µs", ns/1e3)
	}
	return fmt.Sprintf("%.3g ms", ns/1e6)
}

// prepare fills the runner's folder.
func prepare(folder, scenario string) error {
	if err := peer.Install(); err != nil {
		return err
	}
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(folder, "loops.wasm"), "./scripts/bench/wasm")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	loader, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	w := engine.NewWorld(engine.Parse(scenario), nil)
	var simulations []*peer.Simulation
	for _, r := range w.Scenario.Requests {
		s, err := peer.Simulate(w.Query(r))
		if err != nil {
			return err
		}
		simulations = append(simulations, s)
	}
	text, err := json.Marshal(simulations)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "wasm_exec.js"), loader, 0o644),
		os.WriteFile(filepath.Join(folder, "scenario.json"), []byte(scenario), 0o644),
		os.WriteFile(filepath.Join(folder, "simulations.json"), text, 0o644))
}

// runner is the Node process that measures what does not run natively.
type runner struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

type order struct {
	In   string `json:"in"`
	Kind string `json:"kind"`
	N    int    `json:"n"`
	URL  string `json:"url"`
}

func start(folder string) (*runner, error) {
	cmd := exec.Command("node", "scripts/bench/runner.mjs", folder, peer.Folder, "site", cmp.Or(os.Getenv("CHROMIUM"), "/usr/bin/chromium"))
	cmd.Stderr = os.Stderr
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		return nil, err
	}
	r := &runner{cmd, in, bufio.NewScanner(out)}
	if !r.out.Scan() {
		return nil, fmt.Errorf("the runner ended: %w", cmd.Wait())
	}
	return r, nil
}

// order has the runner do something and returns how many milliseconds it took.
func (r *runner) order(o order) (float64, error) {
	line, err := json.Marshal(o)
	if err != nil {
		return 0, err
	}
	if _, err := r.in.Write(append(line, '\n')); err != nil {
		return 0, err
	}
	if !r.out.Scan() {
		return 0, errors.New("the runner ended")
	}
	var answer struct {
		MS      float64
		Problem string
	}
	if err := json.Unmarshal(r.out.Bytes(), &answer); err != nil {
		return 0, err
	}
	if answer.Problem != "" {
		return 0, errors.New(answer.Problem)
	}
	return answer.MS, nil
}

func (r *runner) stop() {
	r.in.Close()
	r.cmd.Wait()
}
