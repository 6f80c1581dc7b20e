package engine_test

import (
	"encoding/json"
	"slices"
	"strings"
)

// The twin is the rules written down a second time, as plainly as they can be:
// nothing is compiled, nothing is shared with the engine, and nothing is fast.
// It knows concrete facts only. What it reads has no mistakes.
type twin struct {
	world  fields
	caller twinCaller
	owner  twinOwner
	facts  map[string]fact // by lower-cased key
	action string
	target string
}

type (
	fields = map[string]any
	items  = []any
)

// fact is the value of a context key.
type fact struct {
	many   bool
	values []string
}

// twinCaller is who sends the request, with what the world says of it.
type twinCaller struct {
	kind                  string // user, session, federated, root, service, provider, anonymous
	name, account         string
	user, role            string // ARNs
	entity                fields // the user or role
	passed                fields // the session's or federation's entry; nil if there is none
	accountEntry          fields
	serviceLinked, hasMFA bool
}

// twinOwner is whose the resource is, and its policy.
type twinOwner struct {
	account string
	policy  fields // nil if there is none
	tags    fields
	consent string // "trust", "key" or "": what kind of own consent it needs
}

func sub(o fields, path ...string) fields {
	for _, name := range path {
		o, _ = o[name].(fields)
	}
	return o
}

func text(v any) string { s, _ := v.(string); return s }

// listOf is a value or a list of values as a list.
func listOf(v any) items {
	switch v := v.(type) {
	case nil:
		return nil
	case items:
		return v
	}
	return items{v}
}

func texts(v any) []string {
	var out []string
	for _, item := range listOf(v) {
		switch item := item.(type) {
		case string:
			out = append(out, item)
		case json.Number:
			out = append(out, item.String())
		case bool:
			if item {
				out = append(out, "true")
			} else {
				out = append(out, "false")
			}
		}
	}
	return out
}

// decode reads a document, numbers as they are written.
func decode(document string) fields {
	d := json.NewDecoder(strings.NewReader(document))
	d.UseNumber()
	var out fields
	if err := d.Decode(&out); err != nil {
		panic(err)
	}
	return out
}

// twinOverall is the decision of a whole call.
func twinOverall(world, request fields) string {
	out := twinDecision(world, request, text(request["action"]), text(request["resource"]))
	for _, v := range listOf(request["also"]) {
		check := v.(fields)
		if out == "allowed" {
			out = twinDecision(world, request, text(check["action"]), text(check["resource"]))
		}
	}
	return out
}

func twinDecision(world, request fields, action, target string) string {
	t := &twin{world: world, action: strings.ToLower(action), target: target}
	t.caller = t.findCaller(text(request["principal"]))
	t.owner = t.findOwner()
	t.facts = t.findFacts(request)
	return t.decide(text(request["via"]))
}

// findCaller: section 3.3, the chain of identifiers.
func (t *twin) findCaller(name string) twinCaller {
	c := twinCaller{name: name}
	parts := strings.Split(name, ":")
	switch {
	case name == "anonymous":
		c.kind = "anonymous"
		return c
	case len(parts) < 6 && strings.HasSuffix(name, ".amazonaws.com"):
		c.kind = "service"
		return c
	case len(parts) < 6, strings.Contains(name, "-provider/"):
		c.kind = "provider"
		return c
	}
	c.account = parts[4]
	c.accountEntry = sub(t.world, "accounts", c.account)
	kind, rest, _ := strings.Cut(parts[5], "/")
	switch kind {
	case "root":
		c.kind = "root"
	case "user":
		c.kind, c.user = "user", name
		for n, v := range sub(c.accountEntry, "users") {
			if t.arnOf(c.account, "user", n, v.(fields)) == name {
				c.entity = v.(fields)
			}
		}
	case "assumed-role":
		role, session, _ := strings.Cut(rest, "/")
		c.kind, c.entity = "session", sub(c.accountEntry, "roles", role)
		c.role = t.arnOf(c.account, "role", role, c.entity)
		c.passed = sub(c.entity, "sessions", session)
		c.hasMFA = c.passed["mfa"] == true
		c.serviceLinked = strings.Contains(c.role, ":role/aws-service-role/")
	case "federated-user":
		c.kind = "federated"
		for n, v := range sub(c.accountEntry, "users") {
			if f := sub(v.(fields), "federations", rest); f != nil {
				c.passed, c.entity, c.user = f, v.(fields), t.arnOf(c.account, "user", n, v.(fields))
			}
		}
	}
	return c
}

