package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

type (
	object = map[string]any
	array  = []any
)

// The cast of the generated worlds.
const (
	home     = "111111111111"
	abroad   = "222222222222"
	stranger = "333333333333"

	ali    = "arn:aws:iam::111111111111:user/ali"
	bob    = "arn:aws:iam::111111111111:user/team/bob"
	bea    = "arn:aws:iam::222222222222:user/bea"
	worker = "arn:aws:iam::111111111111:role/worker"
	shift  = "arn:aws:sts::111111111111:assumed-role/worker/shift"
	guest  = "arn:aws:iam::222222222222:role/guest"
	visit  = "arn:aws:sts::222222222222:assumed-role/guest/visit"
	kiosk  = "arn:aws:sts::111111111111:federated-user/kiosk"
	rootA  = "arn:aws:iam::111111111111:root"
	rootB  = "arn:aws:iam::222222222222:root"

	service = "logs.amazonaws.com"

	instance = "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"
	api      = "arn:aws:execute-api:eu-west-1:111111111111:a1"
	taskRole = "arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
)

// question is an action with resources that it can be asked for.
type question struct {
	action    string
	resources []string
	keys      []string // the action's own condition keys
}

var questions = []question{
	{"s3:GetObject", []string{"arn:aws:s3:::box/key", "arn:aws:s3:::box/ali/notes", "arn:aws:s3:::box/red/a:b"}, []string{"s3:TlsVersion"}},
	{"s3:PutObject", []string{"arn:aws:s3:::box/key", "arn:aws:s3:::crate/ali/notes"}, []string{"s3:x-amz-acl", "s3:TlsVersion"}},
	{"s3:ListBucket", []string{"arn:aws:s3:::box", "arn:aws:s3:::crate"}, []string{"s3:prefix"}},
	{"s3:DeleteObject", []string{"arn:aws:s3:::box/key", "arn:aws:s3:::crate/ali/notes"}, nil},
	{"s3:GetObjectTagging", []string{"arn:aws:s3:::box/key"}, nil},
	{"s3:ListAllMyBuckets", []string{"*"}, nil},
	{"sqs:SendMessage", []string{"arn:aws:sqs:eu-west-1:111111111111:line", "arn:aws:sqs:eu-west-1:222222222222:line"}, nil},
	{"secretsmanager:GetSecretValue", []string{"arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf"}, []string{"secretsmanager:VersionStage"}},
	{"ec2:StopInstances", []string{instance}, []string{"ec2:InstanceType"}},
	{"dynamodb:GetItem", []string{"arn:aws:dynamodb:eu-west-1:111111111111:table/orders"}, []string{"dynamodb:LeadingKeys"}},
	{"iam:GetUser", []string{ali, bea}, nil},
	{"kms:Decrypt", []string{"arn:aws:kms:eu-west-1:111111111111:key/k1", "arn:aws:kms:eu-west-1:222222222222:key/k2"}, nil},
	{"sts:AssumeRole", []string{worker, guest}, []string{"sts:ExternalId"}},
	{"sts:TagSession", []string{worker}, nil},
	{"sts:AssumeRoot", []string{rootA, rootB}, []string{"sts:TaskPolicyArn"}},
	{"execute-api:Invoke", []string{api + "/prod/GET/x", api + "/test/POST/y"}, nil},
	{"iam:DeletePolicy", []string{"arn:aws:iam::aws:policy/ReadOnlyAccess",
		"arn:aws:iam::111111111111:policy/BoundAli"}, nil},
	{"iam:DeleteRole", []string{taskRole, worker}, nil},
	{"kms:DeleteAlias", []string{"arn:aws:kms:eu-west-1:111111111111:alias/aws/s3",
		"arn:aws:kms:eu-west-1:111111111111:alias/mine"}, nil},
}

// withPolicy are the resources that can carry a policy, by account.
var withPolicy = map[string][]string{
	home:   {"arn:aws:s3:::box", "arn:aws:sqs:eu-west-1:111111111111:line", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf", "arn:aws:dynamodb:eu-west-1:111111111111:table/orders", "arn:aws:kms:eu-west-1:111111111111:key/k1"},
	abroad: {"arn:aws:s3:::crate", "arn:aws:sqs:eu-west-1:222222222222:line", "arn:aws:kms:eu-west-1:222222222222:key/k2"},
}

// generator makes worlds from a seed. Its alphabets are small, so that
// patterns and values meet often.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 20121017))} }

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g generator, list ...T) T { return list[g.IntN(len(list))] }

