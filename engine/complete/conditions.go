package complete

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/condition"
)

// An operator as policies may write it.
type operator struct {
	name, detail string
	rank         int
}

// operators are all condition operators: the plain ones first, and those that
// say what happens to absent keys and to keys with several values.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func operators() []operator {
	var all []operator
	plain := condition.Operators()
	for _, o := range plain {
		all = append(all, operator{o.Name, "", 2})
	}
	for _, o := range plain {
		if o.Type != condition.Null {
			all = append(all, operator{o.Name + "IfExists", "or the key is absent", 1})
		}
	}
	for _, set := range []struct{ prefix, detail string }{{"ForAnyValue:", "some value of the request"}, {"ForAllValues:", "every value of the request"}} {
		for _, o := range plain {
			if o.Type != condition.Null {
				all = append(all, operator{set.prefix + o.Name, set.detail, 0})
			}
		}
	}
	return all
}

// typeName is a key's type in words.
func typeName(k *catalog.Key) string {
	if k.Multi {
		return k.Type.String() + ", several values"
	}
	return k.Type.String()
}

// present says when a request has a global key.
func present(k *catalog.GlobalKey) string {
	if k.Present == catalog.Always {
		return "in every request"
	}
	return "in a request when " + k.Present
}

// variables proposes policy variables: keys with one value.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (w *writer) variables() {
	w.from += strings.LastIndex(w.doc.Text[w.from:w.place.at], "${")
	end := "}"
	if n := strings.IndexFunc(w.doc.Text[w.from+2:w.to], func(r rune) bool { return !strings.ContainsRune(":/._-", r) && !isWord(r) }); n >= 0 {
		w.to = w.from + 2 + n // what follows the variable stays
	}
	if strings.HasPrefix(w.doc.Text[w.to:], "}") {
		end = ""
	}
	add := func(name, detail, info string) {
		fields := name
		if i := strings.Index(name, "${"); i >= 0 {
			fields = name[:i] + "key"
		}
		w.add(Item{Label: "${" + fields + "}", Insert: "${" + fields + end, Kind: "variable", Detail: detail, Info: info})
	}
	for _, k := range catalog.GlobalKeys() {
		if !k.Multi {
			add(k.Name, typeName(&k.Key), present(&k))
		}
	}
	for _, text := range w.statementActions() {
		prefix, _, _ := strings.Cut(text, ":")
		if w.Catalog == nil {
			break
		}
		if s := w.Catalog.Service(prefix); s != nil {
			for i := range s.Keys {
				if k := &s.Keys[i]; !k.Multi && strings.HasPrefix(k.Name, s.Prefix+":") {
					add(k.Name, typeName(k), "")
				}
			}
		}
	}
	for _, literal := range []string{"*", "?", "$"} {
		w.add(Item{Label: "${" + literal + "}", Insert: "${" + literal + end, Kind: "variable", Detail: "the sign itself"})
	}
}

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '*' || r == '?' || r == '$'
}

// conditionValues proposes values for a key under an operator: the last steps
// of the path are the operator, the key and perhaps an index.
func (w *writer) conditionValues() {
	n := 1
	if numeric(w.step(1)) && w.parent(1).titled("ConditionValues") {
		n = 2
	}
	key, op := w.step(n), w.step(n+1)
	if spec, _, ok := condition.ParseOperator(op); ok && (spec.Operator.Type == condition.Bool || spec.Operator.Type == condition.Null) {
		yes, no := "", ""
		if spec.Operator.Type == condition.Null {
			yes, no = "the key is absent", "the key is there"
		}
		w.add(Item{Label: "true", Kind: "value", Info: yes})
		w.add(Item{Label: "false", Kind: "value", Info: no})
		return
	}
	w.contextValues(key)
}

// contextValues proposes values that a key can have in this world.
func (w *writer) contextValues(key string) {
	value := func(text, detail string) { w.add(Item{Label: text, Kind: "value", Detail: detail}) }
	account := func() {
		for _, a := range w.world.Accounts {
			value(a.ID, a.Name)
		}
	}
	switch lower := strings.ToLower(key); lower {
	case "aws:principalaccount", "aws:sourceaccount", "aws:resourceaccount", "s3:resourceaccount", "kms:calleraccount", "aws:vpceaccount":
		account()
	case "aws:principalorgid", "aws:resourceorgid", "aws:sourceorgid", "aws:vpceorgid":
		if o := w.world.Organization; o != nil && o.ID != "" {
			value(o.ID, "the organization")
		}
	case "aws:principalarn":
		for _, a := range w.world.Accounts {
			for _, u := range a.Users {
				value(a.UserARN(u), "user")
			}
			for _, r := range a.Roles {
				value(a.RoleARN(r), "role")
			}
		}
	case "aws:sourcearn":
		for _, a := range w.world.Accounts {
			for _, r := range a.Resources {
				value(r.ARN, "resource")
			}
		}
	case "aws:username":
		for _, a := range w.world.Accounts {
			for _, u := range a.Users {
				value(u.Name, "user")
			}
		}
	case "aws:sourcevpce":
		for _, a := range w.world.Accounts {
			for _, e := range a.Endpoints {
				value(e.ID, e.VPC)
			}
		}
	case "aws:sourcevpc":
		for _, a := range w.world.Accounts {
			for _, e := range a.Endpoints {
				if e.VPC != "" {
					value(e.VPC, "")
				}
			}
		}
	case "aws:requestedregion", "ec2:region":
		for _, r := range regions {
			value(r, "")
		}
	case "aws:principaltype":
		for _, t := range []string{"Account", "User", "FederatedUser", "AssumedRole", "Anonymous"} {
			value(t, "")
		}
	case "iam:passedtoservice", "aws:principalservicename", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast":
		for _, s := range servicePrincipals {
			value(s, "service")
		}
	case "aws:tagkeys":
		for _, k := range w.tagKeys() {
			value(k, "tag")
		}
	default:
		if at := strings.Index(lower, "tag/"); at >= 0 {
			for _, v := range w.tagValues(key[at+len("tag/"):]) {
				value(v, "")
			}
			return
		}
	}
	if k := w.key(key); k != nil && k.Type == catalog.Bool {
		value("true", "")
		value("false", "")
		w.addBare("true", "")
		w.addBare("false", "")
	}
}

// key is what the catalogue says about a written key; nil when nothing is known.
func (w *writer) key(name string) *catalog.Key {
	if w.Catalog != nil {
		return w.Catalog.Key(name)
	}
	if g := catalog.Global(name); g != nil {
		return &g.Key
	}
	return nil
}

// tags calls visit with every tag of the world.
func (w *writer) tags(visit func(engine.Tag)) {
	all := func(list []engine.Tag) {
		for _, t := range list {
			visit(t)
		}
	}
	for _, a := range w.world.Accounts {
		for _, u := range a.Users {
			all(u.Tags)
		}
		for _, r := range a.Roles {
			all(r.Tags)
			for _, s := range r.Sessions {
				all(s.Tags)
			}
		}
		for _, r := range a.Resources {
			all(r.Tags)
		}
	}
}

func (w *writer) tagKeys() (keys []string) {
	seen := map[string]bool{}
	w.tags(func(t engine.Tag) {
		if !seen[t.Key] {
			seen[t.Key] = true
			keys = append(keys, t.Key)
		}
	})
	return keys
}

func (w *writer) tagValues(key string) (values []string) {
	w.tags(func(t engine.Tag) {
		if strings.EqualFold(t.Key, key) {
			values = append(values, t.Value)
		}
	})
	return values
}
