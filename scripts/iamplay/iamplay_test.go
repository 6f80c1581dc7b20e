package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/scenarios"
)

// world is a document with one request and what is expected of it.
const world = `{"version": 1, "title": "One", "accounts": {"111122223333": {"users": {"ali": {%s}}}},
 "requests": [{"name": "Ali lists", "principal": "arn:aws:iam::111122223333:user/ali", "action": "s3:ListAllMyBuckets", "resource": "*", "expect": %s},
              {"name": "Ali asks", "principal": "arn:aws:iam::111122223333:user/ali", "action": "sts:GetCallerIdentity", "resource": "*"}]}`

var (
	good      = fmt.Sprintf(world, "", `"implicitDeny"`)
	unmet     = fmt.Sprintf(world, "", `"allowed"`)
	misspelt  = fmt.Sprintf(world, `"polices": []`, `"implicitDeny"`)
	attaching = fmt.Sprintf(world, `"policies": ["arn:aws:iam::aws:policy/ListBuckets"]`, `"allowed"`)
)

// library is a small stand-in for the managed policies of the build.
const library = `{"date": "2026-01-01", "policies": [{"arn": "arn:aws:iam::aws:policy/ListBuckets", "name": "ListBuckets", "version": "v1", "date": "2026-01-01",
 "document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}}]}`

// put writes a file below a new folder and returns its name.
func put(t *testing.T, name, text string) string {
	t.Helper()
	return putIn(t, t.TempDir(), name, text)
}

