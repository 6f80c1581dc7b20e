package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// absenceChecks are the checks of conditions on keys that a request may lack, or may have several times.
var absenceChecks = []Check{
	{Code: "MISSING_QUALIFIER", Severity: Error, Tier: 2, Stored: true,
		Title: "key with several values without a set operator",
		Why: "Whether all values must fit or any is for ForAllValues and ForAnyValue to say; without them " +
			"nothing matches.",
		by: [3]*walk{onSets},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalOrgPaths": "o-example123/r-ab12/ou-ab12-11111111/"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o-example123/r-ab12/ou-ab12-11111111/"}}}`},
	},
	{Code: "BAD_PATTERN_FOR_MFA", Severity: SecurityWarning, Tier: 1, Own: true,
		Page:  "reference_policies_condition-keys.html#condition-keys-multifactorauthpresent",
		Title: "MFA tested in a way that misses callers",
		Why: "Long-term access keys have no aws:MultiFactorAuthPresent at all, and temporary credentials without " +
			"MFA have it as false.",
		by: [3]*walk{onAbsence},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}`},
	},
	{Code: "FORALLVALUES_WITH_SINGLE_VALUED_KEY", Severity: SecurityWarning, Tier: 2,
		Title: "ForAllValues on a single value",
		Why:   "ForAllValues is true for a missing key; on a key with one value it only opens a gap.",
		by:    [3]*walk{onSets},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAllValues:StringEquals": {"aws:PrincipalTag/team": "red"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEqualsIfExists": {"aws:PrincipalTag/team": "red"}}}`},
	},
	{Code: "FORALLVALUES_ALLOW_WITHOUT_NULL", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_condition-single-vs-multi-valued-context-keys.html",
		Title: "ForAllValues in an Allow",
		Why:   "ForAllValues is true for a request without the key, which is then allowed.",
		by:    [3]*walk{onAbsence}, lack: inCondition,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "ec2:CreateTags", ` +
			`"Resource": "arn:aws:ec2:*:111122223333:instance/*", ` +
			`"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "ec2:CreateTags", ` +
			`"Resource": "arn:aws:ec2:*:111122223333:instance/*", ` +
			`"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}, ` +
			`"Null": {"aws:TagKeys": "false"}}}`},
	},
	{Code: "NEGATED_ALLOW_MISSING_KEY", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_condition_operators.html",
		Title: "Allow that a missing key passes",
		Why:   "A negated operator is true when the request has no such key.",
		by:    [3]*walk{onAbsence}, lack: inCondition,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "guests"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "guests"}, ` +
			`"Null": {"aws:PrincipalTag/team": "false"}}}`},
	},
	{Code: "DENY_POSITIVE_OPTIONAL_KEY", Severity: Suggestion, Tier: 1, Own: true,
		Page:  "reference_policies_elements_condition_operators.html",
		Title: "Deny that a missing key escapes",
		Why:   "A positive operator is false when the request has no such key.",
		by:    [3]*walk{onAbsence}, lack: inCondition,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0abc1234def567890"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-0abc1234def567890"}}}`},
	},
	{Code: "EQUIVALENT_TO_NULL_FALSE", Severity: Suggestion, Tier: 2,
		Title: "condition that only asks for presence",
		Why:   "Null says the same and says it plainly.",
		by:    [3]*walk{onPresence},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringLike": {"aws:PrincipalTag/team": "*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Null": {"aws:PrincipalTag/team": "false"}}}`},
	},
	{Code: "EQUIVALENT_TO_NULL_TRUE", Severity: Suggestion, Tier: 2,
		Title: "condition that only asks for absence",
		Why:   "Null says the same and says it plainly.",
		by:    [3]*walk{onPresence},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringNotLike": {"aws:PrincipalTag/team": "*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Null": {"aws:PrincipalTag/team": "true"}}}`},
	},
	{Code: "FORANYVALUE_DENY_MISSING_KEY", Severity: Suggestion, Tier: 1, Own: true,
		Page:  "reference_policies_condition-single-vs-multi-valued-context-keys.html",
		Title: "ForAnyValue in a Deny",
		Why:   "ForAnyValue is false for a request without the key, which escapes the Deny.",
		by:    [3]*walk{onAbsence}, lack: inCondition,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["team"]}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["team"]}, ` +
			`"Null": {"aws:TagKeys": "false"}}}`},
	},
	{Code: "IFEXISTS_ON_NEGATED_DENY", Severity: Suggestion, Tier: 1, Own: true,
		Page:  "reference_policies_elements_condition_operators.html#Conditions_IfExists",
		Title: "IfExists that changes nothing",
		Why:   "A negated operator is true for a missing key anyway.",
		by:    [3]*walk{onAbsence},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example123"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-example123"}}}`},
	},
	{Code: "NULL_WITH_QUALIFIER", Severity: Suggestion, Tier: 1,
		Title: "set operator on Null",
		Why:   "ForAllValues:Null is always true, ForAnyValue:Null always false.",
		by:    [3]*walk{onNulls},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"ForAllValues:Null": {"aws:TagKeys": "false"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Null": {"aws:TagKeys": "false"}}}`},
	},
	{Code: "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", Severity: Suggestion, Tier: 2,
		Title: "condition that is always true",
		Why:   "The wildcard fits every value, and a missing key passes too.",
		by:    [3]*walk{onPresence},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringLikeIfExists": {"aws:PrincipalTag/team": "*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", Severity: Suggestion, Tier: 2,
		Title: "condition that is never true",
		Why:   "The wildcard fits every value, so no value is outside of it.",
		by:    [3]*walk{onPresence},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAnyValue:StringNotLike": {"aws:TagKeys": "*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAnyValue:StringNotLike": {"aws:TagKeys": "team-*"}}}`},
	},
	{Code: "SINGLE_VALUE_CONDITION_TOO_PERMISSIVE", Severity: Suggestion, Tier: 2, Own: true,
		Page:  "reference_policies_condition-single-vs-multi-valued-context-keys.html",
		Title: "ForAnyValue on a single value",
		Why:   "The key has one value at most: the set operator only misleads.",
		by:    [3]*walk{onSets},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAnyValue:StringEquals": {"aws:PrincipalTag/team": "red"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}`},
	},
}

