package explain

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// covers reports whether a pattern with wildcards covers a text.
func covers(text, value string, fold bool) bool {
	p, _ := pattern.Compile(text, pattern.Options{Wildcards: true, FoldCase: fold}, nil)
	return p.Match(value, nil) == trace.Yes
}

// plain reports whether a value of a policy has wildcards only where it shows
// them: ${*} resolves to a character that looks like one.
func plain(c *engine.Comparison) bool { return c.Part == nil && !strings.Contains(c.Pattern, "${") }

// resourceMismatch says what the nearest pattern lacks, in the terms of the
// common mistakes. A cause is named when the pattern would cover the resource
// but for it.
func resourceMismatch(e *engine.Element) string {
	best, at, cause := -1, -1, ""
	for i := range e.Comparisons {
		c := &e.Comparisons[i]
		if c.ValueAt > at {
			best, at = i, c.ValueAt
		}
		if cause = resourceCause(c); cause != "" {
			best = i
			break
		}
	}
	if best < 0 && len(e.Comparisons) > 0 {
		return "does not cover " + e.Comparisons[0].Value
	}
	if best < 0 {
		return "no resource is listed"
	}
	c := &e.Comparisons[best]
	if c.Missing != "" {
		return "${" + c.Missing + "} has no value in this request, so the pattern matches nothing"
	}
	if cause != "" {
		return engine.ShownValue(c.Resolved) + " " + cause
	}
	p, okP := arn.Parse(c.Resolved)
	v, okV := arn.Parse(c.Value)
	if okP && okV && p.Service != v.Service && !strings.ContainsAny(p.Service, "*?") {
		return "is of service " + engine.ShownValue(p.Service) + "; the request names one of " +
			engine.ShownValue(v.Service)
	}
	return "does not cover " + c.Value
}

// resourceCause is what alone keeps a pattern from covering a resource; "" when
// nothing alone does.
func resourceCause(c *engine.Comparison) string {
	if !plain(c) || c.Missing != "" || c.Outcome != trace.No {
		return ""
	}
	p, ok := arn.Parse(c.Resolved)
	v, valid := arn.Parse(c.Value)
	if ok && valid && !strings.ContainsAny(p.Partition, "*?") && !strings.ContainsAny(p.Service, "*?") &&
		!strings.EqualFold(p.Service, v.Service) {
		return "" // nothing else covers one of another service
	}
	if covers(c.Resolved, c.Value, true) {
		return "differs from " + c.Value + " only in case"
	}
	if !ok || !valid {
		return ""
	}
	if p.Service == v.Service {
		switch {
		case p.Service == "s3" && !strings.Contains(p.Resource, "/") && covers(c.Resolved+"/*", c.Value, false):
			return "is the bucket, not an object in it"
		case p.Service == "s3" && strings.HasSuffix(p.Resource, "/*") &&
			covers(strings.TrimSuffix(c.Resolved, "/*"), c.Value, false):
			return "covers the objects; the request names the bucket itself"
		case p.Service == "secretsmanager" && len(v.Resource) > 7 && v.Resource[len(v.Resource)-7] == '-' &&
			covers(c.Resolved, c.Value[:len(c.Value)-7], false):
			return "lacks the six characters that Secrets Manager adds: " + c.Value[len(c.Value)-7:]
		}
	}
	for _, f := range []struct {
		name         string
		policy, asks *string
	}{{"Region", &p.Region, &v.Region}, {"account", &p.Account, &v.Account},
		{"partition", &p.Partition, &v.Partition}} {
		was := *f.policy
		if *f.policy = *f.asks; was == *f.asks || !covers(p.String(), c.Value, false) {
			*f.policy = was
			continue
		}
		switch {
		case was == "":
			return "lacks the " + f.name + " " + *f.asks
		case *f.asks == "":
			return "has the " + f.name + " " + was + "; the request's ARN has none"
		}
		return "is in " + f.name + " " + was + "; the request names " + *f.asks
	}
	if p.Region == "" && p.Account == "" && (v.Region != "" || v.Account != "") {
		if p.Region, p.Account = v.Region, v.Account; covers(p.String(), c.Value, false) {
			return "lacks the Region " + v.Region + " and the account " + v.Account
		}
	}
	return ""
}

