package engine_test

import (
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
)

// The twin is the rules written down a second time, as plainly as they can be:
// nothing is compiled, nothing is shared with the engine, and nothing is fast.
// It knows concrete facts only; what a document leaves open it asks its ways,
// and is run once for each. What it reads has no mistakes.
type twin struct {
	*twinWorld
	ways   *ways
	caller twinCaller
	owner  twinOwner
	action string
	target string
	via    string
	check  string // which of the checks of a call this is
	apart  bool   // that it is another call, whose unknowns are its own

	written     map[string]*fact  // what the request says, by lower-cased key; nil for absent
	unknown     map[string]bool   // what it says that it does not know
	ownUnknown  []string          // of these, those of the check itself
	requestTags map[string]string // the tags that are passed, by lower-cased key
	derived     map[string]*fact  // what the world says
	fixed       map[string]*fact  // wins over all
}

type (
	fields = map[string]any
	items  = []any
)

// twinCaller is who sends the request, with what the world says of it.
type twinCaller struct {
	kind                  string // user, session, federated, root, service, provider, anonymous, none
	name, account         string
	partition             string
	user, role            string // ARNs
	entity                fields // the user or role
	passed                fields // the session's or federation's entry; nil if there is none
	accountEntry          fields
	serviceLinked, hasMFA bool
	runs                  string // the service whose resource runs the code, "" for other callers, "?" if it is not known
}

