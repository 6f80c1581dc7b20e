package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/pattern"
)

// part is an unknown part of a policy, like a pattern or, with "", any.
func part(like string) string {
	if like == "" {
		return `{"unknown":"why"}`
	}
	return `{"unknown":"why","like":"` + like + `"}`
}

var onlyWhy = []string{"part why"}

// partRules are the rules of policies with parts that nobody knows.
var partRules = []unknownCase{
	{rule: "an unknown resource of an Allow makes the answer depend",
		world: cast{user: doc(allow("s3:GetObject", part("")))}, want: "depends", names: onlyWhy},
	{rule: "a resource like the request's may cover it", world: cast{user: doc(allow("s3:GetObject", part(box+"/*")))},
		want: "depends", names: onlyWhy},
	{rule: "a resource that is not like the request's does not cover it",
		world: cast{user: doc(allow("s3:GetObject", part("arn:aws:s3:::*-logs/*")))}, want: "implicitDeny"},
	{rule: "a variable in what a resource is like has its value",
		world: cast{user: doc(allow("s3:GetObject", part(box+"/${aws:username}/*")))}, resource: box + "/ali/x",
		want: "depends", names: onlyWhy},
	{rule: "an unknown variable in what a resource is like matters too",
		world: cast{user: doc(allow("s3:GetObject", part(box+"/${x:a}")))}, more: unknown(`"x:a"`), want: "depends",
		names: []string{"key x:a", "part why"}},
	{rule: "an unknown resource does not matter beside a known one that covers",
		world: cast{user: doc(allow("s3:GetObject", `["`+box+`/*",`+part("")+`]`))}, want: "allowed"},
	{rule: "an unknown resource does not matter beside a known Deny",
		world: cast{user: doc(allow("s3:GetObject", part("")), deny("*", object))}, want: "explicitDeny"},
	{rule: "an unknown resource of a Deny makes an Allow depend",
		world: cast{user: doc(allow("*", "*"), deny("s3:GetObject", part("")))}, want: "depends", names: onlyWhy},
	{rule: "an unknown resource does not matter where the action is another",
		world: cast{user: doc(allow("s3:PutObject", part("")))}, want: "implicitDeny"},
	{rule: "an unknown resource does not matter where a boundary stops",
		world: cast{user: doc(allow("s3:GetObject", part(""))), boundary: allowOther}, want: "implicitDeny"},
	{rule: "NotResource may except what is like its unknown value",
		world: cast{user: doc(exceptResources(allow("*", part(box+"/*"))))}, want: "depends", names: onlyWhy},
	{rule: "NotResource excepts nothing outside of its unknown value",
		world: cast{user: doc(exceptResources(allow("*", part(crate+"/*"))))}, want: "allowed"},
	{rule: "NotResource excepts what it lists beside an unknown value",
		world: cast{user: doc(exceptResources(allow("*", `[`+part("")+`,"`+object+`"]`)))}, want: "implicitDeny"},
	{rule: "an unknown action makes the answer depend", world: cast{user: doc(allow(part(""), "*"))}, want: "depends",
		names: onlyWhy},
	{rule: "what an action is like has no case", world: cast{user: doc(allow(part("S3:get*"), "*"))}, want: "depends",
		names: onlyWhy},
	{rule: "an action that is not like the request's does not cover it",
		world: cast{user: doc(allow(part("sqs:*"), "*"))}, want: "implicitDeny"},
	{rule: "an unknown action does not matter beside a known one that covers",
		world: cast{user: doc(allow(`["s3:Get*",`+part("")+`]`, "*"))}, want: "allowed"},
	{rule: "NotAction may except what is like its unknown value",
		world: cast{user: doc(exceptActions(allow(part("s3:*"), "*")))}, want: "depends", names: onlyWhy},
	{rule: "NotAction excepts nothing outside of its unknown value",
		world: cast{user: doc(exceptActions(allow(part("iam:*"), "*")))}, want: "allowed"},
	{rule: "NotAction excepts what it lists beside an unknown value",
		world: cast{user: doc(exceptActions(allow(`["s3:*",`+part("")+`]`, "*")))}, want: "implicitDeny"},
	{rule: "two unknown parts that must both match are both named",
		world: cast{user: doc(allow(part(""), `{"unknown":"where"}`))}, want: "depends",
		names: []string{"part where", "part why"}},
	{rule: "an unknown part is found among many statements",
		world: cast{user: doc(slices.Repeat([]string{allow("sqs:SendMessage", "*"), allow(part("s3:*"), "*")},
			12)...)}, want: "depends", names: slices.Repeat(onlyWhy, 12)},

	{rule: "an unknown principal of a bucket policy makes the answer depend",
		world: cast{box: doc(to(aws(part("")), allow("s3:GetObject", "*")))}, want: "depends", names: onlyWhy},
	{rule: "an unknown Principal makes the answer depend",
		world: cast{box: doc(to(part(""), allow("s3:GetObject", "*")))}, want: "depends", names: onlyWhy},
	{rule: "a principal that is not like the caller does not name it",
		world: cast{box: doc(to(aws(part("arn:aws:iam::222222222222:*")), allow("s3:GetObject", "*")))},
		want:  "implicitDeny"},
	{rule: "a role that is like a pattern names its sessions",
		world:  cast{box: doc(to(aws(part("arn:aws:iam::111111111111:role/team/*")), allow("s3:GetObject", "*")))},
		caller: shift, want: "depends", names: onlyWhy},
	{rule: "an account as the pattern stands for all that is in it",
		world: cast{box: doc(to(aws(part(accA)), allow("s3:GetObject", "*")))}, want: "depends", names: onlyWhy},
	{rule: "an unknown principal that may only be the account delegates",
		world: cast{box: doc(to(aws(part(rootA)), allow("s3:GetObject", "*")))}, want: "implicitDeny"},
	{rule: "an unknown principal may name a caller more directly than the account",
		world: cast{box: doc(to(aws(`["`+accA+`",`+part(ali)+`]`), allow("s3:GetObject", "*")))}, want: "depends",
		names: onlyWhy},
	{rule: "an unknown principal does not matter beside everyone",
		world: cast{box: doc(to(aws(`["*",`+part("")+`]`), allow("s3:GetObject", "*")))}, want: "allowed"},
	{rule: "an unknown service may be the caller",
		world: cast{box: doc(to(`{"Service":`+part("logs.*")+`}`, allow("s3:GetObject", "*")))}, caller: service,
		want: "depends", names: onlyWhy},
	{rule: "an unknown service is no user",
		world: cast{box: doc(to(`{"Service":`+part("")+`}`, allow("s3:GetObject", "*")))}, want: "implicitDeny"},
	{rule: "an unknown principal may be everyone",
		world: cast{box: doc(to(aws(part("")), allow("s3:GetObject", "*")))}, caller: nobody, want: "depends",
		names: onlyWhy},
	{rule: "an unknown principal of a role trust policy makes the answer depend",
		world: cast{trust: doc(trusting(aws(part("")), "sts:AssumeRole"))}, action: "sts:AssumeRole", resource: worker,
		want: "depends", names: onlyWhy},
	{rule: "an unknown principal of a key policy may be the account",
		world: cast{user: allowAll, key: doc(to(aws(part(accA)), allow("*", "*")))}, action: "kms:Decrypt",
		resource: key, want: "depends", names: onlyWhy},
	{rule: "NotPrincipal may list the whole caller",
		world: cast{user: allowAll, box: doc(but(aws(part("")), deny("*", "*")))}, want: "depends", names: onlyWhy},
	{rule: "NotPrincipal may list what its known values leave out",
		world: cast{user: allowAll, box: doc(but(aws(`["`+accA+`",`+part(ali)+`]`), deny("*", "*")))}, want: "depends",
		names: onlyWhy},
	{rule: "NotPrincipal lists no caller that its unknown value is not like",
		world: cast{user: allowAll, box: doc(but(aws(part("arn:aws:iam::222222222222:*")), deny("*", "*")))},
		want:  "explicitDeny"},

	{rule: "an unknown value of a condition makes the answer depend",
		world: conditional(`"StringEquals":{"x:a":` + part("") + `}`), more: context(`"x:a":"1"`), want: "depends",
		names: onlyWhy},
	{rule: "a value that is not like the request's does not match",
		world: conditional(`"StringEquals":{"x:a":` + part("2*") + `}`), more: context(`"x:a":"1"`),
		want: "implicitDeny"},
	{rule: "a known value that matches settles a condition",
		world: conditional(`"StringEquals":{"x:a":["1",` + part("") + `]}`), more: context(`"x:a":"1"`),
		want: "allowed"},
	{rule: "a known value that matches settles a negated condition",
		world: conditional(`"StringNotEquals":{"x:a":["1",` + part("") + `]}`), more: context(`"x:a":"1"`),
		want: "implicitDeny"},
	{rule: "an unknown value of a negated operator makes the answer depend",
		world: conditional(`"StringNotLike":{"x:a":` + part("") + `}`), more: context(`"x:a":"1"`), want: "depends",
		names: onlyWhy},
	{rule: "a negated operator holds outside of its unknown value",
		world: conditional(`"StringNotEquals":{"x:a":` + part("2*") + `}`), more: context(`"x:a":"1"`),
		want: "allowed"},
	{rule: "an unknown value does not matter where the key is absent",
		world: conditional(`"StringEquals":{"x:a":` + part("") + `}`), want: "implicitDeny"},
	{rule: "IfExists holds for an absent key whatever the value",
		world: conditional(`"StringEqualsIfExists":{"x:a":` + part("") + `}`), want: "allowed"},
	{rule: "an unknown value may match some of a list",
		world: conditional(`"ForAnyValue:StringEquals":{"x:a":` + part("") + `}`), more: context(`"x:a":["1","2"]`),
		want: "depends", names: onlyWhy},
	{rule: "unknown values may match all of a list",
		world: conditional(`"ForAllValues:StringEquals":{"x:a":["1",` + part("") + `]}`),
		more:  context(`"x:a":["1","2","3"]`), want: "depends", names: onlyWhy},
	{rule: "ForAllValues fails for a text that no value is like",
		world: conditional(`"ForAllValues:StringEquals":{"x:a":` + part("1*") + `}`), more: context(`"x:a":["1","2"]`),
		want: "implicitDeny"},
	{rule: "ForAllValues holds for an empty list whatever the value",
		world: conditional(`"ForAllValues:StringEquals":{"x:a":` + part("") + `}`), more: context(`"x:a":[]`),
		want: "allowed"},
	{rule: "an unknown number makes the answer depend",
		world: conditional(`"NumericLessThan":{"x:a":` + part("") + `}`), more: context(`"x:a":"5"`), want: "depends",
		names: onlyWhy},
	{rule: "a text that is no number fits no unknown number",
		world: conditional(`"NumericLessThan":{"x:a":` + part("") + `}`), more: context(`"x:a":"five"`),
		want: "implicitDeny"},
	{rule: "an unknown date makes the answer depend", world: conditional(`"DateGreaterThan":{"x:a":` + part("") + `}`),
		more: context(`"x:a":"2026-01-01T00:00:00Z"`), want: "depends", names: onlyWhy},
	{rule: "an unknown address range makes the answer depend",
		world: conditional(`"IpAddress":{"aws:SourceIp":` + part("") + `}`),
		more:  context(`"aws:SourceIp":"203.0.113.7"`), want: "depends", names: onlyWhy},
	{rule: "an unknown truth value makes the answer depend", world: conditional(`"Bool":{"x:a":` + part("") + `}`),
		more: context(`"x:a":"true"`), want: "depends", names: onlyWhy},
	{rule: "an unknown ARN makes the answer depend",
		world: conditional(`"ArnLike":{"x:a":` + part("arn:aws:s3:::*") + `}`), more: context(`"x:a":"` + box + `"`),
		want: "depends", names: onlyWhy},
	{rule: "an unknown ARN is like no other service's",
		world: conditional(`"ArnLike":{"x:a":` + part("arn:aws:sqs:*:*:*") + `}`),
		more:  context(`"x:a":"` + box + `"`), want: "implicitDeny"},
	{rule: "an unknown value of Null makes the answer depend", world: conditional(`"Null":{"x:a":` + part("") + `}`),
		want: "depends", names: onlyWhy},
	{rule: "an unknown value of Null does not matter where both are listed",
		world: conditional(`"Null":{"x:a":["true","false",` + part("") + `]}`), want: "allowed"},
	{rule: "an unknown value and an unknown key both matter",
		world: conditional(`"StringEquals":{"x:a":` + part("") + `}`), more: unknown(`"x:a"`), want: "depends",
		names: []string{"key x:a", "part why"}},
	{rule: "an unknown value does not matter where the unknown key is negated beside it",
		world: conditional(`"StringEquals":{"x:a":` + part("a*") + `},"StringNotLike":{"x:a":"a*"}`),
		more:  unknown(`"x:a"`), want: "implicitDeny"},
	{rule: "an unknown value of Null and an unknown key both matter",
		world: conditional(`"Null":{"x:a":` + part("") + `}`), more: unknown(`"x:a"`), want: "depends",
		names: []string{"part why"}},

	{rule: "an unknown statement makes the answer depend", world: cast{user: doc(part(""))}, want: "depends",
		names: onlyWhy},
	{rule: "an unknown statement can still deny what another allows",
		world: cast{user: doc(allow("*", "*"), part(""))}, want: "depends", names: onlyWhy},
	{rule: "an unknown statement does not matter beside a known Deny",
		world: cast{user: doc(deny("*", "*"), part(""))}, want: "explicitDeny"},
	{rule: "an unknown statement of a bucket policy makes the answer depend", world: cast{box: doc(part(""))},
		want: "depends", names: onlyWhy},
	{rule: "an unknown statement of a policy that does not apply does not matter",
		world: cast{user: allowGet, role: doc(part(""))}, want: "allowed"},

	{rule: "a part of which two checks ask is one fact", world: cast{user: doc(allow(part("s3:*"), "*"))},
		more: `"also":[{"action":"s3:PutObject","resource":"` + object + `"}]`, want: "depends", names: onlyWhy},
}

