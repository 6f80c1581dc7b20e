package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
)

// Origin says where the value of a context key comes from.
type Origin uint8

const (
	// Absent says that the request does not have the key.
	Absent Origin = iota
	// Typed says that the request's context gives it.
	Typed
	// Derived says that it follows from the world.
	Derived
	// FromScenario says that it is written once for the whole scenario.
	FromScenario
	// Assumed says that AWS always sends it and the usual value was taken.
	Assumed
	// UnknownOrigin says that the request lists the key as unknown.
	UnknownOrigin
)

// String is the origin's name in reports.
func (o Origin) String() string {
	return [...]string{"absent", "typed", "derived", "scenario", "assumed", "unknown"}[o]
}

// ContextEntry is one key of the request context.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
type ContextEntry struct {
	Key    string
	Values []string
	Multi  bool
	Origin Origin
	// From says in words what the value was derived from; "" for typed ones.
	From string
	At   *jsonpos.Value // where it is written; nil for derived ones
}

// context is the builder of a request's context.
type contextBuilder struct {
	entries []ContextEntry
	known   map[string]int // lower-cased key → entry
}

// add adds a key unless the request has it already: what is written wins over
// what is derived.
func (b *contextBuilder) add(e ContextEntry) {
	lower := strings.ToLower(e.Key)
	if _, ok := b.known[lower]; ok {
		return
	}
	b.known[lower] = len(b.entries)
	b.entries = append(b.entries, e)
}

func (b *contextBuilder) derive(key, from string, values ...string) {
	b.add(ContextEntry{Key: key, Values: values, Origin: Derived, From: from})
}

func (b *contextBuilder) deriveList(key, from string, values ...string) {
	b.add(ContextEntry{Key: key, Values: values, Multi: true, Origin: Derived, From: from})
}

func (b *contextBuilder) first(key string) (string, bool) {
	if i, ok := b.known[strings.ToLower(key)]; ok && b.entries[i].Origin != UnknownOrigin && len(b.entries[i].Values) > 0 {
		return b.entries[i].Values[0], true
	}
	return "", false
}

// usualKeys is about how many keys follow from the world for most requests.
const usualKeys = 16

// context is the request's context: what is written, and what follows from
// the world. The order is fixed: written, unknown, then derived.
func (w *World) context(r *Request, c *Caller, o *Owner, action, resource string) []ContextEntry {
	n := len(r.Context) + len(r.Unknown) + usualKeys
	b := &contextBuilder{entries: make([]ContextEntry, 0, n), known: make(map[string]int, n)}
	for i := range r.Context {
		v := &r.Context[i]
		origin := Typed
		if v.Absent {
			origin = Absent
		}
		b.add(ContextEntry{Key: v.Key, Values: v.Values, Multi: v.Multi, Origin: origin, At: v.At})
	}
	for _, t := range r.Unknown {
		b.add(ContextEntry{Key: t.Value, Origin: UnknownOrigin, At: t.At})
	}
	w.principalKeys(b, c)
	w.networkKeys(b, r)
	w.resourceKeys(b, c, o, action, resource)
	w.requestKeys(b, action, resource)
	return b.entries
}

