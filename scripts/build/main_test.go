package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNodeIsNewEnoughFrom2019On(t *testing.T) {
	for version, ok := range map[string]bool{
		"v20.19.0": true, "v20.20.2": true, "v22.0.0": true, "v100.0.0": true,
		"v20.18.9": false, "v18.99.0": false, "v9.0.0": false, "": false, "20": false, "vx.y.z": false,
	} {
		err := checkNodeVersion(version)
		if (err == nil) != ok {
			t.Errorf("node %q: %v", version, err)
		}
		if err != nil && !strings.Contains(err.Error(), `"`+version+`": expected 20.19 or newer`) {
			t.Errorf("node %q: the message %q does not say what was found and expected", version, err)
		}
	}
}

func TestPackagesAreInstalledWhenTheLockFileAsksForOthers(t *testing.T) {
	const lock = `{"packages": {"": {"version": "0.1.0"}, "node_modules/a": {"version": "1.0.0"}, "node_modules/for-a-mac": {"version": "1.0.0", "optional": true}}}`
	for name, c := range map[string]struct {
		have  string
		fresh bool
	}{
		"the same packages":                 {lock, true},
		"an optional package is not there":  {`{"packages": {"node_modules/a": {"version": "1.0.0"}}}`, true},
		"an optional package is older":      {`{"packages": {"node_modules/a": {"version": "1.0.0"}, "node_modules/for-a-mac": {"version": "0.9.0"}}}`, false},
		"a package more":                    {`{"packages": {"node_modules/a": {"version": "1.0.0"}, "node_modules/b": {"version": "1.0.0"}}}`, true},
		"a package is older":                {`{"packages": {"node_modules/a": {"version": "0.9.0"}}}`, false},
		"a package is not there":            {`{"packages": {}}`, false},
		"nothing is installed":              {"", false},
		"the record of npm itself is empty": {"{}", false},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			put(t, folder, "package-lock.json", lock)
			if c.have != "" {
				put(t, folder, "node_modules/.package-lock.json", c.have)
			}
			fresh, err := installed(folder)
			if err != nil || fresh != c.fresh {
				t.Errorf("installed is %v, %v; expected %v", fresh, err, c.fresh)
			}
		})
	}
}

func TestALockFileThatCannotBeReadIsAnError(t *testing.T) {
	folder := t.TempDir()
	if _, err := installed(folder); err == nil {
		t.Error("no error without a lock file")
	}
	put(t, folder, "package-lock.json", "{")
	if _, err := installed(folder); err == nil || !strings.Contains(err.Error(), "package-lock.json") {
		t.Errorf("error %v, expected one that names the file", err)
	}
}

// put writes a file below folder.
func put(t *testing.T, folder, name, text string) {
	t.Helper()
	name = filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