func putIn(t *testing.T, folder, name, text string) string {
	t.Helper()
	name = filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// nowhere makes the test's working folder one without a built library.
func nowhere(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	t.Chdir(folder)
	t.Setenv("IAMPLAY_MANAGED", "")
	return folder
}

// call runs the program.
func call(input string, args ...string) (code int, out, errs string) {
	var o, e strings.Builder
	code = run(args, strings.NewReader(input), &o, &e)
	return code, o.String(), e.String()
}

func TestTheExitCodeSaysHowItWent(t *testing.T) {
	nowhere(t)
	met, failing, broken := put(t, "good.json", good), put(t, "unmet.json", unmet), put(t, "misspelt.json", misspelt)
	for name, c := range map[string]struct {
		args []string
		want int
	}{
		"all is as expected":                          {[]string{"test", met}, 0},
		"an expectation is not met":                   {[]string{"test", met, failing}, 1},
		"a document has errors":                       {[]string{"test", broken}, 2},
		"errors weigh more than a failed expectation": {[]string{"test", failing, broken, met}, 2},
		"a file is not there":                         {[]string{"test", met, "nothing.json"}, 2},
		"a folder without documents":                  {[]string{"test", t.TempDir()}, 2},
		"evaluate also counts what was expected":      {[]string{"evaluate", failing}, 1},
		"evaluate finds errors":                       {[]string{"evaluate", broken}, 2},
		"evaluate with nothing wrong":                 {[]string{"evaluate", met}, 0},
		"JSON does not change the code":               {[]string{"test", "--json", failing}, 1},
		"flags may follow the files":                  {[]string{"test", failing, "--json"}, 1},
		"only the request that was asked for counts":  {[]string{"test", failing, "--request", "Ali asks"}, 0},
		"no request of that name":                     {[]string{"test", met, "--request", "Nobody"}, 3},
		"no command":                                  {nil, 3},
		"an unknown command":                          {[]string{"simulate", met}, 3},
		"no file":                                     {[]string{"evaluate"}, 3},
		"an unknown flag":                             {[]string{"test", "--loud", met}, 3},
		"a flag without its value":                    {[]string{"test", met, "--request"}, 3},
		"a library that is not there":                 {[]string{"test", "--managed", "nothing.json", met}, 3},
		"a library that is no JSON":                   {[]string{"test", "--managed", put(t, "library.json", "{"), met}, 3},
		"help":                                        {[]string{"help"}, 0},
		"help on a command":                           {[]string{"test", "--help"}, 0},
		"version":                                     {[]string{"version"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := call("", c.args...)
			if code != c.want {
				t.Errorf("exit code %d, expected %d\n%s%s", code, c.want, out, errs)
			}
			if (code == 3) != (errs != "") {
				t.Errorf("exit code %d with %q on the standard error", code, errs)
			}
			if code == 3 && !slices.Contains(c.args, "Nobody") && !strings.HasSuffix(errs, usage) {
				t.Errorf("wrong use without the usage: %q", errs)
			}
		})
	}
}

func TestTestPrintsALinePerFileTheFailuresAndASummary(t *testing.T) {
	nowhere(t)
	met, failing := put(t, "good.json", good), put(t, "unmet.json", unmet)
	_, out, _ := call("", "test", met, failing)
	if !strings.HasPrefix(out, "✓ "+met+": 1 as expected, 1 without expectation\n✕ "+failing+": 0 as expected, 1 not, 1 without expectation\n") {
		t.Errorf("found %s", out)
	}
	for _, want := range []string{"✕ Ali lists: implicitly denied\n", "no identity-based policy allows the s3:ListAllMyBuckets action", "the steps, in AWS's order", "  ✕ expected allowed, found implicitDeny\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "Ali asks") {
		t.Errorf("a request without expectation is explained:\n%s", out)
	}
	if !strings.HasSuffix(out, "\n1 passed, 1 failed\n") {
		t.Errorf("the summary is missing:\n%s", out)
	}
	if _, out, _ := call("", "test", "nothing.json"); !strings.HasSuffix(out, "\n0 passed, 0 failed, 1 with errors\n") || !strings.Contains(out, "nothing.json: error: the file cannot be read") {
		t.Errorf("found %s", out)
	}
}

func TestEvaluateExplainsEveryRequestOrTheOneAskedFor(t *testing.T) {
	nowhere(t)
	file := put(t, "misspelt.json", misspelt)
	for name, c := range map[string]struct {
		args     []string
		has, not []string
	}{
		"every request": {nil, []string{"One\n", "Ali lists: implicitly denied", "Ali asks: allowed", `^^^^^^^^^ did you mean "policies"?`}, nil},
		"one request":   {[]string{"--request", "Ali asks"}, []string{"One\n", "Ali asks: allowed", `^^^^^^^^^ did you mean "policies"?`}, []string{"Ali lists"}},
	} {
		_, out, _ := call("", append([]string{"evaluate", file}, c.args...)...)
		for _, want := range c.has {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", name, want, out)
			}
		}
		for _, not := range c.not {
			if strings.Contains(out, not) {
				t.Errorf("%s: found %q in\n%s", name, not, out)
			}
		}
	}
}

// jsonLine is a line of --json. Unknown members of a diagnostic are an error.
type jsonLine struct {
	File        string                       `json:"file"`
	Diagnostics []map[string]json.RawMessage `json:"diagnostics"`
	Results     []struct {
		Name        string
		Decision    string
		DecidedBy   []string
		Message     string
		DependsOn   []struct{ Kind, Name string }
		Expectation *struct {
			Met      bool
			Text     string
			Problems []string
		}
	} `json:"results"`
}

func lines(t *testing.T, out string) []jsonLine {
	t.Helper()
	var all []jsonLine
	for text := range strings.Lines(out) {
		var l jsonLine
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, member := range []string{`{"file":`, `,"diagnostics":[`, `],"more":0,"results":[`} {
			if !strings.Contains(text, member) {
				t.Fatalf("no %s in %s", member, text)
			}
		}
		all = append(all, l)
	}
	return all
}

