package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// organizationChecks are the checks of policies of AWS Organizations.
var organizationChecks = []Check{
	{Code: "RCP_SYNTAX_ERROR_ACTION", Severity: Error, Tier: 2,
		Title: "action of an RCP",
		Why:   "Each action names a service to which resource control policies apply.",
		by:    [3]*walk{onOrganization},
		Bad: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "*", ` +
			`"Resource": "*"}`},
		Good: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*"}`},
	},
	{Code: "RCP_SYNTAX_ERROR_ALLOW", Severity: Error, Tier: 1,
		Title: "Allow in an RCP",
		Why:   "Resource control policies of one's own only deny; RCPFullAWSAccess does the allowing.",
		by:    [3]*walk{onOrganization},
		Bad: Sample{Type: "rcp", Statements: `{"Effect": "Allow", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*"}`},
		Good: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*"}`},
	},
	{Code: "RCP_SYNTAX_ERROR_NOTACTION", Severity: Error, Tier: 1,
		Title: "NotAction in an RCP",
		Why:   "A resource control policy lists under Action what it denies.",
		by:    [3]*walk{onOrganization},
		Bad: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", ` +
			`"NotAction": "s3:GetObject", "Resource": "*"}`},
		Good: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*"}`},
	},
	{Code: "RCP_SYNTAX_ERROR_PRINCIPAL", Severity: Error, Tier: 1,
		Title: "Principal of an RCP",
		Why:   `The Principal of a resource control policy is "*"; conditions narrow it down.`,
		by:    [3]*walk{reading, onOrganization}, lack: inPrincipal,
		Bad: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": {"AWS": "111122223333"}, ` +
			`"Action": "s3:*", "Resource": "*"}`},
		Good: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*"}`},
	},
	{Code: "SCP_SYNTAX_ERROR_PRINCIPAL", Severity: Error, Tier: 1,
		Title: "Principal in an SCP",
		Why:   "A service control policy applies to the accounts below it.",
		by:    [3]*walk{reading, onOrganization},
		Bad: Sample{Type: "scp", Statements: `{"Effect": "Deny", "Principal": "*", ` +
			`"Action": "s3:DeleteBucket", "Resource": "*"}`},
		Good: Sample{Type: "scp", Statements: `{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}`},
	},
	{Code: "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", Severity: Warning, Tier: 1,
		Title: "RCP that denies services too",
		Why:   "A service that calls as itself has no principal keys, so the Deny catches it.",
		by:    [3]*walk{onOrganization}, lack: inCondition,
		Bad: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example123"}}}`},
		Good: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example123"}, ` +
			`"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}`},
		Also: []string{"IFEXISTS_ON_NEGATED_DENY"},
	},
	{Code: "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY", Severity: Warning, Tier: 1,
		Title: "RCP on sources that denies others too",
		Why:   "Only a service that calls as itself has a source, so the Deny catches everybody else.",
		by:    [3]*walk{onOrganization}, lack: inCondition,
		Bad: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceOrgID": "o-example123"}, ` +
			`"Null": {"aws:SourceAccount": "false"}}}`},
		Good: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceOrgID": "o-example123"}, ` +
			`"Null": {"aws:SourceAccount": "false"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "true"}}}`},
	},
	{Code: "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK", Severity: Warning, Tier: 2,
		Title: "RCP on a source without a Null check",
		Why:   "Some calls of services have no source; a negated operator denies them.",
		by:    [3]*walk{onOrganization}, lack: inCondition,
		Bad: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceOrgID": "o-example123"}, ` +
			`"BoolIfExists": {"aws:PrincipalIsAWSService": "true"}}}`},
		Good: Sample{Type: "rcp", Statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` +
			`"Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceOrgID": "o-example123"}, ` +
			`"BoolIfExists": {"aws:PrincipalIsAWSService": "true"}, "Null": {"aws:SourceAccount": "false"}}}`},
	},
	{Code: "SCP_LEVEL_WITHOUT_ALLOW", Severity: Warning, Tier: 1, Own: true,
		Page:  "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html",
		Title: "level of the organization that allows nothing",
		Why:   "Every level needs an Allow. A level with denies only blocks everything below it.",
		by:    [3]*walk{onLevels},
		Bad: Sample{Type: "scenario", Text: `{"version": 1, "organization": {"id": "o-example123", ` +
			`"policies": {"NoRoot": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", ` +
			`"Action": "s3:DeleteBucket", "Resource": "*"}]}}, "root": {"id": "r-ab12", "scps": ["NoRoot"], ` +
			`"accounts": ["111122223333"]}}, "accounts": {"111122223333": {}}}`},
		Good: Sample{Type: "scenario", Text: `{"version": 1, "organization": {"id": "o-example123", ` +
			`"policies": {"NoRoot": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", ` +
			`"Action": "s3:DeleteBucket", "Resource": "*"}]}}, "root": {"id": "r-ab12", ` +
			`"scps": ["FullAWSAccess", "NoRoot"], "accounts": ["111122223333"]}}, ` +
			`"accounts": {"111122223333": {}}}`},
	},
}

var (
	onOrganization = &walk{statement: (*linter).organization}
	onLevels       = &walk{scenario: (*linter).levels}
)

// organization looks at a statement of a policy of AWS Organizations.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
func (l *linter) organization(st *statement) {
	switch l.typ.Kind {
	case engine.SCP:
		if at := st.At.Member("Principal"); at != nil {
			l.atKey("SCP_SYNTAX_ERROR_PRINCIPAL", at, "a service control policy has no Principal: it applies to the accounts below it", "remove it").
				fix("remove the Principal", remove(at)...)
		}
	case engine.RCP:
		l.resourceControl(st)
	}
}

