package complete

import (
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/condition"
)

// MostNames is the number of names that a Note lists at most.
const MostNames = 200

// Note is what the word at a place means.
type Note struct {
	// From and To are the byte range of the word.
	From, To int
	Title    string
	// Facts are sentences and pairs such as "access level: Write".
	Facts []string
	// Names are what a wildcard covers, in order; More is how many others it covers.
	Names []string
	More  int
	// URL is AWS's page, "" for none.
	URL string
}

func (n *Note) fact(text string) {
	if text != "" {
		n.Facts = append(n.Facts, text)
	}
}

// Hover explains the word at a byte offset of a text; nil when there is nothing
// to say.
func (s *Source) Hover(t Text, offset int) *Note {
	p, ok := locate(t.Text, offset)
	if !ok || p.from == p.to {
		return nil
	}
	w := s.writer(t, p)
	word := decode(t.Text[p.from:p.to])
	n := &Note{From: p.from, To: p.to, Title: word}
	if key, from, to := variableAt(t.Text, p, offset); key != "" && w.statement != nil {
		n.From, n.To, n.Title = from, to, key
		w.explainKey(n, key)
	} else if p.key {
		w.explainMember(n, word)
	} else {
		w.explainValue(n, word)
	}
	if len(n.Facts) == 0 && len(n.Names) == 0 {
		return nil
	}
	return n
}

// variableAt is the policy variable around an offset of a string, its key
// without a default, and its range; "" when there is none.
func variableAt(text string, p place, offset int) (key string, from, to int) {
	content := text[p.from:p.to]
	from = strings.LastIndex(content[:min(offset-p.from+1, len(content))], "${")
	if from < 0 {
		return "", 0, 0
	}
	end := strings.IndexByte(content[from:], '}')
	if end < 0 || from+end < offset-p.from {
		return "", 0, 0
	}
	key, _, _ = strings.Cut(content[from+2:from+end], ",")
	return strings.TrimSpace(key), p.from + from, p.from + from + end + 1
}

func (w *writer) explainMember(n *Note, name string) {
	switch keys := w.form.keys(); {
	case keys.titled("ConditionOperator"):
		w.explainOperator(n, name)
	case keys.titled("ConditionKeyElement", "ConditionKey"):
		w.explainKey(n, name)
	default:
		w.describe(n, w.form.under(name))
		if strings.HasPrefix(name, "arn:") {
			explainARN(n, name)
		}
	}
}

func (w *writer) explainValue(n *Note, word string) {
	switch f := w.form; {
	case f.titled("ActionPattern", "RequestAction"):
		w.explainAction(n, word)
	case strings.HasPrefix(word, "arn:"):
		explainARN(n, word)
	case f.titled("ConditionKey"):
		w.explainKey(n, word)
	case f.titled("ConditionValue", "ContextValue", "ResourcePattern", "AWSPrincipal", "ServicePrincipal", "FederatedPrincipal"):
	default:
		w.describe(n, f)
	}
}

// describe takes the schema's words, whose last is AWS's page if there is one.
func (w *writer) describe(n *Note, f form) {
	text, url := f.words()
	n.URL = url
	n.fact(text)
}