func (t *twin) arnOf(account, kind, name string, entity fields) string {
	return "arn:aws:iam::" + account + ":" + kind + or(text(entity["path"]), "/") + name
}

// findOwner: the account under which the longest entry stands that covers the
// resource; else the account in its ARN; else the caller's.
func (t *twin) findOwner() twinOwner {
	var o twinOwner
	longest := ""
	for id, account := range sub(t.world, "accounts") {
		for name, entry := range sub(account.(fields), "resources") {
			if (t.target == name || strings.HasPrefix(t.target, name+"/") || strings.HasPrefix(t.target, name+":")) && len(name) > len(longest) {
				longest, o.account = name, id
				o.policy, o.tags = sub(entry.(fields), "policy"), sub(entry.(fields), "tags")
			}
		}
	}
	parts := strings.SplitN(t.target, ":", 6)
	if longest == "" && len(parts) == 6 && len(parts[4]) == 12 {
		o.account = parts[4]
	} else if longest == "" {
		o.account = t.caller.account
	}
	if len(parts) < 6 {
		return o
	}
	if parts[2] == "kms" && strings.HasPrefix(parts[5], "key/") && strings.HasPrefix(t.action, "kms:") {
		o.consent = "key"
	}
	for name, role := range sub(t.world, "accounts", parts[4], "roles") {
		if t.arnOf(parts[4], "role", name, role.(fields)) == t.target {
			o.tags = sub(role.(fields), "tags")
			if slices.Contains([]string{"sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:tagsession", "sts:setsourceidentity"}, t.action) {
				o.consent, o.policy = "trust", sub(role.(fields), "trust")
			}
		}
	}
	return o
}

// place is the path of an account in the organization, and what is attached to
// each level, the root first.
type place struct {
	path       string
	scps, rcps [][]any // policies by level
	management bool
}

func (t *twin) place(account string) *place {
	org := sub(t.world, "organization")
	if org == nil {
		return nil
	}
	attached := func(level fields, kind, full string) []any {
		names, given := level[kind]
		if !given {
			return []any{fullText}
		}
		var out []any
		for _, name := range texts(names) {
			if name == full {
				out = append(out, fullText)
			} else {
				out = append(out, sub(org, "policies", name))
			}
		}
		return out
	}
	var find func(unit fields, path string, above place) *place
	find = func(unit fields, path string, above place) *place {
		path += text(unit["id"]) + "/"
		here := place{path: path,
			scps: append(slices.Clone(above.scps), attached(unit, "scps", "FullAWSAccess")),
			rcps: append(slices.Clone(above.rcps), attached(unit, "rcps", "RCPFullAWSAccess"))}
		if slices.Contains(texts(unit["accounts"]), account) {
			own := sub(org, "accountPolicies", account)
			here.scps = append(here.scps, attached(own, "scps", "FullAWSAccess"))
			here.rcps = append(here.rcps, attached(own, "rcps", "RCPFullAWSAccess"))
			here.management = text(org["managementAccount"]) == account
			return &here
		}
		for _, child := range sub(unit, "units") {
			if found := find(child.(fields), path, here); found != nil {
				return found
			}
		}
		return nil
	}
	found := find(sub(org, "root"), text(org["id"])+"/", place{})
	if found == nil && account == text(org["managementAccount"]) {
		return &place{path: text(org["id"]) + "/" + text(sub(org, "root")["id"]) + "/", management: true}
	}
	return found
}

// fullText is what FullAWSAccess and RCPFullAWSAccess say.
var fullText = decode(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)

