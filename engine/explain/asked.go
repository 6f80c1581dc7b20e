package explain

import (
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
)

// Asked is what is to say about the resource that a request names: that AWS
// makes the request for another one, or never. It is "" when AWS makes it as it
// is written, and when nobody could check that.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func Asked(q *engine.Query) string {
	a := &q.Asked
	switch a.State {
	case engine.NotChecked:
		if a.Unlisted {
			return "The catalogue of " + q.World.Library.FactsDate() + " has no action " + q.Action + ", so whether AWS makes this request is not checked."
		}
	case engine.AsMade:
		return q.Action + ` works on no resource in particular: AWS checks it on "*", and so it was decided, not on ` + a.Written + "."
	case engine.NeverMade:
		text := "AWS never makes this request: " + q.Action + " works on " + articled(a.Types) + ", and " + written(a) + ". "
		if a.Fix != "" {
			return text + "What it asks about here is probably " + a.Fix + "; the answer is for what is written."
		}
		return text + "It asks about a resource such as " + a.Like + "; the answer is for what is written."
	}
	return ""
}

// written says what the written resource is instead of one of the action's.
func written(a *engine.Asked) string {
	switch {
	case a.Written == "*":
		return `"*" is none`
	case a.Found != "":
		return a.Written + " is " + articled([]string{a.Found})
	}
	return a.Written + " is none"
}

// articled are types of resources, each with its article: "a bucket or an object".
func articled(types []string) string {
	words := make([]string, len(types))
	for i, t := range types {
		words[i] = "a " + t
		if t != "" && strings.ContainsRune("aeioAEIO", rune(t[0])) {
			words[i] = "an " + t
		}
	}
	return Join(few(words, "types"), "or")
}

// AskedFix says what writing the resource of which Asked speaks does; "" when
// it is not known.
func AskedFix(q *engine.Query) string {
	if a := &q.Asked; a.Fix != "" && (a.State == engine.AsMade || a.State == engine.NeverMade) {
		return "ask about " + a.Fix
	}
	return ""
}

// AskedPointer is where the resource of a request or of a further check stands.
func AskedPointer(index, check int) engine.Pointer {
	at := "/requests/" + strconv.Itoa(index)
	if check >= 0 {
		at += "/also/" + strconv.Itoa(check)
	}
	return engine.Pointer(at + "/resource")
}

// NotChecked is what to say once of evaluations without facts about their
// actions; "" when there are facts.
func NotChecked(evaluations []*engine.Evaluation) string {
	for _, e := range evaluations {
		if e != nil && e.Query.Asked.State == engine.NotChecked && !e.Query.Asked.Unlisted {
			return "Whether AWS makes these requests for these resources is not checked: no catalogue of its actions is here."
		}
	}
	return ""
}
