package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/spell"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Query is a request made ready to decide in its world: caller, owner and
// context resolved, the applicable policies gathered. It is not for use by
// several goroutines at once.
type Query struct {
	World   *World
	Request *Request
	// Check is the number of the further check that this is, -1 for the request itself.
	Check    int
	Action   string // as written
	Resource string // what is decided about: as written, unless Asked says otherwise
	Asked    *Asked
	Caller   Caller
	Owner    Owner
	Context  []ContextEntry
	// Also are the further checks of the same call.
	Also []*Query

	action   string // lower case
	service  string // its prefix, lower case
	via      string // the ID of the VPC endpoint that it goes through; "" for none
	bindings []pattern.Binding
	// rules are the numbers of the rules of services that may apply.
	rules               []uint8
	ruleSpace           [maxRules]uint8
	exempted, consented bool
	// assumed says what each of the world's unknown policies is taken to say.
	assumed []assumption

	sets    []set // in the order in which they are recorded
	numbers []int // those of the sets: 0, 1, 2, …
	shown   shown

	budget
}

// set is a set of policies that are evaluated together: any Allow among them
// is enough.
type set struct {
	layer    Layer
	level    int // for SCPs and RCPs, counted from the root
	name     string
	policies []attachment
	// candidates are the statements whose action matches, and unknown the
	// policies whose text nobody knows: the only ones that can decide.
	candidates []*statement
	unknown    []*policy
	// first and end are the places of the set's steps in a record.
	first, end int
}

// assumption is what is taken for the unknown: what a policy says whose text
// nobody knows.
type assumption uint8

const (
	assumeUnknown assumption = iota
	assumeSilent             // it says nothing
	assumeAllow
	assumeDeny
)

// resolved is a request with what its names mean in the world.
type resolved struct {
	caller *Caller // nil when the request cannot be evaluated
	checks []check
}

// check is one of the checks of a call with the owner of its resource.
type check struct {
	number           int // of the further check; -1 for the request itself
	action, resource string
	owner            Owner
	asked            *Asked
}

// Query makes a request of the world's scenario ready. It is nil when the
// request cannot be evaluated; the world's diagnostics then say why.
func (w *World) Query(r *Request) *Query {
	known, ok := w.resolved[r]
	if !ok {
		known, _ = w.resolve(r)
	}
	if known.caller == nil {
		return nil
	}
	var first *Query
	for i := range known.checks {
		k := &known.checks[i]
		asked := r
		if k.number >= 0 {
			asked = r.forCheck(k.number)
		}
		q := w.query(asked, known.caller, k)
		if first == nil {
			first = q
		} else {
			first.Also = append(first.Also, q)
		}
	}
	return first
}

// Circumstances are what a question says beside who does what to what. The
// zero value says nothing.
type Circumstances struct {
	Context []ContextValue
	Unknown []string // keys whose values nobody knows
	Via     string   // the ID of a VPC endpoint; "" for none
}

// Ask makes a question ready that no document needs to hold: may this principal
// perform the action on the resource? It is nil when one of the three cannot
// be what it should, as [World.Query] would report of a request.
func (w *World) Ask(principal, action, resource string, c Circumstances) *Query {
	r := &Request{Principal: Text{Value: principal}, Action: Text{Value: action}, Resource: Text{Value: resource},
		Context: c.Context}
	for _, key := range c.Unknown {
		r.Unknown = append(r.Unknown, Text{Value: key})
	}
	if c.Via != "" {
		r.Via = &Text{Value: c.Via}
	}
	return w.Query(r)
}

// Callers are the ARNs of all principals that the world describes, in the
// order of the document: root users, users, their federated users, sessions of
// roles that have an entry, and resources that run code with a role.
func (w *World) Callers() []string {
	var out []string
	for _, a := range w.Scenario.Accounts {
		out = append(out, a.RootARN())
		for _, u := range a.Users {
			out = append(out, a.UserARN(u))
			for _, f := range u.Federations {
				out = append(out, a.FederatedUserARN(f.Name))
			}
		}
		for _, r := range a.Roles {
			for _, s := range r.Sessions {
				out = append(out, a.SessionARN(r, s.Name))
			}
		}
		for _, r := range a.Resources {
			if r.Role != nil {
				out = append(out, r.ARN)
			}
		}
	}
	return out
}

