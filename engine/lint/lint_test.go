package lint

import (
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

// unknownActions are the findings of a scenario about actions that nobody knows.
func unknownActions(s *engine.Scenario, c *catalog.Catalog) (found []Finding) {
	for _, f := range Scenario(engine.NewWorld(s, nil), c) {
		if f.Code == "INVALID_ACTION" || f.Code == "INVALID_SERVICE_IN_ACTION" {
			found = append(found, f)
		}
	}
	return found
}

func TestUnknownActionsAreFound(t *testing.T) {
	c := sample.Catalog()
	for _, test := range []struct{ name, action, code, hint string }{
		{"a known action is fine", "s3:GetObject", "", ""},
		{"in any case", "S3:getobject", "", ""},
		{"a misspelt service gets the nearest", "dyanmodb:PutItem", "INVALID_SERVICE_IN_ACTION", `did you mean "dynamodb:PutItem"?`},
		{"a misspelt action gets the nearest", "s3:GetObjects", "INVALID_ACTION", `did you mean "s3:GetObject"?`},
		{"a wildcard that covers something is fine", "s3:Get*", "", ""},
		{"a wildcard that covers nothing is not", "s3:Fly*", "INVALID_ACTION", "check the name before the wildcard"},
		{"everything is fine", "*", "", ""},
		{"a wildcard in the service is not looked at", "s*:GetObject", "", ""},
	} {
		s := engine.Parse(`{"version": 1, "accounts": {"111122223333": {"policies": {"P": {"Version": "2012-10-17",
			"Statement": {"Effect": "Allow", "Action": "` + test.action + `", "Resource": "*"}}}}}}`)
		found := unknownActions(s, c)
		if test.code == "" {
			if len(found) != 0 {
				t.Errorf("%s: found %+v", test.name, found)
			}
			continue
		}
		if len(found) != 1 || found[0].Code != test.code || found[0].Hint != test.hint || found[0].Severity != Warning {
			t.Errorf("%s: found %+v", test.name, found)
			continue
		}
		if got := s.Document.Text[found[0].Start:found[0].End]; got != `"`+test.action+`"` {
			t.Errorf("%s: points at %s", test.name, got)
		}
	}
}

func TestARequestForAnUnknownActionIsReported(t *testing.T) {
	c := sample.Catalog()
	s := engine.Parse(`{"version": 1, "accounts": {}, "requests": [{"name": "n", "principal": "anonymous", "action": "s3:FlyToTheMoon", "resource": "*"}]}`)
	if found := unknownActions(s, c); len(found) != 1 || found[0].Pointer != "/requests/0/action" {
		t.Errorf("found %+v", found)
	}
}