var (
	onAbsence  = &walk{condition: (*linter).absence}
	onNulls    = &walk{condition: (*linter).nullQualifier}
	onSets     = &walk{condition: (*linter).qualifier}
	onPresence = &walk{condition: (*linter).presence}
)

// absence finds conditions whose answer for a missing key is probably not what
// was meant.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (l *linter) absence(st *statement, c *clause) {
	op := c.Spec.Operator
	if c.lower == "aws:multifactorauthpresent" &&
		(op.Type == condition.Null ||
			st.Effect == engine.Deny && op.Type == condition.Bool && !c.Spec.IfExists && len(c.Values) == 1 &&
				strings.EqualFold(c.Values[0].Value, "false")) {
		if op.Type == condition.Null {
			l.atKey("BAD_PATTERN_FOR_MFA", c.At,
				"whether "+quote(c.Key)+" is there does not say whether MFA was used: temporary credentials "+
					"without MFA have it too, as false", "use Bool or BoolIfExists")
		} else {
			l.atKey("BAD_PATTERN_FOR_MFA", c.At,
				quote(c.Key)+" is absent for long-term access keys, which this Deny misses", "use BoolIfExists").
				fix("use BoolIfExists", l.moveKey(c.At,
					strings.Replace(c.Spec.String(), "Bool", "BoolIfExists", 1))...)
		}
		return
	}
	if op.Type == condition.Null {
		return
	}
	present := func(f *Finding) {
		if !st.null(c.lower, "true") {
			f.fix("require the key", l.require(st.At, "Null", c.Key, "false")...)
		}
	}
	switch {
	case c.Spec.Set == condition.ForAllValues:
		if st.Effect == engine.Allow && !st.null(c.lower, "false") {
			present(l.atKey("FORALLVALUES_ALLOW_WITHOUT_NULL", c.At,
				quote(c.Spec.String())+" is true for a request without "+quote(c.Key)+", which this statement then allows", `add "Null": {"`+c.Key+`": "false"}`))
		}
	case c.Spec.Set == condition.ForAnyValue:
		if st.Effect == engine.Deny && !c.Spec.IfExists && !st.null(c.lower, "false") {
			l.atKey("FORANYVALUE_DENY_MISSING_KEY", c.At,
				quote(c.Spec.String())+" is false for a request without "+quote(c.Key)+", which escapes this Deny",
				`deny requests without the key in another statement, with "Null": {"`+c.Key+`": "true"}, if they are meant too`)
		}
	case c.Spec.IfExists:
		if st.Effect == engine.Deny && op.Negated {
			l.atKey("IFEXISTS_ON_NEGATED_DENY", c.At.Parent,
				quote(c.Spec.String())+" says what "+op.Name+" says: a negated operator is true for a missing key anyway", "leave out IfExists").
				fix("leave out IfExists", l.moveKey(c.At, op.Name)...)
		}
	case !optional(c.Key) || st.null(c.lower, "false"):
	case op.Negated && st.Effect == engine.Allow:
		present(l.atKey("NEGATED_ALLOW_MISSING_KEY", c.At,
			op.Name+" is true for a request without "+quote(c.Key)+", which this statement then allows",
			`add "Null": {"`+c.Key+`": "false"}`))
	case !op.Negated && st.Effect == engine.Deny:
		l.atKey("DENY_POSITIVE_OPTIONAL_KEY", c.At,
			op.Name+" is false for a request without "+quote(c.Key)+", which escapes this Deny",
			"use "+c.Spec.Operator.Name+"IfExists if such requests are to be denied too").
			fix("deny without the key too", l.moveKey(c.At, op.Name+"IfExists")...)
	}
}

