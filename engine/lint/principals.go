package lint

import (
	"github.com/iam-playground/iam-playground/engine/spell"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// principalChecks are the checks of Principal and NotPrincipal.
var principalChecks = []Check{
	{Code: "FEDERATED_PRINCIPAL_NOT_SUPPORTED", Severity: Error, Tier: 1,
		Title: "identity provider outside a trust policy",
		Why:   "Federated callers assume a role, and the role is the principal.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "accounts.google.com"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "GROUP_AS_PRINCIPAL", Severity: Error, Tier: 1, Own: true,
		Page:  "reference_policies_elements_principal.html",
		Title: "group as a principal",
		Why:   "A group holds policies; it never signs a request.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:group/auditors"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_PRINCIPAL_FORMAT", Severity: Error, Tier: 1,
		Title: "text that is no principal",
		Why:   `A Principal is "*" or an object such as {"AWS": "arn:…"}.`,
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": "arn:aws:iam::111122223333:role/audit", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_PRINCIPAL_KEY", Severity: Error, Tier: 1,
		Title: "unknown type of principal",
		Why:   "Principals are listed under AWS, Service, Federated or CanonicalUser.",
		by:    [3]*walk{reading}, mend: mendPrincipalType,
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"aws": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_SERVICE_PRINCIPAL_FORMAT", Severity: Error, Tier: 2,
		Title: "text that is no service principal",
		Why:   "Services are named like ec2.amazonaws.com.",
		by:    [3]*walk{reading, onPrincipals, onNetworks},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", "Principal": {"Service": "ec2.aws.com"}, ` +
			`"Action": "sts:AssumeRole"}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}`},
	},
	{Code: "MISSING_PRINCIPAL", Severity: Error, Tier: 1,
		Title: "no Principal",
		Why:   "A resource-based policy must say whom it is about.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", Severity: Error, Tier: 1,
		Title: "NotPrincipal in a trust policy",
		Why:   "A trust policy lists whom the role trusts.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, ` +
			`"Action": "sts:AssumeRole"}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}, "Action": "sts:AssumeRole"}`},
	},
	{Code: "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Severity: Error, Tier: 1,
		Title: "everyone in a trust policy",
		Why:   "A role trusts those whom it names.",
		by:    [3]*walk{onPrincipals},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", "Principal": "*", ` +
			`"Action": "sts:AssumeRole"}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}, "Action": "sts:AssumeRole"}`},
	},
	{Code: "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", Severity: Error, Tier: 2,
		Title: "principal key for a service",
		Why: "A service that calls as itself has no account or organization of its own: aws:SourceAccount and " +
			"aws:SourceOrgID tell for whom it acts.",
		by: [3]*walk{onPrincipals}, lack: inPrincipal,
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example123"}}}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:SourceOrgID": "o-example123"}}}`},
		Also: []string{"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"},
	},
	{Code: "UNSUPPORTED_PRINCIPAL", Severity: Error, Tier: 1,
		Title: "Principal where there is none",
		Why:   "An identity-based policy is about those whom it is attached to.",
		by:    [3]*walk{reading}, mend: mendByRemoval,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Severity: Error, Tier: 1,
		Title: "wildcard in a principal",
		Why:   `A principal is named whole; "*" alone means everyone.`,
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "ALLOW_WITH_NOT_PRINCIPAL", Severity: SecurityWarning, Tier: 1,
		Title: "Allow with NotPrincipal",
		Why:   "It lets in everyone who is not listed, strangers and unsigned requests included.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", Severity: SecurityWarning, Tier: 1,
		Title: "service principal without a source",
		Why:   "The service acts for all its customers: without a source anyone can make it use this resource.",
		by:    [3]*walk{onPrincipals}, lack: inPrincipal,
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`},
	},
	{Code: "INVALID_ROLE_REFERENCE", Severity: Warning, Tier: 1,
		Title: "unique ID of a role as a principal",
		Why:   "IAM puts the ID in the place of an ARN when the role is deleted: the statement names nobody.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "AROAEXAMPLE1234567890"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_USER_REFERENCE", Severity: Warning, Tier: 1,
		Title: "unique ID of a user as a principal",
		Why:   "IAM puts the ID in the place of an ARN when the user is deleted: the statement names nobody.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "AIDAEXAMPLE1234567890"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "KMS_NO_ACCOUNT_STATEMENT", Severity: Warning, Tier: 1, Own: true,
		Page:  "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
		Title: "key policy without the account",
		Why: "Unless the key policy names the account, IAM policies grant nothing on the key, and it can become " +
			"unmanageable.",
		by: [3]*walk{onKeyPolicy}, lack: inPolicy,
		Bad: Sample{Type: "resource:kms", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "kms:*", "Resource": "*"}`},
		Good: Sample{Type: "resource:kms", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`},
	},
	{Code: "NOTPRINCIPAL_BOUNDARY", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_notprincipal.html",
		Title: "NotPrincipal and permissions boundaries",
		Why:   "Users and roles with a permissions boundary are denied even when they are listed.",
		by:    [3]*walk{onPrincipals},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Deny", ` +
			`"NotPrincipal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:role/audit"]}, ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Deny", "Principal": "*", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/audit"}}}`},
	},
	{Code: "NOTPRINCIPAL_CHAIN", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_notprincipal.html",
		Title: "NotPrincipal without the account or role",
		Why:   "A caller is spared only if its account, and for a session its role, is listed as well.",
		by:    [3]*walk{onPrincipals}, lack: inPrincipal,
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Deny", ` +
			`"NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:role/audit"]}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Deny", "Principal": "*", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/audit"}}}`},
		Also: []string{"NOTPRINCIPAL_BOUNDARY"},
	},
	{Code: "ACCOUNT_PRINCIPAL_DELEGATES", Severity: Suggestion, Tier: 1, Own: true,
		Page:  "reference_policies_elements_principal.html#principal-accounts",
		Title: "resource's own account as a principal",
		Why:   "Naming the account grants nothing by itself: identity-based policies still have to.",
		by:    [3]*walk{onPrincipals},
		Bad: Sample{Type: "scenario", Text: `{"version": 1, ` +
			`"accounts": {"111122223333": {"resources": {"arn:aws:s3:::reports": {"policy": {"Version": "2012-10-17", ` +
			`"Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}]}}}}}}`},
		Good: Sample{Type: "scenario", Text: `{"version": 1, ` +
			`"accounts": {"111122223333": {"resources": {"arn:aws:s3:::reports": {"policy": {"Version": "2012-10-17", ` +
			`"Statement": [{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}]}}}}}}`},
	},
	{Code: "EMPTY_ARRAY_PRINCIPAL", Severity: Suggestion, Tier: 1,
		Title: "no principal listed",
		Why:   "The statement is about nobody.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", "Principal": {"AWS": []}, ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "EMPTY_OBJECT_PRINCIPAL", Severity: Suggestion, Tier: 1,
		Title: "empty Principal",
		Why:   "The statement is about nobody.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", "Principal": {}, ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", Severity: Suggestion, Tier: 2,
		Title: "weak condition for a service",
		Why:   "aws:SourceArn and aws:SourceAccount tell for whom a service acts.",
		by:    [3]*walk{onPrincipals}, lack: inPrincipal,
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:Referer": "111122223333"}}}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`},
		Also: []string{"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "UNTRUSTWORTHY_CONDITION_KEY"},
	},
	{Code: "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", Severity: Suggestion, Tier: 1,
		Title: "session next to its role",
		Why:   "The role stands for all its sessions.",
		by:    [3]*walk{onPrincipals},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": ["arn:aws:iam::111122223333:role/deploy", ` +
			`"arn:aws:sts::111122223333:assumed-role/deploy/ann"]}, "Action": "sts:AssumeRole"}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}, "Action": "sts:AssumeRole"}`},
	},
}

