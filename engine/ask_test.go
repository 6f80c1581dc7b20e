package engine_test

import (
	"slices"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/scenarios"
)

// Asking without a document gives the answer that the document's own requests get.
func TestAskingAnswersAsTheDocumentsRequests(t *testing.T) {
	asked := 0
	for _, entry := range scenarios.All() {
		w := engine.NewWorld(engine.Parse(entry.Text), nil)
		for _, r := range w.Scenario.Requests {
			q := w.Query(r)
			c := engine.Circumstances{Context: r.Context}
			for _, u := range r.Unknown {
				c.Unknown = append(c.Unknown, u.Value)
			}
			if r.Via != nil {
				c.Via = r.Via.Value
			}
			other := w.Ask(r.Principal.Value, r.Action.Value, r.Resource.Value, c)
			if (q == nil) != (other == nil) {
				t.Errorf("%s: %q can be asked in one way only", entry.Path, r.Name)
				continue
			}
			if q == nil || len(r.Also) > 0 {
				continue
			}
			asked++
			if a, b := q.Authorize(nil), other.Authorize(nil); a != b {
				t.Errorf("%s: %q is %v, and asked for without the document %v", entry.Path, r.Name, a, b)
			}
		}
	}
	if asked < 300 {
		t.Errorf("only %d requests were asked", asked)
	}
}

func TestCallersAndResourcesAreThoseThatTheWorldDescribes(t *testing.T) {
	w := engine.NewWorld(engine.Parse(`{"version":1,"accounts":{"111111111111":{"partition":"aws-cn",
		"users":{"ali":{"path":"/x/","federations":{"kiosk":{}}}},"roles":{"worker":{"sessions":{"shift":{}}}},
		"resources":{"arn:aws-cn:s3:::box":{},"arn:aws-cn:ec2:cn-north-1:111111111111:instance/i-1":{"role":"worker"}}}}}`), nil)
	for what, c := range map[string]struct{ got, want []string }{
		"callers": {w.Callers(),
			[]string{"arn:aws-cn:iam::111111111111:root", "arn:aws-cn:iam::111111111111:user/x/ali",
				"arn:aws-cn:sts::111111111111:federated-user/kiosk",
				"arn:aws-cn:sts::111111111111:assumed-role/worker/shift",
				"arn:aws-cn:ec2:cn-north-1:111111111111:instance/i-1"}},
		"resources": {w.Resources(),
			[]string{"arn:aws-cn:s3:::box", "arn:aws-cn:ec2:cn-north-1:111111111111:instance/i-1",
				"arn:aws-cn:iam::111111111111:user/x/ali", "arn:aws-cn:iam::111111111111:role/worker"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("the %s are %q, expected %q", what, c.got, c.want)
		}
	}
	for _, name := range w.Callers() {
		if w.Ask(name, "s3:GetObject", "*", engine.Circumstances{}) == nil {
			t.Errorf("%s cannot ask", name)
		}
	}
	for _, name := range []string{"", "*", "arn:aws-cn:iam::111111111111:role/worker", "nobody"} {
		if w.Ask(name, "s3:GetObject", "*", engine.Circumstances{}) != nil {
			t.Errorf("%q can ask", name)
		}
	}
}
