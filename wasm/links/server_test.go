package links

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/scenarios"
)

// memory is a Store that forgets, and fails when it is told to.
type memory struct {
	records map[string]string
	err     error
}

func (m *memory) Read(key string) (string, bool, error) {
	record, found := m.records[key]
	return record, found, m.err
}

func (m *memory) Add(key, record string) (bool, error) {
	if _, found := m.records[key]; found || m.err != nil {
		return false, m.err
	}
	m.records[key] = record
	return true, nil
}

func (m *memory) Remove(key string) error {
	delete(m.records, key)
	return m.err
}

// asked is a server's answer to a request; headers are "Name: value".
func asked(s *Server, method, address, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

const here = "https://play.test"

// post stores a scenario and returns what was said.
func post(t *testing.T, s *Server, text string) (status int, said map[string]string) {
	t.Helper()
	w := asked(s, "POST", here+"/api/scenarios", text, "Content-Type: application/json")
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil {
		t.Fatalf("%d %q: %v", w.Code, w.Body, err)
	}
	return w.Code, said
}

// small is a scenario whose one request is allowed.
const small = `{
  "version": 1,
  "title": "Reading <b>a</b> \"bucket\"",
  "accounts": {"111122223333": {"users": {"ali": {"inline": {"read": {"Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::notes/*"}]}}}},
    "resources": {"arn:aws:s3:::notes": {}}}},
  "requests": [{"name": "read", "principal": "arn:aws:iam::111122223333:user/ali", "action": "s3:GetObject", "resource": "arn:aws:s3:::notes/a"}]
}`

func newServer() (*Server, *memory) {
	m := &memory{records: map[string]string{}}
	return &Server{Store: m}, m
}

func TestAStoredScenarioIsAPageADocumentABadgeAndAFrame(t *testing.T) {
	s, m := newServer()
	s.Picture = "/scenarios/index.png"
	status, said := post(t, s, small)
	id := said["id"]
	if status != http.StatusCreated || !isID(id) || len(id) != 12 || said["url"] != here+"/s/"+id || len(said["token"]) != 32 {
		t.Fatalf("%d %v", status, said)
	}
	if strings.Contains(m.records[id], said["token"]) {
		t.Error("the token itself is kept, expected its hash only")
	}
	for path, want := range map[string]struct {
		kind    string
		holds   []string
		headers map[string]string
	}{
		"/s/" + id: {"text/html; charset=utf-8", []string{
			"Reading &lt;b&gt;a&lt;/b&gt;", `href="/#s=1.dd1.`, `property="og:url" content="https://play.test/s/` + id + `"`, `property="og:title"`,
			`property="og:description"`, "\n  <span class=\"k\">", `property="og:image" content="https://play.test/scenarios/index.png"`,
			`<link rel="alternate" type="application/json+oembed" title="Reading &lt;b&gt;a&lt;/b&gt; &#34;bucket&#34;" href="https://play.test/oembed?format=json&amp;url=https%3A%2F%2Fplay.test%2Fs%2F` + id + `">`,
		}, map[string]string{"Content-Security-Policy": pagePolicy("'none'"), "Access-Control-Allow-Origin": ""}},
		"/s/" + id + ".json": {"application/json", []string{`{"version":1,"title":"Reading <b>a</b> \"bucket\"","accounts":{`}, map[string]string{"Access-Control-Allow-Origin": "*"}},
		"/s/" + id + ".svg":  {"image/svg+xml", []string{"<svg ", "✓ allowed"}, map[string]string{"Access-Control-Allow-Origin": "*", "Content-Security-Policy": nothing}},
	} {
		w := asked(s, "GET", here+path, "")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != want.kind || w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		for _, part := range want.holds {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("%s does not hold %s:\n%.2000s", path, part, w.Body)
			}
		}
		for name, value := range want.headers {
			if got := w.Header().Get(name); got != value {
				t.Errorf("%s: %s is %q, expected %q", path, name, got, value)
			}
		}
		if got := asked(s, "HEAD", here+path, "").Header(); !maps.EqualFunc(got, w.Header(), slices.Equal) {
			t.Errorf("%s: a head has %v, expected %v", path, got, w.Header())
		}
		for _, tags := range []string{w.Header().Get("ETag"), `"other", W/` + w.Header().Get("ETag"), "*"} {
			if again := asked(s, "GET", here+path, "", "If-None-Match: "+tags); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
				t.Errorf("%s with %s: %d %q, expected 304", path, tags, again.Code, again.Body)
			}
		}
		if again := asked(s, "GET", here+path, "", `If-None-Match: "other"`); again.Code != http.StatusOK {
			t.Errorf("%s with another's tag: %d", path, again.Code)
		}
	}
	w := asked(s, "GET", here+"/embed/"+id+"?mode=quiz&theme=dark", "")
	if location := w.Header().Get("Location"); w.Code != http.StatusFound || location != "/embed/?mode=quiz&theme=dark"+Encode([]byte(small), View{}) {
		t.Errorf("the frame: %d %s", w.Code, location)
	}
	if location := asked(s, "GET", here+"/embed/"+id, "").Header().Get("Location"); !strings.HasPrefix(location, "/embed/#s=1.dd1.") {
		t.Errorf("the frame without a query: %s", location)
	}
}

