package engine_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/rulebook"
)

func namesOf[T any](table []T, name func(T) string) []string {
	var out []string
	for _, c := range table {
		out = append(out, name(c))
	}
	return out
}

// ruleTables are the names of the tables' cases by test.
func ruleTables() map[string][]string {
	out := map[string][]string{
		"TestContextRules":       namesOf(contextRules, func(c contextCase) string { return c.rule }),
		"TestUnknownRules":       namesOf(unknownRules, func(c unknownCase) string { return c.rule }),
		"TestCallRules":          namesOf(callRules, func(c callCase) string { return c.rule }),
		"TestServiceRules":       namesOf(serviceRules, func(c serviceCase) string { return c.rule }),
		"TestWhatAWSAlwaysSends": openNames(),
		"TestPartRules":          namesOf(partRules, func(c unknownCase) string { return c.rule }),
		"TestAskedRules":         namesOf(askedRules, func(c askedCase) string { return c.rule }),
		"TestFindingRules":       namesOf(findingRules, func(c findingCase) string { return c.rule }),
	}
	for test, table := range map[string][]ruleCase{
		"TestStatementRules": statementRules, "TestConditionRules": conditionRules, "TestPrincipalRules": principalRules,
		"TestEvaluationRules": evaluationRules, "TestCrossAccountRules": crossAccountRules, "TestTrustRules": trustRules,
		"TestKeyRules": keyRules, "TestOrganizationRules": organizationRules,
	} {
		out[test] = namesOf(table, func(c ruleCase) string { return c.rule })
	}
	return out
}

func openNames() []string {
	var out []string
	for i := range openRules {
		out = append(out, openRules[i].rule)
	}
	return out
}

// testsOf are the test and fuzz functions of a folder.
func testsOf(t *testing.T, folder string) []string {
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d test files in %s: %v", len(files), folder, err)
	}
	var out []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			if rest, ok := strings.CutPrefix(line, "func "); ok {
				name, _, _ := strings.Cut(rest, "(")
				out = append(out, name)
			}
		}
	}
	return out
}

func TestEveryRuleHasATestAndEveryTestARule(t *testing.T) {
	text, err := os.ReadFile("testdata/rules.tsv")
	if err != nil {
		t.Fatal(err)
	}
	book, err := rulebook.Read()
	if err != nil {
		t.Fatal(err)
	}
	sections := namesOf(book.Sections, func(s rulebook.Section) string { return s.ID })
	tables, functions := ruleTables(), map[string][]string{}
	listed, seen := map[string]bool{}, map[string]bool{}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")[1:] {
		columns := strings.Split(line, "\t")
		if len(columns) != 3 || columns[1] == "" {
			t.Fatalf("line %d has %d columns, expected section, rule and test", i+2, len(columns))
		}
		section, test := columns[0], columns[2]
		if !slices.Contains(sections, section) {
			t.Errorf("line %d: %q is no section of rulebook/rules.md", i+2, section)
		}
		seen[section] = true
		if reason, ok := strings.CutPrefix(test, "none: "); ok {
			if reason == "" {
				t.Errorf("line %d: no test, and no reason why", i+2)
			}
			continue
		}
		listed[test] = true
		name, entry, inTable := strings.Cut(test, "/")
		if inTable {
			if !slices.Contains(tables[name], entry) {
				t.Errorf("line %d: there is no test %q", i+2, test)
			}
			continue
		}
		folder := "."
		if pkg, function, ok := strings.Cut(name, "."); ok {
			folder, name = pkg, function
		}
		if functions[folder] == nil {
			functions[folder] = testsOf(t, folder)
		}
		if !slices.Contains(functions[folder], name) {
			t.Errorf("line %d: there is no test %q", i+2, test)
		}
	}
	for _, section := range sections {
		if !seen[section] {
			t.Errorf("no rule of section %s is listed", section)
		}
	}
	for test, names := range tables {
		for i, name := range names {
			if slices.Contains(names[:i], name) {
				t.Errorf("%s has two cases %q", test, name)
			}
			if !listed[test+"/"+name] {
				t.Errorf("%s/%s is not listed", test, name)
			}
		}
	}
}
