package links

import (
	"fmt"
	"io/fs"
)

// Paths are where a built site has what the server needs of it, as paths of addresses.
type Paths struct {
	Library string // the AWS managed policies
	Catalog string // AWS's catalogue
	Picture string // for previews, "" without
}

// SitePaths finds the paths in a built site.
func SitePaths(site fs.FS) (Paths, error) {
	var p Paths
	for _, one := range []struct {
		pattern string
		path    *string
	}{{"assets/curated-*.json", &p.Library}, {"assets/catalog-*.txt", &p.Catalog}} {
		found, err := fs.Glob(site, one.pattern)
		if err != nil {
			return Paths{}, err
		}
		if len(found) != 1 {
			return Paths{}, fmt.Errorf("found %d files %s in the site, expected one: make build makes it", len(found),
				one.pattern)
		}
		*one.path = "/" + found[0]
	}
	if _, err := fs.Stat(site, "scenarios/index.png"); err == nil {
		p.Picture = "/scenarios/index.png"
	}
	return p, nil
}
