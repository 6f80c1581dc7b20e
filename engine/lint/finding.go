package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/stable"
)

// Severity is how bad a finding is, in the terms of IAM Access Analyzer.
type Severity uint8

const (
	// Error says that the thing does not work, or is not stored.
	Error Severity = iota
	// SecurityWarning says that the thing lets in more than it should.
	SecurityWarning
	// Warning says that the thing departs from good practice or from what was
	// probably meant, without opening anything.
	Warning
	// Suggestion says that the thing could be written better.
	Suggestion
)

// String is "error", "security-warning", "warning" or "suggestion".
func (s Severity) String() string {
	return [...]string{"error", "security-warning", "warning", "suggestion"}[s]
}

// Finding is what a check found at one place.
type Finding struct {
	// Code names the check: AWS's issue code where AWS has one.
	Code     string
	Severity Severity
	Pointer  engine.Pointer
	// Start and End are byte offsets into the document's text.
	Start, End int
	// Message says what was found and what was expected; Hint says what to do,
	// and is "" when the message says it all.
	Message, Hint string
	// Fix are the edits that remove the finding, in the order of the text and
	// apart from each other; nil when there is no clear one. FixLabel says what
	// they do, as words on a button.
	Fix      []Edit
	FixLabel string
	// within is the statement or policy that the finding is about, by its start.
	within int
	// by is the walk that found it.
	by *walk
}

// URL is the page about the finding's check; "" when it has none.
func (f *Finding) URL() string {
	if c := Find(f.Code); c != nil {
		return c.URL()
	}
	return ""
}

// Edit replaces the bytes from Start to End of a text.
type Edit struct {
	Start, End int
	Text       string
	// key says that an object gets a key, which another fix must not give it too.
	key bool
}

// Apply is a text with edits made, which are in order and apart from each other.
func Apply(text string, edits []Edit) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(text[at:e.Start])
		b.WriteString(e.Text)
		at = e.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// Together are the fixes of a list of findings that can be made in one go: of
// those that touch the same bytes, or give keys to the same statement, the first.
// n is the number of fixes.
func Together(list []Finding) (edits []Edit, n int) {
	keyed := map[int]bool{}
	touches := func(a, b Edit) bool {
		return a.Start < b.End && b.Start < a.End || a.Start == b.Start || a.End == b.End && (a.Start == a.End || b.Start == b.End)
	}
	for i := range list {
		free, keys := len(list[i].Fix) > 0, false
		for _, e := range list[i].Fix {
			keys = keys || e.key
			// The edits so far are in order: only those around e can touch it.
			at := place(edits, e.Start)
			free = free && (at == 0 || edits[at-1].End <= e.Start && !touches(edits[at-1], e)) && (at == len(edits) || e.End <= edits[at].Start && !touches(edits[at], e))
		}
		if !free || keys && keyed[list[i].within] {
			continue
		}
		keyed[list[i].within] = keyed[list[i].within] || keys
		n++
		for _, e := range list[i].Fix {
			at := place(edits, e.Start)
			edits = append(edits, Edit{})
			copy(edits[at+1:], edits[at:])
			edits[at] = e
		}
	}
	return edits, n
}

// FixAll is a text with all fixes made that findings offers for it, again until
// there are none or, for fixes that call for each other, a few times. n is the
// number of fixes.
func FixAll(text string, findings func(text string) []Finding) (fixed string, n int) {
	const rounds = 100
	for range rounds {
		edits, more := Together(findings(text))
		if more == 0 {
			break
		}
		text, n = Apply(text, edits), n+more
	}
	return text, n
}

