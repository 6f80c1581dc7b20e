package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

// stored is the built site with short links.
func stored(t *testing.T, page string) http.Handler {
	t.Helper()
	dir := built(t)
	for name, text := range map[string]string{
		"index.html":              page,
		"assets/catalog-abc.txt":  sample.Text(),
		"assets/curated-abc.json": `{"policies":[{"arn":"arn:aws:iam::aws:policy/All","name":"All","document":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files, err := newSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := withShortLinks(files, filepath.Join(t.TempDir(), "links"))
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

func get(h http.Handler, method, address, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAServerWithAStoreOffersShortLinksOnItsPage(t *testing.T) {
	h := stored(t, "<html><head><title>x</title></head></html>")
	for _, path := range []string{"/", "/index.html"} {
		w := get(h, "GET", path, "")
		if got, want := w.Body.String(), "<html><head>"+offer+"<title>x</title></head></html>"; w.Code != 200 || got != want {
			t.Errorf("%s: %d %s, expected %s", path, w.Code, got, want)
		}
		if w.Header().Get("Last-Modified") != "" {
			t.Error("the page has the time of another page")
		}
	}
	if w := get(h, "GET", "/embed/", ""); w.Body.String() != "embed" {
		t.Errorf("the embed page: %d %s", w.Code, w.Body)
	}
	if w := get(h, "GET", "/assets/engine.wasm", ""); w.Body.String() != "plain wasm" {
		t.Errorf("a file: %d %s", w.Code, w.Body)
	}
	built := `<html><head><meta name="short-links" content="api/scenarios"></head></html>`
	if w := get(stored(t, built), "GET", "/", ""); w.Body.String() != built {
		t.Errorf("a page with the offer is changed: %s", w.Body)
	}
}

func TestAServerWithAStoreKeepsScenariosWithTheirManagedPolicies(t *testing.T) {
	h := stored(t, "<head></head>")
	w := get(h, "POST", "/api/scenarios", `{"version":1,"accounts":{"111122223333":{"users":{"ali":{"policies":["arn:aws:iam::aws:policy/All"]}}}},
		"requests":[{"principal":"arn:aws:iam::111122223333:user/ali","action":"iam:ListUsers","resource":"arn:aws:iam::111122223333:user/ali","name":"list"}]}`)
	var said map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || w.Code != 201 || !strings.HasPrefix(said["url"], "http://example.com/s/") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := get(h, "GET", said["url"]+".svg", ""); w.Code != 200 || !strings.Contains(w.Body.String(), "✓ allowed") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := get(h, "GET", said["url"], ""); w.Code != 200 ||
		!strings.Contains(w.Body.String(), "works on no resource in particular") {
		t.Errorf("%d %s, expected what the catalogue says of the request", w.Code, w.Body)
	}
}

func TestASiteWithoutAStoreHasNoShortLinks(t *testing.T) {
	files, err := newSite(built(t))
	if err != nil {
		t.Fatal(err)
	}
	if w := get(files, "POST", "/api/scenarios", "{}"); w.Code != 405 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := get(files, "GET", "/", ""); strings.Contains(w.Body.String(), "short-links") {
		t.Error("the page offers them")
	}
	if _, err := withShortLinks(files, t.TempDir()); err == nil || !strings.Contains(err.Error(), "assets/curated-*.json") {
		t.Errorf("error %v, expected one that says what the site lacks", err)
	}
}
