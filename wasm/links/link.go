// Package links is how scenarios travel: in a link's fragment, which no server
// gets to see.
//
//	#s=1.dd1.<payload>&request=2&tab=/requests/2
//
// "1" is the version of the scenario's schema and "dd1" the codec of the
// payload. View state follows as parameters; unknown ones are ignored. Software
// that finds links in prose takes punctuation at the end for the sentence's,
// and a payload may end in "-" or "_": a fragment whose last character is no
// letter or digit therefore gets the parameter "&x", which means nothing.
//
// Every link that was ever made stays readable: a codec, once released, is
// never changed. site/src/state/link.ts is the twin of this file in the page,
// and both are held to the same testdata.
package links

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The limits of what Decode takes on: bytes of the scenario's text, arrays and
// objects inside each other, and characters of the fragment.
const (
	MaxBytes    = 1 << 20
	MaxDepth    = 64
	MaxFragment = 2 << 20
)

// Codec says how the payload holds the scenario's text. Each ends as base64 for
// URLs, without padding.
type Codec string

const (
	// DeflateDictionary is raw deflate with the first preset dictionary.
	DeflateDictionary Codec = "dd1"
	// Deflate is raw deflate.
	Deflate Codec = "dr"
	// Plain is the text itself.
	Plain Codec = "pl"
)

// Codecs are all codecs that were ever released, the shortest links first.
var Codecs = []Codec{DeflateDictionary, Deflate, Plain}

//go:embed dictionary-1.txt
var dictionaryFile string

// Dictionary is the preset dictionary of the codec "dd1": words of IAM and of
// scenarios, the most useful last, where references are shortest. It is the file without its
// line ends.
//
// Invariant: it never changes, since links hold references into it.
var Dictionary = strings.NewReplacer("\r", "", "\n", "").Replace(dictionaryFile)

// View is what a link says about how the scenario is shown. The zero View says
// nothing.
type View struct {
	// Request is the index of the chosen request.
	Request int
	// Tab is the JSON Pointer of what is open in the editor.
	Tab string
	// Focus names the stage or the statement that is looked at.
	Focus string
}

// Link is what a link holds.
type Link struct {
	Codec Codec
	// Scenario is the document's text: JSON without white space between its
	// tokens.
	Scenario []byte
	View     View
}

// Damage is what is wrong with a link.
type Damage struct {
	// Part is what failed: "prefix", "version", "codec", "base64", "compression",
	// "size", "text", "depth" or "JSON", in the order in which a link is read.
	Part string
	// Message says what was found and what was expected.
	Message string
	// Recovered is as much of the scenario's text as could be read, from its
	// beginning; from the part "text" on it is all of it.
	Recovered []byte
}

// Error is the part and the message.
func (d *Damage) Error() string { return "the link's " + d.Part + ": " + d.Message }

// Encode returns the shortest link to a scenario as a fragment: "#s=1.…". JSON
// loses the white space between its tokens and nothing else; a text that is no
// JSON travels as it is, and Decode gives it back as recovered.
func Encode(scenario []byte, view View) string {
	return EncodeAs(DeflateDictionary, scenario, view)
}

// EncodeAs is Encode with the codec of the caller's choice, which must be one
// of Codecs.
func EncodeAs(codec Codec, scenario []byte, view View) string {
	var text bytes.Buffer
	if json.Compact(&text, scenario) != nil {
		text.Reset()
		text.Write(scenario)
	}
	var b strings.Builder
	b.WriteString("#s=1." + string(codec) + "." + base64.RawURLEncoding.EncodeToString(packed(codec, text.Bytes())))
	if view.Request > 0 {
		b.WriteString("&request=" + strconv.Itoa(view.Request))
	}
	for _, p := range [][2]string{{"tab", view.Tab}, {"focus", view.Focus}} {
		if p[1] != "" {
			b.WriteString("&" + p[0] + "=" + escape(p[1]))
		}
	}
	fragment := b.String()
	if !letterOrDigit(fragment[len(fragment)-1]) {
		fragment += "&x"
	}
	return fragment
}

// packed is the payload's bytes.
func packed(codec Codec, text []byte) []byte {
	if codec == Plain {
		return text
	}
	var b bytes.Buffer
	w, err := flate.NewWriterDict(&b, flate.BestCompression, dictionary(codec))
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything, and the level is a valid one
	}
	return b.Bytes()
}

// dictionary is the preset dictionary of a codec that deflates; nil for none.
func dictionary(codec Codec) []byte {
	if codec == DeflateDictionary {
		return []byte(Dictionary)
	}
	return nil
}

func letterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// escape writes a value of a parameter: what is not plain in every URL becomes
// its bytes in hexadecimal.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; letterOrDigit(c) || strings.IndexByte("/-_.:", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// unescape reads a value of a parameter; "" when it is damaged.
func unescape(s string) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b = append(b, s[i])
			continue
		}
		n, err := strconv.ParseUint(s[min(i+1, len(s)):min(i+3, len(s))], 16, 8)
		if err != nil || i+3 > len(s) {
			return ""
		}
		b = append(b, byte(n))
		i += 2
	}
	if !utf8.Valid(b) {
		return ""
	}
	return string(b)
}

