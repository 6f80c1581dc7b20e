//go:build !js

// The schema is not part of what runs in browsers.

package schema

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/scenarios"
)

// sound are documents without mistakes that have, together, every member of the
// format and every element of every kind of policy.
//
//go:embed testdata/*.json
var sound embed.FS

// account is a scenario with one account of those members.
func account(members string) string {
	return `{"version": 1, "accounts": {"111122223333": {` + members + `}}}`
}

// policies is a scenario with one customer managed policy of those statements.
func policies(statements ...string) string {
	return account(`"policies": {"P": {"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ", ") + `]}}`)
}

// caller is a scenario with one request by that principal.
func caller(principal string) string {
	return `{"version": 1, "accounts": {"111122223333": {"groups": {"G": {}}, "roles": {"R": {}}}},
		"requests": [{"name": "n", "principal": "` + principal + `", "action": "s3:ListAllMyBuckets", "resource": "*"}]}`
}

func organization(members string) string {
	return `{"version": 1, "accounts": {}, "organization": {` + members + `}}`
}

const statement = `{"Sid": "S", "Effect": "Allow", "Action": "*", "Resource": "*"}`

// readerOnly are the mistakes that the reader reports and that a schema cannot
// say, each with a document in which it is the only one.
var readerOnly = map[string]string{
	"DANGLING_REFERENCE":                 account(`"users": {"ali": {"groups": ["nobody"]}}`),
	"DUPLICATE_ACCOUNT":                  organization(`"root": {"accounts": ["111122223333", "111122223333"]}`),
	"DUPLICATE_KEY":                      account(`"name": "a", "name": "b"`),
	"DUPLICATE_KEYS_WITH_DIFFERENT_CASE": policies(`{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:a": "b", "AWS:A": "b"}}}`),
	"GROUP_AS_CALLER":                    caller("arn:aws:iam::111122223333:group/G"),
	"INVALID_DATE_VALUE":                 `{"version": 1, "accounts": {}, "time": "2026-02-30"}`,
	"INVALID_PRINCIPAL":                  caller("111122223333"),
	"INVALID_UTF8":                       account(`"name": "` + "\xff" + `"`),
	"NAME_NOT_UNIQUE":                    account(`"users": {"ali": {}, "Ali": {}}`),
	"RESERVED_KEY":                       account(`"users": {"__proto__": {}}`),
	"ROLE_AS_CALLER":                     caller("arn:aws:iam::111122223333:role/R"),
	"TOO_DEEP":                           organization(`"root": {` + strings.Repeat(`"units": {"U": {`, 40) + strings.Repeat(`}}`, 40) + `}`),
	"TOO_LARGE":                          account(`"name": "` + strings.Repeat("a", engine.MaxBytes) + `"`),
	"UNIQUE_SIDS_REQUIRED":               policies(statement, statement),
	"UNSUPPORTED_LIKE": policies(`{"Effect": "Deny", "Action": "*", "Resource": "*",
		"Condition": {"Bool": {"aws:a": {"unknown": "why", "like": "t*"}}}}`),
	"UNSUPPORTED_SID": account(`"resources": {"arn:aws:s3:::a": {"policy": {"Version": "2012-10-17",
		"Statement": {"Sid": "a\u202eb", "Effect": "Deny", "Principal": "*", "Action": "*"}}}}`),
}