// principalKeys derives the keys that describe the caller.
func (w *World) principalKeys(b *contextBuilder, c *Caller) {
	what := "the caller is " + c.ARN
	switch c.Kind {
	case AnonymousCaller:
		b.derive("aws:PrincipalType", "the request is not signed", "Anonymous")
		b.derive("aws:PrincipalAccount", "the request is not signed", "anonymous")
		b.derive("aws:userid", "the request is not signed", "anonymous")
		return
	case ServiceCaller:
		b.derive("aws:PrincipalIsAWSService", what, "true")
		b.derive("aws:PrincipalServiceName", what, c.ARN)
		b.deriveList("aws:PrincipalServiceNamesList", what, c.ARN)
		return
	case ProviderCaller, NoCaller:
		return
	}
	b.derive("aws:PrincipalIsAWSService", what, "false")
	b.derive("aws:PrincipalAccount", what, c.Account)
	member := w.orgPaths[c.Account]
	if member != nil {
		b.derive("aws:PrincipalOrgID", "account "+c.Account+" is in the organization", w.Scenario.Organization.ID)
		b.deriveList("aws:PrincipalOrgPaths", "account "+c.Account+" is in the organization", member.path)
	}
	switch c.Kind {
	case RootCaller:
		b.derive("aws:PrincipalArn", what, c.ARN)
		b.derive("aws:PrincipalType", what, "Account")
		b.derive("aws:userid", what, c.Account)
	case UserCaller:
		b.derive("aws:PrincipalArn", what, c.User)
		b.derive("aws:PrincipalType", what, "User")
		b.derive("aws:username", what, c.User[strings.LastIndexByte(c.User, '/')+1:])
		if c.identity != nil && c.identity.user.ID != "" {
			b.derive("aws:userid", "the user's id", c.identity.user.ID)
		}
		w.tagKeys(b, "aws:PrincipalTag/", "tag of the user", c.identity, nil)
	case RoleSessionCaller:
		if !c.rolePathUnknown {
			b.derive("aws:PrincipalArn", "the session's role, as AWS writes it in this key", c.Role)
		} else {
			b.derive("aws:PrincipalArn", "the session's role; its path is not known", c.Role)
		}
		b.derive("aws:PrincipalType", what, "AssumedRole")
		if c.identity != nil && c.identity.role.ID != "" {
			b.derive("aws:userid", "the role's id and the session's name", c.identity.role.ID+":"+c.Session)
		}
		if c.Described {
			mfa := c.session != nil && c.session.MFA
			from := "the session was made without MFA"
			if mfa {
				from = "the session was made with MFA"
			}
			b.derive("aws:MultiFactorAuthPresent", from, strconv.FormatBool(mfa))
		}
		if c.session != nil && c.session.SourceIdentity != "" {
			b.derive("aws:SourceIdentity", "source identity of the session", c.session.SourceIdentity)
		}
		w.tagKeys(b, "aws:PrincipalTag/", "tag of the role", c.identity, c.session)
		if strings.Contains(c.Origin, ":ec2:") {
			b.derive("ec2:SourceInstanceArn", "the code runs on the instance", c.Origin)
		}
		if strings.Contains(c.Origin, ":lambda:") {
			b.derive("lambda:SourceFunctionArn", "the code runs in the function", c.Origin)
		}
	case FederatedUserCaller:
		b.derive("aws:PrincipalArn", what, c.ARN)
		b.derive("aws:PrincipalType", what, "FederatedUser")
		b.derive("aws:userid", what, c.Account+":"+c.Session)
		w.tagKeys(b, "aws:PrincipalTag/", "tag of the user", c.identity, c.session)
	}
}

// tagKeys derives one key per tag. A session tag replaces a tag of the
// identity with the same key, whatever its case.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func (w *World) tagKeys(b *contextBuilder, prefix, from string, id *identity, s *Session) {
	if s != nil {
		for _, t := range s.Tags {
			b.derive(prefix+t.Key, "session tag", t.Value)
		}
	}
	if id != nil {
		for _, t := range id.tags {
			b.derive(prefix+t.Key, from, t.Value)
		}
	}
}

// networkKeys derives the keys of a request through a VPC endpoint.
func (w *World) networkKeys(b *contextBuilder, r *Request) {
	if r.Via == nil {
		return
	}
	from := "the request goes through " + r.Via.Value
	b.derive("aws:SourceVpce", from, r.Via.Value)
	e, ok := w.directory.endpoints[r.Via.Value]
	if !ok {
		return
	}
	b.derive("aws:VpceAccount", from, e.account.ID)
	if member := w.orgPaths[e.account.ID]; member != nil {
		b.derive("aws:VpceOrgID", from, w.Scenario.Organization.ID)
		b.deriveList("aws:VpceOrgPaths", from, member.path)
	}
	if e.VPC != "" {
		b.derive("aws:SourceVpc", from, e.VPC)
	}
}

