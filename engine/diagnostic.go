package engine

import "github.com/iam-playground/iam-playground/engine/jsonpos"

// Pointer is an RFC 6901 JSON Pointer into the scenario document. A pointer
// into the document of an AWS managed policy carries the policy's ARN and "#"
// in front: arn:aws:iam::aws:policy/ReadOnlyAccess#/Statement/0.
type Pointer string

// Severity is how bad a finding is, in the terms of IAM Access Analyzer.
type Severity uint8

const (
	// Error says that AWS would not store the thing, or that it cannot work.
	Error Severity = iota
	// Warning says that the thing probably does not do what was meant.
	Warning
	// Suggestion says that the thing could be written better.
	Suggestion
)

// String is "error", "warning" or "suggestion".
func (s Severity) String() string {
	return [...]string{"error", "warning", "suggestion"}[s]
}

// Diagnostic is a finding about a document: what is wrong, where, and what to do.
type Diagnostic struct {
	Severity Severity
	// Code is AWS's issue code where AWS has one.
	Code    string
	Pointer Pointer
	// Start and End are byte offsets into the document's text.
	Start, End int
	// Message says what was found and what was expected.
	Message string
	// Hint says what to do; "" when the message says it all.
	Hint string
}

// findings collects diagnostics of one document.
type findings struct {
	list []Diagnostic
}

func (f *findings) add(s Severity, code string, at *jsonpos.Value, message, hint string) {
	f.addRange(s, code, at, at.Start, at.End, message, hint)
}

// addKey puts the finding on the member's key, not on its value.
func (f *findings) addKey(s Severity, code string, at *jsonpos.Value, message, hint string) {
	start, end := at.KeyStart, at.KeyEnd
	if start < 0 {
		start, end = at.Start, at.End
	}
	f.addRange(s, code, at, start, end, message, hint)
}

func (f *findings) addRange(s Severity, code string, at *jsonpos.Value, start, end int, message, hint string) {
	f.list = append(f.list, Diagnostic{s, code, Pointer(at.Pointer()), start, end, message, hint})
}

// Sorted is all the diagnostics of two lists, by position.
func Sorted(a, b []Diagnostic) []Diagnostic {
	out := append(append([]Diagnostic{}, a...), b...)
	sortDiagnostics(out)
	return out
}