// actionMismatch says which actions a statement speaks of instead.
func actionMismatch(q *engine.Query, e *engine.Element) string {
	service, _, _ := strings.Cut(q.Action, ":")
	var services []string
	for i := range e.Comparisons {
		prefix, _, _ := strings.Cut(e.Comparisons[i].Pattern, ":")
		if e.Comparisons[i].Part != nil || strings.ContainsAny(prefix, "*?") || strings.EqualFold(prefix, service) {
			return "does not cover " + q.Action
		}
		services = appendNew(services, prefix)
	}
	if len(services) == 0 {
		return "does not cover " + q.Action
	}
	return "covers actions of " + Join(few(services, "services"), "and") + " only, not " + q.Action
}

// principalMismatch says how the nearest name differs from the caller's.
func principalMismatch(q *engine.Query, e *engine.Element) string {
	for i := range e.Comparisons {
		c := &e.Comparisons[i]
		for _, is := range q.Caller.Identifiers() {
			if cause := principalCause(c.Pattern, is); cause != "" && c.Part == nil {
				return c.Pattern + " " + cause
			}
		}
	}
	return "does not name " + q.Caller.ARN
}

// principalCause is what alone tells a name in a policy from one of the
// caller; "" when nothing alone does.
func principalCause(named, is string) string {
	if strings.EqualFold(named, is) {
		return "differs from " + is + " only in case"
	}
	p, ok := arn.Parse(named)
	v, valid := arn.Parse(is)
	if !ok || !valid || p.Resource == "root" {
		return ""
	}
	kind, name, _ := strings.Cut(p.Resource, "/")
	ofKind, of, _ := strings.Cut(v.Resource, "/")
	switch last, ofLast := name[strings.LastIndexByte(name, '/')+1:], of[strings.LastIndexByte(of, '/')+1:]; {
	case p.Service == v.Service && p.Resource == v.Resource && p.Account != v.Account:
		return "is in account " + engine.ShownValue(p.Account) + "; the caller is in " + v.Account
	case p.Account != v.Account || p.Partition != v.Partition || ofLast == "":
		return ""
	case kind == "assumed-role" && ofKind == "assumed-role":
		if role, _, _ := strings.Cut(name, "/"); strings.HasPrefix(of, role+"/") {
			return "is another session of the role"
		}
	case kind == ofKind && (kind == "user" || kind == "role") && last == ofLast:
		return "has another path than " + is
	case kind == "user" && ofKind == "role" && last == ofLast:
		return "is a user; the caller has a role"
	case kind == "role" && ofKind == "user" && last == ofLast:
		return "is a role; the caller is a user"
	}
	return ""
}

// valueCause is what alone keeps a value of the request from meeting a
// condition, as the end of a sentence; "" when nothing alone does.
func valueCause(e *engine.Element) string {
	spec, _, ok := condition.ParseOperator(e.Operator)
	if !ok || spec.Operator.Negated || e.Outcome != trace.No || spec.Set != condition.NoSet {
		return ""
	}
	for i := range e.Comparisons {
		c := &e.Comparisons[i]
		if c.Missing != "" || !plain(c) || c.Invalid != "" {
			continue
		}
		switch t := spec.Operator.Type; {
		case t != condition.String && t != condition.ARN:
		case strings.EqualFold(c.Resolved, c.Value),
			t == condition.String && spec.Operator.Like && covers(c.Resolved, c.Value, true):
			return ": it differs only in case"
		case t == condition.String && !spec.Operator.Like && strings.ContainsAny(c.Resolved, "*?") &&
			covers(c.Resolved, c.Value, false):
			return ", where * and ? are no wildcards"
		case strings.TrimSpace(c.Value) == strings.TrimSpace(c.Resolved):
			return ": it differs only in white space"
		case sessionOf(c.Resolved, c.Value):
			return ", which is a session: the key has the ARN of its role"
		}
	}
	return ""
}

// sessionOf reports whether the policy names a session where the request has
// the ARN of its role.
func sessionOf(session, role string) bool {
	s, ok := arn.Parse(session)
	r, valid := arn.Parse(role)
	name, isRole := strings.CutPrefix(r.Resource, "role/")
	of, isSession := strings.CutPrefix(s.Resource, "assumed-role/")
	name = name[strings.LastIndexByte(name, '/')+1:] // without its path, which a session's ARN lacks
	return ok && valid && isRole && isSession && s.Account == r.Account && strings.HasPrefix(of, name+"/")
}
