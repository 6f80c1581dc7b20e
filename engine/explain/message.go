// Package explain turns an evaluation into sentences: AWS's own message, a
// sentence for each stage, statement and element, and what is missing.
//
// Sentences are for people. Programs use the reason codes of package trace.
package explain

import (
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Message is the sentence that the caller reads: for a denial AWS's
// AccessDenied message word for word, for others one of ours.
func Message(e *engine.Evaluation) string {
	d := e.Deciding()
	q := d.Query
	subject := "User: " + q.Caller.ARN + " is not authorized to perform: " + q.Action
	if q.Resource != "*" {
		subject += " on resource: " + q.Resource
	}
	switch e.Overall {
	case engine.Allowed:
		return allowedMessage(d)
	case engine.Depends:
		return dependsMessage(&e.Call)
	}
	if d.Decision == engine.Depends {
		return togetherMessage(e)
	}
	switch e.Overall {
	case engine.ExplicitDeny:
		for _, l := range engine.DenyingLayers() {
			if has(d.DecidedBy, l) {
				return subject + " with an explicit deny in " + l.Info().Explicit + policyARN(d, l)
			}
		}
		return subject + " with an explicit deny"
	}
	if len(d.DecidedBy) == 0 {
		return subject
	}
	switch l := d.DecidedBy[0]; l {
	case engine.LayerCredentials:
		return `Unable to locate credentials. You can configure credentials by running "aws login".`
	case engine.LayerService:
		switch d.Stopped().Reason {
		case trace.OwnedByAWS:
			return ownedMessage(q)
		case trace.OtherPartition:
			return "The security token included in the request is invalid"
		case trace.RootCannotAssume:
			return "Roles may not be assumed by root accounts."
		case trace.FederatedCannotCall, trace.TemporaryCannotCall:
			_, name, _ := strings.Cut(q.Action, ":")
			return "Cannot call " + name + " with session credentials"
		}
		return subject
	default:
		if l.Info().None != "" {
			return subject + " because no " + l.Info().None + " allows the " + q.Action + " action"
		}
	}
	return subject
}

// ownedMessage is what a service says of a change to what belongs to AWS.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
func ownedMessage(q *engine.Query) string {
	if i := strings.Index(q.Resource, ":role/"); i >= 0 {
		name := q.Resource[strings.LastIndexByte(q.Resource, '/')+1:]
		return "Cannot perform the operation on the protected role '" + name +
			"' - this role is only modifiable by AWS"
	}
	return q.Resource + " belongs to AWS, and users cannot change it"
}

func has(list []engine.Layer, l engine.Layer) bool {
	for _, x := range list {
		if x == l {
			return true
		}
	}
	return false
}

// policyARN is the ARN of a denying policy of a layer, after a colon, where
// AWS gives it: for policies that have one and stand in the caller's account or
// its organization.
//
// https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns/
func policyARN(e *engine.Evaluation, l engine.Layer) string {
	q := e.Query
	switch l {
	case engine.LayerIdentity, engine.LayerBoundary, engine.LayerSession, engine.LayerSCP:
	case engine.LayerRCP:
		if !q.World.InOrganization(q.Caller.Account) {
			return ""
		}
	default:
		return ""
	}
	for n, set := range q.Sets() {
		if set.Layer != l {
			continue
		}
		for _, number := range Denying(e, []int{n}) {
			_, p := q.World.Statement(number)
			if arn := policyARNIn(q.World, p, l); arn != "" {
				return ": " + arn
			}
		}
	}
	return ""
}

// policyARNIn is the ARN of a policy that speaks in a layer; "" for policies without one.
func policyARNIn(w *engine.World, p *engine.Policy, l engine.Layer) string {
	o := w.Scenario.Organization
	if p.Kind != engine.OrganizationPolicy || p.Document != "" || p.At == nil || o == nil {
		return ManagedARN(w, p)
	}
	if o.ManagementAccount == "" || o.ID == "" {
		return ""
	}
	kind := "service_control_policy"
	if l == engine.LayerRCP {
		kind = "resource_control_policy"
	}
	return "arn:aws:organizations::" + o.ManagementAccount + ":policy/" + o.ID + "/" + kind + "/" +
		organizationPolicyID(p)
}

// organizationPolicyID is the ID of a policy of an organization; for one
// without an ID one of the same form, made from its name.
func organizationPolicyID(p *engine.Policy) string {
	if p.ID != "" {
		return p.ID
	}
	sum := uint64(14695981039346656037) // FNV-1a
	for i := range len(p.Name) {
		sum = (sum ^ uint64(p.Name[i])) * 1099511628211
	}
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	id := []byte("p-")
	for range 8 {
		id = append(id, digits[sum%36])
		sum /= 36
	}
	return string(id)
}

// ManagedARN is the ARN of a managed policy; "" for policies without one.
func ManagedARN(w *engine.World, p *engine.Policy) string {
	if p.Document != "" {
		return p.Document
	}
	if p.Kind != engine.IdentityPolicy || p.At == nil {
		return ""
	}
	for _, a := range w.Scenario.Accounts {
		for _, own := range a.Policies {
			if own == p {
				return a.PolicyARN(p.Name)
			}
		}
	}
	return ""
}

func allowedMessage(e *engine.Evaluation) string {
	q := e.Query
	what := q.Caller.ARN + " may perform " + q.Action
	if q.Resource != "*" {
		what += " on " + q.Resource
	}
	var by []string
	for _, l := range e.DecidedBy {
		switch l {
		case engine.LayerRoot:
			return what + " because the root user has full access to its account"
		case engine.LayerService:
			for i := range e.Stages {
				if s := &e.Stages[i]; s.State == engine.Granted && s.Layer == l {
					return what + " because " + firstSentence(trace.Lookup(s.Reason).Text)
				}
			}
		}
		by = append(by, l.Info().Explicit)
	}
	switch len(by) {
	case 0:
		return what
	case 1:
		return what + " because " + by[0] + " allows it"
	}
	return what + " because " + Join(by, "and") + " allow it"
}

// togetherMessage is about a call that is denied though each of its checks may be allowed.
func togetherMessage(e *engine.Evaluation) string {
	var checks []string
	for _, c := range append([]*engine.Evaluation{e}, e.Also...) {
		if c.Decision == engine.Depends {
			checks = append(checks, c.Query.Action+" on "+c.Query.Resource)
		}
	}
	return "Denied whichever way the unknowns turn out: what allows one check of the call denies another, of " +
		Join(checks, "and")
}

func dependsMessage(e *engine.Answer) string {
	var names []string
	for i := range e.Unknowns {
		u := &e.Unknowns[i]
		names = append(names, UnknownName(*u))
	}
	if !e.Exact {
		open := firstSentence(trace.Lookup(trace.BudgetSpent).Text) + ", so the answer stays open"
		if len(names) > 0 {
			open += ". Unknown are " + Join(few(names, "unknowns"), "and")
		}
		return open
	}
	lead := "The known facts do not settle this: it depends on "
	if !e.Possible.Has(engine.Allowed) {
		lead = "Denied either way; whether by an explicit Deny depends on "
	}
	return lead + Join(names, "and")
}

// UnknownName is what people call an unknown fact.
func UnknownName(u engine.Unknown) string {
	switch u.Kind {
	case engine.UnknownPolicy:
		return "the text of policy " + u.Name
	case engine.UnknownAccount:
		if u.Name == "" {
			return "the account that owns the resource"
		}
		return "the policies of account " + u.Name
	case engine.UnknownPart:
		if u.Statement == nil {
			return "a statement of policy " + u.Policy.Name + " that nobody knows: " + u.Name
		}
		return "a value of " + u.Part.Element + " in " + StatementName(u.Statement, u.Policy) +
			" that nobody knows: " + u.Name
	case engine.UnknownStatement:
		return "the statement " + u.Name
	}
	if u.Check >= 0 {
		return u.Name + " of further check " + strconv.Itoa(u.Check+1)
	}
	return u.Name
}

// Join is a list in words: "a, b and c".
func Join(list []string, word string) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " " + word + " " + list[len(list)-1]
}

func firstSentence(s string) string {
	first, _, _ := strings.Cut(s, ". ")
	return strings.TrimSuffix(first, ".")
}
