package engine

import "github.com/iam-playground/iam-playground/engine/jsonpos"

// Limits of a scenario document.
const (
	MaxBytes    = 1 << 20
	MaxDepth    = 64
	MaxRequests = 10_000
)

// Scenario is a document after reading: a world and what is asked of it. Its
// parts point back to the JSON values they were read from.
type Scenario struct {
	Document     *jsonpos.Document
	Title        string
	Description  string
	Time         *Text // nil when the document has none
	Organization *Organization
	Accounts     []*Account
	Requests     []*Request
	// Diagnostics are sorted by position: of many, the first MaxDiagnostics. More
	// is how many there are beside.
	Diagnostics []Diagnostic
	More        int
}

// Text is a string of the document with its place.
type Text struct {
	Value string
	At    *jsonpos.Value
}

// Organization is an AWS organization: a tree of units with accounts.
type Organization struct {
	At                *jsonpos.Value
	ID                string
	ManagementAccount string
	Policies          []*Policy
	Root              *Unit
	// AccountLevels are the policies attached to accounts themselves.
	AccountLevels []*Unit
	// Delegated are the accounts that administer IAM's root access beside the
	// management account, and RootAccess says that it is switched on.
	Delegated  []Text
	RootAccess bool
}

// Unit is one level of an organization: the root, an organizational unit, or
// (with one account and no units) the account itself.
type Unit struct {
	At       *jsonpos.Value
	Name, ID string
	// SCPs and RCPs are nil when the document does not name any: then AWS's
	// default, FullAWSAccess and RCPFullAWSAccess, is attached.
	SCPs, RCPs []Reference
	// PublicAccess is the S3 policy at this level: "all", "none", or "" for no policy.
	PublicAccess string
	Accounts     []Text
	Units        []*Unit
}

// Account is an AWS account.
type Account struct {
	At       *jsonpos.Value
	ID, Name string
	// Partition is where the account's identities live: "aws" when not given.
	Partition string
	// PublicAccess are the account's settings of S3 Block Public Access.
	PublicAccess *PublicAccess
	Policies     []*Policy
	Groups       []*Group
	Users        []*User
	Roles        []*Role
	Resources    []*Resource
	Endpoints    []*VPCEndpoint
}

const defaultPartition = "aws"

func (a *Account) arn(service, resource string) string {
	return "arn:" + a.Partition + ":" + service + "::" + a.ID + ":" + resource
}

// UserARN is the ARN of a user of the account.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func (a *Account) UserARN(u *User) string { return a.arn("iam", "user"+u.Path+u.Name) }

// RoleARN is the ARN of a role of the account.
func (a *Account) RoleARN(r *Role) string { return a.arn("iam", "role"+r.Path+r.Name) }

// SessionARN is the ARN of a session of a role of the account. It lacks the role's path.
func (a *Account) SessionARN(r *Role, session string) string {
	return a.arn("sts", "assumed-role/"+r.Name+"/"+session)
}

// FederatedUserARN is the ARN of a federated user's session.
func (a *Account) FederatedUserARN(name string) string { return a.arn("sts", "federated-user/"+name) }

// RootARN is the ARN of the account's root user, which also stands for the account.
func (a *Account) RootARN() string { return a.arn("iam", "root") }

// PolicyARN is the ARN of a customer managed policy of the account.
func (a *Account) PolicyARN(name string) string { return a.arn("iam", "policy/"+name) }

// Reference names a policy: by the name of a customer managed policy, or by ARN.
type Reference = Text

// Group is an IAM group. It holds users only.
type Group struct {
	At       *jsonpos.Value
	Name     string
	Policies []Reference
	Inline   []*Policy
}

// User is an IAM user.
type User struct {
	At          *jsonpos.Value
	Name        string
	Path        string // "/" when not given
	ID          string // the unique ID, AIDA…; "" when not given
	Groups      []Text
	Policies    []Reference
	Inline      []*Policy
	Boundary    *Reference
	Tags        []Tag
	Federations []*Session
}

// Role is an IAM role.
type Role struct {
	At       *jsonpos.Value
	Name     string
	Path     string // "/" when not given
	ID       string // the unique ID, AROA…; "" when not given
	Trust    *Policy
	Policies []Reference
	Inline   []*Policy
	Boundary *Reference
	Tags     []Tag
	Sessions []*Session
}

// Session is what is known of a role session or of a federated user's session.
type Session struct {
	At             *jsonpos.Value
	Name           string
	Policies       []Reference
	Inline         []*Policy
	Tags           []Tag
	MFA            bool
	AssumedBy      *Text
	SourceIdentity string
}

// Tag is a key with its value.
type Tag struct{ Key, Value string }

// Resource is something in an account that requests can name.
type Resource struct {
	At     *jsonpos.Value
	ARN    string
	Policy *Policy
	Tags   []Tag
	Role   *Text  // the role whose credentials code running there gets
	Region string // "" when only the ARN tells
	// ABAC says that the bucket's tags take part in authorization.
	ABAC bool
	// PublicAccess are the bucket's settings of S3 Block Public Access.
	PublicAccess *PublicAccess
}

// VPCEndpoint is an interface or gateway endpoint that requests can pass.
type VPCEndpoint struct {
	At      *jsonpos.Value
	ID, VPC string
	Policy  *Policy
}

// Request is one question: may this caller do this? Expect is about the whole
// call, further checks included.
type Request struct {
	At        *jsonpos.Value
	Name      string
	Principal Text
	Action    Text
	Resource  Text
	Context   []ContextValue
	Unknown   []Text
	Via       *Text
	Also      []Check
	Expect    *Expectation
}

// Check is a further authorization that the same call needs.
type Check struct {
	At       *jsonpos.Value
	Name     string // "" when not given
	Action   Text
	Resource Text
	// Context and Unknown stand in place of what the request says of the same keys.
	Context []ContextValue
	Unknown []Text
	Expect  *Expectation
}

// ContextValue is a context key as the request writes it.
type ContextValue struct {
	At     *jsonpos.Value
	Key    string
	Absent bool // written as null
	Multi  bool // written as an array
	Values []string
}

// Expectation is what the author of a request expects of its answer. Absent
// parts are empty and not checked.
type Expectation struct {
	At *jsonpos.Value
	// Decision is a decision's word or "denied" for either kind.
	Decision   string
	DecidedBy  []Text
	Statements []Text
	DependsOn  []Text
	// HasDecidedBy and its kin tell an empty list, which is checked, from none.
	HasDecidedBy, HasStatements, HasDependsOn bool
}

// Policies are all policy documents of the scenario, in the order of reading.
func (s *Scenario) Policies() []*Policy {
	var out []*Policy
	add := func(list ...*Policy) {
		for _, p := range list {
			if p != nil {
				out = append(out, p)
			}
		}
	}
	if s.Organization != nil {
		add(s.Organization.Policies...)
	}
	for _, a := range s.Accounts {
		add(a.Policies...)
		for _, g := range a.Groups {
			add(g.Inline...)
		}
		for _, u := range a.Users {
			add(u.Inline...)
			for _, f := range u.Federations {
				add(f.Inline...)
			}
		}
		for _, r := range a.Roles {
			add(r.Trust)
			add(r.Inline...)
			for _, x := range r.Sessions {
				add(x.Inline...)
			}
		}
		for _, r := range a.Resources {
			add(r.Policy)
		}
		for _, e := range a.Endpoints {
			add(e.Policy)
		}
	}
	return out
}
