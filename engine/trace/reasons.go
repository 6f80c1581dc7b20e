package trace

// Reason is why a stage, a statement or an element says what it says: a code
// of the catalogue.
type Reason string

// The reasons of stages.
const (
	NoExplicitDeny              Reason = "deny.none"
	ExplicitDenyMatched         Reason = "deny.matched"
	DenyDepends                 Reason = "deny.depends"
	LayerAllows                 Reason = "layer.allows"
	LayerNoAllow                Reason = "layer.no_allow"
	LayerDepends                Reason = "layer.depends"
	NoPolicyToAllow             Reason = "layer.no_policy"
	NonePresent                 Reason = "layer.none"
	NoOrganization              Reason = "organization.none"
	ManagementAccountExempt     Reason = "organization.management_account"
	ServiceLinkedExempt         Reason = "organization.service_linked_role"
	SCPNotForCaller             Reason = "scp.not_for_caller"
	RCPNotForService            Reason = "rcp.not_for_service"
	EndpointDefault             Reason = "vpce.default"
	ResourceSilent              Reason = "resource.silent"
	ResourceAllows              Reason = "resource.allows"
	ResourceAllowsOther         Reason = "resource.allows_other_account"
	ResourceGrants              Reason = "resource.grants"
	ResourceGrantsWithin        Reason = "resource.grants_within"
	ResourceDelegates           Reason = "resource.delegates"
	TrustedUserWithin           Reason = "trust.user_within_boundary"
	IdentityAllows              Reason = "identity.allows"
	AllowsToo                   Reason = "identity.allows_too"
	NotNeeded                   Reason = "identity.not_needed"
	Overridden                  Reason = "limit.overridden"
	FederatedNeedsSessionPolicy Reason = "session.federated_needs_policy"
	RootHasAll                  Reason = "root.has_all"
	RootNeedsResource           Reason = "root.needs_resource_policy"
	NoCredentials               Reason = "credentials.none"
	CallerIdentityAlwaysAllowed Reason = "service.caller_identity"
	SessionTokenAlwaysAllowed   Reason = "service.session_token"
	RootCannotAssume            Reason = "service.root_cannot_assume"
	FederatedCannotCall         Reason = "service.federated_user"
	TemporaryCannotCall         Reason = "service.temporary_credentials"
	KeyNotAcrossAccounts        Reason = "service.key_across_accounts"
	ProviderCannotCall          Reason = "service.provider"
	OwnerRootBucketPolicy       Reason = "service.bucket_owner_root"
)
