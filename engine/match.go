package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// class is how a resource policy's Allow names the caller. It decides what the
// Allow overrides in the caller's own account.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type class uint8

const (
	classAccount class = iota // only delegates
	classRole
	classFederating // the user who federated the caller
	classUser
	classSession   // a role session or federated user by its own ARN
	classEveryone  // "*"
	classService   // a service, or an identity provider
	classCanonical // the account of an S3 canonical ID, which we cannot tell
	classes
)

// principal is one value of a Principal element, made ready.
type principal struct {
	source PrincipalValue
	kind   principalKind
	text   string // account ID, ARN, service or provider
	// partition is that of an account named by ARN; "" for a bare ID.
	partition string
}

type principalKind uint8

const (
	principalOther principalKind = iota
	principalEveryone
	principalAccount
	principalUser
	principalRole
	principalSession
	principalFederatedUser
	principalService
	principalProvider
)

func newPrincipal(v PrincipalValue) principal {
	p := principal{source: v, text: v.Value}
	switch v.Type {
	case "*":
		p.kind = principalEveryone
	case "Service":
		p.kind = principalService
	case "Federated":
		p.kind = principalProvider
	case "AWS":
		a, ok := arn.Parse(v.Value)
		switch {
		case v.Value == "*":
			p.kind = principalEveryone
		case isAccountID(v.Value):
			p.kind = principalAccount
		case !ok:
		case a.Resource == "root":
			p.kind, p.text, p.partition = principalAccount, a.Account, a.Partition
		case strings.HasPrefix(a.Resource, "user/"):
			p.kind = principalUser
		case strings.HasPrefix(a.Resource, "role/"):
			p.kind = principalRole
		case strings.HasPrefix(a.Resource, "assumed-role/"):
			p.kind = principalSession
		case strings.HasPrefix(a.Resource, "federated-user/"):
			p.kind = principalFederatedUser
		}
	}
	return p
}

// names reports whether the value names the caller, and how.
func (p *principal) names(c *Caller) (class, bool) {
	switch p.kind {
	case principalEveryone:
		return classEveryone, true
	case principalAccount:
		return classAccount, c.Account != "" && c.Account == p.text &&
			(p.partition == "" || p.partition == c.partition)
	case principalUser:
		if c.Kind == FederatedUserCaller {
			return classFederating, c.User == p.text
		}
		return classUser, c.Kind == UserCaller && c.User == p.text
	case principalRole:
		if c.Kind != RoleSessionCaller {
			return classRole, false
		}
		if c.rolePathUnknown {
			return classRole, sameRoleName(c.Role, p.text)
		}
		return classRole, c.Role == p.text
	case principalSession:
		return classSession, c.Kind == RoleSessionCaller && c.ARN == p.text
	case principalFederatedUser:
		return classSession, c.Kind == FederatedUserCaller && c.ARN == p.text
	case principalService:
		return classService, c.Kind == ServiceCaller && c.ARN == p.text
	case principalProvider:
		return classService, c.Kind == ProviderCaller && c.ARN == p.text
	}
	return classCanonical, false
}

// sameRoleName compares role ARNs but for the path: a session's ARN lacks it.
func sameRoleName(a, b string) bool {
	i, j := strings.IndexByte(a, '/'), strings.IndexByte(b, '/')
	return i > 0 && j > 0 && a[:i] == b[:j] && a[strings.LastIndexByte(a, '/'):] == b[strings.LastIndexByte(b, '/'):]
}

// principals matches the Principal or NotPrincipal of a statement. A statement
// without one matches whoever the policy is attached to.
func (q *Query) principals(s *statement) (trace.Outcome, class) {
	if s.source.Principal == nil {
		return trace.Yes, classEveryone
	}
	if s.source.NotPrincipal {
		return q.notPrincipal(s), classEveryone
	}
	best, found := classAccount, false
	for i := range s.principals {
		if k, ok := s.principals[i].names(&q.Caller); ok && (!found || k > best) {
			best, found = k, true
		}
	}
	out := trace.Of(found)
	for _, x := range s.parts {
		if x.place != partOfPrincipal {
			continue
		}
		named, k := q.namesCaller(x)
		if named > out || named == out && named != trace.No && k > best {
			best = k
		}
		out = max(out, named)
	}
	return out, best
}

