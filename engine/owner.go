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
	layer  Layer // LayerResource, LayerTrust or LayerKeyPolicy
}

// trustActions are the actions that a role's trust policy decides about.
var trustActions = []string{"sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext"}

// owner finds whose the resource of a request is and which policy it carries.
func (w *World) owner(c *Caller, action, resource string) Owner {
	o := Owner{layer: LayerResource}
	a, isARN := arn.Parse(resource)
	if res, account := w.directory.resource(resource); res != nil {
		o.Account, o.Origin, o.entry, o.tags = account.ID, OwnerFromDocument, res, res.Tags
		if res.Policy != nil {
			o.policy = w.compiled(res.Policy)
		}
	} else if isARN && isAccountID(a.Account) {
		o.Account, o.Origin = a.Account, OwnerFromARN
	} else if c.Account != "" {
		o.Account, o.Origin = c.Account, OwnerAssumed
	}
	account := w.directory.accounts[o.Account]
	o.Described = account != nil
	if isARN && a.Service == "iam" && strings.HasPrefix(a.Resource, "role/") {
		if slices.Contains(trustActions, action) {
			o.layer = LayerTrust
		}
		if id := w.roles[resource]; id != nil {
			o.tags = id.tags
			if o.layer == LayerTrust {
				o.policy = id.trust
			}
		}
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