func TestEveryShippedScenarioCanBeStored(t *testing.T) {
	s, m := newServer()
	for _, e := range scenarios.All() {
		if status, said := post(t, s, e.Text); status != http.StatusCreated {
			t.Errorf("%s: %d %v", e.Path, status, said)
		}
	}
	if len(m.records) != len(scenarios.All()) {
		t.Errorf("%d records of %d scenarios", len(m.records), len(scenarios.All()))
	}
}

func TestTheSameScenarioHasOneIDAndOneOwner(t *testing.T) {
	s, m := newServer()
	_, first := post(t, s, small)
	before := m.records[first["id"]]
	status, second := post(t, s, strings.ReplaceAll(small, "\n", "\n\t "))
	if status != http.StatusOK || second["id"] != first["id"] || second["token"] != "" || second["url"] != first["url"] {
		t.Errorf("with other white space: %d %v, expected 200 with %s and no token", status, second, first["id"])
	}
	if m.records[first["id"]] != before {
		t.Error("the record was written again")
	}
}

func TestAnIDThatBelongsToAnotherIsNeverOverwritten(t *testing.T) {
	s, m := newServer()
	_, said := post(t, s, small)
	made, _ := parseRecord(m.records[said["id"]])
	text := made.text()
	// What a hash would do with luck: other scenarios under this one's shorter ids.
	another, _ := newServer()
	_, elsewhere := post(t, another, strings.Replace(small, "notes/a", "notes/b", 1))
	strange := another.Store.(*memory).records[elsewhere["id"]]
	for i, length := range idLengths[:2] {
		m.records = map[string]string{}
		for _, n := range idLengths[:i+1] {
			m.records[idOf(text, n)] = strange
		}
		_, said = post(t, s, small)
		if want := idOf(text, idLengths[i+1]); said["id"] != want || said["token"] == "" {
			t.Errorf("%v, expected the longer id %s", said, want)
		}
		if m.records[idOf(text, length)] != strange {
			t.Error("the other's record was overwritten")
		}
		if w := asked(s, "GET", said["url"]+".json", ""); w.Body.String() != text {
			t.Errorf("under the longer id: %d %s", w.Code, w.Body)
		}
	}
}

