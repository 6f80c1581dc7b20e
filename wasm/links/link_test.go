package links

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/scenarios"
)

var update = flag.Bool("update", false, "add links made today to the golden ones, which never change")

func TestTheDictionaryNeverChanges(t *testing.T) {
	sum := sha256.Sum256([]byte(Dictionary))
	if got, want := hex.EncodeToString(sum[:]), "fc4848ca49ec4e009e532bd57137ba7a1644d96591455008efffb153be55ecbb"; got != want {
		t.Errorf("%s, expected %s: released links hold references into it; a better one needs another codec and another file", got, want)
	}
}

func TestTheLimitsAreThoseOfTheDocument(t *testing.T) {
	if MaxBytes != engine.MaxBytes || MaxDepth != engine.MaxDepth {
		t.Errorf("%d bytes and depth %d, expected %d and %d", MaxBytes, MaxDepth, engine.MaxBytes, engine.MaxDepth)
	}
}

func TestALinkWithTheDictionaryIsShorterThanOneWithoutForEveryScenario(t *testing.T) {
	t.Logf("%-52s %7s %7s %7s %7s", "characters of the link", "JSON", "pl", "dr", "dd1")
	sum := map[Codec]int{}
	for _, s := range scenarios.All() {
		n := map[Codec]int{}
		for _, c := range Codecs {
			n[c] = len(EncodeAs(c, []byte(s.Text), View{}))
			sum[c] += n[c]
		}
		if n[DeflateDictionary] >= n[Deflate] {
			t.Errorf("%s: %d characters with the dictionary, %d without", s.Path, n[DeflateDictionary], n[Deflate])
		}
		t.Logf("%-52s %7d %7d %7d %7d", s.Path, len(s.Text), n[Plain], n[Deflate], n[DeflateDictionary])
	}
	t.Logf("%-52s %7s %7d %7d %7d", "all", "", sum[Plain], sum[Deflate], sum[DeflateDictionary])
}

func TestAScenarioComesBackWithNothingLostButWhiteSpace(t *testing.T) {
	for _, c := range Codecs {
		for _, s := range scenarios.All() {
			link, err := Decode(EncodeAs(c, []byte(s.Text), View{}))
			if err != nil {
				t.Errorf("%s as %s: %v", s.Path, c, err)
				continue
			}
			if again := EncodeAs(Plain, link.Scenario, View{}); again != EncodeAs(Plain, []byte(s.Text), View{}) || link.Codec != c {
				t.Errorf("%s as %s: another document, or another codec %q", s.Path, c, link.Codec)
			}
		}
	}
	link, err := Decode(Encode([]byte(" {\"a\" : [ 1.50 , \"x  \\u00e9 y\" ] ,\r\n\t\"__proto__\": 1e2}\n"), View{}))
	if want := `{"a":[1.50,"x  \u00e9 y"],"__proto__":1e2}`; err != nil || string(link.Scenario) != want {
		t.Errorf("%q, %v, expected %q", link.Scenario, err, want)
	}
}

func TestATextThatIsNoJSONIsRecoveredAsItWasWritten(t *testing.T) {
	for _, s := range scenarios.Broken() {
		for _, c := range Codecs {
			link, err := Decode(EncodeAs(c, []byte(s.Text), View{}))
			if d, ok := err.(*Damage); ok && d.Part == "JSON" {
				if string(d.Recovered) != s.Text {
					t.Errorf("%s as %s: recovered %q", s.Path, c, d.Recovered)
				}
			} else if err != nil || len(link.Scenario) == 0 {
				t.Errorf("%s as %s: %v", s.Path, c, err)
			}
		}
	}
	const text = "{\"a\": 1,, }"
	if _, err := Decode(Encode([]byte(text), View{})); err == nil || string(err.(*Damage).Recovered) != text {
		t.Errorf("%v", err)
	}
}

func TestTheViewComesBack(t *testing.T) {
	for _, v := range []View{
		{}, {Request: 7}, {Tab: "/accounts/111122223333/policies/Read"}, {Focus: "explicitDeny"},
		{Request: 1, Tab: "/accounts/1/resources/arn:aws:s3:::a~1*", Focus: "é&=#%\"<> _"}, {Tab: "/-"}, {Focus: "a."}, {Request: 12, Tab: "_"},
	} {
		fragment := Encode([]byte("{}"), v)
		if link, err := Decode(fragment); err != nil || link.View != v {
			t.Errorf("%+v, %v, expected %+v, from %s", link.View, err, v, fragment)
		}
		if strings.Trim(fragment, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#&=.:/_%-") != "" {
			t.Errorf("%s has characters that are not plain in a URL", fragment)
		}
	}
}

