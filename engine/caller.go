package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/trace"
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
	// untrusted says that code on a resource has no credentials, since its role
	// does not trust the service that runs it. admission stands for a trust
	// policy of which nobody knows whether it does; nil otherwise.
	untrusted bool
	admission *policy
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
		out = append(out, (&Account{ID: c.Account, Partition: c.partition}).RootARN())
	}
	return out
}

// builtInProviders are the OIDC providers that IAM knows by name.
var builtInProviders = []string{"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"}

// refusal says why a principal cannot send requests: in words, or as a
// reference to a kind of thing that the document does not have.
type refusal struct {
	code, message, hint string
	kind, name          string
	known               func() []string
	// unnamed says that the text is no name of a caller, perhaps one of a user.
	unnamed bool
}

func refuse(code, message, hint string) *refusal {
	return &refusal{code: code, message: message, hint: hint}
}

// report adds a refusal to the world's findings.
func (w *World) report(r *refusal, t Text) {
	switch {
	case r.unnamed:
		if !w.reader.passed(Error, t.At.Start) {
			w.report(w.unnamed(t.Value), t)
		}
	case r.kind != "":
		w.dangling(Text{r.name, t.At}, r.kind, r.known, r.hint)
	case r.code != "":
		w.reader.add(Error, r.code, t.At, r.message, r.hint)
	}
}

// account is the account of a partition and ID that the document describes; nil
// when there is none. ARNs of another partition are those of strangers.
func (w *World) account(partition, id string) *Account {
	if a := w.directory.accounts[id]; a != nil && a.Partition == partition {
		return a
	}
	return nil
}

// caller resolves the principal of a request. Without a caller the refusal says
// why; one that is empty says that the reason was reported elsewhere.
func (w *World) caller(text string) (*Caller, *refusal) {
	switch {
	case text == "":
		return nil, &refusal{} // reported as missing, or as no string
	case text == "anonymous":
		return &Caller{Kind: AnonymousCaller, ARN: "anonymous"}, nil
	case text == "*":
		return nil, refuse("INVALID_PRINCIPAL", `"*" is not a caller, expected one principal`,
			`for a request without credentials write "anonymous"`)
	case slices.Contains(builtInProviders, text):
		return &Caller{Kind: ProviderCaller, ARN: text}, nil
	case !strings.HasPrefix(text, "arn:"):
		return w.callerByName(text)
	}
	a, valid := arn.Parse(text)
	if !valid {
		return nil, refuse("INVALID_PRINCIPAL",
			quote(text)+" is not an ARN, expected arn:partition:service:region:account:resource", "")
	}
	account := w.account(a.Partition, a.Account)
	c := &Caller{ARN: text, Account: a.Account, Described: account != nil, partition: a.Partition}
	kind, name, _ := strings.Cut(a.Resource, "/")
	switch {
	case a.Service == "iam" && a.Resource == "root":
		c.Kind = RootCaller
		return c, nil
	case a.Service == "iam" && kind == "user":
		c.Kind, c.User = UserCaller, text
		if c.identity = w.users[text]; c.identity == nil && account != nil {
			return nil, &refusal{kind: "user of account " + account.ID, name: text,
				known: names(account.Users, account.UserARN)}
		}
		return c, nil
	case a.Service == "iam" && kind == "role":
		short := name[strings.LastIndexByte(name, '/')+1:]
		return nil, refuse("ROLE_AS_CALLER",
			quote(text)+" is a role, and a role itself sends no requests: a session of it does",
			"write arn:"+a.Partition+":sts::"+a.Account+":assumed-role/"+short+"/SESSION with a session name of your choice")
	case a.Service == "iam" && kind == "group":
		return nil, refuse("GROUP_AS_CALLER", quote(text)+" is a group, and a group sends no requests: its users do",
			"name one of its users")
	case a.Service == "iam" && (kind == "oidc-provider" || kind == "saml-provider"):
		c.Kind, c.Account, c.Described = ProviderCaller, "", false
		return c, nil
	case a.Service == "sts" && kind == "assumed-role":
		role, session, found := strings.Cut(name, "/")
		if !found || role == "" || session == "" {
			return nil, refuse("INVALID_PRINCIPAL", quote(text)+" lacks a session name",
				"write …:assumed-role/ROLE/SESSION")
		}
		return w.roleSession(c, account, role, session)
	case a.Service == "sts" && kind == "federated-user" && name != "":
		return w.federatedUser(c, account, name)
	}
	// A resource that runs code.
	if res, owner := w.directory.resource(text); res != nil {
		return w.running(a, res, owner)
	}
	return nil, refuse("DANGLING_REFERENCE", quote(text)+" is neither a principal nor a resource of the document",
		"name a user, a role session, a service, or a resource that runs code with its role")
}

