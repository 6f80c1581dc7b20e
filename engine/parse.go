package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/stable"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Parse reads a scenario document. It never fails: what is wrong is among the
// scenario's diagnostics, and what could be read is there.
func Parse(text string) *Scenario {
	doc := jsonpos.Parse(text, jsonpos.Limits{Bytes: MaxBytes, Depth: MaxDepth})
	s := &Scenario{Document: doc}
	r := &reader{}
	r.problems(doc)
	if doc.Root != nil && r.is(doc.Root, "the document", jsonpos.Object) {
		r.scenario(s, doc.Root)
	}
	if doc.Root == nil && len(doc.Problems) == 0 {
		r.put(&Diagnostic{Error, "JSON_SYNTAX_ERROR", "", 0, 0, "the document is empty, expected an object",
			`begin with {"version": 1, "accounts": {}}`})
	}
	s.Diagnostics, s.More = r.sorted()
	return s
}

func sortDiagnostics(list []Diagnostic) {
	stable.Sort(list, func(a, b *Diagnostic) bool {
		return a.Start < b.Start || a.Start == b.Start && a.Severity < b.Severity
	})
}

func (r *reader) scenario(s *Scenario, v *jsonpos.Value) {
	if version := v.Member("version"); version != nil && (version.Kind != jsonpos.Number || version.Text != "1") {
		message, hint := "version is "+quote(version.Text)+", expected 1", `write "version": 1`
		whole := version.Kind == jsonpos.Number && len(version.Text) < 10 && strings.Trim(version.Text, "0123456789") == ""
		if whole && version.Text > "1" {
			message = "the document needs version " + version.Text + " of the format, and this playground reads version 1"
			hint = "open it with a newer playground"
		}
		r.add(Error, "UNSUPPORTED_VERSION", version, message, hint)
		if version.Kind == jsonpos.Number && version.Text != "1" {
			return
		}
	}
	r.members(v, "a scenario", []string{"version", "accounts"}, []string{"$schema", "title", "description", "time", "organization", "requests"})
	r.text(v.Member("$schema"), "$schema")
	s.Title = r.text(v.Member("title"), "the title")
	s.Description = r.text(v.Member("description"), "the description")
	s.Time = r.textAt(v.Member("time"), "the time")
	if s.Time != nil && !validInstant(s.Time.Value) {
		r.add(Error, "INVALID_DATE_VALUE", s.Time.At, "the time is "+quote(s.Time.Value)+", expected an instant such as 2026-03-01T09:30:00Z", "")
		s.Time = nil
	}
	r.entries(v.Member("accounts"), "accounts", func(m *jsonpos.Value) {
		if !isAccountID(m.Key) {
			r.addKey(Error, "INVALID_ACCOUNT_ID", m, quote(m.Key)+" is not an account ID, expected 12 digits", "write the 12 digits without hyphens")
		}
		if r.is(m, "an account", jsonpos.Object) {
			s.Accounts = append(s.Accounts, r.account(m))
		}
	})
	if o := v.Member("organization"); o != nil && r.is(o, "the organization", jsonpos.Object) {
		s.Organization = r.organization(o)
	}
	requests := v.Member("requests")
	if requests != nil && r.is(requests, "requests", jsonpos.Array) {
		if n := len(requests.Items); n > MaxRequests {
			r.add(Error, "TOO_MANY_REQUESTS", requests, "the document has "+itoa(n)+" requests, expected at most "+itoa(MaxRequests), "split it into several documents")
			requests.Items = requests.Items[:MaxRequests]
		}
		for _, item := range requests.Items {
			if r.is(item, "a request", jsonpos.Object) {
				s.Requests = append(s.Requests, r.request(item))
			} else {
				s.Requests = append(s.Requests, &Request{At: item})
			}
		}
	}
}

func isAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