func TestADamagedViewIsLeftOut(t *testing.T) {
	for _, parameters := range []string{"&request=-1", "&request=x", "&request=99999999999", "&tab=%", "&tab=%4", "&tab=%zz", "&focus=%ff", "&x", "&", "&view=dark", "&request", "&tab"} {
		link, err := Decode("#s=1.pl.e30" + parameters)
		if err != nil || link.View != (View{}) {
			t.Errorf("%q: %+v, %v", parameters, link.View, err)
		}
	}
}

func TestNoLinkEndsInWhatLinkifiersDrop(t *testing.T) {
	ends := map[byte]bool{}
	for n := range 200 {
		text := []byte(`{"n":"` + strings.Repeat("~", n%7) + strconv.Itoa(n) + `"}`)
		for _, c := range Codecs {
			for _, v := range []View{{}, {Tab: "/a-"}, {Focus: "_"}} {
				fragment := EncodeAs(c, text, v)
				if end := fragment[len(fragment)-1]; !letterOrDigit(end) {
					t.Fatalf("%s ends in %q", fragment, end)
				}
				if cut, found := strings.CutSuffix(fragment, "&x"); found {
					ends[cut[len(cut)-1]] = true
				}
			}
		}
	}
	if !ends['-'] || !ends['_'] {
		t.Errorf("only %v were to be guarded: the test shows too little", ends)
	}
}

func TestALinkIsReadAsItIsFoundInProse(t *testing.T) {
	fragment := Encode([]byte(`{"version":1}`), View{Request: 2})
	for _, found := range []string{
		fragment, fragment[1:], "https://iam.example/play/" + fragment, "https://iam.example/?x=1" + fragment, fragment + ".", fragment + "),", fragment + "\n", fragment + ">", fragment + `"`,
	} {
		link, err := Decode(found)
		if err != nil || string(link.Scenario) != `{"version":1}` || link.View.Request != 2 {
			t.Errorf("%q: %+v, %v", found, link, err)
		}
	}
}

// bomb is a link to a text that is much larger than the link.
func bomb(text string) string { return EncodeAs(DeflateDictionary, []byte(text), View{}) }

func TestADamagedLinkSaysWhichPartFailedAndWhatIsLeft(t *testing.T) {
	const text = `{"version":1,"title":"A title that is long enough to be cut in two, and then some more of it","accounts":{}}`
	whole := EncodeAs(DeflateDictionary, []byte(text), View{})
	plain := EncodeAs(Plain, []byte(text), View{})
	for name, c := range map[string]struct {
		link, part string
		least      int // bytes of the text that must be recovered
	}{
		"nothing":                         {"", "prefix", 0},
		"another fragment":                {"#example/basics", "prefix", 0},
		"another version":                 {"#s=2.dd1.e30", "version", 0},
		"no version":                      {"#s=", "version", 0},
		"another codec":                   {"#s=1.br.e30", "codec", 0},
		"no codec":                        {"#s=1", "codec", 0},
		"no payload":                      {"#s=1.dd1", "codec", 0},
		"an empty payload":                {"#s=1.dd1.&x", "base64", 0},
		"a character that cannot be":      {plain[:60] + "%" + plain[61:], "base64", 30},
		"a payload cut inside a byte":     {"#s=1.pl.e30yy", "base64", 3},
		"a cut payload":                   {whole[:len(whole)-20], "compression", 30},
		"an impossible block":             {"#s=1.dr.____", "compression", 0},
		"a reference before the text":     {"#s=1.dr." + strings.TrimPrefix(whole, "#s=1.dd1."), "compression", 0},
		"a bomb":                          {bomb(strings.Repeat("a", MaxBytes+1)), "size", MaxBytes},
		"a bomb without compression":      {EncodeAs(Plain, []byte(strings.Repeat("a", MaxBytes+1)), View{}), "size", MaxBytes},
		"an endless fragment":             {"#s=1.pl." + strings.Repeat("a", MaxFragment), "size", 0},
		"bytes that are no text":          {EncodeAs(Plain, []byte("{\"a\":\"\xff\"}"), View{}), "text", 9},
		"a bomb of depth":                 {bomb(strings.Repeat("[", MaxBytes)), "depth", MaxBytes},
		"one array too deep":              {bomb(strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1)), "depth", 2 * MaxDepth},
		"a text that is no JSON":          {bomb(text[:40]), "JSON", 40},
		"a plain text that was cut":       {plain[:48], "JSON", 30},
		"two documents":                   {bomb("{} {}"), "JSON", 5},
		"an empty text that was deflated": {bomb(""), "JSON", 0},
	} {
		t.Run(name, func(t *testing.T) {
			link, err := Decode(c.link)
			d, ok := err.(*Damage)
			if !ok || d.Part != c.part {
				t.Fatalf("%+v, %v, expected the damage to be in the %s", link, err, c.part)
			}
			if len(d.Recovered) < c.least || strings.HasPrefix(name, "a cut") && !strings.HasPrefix(text, string(d.Recovered)) {
				t.Errorf("recovered %d bytes, expected the first %d: %.80q", len(d.Recovered), c.least, d.Recovered)
			}
			if !strings.Contains(d.Message, "found") && c.part != "compression" || !strings.HasPrefix(d.Error(), "the link's "+c.part+": ") {
				t.Errorf("%q says not what was found", d)
			}
		})
	}
	if link, err := Decode(bomb(strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth))); err != nil || len(link.Scenario) != 2*MaxDepth {
		t.Errorf("%v: as deep as allowed is allowed", err)
	}
	if link, err := Decode(bomb(`{"a":"[[[[\"` + strings.Repeat("[", 100) + `"}`)); err != nil || len(link.Scenario) < 100 {
		t.Errorf("%v: brackets in strings are text", err)
	}
}

