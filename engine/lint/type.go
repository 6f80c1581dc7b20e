package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Kind is the kind of a policy, as AWS's guide names them.
type Kind uint8

// The kinds of policies.
const (
	Identity Kind = iota
	Boundary
	Session
	Resource
	Trust
	SCP
	RCP
	Endpoint
)

var kindNames = [...]string{"identity", "boundary", "session", "resource", "trust", "scp", "rcp", "vpce"}

// String is "identity", "boundary", "session", "resource", "trust", "scp", "rcp" or "vpce".
func (k Kind) String() string { return kindNames[k] }

// Type is what a policy is: its kind and, for resource-based policies, whose it is.
type Type struct {
	Kind Kind
	// Inline says that an identity-based policy is not a managed one.
	Inline bool
	// Service is the prefix of the resource's service, and Account the ID of its
	// account; "" when that is not known.
	Service, Account string
}

// Types are the words that ParseType reads.
func Types() []string {
	return append(append([]string{}, kindNames[:]...), "resource:SERVICE")
}

// ParseType reads a type: a kind, or "resource:" and a service such as s3 or kms.
func ParseType(word string) (Type, bool) {
	if service, ok := strings.CutPrefix(word, "resource:"); ok && service != "" && strings.Trim(service, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
		return Type{Kind: Resource, Service: service}, true
	}
	for k, name := range kindNames {
		if name == word {
			return Type{Kind: Kind(k)}, true
		}
	}
	return Type{}, false
}

// grammar is the kind of policy that the engine reads.
func (t Type) grammar() engine.PolicyKind {
	switch t.Kind {
	case Session:
		return engine.SessionPolicy
	case Resource:
		if t.Service == "kms" {
			return engine.KeyPolicy
		}
		return engine.ResourcePolicy
	case Trust:
		return engine.TrustPolicy
	case SCP, RCP:
		return engine.OrganizationPolicy
	case Endpoint:
		return engine.EndpointPolicy
	}
	if t.Inline {
		return engine.InlinePolicy
	}
	return engine.IdentityPolicy
}

// Guess is the type that a policy most likely has: a trust policy when it names
// principals and actions of STS alone, a resource-based one when it names
// principals, else an identity-based one. The service is that of its resources.
func Guess(policy *jsonpos.Value) Type {
	list := []*jsonpos.Value{policy.Member("Statement")}
	if list[0] != nil && list[0].Kind == jsonpos.Array {
		list = list[0].Items
	}
	t, trust := Type{}, true
	for _, st := range list {
		if st.Member("Principal") == nil && st.Member("NotPrincipal") == nil {
			continue
		}
		t.Kind = Resource
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
			t.Service = a.Service
		} else if prefix, _, ok := strings.Cut(action, ":"); ok && prefix == "kms" {
			t.Service = "kms"
		}
	}
	if t.Kind == Resource && trust {
		return Type{Kind: Trust}
	}
	return t
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
