package lint

import (
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/stable"
)

func number(n int) string { return strconv.Itoa(n) }

func sortedMembers(v *jsonpos.Value) []*jsonpos.Value {
	items := append([]*jsonpos.Value{}, v.Items...)
	stable.Sort(items, func(a, b **jsonpos.Value) bool { return (*a).Key < (*b).Key })
	return items
}

// resources looks at the resources of a statement.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func (l *linter) resources(st *statement) {
	if st.NotResource && st.Effect == engine.Allow && st.ResourceAt != nil && l.typ.Kind != SCP {
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
	for i := range st.actions {
		text, literal := st.actions[i].Literal()
		kind := s3Actions[strings.TrimPrefix(text, "s3:")]
		if !literal || !strings.HasPrefix(text, "s3:") || kind == "" {
			continue
		}
		a := st.Actions[i]
		name, _, _ := strings.Cut(strings.TrimPrefix(example.Value, "arn:aws:s3:::"), "/")
		switch {
		case kind == "object" && !object:
			l.at("S3_OBJECT_VS_BUCKET", a.At, quote(a.Value)+" works on objects, and the statement names buckets only, such as "+quote(example.Value), "add "+example.Value+"/*").
				fix("add "+example.Value+"/*", l.beside(example.At, example.Value+"/*")...)
		case kind == "bucket" && !bucket:
			l.at("S3_OBJECT_VS_BUCKET", a.At, quote(a.Value)+" works on buckets, and the statement names objects only, such as "+quote(example.Value), "add arn:aws:s3:::"+name).
				fix("add arn:aws:s3:::"+name, l.beside(example.At, "arn:aws:s3:::"+name)...)
		case kind == "none" && !everything(example.Value):
			l.at("STAR_RESOURCE_ACTION", a.At, quote(a.Value)+` works on no resource in particular, expected the Resource "*"`, `give it a statement of its own with "Resource": "*"`)
		}
	}
}

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
