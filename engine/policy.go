package engine

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/spell"
)

// State says whether a policy's text can be used.
type State uint8

const (
	// Known says that the text was read.
	Known State = iota
	// Withheld says that the document gives "unknown" for the text.
	Withheld
	// Broken says that the text has errors, so that AWS would not have stored it.
	Broken
	// Unresolved says that nobody knows a policy of that name.
	Unresolved
)

// String is "known", "unknown", "broken" or "unresolved".
func (s State) String() string { return [...]string{"known", "unknown", "broken", "unresolved"}[s] }

// Policy is a policy document after reading.
type Policy struct {
	At *jsonpos.Value
	// Document is the ARN of an AWS managed policy whose text stands outside
	// the scenario; "" for policies of the scenario.
	Document string
	// Resource is the ARN of the resource that the policy stands at; "" for others.
	Resource string
	Name     string
	// ID is that of a policy of an organization, "" when none is written.
	ID    string
	Kind  PolicyKind
	State State
	// Variables says that ${…} is a policy variable: Version 2012-10-17.
	//
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
	Variables  bool
	Statements []*Statement
	// Parts are the statements that nobody knows.
	Parts []*Part
	// Version and Date are those of an AWS managed policy, else "".
	Version, Date string
}

// Effect is what a matching statement does.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html
type Effect uint8

const (
	Allow Effect = iota
	Deny
)

// String is "Allow" or "Deny".
func (e Effect) String() string { return [...]string{"Allow", "Deny"}[e] }

// Statement is one statement of a policy.
type Statement struct {
	At           *jsonpos.Value
	Index        int
	Sid          string
	Effect       Effect
	NotPrincipal bool
	NotAction    bool
	NotResource  bool
	Principal    *PrincipalElement // nil when the statement has none
	Actions      []Text
	Resources    []Text // empty in a trust policy
	Conditions   []Condition
	// ActionParts and ResourceParts are the unknown values among the actions and resources.
	ActionParts, ResourceParts []*Part
	// Where the elements stand; nil when the statement does not have them.
	ActionAt, ResourceAt *jsonpos.Value
}

// PrincipalElement is a Principal or NotPrincipal element.
type PrincipalElement struct {
	At     *jsonpos.Value
	Values []PrincipalValue
	Parts  []*Part
}

// PrincipalValue is one principal with its type: "AWS", "Service",
// "Federated", "CanonicalUser", or "*" for the bare asterisk.
type PrincipalValue struct {
	Type string
	Text
}

// Condition is one key under one operator.
type Condition struct {
	At     *jsonpos.Value // the key's value or list of values
	Spec   condition.Spec
	Key    string
	Values []Text
	Parts  []*Part
}

// Pointer is where the policy stands.
func (p *Policy) Pointer() Pointer { return p.pointer(p.At) }

func (p *Policy) pointer(v *jsonpos.Value) Pointer {
	if v == nil {
		return ""
	}
	if p.Document != "" {
		return Pointer(p.Document + "#" + v.Pointer())
	}
	return Pointer(v.Pointer())
}

// PointerTo is the pointer to a value inside the policy.
func (p *Policy) PointerTo(v *jsonpos.Value) Pointer { return p.pointer(v) }

// policy reads a policy document or the word "unknown".
func (r *reader) policy(v *jsonpos.Value, kind PolicyKind, name string) *Policy {
	p := &Policy{At: v, Name: name, Kind: kind}
	before := r.errors
	r.policyBody(p, v)
	if v.Broken || r.errors > before {
		p.State = Broken
	}
	return p
}