// nullQualifier finds Null with a set operator.
func (l *linter) nullQualifier(st *statement, c *clause) {
	if c.Spec.Operator.Type != condition.Null || c.Spec.Set == condition.NoSet {
		return
	}
	always := "always true"
	if c.Spec.Set == condition.ForAnyValue {
		always = "always false"
	}
	l.atKey("NULL_WITH_QUALIFIER", c.At.Parent, quote(c.Spec.String())+" is "+always, "write Null").
		fix("write Null", l.moveKey(c.At, "Null")...)
}

// qualifier holds set operators to whether the key has several values.
func (l *linter) qualifier(st *statement, c *clause) {
	k := l.key(c.Key)
	if k == nil || c.Spec.Operator.Type == condition.Null {
		return
	}
	bare := c.Spec
	bare.Set = condition.NoSet
	switch {
	case k.Multi && c.Spec.Set == condition.NoSet:
		l.atKey("MISSING_QUALIFIER", c.At,
			quote(c.Key)+" can have several values, and stands under "+c.Spec.String()+" without a set operator",
			"write ForAnyValue: or ForAllValues: before the operator")
	case k.Multi:
	case c.Spec.Set == condition.ForAllValues:
		l.atKey("FORALLVALUES_WITH_SINGLE_VALUED_KEY", c.At,
			quote(c.Key)+" has a single value, and ForAllValues is true when it is missing", "use "+bare.String()).
			fix("use "+bare.String(), l.moveKey(c.At, bare.String())...)
	case c.Spec.Set == condition.ForAnyValue:
		l.atKey("SINGLE_VALUE_CONDITION_TOO_PERMISSIVE", c.At,
			quote(c.Key)+" has a single value, and needs no ForAnyValue", "use "+bare.String()).
			fix("use "+bare.String(), l.moveKey(c.At, bare.String())...)
	}
}

// presence finds conditions that only say whether a key is there, always apply,
// or never do.
func (l *linter) presence(st *statement, c *clause) {
	op := c.Spec.Operator
	star := false
	for _, v := range c.Values {
		star = star || op.Type == condition.String && op.Like && everything(v.Value)
	}
	if !star {
		return
	}
	null := func(code, want string) {
		l.atKey(code, c.At, `"*" under `+c.Spec.String()+" only says whether "+quote(c.Key)+" is there",
			`write "Null": {"`+c.Key+`": "`+want+`"}`).
			fix("write Null", l.asNull(st, c, want)...)
	}
	switch {
	case c.Spec.Set == condition.ForAllValues && !op.Negated, c.Spec.IfExists && !op.Negated:
		l.atKey("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", c.At,
			`"*" under `+c.Spec.String()+" is always true, so that "+quote(c.Key)+" limits nothing",
			"remove it, or say which values are meant").
			fix("remove the condition", removeKey(c.At)...)
	case c.Spec.Set == condition.ForAnyValue && op.Negated && !c.Spec.IfExists:
		l.atKey("REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", c.At,
			`"*" under `+c.Spec.String()+" is never true, so that the statement does nothing",
			"say which values are meant, or remove the statement")
	case op.Negated:
		null("EQUIVALENT_TO_NULL_TRUE", "true")
	default:
		null("EQUIVALENT_TO_NULL_FALSE", "false")
	}
}

// asNull puts Null in the place of a condition; nil when the key has one.
func (l *linter) asNull(st *statement, c *clause, want string) []Edit {
	conditions := st.At.Member("Condition")
	if !sound(conditions) {
		return nil
	}
	block := c.At.Parent
	null := l.member(conditions, "Null", false)
	inner := jsonpos.Quote(c.Key) + ": " + jsonpos.Quote(want)
	switch {
	case null == nil && len(block.Items) == 1:
		return []Edit{keyEdit(block.KeyStart(), block.End, `"Null": {`+inner+"}")}
	case null == nil:
		start, _ := outer(block)
		return append(remove(c.At), keyEdit(start, start, `"Null": {`+inner+"}, "))
	case null.Kind != jsonpos.Object || l.member(null, c.Key, true) != nil:
		return nil
	case len(block.Items) == 1:
		return append(l.insert(null, c.Key, jsonpos.Quote(want)), remove(block)...)
	}
	return append(l.insert(null, c.Key, jsonpos.Quote(want)), remove(c.At)...)
}
