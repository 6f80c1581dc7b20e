package lint

import (
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
)

// resourceChecks are the checks of Resource and NotResource that need no catalogue.
var resourceChecks = []Check{
	{Code: "ARN_ACCOUNT_NOT_ALLOWED", Severity: Error, Tier: 2,
		Title: "account in the ARN of a bucket",
		Why:   "Buckets have names that are unique everywhere, and no account in their ARN.",
		by:    [3]*walk{onResources},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:ListBucket", ` +
			`"Resource": "arn:aws:s3::111122223333:reports"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:ListBucket", ` +
			`"Resource": "arn:aws:s3:::reports"}`},
	},
	{Code: "ARN_REGION_NOT_ALLOWED", Severity: Error, Tier: 2,
		Title: "Region in the ARN of a global service",
		Why:   "IAM is the same in all Regions, and has none in its ARNs.",
		by:    [3]*walk{onResources},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:GetRole", ` +
			`"Resource": "arn:aws:iam:us-east-1:111122223333:role/app"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:GetRole", ` +
			`"Resource": "arn:aws:iam::111122223333:role/app"}`},
	},
	{Code: "INVALID_ARN_ACCOUNT", Severity: Error, Tier: 1,
		Title: "account of an ARN",
		Why:   "The account is 12 digits, * or nothing.",
		by:    [3]*walk{onResources, onPrincipals},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:eu-west-1:1111-2222-3333:jobs"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`},
	},
	{Code: "INVALID_ARN_PREFIX", Severity: Error, Tier: 1,
		Title: "resource that is no ARN",
		Why:   `A resource is "*" or begins with arn:.`,
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_ARN_SERVICE_CASE", Severity: Error, Tier: 1,
		Title: "service of an ARN in capitals",
		Why:   "The service of an ARN is written in lower case.",
		by:    [3]*walk{reading}, mend: mendServiceCase,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:S3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_PARTITION", Severity: Error, Tier: 2, Ages: true,
		Title: "unknown partition",
		Why:   "An ARN begins with arn: and one of AWS's partitions.",
		by:    [3]*walk{onResources},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:amazon:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "MISSING_ARN_FIELD", Severity: Error, Tier: 1,
		Title: "ARN with too few fields",
		Why:   "An ARN has six fields; outside of identity-based policies nothing completes them.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "session", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3"}`},
		Good: Sample{Type: "session", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", Severity: Error, Tier: 1,
		Title: "Resource in a trust policy",
		Why:   "Its resource is the role itself.",
		by:    [3]*walk{reading}, mend: mendByRemoval,
		Bad: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}, "Action": "sts:AssumeRole", ` +
			`"Resource": "*"}`},
		Good: Sample{Type: "trust", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}, "Action": "sts:AssumeRole"}`},
	},
	{Code: "UNSUPPORTED_RESOURCE_ARN_IN_POLICY", Severity: Error, Tier: 2,
		Title: "another service's resource",
		Why:   "A resource's policy is about the resource itself, and what is inside it.",
		by:    [3]*walk{onResources},
		Bad: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:*", ` +
			`"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`},
		Good: Sample{Type: "resource:s3", Statements: `{"Effect": "Allow", ` +
			`"Principal": {"AWS": "arn:aws:iam::111122223333:role/audit"}, "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INCOMPLETE_ARN", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_grammar.html",
		Title: "ARN with too few fields",
		Why:   "In identity-based policies AWS takes the missing fields as *, which covers more than one sees.",
		by:    [3]*walk{reading}, mend: completeARN,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:eu-west-1"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`},
	},
	{Code: "NOTRESOURCE_WITH_ALLOW", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_notresource.html",
		Title: "Allow with NotResource",
		Why:   "It allows the actions on all that is not listed, also on what others make later.",
		by:    [3]*walk{onResources},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"NotResource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`},
	},
	{Code: "RESOURCE_EFFECTIVELY_STAR", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_resource.html",
		Title: "everything in other words",
		Why:   "It looks like a limit and is none.",
		by:    [3]*walk{onResources},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:*:*:*:*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "RESOURCE_STAR_OVER_COLON", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_resource.html",
		Title: "* that runs over colons",
		Why: "In Resource a * at the end of a field matches the fields behind it too. An object with colons in " +
			"its name can look like another ARN.",
		by: [3]*walk{onResources},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:*:111122223333:accesspoint/reports/object/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:eu-west-1:111122223333:accesspoint/reports/object/*"}`},
	},
	{Code: "S3_OBJECT_VS_BUCKET", Severity: Warning, Tier: 1, Own: true,
		Page:  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
		Title: "object action on a bucket, or the reverse",
		Why:   "The ARN of a bucket does not cover its objects, and bucket/* does not cover the bucket.",
		by:    [3]*walk{onBuckets}, lack: inResource,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "STAR_RESOURCE_ACTION", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_resource.html",
		Title: "action that has no resource",
		Why:   `AWS asks for it on "*", which no ARN matches: the statement does nothing for it.`,
		by:    [3]*walk{onBuckets, onServices}, lack: inResource,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", ` +
			`"Resource": "arn:aws:s3:::reports"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", ` +
			`"Resource": "*"}`},
	},
	{Code: "EMPTY_ARRAY_RESOURCE", Severity: Suggestion, Tier: 1,
		Title: "no resource listed",
		Why:   "The statement does nothing.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": []}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "REDUNDANT_RESOURCE", Severity: Suggestion, Tier: 1,
		Title: "resource that another covers",
		Why:   "It can go without a change of meaning.",
		by:    [3]*walk{onResources},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": ["arn:aws:s3:::reports/*", "arn:aws:s3:::reports/2026/*"]}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": ["arn:aws:s3:::reports/*", "arn:aws:s3:::plans/*"]}`},
	},
}

var (
	onResources = &walk{statement: (*linter).resources}
	onBuckets   = &walk{statement: (*linter).s3}
)

func number(n int) string { return strconv.Itoa(n) }

// resources looks at the resources of a statement.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func (l *linter) resources(st *statement) {
	if st.NotResource && st.Effect == engine.Allow && st.ResourceAt != nil && l.typ.Kind != engine.SCP {
		l.atKey("NOTRESOURCE_WITH_ALLOW", st.ResourceAt, "NotResource with Allow allows the actions on everything that is not listed, also on what is made later", "list under Resource what is meant")
	}
	patterns := make([]pattern.Pattern, len(st.Resources))
	for i, t := range st.Resources {
		patterns[i], _ = pattern.Compile(t.Value, pattern.Options{Wildcards: true}, nil)
		l.resource(t)
	}
	l.redundantAll(st.Resources, patterns, "REDUNDANT_RESOURCE", "resource")
}

// partitions are AWS's partitions.
var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}

// regionless are services whose ARNs have no Region.
var regionless = []string{"iam", "organizations", "route53", "cloudfront", "sts"}

// resource looks at one resource.
func (l *linter) resource(t engine.Text) {
	if !strings.HasPrefix(t.Value, "arn:") {
		return
	}
	parts, n := arn.Split(t.Value)
	broad := n > 1 && (parts[1] == "aws" && n > 2 || everything(parts[1]))
	for _, p := range parts[2:max(n, 2)] {
		broad = broad && everything(p)
	}
	if broad {
		l.at("RESOURCE_EFFECTIVELY_STAR", t.At, quote(t.Value)+" covers every resource", `name resources, or write "*" to say so`)
		return
	}
	if n < 6 {
		return // the reader says so
	}
	if p := parts[1]; !wild(p) && !strings.Contains(p, "${") && !contains(partitions, p) {
		l.at("INVALID_PARTITION", t.At, "the partition of "+quote(t.Value)+" is "+quote(p)+", expected one such as aws, aws-cn or aws-us-gov", "write arn:aws:…").
			fix("use the partition aws", replaceText(t.At, "arn:aws:"+strings.Join(parts[2:], ":"))...)
		return
	}
	service, region, account := parts[2], parts[3], parts[4]
	if l.isOwned() && !wild(service) && service != l.typ.Service && !strings.Contains(service, "${") {
		l.at("UNSUPPORTED_RESOURCE_ARN_IN_POLICY", t.At, quote(t.Value)+" is no resource of "+l.typ.Service+", whose resource has this policy", "name the resource that has the policy, or what is inside it")
		return
	}
	variable := strings.Contains(t.Value[:len(t.Value)-len(parts[5])], "${")
	overflow := strings.HasSuffix(region, "*") || strings.HasSuffix(service, "*") || variable
	switch {
	case contains(regionless, service) && region != "" && !wild(region) && !variable:
		parts[3] = ""
		l.at("ARN_REGION_NOT_ALLOWED", t.At, "the ARN "+quote(t.Value)+" has the Region "+quote(region)+", and ARNs of "+service+" have none", "leave the Region empty").
			fix("leave the Region out", replaceText(t.At, strings.Join(parts[:], ":"))...)
	case service == "s3" && region == "" && isAccount(account) && !strings.Contains(parts[5], "/"):
		parts[4] = ""
		l.at("ARN_ACCOUNT_NOT_ALLOWED", t.At, "the ARN "+quote(t.Value)+" has the account "+account+", and the ARN of a bucket has none", "leave the account empty").
			fix("leave the account out", replaceText(t.At, strings.Join(parts[:], ":"))...)
	case account != "" && !isAccount(account) && !wild(account) && !variable && account != "aws" && !named(account):
		if overflow {
			l.starOverColon(t)
			return
		}
		l.at("INVALID_ARN_ACCOUNT", t.At, "the account of "+quote(t.Value)+" is "+quote(account)+", expected 12 digits", "write the 12 digits without hyphens, or * for all accounts")
	case service == "s3" && (strings.HasSuffix(region, "*") || strings.HasSuffix(account, "*")) && parts[5] != "" && !everything(parts[5]) && (isAccount(account) || strings.Contains(parts[5], ":")):
		l.starOverColon(t)
	}
}

func (l *linter) starOverColon(t engine.Text) {
	l.at("RESOURCE_STAR_OVER_COLON", t.At, "the * that ends a field of "+quote(t.Value)+" can run over the colons behind it, and match more than one field", "write out the fields behind it, or compare with ArnLike on a condition key")
}

// named reports whether an account's place has a word that AWS uses there for
// resources that belong to nobody's account.
func named(account string) bool {
	return account == "amazon" || account == "cloudfront" || account == "aws-managed" || account == "root" || account == "third-party"
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// s3 finds actions on objects whose statement names buckets only, and the other
// way round.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
func (l *linter) s3(st *statement) {
	if st.NotAction || st.NotResource || len(st.Resources) == 0 {
		return
	}
	object, bucket := false, false // some resource is one, or may be
	var example *engine.Text       // a bucket, or "objects of a bucket"
	for i, t := range st.Resources {
		name, ok := strings.CutPrefix(t.Value, "arn:aws:s3:::")
		if !ok || strings.Contains(name, "${") {
			// Another service's ARN fits neither; anything with a wildcard or variable may fit both.
			if parts, n := arn.Split(t.Value); n == 6 && parts[2] != "s3" && !wild(parts[2]) && parts[0] == "arn" {
				continue
			}
			return
		}
		if example == nil {
			example = &st.Resources[i]
		}
		slash := strings.IndexByte(name, '/')
		object = object || slash >= 0 || strings.Contains(name, "*")
		bucket = bucket || slash < 0
	}
	if example == nil {
		return
	}
	other := example.Value + "/*"
	if object && !bucket {
		name, _, _ := strings.Cut(strings.TrimPrefix(example.Value, "arn:aws:s3:::"), "/")
		other = "arn:aws:s3:::" + name
	}
	var edits []Edit
	hint := "add it"
	if len(other) <= maxARN { // nothing that long is repeated for each action
		hint, edits = "add "+other, l.beside(example.At, other)
	}
	for i := range st.actions {
		text, literal := st.actions[i].Literal()
		kind := s3Actions[strings.TrimPrefix(text, "s3:")]
		if !literal || !strings.HasPrefix(text, "s3:") || kind == "" {
			continue
		}
		a := st.Actions[i]
		switch {
		case kind == "object" && !object:
			l.at("S3_OBJECT_VS_BUCKET", a.At,
				quote(a.Value)+" works on objects, and the statement names buckets only, such as "+quote(example.Value), hint).
				fix(hint, edits...)
		case kind == "bucket" && !bucket:
			l.at("S3_OBJECT_VS_BUCKET", a.At,
				quote(a.Value)+" works on buckets, and the statement names objects only, such as "+quote(example.Value), hint).
				fix(hint, edits...)
		case kind == "none" && !everything(example.Value):
			l.at("STAR_RESOURCE_ACTION", a.At, quote(a.Value)+` works on no resource in particular, expected the Resource "*"`, `give it a statement of its own with "Resource": "*"`)
		}
	}
}

// maxARN is longer than the ARN of any object.
const maxARN = 1200

// s3Actions are actions of S3 by what they work on.
var s3Actions = map[string]string{
	"getobject": "object", "getobjectversion": "object", "getobjectacl": "object", "getobjecttagging": "object", "getobjectattributes": "object",
	"getobjectretention": "object", "getobjectlegalhold": "object", "putobject": "object", "putobjectacl": "object", "putobjecttagging": "object",
	"putobjectretention": "object", "putobjectlegalhold": "object", "deleteobject": "object", "deleteobjectversion": "object",
	"deleteobjecttagging": "object", "abortmultipartupload": "object", "listmultipartuploadparts": "object", "restoreobject": "object",
	"listbucket": "bucket", "listbucketversions": "bucket", "listbucketmultipartuploads": "bucket", "getbucketlocation": "bucket", "getbucketpolicy": "bucket",
	"getbucketacl": "bucket", "getbuckettagging": "bucket", "getbucketversioning": "bucket", "putbucketpolicy": "bucket", "putbucketacl": "bucket",
	"putbuckettagging": "bucket", "putbucketversioning": "bucket", "deletebucket": "bucket", "deletebucketpolicy": "bucket", "createbucket": "bucket",
	"listallmybuckets": "none",
}

func mendServiceCase(f *Finding, e *editor, v *jsonpos.Value) {
	parts := strings.SplitN(v.Text, ":", 4)
	if len(parts) > 2 {
		parts[2] = strings.ToLower(parts[2])
		f.fix("write it in lower case", replaceText(v, strings.Join(parts, ":"))...)
	}
}

func completeARN(f *Finding, e *editor, v *jsonpos.Value) {
	if n := strings.Count(v.Text, ":"); n < 5 {
		f.fix("write the missing fields as *", replaceText(v, v.Text+strings.Repeat(":*", 5-n))...)
	}
}
