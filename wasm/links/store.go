package links

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strings"
)

// Store keeps the records of short links. Keys are of the form that isID knows.
type Store interface {
	// Read returns the record under a key; found is false when there is none.
	Read(key string) (record string, found bool, err error)
	// Add keeps a record under a key that has none. added is false, and nothing
	// is changed, when the key has one.
	Add(key, record string) (added bool, err error)
	// Remove deletes the record under a key, if there is one.
	Remove(key string) error
}

// The lengths of ids. A longer one is for a scenario whose shorter ones belong
// to others; the last is the whole of SHA-256.
var idLengths = []int{12, 20, 52}

// base32Lower writes what has to survive being read aloud, and file systems
// that do not tell "a" from "A".
var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// idOf is the id of a scenario's text in one of the lengths.
func idOf(text string, length int) string {
	sum := sha256.Sum256([]byte(text))
	return base32Lower.EncodeToString(sum[:])[:length]
}

// isID reports whether s has the form of an id.
func isID(s string) bool {
	for _, n := range idLengths {
		if len(s) == n {
			return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
		}
	}
	return false
}

// A record is a scenario with everything that is ever answered about it: a line
// of JSON, which is this, and the bodies of the answers. Reading it renders
// nothing, and takes no more than finding a body: wasm/worker/front.mjs does so
// too.
type record struct {
	// Form is the version of the record's form: 1.
	Form int `json:"form"`
	// Token is the hash of what allows to delete the record.
	Token string `json:"token"`
	Title string `json:"title"`
	// Fragment is the link to the scenario, "#s=1.…".
	Fragment string `json:"fragment"`
	// Answers are by what follows the id in an address: "", ".json" and ".svg".
	Answers map[string]stored `json:"answers"`

	bodies string
}

// stored is an answer.
type stored struct {
	Headers map[string]string `json:"headers"`
	// Start and End are where its body is among all bodies, in bytes.
	Start int `json:"start"`
	End   int `json:"end"`
}

// put adds an answer with what is the same in all of them.
func (r *record) put(name, kind, policy, body string, headers map[string]string) {
	sum := sha256.Sum256([]byte(body))
	all := map[string]string{
		// What it says never changes, but it may be deleted.
		"Cache-Control":           "public, max-age=3600",
		"Content-Security-Policy": policy,
		"Content-Type":            kind,
		"ETag":                    `"` + hex.EncodeToString(sum[:8]) + `"`,
		"Referrer-Policy":         "no-referrer",
		"X-Content-Type-Options":  "nosniff",
	}
	maps.Copy(all, headers)
	r.Answers[name] = stored{all, len(r.bodies), len(r.bodies) + len(body)}
	r.bodies += body
}

// body is the body of an answer.
func (r *record) body(s stored) string { return r.bodies[s.Start:s.End] }

// text is the scenario's document.
func (r *record) text() string { return r.body(r.Answers[".json"]) }

// String is the record as it is kept.
func (r *record) String() string {
	head, err := json.Marshal(r)
	if err != nil {
		panic(err) // texts and numbers
	}
	return string(head) + "\n" + r.bodies
}

// parseRecord reads what String wrote; ok is false for anything else.
func parseRecord(s string) (r *record, ok bool) {
	head, bodies, _ := strings.Cut(s, "\n")
	r = &record{bodies: bodies}
	if json.Unmarshal([]byte(head), r) != nil || r.Form != 1 {
		return nil, false
	}
	for _, a := range r.Answers {
		if a.Start < 0 || a.End < a.Start || a.End > len(bodies) {
			return nil, false
		}
	}
	return r, true
}

// hashed is how a token is kept.
func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
