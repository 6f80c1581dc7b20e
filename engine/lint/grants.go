package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
)

// oneServiceLinkedRole allows the service-linked role of one service only.
var oneServiceLinkedRole = Sample{Type: "identity", Statements: `{"Effect": "Allow", ` +
	`"Action": "iam:CreateServiceLinkedRole", ` +
	`"Resource": "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*", ` +
	`"Condition": {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}}}`}

// grantChecks are the checks of what a policy lets its bearer pass on or take.
var grantChecks = []Check{
	{Code: "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", Severity: SecurityWarning, Tier: 2,
		Title: "dynamodb:Attributes without dynamodb:Select",
		Why:   "A query that asks for all attributes names none, and passes the condition.",
		by:    [3]*walk{onAttributes},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dynamodb:Query", ` +
			`"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/people", ` +
			`"Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["name"]}, ` +
			`"Null": {"dynamodb:Attributes": "false"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dynamodb:Query", ` +
			`"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/people", ` +
			`"Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["name"]}, ` +
			`"Null": {"dynamodb:Attributes": "false"}, ` +
			`"StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}}}`},
	},
	{Code: "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", Severity: SecurityWarning, Tier: 1,
		Title: "iam:PassRole with NotAction and NotResource",
		Why:   "Nearly everything is covered, iam:PassRole on nearly every role too.",
		by:    [3]*walk{onGrants}, lack: inAction,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "NotAction": ["iam:Create*", ` +
			`"lambda:*", "s3:*", "sts:*", "iam:Put*", "iam:Attach*", "iam:Add*", "iam:Update*", "iam:Delete*", ` +
			`"iam:Set*"], "NotResource": "arn:aws:iam::111122223333:role/admin"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:PassRole", ` +
			`"Resource": "arn:aws:iam::111122223333:role/app", ` +
			`"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}`},
		Also: []string{"NOTRESOURCE_WITH_ALLOW", "PRIVILEGE_ESCALATION"},
	},
	{Code: "PASS_ROLE_WITH_NOT_RESOURCE", Severity: SecurityWarning, Tier: 1,
		Title: "iam:PassRole with NotResource",
		Why:   "Every role that is not listed can be passed.",
		by:    [3]*walk{onGrants},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:PassRole", ` +
			`"NotResource": "arn:aws:iam::111122223333:role/admin"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:PassRole", ` +
			`"Resource": "arn:aws:iam::111122223333:role/app", ` +
			`"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}`},
		Also: []string{"NOTRESOURCE_WITH_ALLOW"},
	},
	{Code: "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", Severity: SecurityWarning, Tier: 1,
		Title: "iam:PassRole with NotResource through a wildcard",
		Why:   "The wildcard covers iam:PassRole, on every role that is not listed.",
		by:    [3]*walk{onGrants},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:Pass*", ` +
			`"NotResource": "arn:aws:iam::111122223333:role/admin"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:PassRole", ` +
			`"Resource": "arn:aws:iam::111122223333:role/app", ` +
			`"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}`},
		Also: []string{"NOTRESOURCE_WITH_ALLOW"},
	},
	{Code: "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", Severity: SecurityWarning, Tier: 1,
		Title: "iam:PassRole on every role through a wildcard",
		Why:   "The wildcard of the action covers iam:PassRole.",
		by:    [3]*walk{onGrants},
		Bad:   Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:Pass*", "Resource": "*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:PassRole", ` +
			`"Resource": "arn:aws:iam::111122223333:role/app", ` +
			`"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}`},
	},
	{Code: "PASS_ROLE_WITH_STAR_IN_RESOURCE", Severity: SecurityWarning, Tier: 1,
		Title: "iam:PassRole on every role",
		Why:   "Whoever may pass every role can make a service act with the most powerful one.",
		by:    [3]*walk{onGrants},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:PassRole", ` +
			`"Resource": "*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:PassRole", ` +
			`"Resource": "arn:aws:iam::111122223333:role/app", ` +
			`"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}`},
	},
	{Code: "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", Severity: SecurityWarning, Tier: 1,
		Title: "iam:PassRole on every role through NotAction",
		Why:   "All that NotAction does not list is covered, iam:PassRole too.",
		by:    [3]*walk{onGrants}, lack: inAction,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "NotAction": ["iam:Create*", ` +
			`"lambda:*", "s3:*", "sts:*", "iam:Put*", "iam:Attach*", "iam:Add*", "iam:Update*", "iam:Delete*", ` +
			`"iam:Set*"], "Resource": "*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:PassRole", ` +
			`"Resource": "arn:aws:iam::111122223333:role/app", ` +
			`"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}`},
		Also: []string{"PRIVILEGE_ESCALATION"},
	},
	{Code: "PRIVILEGE_ESCALATION", Severity: SecurityWarning, Tier: 1, Own: true,
		Page:  "best-practices.html#grant-least-privilege",
		Title: "actions that together give more",
		Why:   "Whoever may do these things on every resource can give itself any permission.",
		by:    [3]*walk{onEscalation}, lack: inPolicy,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": ["iam:CreatePolicyVersion"], ` +
			`"Resource": "*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": ["iam:CreatePolicyVersion"], ` +
			`"Resource": "arn:aws:iam::111122223333:policy/app"}`},
	},
	{Code: "RESOURCE_POLICY_PRIVILEGE_ESCALATION", Severity: SecurityWarning, Tier: 2, Own: true,
		Page:  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html",
		Title: "bucket policies that give what is withheld",
		Why:   "Whoever may write bucket policies can grant itself everything else on the bucket.",
		by:    [3]*walk{onEscalation}, lack: inPolicy,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:PutBucketPolicy", ` +
			`"Resource": "*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:PutBucketPolicy", ` +
			`"Resource": "arn:aws:s3:::reports"}`},
	},
	{Code: "BOUNDARY_WITHOUT_ASSUMEROLE", Severity: Warning, Tier: 1, Own: true,
		Page:  "roles-managingrole-editing-console.html",
		Title: "trusted user whose boundary lacks sts:AssumeRole",
		Why:   "A user whom a trust policy names still needs sts:AssumeRole in its permissions boundary.",
		by:    [3]*walk{onBoundaries},
		Bad: Sample{Type: "scenario", Text: `{"version": 1, ` +
			`"accounts": {"111122223333": {"policies": {"edge": {"Version": "2012-10-17", ` +
			`"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}, ` +
			`"users": {"ann": {"boundary": "edge"}}, "roles": {"deploy": {"trust": {"Version": "2012-10-17", ` +
			`"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ann"}, ` +
			`"Action": "sts:AssumeRole"}]}}}}}}`},
		Good: Sample{Type: "scenario", Text: `{"version": 1, ` +
			`"accounts": {"111122223333": {"policies": {"edge": {"Version": "2012-10-17", ` +
			`"Statement": [{"Effect": "Allow", "Action": ["s3:*", "sts:AssumeRole"], "Resource": "*"}]}}, ` +
			`"users": {"ann": {"boundary": "edge"}}, "roles": {"deploy": {"trust": {"Version": "2012-10-17", ` +
			`"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ann"}, ` +
			`"Action": "sts:AssumeRole"}]}}}}}}`},
	},
	{Code: "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE", Severity: Warning, Tier: 2,
		Title: "iam:CreateServiceLinkedRole with NotAction and NotResource",
		Why:   "Nearly everything is covered.",
		by:    [3]*walk{onGrants}, lack: inAction,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "NotAction": ["iam:PassRole", ` +
			`"iam:CreateP*", "iam:CreateL*", "iam:CreateA*", "lambda:*", "s3:*", "sts:*", "iam:Put*", ` +
			`"iam:Attach*", "iam:Add*", "iam:Update*", "iam:Delete*", "iam:Set*"], ` +
			`"NotResource": "arn:aws:iam::111122223333:role/admin"}`},
		Good: oneServiceLinkedRole,
		Also: []string{"NOTRESOURCE_WITH_ALLOW"},
	},
	{Code: "CREATE_SLR_WITH_NOT_RESOURCE", Severity: Warning, Tier: 2,
		Title: "iam:CreateServiceLinkedRole with NotResource",
		Why:   "All roles that are not listed are covered.",
		by:    [3]*walk{onGrants},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", ` +
			`"Action": "iam:CreateServiceLinkedRole", "NotResource": "arn:aws:iam::111122223333:role/admin"}`},
		Good: oneServiceLinkedRole,
		Also: []string{"NOTRESOURCE_WITH_ALLOW"},
	},
	{Code: "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", Severity: Warning, Tier: 2,
		Title: "iam:CreateServiceLinkedRole with NotResource through a wildcard",
		Why:   "The wildcard covers iam:CreateServiceLinkedRole, on all roles that are not listed.",
		by:    [3]*walk{onGrants},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:CreateService*", ` +
			`"NotResource": "arn:aws:iam::111122223333:role/admin"}`},
		Good: oneServiceLinkedRole,
		Also: []string{"NOTRESOURCE_WITH_ALLOW"},
	},
	{Code: "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE", Severity: Warning, Tier: 2,
		Title: "iam:CreateServiceLinkedRole on everything through a wildcard",
		Why:   "The wildcard of the action covers iam:CreateServiceLinkedRole.",
		by:    [3]*walk{onGrants},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "iam:CreateService*", ` +
			`"Resource": "*"}`},
		Good: oneServiceLinkedRole,
	},
	{Code: "CREATE_SLR_WITH_STAR_IN_RESOURCE", Severity: Warning, Tier: 2,
		Title: "iam:CreateServiceLinkedRole on everything",
		Why:   "Whoever may do this can make service-linked roles for every service.",
		by:    [3]*walk{onGrants},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", ` +
			`"Action": "iam:CreateServiceLinkedRole", "Resource": "*"}`},
		Good: oneServiceLinkedRole,
	},
	{Code: "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", Severity: Warning, Tier: 2,
		Title: "iam:CreateServiceLinkedRole on everything through NotAction",
		Why:   "All that NotAction does not list is covered.",
		by:    [3]*walk{onGrants}, lack: inAction,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "NotAction": ["iam:PassRole", ` +
			`"iam:CreateP*", "iam:CreateL*", "iam:CreateA*", "lambda:*", "s3:*", "sts:*", "iam:Put*", ` +
			`"iam:Attach*", "iam:Add*", "iam:Update*", "iam:Delete*", "iam:Set*"], "Resource": "*"}`},
		Good: oneServiceLinkedRole,
	},
}

var (
	onAttributes = &walk{statement: (*linter).attributes}
	onGrants     = &walk{statement: (*linter).grants}
	onEscalation = &walk{policy: (*linter).escalation}
	onBoundaries = &walk{scenario: (*linter).boundaries}
)

// grants finds what an identity-based policy lets its bearer pass on.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
func (l *linter) grants(st *statement) {
	if !l.typ.identity() || st.Effect == engine.Deny {
		return
	}
	l.reach(st, "iam:passrole", "iam:passedtoservice", "PASS_ROLE", "pass every role to every service", "name the roles, and add a condition on iam:PassedToService")
	l.reach(st, "iam:createservicelinkedrole", "iam:awsservicename", "CREATE_SLR", "create service-linked roles for every service", "name the roles, and add a condition on iam:AWSServiceName")
}

// attributes finds queries of DynamoDB that are limited to attributes in vain.
//
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func (l *linter) attributes(st *statement) {
	if !l.typ.identity() || st.Effect == engine.Deny {
		return
	}
	if st.has("dynamodb:attributes") && !st.has("dynamodb:select") {
		c := &st.Conditions[st.keys["dynamodb:attributes"][0]]
		l.atKey("DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", c.At, quote(c.Key)+" limits nothing while a query may ask for all attributes", `add "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}`).
			fix("add dynamodb:Select", l.require(st.At, "StringEquals", "dynamodb:Select", "SPECIFIC_ATTRIBUTES")...)
	}
}

