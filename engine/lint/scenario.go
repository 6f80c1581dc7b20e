package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Scenario finds what is wrong with a whole scenario: with the document, with
// every policy as what it is there, and with how they are attached. c is as for
// Policy.
func Scenario(w *engine.World, c *catalog.Catalog) []Finding {
	s := w.Scenario
	types := Uses(s)
	typeOf := func(d engine.Diagnostic) Type {
		for v := s.Document.Find(string(d.Pointer)); v != nil; v = v.Parent {
			if t, ok := types[v]; ok {
				return t
			}
		}
		return Type{}
	}
	found := translate(s.Document, w.Diagnostics, typeOf)
	d := &data{catalog: c}
	for _, p := range s.Policies() {
		found = append(found, inspect(s.Document, p, types[p.At], d)...)
	}
	l := &linter{doc: s.Document, data: d}
	if c != nil {
		for _, r := range s.Requests {
			l.requested(r.Action)
			for _, also := range r.Also {
				l.requested(also.Action)
			}
		}
	}
	l.boundaries(s)
	l.levelsOf(s.Organization)
	for _, q := range Quotas(s) {
		at := s.Document.Find(string(q.Pointer))
		if q.Used <= q.Limit || at == nil {
			continue
		}
		switch {
		case q.Counted:
			l.atKey("QUOTA_EXCEEDED", at, "found "+number(q.Used)+" "+q.What+", expected at most "+number(q.Limit), "leave some out")
		case at.Key == "inline":
			l.atKey("POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", at, "found "+number(q.Used)+" "+q.What+", white space not counted, expected at most "+number(q.Limit), "move some of them to managed policies")
		}
	}
	found = append(found, l.found...)
	sortFindings(found)
	return found
}

// requested reports a request for an action that the catalogue does not have.
func (l *linter) requested(a engine.Text) {
	if a.Value != "" && a.At != nil {
		l.actionName(a)
	}
}

// Uses are the types of a scenario's policies, by where they stand. A policy of
// the organization is what it is attached as, and an account's policy a boundary
// when it is nothing else.
func Uses(s *engine.Scenario) map[*jsonpos.Value]Type {
	types := map[*jsonpos.Value]Type{}
	set := func(t Type, list ...*engine.Policy) {
		for _, p := range list {
			if p != nil {
				types[p.At] = t
			}
		}
	}
	if o := s.Organization; o != nil {
		names := map[string]*engine.Policy{}
		for _, p := range o.Policies {
			names[p.Name] = p
		}
		set(Type{Kind: SCP}, o.Policies...)
		visit(o, func(u *engine.Unit) {
			for _, ref := range u.RCPs {
				set(Type{Kind: RCP}, names[ref.Value])
			}
		})
	}
	for _, a := range s.Accounts {
		attached, boundary := map[string]bool{}, map[string]bool{}
		bound := func(ref *engine.Reference) {
			if ref != nil {
				boundary[short(ref.Value)] = true
			}
		}
		attach := func(refs []engine.Reference) {
			for _, ref := range refs {
				attached[short(ref.Value)] = true
			}
		}
		sessions := func(list []*engine.Session) {
			for _, x := range list {
				attach(x.Policies)
				set(Type{Kind: Session, Inline: true}, x.Inline...)
			}
		}
		for _, g := range a.Groups {
			attach(g.Policies)
			set(Type{Inline: true}, g.Inline...)
		}
		for _, u := range a.Users {
			attach(u.Policies)
			bound(u.Boundary)
			set(Type{Inline: true}, u.Inline...)
			sessions(u.Federations)
		}
		for _, r := range a.Roles {
			attach(r.Policies)
			bound(r.Boundary)
			set(Type{Kind: Trust, Account: a.ID}, r.Trust)
			set(Type{Inline: true}, r.Inline...)
			sessions(r.Sessions)
		}
		for _, p := range a.Policies {
			t := Type{}
			if boundary[p.Name] && !attached[p.Name] {
				t.Kind = Boundary
			}
			set(t, p)
		}
		for _, r := range a.Resources {
			parsed, _ := arn.Parse(r.ARN)
			set(Type{Kind: Resource, Service: parsed.Service, Account: a.ID}, r.Policy)
		}
		for _, e := range a.Endpoints {
			set(Type{Kind: Endpoint, Account: a.ID}, e.Policy)
		}
	}
	return types
}

