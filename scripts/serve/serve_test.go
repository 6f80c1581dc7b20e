package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// built is a small site with its headers, a precompressed file and a secret beside it.
func built(t *testing.T) string {
	t.Helper()
	top := t.TempDir()
	for name, text := range map[string]string{
		"secret.txt": "secret",
		"dist/_headers": `# comment
/*
  X-Content-Type-Options: nosniff
  Cache-Control: no-cache
/assets/*.wasm
  Cache-Control: immutable
/
  X-Page: yes
`,
		"dist/index.html":             "page",
		"dist/embed/index.html":       "embed",
		"dist/assets/engine.wasm":     "plain wasm",
		"dist/assets/engine.wasm.br":  "brotli wasm",
		"dist/assets/engine.wasm.gz":  "gzip wasm",
		"dist/assets/data.json":       "{}",
		"dist/assets/data.json.gz":    "gzip data",
		"dist/assets/worker.js":       "1",
		"dist/assets/font.woff2":      "font",
		"dist/manifest.webmanifest":   "{}",
		"dist/something.unknown-kind": "?",
	} {
		name = filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../secret.txt", filepath.Join(top, "dist", "link.txt")); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(top, "dist")
}

func TestEveryRequestGetsTheFileItsTypeAndItsHeaders(t *testing.T) {
	handler, err := newSite(built(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		method, path string
		headers      map[string]string
		status       int
		body         string
		want         map[string]string // header → value, "" for none
	}{
		"the folder is its index page": {path: "/", status: 200, body: "page",
			want: map[string]string{"Content-Type": "text/html; charset=utf-8", "X-Page": "yes", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache", "Vary": ""}},
		"a rule without a star is for that path only": {path: "/index.html", status: 200, body: "page", want: map[string]string{"X-Page": ""}},
		"a folder below has one too":                  {path: "/embed/", status: 200, body: "embed"},
		"a folder is not listed":                      {path: "/assets/", status: 404, body: "404 page not found\n"},
		"a folder without its slash is nothing":       {path: "/assets", status: 404, body: "404 page not found\n"},
		"what is not there is not found":              {path: "/nothing", status: 404, body: "404 page not found\n"},
		"the rules are not served":                    {path: "/_headers", status: 404, body: "404 page not found\n"},
		"no path leads out of the folder":             {path: "/../secret.txt", status: 404, body: "404 page not found\n"},
		"no link leads out of the folder":             {path: "/link.txt", status: 404, body: "404 page not found\n"},
		"nothing can be written":                      {method: "POST", path: "/", status: 405, body: "method not allowed\n", want: map[string]string{"Allow": "GET, HEAD"}},
		"a head has no body":                          {method: "HEAD", path: "/", status: 200, want: map[string]string{"Content-Length": "4"}},

		"wasm has its type, and two rules are joined": {path: "/assets/engine.wasm", status: 200, body: "plain wasm",
			want: map[string]string{"Content-Type": "application/wasm", "Cache-Control": "no-cache, immutable", "Vary": "Accept-Encoding", "Content-Encoding": ""}},
		"brotli comes before gzip": {path: "/assets/engine.wasm", headers: map[string]string{"Accept-Encoding": "gzip, deflate, br, zstd"}, status: 200, body: "brotli wasm",
			want: map[string]string{"Content-Type": "application/wasm", "Content-Encoding": "br", "Vary": "Accept-Encoding"}},
		"gzip when brotli is refused": {path: "/assets/engine.wasm", headers: map[string]string{"Accept-Encoding": "br;q=0, gzip;q=0.5"}, status: 200, body: "gzip wasm",
			want: map[string]string{"Content-Encoding": "gzip"}},
		"gzip when there is no brotli": {path: "/assets/data.json", headers: map[string]string{"Accept-Encoding": "br, gzip"}, status: 200, body: "gzip data",
			want: map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}},
		"a range is of the plain file": {path: "/assets/engine.wasm", headers: map[string]string{"Accept-Encoding": "br", "Range": "bytes=6-9"}, status: 206, body: "wasm",
			want: map[string]string{"Content-Encoding": ""}},

		"a script has its type":            {path: "/assets/worker.js", status: 200, body: "1", want: map[string]string{"Content-Type": "text/javascript; charset=utf-8"}},
		"a font has its type":              {path: "/assets/font.woff2", status: 200, body: "font", want: map[string]string{"Content-Type": "font/woff2"}},
		"a web manifest has its type":      {path: "/manifest.webmanifest", status: 200, body: "{}", want: map[string]string{"Content-Type": "application/manifest+json"}},
		"an unknown kind is a plain octet": {path: "/something.unknown-kind", status: 200, body: "?", want: map[string]string{"Content-Type": "application/octet-stream"}},
	} {
		t.Run(name, func(t *testing.T) {
			method := c.method
			if method == "" {
				method = "GET"
			}
			r := httptest.NewRequest(method, "http://localhost/", nil)
			r.URL.Path = c.path
			for k, v := range c.headers {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != c.status || w.Body.String() != c.body {
				t.Errorf("%d %q, expected %d %q", w.Code, w.Body, c.status, c.body)
			}
			for k, v := range c.want {
				if got := w.Header().Get(k); got != v {
					t.Errorf("%s is %q, expected %q", k, got, v)
				}
			}
		})
	}
}

func TestAFolderThatIsNotABuiltSiteIsRefused(t *testing.T) {
	if _, err := newSite(t.TempDir()); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("error %v, expected one that says what to do", err)
	}
	if _, err := newSite(filepath.Join(t.TempDir(), "nothing")); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func TestHeaderRulesThatCannotBeReadAreErrors(t *testing.T) {
	for text, want := range map[string]string{
		"  A: b":        `line 1: "A: b": expected "Name: value" below a path`,
		"/a\n  no":      `line 2: "no": expected "Name: value" below a path`,
		"/a/*/b/*":      `line 1: "/a/*/b/*": expected a path`,
		"# a\n\nassets": `line 3: "assets": expected a path`,
	} {
		if _, err := parseHeaders(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, expected %s", text, err, want)
		}
	}
}

func TestARateIsANumberWithAUnit(t *testing.T) {
	for text, want := range map[string]float64{"": 0, "10mbit": 1_250_000, "1.6Mbit": 200_000, "400kbit": 50_000} {
		if got, err := parseRate(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; expected %v bytes a second", text, got, err, want)
		}
	}
	for _, text := range []string{"10", "mbit", "-1mbit", "0kbit", "fast", "NaNmbit", "10gbit"} {
		if _, err := parseRate(text); err == nil || !strings.Contains(err.Error(), `"`+text+`"`) {
			t.Errorf("%q: error %v, expected one that quotes it", text, err)
		}
	}
}

func TestALineSendsOneThingAfterTheOther(t *testing.T) {
	l := line{bytesPerSecond: 1000}
	start := time.Unix(1000, 0)
	for i, c := range []struct {
		after time.Duration
		bytes int
		want  time.Duration
	}{
		{0, 500, 500 * time.Millisecond},
		{0, 500, time.Second},                                 // waits for the first
		{600 * time.Millisecond, 100, 500 * time.Millisecond}, // waits for what is left of both
		{5 * time.Second, 1000, time.Second},                  // an idle line saves nothing up
	} {
		if got := l.reserve(start.Add(c.after), c.bytes); got != c.want {
			t.Errorf("%d: %v, expected %v", i, got, c.want)
		}
	}
	if got := (&line{}).reserve(start, 1<<30); got != 0 {
		t.Errorf("a line without limit takes %v", got)
	}
}

func TestAConnectionCostsARoundTripAndEachRequestOneMore(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	go io.WriteString(theirs, "ab")
	c := &slowConn{Conn: ours, line: &line{latency: time.Second}, fresh: true}
	one := make([]byte, 1)
	read := func() {
		t.Helper()
		if _, err := io.ReadFull(c, one); err != nil {
			t.Fatal(err)
		}
	}
	read()
	read()
	for _, want := range []time.Duration{2 * time.Second, 0} {
		if got := c.delay(); got != want {
			t.Errorf("the answer waits %v, expected %v", got, want)
		}
	}
	go io.WriteString(theirs, "c")
	read()
	if got := c.delay(); got != time.Second {
		t.Errorf("the second answer waits %v, expected one round trip", got)
	}
}

func TestASlowLineChangesNoByte(t *testing.T) {
	handler, err := newSite(built(t))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(handler)
	server.Listener = slowListener{server.Listener, &line{bytesPerSecond: 1e9, latency: time.Nanosecond}}
	server.Start()
	defer server.Close()
	answer, err := http.Get(server.URL + "/embed/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || string(body) != "embed" {
		t.Errorf("body %q, %v", body, err)
	}
}

func TestATakenPortIsLeftForTheNext(t *testing.T) {
	first, err := listen("")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := listen("")
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if first.Addr().String() == second.Addr().String() || !strings.HasPrefix(second.Addr().String(), "127.0.0.1:80") {
		t.Errorf("%s and %s, expected two ports of loopback", first.Addr(), second.Addr())
	}
	if _, err := listen(first.Addr().String()); err == nil {
		t.Error("no error for an address that was asked for and is taken")
	}
}

// TestMain lets the test be the program itself.
func TestMain(m *testing.M) {
	if dir := os.Getenv("SERVE_TEST_DIR"); dir != "" {
		os.Args = []string{"serve", "-dir", dir, "-addr", "127.0.0.1:0"}
		main()
		return
	}
	os.Exit(m.Run())
}

func TestTheAddressIsPrintedAndASignalEndsTheProgramCleanly(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		program := exec.Command(os.Args[0])
		program.Env = append(os.Environ(), "SERVE_TEST_DIR="+built(t))
		out, err := program.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := program.Start(); err != nil {
			t.Fatal(err)
		}
		said, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		address, found := strings.CutPrefix(strings.TrimSpace(said), "IAM Playground: ")
		if !found {
			t.Errorf("printed %q", said)
		}
		answer, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || string(body) != "page" {
			t.Errorf("%q, %v from %s", body, err, address)
		}
		if err := program.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if err := program.Wait(); err != nil {
			t.Errorf("after %v: %v", sig, err)
		}
	}
}