// Decode reads a link: a whole URL, or its fragment with or without "#".
// Punctuation at its end is taken for that of a sentence around it. An error is
// a *Damage. A damaged view is no error: what cannot be read of it is left out.
func Decode(fragment string) (Link, error) {
	if i := strings.IndexByte(fragment, '#'); i >= 0 {
		fragment = fragment[i+1:]
	}
	fragment = strings.TrimRight(fragment, " \t\r\n.,;:!?)]}>'\"*`")
	parameters := strings.Split(fragment, "&")
	body, found := strings.CutPrefix(parameters[0], "s=")
	if !found {
		return Link{}, &Damage{Part: "prefix", Message: fmt.Sprintf("found %s, expected it to begin with \"#s=1.\"", start(fragment))}
	}
	version, rest, _ := strings.Cut(body, ".")
	if version != "1" {
		return Link{}, &Damage{Part: "version", Message: fmt.Sprintf("found %s, expected \"1\": a newer playground may have made it", start(version))}
	}
	name, payload, found := strings.Cut(rest, ".")
	link := Link{Codec: Codec(name), View: view(parameters[1:])}
	if !found || link.Codec != DeflateDictionary && link.Codec != Deflate && link.Codec != Plain {
		return Link{}, &Damage{Part: "codec", Message: fmt.Sprintf("found %s, expected \"dd1\", \"dr\" or \"pl\" and a full stop", start(name))}
	}
	if len(fragment) > MaxFragment {
		return Link{}, &Damage{Part: "size", Message: fmt.Sprintf("found %d characters, expected at most %d", len(fragment), MaxFragment)}
	}
	bytes, damage := unbase64(payload)
	text, worse := unpacked(link.Codec, bytes)
	if damage == nil {
		damage = worse
	}
	if damage == nil {
		damage = checked(text)
	}
	if damage != nil {
		damage.Recovered = text
		return Link{}, damage
	}
	link.Scenario = text
	return link, nil
}

// start is a text in quotes, in part when it is long.
func start(s string) string {
	if len(s) > 24 {
		return strconv.QuoteToASCII(s[:24]) + "…"
	}
	return strconv.QuoteToASCII(s)
}

func view(parameters []string) View {
	var v View
	for _, p := range parameters {
		switch name, value, _ := strings.Cut(p, "="); name {
		case "request":
			if n, err := strconv.ParseUint(value, 10, 31); err == nil {
				v.Request = int(n)
			}
		case "tab":
			v.Tab = unescape(value)
		case "focus":
			v.Focus = unescape(value)
		}
	}
	return v
}

// unbase64 is the payload's bytes, or those before the damage.
func unbase64(payload string) ([]byte, *Damage) {
	good := 0
	for good < len(payload) && (letterOrDigit(payload[good]) || payload[good] == '-' || payload[good] == '_') {
		good++
	}
	whole := good
	if whole%4 == 1 {
		whole-- // one character holds no byte
	}
	// The last bits of a cut payload belong to a byte that is not there.
	bytes, err := base64.RawURLEncoding.DecodeString(payload[:whole])
	switch {
	case err != nil:
		panic(err) // only good characters are left, in a length that there is
	case good < len(payload):
		r, _ := utf8.DecodeRuneInString(payload[good:])
		return bytes, &Damage{Part: "base64", Message: fmt.Sprintf("found %q after %d characters, expected letters, digits, \"-\" and \"_\"", r, good)}
	case whole < good || good == 0:
		return bytes, &Damage{Part: "base64", Message: fmt.Sprintf("found %d characters, which is a length that no link has: its end is missing", good)}
	}
	return bytes, nil
}

// unpacked is the text in a payload's bytes, or what of it comes before the damage.
func unpacked(codec Codec, payload []byte) ([]byte, *Damage) {
	if codec == Plain {
		if len(payload) > MaxBytes {
			return payload[:MaxBytes], tooLarge()
		}
		return payload, nil
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReaderDict(bytes.NewReader(payload), dictionary(codec)), MaxBytes+1))
	switch {
	case len(text) > MaxBytes:
		return text[:MaxBytes], tooLarge()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return text, &Damage{Part: "compression", Message: fmt.Sprintf("it ends early, after %d bytes of the scenario: the link was cut", len(text))}
	case err != nil:
		return text, &Damage{Part: "compression", Message: fmt.Sprintf("it is damaged, after %d bytes of the scenario", len(text))}
	}
	return text, nil
}

func tooLarge() *Damage {
	return &Damage{Part: "size", Message: fmt.Sprintf("found a scenario of more than %d bytes, expected at most that", MaxBytes)}
}

// checked looks at a text that was read as a whole.
func checked(text []byte) *Damage {
	switch {
	case !utf8.Valid(text):
		return &Damage{Part: "text", Message: "found bytes that are no UTF-8, expected text: the link was changed on its way"}
	case depth(text) > MaxDepth:
		return &Damage{Part: "depth", Message: fmt.Sprintf("found more than %d arrays and objects inside each other, expected at most that", MaxDepth)}
	case !json.Valid(text):
		return &Damage{Part: "JSON", Message: "found a text that is no JSON, expected a scenario document"}
	}
	return nil
}

// depth is the largest number of brackets that are open at once, strings left aside.
func depth(text []byte) int {
	open, most := 0, 0
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '{' || c == '['):
			open++
			most = max(most, open)
		case !quoted && (c == '}' || c == ']'):
			open--
		}
	}
	return most
}
