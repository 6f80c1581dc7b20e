package lean

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

// idle are functions of the runtime that do nothing in a page, with what they
// do instead: nobody records an execution trace there, and nobody reads the
// profiles, the frames of a panic or what the scheduler and the collector print. What
// a panic was about is still printed.
//
// Where such a function says that something is off, the compiler leaves out
// all that would be done if it were on.
var idle = map[string]map[string]string{
	"runtime": {
		"traceEnabled":          "return false",
		"traceAllocFreeEnabled": "return false",
		"traceShuttingDown":     "return false",
		"traceLocker.ok":        "return false",
		"traceAcquireEnabled":   "return traceLocker{}",
		"traceback1":            "",
		"tracebackothers":       "",
		"tracebacksomeothers":   "",
		"tracebackHexdump":      "",
		"schedtrace":            "",
		"printScavTrace":        "",
		"mProf_Malloc":          "",
		"mProf_Free":            "",
		"mProf_NextCycle":       "",
		"mProf_Flush":           "",
		"mProf_PostSweep":       "",
	},
}

// idled is a source file of a package with other bodies for some functions. It
// notes the names that it found.
func idled(source []byte, bodies map[string]string, found map[string]bool) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []byte
	from := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		name := functionName(f)
		body, ok := bodies[name]
		if !ok {
			continue
		}
		found[name] = true
		out = append(out, source[from:files.Position(f.Body.Lbrace).Offset]...)
		out = append(out, "{"+body+"}"...)
		from = files.Position(f.Body.Rbrace).Offset + 1
	}
	return append(out, source[from:]...), nil
}

// functionName is the name of a function, with its type before it for a method.
func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + f.Name.Name
	}
	return f.Name.Name
}

// allFound reports the functions of a package's table that the package does not have.
func allFound(pkg string, found map[string]bool) error {
	var missing []string
	for name := range idle[pkg] {
		if !found[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return fmt.Errorf("package %s has no functions %v: this version of Go has others than %s", pkg, missing, tablesOf)
}
