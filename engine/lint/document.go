package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/spell"
	"github.com/iam-playground/iam-playground/engine/stable"
)

// documentChecks are the checks of the document as a whole and of the elements of its statements.
var documentChecks = []Check{
	{Code: "DATA_TYPE_MISMATCH", Severity: Error, Tier: 1,
		Title: "wrong JSON type",
		Why: "Each element takes certain JSON types only: a Version is a string, an Action a string or a list of " +
			"strings.",
		by: [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": {"s3": "GetObject"}, ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "DUPLICATE_KEY", Severity: Error, Tier: 1, Own: true,
		Page:  "reference_policies_grammar.html",
		Title: "one element twice",
		Why:   "Programs that read JSON keep one of the two and drop the other without a word.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Effect": "Deny", ` +
			`"Action": "s3:GetObject", "Resource": "*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_EFFECT", Severity: Error, Tier: 1,
		Title: "Effect neither Allow nor Deny",
		Why:   "The word is taken exactly, capital letter included.",
		by:    [3]*walk{reading}, mend: mendEffect,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_POLICY_ELEMENT", Severity: Error, Tier: 1,
		Title: "unknown element",
		Why:   "AWS refuses a policy with an element that its grammar does not have.",
		by:    [3]*walk{reading}, mend: mendElement,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Comment": "for the auditors"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_VERSION", Severity: Error, Tier: 1,
		Title: "unknown Version",
		Why:   "The version is that of the language, not of the policy: there are just two.",
		by:    [3]*walk{reading, onVersion}, mend: mendVersion,
		Bad: Sample{Type: "identity", Text: `{"Version": "2026-01-01", "Statement": [{"Effect": "Allow", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "JSON_SYNTAX_ERROR", Severity: Error, Tier: 1,
		Title: "not JSON",
		Why:   "AWS reads a policy only when its text is whole JSON.",
		by:    [3]*walk{reading},
		Bad:   Sample{Type: "identity", Text: `{"Version": "2012-10-17", "Statement": [}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "MISSING_ACTION", Severity: Error, Tier: 1,
		Title: "neither Action nor NotAction",
		Why:   "A statement must say which actions it is about.",
		by:    [3]*walk{reading},
		Bad:   Sample{Type: "identity", Statements: `{"Effect": "Allow", "Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "MISSING_EFFECT", Severity: Error, Tier: 1,
		Title: "no Effect",
		Why:   "There is no default: a statement must say whether it allows or denies.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "MISSING_RESOURCE", Severity: Error, Tier: 1,
		Title: "neither Resource nor NotResource",
		Why:   "An identity-based policy must say which resources it is about.",
		by:    [3]*walk{reading},
		Bad:   Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "MISSING_STATEMENT", Severity: Error, Tier: 1,
		Title: "no Statement",
		Why:   "A policy without statements is refused.",
		by:    [3]*walk{reading},
		Bad:   Sample{Type: "identity", Text: `{"Version": "2012-10-17"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "UNIQUE_SIDS_REQUIRED", Severity: Error, Tier: 1,
		Title: "Sid twice",
		Why:   "In IAM each Sid stands once in a policy.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Sid": "Read", "Effect": "Allow", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}, {"Sid": "Read", "Effect": "Deny", ` +
			`"Action": "s3:PutObject", "Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Sid": "Read", "Effect": "Allow", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}, {"Sid": "Write", "Effect": "Deny", ` +
			`"Action": "s3:PutObject", "Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "UNSUPPORTED_ELEMENT_COMBINATION", Severity: Error, Tier: 1,
		Title: "an element and its opposite",
		Why:   "Of Action and NotAction, Resource and NotResource, Principal and NotPrincipal a statement has one.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "NotAction": "s3:PutObject"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "UNSUPPORTED_SID", Severity: Error, Tier: 1,
		Title: "character in a Sid",
		Why:   "In IAM a Sid has letters and digits only.",
		by:    [3]*walk{reading}, mend: mendSid,
		Bad: Sample{Type: "identity", Statements: `{"Sid": "read reports", "Effect": "Allow", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Sid": "ReadReports", "Effect": "Allow", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "MISSING_VERSION", Severity: Warning, Tier: 1,
		Title: "no Version",
		Why:   "Without a version the policy is read as of 2008, and ${…} is plain text.",
		by:    [3]*walk{reading}, mend: addVersion,
		Bad: Sample{Type: "identity", Text: `{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}]}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "OLD_VERSION", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_version.html",
		Title: "Version 2008-10-17",
		Why:   "It lacks variables; nothing speaks for it any more.",
		by:    [3]*walk{onVersion},
		Bad: Sample{Type: "identity", Text: `{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "UNIQUE_SIDS_RECOMMENDED", Severity: Warning, Tier: 1,
		Title: "Sid twice",
		Why:   "A Sid that stands once can be told apart in logs and messages.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Sid": "Read", "Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}, {"Sid": "Read", "Effect": "Deny", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Sid": "Read", "Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}, {"Sid": "Write", "Effect": "Deny", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "EMPTY_SID_VALUE", Severity: Suggestion, Tier: 1,
		Title: "empty Sid",
		Why:   "A Sid is for telling statements apart.",
		by:    [3]*walk{reading}, mend: mendByRemoval,
		Bad: Sample{Type: "identity", Statements: `{"Sid": "", "Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "ID_IN_IDENTITY_POLICY", Severity: Suggestion, Tier: 1, Own: true,
		Page:  "reference_policies_elements_id.html",
		Title: "Id in an identity-based policy",
		Why:   "The grammar has none there. IAM stores it all the same.",
		by:    [3]*walk{reading}, mend: mendByRemoval,
		Bad: Sample{Type: "identity", Text: `{"Version": "2012-10-17", "Id": "reports", ` +
			`"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "CHECKS_STOPPED", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_iam-quotas.html",
		Title: "too much to compare",
		Why: "Ten million comparisons are made for a document, so that the findings never take long. " +
			"What they did not reach was not looked at.",
		by: [3]*walk{onRest},
		Bad: Sample{Type: "inline", Statements: `{"Effect": "Deny", "Action": […], "Resource": "*"}`,
			Times: 2400, Each: `"s3:*-00*Object"`},
		Good: Sample{Type: "inline", Statements: `{"Effect": "Deny", "Action": "s3:*Object", "Resource": "*"}`},
	},
	{Code: "REDUNDANT_STATEMENT", Severity: Suggestion, Tier: 2,
		Title: "statement that stands twice",
		Why:   "One of them can go.",
		by:    [3]*walk{onStatements}, lack: inStatement,
		Bad: Sample{Type: "identity", Statements: `{"Sid": "One", "Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}, {"Sid": "Two", "Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
}

var (
	onVersion    = &walk{policy: (*linter).version}
	onStatements = &walk{policy: (*linter).repeated}
	onRest       = &walk{after: (*linter).rest}
)

// version looks at the Version.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func (l *linter) version() {
	v := l.policy.At.Member("Version")
	if v == nil || v.Kind != jsonpos.String || v.Text != "2008-10-17" {
		return
	}
	if l.typ.Kind == engine.RCP {
		l.at("INVALID_VERSION", v, `the Version is "2008-10-17", and a resource control policy needs 2012-10-17`,
			`write "2012-10-17"`).
			fix("use version 2012-10-17", replaceText(v, "2012-10-17")...)
		return
	}
	f := l.at("OLD_VERSION", v, `the Version is "2008-10-17", expected 2012-10-17, under which ${…} is a variable`,
		`write "2012-10-17"`)
	if !strings.Contains(l.doc.Text[l.policy.At.Start:l.policy.At.End], "${") {
		f.fix("use version 2012-10-17", replaceText(v, "2012-10-17")...) // with ${…} the meaning could change
	}
}

// repeated finds statements that say what another one says.
func (l *linter) repeated() {
	first := map[string]*statement{}
	for _, st := range l.statements {
		if st.At.Broken {
			continue
		}
		text := canonical(st.At)
		if same := first[text]; same != nil {
			l.at("REDUNDANT_STATEMENT", st.At, "the statement says the same as statement "+same.name(), "remove it").
				fix("remove the statement", remove(st.At)...)
			continue
		}
		first[text] = st
	}
}

// name is what a message calls a statement.
func (s *statement) name() string {
	if s.Sid != "" {
		return quote(s.Sid)
	}
	return number(s.Index + 1)
}

// canonical is a statement as a text that does not depend on the order of its
// members, on its Sid, and on whether one value stands in a list.
func canonical(v *jsonpos.Value) string {
	var b strings.Builder
	writeCanonical(&b, v)
	return b.String()
}

func writeCanonical(b *strings.Builder, v *jsonpos.Value) {
	switch v.Kind {
	case jsonpos.Object:
		items := sortedMembers(v)
		b.WriteByte('{')
		for _, m := range items {
			if m.Key != "Sid" {
				b.WriteString(jsonpos.Quote(m.Key))
				b.WriteByte(':')
				writeCanonical(b, m)
				b.WriteByte(',')
			}
		}
		b.WriteByte('}')
	case jsonpos.Array:
		if len(v.Items) == 1 {
			writeCanonical(b, v.Items[0])
			return
		}
		b.WriteByte('[')
		for _, m := range v.Items {
			writeCanonical(b, m)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	default:
		b.WriteString(jsonpos.Quote(v.Text))
	}
}

func sortedMembers(v *jsonpos.Value) []*jsonpos.Value {
	items := append([]*jsonpos.Value{}, v.Items...)
	stable.Sort(items, func(a, b **jsonpos.Value) bool { return (*a).Key < (*b).Key })
	return items
}

// mendByRemoval takes what was found out of its object.
func mendByRemoval(f *Finding, e *editor, v *jsonpos.Value) {
	label := "remove it"
	switch f.Code {
	case "ID_IN_IDENTITY_POLICY", "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", "UNSUPPORTED_PRINCIPAL":
		label = "remove the " + v.Key
	}
	f.fix(label, remove(v)...)
}

func addVersion(f *Finding, e *editor, v *jsonpos.Value) {
	// With ${…} in the text the version would change what the policy says.
	if sound(v) && !strings.Contains(e.doc.Text[v.Start:v.End], "${") {
		f.fix("add the version", e.insert(v, "Version", `"2012-10-17"`)...)
	}
}

func mendVersion(f *Finding, e *editor, v *jsonpos.Value) {
	f.fix("use version 2012-10-17", replaceText(v, "2012-10-17")...)
}

func mendEffect(f *Finding, e *editor, v *jsonpos.Value) {
	if s := spell.Nearest(v.Text, "Allow", "Deny"); s != "" {
		f.fix("write "+s, replaceText(v, s)...)
	}
}

func mendElement(f *Finding, e *editor, v *jsonpos.Value) {
	if s := spell.Nearest(v.Key, "Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action",
		"NotAction", "Resource", "NotResource", "Condition"); s != "" && v.Parent != nil {
		f.fix("write "+s, e.rename(v, s)...)
	}
}

func mendSid(f *Finding, e *editor, v *jsonpos.Value) {
	if s := alphanumeric(v.Text); s != "" {
		f.fix("write "+s, replaceText(v, s)...)
	}
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
