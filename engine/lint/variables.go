package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/pattern"
)

// variableChecks are the checks of ${…}.
var variableChecks = []Check{
	{Code: "EMPTY_VARIABLE", Severity: Error, Tier: 1,
		Title: "empty variable",
		Why:   "A variable names a condition key.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${}/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:username}/*"}`},
	},
	{Code: "INVALID_VARIABLE_FOR_OPERATOR", Severity: Error, Tier: 1,
		Title: "variable under an operator without variables",
		Why:   "Variables work under string and ARN operators only.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": "${aws:PrincipalTag/range}"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`},
	},
	{Code: "MISSING_BRACE_IN_VARIABLE", Severity: Error, Tier: 1,
		Title: "variable without its closing brace",
		Why:   "Without the brace it is plain text.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:username/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:username}/*"}`},
	},
	{Code: "MISSING_QUOTE_IN_VARIABLE", Severity: Error, Tier: 1,
		Title: "default value without quotes",
		Why:   "A default value stands between single quotes.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:username, nobody}/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:username, 'nobody'}/*"}`},
	},
	{Code: "UNSUPPORTED_SPACE_IN_VARIABLE", Severity: Error, Tier: 1,
		Title: "blank inside a variable",
		Why:   "The name of a key has no blanks.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${ aws:username }/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:username}/*"}`},
	},
	{Code: "VARIABLE_UNSUPPORTED_IN_ELEMENT", Severity: Error, Tier: 1,
		Title: "variable where there is none",
		Why:   "Variables work in Resource and in condition values only.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", ` +
			`"Action": "s3:${aws:PrincipalTag/action}", "Resource": "arn:aws:s3:::reports/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "VARIABLE_UNSUPPORTED_IN_VERSION", Severity: Error, Tier: 1,
		Title: "variable without Version 2012-10-17",
		Why:   "Under the old version, and without any, ${…} is plain text.",
		by:    [3]*walk{onVariables},
		Bad: Sample{Type: "identity", Text: `{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", ` +
			`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}]}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:username}/*"}`},
		Also: []string{"OLD_VERSION"},
	},
	{Code: "VARIABLE_USAGE_TOO_PERMISSIVE", Severity: Error, Tier: 2,
		Title: "variable in a sensitive key",
		Why:   "A tag or name that others can set decides which account, organization or network is meant.",
		by:    [3]*walk{onVariables},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalTag/org}"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example123"}}}`},
	},
	{Code: "MULTIVALUED_VARIABLE", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_variables.html",
		Title: "key with several values as a variable",
		Why:   "A variable stands for one value; a key with several has none.",
		by:    [3]*walk{onVariables},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:PrincipalOrgPaths}/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:PrincipalOrgID}/*"}`},
	},
	{Code: "VARIABLE_BEFORE_FIFTH_COLON", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_variables.html",
		Title: "variable too early in an ARN",
		Why:   "AWS replaces variables in the last part of an ARN only.",
		by:    [3]*walk{onVariables},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:*:${aws:PrincipalAccount}:jobs"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:*:111122223333:${aws:PrincipalAccount}"}`},
	},
	{Code: "VARIABLE_MAY_BE_MISSING", Severity: Suggestion, Tier: 1, Own: true,
		Page:  "reference_policies_variables.html#policy-vars-default-values",
		Title: "variable without a value",
		Why:   "When a request lacks the key, the text matches nothing: a Deny is escaped, NotResource covers more.",
		by:    [3]*walk{onVariables},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:username}/*"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::home/${aws:username, 'nobody'}/*"}`},
	},
}

var onVariables = &walk{statement: (*linter).variables}

// variables finds ${…} where it is plain text, and variables that may have no value.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (l *linter) variables(st *statement) {
	for _, t := range st.Resources {
		l.variable(t, st.Effect == engine.Deny || st.NotResource, "")
	}
	for i := range st.clauses {
		c := &st.clauses[i]
		switch c.Spec.Operator.Type {
		case condition.String, condition.ARN, condition.Bool:
			for _, t := range c.Values {
				l.variable(t, st.Effect == engine.Deny || c.Spec.Operator.Negated, c.lower)
			}
		}
	}
}

// variable looks at the variables of one text. risky says that a variable without
// a value makes the statement say more than it seems to, or deny less.
func (l *linter) variable(t engine.Text, risky bool, key string) {
	if !strings.Contains(t.Value, "${") {
		return
	}
	if !l.policy.Variables {
		v := l.member(l.policy.At, "Version", false)
		f := l.at("VARIABLE_UNSUPPORTED_IN_VERSION", t.At,
			quote(t.Value)+" has a variable, and without Version 2012-10-17 it is plain text",
			`write "Version": "2012-10-17"`)
		if v != nil {
			f.fix("use version 2012-10-17", replaceText(v, "2012-10-17")...)
		} else if sound(l.policy.At) {
			f.fix("add the version", l.insert(l.policy.At, "Version", `"2012-10-17"`)...)
		}
		return
	}
	colons := 0
	for at := 0; at < len(t.Value); at++ {
		end := pattern.VariableEnd(t.Value, at)
		if end == at {
			if t.Value[at] == ':' {
				colons++
			}
			continue
		}
		inner := t.Value[at+len("${") : end-1]
		name, _, defaulted := strings.Cut(inner, ",")
		if key == "" && colons < 5 && strings.HasPrefix(t.Value, "arn:") {
			l.at("VARIABLE_BEFORE_FIFTH_COLON", t.At,
				"the variable ${"+inner+"} of "+quote(t.Value)+" stands before the fifth colon, where AWS takes none",
				"use a variable in the last part of the ARN only")
		}
		if k := catalog.Global(name); k != nil {
			switch {
			case k.Multi:
				l.at("MULTIVALUED_VARIABLE", t.At,
					"${"+inner+"} is a key with several values, and has none as a variable",
					"use a key with a single value")
			case risky && !defaulted && optional(name):
				l.at("VARIABLE_MAY_BE_MISSING", t.At,
					"${"+inner+"} has no value "+unless(k)+": then "+quote(t.Value)+" matches nothing",
					"give it a default, as in ${"+name+", 'none'}")
			}
		}
		if key != "" {
			l.loose(t, key, at, end, true)
		}
		at = end - 1
	}
}

// optional reports whether requests of ordinary callers may lack a global key.
func optional(name string) bool {
	k := catalog.Global(name)
	if k == nil || k.Present == catalog.Always {
		return false
	}
	switch k.Name {
	case "aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:ResourceAccount":
		return false // every signed request about a resource has them
	}
	return true
}

// unless says when a request lacks a key.
func unless(k *catalog.GlobalKey) string { return "unless " + k.Present }
