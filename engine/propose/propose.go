// Package propose finds what AWS checks beside a request in the same call: the
// other resource types that the action requires, the actions that it depends on,
// and the keys behind what is encrypted. What a call really needs depends on
// what it passes, which a document does not say; so these are proposals, and
// only what the document has under "also" is decided.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
package propose

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
)

// Check is a further check that a request may need.
type Check struct {
	// Name, Action and Resource are those of the entry under "also". Where the
	// document does not tell which resource is meant, its ARN ends in *.
	Name, Action, Resource string
	// Why says when AWS makes the check, in a sentence without its full stop.
	Why string
	// Page is AWS's page about it.
	Page string
}

const (
	dependentPage = "https://docs.aws.amazon.com/service-authorization/latest/reference/" +
		"reference_policies_actions-resources-contextkeys.html"
	passRolePage  = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
	sessionPage   = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html"
	identityPage  = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html"
	taggingPage   = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html"
	urlPage       = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
	s3Page        = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
	secretPage    = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"
	parameterPage = "https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"
	queuePage     = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
	topicPage     = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"

	encryptedObject = "when the object is encrypted with a key of KMS"
	encryptedSecret = "when the secret is encrypted with a key of your own"
	encryptedQueue  = "when the queue is encrypted with a key of your own"
)

// beside are checks that the catalogue does not list, of actions in lower case.
var beside = []struct {
	action, check string
	// same says that the check is about the request's own resource, else it is
	// about the key that encrypts it.
	same      bool
	why, page string
}{
	{"s3:getobject", "kms:Decrypt", false, encryptedObject, s3Page},
	{"s3:getobjectversion", "kms:Decrypt", false, encryptedObject, s3Page},
	{"s3:putobject", "kms:GenerateDataKey", false, encryptedObject, s3Page},
	{"secretsmanager:getsecretvalue", "kms:Decrypt", false, encryptedSecret, secretPage},
	{"secretsmanager:createsecret", "kms:GenerateDataKey", false, encryptedSecret, secretPage},
	{"secretsmanager:putsecretvalue", "kms:GenerateDataKey", false, encryptedSecret, secretPage},
	{"ssm:getparameter", "kms:Decrypt", false, "when the parameter is a SecureString and its value is asked for",
		parameterPage},
	{"sqs:sendmessage", "kms:GenerateDataKey", false, encryptedQueue, queuePage},
	{"sqs:receivemessage", "kms:Decrypt", false, encryptedQueue, queuePage},
	{"sns:publish", "kms:GenerateDataKey", false, "when the topic is encrypted with a key of your own", topicPage},
	{"lambda:invokefunctionurl", "lambda:InvokeFunction", true, "whenever a function is called by its URL", urlPage},
}

// Checks are the checks that AWS may make beside a request and that are not
// under its "also" yet, in a fixed order; none for an action that the catalogue
// does not have.
func Checks(s *engine.Scenario, c *catalog.Catalog, r *engine.Request) []Check {
	prefix, _, _ := strings.Cut(r.Action.Value, ":")
	service := c.Service(prefix)
	if service == nil {
		return nil
	}
	action := service.Action(strings.TrimPrefix(r.Action.Value, prefix+":"))
	if action == nil {
		return nil
	}
	p := &proposer{scenario: s, catalog: c, request: r}
	p.name = service.Prefix + ":" + action.Name
	_, p.known = service.TypeOf(r.Resource.Value)
	p.required(service, action)
	p.dependent(action)
	p.session()
	for _, b := range beside {
		switch {
		case b.action != strings.ToLower(p.name):
		case b.same:
			p.add(Check{Name: b.check, Action: b.check, Resource: r.Resource.Value, Why: b.why, Page: b.page})
		default:
			if key := p.key(); key != "" {
				p.add(Check{Name: "the key", Action: b.check, Resource: key, Why: b.why, Page: b.page})
			}
		}
	}
	return p.list
}

// proposer collects the checks beside one request.
type proposer struct {
	scenario *engine.Scenario
	catalog  *catalog.Catalog
	request  *engine.Request
	name     string      // of the action, as AWS writes it
	known    []arn.Value // what the request's resource tells: partition, Region, account, …
	list     []Check
}

// asked are the resources for which the call asks an action already.
func (p *proposer) asked(action string) []string {
	var list []string
	if strings.EqualFold(action, p.name) {
		list = append(list, p.request.Resource.Value)
	}
	for i := range p.request.Also {
		if also := &p.request.Also[i]; strings.EqualFold(also.Action.Value, action) {
			list = append(list, also.Resource.Value)
		}
	}
	return list
}

// add adds a check of an action that the call does not ask yet.
func (p *proposer) add(c Check) {
	if len(p.asked(c.Action)) == 0 && !slices.ContainsFunc(p.list,
		func(x Check) bool { return x.Action == c.Action }) {
		p.list = append(p.list, c)
	}
}

// required adds the action itself on the other resource types that it requires.
// A request whose own resource is of no type of the action is mended first.
func (p *proposer) required(service *catalog.Service, action *catalog.Action) {
	there := map[*catalog.ResourceType]bool{}
	for _, resource := range p.asked(p.name) {
		t, _ := service.TypeOf(resource)
		there[t] = true
	}
	own, _ := service.TypeOf(p.request.Resource.Value)
	if !slices.ContainsFunc(action.Resources, func(r catalog.ActionResource) bool { return r.Type == own }) {
		return
	}
	for i := range action.Resources {
		r := &action.Resources[i]
		if r.Required && !there[r.Type] {
			p.list = append(p.list, Check{Name: "the " + r.Type.Name, Action: p.name,
				Resource: p.resource(service, r.Type),
				Why:      "every " + p.name + " is checked for its " + r.Type.Name + " too", Page: dependentPage})
		}
	}
}

