package links

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/render"
)

// Server answers for short links: it stores scenarios, and gives back what was
// made of them when they were stored. It keeps nothing about who asks.
//
//	POST   /api/scenarios       stores a scenario → {"id", "url", "token"}
//	DELETE /api/scenarios/ID    deletes it, with the token
//	GET    /s/ID                the explanation, as a page without scripts
//	GET    /s/ID.json           the scenario
//	GET    /s/ID.svg            a badge with its answer
//	GET    /embed/ID            the frame for other pages, by way of the playground's own
//	GET    /oembed?url=…        how a page that names /s/ID may embed it
type Server struct {
	Store Store
	// Library gives the AWS managed policies. It is asked when a scenario names
	// one; nil is for none.
	Library func() (*engine.Library, error)
	// Catalog gives AWS's catalogue, which says for which resources AWS makes
	// requests; nil is for none.
	Catalog func() (*catalog.Catalog, error)
	// Picture is the path of a picture of 1200 by 630 pixels for previews of
	// links, which the site has; "" for none.
	Picture string
	// Allow reports whether one more scenario may be stored for this request;
	// nil allows all.
	Allow func(*http.Request) (bool, error)
}

// Serves reports whether a path is the server's. All others are the site's own.
func Serves(path string) bool {
	id, found := strings.CutPrefix(path, "/embed/")
	return found && isID(id) || path == "/oembed" || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/s/")
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		// A panic would end the Worker before it has said anything.
		if reason := recover(); reason != nil {
			fail(w, http.StatusInternalServerError, "something is wrong with this server")
		}
	}()
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	id, one := strings.CutPrefix(r.URL.Path, "/api/scenarios/")
	switch path := r.URL.Path; {
	case path == "/api/scenarios":
		if allowed(w, r, http.MethodPost) {
			s.add(w, r)
		}
	case one:
		if allowed(w, r, http.MethodDelete) {
			s.remove(w, r, id)
		}
	case path == "/oembed":
		if allowed(w, r, http.MethodGet, http.MethodHead) {
			s.oEmbed(w, r)
		}
	case strings.HasPrefix(path, "/s/"):
		if allowed(w, r, http.MethodGet, http.MethodHead) {
			s.show(w, r, path[len("/s/"):])
		}
	case strings.HasPrefix(path, "/embed/"):
		if allowed(w, r, http.MethodGet, http.MethodHead) {
			s.embed(w, r, path[len("/embed/"):])
		}
	default:
		fail(w, http.StatusNotFound, fmt.Sprintf("found no %q here", path))
	}
}

// allowed reports whether a method is one of those; it answers when it is not.
func allowed(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	if slices.Contains(methods, r.Method) {
		return true
	}
	list := strings.Join(methods, ", ")
	w.Header().Set("Allow", list)
	fail(w, http.StatusMethodNotAllowed, fmt.Sprintf("found the method %q, expected %s", r.Method, list))
	return false
}

// fail answers with an error.
func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Cache-Control", "no-store")
	answer(w, status, map[string]string{"error": message})
}

// answer answers with JSON.
func answer(w http.ResponseWriter, status int, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // texts and numbers
	}
	w.Header().Set("Content-Security-Policy", nothing)
	w.Header().Set("Content-Type", "application/json")
	send(w, status, string(text)+"\n")
}

// nothing is the Content-Security-Policy of what is no page.
const nothing = "default-src 'none'; frame-ancestors 'none'; sandbox"

func send(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	io.WriteString(w, body) // whoever is gone needs no error
}

// add stores a scenario.
func (s *Server) add(w http.ResponseWriter, r *http.Request) {
	// A page of another origin can send other types without asking.
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" || r.Header.Get("Content-Encoding") != "" {
		fail(w, http.StatusUnsupportedMediaType, fmt.Sprintf("found a body of the type %q, expected application/json, not compressed", start(r.Header.Get("Content-Type"))))
		return
	}
	if s.Allow != nil {
		allowed, err := s.Allow(r)
		if err != nil {
			fail(w, http.StatusServiceUnavailable, "the limit of requests cannot be asked for: try again")
			return
		}
		if !allowed {
			w.Header().Set("Retry-After", "60")
			fail(w, http.StatusTooManyRequests, "found too many scenarios in a minute: try again in one")
			return
		}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBytes+1))
	if err != nil {
		fail(w, http.StatusBadRequest, "the body ended before its end")
		return
	}
	id, token, err := s.keep(body, origin(r))
	if refused, ok := errors.AsType[*refusal](err); ok {
		fail(w, refused.status, refused.message)
		return
	}
	if err != nil {
		fail(w, http.StatusServiceUnavailable, "the scenario could not be stored: try again")
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	said := map[string]string{"id": id, "url": origin(r) + "/s/" + id}
	if token == "" {
		answer(w, http.StatusOK, said)
		return
	}
	said["token"] = token
	w.Header().Set("Location", "/s/"+id)
	answer(w, http.StatusCreated, said)
}

