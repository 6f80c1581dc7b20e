package catalog_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

// same compares services as they read: an ActionResource points into its own service.
func same(t *testing.T, got, want *catalog.Service) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: decoded as\n%+v\nexpected\n%+v", want.Prefix, got, want)
	}
}

func TestWhatIsEncodedIsDecoded(t *testing.T) {
	c := sample.Catalog()
	services := sample.Services()
	if c.Date() != sample.Date || len(c.Services()) != len(services) {
		t.Fatalf("date %q, %d services", c.Date(), len(c.Services()))
	}
	for i := range services {
		same(t, c.Service(services[i].Prefix), &services[i])
		if got, want := c.Services()[i], (catalog.Heading{Prefix: services[i].Prefix, Name: services[i].Name}); got != want {
			t.Errorf("heading %+v, expected %+v", got, want)
		}
	}
}

func TestTheTextStandsInAJSONStringAsItIs(t *testing.T) {
	text := sample.Text()
	for _, r := range text {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			t.Fatalf("the text has %q", r)
		}
	}
	if text != sample.Text() {
		t.Error("two texts of the same services differ")
	}
}

func TestNames(t *testing.T) {
	c := sample.Catalog()
	for _, test := range []struct {
		name string
		got  bool
		want bool
	}{
		{"a service is found by its prefix", c.Has("s3"), true},
		{"prefixes have no case", c.Service("S3") == c.Service("s3"), true},
		{"a prefix is whole", c.Has("dynamo"), false},
		{"an unknown service is nil", c.Service("dynamo") == nil, true},
		{"an action is found by its name", c.Action("s3:GetObject") != nil, true},
		{"actions have no case", c.Action("S3:getobject") == c.Action("s3:GetObject"), true},
		{"an action belongs to its service", c.Action("s3:GetItem") != nil, false},
		{"no service, no action", c.Action("glacier:GetJob") != nil, false},
		{"no colon, no action", c.Action("GetObject") != nil, false},
		{"resource types have no case", c.Service("secretsmanager").ResourceType("secret") != nil, true},
		{"a permission without an operation says so", c.Action("iam:PassRole").PermissionOnly, true},
		{"an operation is none", c.Action("iam:GetRole").PermissionOnly, false},
		{"resource control policies cover some services", c.Service("s3").RCP, true},
		{"and not others", c.Service("iam").RCP, false},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v", test.name, test.got)
		}
	}
	if got := c.NearestService("dyanmodb"); got != "dynamodb" {
		t.Errorf("NearestService = %q", got)
	}
	if got := c.Service("dynamodb").NearestAction("PutItems"); got != "PutItem" {
		t.Errorf("NearestAction = %q", got)
	}
}

func TestKeys(t *testing.T) {
	c := sample.Catalog()
	for _, test := range []struct {
		name, written, want string
	}{
		{"a service's key", "s3:prefix", "s3:prefix"},
		{"in any case", "S3:PREFIX", "s3:prefix"},
		{"a tag key is any text", "s3:ExistingObjectTag/team/blue", "s3:ExistingObjectTag/${TagKey}"},
		{"but not none", "s3:ExistingObjectTag/", ""},
		{"nor is it left out", "s3:ExistingObjectTag", ""},
		{"the variable itself is one, too", "ec2:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"},
		{"a colon before the variable part", "kms:EncryptionContext:department", "kms:EncryptionContext:${EncryptionContextKey}"},
		{"a global key", "aws:sourceip", "aws:SourceIp"},
		{"a global tag key", "aws:RequestTag/team", "aws:RequestTag/${TagKey}"},
		{"a global key under a service's prefix", "ec2:SourceInstanceArn", "ec2:SourceInstanceArn"},
		{"a key under an identity provider's prefix", "token.actions.githubusercontent.com:sub", "token.actions.githubusercontent.com:sub"},
		{"a key of another service", "s3:LeadingKeys", ""},
		{"an unknown global key", "aws:SourceIpp", ""},
		{"nothing", "", ""},
	} {
		got := ""
		if k := c.Key(test.written); k != nil {
			got = k.Name
		}
		if got != test.want {
			t.Errorf("%s: Key(%q) = %q, expected %q", test.name, test.written, got, test.want)
		}
	}
	for name, want := range map[string]catalog.Key{
		"s3:tlsversion":        {Name: "s3:TlsVersion", Type: catalog.Numeric},
		"dynamodb:LeadingKeys": {Name: "dynamodb:LeadingKeys", Multi: true},
		"ec2:Vpc":              {Name: "ec2:Vpc", Type: catalog.ARN},
		"aws:CurrentTime":      {Name: "aws:CurrentTime", Type: catalog.Date},
	} {
		if got := c.Key(name); got == nil || *got != want {
			t.Errorf("Key(%q) = %+v, expected %+v", name, got, want)
		}
	}
}