// some is one value, or a list of one to three.
func (g generator) some(one func() string) any {
	if g.chance(60) {
		return one()
	}
	var list array
	for range 1 + g.IntN(3) {
		list = append(list, one())
	}
	return list
}

func (g generator) action() string {
	if g.chance(20) {
		return pick(g, questions...).action
	}
	return pick(g, "*", "*", "*", "*", "*", "s3:*", "s3:*", "s3:Get*", "S3:getobject", "s3:?etObject", "s3:*Object",
		"sqs:*", "secretsmanager:*", "ec2:Stop*", "kms:*", "sts:Assume*", "iam:Get*", "iam:Delete*",
		"execute-api:Invoke", "dynamodb:*")
}

func (g generator) resource() string {
	return pick(g, "*", "*", "*", "*", "*", "*", "*", "*", "arn:aws:s3:::*", "arn:aws:s3:::box", "arn:aws:s3:::box/*", "arn:aws:s3:::box/key", "arn:aws:s3:::crate*", "arn:aws:s3:::b?x/*", "arn:aws:s3:::*/notes",
		"arn:aws:s3:::box/${aws:username}/*", "arn:aws:s3:::*/${aws:PrincipalTag/team, 'red'}/*", "arn:aws:s3:::box/${aws:PrincipalTag/team}*", "arn:aws:sqs:*:*:line", "arn:aws:sqs:eu-west-1:111111111111:*",
		"arn:aws:secretsmanager:*:secret:db-*", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:*", "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:instance/i-1", "arn:aws:kms:*:*:key/*",
		"arn:aws:execute-api:eu-west-1:*:a1/*/GET/*", "arn:aws:iam::*:role/*", worker,
		"arn:aws:iam::111111111111:user/${aws:username}", "arn:aws:dynamodb:eu-west-1:*:table/orders")
}

// resourceOf is a resource that may stand in the policy of a resource.
func (g generator) resourceOf(target string) string {
	if g.chance(50) {
		return "*"
	}
	return pick(g, target, target+"/*", target+"*", g.resource())
}

func (g generator) principal() any {
	if g.chance(25) {
		return "*"
	}
	if g.chance(10) {
		return object{"Service": service}
	}
	one := func() string {
		return pick(g, home, rootA, abroad, rootB, "*", ali, ali, bob, bea, worker, worker, shift, shift, guest, visit, kiosk)
	}
	return object{"AWS": g.some(one)}
}

func (g generator) version(p object) object {
	switch {
	case g.chance(85):
		p["Version"] = "2012-10-17"
	case g.chance(50):
		p["Version"] = "2008-10-17"
	}
	return p
}

func (g generator) effect() string { return pick(g, "Allow", "Allow", "Allow", "Deny") }

// body is a statement without a principal.
func (g generator) body(resource func() string) object {
	s := object{"Effect": g.effect()}
	if g.chance(88) {
		s["Action"] = g.some(g.action)
	} else {
		s["NotAction"] = g.some(func() string { return pick(g, "iam:*", "s3:Put*", "sts:*", "sqs:SendMessage", "s3:GetObject") })
	}
	if resource != nil {
		if g.chance(90) {
			s["Resource"] = g.some(resource)
		} else {
			s["NotResource"] = g.some(resource)
		}
	}
	if g.chance(40) {
		s["Condition"] = g.conditions()
	}
	return s
}

func (g generator) conditions() object {
	out := object{}
	for range 1 + g.IntN(2) {
		operator, key, values := g.condition()
		keys, _ := out[operator].(object)
		if keys == nil {
			keys = object{}
			out[operator] = keys
		}
		keys[key] = values
	}
	return out
}

func (g generator) condition() (operator, key string, values any) {
	exists := func(name string) string {
		if g.chance(20) {
			return name + "IfExists"
		}
		return name
	}
	switch g.IntN(13) {
	case 0, 1:
		return exists(pick(g, "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase",
				"StringNotEqualsIgnoreCase")), pick(g, "aws:PrincipalTag/team", "aws:username", "aws:PrincipalAccount",
				"aws:PrincipalOrgID", "aws:ResourceAccount", "aws:ResourceTag/team", "s3:ExistingObjectTag/team",
				"aws:RequestedRegion", "aws:userid", "aws:SourceVpce"),
			g.some(func() string {
				return pick(g, "red", "Red", "blue", "red", "eu-west-1", "AIDAALI", "vpce-1", "ali", "ALI", home,
					abroad, "o-1", "${aws:username}", "${aws:PrincipalTag/team}", "re*")
			})
	case 2, 3:
		return exists(pick(g, "StringLike", "StringNotLike")), pick(g, "aws:PrincipalTag/team", "aws:username", "aws:PrincipalArn", "aws:UserAgent", "s3:prefix", "s3:x-amz-acl", "sts:ExternalId"),
			g.some(func() string {
				return pick(g, "*", "r*", "?ed", "*ali", "arn:aws:iam::111111111111:*", "arn:aws:iam::*:role/*", "curl/*", "public-*", "home/${aws:username}/*", "id-?", "${*}")
			})
	case 4:
		return exists(pick(g, "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals")), pick(g, "aws:MultiFactorAuthAge", "s3:TlsVersion", "aws:EpochTime"),
			g.some(func() string { return pick(g, "300", "1.2", "1.20", "3600", "1772357400", "0") })
	case 5:
		return exists(pick(g, "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals")), pick(g, "aws:CurrentTime", "aws:CurrentTime", "aws:TokenIssueTime"),
			pick(g, "2026-03-01T09:30:00Z", "2026-03-01T10:30:00+01:00", "2026-01-01", "2027-01-01T00:00:00Z", "1772357400")
	case 6:
		return exists("Bool"), pick(g, "aws:SecureTransport", "aws:MultiFactorAuthPresent", "aws:ViaAWSService", "aws:PrincipalIsAWSService"), pick(g, "true", "false")
	case 7:
		return exists(pick(g, "IpAddress", "NotIpAddress")), "aws:SourceIp", g.some(func() string {
			return pick(g, "203.0.113.0/24", "203.0.113.7", "198.51.100.0/25", "2001:db8::/32", "0.0.0.0/0")
		})
	case 8, 9:
		return exists(pick(g, "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")), "aws:PrincipalArn",
			g.some(func() string {
				return pick(g, ali, worker, rootA, "arn:aws:iam::*:user/*", "arn:aws:iam::111111111111:role/*", "arn:aws:*::111111111111:*", "arn:aws:iam::111111111111:user/${aws:username}")
			})
	case 10:
		return "Null", pick(g, "aws:PrincipalTag/team", "aws:username", "aws:MultiFactorAuthAge", "aws:SourceIp", "aws:TokenIssueTime", "aws:CalledVia"), pick(g, "true", "false")
	}
	set := pick(g, "ForAllValues:", "ForAnyValue:")
	return set + exists(pick(g, "StringEquals", "StringNotEquals", "StringLike", "StringNotLike")), pick(g, "aws:CalledVia", "aws:PrincipalOrgPaths", "dynamodb:LeadingKeys"),
		g.some(func() string {
			return pick(g, "athena.amazonaws.com", "*.amazonaws.com", "o-1/r-1/*", "o-1/r-1/ou-1/", "ali", "${aws:username}", "x")
		})
}

func statements(n int, one func() object) array {
	var out array
	for i := range n {
		s := one()
		s["Sid"] = "S" + strconv.Itoa(i)
		out = append(out, s)
	}
	return out
}

func (g generator) identity() object {
	return g.version(object{"Statement": statements(1+g.IntN(3), func() object { return g.body(g.resource) })})
}

// wide is a policy that mostly lets pass, as boundaries and SCPs do.
func (g generator) wide() object {
	p := g.identity()
	if g.chance(60) {
		p["Statement"] = append(array{object{"Effect": "Allow", "Action": "*", "Resource": "*"}}, p["Statement"].(array)...)
	}
	return p
}

func (g generator) forResource(target string) object {
	resource := func() string { return g.resourceOf(target) }
	return g.version(object{"Statement": statements(1+g.IntN(3), func() object {
		s := g.body(resource)
		delete(s, "NotAction")
		if s["Action"] == nil {
			s["Action"] = "*"
		}
		if s["Effect"] == "Deny" && g.chance(25) {
			s["NotPrincipal"] = object{"AWS": g.some(func() string { return pick(g, ali, worker, shift, home, rootA, bea, kiosk) })}
			if g.chance(50) {
				s["NotPrincipal"] = object{"AWS": pick(g, array{ali, home}, array{worker, shift},
					array{worker, shift, rootA}, array{worker, home}, array{bea}, array{guest, visit})}
			}
		} else {
			s["Principal"] = g.principal()
		}
		return s
	})})
}

// forAPI is a policy of an API, some of whose ARNs are short.
func (g generator) forAPI() object {
	p := g.forResource(api)
	for _, s := range p["Statement"].(array) {
		if s := s.(object); s["Resource"] != nil && g.chance(60) {
			s["Resource"] = g.some(func() string {
				return pick(g, "execute-api:/*", "execute-api:/prod/*", "execute-api:/*/GET/x")
			})
		}
	}
	return p
}

