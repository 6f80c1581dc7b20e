package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// PublicAccess are the four settings of S3 Block Public Access, of an account
// or of a bucket. Those about access control lists are kept and decide nothing
// here.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
type PublicAccess struct {
	BlockPublicACLs, IgnorePublicACLs, BlockPublicPolicy, RestrictPublicBuckets bool
}

// or is the stricter of two settings; either may be nil.
func (p *PublicAccess) or(o *PublicAccess) PublicAccess {
	var out PublicAccess
	for _, one := range [...]*PublicAccess{p, o} {
		if one != nil {
			out.BlockPublicACLs = out.BlockPublicACLs || one.BlockPublicACLs
			out.IgnorePublicACLs = out.IgnorePublicACLs || one.IgnorePublicACLs
			out.BlockPublicPolicy = out.BlockPublicPolicy || one.BlockPublicPolicy
			out.RestrictPublicBuckets = out.RestrictPublicBuckets || one.RestrictPublicBuckets
		}
	}
	return out
}

// partitions are AWS's partitions.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}

func (r *reader) publicAccess(v *jsonpos.Value) *PublicAccess {
	if v == nil || !r.is(v, "publicAccessBlock", jsonpos.Object) {
		return nil
	}
	r.members(v, "publicAccessBlock", nil,
		[]string{"blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"})
	flag := func(name string) bool { return r.flag(v.Member(name), name) }
	return &PublicAccess{flag("blockPublicAcls"), flag("ignorePublicAcls"), flag("blockPublicPolicy"),
		flag("restrictPublicBuckets")}
}

// publicAccessPolicy reads the S3 policy of a level of an organization.
func (r *reader) publicAccessPolicy(v *jsonpos.Value) string {
	m := v.Member("s3PublicAccessBlock")
	text := r.text(m, "s3PublicAccessBlock")
	if text == "" || text == "all" || text == "none" {
		return text
	}
	r.oneOf(m, "a setting of S3 policies", []string{"all", "none"})
	return ""
}

// bucketOnly reports switches of buckets at other resources.
func (r *reader) bucketOnly(res *Resource) {
	if isBucket(res.ARN) {
		return
	}
	for _, name := range [...]string{"abac", "publicAccessBlock"} {
		if m := res.At.Member(name); m != nil {
			r.addKey(Error, "NOT_A_BUCKET", m, quote(name)+" is a setting of buckets, and "+quote(res.ARN)+" is none",
				"write it at the bucket")
		}
	}
}

// isBucket reports whether an ARN is that of a general purpose bucket of S3.
func isBucket(text string) bool {
	a, ok := arn.Parse(text)
	return ok && a.Service == "s3" && a.Account == "" && !strings.Contains(a.Resource, "/")
}

// publicAccessGate is S3 Block Public Access: a bucket with a public policy and
// RestrictPublicBuckets lets in AWS services and principals of its owner's
// account only.
func (q *Query) publicAccessGate(f *flow) {
	o := &q.Owner
	if q.service != "s3" || !o.inBucket || !o.Described {
		return
	}
	public := q.publicPolicy()
	if !o.publicAccess.RestrictPublicBuckets && !o.publicAccess.BlockPublicPolicy && public == trace.No {
		return
	}
	g := gate{id: StagePublicAccess, layer: LayerPublicAccess, pass: trace.Yes, need: trace.Yes, open: Passed,
		reason: trace.PublicAccessPasses}
	switch {
	case q.restricted():
		g.pass = trace.Not(public)
		switch public {
		case trace.Yes:
			g.reason = trace.PublicAccessBlocked
		case trace.Unknown:
			g.reason = trace.LayerDepends
		}
	case o.publicAccess.BlockPublicPolicy && q.action == "s3:putbucketpolicy":
		g.reason = trace.PublicPolicyRefused
	case !o.publicAccess.RestrictPublicBuckets && public != trace.No:
		g.reason, g.open = trace.PublicAccessOff, NotApplicable
	}
	f.add(g)
}