// twinOwner is whose the resource is, and its policy.
type twinOwner struct {
	account string
	name    string // of the entry that covers the resource
	entry   fields // nil if there is none
	policy  fields // nil if there is none
	tags    fields
	region  string
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

// decisions are those of all checks of a call, the request itself first.
func (w *twinWorld) decisions(way *ways, request fields) []string {
	out := []string{w.decision(way, request, request, "")}
	for i, v := range listOf(request["also"]) {
		out = append(out, w.decision(way, request, v.(fields), " of check "+strconv.Itoa(i)))
	}
	return out
}

func (w *twinWorld) decision(way *ways, request, check fields, name string) string {
	t := &twin{twinWorld: w, ways: way, check: name, action: strings.ToLower(text(check["action"])),
		target: text(check["resource"]), via: text(request["via"])}
	t.caller = t.findCaller(text(request["principal"]))
	t.owner = t.findOwner()
	if name == "" {
		check = nil
	}
	t.findFacts(request, check)
	return t.decide()
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
	c.partition, c.account = parts[1], parts[4]
	c.accountEntry = sub(t.world, "accounts", c.account)
	kind, rest, _ := strings.Cut(parts[5], "/")
	for id, account := range sub(t.world, "accounts") {
		entry := sub(account.(fields), "resources", name)
		if entry == nil {
			continue
		}
		c.account, c.accountEntry = id, account.(fields)
		role := text(entry["role"])
		if role == "" {
			c.kind = "none"
			return c
		}
		c.runs = runningService(parts[2], kind)
		if n := strings.LastIndexAny(name, "/:"); n >= 0 {
			rest = role + "/" + name[n+1:]
		}
		kind, c.name = "assumed-role", "arn:"+c.partition+":sts::"+id+":assumed-role/"+rest
	}
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

// runningService is the service that assumes the role of a resource that runs
// code: section 7.7.
func runningService(service, kind string) string {
	switch service + " " + kind {
	case "ec2 instance":
		return "ec2.amazonaws.com"
	case "ecs task":
		return "ecs-tasks.amazonaws.com"
	case "codebuild project":
		return "codebuild.amazonaws.com"
	case "glue job":
		return "glue.amazonaws.com"
	}
	kind, _, _ = strings.Cut(kind, ":")
	switch service + " " + kind {
	case "lambda function":
		return "lambda.amazonaws.com"
	case "states stateMachine":
		return "states.amazonaws.com"
	}
	return "?"
}

// hasCredentials reports whether the service may assume the role of the code's
// resource: section 7.7.
func (t *twin) hasCredentials() bool {
	c := &t.caller
	switch {
	case c.kind == "none":
		return false
	case c.runs == "":
		return true
	case c.runs == "?" || c.entity["trust"] == nil:
		return t.ways.perhaps("the service may assume the role")
	}
	for _, s := range statementsOf(c.entity["trust"]) {
		if s["unknown"] != nil {
			return t.ways.perhaps("the service may assume the role")
		}
	}
	s := &twin{twinWorld: t.twinWorld, ways: t.ways, check: " of the service", apart: true, action: "sts:assumerole",
		target: c.role}
	s.caller = s.findCaller(c.runs)
	s.owner = s.findOwner()
	s.findFacts(fields{"unknown": items{"aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID"}}, nil)
	if s.decide() != "allowed" {
		return false
	}
	return s.direct([]any{s.owner.policy})["service"] || t.ways.perhaps("everyone is the service")
}

func (t *twin) partition(account string) string {
	return or(text(sub(t.world, "accounts", account)["partition"]), "aws")
}

func (t *twin) arnOf(account, kind, name string, entity fields) string {
	return "arn:" + t.partition(account) + ":iam::" + account + ":" + kind + or(text(entity["path"]), "/") + name
}

// findOwner: the account under which the longest entry stands that covers the
// resource; else the account in its ARN; else the caller's.
func (t *twin) findOwner() twinOwner {
	var o twinOwner
	inRegion := ""
	for id, account := range sub(t.world, "accounts") {
		for name, v := range sub(account.(fields), "resources") {
			if t.target != name && !strings.HasPrefix(t.target, name+"/") && !strings.HasPrefix(t.target, name+":") {
				continue
			}
			entry := v.(fields)
			if len(name) > len(o.name) {
				o.name, o.account, o.entry = name, id, entry
				o.policy, o.tags = sub(entry, "policy"), sub(entry, "tags")
			}
			if region := text(entry["region"]); region != "" && len(name) > len(inRegion) {
				inRegion, o.region = name, region
			}
		}
	}
	parts := strings.SplitN(t.target, ":", 6)
	if len(parts) == 6 && parts[2] == "s3" && parts[4] == "" && o.policy == nil && o.entry["policy"] == nil {
		// An object with an entry of its own is under its bucket's policy.
		bucket, _, _ := strings.Cut(t.target, "/")
		for _, account := range sub(t.world, "accounts") {
			if entry := sub(account.(fields), "resources", bucket); entry != nil && o.name != "" {
				o.policy = sub(entry, "policy")
			}
		}
	}
	if o.name == "" && len(parts) == 6 && len(parts[4]) == 12 {
		o.account = parts[4]
	} else if o.name == "" {
		o.account = t.caller.account
	}
	if len(parts) < 6 {
		return o
	}
	if parts[2] == "kms" && strings.HasPrefix(parts[5], "key/") && strings.HasPrefix(t.action, "kms:") {
		o.consent = "key"
	}
	trusting := slices.Contains([]string{"sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity",
		"sts:tagsession", "sts:setsourceidentity"}, t.action)
	if trusting && parts[2] == "iam" && strings.HasPrefix(parts[5], "role/") {
		o.consent = "trust"
	}
	for name, role := range sub(t.world, "accounts", parts[4], "roles") {
		if t.arnOf(parts[4], "role", name, role.(fields)) == t.target {
			o.tags = sub(role.(fields), "tags")
			if trusting {
				o.policy = sub(role.(fields), "trust")
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
	block      string // the S3 policy of the nearest level that has one
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
		here := place{path: path, block: or(text(unit["s3PublicAccessBlock"]), above.block),
			scps: append(slices.Clone(above.scps), attached(unit, "scps", "FullAWSAccess")),
			rcps: append(slices.Clone(above.rcps), attached(unit, "rcps", "RCPFullAWSAccess"))}
		if slices.Contains(texts(unit["accounts"]), account) {
			own := sub(org, "accountPolicies", account)
			here.scps = append(here.scps, attached(own, "scps", "FullAWSAccess"))
			here.rcps = append(here.rcps, attached(own, "rcps", "RCPFullAWSAccess"))
			here.block = or(text(own["s3PublicAccessBlock"]), here.block)
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

// decide: section 7.2, and what the service refuses after it.
func (t *twin) decide() string {
	if !t.hasCredentials() {
		return "implicitDeny"
	}
	if special := t.special(); special != "" {
		return special
	}
	decision := t.authorize()
	if decision == "allowed" && t.belongsToAWS() {
		return "implicitDeny"
	}
	return decision
}

// belongsToAWS reports whether a call would change what is AWS's: section 7.7.
func (t *twin) belongsToAWS() bool {
	parts := strings.SplitN(t.target, ":", 6)
	if len(parts) < 6 {
		return false
	}
	switch {
	case parts[2] == "iam" && parts[4] == "aws" && strings.HasPrefix(parts[5], "policy/"):
		return slices.Contains([]string{"iam:createpolicyversion", "iam:deletepolicyversion",
			"iam:setdefaultpolicyversion", "iam:deletepolicy", "iam:tagpolicy", "iam:untagpolicy"}, t.action)
	case parts[2] == "iam" && (strings.HasPrefix(parts[5], "role/aws-service-role/") ||
		strings.HasPrefix(parts[5], "role/aws-reserved/")):
		return slices.Contains([]string{"iam:attachrolepolicy", "iam:detachrolepolicy", "iam:putrolepolicy",
			"iam:deleterolepolicy", "iam:updateassumerolepolicy",
			"iam:putrolepermissionsboundary", "iam:deleterolepermissionsboundary", "iam:deleterole"}, t.action)
	case parts[2] == "kms" && strings.HasPrefix(parts[5], "alias/aws/"):
		return slices.Contains([]string{"kms:createalias", "kms:updatealias", "kms:deletealias"}, t.action)
	}
	return false
}

// authorize: section 7.2, line by line.
func (t *twin) authorize() string {
	c, o := &t.caller, &t.owner

	// applicable = policies by 7.1
	var endpoint []any
	for _, account := range sub(t.world, "accounts") {
		if e := sub(account.(fields), "vpcEndpoints", t.via); e != nil && e["policy"] != nil {
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

	if t.publicAccessBlocked(resource) {
		return "implicitDeny"
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

	sameAccount := c.account == o.account || t.action == "sts:assumeroot"
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

// publicAccessBlocked: section 7.7, RestrictPublicBuckets.
func (t *twin) publicAccessBlocked(policies []any) bool {
	c, o := &t.caller, &t.owner
	bucket, inS3 := strings.CutPrefix(t.target, "arn:"+t.partition(o.account)+":s3:::")
	if !inS3 || bucket == "*" || !strings.HasPrefix(t.action, "s3:") {
		return false
	}
	bucket, _, _ = strings.Cut(t.target, "/")
	owner := sub(t.world, "accounts", o.account)
	restricted := sub(owner, "publicAccessBlock")["restrictPublicBuckets"] == true
	if way := t.organizationBlock(o.account); way != "" {
		restricted = way == "all"
	}
	restricted = restricted || sub(owner, "resources", bucket, "publicAccessBlock")["restrictPublicBuckets"] == true
	if !restricted || c.kind == "service" || c.account != "" && c.account == o.account {
		return false
	}
	return slices.ContainsFunc(policies, t.public)
}

// fixedKeys: the S3 User Guide's "The meaning of public": keys whose values say
// who may come, if they have neither wildcards nor variables.
var fixedKeys = []string{"aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner",
	"aws:sourceaccount", "aws:userid",
	"s3:dataaccesspointarn", "s3:dataaccesspointaccount", "aws:principalorgid", "aws:principalarn",
	"aws:principalaccount"}

// public reports whether S3 calls a bucket's policy public.
func (t *twin) public(policy any) bool {
	return slices.ContainsFunc(statementsOf(policy), func(s fields) bool {
		if s["unknown"] != nil {
			return t.ways.choose(t.question(s), 4) == 1
		}
		principal, _ := s["Principal"].(fields)
		everyone := s["Principal"] == "*"
		for _, v := range listOf(principal["AWS"]) {
			part, ok := v.(fields)
			everyone = everyone || v == "*" || ok && t.names(part, "AWS") == "everyone"
		}
		if principal["unknown"] != nil {
			everyone = t.names(principal, "") == "everyone"
		}
		if s["Effect"] != "Allow" || !everyone {
			return false
		}
		for operator, keys := range sub(s, "Condition") {
			m := operatorPattern.FindStringSubmatch(operator)
			for key, values := range keys.(fields) {
				plain := texts(values)
				if slices.ContainsFunc(plain, broad) {
					continue
				}
				if m[1] != "ForAllValues:" && m[3] == "" && !strings.Contains(m[2], "Not") && m[2] != "Null" &&
					slices.Contains(fixedKeys, strings.ToLower(key)) &&
					len(plain) > 0 && len(plain) == len(listOf(values)) &&
					!strings.ContainsAny(strings.Join(plain, ""), "*?$") {
					return false
				}
			}
		}
		return true
	})
}

// broad reports whether a range of addresses is so wide that S3 takes it for
// everyone: wider than /8, or /32 of IPv6.
func broad(value string) bool {
	_, network, err := net.ParseCIDR(value)
	if err != nil {
		return false
	}
	ones, bits := network.Mask.Size()
	return ones < 8 || bits == 128 && ones < 32
}

// organizationBlock is "all" or "none" where an S3 policy of the organization
// applies to an account, and "" where none does.
func (t *twin) organizationBlock(account string) string {
	p := t.place(account)
	if p == nil {
		return ""
	}
	return p.block
}

// special: section 7.7 and what 7.5 and 7.6 say of services that decide by themselves.
func (t *twin) special() string {
	c, o := &t.caller, &t.owner
	service, _, _ := strings.Cut(t.action, ":")
	temporary := func() bool { return t.fact("aws:TokenIssueTime") != nil }
	mfa := func() bool {
		f := t.fact("aws:MultiFactorAuthPresent")
		return f != nil && slices.Contains(f.values, "true")
	}
	cryptographic := []string{"kms:decrypt", "kms:encrypt", "kms:creategrant", "kms:describekey", "kms:retiregrant"}
	switch {
	case t.action == "sts:assumeroot" && !t.mayAssumeRoot():
		return "implicitDeny"
	case t.action == "sts:getcalleridentity" && c.account != "":
		return "allowed"
	case t.action == "sts:getsessiontoken" && (c.kind == "root" || c.kind == "user") && !temporary():
		return "allowed"
	case t.action == "sts:assumerole" && c.kind == "root":
		return "implicitDeny"
	case c.kind == "federated" && (service == "iam" || service == "sts"):
		return "implicitDeny"
	case c.kind == "user" && service == "iam" && temporary() && !mfa():
		return "implicitDeny"
	case c.kind == "user" && service == "sts" &&
		!slices.Contains([]string{"sts:assumerole", "sts:tagsession", "sts:setsourceidentity"}, t.action) &&
		temporary():
		return "implicitDeny"
	case c.kind == "provider" && !slices.Contains([]string{"sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:tagsession", "sts:setsourceidentity"}, t.action):
		return "implicitDeny"
	case o.consent == "key" && c.account != "" && c.account != o.account && !slices.Contains(cryptographic, t.action):
		return "implicitDeny"
	}
	return ""
}

// mayAssumeRoot reports whether STS lets the caller open a session as the root
// user of a member account, if policies do: section 7.7.
func (t *twin) mayAssumeRoot() bool {
	c, org := &t.caller, sub(t.world, "organization")
	member, isRoot := strings.CutSuffix(strings.TrimPrefix(t.target, "arn:"+c.partition+":iam::"), ":root")
	p := t.place(member)
	switch {
	case org == nil, org["rootAccess"] != true, c.kind == "root", c.account == "":
		return false
	case !isRoot, p == nil, p.management:
		return false
	case c.account != text(org["managementAccount"]) &&
		!slices.Contains(texts(org["delegatedAdministrators"]), c.account):
		return false
	}
	f := t.fact("sts:TaskPolicyArn")
	if f == nil {
		return false
	}
	task, inPlace := strings.CutPrefix(f.values[0], "arn:aws:iam::aws:policy/root-task/")
	return inPlace && slices.Contains([]string{"IAMAuditRootUserCredentials", "IAMCreateRootUserPassword",
		"IAMDeleteRootUserCredentials", "S3UnlockBucketPolicy", "SQSUnlockQueuePolicy"}, task)
}

func statementsOf(policy any) []fields {
	var out []fields
	for _, v := range listOf(policy.(fields)["Statement"]) {
		out = append(out, v.(fields))
	}
	return out
}

// question names an unknown part, as it bears on this check.
func (t *twin) question(part fields) string { return fmt.Sprintf("%p", part) + t.check }

func (t *twin) some(policies []any, effect string) bool {
	for _, p := range policies {
		for _, s := range statementsOf(p) {
			if s["unknown"] != nil {
				// It says nothing, allows everyone, allows the caller alone, or denies.
				way := t.ways.choose(t.question(s), 4)
				if effect == "Deny" && way == 3 || effect == "Allow" && (way == 1 || way == 2) {
					return true
				}
			} else if s["Effect"] == effect && t.matches(s, text(p.(fields)["Version"])) {
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
			if way := 0; s["unknown"] != nil {
				way = t.ways.choose(t.question(s), 4)
				out["everyone"] = out["everyone"] || way == 1 || way == 2
			} else if s["Effect"] == "Allow" && t.matches(s, text(p.(fields)["Version"])) {
				for _, class := range t.named(s["Principal"]) {
					out[class] = true
				}
			}
		}
	}
	for class, is := range out {
		if !is {
			delete(out, class)
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
	if principal.(fields)["unknown"] != nil {
		class := t.names(principal.(fields), "")
		add(class != "", class)
		return out
	}
	for kind, values := range principal.(fields) {
		for _, v := range listOf(values) {
			if part, ok := v.(fields); ok {
				class := t.names(part, kind)
				add(class != "", class)
				continue
			}
			value := text(v)
			switch kind {
			case "Service":
				add(c.kind == "service" && c.name == value, "service")
			case "Federated":
				add(c.kind == "provider" && c.name == value, "service")
			case "AWS":
				add(value == "*", "everyone")
				add(c.account != "" && (value == c.account || value == "arn:"+c.partition+":iam::"+c.account+":root"),
					"account")
				add(c.kind == "user" && value == c.user, "user")
				add(c.kind == "federated" && value == c.user, "federating user")
				add(c.kind == "session" && value == c.role, "role")
				add((c.kind == "session" || c.kind == "federated") && value == c.name, "session")
			}
		}
	}
	return out
}

// names is the class by which an unknown principal of a type, "" for any, turns
// out to name the caller; "" if it does not.
func (t *twin) names(part fields, kind string) string {
	c := &t.caller
	like := or(text(part["like"]), "*")
	classes := []string{""}
	add := func(of string, is bool, value, class string) {
		if is && value != "" && (kind == "" || kind == of) && t.like(like, value, false) {
			classes = append(classes, class)
		}
	}
	add("AWS", true, "*", "everyone")
	add("AWS", c.account != "", "arn:"+c.partition+":iam::"+c.account+":root", "account")
	add("AWS", c.kind == "user", c.user, "user")
	add("AWS", c.kind == "federated", c.user, "federating user")
	add("AWS", c.kind == "session", c.role, "role")
	add("AWS", c.kind == "session" || c.kind == "federated", c.name, "session")
	add("Service", c.kind == "service", c.name, "service")
	add("Federated", c.kind == "provider", c.name, "service")
	return classes[t.ways.choose(fmt.Sprintf("%p", part), len(classes))]
}

// within reports whether an unknown value turns out to match a text: outside
// what it is like it does not, inside both ways are tried.
func (t *twin) within(part fields, s string) bool {
	like := or(text(part["like"]), "*")
	if s == t.action {
		like = strings.ToLower(like)
	}
	return t.like(like, s, false) && t.ways.perhaps(fmt.Sprintf("%p", part)+s)
}

// matches: section 3.
func (t *twin) matches(s fields, version string) bool {
	variables := version == "2012-10-17"
	if p, ok := s["Principal"]; ok && t.named(p) == nil {
		return false
	}
	if p, ok := s["NotPrincipal"]; ok && t.escapes(p, s) {
		return false
	}
	actions := func(list any) bool {
		return slices.ContainsFunc(listOf(list), func(v any) bool {
			if part, ok := v.(fields); ok {
				return t.within(part, t.action)
			}
			return t.like(strings.ToLower(text(v)), t.action, false)
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
		return slices.ContainsFunc(listOf(list), func(v any) bool {
			if part, ok := v.(fields); ok {
				return t.within(part, t.target)
			}
			pattern := text(v)
			if short, ok := strings.CutPrefix(pattern, "execute-api:/"); ok {
				pattern = t.owner.name + "/" + short
			} else if n := strings.Count(pattern, ":"); !foreign && pattern != "*" && n < 5 {
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
			if !t.holds(operator, key, values, variables) {
				return false
			}
		}
	}
	return true
}

// escapes: section 3.4. A caller with a boundary never does; another does if
// every identifier of its chain is listed, and does not if too little is. In
// between nobody knows.
func (t *twin) escapes(notPrincipal any, s fields) bool {
	c := &t.caller
	if text(c.entity["boundary"]) != "" {
		return false
	}
	if c.kind == "anonymous" {
		return false
	}
	classes := t.named(notPrincipal)
	listed := func(needed ...string) bool {
		for _, class := range needed {
			if !slices.Contains(classes, class) {
				return false
			}
		}
		return true
	}
	inS3 := strings.HasPrefix(t.action, "s3:")
	unknown := func() bool { return t.ways.perhaps(fmt.Sprintf("%p", s)) }
	switch {
	case listed("everyone"):
		return true
	case c.kind == "root":
		return listed("account")
	case c.kind == "service", c.kind == "provider":
		return listed("service")
	case c.kind == "federated" && listed("session", "federating user"):
		return listed("account") || inS3 || unknown()
	case c.kind == "user" && listed("user"):
		return listed("account") || inS3 || unknown()
	case c.kind == "session" && listed("session", "role"):
		return listed("account") || inS3 || unknown()
	case c.kind == "session" && listed("role", "account"):
		return unknown()
	}
	return false
}
