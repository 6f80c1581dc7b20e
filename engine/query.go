package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/pattern"
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
	bindings []pattern.Binding
	special  special
	// assumed says what each of the world's unknown policies is taken to say.
	assumed []assumption

	sets    []set // in the order in which they are recorded
	numbers []int // those of the sets: 0, 1, 2, …
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

// assumption is what an unknown policy is taken to say about this request.
type assumption uint8

const (
	assumeUnknown assumption = iota
	assumeSilent             // it says nothing
	assumeAllow
	assumeDeny
)

// special says which rule of a service decides or changes the evaluation.
type special uint8

const (
	notSpecial special = iota
	callerIdentityAlwaysAllowed
	sessionTokenAlwaysAllowed
	rootCannotAssume
	federatedCannotCall
	temporaryCannotCall
	keyNotAcrossAccounts
	providerOnly
	ownerRootBucketPolicy // not a decision: the bucket policy does not bind
	noCredentials
)

// Query makes a request ready. It is nil when the request cannot be evaluated;
// the world's diagnostics then say why.
func (w *World) Query(r *Request) *Query {
	if r.Action.Value == "" || r.Resource.Value == "" || !validAction(r.Action.Value) {
		return nil
	}
	quiet := len(w.reader.list)
	c, ok := w.caller(r.Principal)
	w.reader.list = w.reader.list[:quiet] // reported once, when the world was made
	if !ok {
		return nil
	}
	q := w.query(r, c, r.Action.Value, r.Resource.Value, -1)
	for i, check := range r.Also {
		if validAction(check.Action.Value) && check.Resource.Value != "" {
			q.Also = append(q.Also, w.query(r, c, check.Action.Value, check.Resource.Value, i))
		}
	}
	// Compiling a stranger's policies or reading a library policy may have
	// numbered new unknowns and keys.
	q.settleSizes()
	for _, also := range q.Also {
		also.settleSizes()
	}
	return q
}

func (q *Query) settleSizes() {
	q.bindings = q.World.bind(q.Context)
	q.assumed = make([]assumption, len(q.World.unknowns))
}

func (w *World) query(r *Request, c *Caller, action, resource string, check int) *Query {
	asked := w.asMade(action, resource)
	if asked.State == AsMade {
		resource = asked.Fix
	}
	q := &Query{World: w, Request: r, Check: check, Action: action, Resource: resource, Asked: asked, Caller: *c, action: strings.ToLower(action)}
	q.service, _, _ = strings.Cut(q.action, ":")
	q.Owner = w.owner(&q.Caller, q.action, resource)
	q.Context = w.context(r, &q.Caller, &q.Owner, q.action, resource)
	q.special = q.specialRule()
	q.sets = make([]set, 0, usualSets)
	q.gather()
	return q
}

func validAction(text string) bool {
	prefix, name, ok := strings.Cut(text, ":")
	return ok && prefix != "" && name != "" && !strings.ContainsAny(text, "*? \t\n") && !strings.Contains(name, ":")
}

// CrossAccount reports whether caller and resource belong to different
// accounts, so that both sides must allow.
func (q *Query) CrossAccount() bool {
	return q.Caller.Account != "" && q.Owner.Account != "" && q.Caller.Account != q.Owner.Account
}

// crossAccountKeyActions are the KMS actions that callers of other accounts can be given.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
var crossAccountKeyActions = []string{"kms:creategrant", "kms:decrypt", "kms:derivesharedsecret", "kms:describekey", "kms:encrypt", "kms:generatedatakey",
	"kms:generatedatakeypair", "kms:generatedatakeypairwithoutplaintext", "kms:generatedatakeywithoutplaintext", "kms:generatemac", "kms:getkeyrotationstatus",
	"kms:getpublickey", "kms:listgrants", "kms:reencryptfrom", "kms:reencryptto", "kms:retiregrant", "kms:revokegrant", "kms:sign", "kms:verify", "kms:verifymac"}

