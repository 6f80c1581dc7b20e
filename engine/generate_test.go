package engine_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// generator makes worlds and requests from a seed. Its alphabets are small, so
// that patterns, names and values meet often.
type generator struct {
	*rand.Rand
	// unknowns says that requests may have unknown keys and policies may be unknown.
	unknowns bool
	parts    bool  // that policies may have unknown parts, too
	big      bool  // sets of policies large enough to be indexed
	about    []int // the condition keys that conditions are mostly about; all if empty
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 20121017))}
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

// oneOrMore is a value, or a list of a few.
func (g *generator) oneOrMore(one func() string) any {
	if g.chance(60) {
		return one()
	}
	list := items{}
	for range 1 + g.IntN(3) {
		list = append(list, one())
	}
	return list
}

var (
	genAccounts = []string{accA, accB}
	genUsers    = []string{ali, "arn:aws:iam::111111111111:user/x/bob", bea}
	genRoles    = []string{worker, "arn:aws:iam::222222222222:role/guest"}
	genSessions = []string{shift, "arn:aws:sts::111111111111:assumed-role/worker/other", guest}
	genKiosks   = []string{kiosk}
	genKeys     = []string{key, "arn:aws:kms:eu-west-1:222222222222:key/k2"}
	genObjects  = []string{box, object, box + "/ali", box + "/red/x", crate, crate + "/key"}
	genServices = []string{service, "ec2.amazonaws.com", "lambda.amazonaws.com"}
	genCode     = []string{"arn:aws:ec2:us-east-1:111111111111:instance/i-1",
		"arn:aws:lambda:eu-west-1:111111111111:function:f", "arn:aws:bedrock:eu-west-1:111111111111:agent/a"}
)

func (g *generator) caller() string {
	switch n := g.IntN(100); {
	case n < 35:
		return pick(g, genUsers...)
	case n < 60:
		return pick(g, genSessions...)
	case n < 72:
		return pick(g, genKiosks...)
	case n < 80:
		return pick(g, rootA, rootB)
	case n < 87:
		return pick(g, genServices...)
	case n < 92:
		return nobody
	case n < 94:
		return "accounts.google.com"
	case n < 97:
		return pick(g, genCode...)
	}
	return linked
}

// question is an action with a resource that it may be asked for.
func (g *generator) question() (action, resource string) {
	switch n := g.IntN(100); {
	case n < 55:
		return pick(g, get, get, "s3:PutObject", "s3:PutBucketPolicy", "s3:ListBucket", "s3:DeleteObject",
			"s3:GetObjectTagging"), pick(g, genObjects...)
	case n < 60:
		return "s3:ListAllMyBuckets", "*"
	case n < 75:
		return pick(g, "kms:Decrypt", "kms:Decrypt", "kms:RetireGrant", "kms:PutKeyPolicy"), pick(g, genKeys...)
	case n < 90:
		return pick(g, "sts:AssumeRole", "sts:AssumeRole", "sts:TagSession", "sts:AssumeRoleWithWebIdentity"), pick(g, genRoles...)
	case n < 92:
		return pick(g, "sts:GetCallerIdentity", "sts:GetSessionToken"), "*"
	case n < 94:
		return "iam:ListUsers", "*"
	case n < 96:
		return pick(g, "iam:PutRolePolicy", "iam:DeleteRole", "iam:GetRole"),
			"arn:aws:iam::111111111111:role/" + pick(g, "team/worker",
				"aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
				"aws-reserved/sso.amazonaws.com/AWSReservedSSO_X")
	case n < 97:
		return pick(g, "iam:DeletePolicy", "iam:CreatePolicyVersion", "iam:GetPolicy"),
			pick(g, "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::111111111111:policy/One")
	case n < 98:
		return pick(g, "kms:DeleteAlias", "kms:UpdateAlias"),
			"arn:aws:kms:eu-west-1:111111111111:alias/" + pick(g, "aws/s3", "mine")
	case n < 99:
		return "execute-api:Invoke", genAPI + "/prod/GET/x"
	}
	return "ec2:StopInstances", "arn:aws:ec2:us-east-1:" + pick(g, genAccounts...) + ":instance/i-1"
}

