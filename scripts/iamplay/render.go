package main

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/render"
	"github.com/iam-playground/iam-playground/wasm/links"
)

// rendered writes the explanation of a document in the form that was asked for.
func (s *session) rendered(a *answers) error {
	source := render.Source{File: a.file, World: a.world}
	var page render.Page
	if s.base != "" {
		page.Home = s.base
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
	}
	return render.HTML(s.out, source, a.evaluations, page)
}