// dependent adds the actions that the catalogue says the action depends on.
func (p *proposer) dependent(action *catalog.Action) {
	for _, name := range action.Dependent {
		prefix, short, _ := strings.Cut(name, ":")
		service := p.catalog.Service(prefix)
		if service == nil {
			continue
		}
		a := service.Action(short)
		if a == nil {
			continue
		}
		c := Check{Name: name, Action: name, Page: dependentPage,
			Why: "AWS lists it as an action that " + p.name + " depends on"}
		switch {
		case name == "iam:PassRole":
			c.Name, c.Resource = "the role that is passed", p.role()
			c.Why, c.Page = "when "+p.name+" hands over a role", passRolePage
		case name == "iam:CreateServiceLinkedRole":
			continue // only the first call of all ever needs it
		case a.Level == catalog.Tagging:
			if !p.passesTags() {
				continue
			}
			c.Name, c.Resource, c.Why, c.Page = "the tags", p.request.Resource.Value, "when "+p.name+" passes tags",
				taggingPage
		case len(a.Resources) == 0:
			c.Resource = "*"
		default:
			c.Resource = p.resource(service, a.Resources[0].Type)
		}
		p.add(c)
	}
}

// session adds what AssumeRole and its kin check when they pass session tags or
// a source identity.
func (p *proposer) session() {
	if !strings.HasPrefix(p.name, "sts:AssumeRole") && p.name != "sts:GetFederationToken" {
		return
	}
	if p.passesTags() {
		p.add(Check{Name: "the session tags", Action: "sts:TagSession", Resource: p.request.Resource.Value,
			Why: "when the session gets tags", Page: sessionPage})
	}
	if p.has("sts:SourceIdentity") {
		p.add(Check{Name: "the source identity", Action: "sts:SetSourceIdentity", Resource: p.request.Resource.Value,
			Why: "when the session gets a source identity", Page: identityPage})
	}
}

// has reports whether the request's context has a key, or a key that begins with
// it when it ends in "/".
func (p *proposer) has(key string) bool {
	return slices.ContainsFunc(p.request.Context, func(v engine.ContextValue) bool {
		n := len(key)
		return !v.Absent && len(v.Key) >= n && strings.EqualFold(v.Key[:n], key) &&
			(len(v.Key) == n || key[n-1] == '/')
	})
}

func (p *proposer) passesTags() bool { return p.has("aws:RequestTag/") || p.has("aws:TagKeys") }

// resource is the best guess at a resource of a type: the only one that the
// document has and that fits what the request tells, or the type's format
// with * for what nothing tells.
func (p *proposer) resource(service *catalog.Service, t *catalog.ResourceType) string {
	var found []string
	for _, a := range p.scenario.Accounts {
		for _, r := range a.Resources {
			if of, values := service.TypeOf(r.ARN); of == t && agree(p.known, values) {
				found = append(found, r.ARN)
			}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	values := append([]arn.Value{{Name: "Partition", Text: "aws"}, {Name: "Account", Text: p.account()}}, p.known...)
	text, _ := arn.Format(t.ARN).Fill(values)
	for {
		before, after, ok := strings.Cut(text, "${")
		if !ok {
			return text
		}
		_, after, _ = strings.Cut(after, "}")
		text = before + "*" + after
	}
}

// agree reports whether two resources have the same partition, Region and account.
func agree(a, b []arn.Value) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Name == y.Name && x.Text != y.Text && x.Text != "" && y.Text != "" {
				return false
			}
		}
	}
	return true
}

// account is the caller's account, as far as its ARN tells.
func (p *proposer) account() string {
	if a, ok := arn.Parse(p.request.Principal.Value); ok && a.Account != "" {
		return a.Account
	}
	return "*"
}

// role is the role that is probably passed: the first of the caller's account
// that trusts the service.
func (p *proposer) role() string {
	prefix, _, _ := strings.Cut(p.name, ":")
	account := p.account()
	for _, a := range p.scenario.Accounts {
		if a.ID != account {
			continue
		}
		for _, r := range a.Roles {
			if r.Trust == nil || r.Trust.At == nil {
				continue
			}
			// ecs hands roles to ecs-tasks.amazonaws.com.
			trust := p.scenario.Document.Text[r.Trust.At.Start:r.Trust.At.End]
			if strings.Contains(trust, `"`+prefix+".amazonaws.com") || strings.Contains(trust, `"`+prefix+"-") {
				return "arn:aws:iam::" + a.ID + ":role" + r.Path + r.Name
			}
		}
	}
	return "arn:aws:iam::" + account + ":role/*"
}

// keyNames are context keys that name the key that encrypts.
var keyNames = []string{
	"s3:x-amz-server-side-encryption-aws-kms-key-id", "secretsmanager:KmsKeyArn", "secretsmanager:KmsKeyId",
}

// key is the KMS key that the request names, or the first that the document has
// and that fits what the request tells; "" when there is none: then nothing says
// that a key of KMS is used at all.
func (p *proposer) key() string {
	for _, v := range p.request.Context {
		named := slices.ContainsFunc(keyNames, func(k string) bool { return strings.EqualFold(k, v.Key) })
		if named && len(v.Values) == 1 && strings.HasPrefix(v.Values[0], "arn:") {
			return v.Values[0]
		}
	}
	kms := p.catalog.Service("kms")
	if kms == nil {
		return ""
	}
	for _, a := range p.scenario.Accounts {
		for _, r := range a.Resources {
			if t, values := kms.TypeOf(r.ARN); t != nil && t.Name == "key" && agree(p.known, values) {
				return r.ARN
			}
		}
	}
	return ""
}