// restricted reports whether a public policy of the bucket would keep the
// caller out.
func (q *Query) restricted() bool {
	o := &q.Owner
	return q.service == "s3" && o.inBucket && o.Described && o.publicAccess.RestrictPublicBuckets &&
		q.Caller.Kind != ServiceCaller && (q.Caller.Account == "" || q.CrossAccount())
}

// publicPolicy is whether the policy of the bucket is public.
func (q *Query) publicPolicy() trace.Outcome {
	p := q.Owner.policy
	if p == nil {
		return trace.No
	}
	switch {
	case p.unknown < 0 && p.public:
		return trace.Yes
	case p.unknown < 0:
		return q.partsPublic(p)
	}
	// What allows the caller may do so by name, or as one of everyone.
	switch q.assumption(p) {
	case assumeAllow, assumeUnknown:
		return trace.Unknown
	}
	return trace.No
}

// isPublic reports whether S3 holds a policy to be public: some Allow names
// everyone without a condition that fixes one of the keys that tie it down.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func (p *policy) isPublic() bool {
	return slices.ContainsFunc(p.statements, func(s *statement) bool {
		return s.source.Effect == Allow && s.namesEveryone() && s.fixed() == trace.No
	})
}

func (s *statement) namesEveryone() bool {
	return s.source.NotPrincipal || slices.ContainsFunc(s.principals,
		func(p principal) bool { return p.kind == principalEveryone })
}

// fixingKeys are the keys a condition on which keeps a policy from being public.
var fixingKeys = []string{"aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner",
	"aws:sourceaccount", "aws:userid",
	"aws:principalorgid", "aws:principalarn", "aws:principalaccount",
	"s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:dataaccesspointarn", "s3:dataaccesspointaccount"}

// fixed is whether some condition allows only certain values of a fixing key.
func (s *statement) fixed() trace.Outcome {
	out := trace.No
	for i := range s.source.Conditions {
		out = trace.Or(out, fixes(&s.source.Conditions[i]))
	}
	return out
}

// fixes is whether a condition allows only certain values of a fixing key.
func fixes(c *Condition) trace.Outcome {
	key, op := strings.ToLower(c.Key), c.Spec.Operator
	if !slices.Contains(fixingKeys, key) || op.Negated || c.Spec.IfExists || c.Spec.Set == condition.ForAllValues ||
		len(c.Values)+len(c.Parts) == 0 {
		return trace.No
	}
	loose := func(t Text) bool { return true }
	switch op.Type {
	case condition.String, condition.ARN:
		loose = func(t Text) bool { return !fixed(key, t.Value) }
	case condition.IP:
		loose = func(t Text) bool { return !narrow(t.Value) }
	}
	switch {
	case slices.ContainsFunc(c.Values, loose):
		return trace.No
	case len(c.Parts) > 0 && (op.Type == condition.String || op.Type == condition.ARN || op.Type == condition.IP):
		return trace.Unknown
	}
	return trace.Of(len(c.Values) > 0)
}

// fixed reports whether a value has no wildcard and no variable. The name of
// an access point may be a wildcard as long as its account is not.
func fixed(key, value string) bool {
	if a, ok := arn.Parse(value); ok && key == "s3:dataaccesspointarn" {
		value = a.Account
	}
	return value != "" && !strings.ContainsAny(value, "*?") && !strings.Contains(value, "${")
}

// narrow reports whether a range of addresses is one that S3 does not take for
// the whole world: at most a /8, or a /32 of IPv6.
func narrow(cidr string) bool {
	address, bits, ok := strings.Cut(cidr, "/")
	if !ok {
		return true
	}
	least := 8
	if strings.Contains(address, ":") {
		least = 32
	}
	n, err := strconv.Atoi(bits)
	return err == nil && n >= least
}