// specialRule finds the rule of a service that decides by itself.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
func (q *Query) specialRule() special {
	c, service := &q.Caller, q.service
	switch {
	case c.Kind == NoCaller:
		return noCredentials
	case q.action == "sts:getcalleridentity" && c.Account != "":
		return callerIdentityAlwaysAllowed
	case q.action == "sts:getsessiontoken" && (c.Kind == UserCaller || c.Kind == RootCaller) && !q.has("aws:TokenIssueTime"):
		return sessionTokenAlwaysAllowed
	case q.action == "sts:assumerole" && c.Kind == RootCaller:
		return rootCannotAssume
	case c.Kind == FederatedUserCaller && (service == "iam" || service == "sts"):
		return federatedCannotCall
	case q.sessionToken() && service == "iam" && !q.madeWithMFA(), q.sessionToken() && service == "sts" && q.action != "sts:assumerole":
		return temporaryCannotCall
	case c.Kind == ProviderCaller && q.action != "sts:assumerolewithsaml" && q.action != "sts:assumerolewithwebidentity" && q.action != "sts:tagsession" && q.action != "sts:setsourceidentity":
		return providerOnly
	case q.Owner.layer == LayerKeyPolicy && q.CrossAccount() && !slices.Contains(crossAccountKeyActions, q.action):
		return keyNotAcrossAccounts
	case c.Kind == RootCaller && q.Owner.Account == c.Account && (q.action == "s3:getbucketpolicy" || q.action == "s3:putbucketpolicy" || q.action == "s3:deletebucketpolicy"):
		return ownerRootBucketPolicy
	}
	return notSpecial
}

// sessionToken reports whether the caller's credentials come from GetSessionToken.
func (q *Query) sessionToken() bool {
	return q.Caller.Kind == UserCaller && q.has("aws:TokenIssueTime")
}

func (q *Query) madeWithMFA() bool {
	mfa, _ := q.value("aws:MultiFactorAuthPresent")
	return mfa == "true"
}

func (q *Query) has(key string) bool {
	_, ok := q.value(key)
	return ok
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
	if q.Request.Via != nil {
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
			s.end += len(a.policy.statements)
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

// steps is how many steps a record of the query has.
func (q *Query) steps() int {
	if len(q.sets) == 0 {
		return 0
	}
	return q.sets[len(q.sets)-1].end
}

func (q *Query) endpointSet() {
	e, ok := q.World.directory.endpoints[q.Request.Via.Value]
	if ok && e.Policy != nil {
		q.addSet(set{layer: LayerVPCE, name: e.ID, policies: alone(q.World.compiled(e.Policy), "policy of endpoint "+e.ID)})
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

// checkRequests reports what is wrong with requests, and what their policies
// need compiled, before any is asked.
func (w *World) checkRequests() {
	for _, r := range w.Scenario.Requests {
		if r.At == nil || r.Action.At == nil {
			continue
		}
		w.caller(r.Principal)
		w.checkAction(r.Action)
		w.checkResource(r.Resource)
		for _, c := range r.Also {
			w.checkAction(c.Action)
			w.checkResource(c.Resource)
		}
		if r.Via != nil && w.directory.endpoints[r.Via.Value].VPCEndpoint == nil {
			var known []string
			for _, a := range w.Scenario.Accounts {
				known = append(known, names(a.Endpoints, func(e *VPCEndpoint) string { return e.ID })...)
			}
			w.dangling(*r.Via, "VPC endpoint", known, "")
		}
		for _, u := range r.Unknown {
			if !strings.Contains(u.Value, ":") {
				w.reader.add(Error, "INVALID_CONDITION_KEY_FORMAT", u.At, quote(u.Value)+" is not a condition key, expected a prefix and a name such as aws:SourceIp", "")
			}
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

func (w *World) checkResource(t Text) {
	if t.Value == "" || t.Value == "*" {
		return
	}
	if _, ok := arn.Parse(t.Value); !ok {
		w.reader.add(Error, "INVALID_RESOURCE", t.At, quote(t.Value)+` is not a resource, expected an ARN or "*"`, `write the resource's ARN, or "*" for actions without resources`)
	}
}
