package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/trace"
	"github.com/iam-playground/iam-playground/scripts/peer"
)

// difference is a known difference: the peer answers otherwise than AWS
// documents.
type difference struct {
	name string
	// section is the number of the rule in the rule book, and rule what AWS documents.
	section, rule string
	// tell changes the peer's copy of a case so that the rule is spelt out in
	// terms that the peer shares, and reports whether there was anything to
	// change. The disagreement is settled if the peer then agrees.
	tell func(c *testCase) bool
}

var differences = []difference{
	{"what belongs to AWS", "7.7",
		"managed policies, service-linked and reserved roles and aliases of AWS cannot be changed, whatever " +
			"policies allow; a Deny comes first (IAM User Guide: service-linked roles; API reference: " +
			"UnmodifiableEntity)",
		func(c *testCase) bool {
			service, _, _ := strings.Cut(c.query.Action, ":")
			name, managed := strings.CutPrefix(c.query.Resource, "arn:aws:iam::aws:policy/")
			switch {
			case (service == "iam" || service == "kms") && c.refused():
				c.forbid()
			case managed:
				c.simulation.Request.Resource.Resource = "arn:aws:iam::" + c.query.Owner.Account + ":policy/" + name
			default:
				return false
			}
			return true
		}},
	{"root session of a member account", "7.7",
		"STS opens sessions of root users for management account and delegated administrators, for five " +
			"tasks; their own policies are enough (perform a privileged task on a member account)",
		func(c *testCase) bool {
			switch {
			case c.query.Action != "sts:AssumeRoot":
				return false
			case slices.Contains(c.evaluation.DecidedBy, engine.LayerService):
				c.forbid()
			default:
				c.simulation.Request.Resource.AccountID = c.query.Caller.Account
			}
			return true
		}},
	{"short ARN of API Gateway", "11",
		"a resource policy of an API may leave out what an ARN has before the stage; the service completes " +
			"it (API Gateway: resource policies)",
		func(c *testCase) bool {
			api, _, _ := strings.Cut(c.query.Resource, "/")
			return c.resources(func(l engine.Layer, text string) string {
				if rest, ok := strings.CutPrefix(text, "execute-api:/"); ok && l == engine.LayerResource {
					return api + "/" + rest
				}
				return text
			})
		}},
	{"public bucket policy", "7.7",
		"a policy is public if a statement allows everyone without fixing one of the listed keys, and then " +
			"lets in services and the owner's account alone (S3: the meaning of public)",
		func(c *testCase) bool {
			s := &c.simulation.Settings.S3
			if !s.BlockPublicAccess {
				return false
			}
			if s.BlockPublicAccess = false; slices.Contains(c.evaluation.DecidedBy, engine.LayerPublicAccess) {
				c.forbid()
			}
			return true
		}},
	{"root user assumes a role", "7.5",
		"STS refuses role sessions to root users, whatever policies say (API reference of AssumeRole)",
		func(c *testCase) bool {
			if c.query.Caller.Kind != engine.RootCaller || c.query.Action != "sts:AssumeRole" {
				return false
			}
			c.forbid()
			return true
		}},
	{"root user", "7.2",
		"a root user has every permission that no Deny, SCP or RCP takes; key policies must let it, and " +
			"across accounts the resource's policy is enough",
		func(c *testCase) bool {
			if c.query.Caller.Kind != engine.RootCaller {
				return false
			}
			c.simulation.Identity = []peer.Named{{Name: "root", Policy: json.RawMessage(everything)}}
			return true
		}},
	{"federated user calls IAM or STS", "7.7",
		"a federated user cannot call IAM, and of STS only GetCallerIdentity, whatever policies say (API " +
			"reference of GetFederationToken)",
		func(c *testCase) bool {
			prefix, _, _ := strings.Cut(c.query.Action, ":")
			if c.query.Caller.Kind != engine.FederatedUserCaller || prefix != "iam" && prefix != "sts" {
				return false
			}
			c.forbid()
			return true
		}},
	{"who federated a user", "3.3",
		"policies name a federated user by the user who federated it too (elements: Principal)",
		func(c *testCase) bool {
			// The peer takes the user to have the name of the session.
			q := c.query
			if q.Caller.Kind != engine.FederatedUserCaller {
				return false
			}
			assumed := "arn:aws:iam::" + q.Caller.Account + ":user/" + q.Caller.Session
			return c.statements(func(_ engine.Layer, s object) bool {
				return texts(s["Principal"], func(text string) string {
					if text == q.Caller.User {
						return assumed
					}
					return text
				})
			})
		}},
	{"trusted user within a boundary", "7.5",
		"a user whom a trust policy names needs sts:AssumeRole in its boundary, if it has one (update a role " +
			"trust policy)",
		func(c *testCase) bool {
			q := c.query
			if q.Owner.Account != q.Caller.Account || c.simulation.Boundary == nil || q.Action != "sts:AssumeRole" {
				return false
			}
			c.simulation.Identity = append(c.simulation.Identity,
				peer.Named{Name: "trusted", Policy: json.RawMessage(everything)})
			return c.statements(func(_ engine.Layer, s object) bool {
				return texts(s["Principal"], func(text string) string {
					if text == q.Caller.User {
						return q.Caller.Account
					}
					return text
				})
			})
		}},
	{"temporary credentials of a user", "7.7",
		"with credentials from GetSessionToken a user cannot call IAM without MFA, and of STS only " +
			"AssumeRole and GetCallerIdentity (API reference of GetSessionToken)",
		func(c *testCase) bool {
			if c.query.Caller.Kind != engine.UserCaller || !c.has("aws:TokenIssueTime") ||
				!slices.Contains(c.evaluation.DecidedBy, engine.LayerService) {
				return false
			}
			c.forbid()
			return true
		}},
	{"range of all addresses", "4.4",
		"0.0.0.0/0 holds every IPv4 address (condition operators: IP address)",
		func(c *testCase) bool {
			return c.conditions(func(operator, _ string, values any) (any, bool) {
				if !strings.Contains(operator, "IpAddress") || !slices.Contains(list(values), "0.0.0.0/0") {
					return values, false
				}
				return append(slices.DeleteFunc(list(values), func(v any) bool { return v == "0.0.0.0/0" }),
					"0.0.0.0/1", "128.0.0.0/1"), true
			})
		}},
	{"address without a prefix", "4.4",
		"an address without a prefix is a range of one, and IPv4 and IPv6 addresses never match (condition " +
			"operators: IP address)",
		func(c *testCase) bool {
			return c.conditions(func(operator, _ string, values any) (any, bool) {
				return each(values, func(text string) string {
					if strings.Contains(operator, "IpAddress") && !strings.Contains(text, "/") &&
						strings.Contains(text, ".") {
						return text + "/32"
					}
					return text
				})
			})
		}},
	{"variables without Version 2012-10-17", "2.2",
		"without Version 2012-10-17 a variable is plain text (elements: Version)",
		func(c *testCase) bool {
			return c.policies(func(_ engine.Layer, p object) bool {
				if p["Version"] == "2012-10-17" {
					return false
				}
				return texts(p["Statement"],
					func(text string) string { return strings.ReplaceAll(text, "${", "plain text{") })
			})
		}},
	{"variable without a value", "5",
		"a value or a resource whose variable has no value matches nothing: positive operators are false, " +
			"negated ones and NotResource true (elements: variables)",
		func(c *testCase) bool {
			values := c.conditions(func(operator, _ string, values any) (any, bool) {
				return each(values, func(text string) string {
					if c.unset(text) && strings.Contains(operator, "Arn") {
						return noARN
					} else if c.unset(text) {
						return "matches nothing"
					}
					return text
				})
			})
			resources := c.resources(func(_ engine.Layer, text string) string {
				if c.unset(text) {
					return noARN
				}
				return text
			})
			return values || resources
		}},
	{"ForAnyValue with IfExists", "11",
		"IfExists makes a condition true when the key is absent (condition operators)",
		func(c *testCase) bool {
			return c.conditions(func(operator, key string, values any) (any, bool) {
				if strings.HasPrefix(operator, "ForAnyValue:") && strings.HasSuffix(operator, "IfExists") &&
					!c.has(key) {
					return nil, true
				}
				return values, false
			})
		}},
	{"dates in seconds", "4.4",
		"a date may be given in seconds since 1970 (condition operators: date)",
		func(c *testCase) bool {
			return c.conditions(func(operator, _ string, values any) (any, bool) {
				return each(values, func(text string) string {
					i, ok := condition.ParseInstant(text)
					if ok && strings.HasPrefix(operator, "Date") && !strings.Contains(text, "-") {
						return condition.FormatSeconds(i.Seconds)
					}
					return text
				})
			})
		}},
	{"star over colons", "3.2",
		"a * that ends a segment of a resource's ARN runs over colons (elements: Resource)",
		func(c *testCase) bool {
			return c.resources(func(_ engine.Layer, text string) string {
				if isARN(text) && !strings.Contains(text, "${") &&
					glob(text, c.query.Resource) != segments(text, c.query.Resource) {
					return "*"
				}
				return text
			})
		}},
	{"incomplete ARN", "3.2",
		"identity-based policies complete an ARN of fewer than six fields with *; elsewhere it is a pattern " +
			"like any other (grammar: Resource)",
		func(c *testCase) bool {
			return c.resources(func(l engine.Layer, text string) string {
				if isARN(text) || !strings.HasPrefix(text, "arn:") {
					return text
				}
				if l == engine.LayerIdentity {
					text += strings.Repeat(":*", fields-1-strings.Count(text, ":"))
				}
				if glob(text, c.query.Resource) {
					return "*"
				}
				return noARN
			})
		}},
	{"session ARN or everyone", "7.3",
		"inside the account a resource policy that names the session or everyone grants beyond boundary and " +
			"session policies (policy evaluation: resource-based policies)",
		func(c *testCase) bool {
			if c.query.CrossAccount() || !c.byResource() || c.decision() != "allowed" {
				return false
			}
			return c.policies(func(l engine.Layer, p object) bool {
				if l != engine.LayerSession && l != engine.LayerBoundary {
					return false
				}
				p["Statement"] = append(list(p["Statement"]),
					object{"Effect": "Allow", "Action": "*", "Resource": "*"})
				return true
			})
		}},
	{"federated user without a session policy", "7.7",
		"a federated user has what both the user's policies and the session policies allow: nothing of the " +
			"user's without a session policy (API reference of GetFederationToken)",
		func(c *testCase) bool {
			if c.query.Caller.Kind != engine.FederatedUserCaller || c.simulation.Session != nil {
				return false
			}
			return c.policies(func(l engine.Layer, p object) bool {
				if l != engine.LayerIdentity {
					return false
				}
				p["Statement"] = slices.DeleteFunc(list(p["Statement"]),
					func(s any) bool { return s.(object)["Effect"] == "Allow" })
				return true
			})
		}},
	{"NotPrincipal", "3.4",
		"a caller escapes a NotPrincipal only if its whole chain is listed; short of the account, or of the " +
			"session, nobody knows, and S3 lets the listed through (elements: NotPrincipal)",
		func(c *testCase) bool {
			return c.statements(func(_ engine.Layer, s object) bool {
				if s["NotPrincipal"] == nil {
					return false
				}
				delete(s, "NotPrincipal")
				s["Principal"] = "*"
				if !c.matches(s["Sid"].(string)) {
					s["Principal"] = object{"AWS": "999999999999"}
				}
				return true
			})
		}},
}

