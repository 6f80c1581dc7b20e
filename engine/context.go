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
	// Sent says of an unknown key that the request has it for certain.
	Sent bool
	At   *jsonpos.Value // where it is written; nil for derived ones
}

// context is the builder of a request's context.
type contextBuilder struct {
	entries []ContextEntry
	// known has the numbers of the entries by their keys in lower case; nil while there are few.
	known map[string]int
	room  []string // for values; the entries share it
	w     *World
}

// keep copies values that follow from the world, so that each needs no room of its own.
func (b *contextBuilder) keep(values []string) []string {
	n := len(b.room)
	b.room = append(b.room, values...)
	return b.room[n:len(b.room):len(b.room)]
}

// fewKeys is how many entries are looked through one by one.
const fewKeys = 48

// find is the number of the entry of a key; -1 when there is none.
func (b *contextBuilder) find(key string) int {
	if b.known != nil {
		if i, ok := b.known[strings.ToLower(key)]; ok {
			return i
		}
		return -1
	}
	for i := range b.entries {
		if sameKey(b.entries[i].Key, key) {
			return i
		}
	}
	return -1
}

// sameKey reports whether two keys are the same in lower case.
func sameKey(a, b string) bool {
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		if x|y >= 0x80 {
			return strings.ToLower(a) == strings.ToLower(b)
		}
		if x != y && (x^y != 'a'-'A' || x|y < 'a' || x|y > 'z') {
			return false
		}
	}
	return len(a) == len(b)
}

// add adds a key unless the request has it already: what is written wins over
// what is derived.
func (b *contextBuilder) add(e ContextEntry) {
	if b.find(e.Key) >= 0 {
		return
	}
	if b.entries = append(b.entries, e); b.known != nil {
		b.known[strings.ToLower(e.Key)] = len(b.entries) - 1
	} else if len(b.entries) == fewKeys {
		b.known = make(map[string]int, cap(b.entries))
		for i := range b.entries {
			b.known[strings.ToLower(b.entries[i].Key)] = i
		}
	}
}

func (b *contextBuilder) derive(key, from string, values ...string) {
	b.add(ContextEntry{Key: key, Values: b.keep(values), Origin: Derived, From: from})
}

func (b *contextBuilder) deriveList(key, from string, values ...string) {
	b.add(ContextEntry{Key: key, Values: b.keep(values), Multi: true, Origin: Derived, From: from})
}

func (b *contextBuilder) assume(key, from, value string) {
	b.add(ContextEntry{Key: key, Values: b.keep([]string{value}), Origin: Assumed, From: from})
}

// follow derives keys from another one: they are unknown when it is.
func (b *contextBuilder) follow(of *ContextEntry, key, from string, multi bool, values ...string) {
	if of.Origin == UnknownOrigin {
		b.add(ContextEntry{Key: key, Origin: UnknownOrigin, From: from, Sent: key == "aws:ViaAWSService"})
		return
	}
	origin := Derived
	if of.Origin == FromScenario {
		origin = FromScenario
	}
	b.add(ContextEntry{Key: key, Values: values, Multi: multi, Origin: origin, From: from})
}

// open adds a key that AWS always sends and whose value nothing here settles:
// it is unknown. Only keys that some policy asks for are added.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (b *contextBuilder) open(key, from string) {
	if i := b.find(key); i >= 0 {
		b.entries[i].Sent = b.entries[i].Origin == UnknownOrigin // that a request lists it makes it no less certain
	} else if slot, asked := b.w.asked(key); asked && (slot != b.w.ruleSlots[issueTime] || b.w.timeAsked) {
		b.add(ContextEntry{Key: key, Origin: UnknownOrigin, From: from, Sent: true})
	}
}

// entry is the entry of a key; nil when the request does not have it.
func (b *contextBuilder) entry(key string) *ContextEntry {
	if i := b.find(key); i >= 0 && b.entries[i].Origin != Absent {
		return &b.entries[i]
	}
	return nil
}

// usualKeys is about how many keys follow from the world for most requests.
const usualKeys = 24

