package engine

import (
	"slices"
	"strings"
)

// level is one level of an organization with what is attached there.
type level struct {
	name       string
	scps, rcps []attachment
}

// membership is where an account stands in the organization.
type membership struct {
	path       string // o-id/r-id/ou-id/…/, as aws:PrincipalOrgPaths has it
	levels     []level
	management bool
	// publicAccess is the S3 policy of the nearest level that has one: "all",
	// "none", or "".
	publicAccess string
}

// InOrganization reports whether an account belongs to the organization.
func (w *World) InOrganization(account string) bool { return w.orgPaths[account] != nil }

// organization resolves the tree. The document may list an account once.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func (w *World) organization() {
	w.orgPaths = map[string]*membership{}
	o := w.Scenario.Organization
	if o == nil || o.Root == nil {
		return
	}
	attached := func(refs []Reference, standard, where string) []attachment {
		if refs == nil {
			return alone(w.compiled(w.Library.Find(standard)), "attached to "+where+" by default")
		}
		out := make([]attachment, 0, len(refs))
		for _, ref := range refs {
			out = append(out, attachment{policy: w.organizationReference(o, ref), via: "attached to " + where})
		}
		return attach(out)
	}
	at := func(u *Unit) level {
		return level{u.Name, attached(u.SCPs, fullAccess, u.Name), attached(u.RCPs, rcpFullAccess, u.Name)}
	}
	own := map[string]level{}
	ownAccess := map[string]string{}
	for _, u := range o.AccountLevels {
		own[u.ID], ownAccess[u.ID] = at(u), u.PublicAccess
	}
	var walk func(u *Unit, path, access string, above []level)
	walk = func(u *Unit, path, access string, above []level) {
		if u.PublicAccess != "" {
			access = u.PublicAccess
		}
		id := u.ID
		if id == "" {
			id = u.Name
		}
		path += id + "/"
		above = append(slices.Clone(above), at(u))
		for _, account := range u.Accounts {
			if !isAccountID(account.Value) {
				w.reader.add(Error, "INVALID_ACCOUNT_ID", account.At, quote(account.Value)+" is not an account ID, expected 12 digits", "")
				continue
			}
			if w.orgPaths[account.Value] != nil {
				w.reader.add(Error, "DUPLICATE_ACCOUNT", account.At, "the account "+account.Value+" stands in the organization twice", "leave it at one place")
				continue
			}
			name := "account " + account.Value
			if a := w.directory.accounts[account.Value]; a != nil && a.Name != "" {
				name = "account " + a.Name
			}
			last, ok := own[account.Value]
			if !ok {
				last = at(&Unit{Name: name})
			}
			last.name = name
			m := &membership{path: path, levels: append(slices.Clone(above), last),
				management: account.Value == o.ManagementAccount, publicAccess: access}
			if own := ownAccess[account.Value]; own != "" {
				m.publicAccess = own
			}
			w.orgPaths[account.Value] = m
		}
		for _, child := range u.Units {
			walk(child, path, access, above)
		}
	}
	walk(o.Root, o.ID+"/", "", nil)
	for _, t := range o.Delegated {
		if w.orgPaths[t.Value] == nil {
			w.reader.add(Error, "DANGLING_REFERENCE", t.At,
				"the account "+quote(t.Value)+" stands in no unit of the organization",
				"list it under accounts of the root or of a unit")
		}
	}
	for _, u := range o.AccountLevels {
		if w.orgPaths[u.ID] == nil {
			w.reader.addKey(Error, "DANGLING_REFERENCE", u.At, "the account "+quote(u.ID)+" stands in no unit of the organization", "list it under accounts of the root or of a unit")
		}
	}
	if o.ManagementAccount != "" && w.orgPaths[o.ManagementAccount] == nil {
		w.orgPaths[o.ManagementAccount] = &membership{path: o.ID + "/" + o.Root.ID + "/", management: true}
	}
}

func (w *World) organizationReference(o *Organization, ref Reference) *policy {
	if p := w.directory.controls[ref.Value]; p != nil {
		return w.compiled(p)
	}
	found := ref.Value
	if !strings.HasPrefix(found, "arn:") {
		found = w.Library.ARN(ref.Value)
	}
	if p := w.Library.Find(found); p != nil && p.Kind.organization() {
		return w.compiled(p)
	}
	if ref.Value == "unknown" {
		return w.compiled(&Policy{At: ref.At, Name: "unknown", Kind: OrganizationPolicy, State: Withheld})
	}
	known := func() []string {
		return append(names(o.Policies, func(p *Policy) string { return p.Name })(), "FullAWSAccess",
			"RCPFullAWSAccess")
	}
	w.dangling(ref, "policy of the organization", known, "")
	return w.compiled(&Policy{At: ref.At, Name: ref.Value, Kind: OrganizationPolicy, State: Unresolved})
}
