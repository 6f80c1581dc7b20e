package lint

import (
	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// Named reports whether the check of a finding names the walk that found it. A
// finding of reading may be of no check, when it is about the form of scenarios.
func Named(f *Finding) bool {
	c := Find(f.Code)
	if c == nil {
		return f.by == reading
	}
	for _, w := range c.by {
		if w != nil && w == f.by {
			return true
		}
	}
	return false
}

// Read reports whether reading finds a check.
func (c *Check) Read() bool {
	for _, w := range c.by {
		if w == reading {
			return true
		}
	}
	return false
}

// Walked is the number of walks that find a check and go somewhere, and whether all do.
func (c *Check) Walked() (n int, whole bool) {
	whole = true
	for _, w := range c.by {
		if w == nil {
			continue
		}
		n++
		parts := 0
		for _, has := range []bool{w.policy != nil, w.after != nil, w.statement != nil, w.condition != nil,
			w.scenario != nil} {
			if has {
				parts++
			}
		}
		whole = whole && (parts == 1 || w == reading && parts == 0)
	}
	return n, whole
}

// Work is the steps that a policy takes, and whether there were enough of them.
func Work(text string, t Type, c *catalog.Catalog) (steps int, enough bool) {
	doc := jsonpos.Parse(text, jsonpos.Limits{})
	p, _, _ := engine.ReadPolicy(doc, t.Kind)
	d := newData(doc, c)
	l := &linter{editor: &d.editor, data: d, typ: t, policy: p}
	l.inspect()
	return maxWork - d.work, !l.stopped
}

const MaxWork = maxWork
