package lean

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const sample = `//go:build !windows

// Package p is a sample.
package p

import (
	"fmt" // for printing
	_ "unsafe"
)

/* A comment
over lines */
type pair struct {
	a, b int
	text string ` + "`json:\"text\"`" + `
}

const raw = ` + "`one\ntwo \\n \"three\"\n`" + `

//go:noinline
func sum(list ...int) (n int) {
	for _, x := range list { // every one
		n += x
	}
	switch {
	case n > 3:
		return n
	default:
	}
	return func() int { return -n }()
}

func f() { fmt.Println(sum(1, 2), 'a', 1.5e3, "//go:noinline", <-make(chan int)) }
`

// goroot is the folder of the Go toolchain.
func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// parse returns the declarations of a source, without positions and comments,
// and with the strings that their literals stand for.
func parse(t *testing.T, source []byte) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v in\n%s", err, source)
	}
	return file
}

// shape prints what a parsed file says, leaving out where it says so.
func shape(file *ast.File) string {
	var out bytes.Buffer
	ast.Fprint(&out, nil, file.Decls, func(name string, v reflect.Value) bool {
		return v.Type() != reflect.TypeFor[token.Pos]() && ast.NotNilFilter(name, v)
	})
	return out.String()
}

func TestOneLineSaysTheSame(t *testing.T) {
	sources := [][]byte{[]byte(strings.ReplaceAll(sample, "`one\ntwo \\n \"three\"\n`", `"one\ntwo \\n \"three\"\n"`))}
	for _, folder := range []string{"../../engine", filepath.Join(goroot(t), "src", "strings"), filepath.Join(goroot(t), "src", "go", "printer")} {
		names, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("no Go files in %s: %v", folder, err)
		}
		for _, name := range names {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.ContainsRune(source, '`') {
				sources = append(sources, source)
			}
		}
	}
	for _, source := range sources {
		if got, want := shape(parse(t, OneLine(source))), shape(parse(t, source)); got != want {
			t.Errorf("one line says something else than\n%.2000s", source)
		}
	}
}

func TestARawStringOverSeveralLinesStaysWhatItIs(t *testing.T) {
	short := string(OneLine([]byte(sample)))
	if want := `const raw = "one\ntwo \\n \"three\"\n"`; !strings.Contains(short, want) {
		t.Errorf("no %s in\n%s", want, short)
	}
}

func TestEveryTokenStandsOnLineOneAndDirectivesStay(t *testing.T) {
	short := OneLine([]byte(sample))
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "p.go", short, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.File, *ast.Comment, *ast.CommentGroup:
			return n != nil
		}
		if p := files.Position(n.Pos()); p.Line != 1 || p.Filename != "a.go" {
			t.Errorf("%T stands at %v, expected line 1 of a.go in\n%s", n, p, short)
		}
		return true
	})
	if n := bytes.Count(short, []byte("\n//go:noinline\n")); n != 1 {
		t.Errorf("%d directives \"go:noinline\", expected 1 in\n%s", n, short)
	}
	if !bytes.Contains(short, []byte("\n//go:build !windows\n")) {
		t.Errorf("no build constraint in\n%s", short)
	}
}

func TestAProgramBuildsAndRunsFromItsOverlay(t *testing.T) {
	folder := t.TempDir()
	program := filepath.Join(folder, "program")
	if err := os.Mkdir(program, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod":  "module example.com/program\n",
		"main.go": "package main\n\nimport \"errors\"\n\nfunc main() {\n\tprintln(errors.New(\"it runs\").Error())\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(program, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(program)
	overlay, err := Overlay(folder, ".")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(overlay)
	if err != nil {
		t.Fatal(err)
	}
	var o struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Join(program, "main.go"), filepath.Join(goroot(t), "src", "errors", "errors.go")} {
		if o.Replace[name] == "" {
			t.Errorf("the overlay has no %s", name)
		}
	}
	out, err := exec.Command("go", "run", "-overlay", overlay, ".").CombinedOutput()
	if err != nil || string(out) != "it runs\n" {
		t.Errorf("%q, %v", out, err)
	}
}

func TestAProgramThatIsNotThereIsAnError(t *testing.T) {
	if _, err := Overlay(t.TempDir(), "./nothing"); err == nil {
		t.Error("no error")
	}
}

func TestOmittedFieldsAndTheirValuesAreLeftOut(t *testing.T) {
	const source = `package p

type row struct {
	name string
	// good and bad are for tests.
	//lean:omit
	good, bad string
	//lean:omit
	also []string
}

var rows = []row{
	{name: "a", good: "x" +
		"y", bad: "z", also: []string{"name"}},
	{good: "x",
		name: "b",
	},
	{also: nil},
}
`
	names := map[string]bool{}
	omitted([]byte(source), names)
	if len(names) != 3 || !names["good"] || !names["bad"] || !names["also"] {
		t.Fatalf("omitted %v", names)
	}
	got, err := without([]byte(source), names)
	if err != nil {
		t.Fatal(err)
	}
	const want = `package p
type row struct { name string }
var rows = []row{{name: "a"}, {name: "b"}, {}}
`
	if got, want := shape(parse(t, got)), shape(parse(t, []byte(want))); got != want {
		t.Errorf("without the fields:\n%s\nexpected\n%s", got, want)
	}
}

func TestIdleFunctionsGetOtherBodies(t *testing.T) {
	source := "package p\n\ntype t int\n\nfunc (x *t) ok() bool { return x.far() }\n\nfunc ok() bool { return true }\n\nfunc rest() { ok() }\n"
	found := map[string]bool{}
	got, err := idled([]byte(source), map[string]string{"t.ok": "return false", "rest": ""}, found)
	want := "package p\n\ntype t int\n\nfunc (x *t) ok() bool {return false}\n\nfunc ok() bool { return true }\n\nfunc rest() {}\n"
	if err != nil || string(got) != want || !found["t.ok"] || !found["rest"] || found["ok"] {
		t.Errorf("%q, %v, found %v", got, err, found)
	}
}

func TestAFunctionThatIsNotThereIsAnError(t *testing.T) {
	if err := allFound("runtime", map[string]bool{"traceEnabled": true}); err == nil || !strings.Contains(err.Error(), "mProf_Free") {
		t.Errorf("the error is %v", err)
	}
	if err := allFound("strings", nil); err != nil {
		t.Error(err)
	}
}