// place is where an edit that starts at an offset stands in an ordered list.
func place(edits []Edit, start int) int {
	low, high := 0, len(edits)
	for low < high {
		if mid := (low + high) / 2; edits[mid].Start < start {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// linter collects the findings about one policy, or about how the policies of a
// scenario are attached.
type linter struct {
	*editor
	typ  Type
	data *data
	// policy is what is looked at, and statements are its statements.
	policy     *engine.Policy
	statements []*statement
	found      []Finding
	// now is the walk that is under way, and said what was found where.
	now  *walk
	said map[said]bool
	// stopped says that a walk left something out, since the work was used up.
	stopped bool
}

// said is what makes a finding the same as another one.
type said struct {
	code       string
	start, end int
	message    string
}

// maxWork bounds what a document makes lint compare: in steps, each of which
// compares two characters or looks at one thing of a list. Nothing depends on how
// long a step takes, so what is found is the same everywhere.
const maxWork = 10_000_000

// spend takes steps from the work that remains for the document. It is false when
// they are not there: then the walk leaves out what it wanted to look at.
func (l *linter) spend(steps int) bool {
	if l.data.work < steps {
		l.stopped = true
		return false
	}
	l.data.work -= steps
	return true
}

// at adds a finding about a value.
func (l *linter) at(code string, v *jsonpos.Value, message, hint string) *Finding {
	return l.add(code, v, v.Start, v.End, message, hint)
}

// atKey adds a finding about the key of a member.
func (l *linter) atKey(code string, v *jsonpos.Value, message, hint string) *Finding {
	if v.KeyStart() < 0 {
		return l.at(code, v, message, hint)
	}
	return l.add(code, v, v.KeyStart(), v.KeyEnd(), message, hint)
}

// add adds a finding about a value, or a part of it.
func (l *linter) add(code string, v *jsonpos.Value, start, end int, message, hint string) *Finding {
	f := Finding{Code: code, Start: start, End: end, Message: message, Hint: hint, by: l.now}
	if pointer := v.Pointer(); l.spend(len(pointer)) {
		f.Pointer, f.within = engine.Pointer(pointer), within(v)
		return l.list(f)
	}
	return &f
}

// list adds a finding, unless the same was found at the same place before: then
// what it returns goes nowhere.
//
// Invariant: no code stands twice at one place, whoever finds it.
func (l *linter) list(f Finding) *Finding {
	if l.said == nil {
		l.said = map[said]bool{}
	}
	at := said{f.Code, f.Start, f.End, ""}
	if f.Code == "MISSING_MEMBER" {
		at.message = f.Message // one for each member
	}
	if l.said[at] {
		return &f
	}
	l.said[at] = true
	l.found = append(l.found, f)
	return &l.found[len(l.found)-1]
}

// rest says of a policy that a walk left something out.
func (l *linter) rest() {
	if !l.stopped && l.data.work > 0 {
		return
	}
	at := l.policy.At
	l.list(Finding{Code: "CHECKS_STOPPED", Pointer: engine.Pointer(at.Pointer()), Start: at.Start, End: at.Start + 1,
		Message: "the policy, with what stands before it, is more than lint compares with each other, so that some " +
			"of it was not looked at",
		Hint: "split it, or use fewer wildcards", by: l.now})
}

// within is where the statement begins in which a value stands, or else the
// policy or the document.
func within(v *jsonpos.Value) int {
	for ; v.Parent != nil; v = v.Parent {
		if v.Kind == jsonpos.Object && (v.Key == "Statement" || v.Parent.Key == "Statement" || holdsStatements(v)) {
			break
		}
	}
	return v.Start
}

// holdsStatements reports whether an object is a policy: one that begins so.
func holdsStatements(v *jsonpos.Value) bool {
	for _, m := range v.Items[:min(len(v.Items), 4)] {
		if m.Key == "Statement" {
			return true
		}
	}
	return false
}

// fix gives a finding its fix, unless there is none.
func (f *Finding) fix(label string, edits ...Edit) {
	if len(edits) == 0 {
		return
	}
	stable.Sort(edits, func(a, b *Edit) bool { return a.Start < b.Start || a.Start == b.Start && a.End < b.End })
	f.FixLabel, f.Fix = label, edits
}

// finished gives findings their severity, where the catalogue has one, and puts
// them in the order of the text, the worst first at each place.
func finished(list []Finding) []Finding {
	for i := range list {
		if c := Find(list[i].Code); c != nil {
			list[i].Severity = c.reported()
		}
	}
	stable.Sort(list, func(a, b *Finding) bool {
		return a.Start < b.Start || a.Start == b.Start && a.Severity < b.Severity
	})
	return list
}

func quote(s string) string { return engine.Quote(s) }