func (r *reader) policyBody(p *Policy, v *jsonpos.Value) {
	if v.Kind == jsonpos.String && v.Text == "unknown" {
		p.State = Withheld
		return
	}
	if v.Kind == jsonpos.String {
		r.add(Error, "DATA_TYPE_MISMATCH", v, "a policy is the string "+quote(v.Text)+`, expected an object or "unknown"`, "write the policy as JSON, not as a string of JSON")
		return
	}
	if !r.is(v, "a policy", jsonpos.Object) {
		return
	}
	for _, m := range v.Items {
		switch m.Key {
		case "Version", "Id", "Statement":
		default:
			r.unknownElement(m, "a policy", "Version", "Id", "Statement")
		}
	}
	if id := v.Member("Id"); id != nil {
		r.text(id, "Id")
		if p.Kind <= SessionPolicy {
			r.addKey(Suggestion, "ID_IN_IDENTITY_POLICY", id, "the grammar has no Id in "+kinds[p.Kind].name,
				"remove it")
		}
	}
	version := v.Member("Version")
	switch {
	case version == nil:
		r.add(Warning, "MISSING_VERSION", v, "the policy has no Version, so that it is read as 2008-10-17 and ${…} is plain text", `add "Version": "2012-10-17"`)
	case version.Kind != jsonpos.String:
		r.is(version, "Version", jsonpos.String)
	case version.Text == "2012-10-17":
		p.Variables = true
	case version.Text == "2008-10-17":
	default:
		r.add(Error, "INVALID_VERSION", version, "the Version is "+quote(version.Text)+", expected 2012-10-17 or 2008-10-17", `write "2012-10-17"`)
	}
	statement := v.Member("Statement")
	switch {
	case statement == nil:
		r.add(Error, "MISSING_STATEMENT", v, "the policy has no Statement", `add "Statement": []`)
	case isPart(statement):
		r.unknownStatement(p, statement)
	case statement.Kind == jsonpos.Object:
		p.Statements = append(p.Statements, r.statement(p, statement, 0))
	case r.is(statement, "Statement", jsonpos.Array, jsonpos.Object):
		sids := map[string]bool{}
		p.Statements = make([]*Statement, 0, len(statement.Items))
		for i, item := range statement.Items {
			if !r.is(item, aStatement, jsonpos.Object) {
				continue
			}
			if isPart(item) {
				r.unknownStatement(p, item)
				continue
			}
			st := r.statement(p, item, i)
			p.Statements = append(p.Statements, st)
			if st.Sid != "" && sids[st.Sid] {
				severity, code := Error, "UNIQUE_SIDS_REQUIRED"
				if p.Kind == ResourcePolicy || p.Kind == KeyPolicy || p.Kind == EndpointPolicy {
					severity, code = Warning, "UNIQUE_SIDS_RECOMMENDED"
				}
				r.add(severity, code, item.Member("Sid"), "the Sid "+quote(st.Sid)+" occurs twice in the policy", "give each statement a Sid of its own")
			}
			sids[st.Sid] = true
		}
	}
}

func (r *reader) unknownStatement(p *Policy, v *jsonpos.Value) {
	if part := r.part(v, aStatement, "", nil); part != nil {
		p.Parts = append(p.Parts, part)
	}
}

func (r *reader) unknownElement(m *jsonpos.Value, what string, known ...string) {
	if r.passed(Error, m.KeyStart()) {
		return
	}
	hint := what + " has " + list(known)
	if s := spell.Nearest(m.Key, known...); s != "" {
		hint = "did you mean " + quote(s) + "?"
	}
	r.addKey(Error, "INVALID_POLICY_ELEMENT", m, quote(m.Key)+" is not an element of "+what, hint)
}