// notPrincipal is not the mere negation of Principal: a caller escapes for
// certain only if every identifier of its chain is listed, and never if it has
// a boundary. Whether one escapes of whom only a part is listed, AWS leaves to
// the service: Amazon S3 lets it through, of others it is not known.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (q *Query) notPrincipal(s *statement) trace.Outcome {
	out := q.notListed(s, false)
	for _, x := range s.parts {
		if x.place == partOfPrincipal && x.fact(q.bindings) == trace.Unknown && q.notListed(s, true) != out {
			return trace.Unknown
		}
	}
	return out
}

// notListed is notPrincipal with unknown parts that list nobody, or all that
// they may.
func (q *Query) notListed(s *statement, all bool) trace.Outcome {
	c := &q.Caller
	var account, entity, session bool
	list := s.principals
	for _, x := range s.parts {
		if lists := x.fact(q.bindings); x.place == partOfPrincipal &&
			(lists == trace.Yes || lists == trace.Unknown && all) {
			for _, v := range x.identifiers(c) {
				list = append(slices.Clip(list), newPrincipal(v))
			}
		}
	}
	for i := range list {
		p := &list[i]
		k, ok := p.names(c)
		if !ok {
			continue
		}
		switch k {
		case classEveryone, classService:
			account, entity, session = true, true, true
		case classAccount:
			account = true
		case classRole, classUser, classFederating:
			entity = true
		case classSession:
			session = true
		}
	}
	// whole is that the whole chain is listed, named that all of it is but the
	// account, and unpinned that all is but the session.
	var whole, named, unpinned bool
	switch c.Kind {
	case UserCaller:
		whole, named = account && entity, entity
	case RoleSessionCaller:
		named, unpinned = entity && session, entity && account
		whole = named && account
	case FederatedUserCaller:
		named = session && (entity || c.User == "")
		whole = named && account
	case RootCaller:
		whole = account
	default:
		whole = entity && c.Kind != AnonymousCaller
	}
	var escapes trace.Outcome
	switch {
	case whole, named && q.service == "s3":
		escapes = trace.Yes
	case named, unpinned:
		escapes = trace.Not(q.open(s.unclear))
	default:
		return trace.Yes
	}
	if s.source.Effect == Deny {
		escapes = trace.And(escapes, q.withoutBoundary())
	}
	return trace.Not(escapes)
}

// withoutBoundary is whether the caller has no permissions boundary.
func (q *Query) withoutBoundary() trace.Outcome {
	c := &q.Caller
	if c.identity != nil {
		return trace.Of(c.identity.boundary == nil)
	}
	if !c.Described && (c.Kind == UserCaller || c.Kind == RoleSessionCaller) {
		switch q.assumption(q.World.stranger(c.Account)) {
		case assumeUnknown:
			return trace.Unknown
		case assumeDeny:
			return trace.No
		}
	}
	return trace.Yes
}

// matchAction matches Action or NotAction.
func (q *Query) matchAction(s *statement) trace.Outcome {
	for i := range s.actions {
		if s.actions[i].Match(q.action, nil) == trace.Yes {
			return trace.Of(!s.source.NotAction)
		}
	}
	out := s.anyPart(partOfAction, q.action, q.bindings)
	if s.source.NotAction {
		return trace.Not(out)
	}
	return out
}

// matchResource matches Resource or NotResource. A statement without either
// speaks of the resource it is attached to.
func (q *Query) matchResource(s *statement) trace.Outcome {
	if s.source.ResourceAt == nil {
		return trace.Yes
	}
	out := trace.No
	for i := range s.resources {
		out = trace.Or(out, s.resources[i].Match(q.Resource, q.bindings))
		if out == trace.Yes {
			break
		}
	}
	out = trace.Or(out, s.anyPart(partOfResource, q.Resource, q.bindings))
	if s.source.NotResource {
		return trace.Not(out)
	}
	return out
}

// match matches a statement whose action matches, or may match.
func (q *Query) match(s *statement) (trace.Outcome, class) {
	out, k := q.principals(s)
	if out == trace.No {
		return out, k
	}
	if out = trace.And(out, q.matchResource(s)); out == trace.No {
		return out, k
	}
	if len(s.source.ActionParts) > 0 {
		out = trace.And(out, q.matchAction(s))
	}
	for i := range s.conditions {
		if out = trace.And(out, s.conditions[i].Match(q.bindings)); out == trace.No {
			break
		}
	}
	return out, k
}