// genAPI is an API whose policy may have short ARNs.
const genAPI = "arn:aws:execute-api:eu-west-1:111111111111:a1"

// part is an unknown value that is like one of some patterns, or like anything.
func (g *generator) part(like ...string) fields {
	out := fields{"unknown": "a part that was not given"}
	if g.chance(60) {
		out["like"] = pick(g, like...)
	}
	return out
}

// within makes one of the values of a list unknown, or adds one.
func (g *generator) within(values any, like ...string) any {
	if !g.parts || !g.chance(8) {
		return values
	}
	if list, ok := values.(items); ok && len(list) > 0 {
		list[g.IntN(len(list))] = g.part(like...)
		return list
	}
	if g.chance(50) {
		return g.part(like...)
	}
	return items{values, g.part(like...)}
}

func (g *generator) actionPattern() string {
	return pick(g, "*", "*", "s3:*", "s3:Get*", "S3:getobject", "s3:?etObject", "s3:*Object", "s3:PutObject", "kms:*", "kms:Decrypt", "sts:*", "sts:AssumeRole*", "sts:TagSession", "iam:*", "*:*Object", "ec2:*", "?3:*")
}

func (g *generator) resourcePattern(kind string) string {
	if kind == "identity" && g.chance(5) {
		return pick(g, "arn:aws:s3", "arn:aws:kms:*")
	}
	return pick(g, "*", "*", "*", "arn:aws:s3:::*", box, box+"/*", object, crate+"*", "arn:aws:s3:::*/key", box+"/${aws:username}", box+"/${aws:PrincipalTag/team, 'red'}/*",
		box+"/${aws:PrincipalTag/team}*", "arn:*:kms:*:*:key/*", "arn:aws:iam::*:role/*", "arn:aws:s3:::b?x/k${*}y", worker)
}

func (g *generator) principal(kind string) any {
	if g.chance(25) {
		return "*"
	}
	out := fields{}
	if g.parts && g.chance(3) {
		return g.part("arn:aws:iam::111111111111:*", "*:user/*", "arn:aws:sts::*", "*.amazonaws.com")
	}
	if g.chance(85) {
		out["AWS"] = g.within(g.oneOrMore(func() string {
			switch n := g.IntN(100); {
			case n < 25:
				return pick(g, accA, rootA, accB)
			case n < 50:
				return pick(g, genUsers...)
			case n < 65:
				return pick(g, genRoles...)
			case n < 80:
				return pick(g, genSessions...)
			case n < 90:
				return pick(g, genKiosks...)
			}
			return "*"
		}), "arn:aws:iam::111111111111:user/*", "arn:aws:iam::*:role/*", "*:root", "*shift")
	}
	if len(out) == 0 || g.chance(15) {
		out["Service"] = g.oneOrMore(func() string { return pick(g, genServices...) })
	}
	if kind == "trust" && g.chance(30) {
		out["Federated"] = "accounts.google.com"
	}
	return out
}

// whole is a NotPrincipal with the whole chain of some caller, or a part of it.
func (g *generator) whole() any {
	chain := pick(g, items{shift, worker}, items{bea}, items{guest, "arn:aws:iam::222222222222:role/guest", accB},
		items{"arn:aws:iam::222222222222:role/guest", rootB}, items{shift}, items{worker}, items{ali, accA},
		items{shift, worker, rootA}, items{worker, accA}, items{kiosk, ali, accA}, items{accA}, items{bea, accB},
		items{bea, ali, rootA, accB}, items{ali})
	return fields{"AWS": chain}
}

