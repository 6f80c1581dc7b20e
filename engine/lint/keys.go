package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/spell"
)

// key is what is known of a condition key: a global one or, with the catalogue,
// one of a service; nil when nothing is.
func (l *linter) key(name string) *catalog.Key {
	if g := catalog.Global(name); g != nil {
		return &g.Key
	}
	if l.data.catalog == nil || strings.HasPrefix(strings.ToLower(name), "aws:") {
		return nil
	}
	prefix, _, _ := strings.Cut(name, ":")
	if s := l.data.catalog.Service(strings.ToLower(prefix)); s != nil {
		return s.Key(name)
	}
	return nil
}

// nearestGlobal is the global key that was probably meant; "" when none is near.
func nearestGlobal(name string) string {
	if len(name) > 64 {
		return ""
	}
	var names []string
	for _, k := range catalog.GlobalKeys() {
		if !strings.Contains(k.Name, "${") {
			names = append(names, k.Name)
		}
	}
	return spell.Nearest(name, names...)
}

// fixNear offers the nearest of a list of words for a value.
func (f *Finding) fixNear(v engine.Text, words []string) {
	if len(v.Value) > 64 {
		return
	}
	if near := spell.Nearest(v.Value, words...); near != "" {
		f.Hint = "did you mean " + quote(near) + "?"
		f.fix("write "+near, replaceText(v.At, near)...)
	}
}

// regions are AWS's Regions as of the rules' date.
//
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regions = []string{
	"us-east-1", "us-east-2", "us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-east-2", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2",
	"eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1",
	"mx-central-1", "sa-east-1", "cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1", "eusc-de-east-1",
	"us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1", "eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1",
}
