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
		world := newGenerator(seed).world()
		text, err := json.Marshal(world)
		if err != nil {
			return 0, err
		}
		for i, c := range cases(engine.NewWorld(engine.Parse(string(text)), nil), world, skipped) {
			answer, err := p.ask(c.simulation)
			if err != nil {
				return 0, err
			}
			if answer.Problem != "" {
				skipped["the peer refuses: "+shorten(answer.Problem)]++
				continue
			}
			asked++
			decisions[c.evaluation.Decision.String()]++
			if c.agrees(answer) {
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
				fmt.Fprintf(out, "%s: seed %d, case %d: the engine says %s, the peer %s\n%s\n", label, seed, i,
					c.decision(), answer.Decision, c.text())
			}
		}
		seed++
	}
	fmt.Fprintf(out, "%d requests asked of %s %s: %d agreed, %d disagreed where a rule settles it, %d unexplained\n", asked, peer.Name, peer.Version, agreed, asked-agreed-unexplained, unexplained)
	fmt.Fprintf(out, "the engine's decisions: %v; not asked: %v\n\n", decisions, skipped)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "alone\twith others\trule\tdifference\twhat AWS documents")
	byCount := func(a, b difference) int { return alone[b.name] - alone[a.name] }
	for _, d := range slices.SortedStableFunc(slices.Values(differences), byCount) {
		fmt.Fprintf(t, "%d\t%d\t%s\t%s\t%s\n", alone[d.name], together[d.name], d.section, d.name, d.rule)
	}
	return unexplained, t.Flush()
}

func shorten(text string) string {
	if len(text) > 200 {
		return text[:200] + "…"
	}
	return text
}

// testCase is a check of a call in both forms.
type testCase struct {
	query      *engine.Query
	evaluation *engine.Evaluation
	simulation *peer.Simulation
}

// cases are the checks of a world that both can be asked; why others cannot is counted.
func cases(w *engine.World, world object, skipped map[string]int) []*testCase {
	var out []*testCase
	for _, r := range w.Scenario.Requests {
		q := w.Query(r)
		if q == nil {
			skipped["the engine refuses: "+w.Diagnostics[0].Message]++
			continue
		}
		whole := q.Evaluate()
		for _, e := range append([]*engine.Evaluation{whole}, whole.Also...) {
			c, err := newCase(e, world)
			if err != nil {
				skipped[err.Error()]++
				continue
			}
			out = append(out, c)
		}
	}
	return out
}

// given are the values with which the peer is asked for keys that AWS always
// sends and the world leaves open: its answer must be one of the engine's ways.
var given = map[string]string{
	"aws:sourceip": "203.0.113.7", "aws:vpcsourceip": "10.0.0.1", "aws:useragent": "curl/8", "aws:userid": "AIDAALI",
	"aws:requestedregion": "eu-west-1",
	"aws:tokenissuetime":  "2026-03-01T09:00:00Z", "aws:currenttime": "2026-03-01T09:30:00Z",
	"aws:epochtime": "1772357400",
}

func newCase(e *engine.Evaluation, world object) (*testCase, error) {
	q := e.Query
	if q.Caller.Kind == engine.NoCaller {
		return nil, errors.New("code without credentials")
	}
	s, err := peer.Simulate(q)
	if err != nil {
		return nil, err
	}
	for _, entry := range q.Context {
		if entry.Origin != engine.UnknownOrigin {
			continue
		}
		value, ok := given[strings.ToLower(entry.Key)]
		if !ok {
			return nil, errors.New("the unknown key " + entry.Key)
		}
		s.Request.Context[entry.Key] = value
	}
	s.Settings.S3.ABAC, s.Settings.S3.BlockPublicAccess = bucketSettings(world, q.Owner.Account, q.Resource)
	return &testCase{q, e, s}, nil
}

// bucketSettings are whether a bucket's tags take part in authorization, and
// whether its public policy is restricted: by itself, or by its account, for
// which an S3 policy of the organization speaks if there is one.
func bucketSettings(world object, account, resource string) (abac, restricted bool) {
	at := func(o object, path ...string) object {
		for _, name := range path {
			o, _ = o[name].(object)
		}
		return o
	}
	restricts := func(o object) bool { return at(o, "publicAccessBlock")["restrictPublicBuckets"] == true }
	name, _, _ := strings.Cut(resource, "/")
	owner := at(world, "accounts", account)
	bucket := at(owner, "resources", name)
	restricted = restricts(owner)
	if all := at(world, "organization", "root", "units", "Work")["s3PublicAccessBlock"]; account == home &&
		all != nil {
		restricted = all == "all"
	}
	return bucket["abac"] == true, restricted || restricts(bucket)
}

// decision is the engine's: in words, with every way if it depends.
func (c *testCase) decision() string {
	var out []string
	for _, d := range c.evaluation.Possible.List() {
		out = append(out, d.String())
	}
	return strings.Join(out, " or ")
}

// agrees reports whether the peer's answer is the engine's, or one of its ways.
func (c *testCase) agrees(a answer) bool {
	return slices.ContainsFunc(c.evaluation.Possible.List(),
		func(d engine.Decision) bool { return d.String() == a.Decision })
}

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