// keep stores a scenario under the first of its ids that no other has. token is
// "" when it was there already: then it belongs to somebody else.
func (s *Server) keep(body []byte, origin string) (id, token string, err error) {
	text, fragment, err := compact(body)
	if err != nil {
		return "", "", err
	}
	for _, length := range idLengths {
		id = idOf(text, length)
		there, found, err := s.read(id)
		if err != nil {
			return "", "", err
		}
		if found && there.text() == text {
			return id, "", nil
		}
		if found {
			continue
		}
		library, err := s.library(text)
		if err != nil {
			return "", "", err
		}
		var names *catalog.Catalog
		if s.Catalog != nil {
			if names, err = s.Catalog(); err != nil {
				return "", "", err
			}
		}
		made, err := publish(text, fragment, origin, s.Picture, id, library, names)
		if err != nil {
			return "", "", err
		}
		token = randomToken()
		made.Token = hashed(token)
		added, err := s.Store.Add(id, made.String())
		if err != nil {
			return "", "", err
		}
		if added {
			return id, token, nil
		}
		// Somebody was faster: with the same scenario, or else the next id is tried.
		if there, found, err := s.read(id); err != nil || found && there.text() == text {
			return id, "", err
		}
	}
	return "", "", errors.New("every id of the scenario belongs to another")
}

// library is the AWS managed policies if a text names one.
func (s *Server) library(text string) (*engine.Library, error) {
	if s.Library == nil || !strings.Contains(text, ":iam::aws:policy") {
		return engine.NewLibrary(), nil
	}
	return s.Library()
}

// read is the record under an id.
func (s *Server) read(id string) (*record, bool, error) {
	text, found, err := s.Store.Read(id)
	if err != nil || !found {
		return nil, false, err
	}
	made, ok := parseRecord(text)
	if !ok {
		return nil, false, fmt.Errorf("the record %q is damaged", id)
	}
	return made, true, nil
}

// remove deletes a scenario for the one who stored it.
func (s *Server) remove(w http.ResponseWriter, r *http.Request, id string) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		w.Header().Set("WWW-Authenticate", "Bearer")
		fail(w, http.StatusUnauthorized, `found no token, expected "Authorization: Bearer TOKEN" with the one that was given when the scenario was stored`)
		return
	}
	var made *record
	var found bool
	var err error
	if isID(id) {
		made, found, err = s.read(id)
	}
	switch {
	case err != nil:
		fail(w, http.StatusServiceUnavailable, "the scenario could not be read: try again")
	case !found:
		fail(w, http.StatusNotFound, fmt.Sprintf("found no scenario under %q: it was deleted, or its id is another", start(id)))
	case subtle.ConstantTimeCompare([]byte(hashed(strings.TrimSpace(token))), []byte(made.Token)) == 0:
		fail(w, http.StatusForbidden, "found a token that is not this scenario's, expected the one that was given when it was stored")
	case s.Store.Remove(id) != nil:
		fail(w, http.StatusServiceUnavailable, "the scenario could not be deleted: try again")
	default:
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNoContent)
	}
}

// show answers with the page, the document or the badge of a scenario.
func (s *Server) show(w http.ResponseWriter, r *http.Request, name string) {
	id, kind := name, ""
	if dot := strings.IndexByte(name, '.'); dot >= 0 {
		id, kind = name[:dot], name[dot:]
	}
	made, ok := s.found(w, id, kind, "'none'")
	if !ok {
		return
	}
	answer, ok := made.Answers[kind]
	if !ok {
		missing(w, kind, "'none'")
		return
	}
	for name, value := range answer.Headers {
		w.Header().Set(name, value)
	}
	if known(r, answer.Headers["ETag"]) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	send(w, http.StatusOK, made.body(answer))
}

const htmlType = "text/html; charset=utf-8"

