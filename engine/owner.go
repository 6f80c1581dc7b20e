package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
)

// OwnerOrigin says how the account of a resource was found.
type OwnerOrigin uint8

const (
	// OwnerUnknown says that nothing shows whose the resource is.
	OwnerUnknown OwnerOrigin = iota
	// OwnerFromDocument: the document has the resource under an account.
	OwnerFromDocument
	// OwnerFromARN: the resource's ARN has the account.
	OwnerFromARN
	// OwnerAssumed: the caller's account, since nothing else is given.
	OwnerAssumed
)

// String is "unknown", "document", "arn" or "assumed".
func (o OwnerOrigin) String() string { return [...]string{"unknown", "document", "arn", "assumed"}[o] }

// Owner is the account that a resource belongs to and what consent it needs.
type Owner struct {
	Account   string
	Origin    OwnerOrigin
	Described bool

	entry  *Resource
	policy *policy // the resource's policy; nil when it has none
	tags   []Tag
	region string // "" when the document does not give it
	layer  Layer  // LayerResource, LayerTrust or LayerKeyPolicy
	// partition is that of the resource's ARN; "" when it has no ARN.
	partition string
	// missingRole says that a described account has no role of the name.
	missingRole bool
	// inBucket says that the resource is a bucket of Amazon S3 or lies in one,
	// and publicAccess are the settings of Block Public Access that apply to it.
	inBucket     bool
	publicAccess PublicAccess
}

// trustActions are the actions that a role's trust policy decides about.
var trustActions = []string{"sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext"}

// owner finds whose the resource of a request is and which policy it carries.
func (w *World) owner(c *Caller, action, resource string) Owner {
	o := Owner{layer: LayerResource}
	a, isARN := arn.Parse(resource)
	if isARN {
		o.partition = a.Partition
	}
	if res, account := w.directory.resource(resource); res != nil {
		o.Account, o.Origin, o.entry, o.region = account.ID, OwnerFromDocument, res, res.Region
		policy := res.Policy
		if bucket := w.bucket(a); bucket != nil && bucket != res {
			// An object is under its bucket's policy, and where its bucket is.
			if policy == nil {
				policy = bucket.Policy
			}
			if o.region == "" {
				o.region = bucket.Region
			}
		}
		if policy != nil {
			o.policy = w.policies[policy]
		}
		if a.Service != "s3" || res.ARN == resource {
			o.tags = res.Tags // in Amazon S3 an object does not have those of its bucket
		}
	} else if isARN && isAccountID(a.Account) {
		o.Account, o.Origin = a.Account, OwnerFromARN
	} else if c.Account != "" {
		o.Account, o.Origin = c.Account, OwnerAssumed
	}
	account := w.directory.accounts[o.Account]
	if o.Origin == OwnerFromARN {
		account = w.account(a.Partition, o.Account)
	}
	o.Described = account != nil
	w.blockPublicAccess(&o, a, account)
	if isARN && a.Service == "iam" && strings.HasPrefix(a.Resource, "role/") {
		if slices.Contains(trustActions, action) {
			o.layer = LayerTrust
		}
		id := w.roles[resource]
		if id != nil {
			o.tags = id.tags
			if o.layer == LayerTrust {
				o.policy = id.trust
			}
		}
		o.missingRole = id == nil && o.layer == LayerTrust && o.Described
	}
	if isARN && a.Service == "iam" && strings.HasPrefix(a.Resource, "user/") {
		if id := w.users[resource]; id != nil {
			o.tags = id.tags
		}
	}
	if isARN && a.Service == "kms" && strings.HasPrefix(action, "kms:") && strings.HasPrefix(a.Resource, "key/") {
		o.layer = LayerKeyPolicy
	}
	return o
}

// bucket is the entry of the bucket that an ARN is of or lies in; nil for the
// ARNs of other things, and when there is no entry.
func (w *World) bucket(a arn.ARN) *Resource {
	if a.Service != "s3" || a.Account != "" {
		return nil
	}
	name, _, _ := strings.Cut(a.Resource, "/")
	bucket, _ := w.directory.resource("arn:" + a.Partition + ":s3:::" + name)
	return bucket
}

// blockPublicAccess finds the settings of S3 Block Public Access for a bucket
// or an object: an organization's S3 policy takes the place of the account's.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_s3.html
func (w *World) blockPublicAccess(o *Owner, a arn.ARN, account *Account) {
	if o.inBucket = a.Service == "s3" && a.Account == ""; !o.inBucket || account == nil {
		return
	}
	ofAccount := account.PublicAccess
	if member := w.orgPaths[account.ID]; member != nil && member.publicAccess != "" {
		all := member.publicAccess == "all"
		ofAccount = &PublicAccess{all, all, all, all}
	}
	var ofBucket *PublicAccess
	if bucket := w.bucket(a); bucket != nil {
		ofBucket = bucket.PublicAccess
	}
	o.publicAccess = ofAccount.or(ofBucket)
}

// stranger is the policy that stands for all that an account may say which
// the document does not describe.
func (w *World) stranger(account string) *policy {
	p := w.strangers[account]
	if p == nil {
		p = &policy{source: &Policy{Name: "account " + account, State: Withheld}, stranger: account}
		w.strangers[account] = p
		w.addUnknown(p)
	}
	return p
}