func (g generator) endpoint() object {
	p := g.wide()
	for _, s := range p["Statement"].(array) {
		s.(object)["Principal"] = "*"
	}
	return p
}

func (g generator) trust() object {
	return object{"Version": "2012-10-17", "Statement": statements(1+g.IntN(2), func() object {
		s := object{"Effect": pick(g, "Allow", "Allow", "Allow", "Deny"), "Action": pick(g, "sts:AssumeRole", "sts:AssumeRole", "sts:*"), "Principal": g.principal()}
		if g.chance(25) {
			s["Condition"] = g.conditions()
		}
		if g.chance(30) {
			return object{"Effect": "Allow", "Action": "sts:AssumeRole",
				"Principal": object{"Service": pick(g, "ec2.amazonaws.com", service)}}
		}
		return s
	})}
}

func (g generator) rcp() object {
	return object{"Version": "2012-10-17", "Statement": statements(1+g.IntN(2), func() object {
		s := object{"Effect": "Deny", "Principal": "*", "Action": g.some(func() string {
			return pick(g, "s3:*", "s3:Get*", "sqs:*", "kms:Decrypt", "sts:AssumeRole", "secretsmanager:*")
		}), "Resource": g.some(g.resource)}
		if g.chance(70) {
			s["Condition"] = g.conditions()
		}
		return s
	})}
}