// findFacts: section 6. What the request writes wins.
func (t *twin) findFacts(request fields) map[string]fact {
	facts := map[string]fact{}
	c := &t.caller
	one := func(key string, value string) { facts[strings.ToLower(key)] = fact{values: []string{value}} }
	many := func(key string, values ...string) { facts[strings.ToLower(key)] = fact{many: true, values: values} }

	one("aws:SecureTransport", "true")
	one("aws:ViaAWSService", "false")
	if c.account != "" {
		one("aws:PrincipalAccount", c.account)
		one("aws:PrincipalIsAWSService", "false")
		if p := t.place(c.account); p != nil {
			one("aws:PrincipalOrgID", text(sub(t.world, "organization")["id"]))
			many("aws:PrincipalOrgPaths", p.path)
		}
		if strings.HasPrefix(t.action, "kms:") {
			one("kms:CallerAccount", c.account)
		}
	}
	tags := func(of fields) {
		for k, v := range of {
			one("aws:PrincipalTag/"+k, text(v))
		}
	}
	tags(sub(c.entity, "tags"))
	tags(sub(c.passed, "tags")) // session tags win
	switch c.kind {
	case "user":
		one("aws:PrincipalArn", c.user)
		one("aws:PrincipalType", "User")
		one("aws:username", c.user[strings.LastIndex(c.user, "/")+1:])
	case "session":
		one("aws:PrincipalArn", c.role)
		one("aws:PrincipalType", "AssumedRole")
		one("aws:MultiFactorAuthPresent", texts(c.hasMFA)[0])
	case "federated":
		one("aws:PrincipalArn", c.name)
		one("aws:PrincipalType", "FederatedUser")
		one("aws:userid", c.account+":"+c.name[strings.LastIndex(c.name, "/")+1:])
	case "root":
		one("aws:PrincipalArn", c.name)
		one("aws:PrincipalType", "Account")
		one("aws:userid", c.account)
	case "service":
		one("aws:PrincipalIsAWSService", "true")
		one("aws:PrincipalServiceName", c.name)
		many("aws:PrincipalServiceNamesList", c.name)
	case "anonymous":
		one("aws:PrincipalType", "Anonymous")
		one("aws:PrincipalAccount", "anonymous")
		one("aws:userid", "anonymous")
	}
	if via := text(request["via"]); via != "" {
		one("aws:SourceVpce", via)
		for id, account := range sub(t.world, "accounts") {
			if e := sub(account.(fields), "vpcEndpoints", via); e != nil {
				one("aws:VpceAccount", id)
				one("aws:SourceVpc", text(e["vpc"]))
			}
		}
	}
	if t.owner.account != "" {
		one("aws:ResourceAccount", t.owner.account)
		if p := t.place(t.owner.account); p != nil {
			one("aws:ResourceOrgID", text(sub(t.world, "organization")["id"]))
			many("aws:ResourceOrgPaths", p.path)
		}
	}
	for k, v := range t.owner.tags {
		one("aws:ResourceTag/"+k, text(v))
	}
	if parts := strings.SplitN(t.target, ":", 6); len(parts) == 6 && parts[3] != "" {
		one("aws:RequestedRegion", parts[3])
	} else if strings.HasPrefix(t.action, "iam:") {
		one("aws:RequestedRegion", "us-east-1")
	}
	if now := text(t.world["time"]); now != "" {
		one("aws:CurrentTime", now)
		at, _ := instant(now)
		one("aws:EpochTime", at.String())
	}
	given := sub(request, "context")
	var tagKeys []string
	for key, v := range given {
		if tag, ok := strings.CutPrefix(key, "aws:RequestTag/"); ok && v != nil {
			tagKeys = append(tagKeys, tag)
		}
		if key == "aws:CalledVia" && len(texts(v)) > 0 {
			chain := texts(v)
			one("aws:ViaAWSService", "true")
			one("aws:CalledViaFirst", chain[0])
			one("aws:CalledViaLast", chain[len(chain)-1])
		}
	}
	if tagKeys != nil {
		many("aws:TagKeys", tagKeys...)
	}
	for key, v := range given {
		lower := strings.ToLower(key)
		delete(facts, lower)
		if list, isList := v.(items); isList {
			facts[lower] = fact{many: true, values: texts(list)}
		} else if v != nil {
			facts[lower] = fact{values: texts(v)}
		}
	}
	return facts
}

