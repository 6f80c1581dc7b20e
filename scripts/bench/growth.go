package main

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/lint"
)

// worst is a case that is measured at a size and at a multiple of that size.
type worst struct {
	name string
	n    int
	// times is the multiple; 4 when it is 0.
	times int
	// text makes the scenario of a size.
	text func(n int) string
	work work
}

// work is what is measured of a case.
type work uint8

const (
	decide work = iota // the decision, everything being ready
	answer             // all from the text on
	read               // the text until it is ready; it may be wrong
	linted             // what lint finds in it
)

var worsts = []worst{
	{"40 * against n bytes of text, decision", 25_000, 0,
		func(n int) string { return wild(strings.Repeat("*a?b", 40), n) }, decide},
	{"n wildcards against 10,000 bytes of text, decision", 100, 0,
		func(n int) string { return wild("*"+strings.Repeat("a?", n/2)+"b*", 10_000) }, decide},
	{"n statements in a policy, decision", 2500, 0, func(n int) string { return statements(n, false) }, decide},
	{"n statements in a policy, read", 1000, 10, func(n int) string { return statements(n, false) }, read},
	{"n statements in a policy, all from the text on", 2500, 0, func(n int) string { return statements(n, false) },
		answer},
	{"n statements that all match, all from the text on", 2500, 0, func(n int) string { return statements(n, true) },
		answer},
	{"n policies at a user, decision", 125, 0, policies, decide},
	{"n policies at a user, all from the text on", 125, 0, policies, answer},
	{"n requests, all from the text on (a keystroke)", 250, 0, requests, answer},
	{"n requests to n resources, all from the text on", 250, 0, resources, answer},
	{"n requests in n accounts, all from the text on", 250, 0, accounts, answer},
	{"12 unknown keys that n statements entangle, decision", 40, 0, entangled, decide},
	{"12 unknown keys that 160 statements entangle, n requests, decision", 4, 0,
		func(n int) string { return entangledFor(160, n) }, decide},
	{"n requests and 4n statements that apply, all from the text on", 500, 0, busy, answer},
	{"n values of one unknown key, decision", 125, 0, addresses, decide},
	{"n references to n policies that are not there, all from the text on", 250, 0, dangling, answer},
	{"n users with an unknown member, read", 10_000, 0, func(n int) string { return wrong(n, `"u%d":{"polices":[]}`) },
		read},
	{"n users that are numbers, read", 10_000, 0, func(n int) string { return wrong(n, `"u%d":1`) }, read},
	{"n users of one name, read", 10_000, 0, func(n int) string { return wrong(n, `"u":{}`) }, read},
	{"n unknown members of an account, read", 10_000, 0, func(n int) string {
		return wrong(1, `"u":{}},`+joined(n, func(i int) string { return fmt.Sprintf(`"m%d":1`, i) })+`,"groups":{`)
	}, read},
	{"n condition keys with variables, findings of lint", 1000, 0, keys, linted},
	{"n resources with variables, findings of lint", 2500, 0, values, linted},
}

// growth prints the time of each worst case at its size and at the multiple of
// it. The collector of garbage sets in between the two, so the growth without it is printed too.
func growth(out io.Writer, rounds int) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "worst case\tn\tat n\tat more\tgrowth (linear, squared)\twithout collecting garbage")
	for _, c := range worsts {
		times, err := c.measure(rounds)
		if err != nil {
			return err
		}
		percent := debug.SetGCPercent(-1)
		bare, err := c.measure(rounds)
		debug.SetGCPercent(percent)
		if err != nil {
			return err
		}
		k := cmp.Or(c.times, 4)
		fmt.Fprintf(w, "%s\t%d\t%s\t%s at %dn\t× %.1f (%d, %d)\t× %.1f\n", c.name, c.n, duration(times[0]),
			duration(times[1]), k, times[1]/times[0], k, k*k, bare[1]/bare[0])
	}
	return w.Flush()
}

// measure is the median time of a case at its size and at the multiple of it, in
// nanoseconds. It is the processors' time, which other programs on the machine
// do not lengthen.
func (c *worst) measure(rounds int) (times [2]float64, err error) {
	var samples [2][]float64
	var work [2]func()
	for i := range work {
		text := c.text(c.n * []int{1, cmp.Or(c.times, 4)}[i])
		queries, err := all(text)
		if err != nil && c.work < read {
			return times, fmt.Errorf("%s: %w", c.name, err)
		}
		work[i] = func() {
			switch c.work {
			case linted:
				lint.Scenario(engine.NewWorld(engine.Parse(text), nil), nil)
				return
			case read:
				engine.NewWorld(engine.Parse(text), nil)
				return
			case decide:
				for _, q := range queries {
					q.Authorize(nil)
				}
				return
			}
			fresh, _ := all(text)
			for _, q := range fresh {
				q.Evaluate()
			}
		}
	}
	for range rounds {
		for i := range work {
			samples[i] = append(samples[i], timed(work[i]))
		}
	}
	return [2]float64{median(samples[0]), median(samples[1])}, nil
}

// timed repeats work until the clock can tell how long it takes.
func timed(work func()) float64 {
	runtime.GC()
	for repeat := 1; ; repeat *= 2 {
		begin := processorTime()
		for range repeat {
			work()
		}
		if took := processorTime() - begin; took >= 5*time.Millisecond {
			return float64(took) / float64(repeat)
		}
	}
}

// processorTime is the time that this program has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// all reads a scenario and makes every request ready.
func all(text string) ([]*engine.Query, error) {
	w := engine.NewWorld(engine.Parse(text), nil)
	var out []*engine.Query
	for _, r := range w.Scenario.Requests {
		q := w.Query(r)
		if q == nil {
			return nil, fmt.Errorf("a request cannot be evaluated: %s", w.Diagnostics[0].Message)
		}
		out = append(out, q)
	}
	return out, nil
}

