package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// conditionChecks are the checks of the operators and values of a Condition.
var conditionChecks = []Check{
	{Code: "DUPLICATE_KEYS_WITH_DIFFERENT_CASE", Severity: Error, Tier: 1,
		Title: "condition key twice in different case",
		Why:   "Condition keys have no case, so the two are one key with two lists of values.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a", ` +
			`"aws:principaltag/team": "b"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": ["a", ` +
			`"b"]}}}`},
	},
	{Code: "INVALID_CONDITION_DATA_TYPE", Severity: Error, Tier: 1,
		Title: "values of several JSON types",
		Why:   "The values of one key are all strings, all numbers or all booleans.",
		by:    [3]*walk{onValues}, lack: inCondition,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"NumericEquals": {"s3:max-keys": [10, "20"]}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"NumericEquals": {"s3:max-keys": ["10", "20"]}}}`},
	},
	{Code: "INVALID_CONDITION_MULTIPLE_BOOLEAN", Severity: Error, Tier: 1,
		Title: "several booleans",
		Why:   "True and false together say nothing, and one of them twice says it once.",
		by:    [3]*walk{onValues},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Bool": {"aws:SecureTransport": ["true", ` +
			`"false"]}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}`},
	},
	{Code: "INVALID_CONDITION_OPERATOR", Severity: Error, Tier: 1,
		Title: "unknown operator",
		Why:   "AWS refuses a condition with an operator that it does not know.",
		by:    [3]*walk{reading}, mend: mendOperator,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEqual": {"aws:PrincipalTag/team": "a"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}`},
	},
	{Code: "INVALID_KMS_KEY_VALUE", Severity: Error, Tier: 2,
		Title: "value that is no key",
		Why:   "The condition compares with the ARN of a KMS key, never with its ID or alias.",
		by:    [3]*walk{onNetworks},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "alias/reports"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:PutObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}}}`},
	},
	{Code: "INVALID_REGION", Severity: Error, Tier: 2, Ages: true,
		Title: "unknown Region",
		Why:   "No request is for such a Region.",
		by:    [3]*walk{onNetworks},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-centrall-1"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}}`},
	},
	{Code: "INVALID_VPCE_FORMAT", Severity: Error, Tier: 2,
		Title: "text that is no VPC endpoint",
		Why:   "The ID of an endpoint is vpce- and 8 or 17 letters and digits.",
		by:    [3]*walk{reading, onNetworks},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:SourceVpce": "vpc-0abc1234def567890"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0abc1234def567890"}}}`},
	},
	{Code: "INVALID_VPC_FORMAT", Severity: Error, Tier: 2,
		Title: "text that is no VPC",
		Why:   "The ID of a VPC is vpc- and 8 or 17 letters and digits.",
		by:    [3]*walk{onNetworks},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-main"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-0abc1234def567890"}}}`},
	},
	{Code: "NULL_WITH_IF_EXISTS", Severity: Error, Tier: 1,
		Title: "IfExists on Null",
		Why:   "Null asks whether a key is there; there is nothing left for IfExists to say.",
		by:    [3]*walk{reading}, mend: mendOperator,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"NullIfExists": {"aws:PrincipalTag/team": "false"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Null": {"aws:PrincipalTag/team": "false"}}}`},
	},
	{Code: "PRIVATE_IP_ADDRESS", Severity: Error, Tier: 1,
		Title: "only private addresses in aws:SourceIp",
		Why:   "Requests arrive from public addresses, so the condition never matches.",
		by:    [3]*walk{onAddresses}, lack: inCondition,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`},
	},
	{Code: "PRIVATE_NOT_IP_ADDRESS", Severity: Error, Tier: 1,
		Title: "only private addresses under NotIpAddress",
		Why:   "Requests arrive from public addresses, so the condition always matches.",
		by:    [3]*walk{onAddresses}, lack: inCondition,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`},
	},
	{Code: "TYPE_MISMATCH_IP_RANGE", Severity: Error, Tier: 1,
		Title: "value that is no IP address",
		Why:   "An IP operator compares with addresses and CIDR ranges.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0-255"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`},
	},
	{Code: "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", Severity: SecurityWarning, Tier: 1,
		Title: "StringLike on an ARN",
		Why:   "Under StringLike a * runs over the colons of an ARN; ArnLike compares field by field.",
		by:    [3]*walk{onKeyTypes},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app-*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app-*"}}}`},
	},
	{Code: "INVALID_ARN", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_condition_operators.html#Conditions_ARN",
		Title: "value that is no ARN",
		Why:   "An ARN operator compares six fields; a value with fewer matches nothing.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"ArnLike": {"aws:PrincipalArn": "role/app-*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app-*"}}}`},
	},
	{Code: "INVALID_DATE_VALUE", Severity: Warning, Tier: 1,
		Title: "date as a number",
		Why:   "Unix seconds are hard to read: a date as of ISO 8601 says the same.",
		by:    [3]*walk{reading, onValues},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"DateLessThan": {"aws:CurrentTime": "1798675200"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-12-31T00:00:00Z"}}}`},
	},
	{Code: "MISMATCHED_TYPE_OPERATION_TO_NULL", Severity: Warning, Tier: 1, Own: true,
		Page:  "reference_policies_elements_condition_operators.html#Conditions_Null",
		Title: "Null with something other than true or false",
		Why:   "Null asks whether the key is absent: true or false.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Null": {"aws:TokenIssueTime": "present"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Null": {"aws:TokenIssueTime": "false"}}}`},
	},
	{Code: "TYPE_MISMATCH", Severity: Warning, Tier: 2,
		Title: "operator that does not fit the key's type",
		Why:   "The values of a key are of one type; an operator of another compares wrongly or never.",
		by:    [3]*walk{reading, onKeyTypes},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:SourceIp": "203.0.113.7"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.7"}}}`},
	},
	{Code: "TYPE_MISMATCH_BOOLEAN", Severity: Warning, Tier: 1,
		Title: "value that is no boolean",
		Why:   "Bool compares with true and false.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Bool": {"aws:SecureTransport": "yes"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}`},
	},
	{Code: "TYPE_MISMATCH_DATE", Severity: Warning, Tier: 1,
		Title: "value that is no date",
		Why:   "Date operators compare with dates as of ISO 8601, or Unix seconds.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"DateLessThan": {"aws:CurrentTime": "31.12.2026"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-12-31T00:00:00Z"}}}`},
	},
	{Code: "TYPE_MISMATCH_NUMBER", Severity: Warning, Tier: 1,
		Title: "value that is no number",
		Why:   "Numeric operators compare with integers and decimal numbers.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"NumericLessThan": {"s3:max-keys": "ten"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"NumericLessThan": {"s3:max-keys": "10"}}}`},
	},
	{Code: "TYPE_MISMATCH_STRING", Severity: Warning, Tier: 1,
		Title: "value that is no string",
		Why:   "A string operator compares texts; a number or boolean belongs in quotes.",
		by:    [3]*walk{onValues},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/level": 3}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalTag/level": "3"}}}`},
	},
	{Code: "WILDCARD_WITHOUT_LIKE_OPERATOR", Severity: Warning, Tier: 1,
		Title: "wildcard under an operator without wildcards",
		Why:   "Under StringEquals * and ? are plain characters.",
		by:    [3]*walk{reading}, mend: mendLike,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalTag/team": "red-*"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringLike": {"aws:PrincipalTag/team": "red-*"}}}`},
	},
	{Code: "EMPTY_ARRAY_CONDITION", Severity: Suggestion, Tier: 1,
		Title: "key without values",
		Why:   "Without values a positive operator matches nothing, and a negated one everything.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": []}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalTag/team": ["a"]}}}`},
	},
	{Code: "EMPTY_ARRAY_CONDITION_FORALLVALUES", Severity: Suggestion, Tier: 1,
		Title: "ForAllValues without values",
		Why:   "It is true only for a request without the key, which Null says better.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": []}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Null": {"aws:TagKeys": "true"}}}`},
	},
	{Code: "EMPTY_ARRAY_CONDITION_FORANYVALUE", Severity: Suggestion, Tier: 1,
		Title: "ForAnyValue without values",
		Why:   "It is never true.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": []}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["team"]}}}`},
	},
	{Code: "EMPTY_ARRAY_CONDITION_IFEXISTS", Severity: Suggestion, Tier: 1,
		Title: "IfExists without values",
		Why:   "It is true only for a request without the key, which Null says better.",
		by:    [3]*walk{reading},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEqualsIfExists": {"aws:PrincipalTag/team": []}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"Null": {"aws:PrincipalTag/team": "true"}}}`},
	},
	{Code: "EMPTY_OBJECT_CONDITION", Severity: Suggestion, Tier: 1,
		Title: "empty Condition",
		Why:   "It says nothing.",
		by:    [3]*walk{reading}, mend: mendByRemoval,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*"}`},
	},
	{Code: "IMPROVE_IP_RANGE", Severity: Suggestion, Tier: 1,
		Title: "bits after the prefix",
		Why:   "They are ignored: the range is wider than it looks.",
		by:    [3]*walk{reading}, mend: mendRange,
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.7/24"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`},
	},
	{Code: "MISMATCHED_TYPE_BUT_USABLE", Severity: Suggestion, Tier: 2, Own: true,
		Page:  "reference_policies_elements_condition_operators.html#Conditions_ARN",
		Title: "StringEquals on an ARN",
		Why:   "It works, as plain text; ArnEquals says what is meant.",
		by:    [3]*walk{onKeyTypes},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}}`},
	},
	{Code: "PRIVATE_IP_ADDRESS_SUBSET", Severity: Suggestion, Tier: 1,
		Title: "private among public addresses",
		Why:   "Requests arrive from public addresses: the private range does nothing.",
		by:    [3]*walk{onAddresses},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "10.0.0.0/8"]}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}}`},
	},
	{Code: "PRIVATE_NOT_IP_ADDRESS_SUBSET", Severity: Suggestion, Tier: 1,
		Title: "private among public addresses under NotIpAddress",
		Why:   "Requests arrive from public addresses: the private range does nothing.",
		by:    [3]*walk{onAddresses},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "10.0.0.0/8"]}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Deny", "Action": "s3:DeleteObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", ` +
			`"Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}}`},
	},
	{Code: "REDUNDANT_CONDITION_VALUE_NUM", Severity: Suggestion, Tier: 2,
		Title: "several bounds",
		Why:   "Of several upper bounds only the greatest counts, of several lower ones the least.",
		by:    [3]*walk{onValues},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"NumericLessThan": {"s3:max-keys": ["10", ` +
			`"20"]}}}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "s3:GetObject", ` +
			`"Resource": "arn:aws:s3:::reports/*", "Condition": {"NumericLessThan": {"s3:max-keys": ["20"]}}}`},
	},
}

var (
	onValues    = &walk{condition: (*linter).values}
	onAddresses = &walk{condition: (*linter).addresses}
	onKeyTypes  = &walk{condition: (*linter).keyType}
	onNetworks  = &walk{condition: (*linter).networks}
)

// values looks at the JSON types of a key's values.
func (l *linter) values(st *statement, c *clause) {
	mixed := false
	for _, v := range c.Values {
		mixed = mixed || v.At.Kind != c.Values[0].At.Kind
		if c.Spec.Operator.Type == condition.String && v.At.Kind != jsonpos.String {
			l.at("TYPE_MISMATCH_STRING", v.At, quote(v.Value)+" is a "+v.At.Kind.String()+" under "+c.Spec.Operator.Name+", expected a string", "put it in quotes").
				fix("put it in quotes", replaceText(v.At, v.Value)...)
		}
	}
	l.bounds(c)
	if mixed {
		var b strings.Builder
		for i, v := range c.Values {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(jsonpos.Quote(v.Value))
		}
		f := l.at("INVALID_CONDITION_DATA_TYPE", c.At, "the values of "+quote(c.Key)+" are of several JSON types, expected one", "write all of them as strings")
		if !c.At.Broken {
			f.fix("write all as strings", replace(c.At, "["+b.String()+"]")...)
		}
	}
	if c.Spec.Operator.Type == condition.Bool && len(c.Values) > 1 {
		l.at("INVALID_CONDITION_MULTIPLE_BOOLEAN", c.At, quote(c.Key)+" has "+number(len(c.Values))+" values under "+c.Spec.Operator.Name+", expected true or false", "leave one of them")
	}
}

// bounds finds dates written as numbers, and bounds of which only one counts.
func (l *linter) bounds(c *clause) {
	op := c.Spec.Operator
	for _, v := range c.Values {
		if op.Type == condition.Date && len(v.Value) > 4 && strings.Trim(v.Value, "0123456789") == "" {
			f := l.at("INVALID_DATE_VALUE", v.At, quote(v.Value)+" is a date as a number of seconds, which nobody can read", "write it like 2026-12-31T00:00:00Z")
			if at, ok := condition.ParseInstant(v.Value); ok && at.Seconds < 1<<37 {
				date := condition.FormatSeconds(at.Seconds)
				f.fix("write "+date, replaceText(v.At, date)...)
			}
		}
	}
	if ordered := strings.Contains(op.Name, "Than"); ordered && len(c.Values) > 1 && (op.Type == condition.Numeric || op.Type == condition.Date) {
		which := "greatest"
		if strings.Contains(op.Name, "Greater") {
			which = "least"
		}
		l.at("REDUNDANT_CONDITION_VALUE_NUM", c.At, "of the "+number(len(c.Values))+" values under "+op.Name+" only the "+which+" counts", "leave the "+which)
	}
}

// addresses finds private addresses among those that requests come from.
func (l *linter) addresses(st *statement, c *clause) {
	if c.lower != "aws:sourceip" || c.Spec.Operator.Type != condition.IP {
		return
	}
	var private []engine.Text
	for _, v := range c.Values {
		if _, isPrivate, ok := condition.Network(v.Value); ok && isPrivate {
			private = append(private, v)
		}
	}
	not, always := "", "never matches"
	if c.Spec.Operator.Negated {
		not, always = "NOT_", "always matches"
	}
	switch len(private) {
	case 0:
	case len(c.Values):
		l.at("PRIVATE_"+not+"IP_ADDRESS", c.At, quote(private[0].Value)+" is private, and requests come from public addresses: the condition "+always, "use public ranges, or aws:VpcSourceIp with aws:SourceVpc")
	default:
		for _, v := range private {
			l.at("PRIVATE_"+not+"IP_ADDRESS_SUBSET", v.At, quote(v.Value)+" is private, and requests come from public addresses", "remove it").
				fix("remove it", remove(v.At)...)
		}
	}
}

// fits are the operators that fit a type of keys.
var fits = [catalog.KeyTypes]condition.Type{catalog.String: condition.String, catalog.ARN: condition.ARN, catalog.Bool: condition.Bool,
	catalog.Date: condition.Date, catalog.IPAddress: condition.IP, catalog.Numeric: condition.Numeric}

// keyType holds the operator to the key's type.
func (l *linter) keyType(st *statement, c *clause) {
	k := l.key(c.Key)
	op := c.Spec.Operator
	if k == nil || op.Type == condition.Null || op.Type == condition.Binary || op.Type == fits[k.Type] {
		return
	}
	if g := catalog.Global(c.Key); g != nil && op.Type == fits[g.Also] {
		return
	}
	if k.Type != catalog.ARN || op.Type != condition.String {
		if op.Type == condition.String && k.Type == catalog.Bool && allBoolean(c.Values) || op.Type == condition.ARN && k.Type == catalog.String && wholeARNs(c.Values) {
			return // the texts are compared, and that does what was meant
		}
		l.atKey("TYPE_MISMATCH", c.At, quote(c.Key)+" holds values of type "+k.Type.String()+", and stands under "+c.Spec.String(), "use an operator for "+k.Type.String())
		return
	}
	to := "ArnLike"
	if op.Negated {
		to = "ArnNotLike"
	}
	to = strings.Replace(c.Spec.String(), op.Name, to, 1)
	code, message := "MISMATCHED_TYPE_BUT_USABLE", quote(c.Key)+" is an ARN, and "+op.Name+" compares it as plain text"
	if op.Like {
		code, message = "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", quote(c.Key)+" is an ARN, and * under "+op.Name+" runs over its colons"
	}
	f := l.atKey(code, c.At, message, "use "+to)
	if wholeARNs(c.Values) {
		f.fix("use "+to, l.moveKey(c.At, to)...)
	}
}

// wholeARNs reports whether all values have the six fields of an ARN.
func wholeARNs(values []engine.Text) bool {
	for _, v := range values {
		if _, ok := arn.Parse(v.Value); !ok {
			return false
		}
	}
	return true
}

func allBoolean(values []engine.Text) bool {
	for _, v := range values {
		if !strings.EqualFold(v.Value, "true") && !strings.EqualFold(v.Value, "false") {
			return false
		}
	}
	return true
}

// networks looks at the values of keys that hold IDs of VPCs, Regions and services.
func (l *linter) networks(st *statement, c *clause) {
	if c.Spec.Operator.Type != condition.String {
		return
	}
	for _, v := range c.Values {
		if wild(v.Value) || strings.Contains(v.Value, "${") {
			continue
		}
		switch c.lower {
		case "aws:sourcevpc":
			if !isID(v.Value, "vpc-") {
				l.at("INVALID_VPC_FORMAT", v.At, quote(v.Value)+" is not the ID of a VPC, expected vpc- and 8 or 17 letters and digits", "write it like vpc-0abc1234def567890")
			}
		case "aws:sourcevpce":
			if !isID(v.Value, "vpce-") {
				l.at("INVALID_VPCE_FORMAT", v.At, quote(v.Value)+" is not the ID of a VPC endpoint, expected vpce- and 8 or 17 letters and digits", "write it like vpce-0abc1234def567890")
			}
		case "aws:requestedregion":
			if !contains(regions, v.Value) {
				f := l.at("INVALID_REGION", v.At, quote(v.Value)+" is not a Region that is known here",
					"write it like eu-central-1")
				l.near(f, v, regions)
			}
		case "s3:x-amz-server-side-encryption-aws-kms-key-id":
			if a, ok := arn.Parse(v.Value); !ok || a.Service != "kms" || !strings.HasPrefix(a.Resource, "key/") {
				l.at("INVALID_KMS_KEY_VALUE", v.At, quote(v.Value)+" is not the ARN of a KMS key", "write it like arn:aws:kms:REGION:ACCOUNT:key/ID")
			}
		case "kms:viaservice":
			parts := strings.Split(v.Value, ".")
			if len(parts) < 4 || !strings.HasSuffix(v.Value, ".amazonaws.com") && !strings.HasSuffix(v.Value, ".amazonaws.com.cn") {
				l.at("INVALID_SERVICE_PRINCIPAL_FORMAT", v.At, quote(v.Value)+" is not what kms:ViaService holds, expected a service, a Region and amazonaws.com", "write it like s3.eu-central-1.amazonaws.com")
			}
		}
	}
}

// isID reports whether s is a prefix and 8 or 17 lower-case letters and digits.
func isID(s, prefix string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	return ok && (len(rest) == 8 || len(rest) == 17) && strings.Trim(rest, "0123456789abcdefghijklmnopqrstuvwxyz") == ""
}

// emptyCode is the code of a key without values, by its operator.
func emptyCode(v *jsonpos.Value) string {
	if v != nil && v.Parent != nil {
		if spec, _, ok := condition.ParseOperator(v.Parent.Key); ok {
			switch {
			case spec.IfExists:
				return "EMPTY_ARRAY_CONDITION_IFEXISTS"
			case spec.Set == condition.ForAllValues:
				return "EMPTY_ARRAY_CONDITION_FORALLVALUES"
			case spec.Set == condition.ForAnyValue:
				return "EMPTY_ARRAY_CONDITION_FORANYVALUE"
			}
		}
	}
	return "EMPTY_ARRAY_CONDITION"
}

func mendOperator(f *Finding, e *editor, v *jsonpos.Value) {
	if _, s, _ := condition.ParseOperator(v.Key); s != "" {
		f.fix("write "+s, e.rename(v, s)...)
	}
}

func mendRange(f *Finding, e *editor, v *jsonpos.Value) {
	if exact, _, ok := condition.Network(v.Text); ok {
		f.fix("write "+exact, replaceText(v, exact)...)
	}
}

// mendLike moves the key of a value with wildcards to the operator that has them.
func mendLike(f *Finding, e *editor, v *jsonpos.Value) {
	if v.Parent.Kind == jsonpos.Array {
		v = v.Parent
	}
	spec, _, ok := condition.ParseOperator(v.Parent.Key)
	if !ok || spec.Operator.FoldCase {
		return
	}
	name := "StringLike"
	if spec.Operator.Negated {
		name = "StringNotLike"
	}
	to := strings.Replace(v.Parent.Key, spec.Operator.Name, name, 1)
	f.fix("use "+to, e.moveKey(v, to)...)
}
