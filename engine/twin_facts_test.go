package engine_test

import (
	"slices"
	"strings"
)

// fact is the value of a context key.
type fact struct {
	many   bool
	values []string
}

func one(value string) *fact      { return &fact{values: []string{value}} }
func many(values ...string) *fact { return &fact{many: true, values: values} }

// fact is the value of a key in this way; nil if it is absent: section 6.
func (t *twin) fact(key string) *fact {
	key = strings.ToLower(key)
	if f, ok := t.fixed[key]; ok {
		return f
	}
	if key == "aws:sourceip" && t.via != "" {
		return nil // whatever is written
	}
	if f, ok := t.written[key]; ok {
		return f
	}
	if t.unknown[key] {
		return t.open(key)
	}
	switch key {
	case "aws:calledviafirst", "aws:calledvialast", "aws:viaawsservice":
		if chain := t.fact("aws:calledvia"); chain != nil && len(chain.values) > 0 {
			switch key {
			case "aws:calledviafirst":
				return one(chain.values[0])
			case "aws:calledvialast":
				return one(chain.values[len(chain.values)-1])
			}
			return one("true")
		}
	case "aws:tagkeys":
		var tags []string
		for key, name := range t.requestTags {
			if t.fact(key) != nil {
				tags = append(tags, name)
			}
		}
		if tags == nil {
			return nil
		}
		return many(tags...)
	case "aws:currenttime":
		if _, ok := t.written["aws:epochtime"]; ok || t.unknown["aws:epochtime"] {
			return t.fact("aws:EpochTime")
		}
	case "aws:epochtime":
		now := t.fact("aws:currenttime")
		if now == nil {
			return nil
		}
		at, _ := instant(now.values[0])
		return one(at.String())
	}
	if f, ok := t.derived[key]; ok {
		return f
	}
	if t.sent(key) {
		return t.open(key)
	}
	return nil
}

// open is the value that an unknown key turns out to have. It is the same for
// all checks of a call, unless a check says itself that it does not know it.
func (t *twin) open(key string) *fact {
	list, question := t.candidates(key, !t.sent(key)), key
	if t.apart {
		question += t.check
	}
	for _, own := range t.ownUnknown {
		if strings.EqualFold(own, key) {
			question += t.check
		}
	}
	return list[t.ways.choose(question, len(list))]
}

// alwaysSent: section 6, the closed list. What the document does not settle of
// it is unknown, and never absent.
var alwaysSent = []string{"aws:currenttime", "aws:epochtime", "aws:requestedregion", "aws:useragent", "aws:sourceip",
	"aws:vpcsourceip", "aws:tokenissuetime", "aws:userid"}

// sent reports whether AWS always sends a key with such a request.
func (t *twin) sent(key string) bool {
	switch key {
	case "aws:sourceip":
		return t.via == "" && t.caller.kind != "service"
	case "aws:vpcsourceip":
		return t.via != ""
	case "aws:tokenissuetime":
		return t.caller.kind == "session" || t.caller.kind == "federated"
	case "aws:userid":
		return t.caller.account != "" || t.caller.kind == "anonymous"
	}
	return slices.Contains(alwaysSent, key)
}