func (l *linter) resourceControl(st *statement) {
	principal := st.At.Member("Principal")
	switch {
	case st.At.Member("NotPrincipal") != nil:
		// the reader says so
	case principal == nil:
		l.at("RCP_SYNTAX_ERROR_PRINCIPAL", st.At, `the statement has no Principal, and a resource control policy needs "*"`, `add "Principal": "*"`).
			fix(`add "Principal": "*"`, l.insert(st.At, "Principal", `"*"`)...)
	case principal.Kind != jsonpos.String || principal.Text != "*":
		l.at("RCP_SYNTAX_ERROR_PRINCIPAL", principal, `a resource control policy has the Principal "*" only`, `write "*", and a condition on aws:PrincipalArn`)
	}
	if st.Effect == engine.Allow {
		full := principal != nil && principal.Text == "*" && !st.NotAction && !st.NotResource && len(st.Actions) == 1 && everything(st.Actions[0].Value) &&
			len(st.Resources) == 1 && everything(st.Resources[0].Value) && st.At.Member("Condition") == nil
		if e := st.At.Member("Effect"); !full && e != nil && e.Text == "Allow" {
			l.at("RCP_SYNTAX_ERROR_ALLOW", e, "a resource control policy of one's own can only deny", "write Deny; RCPFullAWSAccess does the allowing")
		}
		return
	}
	if st.NotAction {
		l.atKey("RCP_SYNTAX_ERROR_NOTACTION", st.ActionAt, "a resource control policy has no NotAction", "list under Action what is denied")
		return
	}
	for _, a := range st.Actions {
		if prefix, _, ok := strings.Cut(a.Value, ":"); everything(a.Value) {
			l.at("RCP_SYNTAX_ERROR_ACTION", a.At, quote(a.Value)+" names no service, and an action of a resource control policy does", `list services, such as "s3:*"`)
		} else if ok && l.data.uncontrolled(prefix) {
			l.at("RCP_SYNTAX_ERROR_ACTION", a.At, quote(prefix)+" is not among the services that resource control policies apply to", "remove it, or use a service control policy")
		}
	}
	l.controlledConditions(st)
}

// principalKeys tell who calls, and are absent when a service calls as itself.
var principalKeys = []string{"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"}

// controlledConditions finds conditions of a Deny that catch services which
// call as themselves, or miss them.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
func (l *linter) controlledConditions(st *statement) {
	guarded := func(want string) bool {
		for _, i := range st.keys["aws:principalisawsservice"] {
			c := &st.clauses[i]
			if c.Spec.Operator.Type == condition.Bool && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Value, want) {
				return true
			}
		}
		return false
	}
	for _, k := range principalKeys {
		if at := st.keys[k]; len(at) > 0 && !guarded("false") && st.Conditions[at[0]].Spec.Operator.Negated {
			c := &st.Conditions[at[0]]
			l.atKey("RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", c.At, quote(c.Key)+" is not there when a service calls as itself, so that services are denied too", `add "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}`).
				fix("spare services", l.require(st.At, "BoolIfExists", "aws:PrincipalIsAWSService", "false")...)
			break
		}
	}
	for _, k := range sourceKeys {
		at := st.keys[k]
		if len(at) == 0 || st.Conditions[at[0]].Spec.Operator.Type == condition.Null {
			continue
		}
		c := &st.Conditions[at[0]]
		if !guarded("true") {
			l.atKey("RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY", c.At, quote(c.Key)+" is there only when a service calls as itself, and others are denied too", `add "BoolIfExists": {"aws:PrincipalIsAWSService": "true"}`).
				fix("deny services only", l.require(st.At, "BoolIfExists", "aws:PrincipalIsAWSService", "true")...)
		}
		if !st.null("aws:sourceaccount", "false") && !st.null("aws:sourcearn", "false") {
			l.atKey("RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK", c.At, "services that call without a resource have no "+quote(c.Key)+", and are denied", `add "Null": {"aws:SourceAccount": "false"}`).
				fix("spare calls without a source", l.require(st.At, "Null", "aws:SourceAccount", "false")...)
		}
		break
	}
}

// levels finds levels of an organization that allow nothing, and so block all
// below.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func (l *linter) levels(s *engine.Scenario) {
	o := s.Organization
	if o == nil {
		return
	}
	allows := map[string]bool{"FullAWSAccess": true, "RCPFullAWSAccess": true, "unknown": true}
	for _, p := range o.Policies {
		for _, st := range p.Statements {
			allows[p.Name] = allows[p.Name] || st.Effect == engine.Allow
		}
		allows[p.Name] = allows[p.Name] || p.State != engine.Known || p.HasParts()
	}
	level := func(refs []engine.Reference, v *jsonpos.Value, key string) {
		if refs == nil || v == nil {
			return
		}
		for _, ref := range refs {
			if allows[ref.Value] || allows[short(ref.Value)] || strings.HasPrefix(ref.Value, "arn:") {
				return
			}
		}
		at := v.Member(key)
		if at == nil {
			return
		}
		f := l.atKey("SCP_LEVEL_WITHOUT_ALLOW", at,
			"no policy of this level allows anything, which blocks everything below it", "attach FullAWSAccess too")
		if key == "rcps" {
			f.Hint = "attach RCPFullAWSAccess too"
		}
		if at.Kind == jsonpos.Array && !at.Broken {
			name := map[string]string{"scps": "FullAWSAccess", "rcps": "RCPFullAWSAccess"}[key]
			f.fix("attach "+name, l.append(at, name)...)
		}
	}
	visit(o, func(u *engine.Unit) {
		level(u.SCPs, u.At, "scps")
		level(u.RCPs, u.At, "rcps")
	})
}