// toEverybody lets scripts and pages of all origins have an answer.
var toEverybody = map[string]string{"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

func forEverybody(w http.ResponseWriter) {
	for name, value := range toEverybody {
		w.Header().Set(name, value)
	}
}

// known reports whether whoever asks has what the tag names.
func known(r *http.Request, tag string) bool {
	for _, header := range r.Header.Values("If-None-Match") {
		for one := range strings.SplitSeq(header, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// found is the record under an id; when ok is false it has answered that there
// is none. kind and frames are as for missing.
func (s *Server) found(w http.ResponseWriter, id, kind, frames string) (made *record, ok bool) {
	var err error
	if isID(id) {
		made, ok, err = s.read(id)
	}
	if err != nil {
		fail(w, http.StatusServiceUnavailable, "the scenario could not be read: try again")
	} else if !ok {
		missing(w, kind, frames)
	}
	return made, ok
}

// missing says that there is nothing under a link: with a page, where a page
// was asked for. frames is who may show it in a frame.
func missing(w http.ResponseWriter, kind, frames string) {
	if kind != "" {
		forEverybody(w)
		fail(w, http.StatusNotFound, "found no scenario under this link: it was deleted, or the link is not whole")
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", pagePolicy(frames))
	w.Header().Set("Content-Type", htmlType)
	send(w, http.StatusNotFound, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>No scenario under this link</title>
<style>`+render.Style+`</style>
</head>
<body class="list">
<header class="bar">
<a class="brand" href="/" target="_blank" rel="noopener">IAM Playground</a>
<a class="open" href="/" target="_blank" rel="noopener">Open the playground</a>
</header>
<main id="main">
<header class="story">
<h1>No scenario under this link</h1>
<p>It was deleted by whoever stored it, or the link is not whole: ask for it again. A link that was made a moment ago may take a minute.</p>
</header>
</main>
</body>
</html>
`)
}

// embed leads to the playground's frame with the scenario in its fragment. The
// query goes with it.
func (s *Server) embed(w http.ResponseWriter, r *http.Request, id string) {
	made, ok := s.found(w, id, "", "*")
	if !ok {
		return
	}
	location := "/embed/"
	if r.URL.RawQuery != "" {
		location += "?" + r.URL.RawQuery
	}
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Set("Location", location+made.Fragment)
	w.WriteHeader(http.StatusFound)
}

// The size of an embedded frame that is asked for without one, and the
// smallest that is given, in pixels.
const (
	frameWidth, frameHeight = 720, 480
	leastWidth, leastHeight = 240, 160
)

// oEmbed answers as https://oembed.com says, for this server's own links.
func (s *Server) oEmbed(w http.ResponseWriter, r *http.Request) {
	forEverybody(w)
	query := r.URL.Query()
	if format := query.Get("format"); format != "" && format != "json" {
		fail(w, http.StatusNotImplemented, fmt.Sprintf("found the format %s, expected \"json\"", start(format)))
		return
	}
	here := origin(r)
	about, err := url.Parse(query.Get("url"))
	if query.Get("url") == "" || err != nil {
		fail(w, http.StatusBadRequest, fmt.Sprintf("found %s as the parameter \"url\", expected an address such as %s/s/…", start(query.Get("url")), here))
		return
	}
	id, found := strings.CutPrefix(about.Path, "/s/")
	found = found && isID(id) && about.Scheme+"://"+about.Host == here
	var made *record
	if found {
		made, found, err = s.read(id)
	}
	if err != nil {
		fail(w, http.StatusServiceUnavailable, "the scenario could not be read: try again")
		return
	}
	if !found {
		fail(w, http.StatusNotFound, fmt.Sprintf("found no scenario under the parameter \"url\", expected an address such as %s/s/…", here))
		return
	}
	width, height := within(query.Get("maxwidth"), frameWidth, leastWidth), within(query.Get("maxheight"), frameHeight, leastHeight)
	w.Header().Set("Cache-Control", "public, max-age=3600")
	answer(w, http.StatusOK, map[string]any{
		"version": "1.0", "type": "rich",
		"title":         made.Title,
		"provider_name": "IAM Playground", "provider_url": here + "/",
		"cache_age": 3600,
		"width":     width, "height": height,
		"html": fmt.Sprintf(`<iframe src="%s/embed/%s?mode=trace" title="%s" width="%d" height="%d" loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>`,
			html.EscapeString(here), id, html.EscapeString(made.Title), width, height),
	})
}

// within is a measure that is at most what was asked for, but not too small.
func within(asked string, usual, least int) int {
	n, err := strconv.Atoi(asked)
	if err != nil {
		return usual
	}
	return max(min(usual, n), least)
}

// oEmbedAddress is where oEmbed answers for a page.
func oEmbedAddress(origin, page string) string {
	return origin + "/oembed?format=json&url=" + url.QueryEscape(page)
}

// origin is the scheme and the host at which a request came.
func origin(r *http.Request) string {
	switch {
	case r.URL.IsAbs():
		return r.URL.Scheme + "://" + r.URL.Host
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
