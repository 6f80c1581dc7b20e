package catalog

// GlobalKey is a condition key that does not belong to one service's actions.
type GlobalKey struct {
	Key
	// Also is a second type that AWS takes for the key's values; the same as Type when there is none.
	Also  KeyType
	About Subject
	// Present says when a request has the key: "always", or a phrase that goes on from "when".
	Present string
	// Sensitive says that AWS warns of wildcards in the key's values: they name
	// one account, organization or network each.
	Sensitive bool
}

// Subject is what a global key is a property of, as AWS sorts them.
type Subject uint8

// The subjects of global keys.
const (
	Principal Subject = iota
	RoleSession
	Network
	Resource
	Request
)

// String is the subject as AWS names it.
func (s Subject) String() string {
	return [...]string{"principal", "role session", "network", "resource", "request"}[s]
}

// Always is the Present of a key that every request has.
const Always = "always"

// Global is the global key that a written name stands for, in any case and with
// any tag key; nil when there is none.
func Global(name string) *GlobalKey {
	for i := range globalKeys {
		if globalKeys[i].Matches(name) {
			return &globalKeys[i]
		}
	}
	return nil
}

// GlobalKeys are the keys that AWS documents for requests to any service,
// sorted by subject. They are not to be changed.
func GlobalKeys() []GlobalKey { return globalKeys }

