package engine

import (
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/stable"
)

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

// MaxDiagnostics is how many findings about a document are listed; the rest are
// counted.
const MaxDiagnostics = 100

// findings collects diagnostics of one document and keeps the first
// MaxDiagnostics of them: errors before all others, then by position.
//
// Invariant: what a finding is about is the same whether it is listed or not,
// so nothing is decided by looking for it in the list.
type findings struct {
	list []Diagnostic // up to twice as many as are kept
	// errors and more count the errors so far, and the findings that are not in the list.
	errors, more int
	// full says that the list has been cut. What does not come before last,
	// which was the last that stayed, is only counted.
	full bool
	last struct {
		severity Severity
		start    int
	}
	// closed says that findings are neither kept nor counted any more.
	closed bool
}

// put adds a finding.
func (f *findings) put(d *Diagnostic) {
	if !f.passed(d.Severity, d.Start) {
		f.keep(d)
	}
}

func (f *findings) keep(d *Diagnostic) {
	if d.Severity == Error {
		f.errors++
	}
	if f.list = append(f.list, *d); len(f.list) == 2*MaxDiagnostics {
		f.cut()
	}
}

// passed reports whether enough findings come before one of that severity and
// position, and counts it if so. Asking first saves the words.
func (f *findings) passed(s Severity, start int) bool {
	if f.closed {
		return true
	}
	if !f.full || s < f.last.severity || s == f.last.severity && start < f.last.start {
		return false
	}
	if s == Error {
		f.errors++
	}
	f.more++
	return true
}

// cut leaves what is listed.
func (f *findings) cut() {
	if len(f.list) <= MaxDiagnostics {
		return
	}
	stable.Sort(f.list, func(a, b *Diagnostic) bool {
		return a.Severity < b.Severity || a.Severity == b.Severity && a.Start < b.Start
	})
	f.more += len(f.list) - MaxDiagnostics
	f.list = f.list[:MaxDiagnostics]
	f.full = true
	last := &f.list[MaxDiagnostics-1]
	f.last.severity, f.last.start = last.Severity, last.Start
}

// join adds what others found about the same document.
func (f *findings) join(list []Diagnostic, more int) {
	for i := range list {
		f.put(&list[i])
	}
	f.more += more
}

// problems adds what reading the JSON found.
func (f *findings) problems(doc *jsonpos.Document) {
	for i := range doc.Problems {
		p := &doc.Problems[i]
		f.put(&Diagnostic{Error, p.Code, Pointer(p.Pointer), p.Start, p.End, p.Message, p.Hint})
	}
	f.errors += doc.More
	f.more += doc.More
}

// sorted returns what is listed by position, and how many there are beside.
func (f *findings) sorted() (list []Diagnostic, more int) {
	f.cut()
	sortDiagnostics(f.list)
	return f.list, f.more
}

func (f *findings) add(s Severity, code string, at *jsonpos.Value, message, hint string) {
	f.addRange(s, code, at, at.Start, at.End, message, hint)
}

// addKey puts the finding on the member's key, not on its value.
func (f *findings) addKey(s Severity, code string, at *jsonpos.Value, message, hint string) {
	start, end := at.KeyStart(), at.KeyEnd()
	if start < 0 {
		start, end = at.Start, at.End
	}
	f.addRange(s, code, at, start, end, message, hint)
}

func (f *findings) addRange(s Severity, code string, at *jsonpos.Value, start, end int, message, hint string) {
	if f.passed(s, start) {
		return
	}
	f.keep(&Diagnostic{s, code, Pointer(at.Pointer()), start, end, message, hint})
}