// Resources are the ARNs of all that the world describes and requests can be
// about, in the order of the document: resources, then users and roles.
func (w *World) Resources() []string {
	var out []string
	for _, a := range w.Scenario.Accounts {
		for _, r := range a.Resources {
			out = append(out, r.ARN)
		}
		for _, u := range a.Users {
			out = append(out, a.UserARN(u))
		}
		for _, r := range a.Roles {
			out = append(out, a.RoleARN(r))
		}
	}
	return out
}

// resolve finds what the names of a request mean. The refusal says why there is no caller.
func (w *World) resolve(r *Request) (resolved, *refusal) {
	if r.Action.Value == "" || r.Resource.Value == "" || !validAction(r.Action.Value) {
		return resolved{}, nil
	}
	c, refused := w.caller(r.Principal.Value)
	if refused != nil {
		return resolved{}, refused
	}
	if c.Account != "" && !c.Described {
		w.stranger(c.Account)
	}
	out := resolved{caller: c}
	add := func(number int, action, resource string) {
		asked := w.asMade(action, resource)
		if asked.State == AsMade {
			resource = asked.Fix
		}
		owner := w.owner(c, strings.ToLower(action), resource)
		if !owner.Described {
			w.stranger(owner.Account)
		}
		out.checks = append(out.checks, check{number, action, resource, owner, asked})
	}
	add(-1, r.Action.Value, r.Resource.Value)
	for i, also := range r.Also {
		if validAction(also.Action.Value) && also.Resource.Value != "" {
			add(i, also.Action.Value, also.Resource.Value)
		}
	}
	return out, nil
}

func (w *World) query(r *Request, c *Caller, k *check) *Query {
	q := &Query{World: w, Request: r, Check: k.number, Action: k.action, Resource: k.resource, Asked: k.asked,
		Caller: *c, Owner: k.owner, action: strings.ToLower(k.action)}
	q.service, _, _ = strings.Cut(q.action, ":")
	if r.Via != nil {
		q.via = r.Via.Value
	}
	if !q.begin() {
		return q
	}
	q.Context = w.context(q)
	q.sets = make([]set, 0, usualSets)
	q.measure()
	q.gather()
	q.bindings = w.bind(q.Context)
	q.assumed = make([]assumption, len(w.unknowns))
	q.findRules()
	return q
}

// assumption is what an unknown policy is taken to say.
func (q *Query) assumption(p *policy) assumption {
	if p.unknown < len(q.assumed) {
		return q.assumed[p.unknown]
	}
	return assumeUnknown
}

// bound is whether a key has a value, or with want just that one.
func (q *Query) bound(slot int, want string) trace.Outcome {
	switch b := &q.bindings[slot]; b.State {
	case pattern.Present:
		return trace.Of(want == "" || len(b.Texts) > 0 && b.Texts[0] == want)
	case pattern.Unknown:
		return trace.Unknown
	}
	return trace.No
}

func validAction(text string) bool {
	prefix, name, ok := strings.Cut(text, ":")
	return ok && prefix != "" && name != "" && !strings.ContainsAny(text, "*? \t\n") && !strings.Contains(name, ":")
}

// CrossAccount reports whether caller and resource belong to different
// accounts, so that both sides must allow.
func (q *Query) CrossAccount() bool {
	return q.Caller.Account != "" && q.Owner.Account != "" && q.Caller.Account != q.Owner.Account && !q.consented
}

// value is the first value of a context key.
func (q *Query) value(key string) (string, bool) {
	for i := range q.Context {
		if e := &q.Context[i]; strings.EqualFold(e.Key, key) && e.Origin != Absent && e.Origin != UnknownOrigin && len(e.Values) > 0 {
			return e.Values[0], true
		}
	}
	return "", false
}

// rcpServices are the prefixes of the services that RCPs cover.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
var rcpServices = []string{"aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory", "cloudfront", "cloudsearch",
	"cloudtrail-data", "codeartifact", "codebuild", "codecommit", "codepipeline", "cognito-identity", "cognito-idp", "comprehend", "comprehendmedical",
	"compute-optimizer", "cost-optimization-hub", "dax", "dsql", "dynamodb", "ecr", "ecr-public", "events", "firehose", "fis", "fms", "gamelift", "health",
	"inspector-scan", "kendra", "kinesisvideo", "kms", "logs", "memorydb", "networkmonitor", "notifications", "opensearch", "pca-connector-ad", "personalize",
	"polly", "pricing", "resource-groups", "rolesanywhere", "s3", "secretsmanager", "servicediscovery", "signin", "sqs", "sts", "support", "swf", "textract",
	"timestream-influxdb", "transcribe", "transfer", "translate", "wafv2", "workspaces", "xray"}