func TestOnlyTheOneWhoStoredAScenarioDeletesIt(t *testing.T) {
	s, m := newServer()
	_, said := post(t, s, small)
	address := here + "/api/scenarios/" + said["id"]
	for _, c := range []struct {
		address, authorization string
		status                 int
		want                   string
	}{
		{address, "", 401, "found no token"},
		{address, said["token"], 401, "found no token"},
		{address, "Basic " + said["token"], 401, "found no token"},
		{address, "Bearer ", 401, "found no token"},
		{address, "Bearer other", 403, "not this scenario's"},
		{address, "Bearer " + hashed(said["token"]), 403, "not this scenario's"},
		{here + "/api/scenarios/" + idOf("other", 12), "Bearer " + said["token"], 404, "found no scenario"},
		{here + "/api/scenarios/..%2F..%2Fetc", "Bearer " + said["token"], 404, "found no scenario"},
		{here + "/api/scenarios/", "Bearer " + said["token"], 404, "found no scenario"},
	} {
		w := asked(s, "DELETE", c.address, "", "Authorization: "+c.authorization)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s with %q: %d %s, expected %d %s", c.address, c.authorization, w.Code, w.Body, c.status, c.want)
		}
	}
	if len(m.records) != 1 {
		t.Fatal("it was deleted without its token")
	}
	if w := asked(s, "DELETE", address, "", "Authorization: bearer "+said["token"]); w.Code != 204 || w.Body.Len() > 0 || len(m.records) != 0 {
		t.Errorf("with its token: %d %s, %d records left", w.Code, w.Body, len(m.records))
	}
	for _, path := range []string{"", ".json", ".svg"} {
		if w := asked(s, "GET", said["url"]+path, ""); w.Code != 404 {
			t.Errorf("%s after it was deleted: %d", path, w.Code)
		}
	}
	if status, again := post(t, s, small); status != 201 || again["id"] != said["id"] || again["token"] == said["token"] {
		t.Errorf("stored again: %d %v, expected the same id with a new token", status, again)
	}
}

// nested is a document with arrays inside each other.
func nested(depth int) string {
	return `{"version":1,"accounts":{},"title":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}`
}

// noise is a text of n characters that does not compress to less than half.
func noise(n int) string {
	var b strings.Builder
	for x := uint32(1); b.Len() < n; {
		x = x*1664525 + 1013904223
		b.WriteByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"[x>>26])
	}
	return b.String()
}

// titled is the small scenario with another title.
func titled(title string) string {
	return strings.Replace(small, `Reading <b>a</b> \"bucket\"`, title, 1)
}

// crowd is a scenario with many requests, each of which looks at many statements.
func crowd(requests, statements int) string {
	statement := strings.Repeat(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},`, statements)
	request := strings.Repeat(`{"name":"r","principal":"arn:aws:iam::111122223333:user/ali","action":"s3:GetObject","resource":"arn:aws:s3:::notes/a"},`, requests)
	return `{"version":1,"accounts":{"111122223333":{"users":{"ali":{"inline":{"p":{"Version":"2012-10-17","Statement":[` +
		strings.TrimSuffix(statement, ",") + `]}}}}}},"requests":[` + strings.TrimSuffix(request, ",") + `]}`
}

func TestWhatIsNoScenarioIsRefusedAndNothingIsKept(t *testing.T) {
	s, m := newServer()
	for name, c := range map[string]struct {
		body   string
		status int
		want   string
	}{
		"nothing":                            {"", 400, "no JSON"},
		"no JSON":                            {"{", 400, "no JSON"},
		"bad UTF-8":                          {strings.Replace(small, "read", "re\xffad", 1), 400, "no UTF-8"},
		"too deep":                           {nested(MaxDepth + 1), 400, "more than 64 arrays and objects inside each other"},
		"far too deep":                       {strings.Repeat("[", 500_000), 400, "more than 64 arrays"},
		"too large":                          {titled(strings.Repeat(" ", MaxBytes)), 413, "more than 1048576 bytes"},
		"too large when compressed":          {titled(noise(100_000)), 413, "when compressed, expected at most 65536"},
		"too much to answer":                 {crowd(4_000, 30), 413, "answers fill more than a page"},
		"another kind of JSON":               {"[]", 422, "error"},
		"not a scenario":                     {`{"hello": 1}`, 422, "errors"},
		"another version":                    {`{"version": 2, "accounts": {}}`, 422, "version 2"},
		"forged results":                     {strings.Replace(small, `"version": 1`, `"version": 1, "results": [{"decision": "allowed"}]`, 1), 422, `results`},
		"a forged decision in a request":     {strings.Replace(small, `"name": "read"`, `"name": "read", "decision": "allowed"`, 1), 422, `/requests/0/decision`},
		"a prototype":                        {strings.Replace(small, `"version": 1`, `"version": 1, "__proto__": {"x": 1}`, 1), 422, `__proto__`},
		"a policy with an error, with where": {strings.Replace(small, `"Allow"`, `"Allways"`, 1), 422, `Allways`},
	} {
		t.Run(name, func(t *testing.T) {
			status, said := post(t, s, c.body)
			if status != c.status || !strings.Contains(said["error"], c.want) || said["id"] != "" {
				t.Errorf("%d %v, expected %d with %s", status, said, c.status, c.want)
			}
		})
	}
	if len(m.records) > 0 {
		t.Errorf("%d records", len(m.records))
	}
}

func TestHostileTextStaysText(t *testing.T) {
	const script = `</title></text><script>alert(1)</script>`
	s, _ := newServer()
	text := strings.NewReplacer(`Reading <b>a</b> \"bucket\"`, script+`\" onload=\"alert(1)`, `"name": "read"`, `"name": "`+script+`"`).Replace(small)
	text = strings.Replace(text, `"version": 1`, `"version": 1, "description": "`+script+`"`, 1)
	status, said := post(t, s, text)
	if status != 201 {
		t.Fatal(status, said)
	}
	for _, path := range []string{"/s/" + said["id"], "/s/" + said["id"] + ".svg", "/oembed?url=" + url.QueryEscape(said["url"])} {
		body := asked(s, "GET", here+path, "").Body.String()
		var embed struct{ HTML string }
		if json.Unmarshal([]byte(body), &embed) == nil {
			body = embed.HTML
		}
		if body == "" || strings.Contains(body, "<script") || strings.Contains(body, `" onload`) {
			t.Errorf("%s:\n%s", path, body)
		}
	}
}

