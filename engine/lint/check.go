package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/stable"
)

// Check is one row of the catalogue of checks: what it is about, what finds it,
// and an example. The words are ours, after AWS's page.
type Check struct {
	Code     string
	Severity Severity
	// Tier says what the check needs: 1 nothing, 2 a small table of keys that is
	// built in, 3 the catalogue of services.
	Tier uint8
	// Ages says that the check rests on lists of names that AWS adds to. What it
	// finds may just be new, and is a warning at most.
	Ages bool
	// Stored says that AWS calls it an error and stores it all the same: policies
	// of AWS's own have it. It is a warning here.
	Stored bool
	// Own says that the check is ours and not one of IAM Access Analyzer's.
	Own bool
	// Page is AWS's page behind a check of ours, after the guide's address.
	Page string
	// Title says in a few words what is found, Why in a sentence or two what is wrong with it.
	Title, Why string
	// by are the walks that find it: reading, for what the engine reports while it
	// reads, and those of lint; nil after the last. A walk may find several checks.
	by [3]*walk
	// lack is where an unknown value may have what the check did not find.
	lack lack
	// mend gives a finding of reading its fix, where there is a clear one; nil when
	// there is none. v is what the finding is about.
	mend func(f *Finding, e *editor, v *jsonpos.Value)
	// The check finds something in Bad, and nothing in Good.
	//lean:omit
	Bad, Good Sample
	// Also are the codes of what else is found in Bad.
	//lean:omit
	Also []string
}

// walk is one way through a part of a document, on which the checks that name it
// find something. It has one of the functions, for the part that it goes through.
type walk struct {
	policy    func(*linter)
	after     func(*linter) // the policy, when all other walks are done
	statement func(*linter, *statement)
	condition func(*linter, *statement, *clause)
	scenario  func(*linter, *engine.Scenario)
}

// reading is what the engine does before lint walks through anything. translate
// makes findings of what it reports.
var reading = &walk{}

// groups are the checks of each file, in the order in which the files walk
// through a statement.
var groups = [...][]Check{documentChecks, sizeChecks, organizationChecks, principalChecks, providerChecks,
	actionChecks,
	resourceChecks, conditionChecks, keyChecks, absenceChecks, variableChecks, grantChecks, serviceChecks,
	formatChecks}

// walks are those of all checks, in the order of the groups.
var walks = walksOf()

func walksOf() (list []*walk) {
	known := map[*walk]bool{nil: true}
	for _, g := range groups {
		for i := range g {
			for _, w := range g[i].by {
				if !known[w] {
					known[w] = true
					list = append(list, w)
				}
			}
		}
	}
	return list
}

const (
	guide    = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	analyzer = guide + "access-analyzer-reference-policy-checks.html"
)

// URL is AWS's page about the check, or about the rule behind it.
func (c *Check) URL() string {
	if c.Own {
		if strings.HasPrefix(c.Page, "https:") {
			return c.Page
		}
		return guide + c.Page
	}
	kind := [...]string{"error", "security-warning", "general-warning", "suggestion"}[c.Severity]
	return analyzer + "#access-analyzer-reference-policy-checks-" + kind + "-" + strings.ReplaceAll(strings.ToLower(c.Code), "_", "-")
}

// Checks are all checks, by severity and code.
func Checks() []Check {
	var rows []Check
	for _, g := range groups {
		rows = append(rows, g...)
	}
	stable.Sort(rows, func(a, b *Check) bool {
		return a.Severity < b.Severity || a.Severity == b.Severity && a.Code < b.Code
	})
	return rows
}

// Find is the check of a code; nil when there is none.
func Find(code string) *Check {
	for _, g := range groups {
		for i := range g {
			if g[i].Code == code {
				return &g[i]
			}
		}
	}
	return nil
}

// reported is the severity of what the check finds.
func (c *Check) reported() Severity {
	if c.Ages || c.Stored {
		return max(c.Severity, Warning)
	}
	return c.Severity
}

// Sample is a document: a policy of the type, or a whole scenario when that is
// what Type says.
type Sample struct {
	Type string
	// Statements are those of a policy of Version 2012-10-17; "" when the document is Text.
	Statements string
	Text       string
	// Each stands Times times in the place of "…" in Statements, each time with a
	// number of three digits or more in the place of "-00".
	Each  string
	Times int
}

// Document is the sample's text.
func (s *Sample) Document() string {
	if s.Statements == "" {
		return s.Text
	}
	var b strings.Builder
	b.WriteString(`{"Version": "2012-10-17", "Statement": [`)
	before, after, _ := strings.Cut(s.Statements, "…")
	b.WriteString(before)
	for i := range s.Times {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strings.Replace(s.Each, "-00", "-"+number(100+i), 1))
	}
	b.WriteString(after + "]}")
	return b.String()
}