// look matches every element of a statement, for the record. The outcome is
// that of match, and No for a statement whose action does not match.
func (q *Query) look(s *statement, set int) trace.Step {
	principal, k := q.principals(s)
	step := trace.Step{Kind: trace.Statement, Class: uint8(k), Better: uint8(q.better(s, k)), Set: uint16(set),
		Subject:   s.number,
		Principal: principal, Action: q.matchAction(s), Resource: q.matchResource(s), Conditions: trace.Yes}
	for i := range s.conditions {
		step.Conditions = trace.And(step.Conditions, s.conditions[i].Match(q.bindings))
	}
	step.Outcome = min(step.Principal, step.Action, step.Resource, step.Conditions)
	return step
}

// index finds the statements of a large set that could match an action.
//
// Invariant: a statement that is not found does not match the action.
type index struct {
	exact    map[string][]*statement // whole action, lower case
	services map[string][]*statement // patterns whose service prefix is literal
	rest     []*statement            // all others: *, NotAction, wildcards in the prefix
	unknown  []*policy
}

// smallSet is the number of statements up to which looking at each is as quick.
const smallSet = 16

// candidates are the statements whose action matches, or may match, and the
// unknown policies. A statement with actions of both kinds may be there twice.
func (q *Query) candidates(policies []attachment) (matching []*statement, unknown []*policy) {
	add := func(list []*statement) {
		for _, s := range list {
			if q.couldMatchAction(s) {
				matching = append(matching, s)
			}
		}
	}
	if x := q.World.indexFor(policies); x != nil {
		add(x.exact[q.action])
		add(x.services[q.service])
		add(x.rest)
		return matching, x.unknown
	}
	for i := range policies {
		switch a := &policies[i]; {
		case a.repeated:
		case a.policy.unknown >= 0:
			unknown = append(unknown, a.policy)
		default:
			add(a.policy.statements)
			unknown = append(unknown, a.policy.parts...)
		}
	}
	return matching, unknown
}

// indexFor is the index of a set of policies, made once for each list of
// attachments; nil for a small set.
func (w *World) indexFor(policies []attachment) *index {
	n := 0
	for i := range policies {
		n += len(policies[i].policy.statements)
	}
	if n <= smallSet {
		return nil
	}
	if len(policies) == 1 {
		p := policies[0].policy
		if p.index == nil {
			p.index = newIndex(policies)
		}
		return p.index
	}
	x := w.indexes[&policies[0]]
	if x == nil {
		x = newIndex(policies)
		w.indexes[&policies[0]] = x
	}
	return x
}

func newIndex(policies []attachment) *index {
	x := &index{exact: map[string][]*statement{}, services: map[string][]*statement{}}
	for i := range policies {
		switch a := &policies[i]; {
		case a.repeated:
		case a.policy.unknown >= 0:
			x.unknown = append(x.unknown, a.policy)
		default:
			for _, s := range a.policy.statements {
				x.add(s)
			}
			x.unknown = append(x.unknown, a.policy.parts...)
		}
	}
	return x
}

func (x *index) add(s *statement) {
	if s.source.NotAction {
		x.rest = append(x.rest, s)
		return
	}
	for i := range s.actions {
		if service, _, ok := strings.Cut(s.actions[i].Text(), ":"); !ok || strings.ContainsAny(service, "*?") {
			x.rest = append(x.rest, s)
			return
		}
	}
	for _, part := range s.parts {
		if service, _, ok := strings.Cut(part.like.Text(), ":"); part.place == partOfAction &&
			(!ok || strings.ContainsAny(service, "*?")) {
			x.rest = append(x.rest, s)
			return
		}
	}
	put := func(m map[string][]*statement, key string) {
		if list := m[key]; len(list) == 0 || list[len(list)-1] != s {
			m[key] = append(list, s)
		}
	}
	for i := range s.actions {
		text := s.actions[i].Text()
		if literal, ok := s.actions[i].Literal(); ok {
			put(x.exact, literal)
			continue
		}
		service, _, _ := strings.Cut(text, ":")
		put(x.services, service)
	}
	for _, part := range s.parts {
		if part.place == partOfAction {
			service, _, _ := strings.Cut(part.like.Text(), ":")
			put(x.services, service)
		}
	}
}
