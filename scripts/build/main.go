// Command build makes everything that is built: the site's inputs in
// site/generated, the site itself in site/dist, and the programs in bin.
//
//	go run ./scripts/build            # all of it
//	go run ./scripts/build -inputs    # what the site's own tools need: packages, engine.wasm, data
//	go run ./scripts/build -short-links  # for a server that makes short links, which the page then offers
//	go run ./scripts/build -base https://iam.example/   # for a site at that address, with previews of links
//
// It runs in the repository's folder and needs Go and Node; every step prints
// one line, and the first that fails ends the build.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/iam-playground/iam-playground/scripts/lean"
)

const (
	site      = "site"
	generated = "site/generated"
)

// A step is a part of the build.
type step struct {
	name string
	run  func() error
}

func main() {
	inputs := flag.Bool("inputs", false, "stop before the site itself is built")
	shortLinks := flag.Bool("short-links", false, "build a page that offers the short links of its server")
	base := flag.String("base", os.Getenv("SITE_URL"), "`address` at which the site will be, for the previews of links; $SITE_URL by default")
	flag.Parse()
	if *shortLinks {
		os.Setenv("SHORT_LINKS", "api/scenarios") // for site/vite.config.ts
	}
	address, err := parseBase(*base)
	if err == nil {
		err = os.Setenv("SITE_URL", address) // likewise
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(3)
	}
	steps := []step{
		{"node", checkNode},
		{"npm packages", installPackages},
		{"engine.wasm", func() error { return buildProgram("./wasm/browser", "engine.wasm") }},
		{"author.wasm", func() error { return buildProgram("./wasm/browser/author", "author.wasm") }},
		{"wasm_exec.js", copyLoader},
		{"managed policies and notices", func() error { return command(".", "go", "run", "./scripts/catalogdata") }},
		{"scenarios", writeScenarios},
		{"schema", copySchema},
	}
	if !*inputs {
		steps = append(steps,
			step{"pages of the scenarios", func() error { return writePages(address) }},
			step{"page of the checks", func() error { return writeChecks(address) }},
			step{"page of the rules", func() error { return writeRules(address) }},
			step{"site", func() error { return command(site, "npm", "run", "build") }},
			step{"bin/iamplay", buildCommand},
		)
	}
	if err := build(steps); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func build(steps []step) error {
	if _, err := os.Stat("go.mod"); err != nil {
		return errors.New("no go.mod here: run the build in the repository's folder")
	}
	if err := os.MkdirAll(generated, 0o755); err != nil {
		return err
	}
	for _, s := range steps {
		start := time.Now()
		if err := s.run(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Printf("build: %s (%.1f s)\n", s.name, time.Since(start).Seconds())
	}
	return nil
}

const module = "github.com/iam-playground/iam-playground"

// buildProgram compiles a program for the browser, small above all: lean, and
// without copies of our functions where they are called, but for those that
// patterns are matched by: the copies make a decision faster by a tenth, and a
// whole call not at all. The runtime keeps its own, without which a call takes a
// fifth longer, but does without the checks that keep it from nil pointers of
// its own making, which it has none of. Those of ours stay: a mistake in the
// engine is a panic, and comes back as an answer.
func buildProgram(program, name string) error {
	return lean.Build(filepath.Join(generated, name), program,
		"-ldflags=-s -w", "-gcflags="+module+"/...=-l", "-gcflags="+module+"/engine/pattern=", "-gcflags=runtime=-d=disablenil")
}

// copyLoader copies wasm_exec.js from the toolchain that compiled the engine:
// the two belong to each other.
func copyLoader() error {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(generated, "wasm_exec.js"), text, 0o644)
}

// copySchema copies the schema of scenarios, by which the page's editors complete.
func copySchema() error {
	const name = "scenario.v1.schema.json"
	text, err := os.ReadFile(filepath.Join("engine", "schema", name))
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(generated, "schema", name), text)
}

// buildCommand compiles the command line for this machine, and puts the managed
// policies and the catalogue beside it, where it looks for them wherever the folder
// is moved.
func buildCommand() error {
	if err := command(".", "go", "build", "-trimpath", "-o", "bin/", "./scripts/iamplay"); err != nil {
		return err
	}
	library, err := os.ReadFile(filepath.Join(generated, "managed", "curated.json"))
	if err != nil {
		return err
	}
	names, err := os.ReadFile(filepath.Join(generated, "catalog", "catalog.txt"))
	if err != nil {
		return err
	}
	return errors.Join(
		writeFile(filepath.Join("bin", "managed", "curated.json"), library),
		writeFile(filepath.Join("bin", "catalog", "catalog.txt"), names))
}

// command runs a program in a folder.
func command(folder, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = folder
	return execute(cmd)
}

// execute runs a command with its output shown, and says which one failed.
func execute(cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return nil
}
