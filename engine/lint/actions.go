package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
)

// owned are the services whose resources' policies take actions and ARNs of the
// service itself only.
var owned = []string{"s3", "kms", "sqs", "sns", "lambda", "secretsmanager", "dynamodb", "ecr", "kinesis", "events"}

// isOwned reports whether the policy belongs to a service that takes only its own.
func (l *linter) isOwned() bool {
	for _, s := range owned {
		if l.typ.Kind == Resource && l.typ.Service == s {
			return true
		}
	}
	return false
}

// actions looks at the actions of a statement.
func (l *linter) actions(st *statement) {
	l.rolesAnywhere(st)
	for _, a := range st.Actions {
		prefix, _, ok := strings.Cut(a.Value, ":")
		if !ok {
			continue
		}
		switch {
		case wild(prefix):
			l.at("WILDCARD_IN_SERVICE_NAME", a.At, quote(a.Value)+" has a wildcard in the service's prefix", "name the service")
		case l.isOwned() && !strings.EqualFold(prefix, l.typ.Service):
			l.at("UNSUPPORTED_ACTION_IN_POLICY", a.At, quote(a.Value)+" is no action of "+l.typ.Service+", whose resource has this policy", "remove it, or put it into another policy")
		}
	}
	l.redundantAll(st.Actions, st.actions, "REDUNDANT_ACTION", "action")
	if st.Effect == engine.Allow && l.typ.Kind == Identity {
		for i := range st.actions {
			if text, literal := st.actions[i].Literal(); literal && !st.NotAction && credentials[text] {
				l.at("CREDENTIALS_EXPOSURE", st.Actions[i].At, quote(st.Actions[i].Value)+" returns credentials", "make sure that whoever has this policy may have them")
			}
		}
	}
}

// credentials are actions whose answer has a secret, password or token.
var credentials = map[string]bool{
	"cognito-identity:getcredentialsforidentity": true, "cognito-identity:getopenidtoken": true, "cognito-identity:getopenidtokenfordeveloperidentity": true,
	"codeartifact:getauthorizationtoken": true, "connect:getfederationtoken": true, "ec2:getpassworddata": true, "ecr:getauthorizationtoken": true,
	"ecr-public:getauthorizationtoken": true, "gamelift:requestuploadcredentials": true, "iam:createaccesskey": true, "iam:createservicespecificcredential": true,
	"iam:resetservicespecificcredential": true, "lightsail:getinstanceaccessdetails": true, "lightsail:getrelationaldatabasemasteruserpassword": true,
	"redshift:getclustercredentials": true, "redshift:getclustercredentialswithiam": true, "redshift-serverless:getcredentials": true,
	"sso:getrolecredentials": true, "sts:getfederationtoken": true, "sts:getsessiontoken": true,
}

// redundantAll finds items of a list that another item covers.
//
// Invariant: the time grows with the length of the list, not with its square:
// what covers an item begins with a part of what the item begins with.
func (l *linter) redundantAll(texts []engine.Text, patterns []pattern.Pattern, code, what string) {
	if len(texts) < 2 || texts[0].At.Parent == nil || texts[0].At.Parent.Kind != jsonpos.Array {
		return
	}
	first := make(map[string]int, len(texts))
	broad := map[string][]int{} // patterns with wildcards, by what stands before the first
	starts := make([]string, len(patterns))
	for i := range patterns {
		text := patterns[i].Text()
		if _, again := first[text]; again || len(text) > maxPattern {
			continue
		}
		first[text] = i
		starts[i] = text
		if at := strings.IndexAny(text, "*?"); at >= 0 {
			starts[i] = text[:at]
			broad[starts[i]] = append(broad[starts[i]], i)
		}
	}
	for i := range patterns {
		text := patterns[i].Text()
		j, known := first[text]
		if known && j != i {
			l.at(code, texts[i].At, "the "+what+" "+quote(texts[i].Value)+" stands in the list twice", "remove it").
				fix("remove it", remove(texts[i].At)...)
			continue
		}
		if by := l.coveredBy(i, patterns, broad, starts[i]); known && by >= 0 {
			l.at(code, texts[i].At, "the "+what+" "+quote(texts[i].Value)+" is covered by "+quote(texts[by].Value), "remove it").
				fix("remove it", remove(texts[i].At)...)
		}
	}
}

// coveredBy is a pattern other than i that covers it; -1 when there is none. Of
// two that cover each other the later one is covered.
func (l *linter) coveredBy(i int, patterns []pattern.Pattern, broad map[string][]int, start string) int {
	for n := 0; n <= len(start); n++ {
		for _, j := range broad[start[:n]] {
			if l.work--; l.work <= 0 {
				return -1
			}
			if i != j && pattern.Covers(&patterns[j], &patterns[i]) && !(j > i && pattern.Covers(&patterns[i], &patterns[j])) {
				return j
			}
		}
	}
	return -1
}

// maxPattern is the length up to which texts are compared with each other.
const maxPattern = 512

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
