package arn

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/pattern"
)

// Meet is an ARN that both values match, part by part, as pattern.Meet.
func Meet(m, n *Matcher, bindings []pattern.Binding, free rune) (string, bool) {
	if !m.Complete() || !n.Complete() {
		return "", false
	}
	parts := make([]string, len(m.parts))
	for i := range m.parts {
		text, ok := pattern.Meet(&m.parts[i], &n.parts[i], bindings, free)
		if !ok {
			return "", false
		}
		parts[i] = text
	}
	return strings.Join(parts, ":"), true
}
