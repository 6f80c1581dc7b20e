package engine

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// many joins n texts.
func many(n int, text func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = text(i)
	}
	return strings.Join(parts, ",")
}

// numbered joins n copies of a text that has the copy's number for each %d.
func numbered(n int, text string) string {
	return many(n, func(i int) string { return strings.ReplaceAll(text, "%d", fmt.Sprint(i)) })
}

func inAccount(members string) string {
	return `{"version":1,"accounts":{"111122223333":{` + members + `}},"requests":[]}`
}

func asking(members, requests string) string {
	return `{"version":1,"accounts":{"111122223333":{` + members + `}},"requests":[` + requests + `]}`
}

func withStatement(members string) string {
	return inAccount(`"policies":{"p":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*",` + members + `}}}`)
}

// wrongs are documents that are wrong in each of n members.
var wrongs = []struct {
	name  string
	text  func(n int) string
	found int // findings for each member
}{
	{"unknown members of a scenario",
		func(n int) string { return `{"version":1,"accounts":{},` + numbered(n, `"member%d":1`) + `}` }, 1},
	{"unknown members of an account", func(n int) string { return inAccount(numbered(n, `"policy%d":1`)) }, 1},
	{"unknown members of users",
		func(n int) string { return inAccount(`"users":{` + numbered(n, `"u%d":{"polices":[]}`) + `}`) }, 1},
	{"one key again and again", func(n int) string { return inAccount(`"name":"a",` + numbered(n, `"name":"b"`)) }, 1},
	{"each key twice", func(n int) string {
		return inAccount(`"users":{` + numbered(n, `"u%d":{}`) + "," + numbered(n, `"u%d":{}`) + `}`)
	}, 1},
	{"values of another type", func(n int) string { return inAccount(`"users":{` + numbered(n, `"u%d":7`) + `}`) }, 1},
	{"items of another type",
		func(n int) string { return inAccount(`"users":{"u":{"policies":[` + numbered(n, `%d`) + `]}}`) }, 1},
	{"names that no user can have",
		func(n int) string { return inAccount(`"users":{` + numbered(n, `"u %d":{}`) + `}`) }, 1},
	{"names that differ in case", func(n int) string {
		return inAccount(`"users":{` + numbered(n, `"u%d":{}`) + "," + numbered(n, `"U%d":{}`) + `}`)
	}, 1},
	{"unknown elements of a statement", func(n int) string { return withStatement(numbered(n, `"Action%d":"*"`)) }, 1},
	{"unknown operators", func(n int) string {
		return withStatement(`"Condition":{` + numbered(n, `"StringEqual%d":{"aws:a":"b"}`) + `}`)
	}, 1},
	{"condition keys without a prefix", func(n int) string {
		return withStatement(`"Condition":{"StringEquals":{` + numbered(n, `"key%d":"b"`) + `}}`)
	}, 1},
	{"unknown types of principals", func(n int) string {
		return inAccount(`"roles":{"r":{"trust":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{` +
			numbered(n, `"AWS%d":"*"`) + `}}}}}`)
	}, 1},
	{"actions that are none", func(n int) string {
		return inAccount(`"policies":{"p":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":[` +
			numbered(n, `"a%d"`) + `],"Resource":"*"}}}`)
	}, 1},
	{"effects that are none", func(n int) string {
		return inAccount(`"policies":{"p":{"Version":"2012-10-17","Statement":[` +
			numbered(n, `{"Effect":"allow","Action":"*","Resource":"*"}`) + `]}}`)
	}, 1},
	{"one Sid again and again", func(n int) string {
		return inAccount(`"policies":{"p":{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow","Action":"*","Resource":"*"},` +
			numbered(n, `{"Sid":"S","Effect":"Allow","Action":"*","Resource":"*"}`) + `]}}`)
	}, 1},
	{"policies without a version", func(n int) string {
		return inAccount(`"policies":{` + numbered(n, `"p%d":{"Statement":[]}`) + `}`)
	}, 1},
	{"references to policies that are not there", func(n int) string {
		return inAccount(`"policies":{` + numbered(n, `"p%d":{"Version":"2012-10-17","Statement":[]}`) +
			`},"users":{"u":{"policies":[` + numbered(n, `"q%d"`) + `]}}`)
	}, 1},
	{"references to groups that are not there", func(n int) string {
		return inAccount(`"groups":{` + numbered(n, `"g%d":{}`) + `},"users":{"u":{"groups":[` + numbered(n, `"h%d"`) +
			`]}}`)
	}, 1},
	{"references to policies that no organization has", func(n int) string {
		return `{"version":1,"accounts":{},"organization":{"id":"o-1","policies":{` +
			numbered(n, `"p%d":{"Version":"2012-10-17","Statement":[]}`) +
			`},"root":{"scps":[` + numbered(n, `"q%d"`) + `]}}}`
	}, 1},
	{"managed policies that no library has", func(n int) string {
		return inAccount(`"users":{"u":{"policies":[` + numbered(n, `"arn:aws:iam::aws:policy/p%d"`) + `]}}`)
	}, 1},
	{"roles of resources that are not there", func(n int) string {
		return inAccount(`"roles":{` + numbered(n, `"r%d":{}`) + `},"resources":{` +
			numbered(n, `"arn:aws:s3:::b%d":{"role":"s%d"}`) + `}`)
	}, 1},
	{"requests by users that are not there", func(n int) string {
		return asking(`"users":{`+numbered(n, `"u%d":{}`)+`}`,
			numbered(n,
				`{"name":"n","principal":"arn:aws:iam::111122223333:user/v%d","action":"s3:GetObject","resource":"*"}`))
	}, 1},
	{"requests by names of users", func(n int) string {
		return asking(`"users":{`+numbered(n, `"u%d":{}`)+`}`,
			numbered(n, `{"name":"n","principal":"u%d","action":"s3:GetObject","resource":"*"}`))
	}, 1},
	{"requests through endpoints that are not there", func(n int) string {
		return asking(`"vpcEndpoints":{`+numbered(n, `"vpce-1%d":{}`)+`}`,
			numbered(n,
				`{"name":"n","principal":"anonymous","action":"s3:GetObject","resource":"*","via":"vpce-2%d"}`))
	}, 1},
	{"requests that are no objects", func(n int) string { return asking("", numbered(n, `%d`)) }, 1},
	{"requests without members", func(n int) string { return asking("", numbered(n, `{}`)) }, 4},
	{"decisions that are none", func(n int) string {
		return asking("", numbered(n,
			`{"name":"n","principal":"anonymous","action":"s3:GetObject","resource":"*","expect":"alowed"}`))
	}, 1},
	{"lost commas", func(n int) string { return inAccount(`"users":{` + strings.Repeat(`"u":{} `, n+1) + `}`) }, 2},
	{"depths", func(n int) string {
		return inAccount(numbered(n, `"users":`+strings.Repeat("[", MaxDepth)+strings.Repeat("]", MaxDepth)))
	}, 2},
}