// ways are the endings of the codes of reach: through the action's name, a
// wildcard or NotAction; on a wildcard or NotResource.
var ways = [3][2]string{
	{"STAR_IN_RESOURCE", "NOT_RESOURCE"},
	{"STAR_IN_ACTION_AND_RESOURCE", "STAR_IN_ACTION_AND_NOT_RESOURCE"},
	{"STAR_IN_RESOURCE_AND_NOT_ACTION", "NOT_ACTION_AND_NOT_RESOURCE"},
}

// reach reports a statement that reaches a powerful action on too much, without
// a condition on the key that limits it.
func (l *linter) reach(st *statement, action, key, code, what, hint string) {
	if st.has(key) {
		return
	}
	byName, byPattern := st.covers(action)
	way, where, on := 0, 0, allRoles(st.Resources)
	switch {
	case byName:
	case byPattern:
		way = 1
	case st.NotAction && st.reaches(action):
		way = 2
	default:
		return
	}
	switch {
	case st.NotResource:
		where, on = 1, "what NotResource leaves"
	case on == "":
		return
	default:
		on = quote(on)
	}
	code += "_WITH_" + ways[way][where]
	for i := range st.actions {
		if text, _ := st.actions[i].Literal(); byName && text == action {
			l.at(code, st.Actions[i].At, quote(st.Actions[i].Value)+" on "+on+" lets its bearer "+what, hint)
			return
		}
	}
	l.atKey(code, st.ActionAt, "the "+st.ActionAt.Key+" reaches "+action+", which on "+on+" lets its bearer "+what, hint)
}

