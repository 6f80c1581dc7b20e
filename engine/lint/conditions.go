package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
)

// conditions looks at every key under every operator of a statement.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (l *linter) conditions(st *statement) {
	for i := range st.Conditions {
		c := &st.Conditions[i]
		lower := strings.ToLower(c.Key)
		l.values(c)
		l.keyName(c, lower)
		l.nullQualifier(c)
		l.addresses(c, lower)
		l.forgeable(st, c, lower)
		l.keyType(c)
		l.absence(st, c, lower)
		l.qualifier(c)
		l.presence(st, c)
		l.principalARN(c, lower)
		l.networks(c, lower)
		l.ids(c, lower)
		if lower == "aws:vpcsourceip" && !st.has("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn") {
			l.atKey("MISSING_PAIRED_CONDITION_KEYS", c.At, quote(c.Key)+" alone says little: addresses inside of VPCs repeat", "add a condition on aws:SourceVpc or aws:SourceVpce")
		}
		if l.typ.Kind == Resource && st.Effect == engine.Allow && (lower == "s3:resourceaccount" || lower == "aws:resourceaccount") {
			l.atKey("IRRELEVANT_CONDITION_KEY_IN_POLICY", c.At, quote(c.Key)+" is always the account of the resource that has this policy", "remove it").
				fix("remove the condition", removeKey(c.At)...)
		}
	}
}