var (
	onPrincipals = &walk{statement: (*linter).principals}
	onKeyPolicy  = &walk{policy: (*linter).keyPolicy}
)

// The keys that tell on whose behalf a service calls.
var sourceKeys = []string{"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}

// principals looks at the Principal or NotPrincipal of a statement.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (l *linter) principals(st *statement) {
	p := st.Principal
	if p == nil {
		return
	}
	listed := map[string]bool{}
	for _, v := range p.Values {
		listed[v.Value] = true
	}
	onlyServices := len(p.Values) > 0
	for _, v := range p.Values {
		onlyServices = onlyServices && v.Type == "Service"
		switch v.Type {
		case "AWS":
			l.awsPrincipal(st, v, listed)
		case "Service":
			l.servicePrincipal(v)
		}
	}
	if l.typ.Kind == engine.TrustPolicy && p.At.Kind == jsonpos.String && p.At.Text == "*" &&
		st.Effect == engine.Allow {
		l.at("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", p.At, `the Principal is "*", expected those whom the role trusts`, "name accounts, users, roles or services")
	}
	if st.NotPrincipal && st.Effect == engine.Deny {
		l.atKey("NOTPRINCIPAL_BOUNDARY", p.At, "NotPrincipal with Deny denies every user and role with a permissions boundary, listed or not", `write "Principal": "*" and ArnNotEquals on aws:PrincipalArn`)
	}
	if onlyServices && st.Effect == engine.Allow {
		l.serviceConditions(st)
	}
}