func TestPartRules(t *testing.T) {
	for _, c := range partRules {
		t.Run(c.rule, c.check)
	}
}

// partsOf are the unknown parts of a world's policies, each with the values that
// may stand in its place and a way to put one there. None stands for no value.
func partsOf(v any, element string) (out []func() (values []any, put func(any))) {
	visit := func(child any, element string, put func(any)) {
		o, isObject := child.(fields)
		if why, _ := o["unknown"].(string); isObject && why != "" {
			like, _ := o["like"].(string)
			out = append(out, func() ([]any, func(any)) { return replacements(element, like), put })
			return
		}
		out = append(out, partsOf(child, element)...)
	}
	switch v := v.(type) {
	case fields:
		for name := range v {
			under := name
			switch {
			case element == "Condition", strings.HasPrefix(element, "Condition "):
				under = "Condition " + name
				if element != "Condition" {
					under = element // the key; the operator decides
				}
			case element == "Principal", element == "NotPrincipal":
				under = element + " " + name
			case name == "requests":
				continue
			}
			visit(v[name], under, func(x any) { v[name] = x })
		}
	case items:
		for i := range v {
			visit(v[i], element, func(x any) { v[i] = x })
		}
	}
	return out
}

// replacements are values for an unknown part: such as match the requests of
// the rules, and none at all.
func replacements(element, like string) []any {
	var texts []string
	switch {
	case element == "Statement":
		out := []any{items{}}
		for _, effect := range []string{"Allow", "Deny"} {
			out = append(out, fields{"Effect": effect, "Action": "*", "Resource": "*"},
				fields{"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*"})
		}
		return out
	case strings.HasSuffix(element, "Action"):
		texts = []string{"s3:GetObject", "s3:PutObject", "s3:*", "*"}
	case strings.HasSuffix(element, "Resource"):
		texts = []string{object, box + "/ali/x", box + "/*", "*"}
	case strings.HasSuffix(element, "Principal"):
		out := []any{fields{"AWS": items{}}, fields{"Service": service}, "*"}
		for _, v := range replacements(element+" AWS", like) {
			out = append(out, fields{"AWS": v})
		}
		return out
	case strings.HasSuffix(element, "Principal AWS"):
		texts = []string{accA, rootA, ali, worker, shift, "*"}
	case strings.HasSuffix(element, "Principal Service"):
		texts = []string{service}
	case strings.Contains(element, "Numeric"):
		texts = []string{"0", "9"}
	case strings.Contains(element, "Date"):
		texts = []string{"2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z"}
	case strings.Contains(element, "Ip"):
		texts = []string{"203.0.113.0/24", "198.51.100.0/24"}
	case strings.Contains(element, "Bool"), strings.Contains(element, "Null"):
		texts = []string{"true", "false"}
	default:
		texts = []string{"1", "2", "3", "a", "ali", box, "*"}
	}
	p, _ := pattern.Compile(or(like, "*"), pattern.Options{Wildcards: true, FoldCase: true}, nil)
	out, all := []any{items{}}, items{}
	for _, text := range texts {
		v, _ := pattern.Compile(text, pattern.Options{Wildcards: true, FoldCase: true}, nil)
		steps := 1 << 20
		inAccount := like == accA && strings.Contains(text, accA)
		if pattern.Covers(&p, &v, &steps) || strings.Contains(like, "${") || inAccount {
			out, all = append(out, text), append(all, text)
		}
	}
	return append(out, all)
}

