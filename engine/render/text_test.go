package render

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/scenarios"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shipped is the text of a scenario of the gallery, or of the broken ones.
func shipped(t *testing.T, path string) string {
	t.Helper()
	for _, entry := range append(scenarios.All(), scenarios.Broken()...) {
		if entry.Path == path {
			return entry.Text
		}
	}
	t.Fatalf("no scenario %q", path)
	return ""
}

// evaluated is a document with the answers to all its requests.
func evaluated(text, file string) (Source, []*engine.Evaluation) {
	world := engine.NewWorld(engine.Parse(text), nil)
	evaluations := make([]*engine.Evaluation, len(world.Scenario.Requests))
	for i, r := range world.Scenario.Requests {
		if q := world.Query(r); q != nil {
			evaluations[i] = q.Evaluate()
		}
	}
	return Source{File: file, World: world}, evaluations
}

func rendered(t *testing.T, text, file string, colours bool) string {
	t.Helper()
	s, evaluations := evaluated(text, file)
	s.Colours = colours
	var b strings.Builder
	if err := Text(&b, s, evaluations); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// golden are the scenarios whose whole text is kept.
var golden = []string{
	"basics/explicit-deny-wins",
	"organizations/every-level-must-allow",
	"special/pass-role-the-second-check",
	"unknown/whether-mfa-was-used",
	"broken/role-arn-as-caller",
}

func TestExplanationsReadAsTheGoldenFiles(t *testing.T) {
	for _, path := range golden {
		t.Run(path, func(t *testing.T) {
			got := rendered(t, shipped(t, path), path+".json", false)
			file := filepath.Join("testdata", filepath.Base(path)+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s\nis not the golden file's: see it with git diff after go test ./engine/render -update", got)
			}
		})
	}
}

// unpainted takes the colours out of a text.
func unpainted(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, s, _ = strings.Cut(after, "m")
	}
}

func TestColoursAddNothingToTheTextAndHighlightJSON(t *testing.T) {
	for _, path := range golden {
		grey, coloured := rendered(t, shipped(t, path), "x.json", false), rendered(t, shipped(t, path), "x.json", true)
		if strings.Contains(grey, "\x1b") {
			t.Errorf("%s: an escape sequence without colours", path)
		}
		if unpainted(coloured) != grey {
			t.Errorf("%s: the text with colours is another", path)
		}
	}
	coloured := rendered(t, shipped(t, "basics/explicit-deny-wins"), "x.json", true)
	for _, want := range []string{"\x1b[34m\"Action\"\x1b[0m", "\x1b[2m:\x1b[0m", "\x1b[32m✓ "} {
		if !strings.Contains(coloured, want) {
			t.Errorf("no %q in the text with colours", want)
		}
	}
}

func TestNothingInADocumentReachesTheTerminalAsACommand(t *testing.T) {
	const text = "{\"version\": 1, \"title\": \"\\u001b[2J\\u202e\", \"accounts\": {\"111122223333\": {\"users\": {\"ali\": {}}}}, \"\x1b[31m\": 1,\n" +
		`"requests": [{"name": "\u0007\u009b1m", "principal": "arn:aws:iam::111122223333:user/ali", "action": "s3:ListAllMyBuckets", "resource": "*", "context": {"a\u001b:b": "\u001b"}}]}`
	got := rendered(t, text, "\x1b.json", false)
	if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && obeyed(r) }); i >= 0 {
		t.Errorf("%q is written as it is", got[i:min(len(got), i+20)])
	}
	for _, want := range []string{`\u{001B}[2J\u{202E}`, `\u{0007}\u{009B}1m`, `\u{001B}.json:`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// fullWriter has no room.
type fullWriter struct{}

var errFull = errors.New("no room")

func (fullWriter) Write([]byte) (int, error) { return 0, errFull }

func TestAFailureToWriteIsReturned(t *testing.T) {
	s, evaluations := evaluated(shipped(t, "broken/unknown-member"), "x.json")
	for name, err := range map[string]error{
		"Text":        Text(fullWriter{}, s, evaluations),
		"Diagnostics": Diagnostics(fullWriter{}, s),
		"Request":     Request(fullWriter{}, s, 0, evaluations[0]),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s returns %v, expected %v", name, err, errFull)
		}
	}
}

