package lean

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Environment is for what the go command is told about the programs of Build:
// a browser's system, with instructions that every browser has that has the
// page's other needs.
var Environment = []string{"GOOS=js", "GOARCH=wasm", "GOWASM=satconv,signext"}

// Build compiles a package to the file out, without tables for debuggers, with
// short tables for traces and data in few pieces. flags go to "go build".
func Build(out, program string, flags ...string) error {
	folder, err := os.MkdirTemp("", "lean")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	overlay, err := Overlay(folder, program, Environment...)
	if err != nil {
		return err
	}
	linked := filepath.Join(folder, "linked.wasm")
	arguments := append([]string{"build", "-trimpath", "-overlay", overlay, "-o", linked}, flags...)
	cmd := exec.Command("go", append(arguments, program)...)
	cmd.Env = append(os.Environ(), Environment...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	text, err := os.ReadFile(linked)
	if err != nil {
		return err
	}
	version, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		return fmt.Errorf("go env GOVERSION: %w", err)
	}
	change := forget
	if !strings.HasPrefix(string(version), tablesOf) {
		change = nil // its tables may be others
	}
	if text, err = MergeData(text, change); err != nil {
		return err
	}
	return os.WriteFile(out, text, 0o644)
}
