package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// ruleEffect is what a rule of a service does to a request that it applies to.
type ruleEffect uint8

const (
	// allows says that the call is answered whatever policies say.
	allows ruleEffect = iota
	// refuses says that the call is refused, or never made, whatever policies say.
	refuses
	// refusesAfter says that the service refuses what policies would allow.
	refusesAfter
	// exempts says that the resource's own policy does not bind the caller.
	exempts
	// consents says that the resource's account needs no policy of its own.
	consents
)

// serviceRule is one row of the table of rules that a service adds to AWS's flow.
type serviceRule struct {
	reason trace.Reason
	effect ruleEffect
	layer  Layer
	// applies reports whether the rule is about the request; what it reads of
	// the context may be unknown.
	applies func(q *Query) trace.Outcome
}

// maxRules is how many rules may apply to one request.
const maxRules = 4

// serviceRules are the rules of services, in the order in which they are
// asked. Several may apply: the first that decides by itself decides.
var serviceRules = [...]serviceRule{
	{trace.NoCredentials, refuses, LayerCredentials, func(q *Query) trace.Outcome {
		return trace.Of(q.Caller.Kind == NoCaller && !q.Caller.untrusted)
	}},
	{trace.CredentialsNotTrusted, refuses, LayerCredentials, func(q *Query) trace.Outcome {
		return trace.Of(q.Caller.untrusted)
	}},
	{trace.CredentialsDepend, refuses, LayerCredentials, (*Query).withoutCredentials},
	{trace.OtherPartition, refuses, LayerService, func(q *Query) trace.Outcome {
		p := q.Owner.partition
		return trace.Of(p != "" && q.Caller.partition != "" && p != q.Caller.partition)
	}},
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
	{trace.CallerIdentityAlwaysAllowed, allows, LayerService, func(q *Query) trace.Outcome {
		return trace.Of(q.action == "sts:getcalleridentity" && q.Caller.Account != "")
	}},
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
	{trace.SessionTokenAlwaysAllowed, allows, LayerService, func(q *Query) trace.Outcome {
		if q.action != "sts:getsessiontoken" || q.Caller.Kind != UserCaller && q.Caller.Kind != RootCaller {
			return trace.No
		}
		return trace.Not(q.hasToken())
	}},
	{trace.RootCannotAssume, refuses, LayerService, func(q *Query) trace.Outcome {
		return trace.Of(q.action == "sts:assumerole" && q.Caller.Kind == RootCaller)
	}},
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
	{trace.FederatedCannotCall, refuses, LayerService, func(q *Query) trace.Outcome {
		return trace.Of(q.Caller.Kind == FederatedUserCaller && (q.service == "iam" || q.service == "sts"))
	}},
	{trace.TemporaryCannotCall, refuses, LayerService, (*Query).temporaryCannotCall},
	{trace.ProviderCannotCall, refuses, LayerService, func(q *Query) trace.Outcome {
		return trace.Of(q.Caller.Kind == ProviderCaller && !slices.Contains(providerActions, q.action))
	}},
	{trace.KeyNotAcrossAccounts, refuses, LayerService, func(q *Query) trace.Outcome {
		return trace.Of(q.Owner.layer == LayerKeyPolicy && q.CrossAccount() &&
			!slices.Contains(crossAccountKeyActions, q.action))
	}},
	{trace.AssumeRootRefused, refuses, LayerService, func(q *Query) trace.Outcome {
		if q.action != assumeRoot {
			return trace.No
		}
		return trace.Not(q.mayAssumeRoot())
	}},
	{trace.AssumeRootConsents, consents, LayerService, func(q *Query) trace.Outcome {
		return trace.Of(q.action == assumeRoot)
	}},
	// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
	{trace.OwnerRootBucketPolicy, exempts, LayerService, func(q *Query) trace.Outcome {
		return trace.Of(q.Caller.Kind == RootCaller && q.Owner.Account == q.Caller.Account &&
			slices.Contains(bucketPolicyActions, q.action))
	}},
	{trace.OwnedByAWS, refusesAfter, LayerService, func(q *Query) trace.Outcome {
		return trace.Of(q.ownedByAWS())
	}},
}

const (
	assumeRoot = "sts:assumeroot"
	taskKey    = "sts:TaskPolicyArn"
)

var (
	providerActions = []string{
		"sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:tagsession", "sts:setsourceidentity",
	}
	bucketPolicyActions = []string{"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"}
)

