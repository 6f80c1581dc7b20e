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
	d := newData(s.Document, c)
	l := &linter{editor: &d.editor, data: d}
	l.translate(w.Diagnostics, func(v *jsonpos.Value) Type {
		for ; v != nil; v = v.Parent {
			if t, ok := types[v]; ok {
				return t
			}
		}
		return Type{}
	})
	for _, l.now = range walks {
		if l.now.scenario != nil {
			l.now.scenario(l, s)
		}
	}
	for _, p := range s.Policies() {
		l.policy, l.typ, l.statements, l.stopped = p, types[p.At], nil, false
		l.inspect()
	}
	return finished(l.found)
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
		set(Type{Kind: engine.SCP}, o.Policies...)
		visit(o, func(u *engine.Unit) {
			for _, ref := range u.RCPs {
				set(Type{Kind: engine.RCP}, names[ref.Value])
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
				set(Type{Kind: engine.SessionPolicy}, x.Inline...)
			}
		}
		for _, g := range a.Groups {
			attach(g.Policies)
			set(Type{Kind: engine.InlinePolicy}, g.Inline...)
		}
		for _, u := range a.Users {
			attach(u.Policies)
			bound(u.Boundary)
			set(Type{Kind: engine.InlinePolicy}, u.Inline...)
			sessions(u.Federations)
		}
		for _, r := range a.Roles {
			attach(r.Policies)
			bound(r.Boundary)
			set(Type{Kind: engine.TrustPolicy, Account: a.ID}, r.Trust)
			set(Type{Kind: engine.InlinePolicy}, r.Inline...)
			sessions(r.Sessions)
		}
		for _, p := range a.Policies {
			t := Type{}
			if boundary[p.Name] && !attached[p.Name] {
				t.Kind = engine.BoundaryPolicy
			}
			set(t, p)
		}
		for _, r := range a.Resources {
			parsed, _ := arn.Parse(r.ARN)
			t := resourceOf(parsed.Service)
			t.Account = a.ID
			set(t, r.Policy)
		}
		for _, e := range a.Endpoints {
			set(Type{Kind: engine.EndpointPolicy, Account: a.ID}, e.Policy)
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
