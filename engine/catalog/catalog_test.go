package catalog

import "testing"

const sample = "#date\t2026-01-02\ndynamodb\tGetItem\tPutItem\ns3\tGetObject\tListBucket\n"

func TestCatalog(t *testing.T) {
	c, ok := Load(sample)
	if !ok || c.Date != "2026-01-02" || c.Services() != 2 {
		t.Fatalf("Load = %+v, %v", c, ok)
	}
	for _, test := range []struct {
		name string
		got  bool
		want bool
	}{
		{"a service is found by its prefix", c.HasService("s3"), true},
		{"prefixes have no case", c.HasService("S3"), true},
		{"a prefix is whole", c.HasService("dynamo"), false},
		{"an action is found by its name", c.HasAction("s3", "GetObject"), true},
		{"actions have no case", c.HasAction("s3", "getobject"), true},
		{"an action belongs to its service", c.HasAction("s3", "GetItem"), false},
		{"no service, no action", c.HasAction("ec2", "RunInstances"), false},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v", test.name, test.got)
		}
	}
	if got := c.NearestService("dyanmodb"); got != "dynamodb" {
		t.Errorf("NearestService = %q", got)
	}
	if got := c.NearestAction("dynamodb", "PutItems"); got != "PutItem" {
		t.Errorf("NearestAction = %q", got)
	}
}

func TestATextThatIsNoCatalogueIsRefused(t *testing.T) {
	for _, text := range []string{"", "s3\tGetObject", "#date\t2026-01-02\n", "{}"} {
		if _, ok := Load(text); ok {
			t.Errorf("Load accepted %q", text)
		}
	}
}