// context is the request's context: what is written, what follows from the
// world, and what AWS sends without that anybody knows the value. The order is
// fixed: written, unknown, then derived.
func (w *World) context(q *Query) []ContextEntry {
	r := q.Request
	n := len(r.Context) + len(r.Unknown) + usualKeys
	b := &contextBuilder{entries: make([]ContextEntry, 0, n), room: make([]string, 0, usualKeys), w: w}
	for i := range r.Context {
		v := &r.Context[i]
		origin := Typed
		if v.Absent {
			origin = Absent
		}
		if q.via != "" && strings.EqualFold(v.Key, "aws:SourceIp") {
			// The fact of the world wins: through an endpoint no request has it.
			b.add(ContextEntry{Key: v.Key, Origin: Absent, From: "the request goes through " + q.via, At: v.At})
			continue
		}
		b.add(ContextEntry{Key: v.Key, Values: v.Values, Multi: v.Multi, Origin: origin, At: v.At})
	}
	for _, t := range r.Unknown {
		if q.via != "" && strings.EqualFold(t.Value, "aws:SourceIp") {
			b.add(ContextEntry{Key: t.Value, Origin: Absent, From: "the request goes through " + q.via, At: t.At})
			continue
		}
		b.add(ContextEntry{Key: t.Value, Origin: UnknownOrigin, At: t.At})
	}
	w.principalKeys(b, &q.Caller)
	w.networkKeys(b, q)
	w.resourceKeys(b, q)
	w.requestKeys(b, q)
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
		b.open("aws:userid", "the request is not signed")
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
		b.open("aws:userid", what)
	case UserCaller:
		b.derive("aws:PrincipalArn", what, c.User)
		b.derive("aws:PrincipalType", what, "User")
		b.derive("aws:username", what, c.User[strings.LastIndexByte(c.User, '/')+1:])
		if c.identity != nil && c.identity.user.ID != "" {
			b.derive("aws:userid", "the user's id", c.identity.user.ID)
		}
		b.open("aws:userid", "the document does not give the user's id")
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
		b.open("aws:userid", "the document does not give the role's id")
		b.open("aws:TokenIssueTime", "the document does not say when the session was made")
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
		b.open("aws:userid", what)
		b.open("aws:TokenIssueTime", "the document does not say when the session was made")
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

// networkKeys derives the keys that say where the request comes from.
func (w *World) networkKeys(b *contextBuilder, q *Query) {
	if q.via == "" {
		if q.Caller.Kind != ServiceCaller {
			b.open("aws:SourceIp", "every request has an address, and the document does not say which")
		}
		return
	}
	from := "the request goes through " + q.via
	b.derive("aws:SourceVpce", from, q.via)
	b.open("aws:VpcSourceIp", "every request through an endpoint has an address, and the document does not say which")
	e, ok := w.directory.endpoints[q.via]
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
func (w *World) resourceKeys(b *contextBuilder, q *Query) {
	c, o := &q.Caller, &q.Owner
	if o.Account != "" {
		from := "the resource belongs to account " + o.Account
		if o.Origin == OwnerAssumed {
			from = "nothing shows another owner, so the caller's account is assumed"
		}
		b.add(ContextEntry{Key: "aws:ResourceAccount", Values: b.keep([]string{o.Account}),
			Origin: assumedIf(o.Origin == OwnerAssumed), From: from})
		if member := w.orgPaths[o.Account]; member != nil {
			b.derive("aws:ResourceOrgID", from, w.Scenario.Organization.ID)
			b.deriveList("aws:ResourceOrgPaths", from, member.path)
		}
	}
	const from = "tag of the resource"
	switch {
	case len(o.tags) == 0:
	case q.service == "s3" && o.entry != nil && isBucket(o.entry.ARN) && !o.entry.ABAC:
		// A bucket's tags take part once PutBucketAbac has switched it on.
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
	case q.service == "s3" && strings.Contains(q.Resource, "/") && o.inBucket:
		if slices.Contains(objectTagActions, q.action[len("s3:"):]) {
			for _, t := range o.tags {
				b.derive("s3:ExistingObjectTag/"+t.Key, "tag of the object", t.Value)
			}
		}
	default:
		own := false
		switch q.service {
		case "ec2", "iam", "ssm", "rds", "secretsmanager", "dynamodb":
			own = true
		}
		if w.sends(q, "aws:ResourceTag/", true) {
			for _, t := range o.tags {
				b.derive("aws:ResourceTag/"+t.Key, from, t.Value)
			}
		}
		if w.sends(q, q.service+":ResourceTag/", own) {
			for _, t := range o.tags {
				b.derive(q.service+":ResourceTag/"+t.Key, from, t.Value)
			}
		}
	}
	if q.service == "kms" && c.Account != "" {
		b.derive("kms:CallerAccount", "the caller's account", c.Account)
	}
}

// objectTagActions are the names of the actions whose requests carry the tags
// that the object has.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
var objectTagActions = []string{
	"deleteobjectannotation", "deleteobjecttagging", "deleteobjectversionannotation", "deleteobjectversiontagging",
	"getobject", "getobjectacl", "getobjectannotation", "getobjectattributes", "getobjecttagging",
	"getobjectversion", "getobjectversionacl", "getobjectversionannotation", "getobjectversionattributes",
	"getobjectversiontagging", "listobjectannotations", "listobjectversionannotations", "putobjectacl",
	"putobjectannotation", "putobjecttagging", "putobjectversionacl", "putobjectversionannotation",
	"putobjectversiontagging", "updateobjectencryption",
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
func (w *World) requestKeys(b *contextBuilder, q *Query) {
	if a, ok := arn.Parse(q.Resource); ok && a.Region != "" {
		b.derive("aws:RequestedRegion", "the Region in the resource's ARN", a.Region)
	} else if q.Owner.region != "" {
		b.derive("aws:RequestedRegion", "the resource's region", q.Owner.region)
	} else if slices.Contains(globalServices, q.service) &&
		(q.Owner.partition == "" || q.Owner.partition == defaultPartition) {
		b.derive("aws:RequestedRegion", q.service+" is a global service", "us-east-1")
	}
	b.open("aws:RequestedRegion", "every request goes to some Region, and the document does not say which")
	w.timeKeys(b)
	b.tagKeys()
	if via := b.entry("aws:calledvia"); via != nil {
		from := "the chain in aws:CalledVia"
		of := *via
		first, last := "", ""
		if n := len(of.Values); n > 0 {
			first, last = of.Values[0], of.Values[n-1]
		}
		if first != "" || of.Origin == UnknownOrigin {
			b.follow(&of, "aws:CalledViaFirst", from, false, first)
			b.follow(&of, "aws:CalledViaLast", from, false, last)
			b.follow(&of, "aws:ViaAWSService", "aws:CalledVia names a service", false, "true")
		}
	}
	b.assume("aws:ViaAWSService", "the caller calls the service directly", "false")
	b.assume("aws:SecureTransport", "AWS's tools use HTTPS", "true")
	if q.service == "s3" {
		b.assume("s3:TlsVersion", "AWS's tools use TLS 1.3", "1.3")
	}
	b.open("aws:UserAgent", "every request has one, and the document does not say which")
}

// timeKeys gives the time of the request in both its forms.
func (w *World) timeKeys(b *contextBuilder) {
	if t := w.Scenario.Time; t != nil {
		if _, ok := condition.ParseInstant(t.Value); ok && b.entry("aws:epochtime") == nil {
			b.add(ContextEntry{Key: "aws:CurrentTime", Values: b.keep([]string{t.Value}), Origin: FromScenario,
				From: "the scenario's time", At: t.At})
		}
	}
	now, epoch := b.entry("aws:currenttime"), b.entry("aws:epochtime")
	switch {
	case now != nil && epoch == nil:
		of := *now
		text := ""
		if len(of.Values) > 0 {
			if instant, ok := condition.ParseInstant(of.Values[0]); ok {
				text = strconv.FormatInt(instant.Seconds, 10)
			}
		}
		from := "aws:CurrentTime"
		if of.Origin == FromScenario {
			from = of.From
		}
		if text != "" || of.Origin == UnknownOrigin {
			b.follow(&of, "aws:EpochTime", from, false, text)
		}
	case epoch != nil && now == nil:
		of := *epoch
		b.follow(&of, "aws:CurrentTime", "aws:EpochTime", false, of.Values...)
	}
	from := "every request has a time, and the scenario does not give one"
	b.open("aws:CurrentTime", from)
	b.open("aws:EpochTime", from)
}

// tagKeys derives aws:TagKeys from the tags that the request passes.
func (b *contextBuilder) tagKeys() {
	const prefix = "aws:RequestTag/"
	var keys []string
	of := ContextEntry{Origin: Typed}
	found := false
	for i := range b.entries {
		e := &b.entries[i]
		if len(e.Key) <= len(prefix) || !strings.EqualFold(e.Key[:len(prefix)], prefix) || e.Origin == Absent {
			continue
		}
		found = true
		keys = append(keys, e.Key[len(prefix):])
		if e.Origin == UnknownOrigin {
			of.Origin = UnknownOrigin
		}
	}
	if found {
		b.follow(&of, "aws:TagKeys", "the tags that the request passes", true, keys...)
	}
}

// bind puts the context into the slots that conditions and variables read.
func (w *World) bind(entries []ContextEntry) []pattern.Binding {
	bindings := make([]pattern.Binding, len(w.keys))
	for i := range w.parts {
		bindings[w.parts[i].slot].State = pattern.Unknown
	}
	for i := range entries {
		e := &entries[i]
		n, ok := w.asked(e.Key)
		if !ok {
			continue
		}
		switch e.Origin {
		case Absent:
			bindings[n] = pattern.Binding{}
		case UnknownOrigin:
			bindings[n] = pattern.Binding{State: pattern.Unknown, Sent: e.Sent}
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
