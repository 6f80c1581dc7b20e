package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
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
		case "Federated":
			l.federated(st, v)
		}
	}
	if l.typ.Kind == Trust && p.At.Kind == jsonpos.String && p.At.Text == "*" && st.Effect == engine.Allow {
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
	if l.typ.Kind == Trust && isSession && listed[role] {
		l.at("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", v.At, quote(v.Value)+" is a session of the role "+quote(role)+", which is listed too", "remove the session").
			fix("remove the session", remove(v.At)...)
	}
}

// beside adds a value next to one that may stand alone or in a list.
func (l *linter) beside(v *jsonpos.Value, text string) []Edit {
	if v.Parent != nil && v.Parent.Kind == jsonpos.Array {
		v = v.Parent
	}
	return add(v, text, l.doc)
}

// delegates finds accounts that are named in a policy of one of their own resources.
func (l *linter) delegates(st *statement, v engine.PrincipalValue, account string) {
	if l.typ.Kind != Resource || l.typ.Service == "kms" || st.Effect == engine.Deny || account == "" || account != l.typ.Account {
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
	for i := range st.Conditions {
		c := &st.Conditions[i]
		lower := strings.ToLower(c.Key)
		missing := c.Spec.IfExists || c.Spec.Operator.Negated || c.Spec.Operator.Type == condition.Null || c.Spec.Set == condition.ForAllValues
		switch lower {
		case "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:username":
			if !missing {
				l.atKey("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", c.At, quote(c.Key)+" is not there when a service calls as itself, so that the statement never applies", "use aws:SourceOrgID, aws:SourceAccount or aws:SourceArn")
			}
		}
	}
	if l.typ.Kind != Resource || st.has(sourceKeys...) {
		return
	}
	for _, weak := range []string{"aws:referer", "aws:sourceip", "aws:useragent"} {
		if at := st.keys[weak]; len(at) > 0 {
			c := &st.Conditions[at[0]]
			l.atKey("RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", c.At, quote(c.Key)+" says little about a service that calls as itself", "use aws:SourceArn or aws:SourceAccount")
		}
	}
	if l.typ.Service == "kms" {
		return // a key policy names services through kms:ViaService, or for grants
	}
	l.at("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", st.Principal.Values[0].At, quote(st.Principal.Values[0].Value)+" is let in on behalf of anyone in any account", "add a condition on aws:SourceArn, aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths")
}

const github = "token.actions.githubusercontent.com"

// builtIn are the providers that IAM knows without an ARN.
var builtIn = []string{"accounts.google.com", "cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com"}

// federated looks at one identity provider of a trust policy.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
func (l *linter) federated(st *statement, v engine.PrincipalValue) {
	if l.typ.Kind != Trust || wild(v.Value) || strings.Contains(v.Value, "${") {
		return // the reader says so
	}
	host, saml := "", false
	if a, ok := arn.Parse(v.Value); ok && a.Service == "iam" && isAccount(a.Account) {
		saml = strings.HasPrefix(a.Resource, "saml-provider/")
		if name, ok := strings.CutPrefix(a.Resource, "oidc-provider/"); ok {
			host = name
		}
	}
	for _, b := range builtIn {
		if v.Value == b {
			host = b
		}
	}
	if host == "" && !saml && !(strings.Contains(v.Value, ".") && !strings.ContainsAny(v.Value, ":/ ")) {
		l.at("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", v.At, quote(v.Value)+" is not an identity provider, expected a domain or the ARN of a provider", "write arn:aws:iam::ACCOUNT:oidc-provider/HOST or arn:aws:iam::ACCOUNT:saml-provider/NAME")
		return
	}
	wrong, right := "sts:assumerolewithsaml", "sts:AssumeRoleWithWebIdentity"
	if saml {
		wrong, right = "sts:assumerolewithwebidentity", "sts:AssumeRoleWithSAML"
	}
	for i := range st.actions {
		text, literal := st.actions[i].Literal()
		if st.NotAction || !literal || text != wrong && text != "sts:assumerole" {
			continue
		}
		if text == "sts:assumerole" && !onlyFederated(st) {
			continue
		}
		at := st.Actions[i].At
		f := l.at("MISMATCHED_ACTION_FOR_PRINCIPAL", at, quote(st.Actions[i].Value)+" is not what callers of "+quote(v.Value)+" use, expected "+right, "write "+right)
		if onlyFederated(st) && !lists(st.Actions, right) {
			f.fix("write "+right, replaceText(at, right)...)
		}
	}
	if host != "" && st.Effect == engine.Allow {
		l.claims(st, v, host)
	}
}

// onlyFederated reports whether a statement's principals are all of one provider.
func onlyFederated(st *statement) bool {
	return len(st.Principal.Values) == 1 && st.Principal.Values[0].Type == "Federated"
}

// lists reports whether a list has a text, in any case.
func lists(list []engine.Text, want string) bool {
	for _, t := range list {
		if strings.EqualFold(t.Value, want) {
			return true
		}
	}
	return false
}

// claims looks at the conditions on the claims of an OIDC provider's tokens.
func (l *linter) claims(st *statement, v engine.PrincipalValue, host string) {
	if !st.reaches("sts:assumerolewithwebidentity") {
		return
	}
	sub := strings.ToLower(host) + ":sub"
	switch {
	case host == github && !st.has(sub):
		l.at("MISSING_GITHUB_REPO_CONDITION_KEY", v.At, "every repository on GitHub is trusted: there is no condition on "+host+":sub", `add StringLike on `+host+`:sub, such as "repo:ORGANIZATION/REPOSITORY:ref:refs/heads/main"`)
	case !st.hasPrefix(strings.ToLower(host) + ":"):
		l.at("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", v.At, "every caller whom "+quote(host)+" knows is trusted: there is no condition on its claims", "add a condition on "+host+":aud, :sub or another claim")
	}
	if host == github {
		for _, i := range st.keys[sub] {
			for _, t := range st.Conditions[i].Values {
				l.repository(&st.Conditions[i], t)
			}
		}
	}
	for _, i := range st.keys[strings.ToLower(host)+":aud"] {
		c := &st.Conditions[i]
		known := host == github
		for _, b := range builtIn {
			known = known || b == host
		}
		switch {
		case c.Spec.Set == condition.NoSet:
		case known && c.Spec.Set == condition.ForAnyValue:
			l.atKey("FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", c.At, quote(c.Key)+" has a single value, and stands under "+quote(c.Spec.String()), "leave out ForAnyValue:").
				fix("remove ForAnyValue", moveKey(c.At, strings.TrimPrefix(c.Spec.String(), "ForAnyValue:"), l.doc)...)
		default:
			l.atKey("CONFIRM_AUDIENCE_CLAIM_TYPE", c.At, quote(c.Key)+" stands under "+quote(c.Spec.String())+": make sure that the provider gives a list of audiences", "leave out the set operator if it gives a single one")
		}
	}
}

// repository looks at one value for GitHub's sub, "repo:ORGANIZATION/REPOSITORY:…".
func (l *linter) repository(c *engine.Condition, t engine.Text) {
	if !c.Spec.Operator.Like || c.Spec.Operator.Negated {
		return
	}
	rest, isRepo := strings.CutPrefix(t.Value, "repo:")
	repository, _, whole := strings.Cut(rest, ":")
	if wild(t.Value) && (!isRepo && wild(t.Value[:min(5, len(t.Value))]) || isRepo && (wild(repository) || !whole)) {
		l.at("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", t.At, quote(t.Value)+" has a wildcard where the organization or the repository stands", `write it like "repo:ORGANIZATION/REPOSITORY:ref:refs/heads/main"`)
	}
}

// keyPolicy finds a key policy that no account can manage through its IAM policies.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (l *linter) keyPolicy() {
	if l.typ.Kind != Resource || l.typ.Service != "kms" || len(l.statements) == 0 {
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

// rolesAnywhere finds trust in IAM Roles Anywhere that lacks an action it needs.
//
// https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
func (l *linter) rolesAnywhere(st *statement) {
	if l.typ.Kind != Trust || st.Effect == engine.Deny || st.Principal == nil || st.NotAction {
		return
	}
	for _, v := range st.Principal.Values {
		if v.Value != "rolesanywhere.amazonaws.com" {
			continue
		}
		var missing []string
		for _, a := range []string{"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"} {
			if !st.reaches(strings.ToLower(a)) {
				missing = append(missing, a)
			}
		}
		if len(missing) == 0 || st.ActionAt == nil {
			return
		}
		text := `["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]`
		l.atKey("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", st.ActionAt, "IAM Roles Anywhere needs "+strings.Join(missing, " and ")+" too", "add what is missing").
			fix("allow all three", replace(st.ActionAt, text)...)
	}
}