// decide: section 7.2, line by line.
func (t *twin) decide(via string) string {
	c, o := &t.caller, &t.owner
	if special := t.special(); special != "" {
		return special
	}

	// applicable = policies by 7.1
	var endpoint []any
	for _, account := range sub(t.world, "accounts") {
		if e := sub(account.(fields), "vpcEndpoints", via); e != nil && e["policy"] != nil {
			endpoint = []any{e["policy"]}
		}
	}
	var scps, rcps [][]any
	if p := t.place(c.account); p != nil && !p.management && !c.serviceLinked && slices.Contains([]string{"user", "session", "federated", "root"}, c.kind) {
		scps = p.scps
	}
	if p := t.place(o.account); p != nil && !p.management && !c.serviceLinked && t.action != "kms:retiregrant" && t.coveredByRCPs() {
		rcps = p.rcps
	}
	var resource []any
	if o.policy != nil {
		resource = []any{o.policy}
	}
	var identity, boundary, session []any
	if c.entity != nil {
		identity = t.attached(c.entity)
		for _, group := range texts(c.entity["groups"]) {
			identity = append(identity, t.attached(sub(c.accountEntry, "groups", group))...)
		}
		if name := text(c.entity["boundary"]); name != "" && !c.serviceLinked {
			boundary = []any{sub(c.accountEntry, "policies", name)}
		}
		if c.passed != nil && !c.serviceLinked {
			session = t.attached(c.passed)
		}
	}

	// if any applicable statement with Deny matches: explicitDeny
	ownerRoot := c.kind == "root" && c.account == o.account &&
		slices.Contains([]string{"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"}, t.action)
	applicable := slices.Concat(endpoint, identity, boundary, session)
	if !ownerRoot {
		applicable = append(applicable, resource...)
	}
	for _, level := range slices.Concat(scps, rcps) {
		applicable = append(applicable, level...)
	}
	if t.denies(applicable) {
		return "explicitDeny"
	}

	if endpoint != nil && !t.allows(endpoint) {
		return "implicitDeny"
	}
	for _, level := range rcps {
		if !t.allows(level) {
			return "implicitDeny"
		}
	}
	for _, level := range scps {
		if !t.allows(level) {
			return "implicitDeny"
		}
	}

	direct := t.direct(resource)
	has := func(classes ...string) bool {
		return slices.ContainsFunc(classes, func(class string) bool { return direct[class] })
	}
	identityAllows := t.allows(identity)
	boundaryOK := boundary == nil || t.allows(boundary)
	sessionOK := session == nil || t.allows(session)
	if c.kind == "federated" {
		sessionOK = session != nil && t.allows(session)
	}
	allowed := func(b bool) string {
		if b {
			return "allowed"
		}
		return "implicitDeny"
	}

	sameAccount := c.account == o.account
	switch c.kind {
	case "root":
		if sameAccount && o.consent == "" {
			return "allowed"
		}
		return allowed(len(direct) > 0)
	case "service", "provider", "anonymous":
		return allowed(len(direct) > 0)
	}
	if !sameAccount {
		return allowed(len(direct) > 0 && identityAllows && boundaryOK && sessionOK)
	}
	if has("session", "everyone") {
		return "allowed"
	}
	if has("user") && (o.consent != "trust" || boundaryOK) {
		return "allowed"
	}
	if has("role", "federating user") && boundaryOK && sessionOK {
		return "allowed"
	}
	if o.consent != "" && len(direct) == 0 {
		return "implicitDeny"
	}
	return allowed(identityAllows && boundaryOK && sessionOK)
}

// attached are the policies of a user, group, role or session.
func (t *twin) attached(to fields) []any {
	var out []any
	for _, name := range texts(to["policies"]) {
		out = append(out, sub(t.caller.accountEntry, "policies", name))
	}
	for _, p := range sub(to, "inline") {
		out = append(out, p)
	}
	return out
}

// coveredByRCPs: of the actions that are generated, those of ec2 and iam are not.
func (t *twin) coveredByRCPs() bool {
	service, _, _ := strings.Cut(t.action, ":")
	return slices.Contains([]string{"s3", "sts", "kms", "sqs"}, service)
}

// special: section 7.7 and what 7.5 and 7.6 say of services that decide by themselves.
func (t *twin) special() string {
	c, o := &t.caller, &t.owner
	service, _, _ := strings.Cut(t.action, ":")
	_, temporary := t.facts["aws:tokenissuetime"]
	mfa := slices.Contains(t.facts["aws:multifactorauthpresent"].values, "true")
	cryptographic := []string{"kms:decrypt", "kms:encrypt", "kms:creategrant", "kms:describekey", "kms:retiregrant"}
	switch {
	case t.action == "sts:getcalleridentity" && c.account != "":
		return "allowed"
	case t.action == "sts:getsessiontoken" && (c.kind == "root" || c.kind == "user" && !temporary):
		return "allowed"
	case t.action == "sts:assumerole" && c.kind == "root":
		return "implicitDeny"
	case c.kind == "federated" && (service == "iam" || service == "sts"):
		return "implicitDeny"
	case c.kind == "user" && temporary && service == "iam" && !mfa:
		return "implicitDeny"
	case c.kind == "user" && temporary && service == "sts" && t.action != "sts:assumerole":
		return "implicitDeny"
	case c.kind == "provider" && !slices.Contains([]string{"sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:tagsession", "sts:setsourceidentity"}, t.action):
		return "implicitDeny"
	case o.consent == "key" && c.account != "" && c.account != o.account && !slices.Contains(cryptographic, t.action):
		return "implicitDeny"
	}
	return ""
}