func (r *reader) account(v *jsonpos.Value) *Account {
	a := &Account{At: v, ID: v.Key, Partition: defaultPartition}
	r.members(v, "an account", nil,
		[]string{"name", "partition", "policies", "groups", "users", "roles", "resources", "vpcEndpoints",
			"publicAccessBlock"})
	a.Name = r.text(v.Member("name"), "the name of an account")
	if p := v.Member("partition"); p != nil {
		if text := r.text(p, "the partition"); slices.Contains(partitions, text) {
			a.Partition = text
		} else if text != "" {
			r.oneOf(p, "a partition", partitions)
		}
	}
	a.PublicAccess = r.publicAccess(v.Member("publicAccessBlock"))
	r.entries(v.Member("policies"), "policies", func(m *jsonpos.Value) {
		r.name(m, "policy", 128)
		a.Policies = append(a.Policies, r.policy(m, IdentityPolicy, m.Key))
	})
	r.entries(v.Member("groups"), "groups", func(m *jsonpos.Value) {
		r.name(m, "group", 128)
		if r.is(m, "a group", jsonpos.Object) {
			a.Groups = append(a.Groups, r.group(m))
		}
	})
	r.entries(v.Member("users"), "users", func(m *jsonpos.Value) {
		r.name(m, "user", 64)
		if r.is(m, "a user", jsonpos.Object) {
			a.Users = append(a.Users, r.user(m))
		}
	})
	r.entries(v.Member("roles"), "roles", func(m *jsonpos.Value) {
		r.name(m, "role", 64)
		if r.is(m, "a role", jsonpos.Object) {
			a.Roles = append(a.Roles, r.role(m))
		}
	})
	r.uniqueNames(v)
	r.entries(v.Member("resources"), "resources", func(m *jsonpos.Value) {
		if _, ok := arn.Parse(m.Key); !ok {
			r.addKey(Error, "INVALID_ARN_PREFIX", m, quote(m.Key)+" is not an ARN, expected arn:partition:service:region:account:resource", "write the resource's ARN")
		}
		if r.is(m, "a resource", jsonpos.Object) {
			a.Resources = append(a.Resources, r.resource(m))
		}
	})
	r.entries(v.Member("vpcEndpoints"), "vpcEndpoints", func(m *jsonpos.Value) {
		if !strings.HasPrefix(m.Key, "vpce-") {
			r.addKey(Error, "INVALID_VPCE_FORMAT", m, quote(m.Key)+" is not a VPC endpoint ID, expected vpce- and 8 or 17 letters and digits", "")
		}
		if r.is(m, "a VPC endpoint", jsonpos.Object) {
			a.Endpoints = append(a.Endpoints, r.endpoint(m))
		}
	})
	return a
}

// uniqueNames reports names that differ only in case: IAM does not take both.
func (r *reader) uniqueNames(v *jsonpos.Value) {
	for _, kind := range []string{"groups", "users", "roles", "policies"} {
		named := v.Member(kind)
		if named == nil || named.Kind != jsonpos.Object {
			continue // reported where it is read
		}
		seen := map[string]string{}
		r.entries(named, kind, func(m *jsonpos.Value) {
			lower := strings.ToLower(m.Key)
			if other, ok := seen[lower]; ok {
				r.addKey(Error, "NAME_NOT_UNIQUE", m, quote(m.Key)+" differs from "+quote(other)+" only in case, and names are unique without regard to case", "rename one of them")
			}
			seen[lower] = m.Key
		})
	}
}

// inline reads a map of policies written in place.
func (r *reader) inline(v *jsonpos.Value, kind PolicyKind) []*Policy {
	var out []*Policy
	r.entries(v, "inline", func(m *jsonpos.Value) { out = append(out, r.policy(m, kind, m.Key)) })
	return out
}

func (r *reader) group(v *jsonpos.Value) *Group {
	g := &Group{At: v, Name: v.Key}
	if nested := v.Member("groups"); nested != nil {
		r.addKey(Error, "NESTED_GROUP", nested, "the group "+quote(v.Key)+" has groups: IAM groups cannot be nested, they hold users only",
			`remove "groups" here, and list both groups under "groups" of each user`)
	}
	if users := v.Member("users"); users != nil {
		r.addKey(Error, "UNKNOWN_MEMBER", users, `"users" is not a member of a group: membership is written at the user`,
			`add `+quote(v.Key)+` to "groups" of each user`)
	}
	r.membersBut(v, "a group", []string{"policies", "inline"}, "groups", "users")
	g.Policies = r.texts(v.Member("policies"), "policies")
	g.Inline = r.inline(v.Member("inline"), InlinePolicy)
	return g
}

// membersBut is members for objects some of whose unknown members have been
// reported with a better message already.
func (r *reader) membersBut(v *jsonpos.Value, what string, optional []string, reported ...string) {
	rest := *v
	rest.Items = slices.DeleteFunc(slices.Clone(v.Items), func(m *jsonpos.Value) bool { return slices.Contains(reported, m.Key) })
	r.members(&rest, what, nil, optional)
}

func (r *reader) path(v *jsonpos.Value) string {
	if v == nil || !r.is(v, "the path", jsonpos.String) {
		return "/"
	}
	path := v.Text
	outside := func(c rune) bool { return c < '!' || c > '~' }
	if !strings.HasPrefix(path, "/") || !strings.HasSuffix(path, "/") || len(path) > 512 || strings.ContainsFunc(path, outside) {
		r.add(Error, "INVALID_PATH", v, "the path is "+quote(path)+", expected at most 512 of the characters ! to ~ that begin and end with /", "")
		return "/"
	}
	return path
}