func (r *reader) statement(p *Policy, v *jsonpos.Value, index int) *Statement {
	st := &r.statements.take(1)[0]
	st.At, st.Index = v, index
	g := &kinds[p.Kind]
	for _, m := range v.Items {
		switch m.Key {
		case "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition":
		default:
			r.unknownElement(m, "a statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
		}
	}
	if sid := v.Member("Sid"); sid != nil {
		st.Sid = r.text(sid, "Sid")
		r.sid(p, sid)
	}
	effect := v.Member("Effect")
	switch {
	case effect == nil:
		r.add(Error, "MISSING_EFFECT", v, "the statement has no Effect", `add "Effect": "Allow" or "Effect": "Deny"`)
	case effect.Kind != jsonpos.String:
		r.is(effect, "Effect", jsonpos.String)
	case effect.Text == "Deny":
		st.Effect = Deny
	case effect.Text != "Allow":
		hint := "write Allow or Deny"
		if s := spell.Nearest(effect.Text, "Allow", "Deny"); s != "" {
			hint = "write " + quote(s)
		}
		r.add(Error, "INVALID_EFFECT", effect, "the Effect is "+quote(effect.Text)+", expected exactly Allow or Deny", hint)
	}
	r.principal(p, st, v, g)

	st.ActionAt, st.NotAction = r.pair(v, "Action", "NotAction")
	if st.ActionAt == nil {
		r.add(Error, "MISSING_ACTION", v, "the statement has neither Action nor NotAction", `add "Action"`)
	} else {
		st.Actions, st.ActionParts = r.values(st.ActionAt, st.ActionAt.Key, r.action)
		for _, a := range st.Actions {
			r.action(a)
		}
		if len(st.Actions) == 0 && st.ActionAt.Kind == jsonpos.Array && len(st.ActionAt.Items) == 0 {
			r.add(Suggestion, "EMPTY_ARRAY_ACTION", st.ActionAt, "the list of actions is empty, so that the statement has no effect", "list an action, or remove the statement")
		}
	}
	st.ResourceAt, st.NotResource = r.pair(v, "Resource", "NotResource")
	switch {
	case st.ResourceAt == nil && g.resourceRequired:
		r.add(Error, "MISSING_RESOURCE", v, "the statement has neither Resource nor NotResource, which "+g.name+" needs", `add "Resource"`)
	case st.ResourceAt != nil && g.noResource:
		r.addKey(Error, "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", st.ResourceAt, g.name+" has no "+st.ResourceAt.Key+": its resource is the role itself", "remove it")
	case st.ResourceAt != nil:
		check := func(t Text) { r.resourceText(p.Kind, t) }
		st.Resources, st.ResourceParts = r.values(st.ResourceAt, st.ResourceAt.Key, check)
		for _, t := range st.Resources {
			check(t)
		}
		if len(st.Resources) == 0 && st.ResourceAt.Kind == jsonpos.Array && len(st.ResourceAt.Items) == 0 {
			r.add(Suggestion, "EMPTY_ARRAY_RESOURCE", st.ResourceAt, "the list of resources is empty, so that the statement has no effect", "list a resource, or remove the statement")
		}
	}
	if c := v.Member("Condition"); c != nil && r.is(c, "Condition", jsonpos.Object) {
		r.conditions(st, c)
	}
	return st
}

// sid reports a Sid that the policy's kind cannot have.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
func (r *reader) sid(p *Policy, v *jsonpos.Value) {
	if v.Kind != jsonpos.String {
		return
	}
	if c, ok := deceptive(v.Text); ok {
		r.add(Error, "UNSUPPORTED_SID", v, "the Sid "+quote(v.Text)+" has the invisible character "+visible(string(c))+", which can make it look like another", "type the Sid anew")
		return
	}
	if v.Text == "" {
		r.add(Suggestion, "EMPTY_SID_VALUE", v, "the Sid is empty", "remove it, or say what the statement is for")
		return
	}
	if p.Kind > TrustPolicy || p.Kind == ResourcePolicy || p.Kind == KeyPolicy {
		return // services have rules of their own
	}
	for _, c := range v.Text {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			r.add(Error, "UNSUPPORTED_SID", v, "the Sid "+quote(v.Text)+" has the character "+visible(string(c))+", expected letters and digits only", "remove it")
			return
		}
	}
}

// pair is whichever of two elements stands; both at once is an error.
func (r *reader) pair(v *jsonpos.Value, positive, negative string) (at *jsonpos.Value, not bool) {
	a, b := v.Member(positive), v.Member(negative)
	if a != nil && b != nil {
		r.addKey(Error, "UNSUPPORTED_ELEMENT_COMBINATION", b, "the statement has both "+positive+" and "+negative+", expected one of them", "remove one of them")
	}
	if a != nil {
		return a, false
	}
	return b, b != nil
}

// values reads a string, an unknown part, or a list of them. like looks at the
// pattern of an unknown part.
func (r *reader) values(v *jsonpos.Value, what string, like func(Text)) (out []Text, parts []*Part) {
	element := what
	add := func(v *jsonpos.Value, what, kinds string) {
		switch {
		case v.Kind == jsonpos.Object:
			if p := r.part(v, what, kinds, like); p != nil {
				p.Element = element
				parts = append(parts, p)
			}
		case r.is(v, what, jsonpos.String):
			out = append(out, Text{v.Text, v})
		}
	}
	switch v.Kind {
	case jsonpos.String, jsonpos.Object:
		out = r.words.take(1)[:0]
		add(v, what, "a string or array")
	default:
		if !r.is(v, what, jsonpos.String, jsonpos.Array) {
			return nil, nil
		}
		out = r.words.take(len(v.Items))[:0]
		for _, item := range v.Items {
			add(item, entryOf(what, item), "a string")
		}
	}
	return out, parts
}

// entryOf is what an entry of a list is called; "" for a string, with which
// nothing is wrong.
func entryOf(what string, item *jsonpos.Value) string {
	if item.Kind == jsonpos.String {
		return ""
	}
	return "an entry of " + what
}

// action reports what cannot be an action.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func (r *reader) action(a Text) {
	if a.Value == "*" {
		return
	}
	if strings.Contains(a.Value, "${") {
		r.add(Error, "VARIABLE_UNSUPPORTED_IN_ELEMENT", a.At, quote(a.Value)+" has a variable, and an action cannot", "write the action out, or use a wildcard")
		return
	}
	prefix, name, ok := strings.Cut(a.Value, ":")
	if !ok || prefix == "" || name == "" || strings.ContainsAny(a.Value, " \t\n/") || strings.Contains(name, ":") {
		hint := "write * for all actions"
		if ok || a.Value != "" {
			hint = "write it like s3:GetObject"
		}
		r.add(Error, "INVALID_ACTION", a.At, quote(a.Value)+" is not an action, expected a service prefix, a colon and a name", hint)
		return
	}
}

