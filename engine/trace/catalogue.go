package trace

// Info is what the catalogue says about a reason.
type Info struct {
	Code Reason
	// Title is a few words.
	Title string
	// Text is one or two sentences for a learner.
	Text string
	// Page is the AWS page of the rule.
	Page string
	// Example is a shipped scenario in which the reason occurs.
	Example string
	// Rule is the rule of package rulebook on which the reason rests, such as
	// "7.3-role".
	Rule string
}

const (
	guide      = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	evalPage   = guide + "reference_policies_evaluation-logic_policy-eval-denyallow.html"
	onePage    = guide + "reference_policies_evaluation-logic_policy-eval-basics.html"
	twoPage    = guide + "reference_policies_evaluation-logic-cross-account.html"
	prinPage   = guide + "reference_policies_elements_principal.html"
	nprPage    = guide + "reference_policies_elements_notprincipal.html"
	condPage   = guide + "reference_policies_elements_condition_operators.html"
	setPage    = guide + "reference_policies_condition-single-vs-multi-valued-context-keys.html"
	varPage    = guide + "reference_policies_variables.html"
	actPage    = guide + "reference_policies_elements_action.html"
	nactPage   = guide + "reference_policies_elements_notaction.html"
	resPage    = guide + "reference_policies_elements_resource.html"
	nresPage   = guide + "reference_policies_elements_notresource.html"
	boundPage  = guide + "access_policies_boundaries.html"
	polPage    = guide + "access_policies.html"
	trustPage  = guide + "id_roles_update-role-trust-policy.html"
	rootPage   = guide + "id_root-user.html"
	scpPage    = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html"
	rcpPage    = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html"
	vpcePage   = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"
	stsPage    = "https://docs.aws.amazon.com/STS/latest/APIReference/"
	kmsPage    = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html"
	publicPage = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
	s3Page     = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html"
)

