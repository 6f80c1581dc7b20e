package engine

import "github.com/iam-playground/iam-playground/engine/jsonpos"

// CheckText reports what is wrong with a text that stands alone: a policy of
// the kind "identity", "resource", "keyPolicy", "trust", "scp", "rcp",
// "session" or "vpce", a whole "scenario", or any "json". valid says that the
// text is syntactically whole JSON.
func CheckText(text, kind string, library *Library) (diagnostics []Diagnostic, valid bool) {
	if kind == "scenario" {
		s := Parse(text)
		return NewWorld(s, library).Diagnostics, s.Document.Root != nil && len(s.Document.Problems) == 0
	}
	doc := jsonpos.Parse(text, jsonpos.Limits{Bytes: MaxBytes, Depth: MaxDepth})
	k, ok := policyKind(kind)
	_, list := readPolicy(doc, k, ok, library)
	return list, doc.Root != nil && len(doc.Problems) == 0
}

// ReadPolicy reads a policy that stands alone, and reports what reading and
// compiling it find. The policy is nil when the text holds nothing.
func ReadPolicy(doc *jsonpos.Document, kind PolicyKind) (*Policy, []Diagnostic) {
	return readPolicy(doc, kind, true, nil)
}

func readPolicy(doc *jsonpos.Document, kind PolicyKind, known bool, library *Library) (*Policy, []Diagnostic) {
	r := &reader{alone: true}
	for _, p := range doc.Problems {
		r.list = append(r.list, Diagnostic{Error, p.Code, Pointer(p.Pointer), p.Start, p.End, p.Message, p.Hint})
	}
	if doc.Root == nil {
		if len(r.list) == 0 {
			r.list = append(r.list, Diagnostic{Error, "JSON_SYNTAX_ERROR", "", 0, 0, "the text is empty, expected JSON", ""})
		}
		return nil, r.list
	}
	var p *Policy
	if known {
		p = r.policy(doc.Root, kind, "")
		if p.State == Known {
			// Compiling finds what is wrong inside patterns and conditions.
			w := NewWorld(&Scenario{Document: doc}, library)
			w.compiled(p)
			r.list = append(r.list, w.reader.list...)
		}
	}
	sortDiagnostics(r.list)
	return p, r.list
}

// policyKind is the kind of policy that a word of CheckText means.
func policyKind(word string) (PolicyKind, bool) {
	switch word {
	case "identity":
		return IdentityPolicy, true
	case "inline":
		return InlinePolicy, true
	case "session":
		return SessionPolicy, true
	case "resource":
		return ResourcePolicy, true
	case "keyPolicy":
		return KeyPolicy, true
	case "trust":
		return TrustPolicy, true
	case "scp", "rcp":
		return OrganizationPolicy, true
	case "vpce":
		return EndpointPolicy, true
	}
	return 0, false
}
