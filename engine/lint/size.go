package lint

import (
	"strings"
	"unicode/utf8"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// sizeChecks are the checks of AWS's limits.
var sizeChecks = []Check{
	{Code: "POLICY_SIZE_EXCEEDS_RCP_QUOTA", Severity: Error, Tier: 1,
		Title: "RCP too long",
		Why:   "A resource control policy has at most 5,120 characters, white space counted.",
		by:    [3]*walk{onSize}, lack: inPolicy,
		Bad: Sample{Type: "rcp", Statements: "…", Times: 60, Each: `{"Effect": "Deny", "Principal": "*", ` +
			`"Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::archive-00/*"}`},
		Good: Sample{Type: "rcp", Statements: "…", Times: 20, Each: `{"Effect": "Deny", "Principal": "*", ` +
			`"Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::archive-00/*"}`},
	},
	{Code: "POLICY_SIZE_EXCEEDS_SCP_QUOTA", Severity: Error, Tier: 1,
		Title: "SCP too long",
		Why:   "A service control policy has at most 10,240 characters, white space counted.",
		by:    [3]*walk{onSize}, lack: inPolicy,
		Bad: Sample{Type: "scp", Statements: "…", Times: 120,
			Each: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
				`"Resource": "arn:aws:s3:::archive-00/*"}`},
		Good: Sample{Type: "scp", Statements: "…", Times: 60,
			Each: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
				`"Resource": "arn:aws:s3:::archive-00/*"}`},
	},
	{Code: "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", Severity: Warning, Tier: 1,
		Title: "identity-based policy too long",
		Why: "A managed policy has at most 6,144 characters, white space not counted; inline policies are summed " +
			"for each user, group and role.",
		by: [3]*walk{onSize, onQuotas}, lack: inPolicy,
		Bad: Sample{Type: "identity", Statements: "…", Times: 90,
			Each: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
				`"Resource": "arn:aws:s3:::archive-00/*"}`},
		Good: Sample{Type: "identity", Statements: "…", Times: 20,
			Each: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
				`"Resource": "arn:aws:s3:::archive-00/*"}`},
	},
	{Code: "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", Severity: Warning, Tier: 1,
		Title: "resource-based policy too long",
		Why:   "Each service has a limit of its own: 20 KB for a bucket policy, 32 KB for a key policy.",
		by:    [3]*walk{onSize}, lack: inPolicy,
		Bad: Sample{Type: "resource:s3", Statements: "…", Times: 160, Each: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::archive-00/*"}`},
		Good: Sample{Type: "resource:s3", Statements: "…", Times: 20, Each: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::archive-00/*"}`},
	},
	{Code: "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", Severity: Warning, Tier: 1,
		Title: "trust policy too long",
		Why:   "A trust policy has at most 2,048 characters, white space not counted, unless AWS raised the quota.",
		by:    [3]*walk{onSize}, lack: inPolicy,
		Bad: Sample{Type: "trust", Statements: "…", Times: 40, Each: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy-00"}, "Action": "sts:AssumeRole"}`},
		Good: Sample{Type: "trust", Statements: "…", Times: 5, Each: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy-00"}, "Action": "sts:AssumeRole"}`},
	},
	{Code: "QUOTA_EXCEEDED", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_iam-quotas.html",
		Title: "more than a quota allows",
		Why:   "AWS refuses what goes over a quota, unless it was raised.",
		by:    [3]*walk{onQuotas},
		Bad: Sample{Type: "scenario", Text: `{"version": 1, "accounts": {"111122223333": {"groups": {"g0": {}, ` +
			`"g1": {}, "g2": {}, "g3": {}, "g4": {}, "g5": {}, "g6": {}, "g7": {}, "g8": {}, "g9": {}, ` +
			`"g10": {}}, "users": {"ann": {"groups": ["g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", ` +
			`"g9", "g10"]}}}}}`},
		Good: Sample{Type: "scenario", Text: `{"version": 1, "accounts": {"111122223333": {"groups": {"g0": {}, ` +
			`"g1": {}, "g2": {}, "g3": {}, "g4": {}, "g5": {}, "g6": {}, "g7": {}, "g8": {}, "g9": {}}, ` +
			`"users": {"ann": {"groups": ["g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9"]}}}}}`},
	},
}

var (
	onSize   = &walk{policy: (*linter).size}
	onQuotas = &walk{scenario: (*linter).quotas}
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
	case engine.InlinePolicy:
		return 0, false // the sum over all of a user's, group's or role's counts
	case engine.IdentityPolicy, engine.BoundaryPolicy:
		return maxManaged, false
	case engine.SessionPolicy:
		return maxSession, false
	case engine.TrustPolicy:
		return maxTrust, false
	case engine.SCP:
		return maxSCP, true
	case engine.RCP:
		return maxRCP, true
	case engine.EndpointPolicy:
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
	code := "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"
	switch l.typ.Kind {
	case engine.TrustPolicy:
		code = "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA"
	case engine.SCP:
		code = "POLICY_SIZE_EXCEEDS_SCP_QUOTA"
	case engine.RCP:
		code = "POLICY_SIZE_EXCEEDS_RCP_QUOTA"
	case engine.ResourcePolicy, engine.KeyPolicy, engine.EndpointPolicy:
		code = "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"
	}
	counted := ", white space not counted"
	if spaces {
		counted = ", white space counted"
	}
	l.add(code, l.policy.At, l.policy.At.Start, l.policy.At.Start+1, "the policy has "+number(used)+" characters"+counted+", expected at most "+number(limit), "split it, or leave out what is not needed")
}

// quotas holds users, groups, roles and levels of an organization to what they may have.
func (l *linter) quotas(s *engine.Scenario) {
	for _, q := range Quotas(s) {
		if q.Used <= q.Limit || q.at == nil {
			continue
		}
		switch {
		case q.Counted:
			l.atKey("QUOTA_EXCEEDED", q.at, "found "+number(q.Used)+" "+q.What+", expected at most "+number(q.Limit),
				"leave some out")
		case q.at.Key == "inline":
			l.atKey("POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", q.at,
				"found "+number(q.Used)+" "+q.What+", white space not counted, expected at most "+number(q.Limit),
				"move some of them to managed policies")
		}
	}
}
