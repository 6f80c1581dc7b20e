package explain

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Notes are the footnotes of an explanation: rules that surprise and had a
// part in this answer, each once.
func Notes(e *engine.Evaluation) []trace.Info {
	var out []trace.Info
	add := func(r trace.Reason) {
		for _, n := range out {
			if n.Code == r {
				return
			}
		}
		out = append(out, trace.Lookup(r))
	}
	for i := range e.Stages {
		switch s := &e.Stages[i]; s.Reason {
		case trace.Overridden, trace.ResourceGrantsWithin, trace.ResourceDelegates, trace.TrustedUserWithin, trace.FederatedNeedsSessionPolicy,
			trace.ManagementAccountExempt, trace.ServiceLinkedExempt, trace.OwnerRootBucketPolicy,
			trace.RootNeedsResource,
			trace.BudgetSpent:
			add(s.Reason)
		}
	}
	decisive := e.Decisive()
	for _, n := range decisive {
		for _, el := range e.Query.Elements(n) {
			switch el.Reason {
			case trace.NotPrincipalBoundary, trace.NotPrincipalChain, "condition.matched_because_absent":
				add(el.Reason)
			}
		}
	}
	for _, step := range e.Steps {
		if step.Kind == trace.Statement && step.Conditions == trace.No {
			for _, el := range e.Query.Elements(step.Subject) {
				if el.Reason == "condition.missing_qualifier" {
					add(el.Reason)
				}
			}
		}
	}
	return out
}

// Absent is one sentence about a key that conditions asked for and nobody gave.
func Absent(e *engine.Evaluation, a engine.AbsentKey) string {
	if a.Untried {
		return a.Key + " is not in the request; whether the answer rests on that would take too many steps to find"
	}
	switch lower := strings.ToLower(a.Key); {
	case !a.Matters && (lower == "aws:calledvia" || strings.HasPrefix(lower, "aws:requesttag/")):
		// Other keys follow from it, and conditions ask for those as well.
		return a.Key + " is not in the request, and no condition on it changes the answer"
	case !a.Matters:
		return a.Key + " is not in the request, and the answer would be the same with any value"
	}
	var ways []string
	for _, w := range a.Ways {
		for _, d := range w.Decisions.List() {
			ways = append(ways, decisionWords(d)+" with "+w.Value)
		}
	}
	if len(ways) == 0 {
		return a.Key + " is not in the request, and the answer rests on that"
	}
	return a.Key + " is not in the request, and the answer rests on that: it would be " + Join(few(ways, "ways"), "or")
}

func decisionWords(d engine.Decision) string {
	switch d {
	case engine.Allowed:
		return "allowed"
	case engine.ExplicitDeny:
		return "explicitly denied"
	case engine.ImplicitDeny:
		return "implicitly denied"
	}
	return "open"
}

// presence says when requests have a key, for the keys that AWS documents for
// all services.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var presence = [...]struct{ key, when string }{
	{"aws:principalarn", "in every signed request; for a role session it is the role's ARN"},
	{"aws:principalaccount", "in every request"},
	{"aws:principalorgid", "when the caller's account is in an organization"},
	{"aws:principalorgpaths", "when the caller's account is in an organization"},
	{"aws:principalisawsservice", "in every signed request"},
	{"aws:principalservicename", "when a service itself calls"},
	{"aws:principalservicenameslist", "when a service itself calls"},
	{"aws:principaltype", "in every request"},
	{"aws:userid", "in every request; the unique ID of the user or role is not known here unless it is written"},
	{"aws:username", "for IAM users only"},
	{"aws:tokenissuetime", "with temporary credentials"},
	{"aws:multifactorauthpresent", "with temporary credentials; never with a user's long-term access keys"},
	{"aws:multifactorauthage", "with temporary credentials that were got with MFA"},
	{"aws:federatedprovider", "in sessions from an OIDC provider"},
	{"aws:sourceidentity", "in sessions with a source identity"},
	{"aws:sourceip", "in requests that do not go through a VPC endpoint"},
	{"aws:sourcevpc", "in requests through a VPC endpoint"},
	{"aws:sourcevpce", "in requests through a VPC endpoint"},
	{"aws:vpcsourceip", "in requests through a VPC endpoint"},
	{"aws:vpceaccount", "in requests through a VPC endpoint of some services"},
	{"aws:vpceorgid", "in requests through a VPC endpoint of some services"},
	{"aws:vpceorgpaths", "in requests through a VPC endpoint of some services"},
	{"aws:resourceaccount", "in nearly every request"},
	{"aws:resourceorgid", "when the resource's account is in an organization"},
	{"aws:resourceorgpaths", "when the resource's account is in an organization"},
	{"aws:calledvia", "when a service repeats the call in the caller's name"},
	{"aws:calledviafirst", "when a service repeats the call in the caller's name"},
	{"aws:calledvialast", "when a service repeats the call in the caller's name"},
	{"aws:viaawsservice", "in every request"},
	{"aws:currenttime", "in every request; write the scenario's time to give it"},
	{"aws:epochtime", "in every request; write the scenario's time to give it"},
	{"aws:requestedregion", "in every request"},
	{"aws:securetransport", "in every request"},
	{"aws:useragent", "in every request"},
	{"aws:referer", "when a browser sends it"},
	{"aws:tagkeys", "when the request passes tags"},
	{"aws:sourcearn", "when a service calls on behalf of a resource"},
	{"aws:sourceaccount", "when a service calls on behalf of a resource"},
	{"aws:sourceorgid", "when a service calls on behalf of a resource"},
	{"aws:sourceorgpaths", "when a service calls on behalf of a resource"},
	{"s3:tlsversion", "in every request to Amazon S3"},
	{"ec2:sourceinstancearn", "in sessions of an instance's role"},
	{"lambda:sourcefunctionarn", "in sessions of a function's role"},
	{"kms:calleraccount", "in requests to AWS KMS"},
	{"sts:externalid", "in AssumeRole requests that pass an external ID"},
	{"sts:rolesessionname", "in AssumeRole requests"},
	{"iam:passedtoservice", "in iam:PassRole checks"},
}

// Presence says when requests have a key, in a few words; "" when that is not known.
func Presence(key string) string {
	lower := strings.ToLower(key)
	for i := range presence {
		if presence[i].key == lower {
			return presence[i].when
		}
	}
	prefix, _, _ := strings.Cut(lower, "/")
	if strings.HasSuffix(prefix, ":resourcetag") {
		return "when the resource has the tag"
	}
	switch prefix {
	case "aws:principaltag":
		return "when the caller has the tag"
	case "s3:existingobjecttag":
		return "in requests about an object that has the tag, when they read it or change its tags"
	case "aws:requesttag":
		return "when the request passes the tag"
	}
	return ""
}
