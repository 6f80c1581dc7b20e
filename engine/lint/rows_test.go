//go:build !js

package lint_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/lint"
	"github.com/iam-playground/iam-playground/scenarios"
)

func TestARowOfACheckIsWhole(t *testing.T) {
	for _, c := range lint.Checks() {
		if n, whole := c.Walked(); n == 0 || !whole {
			t.Errorf("%s: it names %d walks, and each has to go through one part of a document", c.Code, n)
		}
		for what, s := range map[string]lint.Sample{"Bad": c.Bad, "Good": c.Good} {
			_, ok := lint.ParseType(s.Type)
			if !ok && s.Type != "scenario" || s.Document() == "" || s.Text != "" && s.Statements != "" ||
				(s.Times > 0) != (s.Each != "") {
				t.Errorf("%s: its %s is %+v", c.Code, what, s)
			}
		}
		if c.Own == (c.Page == "") {
			t.Errorf("%s: a check of ours, and no other, gives AWS's page: %q", c.Code, c.Page)
		}
	}
}

func TestAFindingIsOfARowThatNamesItsWalk(t *testing.T) {
	hold := func(what string, found []lint.Finding) {
		for i := range found {
			if f := &found[i]; !lint.Named(f) {
				t.Errorf("%s: %s has no row, or one that does not name the walk that found it", what, f.Code)
			}
		}
	}
	for _, c := range lint.Checks() {
		if c.Code == "CHECKS_STOPPED" {
			continue // long
		}
		for _, s := range []lint.Sample{c.Bad, c.Good} {
			text := s.Document()
			hold(c.Code, findings(t, s, text, 3))
			// Each document as every kind, for walks that look at the kind.
			for _, word := range lint.Types() {
				if s.Type != "scenario" {
					hold(c.Code+" as "+word, findingsOf(strings.Replace(word, "SERVICE", "s3", 1), text))
				}
			}
		}
	}
	for _, e := range scenarios.All() {
		hold(e.Path, lint.Scenario(engine.NewWorld(engine.Parse(e.Text), nil), names()))
	}
}

// formCodes are what reading reports about the form of scenarios, which is ours:
// AWS has no such thing, so no check of policies is behind them.
var formCodes = []string{
	"CONTRADICTING_CONTEXT", "DANGLING_REFERENCE", "DUPLICATE_ACCOUNT", "GROUP_AS_CALLER", "INVALID_ACCOUNT_ID",
	"INVALID_NAME",
	"INVALID_PATH", "INVALID_POLICY_ID", "INVALID_PRINCIPAL", "INVALID_RESOURCE", "INVALID_UTF8", "KEY_ALWAYS_PRESENT",
	"MISSING_MEMBER",
	"NAME_NOT_UNIQUE", "NESTED_GROUP", "NOT_A_BUCKET", "ORGANIZATION_TOO_DEEP", "RESERVED_KEY", "ROLE_AS_CALLER",
	"ROLE_DOES_NOT_TRUST_SERVICE", "TOO_DEEP", "TOO_LARGE", "TOO_MANY_REQUESTS", "UNKNOWN_MEMBER", "UNKNOWN_PART",
	"UNKNOWN_WORD", "UNRESOLVED_POLICY", "UNSUPPORTED_LIKE", "UNSUPPORTED_VERSION",
}

func TestWhatReadingReportsHasARowOrIsAboutTheFormOfScenarios(t *testing.T) {
	code := regexp.MustCompile(`^[A-Z]{3,}(_[A-Z0-9]+)+$`)
	used := map[string]bool{}
	for _, folder := range []string{"..", "../pattern", "../condition", "../jsonpos"} {
		names, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", folder, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if s, _ := strconv.Unquote(l.Value); code.MatchString(s) {
						used[s] = true
					}
				}
				return true
			})
		}
	}
	for code := range used {
		c := lint.Find(code)
		switch form := slices.Contains(formCodes, code); {
		case c == nil && !form:
			t.Errorf("%s: reading reports it, and it has no row in engine/lint, nor is it among formCodes", code)
		case c != nil && !c.Read():
			t.Errorf("%s: reading reports it, and its row does not name reading", code)
		case c != nil && form:
			t.Errorf("%s: it has a row, and is listed as being about the form of scenarios", code)
		}
	}
	for _, code := range formCodes {
		if !used[code] {
			t.Errorf("%s: nothing reports it any more", code)
		}
	}
}

// rowsIn are the codes of the rows of checks that the sources of this package have.
func rowsIn(t *testing.T) (codes []string) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\t\{Code: "([A-Z0-9_]+)"`)
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range row.FindAllStringSubmatch(string(text), -1) {
			codes = append(codes, m[1])
		}
	}
	slices.Sort(codes)
	return codes
}

func TestEveryTableOfChecksIsAmongTheGroups(t *testing.T) {
	var codes []string
	for _, c := range lint.Checks() {
		codes = append(codes, c.Code)
	}
	slices.Sort(codes)
	if rows := rowsIn(t); !slices.Equal(rows, codes) {
		t.Errorf("the files have %d rows, and there are %d checks: %v", len(rows), len(codes),
			slices.DeleteFunc(rows, func(c string) bool { return slices.Contains(codes, c) }))
	}
}

func TestTheReadmeCountsTheChecks(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := "**Problems** are " + strconv.Itoa(len(lint.Checks())) + " checks"; !strings.Contains(string(text),
		want) {
		t.Errorf("README.md does not say %q", want)
	}
}