func (r *reader) boundary(v *jsonpos.Value) *Reference {
	if v == nil || v.Kind == jsonpos.Null {
		return nil
	}
	if !r.is(v, "the boundary", jsonpos.String, jsonpos.Null) {
		return nil
	}
	return &Reference{v.Text, v}
}

func (r *reader) user(v *jsonpos.Value) *User {
	u := &User{At: v, Name: v.Key}
	r.members(v, "a user", nil, []string{"path", "id", "groups", "policies", "inline", "boundary", "tags", "federations"})
	u.Path = r.path(v.Member("path"))
	u.ID = r.text(v.Member("id"), "the unique ID")
	u.Groups = r.texts(v.Member("groups"), "groups")
	u.Policies = r.texts(v.Member("policies"), "policies")
	u.Inline = r.inline(v.Member("inline"), InlinePolicy)
	u.Boundary = r.boundary(v.Member("boundary"))
	u.Tags = r.tags(v.Member("tags"))
	r.entries(v.Member("federations"), "federations", func(m *jsonpos.Value) {
		if r.is(m, "a federated user", jsonpos.Object) {
			r.members(m, "a federated user", nil, []string{"policies", "inline", "tags"})
			u.Federations = append(u.Federations, r.session(m))
		}
	})
	return u
}

func (r *reader) role(v *jsonpos.Value) *Role {
	role := &Role{At: v, Name: v.Key}
	r.members(v, "a role", nil, []string{"path", "id", "trust", "policies", "inline", "boundary", "tags", "sessions"})
	role.Path = r.path(v.Member("path"))
	role.ID = r.text(v.Member("id"), "the unique ID")
	if trust := v.Member("trust"); trust != nil {
		role.Trust = r.policy(trust, TrustPolicy, v.Key)
	}
	role.Policies = r.texts(v.Member("policies"), "policies")
	role.Inline = r.inline(v.Member("inline"), InlinePolicy)
	role.Boundary = r.boundary(v.Member("boundary"))
	role.Tags = r.tags(v.Member("tags"))
	r.entries(v.Member("sessions"), "sessions", func(m *jsonpos.Value) {
		if r.is(m, "a session", jsonpos.Object) {
			r.members(m, "a session", nil, []string{"policies", "inline", "tags", "mfa", "assumedBy", "sourceIdentity"})
			role.Sessions = append(role.Sessions, r.session(m))
		}
	})
	return role
}

func (r *reader) session(v *jsonpos.Value) *Session {
	s := &Session{At: v, Name: v.Key}
	s.Policies = r.texts(v.Member("policies"), "policies")
	s.Inline = r.inline(v.Member("inline"), SessionPolicy)
	s.Tags = r.tags(v.Member("tags"))
	s.MFA = r.flag(v.Member("mfa"), "mfa")
	s.AssumedBy = r.textAt(v.Member("assumedBy"), "assumedBy")
	s.SourceIdentity = r.text(v.Member("sourceIdentity"), "the source identity")
	return s
}

func (r *reader) resource(v *jsonpos.Value) *Resource {
	res := &Resource{At: v, ARN: v.Key}
	r.members(v, "a resource", nil, []string{"policy", "tags", "role", "region", "abac", "publicAccessBlock"})
	if p := v.Member("policy"); p != nil {
		kind := ResourcePolicy
		if a, ok := arn.Parse(v.Key); ok && a.Service == "kms" {
			kind = KeyPolicy
		}
		res.Policy = r.policy(p, kind, shortResource(v.Key))
		res.Policy.Resource = v.Key
	}
	res.Tags = r.tags(v.Member("tags"))
	res.Role = r.textAt(v.Member("role"), "the role of a resource")
	res.Region = r.text(v.Member("region"), "the Region")
	res.ABAC = r.flag(v.Member("abac"), "abac")
	res.PublicAccess = r.publicAccess(v.Member("publicAccessBlock"))
	r.bucketOnly(res)
	return res
}

// shortResource is what people call a resource: the last part of its ARN.
func shortResource(text string) string {
	if a, ok := arn.Parse(text); ok {
		return a.Resource
	}
	return text
}

func (r *reader) endpoint(v *jsonpos.Value) *VPCEndpoint {
	e := &VPCEndpoint{At: v, ID: v.Key}
	r.members(v, "a VPC endpoint", nil, []string{"vpc", "policy"})
	e.VPC = r.text(v.Member("vpc"), "the VPC")
	// Without a policy the endpoint has AWS's default, which allows everything.
	if p := v.Member("policy"); p != nil && !(p.Kind == jsonpos.Object && len(p.Items) == 0) {
		e.Policy = r.policy(p, EndpointPolicy, v.Key)
	}
	return e
}

