package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/spell"
)

// keyChecks are the checks of condition keys and of what they hold.
var keyChecks = []Check{
	{Code: "INVALID_CONDITION_KEY_FORMAT", Severity: Error, Tier: 1, Stored: true,
		Title: "condition key without a prefix",
		Why:   "A key is a prefix, a colon and a name.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"team": "a"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}`},
	},
	{Code: "INVALID_GLOBAL_CONDITION_KEY", Severity: Error, Tier: 2, Ages: true,
		Title: "unknown global key",
		Why:   "No request has it.",
		by:    [3]*walk{onKeys},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalAcount": "111122223333"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}`},
	},
	{Code: "MISSING_TAG_KEY_IN_CONDITION", Severity: Error, Tier: 1,
		Title: "tag key missing",
		Why:   "The key of a tag stands after the slash: aws:ResourceTag/team.",
		by:    [3]*walk{onKeys},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:ResourceTag/": "a"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}}`},
	},
	{Code: "UNSUPPORTED_GLOBAL_CONDITION_KEY", Severity: Error, Tier: 2, Stored: true,
		Title: "aws:ARN",
		Why:   "It is not supported: aws:PrincipalArn and aws:SourceArn took its place.",
		by:    [3]*walk{onKeys},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnLike": {"aws:ARN": "arn:aws:iam::111122223333:role/app"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}}`},
	},
	{Code: "WILDCARD_USAGE_TOO_PERMISSIVE", Severity: Error, Tier: 2,
		Title: "wildcard in a sensitive key",
		Why:   "The key names one account, organization or network; part of an ID can fit a stranger's.",
		by:    [3]*walk{onIDs},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringLike": {"aws:PrincipalOrgID": "o-ex*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringLike": {"aws:PrincipalOrgID": "o-example123"}}}`},
	},
	{Code: "MISSING_PAIRED_CONDITION_KEYS", Severity: SecurityWarning, Tier: 2,
		Title: "aws:VpcSourceIp alone",
		Why:   "Private addresses repeat from VPC to VPC: without the VPC they say little.",
		by:    [3]*walk{onVPCAddress},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}, ` +
			`"StringEquals": {"aws:SourceVpc": "vpc-0abc1234def567890"}}}`},
	},
	{Code: "UNTRUSTWORTHY_CONDITION_KEY", Severity: SecurityWarning, Tier: 1,
		Title: "condition on what the caller sends",
		Why:   "Referer and user agent are whatever the caller writes into the request.",
		by:    [3]*walk{onForgeable},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringLike": {"aws:UserAgent": "example-app/*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`},
	},
	{Code: "DEPRECATED_GLOBAL_CONDITION_KEY", Severity: Warning, Tier: 2,
		Title: "deprecated key",
		Why:   "aws:SourceAccount took the place of aws:SourceOwner.",
		by:    [3]*walk{onKeys},
		Bad: Sample{Type: "resource:sns", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish", "Resource": "*", ` +
			`"Condition": {"StringEquals": {"aws:SourceOwner": "111122223333"}}}`},
		Good: Sample{Type: "resource:sns", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish", "Resource": "*", ` +
			`"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`},
		Also: []string{"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"},
	},
	{Code: "PRINCIPALARN_ROOT_VALUE", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_condition-keys.html#condition-keys-principalarn",
		Title: "root in aws:PrincipalArn",
		Why:   "As a condition value it is the root user only, and not the account as in Principal.",
		by:    [3]*walk{onPrincipalARN},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:root"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}`},
	},
	{Code: "PRINCIPALARN_SESSION_VALUE", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_condition-keys.html#condition-keys-principalarn",
		Title: "session in aws:PrincipalArn",
		Why:   "For a session the key holds the ARN of the role, so the value never matches.",
		by:    [3]*walk{onPrincipalARN},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:sts::111122223333:assumed-role/app/ann"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}}`},
	},
	{Code: "IRRELEVANT_CONDITION_KEY_IN_POLICY", Severity: Suggestion, Tier: 3,
		Title: "resource's account in its own policy",
		Why:   "It is always the same: the account of the resource that has the policy.",
		by:    [3]*walk{onOwnAccount},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"s3:ResourceAccount": "111122223333"}}}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
}