// crossAccountKeyActions are the KMS actions that callers of other accounts can be given.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
var crossAccountKeyActions = []string{
	"kms:creategrant", "kms:decrypt", "kms:derivesharedsecret", "kms:describekey", "kms:encrypt",
	"kms:generatedatakey", "kms:generatedatakeypair", "kms:generatedatakeypairwithoutplaintext",
	"kms:generatedatakeywithoutplaintext", "kms:generatemac", "kms:getkeyrotationstatus", "kms:getpublickey",
	"kms:listgrants", "kms:reencryptfrom", "kms:reencryptto", "kms:retiregrant", "kms:revokegrant", "kms:sign",
	"kms:verify", "kms:verifymac",
}

// ruleKey is a key of the context that rules of services ask for.
type ruleKey struct {
	name   string
	values []string // one of each kind between which the rules tell
	// tells reports whether the rules take a value of the key for the one that they ask for.
	tells func(texts []string) bool
	// called is what such a value is called where nothing but the rules asks for the key; "" for any value.
	called string
}

const (
	issueTime = iota
	mfaPresent
	rootTask
)

var ruleKeys = [...]ruleKey{
	issueTime: {"aws:TokenIssueTime", []string{"2026-03-01T09:30:00Z"}, func([]string) bool { return true }, ""},
	mfaPresent: {"aws:MultiFactorAuthPresent", []string{"true"},
		func(texts []string) bool { return slices.Contains(texts, "true") }, "true"},
	rootTask: {taskKey, []string{rootTaskPrefix + rootTasks[0], "another-policy"}, isRootTask,
		"one of the five tasks"},
}

// ruleKey is the row of the key with a slot; nil when no rule asks for it.
func (w *World) ruleKey(slot int) *ruleKey {
	if i := slices.Index(w.ruleSlots[:], slot); i >= 0 {
		return &ruleKeys[i]
	}
	return nil
}

// findRules notes which rules may apply, so that a decision asks only those.
func (q *Query) findRules() {
	q.rules = q.ruleSpace[:0]
	for i := range serviceRules {
		r := &serviceRules[i]
		if r.applies(q) == trace.No {
			continue
		}
		switch {
		case r.effect == exempts:
			q.exempted = true
		case r.effect == consents:
			q.consented = true
		case len(q.rules) < maxRules:
			q.rules = append(q.rules, uint8(i))
		}
	}
}

// isRule reports whether the gate is a rule of a service.
func (g *gate) isRule() bool { return g.id == StageService || g.id == StageCredentials }

// rulesBefore adds the rules that speak before policies are asked.
func (q *Query) rulesBefore(f *flow) {
	for _, n := range q.rules {
		r := &serviceRules[n]
		applies := r.applies(q)
		if applies == trace.No || r.effect == refusesAfter {
			continue
		}
		g := gate{id: r.layer.Info().Stage, layer: r.layer, need: trace.Yes, open: Passed, reason: r.reason}
		if r.effect == allows {
			g.pass, g.open = trace.Yes, Granted
			if applies == trace.Unknown {
				f.mayAllow = true
				g.open = StageDepends
			} else if f.ruled == Invalid {
				f.ruled = Allowed
			}
			f.add(g)
			if f.ruled == Allowed {
				return
			}
			continue
		}
		g.pass = trace.Not(applies)
		switch {
		case f.ruled != Invalid:
		case applies == trace.Yes:
			f.ruled = ImplicitDeny
		default:
			f.mayRefuse = true
		}
		f.add(g)
	}
}

// rulesAfter adds the rules by which a service refuses what policies allow.
func (q *Query) rulesAfter(f *flow) {
	for _, n := range q.rules {
		r := &serviceRules[n]
		if r.effect == refusesAfter {
			f.add(gate{id: r.layer.Info().Stage, layer: r.layer, pass: trace.Not(r.applies(q)), need: trace.Yes,
				open: Passed, reason: r.reason})
		}
	}
}

// exempt reports whether a layer does not bind this caller for this action.
func (q *Query) exempt(l Layer) bool { return q.exempted && l == q.Owner.layer }

// hasToken is whether the request is made with temporary credentials of a user
// or root user: then it has aws:TokenIssueTime.
func (q *Query) hasToken() trace.Outcome { return q.bound(q.World.ruleSlots[issueTime], "") }

// makesOtherCredentials reports whether a key that the request does not have
// would make its credentials others, so that the answer rests on its absence
// whatever policies say of it.
func (q *Query) makesOtherCredentials(key string) bool {
	switch c := &q.Caller; {
	case strings.EqualFold(key, taskKey):
		return c.Kind == RootCaller && q.action != assumeRoot
	case strings.EqualFold(key, "aws:TokenIssueTime"):
		return (c.Kind == UserCaller || c.Kind == RootCaller) && (q.service == "iam" || q.service == "sts")
	}
	return false
}

