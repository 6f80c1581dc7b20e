package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
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

// identityBased says that the policy says what its bearer may do.
func (t Type) identityBased() bool { return t.Kind <= Session }
