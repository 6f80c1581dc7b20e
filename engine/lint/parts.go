package lint

import "strings"

// lack are the checks that rest on what a list does not have, by the element
// whose unknown values may have it: "Action", "Resource", "Principal",
// "Condition", or "" for any of them. A code that ends in * stands for all that
// begin so.
var lack = [...]struct{ element, codes string }{
	{"Action", "MISSING_ACTION_FOR_CONDITION_KEY MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE " +
		"PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION"},
	{"Resource", "S3_OBJECT_VS_BUCKET STAR_RESOURCE_ACTION RESOURCE_MISMATCH"},
	{"Principal", "NOTPRINCIPAL_CHAIN MISMATCHED_ACTION_FOR_PRINCIPAL RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL RCP_SYNTAX_ERROR_PRINCIPAL " +
		"UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL"},
	{"Condition", "RCP_MISSING_* INVALID_CONDITION_DATA_TYPE PRIVATE_IP_ADDRESS PRIVATE_NOT_IP_ADDRESS FORALLVALUES_ALLOW_WITHOUT_NULL " +
		"FORANYVALUE_DENY_MISSING_KEY NEGATED_ALLOW_MISSING_KEY DENY_POSITIVE_OPTIONAL_KEY"},
	{"", "REDUNDANT_STATEMENT"},
}

// ofPolicy are the checks that rest on what no statement of a policy has, or on
// how long it is.
const ofPolicy = "KMS_NO_ACCOUNT_STATEMENT RESOURCE_POLICY_PRIVILEGE_ESCALATION PRIVILEGE_ESCALATION POLICY_SIZE_*"

// settled are the findings that hold whatever the unknown parts of the policy are.
func (l *linter) settled() []Finding {
	if !l.policy.HasParts() {
		return l.found
	}
	parts := map[int]*statement{}
	for _, st := range l.statements {
		if st.HasParts() {
			parts[st.At.Start] = st
		}
	}
	var out []Finding
	for i := range l.found {
		f := &l.found[i]
		moot := listed(ofPolicy, f.Code)
		if st := parts[f.within]; st != nil {
			for _, row := range lack {
				moot = moot || unknownIn(st, row.element) && listed(row.codes, f.Code)
			}
		}
		if !moot {
			out = append(out, *f)
		}
	}
	return out
}

// unknownIn reports whether the element has unknown values; "" is any element.
func unknownIn(st *statement, element string) bool {
	switch element {
	case "Action":
		return len(st.ActionParts) > 0
	case "Resource":
		return len(st.ResourceParts) > 0
	case "Principal":
		return st.Principal != nil && len(st.Principal.Parts) > 0
	case "Condition":
		for i := range st.Conditions {
			if len(st.Conditions[i].Parts) > 0 {
				return true
			}
		}
		return false
	}
	return st.HasParts()
}

func listed(codes, code string) bool {
	for _, c := range strings.Fields(codes) {
		if start, all := strings.CutSuffix(c, "*"); c == code || all && strings.HasPrefix(code, start) {
			return true
		}
	}
	return false
}