// explainAction tells what an action is, or what a wildcard covers.
func (w *writer) explainAction(n *Note, word string) {
	if w.Catalog == nil {
		return
	}
	prefix, name, named := strings.Cut(word, ":")
	if word == "*" {
		n.fact("every action of every service")
		return
	}
	s := w.Catalog.Service(prefix)
	if s == nil || !named {
		return
	}
	n.URL = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"
	if a := s.Action(name); a != nil {
		n.Title = s.Prefix + ":" + a.Name
		n.fact(s.Name)
		n.fact("access level: " + a.Level.String())
		if a.PermissionOnly {
			n.fact("a permission without an API call of that name")
		}
		if len(a.Resources) == 0 {
			n.fact(`resource: only "*"`)
		}
		for _, r := range a.Resources {
			need := "can be about "
			if r.Required {
				need = "is about "
			}
			n.fact(need + r.Type.Name + ": " + r.Type.ARN)
		}
		if len(a.Keys) > 0 {
			n.fact("condition keys: " + strings.Join(a.Keys, ", "))
		}
		if len(a.Dependent) > 0 {
			n.fact("also needs: " + strings.Join(a.Dependent, ", "))
		}
		return
	}
	if !strings.ContainsAny(name, "*?") {
		n.fact(`not an action of ` + s.Name + ` in the catalogue of ` + w.Catalog.Date())
		return
	}
	covered := w.Catalog.Expand(word)
	for _, c := range covered.Services {
		for _, a := range c.Actions {
			if len(n.Names) < MostNames {
				n.Names = append(n.Names, a.Name)
			}
		}
	}
	n.More = covered.Count - len(n.Names)
	n.fact("covers " + strconv.Itoa(covered.Count) + " of " + count(len(s.Actions)) + " of " + s.Name)
	for l, count := range covered.Levels {
		if count > 0 {
			n.fact(catalog.Level(l).String() + ": " + strconv.Itoa(count))
		}
	}
}

func (w *writer) explainKey(n *Note, name string) {
	if g := catalog.Global(name); g != nil {
		n.fact("type: " + typeName(&g.Key))
		n.fact(present(g))
		if g.Sensitive {
			n.fact("names one account, organization or network: a wildcard in its value is nearly always a mistake")
		}
		n.URL = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
		return
	}
	if k := w.key(name); k != nil {
		n.fact("type: " + typeName(k))
		if count := w.actionsWith(name); count != "" {
			n.fact(count)
		}
	}
}

// actionsWith says how many of the service's actions know a key.
func (w *writer) actionsWith(name string) string {
	prefix, _, _ := strings.Cut(name, ":")
	s := w.Catalog.Service(prefix)
	if s == nil {
		return ""
	}
	known := 0
	for i := range s.Actions {
		if knows(s, &s.Actions[i], name) {
			known++
		}
	}
	return "known to " + strconv.Itoa(known) + " of " + strconv.Itoa(len(s.Actions)) + " actions of " + s.Name
}

// knows reports whether requests for an action can have a key.
func knows(s *catalog.Service, a *catalog.Action, name string) bool {
	k := s.Key(name)
	if k == nil {
		return false
	}
	has := func(keys []string) bool {
		for _, one := range keys {
			if one == k.Name {
				return true
			}
		}
		return false
	}
	if has(a.Keys) {
		return true
	}
	for _, r := range a.Resources {
		if has(r.Keys) || has(r.Type.Keys) {
			return true
		}
	}
	return false
}

func (w *writer) explainOperator(n *Note, name string) {
	spec, suggestion, ok := condition.ParseOperator(name)
	if !ok {
		if suggestion != "" {
			n.fact(`not an operator; did you mean "` + suggestion + `"?`)
		}
		return
	}
	n.URL = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"
	switch {
	case spec.Operator.Type == condition.Null:
		n.fact("true: the request does not have the key; false: it has")
		return
	case spec.Operator.Negated:
		n.fact("true when none of the values matches")
		if !spec.IfExists && spec.Set != condition.ForAnyValue {
			n.fact("true also when the request does not have the key")
		}
	default:
		n.fact("true when one of the values matches")
	}
	switch {
	case spec.Set == condition.ForAllValues:
		n.fact("every value of the request must; true also when the request does not have the key")
	case spec.Set == condition.ForAnyValue:
		n.fact("some value of the request must; false when the request does not have the key")
	case spec.IfExists:
		n.fact("true also when the request does not have the key")
	case !spec.Operator.Negated:
		n.fact("false when the request does not have the key")
	}
}

// explainARN names the parts of an ARN.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func explainARN(n *Note, text string) {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 {
		n.fact("an ARN has six parts, this one has " + strconv.Itoa(len(parts)))
		return
	}
	n.URL = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"
	for i, name := range []string{"partition", "service", "Region", "account", "resource"} {
		switch part := parts[i+1]; part {
		case "":
			n.fact(name + ": none")
		case "*":
			n.fact(name + ": any")
		default:
			n.fact(name + ": " + part)
		}
	}
}
