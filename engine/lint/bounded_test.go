package lint_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/lint"
)

// many joins n texts with commas.
func many(n int, text func(i string) string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(text(strconv.Itoa(i)))
	}
	return b.String()
}

// repeat is n times the same text, joined with commas.
func repeat(n int, text string) string { return many(n, func(string) string { return text }) }

// hostile is a policy of some size whose checks would take the square of it, or
// write that much, were they written without care.
type hostile struct {
	name, typ string
	text      func(n int) string
	// pairs says that all may have to be compared with all.
	pairs bool
}

// allowing is a policy with one statement, whose elements but the Effect are given.
func allowing(elements string) string { return identity(`{"Effect":"Allow",` + elements + `}`) }

func denying(elements string) string { return identity(`{"Effect":"Deny",` + elements + `}`) }

// when is an element with one condition operator.
func when(operator, keys string) string {
	return `"Action":"s3:GetObject","Resource":"*","Condition":{"` + operator + `":{` + keys + `}}`
}

var hostiles = []hostile{
	{"statements that differ", "identity", func(n int) string {
		return identity(many(n,
			func(i string) string { return `{"Effect":"Allow","Action":"s3:Get` + i + `","Resource":"*"}` }))
	}, false},
	{"statements that are the same", "identity", func(n int) string {
		return identity(repeat(n, `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}`))
	}, false},
	{"statements with one Sid", "identity", func(n int) string {
		return identity(repeat(n, `{"Sid":"a","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`))
	}, false},
	{"actions with wildcards", "identity", func(n int) string {
		return allowing(`"Resource":"*","Action":[` + many(n, func(i string) string { return `"s3:*Get` + i + `*"` }) +
			`]`)
	}, true},
	{"actions with wildcards behind ever more letters", "identity", func(n int) string {
		return allowing(`"Resource":"*","Action":["s3:Get*"` +
			strings.Repeat(`,"s3:`+strings.Repeat("a", 50)+`*b"`, n) + `]`)
	}, false},
	{"unknown actions", "identity", func(n int) string {
		return allowing(`"Resource":"*","Action":[` +
			many(n, func(i string) string { return `"s3:Get` + i + `","s` + i + `:Get"` }) + `]`)
	}, false},
	{"resources with wildcards", "identity", func(n int) string {
		return allowing(`"Action":"dynamodb:Query","Resource":[` +
			many(n, func(i string) string { return `"arn:aws:dynamodb:*:*:*` + i + `*"` }) + `]`)
	}, true},
	{"resources of many wildcards", "identity", func(n int) string {
		stars := strings.Repeat("*a?b", 25)
		return allowing(`"Action":"dynamodb:Query","Resource":[` +
			many(n, func(i string) string { return `"arn:aws:dynamodb:*:*:` + stars + i + `"` }) + `]`)
	}, true},
	{"resources of unknown services", "identity", func(n int) string {
		return allowing(`"Action":"s3:GetObject","Resource":[` +
			many(n, func(i string) string { return `"arn:aws:x` + i + `:::a"` }) + `]`)
	}, false},
	{"actions and resources", "identity", func(n int) string {
		return allowing(`"Action":[` + repeat(n, `"dynamodb:Query"`) + `],"Resource":[` +
			many(n, func(i string) string { return `"arn:aws:sqs:*:*:` + i + `"` }) + `]`)
	}, false},
	{"actions on objects and one long bucket", "identity", func(n int) string {
		return allowing(`"Action":[` + repeat(n, `"s3:GetObject"`) + `],"Resource":"arn:aws:s3:::` +
			strings.Repeat("b", 8*n) + `"`)
	}, false},
	{"resources of variables", "identity", func(n int) string {
		return denying(`"Action":"s3:GetObject","Resource":[` +
			many(n, func(i string) string { return `"arn:aws:s3:::b/${aws:username}/` + i + `"` }) + `]`)
	}, false},
	{"one resource of variables", "identity", func(n int) string {
		return denying(`"Action":"s3:GetObject","Resource":"arn:aws:s3:::` + strings.Repeat("${aws:username}", n) +
			`"`)
	}, false},
	{"one resource of variables without a brace", "identity", func(n int) string {
		return denying(`"Action":"s3:GetObject","Resource":"arn:aws:s3:::` + strings.Repeat("${a", n) + `"`)
	}, false},
	{"values of variables", "identity", func(n int) string {
		return denying(when("StringLike",
			`"aws:PrincipalOrgID":[`+many(n, func(i string) string { return `"${aws:username}` + i + `*"` })+`]`))
	}, false},
	{"keys with variables", "identity", func(n int) string {
		return denying(when("StringLike",
			many(n, func(i string) string {
				return `"aws:PrincipalTag/k` + i + `":"${aws:PrincipalTag/k` + i +
					`}"`
			})))
	}, false},
	{"keys of a service", "identity", func(n int) string {
		return denying(when("StringLike", many(n, func(i string) string { return `"s3:k` + i + `":"*"` })))
	}, false},
	{"keys that a Null is missing for", "identity", func(n int) string {
		return allowing(when("ForAllValues:StringNotEquals",
			many(n, func(i string) string { return `"aws:RequestTag/k` + i + `":"*"` })))
	}, false},
	{"keys that differ in case only", "identity", func(n int) string {
		return allowing(when("Null", many(n, func(i string) string {
			return `"aws:RequestTag/` + strings.NewReplacer("0", "a", "1", "A", "2", "b", "3", "B", "4", "c", "5", "C",
				"6", "d", "7", "D", "8", "e", "9", "E").Replace(i) + `":"false"`
		})))
	}, false},
	{"keys and actions", "identity", func(n int) string {
		return denying(`"Action":[` + repeat(n, `"s3:GetObject"`) + `],"Resource":"*","Condition":{"StringEquals":{` +
			many(n, func(i string) string {
				return `"s3:ExistingObjectTag/k` + i + `":"x","aws:ResourceTag/k` + i +
					`":"x"`
			}) + `}}`)
	}, false},
	{"values of several types", "identity", func(n int) string {
		return allowing(when("StringEquals", `"aws:userid":["x",`+many(n, func(i string) string { return i })+`]`))
	}, false},
	{"Regions", "identity", func(n int) string {
		return allowing(when("StringEquals",
			`"aws:RequestedRegion":[`+many(n, func(i string) string { return `"eu-w` + i + `"` })+`]`))
	}, false},
	{"sessions that are spared", "resource:s3", func(n int) string {
		return denying(`"Action":"s3:GetObject","Resource":"*","NotPrincipal":{"AWS":[` +
			many(n, func(i string) string { return `"arn:aws:sts::111122223333:assumed-role/r` + i + `/s"` }) + `]}`)
	}, false},
	{"providers and actions", "trust", func(n int) string {
		return allowing(`"Action":[` + repeat(n, `"sts:AssumeRoleWithSAML"`) + `],"Principal":{"Federated":[` +
			many(n, func(i string) string { return `"arn:aws:iam::111122223333:oidc-provider/h` + i + `.com"` }) +
			`]}`)
	}, false},
	{"providers and claims", "trust", func(n int) string {
		return allowing(`"Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":[` +
			many(n, func(i string) string { return `"arn:aws:iam::111122223333:oidc-provider/h` + i + `.com"` }) +
			`]},"Condition":{"StringEquals":{` + many(n, func(i string) string { return `"g` + i + `.com:aud":"x"` }) +
			`}}`)
	}, true},
}

