package lint

import "strings"

// Check is one row of the catalogue of checks.
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

// Checks are all checks, by severity and code. They are not to be changed.
func Checks() []Check { return checks[:] }

// Find is the check of a code; nil when there is none.
func Find(code string) *Check {
	for i := range checks {
		if checks[i].Code == code {
			return &checks[i]
		}
	}
	return nil
}

// severity is the severity of a code's findings.
func severity(code string) Severity {
	c := Find(code)
	if c == nil {
		return Warning
	}
	if c.Ages || c.Stored {
		return max(c.Severity, Warning)
	}
	return c.Severity
}
