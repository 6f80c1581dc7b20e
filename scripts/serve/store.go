package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/wasm/links"
)

// offer is how a page knows that its server makes short links. A site that was
// built for such a server has it already.
const offer = `<meta name="short-links" content="api/scenarios">`

// withShortLinks adds short links, kept in a folder, to the site of another
// folder.
func withShortLinks(s *site, folder string) (http.Handler, error) {
	paths, err := links.SitePaths(s.files)
	if err != nil {
		return nil, err
	}
	store, err := links.OpenDisk(folder)
	if err != nil {
		return nil, fmt.Errorf("the folder for short links: %w", err)
	}
	server := &links.Server{Store: store, Picture: paths.Picture, Library: func() (*engine.Library, error) {
		text, err := fs.ReadFile(s.files, strings.TrimPrefix(paths.Library, "/"))
		if err != nil {
			return nil, err
		}
		// One for each scenario: a library is no thing for two at once.
		library := engine.NewLibrary()
		if _, problem := library.Load(string(text)); problem != nil {
			return nil, fmt.Errorf("%s: %s", paths.Library, problem.Message)
		}
		return library, nil
	}, Catalog: func() (*catalog.Catalog, error) {
		text, err := fs.ReadFile(s.files, strings.TrimPrefix(paths.Catalog, "/"))
		if err != nil {
			return nil, err
		}
		return catalog.Load(string(text)) // one for each scenario, likewise
	}}
	offering := &site{offeringFiles{s.files}, s.rules}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if links.Serves(r.URL.Path) {
			server.ServeHTTP(w, r)
		} else {
			offering.ServeHTTP(w, r)
		}
	}), nil
}

// offeringFiles are the files of a site with the offer in its page.
type offeringFiles struct{ fs.FS }

// Open opens a file.
func (f offeringFiles) Open(name string) (fs.File, error) {
	if name == "index.html.br" || name == "index.html.gz" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist} // they hold the page as it was built
	}
	file, err := f.FS.Open(name)
	if err != nil || name != "index.html" {
		return file, err
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(text, []byte(`name="short-links"`)) {
		text = bytes.Replace(text, []byte("<head>"), []byte("<head>"+offer), 1)
	}
	return &changedFile{bytes.NewReader(text), changedInfo{info}}, nil
}

// changedFile is a file with another content than the one on the disk.
type changedFile struct {
	*bytes.Reader
	info changedInfo
}

func (f *changedFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *changedFile) Close() error               { return nil }

type changedInfo struct{ fs.FileInfo }

// ModTime is unknown: the page with the offer and the one without have the
// same on the disk, and a browser must not take one for the other.
func (changedInfo) ModTime() time.Time { return time.Time{} }