// conditionKeys are keys with values that a policy or a request may have for
// them; those with many are multivalued.
var conditionKeys = []struct {
	key, operators string
	many           bool
	policy, given  []string // given is nil for keys that follow from the world
}{
	{"aws:username", "String", false, []string{"ali", "a*", "bob", "ALI", "${x:s}"}, nil},
	{"aws:PrincipalTag/team", "String", false, []string{"red", "r?d", "blue", "${aws:ResourceTag/team}", "${x:s, 'red'}"}, nil},
	{"aws:ResourceTag/team", "String", false, []string{"red", "*", "blue", "${aws:PrincipalTag/team}"}, nil},
	{"aws:PrincipalOrgID", "String", false, []string{"o-1", "o-2", "${aws:ResourceOrgID}"}, nil},
	{"aws:ResourceAccount", "String", false, []string{accA, "${aws:PrincipalAccount}"}, nil},
	{"aws:PrincipalType", "String", false, []string{"User", "*User", "Account", "AssumedRole"}, nil},
	{"aws:SourceVpce", "String", false, []string{"vpce-1", "vpce-2"}, nil},
	{"aws:RequestedRegion", "String", false, []string{"eu-west-1", "us-*"}, nil},
	{"x:s", "String", false, []string{"red", "r*", "", "RED", "${aws:username}", "a/${aws:username, 'nobody'}"}, []string{"red", "ali", "RED", "a/ali", "r*", "", "a/nobody"}},
	{"aws:PrincipalOrgPaths", "String", true, []string{"o-1/r-1/*", "o-1/r-1/ou-1/"}, nil},
	{"aws:UserAgent", "String", false, []string{"curl/*", "console"}, []string{"curl/8", "cli", "console"}},
	{"aws:userid", "String", false, []string{"AIDAALI", "AROAWORKER:*", "*:shift", "111111111111"}, nil},
	{"aws:VpcSourceIp", "IP", false, []string{"10.0.0.0/8", "10.1.0.0/16"}, nil},
	{"aws:TokenIssueTime", "Date", false, []string{"2026-03-01T09:00:00Z", "2026-03-01"}, nil},
	{"s3:ExistingObjectTag/team", "String", false, []string{"red", "b*"}, nil},
	{"s3:TlsVersion", "Numeric", false, []string{"1.2", "1.3"}, nil},
	{"aws:RequestTag/team", "String", false, []string{"red", "r*"}, nil},
	{"aws:CalledVia", "String", true, []string{"a.amazonaws.com", "b.*"}, nil},
	{"aws:CalledViaFirst", "String", false, []string{"a.amazonaws.com"}, nil},
	{"aws:CalledViaLast", "String", false, []string{"a.amazonaws.com"}, nil},
	{"sts:TaskPolicyArn", "ARN", false, []string{"arn:aws:iam::aws:policy/root-task/IAM*"}, nil},
	{"aws:TagKeys", "String", true, []string{"team", "cost", "t*"}, nil},
	{"x:m", "String", true, []string{"a", "b", "c", "A", "a*"}, []string{"a", "b", "ab", "z"}},
	{"x:n", "Numeric", false, []string{"5", "5.0", "10", "-1", "1e1"}, []string{"5", "5.5", "10", "-2", "many"}},
	{"aws:EpochTime", "Numeric Date", false, []string{"1772357400", "1772357399"}, nil},
	{"aws:CurrentTime", "Date", false, []string{"2026-03-01T09:30:00Z", "2026-03-01T10:30:00+01:00", "2026", "2027-01", "1772357400", "2026-03-01T09:29Z"}, nil},
	{"x:d", "Date", false, []string{"2026-03-01", "2026-03-01T00:00:00.5Z"}, []string{"2026-03-01T00:00:00Z", "2026-03-01T00:00:00.50Z", "2025", "soon"}},
	{"aws:MultiFactorAuthPresent", "Bool String", false, []string{"true", "false", "True"}, []string{"true", "false"}},
	{"aws:ViaAWSService", "Bool", false, []string{"true", "false"}, nil},
	{"aws:PrincipalIsAWSService", "Bool", false, []string{"true", "false"}, nil},
	{"x:b", "Bool", false, []string{"true", "false", "${aws:SecureTransport}"}, []string{"true", "FALSE", "yes"}},
	{"aws:SourceIp", "IP", false, []string{"203.0.113.0/24", "203.0.113.7", "203.0.113.99/25", "2001:db8::/32", "0.0.0.0/0"}, []string{"203.0.113.7", "203.0.113.200", "2001:DB8::7", "here"}},
	{"aws:PrincipalArn", "ARN String", false, []string{ali, worker, "arn:aws:iam::111111111111:*", "arn:*:role/*", "arn:aws:iam::*:user/${aws:username}", rootA}, nil},
	{"x:arn", "ARN", false, []string{"arn:aws:s3:::b*", "arn:aws:s3:*:*:x:*", "arn:aws"}, []string{box, "arn:aws:s3:::x:y:z", "none"}},
	{"x:bin", "Binary", false, []string{"QmluYXJ5", "QQ=="}, []string{"QmluYXJ5", "QQ==", "?"}},
	{"x:am", "ARN", true, []string{"arn:aws:s3:::b*", crate}, []string{box, crate, "none"}},
}

