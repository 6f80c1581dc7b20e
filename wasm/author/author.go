// Package author answers the calls of the page's editors: what may be written
// at a place, what stands there, and what is probably not meant. It has the
// form of package wire, and a program of its own beside the engine's, since no
// decision needs it: the page loads it after the first answer, and it runs in a
// thread of its own, so that an answer never waits for it.
package author

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/complete"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/lint"
	"github.com/iam-playground/iam-playground/engine/propose"
	"github.com/iam-playground/iam-playground/wasm/wire"
)

// Author keeps between calls what is costly to make. The zero value is not
// ready; use New.
type Author struct {
	source   complete.Source
	library  *engine.Library
	text     string
	scenario *engine.Scenario
	compared comparison
	wire     wire.Handler
}

// New is an author without a schema, a catalogue and a scenario.
func New() *Author {
	a := &Author{library: engine.NewLibrary()}
	a.wire = wire.Handler{Load: a.load, Do: a.answer, Failed: func() { a.scenario, a.text, a.compared = nil, "", comparison{} }}
	return a
}

// Call answers one call, as [wire.Handler.Answer] does.
func (a *Author) Call(in []byte) []byte { return a.wire.Answer(in) }

func (a *Author) load(scenario string) {
	if a.scenario == nil || scenario != a.text {
		a.text, a.scenario = scenario, engine.Parse(scenario)
	}
}

func (a *Author) answer(w *jsonpos.Writer, op *jsonpos.Value) {
	switch name := wire.Text(op, "op"); name {
	case "schema":
		a.source.Schema = jsonpos.Parse(wire.Text(op, "text"), jsonpos.Limits{}).Root
		w.MemberBool("taken", a.source.Schema.Member("$defs") != nil)
	case "catalog":
		c, err := catalog.Load(wire.Text(op, "text"))
		if err != nil {
			w.Member("error", err.Error())
			return
		}
		a.source.Catalog, a.compared = c, comparison{}
		w.MemberInt("services", len(c.Services()))
		w.Member("date", c.Date())
	case "library":
		count, problem := a.library.Load(wire.Text(op, "text"))
		if problem != nil {
			w.Member("error", problem.Message)
			return
		}
		a.compared = comparison{} // its worlds may lack policies that are there now
		w.MemberInt("count", count)
	case "facts":
		a.facts(w)
	case "propose":
		request, _ := wire.Number(op, "request")
		a.propose(w, request)
	case "compare":
		a.compare(w, op)
	case "lint":
		a.lint(w)
	case "managed":
		a.source.Managed = nil
		if list := op.Member("arns"); list != nil {
			for _, one := range list.Items {
				a.source.Managed = append(a.source.Managed, one.Text)
			}
		}
		w.MemberInt("count", len(a.source.Managed))
	case "complete":
		text, offset, lines := a.place(op)
		list := a.source.At(text, offset)
		w.MemberInt("from", lines.UTF16(list.From))
		w.MemberInt("to", lines.UTF16(list.To))
		w.Key("items")
		w.BeginArray()
		for _, i := range list.Items {
			w.BeginObject()
			w.Member("label", i.Label)
			w.Member("insert", i.Insert)
			w.MemberBool("snippet", i.Snippet)
			w.Member("kind", i.Kind)
			w.Member("detail", i.Detail)
			w.Member("info", i.Info)
			w.EndObject()
		}
		w.EndArray()
	case "hover":
		text, offset, lines := a.place(op)
		w.Key("note")
		n := a.source.Hover(text, offset)
		if n == nil {
			w.Null()
			return
		}
		w.BeginObject()
		w.MemberInt("from", lines.UTF16(n.From))
		w.MemberInt("to", lines.UTF16(n.To))
		w.Member("title", n.Title)
		texts(w, "facts", n.Facts)
		texts(w, "names", n.Names)
		w.MemberInt("more", n.More)
		w.Member("url", n.URL)
		w.EndObject()
	case "services":
		w.Key("services")
		w.BeginArray()
		if a.source.Catalog != nil {
			for _, s := range a.source.Catalog.Services() {
				w.BeginObject()
				w.Member("prefix", s.Prefix)
				w.Member("name", s.Name)
				w.EndObject()
			}
		}
		w.EndArray()
	case "service":
		a.service(w, wire.Text(op, "prefix"))
	default:
		w.Member("error", "unknown operation "+jsonpos.Quote(name))
	}
}

// facts writes what the catalogue says of the actions that the scenario's
// requests name, as the engine reads it; "" without a catalogue.
func (a *Author) facts(w *jsonpos.Writer) {
	text := ""
	if a.scenario != nil && a.source.Catalog != nil {
		text = a.source.Catalog.Facts(a.scenario.Actions())
	}
	w.Member("text", text)
}