func TestJSONIsOneLinePerFileInTheOrderGiven(t *testing.T) {
	nowhere(t)
	failing, broken := put(t, "unmet.json", unmet), put(t, "misspelt.json", misspelt)
	_, out, _ := call("", "evaluate", "--json", failing, "nothing.json", broken)
	got := lines(t, out)
	if len(got) != 3 || got[0].File != failing || got[1].File != "nothing.json" || got[2].File != broken {
		t.Fatalf("lines %+v", got)
	}
	r := got[0].Results
	if len(r) != 2 || r[0].Name != "Ali lists" || r[0].Decision != "implicitDeny" || !slices.Equal(r[0].DecidedBy, []string{"identity"}) || !strings.Contains(r[0].Message, "is not authorized to perform: s3:ListAllMyBuckets") {
		t.Errorf("results %+v", r)
	}
	if x := r[0].Expectation; x == nil || x.Met || x.Text != "expected allowed" || !slices.Equal(x.Problems, []string{"expected allowed, found implicitDeny"}) {
		t.Errorf("expectation %+v", x)
	}
	if r[1].Expectation != nil || r[1].Decision != "allowed" || !slices.Equal(r[1].DecidedBy, []string{"service"}) {
		t.Errorf("results %+v", r)
	}
	for i, want := range map[int]map[string]string{
		1: {"severity": `"error"`, "code": `"UNREADABLE_FILE"`, "pointer": `""`, "line": "1", "column": "1"},
		2: {"severity": `"error"`, "code": `"UNKNOWN_MEMBER"`, "pointer": `"/accounts/111122223333/users/ali/polices"`, "line": "1", "column": "80", "hint": `"did you mean \"policies\"?"`},
	} {
		if len(got[i].Diagnostics) != 1 {
			t.Fatalf("line %d has the diagnostics %s, expected one", i, got[i].Diagnostics)
		}
		d := got[i].Diagnostics[0]
		for _, member := range []string{"severity", "code", "pointer", "line", "column", "message", "hint"} {
			if value, ok := d[member]; !ok || want[member] != "" && want[member] != string(value) {
				t.Errorf("line %d: %q is %s, expected %s", i, member, value, want[member])
			}
		}
		if len(d) != 7 {
			t.Errorf("line %d: a diagnostic with %d members, expected 7: %s", i, len(d), d)
		}
	}
}

func TestAThousandFilesInOneCall(t *testing.T) {
	nowhere(t)
	file := put(t, "good.json", good)
	args := []string{"evaluate", "--json"}
	for range 1000 {
		args = append(args, file)
	}
	code, out, _ := call("", args...)
	if got := lines(t, out); code != met || len(got) != 1000 {
		t.Errorf("exit code %d and %d lines, expected 0 and 1000", code, len(got))
	}
}

func TestAFolderStandsForTheDocumentsBelowIt(t *testing.T) {
	folder := nowhere(t)
	putIn(t, folder, "b.json", good)
	putIn(t, folder, "a/deep/c.json", good)
	putIn(t, folder, "a/notes.txt", "no document")
	_, out, _ := call("", "evaluate", "--json", ".")
	var files []string
	for _, l := range lines(t, out) {
		files = append(files, filepath.ToSlash(l.File))
	}
	if want := []string{"a/deep/c.json", "b.json"}; !slices.Equal(files, want) {
		t.Errorf("files %q, expected %q", files, want)
	}
}

func TestADashIsTheStandardInput(t *testing.T) {
	nowhere(t)
	code, out, _ := call(unmet, "test", "--json", "-")
	if got := lines(t, out); code != failed || len(got) != 1 || got[0].File != "-" || len(got[0].Results) != 2 {
		t.Errorf("exit code %d, %s", code, out)
	}
}

func TestATextThatIsTooLongIsAnErrorOfTheDocument(t *testing.T) {
	nowhere(t)
	code, out, _ := call(strings.Repeat(" ", 2<<20)+good, "evaluate", "--json", "-")
	if got := lines(t, out); code != broken || len(got) != 1 || len(got[0].Diagnostics) != 1 || string(got[0].Diagnostics[0]["code"]) != `"TOO_LARGE"` {
		t.Errorf("exit code %d, %s", code, out)
	}
	if _, out, _ := call(strings.Repeat(" ", 2<<20)+good, "evaluate", "-"); len(out) > 1000 {
		t.Errorf("%d bytes are shown of a text that is too long", len(out))
	}
}