var catalogue = [...]Info{
	{NoExplicitDeny, "No explicit deny",
		"No Deny statement matches.",
		evalPage, "basics/explicit-deny-wins", "1-deny"},
	{ExplicitDenyMatched, "Explicit deny",
		"A Deny statement matches. An explicit Deny overrides every Allow.",
		evalPage, "basics/explicit-deny-wins", "1-deny"},
	{DenyDepends, "A Deny may match",
		"Whether a Deny statement matches depends on what is unknown.",
		evalPage, "unknown/an-scp-you-cannot-read", "unknowns-policies"},
	{LayerAllows, "Allows",
		"A statement here allows the action.",
		evalPage, "tutorials/permission-ceilings", "7.2-flow"},
	{LayerNoAllow, "No Allow matches",
		"No statement here allows the action.",
		evalPage, "basics/nothing-allowed-by-default", "7.2-flow"},
	{LayerDepends, "Depends",
		"Whether it allows depends on what is unknown.",
		evalPage, "unknown/whether-mfa-was-used", "unknowns-keys"},
	{AllowsEitherWay, "Allows either way",
		"It depends on what is unknown which statement allows, but one does in every case.",
		evalPage, "unknown/unknowns-that-cancel-out", "unknowns-either-way"},
	{DeniesEitherWay, "Denies either way",
		"It depends on what is unknown what stops the request, but something does in every case.",
		evalPage, "unknown/the-office-or-the-vpn", "unknowns-either-way"},
	{DoesNotMatter, "Does not matter",
		"It depends on what is unknown, and the decision is the same either way.",
		evalPage, "unknown/an-unknown-that-does-not-matter", "unknowns-either-way"},
	{BudgetSpent, "Too much to try",
		"Looking at every statement in every way that the unknowns leave open takes more steps than one request " +
			"may. So the answer stays open.",
		evalPage, "unknown/too-many-unknowns", "unknowns-budget"},
	{NoPolicyToAllow, "Nothing attached that could allow",
		"There is no policy here, and one has to allow.",
		evalPage, "basics/nothing-allowed-by-default", "1-default"},
	{NonePresent, "None attached",
		"There is no policy of this kind, so nothing is limited.",
		evalPage, "basics/nothing-allowed-by-default", "7.1-table"},
	{NoOrganization, "No organization",
		"The account is in no organization, so no policy of this kind applies.",
		evalPage, "basics/nothing-allowed-by-default", "7.1-organization"},
	{ManagementAccountExempt, "Management account",
		"Policies of this kind do not bind the organization's management account.",
		scpPage, "organizations/the-management-account-is-exempt", "8-exempt"},
	{ServiceLinkedExempt, "Service-linked role",
		"Policies of this kind do not bind service-linked roles.",
		scpPage, "organizations/an-empty-level-blocks-everything", "7.1-organization"},
	{SCPNotForCaller, "Not a principal of an account",
		"Service control policies bind the users, roles and root users of member accounts, and the caller is none " +
			"of them.",
		scpPage, "organizations/a-data-perimeter-with-an-rcp", "7.1-organization"},
	{RCPNotForService, "Not covered",
		"Resource control policies do not cover this action.",
		rcpPage, "organizations/a-deny-counts-for-all-below", "8-rcp-services"},
	{EndpointDefault, "Default endpoint policy",
		"The VPC endpoint has AWS's default policy, which lets everything pass.",
		vpcePage, "special/vpc-endpoint-policy", "7.1-endpoint"},
	{PublicAccessBlocked, "Public access is blocked",
		"The bucket's policy is public and RestrictPublicBuckets is on: then only AWS services and principals of " +
			"the owner's account get in.",
		publicPage, "special/block-public-access", "7.7-public-access-block"},
	{PublicAccessPasses, "Not blocked",
		"S3 Block Public Access does not keep this caller out.",
		publicPage, "special/block-public-access", "7.7-public-access-block"},
	{PublicAccessOff, "Block Public Access is off",
		"The bucket's policy is public, and the document switches nothing of S3 Block Public Access on. AWS " +
			"switches all four settings on for new buckets.",
		publicPage, "resource-policies/anonymous-reads", "7.7-public-access-block"},
	{PublicPolicyRefused, "Public policies are refused",
		"BlockPublicPolicy is on: S3 takes the new policy only if it is not public, which this document does not " +
			"say.",
		publicPage, "special/block-public-access", "7.7-public-access-block"},
	{ResourceSilent, "Silent",
		"The resource's policy says nothing about this request, and need not: within one account the caller's own " +
			"policies are enough.",
		onePage, "resource-policies/bucket-policy-or-identity-policy", "7.2-one-account"},
	{ResourceAllows, "Allows",
		"The resource's policy allows it as well.",
		onePage, "resource-policies/anonymous-reads", "7.2-one-account"},
	{ResourceAllowsOther, "The owner's side allows",
		"The resource's policy lets the caller's account in; the caller's own policies must allow too.",
		twoPage, "cross-account/both-sides-must-allow", "7.4-both"},
	{ResourceGrants, "Grants",
		"The resource's policy names the caller or everyone. That is enough, whatever the caller's own policies " +
			"leave out.",
		onePage, "resource-policies/bucket-policy-or-identity-policy", "7.3-grants"},
	{ResourceGrantsWithin, "Grants within limits",
		"The resource's policy names the caller's role. That is enough without an identity-based policy, but " +
			"boundary and session policies still limit it.",
		onePage, "resource-policies/role-arn-or-session-arn", "7.3-role"},
	{ResourceDelegates, "Delegates",
		"The resource's policy names only the account, which leaves the decision to the account's own policies.",
		prinPage, "resource-policies/account-principal-only-delegates", "7.3-account"},
	{TrustedUserWithin, "Trusted, within the boundary",
		"The trust policy names the user; a permissions boundary must allow the action all the same.",
		trustPage, "resource-policies/trust-policy-and-assume-role", "7.5-boundary"},
	{TrustedRoleMissing, "No such role",
		"The account has no role of this name, so there is no trust policy to allow it.",
		trustPage, "pitfalls/a-role-that-is-not-there", "7.5-trust"},
	{IdentityAllows, "Allows",
		"An identity-based policy allows the action.",
		onePage, "basics/groups-and-inline-policies-add-up", "7.2-flow"},
	{AllowsToo, "Allows too",
		"An identity-based policy allows it as well; the resource's policy was enough.",
		onePage, "basics/explicit-deny-wins", "7.2-one-account"},
	{NotNeeded, "Not needed",
		"No identity-based policy allows it, and none needs to: the resource's policy grants it directly.",
		onePage, "resource-policies/bucket-policy-or-identity-policy", "7.3-grants"},
	{Overridden, "Does not limit",
		"It does not allow the action, but an Allow that names the caller directly in the resource's policy is " +
			"not limited by it.",
		boundPage, "tutorials/permission-ceilings", "7.3-grants"},
	{FederatedNeedsSessionPolicy, "No session policy was passed",
		"A federated user has of the user's permissions only what session policies allow, and none were passed.",
		stsPage + "API_GetFederationToken.html", "special/federated-user", "7.1-session"},
	{RootHasAll, "Root user",
		"The root user has full access to its own account; no identity-based policy can be attached to it.",
		rootPage, "basics/root-user", "1-root"},
	{RootNeedsResource, "Needs the resource's policy",
		"Even the root user needs the resource's policy here.",
		rootPage, "resource-policies/kms-key-policy-is-the-root-of-trust", "1-root"},
	{RootTaskLimits, "The task's Denies",
		"The policy of a root session's task allows nothing: its Denies leave the root user only what the task needs.",
		guide + "id_root-user-privileged-task.html", "special/a-root-session-for-one-task", "7.7-assume-root"},
	{NoCredentials, "No credentials",
		"The code runs on a resource without a role, so it has no credentials and sends no request.",
		guide + "id_roles_use_switch-role-ec2.html", "tutorials/ali-and-the-ec2-role", "7.7-no-credentials"},
	{CredentialsNotTrusted, "The role does not trust the service",
		"The role's trust policy does not let the service that runs this code assume it, so the code has no " +
			"credentials and sends no request.",
		guide + "id_roles_create_for-service.html", "special/an-instance-whose-role-trusts-lambda",
		"7.7-no-credentials"},
	{CredentialsDepend, "Credentials depend",
		"Whether the role's trust policy lets the service that runs this code assume the role is not known.",
		guide + "id_roles_create_for-service.html", "unknown/a-trust-policy-that-names-everyone",
		"7.7-no-credentials"},
	{ServiceDecides, "Not asked",
		"The service decides this call by itself, whatever this says.",
		stsPage + "API_GetCallerIdentity.html", "special/get-caller-identity-ignores-deny", "7.7-caller-identity"},
	{OtherPartition, "Another partition",
		"Credentials work in the partition of their account only, and the resource is in another one.",
		guide + "reference-arns.html", "special/accounts-of-another-partition", "11-partition"},
	{CallerIdentityAlwaysAllowed, "Always allowed",
		"AWS always answers GetCallerIdentity, even with an explicit Deny.",
		stsPage + "API_GetCallerIdentity.html", "special/get-caller-identity-ignores-deny", "7.7-caller-identity"},
	{SessionTokenAlwaysAllowed, "No permission needed",
		"GetSessionToken needs no permission, and policies cannot control it.",
		stsPage + "API_GetSessionToken.html", "special/get-session-token", "7.7-session-token"},
	{RootCannotAssume, "Root users cannot assume roles",
		"AWS STS refuses AssumeRole to root users.",
		stsPage + "API_AssumeRole.html", "resource-policies/trust-policy-and-assume-role", "7.5-root"},
	{FederatedCannotCall, "Not with a federated user's credentials",
		"Credentials from GetFederationToken cannot call IAM, nor STS but for GetCallerIdentity.",
		stsPage + "API_GetFederationToken.html", "special/federated-user", "7.7-federated-user"},
	{TemporaryCannotCall, "Not with these temporary credentials",
		"Credentials from GetSessionToken cannot call IAM without MFA, and in STS only AssumeRole and " +
			"GetCallerIdentity.",
		stsPage + "API_GetSessionToken.html", "special/get-session-token", "7.7-session-token"},
	{KeyNotAcrossAccounts, "Not across accounts",
		"This KMS action cannot be given to callers of another account, whatever the policies say.",
		kmsPage, "cross-account/a-key-for-another-account", "7.6-across"},
	{ProviderCannotCall, "An identity provider only federates",
		"An identity provider's callers can only assume roles with their token.",
		stsPage + "API_AssumeRoleWithWebIdentity.html", "special/web-identity-and-saml", "7.5-federated"},
	{OwnerRootBucketPolicy, "Not for the owner's root user",
		"The bucket policy cannot keep the owner's root user from reading, replacing or deleting it.",
		s3Page, "special/locked-out-of-the-bucket", "7.7-bucket-policy"},
	{OwnedByAWS, "Belongs to AWS",
		"What belongs to AWS cannot be changed by its users, whatever their policies allow: AWS managed policies, " +
			"service-linked roles, roles of IAM Identity Center, and aliases that begin with alias/aws/.",
		guide + "id_roles_create-service-linked-role.html", "special/what-belongs-to-aws", "7.7-belongs-to-aws"},
	{AssumeRootRefused, "No root session",
		"AWS STS opens a root session only for the management account or a delegated administrator of its " +
			"organization, in a member account, with centralized root access switched on, for one of five tasks, and " +
			"never to a root user.",
		guide + "id_root-user-privileged-task.html", "special/a-root-session-for-one-task", "7.7-assume-root"},
	{AssumeRootConsents, "The organization consents",
		"A member account needs no policy of its own for a root session: centralized root access is its consent.",
		guide + "id_root-user-privileged-task.html", "special/a-root-session-for-one-task", "7.7-assume-root"},

	{ActionMatch, "Action matches",
		"The statement's Action covers the request's.",
		actPage, "basics/action-wildcards-and-case", "3.1-wildcards"},
	{ActionNoMatch, "Another action",
		"The statement's Action does not cover the request's.",
		actPage, "basics/action-wildcards-and-case", "3.1-wildcards"},
	{NotActionListed, "Excepted action",
		"The request's action is listed in NotAction, so the statement does not speak of it.",
		nactPage, "basics/not-action-is-everything-except", "3.1-notaction"},
	{NotActionNotListed, "Not an excepted action",
		"The request's action is not listed in NotAction, so the statement speaks of it.",
		nactPage, "basics/not-action-is-everything-except", "3.1-notaction"},
	{ResourceMatch, "Resource matches",
		"The statement's Resource covers the request's.",
		resPage, "basics/bucket-arn-is-not-object-arn", "3.2-wildcards"},
	{ResourceNoMatch, "Another resource",
		"The statement's Resource does not cover the request's.",
		resPage, "basics/bucket-arn-is-not-object-arn", "3.2-wildcards"},
	{ResourceNeedsStar, `Needs the Resource "*"`,
		"The action has no resources, so it is requested on \"*\", and only \"*\" covers that.",
		resPage, "basics/action-wildcards-and-case", "3.2-star"},
	{NotResourceListed, "Excepted resource",
		"The request's resource is listed in NotResource, so the statement does not speak of it.",
		nresPage, "pitfalls/not-resource-allows-the-rest", "3.2-notresource"},
	{NotResourceNotListed, "Not an excepted resource",
		"The request's resource is not listed in NotResource, so the statement speaks of it.",
		nresPage, "pitfalls/not-resource-allows-the-rest", "3.2-notresource"},
	{VariableUnset, "Variable without value",
		"A policy variable has no value in this request, so the pattern matches nothing.",
		varPage, "basics/policy-variables", "5-no-value"},
	{VariableUnknown, "Unknown variable",
		"A policy variable's value is unknown.",
		varPage, "unknown/whose-folder-is-it", "unknowns-variables"},
	{PrincipalNamed, "Principal named",
		"The statement names the caller.",
		prinPage, "resource-policies/bucket-policy-or-identity-policy", "3.3-list"},
	{PrincipalNotNamed, "Principal not named",
		"The statement does not name the caller.",
		prinPage, "resource-policies/bucket-policy-or-identity-policy", "3.3-list"},
	{PrincipalAccount, "Account named",
		"The statement names the caller's account, which lets the account's own policies decide.",
		prinPage, "resource-policies/account-principal-only-delegates", "3.3-account"},
	{PrincipalEveryone, "Everyone named",
		"The statement names everyone.",
		prinPage, "resource-policies/anonymous-reads", "3.3-everyone"},
	{NotPrincipalListed, "Caller excepted",
		"Every identifier of the caller is listed in NotPrincipal.",
		nprPage, "resource-policies/not-principal-denies-more-than-meant", "3.4-chain"},
	{NotPrincipalChain, "Caller not excepted",
		"A caller is excepted only when all its identifiers are listed: the user, the role and the session, and " +
			"the account.",
		nprPage, "resource-policies/not-principal-denies-more-than-meant", "3.4-chain"},
	{NotPrincipalBoundary, "Boundary and NotPrincipal",
		"A Deny with NotPrincipal applies to every caller with a permissions boundary, listed or not.",
		nprPage, "resource-policies/not-principal-denies-more-than-meant", "3.4-boundary"},
	{NotPrincipalUnclear, "Excepted in part",
		"Some of the caller's identifiers are listed in NotPrincipal and not all. Whether that excepts the " +
			"caller, AWS leaves to the service: Amazon S3 excepts it, of others it is not known.",
		nprPage, "unknown/not-principal-without-the-account", "3.4-in-part"},
	{PartUnknown, "Unknown part",
		"Nobody knows a value that the policy has here, and whether the element matches depends on it.",
		resPage, "unknown/a-bucket-name-from-a-parameter", "unknowns-parts"},

	{"condition.value_match", "Condition met",
		"A value of the request is one of the policy's.",
		condPage, "conditions/string-like-or-string-equals", "4.3-operators"},
	{"condition.value_mismatch", "Condition not met",
		"No value of the request is one of the policy's.",
		condPage, "conditions/string-like-or-string-equals", "4.3-operators"},
	{"condition.none_match", "Condition met",
		"No value of the request is one of those that the policy excepts.",
		condPage, "conditions/missing-keys-and-negated-operators", "4.1-and-or"},
	{"condition.one_match", "Condition not met",
		"A value of the request is one of those that the policy excepts.",
		condPage, "conditions/missing-keys-and-negated-operators", "4.1-and-or"},
	{"condition.key_absent", "Key absent",
		"The request does not have the key, and the operator is false then.",
		condPage, "conditions/mfa-bool-or-bool-if-exists", "4.2-missing"},
	{"condition.matched_because_absent", "Met because the key is absent",
		"The request does not have the key, and the operator is true then.",
		condPage, "conditions/mfa-bool-or-bool-if-exists", "4.2-missing"},
	{"condition.key_present", "Key present",
		"The request has the key.",
		condPage, "conditions/null-asks-whether-a-key-is-there", "4.8-null"},
	{"condition.missing_qualifier", "Set operator missing",
		"The key has several values, and the operator lacks ForAllValues or ForAnyValue: such a condition never " +
			"matches here.",
		setPage, "conditions/several-values-need-a-set-operator", "4.7-set-operator"},
	{"condition.empty_set", "Empty list",
		"The key is there and has no values.",
		setPage, "conditions/for-all-values-and-the-empty-set", "4.7-for-all"},
	{"condition.unreadable_value", "Unreadable value",
		"The request's value is not of the operator's type.",
		condPage, "conditions/numbers-and-the-mfa-age", "11-conditions"},
	{"condition.key_unknown", "Key unknown",
		"Nobody said what the key's value is.",
		condPage, "unknown/whether-mfa-was-used", "unknowns-keys"},
	{"condition.variable_unset", "Variable without value",
		"A policy variable has no value in this request, so the comparison fails.",
		varPage, "conditions/tags-decide", "5-no-value"},
	{"condition.no_values", "No values",
		"The policy lists no values for the key.",
		condPage, "pitfalls/a-condition-without-values", "11-conditions"},
}

// Catalogue is every reason, stages first, then elements, then conditions.
func Catalogue() []Info { return catalogue[:] }

// Lookup is the catalogue's entry of a reason; for a code that it does not
// have, an entry with nothing but the code.
func Lookup(code Reason) Info {
	for i := range catalogue {
		if catalogue[i].Code == code {
			return catalogue[i]
		}
	}
	return Info{Code: code}
}