func TestAVariablePartMayHaveMoreBehindIt(t *testing.T) {
	k := catalog.Key{Name: "codebuild:fileSystemLocations/${identifier}.type"}
	for name, want := range map[string]bool{
		"codebuild:filesystemlocations/data.type":          true,
		"codebuild:fileSystemLocations/a.type.b.type":      true,
		"codebuild:fileSystemLocations/.type":              false,
		"codebuild:fileSystemLocations/data.typed":         false,
		"codebuild:fileSystemLocations/${identifier}.type": true,
	} {
		if k.Matches(name) != want {
			t.Errorf("Matches(%q) = %v", name, !want)
		}
	}
}

func TestExpand(t *testing.T) {
	c := sample.Catalog()
	for _, test := range []struct {
		name, text, want string
	}{
		{"a name covers itself", "s3:getobject", "s3:GetObject"},
		{"a star any text", "s3:Get*", "s3:GetBucketPolicy s3:GetObject s3:GetObjectVersion"},
		{"a question mark one character", "s?s:Get*", "sts:GetCallerIdentity"},
		{"a wildcard may stand in the service", "s*s:L*", "sns:ListTopics sqs:ListQueues"},
		{"a name that is not there covers nothing", "s3:Fly", ""},
		{"nor does a service that is not there", "glacier:*", ""},
		{"nor a text without a colon", "s3", ""},
		{"nor no text", "", ""},
	} {
		e := c.Expand(test.text)
		var names []string
		for _, s := range e.Services {
			for _, a := range s.Actions {
				names = append(names, s.Service.Prefix+":"+a.Name)
			}
		}
		if got := strings.Join(names, " "); got != test.want || e.Count != len(names) {
			t.Errorf("%s: Expand(%q) = %d: %s, expected %s", test.name, test.text, e.Count, got, test.want)
		}
	}
	all, both := c.Expand("*"), c.Expand("*:*")
	if all.Count == 0 || all.Count != both.Count || len(all.Services) != len(c.Services()) {
		t.Errorf("* covers %d actions of %d services, *:* %d", all.Count, len(all.Services), both.Count)
	}
	if got, want := c.Expand("iam:*").Levels, [catalog.Levels]int{2, 2, 1, 5, 2}; got != want {
		t.Errorf("iam:* covers by level %v, expected %v", got, want)
	}
}

func TestATextThatIsNoWholeCatalogueIsRefused(t *testing.T) {
	text := sample.Text()
	for name, broken := range map[string]string{
		"nothing":                  "",
		"the older form":           "#date\t2026-01-02\ns3\tGetObject\n",
		"JSON":                     "{}",
		"a version to come":        strings.Replace(text, "iam-catalog-2", "iam-catalog-3", 1),
		"half of it":               text[:len(text)/2],
		"the last character less":  text[:len(text)-1],
		"a character more":         text + " ",
		"another day":              strings.Replace(text, sample.Date, "2026-01-03", 1),
		"two characters exchanged": strings.Replace(text, "DynamoDB", "DyanmoDB", 1),
	} {
		if c, err := catalog.Load(broken); err == nil {
			t.Errorf("%s: Load gave a catalogue of %d services", name, len(c.Services()))
		}
	}
}
