package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/stable"
)

// actionChecks are the checks of Action and NotAction that need no catalogue.
var actionChecks = []Check{
	{Code: "UNSUPPORTED_ACTION_IN_POLICY", Severity: Error, Tier: 2,
		Title: "another service's action",
		Why:   "A resource takes actions of its own service only.",
		by:    [3]*walk{onActions},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "kms:Decrypt", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "CREDENTIALS_EXPOSURE", Severity: Suggestion, Tier: 2, Own: true,
		Page:  "best-practices.html",
		Title: "action that returns credentials",
		Why:   "Its answer has a secret, password or token, which outlives the permission.",
		by:    [3]*walk{onActions},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", ` +
			`"Resource": "*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "ecr:DescribeRepositories", ` +
			`"Resource": "*"}`},
	},
	{Code: "EMPTY_ARRAY_ACTION", Severity: Suggestion, Tier: 1,
		Title: "no action listed",
		Why:   "The statement does nothing.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": [], ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "REDUNDANT_ACTION", Severity: Suggestion, Tier: 1,
		Title: "action that another covers",
		Why:   "It can go without a change of meaning.",
		by:    [3]*walk{onActions},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject"], ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": ["s3:GetObject", ` +
			`"s3:PutObject"], "Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "WILDCARD_IN_SERVICE_NAME", Severity: Suggestion, Tier: 1,
		Title: "wildcard in a service's prefix",
		Why:   "It covers services that do not exist yet.",
		by:    [3]*walk{onActions},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3*:GetObject", ` +
			`"Resource": "*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:GetObject", ` +
			`"Resource": "*"}`},
	},
}

var onActions = &walk{statement: (*linter).actions}

// owned are the services whose resources' policies take actions and ARNs of the
// service itself only.
var owned = []string{"s3", "kms", "sqs", "sns", "lambda", "secretsmanager", "dynamodb", "ecr", "kinesis", "events"}

// isOwned reports whether the policy belongs to a service that takes only its own.
func (l *linter) isOwned() bool {
	for _, s := range owned {
		if l.typ.resource() && l.typ.Service == s {
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
	if st.Effect == engine.Allow && l.typ.identity() {
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
// Invariant: only items that may cover each other are compared. What covers an
// item begins with a part of what the item begins with, so the items are sorted,
// and those whose beginnings another one's begins with are at hand.
func (l *linter) redundantAll(texts []engine.Text, patterns []pattern.Pattern, code, what string) {
	if len(texts) < 2 || texts[0].At.Parent == nil || texts[0].At.Parent.Kind != jsonpos.Array {
		return
	}
	first := make(map[string]int, len(texts))
	list := make([]*beginning, 0, len(texts))
	for i := range patterns {
		text := patterns[i].Text()
		if _, again := first[text]; again {
			continue
		}
		first[text] = i
		b := &beginning{text: text, item: i}
		if at := strings.IndexAny(text, "*?"); at >= 0 {
			b.text, b.broad = text[:at], true
		}
		list = append(list, b)
	}
	nest(list)
	for _, b := range list {
		if j := l.coveredBy(b, patterns); j >= 0 {
			l.at(code, texts[b.item].At,
				"the "+what+" "+quote(texts[b.item].Value)+" is covered by "+quote(texts[j].Value), "remove it").
				fix("remove it", remove(texts[b.item].At)...)
		}
	}
	for i := range patterns {
		if first[patterns[i].Text()] != i {
			l.at(code, texts[i].At, "the "+what+" "+quote(texts[i].Value)+" stands in the list twice", "remove it").
				fix("remove it", remove(texts[i].At)...)
		}
	}
}

// beginning is what stands before the first wildcard of an item of a list, or the
// whole item when it has none.
type beginning struct {
	text  string
	broad bool // the item has a wildcard
	item  int
	node  *node
}

// node is a beginning of items with wildcards.
type node struct {
	text  string
	items []int
	up    *node // the longest that text begins with, but for itself
}

// nest finds for each beginning the longest one of an item with wildcards that it
// begins with.
func nest(list []*beginning) {
	stable.Sort(list, func(a, b **beginning) bool {
		return (*a).text < (*b).text || (*a).text == (*b).text && (*a).broad && !(*b).broad
	})
	var open *node
	for _, b := range list {
		for open != nil && !strings.HasPrefix(b.text, open.text) {
			open = open.up
		}
		if b.broad {
			if open == nil || open.text != b.text {
				open = &node{text: b.text, up: open}
			}
			open.items = append(open.items, b.item)
		}
		b.node = open
	}
}

// coveredBy is the item that covers another, one that begins with less before
// others; -1 when there is none. Of two that cover each other the later one is
// covered.
func (l *linter) coveredBy(b *beginning, patterns []pattern.Pattern) int {
	var nodes []*node
	for n := b.node; n != nil; n = n.up {
		nodes = append(nodes, n)
	}
	if !l.spend(len(nodes)) {
		return -1
	}
	covers := func(i, j int) bool { return pattern.Covers(&patterns[i], &patterns[j], &l.data.work) }
	for n := len(nodes) - 1; n >= 0; n-- {
		for _, j := range nodes[n].items {
			if !l.spend(1) {
				return -1
			}
			if b.item != j && covers(j, b.item) && !(j > b.item && covers(b.item, j)) {
				return j
			}
		}
	}
	return -1
}