// awsPrincipal looks at one value of AWS.
func (l *linter) awsPrincipal(st *statement, v engine.PrincipalValue, listed map[string]bool) {
	a, ok := arn.Parse(v.Value)
	if !ok {
		if isAccount(v.Value) {
			l.delegates(st, v, v.Value)
		}
		return
	}
	if a.Account != "" && !isAccount(a.Account) && !wild(v.Value) && (a.Service == "iam" || a.Service == "sts") {
		l.at("INVALID_ARN_ACCOUNT", v.At, "the account of "+quote(v.Value)+" is "+quote(a.Account)+", expected 12 digits", "write the 12 digits without hyphens")
		return
	}
	root := "arn:" + a.Partition + ":iam::" + a.Account + ":root"
	if a.Resource == "root" {
		l.delegates(st, v, a.Account)
		return
	}
	role, isSession := "", false
	if rest, ok := strings.CutPrefix(a.Resource, "assumed-role/"); ok {
		name, _, _ := strings.Cut(rest, "/")
		role, isSession = "arn:"+a.Partition+":iam::"+a.Account+":role/"+name, true
	}
	if st.NotPrincipal && st.Effect == engine.Deny {
		missing := ""
		switch {
		case isSession && !listed[role]:
			missing = role
		case !listed[root] && !listed[a.Account]:
			missing = root
		}
		if missing != "" {
			l.at("NOTPRINCIPAL_CHAIN", v.At, quote(v.Value)+" is spared only if all that AWS knows its caller by is listed, and "+quote(missing)+" is not", "list "+missing+" too").
				fix("list "+missing+" too", l.beside(v.At, missing)...)
		}
	}
	if l.typ.Kind == engine.TrustPolicy && isSession && listed[role] {
		l.at("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", v.At, quote(v.Value)+" is a session of the role "+quote(role)+", which is listed too", "remove the session").
			fix("remove the session", remove(v.At)...)
	}
}

// beside adds a value next to one that may stand alone or in a list.
func (e *editor) beside(v *jsonpos.Value, text string) []Edit {
	if v.Parent != nil && v.Parent.Kind == jsonpos.Array {
		v = v.Parent
	}
	return e.append(v, text)
}

// delegates finds accounts that are named in a policy of one of their own resources.
func (l *linter) delegates(st *statement, v engine.PrincipalValue, account string) {
	if l.typ.Kind != engine.ResourcePolicy || st.Effect == engine.Deny || account == "" || account != l.typ.Account {
		return
	}
	l.at("ACCOUNT_PRINCIPAL_DELEGATES", v.At, quote(v.Value)+" is the resource's own account: this grants nothing by itself, and leaves it to identity-based policies", "name the users or roles that are meant, or remove it")
}

func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// servicePrincipal looks at the name of one service.
func (l *linter) servicePrincipal(v engine.PrincipalValue) {
	if !strings.Contains(v.Value, ".") || wild(v.Value) {
		return // the reader says so
	}
	for _, domain := range []string{".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal", ".amazonaws.eu"} {
		if name, ok := strings.CutSuffix(v.Value, domain); ok && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == "" {
			return
		}
	}
	l.at("INVALID_SERVICE_PRINCIPAL_FORMAT", v.At, quote(v.Value)+" is not a service principal, expected a name in lower case that ends in .amazonaws.com", "write it like ec2.amazonaws.com")
}

// serviceConditions looks at the conditions of a statement that lets in services only.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (l *linter) serviceConditions(st *statement) {
	for i := range st.clauses {
		c := &st.clauses[i]
		missing := c.Spec.IfExists || c.Spec.Operator.Negated || c.Spec.Operator.Type == condition.Null || c.Spec.Set == condition.ForAllValues
		switch c.lower {
		case "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:username":
			if !missing {
				l.atKey("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", c.At, quote(c.Key)+" is not there when a service calls as itself, so that the statement never applies", "use aws:SourceOrgID, aws:SourceAccount or aws:SourceArn")
			}
		}
	}
	if !l.typ.resource() || st.has(sourceKeys...) {
		return
	}
	for _, weak := range []string{"aws:referer", "aws:sourceip", "aws:useragent"} {
		if at := st.keys[weak]; len(at) > 0 {
			c := &st.Conditions[at[0]]
			l.atKey("RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", c.At, quote(c.Key)+" says little about a service that calls as itself", "use aws:SourceArn or aws:SourceAccount")
		}
	}
	if l.typ.Kind == engine.KeyPolicy {
		return // a key policy names services through kms:ViaService, or for grants
	}
	l.at("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", st.Principal.Values[0].At, quote(st.Principal.Values[0].Value)+" is let in on behalf of anyone in any account", "add a condition on aws:SourceArn, aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths")
}

// keyPolicy finds a key policy that no account can manage through its IAM policies.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (l *linter) keyPolicy() {
	if l.typ.Kind != engine.KeyPolicy || len(l.statements) == 0 {
		return
	}
	for _, st := range l.statements {
		if st.Effect == engine.Deny || st.Principal == nil || st.NotPrincipal {
			continue
		}
		for _, v := range st.Principal.Values {
			a, ok := arn.Parse(v.Value)
			if v.Value == "*" || isAccount(v.Value) || ok && a.Resource == "root" {
				return
			}
		}
	}
	at := l.policy.At.Member("Statement")
	l.atKey("KMS_NO_ACCOUNT_STATEMENT", at, "no statement names an account: IAM policies cannot grant access to this key, and who is named here is all that can ever change that",
		`add a statement that allows kms:* to {"AWS": "arn:aws:iam::ACCOUNT:root"}`)
}

func mendPrincipalType(f *Finding, e *editor, v *jsonpos.Value) {
	if s := spell.Nearest(v.Key, "AWS", "Service", "Federated", "CanonicalUser"); s != "" {
		f.fix("write "+s, e.rename(v, s)...)
	}
}