func TestManagedPoliciesComeFromALibrary(t *testing.T) {
	folder := nowhere(t)
	document := putIn(t, folder, "attaching.json", attaching)
	elsewhere := put(t, "library.json", library)
	expect := func(how string, want int, args ...string) {
		t.Helper()
		if code, out, _ := call("", append([]string{"test", document}, args...)...); code != want {
			t.Errorf("%s: exit code %d, expected %d\n%s", how, code, want, out)
		}
	}
	expect("without a library", failed)
	_, out, _ := call("", "evaluate", "--json", document)
	d := lines(t, out)[0].Diagnostics
	if len(d) != 1 || string(d[0]["severity"]) != `"warning"` || string(d[0]["code"]) != `"UNRESOLVED_POLICY"` || !strings.Contains(string(d[0]["hint"]), "make build") {
		t.Errorf("without a library the diagnostics are %s, expected a warning that says what to do", d)
	}
	expect("named by a flag", met, "--managed", elsewhere)
	t.Setenv("IAMPLAY_MANAGED", elsewhere)
	expect("named by the environment", met)
	t.Setenv("IAMPLAY_MANAGED", "")
	putIn(t, folder, "site/generated/managed/curated.json", library)
	expect("in the working folder", met)
	below := filepath.Join(folder, "scenarios", "mine")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(below)
	expect("in a folder above", met)
	other := put(t, "other.json", strings.ReplaceAll(library, "ListBuckets", "Other"))
	_, out, _ = call("", "evaluate", "--json", "--managed", other, document)
	if d := lines(t, out)[0].Diagnostics; len(d) != 1 || strings.Contains(string(d[0]["hint"]), "make build") {
		t.Errorf("with a library that lacks the policy the diagnostics are %s", d)
	}
}

func TestEveryShippedScenarioHoldsOrWantsTheManagedPolicies(t *testing.T) {
	folder := nowhere(t)
	for _, entry := range scenarios.All() {
		code, out, _ := call("", "test", putIn(t, folder, "one.json", entry.Text))
		switch {
		case code == met:
		case strings.Contains(entry.Text, "arn:aws:iam::aws:policy/") && code == failed && strings.Contains(out, "UNRESOLVED_POLICY") && strings.Contains(out, "make build"):
		default:
			t.Errorf("%s: exit code %d\n%s", entry.Path, code, out)
		}
	}
}

func TestEveryBrokenDocumentIsShownWithCarets(t *testing.T) {
	folder := nowhere(t)
	for _, entry := range scenarios.Broken() {
		code, out, _ := call("", "test", putIn(t, folder, "one.json", entry.Text))
		if code != broken || !strings.Contains(out, ": error: ") || !strings.Contains(out, "^") {
			t.Errorf("%s: exit code %d\n%s", entry.Path, code, out)
		}
	}
}

// fullWriter has no room.
type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestAnOutputThatCannotBeWrittenEndsTheCall(t *testing.T) {
	nowhere(t)
	file := put(t, "good.json", good)
	for _, args := range [][]string{{"test", file}, {"evaluate", file}, {"evaluate", "--json", file}} {
		var errs strings.Builder
		if code := run(args, strings.NewReader(""), fullWriter{}, &errs); code != broken || errs.String() != "iamplay: no room\n" {
			t.Errorf("%q: exit code %d, %q", args, code, errs.String())
		}
	}
}

func TestTheExampleOfTheREADMEHolds(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```json\n")
	example, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the README has no example in JSON")
	}
	nowhere(t)
	if code, out, errs := call(example, "test", "-"); code != met {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
}