// world is a scenario with some requests.
func (g generator) world() object {
	a, b := object{}, object{}
	policies := object{}
	a["policies"] = policies
	bound := func(name string) object {
		out := object{}
		if g.chance(25) {
			policies[name] = g.wide()
			out["boundary"] = name
		}
		return out
	}
	with := func(o object, members object) object {
		for k, v := range members {
			o[k] = v
		}
		return o
	}
	identity := func() object {
		inline := object{}
		for i := range g.IntN(3) {
			inline["p"+strconv.Itoa(i)] = g.identity()
		}
		if g.chance(50) {
			inline["wide"] = g.wide()
		}
		out := object{"inline": inline}
		if g.chance(40) {
			out["tags"] = object{"team": pick(g, "red", "blue")}
		}
		if g.chance(50) {
			out["id"] = pick(g, "AIDAALI", "AROAX")
		}
		return out
	}
	block := func(to object) {
		if g.chance(20) {
			to["publicAccessBlock"] = object{"restrictPublicBuckets": g.chance(85)}
		}
	}
	session := func() object {
		if g.chance(30) {
			return object{"inline": object{"s": g.wide()}}
		}
		return object{}
	}
	a["users"] = object{
		"ali": with(with(identity(), bound("BoundAli")), object{"groups": array{"crew"}, "federations": object{"kiosk": session()}}),
		"bob": with(identity(), object{"path": "/team/"}),
	}
	a["groups"] = object{"crew": object{"inline": object{"g": g.identity()}}}
	a["roles"] = object{"worker": with(with(identity(), bound("BoundWorker")), object{"trust": g.trust(), "sessions": object{"shift": session()}})}
	b["users"] = object{"bea": identity()}
	b["roles"] = object{"guest": with(identity(), object{"trust": g.trust(), "sessions": object{"visit": session()}})}
	a["roles"].(object)["AWSServiceRoleForECS"] = object{"path": "/aws-service-role/ecs.amazonaws.com/"}
	for i, account := range []object{a, b} {
		block(account)
		resources := object{}
		for _, arn := range withPolicy[[]string{home, abroad}[i]] {
			r := object{}
			if g.chance(60) || arn[:11] == "arn:aws:kms" {
				r["policy"] = g.forResource(arn)
			}
			if g.chance(50) && !strings.Contains(arn, ":secretsmanager:") {
				r["tags"] = object{"team": pick(g, "red", "blue")}
			}
			if strings.HasPrefix(arn, "arn:aws:s3") {
				block(r)
				r["abac"] = g.chance(50)
				if tags := (object{"team": pick(g, "red", "blue")}); arn == "arn:aws:s3:::box" && g.chance(50) {
					o := object{"tags": tags}
					if r["policy"] != nil {
						o["policy"] = r["policy"]
					}
					resources[arn+"/key"] = o
				}
				if g.chance(60) {
					r["region"] = pick(g, "eu-west-1", "us-east-1")
				}
			}
			resources[arn] = r
		}
		if i == 0 {
			resources[instance] = object{"role": "worker"}
			resources[api] = object{"policy": g.forAPI()}
		}
		account["resources"] = resources
	}
	endpoint := object{"vpc": "vpc-1"}
	if g.chance(70) {
		endpoint["policy"] = g.endpoint()
	}
	a["vpcEndpoints"] = object{"vpce-1": endpoint}
	w := object{"version": 1, "time": "2026-03-01T09:30:00Z", "accounts": object{home: a, abroad: b}}
	if g.chance(50) {
		w["organization"] = g.organization()
	}
	var requests array
	for i := range 4 {
		requests = append(requests, g.request(i))
	}
	w["requests"] = requests
	return w
}