var operatorsOf = map[string][]string{
	"String":  {"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"},
	"Numeric": {"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
	"Date":    {"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
	"Bool":    {"Bool"},
	"IP":      {"IpAddress", "NotIpAddress"},
	"ARN":     {"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"},
	"Binary":  {"BinaryEquals"},
}

func (g *generator) condition(out fields) {
	k := conditionKeys[g.IntN(len(conditionKeys))]
	if len(g.about) > 0 && g.chance(80) {
		k = conditionKeys[pick(g, g.about...)]
	}
	operator := pick(g, operatorsOf[pick(g, strings.Fields(k.operators)...)]...)
	value := func() string { return pick(g, k.policy...) }
	if g.chance(12) {
		operator, value = "Null", func() string { return pick(g, "true", "false") }
	}
	// An unknown key of one value might, for all the engine knows, have several.
	open := g.unknowns || slices.Contains(alwaysSent, strings.ToLower(k.key))
	if k.many && g.chance(90) || !open && g.chance(5) {
		operator = pick(g, "ForAllValues:", "ForAnyValue:") + operator
	}
	if !strings.HasSuffix(operator, "Null") && g.chance(20) {
		operator += "IfExists"
	}
	name := k.key
	if g.chance(10) {
		name = strings.ToUpper(name[:3]) + name[3:]
	}
	keys := sub(out, operator)
	if keys == nil {
		keys = fields{}
		out[operator] = keys
	}
	for other := range keys {
		if strings.EqualFold(other, name) {
			return
		}
	}
	keys[name] = g.oneOrMore(value)
	switch {
	case strings.HasSuffix(operator, "StringLike"), strings.HasSuffix(operator, "StringNotLike"),
		!k.many && (operator == "StringEquals" || operator == "StringNotEquals"):
		keys[name] = g.within(keys[name], "*", "r*", "?*", "a*")
	case operator == "ArnLike", operator == "ArnNotEquals", operator == "IpAddress", operator == "Bool":
		keys[name] = g.within(keys[name], "*")
	}
	if n, err := strconv.Atoi(text(keys[name])); err == nil && g.chance(50) {
		keys[name] = n
	}
	if g.chance(2) {
		keys[name] = items{}
	}
}

func (g *generator) statement(kind string) fields {
	s := fields{"Effect": "Allow"}
	if g.chance(18) {
		s["Effect"] = "Deny"
	}
	wide := s["Effect"] == "Allow" && g.chance(45) // else hardly anything would be allowed
	list := g.within(g.oneOrMore(g.actionPattern), "s3:*", "s3:Get*", "kms:*")
	if wide {
		list = "*"
	}
	if !wide && g.chance(12) {
		s["NotAction"] = list
	} else {
		s["Action"] = list
	}
	if kind != "trust" {
		list := g.within(g.oneOrMore(func() string { return g.resourcePattern(kind) }), "arn:aws:s3:::*", box+"/*",
			"arn:aws:kms:*")
		if wide {
			list = "*"
		}
		if !wide && g.chance(12) {
			s["NotResource"] = list
		} else {
			s["Resource"] = list
		}
	}
	switch kind {
	case "resource":
		if s["Effect"] == "Deny" && g.chance(25) {
			s["NotPrincipal"] = g.whole()
			break
		}
		s["Principal"] = g.principal(kind)
	case "trust":
		s["Principal"] = g.principal(kind)
	case "endpoint":
		s["Principal"] = "*"
		if !wide {
			s["Principal"] = g.principal(kind)
		}
	case "rcp":
		s["Principal"] = "*"
	}
	if wide && g.chance(60) {
		return s
	}
	if g.chance(35) || len(g.about) > 0 && g.chance(60) {
		c := fields{}
		for range 1 + g.IntN(2) {
			g.condition(c)
		}
		s["Condition"] = c
	}
	return s
}

func (g *generator) policy(kind string) any {
	if g.unknowns && g.chance(3) {
		return "unknown"
	}
	list := items{}
	n := 1 + g.IntN(3)
	if g.big && g.chance(25) {
		n = 17 + g.IntN(6)
	}
	for range n {
		if g.parts && g.chance(2) {
			list = append(list, fields{"unknown": "a statement that was not given"})
		} else {
			list = append(list, g.statement(kind))
		}
	}
	p := fields{"Statement": list}
	switch n := g.IntN(100); {
	case n < 85:
		p["Version"] = "2012-10-17"
	case n < 93:
		p["Version"] = "2008-10-17"
	}
	if len(list) == 1 && g.chance(30) {
		p["Statement"] = list[0]
	}
	return p
}

// maybe puts a policy under a name, in so many percent of cases.
func (g *generator) maybe(percent int, to fields, name, kind string) {
	if g.chance(percent) {
		to[name] = g.policy(kind)
	}
}

func (g *generator) inline(percent int, to fields, kind string) {
	if g.chance(percent) {
		policies := fields{}
		for i := range 1 + g.IntN(2) {
			policies["p"+strconv.Itoa(i)] = g.policy(kind)
		}
		to["inline"] = policies
	}
}

func (g *generator) tagged(to fields) fields {
	if g.chance(50) {
		to["tags"] = fields{"team": pick(g, "red", "blue", "*", "")}
	}
	return to
}

// managed attaches policies by name, a boundary and inline policies.
func (g *generator) managed(to fields) fields {
	if g.chance(40) {
		to["policies"] = items{pick(g, "One", "Two")}
	}
	if g.chance(20) {
		to["boundary"] = pick(g, "One", "Two", "All")
	}
	g.inline(60, to, "identity")
	return g.tagged(to)
}

func (g *generator) attachedTo(level fields) fields {
	for _, kind := range []string{"scps", "rcps"} {
		if g.chance(35) {
			list := items{}
			if g.chance(75) {
				list = append(list, map[string]string{"scps": "FullAWSAccess", "rcps": "RCPFullAWSAccess"}[kind])
			}
			if g.chance(60) {
				list = append(list, pick(g, strings.ToUpper(kind)+"1", strings.ToUpper(kind)+"2"))
			}
			level[kind] = list
		}
	}
	return level
}

func (g *generator) account(id string) fields {
	resources, roles, users := fields{}, fields{}, fields{}
	policies := fields{"One": g.policy("identity"), "Two": g.policy("identity"), "All": decode(allowAll)}
	a := fields{"policies": policies, "resources": resources, "roles": roles, "users": users}
	block := func(to fields) {
		if !g.parts && g.chance(15) { // an unknown principal may make a policy public
			to["publicAccessBlock"] = fields{"restrictPublicBuckets": g.chance(80), "blockPublicAcls": g.chance(50)}
		}
	}
	block(a)
	resource := func(name string) {
		if g.chance(85) {
			entry := g.tagged(fields{})
			if name == box || name == crate {
				block(entry)
				entry["abac"] = g.chance(40)
			}
			if region := sub(resources, box)["region"]; name == object && region != nil {
				entry["region"] = region // an object is where its bucket is
			} else if name == box && g.chance(40) {
				entry["region"] = pick(g, "eu-west-1", "us-east-1")
			}
			g.maybe(60, entry, "policy", "resource")
			resources[name] = entry
		}
	}
	role := func(name, path, session string) {
		r := g.managed(fields{"path": path})
		if g.chance(50) {
			r["id"] = "AROA" + strings.ToUpper(name)
		}
		g.maybe(75, r, "trust", "trust")
		if session != "" && g.chance(60) {
			s := g.tagged(fields{"mfa": g.chance(50)})
			g.inline(60, s, "session")
			if g.chance(25) {
				s["policies"] = items{pick(g, "One", "Two")}
			}
			r["sessions"] = fields{session: s}
		}
		roles[name] = r
	}
	if id == accB {
		users["bea"] = g.managed(fields{})
		role("guest", "/", "visit")
		resource(crate)
		resource(genKeys[1])
		return a
	}
	group := fields{}
	g.inline(70, group, "identity")
	a["groups"] = fields{"devs": group}
	user := g.managed(fields{"groups": items{"devs"}})
	f := g.tagged(fields{})
	g.inline(70, f, "session")
	user["federations"] = fields{"kiosk": f}
	if g.chance(50) {
		user["id"] = "AIDAALI"
	}
	users["ali"], users["bob"] = user, g.managed(fields{"path": "/x/"})
	role("worker", "/team/", "shift")
	role("AWSServiceRoleForX", "/aws-service-role/x.amazonaws.com/", "")
	delete(roles["AWSServiceRoleForX"].(fields), "boundary") // such a role has none
	resource(box)
	resource(object)
	resource(genKeys[0])
	for _, name := range genCode {
		resources[name] = fields{"role": "worker"}
	}
	if g.chance(10) {
		resources[genCode[0]] = fields{}
	}
	api := g.policy("resource")
	if p, ok := api.(fields); ok {
		for _, v := range listOf(p["Statement"]) {
			if s := v.(fields); s["Resource"] != nil && g.chance(70) {
				s["Resource"] = g.oneOrMore(func() string {
					return pick(g, "execute-api:/*", "execute-api:/prod/*/x", "execute-api:/test/*",
						"execute-api:/prod/GET/*")
				})
			}
		}
	}
	resources[genAPI] = fields{"policy": api}
	e := fields{"vpc": "vpc-1"}
	g.maybe(60, e, "policy", "endpoint")
	a["vpcEndpoints"] = fields{"vpce-1": e}
	return a
}

func (g *generator) organization() fields {
	policies := fields{"SCPS1": g.policy("scp"), "SCPS2": g.policy("scp"), "RCPS1": g.policy("rcp"), "RCPS2": g.policy("rcp")}
	inside, below, alone := items{}, items{}, pick(g, accA, accB)
	for _, account := range genAccounts {
		switch {
		case g.chance(60) || account == alone:
			below = append(below, account)
		case g.chance(60):
			inside = append(inside, account)
		}
	}
	unit := g.attachedTo(fields{"id": "ou-1", "accounts": below})
	own := g.attachedTo(fields{})
	root := g.attachedTo(fields{"id": "r-1", "accounts": inside, "units": fields{"U": unit}})
	if !g.parts && g.chance(15) {
		pick(g, unit, own, root)["s3PublicAccessBlock"] = pick(g, "all", "none")
	}
	out := fields{"id": "o-1", "managementAccount": pick(g, "999999999999", "999999999999", accA),
		"policies":        policies,
		"accountPolicies": fields{alone: own}, "root": root}
	if g.chance(60) {
		out["rootAccess"] = g.chance(80)
		out["delegatedAdministrators"] = items{alone}
	}
	return out
}

func (g *generator) request(name string) fields {
	action, resource := g.question()
	r := fields{"name": name, "principal": g.caller(), "action": action, "resource": resource}
	if slices.Contains(genCode, r["principal"].(string)) && r["resource"] == worker {
		r["resource"] = genRoles[1] // what the role's own trust policy says of its code is asked already
	}
	if r["principal"] == "accounts.google.com" && g.chance(80) {
		r["action"], r["resource"] = "sts:AssumeRoleWithWebIdentity", pick(g, genRoles...)
	}
	if g.chance(3) {
		r["action"], r["resource"] = "sts:AssumeRoot", pick(g, rootA, rootB)
	}
	context := fields{}
	for _, k := range conditionKeys {
		if k.given == nil || !g.chance(50) {
			continue
		}
		if k.many {
			list := items{}
			for range g.IntN(3) {
				list = append(list, pick(g, k.given...))
			}
			context[k.key] = list
		} else {
			context[k.key] = pick(g, k.given...)
		}
	}
	extra := func(percent int, key string, value any) {
		if g.chance(percent) {
			context[key] = value
		}
	}
	extra(15, "aws:RequestTag/team", "red")
	extra(10, "aws:CalledVia", items{"a.amazonaws.com", "b.amazonaws.com"})
	extra(5, "aws:TokenIssueTime", "2026-03-01T09:00:00Z")
	extra(5, "aws:username", pick[any](g, "ali", nil))
	extra(4, "x:s", items{"red"})
	extra(10, "aws:userid", pick[any](g, "AIDAALI", nil))
	extra(10, "s3:TlsVersion", "1.2")
	extra(10, "aws:RequestedRegion", "us-east-1")
	if r["action"] == "sts:AssumeRoot" {
		extra(80, "sts:TaskPolicyArn",
			"arn:aws:iam::aws:policy/root-task/"+pick(g, "IAMAuditRootUserCredentials", "S3UnlockBucketPolicy",
				"Other"))
	}
	r["context"] = context
	if g.chance(15) {
		r["via"] = "vpce-1"
	}
	if g.chance(10) && r["action"] != "sts:AssumeRoot" {
		a, res := g.question()
		check := fields{"action": a, "resource": res}
		if g.chance(60) {
			check["name"] = "another"
			check["context"] = fields{"x:s": pick[any](g, "red", "ali", nil),
				"aws:RequestTag/team": pick[any](g, "red", nil)}
		}
		if g.unknowns && g.chance(50) {
			check["unknown"] = items{"x:n"}
		}
		r["also"] = items{check}
	}
	return r
}

// scenario is a world with some requests.
func (g *generator) scenario(requests int) fields {
	g.parts = g.unknowns && g.chance(60)
	w := fields{"version": 1, "accounts": fields{accA: g.account(accA), accB: g.account(accB)}}
	if g.chance(60) {
		w["organization"] = g.organization()
	}
	if g.chance(70) {
		w["time"] = "2026-03-01T09:30:00Z"
	}
	list := items{}
	for i := range requests {
		list = append(list, g.request("r"+strconv.Itoa(i)))
	}
	w["requests"] = list
	if g.chance(4) {
		return g.inChina(w, false).(fields)
	}
	return w
}

// inChina is a value of a world with its ARNs in another partition; of those
// in policies a few stay, as strangers.
func (g *generator) inChina(v any, inPolicy bool) any {
	move := func(text string) string {
		if inPolicy && g.chance(8) {
			return text
		}
		return strings.Replace(text, "arn:aws:", "arn:aws-cn:", 1)
	}
	switch v := v.(type) {
	case fields:
		out := fields{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			moved := g.inChina(v[name], inPolicy || name == "Statement")
			if accounts, ok := moved.(fields); ok && name == "accounts" {
				for _, account := range accounts {
					account.(fields)["partition"] = "aws-cn"
				}
			}
			out[move(name)] = moved
		}
		return out
	case items:
		out := items{}
		for _, item := range v {
			out = append(out, g.inChina(item, inPolicy))
		}
		return out
	case string:
		return move(v)
	}
	return v
}

func encode(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return b.String()
}
