package links

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestABuiltSiteHasItsLibraryAndPerhapsAPicture(t *testing.T) {
	site := fstest.MapFS{"assets/curated-abc.json": {}, "assets/other.json": {}}
	if library, picture, err := SitePaths(site); library != "/assets/curated-abc.json" || picture != "" || err != nil {
		t.Error(library, picture, err)
	}
	site["scenarios/index.png"] = &fstest.MapFile{}
	if _, picture, err := SitePaths(site); picture != "/scenarios/index.png" || err != nil {
		t.Error(picture, err)
	}
	site["assets/curated-def.json"] = &fstest.MapFile{}
	if _, _, err := SitePaths(site); err == nil || !strings.Contains(err.Error(), "found 2 files") {
		t.Error(err)
	}
	if _, _, err := SitePaths(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Error(err)
	}
}