// output is how much is said about a policy.
func output(found []lint.Finding) (bytes int) {
	for _, f := range found {
		bytes += len(f.Pointer) + len(f.Message) + len(f.Hint) + len(f.FixLabel)
		for _, e := range f.Fix {
			bytes += len(e.Text)
		}
	}
	return bytes
}

func has(found []lint.Finding, code string) bool {
	for _, f := range found {
		if f.Code == code {
			return true
		}
	}
	return false
}

func TestTheWorkForAPolicyGrowsWithItsSizeAndIsBounded(t *testing.T) {
	const n = 250
	for _, h := range hostiles {
		typ, ok := lint.ParseType(h.typ)
		if !ok {
			t.Fatalf("%s: the type is %q", h.name, h.typ)
		}
		small, _ := lint.Work(h.text(n), typ, names())
		large, enough := lint.Work(h.text(4*n), typ, names())
		growth := 5 // linear, and the numbers get longer
		if h.pairs {
			growth = 20
		}
		if large > growth*small+1_000 && enough || large > lint.MaxWork {
			t.Errorf("%s: %d steps at %d, %d at %d", h.name, small, n, large, 4*n)
		}
		found := [2][]lint.Finding{lint.Policy(h.text(n), typ, names()), lint.Policy(h.text(4*n), typ, names())}
		if a, b := output(found[0]), output(found[1]); b > 5*a+10_000 {
			t.Errorf("%s: %d bytes are said at %d, %d at %d", h.name, a, n, b, 4*n)
		}
		checkFindings(t, h.text(4*n), found[1])
	}
}

func TestWhatAHostilePolicyLeavesUnseenIsSaid(t *testing.T) {
	stopped := 0
	for _, h := range hostiles {
		if !h.pairs {
			continue
		}
		typ, _ := lint.ParseType(h.typ)
		text := h.text(4_000)
		if len(text) > engine.MaxBytes {
			t.Fatalf("%s: %d bytes", h.name, len(text))
		}
		steps, enough := lint.Work(text, typ, names())
		if steps > lint.MaxWork {
			t.Errorf("%s: %d steps, expected at most %d", h.name, steps, lint.MaxWork)
		}
		if said := has(lint.Policy(text, typ, names()), "CHECKS_STOPPED"); said == enough {
			t.Errorf("%s: with %d steps the work was enough: %v, and CHECKS_STOPPED was found: %v", h.name, steps,
				enough, said)
		}
		if !enough {
			stopped++
		}
	}
	if stopped < 2 {
		t.Errorf("%d policies were too much, expected some more", stopped)
	}
}

func TestThePoliciesOfAScenarioShareItsWork(t *testing.T) {
	policy := hostiles[3].text(1_000)
	text := `{"version":1,"accounts":{"111122223333":{"policies":{` +
		many(20, func(i string) string { return `"P` + i + `":` + policy }) + `}}}}`
	found := lint.Scenario(engine.NewWorld(engine.Parse(text), nil), names())
	whole := map[engine.Pointer]bool{}
	for _, f := range found {
		if f.Code == "CHECKS_STOPPED" {
			whole[f.Pointer] = true
		}
	}
	if whole["/accounts/111122223333/policies/P0"] || !whole["/accounts/111122223333/policies/P19"] {
		t.Errorf("the work was used up for %v, expected the last and not the first", whole)
	}
}

func BenchmarkHostile(b *testing.B) {
	for _, h := range hostiles {
		typ, _ := lint.ParseType(h.typ)
		for _, n := range []int{1_000, 4_000} {
			text := h.text(n)
			b.Run(h.name+"/"+strconv.Itoa(n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					lint.Policy(text, typ, names())
				}
			})
		}
	}
}
