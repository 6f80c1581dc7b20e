package compare

import (
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/stable"
)

// placed is a statement where it applies, or a policy or statement that nobody can read.
type placed struct {
	place     string
	layer     engine.Layer
	statement *engine.Statement // nil for what is unreadable
	policy    *engine.Policy
	part      *engine.Part // the unknown statement; nil for others
}

// changed are the statements that may make an answer another one: those that
// stand in one version only, and all when what they are compared with changed.
func (x *Comparison) changed() (list []placed) {
	var all [2][]placed
	for side, w := range x.versions {
		all[side] = append(x.applying(w), standing(w.Scenario)...)
	}
	alone := false // somebody is in one version only
	for i := range x.callers {
		alone = alone || x.callers[i].in[0] != x.callers[i].in[1]
	}
	moved := facts(x.versions[0].Scenario) != facts(x.versions[1].Scenario)
	seen := map[*engine.Statement]bool{}
	for side := range all {
		other := map[string]bool{}
		for i := range all[1-side] {
			p := &all[1-side][i]
			other[p.place+p.text()] = true
		}
		for i := range all[side] {
			p := &all[side][i]
			filter := p.layer == engine.LayerSCP || p.layer == engine.LayerRCP || p.layer == engine.LayerVPCE
			differs := !other[p.place+p.text()] && (!filter || !x.onlyHere(p.place)) ||
				moved && (!filter || p.statement == nil || len(p.statement.Conditions) > 0) ||
				alone && p.statement != nil && p.statement.Principal != nil && !filter
			if differs && (p.statement == nil || !seen[p.statement]) {
				list = append(list, *p)
				if p.statement != nil {
					seen[p.statement] = true
				}
			}
		}
	}
	return list
}

// onlyHere reports whether a place belongs to a caller of one version: that a
// filter binds a new caller changes nothing by itself.
func (x *Comparison) onlyHere(place string) bool {
	name, _, _ := strings.Cut(place, "\n")
	for i := range x.callers {
		if x.callers[i].name == name {
			return x.callers[i].in[0] != x.callers[i].in[1]
		}
	}
	return false
}

// applying are the statements of the policies that apply to every caller, and to
// the accounts that both versions have.
func (x *Comparison) applying(w *engine.World) (list []placed) {
	names := make([]string, 0, len(x.callers))
	for i := range x.callers {
		names = append(names, x.callers[i].name)
	}
	for _, a := range x.versions[0].Scenario.Accounts {
		for _, b := range x.versions[1].Scenario.Accounts {
			if a.ID == b.ID {
				names = append(names, a.RootARN())
			}
		}
	}
	for _, name := range names {
		// RCPs cover the action, and the resource is the caller's own.
		q := w.Ask(name, "s3:GetObject", "*", engine.Circumstances{})
		if q == nil {
			continue
		}
		for _, s := range q.Sets() {
			for _, a := range s.Policies {
				if a.Account == "" {
					list = put(list, name+"\n"+s.Layer.String()+strconv.Itoa(s.Level), s.Layer, a.Policy)
				}
			}
		}
	}
	return list
}

// standing are the statements of the policies that stand at something.
func standing(s *engine.Scenario) (list []placed) {
	for _, a := range s.Accounts {
		for _, r := range a.Resources {
			list = put(list, r.ARN, engine.LayerResource, r.Policy)
		}
		for _, r := range a.Roles {
			list = put(list, a.RoleARN(r), engine.LayerTrust, r.Trust)
		}
		for _, e := range a.Endpoints {
			list = put(list, e.ID, engine.LayerVPCE, e.Policy)
		}
	}
	return list
}

func put(list []placed, place string, l engine.Layer, p *engine.Policy) []placed {
	switch {
	case p == nil:
	case p.State != engine.Known:
		list = append(list, placed{place, l, nil, p, nil})
	default:
		for _, s := range p.Statements {
			list = append(list, placed{place, l, s, p, nil})
		}
		for _, part := range p.Parts {
			list = append(list, placed{place, l, nil, p, part})
		}
	}
	return list
}

// text is what the statement says, whatever its Sid and its layout.
func (p *placed) text() string {
	var b strings.Builder
	b.WriteByte('\n')
	if p.part != nil {
		write(&b, p.part.At)
		return b.String()
	}
	if p.statement == nil {
		b.WriteString(p.policy.State.String() + " " + p.policy.Name)
		return b.String()
	}
	b.WriteString(strconv.FormatBool(p.policy.Variables))
	for _, m := range p.statement.At.Items {
		if m.Key != "Sid" {
			b.WriteString(m.Key)
			write(&b, m)
		}
	}
	return b.String()
}

// write writes a value without its layout.
func write(b *strings.Builder, v *jsonpos.Value) {
	switch v.Kind {
	case jsonpos.Object, jsonpos.Array:
		b.WriteByte('[')
		for _, one := range v.Items {
			b.WriteString(jsonpos.Quote(one.Key))
			write(b, one)
		}
		b.WriteByte(']')
	default:
		b.WriteString(v.Kind.String())
		b.WriteString(jsonpos.Quote(v.Text))
	}
}

// facts is what conditions and ownership are about: tags, sessions, resources,
// the organization and the time. Users and roles count when they have something
// to compare: that one comes or goes is a change of its own policies.
func facts(s *engine.Scenario) string {
	var list []string
	fact := func(parts ...string) { list = append(list, strings.Join(parts, "\n")) }
	tags := func(of string, tags []engine.Tag) {
		for _, t := range tags {
			fact("tag", of, t.Key, t.Value)
		}
	}
	sessions := func(of string, sessions []*engine.Session) {
		for _, x := range sessions {
			of := of + "/" + x.Name
			tags(of, x.Tags)
			if x.MFA || x.SourceIdentity != "" {
				fact("session", of, strconv.FormatBool(x.MFA), x.SourceIdentity)
			}
		}
	}
	if s.Time != nil {
		fact("time", s.Time.Value)
	}
	for _, a := range s.Accounts {
		fact("account", a.ID)
		for _, u := range a.Users {
			tags(a.UserARN(u), u.Tags)
			sessions(a.UserARN(u), u.Federations)
		}
		for _, r := range a.Roles {
			tags(a.RoleARN(r), r.Tags)
			sessions(a.RoleARN(r), r.Sessions)
		}
		for _, r := range a.Resources {
			role := ""
			if r.Role != nil {
				role = r.Role.Value
			}
			fact("resource", a.ID, r.ARN, role)
			tags(r.ARN, r.Tags)
		}
		for _, e := range a.Endpoints {
			fact("endpoint", a.ID, e.ID, e.VPC)
		}
	}
	if o := s.Organization; o != nil {
		fact("organization", o.ID, o.ManagementAccount)
		var walk func(path string, u *engine.Unit)
		walk = func(path string, u *engine.Unit) {
			path += "/" + u.Name + " " + u.ID
			for _, a := range u.Accounts {
				fact("member", path, a.Value)
			}
			for _, below := range u.Units {
				walk(path, below)
			}
		}
		if o.Root != nil {
			walk("", o.Root)
		}
	}
	stable.Sort(list, func(a, b *string) bool { return *a < *b })
	return strings.Join(list, "\n\n")
}