var (
	onKeys         = &walk{condition: (*linter).keyName}
	onForgeable    = &walk{condition: (*linter).forgeable}
	onPrincipalARN = &walk{condition: (*linter).principalARN}
	onIDs          = &walk{condition: (*linter).ids}
	onVPCAddress   = &walk{condition: (*linter).vpcAddress}
	onOwnAccount   = &walk{condition: (*linter).ownAccount}
)

// The prefixes of keys that end in a tag's key.
var tagPrefixes = []string{"aws:resourcetag", "aws:requesttag", "aws:principaltag", "s3:existingobjecttag",
	"s3:requestobjecttag", "ec2:resourcetag", "iam:resourcetag"}

// keyName looks at the name of a key.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (l *linter) keyName(st *statement, c *clause) {
	if contains(tagPrefixes, strings.TrimSuffix(c.lower, "/")) {
		l.atKey("MISSING_TAG_KEY_IN_CONDITION", c.At, quote(c.Key)+" names no tag, expected a slash and the tag's key",
			"write it like "+strings.TrimSuffix(c.Key, "/")+"/team")
		return
	}
	switch c.lower {
	case "aws:arn":
		l.atKey("UNSUPPORTED_GLOBAL_CONDITION_KEY", c.At, quote(c.Key)+" is not supported",
			"use aws:PrincipalArn or aws:SourceArn").
			fix("use aws:PrincipalArn", l.rename(c.At, "aws:PrincipalArn")...)
	case "aws:sourceowner":
		l.atKey("DEPRECATED_GLOBAL_CONDITION_KEY", c.At, quote(c.Key)+" is deprecated", "use aws:SourceAccount").
			fix("use aws:SourceAccount", l.rename(c.At, "aws:SourceAccount")...)
	default:
		if strings.HasPrefix(c.lower, "aws:") && catalog.Global(c.Key) == nil {
			f := l.atKey("INVALID_GLOBAL_CONDITION_KEY", c.At, quote(c.Key)+" is not a global condition key",
				"see AWS's list of global condition keys")
			if near := l.nearestGlobal(c.Key); near != "" {
				f.Hint = "did you mean " + quote(near) + "?"
				f.fix("write "+near, l.rename(c.At, near)...)
			}
		}
	}
}

// forgeable finds access that hangs on what a caller can set at will.
func (l *linter) forgeable(st *statement, c *clause) {
	if (c.lower == "aws:referer" || c.lower == "aws:useragent") &&
		(st.Effect == engine.Deny) == c.Spec.Operator.Negated && c.Spec.Operator.Type != condition.Null {
		l.atKey("UNTRUSTWORTHY_CONDITION_KEY", c.At, quote(c.Key)+" is whatever the caller sends",
			"decide by who calls, or from where")
	}
}

// vpcAddress finds addresses inside of a VPC that is not named.
func (l *linter) vpcAddress(st *statement, c *clause) {
	if c.lower == "aws:vpcsourceip" && !st.has("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn") {
		l.atKey("MISSING_PAIRED_CONDITION_KEYS", c.At,
			quote(c.Key)+" alone says little: addresses inside of VPCs repeat",
			"add a condition on aws:SourceVpc or aws:SourceVpce")
	}
}

// ownAccount finds conditions on the account of the resource that has the policy.
func (l *linter) ownAccount(st *statement, c *clause) {
	if l.typ.resource() && st.Effect == engine.Allow &&
		(c.lower == "s3:resourceaccount" || c.lower == "aws:resourceaccount") {
		l.atKey("IRRELEVANT_CONDITION_KEY_IN_POLICY", c.At,
			quote(c.Key)+" is always the account of the resource that has this policy", "remove it").
			fix("remove the condition", removeKey(c.At)...)
	}
}