const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// settle finds the difference that settles a disagreement, alone, or else all
// that have a part in the case, if together they do. It is empty if they do not.
func (c *testCase) settle(p *process) ([]*difference, error) {
	agrees := func(told *testCase) (bool, error) {
		a, err := p.ask(told.simulation)
		return c.agrees(a), err
	}
	var parts []*difference
	all := c.copied()
	for i := range differences {
		d, told := &differences[i], c.copied()
		if !d.tell(told) {
			continue
		}
		if ok, err := agrees(told); ok || err != nil {
			return []*difference{d}, err
		}
		d.tell(all)
		parts = append(parts, d)
	}
	if ok, err := agrees(all); !ok || err != nil {
		return nil, err
	}
	return parts, nil
}

// copied is the case with a copy of the peer's form that can be changed.
func (c *testCase) copied() *testCase {
	s := *c.simulation
	s.Identity, s.Boundary, s.Endpoint = slices.Clone(s.Identity), slices.Clone(s.Boundary), slices.Clone(s.Endpoint)
	levels := func(list []peer.Level) []peer.Level {
		out := make([]peer.Level, len(list))
		for i, l := range list {
			out[i] = peer.Level{ID: l.ID, Policies: slices.Clone(l.Policies)}
		}
		return out
	}
	s.SCPs, s.RCPs = levels(s.SCPs), levels(s.RCPs)
	return &testCase{c.query, c.evaluation, &s}
}