// resourceText reports what cannot be a resource.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func (r *reader) resourceText(kind PolicyKind, t Text) {
	if t.Value == "*" || t.Value == "" && t.At.Kind != jsonpos.String {
		return
	}
	if kind == ResourcePolicy && strings.HasPrefix(t.Value, shortAPI) {
		return // API Gateway completes it
	}
	if !strings.HasPrefix(t.Value, "arn:") {
		// A lone wildcard text such as "**" or "a*" is no ARN; AWS refuses it.
		if strings.Trim(t.Value, "*") == "" && t.Value != "" {
			return
		}
		r.add(Error, "INVALID_ARN_PREFIX", t.At, quote(t.Value)+` is not a resource, expected "*" or an ARN that starts with arn:`, "write the resource's ARN")
		return
	}
	parts, n := arn.Split(t.Value)
	if n < 6 {
		// Only identity-based policies have their ARNs completed (completeARN).
		severity, then := Warning, "the missing ones are taken as *"
		switch {
		case kind == SessionPolicy:
			severity, then = Error, "a session policy needs all of them"
		case kind > SessionPolicy:
			then = "it is compared as it stands"
		}
		r.add(severity, "MISSING_ARN_FIELD", t.At, quote(t.Value)+" has "+itoa(n)+" of the six fields of an ARN; "+then, "write arn:partition:service:region:account:resource")
	}
	if n > 2 && parts[2] != strings.ToLower(parts[2]) {
		r.add(Error, "INVALID_ARN_SERVICE_CASE", t.At, "the service of the ARN is "+quote(parts[2])+", expected lower case", "write "+quote(strings.ToLower(parts[2])))
	}
}

func (r *reader) conditions(st *Statement, v *jsonpos.Value) {
	if len(v.Items) == 0 {
		r.add(Suggestion, "EMPTY_OBJECT_CONDITION", v, "the Condition is empty", "remove it")
	}
	r.entries(v, "Condition", func(op *jsonpos.Value) {
		spec, ok := condition.LookUp(op.Key)
		if !ok {
			if r.passed(Error, op.KeyStart()) {
				return
			}
			_, suggestion, _ := condition.ParseOperator(op.Key)
			code, hint := "INVALID_CONDITION_OPERATOR", "see AWS's list of condition operators"
			if strings.HasSuffix(op.Key, "NullIfExists") {
				code = "NULL_WITH_IF_EXISTS"
			}
			if suggestion != "" {
				hint = "did you mean " + quote(suggestion) + "?"
			}
			r.addKey(Error, code, op, quote(op.Key)+" is not a condition operator", hint)
			return
		}
		if !r.is(op, "the operator "+op.Key, jsonpos.Object) {
			return
		}
		lower := map[string]bool{}
		r.entries(op, op.Key, func(m *jsonpos.Value) {
			if lower[strings.ToLower(m.Key)] {
				r.addKey(Error, "DUPLICATE_KEYS_WITH_DIFFERENT_CASE", m, "the key "+quote(m.Key)+" occurs twice under "+op.Key+" in different case, and condition keys have no case", "join their values in one list")
			}
			lower[strings.ToLower(m.Key)] = true
			if prefix, name, ok := strings.Cut(m.Key, ":"); !ok || prefix == "" || name == "" {
				r.addKey(Error, "INVALID_CONDITION_KEY_FORMAT", m, quote(m.Key)+" is not a condition key, expected a prefix and a name such as aws:SourceIp", "")
			}
			c := Condition{At: m, Spec: spec, Key: m.Key}
			value := func(v *jsonpos.Value, kinds ...jsonpos.Kind) {
				const what = "a condition value"
				switch {
				case v.Kind == jsonpos.Object:
					if p := r.part(v, what, "a string, number or boolean", likeOf(spec)); p != nil {
						p.Element = "Condition on " + m.Key
						c.Parts = append(c.Parts, p)
					}
				case r.is(v, what, kinds...):
					c.Values = append(c.Values, Text{v.Text, v})
				}
			}
			switch m.Kind {
			case jsonpos.Array:
				c.Values = r.words.take(len(m.Items))[:0]
				for _, item := range m.Items {
					value(item, jsonpos.String, jsonpos.Number, jsonpos.Bool)
				}
			default:
				c.Values = r.words.take(1)[:0]
				value(m, jsonpos.String, jsonpos.Number, jsonpos.Bool, jsonpos.Array)
			}
			st.Conditions = append(st.Conditions, c)
		})
	})
}