// principalARN finds ARNs that aws:PrincipalArn never is, or not for whom it seems.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
func (l *linter) principalARN(st *statement, c *clause) {
	if c.lower != "aws:principalarn" {
		return
	}
	for _, v := range c.Values {
		a, ok := arn.Parse(v.Value)
		switch {
		case !ok:
		case a.Service == "sts" && strings.HasPrefix(a.Resource, "assumed-role/"):
			name, _, _ := strings.Cut(strings.TrimPrefix(a.Resource, "assumed-role/"), "/")
			role := "arn:" + a.Partition + ":iam::" + a.Account + ":role/" + name
			f := l.at("PRINCIPALARN_SESSION_VALUE", v.At,
				quote(v.Value)+" is a session, and "+c.Key+" is the ARN of the session's role", "write the role's ARN")
			if name != "" && !wild(name) {
				f.fix("write "+role, replaceText(v.At, role)...)
			}
		case a.Resource == "root" && a.Service == "iam":
			l.at("PRINCIPALARN_ROOT_VALUE", v.At,
				quote(v.Value)+" is the root user here, and not everybody of the account as in Principal",
				"use aws:PrincipalAccount for the whole account")
		}
	}
}

// ids finds wildcards where a key names one account, organization or network.
func (l *linter) ids(st *statement, c *clause) {
	if !c.Spec.Operator.Like {
		return
	}
	for _, v := range c.Values {
		for at := 0; at < len(v.Value); at++ {
			if l.policy.Variables {
				if end := pattern.VariableEnd(v.Value, at); end > at {
					at = end - 1
					continue
				}
			}
			if v.Value[at] == '*' || v.Value[at] == '?' {
				l.loose(v, c.lower, at, at+1, false)
				break
			}
		}
	}
}

// loose reports a wildcard or variable that makes the value of a sensitive key
// fit more than one account, organization or network.
func (l *linter) loose(v engine.Text, lower string, start, end int, variable bool) {
	k := catalog.Global(lower)
	if k == nil || everything(v.Value) {
		return
	}
	code, what := "WILDCARD_USAGE_TOO_PERMISSIVE", "the wildcard"
	if variable {
		code, what = "VARIABLE_USAGE_TOO_PERMISSIVE", v.Value[start:end]
		name, _, _ := strings.Cut(v.Value[start+len("${"):end-1], ",")
		if other := catalog.Global(name); other != nil &&
			(other.Sensitive || name == "*" || name == "?" || name == "$") {
			return // one account's ID against another's, as AWS itself recommends
		}
	}
	switch {
	case k.Sensitive:
		l.at(code, v.At, what+" in "+quote(v.Value)+" lets "+k.Name+" be more than one", "write the whole ID")
	case k.Name == "aws:userid" && !strings.Contains(v.Value[:start], ":"):
		l.at(code, v.At, what+" in "+quote(v.Value)+" stands where the ID of the user or role does",
			"write the whole ID before the colon")
	}
}

// key is what is known of a condition key: a global one or, with the catalogue,
// one of a service; nil when nothing is.
func (l *linter) key(name string) *catalog.Key {
	if g := catalog.Global(name); g != nil {
		return &g.Key
	}
	if l.data.catalog == nil || strings.HasPrefix(strings.ToLower(name), "aws:") {
		return nil
	}
	prefix, _, _ := strings.Cut(name, ":")
	if s := l.data.catalog.Service(strings.ToLower(prefix)); s != nil {
		return s.Key(name)
	}
	return nil
}

// nearestGlobal is the global key that was probably meant; "" when none is near.
func (l *linter) nearestGlobal(name string) string {
	if len(name) > 64 || !l.data.hint() {
		return ""
	}
	var names []string
	for _, k := range catalog.GlobalKeys() {
		if !strings.Contains(k.Name, "${") {
			names = append(names, k.Name)
		}
	}
	return spell.Nearest(name, names...)
}

// near offers the nearest of a list of words for a value.
func (l *linter) near(f *Finding, v engine.Text, words []string) {
	if len(v.Value) > 64 || !l.data.hint() {
		return
	}
	if near := spell.Nearest(v.Value, words...); near != "" {
		f.Hint = "did you mean " + quote(near) + "?"
		f.fix("write "+near, replaceText(v.At, near)...)
	}
}

// regions are AWS's Regions as of the rules' date.
//
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regions = []string{
	"us-east-1", "us-east-2", "us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-east-2", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2",
	"eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1",
	"mx-central-1", "sa-east-1", "cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1", "eusc-de-east-1",
	"us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1", "eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1",
}