func TestOtherMethodsAndPathsAreRefused(t *testing.T) {
	s, _ := newServer()
	_, said := post(t, s, small)
	id := said["id"]
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/api/scenarios", 405, "POST"},
		{"PUT", "/api/scenarios", 405, "POST"},
		{"GET", "/api/scenarios/" + id, 405, "DELETE"},
		{"POST", "/s/" + id, 405, "GET, HEAD"},
		{"DELETE", "/s/" + id, 405, "GET, HEAD"},
		{"OPTIONS", "/api/scenarios", 405, "POST"},
		{"POST", "/oembed", 405, "GET, HEAD"},
		{"POST", "/embed/" + id, 405, "GET, HEAD"},
		{"GET", "/api/other", 404, ""},
		{"GET", "/s/", 404, ""},
		{"GET", "/s/" + id + "/", 404, ""},
		{"GET", "/s/" + id + ".", 404, ""},
		{"GET", "/s/" + id + ".html", 404, ""},
		{"GET", "/s/" + id + ".json.svg", 404, ""},
		{"GET", "/s/" + strings.ToUpper(id), 404, ""},
		{"GET", "/s/..%2F" + id, 404, ""},
		{"GET", "/s/" + id + "%00", 404, ""},
		{"GET", "/embed/" + idOf("other", 12), 404, ""},
		{"GET", "/embed/" + id + ".json", 404, ""},
	} {
		if w := asked(s, c.method, here+c.path, ""); w.Code != c.status || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow %q; expected %d %q", c.method, c.path, w.Code, w.Header().Get("Allow"), c.status, c.allow)
		}
	}
}