func (r *reader) organization(v *jsonpos.Value) *Organization {
	o := &Organization{At: v}
	r.members(v, "an organization", nil,
		[]string{"id", "managementAccount", "policies", "root", "accountPolicies", "delegatedAdministrators",
			"rootAccess"})
	o.ID = r.text(v.Member("id"), "the ID of the organization")
	if m := r.textAt(v.Member("managementAccount"), "the management account"); m != nil {
		o.ManagementAccount = m.Value
		if !isAccountID(m.Value) {
			r.add(Error, "INVALID_ACCOUNT_ID", m.At, "the management account is "+quote(m.Value)+", expected 12 digits", "write the 12 digits without hyphens")
		}
	}
	o.Delegated = r.texts(v.Member("delegatedAdministrators"), "delegatedAdministrators")
	o.RootAccess = r.flag(v.Member("rootAccess"), "rootAccess")
	r.entries(v.Member("policies"), "policies", func(m *jsonpos.Value) {
		// Whether it is an SCP or an RCP shows where it is attached.
		o.Policies = append(o.Policies, r.organizationPolicy(m))
	})
	if root := v.Member("root"); root != nil && r.is(root, "the root", jsonpos.Object) {
		o.Root = r.unit(root, "Root", 0)
	}
	r.entries(v.Member("accountPolicies"), "accountPolicies", func(m *jsonpos.Value) {
		if !isAccountID(m.Key) {
			r.addKey(Error, "INVALID_ACCOUNT_ID", m, quote(m.Key)+" is not an account ID, expected 12 digits", "write the 12 digits without hyphens")
			return
		}
		if r.is(m, "the policies of an account", jsonpos.Object) {
			r.members(m, "the policies of an account", nil, []string{"scps", "rcps", "s3PublicAccessBlock"})
			o.AccountLevels = append(o.AccountLevels, &Unit{At: m, Name: "account " + m.Key, ID: m.Key,
				SCPs: r.texts(m.Member("scps"), "scps"), RCPs: r.texts(m.Member("rcps"), "rcps"),
				PublicAccess: r.publicAccessPolicy(m)})
		}
	})
	return o
}

// organizationPolicy reads a policy of an organization: the document itself, or
// an object with the document under "policy", beside the ID that AWS gave it.
// No element of a policy is called so.
func (r *reader) organizationPolicy(m *jsonpos.Value) *Policy {
	document := m.Member("policy")
	if document == nil {
		return r.policy(m, OrganizationPolicy, m.Key)
	}
	r.members(m, "a policy of an organization with its ID", []string{"policy"}, []string{"id"})
	p := r.policy(document, OrganizationPolicy, m.Key)
	if id := r.textAt(m.Member("id"), "the ID of a policy"); id != nil {
		p.ID = id.Value
		if rest, ok := strings.CutPrefix(p.ID, "p-"); !ok || len(rest) < 8 || len(rest) > 128 ||
			strings.Trim(rest, policyIDCharacters) != "" {
			r.add(Error, "INVALID_POLICY_ID", id.At,
				quote(p.ID)+" is not the ID of a policy, expected p- and 8 to 128 letters, digits or _",
				"write the ID as AWS Organizations shows it")
		}
	}
	return p
}

const policyIDCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

func (r *reader) unit(v *jsonpos.Value, name string, depth int) *Unit {
	u := &Unit{At: v, Name: name}
	r.members(v, "a unit", nil, []string{"id", "scps", "rcps", "s3PublicAccessBlock", "accounts", "units"})
	u.ID = r.text(v.Member("id"), "the ID of a unit")
	u.SCPs = r.texts(v.Member("scps"), "scps")
	u.RCPs = r.texts(v.Member("rcps"), "rcps")
	u.PublicAccess = r.publicAccessPolicy(v)
	u.Accounts = r.texts(v.Member("accounts"), "accounts")
	if depth > 5 {
		r.addKey(Warning, "ORGANIZATION_TOO_DEEP", v, "the unit "+quote(name)+" is at depth "+itoa(depth)+", expected at most 5 under the root", "")
	}
	r.entries(v.Member("units"), "units", func(m *jsonpos.Value) {
		if r.is(m, "a unit", jsonpos.Object) {
			u.Units = append(u.Units, r.unit(m, m.Key, depth+1))
		}
	})
	return u
}

