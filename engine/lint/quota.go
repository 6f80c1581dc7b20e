package lint

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Quota is how much of one of AWS's limits is used at one place.
type Quota struct {
	// What is counted, in words that go before "of": "characters of the inline policies of the user ann".
	What    string
	Pointer engine.Pointer
	Used    int
	Limit   int
	// Counted says that things are counted, and not characters.
	Counted bool
	// URL is AWS's page about the limit.
	URL string
	// at is what has the limit, unless it is the size of one policy.
	at *jsonpos.Value
}

const (
	iamQuotas = guide + "reference_iam-quotas.html"
	orgQuotas = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"

	maxPoliciesOfUser  = 10
	maxPoliciesOfGroup = 10
	maxPoliciesOfRole  = 20
	maxGroupsOfUser    = 10
	maxTags            = 50
	maxSessionPolicies = 10
	maxSCPs            = 10
	maxRCPs            = 5
)

// url is the page about the limit of a policy's size.
func (t Type) url() string {
	switch t.Kind {
	case engine.SCP, engine.RCP:
		return orgQuotas
	case engine.EndpointPolicy:
		return "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"
	case engine.KeyPolicy:
		return "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html"
	case engine.ResourcePolicy:
		return "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html"
	}
	return iamQuotas
}

// PolicyQuotas are the limits on a policy that stands alone; none for types that
// AWS gives no limit for, and for a text that is no policy.
func PolicyQuotas(text string, t Type) []Quota {
	doc := jsonpos.Parse(text, jsonpos.Limits{Bytes: engine.MaxBytes, Depth: engine.MaxDepth})
	if doc.Root == nil || doc.Root.Kind != jsonpos.Object {
		return nil
	}
	return sizeOf(doc, doc.Root, t, "the policy")
}

func sizeOf(doc *jsonpos.Document, v *jsonpos.Value, t Type, what string) []Quota {
	limit, spaces := t.limit()
	if limit == 0 {
		return nil
	}
	return []Quota{{What: "characters of " + what, Pointer: engine.Pointer(v.Pointer()), Used: characters(doc, v, spaces), Limit: limit, URL: t.url()}}
}

// Quotas are the limits that a scenario's policies, users, groups, roles and
// levels of its organization come under, in the order of reading.
func Quotas(s *engine.Scenario) []Quota {
	var out []Quota
	types := Uses(s)
	size := func(p *engine.Policy, what string) {
		if p != nil && p.At != nil && p.At.Kind == jsonpos.Object {
			out = append(out, sizeOf(s.Document, p.At, types[p.At], what)...)
		}
	}
	count := func(at *jsonpos.Value, what string, used, limit int, url string) {
		if used > 0 {
			out = append(out, Quota{What: what, Pointer: engine.Pointer(at.Pointer()), Used: used, Limit: limit,
				Counted: true, URL: url, at: at})
		}
	}
	inline := func(at *jsonpos.Value, list []*engine.Policy, of string, limit int) {
		used := 0
		for _, p := range list {
			if p.At != nil && p.At.Kind == jsonpos.Object {
				used += characters(s.Document, p.At, false)
			}
		}
		if used > 0 {
			out = append(out, Quota{What: "characters of the inline policies of " + of,
				Pointer: engine.Pointer(at.Pointer() + "/inline"), Used: used, Limit: limit, URL: iamQuotas,
				at: at.Member("inline")})
		}
	}
	sessions := func(list []*engine.Session) {
		for _, x := range list {
			of := "the session " + quote(x.Name)
			count(x.At, "managed policies of "+of, len(x.Policies), maxSessionPolicies, iamQuotas)
			count(x.At, "tags of "+of, len(x.Tags), maxTags, iamQuotas)
			for _, p := range x.Inline {
				size(p, "the session policy "+quote(p.Name))
			}
		}
	}
	if o := s.Organization; o != nil {
		for _, p := range o.Policies {
			size(p, "the policy "+quote(p.Name))
		}
		visit(o, func(u *engine.Unit) {
			of := "the level " + quote(u.Name)
			if u.At != nil {
				count(u.At, "service control policies of "+of, len(u.SCPs), maxSCPs, orgQuotas)
				count(u.At, "resource control policies of "+of, len(u.RCPs), maxRCPs, orgQuotas)
			}
		})
	}
	for _, a := range s.Accounts {
		for _, p := range a.Policies {
			size(p, "the policy "+quote(p.Name))
		}
		for _, g := range a.Groups {
			of := "the group " + quote(g.Name)
			count(g.At, "managed policies of "+of, len(g.Policies), maxPoliciesOfGroup, iamQuotas)
			inline(g.At, g.Inline, of, maxGroupInline)
		}
		for _, u := range a.Users {
			of := "the user " + quote(u.Name)
			count(u.At, "managed policies of "+of, len(u.Policies), maxPoliciesOfUser, iamQuotas)
			count(u.At, "groups of "+of, len(u.Groups), maxGroupsOfUser, iamQuotas)
			count(u.At, "tags of "+of, len(u.Tags), maxTags, iamQuotas)
			inline(u.At, u.Inline, of, maxUserInline)
			sessions(u.Federations)
		}
		for _, r := range a.Roles {
			of := "the role " + quote(r.Name)
			size(r.Trust, "the trust policy of "+of)
			count(r.At, "managed policies of "+of, len(r.Policies), maxPoliciesOfRole, iamQuotas)
			count(r.At, "tags of "+of, len(r.Tags), maxTags, iamQuotas)
			inline(r.At, r.Inline, of, maxRoleInline)
			sessions(r.Sessions)
		}
		for _, r := range a.Resources {
			size(r.Policy, "the policy of "+quote(r.ARN))
		}
		for _, e := range a.Endpoints {
			size(e.Policy, "the policy of the endpoint "+quote(e.ID))
		}
	}
	return out
}
