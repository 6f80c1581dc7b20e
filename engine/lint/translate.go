package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

// translate makes findings of what reading found, with AWS's codes and, where
// there is a clear one, a fix. typeOf is the type of the policy that a value is in.
func (l *linter) translate(list []engine.Diagnostic, typeOf func(*jsonpos.Value) Type) {
	for _, d := range list {
		f := Finding{Code: d.Code, Severity: [...]Severity{Error, Warning, Suggestion}[d.Severity],
			Pointer: d.Pointer, Start: d.Start, End: d.End, Message: d.Message, Hint: d.Hint, by: reading}
		v, exact := l.find(d.Start)
		switch d.Code {
		case "INVALID_USER_REFERENCE":
			if exact && strings.HasPrefix(v.Text, "AROA") {
				f.Code = "INVALID_ROLE_REFERENCE"
			}
		case "RCP_SYNTAX_ERROR_PRINCIPAL":
			if typeOf(v).Kind == engine.SCP {
				f.Code = "SCP_SYNTAX_ERROR_PRINCIPAL"
			}
		case "EMPTY_ARRAY_CONDITION":
			f.Code = emptyCode(v)
		case "MISSING_ARN_FIELD":
			if t := typeOf(v); t.identity() || t.Kind == engine.BoundaryPolicy {
				f.Code = "INCOMPLETE_ARN"
			}
		}
		if exact && !v.Broken {
			f.within = within(v)
			if c := Find(f.Code); c != nil && c.mend != nil {
				c.mend(&f, l.editor, v)
			}
		}
		l.list(f)
	}
}
