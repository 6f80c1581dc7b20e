package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// The oldest Node that the site's tools run on.
const nodeMajor, nodeMinor = 20, 19

// checkNode fails with what to install when Node is missing or too old.
func checkNode() error {
	for _, name := range []string{"node", "npm"} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("no %q on this machine: install Node %d.%d or newer from https://nodejs.org", name, nodeMajor, nodeMinor)
		}
	}
	out, err := exec.Command("node", "--version").Output()
	if err != nil {
		return fmt.Errorf("node --version: %w", err)
	}
	return checkNodeVersion(strings.TrimSpace(string(out)))
}

// checkNodeVersion judges a version such as "v20.19.0".
func checkNodeVersion(version string) error {
	parts := strings.Split(strings.TrimPrefix(version, "v"), ".")
	if len(parts) == 3 {
		major, err1 := strconv.Atoi(parts[0])
		minor, err2 := strconv.Atoi(parts[1])
		if err1 == nil && err2 == nil && (major > nodeMajor || major == nodeMajor && minor >= nodeMinor) {
			return nil
		}
	}
	return fmt.Errorf("node is %q: expected %d.%d or newer, from https://nodejs.org", version, nodeMajor, nodeMinor)
}

// installPackages runs npm ci when what is installed is not what the lock file
// asks for. Comparing contents rather than times spares an installation after
// every fresh checkout of an unchanged lock file.
func installPackages() error {
	fresh, err := installed(site)
	if err != nil || fresh {
		return err
	}
	return command(site, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
}

// lockFile is npm's list of packages by folder, as far as it is compared.
type lockFile struct {
	Packages map[string]struct {
		Version  string `json:"version"`
		Optional bool   `json:"optional"`
	} `json:"packages"`
}

// installed reports whether a folder's node_modules holds every package of its
// package-lock.json in its version. npm's own record in node_modules is
// written last, so an installation that was cut off does not count. Optional
// packages may be missing: most are for other platforms.
func installed(folder string) (bool, error) {
	want, err := readLock(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		return false, err
	}
	have, err := readLock(filepath.Join(folder, "node_modules", ".package-lock.json"))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for path, p := range want.Packages {
		got, found := have.Packages[path]
		if path != "" && (found || !p.Optional) && got.Version != p.Version {
			return false, nil
		}
	}
	return true, nil
}

func readLock(name string) (lockFile, error) {
	var lock lockFile
	text, err := os.ReadFile(name)
	if err != nil {
		return lock, err
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return lock, fmt.Errorf("%s: %w", name, err)
	}
	return lock, nil
}
