package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/condition"
)

// alwaysSent are the keys that every request has, or every one of its kind.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var alwaysSent = []string{
	"aws:currenttime", "aws:epochtime", "aws:requestedregion", "aws:securetransport", "aws:useragent",
	"aws:viaawsservice",
}

// contradictions reports what a request's context says against the world or
// against itself.
func (w *World) contradictions(r *Request) {
	const code = "CONTRADICTING_CONTEXT"
	find := func(key string) *ContextValue {
		for i := range r.Context {
			if strings.EqualFold(r.Context[i].Key, key) {
				return &r.Context[i]
			}
		}
		return nil
	}
	is := func(v *ContextValue, text string) bool { return v != nil && len(v.Values) > 0 && v.Values[0] == text }
	for i := range r.Context {
		v := &r.Context[i]
		switch lower := strings.ToLower(v.Key); {
		case v.Absent && slices.Contains(alwaysSent, lower):
			w.reader.addKey(Warning, "KEY_ALWAYS_PRESENT", v.At,
				"AWS sends "+quote(v.Key)+" with every request, and null says that it is absent",
				"write its value, or list it under unknown")
		case v.Absent:
		case lower == "aws:sourceip" && r.Via != nil:
			w.reader.addKey(Warning, code, v.At,
				quote(v.Key)+" is written, and the request goes through "+quote(r.Via.Value)+": no such request has it, so it counts as absent",
				"remove it, or write aws:VpcSourceIp")
		case (lower == "aws:sourcevpce" || lower == "aws:sourcevpc" || lower == "aws:vpcsourceip") && r.Via == nil:
			w.reader.addKey(Suggestion, code, v.At,
				quote(v.Key)+" is written, and the request goes through no endpoint", `name the endpoint under "via"`)
		case lower == "aws:sourcevpce" && !is(v, r.Via.Value):
			w.reader.addKey(Warning, code, v.At,
				quote(v.Key)+" is another endpoint than the one that the request goes through, "+quote(r.Via.Value),
				"remove one of the two")
		case lower == "aws:multifactorauthage" &&
			(is(find("aws:MultiFactorAuthPresent"), "false") ||
				find("aws:MultiFactorAuthPresent") != nil && find("aws:MultiFactorAuthPresent").Absent):
			w.reader.addKey(Warning, code, v.At,
				quote(v.Key)+" is written, and aws:MultiFactorAuthPresent says that MFA was not used",
				"remove one of the two")
		case lower == "aws:viaawsservice" && is(v, "false") && find("aws:CalledVia") != nil &&
			len(find("aws:CalledVia").Values) > 0:
			w.reader.addKey(Warning, code, v.At, quote(v.Key)+" is false, and aws:CalledVia names a service",
				"remove one of the two")
		case lower == "aws:epochtime" && differ(v, find("aws:CurrentTime")):
			w.reader.addKey(Warning, code, v.At, quote(v.Key)+" is another time than aws:CurrentTime",
				"remove one of the two")
		case lower == "aws:tokenissuetime" && strings.HasSuffix(r.Principal.Value, ".amazonaws.com"):
			w.reader.addKey(Warning, code, v.At,
				quote(v.Key)+" is written, and an AWS service calls without temporary credentials", "remove it")
		}
	}
}

// differ reports whether two times that can be read are not the same.
func differ(a, b *ContextValue) bool {
	if b == nil || len(a.Values) == 0 || len(b.Values) == 0 {
		return false
	}
	x, ok := condition.ParseInstant(a.Values[0])
	y, also := condition.ParseInstant(b.Values[0])
	return ok && also && x.Seconds != y.Seconds
}
