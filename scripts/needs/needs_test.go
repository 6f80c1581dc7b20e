package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheFirstBrowserThatStartsIsTaken(t *testing.T) {
	dir := t.TempDir()
	var browsers []string
	for _, name := range []string{"stub", "good", "better"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o755); err != nil {
			t.Fatal(err)
		}
		browsers = append(browsers, path)
	}
	notTheStub := func(path string) bool { return path != browsers[0] }
	places := append([]string{filepath.Join(dir, "nothing")}, browsers...)
	if path, found := find(places, notTheStub); !found || path != browsers[1] {
		t.Errorf("found %q, %v; expected %q", path, found, browsers[1])
	}
	if path, found := find(places[:2], notTheStub); found {
		t.Errorf("found %q, expected none", path)
	}
}

func TestABrowserThatWasNamedButDoesNotStartIsAnError(t *testing.T) {
	t.Setenv("CHROMIUM", filepath.Join(t.TempDir(), "nothing"))
	if path, err := chromium(); err == nil || !strings.Contains(err.Error(), "CHROMIUM is ") {
		t.Errorf("%q, %v; expected an error that names the variable", path, err)
	}
}

func TestOnlyDebianItselfIsDebian(t *testing.T) {
	for release, want := range map[string]bool{
		"NAME=\"Debian GNU/Linux\"\nID=debian\n":     true,
		"ID=\"debian\"":                              true,
		"ID=ubuntu\nID_LIKE=debian\n":                false,
		"VERSION_ID=debian\nID_LIKE=debian\nID=arch": false,
		"": false,
	} {
		if got := isDebian(release); got != want {
			t.Errorf("%q: %v", release, got)
		}
	}
}