func TestAMissingPageIsAPageAndAMissingDocumentIsJSON(t *testing.T) {
	s, _ := newServer()
	id := idOf("other", 12)
	for path, want := range map[string]string{"/s/" + id: "frame-ancestors 'none'", "/embed/" + id: "frame-ancestors *"} {
		w := asked(s, "GET", here+path, "")
		if policy := w.Header().Get("Content-Security-Policy"); w.Code != 404 || !strings.Contains(w.Body.String(), "<h1>No scenario under this link</h1>") || !strings.HasSuffix(policy, want) {
			t.Errorf("%s: %d %s\n%s", path, w.Code, policy, w.Body)
		}
	}
	for _, path := range []string{"/s/" + id + ".json", "/s/" + id + ".svg", "/s/x.json"} {
		w := asked(s, "GET", here+path, "")
		if w.Code != 404 || w.Header().Get("Content-Type") != "application/json" || !strings.Contains(w.Body.String(), `{"error":"found no scenario under this link`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestAScenarioComesAsJSONOfThisOriginOnly(t *testing.T) {
	s, m := newServer()
	for _, headers := range [][]string{{}, {"Content-Type: text/plain"}, {"Content-Type: application/jsonx"}, {"Content-Type: ;"}, {"Content-Type: application/json", "Content-Encoding: gzip"}} {
		if w := asked(s, "POST", here+"/api/scenarios", small, headers...); w.Code != 415 || w.Header().Get("Access-Control-Allow-Origin") != "" || !strings.Contains(w.Body.String(), "expected application/json") {
			t.Errorf("%q: %d %s %v", headers, w.Code, w.Body, w.Header())
		}
	}
	if len(m.records) > 0 {
		t.Error("something was stored")
	}
	if w := asked(s, "POST", here+"/api/scenarios", small, "Content-Type: Application/JSON; charset=utf-8"); w.Code != 201 || w.Header().Get("Location") != "/s/"+idOfSmall(t) || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
}

func idOfSmall(t *testing.T) string {
	t.Helper()
	text, _, err := compact([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return idOf(text, idLengths[0])
}

func TestTheLimitOfRatesIsAskedBeforeTheBodyIsRead(t *testing.T) {
	s, m := newServer()
	for name, c := range map[string]struct {
		allow  func(*http.Request) (bool, error)
		status int
		retry  string
	}{
		"over the limit":              {func(*http.Request) (bool, error) { return false, nil }, 429, "60"},
		"a limiter that is not there": {func(*http.Request) (bool, error) { return false, errors.New("gone") }, 503, ""},
	} {
		s.Allow = c.allow
		r := httptest.NewRequest("POST", here+"/api/scenarios", unread{t})
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("Retry-After") != c.retry || !strings.Contains(w.Body.String(), "try again") {
			t.Errorf("%s: %d %s %v", name, w.Code, w.Body, w.Header())
		}
	}
	s.Allow = func(*http.Request) (bool, error) { return true, nil }
	if status, said := post(t, s, small); status != 201 || len(m.records) != 1 {
		t.Error(status, said)
	}
}

// unread is a body that nobody may read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestAStoreThatFailsIsSaidSo(t *testing.T) {
	s, m := newServer()
	_, said := post(t, s, small)
	m.err = errors.New("secret of the store")
	for _, w := range []*httptest.ResponseRecorder{
		asked(s, "POST", here+"/api/scenarios", small, "Content-Type: application/json"),
		asked(s, "GET", said["url"], ""),
		asked(s, "GET", said["url"]+".svg", ""),
		asked(s, "GET", here+"/embed/"+said["id"], ""),
		asked(s, "GET", here+"/oembed?url="+said["url"], ""),
		asked(s, "DELETE", here+"/api/scenarios/"+said["id"], "", "Authorization: Bearer "+said["token"]),
	} {
		if w.Code != 503 || !strings.Contains(w.Body.String(), "try again") || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	m.err = nil
	for _, damage := range []string{"", "{}\n", "{\"form\":2}\n", `{"form":1,"answers":{"":{"start":0,"end":9}}}` + "\n1234", `{"form":1,"answers":{"":{"start":3,"end":2}}}` + "\n1234", `{"form":1,"answers":{"":{"start":-1,"end":2}}}` + "\n1234"} {
		m.records[said["id"]] = damage
		if w := asked(s, "GET", said["url"], ""); w.Code != 503 {
			t.Errorf("the record %q: %d %s", damage, w.Code, w.Body)
		}
	}
}

func TestAPanicIsAnAnswer(t *testing.T) {
	if w := asked(&Server{}, "GET", here+"/s/"+idOf("x", 12), ""); w.Code != 500 || !strings.Contains(w.Body.String(), `{"error":`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestManagedPoliciesAreAskedForWhenAScenarioNamesOne(t *testing.T) {
	s, _ := newServer()
	asks := 0
	var broken error
	s.Library = func() (*engine.Library, error) {
		asks++
		l := engine.NewLibrary()
		if _, problem := l.Load(`{"policies":[{"arn":"arn:aws:iam::aws:policy/Everything","name":"Everything","path":"/","version":"v1","document":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}]}`); problem != nil {
			t.Fatal(problem.Message)
		}
		return l, broken
	}
	if status, _ := post(t, s, small); status != 201 || asks != 0 {
		t.Errorf("%d, asked %d times", status, asks)
	}
	attached := strings.Replace(small, `"inline": {`, `"policies": ["arn:aws:iam::aws:policy/Everything"], "inline": {`, 1)
	attached = strings.Replace(attached, `"action": "s3:GetObject"`, `"action": "s3:ListBucket"`, 1)
	broken = errors.New("no assets")
	if status, said := post(t, s, attached); status != 503 {
		t.Errorf("%d %v, expected that it is not stored with a wrong answer", status, said)
	}
	broken = nil
	status, said := post(t, s, attached)
	if badge := asked(s, "GET", said["url"]+".svg", "").Body.String(); status != 201 || !strings.Contains(badge, "✓ allowed") {
		t.Errorf("%d %s", status, badge)
	}
}

func TestOEmbedSpeaksOfThisServersLinksOnly(t *testing.T) {
	s, _ := newServer()
	_, said := post(t, s, small)
	id := said["id"]
	for _, c := range []struct {
		query  string
		status int
	}{
		{"", 400}, {"url=", 400}, {"url=%25zz", 400},
		{"url=" + said["url"] + "&format=xml", 501},
		{"url=https://other.test/s/" + id, 404}, {"url=http://play.test/s/" + id, 404}, {"url=/s/" + id, 404},
		{"url=" + here + "/", 404}, {"url=" + here + "/s/" + idOf("other", 12), 404}, {"url=" + said["url"] + ".svg", 404},
	} {
		if w := asked(s, "GET", here+"/oembed?"+c.query, ""); w.Code != c.status || !strings.Contains(w.Body.String(), `{"error":"found`) {
			t.Errorf("%s: %d %s, expected %d", c.query, w.Code, w.Body, c.status)
		}
	}
	for query, want := range map[string][2]float64{"": {720, 480}, "&format=json&maxwidth=400&maxheight=300": {400, 300}, "&maxwidth=9999&maxheight=-1": {720, 160}, "&maxwidth=1": {240, 480}, "&maxwidth=wide": {720, 480}} {
		w := asked(s, "GET", here+"/oembed?url="+url.QueryEscape(said["url"])+query, "")
		var e struct {
			Version, Type, Title, HTML string
			Width, Height              float64
		}
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || w.Code != 200 || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Fatalf("%s: %d %s", query, w.Code, w.Body)
		}
		if e.Version != "1.0" || e.Type != "rich" || e.Title != `Reading <b>a</b> "bucket"` || [2]float64{e.Width, e.Height} != want {
			t.Errorf("%s: %+v, expected %v", query, e, want)
		}
		if !strings.HasPrefix(e.HTML, `<iframe src="https://play.test/embed/`+id+`?mode=trace" title="Reading &lt;b&gt;a&lt;/b&gt; &#34;bucket&#34;" width="`) || !strings.Contains(e.HTML, ` sandbox="allow-scripts `) {
			t.Error(e.HTML)
		}
	}
}

func TestTheServerKnowsItsPaths(t *testing.T) {
	for path, want := range map[string]bool{
		"/api/scenarios": true, "/api/x": true, "/s/x": true, "/oembed": true, "/embed/" + idOf("x", 12): true, "/embed/" + idOf("x", 52): true,
		"/": false, "/embed/": false, "/embed/index.html": false, "/embed/iam-playground.js": false, "/scenarios/": false, "/sw.js": false, "/oembed.json": false,
	} {
		if Serves(path) != want {
			t.Errorf("%s: expected %v", path, want)
		}
	}
}
