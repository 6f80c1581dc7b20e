package engine

// PolicyKind is what a policy is: which elements it may have, and what it does
// where it is attached. The order of the kinds is that of what they have in
// common: those of identities come first, those of an organization together.
type PolicyKind uint8

const (
	// IdentityPolicy is a managed policy of an account, or one of AWS.
	IdentityPolicy PolicyKind = iota
	// BoundaryPolicy is a managed policy that is nothing but a permissions boundary.
	BoundaryPolicy
	// InlinePolicy belongs to one user, group or role.
	InlinePolicy
	// SessionPolicy is passed when a session is made.
	SessionPolicy
	// ResourcePolicy stands at a resource.
	ResourcePolicy
	// KeyPolicy is the resource policy of a KMS key.
	KeyPolicy
	// TrustPolicy says who may assume a role.
	TrustPolicy
	// OrganizationPolicy is an SCP or an RCP: which of the two shows where it is attached.
	OrganizationPolicy
	// SCP is a service control policy.
	SCP
	// RCP is a resource control policy.
	RCP
	// EndpointPolicy stands at a VPC endpoint.
	EndpointPolicy
	policyKinds
)

// grammar is a kind of policy: its names, and what its elements may be.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type grammar struct {
	word             string // in documents, reports and on the command line
	name             string // in sentences
	of               string // what goes before the name of the thing that has the policy; "" when the policy has a name
	principal        bool   // may stand; required unless optional
	optional         bool   // the principal may be left out (RCPs have it, SCPs have not)
	resourceRequired bool
	noResource       bool
	noNotPrincipal   bool
}

var kinds = [policyKinds]grammar{
	IdentityPolicy: {word: "identity", name: "an identity-based policy", resourceRequired: true},
	BoundaryPolicy: {word: "boundary", name: "a permissions boundary", resourceRequired: true},
	InlinePolicy:   {word: "inline", name: "an identity-based policy", resourceRequired: true},
	SessionPolicy:  {word: "session", name: "a session policy", resourceRequired: true},
	ResourcePolicy: {word: "resource", name: "a resource-based policy", of: "the policy of ", principal: true},
	KeyPolicy: {word: "keyPolicy", name: "a key policy", of: "the key policy of ", principal: true,
		resourceRequired: true},
	TrustPolicy: {word: "trust", name: "a role trust policy", of: "the trust policy of ", principal: true,
		noResource: true, noNotPrincipal: true},
	OrganizationPolicy: {word: "organization", name: "an organization policy", principal: true, optional: true,
		resourceRequired: true, noNotPrincipal: true},
	SCP: {word: "scp", name: "a service control policy", principal: true, optional: true,
		resourceRequired: true, noNotPrincipal: true},
	RCP: {word: "rcp", name: "a resource control policy", principal: true, optional: true,
		resourceRequired: true, noNotPrincipal: true},
	EndpointPolicy: {word: "vpce", name: "a VPC endpoint policy", of: "the policy of endpoint ", principal: true,
		resourceRequired: true},
}

// String is the kind's word in documents, reports and on the command line.
func (k PolicyKind) String() string { return kinds[k].word }

// Name is what sentences call a policy of the kind, with its article.
func (k PolicyKind) Name() string { return kinds[k].name }

// Of is what goes before the name of the thing that has a policy of the kind,
// "the trust policy of "; "" for kinds whose policies have names of their own.
func (k PolicyKind) Of() string { return kinds[k].of }

// organization reports whether AWS Organizations has policies of the kind.
func (k PolicyKind) organization() bool { return k >= OrganizationPolicy && k <= RCP }

// ParsePolicyKind is the kind of a word.
func ParsePolicyKind(word string) (PolicyKind, bool) {
	for k := range kinds {
		if kinds[k].word == word {
			return PolicyKind(k), true
		}
	}
	return 0, false
}

// PolicyKinds are all kinds, in their order.
func PolicyKinds() []PolicyKind {
	out := make([]PolicyKind, policyKinds)
	for k := range out {
		out[k] = PolicyKind(k)
	}
	return out
}
