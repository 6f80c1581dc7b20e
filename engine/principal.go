package engine

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/spell"
)

// principal reads the Principal or NotPrincipal of a statement.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (r *reader) principal(p *Policy, st *Statement, v *jsonpos.Value, g *grammar) {
	at, not := r.pair(v, "Principal", "NotPrincipal")
	if at == nil {
		if g.principal && !g.optional {
			r.add(Error, "MISSING_PRINCIPAL", v, "the statement has no Principal, which "+g.name+" needs", `add "Principal"`)
		}
		return
	}
	if !g.principal {
		r.addKey(Error, "UNSUPPORTED_PRINCIPAL", at, g.name+" has no "+at.Key+": it applies to those it is attached to", "remove it, or put the statement into the resource's policy")
		return
	}
	if not && g.noNotPrincipal {
		code := "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL"
		if p.Kind.organization() {
			code = "RCP_SYNTAX_ERROR_PRINCIPAL"
		}
		r.addKey(Error, code, at, g.name+" cannot have NotPrincipal", "list the principals that are trusted under Principal")
		return
	}
	if not && st.Effect == Allow {
		r.addKey(Warning, "ALLOW_WITH_NOT_PRINCIPAL", at, "NotPrincipal with Allow lets in everyone who is not listed, strangers included; AWS does not support it any more",
			"list those who may under Principal")
	}
	st.Principal, st.NotPrincipal = &PrincipalElement{At: at}, not
	switch {
	case isPart(at):
		if part := r.part(at, at.Key, "", r.principalLike("")); part != nil {
			part.Element = at.Key
			st.Principal.Parts = []*Part{part}
		}
	case at.Kind == jsonpos.String && at.Text == "*":
		st.Principal.Values = []PrincipalValue{{"*", Text{"*", at}}}
	case at.Kind == jsonpos.String:
		r.add(Error, "INVALID_PRINCIPAL_FORMAT", at, "the "+at.Key+" is "+quote(at.Text)+`, expected "*" or an object such as {"AWS": "arn:…"}`, "put the value under AWS, Service, Federated or CanonicalUser")
	case r.is(at, at.Key, jsonpos.Object, jsonpos.String):
		if len(at.Items) == 0 {
			r.add(Suggestion, "EMPTY_OBJECT_PRINCIPAL", at, "the "+at.Key+" is empty, so that it names nobody", "name a principal")
		}
		r.entries(at, at.Key, func(m *jsonpos.Value) {
			switch m.Key {
			case "AWS", "Service", "Federated", "CanonicalUser":
			default:
				hint := "principals are listed under AWS, Service, Federated or CanonicalUser"
				if s := spell.Nearest(m.Key, "AWS", "Service", "Federated", "CanonicalUser"); s != "" {
					hint = "did you mean " + quote(s) + "?"
				}
				r.addKey(Error, "INVALID_PRINCIPAL_KEY", m, quote(m.Key)+" is not a type of principal", hint)
				return
			}
			values, parts := r.values(m, m.Key, r.principalLike(m.Key))
			for _, part := range parts {
				part.Element, part.Type = at.Key, m.Key
			}
			st.Principal.Parts = append(st.Principal.Parts, parts...)
			if len(values) == 0 && m.Kind == jsonpos.Array && len(m.Items) == 0 {
				r.add(Suggestion, "EMPTY_ARRAY_PRINCIPAL", m, "the list of principals is empty, so that it names nobody", "name a principal")
			}
			for _, t := range values {
				r.principalValue(p, m.Key, t)
				st.Principal.Values = append(st.Principal.Values, PrincipalValue{m.Key, t})
			}
		})
	}
}

func (r *reader) principalValue(p *Policy, kind string, t Text) {
	if strings.Contains(t.Value, "${") {
		r.add(Error, "VARIABLE_UNSUPPORTED_IN_ELEMENT", t.At, quote(t.Value)+" has a variable, and a principal cannot", "name the account and add a condition on aws:PrincipalArn")
		return
	}
	wild := strings.ContainsAny(t.Value, "*?")
	switch kind {
	case "AWS":
		if t.Value == "*" || isAccountID(t.Value) {
			return
		}
		a, ok := arn.Parse(t.Value)
		switch {
		case !ok && (strings.HasPrefix(t.Value, "AIDA") || strings.HasPrefix(t.Value, "AROA")):
			r.add(Warning, "INVALID_USER_REFERENCE", t.At, quote(t.Value)+" is a unique ID: the identity that it stood for was probably deleted", "name the ARN of an existing identity")
		case !ok:
			r.add(Error, "INVALID_PRINCIPAL_FORMAT", t.At, quote(t.Value)+" is not a principal, expected an account ID, * or an ARN", "write arn:aws:iam::ACCOUNT:user/NAME or :role/NAME")
		case a.Service == "iam" && strings.HasPrefix(a.Resource, "group/"):
			r.add(Error, "GROUP_AS_PRINCIPAL", t.At, quote(t.Value)+" is a group, and a group is never a principal", "name the users, or let them assume a role")
		case wild:
			r.add(Error, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL", t.At, quote(t.Value)+" has a wildcard, and a principal's ARN cannot", "name the account and add a condition on aws:PrincipalArn, or name each principal")
		case a.Service != "iam" && a.Service != "sts":
			r.add(Error, "INVALID_PRINCIPAL_FORMAT", t.At, quote(t.Value)+" is not the ARN of an account, user, role or session", "write arn:aws:iam::ACCOUNT:role/NAME")
		}
	case "Service":
		if wild {
			r.add(Error, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL", t.At, quote(t.Value)+" has a wildcard, and a service principal cannot", "name the service, such as ec2.amazonaws.com")
		} else if !strings.Contains(t.Value, ".") {
			r.add(Error, "INVALID_SERVICE_PRINCIPAL_FORMAT", t.At, quote(t.Value)+" is not a service principal, expected a name such as ec2.amazonaws.com", "")
		}
	case "Federated":
		if p.Kind != TrustPolicy {
			r.add(Error, "FEDERATED_PRINCIPAL_NOT_SUPPORTED", t.At, "identity providers can be principals of role trust policies only", "name the role that the federated callers assume")
		} else if wild {
			r.add(Error, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL", t.At, quote(t.Value)+" has a wildcard, and an identity provider cannot", "")
		}
	}
}
