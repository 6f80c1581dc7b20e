package links

import (
	"fmt"
	"io/fs"
)

// SitePaths are where a built site has what the server needs of it, as paths of
// addresses: the AWS managed policies, and a picture for previews, "" without.
func SitePaths(site fs.FS) (library, picture string, err error) {
	found, err := fs.Glob(site, "assets/curated-*.json")
	if err != nil {
		return "", "", err
	}
	if len(found) != 1 {
		return "", "", fmt.Errorf("found %d files assets/curated-*.json in the site, expected one: make build makes it", len(found))
	}
	if _, err := fs.Stat(site, "scenarios/index.png"); err == nil {
		picture = "/scenarios/index.png"
	}
	return "/" + found[0], picture, nil
}