// errorCodes are the codes of the errors that the engine finds in a scenario,
// sorted, each once.
func errorCodes(text string) []string {
	var codes []string
	for _, d := range engine.NewWorld(engine.Parse(text), nil).Diagnostics {
		if d.Severity == engine.Error {
			codes = append(codes, d.Code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// disagreement says how schema and reader differ about a document; "" when
// they agree that it is right, or that it is wrong, or when all that the
// reader has against it is what a schema cannot say. refused is whether either
// has anything against it.
func disagreement(text string) (difference string, refused bool) {
	found, codes := Validate([]byte(text)), errorCodes(text)
	switch {
	case len(found) > 0 && len(codes) == 0:
		difference = "the schema alone refuses " + found[0].Pointer + ": " + found[0].Message
	case len(found) == 0 && slices.ContainsFunc(codes, func(code string) bool { return readerOnly[code] == "" }):
		difference = "the reader alone reports " + strings.Join(codes, ", ")
	}
	return difference, len(found) > 0 || len(codes) > 0
}

func TestWhatASchemaCannotSayIsLeftToTheReader(t *testing.T) {
	for code, text := range readerOnly {
		if found := Validate([]byte(text)); len(found) > 0 {
			t.Errorf("%s: the schema reports it: %v", code, found)
		}
		if got, want := errorCodes(text), []string{code}; !slices.Equal(got, want) {
			t.Errorf("%s: the reader reports %q, expected %q", code, got, want)
		}
	}
}

func TestEveryShippedScenarioFollowsTheSchema(t *testing.T) {
	for _, entry := range scenarios.All() {
		if found := Validate([]byte(entry.Text)); len(found) > 0 {
			t.Errorf("%s: %v", entry.Path, found)
		}
		if codes := errorCodes(entry.Text); len(codes) > 0 {
			t.Errorf("%s: the reader reports %q", entry.Path, codes)
		}
	}
}

func TestBrokenScenariosBreakTheSchemaWhereASchemaCanSayIt(t *testing.T) {
	for _, entry := range scenarios.Broken() {
		difference, refused := disagreement(entry.Text)
		if difference != "" {
			t.Errorf("%s: %s", entry.Path, difference)
		}
		if !refused {
			t.Errorf("%s: nobody finds a mistake in it", entry.Path)
		}
	}
}

func TestReaderAndSchemaAgreeOnEveryMistake(t *testing.T) {
	files, err := sound.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file.Name(), ".json"), func(t *testing.T) {
			text, err := sound.ReadFile("testdata/" + file.Name())
			if err != nil {
				t.Fatal(err)
			}
			if found, codes := Validate(text), errorCodes(string(text)); len(found) > 0 || len(codes) > 0 {
				t.Fatalf("the document without mistakes is refused: %v %q", found, codes)
			}
			wrong, right := 0, 0
			eachMutation(t, text, func(what, text string) {
				difference, refused := disagreement(text)
				if difference != "" {
					t.Errorf("%s: %s", what, difference)
				}
				if refused {
					wrong++
				} else {
					right++
				}
			})
			if wrong < 500 || right < 50 {
				t.Errorf("the mutations made %d wrong and %d right documents, expected many of both", wrong, right)
			}
		})
	}
}

// eachMutation visits a document with one change at a time: each value
// replaced, each member removed and renamed, each object and array extended.
func eachMutation(t *testing.T, text []byte, visit func(what, text string)) {
	var root any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	emit := func(what string) {
		text, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		visit(what, string(text))
	}
	var walk func(pointer string, value any, put func(any))
	walk = func(pointer string, value any, put func(any)) {
		for _, other := range replacements(value) {
			put(other)
			emit(fmt.Sprintf("%s is %#v", pointer, other))
		}
		put(value)
		switch value := value.(type) {
		case []any:
			for _, item := range []any{nil, 7, map[string]any{}} {
				put(append(slices.Clone(value), item))
				emit(pointer + " has one item more")
			}
			put(value)
			for i, item := range value {
				walk(pointer+"/"+strconv.Itoa(i), item, func(v any) { value[i] = v })
			}
		case map[string]any:
			value["mystery"] = map[string]any{}
			emit(pointer + " has the member mystery")
			delete(value, "mystery")
			for _, key := range slices.Sorted(maps.Keys(value)) {
				member := value[key]
				delete(value, key)
				emit(pointer + " lacks " + key)
				for _, other := range []string{strings.ToLower(key), strings.ToUpper(key), key + "!", "x" + key, ""} {
					if _, taken := value[other]; !taken && other != key {
						value[other] = member
						emit(pointer + " has " + other + " in place of " + key)
						delete(value, other)
					}
				}
				value[key] = member
				walk(pointer+"/"+key, member, func(v any) { value[key] = v })
			}
		}
	}
	walk("", root, func(v any) { root = v })
}

// replacements are values of every type, and for a word such as look like it.
func replacements(value any) []any {
	all := []any{nil, true, 2, "mystery", "", []any{}, []any{7}, []any{"mystery"}, map[string]any{}, map[string]any{"mystery": "x"}}
	if word, ok := value.(string); ok {
		all = append(all, strings.ToLower(word), strings.ToUpper(word), word+" ", word+"*", word+"${aws:username}", "*", "unknown", ":", "a:b",
			"111122223333", "arn:aws:s3:::acme", "arn:aws:iam::111122223333:role/Deploy", "arn:aws:iam::111122223333:group/developers", []any{word})
	}
	return all
}

func TestViolationsNameThePlaceAndWhatWasExpected(t *testing.T) {
	for _, test := range []struct {
		rule, text string
		want       []Violation
	}{
		{"a document that follows the schema has none", account(``), nil},
		{"a text that is not JSON has one, of the whole", `{"version": 1,`, []Violation{{"", "unexpected end of JSON input"}}},
		{"a number beyond every bound does no harm", `{"version": 1e999999999, "accounts": {}}`,
			[]Violation{{"", "json: cannot unmarshal number 1e999999999 into Go value of type float64"}}},
		{"all are reported, by pointer", `{"version": 1, "titel": "", "accounts": {"1": {}}, "requests": {}}`, []Violation{
			{"", "additionalProperties 'titel' not allowed"}, {"/accounts/1", "does not match pattern '^[0-9]{12}$'"}, {"/requests", "expected array, but got object"}}},
		{"slashes, tildes, blanks and percent signs in keys are escaped as in a JSON Pointer", account(`"users": {"a": {"tags": {"b/c~d %e": 1}}}`),
			[]Violation{{"/accounts/111122223333/users/a/tags/b~1c~0d %e", "expected string, but got number"}}},
		{"a wrong word in a policy is not also reported as a policy that could be unknown", policies(`{"Effect": "allow", "Action": "*", "Resource": "*"}`),
			[]Violation{{"/accounts/111122223333/policies/P/Statement/0/Effect", `value must be one of "Allow", "Deny"`}}},
		{"what can be missing in two ways is reported once", policies(`{"Effect": "Allow", "Resource": "*"}`),
			[]Violation{{"/accounts/111122223333/policies/P/Statement/0", "missing properties: 'Action', or missing properties: 'NotAction'"}}},
		{"a value of no possible type is reported once", account(`"policies": {"P": 7}`),
			[]Violation{{"/accounts/111122223333/policies/P", `value must be "unknown", or expected object, but got number`}}},
	} {
		if got := Validate([]byte(test.text)); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, expected %q", test.rule, got, test.want)
		}
	}
}

func TestTheSchemaNamesItsAddressAndDescribesEveryMember(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal([]byte(Text()), &root); err != nil {
		t.Fatal(err)
	}
	if root["$id"] != id {
		t.Errorf("the address is %q, expected %q", root["$id"], id)
	}
	definitions := root["$defs"].(map[string]any)
	definitions["Scenario"] = root
	for name, definition := range definitions {
		definition := definition.(map[string]any)
		if definition["description"] == nil {
			t.Errorf("%s has no description", name)
		}
		members, _ := definition["properties"].(map[string]any)
		for key, member := range members {
			member := member.(map[string]any)
			if member["description"] == nil && member["$ref"] == nil {
				t.Errorf("%s of %s has no description", key, name)
			}
		}
	}
}
