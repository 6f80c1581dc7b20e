package compare

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
	"github.com/iam-playground/iam-playground/scenarios"
)

func between(before, after string) *Comparison {
	return New(engine.Parse(before), engine.Parse(after), nil, sample.Catalog(), Limit)
}

func all(x *Comparison) []Change { return x.Next(x.Total()) }

// lines are changes as readable text.
func lines(list []Change) (out []string) {
	for _, c := range list {
		for _, action := range c.Actions {
			line := fmt.Sprintf("%s %s %s: %v → %v", c.Principal[strings.LastIndexAny(c.Principal, ":/")+1:], action, c.Resource, c.Answers[0].Decision, c.Answers[1].Decision)
			if c.Via != "" {
				line += " via " + c.Via
			}
			out = append(out, line)
		}
	}
	return out
}

// office is a world with two users, a role and a bucket.
func office(ali, bucket, more string) string {
	if bucket != "" {
		bucket = `"policy": {"Version": "2012-10-17", "Statement": [` + bucket + `]}`
	}
	return `{"version": 1, "accounts": {"111122223333": {
		"policies": {"P": {"Version": "2012-10-17", "Statement": [` + ali + `]}},
		"users": {"ali": {"policies": ["P"]}, "bob": {}},
		"resources": {"arn:aws:s3:::reports": {` + bucket + `}}` + more + `}},
		"requests": [{"name": "Ali reads", "principal": "arn:aws:iam::111122223333:user/ali", "action": "s3:GetObject", "resource": "arn:aws:s3:::reports/q1"}]}`
}

const (
	read = `{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}`
	puts = `{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::reports/*"}`
	keep = `{"Effect": "Deny", "Action": "s3:DeleteObject*", "Resource": "*"}`
)