// gather collects the policies that apply to the request: the table of who is
// bound by what.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (q *Query) gather() {
	w, c, o := q.World, &q.Caller, &q.Owner
	if q.via != "" {
		q.endpointSet()
	}
	q.rcpSets()
	q.scpSets()
	if o.Account != "" && !o.Described || o.Account == "" && c.Kind != NoCaller {
		q.addSet(set{layer: o.layer, name: "policies of account " + o.Account, policies: alone(w.stranger(o.Account), "of an account that the document does not describe")})
	} else if o.policy != nil {
		q.addSet(set{layer: o.layer, policies: alone(o.policy, "attached to "+resourceName(q))})
	}
	switch c.Kind {
	case UserCaller, RoleSessionCaller, FederatedUserCaller:
	case RootCaller:
		q.rootTaskSet()
		return
	default:
		return
	}
	if !c.Described {
		stranger := alone(w.stranger(c.Account), "of an account that the document does not describe")
		q.addSet(set{layer: LayerIdentity, policies: stranger})
		q.addSet(set{layer: LayerBoundary, policies: stranger})
		return
	}
	if c.identity != nil {
		q.addSet(set{layer: LayerIdentity, policies: c.identity.policies})
		if c.identity.boundary != nil && !c.serviceLinked {
			q.addSet(set{layer: LayerBoundary, policies: alone(c.identity.boundary, "permissions boundary of "+c.identity.arn)})
		}
	}
	if c.session != nil && !c.serviceLinked {
		if passed := w.sessions[c.session]; len(passed) > 0 {
			q.addSet(set{layer: LayerSession, policies: passed})
		}
	}
}

// rootTaskSet adds the policy of the task for which STS opened a session of
// the root user.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
func (q *Query) rootTaskSet() {
	if q.action == assumeRoot {
		return // the task of the session that is asked for
	}
	if task, ok := q.value(taskKey); ok {
		q.addSet(set{layer: LayerSession, policies: alone(q.World.rootTask(task), "the task of the root session")})
	} else if q.ContextEntry(taskKey).Origin == UnknownOrigin {
		q.addSet(set{layer: LayerSession,
			policies: alone(q.World.rootTask("the root session's task"), "the task of the root session")})
	}
}

func resourceName(q *Query) string {
	if q.Owner.entry != nil {
		return q.Owner.entry.ARN
	}
	return q.Resource
}

// usualSets is how many sets apply to most requests.
const usualSets = 10

// addSet adds a set. The sets of a layer are added one after the other.
func (q *Query) addSet(s set) {
	if !q.affords(s.policies) {
		return
	}
	s.candidates, s.unknown = q.candidates(s.policies)
	if n := len(q.sets); n > 0 {
		s.first = q.sets[n-1].end
	}
	s.end = s.first
	for i := range s.policies {
		switch a := &s.policies[i]; {
		case a.repeated:
		case a.policy.unknown >= 0:
			s.end++
		default:
			s.end += len(a.policy.statements) + len(a.policy.parts)
		}
	}
	q.numbers = append(q.numbers, len(q.sets))
	q.sets = append(q.sets, s)
}

// setsOf are the numbers of the sets of a layer.
func (q *Query) setsOf(l Layer) []int {
	first := 0
	for first < len(q.sets) && q.sets[first].layer != l {
		first++
	}
	end := first
	for end < len(q.sets) && q.sets[end].layer == l {
		end++
	}
	return q.numbers[first:end:end]
}

// recorded is how many steps a record of the query has.
func (q *Query) recorded() int {
	if len(q.sets) == 0 {
		return 0
	}
	return q.sets[len(q.sets)-1].end
}

func (q *Query) endpointSet() {
	e, ok := q.World.directory.endpoints[q.via]
	if ok && e.Policy != nil {
		q.addSet(set{layer: LayerVPCE, name: e.ID,
			policies: alone(q.World.policies[e.Policy], "policy of endpoint "+e.ID)})
	}
}

// rcpSets adds the resource control policies of the resource's account.
func (q *Query) rcpSets() {
	w, c, o := q.World, &q.Caller, &q.Owner
	if c.serviceLinked || c.Kind == NoCaller || q.action == "kms:retiregrant" || !slices.Contains(rcpServices, q.service) {
		return
	}
	member := w.orgPaths[o.Account]
	if member != nil && !member.management {
		for i, l := range member.levels {
			q.addSet(set{layer: LayerRCP, level: i, name: l.name, policies: l.rcps})
		}
	}
	if member == nil && !o.Described && o.Account != "" {
		q.addSet(set{layer: LayerRCP, name: "account " + o.Account, policies: alone(w.stranger(o.Account), "of an account that the document does not describe")})
	}
}