func (r *reader) request(v *jsonpos.Value) *Request {
	q := &Request{At: v}
	r.members(v, "a request", []string{"name", "principal", "action", "resource"}, []string{"description", "context", "unknown", "via", "also", "expect"})
	r.text(v.Member("description"), "the description")
	q.Name = r.text(v.Member("name"), "the name of a request")
	q.Principal = r.required(v, "principal")
	q.Action = r.required(v, "action")
	q.Resource = r.required(v, "resource")
	q.Context = r.context(v)
	q.Unknown = r.texts(v.Member("unknown"), "unknown")
	q.Via = r.textAt(v.Member("via"), "via")
	if also := v.Member("also"); also != nil && r.is(also, "also", jsonpos.Array) {
		for _, item := range also.Items {
			if r.is(item, "a check", jsonpos.Object) {
				q.Also = append(q.Also, r.check(item))
			}
		}
	}
	if e := v.Member("expect"); e != nil {
		q.Expect = r.expectation(e)
	}
	return q
}

func (r *reader) check(v *jsonpos.Value) Check {
	r.members(v, "a check", []string{"action", "resource"}, []string{"name", "context", "unknown", "expect"})
	c := Check{At: v, Name: r.text(v.Member("name"), "the name of a check"), Action: r.required(v, "action"),
		Resource: r.required(v, "resource"),
		Context:  r.context(v), Unknown: r.texts(v.Member("unknown"), "unknown")}
	if e := v.Member("expect"); e != nil {
		c.Expect = r.expectation(e)
	}
	return c
}

// context reads the context keys of a request or of a check.
func (r *reader) context(v *jsonpos.Value) (out []ContextValue) {
	r.entries(v.Member("context"), "the context", func(m *jsonpos.Value) {
		if c, ok := r.contextValue(m); ok {
			out = append(out, c)
		}
	})
	return out
}

func (r *reader) required(v *jsonpos.Value, name string) Text {
	m := v.Member(name)
	if m == nil {
		return Text{"", v}
	}
	if m.Kind == jsonpos.String && m.Text == "" {
		r.add(Error, "MISSING_MEMBER", m, "the "+name+" is empty", "write the "+name)
	}
	return Text{r.text(m, name), m}
}

func (r *reader) contextValue(m *jsonpos.Value) (ContextValue, bool) {
	c := ContextValue{At: m, Key: m.Key}
	if !strings.Contains(m.Key, ":") {
		r.addKey(Error, "INVALID_CONDITION_KEY_FORMAT", m, quote(m.Key)+" is not a condition key, expected a prefix and a name such as aws:SourceIp", "")
		return c, false
	}
	one := func(v *jsonpos.Value) bool {
		if !r.is(v, "a context value", jsonpos.String, jsonpos.Number, jsonpos.Bool) {
			return false
		}
		c.Values = append(c.Values, v.Text)
		return true
	}
	switch m.Kind {
	case jsonpos.Null:
		c.Absent = true
		return c, true
	case jsonpos.Array:
		c.Multi = true
		for _, item := range m.Items {
			if !one(item) {
				return c, false
			}
		}
		return c, true
	}
	if !r.is(m, "a context value", jsonpos.String, jsonpos.Number, jsonpos.Bool, jsonpos.Array, jsonpos.Null) {
		return c, false
	}
	return c, one(m)
}

func (r *reader) expectation(v *jsonpos.Value) *Expectation {
	if !r.is(v, "an expectation", jsonpos.String, jsonpos.Object) {
		return nil
	}
	e := &Expectation{At: v}
	word := v
	if v.Kind == jsonpos.Object {
		r.members(v, "an expectation", []string{"decision"}, []string{"decidedBy", "statements", "dependsOn"})
		word = v.Member("decision")
		e.DecidedBy = r.texts(v.Member("decidedBy"), "decidedBy")
		e.Statements = r.texts(v.Member("statements"), "statements")
		e.DependsOn = r.texts(v.Member("dependsOn"), "dependsOn")
		e.HasDecidedBy, e.HasStatements, e.HasDependsOn = e.DecidedBy != nil, e.Statements != nil, e.DependsOn != nil
		for _, by := range e.DecidedBy {
			if known := Layers(); !slices.Contains(known, by.Value) {
				r.oneOf(by.At, "a layer", known)
			}
		}
	}
	if word == nil || !r.is(word, "the expected decision", jsonpos.String) {
		return nil
	}
	e.Decision = word.Text
	words := []string{"allowed", "explicitDeny", "implicitDeny", "depends", "denied"}
	if !slices.Contains(words, e.Decision) {
		r.oneOf(word, "a decision", words)
		return nil
	}
	return e
}