// goldens are the links of testdata: fragment, request, tab, focus and the
// document that they hold, with tabs between.
func goldens(t *testing.T) [][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/golden-links.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 5 {
			t.Fatalf("%.60q: %d fields, expected 5", line, len(fields))
		}
		out = append(out, fields)
	}
	return out
}

func TestEveryLinkThatWasReleasedOpensForEver(t *testing.T) {
	if *update {
		addGoldens(t)
	}
	seen := map[Codec]int{}
	for _, g := range goldens(t) {
		link, err := Decode(g[0])
		if err != nil {
			t.Errorf("%s: %v", g[0], err)
			continue
		}
		seen[link.Codec]++
		if string(link.Scenario) != g[4] || strconv.Itoa(link.View.Request) != g[1] || link.View.Tab != g[2] || link.View.Focus != g[3] {
			t.Errorf("%s: %+v, expected %q", g[0], link, g[1:])
		}
	}
	for _, c := range Codecs {
		if seen[c] == 0 {
			t.Errorf("no golden link of the codec %s", c)
		}
	}
}

// addGoldens appends links of today's encoders.
func addGoldens(t *testing.T) {
	t.Helper()
	var b strings.Builder
	for i, text := range []string{
		`{}`, `{"version":1,"title":"é 😀 \u202e","accounts":{}}`,
		shipped(t, "basics/explicit-deny-wins"), shipped(t, "unknown/whether-mfa-was-used"), shipped(t, "cross-account/both-sides-must-allow"),
	} {
		for _, c := range Codecs {
			if c == Plain && i > 1 {
				continue
			}
			v := []View{{}, {Request: 2, Tab: "/requests/2"}, {Request: 1, Tab: "/accounts/111122223333/resources/arn:aws:s3:::acme-archive", Focus: "a & b-"}}[i%3]
			fragment := EncodeAs(c, []byte(text), v)
			link, err := Decode(fragment)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(strings.Join([]string{fragment, strconv.Itoa(v.Request), v.Tab, v.Focus, string(link.Scenario)}, "\t") + "\n")
		}
	}
	file, err := os.OpenFile("testdata/golden-links.txt", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(b.String()); err != nil {
		t.Fatal(err)
	}
}

func shipped(t *testing.T, path string) string {
	t.Helper()
	for _, s := range scenarios.All() {
		if s.Path == path {
			return s.Text
		}
	}
	t.Fatalf("no scenario %q", path)
	return ""
}

func FuzzDecodingNeverFailsButWithDamage(f *testing.F) {
	for _, seed := range []string{"#s=1.dd1.e30", "#s=1.pl.e30&request=1&tab=%2F", "s=1.dr.q1ZKTEpWsgIA", "#", "%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, fragment string) {
		link, err := Decode(fragment)
		if err != nil {
			if d, ok := err.(*Damage); !ok || d.Part == "" || len(d.Recovered) > MaxBytes {
				t.Errorf("%q: %v", fragment, err)
			}
			return
		}
		again, err := Decode(EncodeAs(link.Codec, link.Scenario, link.View))
		if err != nil || again.View != link.View {
			t.Errorf("%q: %+v became %+v, %v", fragment, link, again, err)
		}
	})
}

// The damaged links of testdata have the part that fails, the fragment, and what
// is recovered as a JSON string.
func TestDamagedLinksAreToldApartAsInTheOtherTwin(t *testing.T) {
	text, err := os.ReadFile("testdata/damaged-links.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		var recovered string
		_, err := Decode(fields[1])
		d, ok := err.(*Damage)
		if !ok || d.Part != fields[0] {
			t.Errorf("%s: %v, expected damage to the %s", fields[1], err, fields[0])
		} else if json.Unmarshal([]byte(fields[2]), &recovered) != nil || strings.ToValidUTF8(string(d.Recovered), "") != strings.ReplaceAll(recovered, "\ufffd", "") {
			t.Errorf("%s: recovered %q, expected %s", fields[1], d.Recovered, fields[2])
		}
	}
}
