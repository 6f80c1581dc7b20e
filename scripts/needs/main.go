// Command needs finds a Chromium for the browser tests, installs one when there
// is none, and prints its path on standard output and nothing else there.
//
// It looks at $CHROMIUM, at the usual places for Chromium, Chrome and Edge on
// Linux and macOS, and at what Playwright has installed before. To install, it
// takes Debian's package where that can be done without asking, and
// Playwright's own download otherwise. The npm packages of the site must be
// there.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// places are the programs that are tried in turn; a bare name is looked for on the PATH.
var places = []string{
	"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
}

func main() {
	path, err := chromium()
	if err != nil {
		fmt.Fprintln(os.Stderr, "needs:", err)
		os.Exit(1)
	}
	fmt.Println(path)
}

// chromium returns the path of a browser that starts.
func chromium() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		if !starts(path) {
			return "", fmt.Errorf("CHROMIUM is %q, which does not start: expected the path of a Chromium, Chrome or Edge", path)
		}
		return path, nil
	}
	if path, found := find(places, starts); found {
		return path, nil
	}
	if path, err := playwrights(); err == nil && starts(path) {
		return path, nil
	}
	return install()
}

// find returns the path of the first place that is there and starts.
func find(places []string, starts func(path string) bool) (string, bool) {
	for _, place := range places {
		if path, err := exec.LookPath(place); err == nil && starts(path) {
			return path, true
		}
	}
	return "", false
}

// starts reports whether a browser runs at all: some distributions have a
// program of the name that only says where to get it.
func starts(path string) bool {
	return exec.Command(path, "--version").Run() == nil
}

// install installs a browser and returns its path.
func install() (string, error) {
	var failures []error
	if prefix, can := debian(); can {
		err := run(append(prefix, "apt-get", "update", "-q")...)
		if err == nil {
			err = run(append(prefix, "apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium")...)
		}
		if path, found := find(places[:1], starts); err == nil && found {
			return path, nil
		}
		failures = append(failures, err)
	}
	err := run("npm", "--prefix", "site", "exec", "--", "playwright", "install", "chromium")
	if err == nil {
		var path string
		if path, err = playwrights(); err == nil && starts(path) {
			return path, nil
		}
	}
	failures = append(failures, err, errors.New("no Chromium could be found or installed: install Chromium, Chrome or Edge, or put the path of one into CHROMIUM"))
	return "", errors.Join(failures...)
}

// debian returns what to put before a command so that it runs as root, and
// whether this is a Debian where that works without a password. Ubuntu does
// not count: its package only fetches a snap.
func debian() ([]string, bool) {
	release, err := os.ReadFile("/etc/os-release")
	if err != nil || !isDebian(string(release)) {
		return nil, false
	}
	if os.Geteuid() == 0 {
		return []string{"env", "DEBIAN_FRONTEND=noninteractive"}, true
	}
	return []string{"sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"}, exec.Command("sudo", "-n", "true").Run() == nil
}

// isDebian reads an os-release file.
func isDebian(release string) bool {
	for line := range strings.Lines(release) {
		if id, found := strings.CutPrefix(strings.TrimSpace(line), "ID="); found {
			return strings.Trim(id, `"'`) == "debian"
		}
	}
	return false
}

// playwrights returns where Playwright keeps its Chromium, whether it is there or not.
func playwrights() (string, error) {
	cmd := exec.Command("node", "-p", `require("@playwright/test").chromium.executablePath()`)
	cmd.Dir = "site"
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// run runs a command with its output on standard error.
func run(words ...string) error {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(words, " "), err)
	}
	return nil
}
