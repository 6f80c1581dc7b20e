package rules

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// top is the repository's folder, as seen from this one.
const top = "../.."

const module = "github.com/iam-playground/iam-playground"

// output runs a command in the repository's folder and returns what it prints.
func output(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = top
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, exit.Stderr)
		}
		t.Fatal(err)
	}
	return string(out)
}

// browser is the environment that builds for the page.
var browser = []string{"GOOS=js", "GOARCH=wasm"}

// A goPackage is what go list says of a package.
type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
	Module                             *struct{ Path string }
}

// packages lists Go packages.
func packages(t *testing.T, env []string, args ...string) []goPackage {
	t.Helper()
	list := []string{"list", "-json=ImportPath,Imports,TestImports,XTestImports,Module"}
	decoder := json.NewDecoder(strings.NewReader(output(t, env, "go", append(list, args...)...)))
	var all []goPackage
	for {
		var p goPackage
		err := decoder.Decode(&p)
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// importers returns, by module, the packages of ours that import something of it.
func importers(all []goPackage, moduleOf map[string]string) map[string][]string {
	found := map[string][]string{}
	for _, p := range all {
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if m := moduleOf[imported]; m != "" && m != module && !slices.Contains(found[m], p.ImportPath) {
				found[m] = append(found[m], p.ImportPath)
			}
		}
	}
	return found
}

func TestAThirdPartyModuleHasOneImporter(t *testing.T) {
	for name, env := range map[string][]string{"this machine": nil, "the browser": browser} {
		moduleOf := map[string]string{}
		for _, p := range packages(t, env, "-deps", "-test", "./...") {
			if p.Module != nil {
				moduleOf[p.ImportPath] = p.Module.Path
			}
		}
		for m, by := range importers(packages(t, env, "./..."), moduleOf) {
			if len(by) > 1 {
				t.Errorf("for %s, %s is imported by %s: expected one package that the others go through", name, m, strings.Join(by, ", "))
			}
		}
	}
}

func TestImportersCountAPackageAndItsTestsOnce(t *testing.T) {
	got := importers([]goPackage{
		{ImportPath: module + "/a", Imports: []string{"fmt", "example.com/x/one"}, XTestImports: []string{"example.com/x/two", module + "/b"}},
		{ImportPath: module + "/b", TestImports: []string{"example.com/x/two"}},
	}, map[string]string{"example.com/x/one": "example.com/x", "example.com/x/two": "example.com/x", module + "/b": module})
	want := []string{module + "/a", module + "/b"}
	if len(got) != 1 || !slices.Equal(got["example.com/x"], want) {
		t.Errorf("%v, expected example.com/x by %v", got, want)
	}
}

// heavy is what the page's binary must do without: each costs the reader of a
// page more than all that the engine itself is made of, or nearly.
var heavy = regexp.MustCompile(`^(fmt|reflect|regexp(/.*)?|encoding/json(/.*)?|net/url|net/http(/.*)?|crypto(/.*)?|html/template|text/template|os(/.*)?|time|math/big|compress/.*)$`)

func TestThePagesBinariesAreLean(t *testing.T) {
	for program, name := range map[string]string{"./wasm/browser": "engine.wasm", "./wasm/browser/author": "author.wasm"} {
		for _, p := range packages(t, browser, "-deps", program) {
			if heavy.MatchString(p.ImportPath) {
				t.Errorf("%s holds %s", name, p.ImportPath)
			}
			if p.Module != nil && p.Module.Path != module {
				t.Errorf("%s holds %s, of another module", name, p.ImportPath)
			}
		}
	}
}

func TestHeavyPackagesAreKnownByTheirPath(t *testing.T) {
	for path, want := range map[string]bool{
		"fmt": true, "crypto/sha256": true, "encoding/json": true, "regexp/syntax": true, "os": true, "time": true,
		"net/netip": false, "strconv": false, "encoding/base64": false, "internal/reflectlite": false, "syscall/js": false, "math/bits": false,
	} {
		if heavy.MatchString(path) != want {
			t.Errorf("%s: expected %v", path, want)
		}
	}
}

func TestTheTopFolderHoldsOnlyWhatBelongsThere(t *testing.T) {
	known := []string{"README.md", "LICENSE", "Makefile", "go.mod", "go.sum", "engine", "wasm", "site", "scenarios", "scripts", "bin"}
	entries, err := os.ReadDir(top)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(known, e.Name()) {
			t.Errorf("%q: expected one of %s, or a name that begins with a dot", e.Name(), strings.Join(known, ", "))
		}
	}
}

