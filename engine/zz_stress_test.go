package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/iam-playground/iam-playground/engine"
)

func stressJoin(n int, f func(i int) string) string {
	var p []string
	for i := range n {
		p = append(p, f(i))
	}
	return strings.Join(p, ",")
}

func TestZZStress(t *testing.T) {
	wrap := func(user, requests string) string {
		return `{"version":1,"accounts":{"111122223333":{"users":{"u":{` + user + `}}}},"requests":[` + requests + `]}`
	}
	pol := func(st string) string {
		return `"inline":{"p":{"Version":"2012-10-17","Statement":[` + st + `]}}`
	}
	req := func(res, more string) string {
		return `{"name":"","principal":"arn:aws:iam::111122223333:user/u","action":"s3:a","resource":"` + res + `"` + more + `}`
	}
	for name, text := range map[string]string{
		"A requests x statements":        wrap(pol(stressJoin(4000, func(i int) string { return `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b"}` })), stressJoin(6000, func(i int) string { return req("*", "") })),
		"A2 statements of other actions": wrap(pol(stressJoin(4000, func(i int) string { return `{"Effect":"Allow","Action":"s3:b*","Resource":"arn:aws:s3:::b"}` })), stressJoin(6000, func(i int) string { return req("*", "") })),
		"B requests x actions":           wrap(pol(`{"Effect":"Allow","Action":[`+stressJoin(60000, func(i int) string { return `"s3:b*"` })+`],"Resource":"*"}`), stressJoin(4000, func(i int) string { return req("*", "") })),
		"B2 requests x resources":        wrap(pol(`{"Effect":"Allow","Action":"*","Resource":[`+stressJoin(20000, func(i int) string { return `"arn:aws:s3:::b*c"` })+`]}`), stressJoin(4000, func(i int) string { return req("arn:aws:s3:::bb", "") })),
		"C hard":                         wrap(pol(`{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*`+strings.Repeat("a?", 100000)+`b*"}`), req("arn:aws:s3:::"+strings.Repeat("a", 500000), "")),
		"C2 hards":                       wrap(pol(`{"Effect":"Allow","Action":"*","Resource":[`+stressJoin(20000, func(i int) string { return `"arn:aws:s3:::*a?a?a?a?b*"` })+`]}`), req("arn:aws:s3:::"+strings.Repeat("a", 300000), "")),
		"D tags":                         wrap(`"tags":{`+stressJoin(40000, func(i int) string { return fmt.Sprintf(`"%d":""`, i) })+`}`, stressJoin(4000, func(i int) string { return req("*", "") })),
		"F ips":                          wrap(pol(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":[`+stressJoin(1000, func(i int) string { return fmt.Sprintf(`"10.%d.%d.0/24"`, i/250, i%250) })+`]}}}`), stressJoin(10, func(i int) string { return req("*", `,"unknown":["aws:SourceIp"]`) })),
		"F2 ips absent":                  wrap(pol(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":[`+stressJoin(1000, func(i int) string { return fmt.Sprintf(`"10.%d.%d.0/24"`, i/250, i%250) })+`]}}}`), stressJoin(10, func(i int) string { return req("*", ``) })),
		"F3 ips one":                     wrap(pol(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":[`+stressJoin(400, func(i int) string { return fmt.Sprintf(`"10.%d.%d.0/24"`, i/250, i%250) })+`]}}}`), stressJoin(1, func(i int) string { return req("*", `,"unknown":["aws:SourceIp"]`) })),
		"G variables":                    wrap(pol(stressJoin(3000, func(i int) string { return `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*${x:y}*"}` })), req("arn:aws:s3:::"+strings.Repeat("a", 100000), `,"context":{"x:y":"`+strings.Repeat("a", 50000)+`b"}`)),
		"G2 variables unknown":           wrap(pol(stressJoin(3000, func(i int) string { return `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*${x:y}*"}` })), req("arn:aws:s3:::"+strings.Repeat("a", 1000), `,"unknown":["x:y"]`)),
		"H also":                         wrap(pol(stressJoin(3000, func(i int) string { return `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b"}` })), req("*", `,"also":[`+stressJoin(8000, func(i int) string { return `{"action":"s3:a","resource":"b"}` })+`]`)),
		"J likes": wrap(pol(stressJoin(40, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"x:y":[%s]}}}`, stressJoin(25, func(j int) string { return fmt.Sprintf(`"*%d-%d*"`, i, j) }))
		})), req("*", `,"unknown":["x:y"]`)),
		"K sets": wrap(pol(stressJoin(40, func(i int) string {
			return fmt.Sprintf(`{"Effect":"%s","Action":"s3:*","Resource":"*","Condition":{"ForAnyValue:StringLike":{"x:y":["*%d-*"]}}}`, []string{"Allow", "Deny"}[i%2], i)
		})), req("*", `,"unknown":["x:y"]`)),
		"L long values": wrap(pol(stressJoin(20, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"x:y":["*%d%s"]}}}`, i, strings.Repeat("a?", 10000))
		})), req("*", `,"unknown":["x:y"]`)),
		"M many absent keys": wrap(pol(stressJoin(3000, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"x:y%d":["a"]}}}`, i)
		})), req("*", ``)),
		"N many unknown keys": wrap(pol(stressJoin(1500, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"x:y%d":["a"]}}}`, i)
		})), req("*", `,"unknown":[`+stressJoin(1500, func(i int) string { return fmt.Sprintf(`"x:y%d"`, i) })+`]`)),
		"O unknown policies": wrap(`"policies":[`+stressJoin(3000, func(i int) string { return fmt.Sprintf(`"p%d"`, i) })+`]`, req("*", ``)),
		"P attached":         wrap(`"policies":[`+stressJoin(60000, func(i int) string { return `"p"` })+`]`, stressJoin(3000, func(i int) string { return req("*", "") })),
		"Q multi":            wrap(pol(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringLike":{"x:y":[`+stressJoin(40000, func(i int) string { return `"a*b"` })+`]}}}`), req("*", `,"context":{"x:y":[`+stressJoin(40000, func(i int) string { return `"a"` })+`]}`)),
	} {
		begin := time.Now()
		s := engine.Parse(text)
		w := engine.NewWorld(s, nil)
		made := time.Since(begin)
		begin = time.Now()
		var es []*engine.Evaluation
		for _, r := range s.Requests {
			if q := w.Query(r); q != nil {
				es = append(es, q.Evaluate())
			}
		}
		answered := time.Since(begin)
		begin = time.Now()
		n, u := 0, 0
		for _, e := range es {
			for _, a := range e.AbsentKeys() {
				n++
				if a.Untried {
					u++
				}
			}
		}
		if len(es) == 0 {
			t.Error(name, len(text), len(w.Diagnostics))
			continue
		}
		e := es[0]
		t.Logf("%-32s %7d bytes, read %v, answered %v, absent %v (%d keys, %d untried): %v exact %v, %d unknowns", name, len(text), made.Round(time.Millisecond), answered.Round(time.Millisecond), time.Since(begin).Round(time.Millisecond), n, u, e.Overall, e.Call.Exact, len(e.Call.Unknowns))
	}
}
