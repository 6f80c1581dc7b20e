package author

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/compare"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/wasm/wire"
)

// comparison is one that goes on over several calls.
type comparison struct {
	before, after string
	*compare.Comparison
}

// compare compares the scenario with the version before it, a part at a time:
// with "from" 0 it begins and writes the requests, with another number it goes
// on after that many probes, or begins again when it is at another number.
func (a *Author) compare(w *jsonpos.Writer, op *jsonpos.Value) {
	if a.scenario == nil {
		w.Member("error", "no scenario was given")
		return
	}
	before := wire.Text(op, "before")
	from, _ := wire.Number(op, "from")
	most, _ := wire.Number(op, "most")
	old, x := engine.Parse(before), &a.compared
	if x.Comparison == nil || x.before != before || x.after != a.text || from == 0 || x.Done() != from {
		*x = comparison{before, a.text, compare.New(old, a.scenario, a.library, a.source.Catalog, compare.Limit)}
		for x.Done() < from && !x.Finished() {
			x.Next(from - x.Done())
		}
	}
	w.Key("problems")
	w.BeginArray()
	problem(w, "before", before, old)
	problem(w, "after", a.text, a.scenario)
	w.EndArray()
	w.Key("requests")
	w.BeginArray()
	asked := 0
	if from == 0 {
		var changes []compare.RequestChange
		changes, asked = x.Requests()
		for i := range changes {
			c := &changes[i]
			w.BeginObject()
			w.Member("name", c.Name)
			w.MemberInt("indexBefore", c.Before)
			w.MemberInt("indexAfter", c.After)
			w.MemberBool("edited", c.Edited)
			answers(w, &c.Answers)
			w.EndObject()
		}
	}
	w.EndArray()
	w.MemberInt("asked", asked)
	w.Key("changes")
	w.BeginArray()
	for _, c := range x.Next(most) {
		w.BeginObject()
		w.Member("service", c.Service)
		w.Member("level", c.Level.String())
		w.Member("principal", c.Principal)
		w.Member("resource", c.Resource)
		w.Member("via", c.Via)
		texts(w, "actions", c.Actions)
		answers(w, &c.Answers)
		w.EndObject()
	}
	w.EndArray()
	texts(w, "open", x.Open)
	w.MemberInt("total", x.Total())
	w.MemberInt("done", x.Done())
	w.MemberBool("finished", x.Finished())
	w.MemberBool("stopped", x.Stopped())
}

// problem writes the first error of a version.
func problem(w *jsonpos.Writer, side, text string, s *engine.Scenario) {
	for i := range s.Diagnostics {
		if d := &s.Diagnostics[i]; d.Severity == engine.Error {
			line, _ := jsonpos.NewLines(text).Position(d.Start)
			w.BeginObject()
			w.Member("side", side)
			w.MemberInt("line", line)
			w.Member("message", d.Message)
			w.EndObject()
			return
		}
	}
}

func answers(w *jsonpos.Writer, both *[2]compare.Answer) {
	for side, key := range [2]string{"before", "after"} {
		a := &both[side]
		w.Key(key)
		w.BeginObject()
		w.Member("decision", a.Decision.String())
		w.Key("decidedBy")
		w.BeginArray()
		for _, l := range a.DecidedBy {
			w.String(l.String())
		}
		w.EndArray()
		w.Member("on", a.On)
		w.EndObject()
	}
}