// findFacts: section 6. What the request writes, and what the world says.
func (t *twin) findFacts(request, check fields) {
	t.written, t.unknown, t.requestTags = map[string]*fact{}, map[string]bool{}, map[string]string{}
	tag := func(key string, v any) {
		delete(t.requestTags, strings.ToLower(key))
		if name := key[min(len(key), len("aws:RequestTag/")):]; strings.EqualFold(key[:len(key)-len(name)],
			"aws:RequestTag/") && v != nil {
			t.requestTags[strings.ToLower(key)] = name
		}
	}
	for _, part := range []fields{request, check} {
		for key, v := range sub(part, "context") {
			lower := strings.ToLower(key)
			delete(t.unknown, lower)
			tag(key, v)
			if list, isList := v.(items); isList {
				t.written[lower] = many(texts(list)...)
			} else if v != nil {
				t.written[lower] = one(texts(v)[0])
			} else {
				t.written[lower] = nil
			}
		}
		for _, key := range texts(part["unknown"]) {
			delete(t.written, strings.ToLower(key))
			t.unknown[strings.ToLower(key)] = true
			tag(key, true)
		}
	}
	t.ownUnknown = texts(check["unknown"])

	t.derived = map[string]*fact{}
	set := func(key string, f *fact) { t.derived[strings.ToLower(key)] = f }
	c := &t.caller
	set("aws:SecureTransport", one("true"))
	set("aws:ViaAWSService", one("false"))
	set("s3:TlsVersion", nil)
	service, _, _ := strings.Cut(t.action, ":")
	if service == "s3" {
		set("s3:TlsVersion", one("1.3"))
	}
	org := text(sub(t.world, "organization")["id"])
	if c.account != "" {
		set("aws:PrincipalAccount", one(c.account))
		set("aws:PrincipalIsAWSService", one("false"))
		if p := t.place(c.account); p != nil {
			set("aws:PrincipalOrgID", one(org))
			set("aws:PrincipalOrgPaths", many(p.path))
		}
		if service == "kms" {
			set("kms:CallerAccount", one(c.account))
		}
	}
	tags := func(prefix string, of fields) {
		for k, v := range of {
			set(prefix+k, one(text(v)))
		}
	}
	tags("aws:PrincipalTag/", sub(c.entity, "tags"))
	tags("aws:PrincipalTag/", sub(c.passed, "tags")) // session tags win
	last := func(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }
	id := text(c.entity["id"])
	switch c.kind {
	case "user":
		set("aws:PrincipalArn", one(c.user))
		set("aws:PrincipalType", one("User"))
		set("aws:username", one(last(c.user)))
		if id != "" {
			set("aws:userid", one(id))
		}
	case "session":
		set("aws:PrincipalArn", one(c.role))
		set("aws:PrincipalType", one("AssumedRole"))
		set("aws:MultiFactorAuthPresent", one(texts(c.hasMFA)[0]))
		if id != "" {
			set("aws:userid", one(id+":"+last(c.name)))
		}
	case "federated":
		set("aws:PrincipalArn", one(c.name))
		set("aws:PrincipalType", one("FederatedUser"))
		set("aws:userid", one(c.account+":"+last(c.name)))
	case "root":
		set("aws:PrincipalArn", one(c.name))
		set("aws:PrincipalType", one("Account"))
		set("aws:userid", one(c.account))
	case "service":
		set("aws:PrincipalIsAWSService", one("true"))
		set("aws:PrincipalServiceName", one(c.name))
		set("aws:PrincipalServiceNamesList", many(c.name))
	case "anonymous":
		set("aws:PrincipalType", one("Anonymous"))
		set("aws:PrincipalAccount", one("anonymous"))
		set("aws:userid", one("anonymous"))
	}
	if t.via != "" {
		set("aws:SourceVpce", one(t.via))
		for id, account := range sub(t.world, "accounts") {
			if e := sub(account.(fields), "vpcEndpoints", t.via); e != nil {
				set("aws:VpceAccount", one(id))
				set("aws:SourceVpc", one(text(e["vpc"])))
			}
		}
	}
	o := &t.owner
	if o.account != "" {
		set("aws:ResourceAccount", one(o.account))
		if p := t.place(o.account); p != nil {
			set("aws:ResourceOrgID", one(org))
			set("aws:ResourceOrgPaths", many(p.path))
		}
	}
	_, inBucket, isObject := strings.Cut(t.target, "/")
	switch {
	case service != "s3":
		tags("aws:ResourceTag/", o.tags)
	case !isObject && o.entry["abac"] == true:
		tags("aws:ResourceTag/", o.tags)
	case isObject && inBucket != "" && o.name == t.target && slices.Contains(readsObjectTags, t.action):
		tags("s3:ExistingObjectTag/", o.tags)
	}
	parts := strings.SplitN(t.target, ":", 6)
	switch {
	case len(parts) == 6 && parts[3] != "":
		set("aws:RequestedRegion", one(parts[3]))
	case o.region != "":
		set("aws:RequestedRegion", one(o.region))
	case service == "iam" && t.partition(o.account) == "aws":
		set("aws:RequestedRegion", one("us-east-1"))
	}
	if now := text(t.world["time"]); now != "" {
		set("aws:CurrentTime", one(now))
	}
}

// readsObjectTags: section 6, the actions that send s3:ExistingObjectTag.
var readsObjectTags = []string{"s3:getobject", "s3:getobjectacl", "s3:getobjecttagging", "s3:getobjectversion",
	"s3:putobjectacl", "s3:putobjecttagging", "s3:deleteobjecttagging"}