func TestARequestThatCannotBeEvaluatedSaysSo(t *testing.T) {
	s, evaluations := evaluated(`{"version": 1, "accounts": {}, "requests": [{"name": "Half", "principal": "arn:aws:iam::111122223333:user/ali", "action": "s3", "resource": "*", "expect": "allowed"}]}`, "x.json")
	var b strings.Builder
	if err := Request(&b, s, 0, evaluations[0]); err != nil {
		t.Fatal(err)
	}
	const want = "! Half: cannot be evaluated\n  The errors in the document say why.\n\n  ✕ the request cannot be evaluated\n"
	if b.String() != want {
		t.Errorf("%q, expected %q", b.String(), want)
	}
}

// at marks the first place of a text.
func at(text, what, says string) mark {
	i := strings.Index(text, what)
	return mark{i, i + len(what), plain, says}
}

func TestCaretsStandUnderExactlyWhatIsMarked(t *testing.T) {
	long := strings.Repeat(`"é", `, 100)
	for name, c := range map[string]struct {
		text  string
		marks func(string) []mark
		want  string
	}{
		"one value": {`{"a": "b"}`, func(s string) []mark { return []mark{at(s, `"b"`, "here")} }, `
    1 │ {"a": "b"}
      │       ^^^ here
`},
		"two marks in one line, in the order of the text": {`{"a": "b"}`, func(s string) []mark { return []mark{at(s, `"b"`, "second"), at(s, `"a"`, "first")} }, `
    1 │ {"a": "b"}
      │  ^^^ first
      │       ^^^ second
`},
		"the white space that all lines share is left out": {"{\n    \"a\": 1,\n      \"b\": 2,\n\"c\": 3}", func(s string) []mark { return []mark{at(s, "1", "one"), at(s, "2", "two")} }, `
    2 │ "a": 1,
      │      ^ one
    3 │   "b": 2,
      │        ^ two
`},
		"a value over several lines is marked in its first": {"{\"a\": [\r\n  1\r\n]}", func(s string) []mark { return []mark{at(s, "[\r\n  1\r\n]", "list")} }, `
    1 │ {"a": [
      │       ^ list
`},
		"wide and combining characters": {`{"表": "e` + "\u0301" + `", "x": 1}`, func(s string) []mark { return []mark{at(s, `"表"`, "wide"), at(s, "1", "one")} }, `
    1 │ {"表": "e` + "\u0301" + `", "x": 1}
      │  ^^^^ wide
      │                  ^ one
`},
		"tabs and controls": {"\t{\"\x01\":\t1}", func(s string) []mark { return []mark{at(s, "1}", "end")} }, `
    1 │ {"\u{0001}":    1}
      │                 ^^ end
`},
		"nothing, at the end": {`{"a": `, func(s string) []mark { return []mark{{len(s), len(s), plain, "a value is missing"}} }, `
    1 │ {"a": ` + `
      │       ^ a value is missing
`},
		"an empty text": {"", func(s string) []mark { return []mark{{0, 0, plain, ""}} }, `
    1 │ ` + `
      │ ^
`},
		"a long line is shown around the mark": {`[` + long + `"x", ` + long + `1]`, func(s string) []mark { return []mark{at(s, `"x"`, "here")} }, `
    1 │ …é", "é", "é", "é", "é", "é", "é", "x", "é", "é", "é", "é", "é", "é", "é", "é", "é", "é", "é", "é", "é", "é", "é", "é",…
      │                                    ^^^ here
`},
		"line numbers of unlike length": {strings.Repeat("\n", 8) + "{\"a\": 1,\n\"b\": 2}", func(s string) []mark { return []mark{at(s, "1", ""), at(s, "2", "")} }, `
     9 │ {"a": 1,
       │       ^
    10 │ "b": 2}
       │      ^
`},
	} {
		t.Run(name, func(t *testing.T) {
			var p painter
			p.excerpt(c.text, jsonpos.NewLines(c.text), c.marks(c.text))
			if got := "\n" + p.String(); got != c.want {
				t.Errorf("%s, expected %s", got, c.want)
			}
		})
	}
}

func TestTokensPutTogetherAreTheLine(t *testing.T) {
	for _, line := range []string{`{"a": ["b", 1.5e3, true, null]}`, `"half`, `{]`, "\t", "", `é "` + "\x01", `"\"", "\\"`, `-`} {
		got := ""
		for _, token := range tokens(line) {
			got += token.Value
		}
		if got != line {
			t.Errorf("the tokens of %q are together %q", line, got)
		}
	}
}
