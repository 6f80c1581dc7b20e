package render

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog/sample"
)

func TestEveryFormSaysThatAWSNeverMakesARequest(t *testing.T) {
	s := engine.Parse(`{"version":1,"accounts":{"111122223333":{"users":{"ali":{}}}},"requests":[
		{"name":"describe","principal":"arn:aws:iam::111122223333:user/ali","action":"ec2:DescribeInstances","resource":"arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
		"also":[{"action":"s3:CreateBucket","resource":"arn:aws:s3:::acme/x"}]}]}`)
	for _, withFacts := range []bool{true, false} {
		library := engine.NewLibrary()
		if withFacts {
			if _, problem := library.LoadFacts(sample.Catalog().Facts(s.Actions())); problem != nil {
				t.Fatal(problem)
			}
		}
		w := engine.NewWorld(s, library)
		source := Source{File: "f.json", World: w}
		evaluations := []*engine.Evaluation{w.Query(s.Requests[0]).Evaluate()}
		for name, write := range map[string]func(*strings.Builder) error{
			"text":     func(b *strings.Builder) error { return Text(b, source, evaluations) },
			"html":     func(b *strings.Builder) error { return HTML(b, source, evaluations, Page{}) },
			"markdown": func(b *strings.Builder) error { return Markdown(b, source, evaluations, Page{}) },
			"svg":      func(b *strings.Builder) error { return SVG(b, source, evaluations, []int{0}) },
		} {
			var b strings.Builder
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			for _, words := range []string{"works on no resource in particular", "AWS never makes this request"} {
				if strings.Contains(b.String(), words) != withFacts {
					t.Errorf("%s, with facts %v: %q is there: %v", name, withFacts, words, !withFacts)
				}
			}
			if notChecked := "is not checked"; name != "svg" && strings.Contains(b.String(), notChecked) == withFacts {
				t.Errorf("%s, with facts %v: %q is there: %v", name, withFacts, notChecked, withFacts)
			}
		}
	}
}
