package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
)

// CallerKind is what kind of principal sends a request.
type CallerKind uint8

const (
	// NoCaller is code that runs without a role: it has no credentials.
	NoCaller CallerKind = iota
	UserCaller
	RoleSessionCaller
	FederatedUserCaller
	RootCaller
	ServiceCaller
	ProviderCaller
	AnonymousCaller
)

// String is the kind's name in reports.
func (k CallerKind) String() string {
	return [...]string{"none", "user", "roleSession", "federatedUser", "root", "service", "provider", "anonymous"}[k]
}

// Caller is the principal of a request, resolved: the identifiers by which
// policies can name it and the identity whose policies apply.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type Caller struct {
	Kind CallerKind
	// ARN is how AWS's messages name the caller: the ARN of a user, session,
	// federated user or root user; the name of a service or provider.
	ARN string
	// Account is the caller's account ID; "" for services, providers and anonymous callers.
	Account string
	// Described says that the document describes the caller's account.
	Described bool
	// User and Role are the ARNs of the user or role behind the credentials; "" when there is none.
	User, Role string
	// Session is the session's name; "" for callers without a session.
	Session string
	// Origin says where the caller's credentials come from when the request
	// names a resource that runs code; "" otherwise.
	Origin string

	identity *identity
	session  *Session
	// rolePathUnknown says that Role was made from a session ARN, which lacks the path.
	rolePathUnknown bool
	serviceLinked   bool
	partition       string
}

// Identifiers are the names of the caller that policies may list, the most specific first.
func (c *Caller) Identifiers() []string {
	var out []string
	switch c.Kind {
	case UserCaller:
		out = []string{c.User}
	case RoleSessionCaller:
		out = []string{c.ARN, c.Role}
	case FederatedUserCaller:
		out = []string{c.ARN}
		if c.User != "" {
			out = append(out, c.User)
		}
	case ServiceCaller, ProviderCaller:
		return []string{c.ARN}
	}
	if c.Account != "" {
		out = append(out, "arn:"+c.partition+":iam::"+c.Account+":root")
	}
	return out
}

// builtInProviders are the OIDC providers that IAM knows by name.
var builtInProviders = []string{"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"}

