package main

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/render"
	"github.com/iam-playground/iam-playground/engine/report"
	"github.com/iam-playground/iam-playground/wasm/links"
)

// rendered writes the explanation of a document in the form that was asked for.
func (s *session) rendered(a *answers) error {
	source := render.Source{File: a.file, World: a.world}
	var page render.Page
	if s.base != "" {
		page.Home = s.base
		page.Rules = s.base + "rules/"
		page.Playground = s.base + links.Encode([]byte(a.world.Scenario.Document.Text), links.View{})
	}
	switch s.form {
	case "svg":
		all := make([]*engine.Evaluation, len(a.world.Scenario.Requests))
		for i, n := range a.requests {
			all[n] = a.evaluations[i]
		}
		return render.SVG(s.out, source, all, a.requests)
	case "md":
		return render.Markdown(s.out, source, a.evaluations, page)
	case "text":
		return render.Text(s.out, source, a.evaluations)
	case "trace":
		_, err := s.out.Write(trace(a))
		return err
	}
	return render.HTML(s.out, source, a.evaluations, page)
}

// trace is a document with all its answers, as an embed shows it without an
// engine: {"trace": 1, "scenario": the text, "evaluate": {…}, "explain": [{…}, …]},
// the answers as engine/report/report.schema.json describes them.
func trace(a *answers) []byte {
	w := &jsonpos.Writer{}
	answers := report.New(a.world, w)
	w.BeginObject()
	w.MemberInt("trace", 1)
	w.Member("scenario", a.world.Scenario.Document.Text)
	w.Key("evaluate")
	w.BeginObject()
	answers.Evaluate(a.evaluations)
	w.EndObject()
	w.Key("explain")
	w.BeginArray()
	for i, e := range a.evaluations {
		w.BeginObject()
		answers.Explain(i, -1, e)
		w.EndObject()
	}
	w.EndArray()
	w.EndObject()
	return append(w.Buf, '\n')
}
