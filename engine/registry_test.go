package engine_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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

// The sections of the rules, in their order. Sections 1 to 11 are those of the
// rules that RATIONALE.md speaks of; the last two are this project's own.
var sections = strings.Fields("1 2.1 2.2 2.3 3 3.1 3.2 3.3 3.4 4.1 4.2 4.3 4.4 4.5 4.6 4.7 4.8 5 6 7.1 7.2 7.3 7.4 7.5 7.6 7.7 7.8 8 9 10 11 unknowns document")

func TestEveryRuleHasATestAndEveryTestARule(t *testing.T) {
	text, err := os.ReadFile("testdata/rules.tsv")
	if err != nil {
		t.Fatal(err)
	}
	tables, functions := ruleTables(), map[string][]string{}
	listed, seen := map[string]bool{}, map[string]bool{}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")[1:] {
		columns := strings.Split(line, "\t")
		if len(columns) != 3 || columns[1] == "" {
			t.Fatalf("line %d has %d columns, expected section, rule and test", i+2, len(columns))
		}
		section, test := columns[0], columns[2]
		if !slices.Contains(sections, section) {
			t.Errorf("line %d: %q is no section", i+2, section)
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