// policies changes every policy of the peer's copy.
func (c *testCase) policies(change func(l engine.Layer, p object) bool) (changed bool) {
	one := func(l engine.Layer, text *json.RawMessage) {
		var p object
		if *text == nil || json.Unmarshal(*text, &p) != nil || !change(l, p) {
			return
		}
		*text, _ = json.Marshal(p)
		changed = true
	}
	each := func(l engine.Layer, named []peer.Named) {
		for i := range named {
			one(l, &named[i].Policy)
		}
	}
	s := c.simulation
	each(engine.LayerIdentity, s.Identity)
	each(engine.LayerBoundary, s.Boundary)
	each(engine.LayerVPCE, s.Endpoint)
	for i := range s.SCPs {
		each(engine.LayerSCP, s.SCPs[i].Policies)
	}
	for i := range s.RCPs {
		each(engine.LayerRCP, s.RCPs[i].Policies)
	}
	one(engine.LayerSession, &s.Session)
	one(engine.LayerResource, &s.Resource)
	return changed
}

func (c *testCase) statements(change func(l engine.Layer, s object) bool) bool {
	return c.policies(func(l engine.Layer, p object) (changed bool) {
		for _, s := range list(p["Statement"]) {
			changed = change(l, s.(object)) || changed
		}
		return changed
	})
}

