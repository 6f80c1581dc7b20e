package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/spell"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// serviceChecks are the checks of actions and keys that need the catalogue.
var serviceChecks = []Check{
	{Code: "INVALID_ACTION", Severity: Error, Tier: 3, Ages: true,
		Title: "unknown action",
		Why:   "It is misspelt, or newer than the catalogue.",
		by:    [3]*walk{reading, onServices, onRequests},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObjekt", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "INVALID_SERVICE_CONDITION_KEY", Severity: Error, Tier: 3, Ages: true,
		Title: "key that the service does not have",
		Why:   "No request has it.",
		by:    [3]*walk{onServices},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:ListBucket", ` +
			`"Resource": "arn:aws:s3:::reports", "Condition": {"StringLike": {"s3:prefx": "2026/*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:ListBucket", ` +
			`"Resource": "arn:aws:s3:::reports", "Condition": {"StringLike": {"s3:prefix": "2026/*"}}}`},
	},
	{Code: "INVALID_SERVICE_IN_ACTION", Severity: Error, Tier: 3, Ages: true,
		Title: "unknown service in an action",
		Why:   "It is misspelt, or newer than the catalogue.",
		by:    [3]*walk{onServices, onRequests},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dyanmodb:Query", ` +
			`"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/people"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dynamodb:Query", ` +
			`"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/people"}`},
	},
	{Code: "MISSING_ACTION_FOR_CONDITION_KEY", Severity: Error, Tier: 3, Ages: true,
		Title: "key that no action has",
		Why:   "The action that it belongs to is missing from the statement.",
		by:    [3]*walk{onServices}, lack: inAction,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringLike": {"s3:prefix": "2026/*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:ListBucket", ` +
			`"Resource": "arn:aws:s3:::reports", "Condition": {"StringLike": {"s3:prefix": "2026/*"}}}`},
	},
	{Code: "UNSUPPORTED_ACTION_FOR_CONDITION_KEY", Severity: Error, Tier: 3, Ages: true,
		Title: "key that some actions do not have",
		Why:   "For those actions the condition is never true, or always.",
		by:    [3]*walk{onServices},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": ["s3:ListBucket", ` +
			`"s3:GetObject"], "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"], ` +
			`"Condition": {"StringLike": {"s3:prefix": "2026/*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:ListBucket", ` +
			`"Resource": "arn:aws:s3:::reports", "Condition": {"StringLike": {"s3:prefix": "2026/*"}}}`},
	},
	{Code: "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Severity: SecurityWarning, Tier: 3,
		Ages:  true,
		Title: "Deny with NotAction on a tag",
		Why:   "Some of the services that NotAction leaves do not tell tags: their requests escape.",
		by:    [3]*walk{onServices},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", ` +
			`"Condition": {"StringEquals": {"aws:ResourceTag/env": "prod"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "ec2:StopInstances", ` +
			`"Resource": "*", "Condition": {"StringEqualsIfExists": {"aws:ResourceTag/env": "prod"}}}`},
		Also: []string{"DENY_POSITIVE_OPTIONAL_KEY"},
	},
	{Code: "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Severity: SecurityWarning, Tier: 3, Ages: true,
		Title: "Deny on a tag that a service does not tell",
		Why:   "Its requests have no such key, so they escape.",
		by:    [3]*walk{onServices},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "health:DescribeEvents", ` +
			`"Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/env": "prod"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "ec2:StopInstances", ` +
			`"Resource": "*", "Condition": {"StringEqualsIfExists": {"aws:ResourceTag/env": "prod"}}}`},
		Also: []string{"DENY_POSITIVE_OPTIONAL_KEY"},
	},
	{Code: "RESOURCE_MISMATCH", Severity: Warning, Tier: 3, Own: true,
		Page:  "reference_policies_elements_resource.html",
		Title: "action that fits no resource of its statement",
		Why: "Each action works on certain types of resources. Where none of them is listed, the statement does " +
			"nothing for it.",
		by: [3]*walk{onServices}, lack: inResource,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dynamodb:Query", ` +
			`"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dynamodb:Query", ` +
			`"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/people"}`},
	},
	{Code: "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", Severity: Warning, Tier: 3,
		Title: "endpoint key for all services",
		Why:   "Only some services have these keys in their requests.",
		by:    [3]*walk{onServices},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "*", "Resource": "*", ` +
			`"Condition": {"StringNotEquals": {"aws:VpceAccount": "111122223333"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:*", "Resource": "*", ` +
			`"Condition": {"StringNotEquals": {"aws:VpceAccount": "111122223333"}}}`},
	},
	{Code: "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Severity: Suggestion, Tier: 3, Ages: true,
		Title: "Allow with NotAction on a tag",
		Why:   "Some of the services that NotAction leaves do not tell tags: nothing is allowed there.",
		by:    [3]*walk{onServices},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "NotAction": ["iam:*"], ` +
			`"Resource": "arn:aws:ec2:*:111122223333:instance/*", ` +
			`"Condition": {"StringEquals": {"aws:ResourceTag/env": "test"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "ec2:StopInstances", ` +
			`"Resource": "arn:aws:ec2:*:111122223333:instance/*", ` +
			`"Condition": {"StringEquals": {"aws:ResourceTag/env": "test"}}}`},
	},
	{Code: "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Severity: Suggestion, Tier: 3, Ages: true,
		Title: "Allow on a tag that a service does not tell",
		Why:   "Its requests have no such key, so nothing is allowed there.",
		by:    [3]*walk{onServices},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "health:DescribeEvents", ` +
			`"Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/env": "test"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "ec2:StopInstances", ` +
			`"Resource": "arn:aws:ec2:*:111122223333:instance/*", ` +
			`"Condition": {"StringEquals": {"aws:ResourceTag/env": "test"}}}`},
	},
	{Code: "PERMISSIONS_MANAGEMENT_ACTIONS", Severity: Suggestion, Tier: 3, Own: true,
		Page:  "access_policies_understand-policy-summary-access-level-summaries.html",
		Title: "action that changes permissions",
		Why:   "Whoever may do this can hand out access to others.",
		by:    [3]*walk{onServices},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "lambda:AddPermission", ` +
			`"Resource": "arn:aws:lambda:eu-west-1:111122223333:function:app"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "lambda:GetFunction", ` +
			`"Resource": "arn:aws:lambda:eu-west-1:111122223333:function:app"}`},
	},
	{Code: "RESOURCE_STAR", Severity: Suggestion, Tier: 3, Own: true,
		Page:  "best-practices.html#grant-least-privilege",
		Title: "everything, where resources could be named",
		Why:   "The action takes resources: naming them limits what a mistake can do.",
		by:    [3]*walk{onServices},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dynamodb:Query", ` +
			`"Resource": "*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dynamodb:Query", ` +
			`"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/people"}`},
	},
}

var (
	onServices = &walk{statement: (*linter).services}
	onRequests = &walk{scenario: (*linter).requests}
)

// asked is an action of a statement that is named without wildcards, and known.
type asked struct {
	text    engine.Text
	prefix  string // in lower case
	service *catalog.Service
	action  *catalog.Action
}

// served is a statement with what the catalogue says about it.
type served struct {
	*statement
	// known are the actions that are named and known, and distinct those of them
	// that stand there for the first time.
	known, distinct []asked
	// whole says that all actions of the statement are known.
	whole bool
	// services are those of the actions, in their order, and all says that some
	// action is of every service.
	services []*catalog.Service
	all      bool
	// untagged are the services that have no tag key in their requests, by the key,
	// once asked for: nil for none.
	untagged map[string]*catalog.Service
	// fitting are the resource types that a resource of the statement may be of,
	// once asked for.
	fitting map[*catalog.ResourceType]bool
}

// services holds a statement to the catalogue.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
func (l *linter) services(st *statement) {
	c := l.data.catalog
	if c == nil {
		return
	}
	s := &served{statement: st, whole: !st.NotAction, all: st.NotAction, untagged: map[string]*catalog.Service{},
		fitting: map[*catalog.ResourceType]bool{}}
	actions, services := map[*catalog.Action]bool{}, map[*catalog.Service]bool{}
	for _, a := range st.Actions {
		prefix, _, separated := strings.Cut(a.Value, ":")
		s.all = s.all || everything(prefix)
		k := l.actionName(a)
		if separated && k.service != nil && !services[k.service] {
			services[k.service] = true
			s.services = append(s.services, k.service)
		}
		if k.action == nil {
			s.whole = false
			continue
		}
		s.known = append(s.known, k)
		if !actions[k.action] {
			actions[k.action] = true
			s.distinct = append(s.distinct, k)
		}
	}
	if !st.NotAction {
		l.resourceTypes(s)
		l.accessLevels(s)
	}
	for i := range st.clauses {
		cond := &st.clauses[i]
		l.serviceKey(cond)
		if s.whole {
			l.keyOfActions(cond, s)
		}
		l.tagKey(s, cond)
	}
}

// requests finds requests for actions that the catalogue does not have.
func (l *linter) requests(s *engine.Scenario) {
	if l.data.catalog == nil {
		return
	}
	one := func(a engine.Text) {
		if a.Value != "" && a.At != nil {
			l.actionName(a)
		}
	}
	for _, r := range s.Requests {
		one(r.Action)
		for _, also := range r.Also {
			one(also.Action)
		}
	}
}

// actionName reports an action that the catalogue does not have. The action is nil
// for one with wildcards, too.
func (l *linter) actionName(a engine.Text) asked {
	prefix, name, _ := strings.Cut(a.Value, ":")
	k := asked{text: a, prefix: strings.ToLower(prefix), service: l.data.catalog.Service(prefix)}
	if k.service != nil && !wild(name) {
		if k.action = k.service.Action(name); k.action != nil {
			return k
		}
	}
	code, message, hint := l.action(a.Value)
	if code == "" {
		return k
	}
	f := l.at(code, a.At, message, hint)
	if near, ok := strings.CutPrefix(hint, `did you mean "`); ok {
		near = strings.TrimSuffix(near, `"?`)
		if near != a.Value {
			f.fix("write "+near, replaceText(a.At, near)...)
		}
	}
	return k
}

// uncontrolled reports whether resource control policies do not apply to a service,
// as far as is known.
func (d *data) uncontrolled(prefix string) bool {
	if d.catalog == nil {
		return false
	}
	s := d.catalog.Service(prefix)
	return s != nil && !s.RCP
}

// resourceTypes holds the resources of a statement to the types that its actions
// work on.
func (l *linter) resourceTypes(st *served) {
	if st.NotResource || len(st.Resources) == 0 {
		return
	}
	star := everywhere(st.Resources)
	takes := 0
	var example asked
	for _, k := range st.known {
		switch {
		case len(k.action.Resources) == 0 && !star:
			if k.prefix == "s3" && s3Actions[strings.ToLower(k.action.Name)] == "none" {
				break // said without the catalogue
			}
			l.at("STAR_RESOURCE_ACTION", k.text.At, quote(k.text.Value)+` works on no resource in particular, expected the Resource "*"`, `give it a statement of its own with "Resource": "*"`)
		case star:
			for i := range k.action.Resources {
				if k.action.Resources[i].Required {
					if takes == 0 {
						example = k
					}
					takes++
					break
				}
			}
		case k.prefix == "s3" && s3Actions[strings.ToLower(k.action.Name)] != "":
			// said without the catalogue
		default:
			l.mismatch(st, k)
		}
	}
	if takes > 0 && st.Effect == engine.Allow && l.typ.identity() && len(st.Conditions) == 0 {
		what := quote(example.text.Value) + " takes"
		if takes > 1 {
			what = quote(example.text.Value) + " and " + number(takes-1) + " more take"
		}
		l.atKey("RESOURCE_STAR", st.ResourceAt, `the Resource is "*", and `+what+" resources of its own", "name the resources that are meant")
	}
}

// mismatch reports an action none of whose resource types is among the resources.
func (l *linter) mismatch(st *served, k asked) {
	for i := range k.action.Resources {
		t := k.action.Resources[i].Type
		may, asked := st.fitting[t]
		if !asked {
			f, ok := l.data.formatOf(t)
			may = !ok || l.fitsSome(st.statement, f)
			st.fitting[t] = may
		}
		if may {
			return
		}
	}
	l.at("RESOURCE_MISMATCH", k.text.At, quote(k.text.Value)+" works on none of the resources of the statement",
		"name a resource such as "+k.action.Resources[0].Type.ARN)
}

// fitsSome reports whether some resource of a statement may be of a format.
func (l *linter) fitsSome(st *statement, f format) bool {
	one := []format{f}
	for i := range st.Resources {
		if l.fits(l.candidate(st, i), one) {
			return true
		}
	}
	return false
}

// accessLevels finds actions that change who may do what.
func (l *linter) accessLevels(st *served) {
	if st.Effect == engine.Deny || !l.typ.identity() {
		return
	}
	for _, k := range st.known {
		if k.action.Level == catalog.PermissionsManagement {
			l.at("PERMISSIONS_MANAGEMENT_ACTIONS", k.text.At, quote(k.text.Value)+" changes who may do what", "make sure that whoever has this policy may do that")
		}
	}
}

// serviceKey reports a condition key that its service does not have.
func (l *linter) serviceKey(c *clause) {
	prefix, _, _ := strings.Cut(c.Key, ":")
	s := l.data.catalog.Service(prefix)
	if s == nil || strings.EqualFold(prefix, "aws") || len(s.Keys) == 0 || s.Key(c.Key) != nil || catalog.Global(c.Key) != nil || len(c.Key) > 200 || l.data.catalog.Key(c.Key) != nil {
		return
	}
	f := l.atKey("INVALID_SERVICE_CONDITION_KEY", c.At, quote(c.Key)+" is not a condition key of "+s.Prefix+" in the catalogue of "+l.data.catalog.Date(), "see the service's condition keys")
	if len(c.Key) >= 64 || !l.data.hint() {
		return
	}
	var names []string
	for i := range s.Keys {
		if !s.Keys[i].Variable() {
			names = append(names, s.Keys[i].Name)
		}
	}
	if near := spell.Nearest(c.Key, names...); near != "" {
		f.Hint = "did you mean " + quote(near) + "?"
		f.fix("write "+near, l.rename(c.At, near)...)
	}
}

// supports reports whether requests for an action have a key, or may have it.
func supports(a *catalog.Action, key string) bool {
	any := func(keys []string) bool {
		for _, k := range keys {
			if (&catalog.Key{Name: k}).Matches(key) {
				return true
			}
		}
		return false
	}
	if any(a.Keys) {
		return true
	}
	for i := range a.Resources {
		if any(a.Resources[i].Keys) || any(a.Resources[i].Type.Keys) {
			return true
		}
	}
	return false
}

// keyOfActions reports a service's key that the statement's actions do not have.
func (l *linter) keyOfActions(c *clause, st *served) {
	prefix, _, _ := strings.Cut(c.lower, ":")
	s := l.data.catalog.Service(prefix)
	if s == nil || s.Key(c.Key) == nil || catalog.Global(c.Key) != nil || c.Spec.IfExists || c.Spec.Operator.Type == condition.Null {
		return
	}
	var without []string
	for _, k := range st.distinct {
		if !l.spend(1 + len(k.action.Keys)) {
			return
		}
		if !supports(k.action, c.Key) {
			without = append(without, k.text.Value)
		}
	}
	switch {
	case len(without) == 0:
	case len(without) == len(st.distinct):
		l.atKey("MISSING_ACTION_FOR_CONDITION_KEY", c.At, "no action of the statement has "+quote(c.Key)+" in its requests", "add an action that has it, or remove the condition")
	default:
		more := ""
		if len(without) > 1 {
			more = " and " + number(len(without)-1) + " more"
		}
		l.atKey("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", c.At, "requests for "+quote(without[0])+more+" have no "+quote(c.Key), "put the actions that have it into a statement of their own")
	}
}

// taggable reports whether some action of a service has a tag key in its requests.
func (d *data) taggable(s *catalog.Service, key string) bool {
	name := s.Prefix + " " + key
	if yes, done := d.tags[name]; done {
		return yes
	}
	yes := false
	for i := range s.Actions {
		yes = yes || supports(&s.Actions[i], key)
	}
	if d.tags == nil {
		d.tags = map[string]bool{}
	}
	d.tags[name] = yes
	return yes
}

// tagKey finds conditions on tags for services that do not tell them, and
// conditions on endpoints for services that may not.
func (l *linter) tagKey(st *served, c *clause) {
	lower := c.lower
	word := ""
	switch {
	case strings.HasPrefix(lower, "aws:resourcetag/"):
		word = "aws:ResourceTag/x"
	case strings.HasPrefix(lower, "aws:requesttag/"):
		word = "aws:RequestTag/x"
	case lower == "aws:tagkeys":
		word = "aws:TagKeys"
	case lower == "aws:vpceaccount" || lower == "aws:vpceorgid" || lower == "aws:vpceorgpaths":
		if st.all && len(st.Actions) > 0 {
			l.atKey("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", c.At,
				"not all services have "+quote(c.Key)+", and the statement is for all",
				"name the services that have it")
		}
		return
	default:
		return
	}
	op := c.Spec.Operator
	if op.Type == condition.Null || c.Spec.IfExists || op.Negated {
		return // true for a missing key: nothing is missed
	}
	code := "ALLOW_"
	if st.Effect == engine.Deny {
		code = "DENY_"
	}
	if st.NotAction {
		l.atKey(code+"NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", c.At, "not all services that NotAction leaves have "+quote(c.Key), "list under Action the services that have it")
		return
	}
	without, asked := st.untagged[word]
	if !asked {
		for _, s := range st.services {
			if !l.data.taggable(s, word) {
				without = s
				break
			}
		}
		st.untagged[word] = without
	}
	if without != nil {
		effect := "allowed"
		if st.Effect == engine.Deny {
			effect = "denied"
		}
		l.atKey(code+"WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", c.At,
			"no request to "+quote(without.Prefix)+" has "+quote(c.Key)+": its actions are not "+effect,
			"give its actions a statement of their own")
	}
}

// action is the finding about one action; code is "" when there is none.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
func (l *linter) action(text string) (code, message, hint string) {
	prefix, name, ok := strings.Cut(text, ":")
	if !ok || name == "" || strings.ContainsAny(prefix, "*?") {
		return "", "", "" // reported by the reader, or covering all services
	}
	c := l.data.catalog
	asOf := "the catalogue of " + c.Date()
	service := c.Service(prefix)
	if service == nil {
		if l.data.hint() {
			if near := c.NearestService(prefix); near != "" {
				hint = `did you mean "` + near + ":" + name + `"?`
			}
		}
		return "INVALID_SERVICE_IN_ACTION", quote(prefix) + " is not a service in " + asOf, hint
	}
	if strings.ContainsAny(name, "*?") {
		if !l.spend(len(service.Actions)) {
			return "", "", ""
		}
		p, _ := pattern.Compile(strings.ToLower(name), pattern.Options{Wildcards: true}, nil)
		for _, known := range l.data.actionNames(service) {
			if p.Match(known, nil) == trace.Yes {
				return "", "", ""
			}
		}
		return "INVALID_ACTION", quote(text) + " covers no action in " + asOf, "check the name before the wildcard"
	}
	if service.Action(name) == nil {
		if l.data.hint() {
			if near := service.NearestAction(name); near != "" {
				hint = `did you mean "` + prefix + ":" + near + `"?`
			}
		}
		return "INVALID_ACTION", quote(text) + " is not an action in " + asOf, hint
	}
	return "", "", ""
}

// actionNames are the names of a service's actions in lower case.
func (d *data) actionNames(s *catalog.Service) []string {
	list, done := d.names[s]
	if !done {
		for i := range s.Actions {
			list = append(list, strings.ToLower(s.Actions[i].Name))
		}
		if d.names == nil {
			d.names = map[*catalog.Service][]string{}
		}
		d.names[s] = list
	}
	return list
}
