package engine

import "github.com/iam-playground/iam-playground/engine/jsonpos"

// Library is what is known of AWS beside a document: the texts of AWS managed
// policies, and facts about actions. The engine knows two policies itself,
// FullAWSAccess and RCPFullAWSAccess; all else is loaded.
type Library struct {
	// Date is the day of the newest text, as the source gives it; "" when nothing was loaded.
	Date    string
	entries map[string]*managed
	names   map[string]string // name → ARN
	facts   facts
}

type managed struct {
	name, version, date, text string
	policy                    *Policy // read when first asked for
}

const (
	managedPrefix = "arn:aws:iam::aws:policy/"
	fullAccess    = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
	rcpFullAccess = "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess"
)

const (
	fullAccessText    = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`
	rcpFullAccessText = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}`
)

// NewLibrary is a library with the two policies that the engine knows itself.
func NewLibrary() *Library {
	l := &Library{entries: map[string]*managed{}, names: map[string]string{},
		facts: facts{actions: map[string]*actionFacts{}}}
	l.add(fullAccess, &managed{name: "FullAWSAccess", text: fullAccessText})
	l.add(rcpFullAccess, &managed{name: "RCPFullAWSAccess", text: rcpFullAccessText})
	return l
}

func (l *Library) add(arn string, m *managed) {
	l.entries[arn] = m
	l.names[m.name] = arn
}

// Load adds the policies of a JSON text of the form
// {"date": …, "policies": [{"arn", "name", "version", "date", "document"}]}.
// Pointers into a policy refer to the document's own bytes. It returns how many
// there were, or the first problem of the text.
func (l *Library) Load(text string) (int, *jsonpos.Problem) {
	doc := jsonpos.Parse(text, jsonpos.Limits{Depth: MaxDepth})
	if len(doc.Problems) > 0 {
		return 0, &doc.Problems[0]
	}
	l.Date = textOf(doc.Root, "date")
	policies := doc.Root.Member("policies")
	if policies == nil {
		return 0, &jsonpos.Problem{Code: "MISSING_MEMBER", Message: `the library has no "policies"`}
	}
	for _, p := range policies.Items {
		m := &managed{name: textOf(p, "name"), version: textOf(p, "version"), date: textOf(p, "date")}
		if d := p.Member("document"); d != nil {
			m.text = text[d.Start:d.End]
		}
		l.add(textOf(p, "arn"), m)
	}
	return len(policies.Items), nil
}

// Find is the policy of an ARN; nil when the library has none.
func (l *Library) Find(arn string) *Policy {
	m := l.entries[arn]
	if m == nil {
		return nil
	}
	if m.policy == nil {
		r := &reader{}
		p := &Policy{Document: arn, Name: m.name, Version: m.version, Date: m.date}
		switch arn {
		case fullAccess:
			p.Kind = SCP
		case rcpFullAccess:
			p.Kind = RCP
		}
		doc := jsonpos.Parse(m.text, jsonpos.Limits{Depth: MaxDepth})
		if doc.Root == nil {
			p.State = Broken
		} else {
			p.At = doc.Root
			r.policyBody(p, doc.Root)
		}
		m.policy = p
	}
	return m.policy
}

// Text is the text of a managed policy, which pointers into it refer to; ""
// when the library has none of that ARN.
func (l *Library) Text(arn string) string {
	if m := l.entries[arn]; m != nil {
		return m.text
	}
	return ""
}

// ARN is the ARN of the managed policy with that name; "" when there is none.
func (l *Library) ARN(name string) string { return l.names[name] }
