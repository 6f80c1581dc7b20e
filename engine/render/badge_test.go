package render

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

// badged is the badge of a scenario with requests of a user who may read notes:
// "read" is allowed, "write" denied, and "lost" asks in the name of nobody.
func badged(t *testing.T, title string, requests ...string) (badge, words string) {
	t.Helper()
	list := make([]string, len(requests))
	for i, r := range requests {
		name, expect, expected := strings.Cut(r, " expects ")
		user, action := "ali", "s3:PutObject"
		switch name {
		case "read":
			action = "s3:GetObject"
		case "lost":
			user = "nobody"
		}
		if expected {
			expect = `,"expect":{"decision":"` + expect + `"}`
		}
		list[i] = `{"name":"` + name + `","principal":"arn:aws:iam::111122223333:user/` + user + `","action":"` + action + `","resource":"arn:aws:s3:::notes/a"` + expect + `}`
	}
	world := engine.NewWorld(engine.Parse(`{"version":1,"title":"`+title+`","accounts":{"111122223333":{"users":{"ali":{"inline":{"p":{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}}}}}},"requests":[`+strings.Join(list, ",")+`]}`), engine.NewLibrary())
	evaluations := make([]*engine.Evaluation, len(requests))
	for i, r := range world.Scenario.Requests {
		if q := world.Query(r); q != nil {
			evaluations[i] = q.Evaluate()
		}
	}
	var b strings.Builder
	if err := Badge(&b, Source{World: world}, evaluations); err != nil {
		t.Fatal(err)
	}
	return b.String(), Sum(world.Scenario, evaluations)
}

func TestABadgeSaysWhatBecameOfTheRequests(t *testing.T) {
	for _, c := range []struct {
		requests []string
		want     string // in the picture
		fill     string
	}{
		{nil, "no requests", "#41464e"},
		{[]string{"read"}, "✓ allowed", "#0a6b4b"},
		{[]string{"write"}, "✕ denied", "#b3261e"},
		{[]string{"lost"}, "✕ not answered", "#b3261e"},
		{[]string{"read", "read"}, "✓ 2 allowed", "#0a6b4b"},
		{[]string{"write", "read", "write"}, "1 allowed, 2 denied", "#41464e"},
		{[]string{"read expects allowed"}, "✓ expectation met", "#0a6b4b"},
		{[]string{"read expects denied"}, "✕ expectation not met", "#b3261e"},
		{[]string{"read expects allowed", "write", "write expects denied"}, "✓ 2 of 2 expectations met", "#0a6b4b"},
		{[]string{"read expects allowed", "lost expects denied"}, "✕ 1 of 2 expectations met", "#b3261e"},
	} {
		badge, words := badged(t, "T", c.requests...)
		if !strings.Contains(badge, `">`+c.want+"</text>") || !strings.Contains(badge, `fill="`+c.fill+`"`) || !strings.Contains(badge, `<title id="title">T: `+words+`</title>`) {
			t.Errorf("%q: expected %s in %s:\n%s", c.requests, c.want, c.fill, badge)
		}
		if !strings.HasSuffix(c.want, words) {
			t.Errorf("%q: in words %q, expected those of the picture, %q", c.requests, words, c.want)
		}
	}
}

func TestABadgeIsXMLWhateverTheTitle(t *testing.T) {
	badge, _ := badged(t, `</title><script>alert(1)</script>&\"\u202e`, "read")
	if strings.Contains(badge, "<script") || strings.ContainsRune(badge, '\u202e') {
		t.Error(badge)
	}
	decoder := xml.NewDecoder(strings.NewReader(badge))
	for {
		_, err := decoder.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