// globalKeys is written by hand after AWS's page.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var globalKeys = []GlobalKey{
	{Key{"aws:PrincipalArn", ARN, false}, ARN, Principal, "the request is signed by a principal of an account; a role session has the ARN of its role", false},
	{Key{"aws:PrincipalAccount", String, false}, String, Principal, Always, true},
	{Key{"aws:PrincipalOrgPaths", String, true}, String, Principal, "the principal's account is in an organization", false},
	{Key{"aws:PrincipalOrgID", String, false}, String, Principal, "the principal's account is in an organization", true},
	{Key{"aws:PrincipalTag/${TagKey}", String, false}, String, Principal, "the user, role or session has the tag", false},
	{Key{"aws:PrincipalIsAWSService", Bool, false}, Bool, Principal, "the request is signed; true when an AWS service calls as itself", false},
	{Key{"aws:PrincipalServiceName", String, false}, String, Principal, "an AWS service calls as itself", false},
	{Key{"aws:PrincipalServiceNamesList", String, true}, String, Principal, "an AWS service calls as itself", false},
	{Key{"aws:PrincipalType", String, false}, String, Principal, Always, false},
	{Key{"aws:userid", String, false}, String, Principal, Always, false},
	{Key{"aws:username", String, false}, String, Principal, "the caller is an IAM user", false},

	{Key{"aws:AssumedRoot", Bool, false}, Bool, RoleSession, "the credentials are from sts:AssumeRoot", false},
	{Key{"aws:FederatedProvider", String, false}, ARN, RoleSession, "the session is from sts:AssumeRoleWithWebIdentity; built-in providers have a name, others an ARN", false},
	{Key{"aws:TokenIssueTime", Date, false}, Date, RoleSession, "the credentials are temporary", false},
	{Key{"aws:SignInSessionArn", ARN, false}, ARN, RoleSession, "the session is from AWS Sign-In, outside of the console", false},
	{Key{"aws:MultiFactorAuthAge", Numeric, false}, Numeric, RoleSession, "the credentials are temporary and were got with MFA", false},
	{Key{"aws:MultiFactorAuthPresent", Bool, false}, Bool, RoleSession, "the credentials are temporary; long-term keys do not have it", false},
	{Key{"aws:ChatbotSourceArn", ARN, false}, ARN, RoleSession, "a chat service made the session", false},
	{Key{"aws:Ec2InstanceSourceVpc", String, false}, String, RoleSession, "the credentials are those of an EC2 instance's role", false},
	{Key{"aws:Ec2InstanceSourcePrivateIPv4", IPAddress, false}, IPAddress, RoleSession, "the credentials are those of an EC2 instance's role", false},
	{Key{"aws:SourceIdentity", String, false}, String, RoleSession, "the session has a source identity", false},
	{Key{"ec2:RoleDelivery", Numeric, false}, Numeric, RoleSession, "the credentials are those of an EC2 instance's role; 1.0 or 2.0 by version of the metadata service", false},
	{Key{"ec2:SourceInstanceArn", ARN, false}, ARN, RoleSession, "the credentials are those of an EC2 instance's role", false},
	{Key{"glue:RoleAssumedBy", String, false}, String, RoleSession, "AWS Glue calls with a service role", false},
	{Key{"glue:CredentialIssuingService", String, false}, String, RoleSession, "a job or development endpoint of AWS Glue calls", false},
	{Key{"codebuild:BuildArn", ARN, false}, ARN, RoleSession, "AWS CodeBuild assumed the role", false},
	{Key{"codebuild:ProjectArn", ARN, false}, ARN, RoleSession, "AWS CodeBuild assumed the role", false},
	{Key{"lambda:SourceFunctionArn", ARN, false}, ARN, RoleSession, "a Lambda function calls", false},
	{Key{"ssm:SourceInstanceArn", ARN, false}, ARN, RoleSession, "the credentials are those of a managed instance of Systems Manager", false},
	{Key{"identitystore:UserId", String, false}, String, RoleSession, "the caller is a user of IAM Identity Center", false},

	{Key{"aws:SourceIp", IPAddress, false}, IPAddress, Network, "the request does not come through a VPC endpoint", false},
	{Key{"aws:SourceVpc", String, false}, String, Network, "the request comes through a VPC endpoint", true},
	{Key{"aws:SourceVpcArn", ARN, false}, ARN, Network, "the request comes through a VPC endpoint, to a service that supports the key", false},
	{Key{"aws:SourceVpce", String, false}, String, Network, "the request comes through a VPC endpoint", true},
	{Key{"aws:VpceAccount", String, false}, String, Network, "the request comes through a VPC endpoint, to a service that supports the key", true},
	{Key{"aws:VpceOrgID", String, false}, String, Network, "the request comes through a VPC endpoint of an account in an organization, to a service that supports the key", true},
	{Key{"aws:VpceOrgPaths", String, true}, String, Network, "the request comes through a VPC endpoint of an account in an organization, to a service that supports the key", false},
	{Key{"aws:VpcSourceIp", IPAddress, false}, IPAddress, Network, "the request comes through a VPC endpoint", false},

	{Key{"aws:ResourceAccount", String, false}, String, Resource, "the request is about a resource, for all but a few actions", true},
	{Key{"aws:ResourceOrgID", String, false}, String, Resource, "the resource's account is in an organization", true},
	{Key{"aws:ResourceOrgPaths", String, true}, String, Resource, "the resource's account is in an organization", false},
	{Key{"aws:ResourceTag/${TagKey}", String, false}, String, Resource, "the resource has the tag, and its service tells", false},

	{Key{"aws:CalledVia", String, true}, String, Request, "a service calls on behalf of the principal; the services in order", false},
	{Key{"aws:CalledViaFirst", String, false}, String, Request, "a service calls on behalf of the principal", false},
	{Key{"aws:CalledViaLast", String, false}, String, Request, "a service calls on behalf of the principal", false},
	{Key{"aws:CalledViaAWSMCP", String, false}, String, Request, "an AWS MCP server calls on behalf of the principal", false},
	{Key{"aws:ViaAWSService", Bool, false}, Bool, Request, Always, false},
	{Key{"aws:ViaAWSMCPService", Bool, false}, Bool, Request, "an AWS MCP server calls on behalf of the principal", false},
	{Key{"aws:CurrentTime", Date, false}, Date, Request, Always, false},
	{Key{"aws:EpochTime", Date, false}, Numeric, Request, Always, false},
	{Key{"aws:referer", String, false}, String, Request, "the browser sent the header", false},
	{Key{"aws:RequestedRegion", String, false}, String, Request, Always, false},
	{Key{"aws:RequestTag/${TagKey}", String, false}, String, Request, "the request passes the tag", false},
	{Key{"aws:TagKeys", String, true}, String, Request, "the request can pass tags", false},
	{Key{"aws:SecureTransport", Bool, false}, Bool, Request, Always, false},
	{Key{"aws:SourceAccount", String, false}, String, Request, "a service calls as itself on behalf of a resource", true},
	{Key{"aws:SourceArn", ARN, false}, ARN, Request, "a service calls as itself on behalf of a resource", false},
	{Key{"aws:SourceOrgID", String, false}, String, Request, "a service calls as itself on behalf of a resource whose account is in an organization", true},
	{Key{"aws:SourceOrgPaths", String, true}, String, Request, "a service calls as itself on behalf of a resource whose account is in an organization", false},
	{Key{"aws:UserAgent", String, false}, String, Request, Always, false},
	{Key{"aws:IsMcpServiceAction", Bool, false}, Bool, Request, "an MCP service authorizes one of its own actions", false},
}