// conditions changes the values of every condition; no values at all remove it.
func (c *testCase) conditions(change func(operator, key string, values any) (any, bool)) bool {
	return c.statements(func(_ engine.Layer, s object) (any bool) {
		block, _ := s["Condition"].(object)
		for operator, keys := range block {
			for key, values := range keys.(object) {
				out, changed := change(operator, key, values)
				any = any || changed
				if keys.(object)[key] = out; out == nil {
					delete(keys.(object), key)
				}
			}
			if len(keys.(object)) == 0 {
				delete(block, operator)
			}
		}
		if block != nil && len(block) == 0 {
			delete(s, "Condition")
		}
		return any
	})
}

// resources changes every pattern for resources.
func (c *testCase) resources(change func(l engine.Layer, text string) string) bool {
	return c.statements(func(l engine.Layer, s object) (any bool) {
		for _, element := range []string{"Resource", "NotResource"} {
			if s[element] == nil {
				continue
			}
			out, changed := each(s[element], func(text string) string { return change(l, text) })
			s[element], any = out, any || changed
		}
		return any
	})
}

// forbid leaves nothing that could allow or deny.
func (c *testCase) forbid() {
	s := c.simulation
	s.Identity, s.SCPs, s.RCPs = []peer.Named{}, []peer.Level{}, []peer.Level{}
	s.Boundary, s.Endpoint, s.Session, s.Resource = nil, nil, nil, nil
}