// allRoles is a resource that covers every role; "" when none does.
func allRoles(list []engine.Text) string {
	for _, t := range list {
		if everything(t.Value) {
			return t.Value
		}
		if a, ok := arn.Parse(t.Value); ok && (a.Service == "iam" || everything(a.Service)) && (everything(a.Resource) || a.Resource == "role/*" || a.Resource == "role/aws-service-role/*") {
			return t.Value
		}
	}
	return ""
}

// ladders are sets of actions that together let a principal raise its own
// permissions, each with what they do.
var ladders = []struct {
	actions []string
	how     string
}{
	{[]string{"iam:CreatePolicyVersion"}, "can write a new version of a policy that it has"},
	{[]string{"iam:SetDefaultPolicyVersion"}, "can put an old version of a policy that it has in force"},
	{[]string{"iam:AttachUserPolicy"}, "can attach any policy to itself"},
	{[]string{"iam:AttachGroupPolicy"}, "can attach any policy to a group that it is in"},
	{[]string{"iam:AttachRolePolicy", "sts:AssumeRole"}, "can attach any policy to a role, and assume it"},
	{[]string{"iam:PutUserPolicy"}, "can write an inline policy for itself"},
	{[]string{"iam:PutGroupPolicy"}, "can write an inline policy for a group that it is in"},
	{[]string{"iam:PutRolePolicy", "sts:AssumeRole"}, "can write an inline policy for a role, and assume it"},
	{[]string{"iam:AddUserToGroup"}, "can join any group"},
	{[]string{"iam:CreateLoginProfile"}, "can give other users a password, and sign in as them"},
	{[]string{"iam:UpdateLoginProfile"}, "can change the passwords of other users, and sign in as them"},
	{[]string{"iam:CreateAccessKey"}, "can make access keys of other users"},
	{[]string{"iam:UpdateAssumeRolePolicy", "sts:AssumeRole"}, "can let itself assume any role"},
	{[]string{"iam:DeleteUserPermissionsBoundary"}, "can remove its own permissions boundary"},
	{[]string{"iam:PassRole", "ec2:RunInstances"}, "can start an instance with any role, and use its credentials"},
	{[]string{"iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"}, "can run code with any role in a function"},
	{[]string{"iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"}, "can run code with any role in a function"},
	{[]string{"lambda:UpdateFunctionCode"}, "can run code with the role of any function"},
	{[]string{"iam:PassRole", "glue:CreateDevEndpoint"}, "can use any role in a development endpoint"},
	{[]string{"iam:PassRole", "glue:CreateJob", "glue:StartJobRun"}, "can run code with any role in a job"},
	{[]string{"iam:PassRole", "cloudformation:CreateStack"}, "can make a stack do anything that any role may"},
	{[]string{"iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"}, "can run commands with any role in a pipeline"},
	{[]string{"iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"}, "can run commands with any role in a build"},
	{[]string{"iam:PassRole", "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"}, "can use any role in a notebook"},
	{[]string{"iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"}, "can run a container with any role"},
	{[]string{"iam:PassRole", "states:CreateStateMachine", "states:StartExecution"}, "can call any service with any role in a state machine"},
}

