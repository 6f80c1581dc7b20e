package engine_test

import "testing"

// conditional is ali's policy: everything is allowed under a condition.
func conditional(condition string) cast {
	return cast{user: doc(when(allow("*", "*"), condition))}
}

// forbidding allows everything and denies it under a condition.
func forbidding(condition string) cast {
	return cast{user: doc(allow("*", "*"), when(deny("*", "*"), condition))}
}

// conditionRules are the rules of section 4 as whole policies show them. What
// one operator says of one key has its tests in package condition.
var conditionRules = []ruleCase{
	{rule: "4.1 operators are joined by and", world: conditional(`"StringEquals":{"x:a":"1"},"StringLike":{"x:b":"2"}`), more: context(`"x:a":"1","x:b":"3"`), want: "implicitDeny"},
	{rule: "4.1 all operators true is a match", world: conditional(`"StringEquals":{"x:a":"1"},"StringLike":{"x:b":"2"}`), more: context(`"x:a":"1","x:b":"2"`), want: "allowed"},
	{rule: "4.1 keys under one operator are joined by and", world: conditional(`"StringEquals":{"x:a":"1","x:b":"2"}`), more: context(`"x:a":"1"`), want: "implicitDeny"},
	{rule: "4.1 values of one key are joined by or", world: conditional(`"StringEquals":{"x:a":["1","2"]}`), more: context(`"x:a":"2"`), want: "allowed"},
	{rule: "4.1 a negated operator wants none of its values", world: conditional(`"StringNotEquals":{"x:a":["1","2"]}`), more: context(`"x:a":"2"`), want: "implicitDeny"},
	{rule: "4.1 a false condition keeps a Deny from applying", world: forbidding(`"StringEquals":{"x:a":"1"}`), more: context(`"x:a":"2"`), want: "allowed"},
	{rule: "4.1 two negated keys in one Deny spare who meets either", world: forbidding(`"StringNotEquals":{"x:a":"1","x:b":"1"}`), more: context(`"x:a":"1","x:b":"2"`), want: "allowed"},
	{rule: "4.1 an empty Condition is always true", world: conditional(``), want: "allowed"},

	{rule: "4.2 a positive operator is false for an absent key", world: conditional(`"StringEquals":{"x:a":"1"}`), want: "implicitDeny"},
	{rule: "4.2 a negated operator is true for an absent key", world: conditional(`"StringNotEquals":{"x:a":"1"}`), want: "allowed"},
	{rule: "4.2 NotIpAddress is true for an absent key",
		world: forbidding(`"NotIpAddress":{"aws:VpcSourceIp":"203.0.113.0/24"}`), want: "explicitDeny"},
	{rule: "4.2 NumericGreaterThan does not catch a caller without MFA", world: forbidding(`"NumericGreaterThan":{"aws:MultiFactorAuthAge":"3600"}`), want: "allowed"},
	{rule: "4.2 Bool false does not match a missing key", world: forbidding(`"Bool":{"aws:MultiFactorAuthPresent":"false"}`), want: "allowed"},
	{rule: "4.2 BoolIfExists false matches a missing key", world: forbidding(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`), want: "explicitDeny"},
	{rule: "4.2 ForAllValues is true for a missing key", world: conditional(`"ForAllValues:StringEquals":{"aws:TagKeys":"a"}`), want: "allowed"},
	{rule: "4.2 ForAnyValue is false for a missing key", world: conditional(`"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}`), want: "implicitDeny"},
	{rule: "4.2 ForAnyValue is false for a missing key though negated", world: conditional(`"ForAnyValue:StringNotEquals":{"aws:TagKeys":"a"}`), want: "implicitDeny"},
	{rule: "4.2 Null true matches an absent key", world: conditional(`"Null":{"x:a":"true"}`), want: "allowed"},
	{rule: "4.2 Null false does not match an absent key", world: conditional(`"Null":{"x:a":"false"}`), want: "implicitDeny"},
	{rule: "4.2 a key written as null is absent", world: conditional(`"Null":{"aws:SecureTransport":"true"}`), more: context(`"aws:SecureTransport":null`), want: "allowed"},

	{rule: "4.3 * is a plain character in StringEquals", world: conditional(`"StringEquals":{"x:a":"1*"}`), more: context(`"x:a":"12"`), want: "implicitDeny"},
	{rule: "4.3 * is a wildcard in StringLike, over slashes and colons", world: conditional(`"StringLike":{"x:a":"a*c"}`), more: context(`"x:a":"a/b:c"`), want: "allowed"},
	{rule: "4.3 ArnEquals has wildcards", world: conditional(`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:user/*"}`), want: "allowed"},
	{rule: "4.3 a JSON number is a value", world: conditional(`"NumericLessThan":{"x:a":10}`), more: context(`"x:a":9.5`), want: "allowed"},
	{rule: "4.3 a JSON boolean is a value", world: conditional(`"Bool":{"aws:SecureTransport":true}`), want: "allowed"},
	{rule: "4.3 BinaryEquals compares bytes written in base64", world: conditional(`"BinaryEquals":{"x:a":"QmluYXJ5"}`), more: context(`"x:a":"QmluYXJ5"`), want: "allowed"},
	{rule: "4.3 Bool has variables", world: conditional(`"Bool":{"aws:SecureTransport":"${x:a}"}`), more: context(`"x:a":"true"`), want: "allowed"},
	{rule: "4.3 numbers have no variables", world: conditional(`"NumericEquals":{"x:a":"${x:b}"}`), more: context(`"x:a":"1","x:b":"1"`), want: "implicitDeny"},

	{rule: "4.4 dates are instants, and offsets count", world: conditional(`"DateEquals":{"x:a":"2026-01-01T01:00:00+01:00"}`), more: context(`"x:a":"2026-01-01T00:00Z"`), want: "allowed"},
	{rule: "4.4 a date may be Unix seconds", world: conditional(`"DateEquals":{"x:a":"1767225600"}`), more: context(`"x:a":"2026-01-01"`), want: "allowed"},
	{rule: "4.4 aws:EpochTime works with numbers", world: cast{user: doc(when(allow("*", "*"), `"NumericEquals":{"aws:EpochTime":"1767225600"}`)), time: "2026-01-01T00:00:00Z"}, want: "allowed"},
	{rule: "4.4 aws:EpochTime works with dates", world: cast{user: doc(when(allow("*", "*"), `"DateLessThan":{"aws:EpochTime":"2026-01-02"}`)), time: "2026-01-01T00:00:00Z"}, want: "allowed"},
	{rule: "4.4 an address without prefix length is one address", world: conditional(`"IpAddress":{"aws:SourceIp":"203.0.113.7"}`), more: context(`"aws:SourceIp":"203.0.113.8"`), want: "implicitDeny"},
	{rule: "4.4 bits after the prefix are ignored", world: conditional(`"IpAddress":{"aws:SourceIp":"203.0.113.77/24"}`), more: context(`"aws:SourceIp":"203.0.113.8"`), want: "allowed"},
	{rule: "4.4 IPv4 and IPv6 never match each other", world: conditional(`"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`), more: context(`"aws:SourceIp":"2001:db8::1"`), want: "implicitDeny"},
	{rule: "4.4 IPv6 text is normalized", world: conditional(`"IpAddress":{"aws:SourceIp":"2001:db8:0:0::1"}`), more: context(`"aws:SourceIp":"2001:DB8::1"`), want: "allowed"},

	{rule: "4.5 IfExists is true for an absent key", world: conditional(`"StringEqualsIfExists":{"x:a":"1"}`), want: "allowed"},
	{rule: "4.5 IfExists changes nothing for a present key", world: conditional(`"StringEqualsIfExists":{"x:a":"1"}`), more: context(`"x:a":"2"`), want: "implicitDeny"},
	{rule: "4.5 IfExists in a Deny with a negated operator still denies", world: forbidding(`"StringNotEqualsIfExists":{"x:a":"1"}`), want: "explicitDeny"},
	{rule: "4.5 other keys are checked beside IfExists", world: conditional(`"StringEqualsIfExists":{"x:a":"1"},"StringEquals":{"x:b":"1"}`), want: "implicitDeny"},

	{rule: "4.6 an ARN operator compares part by part", world: conditional(`"ArnLike":{"x:a":"arn:aws:s3:*:111122223333:finance/*"}`), more: context(`"x:a":"arn:aws:s3:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"`), want: "implicitDeny"},
	{rule: "4.6 StringLike runs over the parts of an ARN", world: conditional(`"StringLike":{"x:a":"arn:aws:s3:*:111122223333:finance/*"}`), more: context(`"x:a":"arn:aws:s3:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"`), want: "allowed"},
	{rule: "4.6 the sixth part of an ARN keeps its colons", world: conditional(`"ArnLike":{"x:a":"arn:aws:logs:*:*:log-group:*:end"}`), more: context(`"x:a":"arn:aws:logs:eu-west-1:111111111111:log-group:a:b:end"`), want: "allowed"},

	{rule: "4.7 ForAllValues wants every value of the request", world: conditional(`"ForAllValues:StringEquals":{"x:a":["1","2"]}`), more: context(`"x:a":["1","3"]`), want: "implicitDeny"},
	{rule: "4.7 ForAllValues is true for the empty set", world: conditional(`"ForAllValues:StringEquals":{"x:a":"1"}`), more: context(`"x:a":[]`), want: "allowed"},
	{rule: "4.7 ForAnyValue wants one value of the request", world: conditional(`"ForAnyValue:StringEquals":{"x:a":["1","2"]}`), more: context(`"x:a":["3","2"]`), want: "allowed"},
	{rule: "4.7 ForAnyValue is false for the empty set", world: conditional(`"ForAnyValue:StringEquals":{"x:a":"1"}`), more: context(`"x:a":[]`), want: "implicitDeny"},
	{rule: "4.7 ForAllValues:StringNotEquals: no value of the request is listed", world: conditional(`"ForAllValues:StringNotEquals":{"x:a":["1","2"]}`), more: context(`"x:a":["3","2"]`), want: "implicitDeny"},
	{rule: "4.7 ForAnyValue:StringNotEquals: some value of the request is not listed", world: conditional(`"ForAnyValue:StringNotEquals":{"x:a":["1","2"]}`), more: context(`"x:a":["3","2"]`), want: "allowed"},
	{rule: "4.7 a set operator keeps the case rule of its operator", world: conditional(`"ForAnyValue:StringEqualsIgnoreCase":{"x:a":"A"}`), more: context(`"x:a":["a"]`), want: "allowed"},
	{rule: "4.7 set operators work with Bool", world: conditional(`"ForAllValues:Bool":{"x:a":"true"}`), more: context(`"x:a":["true","false"]`), want: "implicitDeny"},
	{rule: "4.7 set operators work with ARNs", world: conditional(`"ForAnyValue:ArnLike":{"x:a":"arn:aws:s3:::b*"}`), more: context(`"x:a":["arn:aws:s3:::a","arn:aws:s3:::b1"]`), want: "allowed"},
	{rule: "4.7 ForAllValues:Null is always true", world: conditional(`"ForAllValues:Null":{"x:a":"true"}`), more: context(`"x:a":["1"]`), want: "allowed"},
	{rule: "4.7 ForAnyValue:Null is always false", world: conditional(`"ForAnyValue:Null":{"x:a":"false"}`), more: context(`"x:a":["1"]`), want: "implicitDeny"},
	{rule: "4.7 the request, not the policy, makes a key multivalued", world: conditional(`"ForAnyValue:StringEquals":{"x:a":"1"}`), more: context(`"x:a":"1"`), want: "allowed"},
	{rule: "4.8 Null false wants the key present", world: conditional(`"Null":{"x:a":"false"}`), more: context(`"x:a":"1"`), want: "allowed"},
	{rule: "4.8 Null false is false for an empty set", world: conditional(`"Null":{"x:a":"false"}`), more: context(`"x:a":[]`), want: "implicitDeny"},

	{rule: "11 a multivalued key without set operator does not match", world: conditional(`"StringEquals":{"x:a":"1"}`), more: context(`"x:a":["1"]`), want: "implicitDeny"},
	{rule: "11 a multivalued key without set operator does not match when negated", world: conditional(`"StringNotEquals":{"x:a":"2"}`), more: context(`"x:a":["1"]`), want: "implicitDeny"},
	{rule: "11 ForAnyValue with IfExists is true for a missing key", world: conditional(`"ForAnyValue:StringEqualsIfExists":{"x:a":"1"}`), want: "allowed"},
	{rule: "11 ForAllValues:StringNotLike is true for a missing key", world: conditional(`"ForAllValues:StringNotLike":{"x:a":"1"}`), want: "allowed"},
	{rule: "11 ForAllValues:StringNotLike is false if one value is listed", world: conditional(`"ForAllValues:StringNotLike":{"x:a":"1*"}`), more: context(`"x:a":["11","2"]`), want: "implicitDeny"},
	{rule: "11 an empty list of values makes a positive operator false", world: conditional(`"StringEquals":{"x:a":[]}`), more: context(`"x:a":"1"`), want: "implicitDeny"},
	{rule: "11 an empty list of values makes a negated operator true", world: conditional(`"StringNotEquals":{"x:a":[]}`), more: context(`"x:a":"1"`), want: "allowed"},
	{rule: "11 an unreadable number of the request makes a positive operator false", world: conditional(`"NumericLessThan":{"x:a":"5"}`), more: context(`"x:a":"one"`), want: "implicitDeny"},
	{rule: "11 an unreadable number of the request makes a negated operator true", world: conditional(`"NumericNotEquals":{"x:a":"5"}`), more: context(`"x:a":"one"`), want: "allowed"},
	{rule: "11 an unreadable address of the request makes NotIpAddress true", world: conditional(`"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}`), more: context(`"aws:SourceIp":"here"`), want: "allowed"},
	{rule: "11 an empty tag value is present", world: cast{user: doc(when(allow("*", "*"), `"Null":{"aws:PrincipalTag/team":"false"}`)), tags: `{"team":""}`}, want: "allowed"},
	{rule: "11 an IPv6 address without prefix length is one address", world: conditional(`"IpAddress":{"aws:SourceIp":"2001:db8::1"}`), more: context(`"aws:SourceIp":"2001:db8::2"`), want: "implicitDeny"},
}

func TestConditionRules(t *testing.T) { checkRules(t, conditionRules) }