// scpSets adds the service control policies of the caller's account.
func (q *Query) scpSets() {
	w, c := q.World, &q.Caller
	switch c.Kind {
	case UserCaller, RoleSessionCaller, FederatedUserCaller, RootCaller:
	default:
		return
	}
	if c.serviceLinked {
		return
	}
	member := w.orgPaths[c.Account]
	if member != nil && !member.management {
		for i, l := range member.levels {
			q.addSet(set{layer: LayerSCP, level: i, name: l.name, policies: l.scps})
		}
	}
	if member == nil && !c.Described {
		q.addSet(set{layer: LayerSCP, name: "account " + c.Account, policies: alone(w.stranger(c.Account), "of an account that the document does not describe")})
	}
}

// resolveRequests resolves all requests and reports what is wrong with them.
func (w *World) resolveRequests() {
	w.resolved = make(map[*Request]resolved, len(w.Scenario.Requests))
	for _, r := range w.Scenario.Requests {
		known, refused := w.resolve(r)
		w.resolved[r] = known
		if r.At == nil || r.Action.At == nil {
			continue
		}
		if refused == nil && known.caller == nil {
			_, refused = w.caller(r.Principal.Value) // there is something else wrong
		}
		if refused != nil {
			w.report(refused, r.Principal)
		}
		w.checkAction(r.Action)
		w.checkResource(r.Resource, r.Action.Value)
		for i := range r.Also {
			w.checkAction(r.Also[i].Action)
			w.checkResource(r.Also[i].Resource, r.Also[i].Action.Value)
			w.checkUnknown(r.Also[i].Unknown)
		}
		if r.Via != nil && w.directory.endpoints[r.Via.Value].VPCEndpoint == nil {
			w.dangling(*r.Via, "VPC endpoint", func() (known []string) {
				for _, a := range w.Scenario.Accounts {
					known = append(known, names(a.Endpoints, func(e *VPCEndpoint) string { return e.ID })()...)
				}
				return known
			}, "")
		}
		w.checkUnknown(r.Unknown)
		w.contradictions(r)
		w.checkRootTask(r, known.caller)
		for i := range r.Also {
			w.contradictions(r.forCheck(i))
		}
	}
}

func (w *World) checkUnknown(keys []Text) {
	for _, u := range keys {
		if !strings.Contains(u.Value, ":") {
			w.reader.add(Error, "INVALID_CONDITION_KEY_FORMAT", u.At,
				quote(u.Value)+" is not a condition key, expected a prefix and a name such as aws:SourceIp", "")
		}
	}
}

func (w *World) checkAction(t Text) {
	if t.Value == "" {
		return // missing, or no string: reported
	}
	if !validAction(t.Value) {
		hint := "write it like s3:GetObject"
		if strings.ContainsAny(t.Value, "*?") {
			hint = "a request is for one action; wildcards belong into policies"
		}
		w.reader.add(Error, "INVALID_ACTION", t.At, quote(t.Value)+" is not an action, expected a service prefix, a colon and a name", hint)
	}
}

func (w *World) checkResource(t Text, action string) {
	if t.Value == "" || t.Value == "*" {
		return
	}
	a, ok := arn.Parse(t.Value)
	if !ok {
		w.reader.add(Error, "INVALID_RESOURCE", t.At, quote(t.Value)+` is not a resource, expected an ARN or "*"`, `write the resource's ARN, or "*" for actions without resources`)
		return
	}
	name, isRole := strings.CutPrefix(a.Resource, "role/")
	if account := w.account(a.Partition, a.Account); isRole && account != nil &&
		slices.Contains(trustActions, strings.ToLower(action)) && w.roles[t.Value] == nil {
		if w.reader.passed(Warning, t.At.Start) {
			return
		}
		hint := "add the role, or correct its name and path"
		if s := spell.Nearest(t.Value, w.known(names(account.Roles, account.RoleARN))...); s != "" {
			hint = "did you mean " + quote(s) + "?"
		}
		w.reader.add(Warning, "DANGLING_REFERENCE", t.At,
			"account "+account.ID+" has no role "+quote(name)+", so nobody can assume it", hint)
	}
}