func statementsOf(policy any) []fields {
	var out []fields
	for _, v := range listOf(policy.(fields)["Statement"]) {
		out = append(out, v.(fields))
	}
	return out
}

func (t *twin) some(policies []any, effect string) bool {
	for _, p := range policies {
		for _, s := range statementsOf(p) {
			if s["Effect"] == effect && t.matches(s, text(p.(fields)["Version"])) {
				return true
			}
		}
	}
	return false
}

func (t *twin) denies(policies []any) bool { return t.some(policies, "Deny") }
func (t *twin) allows(policies []any) bool { return t.some(policies, "Allow") }

// direct are the classes by which Allows of the resource policy name the caller.
func (t *twin) direct(policies []any) map[string]bool {
	out := map[string]bool{}
	for _, p := range policies {
		for _, s := range statementsOf(p) {
			if s["Effect"] == "Allow" && t.matches(s, text(p.(fields)["Version"])) {
				for _, class := range t.named(s["Principal"]) {
					out[class] = true
				}
			}
		}
	}
	return out
}

// named are the classes by which a Principal names the caller; nil if it does not.
func (t *twin) named(principal any) []string {
	c := &t.caller
	if principal == "*" {
		return []string{"everyone"}
	}
	var out []string
	add := func(is bool, class string) {
		if is {
			out = append(out, class)
		}
	}
	for kind, values := range principal.(fields) {
		for _, value := range texts(values) {
			switch kind {
			case "Service":
				add(c.kind == "service" && c.name == value, "service")
			case "Federated":
				add(c.kind == "provider" && c.name == value, "service")
			case "AWS":
				add(value == "*" && c.kind != "service" && c.kind != "provider", "everyone")
				add(c.account != "" && (value == c.account || value == "arn:aws:iam::"+c.account+":root"), "account")
				add(c.kind == "user" && value == c.user, "user")
				add(c.kind == "federated" && value == c.user, "federating user")
				add(c.kind == "session" && value == c.role, "role")
				add((c.kind == "session" || c.kind == "federated") && value == c.name, "session")
			}
		}
	}
	return out
}

// matches: section 3.
func (t *twin) matches(s fields, version string) bool {
	variables := version == "2012-10-17"
	if p, ok := s["Principal"]; ok && t.named(p) == nil {
		return false
	}
	if p, ok := s["NotPrincipal"]; ok && t.escapes(p) {
		return false
	}
	actions := func(list any) bool {
		return slices.ContainsFunc(texts(list), func(pattern string) bool {
			return t.like(strings.ToLower(pattern), t.action, false)
		})
	}
	if a, ok := s["Action"]; ok && !actions(a) {
		return false
	}
	if a, ok := s["NotAction"]; ok && actions(a) {
		return false
	}
	_, foreign := s["Principal"]
	resources := func(list any) bool {
		return slices.ContainsFunc(texts(list), func(pattern string) bool {
			if n := strings.Count(pattern, ":"); !foreign && pattern != "*" && n < 5 {
				pattern += strings.Repeat(":*", 5-n)
			}
			return t.like(pattern, t.target, variables)
		})
	}
	if r, ok := s["Resource"]; ok && !resources(r) {
		return false
	}
	if r, ok := s["NotResource"]; ok && resources(r) {
		return false
	}
	for operator, keys := range sub(s, "Condition") {
		for key, values := range keys.(fields) {
			if !t.holds(operator, key, texts(values), variables) {
				return false
			}
		}
	}
	return true
}

// escapes: section 3.4. The caller escapes only if it has no boundary and every
// identifier of its chain is listed.
func (t *twin) escapes(notPrincipal any) bool {
	c := &t.caller
	if text(c.entity["boundary"]) != "" {
		return false
	}
	if c.kind == "anonymous" {
		return false
	}
	classes := t.named(notPrincipal)
	if slices.Contains(classes, "everyone") {
		return true
	}
	for _, needed := range map[string][]string{
		"user":      {"user", "account"},
		"session":   {"session", "role", "account"},
		"federated": {"session", "federating user", "account"},
		"root":      {"account"},
		"service":   {"service"},
		"provider":  {"service"},
	}[c.kind] {
		if !slices.Contains(classes, needed) {
			return false
		}
	}
	return true
}