// callerByName resolves a principal that is no ARN: a service, or a provider.
func (w *World) callerByName(text string) (*Caller, *refusal) {
	if isAccountID(text) {
		return nil, refuse("INVALID_PRINCIPAL", quote(text)+" is an account, and an account sends no requests",
			"for its root user write "+(&Account{ID: text, Partition: defaultPartition}).RootARN())
	}
	if strings.HasSuffix(text, ".amazonaws.com") || strings.HasSuffix(text, ".amazonaws.com.cn") {
		return &Caller{Kind: ServiceCaller, ARN: text}, nil
	}
	if strings.Contains(text, ".") && !strings.ContainsAny(text, " /:") {
		return &Caller{Kind: ProviderCaller, ARN: text}, nil
	}
	return nil, &refusal{unnamed: true}
}

// unnamed is the refusal of a text that is no name of a caller.
func (w *World) unnamed(text string) *refusal {
	for _, a := range w.Scenario.Accounts {
		for _, u := range a.Users {
			if u.Name == text {
				return refuse("INVALID_PRINCIPAL", quote(text)+" is not an ARN, expected the ARN of a principal",
					"did you mean "+a.UserARN(u)+"?")
			}
		}
	}
	return refuse("INVALID_PRINCIPAL", quote(text)+" is not a principal",
		`expected the ARN of a user, role session, federated user or root user, a service such as ec2.amazonaws.com, or "anonymous"`)
}

// federatedUser resolves a federated user's session by its name.
func (w *World) federatedUser(c *Caller, account *Account, name string) (*Caller, *refusal) {
	c.Kind, c.Session = FederatedUserCaller, name
	if account == nil {
		return c, nil
	}
	if f, ok := w.directory.federations[place{account, name}]; ok {
		c.User = account.UserARN(f.user)
		c.identity, c.session = w.users[c.User], f.session
		return c, nil
	}
	return nil, &refusal{kind: "federated user of account " + account.ID, name: name,
		hint: "add it under federations of the user who calls GetFederationToken"}
}

// roleSession resolves a session of a role by the role's name.
func (w *World) roleSession(c *Caller, account *Account, role, session string) (*Caller, *refusal) {
	c.Kind, c.Session = RoleSessionCaller, session
	stranger := Account{ID: c.Account, Partition: c.partition}
	c.Role, c.rolePathUnknown = stranger.RoleARN(&Role{Name: role, Path: "/"}), true
	if account == nil {
		return c, nil
	}
	if r := w.directory.roles[place{account, role}]; r != nil {
		c.Role, c.rolePathUnknown = account.RoleARN(r), false
		c.identity = w.roles[c.Role]
		c.serviceLinked = c.identity.serviceLinked
		c.session = w.directory.sessions[sessionPlace{r, session}]
		return c, nil
	}
	return nil, &refusal{kind: "role of account " + account.ID, name: role,
		known: names(account.Roles, func(r *Role) string { return r.Name })}
}

// running resolves code that runs on a resource: it has the credentials of
// the resource's role if the role trusts the service that runs the code, or none.
func (w *World) running(a arn.ARN, res *Resource, owner *Account) (*Caller, *refusal) {
	c := &Caller{Account: owner.ID, Described: true, partition: owner.Partition, Origin: res.ARN}
	if res.Role == nil {
		c.Kind, c.ARN = NoCaller, res.ARN
		return c, nil
	}
	id := w.roleNamed(owner, res.Role.Value)
	if id == nil {
		return nil, &refusal{} // reported with the resource
	}
	switch admitted := w.admissions[res]; admitted.outcome {
	case trace.No:
		c.Kind, c.ARN, c.untrusted = NoCaller, res.ARN, true
		return c, nil
	case trace.Unknown:
		c.admission = admitted.policy
	}
	session := a.Resource
	if i := strings.LastIndexAny(session, "/:"); i >= 0 {
		session = session[i+1:]
	}
	c.ARN = owner.SessionARN(id.role, session)
	return w.roleSession(c, owner, id.role.Name, session)
}