// temporaryCannotCall is whether the credentials come from GetSessionToken and
// cannot call this API. sts:TagSession and sts:SetSourceIdentity are no APIs:
// AWS STS checks them within AssumeRole.
func (q *Query) temporaryCannotCall() trace.Outcome {
	if q.Caller.Kind != UserCaller {
		return trace.No
	}
	switch {
	case q.service == "iam":
		return trace.And(q.hasToken(), trace.Not(q.bound(q.World.ruleSlots[mfaPresent], "true")))
	case q.service == "sts" && q.action != "sts:assumerole" && q.action != "sts:tagsession" &&
		q.action != "sts:setsourceidentity":
		return q.hasToken()
	}
	return trace.No
}

// ownedByAWS reports whether the request would change what belongs to AWS: a
// managed policy of AWS's, a service-linked role or one of IAM Identity Center,
// or a reserved alias of AWS KMS.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
func (q *Query) ownedByAWS() bool {
	_, name, _ := strings.Cut(q.action, ":")
	a, ok := arn.Parse(q.Resource)
	if !ok || a.Service != q.service {
		return false
	}
	switch q.service {
	case "iam":
		if a.Account == "aws" {
			return strings.HasPrefix(a.Resource, "policy/") && slices.Contains(policyChanges, name)
		}
		if linked := strings.HasPrefix(a.Resource, "role/aws-service-role/"); linked ||
			strings.HasPrefix(a.Resource, "role/aws-reserved/") {
			// A service-linked role's description can be changed.
			return slices.Contains(roleChanges, name) || !linked && slices.Contains(roleDescriptions, name)
		}
	case "kms":
		return strings.HasPrefix(a.Resource, "alias/aws/") && slices.Contains(aliasChanges, name)
	}
	return false
}

var (
	policyChanges = []string{
		"createpolicyversion", "deletepolicy", "deletepolicyversion", "setdefaultpolicyversion", "tagpolicy",
		"untagpolicy",
	}
	roleChanges = []string{
		"attachrolepolicy", "createrole", "deleterole", "deleterolepermissionsboundary", "deleterolepolicy",
		"detachrolepolicy", "putrolepermissionsboundary", "putrolepolicy", "tagrole", "untagrole",
		"updateassumerolepolicy",
	}
	roleDescriptions = []string{"deleteservicelinkedrole", "updaterole", "updateroledescription"}
	aliasChanges     = []string{"createalias", "deletealias", "updatealias"}
)

// rootTasks are the names of the AWS managed policies for which STS opens a
// session of a member account's root user.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
var rootTasks = []string{
	"IAMAuditRootUserCredentials", "IAMCreateRootUserPassword", "IAMDeleteRootUserCredentials",
	"S3UnlockBucketPolicy", "SQSUnlockQueuePolicy",
}

const rootTaskPrefix = managedPrefix + "root-task/"

// mayAssumeRoot is whether STS opens the root session that the request asks
// for, if policies allow it.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html
func (q *Query) mayAssumeRoot() trace.Outcome {
	o, c := q.World.Scenario.Organization, &q.Caller
	a, ok := arn.Parse(q.Resource)
	if o == nil || !o.RootAccess || !ok || a.Resource != "root" || c.Kind == RootCaller {
		return trace.No
	}
	if c.Account != o.ManagementAccount && !slices.ContainsFunc(o.Delegated,
		func(t Text) bool { return t.Value == c.Account }) {
		return trace.No
	}
	member := q.World.orgPaths[a.Account]
	if member == nil || member.management {
		return trace.No
	}
	task := &q.bindings[q.World.ruleSlots[rootTask]]
	if task.State == pattern.Unknown {
		return trace.Unknown
	}
	return trace.Of(isRootTask(task.Texts))
}

// isRootTask reports whether the value of sts:TaskPolicyArn is one of the five tasks.
func isRootTask(task []string) bool {
	if len(task) == 0 {
		return false
	}
	name, ok := strings.CutPrefix(task[0], rootTaskPrefix)
	return ok && slices.Contains(rootTasks, name)
}

// withoutCredentials is whether code on a resource lacks credentials, where
// nobody knows if its role's trust policy lets the service assume the role.
func (q *Query) withoutCredentials() trace.Outcome {
	p := q.Caller.admission
	if p == nil {
		return trace.No
	}
	switch q.assumption(p) {
	case assumeAllow:
		return trace.No
	case assumeUnknown:
		return trace.Unknown
	}
	return trace.Yes
}
