package arn

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/pattern"
)

// Meet is an ARN that both values match, part by part, as pattern.Meet.
func Meet(m, n *Matcher, bindings []pattern.Binding, free rune) (text string, ok bool, steps int) {
	if !m.Complete() || !n.Complete() {
		return "", false, 1
	}
	parts := make([]string, len(m.parts))
	for i := range m.parts {
		part, ok, more := pattern.Meet(&m.parts[i], &n.parts[i], bindings, free)
		if steps += more; !ok {
			return "", false, steps
		}
		parts[i] = part
	}
	return strings.Join(parts, ":"), true, steps
}
