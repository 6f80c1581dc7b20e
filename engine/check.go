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
	r := &reader{}
	for _, p := range doc.Problems {
		r.list = append(r.list, Diagnostic{Error, p.Code, Pointer(p.Pointer), p.Start, p.End, p.Message, p.Hint})
	}
	if doc.Root == nil {
		if len(r.list) == 0 {
			r.list = append(r.list, Diagnostic{Error, "JSON_SYNTAX_ERROR", "", 0, 0, "the text is empty, expected JSON", ""})
		}
		return r.list, false
	}
	kinds := map[string]PolicyKind{"identity": IdentityPolicy, "inline": InlinePolicy, "session": SessionPolicy, "resource": ResourcePolicy, "keyPolicy": KeyPolicy,
		"trust": TrustPolicy, "scp": OrganizationPolicy, "rcp": OrganizationPolicy, "vpce": EndpointPolicy}
	if k, ok := kinds[kind]; ok {
		p := r.policy(doc.Root, k, "")
		if p.State == Known {
			// Compiling finds what is wrong inside patterns and conditions.
			w := NewWorld(&Scenario{Document: doc}, library)
			w.compiled(p)
			r.list = append(r.list, w.reader.list...)
		}
	}
	sortDiagnostics(r.list)
	return r.list, len(doc.Problems) == 0
}
