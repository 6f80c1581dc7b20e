package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/condition"
)

// providerChecks are the checks of those whom a role trusts through an identity provider.
var providerChecks = []Check{
	{Code: "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", Severity: Error, Tier: 1,
		Title: "text that is no identity provider",
		Why:   "A Federated principal is a domain or the ARN of a provider in the account.",
		by:    [3]*walk{onProviders},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", "Principal": {"Federated": "ExampleIdP"}, ` +
			`"Action": "sts:AssumeRoleWithSAML"}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/ExampleIdP"}, ` +
			`"Action": "sts:AssumeRoleWithSAML"}`},
	},
	{Code: "MISMATCHED_ACTION_FOR_PRINCIPAL", Severity: Error, Tier: 1,
		Title: "action of another kind of provider",
		Why: "Callers of a SAML provider use AssumeRoleWithSAML, those of an OIDC provider " +
			"AssumeRoleWithWebIdentity.",
		by: [3]*walk{onProviders}, lack: inPrincipal,
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/ExampleIdP"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity"}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/ExampleIdP"}, ` +
			`"Action": "sts:AssumeRoleWithSAML"}`},
	},
	{Code: "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", Severity: Error, Tier: 2,
		Title: "Roles Anywhere without all its actions",
		Why:   "IAM Roles Anywhere assumes the role, tags the session and sets its source identity.",
		by:    [3]*walk{onRolesAnywhere}, lack: inAction,
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "rolesanywhere.amazonaws.com"}, "Action": "sts:AssumeRole"}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "rolesanywhere.amazonaws.com"}, "Action": ["sts:AssumeRole", ` +
			`"sts:SetSourceIdentity", "sts:TagSession"]}`},
	},
	{Code: "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", Severity: SecurityWarning, Tier: 2,
		Title: "ForAnyValue on a single audience",
		Why:   "The audience of these providers is a single value.",
		by:    [3]*walk{onProviders},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity", ` +
			`"Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:example/app:ref:refs/heads/main"}, ` +
			`"ForAnyValue:StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity", ` +
			`"Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:example/app:ref:refs/heads/main"}}}`},
	},
	{Code: "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", Severity: SecurityWarning, Tier: 1,
		Title: "OIDC provider without a condition",
		Why:   "Every account that the provider knows can assume the role.",
		by:    [3]*walk{onProviders},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/login.example.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity"}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/login.example.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity", ` +
			`"Condition": {"StringEquals": {"login.example.com:aud": "app"}}}`},
	},
	{Code: "MISSING_GITHUB_REPO_CONDITION_KEY", Severity: SecurityWarning, Tier: 1,
		Title: "GitHub without a repository",
		Why:   "Every workflow of every repository on GitHub can assume the role.",
		by:    [3]*walk{onProviders},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity", ` +
			`"Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity", ` +
			`"Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:example/app:ref:refs/heads/main"}}}`},
	},
	{Code: "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", Severity: Warning, Tier: 2,
		Title: "wildcard for GitHub repositories",
		Why:   "Every repository that fits can assume the role.",
		by:    [3]*walk{onProviders},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity", ` +
			`"Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:example/*"}}}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity", ` +
			`"Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:example/app:ref:refs/heads/main"}}}`},
	},
	{Code: "CONFIRM_AUDIENCE_CLAIM_TYPE", Severity: Suggestion, Tier: 2,
		Title: "set operator on an audience",
		Why:   "Most providers give a single audience, on which a set operator opens a gap.",
		by:    [3]*walk{onProviders},
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/login.example.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity", ` +
			`"Condition": {"ForAnyValue:StringEquals": {"login.example.com:aud": "app"}}}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/login.example.com"}, ` +
			`"Action": "sts:AssumeRoleWithWebIdentity", ` +
			`"Condition": {"StringEquals": {"login.example.com:aud": "app"}}}`},
	},
}

var (
	onProviders     = &walk{statement: (*linter).providers}
	onRolesAnywhere = &walk{statement: (*linter).rolesAnywhere}
)

const github = "token.actions.githubusercontent.com"

// builtIn are the providers that IAM knows without an ARN.
var builtIn = []string{"accounts.google.com", "cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com"}

// providers looks at the identity providers that a statement of a trust policy names.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
func (l *linter) providers(st *statement) {
	if l.typ.Kind != engine.TrustPolicy || st.Principal == nil {
		return
	}
	web := st.Effect == engine.Allow && st.reaches("sts:assumerolewithwebidentity")
	var compared [2]bool // with the actions: a provider of OIDC, and one of SAML
	hosts := map[string]bool{}
	for _, v := range st.Principal.Values {
		if v.Type != "Federated" || wild(v.Value) || strings.Contains(v.Value, "${") {
			continue // the reader says so
		}
		host, saml, ok := provider(v.Value)
		if !ok {
			l.at("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", v.At,
				quote(v.Value)+" is not an identity provider, expected a domain or the ARN of a provider",
				"write arn:aws:iam::ACCOUNT:oidc-provider/HOST or arn:aws:iam::ACCOUNT:saml-provider/NAME")
			continue
		}
		kind := 0
		if saml {
			kind = 1
		}
		if !compared[kind] {
			compared[kind] = true
			l.providerActions(st, v, saml)
		}
		if web && host != "" {
			l.claims(st, v, host)
			if !hosts[host] {
				hosts[host] = true
				l.audience(st, host)
			}
		}
	}
}