// caller resolves the principal of a request. A principal that cannot send a
// request is reported, and ok is false.
func (w *World) caller(t Text) (c *Caller, ok bool) {
	refuse := func(code, message, hint string) (*Caller, bool) {
		w.reader.add(Error, code, t.At, message, hint)
		return nil, false
	}
	text := t.Value
	switch {
	case text == "":
		return nil, false // reported as missing, or as no string
	case text == "anonymous":
		return &Caller{Kind: AnonymousCaller, ARN: "anonymous"}, true
	case text == "*":
		return refuse("INVALID_PRINCIPAL", `"*" is not a caller, expected one principal`, `for a request without credentials write "anonymous"`)
	case slices.Contains(builtInProviders, text):
		return &Caller{Kind: ProviderCaller, ARN: text}, true
	case !strings.HasPrefix(text, "arn:"):
		if isAccountID(text) {
			return refuse("INVALID_PRINCIPAL", quote(text)+" is an account, and an account sends no requests", "for its root user write arn:aws:iam::"+text+":root")
		}
		if strings.HasSuffix(text, ".amazonaws.com") || strings.HasSuffix(text, ".amazonaws.com.cn") {
			return &Caller{Kind: ServiceCaller, ARN: text}, true
		}
		if strings.Contains(text, ".") && !strings.ContainsAny(text, " /:") {
			return &Caller{Kind: ProviderCaller, ARN: text}, true
		}
		if w.reader.passed(Error, t.At.Start) {
			return nil, false
		}
		for _, a := range w.Scenario.Accounts {
			for _, u := range a.Users {
				if u.Name == text {
					return refuse("INVALID_PRINCIPAL", quote(text)+" is not an ARN, expected the ARN of a principal", "did you mean arn:aws:iam::"+a.ID+":user"+u.Path+u.Name+"?")
				}
			}
		}
		return refuse("INVALID_PRINCIPAL", quote(text)+" is not a principal", `expected the ARN of a user, role session, federated user or root user, a service such as ec2.amazonaws.com, or "anonymous"`)
	}
	a, valid := arn.Parse(text)
	if !valid {
		return refuse("INVALID_PRINCIPAL", quote(text)+" is not an ARN, expected arn:partition:service:region:account:resource", "")
	}
	account := w.directory.accounts[a.Account]
	c = &Caller{ARN: text, Account: a.Account, Described: account != nil, partition: a.Partition}
	kind, name, _ := strings.Cut(a.Resource, "/")
	switch {
	case a.Service == "iam" && a.Resource == "root":
		c.Kind = RootCaller
		return c, true
	case a.Service == "iam" && kind == "user":
		c.Kind, c.User = UserCaller, text
		if c.identity = w.users[text]; c.identity == nil && account != nil {
			w.dangling(t, "user of account "+account.ID, names(account.Users, func(u *User) string { return "arn:aws:iam::" + account.ID + ":user" + u.Path + u.Name }), "")
			return c, false
		}
		return c, true
	case a.Service == "iam" && kind == "role":
		short := name[strings.LastIndexByte(name, '/')+1:]
		return refuse("ROLE_AS_CALLER", quote(text)+" is a role, and a role itself sends no requests: a session of it does",
			"write arn:"+a.Partition+":sts::"+a.Account+":assumed-role/"+short+"/SESSION with a session name of your choice")
	case a.Service == "iam" && kind == "group":
		return refuse("GROUP_AS_CALLER", quote(text)+" is a group, and a group sends no requests: its users do", "name one of its users")
	case a.Service == "iam" && (kind == "oidc-provider" || kind == "saml-provider"):
		c.Kind, c.Account, c.Described = ProviderCaller, "", false
		return c, true
	case a.Service == "sts" && kind == "assumed-role":
		role, session, found := strings.Cut(name, "/")
		if !found || role == "" || session == "" {
			return refuse("INVALID_PRINCIPAL", quote(text)+" lacks a session name", "write …:assumed-role/ROLE/SESSION")
		}
		return w.roleSession(c, t, account, role, session)
	case a.Service == "sts" && kind == "federated-user" && name != "":
		c.Kind, c.Session = FederatedUserCaller, name
		if account == nil {
			return c, true
		}
		if f, ok := w.directory.federations[place{account, name}]; ok {
			c.User = "arn:aws:iam::" + account.ID + ":user" + f.user.Path + f.user.Name
			c.identity, c.session = w.users[c.User], f.session
			return c, true
		}
		w.dangling(Text{name, t.At}, "federated user of account "+account.ID, nil, "add it under federations of the user who calls GetFederationToken")
		return c, false
	}
	// A resource that runs code.
	if res, owner := w.directory.resource(text); res != nil {
		return w.running(t, a, res, owner)
	}
	return refuse("DANGLING_REFERENCE", quote(text)+" is neither a principal nor a resource of the document", "name a user, a role session, a service, or a resource that runs code with its role")
}

// roleSession resolves a session of a role by the role's name.
func (w *World) roleSession(c *Caller, t Text, account *Account, role, session string) (*Caller, bool) {
	c.Kind, c.Session = RoleSessionCaller, session
	c.Role, c.rolePathUnknown = "arn:"+c.partition+":iam::"+c.Account+":role/"+role, true
	if account == nil {
		return c, true
	}
	if r := w.directory.roles[place{account, role}]; r != nil {
		c.Role, c.rolePathUnknown = "arn:aws:iam::"+account.ID+":role"+r.Path+r.Name, false
		c.identity = w.roles[c.Role]
		c.serviceLinked = c.identity.serviceLd
		c.session = w.directory.sessions[sessionPlace{r, session}]
		return c, true
	}
	w.dangling(Text{role, t.At}, "role of account "+account.ID, names(account.Roles, func(r *Role) string { return r.Name }), "")
	return c, false
}

// running resolves code that runs on a resource: it has the credentials of
// the resource's role, or none.
func (w *World) running(t Text, a arn.ARN, res *Resource, owner *Account) (*Caller, bool) {
	c := &Caller{Account: owner.ID, Described: true, partition: a.Partition, Origin: res.ARN}
	if res.Role == nil {
		c.Kind, c.ARN = NoCaller, res.ARN
		return c, true
	}
	id := w.roleNamed(owner, res.Role.Value)
	if id == nil {
		return c, false // reported with the resource
	}
	session := a.Resource
	if i := strings.LastIndexAny(session, "/:"); i >= 0 {
		session = session[i+1:]
	}
	c.ARN = "arn:" + a.Partition + ":sts::" + owner.ID + ":assumed-role/" + id.role.Name + "/" + session
	return w.roleSession(c, t, owner, id.role.Name, session)
}
