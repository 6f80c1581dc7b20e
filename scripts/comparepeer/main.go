// Command comparepeer checks the engine from outside: it makes worlds and
// requests that another evaluator can express as well, asks both, and prints
// every disagreement with the rule that settles it. It fails if one is left
// that no rule settles.
//
//	go run ./scripts/comparepeer                  # 2000 requests
//	go run ./scripts/comparepeer -n 20000 -seed 7
//	go run ./scripts/comparepeer -show "root user" # print the cases of a difference too
//
// It runs in the repository's folder and needs npm and Node: the peer is
// installed into an ignored folder and runs in a process of its own.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/trace"
	"github.com/iam-playground/iam-playground/scripts/peer"
)

func main() {
	n := flag.Int("n", 2000, "`number` of requests")
	seed := flag.Uint64("seed", 1, "`seed` of the first world; the same seed makes the same worlds")
	show := flag.String("show", "", "print the cases of the `difference` of this name")
	limit := flag.Int("limit", 20, "`number` of unexplained cases to print")
	flag.Parse()
	unexplained, err := compare(os.Stdout, *n, *seed, *show, *limit)
	if err != nil {
		fmt.Fprintln(os.Stderr, "comparepeer:", err)
		os.Exit(1)
	}
	if unexplained > 0 {
		fmt.Fprintf(os.Stderr, "comparepeer: %d disagreements that no rule settles\n", unexplained)
		os.Exit(1)
	}
}

// compare returns how many disagreements are unexplained.
func compare(out io.Writer, n int, seed uint64, show string, limit int) (int, error) {
	if err := peer.Install(); err != nil {
		return 0, err
	}
	p, err := start()
	if err != nil {
		return 0, err
	}
	defer p.stop()
	var asked, agreed, unexplained int
	alone, together := map[string]int{}, map[string]int{}
	skipped, decisions := map[string]int{}, map[string]int{}
	for asked < n {
		text, err := json.Marshal(newGenerator(seed).world())
		if err != nil {
			return 0, err
		}
		w := engine.NewWorld(engine.Parse(string(text)), nil)
		for i, r := range w.Scenario.Requests {
			c, err := newCase(w, r)
			if err != nil {
				skipped[err.Error()]++
				continue
			}
			answer, err := p.ask(c.simulation)
			if err != nil {
				return 0, err
			}
			if answer.Problem != "" {
				skipped["the peer refuses: "+shorten(answer.Problem)]++
				continue
			}
			asked++
			decisions[c.decision()]++
			if answer.Decision == c.decision() {
				agreed++
				continue
			}
			parts, err := c.settle(p)
			if err != nil {
				return 0, err
			}
			label := "unexplained"
			switch len(parts) {
			case 0:
				unexplained++
			case 1:
				alone[parts[0].name]++
			}
			for _, d := range parts {
				if len(parts) > 1 {
					together[d.name]++
				}
				if d.name == show {
					label = show
				}
			}
			if len(parts) == 0 && unexplained <= limit || label != "unexplained" {
				fmt.Fprintf(out, "%s: seed %d, request %d: the engine says %s, the peer %s\n%s\n", label, seed, i, c.decision(), answer.Decision, c.text())
			}
		}
		seed++
	}
	fmt.Fprintf(out, "%d requests asked of %s %s: %d agreed, %d disagreed where a rule settles it, %d unexplained\n", asked, peer.Name, peer.Version, agreed, asked-agreed-unexplained, unexplained)
	fmt.Fprintf(out, "the engine's decisions: %v; not asked: %v\n\n", decisions, skipped)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "alone\twith others\tdifference\trule")
	byCount := func(a, b difference) int { return alone[b.name] - alone[a.name] }
	for _, d := range slices.SortedStableFunc(slices.Values(differences), byCount) {
		fmt.Fprintf(t, "%d\t%d\t%s\t%s\n", alone[d.name], together[d.name], d.name, d.rule)
	}
	return unexplained, t.Flush()
}

func shorten(text string) string {
	if len(text) > 200 {
		return text[:200] + "…"
	}
	return text
}

// testCase is a request of a world in both forms.
type testCase struct {
	query      *engine.Query
	evaluation *engine.Evaluation
	simulation *peer.Simulation
}

func newCase(w *engine.World, r *engine.Request) (*testCase, error) {
	q := w.Query(r)
	if q == nil {
		return nil, fmt.Errorf("the engine refuses: %s", w.Diagnostics[0].Message)
	}
	s, err := peer.Simulate(q)
	if err != nil {
		return nil, err
	}
	return &testCase{q, q.Evaluate(), s}, nil
}

func (c *testCase) decision() string { return c.evaluation.Decision.String() }

// text is the case: the request, its context, and the statements whose action
// matches, with what they say.
func (c *testCase) text() string {
	var b strings.Builder
	context, _ := json.Marshal(c.simulation.Request.Context)
	fmt.Fprintf(&b, "  %s %s %s of %s\n  %s\n", c.query.Caller.ARN, c.query.Action, c.query.Resource, c.query.Owner.Account, context)
	sets, source := c.query.Sets(), c.query.World.Scenario.Document.Text
	for _, step := range c.evaluation.Steps {
		if step.Action != trace.Yes {
			continue
		}
		s, p := c.query.World.Statement(step.Subject)
		text := "everything"
		if p.Document == "" {
			text = source[s.At.Start:s.At.End]
		}
		fmt.Fprintf(&b, "  %s %d %s, variables %v: %s %s\n", sets[step.Set].Layer, sets[step.Set].Level, p.Name, p.Variables, step.Outcome, text)
	}
	fmt.Fprintf(&b, "  session policy: %v, boundary: %v, decided by %v\n", c.simulation.Session != nil, c.simulation.Boundary != nil, c.evaluation.DecidedBy)
	return b.String()
}

// process is the Node process in which the peer runs.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// answer is the peer's: a decision, or why there is none.
type answer struct {
	Decision, Problem string
	Ignored           []string
}

func start() (*process, error) {
	cmd := exec.Command("node", "scripts/comparepeer/runner.mjs", peer.Folder)
	cmd.Stderr = os.Stderr
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	return &process{cmd, in, bufio.NewReader(out)}, cmd.Start()
}

func (p *process) ask(s *peer.Simulation) (answer, error) {
	var a answer
	line, err := json.Marshal(s)
	if err != nil {
		return a, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return a, err
	}
	reply, err := p.out.ReadBytes('\n')
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(reply, &a)
}

func (p *process) stop() {
	p.in.Close()
	p.cmd.Wait()
}
