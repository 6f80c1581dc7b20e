package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
)

// grants finds what an identity-based policy lets its bearer pass on.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
func (l *linter) grants(st *statement) {
	if l.typ.Kind != Identity || st.Effect == engine.Deny {
		return
	}
	l.reach(st, "iam:passrole", "iam:passedtoservice", "PASS_ROLE", "pass every role to every service", "name the roles, and add a condition on iam:PassedToService")
	l.reach(st, "iam:createservicelinkedrole", "iam:awsservicename", "CREATE_SLR", "create service-linked roles for every service", "name the roles, and add a condition on iam:AWSServiceName")
	if st.has("dynamodb:attributes") && !st.has("dynamodb:select") {
		c := &st.Conditions[st.keys["dynamodb:attributes"][0]]
		l.atKey("DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", c.At, quote(c.Key)+" limits nothing while a query may ask for all attributes", `add "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}`).
			fix("add dynamodb:Select", require(l.doc, st.At, "StringEquals", "dynamodb:Select", "SPECIFIC_ATTRIBUTES")...)
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
	if l.typ.Kind != Identity {
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
		if l.work <= 0 {
			return
		}
		if whole {
			l.atKey("PRIVILEGE_ESCALATION", first.ActionAt, "with "+strings.Join(ladder.actions, " and ")+" on every resource the bearer "+ladder.how, "name the resources, or take one of the actions away")
		}
	}
	put := grants("s3:PutBucketPolicy")
	for _, withheld := range []string{"s3:DeleteBucket", "s3:DeleteObject"} {
		if put != nil && grants(withheld) == nil && l.work > 0 {
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
		if l.work -= len(st.actions); l.work <= 0 || len(st.Conditions) > 0 || !st.reaches(action) {
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
