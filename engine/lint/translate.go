package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/spell"
)

// translate makes findings of what reading found, with AWS's severity and, where
// there is a clear one, a fix. typeOf is the type of the policy that a diagnostic
// is about.
func translate(doc *jsonpos.Document, list []engine.Diagnostic, typeOf func(engine.Diagnostic) Type) []Finding {
	out := make([]Finding, 0, len(list))
	for _, d := range list {
		f := Finding{Code: d.Code, Pointer: d.Pointer, Start: d.Start, End: d.End, Message: d.Message, Hint: d.Hint}
		v := doc.Find(string(d.Pointer))
		switch d.Code {
		case "INVALID_USER_REFERENCE":
			if v != nil && strings.HasPrefix(v.Text, "AROA") {
				f.Code = "INVALID_ROLE_REFERENCE"
			}
		case "RCP_SYNTAX_ERROR_PRINCIPAL":
			if typeOf(d).Kind == SCP {
				f.Code = "SCP_SYNTAX_ERROR_PRINCIPAL"
			}
		case "EMPTY_ARRAY_CONDITION":
			f.Code = emptyCode(v)
		case "MISSING_ARN_FIELD":
			if typeOf(d).Kind == Identity || typeOf(d).Kind == Boundary {
				f.Code = "INCOMPLETE_ARN"
			}
		}
		f.Severity = severity(f.Code)
		if Find(f.Code) == nil {
			f.Severity = [...]Severity{Error, Warning, Suggestion}[d.Severity]
		}
		// Of two members with one key the pointer finds the first, which may not be meant.
		if v != nil && !v.Broken && (f.Start == v.Start || f.Start == v.KeyStart()) {
			f.within = within(v)
			f.mend(doc, v)
		}
		out = append(out, f)
	}
	return out
}

// emptyCode is the code of a key without values, by its operator.
func emptyCode(v *jsonpos.Value) string {
	if v != nil && v.Parent != nil {
		if spec, _, ok := condition.ParseOperator(v.Parent.Key); ok {
			switch {
			case spec.IfExists:
				return "EMPTY_ARRAY_CONDITION_IFEXISTS"
			case spec.Set == condition.ForAllValues:
				return "EMPTY_ARRAY_CONDITION_FORALLVALUES"
			case spec.Set == condition.ForAnyValue:
				return "EMPTY_ARRAY_CONDITION_FORANYVALUE"
			}
		}
	}
	return "EMPTY_ARRAY_CONDITION"
}

// mend gives a finding of the reader its fix. v is what the finding is about.
func (f *Finding) mend(doc *jsonpos.Document, v *jsonpos.Value) {
	switch f.Code {
	case "MISSING_VERSION":
		// With ${…} in the text the version would change what the policy says.
		if sound(v) && !strings.Contains(doc.Text[v.Start:v.End], "${") {
			f.fix("add the version", insert(doc, v, "Version", `"2012-10-17"`)...)
		}
	case "INVALID_VERSION":
		f.fix("use version 2012-10-17", replaceText(v, "2012-10-17")...)
	case "INVALID_EFFECT":
		if s := spell.Nearest(v.Text, "Allow", "Deny"); s != "" {
			f.fix("write "+s, replaceText(v, s)...)
		}
	case "INVALID_POLICY_ELEMENT":
		if s := spell.Nearest(v.Key, "Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"); s != "" && v.Parent != nil {
			f.fix("write "+s, rename(v, s)...)
		}
	case "INVALID_PRINCIPAL_KEY":
		if s := spell.Nearest(v.Key, "AWS", "Service", "Federated", "CanonicalUser"); s != "" {
			f.fix("write "+s, rename(v, s)...)
		}
	case "INVALID_CONDITION_OPERATOR", "NULL_WITH_IF_EXISTS":
		if _, s, _ := condition.ParseOperator(v.Key); s != "" {
			f.fix("write "+s, rename(v, s)...)
		}
	case "EMPTY_SID_VALUE", "EMPTY_OBJECT_CONDITION":
		f.fix("remove it", remove(v)...)
	case "ID_IN_IDENTITY_POLICY":
		f.fix("remove the Id", remove(v)...)
	case "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE":
		f.fix("remove the "+v.Key, remove(v)...)
	case "UNSUPPORTED_PRINCIPAL":
		f.fix("remove the "+v.Key, remove(v)...)
	case "UNSUPPORTED_SID":
		if s := alphanumeric(v.Text); s != "" {
			f.fix("write "+s, replaceText(v, s)...)
		}
	case "INVALID_ARN_SERVICE_CASE":
		parts := strings.SplitN(v.Text, ":", 4)
		if len(parts) > 2 {
			parts[2] = strings.ToLower(parts[2])
			f.fix("write it in lower case", replaceText(v, strings.Join(parts, ":"))...)
		}
	case "INCOMPLETE_ARN":
		if n := strings.Count(v.Text, ":"); n < 5 {
			f.fix("write the missing fields as *", replaceText(v, v.Text+strings.Repeat(":*", 5-n))...)
		}
	case "IMPROVE_IP_RANGE":
		if exact, _, ok := condition.Network(v.Text); ok {
			f.fix("write "+exact, replaceText(v, exact)...)
		}
	case "WILDCARD_WITHOUT_LIKE_OPERATOR":
		f.like(doc, v)
	}
}

// like moves the key of a value with wildcards to the operator that has them.
func (f *Finding) like(doc *jsonpos.Document, v *jsonpos.Value) {
	if v.Parent.Kind == jsonpos.Array {
		v = v.Parent
	}
	spec, _, ok := condition.ParseOperator(v.Parent.Key)
	if !ok || spec.Operator.FoldCase {
		return
	}
	name := "StringLike"
	if spec.Operator.Negated {
		name = "StringNotLike"
	}
	to := strings.Replace(v.Parent.Key, spec.Operator.Name, name, 1)
	f.fix("use "+to, moveKey(v, to, doc)...)
}

// alphanumeric is a text without all that a Sid of IAM cannot have, each word
// beginning with a capital.
func alphanumeric(s string) string {
	var out []byte
	start := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z':
			out, start = append(out, c), false
		case c >= 'a' && c <= 'z':
			if start {
				c -= 'a' - 'A'
			}
			out, start = append(out, c), false
		default:
			start = true
		}
	}
	return string(out)
}