// cost is how often and how much memory is allocated to read a text and make it
// ready.
func cost(text string) (times, bytes uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	NewWorld(Parse(text), nil)
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc
}

func TestWhatIsWrongIsReadInLinearTime(t *testing.T) {
	const n = 1500
	for _, wrong := range wrongs {
		t.Run(wrong.name, func(t *testing.T) {
			times, bytes := cost(wrong.text(n))
			manyTimes, manyBytes := cost(wrong.text(4 * n))
			// Four times the text, and lists that grow by doubling.
			if manyTimes > 5*times || manyBytes > 6*bytes {
				t.Errorf("%d allocations of %d bytes became %d of %d with four times the members", times, bytes,
					manyTimes, manyBytes)
			}
		})
	}
}

func TestOfManyFindingsAHundredAreListedAndTheRestCounted(t *testing.T) {
	for _, wrong := range wrongs {
		for _, n := range []int{1, 99, 150, 700} {
			w := NewWorld(Parse(wrong.text(n)), nil)
			want := wrong.found * n
			if got := len(w.Diagnostics) + w.More; got < want || got > want+2 ||
				len(w.Diagnostics) != min(got, MaxDiagnostics) {
				t.Errorf("%s: %d findings and %d more, expected %d", wrong.name, len(w.Diagnostics), w.More, want)
			}
			if !slices.IsSortedFunc(w.Diagnostics, func(a, b Diagnostic) int { return a.Start - b.Start }) {
				t.Errorf("%s: the findings are not in the order of the text", wrong.name)
			}
		}
	}
}

func TestErrorsAreListedBeforeAllElse(t *testing.T) {
	policies := numbered(300, `"p%d":{"Statement":[]}`) // each with a warning
	w := NewWorld(Parse(inAccount(`"policies":{`+policies+`},"users":{"u":{"groups":["nobody"],"polices":[]}}`)), nil)
	var errors []string
	for _, d := range w.Diagnostics {
		if d.Severity == Error {
			errors = append(errors, d.Code)
		}
	}
	if !slices.Equal(errors, []string{"DANGLING_REFERENCE", "UNKNOWN_MEMBER"}) ||
		len(w.Diagnostics) != MaxDiagnostics || w.More != 202 {
		t.Errorf("%d findings with the errors %q, and %d more", len(w.Diagnostics), errors, w.More)
	}
	if first := w.Diagnostics[0]; first.Pointer != "/accounts/111122223333/policies/p0" {
		t.Errorf("the first finding is at %s", first.Pointer)
	}
}

func TestAPolicyIsBrokenWhetherItsErrorIsListedOrNot(t *testing.T) {
	const sound, broken = `{"Version":"2012-10-17","Statement":[]}`,
		`{"Version":"2012-10-17","Statement":[],"Sid":"x"}`
	s := Parse(inAccount(numbered(500, `"x%d":1`) + `,"policies":{"sound":` + sound + `,"broken":` + broken + `}`))
	for _, p := range s.Accounts[0].Policies {
		if (p.Name == "broken") != (p.State == Broken) {
			t.Errorf("the policy %s is %s", p.Name, p.State)
		}
	}
}