func TestOnlyActionsWhoseAnswersChangeAreListed(t *testing.T) {
	for name, c := range map[string]struct {
		before, after string
		want          []string
	}{
		"a statement more": {office(read, "", ""), office(read+","+puts, "", ""),
			[]string{"ali s3:PutObject arn:aws:s3:::reports/example: implicitDeny → allowed", "ali s3:PutObject arn:aws:s3:::reports/q1: implicitDeny → allowed"}},
		"another layout, another Sid, another order": {office(read+","+puts, "", ""), office(puts+", "+strings.Replace(read, "Read", "R", 1), "", ""), nil},
		"an action that was allowed anyway":          {office(read, "", ""), office(read+`, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/q1"}`, "", ""), nil},
		"an attachment less": {office(read, "", ""), strings.Replace(office(read, "", ""), `"policies": ["P"]`, `"policies": []`, 1),
			[]string{"ali s3:GetObject arn:aws:s3:::reports/example: allowed → implicitDeny", "ali s3:GetObject arn:aws:s3:::reports/q1: allowed → implicitDeny"}},
		"a user who comes": {office(read, "", ""), strings.Replace(office(read, "", ""), `"bob": {}`, `"bob": {}, "eve": {"policies": ["P"]}`, 1),
			[]string{"eve s3:GetObject arn:aws:s3:::reports/example: invalid → allowed", "eve s3:GetObject arn:aws:s3:::reports/q1: invalid → allowed"}},
		"a bucket policy": {office(read, "", ""), office(read, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/bob"}, "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}`, ""),
			[]string{"bob s3:ListBucket arn:aws:s3:::reports: implicitDeny → allowed"}},
		"a condition": {office(read, "", ""), office(strings.Replace(read, `"arn:aws:s3:::reports/*"`, `"arn:aws:s3:::reports/*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}`, 1), "", ""),
			[]string{"ali s3:GetObject arn:aws:s3:::reports/example: allowed → depends", "ali s3:GetObject arn:aws:s3:::reports/q1: allowed → depends"}},
		"a trust policy": {office(read, "", `,"roles": {"R": {"trust": {"Version": "2012-10-17", "Statement": []}}}`),
			office(read, "", `,"roles": {"R": {"trust": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}}}`),
			[]string{"ec2.amazonaws.com sts:AssumeRole arn:aws:iam::111122223333:role/R: implicitDeny → allowed"}},
		"a VPC endpoint's policy": {office(read, "", `,"vpcEndpoints": {"vpce-1": {"policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}}}`),
			office(read, "", `,"vpcEndpoints": {"vpce-1": {"policy": {"Version": "2012-10-17", "Statement": []}}}`),
			[]string{"anonymous s3:GetObject arn:aws:s3:::example/example: depends → depends via vpce-1", "ali s3:GetObject arn:aws:s3:::reports/example: allowed → implicitDeny via vpce-1", "ali s3:GetObject arn:aws:s3:::reports/q1: allowed → implicitDeny via vpce-1"}},
		"a tag that a condition asks for": {office(strings.Replace(read, `"arn:aws:s3:::reports/*"`, `"arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}`, 1), "", ""),
			strings.Replace(office(strings.Replace(read, `"arn:aws:s3:::reports/*"`, `"arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}`, 1), "", ""), `"ali": {`, `"ali": {"tags": {"team": "red"}, `, 1),
			[]string{"ali s3:GetObject arn:aws:s3:::reports/example: implicitDeny → allowed", "ali s3:GetObject arn:aws:s3:::reports/q1: implicitDeny → allowed"}},
		"a value that becomes known": {office(strings.Replace(read, `"arn:aws:s3:::reports/*"`,
			`{"unknown": "a parameter", "like": "arn:aws:s3:::*/*"}`, 1), "", ""), office(read, "", ""),
			[]string{"ali s3:GetObject arn:aws:s3:::example/example: depends → implicitDeny",
				"ali s3:GetObject arn:aws:s3:::reports/example: depends → allowed",
				"ali s3:GetObject arn:aws:s3:::reports/q1: depends → allowed"}},
		"an action that becomes known": {office(strings.Replace(read, `"s3:GetObject"`,
			`{"unknown": "a parameter", "like": "s3:PutObject"}`, 1), "", ""), office(read, "", ""),
			[]string{"ali s3:GetObject arn:aws:s3:::reports/example: implicitDeny → allowed",
				"ali s3:PutObject arn:aws:s3:::reports/example: depends → implicitDeny",
				"ali s3:GetObject arn:aws:s3:::reports/q1: implicitDeny → allowed",
				"ali s3:PutObject arn:aws:s3:::reports/q1: depends → implicitDeny"}},
		"an unknown statement that was there before": {office(read+`, {"unknown": "a macro"}`, "", ""),
			office(`{"unknown": "a macro"}, `+read, "", ""), nil},
		"titles, stories and requests": {office(read, "", ""),
			strings.Replace(office(read, "", ""), `"version": 1`, `"version": 1, "title": "Other", "description": "d"`,
				1), nil},
	} {
		if got := lines(all(between(c.before, c.after))); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%s\nexpected\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func TestAWiderResourceShowsAtAnExampleOfEachTypeAndNotWhereItWasAllowed(t *testing.T) {
	got := strings.Join(lines(all(between(office(read, "", ""), office(strings.Replace(read, "arn:aws:s3:::reports/*", "*", 1), "", "")))), "\n")
	if !strings.Contains(got, "ali s3:GetObject arn:aws:s3:::example/example: implicitDeny → allowed") || strings.Contains(got, "reports/") {
		t.Error(got)
	}
}

func TestAnotherRangeIsAnotherAnswerThoughBothDepend(t *testing.T) {
	within := func(ip string) string {
		return office(strings.Replace(read, `"arn:aws:s3:::reports/*"`, `"arn:aws:s3:::reports/*", "Condition": {"IpAddress": {"aws:SourceIp": "`+ip+`"}}`, 1), "", "")
	}
	list := all(between(within("203.0.113.0/24"), within("198.51.100.0/24")))
	if len(list) != 2 ||
		list[0].Answers[0].On != "aws:SourceIp 203.0.113.0/24: allowed, anything else: implicitDeny" ||
		!strings.Contains(list[0].Answers[1].On, "198.51.100.0/24: allowed") {
		t.Errorf("%+v", list)
	}
}

func TestAnUnreadablePolicyTouchesEveryAction(t *testing.T) {
	x := between(office(read, "", ""), strings.Replace(office(read, "", ""), `"policies": ["P"]`, `"policies": ["P", "unknown"]`, 1))
	touched := 0
	for _, s := range sample.Services() {
		touched += len(s.Actions)
	}
	list := all(x)
	seen := map[string]bool{}
	for _, c := range list {
		for _, a := range c.Actions {
			seen[a] = true
		}
		if c.Answers[1].Decision != engine.Depends {
			t.Errorf("%+v", c)
		}
	}
	// GetCallerIdentity is allowed whatever policies say.
	if len(seen) != touched-1 || seen["sts:GetCallerIdentity"] {
		t.Errorf("%d actions, expected %d", len(seen), touched-1)
	}
}

func TestRequestsAreTheSameByNameElseByNumber(t *testing.T) {
	const ask = `{"name": "%s", "principal": "arn:aws:iam::111122223333:user/ali", "action": "%s", "resource": "arn:aws:s3:::reports/q1"}`
	world := func(statements string, requests ...string) string {
		text := office(statements, "", "")
		return text[:strings.Index(text, `"requests": [`)] + `"requests": [` + strings.Join(requests, ",") + `]}`
	}
	get, put := fmt.Sprintf(ask, "get", "s3:GetObject"), fmt.Sprintf(ask, "put", "s3:PutObject")
	for name, c := range map[string]struct {
		before, after string
		want          []string
		asked         int
	}{
		"the same":           {world(read, get, put), world(read, get, put), nil, 2},
		"in another order":   {world(read, get, put), world(read, put, get), nil, 2},
		"renamed":            {world(read, get), world(read, fmt.Sprintf(ask, "read", "s3:GetObject")), nil, 1},
		"allowed now":        {world(read, get, put), world(read+","+puts, get, put), []string{"put 1 1 false implicitDeny → allowed [identity]"}, 2},
		"added":              {world(read, get), world(read, get, put), []string{"put -1 1 false invalid → implicitDeny [identity]"}, 2},
		"removed":            {world(read, get, put), world(read, put), []string{"get 0 -1 false allowed → invalid []"}, 2},
		"another question":   {world(read, get), world(read, fmt.Sprintf(ask, "get", "s3:PutObject")), []string{"get 0 0 true allowed → implicitDeny [identity]"}, 1},
		"another expected":   {world(read, get), world(read, strings.Replace(get, `"name"`, `"expect": "denied", "name"`, 1)), nil, 1},
		"decided by another": {world(read, put), world(read+`,{"Effect":"Deny","Action":"*","Resource":"*"}`, put), []string{"put 0 0 false implicitDeny → explicitDeny [identity]"}, 1},
	} {
		changes, asked := between(c.before, c.after).Requests()
		var got []string
		for _, r := range changes {
			got = append(got, fmt.Sprintf("%s %d %d %v %v → %v %v", r.Name, r.Before, r.After, r.Edited, r.Answers[0].Decision, r.Answers[1].Decision, r.Answers[1].DecidedBy))
		}
		if !slices.Equal(got, c.want) || asked != c.asked {
			t.Errorf("%s: %q of %d, expected %q of %d", name, got, asked, c.want, c.asked)
		}
	}
}

// variants are the texts of a scenario with one statement left out or, with a
// Deny of one action, put in, for every policy of it.
func variants(t *testing.T, text string) (without, denied []string) {
	t.Helper()
	s := engine.Parse(text)
	for _, p := range s.Policies() {
		statements := p.At.Member("Statement")
		if p.State != engine.Known || statements == nil || statements.Text != "" || len(statements.Items) == 0 || text[statements.Start] != '[' {
			continue
		}
		whole := text[statements.Start+1 : statements.End-1]
		without = append(without, text[:statements.Start]+"[]"+text[statements.End:])
		var deny map[string]any
		first := statements.Items[0]
		if err := json.Unmarshal([]byte(text[first.Start:first.End]), &deny); err != nil {
			t.Fatal(err)
		}
		delete(deny, "Sid")
		deny["Effect"] = "Deny"
		one, err := json.Marshal(deny)
		if err != nil {
			t.Fatal(err)
		}
		denied = append(denied, text[:statements.Start]+"["+string(one)+", "+whole+"]"+text[statements.End:])
	}
	return without, denied
}

func TestAScenarioComparedWithItselfYieldsNothing(t *testing.T) {
	for _, s := range append(scenarios.All(), scenarios.Broken()...) {
		x := between(s.Text, s.Text)
		changes, _ := x.Requests()
		if x.Total() != 0 || len(changes) != 0 || len(all(x)) != 0 {
			t.Errorf("%s: %d probes, %d requests", s.Path, x.Total(), len(changes))
		}
	}
}

func TestSwappingTheVersionsSwapsTheAnswers(t *testing.T) {
	for _, s := range scenarios.All() {
		without, _ := variants(t, s.Text)
		for _, other := range without {
			forth, back := between(s.Text, other), between(other, s.Text)
			if forth.Total() != back.Total() {
				t.Errorf("%s: %d probes and %d", s.Path, forth.Total(), back.Total())
			}
			there, again := all(forth), all(back)
			for i := range again {
				again[i].Answers[0], again[i].Answers[1] = again[i].Answers[1], again[i].Answers[0]
			}
			if a, b := fmt.Sprint(there), fmt.Sprint(again); a != b {
				t.Errorf("%s:\n%s\n%s", s.Path, a, b)
			}
			a, _ := forth.Requests()
			b, _ := back.Requests()
			if len(a) != len(b) {
				t.Errorf("%s: %d requests and %d", s.Path, len(a), len(b))
			}
		}
	}
}

func TestAnAddedDenyOnlyChangesAnswersTowardsDenied(t *testing.T) {
	seen := 0
	for _, s := range scenarios.All() {
		_, denied := variants(t, s.Text)
		for _, other := range denied {
			for _, c := range all(between(s.Text, other)) {
				seen++
				before, after := c.Answers[0].Decision, c.Answers[1].Decision
				if after == engine.ImplicitDeny && runsCode(c.Principal) {
					continue // a Deny in a trust policy takes its credentials
				}
				if after != engine.ExplicitDeny && after != engine.Depends || after == engine.Depends && before == engine.ExplicitDeny {
					t.Errorf("%s: %v → %v for %s %v %s", s.Path, before, after, c.Principal, c.Actions, c.Resource)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no Deny changed anything")
	}
}

// runsCode reports whether a principal is a resource whose code calls.
func runsCode(principal string) bool {
	a, ok := arn.Parse(principal)
	return ok && a.Service != "iam" && a.Service != "sts"
}

// TestNoActionOutsideOfTheListChanges asks every action of the catalogue, with
// the same principals, resources and open keys, and not only the touched ones.
func TestNoActionOutsideOfTheListChanges(t *testing.T) {
	compared := 0
	for n, s := range scenarios.All() {
		without, denied := variants(t, s.Text)
		for i, other := range append(without, denied...) {
			if i%3 != n%3 {
				continue // a third of them is enough to find what is missing
			}
			x := between(s.Text, other)
			listed := map[string]bool{}
			for _, line := range lines(all(x)) {
				listed[line] = true
			}
			every := *x
			every.plan, every.total, every.limit = nil, 0, 1<<30
			for _, touched := range every.touched([]placed{{}}) {
				kinds := typed(touched.service, every.resources())
				for i := range every.callers {
					every.addUnits(&every.callers[i], touched, kinds, "")
				}
			}
			for i := range every.plan {
				u := &every.plan[i]
				for _, a := range u.actions {
					action, about := u.service.Prefix+":"+a.Name, engine.Circumstances{Unknown: every.openFor(u, a)}
					before := every.versions[0].Ask(u.caller.name, action, u.resource, about)
					after := every.versions[1].Ask(u.caller.name, action, u.resource, about)
					if before == nil || after == nil {
						continue
					}
					compared++
					if b, d := before.Authorize(nil), after.Authorize(nil); b != d {
						line := lines([]Change{{Principal: u.caller.name, Resource: u.resource,
							Actions: []string{action}, Answers: [2]Answer{{Decision: b}, {Decision: d}}}})[0]
						if !listed[line] {
							t.Errorf("%s: not listed: %s", s.Path, line)
						}
					}
				}
			}
		}
	}
	if compared < 10_000 {
		t.Errorf("only %d comparisons", compared)
	}
}

func TestProbesInPartsAreTheSameAndTheLimitIsKept(t *testing.T) {
	before, after := office(read, "", ""), office(read+`,{"Effect":"Allow","Action":"*","Resource":"*"},`+keep, "", "")
	want := lines(all(between(before, after)))
	x := between(before, after)
	var got []string
	for !x.Finished() {
		done := x.Done()
		got = append(got, lines(x.Next(7))...)
		if x.Done() != min(done+7, x.Total()) {
			t.Fatalf("%d after %d of %d", x.Done(), done, x.Total())
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if len(want) == 0 || !slices.Equal(want, got) {
		t.Errorf("%d and %d", len(got), len(want))
	}
	few := New(engine.Parse(before), engine.Parse(after), nil, sample.Catalog(), 10)
	few.Next(1000)
	if few.Done() != 10 || !few.Stopped() || !few.Finished() || few.Total() != x.Total() {
		t.Errorf("%d of %d", few.Done(), few.Total())
	}
}

func TestServicesThatAStatementNamesAreProbedFirst(t *testing.T) {
	x := between(office("", "", ""), office(`{"Effect":"Allow","Action":["*","sqs:*"],"Resource":"*"}`, "", ""))
	if first := x.Next(1); x.plan[0].service.Prefix != "sqs" || len(first) > 1 {
		t.Errorf("%s", x.plan[0].service.Prefix)
	}
}

func TestActionsAreGroupedByAccessLevel(t *testing.T) {
	for _, c := range all(between(office(read, "", ""), office(read+`,{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, "", ""))) {
		for _, name := range c.Actions {
			if a := sample.Catalog().Action(name); a == nil || a.Level != c.Level || !strings.HasPrefix(name, c.Service+":") {
				t.Errorf("%s in the group of %v", name, c.Level)
			}
		}
	}
}

func TestWithoutACatalogueOnlyRequestsAreCompared(t *testing.T) {
	x := New(engine.Parse(office(read, "", "")), engine.Parse(office(puts, "", "")), nil, nil, Limit)
	if changes, _ := x.Requests(); len(changes) != 1 || x.Total() != 0 || !x.Finished() || x.Next(10) != nil {
		t.Errorf("%+v", x)
	}
}

func TestWhatIsNoScenarioChangesNothingAndBreaksNothing(t *testing.T) {
	for _, text := range []string{"", "{", "[]", `"x"`, `{"accounts": 1}`, `{"accounts": {"111122223333": {"users": {"ali": {"inline": {"p": {}}}}}}}`, strings.Repeat("[", 100)} {
		x := between(text, text)
		if changes, asked := x.Requests(); len(changes) != 0 || asked != 0 || x.Total() != 0 {
			t.Errorf("%q: %d requests, %d probes", text, asked, x.Total())
		}
		all(between(text, office(read, "", "")))
		all(between(office(read, "", ""), text))
	}
}