// git runs git on the repository whoever owns its folder.
func git(t *testing.T, args ...string) []string {
	t.Helper()
	folder, err := filepath.Abs(top)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(output(t, nil, "git", append([]string{"-c", "safe.directory=" + folder}, args...)...))
}

func TestWhatIsBuiltIsNotCommitted(t *testing.T) {
	for _, name := range git(t, "ls-files", "--cached", "--ignored", "--exclude-standard") {
		t.Errorf("%s is committed although .gitignore names it", name)
	}
	built := []string{
		"bin/iamplay", "site/dist/index.html", "site/generated/engine.wasm", "site/generated/author.wasm", "site/generated/wasm_exec.js", "site/generated/managed/curated.json",
		"site/generated/scenarios/index.json", "site/public/THIRD_PARTY_NOTICES.txt", "site/public/managed/all.json", "site/src/contract/report.ts", "site/node_modules/svelte/package.json",
	}
	ignored := git(t, append([]string{"check-ignore", "--no-index"}, built...)...)
	for _, name := range built {
		if !slices.Contains(ignored, name) {
			t.Errorf("%s is built, but .gitignore does not name it", name)
		}
	}
}

// skip names the folders that no rule looks into.
var skip = []string{"node_modules", "dist", "generated", "testdata", ".git", "bin"}

// walk calls visit for every file of the repository's own below a folder.
func walk(t *testing.T, folder string, visit func(name string)) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(top, folder), func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && slices.Contains(skip, e.Name()) {
			return fs.SkipDir
		}
		if !e.IsDir() {
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// evasions returns the calls in a Go test that skip it or wait for time to pass.
func evasions(file *ast.File) []string {
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if s, ok := call.Fun.(*ast.SelectorExpr); ok {
			on, _ := s.X.(*ast.Ident)
			if slices.Contains([]string{"Skip", "Skipf", "SkipNow", "Short"}, s.Sel.Name) || s.Sel.Name == "Sleep" && on != nil && on.Name == "time" {
				found = append(found, s.Sel.Name)
			}
		}
		return true
	})
	return found
}

func TestNoGoTestIsSkippedOrSleeps(t *testing.T) {
	n := 0
	walk(t, ".", func(name string) {
		if !strings.HasSuffix(name, "_test.go") {
			return
		}
		n++
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Error(err)
			return
		}
		for _, e := range evasions(file) {
			t.Errorf("%s calls %s: a test runs always, and waits for what it tests", name, e)
		}
	})
	if n == 0 {
		t.Error("no Go test was looked at")
	}
}

func TestSkippingAndSleepingAreSeen(t *testing.T) {
	const text = "package p\nfunc f() { t.Skip(); t.Skipf(``); x.y.SkipNow(); testing.Short(); time.Sleep(1); clock.Sleep(1); t.Log(`t.Skip()`) }"
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := evasions(file), []string{"Skip", "Skipf", "SkipNow", "Short", "Sleep"}; !slices.Equal(got, want) {
		t.Errorf("%q, expected %q", got, want)
	}
}

// evasion is how a TypeScript test is left out, or waits for time to pass.
var evasion = regexp.MustCompile(`\.(skip|only|fixme|todo)\b|\bwaitForTimeout\(|\b(skip|todo|only): true`)

func TestNoBrowserTestIsSkippedOrSleeps(t *testing.T) {
	n := 0
	walk(t, "site/tests", func(name string) {
		if filepath.Ext(name) != ".ts" {
			return
		}
		n++
		text, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			return
		}
		for _, found := range evasion.FindAllString(string(text), -1) {
			t.Errorf("%s has %q: a test runs always, and waits for what it tests", name, found)
		}
	})
	if n == 0 {
		t.Error("no test of the site was looked at")
	}
}

// leftover is a note of work that somebody meant to do.
var leftover = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

func TestNothingIsLeftToDoInTheCode(t *testing.T) {
	kinds := map[string]int{".go": 0, ".ts": 0, ".svelte": 0, ".css": 0}
	walk(t, ".", func(name string) {
		kind := filepath.Ext(name)
		if _, ok := kinds[kind]; !ok {
			return
		}
		kinds[kind]++
		text, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			return
		}
		for line := range strings.Lines(string(text)) {
			if leftover.MatchString(line) {
				t.Errorf("%s: %q", name, strings.TrimSpace(line))
			}
		}
	})
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if kinds[kind] == 0 {
			t.Errorf("no %s file was looked at", kind)
		}
	}
}
