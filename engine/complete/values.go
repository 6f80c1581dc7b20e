package complete

import (
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/stable"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// values proposes values for the place.
func (w *writer) values() {
	if at := strings.LastIndex(w.word, "${"); at >= 0 && !strings.Contains(w.word[at:], "}") && w.statement != nil {
		w.variables()
		return
	}
	for _, n := range w.form.nodes {
		if c := n.Member("const"); c != nil {
			w.literal(c)
		}
		if list := n.Member("enum"); list != nil {
			for _, one := range list.Items {
				w.literal(one)
			}
		}
	}
	switch f := w.form; {
	case f.titled("ActionPattern"):
		w.actions(true)
	case f.titled("RequestAction"):
		w.actions(false)
	case f.titled("ResourcePattern"):
		w.resources(w.statementActions(), true)
	case f.titled("RequestResource"):
		w.resources(w.requestActions(), false)
	case f.titled("ConditionValue"):
		w.conditionValues()
	case f.titled("ContextValue"):
		w.contextValues(w.step(1))
	case f.titled("ConditionKey"):
		w.conditionKeys(func(name, kind, detail, info string, rank int) {
			w.add(Item{Label: name, Kind: kind, Detail: detail, Info: info, Rank: rank})
		})
	case f.titled("AWSPrincipal"), w.parent(1).titled("UnknownAWSPrincipal") && w.step(1) == "like":
		w.principals(true)
	case f.titled("ServicePrincipal"):
		for _, name := range servicePrincipals {
			w.add(Item{Label: name, Kind: "principal", Detail: "service"})
		}
	case f.titled("FederatedPrincipal"):
		w.providers()
	case f.titled("Reference", "Boundary"):
		w.policies()
	case f.titled("AccountID"):
		for _, a := range w.world.Accounts {
			w.add(Item{Label: a.ID, Kind: "value", Detail: a.Name})
		}
	case w.parent(1).titled("Request") && w.step(1) == "principal":
		w.principals(false)
		w.add(Item{Label: "anonymous", Kind: "principal", Info: "somebody without credentials"})
		for _, name := range servicePrincipals {
			w.add(Item{Label: name, Kind: "principal", Detail: "service"})
		}
	case w.parent(1).titled("Request") && w.step(1) == "via":
		for _, a := range w.world.Accounts {
			for _, e := range a.Endpoints {
				w.add(Item{Label: e.ID, Kind: "value", Detail: e.VPC})
			}
		}
	case w.parent(2).titled("User") && w.step(2) == "groups":
		for _, a := range w.world.Accounts {
			for _, g := range a.Groups {
				if a.ID == w.account {
					w.add(Item{Label: g.Name, Kind: "value", Detail: "group"})
				}
			}
		}
	case w.parent(1).titled("Resource", "Key") && w.step(1) == "role":
		for _, a := range w.world.Accounts {
			for _, r := range a.Roles {
				if a.ID == w.account {
					w.add(Item{Label: r.Name, Kind: "principal", Detail: "role"})
				}
			}
		}
	case w.parent(1).titled("Session") && w.step(1) == "assumedBy":
		w.principals(false)
	case w.step(2) == "statements" && w.parent(2).titled("ExpectedAnswer"):
		for _, p := range w.world.Policies() {
			for _, st := range p.Statements {
				if st.Sid != "" {
					w.add(Item{Label: st.Sid, Kind: "value", Detail: p.Name})
				}
			}
		}
	}
	if w.form.is("boolean") {
		w.addBare("true", "")
		w.addBare("false", "")
	}
}

// literal proposes a value that the schema lists.
func (w *writer) literal(v *jsonpos.Value) {
	info, _ := w.form.words()
	switch v.Kind {
	case jsonpos.String:
		w.add(Item{Label: v.Text, Kind: "value", Info: info, Rank: 1})
	case jsonpos.Number, jsonpos.Bool, jsonpos.Null:
		w.addBare(v.Text, info)
	}
}

// actions proposes services until the prefix is there, and then the service's
// actions and the wildcards that cover several of them.
func (w *writer) actions(wildcards bool) {
	c := w.Catalog
	if c == nil {
		return
	}
	prefix, _, named := strings.Cut(w.word, ":")
	service := c.Service(prefix)
	if !named || service == nil {
		if wildcards {
			w.add(Item{Label: "*", Kind: "wildcard", Info: "every action of every service"})
		}
		used := w.usedServices()
		for _, s := range c.Services() {
			rank := 0
			if used[s.Prefix] {
				rank = 1
			}
			// The prefix alone is no action yet: the list opens again behind the colon.
			w.add(Item{Label: s.Prefix + ":", Kind: "service", Detail: s.Name, Rank: rank})
		}
		w.rank()
		return
	}
	resourceType := w.resourceTypes(service)
	if wildcards {
		w.add(Item{Label: service.Prefix + ":*", Kind: "wildcard", Detail: count(len(service.Actions)), Info: "every action of " + service.Name})
	}
	for _, a := range service.Actions {
		rank := 1
		if resourceType != nil && !touches(&a, resourceType) {
			rank = 0
		}
		detail := a.Level.String()
		info := ""
		if a.PermissionOnly {
			info = "a permission without an API call of that name"
		}
		w.add(Item{Label: service.Prefix + ":" + a.Name, Kind: "action", Detail: detail, Info: info, Rank: rank})
	}
	if wildcards {
		verbs := map[string]int{}
		for _, a := range service.Actions {
			verbs[verb(a.Name)]++
		}
		for _, a := range service.Actions {
			if v := verb(a.Name); verbs[v] > 1 {
				w.add(Item{Label: service.Prefix + ":" + v + "*", Kind: "wildcard", Detail: count(verbs[v])})
			}
		}
	}
	w.rank()
}

func count(n int) string {
	if n == 1 {
		return "1 action"
	}
	return strconv.Itoa(n) + " actions"
}

// verb is the first word of an action's name.
func verb(name string) string {
	for i := 1; i < len(name); i++ {
		if name[i] >= 'A' && name[i] <= 'Z' && (name[i-1] < 'A' || name[i-1] > 'Z') {
			return name[:i]
		}
	}
	return name
}

// rank puts items of a higher rank first.
func (w *writer) rank() {
	stable.Sort(w.items, func(a, b *Item) bool { return a.Rank > b.Rank })
}

// usedServices are the prefixes that the statement's other actions have.
func (w *writer) usedServices() map[string]bool {
	used := map[string]bool{}
	for _, a := range w.statementActions() {
		if prefix, _, ok := strings.Cut(a, ":"); ok {
			used[strings.ToLower(prefix)] = true
		}
	}
	return used
}

// resourceTypes are those of a service that the statement's resources, or the
// request's, fit; nil when they say nothing.
func (w *writer) resourceTypes(s *catalog.Service) map[*catalog.ResourceType]bool {
	var patterns []string
	if w.statement != nil {
		patterns = texts(w.statement.Member("Resource"))
	} else if request := w.request(); request != nil {
		patterns = texts(request.Member("resource"))
	}
	var found map[*catalog.ResourceType]bool
	for _, p := range patterns {
		if p == "*" {
			return nil
		}
		for i := range s.ResourceTypes {
			if fits(p, s.ResourceTypes[i].ARN) {
				if found == nil {
					found = map[*catalog.ResourceType]bool{}
				}
				found[&s.ResourceTypes[i]] = true
			}
		}
	}
	return found
}

func touches(a *catalog.Action, types map[*catalog.ResourceType]bool) bool {
	for _, r := range a.Resources {
		if types[r.Type] {
			return true
		}
	}
	return false
}

// statementActions are the actions that the statement around the place lists.
func (w *writer) statementActions() []string { return texts(w.statement.Member("Action")) }

// request is the request around the place; nil when there is none.
func (w *writer) request() *jsonpos.Value {
	for i := len(w.whole); i >= 0; i-- {
		if i < len(w.inner) && w.inner[i].titled("Request") {
			pointer := ""
			if outer := len(w.whole) - len(w.path); i > outer {
				for _, own := range w.whole[outer:i] {
					pointer += "/" + jsonpos.EscapeToken(own)
				}
			}
			return w.doc.Find(pointer)
		}
	}
	return nil
}

func (w *writer) requestActions() []string { return texts(w.request().Member("action")) }

// texts are the strings of a value: itself, or its items.
func texts(v *jsonpos.Value) []string {
	switch {
	case v == nil:
	case v.Kind == jsonpos.String:
		return []string{v.Text}
	case v.Kind == jsonpos.Array:
		var all []string
		for _, one := range v.Items {
			if one.Kind == jsonpos.String {
				all = append(all, one.Text)
			}
		}
		return all
	}
	return nil
}

// resources proposes what the actions can be about: resources of the world
// first, and the forms of ARN that the actions' resource types have.
func (w *writer) resources(actions []string, wildcards bool) {
	type kind struct {
		of  *catalog.ResourceType
		arn string
	}
	var kinds []kind
	star := len(actions) == 0
	for _, text := range actions {
		prefix, _, _ := strings.Cut(text, ":")
		var service *catalog.Service
		if w.Catalog != nil {
			service = w.Catalog.Service(prefix)
		}
		if service == nil {
			star = true
			continue
		}
		covered := matcher(text)
		for i := range service.Actions {
			if !covered(service.Actions[i].Name) {
				continue
			}
			if len(service.Actions[i].Resources) == 0 {
				star = true
			}
			for _, r := range service.Actions[i].Resources {
				kinds = append(kinds, kind{r.Type, r.Type.ARN})
			}
		}
	}
	rank := func(arn string) int {
		for _, k := range kinds {
			if fits(arn, k.arn) {
				return 2
			}
		}
		return 0
	}
	for _, a := range w.world.Accounts {
		for _, r := range a.Resources {
			w.add(Item{Label: r.ARN, Kind: "resource", Detail: a.Name, Rank: rank(r.ARN)})
			if strings.Count(r.ARN, ":") == 5 && strings.HasPrefix(r.ARN, "arn:aws:s3:::") && !strings.Contains(r.ARN, "/") {
				if wildcards {
					w.add(Item{Label: r.ARN + "/*", Kind: "resource", Detail: "its objects", Rank: rank(r.ARN + "/*")})
				} else {
					w.add(Item{Label: r.ARN + "/key", Insert: escape(r.ARN) + "/#{key}", Snippet: true, Kind: "resource", Detail: "an object in it", Rank: rank(r.ARN + "/key")})
				}
			}
		}
		for _, u := range a.Users {
			arn := a.UserARN(u)
			w.add(Item{Label: arn, Kind: "resource", Detail: "user", Rank: rank(arn)})
		}
		for _, r := range a.Roles {
			arn := a.RoleARN(r)
			w.add(Item{Label: arn, Kind: "resource", Detail: "role", Rank: rank(arn)})
		}
	}
	if star {
		w.add(Item{Label: "*", Kind: "wildcard", Info: "for actions that have no resource of their own", Rank: 1})
	}
	for _, k := range kinds {
		label := w.template(k.arn, false)
		w.add(Item{Label: label, Insert: w.template(k.arn, true), Snippet: true, Kind: "resource", Detail: k.of.Name, Rank: 1})
	}
	if !star {
		w.add(Item{Label: "*", Kind: "wildcard", Info: "every resource: wider than these actions need"})
	}
	w.rank()
}

// template is a form of ARN with the partition and the account filled in, and
// with fields for the rest: "arn:aws:sqs:Region:111122223333:QueueName".
func (w *writer) template(format string, fields bool) string {
	out := ""
	for {
		before, rest, ok := strings.Cut(format, "${")
		out += before
		if !ok {
			return out
		}
		name, after, _ := strings.Cut(rest, "}")
		format = after
		switch {
		case name == "Partition":
			out += "aws"
		case name == "Account" && w.account != "":
			out += w.account
		case fields:
			out += "#{" + name + "}"
		default:
			out += name
		}
	}
}

// conditionKeys proposes keys: those of the statement's actions, of their
// resource types and services, and AWS's global ones.
func (w *writer) conditionKeys(add func(name, kind, detail, info string, rank int)) {
	actions := w.statementActions()
	if w.statement == nil {
		actions = w.requestActions()
	}
	spelled := func(name string) string {
		if at := strings.IndexByte(name, '$'); at >= 0 {
			return name[:at] + "key"
		}
		return name
	}
	offered := map[string]bool{}
	offer := func(k *catalog.Key, rank int) {
		if name := spelled(k.Name); !offered[name] {
			offered[name] = true
			add(name, "key", typeName(k), "", rank)
		}
	}
	if w.Catalog != nil {
		for _, text := range actions {
			prefix, _, _ := strings.Cut(text, ":")
			service := w.Catalog.Service(prefix)
			if service == nil {
				continue
			}
			covered := matcher(text)
			for i := range service.Actions {
				a := &service.Actions[i]
				if !covered(a.Name) {
					continue
				}
				for _, name := range a.Keys {
					if k := service.Key(name); k != nil {
						offer(k, 3)
					}
				}
				for _, r := range a.Resources {
					for _, name := range r.Keys {
						if k := service.Key(name); k != nil {
							offer(k, 3)
						}
					}
					for _, name := range r.Type.Keys {
						if k := service.Key(name); k != nil {
							offer(k, 2)
						}
					}
				}
			}
		}
	}
	for _, k := range catalog.GlobalKeys() {
		if name := spelled(k.Name); !offered[name] {
			offered[name] = true
			add(name, "key", typeName(&k.Key), present(&k), 1)
		}
	}
	w.rank()
}

// matcher tells which of its service's actions, by their names, an action
// covers as a policy writes it.
func matcher(written string) func(name string) bool {
	_, name, _ := strings.Cut(written, ":")
	p, _ := pattern.Compile(strings.ToLower(name), pattern.Options{Wildcards: true}, nil)
	return func(name string) bool { return p.Match(strings.ToLower(name), nil) == trace.Yes }
}

// fits reports whether an ARN, perhaps with wildcards, could be one of a form
// of the catalogue.
func fits(arn, format string) bool {
	a, f := strings.SplitN(arn, ":", 6), strings.SplitN(format, ":", 6)
	if len(a) < 6 || len(f) < 6 || a[2] != f[2] {
		return false
	}
	kind := func(s string) string {
		if at := strings.IndexAny(s, "/:"); at >= 0 {
			return s[:at+1]
		}
		return ""
	}
	wanted := kind(f[5])
	switch {
	case strings.HasPrefix(wanted, "${"): // as of S3's objects, where the first part has a name too
		return strings.Contains(a[5], "/") == strings.Contains(f[5], "/")
	case wanted != "":
		return strings.HasPrefix(a[5], wanted)
	default:
		return kind(a[5]) == ""
	}
}

// principals proposes whom the world has; inPolicy also the forms that only
// policies may have.
func (w *writer) principals(inPolicy bool) {
	for _, a := range w.world.Accounts {
		for _, u := range a.Users {
			w.add(Item{Label: a.UserARN(u), Kind: "principal", Detail: "user", Rank: 1})
		}
		for _, r := range a.Roles {
			if inPolicy {
				w.add(Item{Label: a.RoleARN(r), Kind: "principal", Detail: "role", Rank: 1})
			}
			session := a.SessionARN(r, "")
			for _, s := range r.Sessions {
				w.add(Item{Label: session + s.Name, Kind: "principal", Detail: "session"})
			}
			if !inPolicy {
				w.add(Item{Label: session + "session", Insert: escape(session) + "#{session}", Snippet: true, Kind: "principal", Detail: "session"})
			}
		}
		detail := "the root user"
		if inPolicy {
			detail = "the account"
		}
		w.add(Item{Label: a.RootARN(), Kind: "principal", Detail: detail})
		if !inPolicy {
			for _, r := range a.Resources {
				if r.Role != nil {
					w.add(Item{Label: r.ARN, Kind: "principal", Detail: "runs code as " + r.Role.Value})
				}
			}
		}
	}
	if inPolicy {
		w.add(Item{Label: "*", Kind: "wildcard", Info: "everyone"})
	}
	w.rank()
}

// providers proposes identity providers.
func (w *writer) providers() {
	for _, name := range []string{"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"} {
		w.add(Item{Label: name, Kind: "principal", Detail: "web identity"})
	}
	account := w.account
	if account == "" {
		account = "111122223333"
	}
	for _, provider := range []string{"oidc-provider/token.actions.githubusercontent.com", "saml-provider/#{Name}"} {
		arn := "arn:aws:iam::" + account + ":" + provider
		w.add(Item{Label: strings.NewReplacer("#{", "", "}", "").Replace(arn), Insert: arn, Snippet: true, Kind: "principal", Detail: "provider"})
	}
}

// policies proposes policies that can be attached here.
func (w *writer) policies() {
	if len(w.whole) > 0 && w.whole[0] == "organization" {
		if o := w.world.Organization; o != nil {
			for _, p := range o.Policies {
				w.add(Item{Label: p.Name, Kind: "policy", Rank: 1})
			}
		}
		w.add(Item{Label: "arn:aws:iam::aws:policy/FullAWSAccess", Kind: "policy", Detail: "AWS managed"})
	} else {
		for _, a := range w.world.Accounts {
			if a.ID != w.account {
				continue
			}
			for _, p := range a.Policies {
				w.add(Item{Label: p.Name, Kind: "policy", Rank: 1})
			}
		}
		for _, arn := range w.Managed {
			w.add(Item{Label: arn, Kind: "policy", Detail: "AWS managed"})
		}
	}
	w.add(Item{Label: "unknown", Kind: "policy", Info: "a policy is attached, and nobody can read it"})
	w.rank()
}