// escalation finds sets of actions through which the bearer of an identity-based
// policy gets what the policy does not say.
func (l *linter) escalation() {
	if !l.typ.identity() {
		return
	}
	for _, st := range l.statements {
		for _, a := range st.Actions {
			if st.Effect == engine.Allow && !st.NotAction && everything(a.Value) && everywhere(st.Resources) {
				return // an administrator has nothing to gain
			}
		}
	}
	granting := map[string]*statement{}
	grants := func(name string) *statement {
		st, asked := granting[name]
		if !asked {
			st = l.granting(strings.ToLower(name))
			granting[name] = st
		}
		return st
	}
	for _, ladder := range ladders {
		first := grants(ladder.actions[0])
		whole := first != nil
		for _, name := range ladder.actions[1:] {
			whole = whole && grants(name) != nil
		}
		if l.stopped {
			return
		}
		if whole {
			l.atKey("PRIVILEGE_ESCALATION", first.ActionAt, "with "+strings.Join(ladder.actions, " and ")+" on every resource the bearer "+ladder.how, "name the resources, or take one of the actions away")
		}
	}
	put := grants("s3:PutBucketPolicy")
	for _, withheld := range []string{"s3:DeleteBucket", "s3:DeleteObject"} {
		if put != nil && grants(withheld) == nil && !l.stopped {
			l.atKey("RESOURCE_POLICY_PRIVILEGE_ESCALATION", put.ActionAt, "the bearer may write bucket policies, and so grant itself "+withheld+", which this policy withholds", "take s3:PutBucketPolicy away, or name the buckets")
			return
		}
	}
}