func (g generator) organization() object {
	policies := object{"Guard": g.wide(), "Fence": g.wide(), "Perimeter": g.rcp()}
	scps := func() array {
		list := array{}
		for _, name := range []string{"FullAWSAccess", "Guard", "Fence"} {
			if g.chance(map[string]int{"FullAWSAccess": 80, "Guard": 25, "Fence": 20}[name]) {
				list = append(list, name)
			}
		}
		return list
	}
	rcps := func() array {
		if g.chance(30) {
			return array{"RCPFullAWSAccess", "Perimeter"}
		}
		return array{"RCPFullAWSAccess"}
	}
	unit := object{"id": "ou-1", "scps": scps(), "rcps": rcps(), "accounts": array{home}}
	root := object{"id": "r-1", "scps": scps(), "rcps": rcps(), "units": object{"Work": unit}}
	if g.chance(50) {
		root["accounts"] = array{abroad}
	}
	org := object{"id": "o-1", "managementAccount": stranger, "policies": policies, "root": root}
	if g.chance(10) {
		unit["s3PublicAccessBlock"] = pick(g, "all", "none")
	}
	if g.chance(60) {
		org["rootAccess"], org["delegatedAdministrators"] = g.chance(80), array{pick(g, home, abroad)}
	}
	return org
}

func (g generator) request(i int) object {
	q := pick(g, questions...)
	caller := pick(g, ali, ali, ali, shift, shift, shift, bob, bea, bea, visit, visit, kiosk,
		pick(g, rootA, rootB, kiosk), pick(g, "anonymous", service), pick(g, instance, instance, service))
	context := object{}
	add := func(percent int, key string, values ...any) {
		if g.chance(percent) {
			context[key] = pick(g, values...)
		}
	}
	add(70, "aws:SourceIp", "203.0.113.7", "198.51.100.200", "2001:db8::1")
	add(30, "aws:SecureTransport", "true", "false")
	add(20, "aws:MultiFactorAuthAge", "300", "4000")
	add(20, "aws:MultiFactorAuthPresent", "true", "false")
	add(20, "aws:UserAgent", "curl/8", "aws-cli")
	add(15, "aws:CalledVia", array{"athena.amazonaws.com"}, array{"athena.amazonaws.com", "x"})
	add(15, "aws:TokenIssueTime", "2026-03-01T09:00:00Z")
	for _, key := range q.keys {
		switch key {
		case "dynamodb:LeadingKeys":
			add(60, key, array{"ali"}, array{"ali", "x"}, array{"y"})
		case "s3:TlsVersion":
			add(60, key, "1.2", "1.3")
		case "s3:prefix":
			add(60, key, "home/ali/x", "red", "")
		case "s3:x-amz-acl":
			add(60, key, "public-read", "private")
		case "sts:ExternalId":
			add(60, key, "id-1", "red")
		case "sts:TaskPolicyArn":
			add(85, key, "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
				"arn:aws:iam::aws:policy/root-task/None")
		}
	}
	r := object{"name": fmt.Sprintf("r%d", i), "principal": caller, "action": q.action, "resource": pick(g, q.resources...), "context": context}
	if g.chance(10) {
		r["via"] = "vpce-1"
	}
	if g.chance(15) {
		other := pick(g, questions...)
		own := object{"aws:SecureTransport": pick[any](g, "true", "false", nil)}
		for _, key := range q.keys {
			if !slices.Contains(other.keys, key) {
				own[key] = nil // the peer drops the keys that an action does not have
			}
		}
		r["also"] = array{object{"name": "another", "action": other.action, "resource": pick(g, other.resources...),
			"context": own}}
	}
	return r
}
