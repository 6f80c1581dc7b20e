package lint

import (
	"strings"
	"unicode/utf8"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Limits of the sizes of policies, in characters. IAM does not count white
// space; the others do.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
const (
	maxManaged     = 6_144
	maxUserInline  = 2_048
	maxGroupInline = 5_120
	maxRoleInline  = 10_240
	maxTrust       = 2_048
	maxSession     = 2_048
	maxSCP         = 10_240
	maxRCP         = 5_120
	maxEndpoint    = 20_480
	maxBucket      = 20 * 1024
	maxKey         = 32 * 1024
)

// limit is the size that a policy of the type may have, and whether white space
// counts; 0 when AWS gives none.
func (t Type) limit() (limit int, spaces bool) {
	switch t.Kind {
	case Identity:
		if t.Inline {
			return 0, false // the sum over all of a user's, group's or role's counts
		}
		return maxManaged, false
	case Boundary:
		return maxManaged, false
	case Session:
		return maxSession, false
	case Trust:
		return maxTrust, false
	case SCP:
		return maxSCP, true
	case RCP:
		return maxRCP, true
	case Endpoint:
		return maxEndpoint, true
	}
	switch t.Service {
	case "s3":
		return maxBucket, true
	case "kms":
		return maxKey, true
	}
	return 0, false
}

// characters is how many characters a value has.
func characters(doc *jsonpos.Document, v *jsonpos.Value, spaces bool) int {
	text := doc.Text[v.Start:v.End]
	n := utf8.RuneCountInString(text)
	if !spaces {
		for _, c := range []string{" ", "\t", "\r", "\n"} {
			n -= strings.Count(text, c)
		}
	}
	return n
}

// size holds the policy to its quota.
func (l *linter) size() {
	limit, spaces := l.typ.limit()
	if limit == 0 {
		return
	}
	used := characters(l.doc, l.policy.At, spaces)
	if used <= limit {
		return
	}
	code := map[Kind]string{Trust: "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", SCP: "POLICY_SIZE_EXCEEDS_SCP_QUOTA", RCP: "POLICY_SIZE_EXCEEDS_RCP_QUOTA",
		Resource: "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", Endpoint: "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"}[l.typ.Kind]
	if code == "" {
		code = "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"
	}
	counted := ", white space not counted"
	if spaces {
		counted = ", white space counted"
	}
	l.add(code, l.policy.At, l.policy.At.Start, l.policy.At.Start+1, "the policy has "+number(used)+" characters"+counted+", expected at most "+number(limit), "split it, or leave out what is not needed")
}
