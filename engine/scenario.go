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
}

// Unit is one level of an organization: the root, an organizational unit, or
// (with one account and no units) the account itself.
type Unit struct {
	At       *jsonpos.Value
	Name, ID string
	// SCPs and RCPs are nil when the document does not name any: then AWS's
	// default, FullAWSAccess and RCPFullAWSAccess, is attached.
	SCPs, RCPs []Reference
	Accounts   []Text
	Units      []*Unit
}

// Account is an AWS account.
type Account struct {
	At        *jsonpos.Value
	ID, Name  string
	Policies  []*Policy
	Groups    []*Group
	Users     []*User
	Roles     []*Role
	Resources []*Resource
	Endpoints []*VPCEndpoint
}

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
	Role   *Text // the role whose credentials code running there gets
}

// VPCEndpoint is an interface or gateway endpoint that requests can pass.
type VPCEndpoint struct {
	At      *jsonpos.Value
	ID, VPC string
	Policy  *Policy
}

// Request is one question: may this caller do this?
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
	Action   Text
	Resource Text
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
