package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Type is what a policy is: its kind and, for resource-based policies, whose it is.
type Type struct {
	Kind engine.PolicyKind
	// Service is the prefix of the resource's service, and Account the ID of its
	// account; "" when that is not known.
	Service, Account string
}

// resourceOf is the type of a resource-based policy of a service; "" when it is not known.
func resourceOf(service string) Type {
	if service == "kms" {
		return Type{Kind: engine.KeyPolicy, Service: service}
	}
	return Type{Kind: engine.ResourcePolicy, Service: service}
}

// identity reports whether a policy says what the identities that have it may do:
// it is managed or inline, and no boundary.
func (t Type) identity() bool {
	return t.Kind == engine.IdentityPolicy || t.Kind == engine.InlinePolicy
}

// resource reports whether a policy stands at a resource that is no role.
func (t Type) resource() bool {
	return t.Kind == engine.ResourcePolicy || t.Kind == engine.KeyPolicy
}

// Types are the words that ParseType reads.
func Types() []string {
	var words []string
	for _, k := range engine.PolicyKinds() {
		if k != engine.OrganizationPolicy {
			words = append(words, k.String())
		}
	}
	return append(words, "resource:SERVICE")
}

// ParseType reads a type: the word of a kind, or "resource:" and a service such as s3 or kms.
func ParseType(word string) (Type, bool) {
	const inNames = "abcdefghijklmnopqrstuvwxyz0123456789-"
	if service, ok := strings.CutPrefix(word, "resource:"); ok && service != "" &&
		strings.Trim(service, inNames) == "" {
		return resourceOf(service), true
	}
	k, ok := engine.ParsePolicyKind(word)
	switch {
	case !ok || k == engine.OrganizationPolicy:
		return Type{}, false // an SCP and an RCP are told apart
	case k == engine.KeyPolicy:
		return resourceOf("kms"), true
	}
	return Type{Kind: k}, true
}

// Guess is the type that a policy most likely has: a trust policy when it names
// principals and actions of STS alone, a resource-based one when it names
// principals, else an identity-based one. The service is that of its resources.
func Guess(policy *jsonpos.Value) Type {
	list := []*jsonpos.Value{policy.Member("Statement")}
	if list[0] != nil && list[0].Kind == jsonpos.Array {
		list = list[0].Items
	}
	named, trust, service := false, true, ""
	for _, st := range list {
		if st.Member("Principal") == nil && st.Member("NotPrincipal") == nil {
			continue
		}
		named = true
		trust = trust && st.Member("Resource") == nil && st.Member("NotResource") == nil
		first := func(v *jsonpos.Value) string {
			if v != nil && v.Kind == jsonpos.Array && len(v.Items) > 0 {
				v = v.Items[0]
			}
			if v == nil {
				return ""
			}
			return v.Text
		}
		action := first(st.Member("Action"))
		trust = trust && strings.HasPrefix(action, "sts:")
		if a, ok := arn.Parse(first(st.Member("Resource"))); ok && !wild(a.Service) {
			service = a.Service
		} else if prefix, _, ok := strings.Cut(action, ":"); ok && prefix == "kms" {
			service = "kms"
		}
	}
	switch {
	case !named:
		return Type{}
	case trust:
		return Type{Kind: engine.TrustPolicy}
	}
	return resourceOf(service)
}

// IsScenario reports whether a document is a scenario and not a policy.
func IsScenario(doc *jsonpos.Document) bool {
	return doc.Root.Member("accounts") != nil || doc.Root.Member("version") != nil && doc.Root.Member("Version") == nil
}

// Of finds what is wrong with a document that is a scenario or a policy, of the
// type given or else of that which it most likely has. library may be nil.
func Of(text string, t *Type, library *engine.Library, c *catalog.Catalog) []Finding {
	doc := jsonpos.Parse(text, jsonpos.Limits{Bytes: engine.MaxBytes, Depth: engine.MaxDepth})
	switch {
	case t != nil:
		return Policy(text, *t, c)
	case doc.Root != nil && IsScenario(doc):
		return Scenario(engine.NewWorld(engine.Parse(text), library), c)
	case doc.Root != nil:
		return Policy(text, Guess(doc.Root), c)
	}
	return Policy(text, Type{}, c)
}