// flat is a world without lists in lists, which replacing leaves behind.
func flat(v any) any {
	switch v := v.(type) {
	case fields:
		for name := range v {
			v[name] = flat(v[name])
		}
	case items:
		var out = items{}
		for _, item := range v {
			if inner, ok := item.(items); ok {
				out = append(out, flat(inner).(items)...)
				continue
			}
			out = append(out, flat(item))
		}
		return out
	}
	return v
}

// eachReplacement calls check with the world in which every unknown part has a value.
func eachReplacement(world fields, check func(world fields)) {
	parts := partsOf(world, "")
	if len(parts) == 0 {
		check(flat(copied(world)).(fields))
		return
	}
	values, _ := parts[0]()
	for n := range values {
		next := copied(world)
		values, put := partsOf(next, "")[0]()
		put(values[n])
		eachReplacement(next, check)
	}
}

func TestEveryReplacementOfUnknownPartsAgreesWithTheAnswer(t *testing.T) {
	documents := map[string]string{}
	for _, c := range partRules {
		if !strings.Contains(c.rule, "many statements") { // too many replacements
			documents[c.rule] = c.world.document(ruleCase{caller: c.caller, action: c.action, resource: c.resource,
				more: c.more}.request())
		}
	}
	for _, c := range serviceRules {
		if strings.Contains(c.account, part("")) {
			documents[c.rule] = c.document()
		}
	}
	for rule, text := range documents {
		e := evaluate(t, text)
		var found engine.Decisions
		eachReplacement(decode(text), func(world fields) {
			text := encode(world)
			if slices.ContainsFunc(engine.Parse(text).Diagnostics,
				func(d engine.Diagnostic) bool { return d.Severity == engine.Error }) {
				return // a statement of another kind of policy
			}
			one := evaluate(t, text)
			for _, d := range one.Call.Possible.List() {
				found |= 1 << d
			}
		})
		if found != e.Call.Possible {
			t.Errorf("%s: the answer is %v, and replacements lead to %v\n%s", rule, e.Call.Possible.List(),
				found.List(), text)
		}
	}
}
