package explain

import (
	"strconv"

	"github.com/iam-playground/iam-playground/engine"
)

// Asked is what is to say about the resource that a request names: that AWS
// makes the request for another one, or never. It is "" when AWS makes it as it
// is written, and when nobody could check that.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func Asked(q *engine.Query) string {
	a := q.Asked
	switch a.State {
	case engine.NotChecked:
		if a.Unlisted {
			return "The catalogue of " + q.World.Library.FactsDate() + " has no action " + q.Action +
				", so whether AWS makes this request is not checked."
		}
	case engine.AsMade:
		return q.Action + ` works on no resource in particular: AWS checks it on "*", and so it was decided, not on ` +
			a.Written + "."
	case engine.NeverMade:
		is, asks := "of none of them", "asks about a resource such as "+a.Like
		if a.Found != "" {
			is = "of type " + a.Found
		}
		if a.Fix != "" {
			asks = "probably asks about " + a.Fix
		}
		return "AWS never makes this request: " + q.Action + " works on resources of type " +
			Join(few(a.Types, "types"), "or") + ", and " + a.Written + " is " + is + ". AWS " + asks +
			"; the answer is for what is written."
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
			return "Whether AWS makes these requests for these resources is not checked: no catalogue of its " +
				"actions is here."
		}
	}
	return ""
}