// The parts of the scenarios.

const account = "111122223333"

func world(members, requests string) string {
	return `{"version":1,"accounts":{"` + account + `":{` + members + `}},"requests":[` + requests + `]}`
}

func request(i int, action, resource string) string {
	return fmt.Sprintf(`{"name":"r%d","principal":"arn:aws:iam::%s:user/ali","action":"%s","resource":"%s"}`, i, account, action, resource)
}

// joined joins the texts of n members.
func joined(n int, text func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = text(i)
	}
	return strings.Join(parts, ",")
}

func user(statements string) string {
	return `"users":{"ali":{"inline":{"p":{"Version":"2012-10-17","Statement":[` + statements + `]}}}}`
}

// entangled are n statements about twelve unknown keys each of which decides
// with others, so that the budget of steps is spent.
func entangled(n int) string { return entangledFor(n, 1) }

func entangledFor(n, requests int) string {
	keys := joined(12, func(i int) string { return fmt.Sprintf(`"x:%d"`, i) })
	return world(user(joined(n, func(i int) string {
		return fmt.Sprintf(`{"Effect":"%s","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"x:%d":["a%d*","*b%d"]},"StringNotLike":{"x:%d":"*c*d%d"}}}`,
			[]string{"Allow", "Deny"}[i%2], i%12, i, i, (5*i+1)%12, i)
	})), joined(requests, func(i int) string { return open(i, keys) }))
}

// open is a request with keys that nobody knows.
func open(i int, keys string) string {
	return fmt.Sprintf(`{"name":"r%d","principal":"arn:aws:iam::%s:user/ali","action":"s3:GetObject","resource":"arn:aws:s3:::box/key","unknown":[%s]}`, i, account, keys)
}

func busy(n int) string {
	return world(user(joined(4*n,
		func(int) string { return `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::crate"}` })),
		joined(n, func(i int) string { return request(i, "s3:GetObject", "arn:aws:s3:::box/key") }))
}

func addresses(n int) string {
	return world(user(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":[`+
		joined(n, func(i int) string { return fmt.Sprintf(`"10.%d.%d.0/24"`, i/250, i%250) })+`]}}}`),
		open(0, `"aws:SourceIp"`))
}

// wild is a pattern that matches nowhere in a long text of one letter.
func wild(pattern string, bytes int) string {
	return world(user(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::box/`+pattern+`"}`), request(0, "s3:GetObject", "arn:aws:s3:::box/"+strings.Repeat("a", bytes)))
}

func statements(n int, matching bool) string {
	return world(user(joined(n, func(i int) string {
		if matching {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::box%d/*","arn:aws:s3:::box/*"]}`, i)
		}
		return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:Get%d","Resource":"arn:aws:s3:::box/*"}`, i)
	})), request(0, "s3:GetObject", "arn:aws:s3:::box/key"))
}

func policies(n int) string {
	each := joined(n, func(i int) string {
		return fmt.Sprintf(`"p%d":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::box%d/*"}]}`, i, i)
	})
	names := joined(n, func(i int) string { return fmt.Sprintf(`"p%d"`, i) })
	return world(`"policies":{`+each+`},"users":{"ali":{"policies":[`+names+`]}}`, request(0, "s3:GetObject", "arn:aws:s3:::box7/key"))
}

func keys(n int) string {
	each := joined(n,
		func(i int) string { return fmt.Sprintf(`"aws:PrincipalTag/k%d":"${aws:PrincipalTag/k%d}"`, i, i) })
	return world(user(`{"Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{`+each+`}}}`), "")
}

func values(n int) string {
	each := joined(n, func(i int) string { return fmt.Sprintf(`"arn:aws:s3:::box/${aws:username}/%d/*"`, i) })
	return world(user(`{"Effect":"Deny","Action":"s3:GetObject","Resource":[`+each+`]}`), "")
}

const home = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*/${aws:username}/*"}`

func requests(n int) string {
	return world(user(home), joined(n, func(i int) string { return request(i, "s3:GetObject", fmt.Sprintf("arn:aws:s3:::box/ali/%d", i)) }))
}

func resources(n int) string {
	each := joined(n, func(i int) string { return fmt.Sprintf(`"arn:aws:s3:::box%d":{"tags":{"n":"%d"}}`, i, i) })
	return world(user(home)+`,"resources":{`+each+`}`, joined(n, func(i int) string { return request(i, "s3:GetObject", fmt.Sprintf("arn:aws:s3:::box%d/ali/key", i)) }))
}

func accounts(n int) string {
	each := joined(n, func(i int) string { return fmt.Sprintf(`"%012d":{"users":{"ali":{}}}`, i) })
	return `{"version":1,"accounts":{` + each + `},"requests":[` + joined(n, func(i int) string {
		return fmt.Sprintf(`{"name":"r%d","principal":"arn:aws:iam::%012d:user/ali","action":"s3:GetObject","resource":"arn:aws:s3:::box/key"}`, i, i)
	}) + `]}`
}

// wrong is a scenario with n users of which each is wrong.
func wrong(n int, member string) string {
	return world(`"users":{`+joined(n,
		func(i int) string { return strings.ReplaceAll(member, "%d", strconv.Itoa(i)) })+`}`, "")
}

func dangling(n int) string {
	each := joined(n, func(i int) string { return fmt.Sprintf(`"policy-%d":{"Version":"2012-10-17","Statement":[]}`, i) })
	names := joined(n, func(i int) string { return fmt.Sprintf(`"polity-%d"`, i) })
	return world(`"policies":{`+each+`},"users":{"ali":{"policies":[`+names+`]}}`, request(0, "sts:GetCallerIdentity", "*"))
}
