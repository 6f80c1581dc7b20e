// Package lean makes a Go program for the browser smaller without changing
// what it does.
//
// A Go program holds, for the traces that a panic prints, the line of every
// instruction: about an eighth of what the page's engine weighs on the wire.
// No flag of the toolchain leaves these tables out, but a function that stands
// on one line needs next to none. So [Overlay] has the compiler read every
// source file, those of the standard library too, as one line. [MergeData] then
// rewrites what the linker made, so that it packs better, and clears the tables
// that only a trace asks for: a panic of the page still says what happened, and
// natively where.
//
// A program also holds all of a table, whatever of it can be reached. Fields of
// structs that are declared below the line
//
//	//lean:omit
//
// are left out, with their values in the package's tables. They are for tests and
// for pages on disk: code of the package itself cannot name them.
package lean

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Overlay writes into folder the source of every package that the program
// needs, one line a file, and returns the name of the file that "go build
// -overlay" reads. env is added to the environment of the go command, which
// chooses by it the files for another system.
func Overlay(folder, program string, env ...string) (string, error) {
	list := exec.Command("go", "list", "-deps", "-json=Dir,ImportPath,GoFiles,Module", program)
	list.Env = append(os.Environ(), env...)
	list.Stderr = os.Stderr
	packages, err := list.Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	replace := map[string]string{}
	decoder := json.NewDecoder(bytes.NewReader(packages))
	for {
		var p struct {
			Dir, ImportPath string
			GoFiles         []string
			Module          *struct{ Main bool }
		}
		switch err := decoder.Decode(&p); {
		case err == io.EOF:
			return writeOverlay(folder, replace)
		case err != nil:
			return "", fmt.Errorf("go list: %w", err)
		}
		if p.Module != nil && !p.Module.Main {
			continue // the go command lets nobody replace what it has downloaded
		}
		sources := make([][]byte, len(p.GoFiles))
		omit := map[string]bool{}
		for i, name := range p.GoFiles {
			if sources[i], err = os.ReadFile(filepath.Join(p.Dir, name)); err != nil {
				return "", err
			}
			omitted(sources[i], omit)
		}
		found := map[string]bool{}
		for i, name := range p.GoFiles {
			source := sources[i]
			if bodies := idle[p.ImportPath]; bodies != nil {
				if source, err = idled(source, bodies, found); err != nil {
					return "", err
				}
			}
			if len(omit) > 0 {
				if source, err = without(source, omit); err != nil {
					return "", err
				}
			}
			name = filepath.Join(p.Dir, name)
			short := filepath.Join(folder, strconv.Itoa(len(replace))+".go")
			if err := os.WriteFile(short, OneLine(source), 0o644); err != nil {
				return "", err
			}
			replace[name] = short
		}
		if err := allFound(p.ImportPath, found); err != nil {
			return "", err
		}
	}
}

// omitted adds the names of the fields that a file has declared to be left out.
func omitted(source []byte, names map[string]bool) {
	for rest := string(source); ; {
		_, after, found := strings.Cut(rest, "//lean:omit\n")
		if !found {
			return
		}
		line, more, _ := strings.Cut(after, "\n")
		fields := strings.Fields(line)
		for _, name := range fields[:len(fields)-1] { // the last is the type
			names[strings.TrimSuffix(name, ",")] = true
		}
		rest = more
	}
}

// without is a Go source file without some fields of structs, and without their
// values in composite literals.
func without(source []byte, names map[string]bool) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []byte
	from := 0
	ast.Inspect(file, func(n ast.Node) bool {
		var name *ast.Ident
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			name, _ = n.Key.(*ast.Ident)
		case *ast.Field:
			if len(n.Names) > 0 {
				name = n.Names[0]
			}
		}
		if name == nil || !names[name.Name] {
			return true
		}
		out = append(out, source[from:files.Position(n.Pos()).Offset]...)
		from = files.Position(n.End()).Offset
		if source[from] == ',' {
			from++
		}
		return false
	})
	return append(out, source[from:]...), nil
}

func writeOverlay(folder string, replace map[string]string) (string, error) {
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(folder, "overlay.json")
	return name, os.WriteFile(name, text, 0o644)
}

// line makes the compiler number the next line 1, and call every file alike.
const line = "//line a.go:1\n"

// OneLine is a Go source file with the same tokens, which the compiler takes
// to stand on one line. Comments are left out, but for the directives to the
// compiler, which need lines of their own.
func OneLine(source []byte) []byte {
	files := token.NewFileSet()
	var s scanner.Scanner
	s.Init(files.AddFile("", files.Base(), len(source)), source, nil, scanner.ScanComments)
	out := bytes.NewBufferString(line)
	for {
		switch _, tok, literal := s.Scan(); {
		case tok == token.EOF:
			out.WriteByte('\n')
			return out.Bytes()
		case tok == token.COMMENT:
			if strings.HasPrefix(literal, "//go:") {
				out.WriteString("\n" + literal + "\n" + line)
			}
		case tok == token.SEMICOLON: // its literal may be the line break that stands for it
			out.WriteByte(';')
		case tok == token.STRING && strings.Contains(literal, "\n"):
			// A raw string over several lines would number those after it.
			text, err := strconv.Unquote(literal)
			if err != nil {
				panic(err) // the scanner took it for a string
			}
			out.WriteString(strconv.Quote(text) + " ")
		case literal != "":
			out.WriteString(literal + " ")
		default:
			out.WriteString(tok.String() + " ")
		}
	}
}
