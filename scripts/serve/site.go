package main

import (
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"strings"
)

// types are the content types by extension. Go's own table depends on the machine.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".map":         "application/json",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".woff2":       "font/woff2",
}

// encodings are the precompressed forms of a file, the smallest first.
var encodings = []struct{ name, extension string }{{"br", ".br"}, {"gzip", ".gz"}}

// headersFile holds the rules for headers and is not served itself.
const headersFile = "_headers"

// site serves the files of a folder.
type site struct {
	files fs.FS
	rules []rule
}

// newSite serves dir, which must hold an index.html; links out of it are not followed.
func newSite(dir string) (*site, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	files := root.FS()
	if _, err := fs.Stat(files, "index.html"); err != nil {
		return nil, fmt.Errorf("%s holds no index.html: expected a built site (make build makes one)", dir)
	}
	text, err := fs.ReadFile(files, headersFile)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	rules, err := parseHeaders(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s/%s: %w", dir, headersFile, err)
	}
	return &site{files, rules}, nil
}

// ServeHTTP answers GET and HEAD with a file, and everything else with an error.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if name == headersFile || !s.isFile(name) {
		http.NotFound(w, r)
		return
	}
	apply(s.rules, r.URL.Path, w.Header())
	w.Header().Set("Content-Type", contentType(name))
	for _, e := range encodings {
		if !s.isFile(name + e.extension) {
			continue
		}
		if w.Header().Get("Vary") == "" {
			w.Header().Set("Vary", "Accept-Encoding")
		}
		// A range counts in the bytes of the plain file.
		if r.Header.Get("Range") == "" && accepts(r.Header.Get("Accept-Encoding"), e.name) {
			w.Header().Set("Content-Encoding", e.name)
			name += e.extension
			break
		}
	}
	file, err := s.files.Open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	info, err := file.Stat()
	content, seeks := file.(io.ReadSeeker)
	if err != nil || !seeks {
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	http.ServeContent(w, r, name, info.ModTime(), content)
}

// isFile reports whether name, relative and with slashes, is a plain file of the site.
func (s *site) isFile(name string) bool {
	info, err := fs.Stat(s.files, name)
	return err == nil && info.Mode().IsRegular()
}

func contentType(name string) string {
	extension := path.Ext(name)
	if t := types[extension]; t != "" {
		return t
	}
	if t := mime.TypeByExtension(extension); t != "" {
		return t
	}
	return "application/octet-stream"
}

// accepts reports whether an Accept-Encoding header names the encoding, other
// than with weight zero.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			number, _ := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			return number == "" || strings.Trim(number, "0.") != ""
		}
	}
	return false
}
