package condition

import "testing"

func TestParseOperatorReadsWhatStringWrites(t *testing.T) {
	for _, op := range Operators() {
		for set := NoSet; set <= ForAnyValue; set++ {
			for _, exists := range []bool{false, true} {
				name := Spec{&op, set, exists}.String()
				spec, suggestion, ok := ParseOperator(name)
				if op.Type == Null && exists {
					want := Spec{&op, set, false}.String()
					if ok || suggestion != want || spec != (Spec{}) {
						t.Errorf("%s: %v, %q, %v", name, spec, suggestion, ok)
					}
					continue
				}
				if !ok || suggestion != "" || spec.String() != name || spec.Set != set || spec.IfExists != exists || *spec.Operator != op {
					t.Errorf("%s: %v, %q, %v", name, spec, suggestion, ok)
				}
			}
		}
	}
}

func TestParseOperatorSuggests(t *testing.T) {
	for name, want := range map[string]string{
		"stringequals":                        "StringEquals",
		"StringEqual":                         "StringEquals",
		"StringNotEqual":                      "StringNotEquals",
		"IPAddress":                           "IpAddress",
		"NotIPAddress":                        "NotIpAddress",
		"ARNLike":                             "ArnLike",
		"StringLikeifexists":                  "StringLikeIfExists",
		"StringLikeIfExist":                   "StringLikeIfExists",
		"NullIfExists":                        "Null",
		"null":                                "Null",
		"Boolean":                             "",
		"Equals":                              "",
		"ForAllValuesStringEquals":            "ForAllValues:StringEquals",
		"ForAllValue:StringEquals":            "ForAllValues:StringEquals",
		"ForAnyValues:StringLike":             "ForAnyValue:StringLike",
		"ForAnyValue: StringLike":             "ForAnyValue:StringLike",
		"ForAnyValue:NullIfExists":            "ForAnyValue:Null",
		"ForAllValues:ForAnyValue:StringLike": "",
		"IfExists":                            "",
		"":                                    "",
		"Foo":                                 "",
	} {
		spec, suggestion, ok := ParseOperator(name)
		if ok || spec != (Spec{}) || suggestion != want {
			t.Errorf("%q: %q, want %q", name, suggestion, want)
		}
	}
}

func TestOperatorsAreACopy(t *testing.T) {
	Operators()[0].Name = "changed"
	if operators[0].Name != "StringEquals" {
		t.Error("the table was changed")
	}
}
