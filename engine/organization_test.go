package engine_test

import "strings"

// levels are the policies on the way from the root of an organization to
// account A, which stands in the unit Workloads. Each is the text of one
// policy that is attached alone; with "+" in front AWS's own full access is
// attached beside it; "-" says that nothing is attached, and "" leaves AWS's
// own full access. Account B is outside, unless inside puts it at the root.
type levels struct {
	root, unit, account          string
	rootRCP, unitRCP, accountRCP string
	inside                       bool
	management                   string // an account; 999999999999 if not given
}

func (l levels) organization() string {
	policies := ""
	attach := func(member, name, full, policy string) string {
		switch policy {
		case "":
			return ""
		case "-":
			return `,"` + member + `":[]`
		}
		list := `"` + name + `"`
		text, beside := strings.CutPrefix(policy, "+")
		if beside {
			list = `"` + full + `",` + list
		}
		policies += `,"` + name + `":` + text
		return `,"` + member + `":[` + list + `]`
	}
	scp := func(name, policy string) string { return attach("scps", name, "FullAWSAccess", policy) }
	rcp := func(name, policy string) string { return attach("rcps", name, "RCPFullAWSAccess", policy) }
	management, accounts := or(l.management, "999999999999"), ""
	if l.inside {
		accounts = `"` + accB + `"`
	}
	root := `{"id":"r-1"` + scp("RootSCP", l.root) + rcp("RootRCP", l.rootRCP) + `,"accounts":[` + accounts + `]` +
		`,"units":{"Workloads":{"id":"ou-1"` + scp("UnitSCP", l.unit) + rcp("UnitRCP", l.unitRCP) + `,"accounts":["` + accA + `"]}}}`
	account := strings.TrimPrefix(scp("AccountSCP", l.account)+rcp("AccountRCP", l.accountRCP), ",")
	return `{"id":"o-1","managementAccount":"` + management + `","root":` + root + `,"accountPolicies":{"` + accA + `":{` + account + `}}` +
		`,"policies":{` + strings.TrimPrefix(policies, ",") + `}}`
}
