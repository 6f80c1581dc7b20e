package links

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/render"
)

// The limits of what is stored beside those of Decode: bytes of the deflated
// text, steps of all evaluations together, and bytes of the page. The last two
// keep a small text from asking for a large answer.
const (
	MaxCompressed = 64 << 10
	maxSteps      = 30_000
	maxPage       = 4 << 20
)

// refusal is why a scenario is not stored.
type refusal struct {
	status  int
	message string
}

func (r *refusal) Error() string { return r.message }

func refuse(status int, format string, arguments ...any) *refusal {
	return &refusal{status, fmt.Sprintf(format, arguments...)}
}

// compact is the form in which a scenario is stored: its text without the
// white space between tokens, after everything that can be said about it
// before it is read as a scenario.
func compact(body []byte) (text, fragment string, err error) {
	if len(body) > MaxBytes {
		return "", "", refuse(http.StatusRequestEntityTooLarge, "found a scenario of more than %d bytes, expected at most that", MaxBytes)
	}
	if damage := checked(body); damage != nil {
		return "", "", refuse(http.StatusBadRequest, "%s", damage.Message)
	}
	var b bytes.Buffer
	if err := json.Compact(&b, body); err != nil {
		return "", "", err // it was valid a moment ago
	}
	fragment = Encode(b.Bytes(), View{})
	if n := base64.RawURLEncoding.DecodedLen(len(fragment)); n > MaxCompressed {
		return "", "", refuse(http.StatusRequestEntityTooLarge, "found a scenario of %d bytes when compressed, expected at most %d: share it as a file", n, MaxCompressed)
	}
	return b.String(), fragment, nil
}

// publish makes the record of a scenario: reads it, answers its requests, and
// renders what will be asked for. origin is the playground's address without
// its last slash, and picture the path of a picture for previews, "" for none.
// names may be nil.
func publish(text, fragment, origin, picture, id string, library *engine.Library,
	names *catalog.Catalog) (*record, error) {
	scenario := engine.Parse(readable(text))
	if names != nil {
		if _, problem := library.LoadFacts(names.Facts(scenario.Actions())); problem != nil {
			return nil, fmt.Errorf("the facts about actions: %s", problem.Message)
		}
	}
	world := engine.NewWorld(scenario, library)
	if err := valid(world); err != nil {
		return nil, err
	}
	evaluations := make([]*engine.Evaluation, len(world.Scenario.Requests))
	steps := 0
	for i, r := range world.Scenario.Requests {
		q := world.Query(r)
		if q == nil {
			continue
		}
		evaluations[i] = q.Evaluate()
		for _, e := range append(evaluations[i].Also, evaluations[i]) {
			steps += len(e.Steps)
		}
		if steps > maxSteps {
			return nil, tooLong()
		}
	}
	source := render.Source{File: "Scenario " + id, World: world}
	address := origin + "/s/" + id
	var page, badge strings.Builder
	if picture != "" {
		picture = origin + picture
	}
	err := render.HTML(&page, source, evaluations, render.Page{
		Playground: "/" + fragment,
		Home:       "/",
		Rules:      "/rules/",
		Address:    address,
		Picture:    picture,
		Embed:      oEmbedAddress(origin, address),
	})
	if err == nil {
		err = render.Badge(&badge, source, evaluations)
	}
	if err != nil {
		return nil, err
	}
	if page.Len() > maxPage {
		return nil, tooLong()
	}
	made := &record{Form: 1, Title: cmp.Or(world.Scenario.Title, source.File), Fragment: fragment, Answers: map[string]stored{}}
	made.put("", htmlType, pagePolicy("'none'"), page.String(), map[string]string{"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"})
	made.put(".json", "application/json", nothing, text, toEverybody)
	made.put(".svg", "image/svg+xml", nothing, badge.String(), toEverybody)
	return made, nil
}

// readable is a text laid out for people, unless it is so large that its
// indentation might be more than it.
func readable(text string) string {
	if len(text) <= MaxBytes/4 {
		if laid, err := render.Format(text); err == nil && len(laid) <= MaxBytes {
			return laid
		}
	}
	return text
}

func tooLong() *refusal {
	return refuse(http.StatusRequestEntityTooLarge, "found a scenario whose answers fill more than a page holds, expected fewer requests or fewer statements: share it as a file")
}

// valid refuses a document with errors.
func valid(w *engine.World) error {
	count := 0
	var first *engine.Diagnostic
	for i := range w.Diagnostics {
		if d := &w.Diagnostics[i]; d.Severity == engine.Error {
			first = cmp.Or(first, d)
			count++
		}
	}
	if first == nil {
		return nil
	}
	line, column := jsonpos.NewLines(w.Scenario.Document.Text).Position(first.Start)
	where := fmt.Sprintf("%q", string(first.Pointer))
	if first.Pointer == "" {
		where = fmt.Sprintf("line %d, column %d", line, column)
	}
	message := fmt.Sprintf("found a document with an error at %s: %s", where, first.Message)
	if w.More > 0 {
		message = fmt.Sprintf("found a document with at least %d errors, the first at %s: %s", count, where,
			first.Message)
	} else if count > 1 {
		message = fmt.Sprintf("found a document with %d errors, the first at %s: %s", count, where, first.Message)
	}
	if first.Hint != "" {
		message += ". " + explain.Capital(first.Hint)
	}
	return refuse(http.StatusUnprocessableEntity, "%s", message)
}

// pagePolicy is the Content-Security-Policy of pages with the style sheet of
// package render and nothing else of anywhere. frames is who may frame them.
func pagePolicy(frames string) string {
	sum := sha256.Sum256([]byte(render.Style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors " + frames
}

// randomToken is a text that nobody can guess.
func randomToken() string {
	b := make([]byte, 20)
	rand.Read(b) // never fails
	return base32Lower.EncodeToString(b)
}
