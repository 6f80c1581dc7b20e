package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// organization looks at a statement of a policy of AWS Organizations.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
func (l *linter) organization(st *statement) {
	switch l.typ.Kind {
	case SCP:
		if at := st.At.Member("Principal"); at != nil {
			l.atKey("SCP_SYNTAX_ERROR_PRINCIPAL", at, "a service control policy has no Principal: it applies to the accounts below it", "remove it").
				fix("remove the Principal", remove(at)...)
		}
	case RCP:
		l.resourceControl(st)
	}
}

func (l *linter) resourceControl(st *statement) {
	principal := st.At.Member("Principal")
	switch {
	case st.At.Member("NotPrincipal") != nil:
		// the reader says so
	case principal == nil:
		l.at("RCP_SYNTAX_ERROR_PRINCIPAL", st.At, `the statement has no Principal, and a resource control policy needs "*"`, `add "Principal": "*"`).
			fix(`add "Principal": "*"`, insert(l.doc, st.At, "Principal", `"*"`)...)
	case principal.Kind != jsonpos.String || principal.Text != "*":
		l.at("RCP_SYNTAX_ERROR_PRINCIPAL", principal, `a resource control policy has the Principal "*" only`, `write "*", and a condition on aws:PrincipalArn`)
	}
	if st.Effect == engine.Allow {
		full := principal != nil && principal.Text == "*" && !st.NotAction && !st.NotResource && len(st.Actions) == 1 && everything(st.Actions[0].Value) &&
			len(st.Resources) == 1 && everything(st.Resources[0].Value) && st.At.Member("Condition") == nil
		if e := st.At.Member("Effect"); !full && e != nil && e.Text == "Allow" {
			l.at("RCP_SYNTAX_ERROR_ALLOW", e, "a resource control policy of one's own can only deny", "write Deny; RCPFullAWSAccess does the allowing")
		}
		return
	}
	if st.NotAction {
		l.atKey("RCP_SYNTAX_ERROR_NOTACTION", st.ActionAt, "a resource control policy has no NotAction", "list under Action what is denied")
		return
	}
	for _, a := range st.Actions {
		if prefix, _, ok := strings.Cut(a.Value, ":"); everything(a.Value) {
			l.at("RCP_SYNTAX_ERROR_ACTION", a.At, quote(a.Value)+" names no service, and an action of a resource control policy does", `list services, such as "s3:*"`)
		} else if ok && l.data.uncontrolled(prefix) {
			l.at("RCP_SYNTAX_ERROR_ACTION", a.At, quote(prefix)+" is not among the services that resource control policies apply to", "remove it, or use a service control policy")
		}
	}
	l.controlledConditions(st)
}

// principalKeys tell who calls, and are absent when a service calls as itself.
var principalKeys = []string{"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"}

// controlledConditions finds conditions of a Deny that catch services which
// call as themselves, or miss them.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
func (l *linter) controlledConditions(st *statement) {
	guarded := func(want string) bool {
		for _, i := range st.keys["aws:principalisawsservice"] {
			c := &st.Conditions[i]
			if c.Spec.Operator.Type == condition.Bool && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Value, want) {
				return true
			}
		}
		return false
	}
	for _, k := range principalKeys {
		if at := st.keys[k]; len(at) > 0 && !guarded("false") && st.Conditions[at[0]].Spec.Operator.Negated {
			c := &st.Conditions[at[0]]
			l.atKey("RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", c.At, quote(c.Key)+" is not there when a service calls as itself, so that services are denied too", `add "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}`).
				fix("spare services", require(l.doc, st.At, "BoolIfExists", "aws:PrincipalIsAWSService", "false")...)
			break
		}
	}
	for _, k := range sourceKeys {
		at := st.keys[k]
		if len(at) == 0 || st.Conditions[at[0]].Spec.Operator.Type == condition.Null {
			continue
		}
		c := &st.Conditions[at[0]]
		if !guarded("true") {
			l.atKey("RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY", c.At, quote(c.Key)+" is there only when a service calls as itself, and others are denied too", `add "BoolIfExists": {"aws:PrincipalIsAWSService": "true"}`).
				fix("deny services only", require(l.doc, st.At, "BoolIfExists", "aws:PrincipalIsAWSService", "true")...)
		}
		if !st.null("aws:sourceaccount", "false") && !st.null("aws:sourcearn", "false") {
			l.atKey("RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK", c.At, "services that call without a resource have no "+quote(c.Key)+", and are denied", `add "Null": {"aws:SourceAccount": "false"}`).
				fix("spare calls without a source", require(l.doc, st.At, "Null", "aws:SourceAccount", "false")...)
		}
		break
	}
}