// resourceKeys derives the keys that describe the resource.
func (w *World) resourceKeys(b *contextBuilder, c *Caller, o *Owner, action, resource string) {
	if o.Account != "" {
		from := "the resource belongs to account " + o.Account
		if o.Origin == OwnerAssumed {
			from = "nothing shows another owner, so the caller's account is assumed"
		}
		b.add(ContextEntry{Key: "aws:ResourceAccount", Values: []string{o.Account}, Origin: assumedIf(o.Origin == OwnerAssumed), From: from})
		if member := w.orgPaths[o.Account]; member != nil {
			b.derive("aws:ResourceOrgID", from, w.Scenario.Organization.ID)
			b.deriveList("aws:ResourceOrgPaths", from, member.path)
		}
	}
	for _, t := range o.tags {
		b.derive("aws:ResourceTag/"+t.Key, "tag of the resource", t.Value)
	}
	service, _, _ := strings.Cut(action, ":")
	for _, t := range o.tags {
		switch service {
		case "ec2", "iam", "ssm", "rds", "secretsmanager", "dynamodb":
			b.derive(service+":ResourceTag/"+t.Key, "tag of the resource", t.Value)
		case "s3":
			b.derive("s3:ExistingObjectTag/"+t.Key, "tag of the resource", t.Value)
		}
	}
	if service == "kms" && c.Account != "" {
		b.derive("kms:CallerAccount", "the caller's account", c.Account)
	}
}

func assumedIf(b bool) Origin {
	if b {
		return Assumed
	}
	return Derived
}

// globalServices have one endpoint in us-east-1, which aws:RequestedRegion shows.
var globalServices = []string{"iam", "organizations", "cloudfront", "route53", "account", "support", "waf", "shield", "health", "aws-portal", "billing"}

// requestKeys derives the keys that describe the call itself.
func (w *World) requestKeys(b *contextBuilder, action, resource string) {
	service, _, _ := strings.Cut(action, ":")
	if a, ok := arn.Parse(resource); ok && a.Region != "" {
		b.derive("aws:RequestedRegion", "the Region in the resource's ARN", a.Region)
	} else if slices.Contains(globalServices, service) {
		b.derive("aws:RequestedRegion", service+" is a global service", "us-east-1")
	}
	if t := w.Scenario.Time; t != nil {
		if instant, ok := condition.ParseInstant(t.Value); ok {
			b.add(ContextEntry{Key: "aws:CurrentTime", Values: []string{t.Value}, Origin: FromScenario, From: "the scenario's time", At: t.At})
			b.add(ContextEntry{Key: "aws:EpochTime", Values: []string{strconv.FormatInt(instant.Seconds, 10)}, Origin: FromScenario, From: "the scenario's time", At: t.At})
		}
	}
	var tagKeys []string
	for i := range b.entries {
		e := &b.entries[i]
		if e.Origin == Typed && len(e.Key) > len("aws:RequestTag/") && strings.EqualFold(e.Key[:len("aws:RequestTag/")], "aws:RequestTag/") {
			tagKeys = append(tagKeys, e.Key[len("aws:RequestTag/"):])
		}
	}
	if len(tagKeys) > 0 {
		b.deriveList("aws:TagKeys", "the tags that the request passes", tagKeys...)
	}
	via, ok := b.known["aws:calledvia"]
	if ok && len(b.entries[via].Values) > 0 {
		chain := b.entries[via].Values
		b.derive("aws:CalledViaFirst", "the chain in aws:CalledVia", chain[0])
		b.derive("aws:CalledViaLast", "the chain in aws:CalledVia", chain[len(chain)-1])
		b.derive("aws:ViaAWSService", "aws:CalledVia names a service", "true")
	}
	b.add(ContextEntry{Key: "aws:ViaAWSService", Values: []string{"false"}, Origin: Assumed, From: "the caller calls the service directly"})
	b.add(ContextEntry{Key: "aws:SecureTransport", Values: []string{"true"}, Origin: Assumed, From: "AWS's tools use HTTPS"})
}

// bind puts the context into the slots that conditions and variables read.
func (w *World) bind(entries []ContextEntry) []pattern.Binding {
	bindings := make([]pattern.Binding, len(w.keys))
	for i := range w.parts {
		bindings[w.parts[i].slot].State = pattern.Unknown
	}
	for i := range entries {
		e := &entries[i]
		n, ok := w.slots[strings.ToLower(e.Key)]
		if !ok {
			continue
		}
		switch e.Origin {
		case Absent:
			bindings[n] = pattern.Binding{}
		case UnknownOrigin:
			bindings[n] = pattern.Binding{State: pattern.Unknown}
		default:
			bindings[n] = pattern.Binding{State: pattern.Present, Multi: e.Multi, Texts: e.Values}
		}
	}
	return bindings
}

func validInstant(text string) bool {
	_, ok := condition.ParseInstant(text)
	return ok
}