// provider is the host of an OIDC provider, or "", and whether a text names one of
// SAML; ok is false when it names no provider.
func provider(text string) (host string, saml, ok bool) {
	if a, ok := arn.Parse(text); ok && a.Service == "iam" && isAccount(a.Account) {
		saml = strings.HasPrefix(a.Resource, "saml-provider/")
		if name, ok := strings.CutPrefix(a.Resource, "oidc-provider/"); ok {
			host = name
		}
	}
	if contains(builtIn, text) {
		host = text
	}
	return host, saml, host != "" || saml || strings.Contains(text, ".") && !strings.ContainsAny(text, ":/ ")
}

// providerActions finds actions that callers of a provider do not use.
func (l *linter) providerActions(st *statement, v engine.PrincipalValue, saml bool) {
	wrong, right := "sts:assumerolewithsaml", "sts:AssumeRoleWithWebIdentity"
	if saml {
		wrong, right = "sts:assumerolewithwebidentity", "sts:AssumeRoleWithSAML"
	}
	only := onlyFederated(st)
	mend := only && !lists(st.Actions, right)
	for i := range st.actions {
		text, literal := st.actions[i].Literal()
		if st.NotAction || !literal || text != wrong && !(text == "sts:assumerole" && only) {
			continue
		}
		at := st.Actions[i].At
		f := l.at("MISMATCHED_ACTION_FOR_PRINCIPAL", at,
			quote(st.Actions[i].Value)+" is not what callers of "+quote(v.Value)+" use, expected "+right,
			"write "+right)
		if mend {
			f.fix("write "+right, replaceText(at, right)...)
		}
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

// claims finds a provider that is trusted without a condition on the claims of its tokens.
func (l *linter) claims(st *statement, v engine.PrincipalValue, host string) {
	of := strings.ToLower(host) + ":"
	if host == github && !st.has(of+"sub") {
		l.at("MISSING_GITHUB_REPO_CONDITION_KEY", v.At,
			"every repository on GitHub is trusted: there is no condition on "+host+":sub",
			`add StringLike on `+host+`:sub, such as "repo:ORGANIZATION/REPOSITORY:ref:refs/heads/main"`)
		return
	}
	if !l.spend(len(st.clauses)) {
		return
	}
	for i := range st.clauses {
		if strings.HasPrefix(st.clauses[i].lower, of) {
			return
		}
	}
	l.at("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", v.At,
		"every caller whom "+quote(host)+" knows is trusted: there is no condition on its claims",
		"add a condition on "+host+":aud, :sub or another claim")
}

// audience looks at the conditions on the claims of an OIDC provider's tokens.
func (l *linter) audience(st *statement, host string) {
	of := strings.ToLower(host) + ":"
	if host == github {
		for _, i := range st.keys[of+"sub"] {
			for _, t := range st.Conditions[i].Values {
				l.repository(&st.Conditions[i], t)
			}
		}
	}
	known := host == github || contains(builtIn, host)
	for _, i := range st.keys[of+"aud"] {
		c := &st.Conditions[i]
		switch {
		case c.Spec.Set == condition.NoSet:
		case known && c.Spec.Set == condition.ForAnyValue:
			l.atKey("FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", c.At,
				quote(c.Key)+" has a single value, and stands under "+quote(c.Spec.String()),
				"leave out ForAnyValue:").
				fix("remove ForAnyValue", l.moveKey(c.At, strings.TrimPrefix(c.Spec.String(), "ForAnyValue:"))...)
		default:
			l.atKey("CONFIRM_AUDIENCE_CLAIM_TYPE", c.At,
				quote(c.Key)+" stands under "+quote(c.Spec.String())+": make sure that the provider gives a list "+
					"of audiences", "leave out the set operator if it gives a single one")
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
		l.at("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", t.At,
			quote(t.Value)+" has a wildcard where the organization or the repository stands",
			`write it like "repo:ORGANIZATION/REPOSITORY:ref:refs/heads/main"`)
	}
}

// rolesAnywhere finds trust in IAM Roles Anywhere that lacks an action it needs.
//
// https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
func (l *linter) rolesAnywhere(st *statement) {
	if l.typ.Kind != engine.TrustPolicy || st.Effect == engine.Deny || st.Principal == nil || st.NotAction {
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
		l.atKey("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", st.ActionAt,
			"IAM Roles Anywhere needs "+strings.Join(missing, " and ")+" too", "add what is missing").
			fix("allow all three", replace(st.ActionAt, text)...)
		return
	}
}