// granting is the first statement that allows an action, given in lower case, on
// every resource without a condition; nil when there is none, and when another
// denies the action.
func (l *linter) granting(action string) *statement {
	var found *statement
	for _, st := range l.statements {
		if !l.spend(1 + len(st.actions)) {
			return nil
		}
		if len(st.Conditions) > 0 || !st.reaches(action) {
			continue
		}
		if st.Effect == engine.Deny {
			return nil
		}
		if found == nil && (st.NotResource || allRoles(st.Resources) != "") {
			found = st
		}
	}
	return found
}

// everywhere reports whether some resource is a lone wildcard.
func everywhere(list []engine.Text) bool {
	for _, t := range list {
		if everything(t.Value) {
			return true
		}
	}
	return false
}

// boundaries finds users whom a role trusts by name, and whose boundary keeps
// them from assuming it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/roles-managingrole-editing-console.html
func (l *linter) boundaries(s *engine.Scenario) {
	trusted := map[string]string{} // user's ARN → role
	for _, a := range s.Accounts {
		for _, r := range a.Roles {
			if r.Trust == nil {
				continue
			}
			for _, st := range r.Trust.Statements {
				if st.Effect == engine.Deny || st.Principal == nil {
					continue
				}
				for _, v := range st.Principal.Values {
					if v.Type == "AWS" && trusted[v.Value] == "" {
						trusted[v.Value] = r.Name
					}
				}
			}
		}
	}
	allows := map[*engine.Policy]bool{}
	for _, a := range s.Accounts {
		policies := map[string]*engine.Policy{}
		for _, p := range a.Policies {
			policies[p.Name] = p
		}
		for _, u := range a.Users {
			role := trusted[a.UserARN(u)]
			if role == "" || u.Boundary == nil {
				continue
			}
			p := policies[short(u.Boundary.Value)]
			if p == nil || p.State != engine.Known || p.HasParts() {
				continue
			}
			if _, asked := allows[p]; !asked {
				allows[p] = allowsAction(p, "sts:assumerole")
			}
			if allows[p] {
				continue
			}
			l.at("BOUNDARY_WITHOUT_ASSUMEROLE", u.Boundary.At,
				"the role "+quote(role)+" trusts the user "+quote(u.Name)+", whose boundary "+quote(u.Boundary.Value)+" does not allow sts:AssumeRole", "allow sts:AssumeRole in the boundary")
		}
	}
}

// allowsAction reports whether some Allow of a policy reaches an action.
func allowsAction(p *engine.Policy, action string) bool {
	for _, st := range p.Statements {
		if compile(st).reaches(action) && st.Effect == engine.Allow {
			return true
		}
	}
	return false
}