// each changes each text of a value or a list of values.
func each(v any, change func(text string) string) (out any, changed bool) {
	all := array{}
	for _, v := range list(v) {
		text := change(v.(string))
		all = append(all, text)
		changed = changed || text != v
	}
	return all, changed
}

// list is a value as a list.
func list(v any) array {
	switch v := v.(type) {
	case nil:
		return nil
	case array:
		return v
	}
	return array{v}
}

// texts changes every string below a value.
func texts(v any, change func(string) string) (changed bool) {
	turn := func(inner any, set func(any)) {
		if text, ok := inner.(string); !ok {
			changed = texts(inner, change) || changed
		} else if out := change(text); out != text {
			set(out)
			changed = true
		}
	}
	switch v := v.(type) {
	case object:
		for k, inner := range v {
			turn(inner, func(out any) { v[k] = out })
		}
	case array:
		for i, inner := range v {
			turn(inner, func(out any) { v[i] = out })
		}
	}
	return changed
}

// refused reports whether a rule of the service denies, at least in one of the ways.
func (c *testCase) refused() bool {
	e := c.evaluation
	return !e.Possible.Has(engine.Allowed) && e.Decision != engine.ExplicitDeny &&
		slices.ContainsFunc(e.Stages, func(s engine.Stage) bool { return s.ID == engine.StageService })
}

func (c *testCase) has(key string) bool {
	return c.query.ContextEntry(key).Origin != engine.Absent
}

// unset reports whether a text has a variable without a value and without a default.
func (c *testCase) unset(text string) bool {
	for {
		_, rest, ok := strings.Cut(text, "${")
		if !ok {
			return false
		}
		var name string
		name, text, _ = strings.Cut(rest, "}")
		if e := c.query.ContextEntry(name); len(name) > 1 && !strings.Contains(name, ",") && (e.Origin == engine.Absent || e.Multi) {
			return true
		}
	}
}

// matches reports whether the principal element of the statement of the
// resource's policy with that Sid matches the caller.
func (c *testCase) matches(sid string) bool {
	sets := c.query.Sets()
	for _, step := range c.evaluation.Steps {
		if step.Kind != trace.Statement {
			continue
		}
		switch sets[step.Set].Layer {
		case engine.LayerResource, engine.LayerTrust, engine.LayerKeyPolicy:
			if s, _ := c.query.World.Statement(step.Subject); s.Sid == sid {
				return step.Principal == trace.Yes
			}
		}
	}
	return false
}

// glob matches a whole text, with * and ?.
func glob(pattern, text string) bool {
	switch {
	case pattern == "":
		return text == ""
	case pattern[0] == '*':
		return glob(pattern[1:], text) || text != "" && glob(pattern, text[1:])
	case text == "":
		return false
	}
	return (pattern[0] == '?' || pattern[0] == text[0]) && glob(pattern[1:], text[1:])
}

// fields is how many an ARN has.
const fields = 6

// noARN matches nothing that is asked for.
const noARN = "arn:aws:none:::none"

func isARN(text string) bool {
	return strings.HasPrefix(text, "arn:") && strings.Count(text, ":") >= fields-1
}

// byResource reports whether the policy of the resource has decided.
func (c *testCase) byResource() bool {
	return slices.ContainsFunc(c.evaluation.DecidedBy, func(l engine.Layer) bool {
		return l == engine.LayerResource || l == engine.LayerTrust || l == engine.LayerKeyPolicy
	})
}

// segments matches an ARN segment by segment.
func segments(pattern, text string) bool {
	p, t := strings.SplitN(pattern, ":", fields), strings.SplitN(text, ":", fields)
	if len(t) < fields {
		return false
	}
	for i := range p {
		if !glob(p[i], t[i]) {
			return false
		}
	}
	return true
}
