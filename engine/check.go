package engine

import "github.com/iam-playground/iam-playground/engine/jsonpos"

// CheckText reports what is wrong with a text that stands alone: a policy of a
// kind by its word, a whole "scenario", or any "json". more is how many findings
// there are beside those listed; valid says that the text is syntactically whole
// JSON.
func CheckText(text, kind string, library *Library) (diagnostics []Diagnostic, more int, valid bool) {
	if kind == "scenario" {
		s := Parse(text)
		w := NewWorld(s, library)
		return w.Diagnostics, w.More, s.Document.Root != nil && len(s.Document.Problems) == 0
	}
	doc := jsonpos.Parse(text, jsonpos.Limits{Bytes: MaxBytes, Depth: MaxDepth})
	k, ok := ParsePolicyKind(kind)
	_, list, more := readPolicy(doc, k, ok, library)
	return list, more, doc.Root != nil && len(doc.Problems) == 0
}

// ReadPolicy reads a policy that stands alone, and reports what reading and
// compiling it find: the first MaxDiagnostics, and how many more. The policy is
// nil when the text holds nothing.
func ReadPolicy(doc *jsonpos.Document, kind PolicyKind) (p *Policy, list []Diagnostic, more int) {
	return readPolicy(doc, kind, true, nil)
}

func readPolicy(doc *jsonpos.Document, kind PolicyKind, known bool,
	library *Library) (p *Policy, list []Diagnostic, more int) {
	r := &reader{alone: true}
	r.problems(doc)
	if doc.Root == nil {
		if r.errors == 0 {
			r.put(&Diagnostic{Error, "JSON_SYNTAX_ERROR", "", 0, 0, "the text is empty, expected JSON", ""})
		}
		list, more = r.sorted()
		return nil, list, more
	}
	if known {
		p = r.policy(doc.Root, kind, "")
		if p.State == Known {
			// Compiling finds what is wrong inside patterns and conditions.
			w := NewWorld(&Scenario{Document: doc}, library)
			w.reader.findings = r.findings
			w.compiled(p)
			r.findings = w.reader.findings
		}
	}
	list, more = r.sorted()
	return p, list, more
}