// values looks at the JSON types of a key's values.
func (l *linter) values(c *engine.Condition) {
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
func (l *linter) bounds(c *engine.Condition) {
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

// The prefixes of keys that end in a tag's key.
var tagPrefixes = []string{"aws:resourcetag", "aws:requesttag", "aws:principaltag", "s3:existingobjecttag", "s3:requestobjecttag", "ec2:resourcetag", "iam:resourcetag"}

// keyName looks at the name of a key.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (l *linter) keyName(c *engine.Condition, lower string) {
	if contains(tagPrefixes, strings.TrimSuffix(lower, "/")) {
		l.atKey("MISSING_TAG_KEY_IN_CONDITION", c.At, quote(c.Key)+" names no tag, expected a slash and the tag's key", "write it like "+strings.TrimSuffix(c.Key, "/")+"/team")
		return
	}
	switch lower {
	case "aws:arn":
		l.atKey("UNSUPPORTED_GLOBAL_CONDITION_KEY", c.At, quote(c.Key)+" is not supported", "use aws:PrincipalArn or aws:SourceArn").
			fix("use aws:PrincipalArn", rename(c.At, "aws:PrincipalArn")...)
	case "aws:sourceowner":
		l.atKey("DEPRECATED_GLOBAL_CONDITION_KEY", c.At, quote(c.Key)+" is deprecated", "use aws:SourceAccount").
			fix("use aws:SourceAccount", rename(c.At, "aws:SourceAccount")...)
	default:
		if strings.HasPrefix(lower, "aws:") && catalog.Global(c.Key) == nil {
			f := l.atKey("INVALID_GLOBAL_CONDITION_KEY", c.At, quote(c.Key)+" is not a global condition key", "see AWS's list of global condition keys")
			if near := nearestGlobal(c.Key); near != "" {
				f.Hint = "did you mean " + quote(near) + "?"
				f.fix("write "+near, rename(c.At, near)...)
			}
		}
	}
}

// nullQualifier finds Null with a set operator.
func (l *linter) nullQualifier(c *engine.Condition) {
	if c.Spec.Operator.Type != condition.Null || c.Spec.Set == condition.NoSet {
		return
	}
	always := "always true"
	if c.Spec.Set == condition.ForAnyValue {
		always = "always false"
	}
	l.atKey("NULL_WITH_QUALIFIER", c.At.Parent, quote(c.Spec.String())+" is "+always, "write Null").
		fix("write Null", moveKey(c.At, "Null", l.doc)...)
}

// addresses finds private addresses among those that requests come from.
func (l *linter) addresses(c *engine.Condition, lower string) {
	if lower != "aws:sourceip" || c.Spec.Operator.Type != condition.IP {
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

// forgeable finds access that hangs on what a caller can set at will.
func (l *linter) forgeable(st *statement, c *engine.Condition, lower string) {
	if (lower == "aws:referer" || lower == "aws:useragent") && (st.Effect == engine.Deny) == c.Spec.Operator.Negated && c.Spec.Operator.Type != condition.Null {
		l.atKey("UNTRUSTWORTHY_CONDITION_KEY", c.At, quote(c.Key)+" is whatever the caller sends", "decide by who calls, or from where")
	}
}

// fits are the operators that fit a type of keys.
var fits = [catalog.KeyTypes]condition.Type{catalog.String: condition.String, catalog.ARN: condition.ARN, catalog.Bool: condition.Bool,
	catalog.Date: condition.Date, catalog.IPAddress: condition.IP, catalog.Numeric: condition.Numeric}

// keyType holds the operator to the key's type.
func (l *linter) keyType(c *engine.Condition) {
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
		f.fix("use "+to, moveKey(c.At, to, l.doc)...)
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

// absence finds conditions whose answer for a missing key is probably not what
// was meant.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (l *linter) absence(st *statement, c *engine.Condition, lower string) {
	op := c.Spec.Operator
	if lower == "aws:multifactorauthpresent" && (op.Type == condition.Null || st.Effect == engine.Deny && op.Type == condition.Bool && !c.Spec.IfExists && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Value, "false")) {
		if op.Type == condition.Null {
			l.atKey("BAD_PATTERN_FOR_MFA", c.At, "whether "+quote(c.Key)+" is there does not say whether MFA was used: temporary credentials without MFA have it too, as false", "use Bool or BoolIfExists")
		} else {
			l.atKey("BAD_PATTERN_FOR_MFA", c.At, quote(c.Key)+" is absent for long-term access keys, which this Deny misses", "use BoolIfExists").
				fix("use BoolIfExists", moveKey(c.At, strings.Replace(c.Spec.String(), "Bool", "BoolIfExists", 1), l.doc)...)
		}
		return
	}
	if op.Type == condition.Null {
		return
	}
	present := func(f *Finding) {
		if require(l.doc, st.At, "Null", c.Key, "false") != nil && !st.null(lower, "true") {
			f.fix("require the key", require(l.doc, st.At, "Null", c.Key, "false")...)
		}
	}
	switch {
	case c.Spec.Set == condition.ForAllValues:
		if st.Effect == engine.Allow && !st.null(lower, "false") {
			present(l.atKey("FORALLVALUES_ALLOW_WITHOUT_NULL", c.At, quote(c.Spec.String())+" is true for a request without "+quote(c.Key)+", which this statement then allows", `add "Null": {"`+c.Key+`": "false"}`))
		}
	case c.Spec.Set == condition.ForAnyValue:
		if st.Effect == engine.Deny && !c.Spec.IfExists && !st.null(lower, "false") {
			l.atKey("FORANYVALUE_DENY_MISSING_KEY", c.At, quote(c.Spec.String())+" is false for a request without "+quote(c.Key)+", which escapes this Deny", `deny requests without the key in another statement, with "Null": {"`+c.Key+`": "true"}, if they are meant too`)
		}
	case c.Spec.IfExists:
		if st.Effect == engine.Deny && op.Negated {
			l.atKey("IFEXISTS_ON_NEGATED_DENY", c.At.Parent, quote(c.Spec.String())+" says what "+op.Name+" says: a negated operator is true for a missing key anyway", "leave out IfExists").
				fix("leave out IfExists", moveKey(c.At, op.Name, l.doc)...)
		}
	case !optional(c.Key) || st.null(lower, "false"):
	case op.Negated && st.Effect == engine.Allow:
		present(l.atKey("NEGATED_ALLOW_MISSING_KEY", c.At, op.Name+" is true for a request without "+quote(c.Key)+", which this statement then allows", `add "Null": {"`+c.Key+`": "false"}`))
	case !op.Negated && st.Effect == engine.Deny:
		l.atKey("DENY_POSITIVE_OPTIONAL_KEY", c.At, op.Name+" is false for a request without "+quote(c.Key)+", which escapes this Deny", "use "+c.Spec.Operator.Name+"IfExists if such requests are to be denied too").
			fix("deny without the key too", moveKey(c.At, op.Name+"IfExists", l.doc)...)
	}
}

// qualifier holds set operators to whether the key has several values.
func (l *linter) qualifier(c *engine.Condition) {
	k := l.key(c.Key)
	if k == nil || c.Spec.Operator.Type == condition.Null {
		return
	}
	bare := c.Spec
	bare.Set = condition.NoSet
	switch {
	case k.Multi && c.Spec.Set == condition.NoSet:
		l.atKey("MISSING_QUALIFIER", c.At, quote(c.Key)+" can have several values, and stands under "+c.Spec.String()+" without a set operator", "write ForAnyValue: or ForAllValues: before the operator")
	case k.Multi:
	case c.Spec.Set == condition.ForAllValues:
		l.atKey("FORALLVALUES_WITH_SINGLE_VALUED_KEY", c.At, quote(c.Key)+" has a single value, and ForAllValues is true when it is missing", "use "+bare.String()).
			fix("use "+bare.String(), moveKey(c.At, bare.String(), l.doc)...)
	case c.Spec.Set == condition.ForAnyValue:
		l.atKey("SINGLE_VALUE_CONDITION_TOO_PERMISSIVE", c.At, quote(c.Key)+" has a single value, and needs no ForAnyValue", "use "+bare.String()).
			fix("use "+bare.String(), moveKey(c.At, bare.String(), l.doc)...)
	}
}

// presence finds conditions that only say whether a key is there, always apply,
// or never do.
func (l *linter) presence(st *statement, c *engine.Condition) {
	op := c.Spec.Operator
	star := false
	for _, v := range c.Values {
		star = star || op.Type == condition.String && op.Like && everything(v.Value)
	}
	if !star {
		return
	}
	null := func(code, want string) {
		l.atKey(code, c.At, `"*" under `+c.Spec.String()+" only says whether "+quote(c.Key)+" is there", `write "Null": {"`+c.Key+`": "`+want+`"}`).
			fix("write Null", l.asNull(st, c, want)...)
	}
	switch {
	case c.Spec.Set == condition.ForAllValues && !op.Negated, c.Spec.IfExists && !op.Negated:
		l.atKey("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", c.At, `"*" under `+c.Spec.String()+" is always true, so that "+quote(c.Key)+" limits nothing", "remove it, or say which values are meant").
			fix("remove the condition", removeKey(c.At)...)
	case c.Spec.Set == condition.ForAnyValue && op.Negated && !c.Spec.IfExists:
		l.atKey("REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", c.At, `"*" under `+c.Spec.String()+" is never true, so that the statement does nothing", "say which values are meant, or remove the statement")
	case op.Negated:
		null("EQUIVALENT_TO_NULL_TRUE", "true")
	default:
		null("EQUIVALENT_TO_NULL_FALSE", "false")
	}
}

// asNull puts Null in the place of a condition; nil when the key has one.
func (l *linter) asNull(st *statement, c *engine.Condition, want string) []Edit {
	conditions := st.At.Member("Condition")
	if !sound(conditions) {
		return nil
	}
	block := c.At.Parent
	null := conditions.Member("Null")
	inner := jsonpos.Quote(c.Key) + ": " + jsonpos.Quote(want)
	switch {
	case null == nil && len(block.Items) == 1:
		return []Edit{keyEdit(block.KeyStart(), block.End, `"Null": {`+inner+"}")}
	case null == nil:
		start, _ := outer(block)
		return append(remove(c.At), keyEdit(start, start, `"Null": {`+inner+"}, "))
	case null.Kind != jsonpos.Object || hasKey(null, c.Key):
		return nil
	case len(block.Items) == 1:
		return append(insert(l.doc, null, c.Key, jsonpos.Quote(want)), remove(block)...)
	}
	return append(insert(l.doc, null, c.Key, jsonpos.Quote(want)), remove(c.At)...)
}

// principalARN finds ARNs that aws:PrincipalArn never is, or not for whom it seems.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
func (l *linter) principalARN(c *engine.Condition, lower string) {
	if lower != "aws:principalarn" {
		return
	}
	for _, v := range c.Values {
		a, ok := arn.Parse(v.Value)
		switch {
		case !ok:
		case a.Service == "sts" && strings.HasPrefix(a.Resource, "assumed-role/"):
			name, _, _ := strings.Cut(strings.TrimPrefix(a.Resource, "assumed-role/"), "/")
			role := "arn:" + a.Partition + ":iam::" + a.Account + ":role/" + name
			f := l.at("PRINCIPALARN_SESSION_VALUE", v.At, quote(v.Value)+" is a session, and "+c.Key+" is the ARN of the session's role", "write the role's ARN")
			if name != "" && !wild(name) {
				f.fix("write "+role, replaceText(v.At, role)...)
			}
		case a.Resource == "root" && a.Service == "iam":
			l.at("PRINCIPALARN_ROOT_VALUE", v.At, quote(v.Value)+" is the root user here, and not everybody of the account as in Principal", "use aws:PrincipalAccount for the whole account")
		}
	}
}

// networks looks at the values of keys that hold IDs of VPCs, Regions and services.
func (l *linter) networks(c *engine.Condition, lower string) {
	if c.Spec.Operator.Type != condition.String {
		return
	}
	for _, v := range c.Values {
		if wild(v.Value) || strings.Contains(v.Value, "${") {
			continue
		}
		switch lower {
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
				l.at("INVALID_REGION", v.At, quote(v.Value)+" is not a Region that is known here", "write it like eu-central-1").
					fixNear(v, regions)
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

// ids finds wildcards where a key names one account, organization or network.
func (l *linter) ids(c *engine.Condition, lower string) {
	if !c.Spec.Operator.Like {
		return
	}
	for _, v := range c.Values {
		for at := 0; at < len(v.Value); at++ {
			if l.policy.Variables {
				if end := pattern.VariableEnd(v.Value, at); end > at {
					at = end - 1
					continue
				}
			}
			if v.Value[at] == '*' || v.Value[at] == '?' {
				l.loose(v, lower, at, at+1, false)
				break
			}
		}
	}
}

// loose reports a wildcard or variable that makes the value of a sensitive key
// fit more than one account, organization or network.
func (l *linter) loose(v engine.Text, lower string, start, end int, variable bool) {
	k := catalog.Global(lower)
	if k == nil || everything(v.Value) {
		return
	}
	code, what := "WILDCARD_USAGE_TOO_PERMISSIVE", "the wildcard"
	if variable {
		code, what = "VARIABLE_USAGE_TOO_PERMISSIVE", v.Value[start:end]
		name, _, _ := strings.Cut(v.Value[start+len("${"):end-1], ",")
		if other := catalog.Global(name); other != nil && (other.Sensitive || name == "*" || name == "?" || name == "$") {
			return // one account's ID against another's, as AWS itself recommends
		}
	}
	switch {
	case k.Sensitive:
		l.at(code, v.At, what+" in "+quote(v.Value)+" lets "+k.Name+" be more than one", "write the whole ID")
	case k.Name == "aws:userid" && !strings.Contains(v.Value[:start], ":"):
		l.at(code, v.At, what+" in "+quote(v.Value)+" stands where the ID of the user or role does", "write the whole ID before the colon")
	}
}