// short is the name at the end of a policy's ARN, or the name itself.
func short(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// visit calls f for every level of an organization.
func visit(o *engine.Organization, f func(*engine.Unit)) {
	var walk func(u *engine.Unit)
	walk = func(u *engine.Unit) {
		f(u)
		for _, child := range u.Units {
			walk(child)
		}
	}
	if o.Root != nil {
		walk(o.Root)
	}
	for _, u := range o.AccountLevels {
		f(u)
	}
}

// levelsOf finds levels of an organization that allow nothing, and so block all
// below.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func (l *linter) levelsOf(o *engine.Organization) {
	if o == nil {
		return
	}
	allows := map[string]bool{"FullAWSAccess": true, "RCPFullAWSAccess": true, "unknown": true}
	for _, p := range o.Policies {
		for _, st := range p.Statements {
			allows[p.Name] = allows[p.Name] || st.Effect == engine.Allow
		}
		allows[p.Name] = allows[p.Name] || p.State != engine.Known || p.HasParts()
	}
	level := func(refs []engine.Reference, v *jsonpos.Value, key string) {
		if refs == nil || v == nil {
			return
		}
		for _, ref := range refs {
			if allows[ref.Value] || allows[short(ref.Value)] || strings.HasPrefix(ref.Value, "arn:") {
				return
			}
		}
		at := v.Member(key)
		if at == nil {
			return
		}
		f := l.atKey("SCP_LEVEL_WITHOUT_ALLOW", at, "no policy of this level allows anything, which blocks everything below it", "attach FullAWSAccess too")
		if key == "rcps" {
			f.Hint = "attach RCPFullAWSAccess too"
		}
		if at.Kind == jsonpos.Array && !at.Broken {
			name := map[string]string{"scps": "FullAWSAccess", "rcps": "RCPFullAWSAccess"}[key]
			f.fix("attach "+name, add(at, name, l.doc)...)
		}
	}
	visit(o, func(u *engine.Unit) {
		level(u.SCPs, u.At, "scps")
		level(u.RCPs, u.At, "rcps")
	})
}

// boundaries finds users whom a role trusts by name, and whose boundary keeps
// them from assuming it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/roles-managingrole-editing-console.html
func (l *linter) boundaries(s *engine.Scenario) {
	trusted := map[string]string{} // user's ARN → role
	for _, a := range s.Accounts {
		for _, r := range a.Roles {
			if r.Trust == nil {
				continue
			}
			for _, st := range r.Trust.Statements {
				if st.Effect == engine.Deny || st.Principal == nil {
					continue
				}
				for _, v := range st.Principal.Values {
					if v.Type == "AWS" && trusted[v.Value] == "" {
						trusted[v.Value] = r.Name
					}
				}
			}
		}
	}
	for _, a := range s.Accounts {
		policies := map[string]*engine.Policy{}
		for _, p := range a.Policies {
			policies[p.Name] = p
		}
		for _, u := range a.Users {
			role := trusted[a.UserARN(u)]
			if role == "" || u.Boundary == nil {
				continue
			}
			p := policies[short(u.Boundary.Value)]
			if p == nil || p.State != engine.Known || p.HasParts() || allowsAction(p, "sts:assumerole") {
				continue
			}
			l.at("BOUNDARY_WITHOUT_ASSUMEROLE", u.Boundary.At, "the role "+quote(role)+" trusts the user "+quote(u.Name)+", whose boundary "+quote(u.Boundary.Value)+" does not allow sts:AssumeRole", "allow sts:AssumeRole in the boundary")
		}
	}
}

// allowsAction reports whether some Allow of a policy reaches an action.
func allowsAction(p *engine.Policy, action string) bool {
	for _, st := range p.Statements {
		if compile(st).reaches(action) && st.Effect == engine.Allow {
			return true
		}
	}
	return false
}