// propose writes what AWS may check beside a request.
func (a *Author) propose(w *jsonpos.Writer, request int) {
	w.Key("checks")
	w.BeginArray()
	if a.scenario != nil && a.source.Catalog != nil && request < len(a.scenario.Requests) {
		for _, c := range propose.Checks(a.scenario, a.source.Catalog, a.scenario.Requests[request]) {
			w.BeginObject()
			w.Member("name", c.Name)
			w.Member("action", c.Action)
			w.Member("resource", c.Resource)
			w.Member("why", c.Why)
			w.Member("page", c.Page)
			w.EndObject()
		}
	}
	w.EndArray()
}

// lint writes what is probably not meant in the scenario, and how much of AWS's
// limits its parts use.
func (a *Author) lint(w *jsonpos.Writer) {
	if a.scenario == nil {
		w.Member("error", "no scenario was given")
		return
	}
	lines := jsonpos.NewLines(a.text)
	span := func(start, end int) {
		w.MemberInt("start", lines.UTF16(start))
		w.MemberInt("end", lines.UTF16(end))
	}
	w.Key("findings")
	w.BeginArray()
	for _, f := range lint.Scenario(engine.NewWorld(a.scenario, a.library), a.source.Catalog) {
		w.BeginObject()
		w.Member("code", f.Code)
		w.Member("severity", f.Severity.String())
		w.Member("pointer", string(f.Pointer))
		span(f.Start, f.End)
		line, column := lines.Position(f.Start)
		w.MemberInt("line", line)
		w.MemberInt("column", column)
		w.Member("message", f.Message)
		w.Member("hint", f.Hint)
		why := ""
		if c := lint.Find(f.Code); c != nil {
			why = c.Why
		}
		w.Member("why", why)
		w.Member("page", f.URL())
		w.Member("fixLabel", f.FixLabel)
		w.Key("fix")
		w.BeginArray()
		for _, e := range f.Fix {
			w.BeginObject()
			span(e.Start, e.End)
			w.Member("text", e.Text)
			w.EndObject()
		}
		w.EndArray()
		w.EndObject()
	}
	w.EndArray()
	w.Key("quotas")
	w.BeginArray()
	for _, q := range lint.Quotas(a.scenario) {
		w.BeginObject()
		w.Member("what", q.What)
		w.Member("pointer", string(q.Pointer))
		w.MemberInt("used", q.Used)
		w.MemberInt("limit", q.Limit)
		w.MemberBool("counted", q.Counted)
		w.Member("page", q.URL)
		w.EndObject()
	}
	w.EndArray()
}

// place reads where a question is asked: the text, the byte offset, and the
// lines that turn offsets into the page's.
func (a *Author) place(op *jsonpos.Value) (t complete.Text, offset int, lines *jsonpos.Lines) {
	t = complete.Text{Text: wire.Text(op, "text"), Pointer: engine.Pointer(wire.Text(op, "pointer")), Scenario: a.scenario}
	at, _ := wire.Number(op, "at")
	lines = jsonpos.NewLines(t.Text)
	return t, lines.Offset(at), lines
}

// service writes all of one service, for those who choose instead of typing.
func (a *Author) service(w *jsonpos.Writer, prefix string) {
	var s *catalog.Service
	if a.source.Catalog != nil {
		s = a.source.Catalog.Service(prefix)
	}
	w.Key("service")
	if s == nil {
		w.Null()
		return
	}
	w.BeginObject()
	w.Member("prefix", s.Prefix)
	w.Member("name", s.Name)
	w.Key("actions")
	w.BeginArray()
	for i := range s.Actions {
		action := &s.Actions[i]
		w.BeginObject()
		w.Member("name", action.Name)
		w.Member("level", action.Level.String())
		w.MemberBool("permissionOnly", action.PermissionOnly)
		w.Key("resources")
		w.BeginArray()
		for _, r := range action.Resources {
			w.BeginObject()
			w.Member("type", r.Type.Name)
			w.MemberBool("required", r.Required)
			w.EndObject()
		}
		w.EndArray()
		texts(w, "keys", action.Keys)
		texts(w, "dependent", action.Dependent)
		w.EndObject()
	}
	w.EndArray()
	w.Key("resourceTypes")
	w.BeginArray()
	for _, t := range s.ResourceTypes {
		w.BeginObject()
		w.Member("name", t.Name)
		w.Member("arn", t.ARN)
		texts(w, "keys", t.Keys)
		w.EndObject()
	}
	w.EndArray()
	w.Key("keys")
	w.BeginArray()
	for _, k := range s.Keys {
		w.BeginObject()
		w.Member("name", k.Name)
		w.Member("type", k.Type.String())
		w.MemberBool("multi", k.Multi)
		w.EndObject()
	}
	w.EndArray()
	w.EndObject()
}

func texts(w *jsonpos.Writer, key string, list []string) {
	w.Key(key)
	w.BeginArray()
	for _, one := range list {
		w.String(one)
	}
	w.EndArray()
}
