package links

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestABuiltSiteHasItsLibraryAndCatalogueAndPerhapsAPicture(t *testing.T) {
	site := fstest.MapFS{"assets/curated-abc.json": {}, "assets/catalog-abc.txt": {}, "assets/other.json": {}}
	want := Paths{Library: "/assets/curated-abc.json", Catalog: "/assets/catalog-abc.txt"}
	if paths, err := SitePaths(site); paths != want || err != nil {
		t.Error(paths, err)
	}
	site["scenarios/index.png"] = &fstest.MapFile{}
	if paths, err := SitePaths(site); paths.Picture != "/scenarios/index.png" || err != nil {
		t.Error(paths, err)
	}
	site["assets/curated-def.json"] = &fstest.MapFile{}
	if _, err := SitePaths(site); err == nil || !strings.Contains(err.Error(), "found 2 files") {
		t.Error(err)
	}
	if _, err := SitePaths(fstest.MapFS{"assets/curated-abc.json": {}}); err == nil ||
		!strings.Contains(err.Error(), "make build") {
		t.Error(err)
	}
}
