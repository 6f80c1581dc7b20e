package compare

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/stable"
)

// caller is a principal that probes ask for.
type caller struct {
	name    string
	account string
	user    string // its user name, for ${aws:username}; "" for others
	in      [2]bool
}

// unit are the probes of one principal at one resource of one service.
type unit struct {
	caller   *caller
	service  *catalog.Service
	resource string
	via      string            // a VPC endpoint, "" for none
	actions  []*catalog.Action // by level, then by name
}

// Change are probes whose answers change alike: the same principal, resource,
// service and access level, the same answers.
type Change struct {
	Service, Principal, Resource string
	// Via is the ID of a VPC endpoint that the requests go through; "" for none.
	Via     string
	Level   catalog.Level
	Answers [2]Answer
	Actions []string // with the service's prefix
}

// Next decides up to most further probes and returns what they show.
func (x *Comparison) Next(most int) (list []Change) {
	for _, w := range x.versions {
		w.Share(min(x.total, maxShare))
	}
	for ; most > 0 && !x.Finished(); x.at, x.within = x.at+1, 0 {
		u := &x.plan[x.at]
		from := len(list)
		for ; x.within < len(u.actions); x.within++ {
			if most == 0 || x.Finished() {
				return list
			}
			most--
			x.done++
			list = x.probe(list, from, u, u.actions[x.within])
		}
	}
	return list
}

// probe decides one probe. A change joins those from the number from that are alike.
func (x *Comparison) probe(list []Change, from int, u *unit, a *catalog.Action) []Change {
	action := u.service.Prefix + ":" + a.Name
	about := engine.Circumstances{Unknown: x.openFor(u, a), Via: u.via}
	var answers [2]Answer
	var queries [2]*engine.Query
	for side, w := range x.versions {
		if !u.caller.in[side] {
			continue
		}
		if queries[side] = w.Ask(u.caller.name, action, u.resource, about); queries[side] != nil {
			answers[side].Decision = queries[side].Authorize(nil)
		}
	}
	if answers[0].Decision == answers[1].Decision && answers[0].Decision != engine.Depends {
		return list
	}
	for side := range answers {
		if answers[side].Decision == engine.Depends {
			answers[side].On = dependence(&queries[side].Evaluate().Call)
		}
		// Whoever is not there may do nothing, and a denial changes nothing about that.
		if answers[side].Decision == engine.Invalid && (answers[1-side].Decision == engine.ImplicitDeny || answers[1-side].Decision == engine.ExplicitDeny) {
			return list
		}
	}
	if same(&answers[0], &answers[1]) {
		return list
	}
	for i := from; i < len(list); i++ {
		if c := &list[i]; c.Level == a.Level && same(&c.Answers[0], &answers[0]) && same(&c.Answers[1], &answers[1]) {
			c.Actions = append(c.Actions, action)
			return list
		}
	}
	return append(list, Change{u.service.Prefix, u.caller.name, u.resource, u.via, a.Level, answers, []string{action}})
}

// makePlan finds what to probe: every principal, the actions that changed
// statements are about, and for each of them resources that it is about.
func (x *Comparison) makePlan() {
	x.findCallers(nil)
	changed := x.changed()
	x.findCallers(changed)
	x.openKeys(changed)
	touched := x.touched(changed)
	if len(touched) == 0 {
		return
	}
	resources := x.resources()
	vias := []string{""}
	for i := range changed {
		if p := &changed[i]; p.layer == engine.LayerVPCE && !slices.Contains(vias, p.place) {
			vias = append(vias, p.place)
		}
	}
	for _, t := range touched {
		kinds := typed(t.service, resources)
		for i := range x.callers {
			for _, via := range vias {
				x.addUnits(&x.callers[i], t, kinds, via)
			}
		}
	}
}

// addUnits adds what a principal is asked about a service.
func (x *Comparison) addUnits(c *caller, t touchedService, kinds map[*catalog.ResourceType][]string, via string) {
	by := map[string]int{}
	for _, a := range t.actions {
		asked := map[string]bool{}
		about := func(resource string) {
			if resource = forCaller(resource, c); asked[resource] {
				return
			}
			asked[resource] = true
			n, ok := by[resource]
			if !ok {
				n = len(x.plan)
				by[resource] = n
				x.plan = append(x.plan, unit{c, t.service, resource, via, nil})
			}
			x.plan[n].actions = append(x.plan[n].actions, a)
			x.total++
		}
		for _, r := range a.Resources {
			for _, resource := range kinds[r.Type] {
				about(resource)
			}
			about(example(r.Type.ARN))
		}
		if len(a.Resources) == 0 {
			about("*")
		}
	}
}

// findCallers lists the principals: the users and role sessions that either
// version describes, those that ask its requests, and those that changed
// statements name.
func (x *Comparison) findCallers(changed []placed) {
	seen := map[string]int{}
	for i := range x.callers {
		seen[x.callers[i].name] = i
	}
	add := func(name string) {
		if _, ok := seen[name]; ok {
			return
		}
		c := caller{name: name}
		for side, w := range x.versions {
			q := w.Ask(name, "s3:GetObject", "*", engine.Circumstances{})
			if q == nil {
				continue
			}
			c.in[side], c.account = true, q.Caller.Account
			if q.Caller.Kind == engine.UserCaller {
				c.user = name[strings.LastIndexByte(name, '/')+1:]
			}
		}
		if c.in[0] || c.in[1] {
			seen[name] = len(x.callers)
			x.callers = append(x.callers, c)
		}
	}
	for _, w := range x.versions {
		for _, name := range w.Callers() {
			if !strings.HasSuffix(name, ":root") {
				add(name)
			}
		}
		for _, a := range w.Scenario.Accounts {
			for _, r := range a.Roles {
				add(a.SessionARN(r, exampleName))
			}
		}
		for _, r := range w.Scenario.Requests {
			add(r.Principal.Value)
		}
	}
	for i := range changed {
		if s := changed[i].statement; s != nil && s.Principal != nil {
			for _, v := range s.Principal.Values {
				add(named(v))
			}
		}
	}
	stable.Sort(x.callers, func(a, b *caller) bool { return a.name < b.name })
}

// named is a caller that a principal of a policy stands for; "" for none.
func named(v engine.PrincipalValue) string {
	a, isARN := arn.Parse(v.Value)
	switch {
	case v.Value == "*":
		return "anonymous"
	case v.Type == "AWS" && !isARN && !strings.Contains(v.Value, ":"):
		return "arn:aws:iam::" + v.Value + ":root"
	case isARN && strings.HasPrefix(a.Resource, "role/"):
		a.Service, a.Resource = "sts", "assumed-role/"+a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]+"/"+exampleName
		return a.String()
	}
	return v.Value
}

// touchedService is a service with those of its actions that changed statements
// are about, by level and name.
type touchedService struct {
	service *catalog.Service
	actions []*catalog.Action
	byName  bool // some statement writes the service's name
}

// runsCode reports whether either version has a resource that runs code with a role.
func (x *Comparison) runsCode() bool {
	for _, w := range x.versions {
		for _, a := range w.Scenario.Accounts {
			if slices.ContainsFunc(a.Resources, func(r *engine.Resource) bool { return r.Role != nil }) {
				return true
			}
		}
	}
	return false
}

// touched are the actions that changed statements are about: services that are
// written there come before those that a wildcard covers.
func (x *Comparison) touched(changed []placed) (list []touchedService) {
	number, have := map[*catalog.Service]int{}, map[*catalog.Action]bool{}
	add := func(e catalog.Expansion, byName bool, but map[*catalog.Action]bool) {
		for _, s := range e.Services {
			n, ok := number[s.Service]
			if !ok {
				n = len(list)
				number[s.Service] = n
				list = append(list, touchedService{service: s.Service})
			}
			t := &list[n]
			t.byName = t.byName || byName
			for _, a := range s.Actions {
				if !have[a] && !but[a] {
					have[a] = true
					t.actions = append(t.actions, a)
				}
			}
		}
	}
	for i := range changed {
		s := changed[i].statement
		if s == nil || changed[i].layer == engine.LayerTrust && x.runsCode() {
			// Whether code has its role's credentials may change, and with it every answer.
			add(x.catalog.Expand("*"), false, nil)
			continue
		}
		but := map[*catalog.Action]bool{}
		for _, text := range s.Actions {
			service, _, _ := strings.Cut(text.Value, ":")
			e := x.catalog.Expand(text.Value)
			if !s.NotAction {
				add(e, !strings.ContainsAny(service, "*?"), nil)
				continue
			}
			for _, c := range e.Services {
				for _, a := range c.Actions {
					but[a] = true
				}
			}
		}
		for _, part := range s.ActionParts {
			if like := part.Like.Value; !s.NotAction && like != "" {
				service, _, _ := strings.Cut(like, ":")
				add(x.catalog.Expand(like), !strings.ContainsAny(service, "*?"), nil)
			} else if !s.NotAction {
				add(x.catalog.Expand("*"), false, nil)
			}
		}
		if s.NotAction {
			add(x.catalog.Expand("*"), false, but)
		}
	}
	for i := range list {
		stable.Sort(list[i].actions, func(a, b **catalog.Action) bool {
			return (*a).Level < (*b).Level || (*a).Level == (*b).Level && (*a).Name < (*b).Name
		})
	}
	stable.Sort(list, func(a, b *touchedService) bool {
		return a.byName && !b.byName || a.byName == b.byName && a.service.Prefix < b.service.Prefix
	})
	return list
}

// maxOpen is how many keys are left open at most. Every further one may double
// the work on a probe.
const maxOpen = 3

// openKeys finds the keys that probes leave open: those of changed statements
// first.
func (x *Comparison) openKeys(changed []placed) {
	if len(changed) == 0 {
		return
	}
	take := func(statements []*engine.Statement) {
		set := map[string]bool{}
		for _, s := range statements {
			for i := range s.Conditions {
				if key := s.Conditions[i].Key; !follows(key, x.timed) {
					set[key] = true
				}
			}
		}
		for _, key := range sorted(set) {
			if len(x.Open) < maxOpen && !slices.ContainsFunc(x.Open, func(other string) bool { return strings.EqualFold(key, other) }) {
				x.Open = append(x.Open, key)
			}
		}
	}
	var first, others []*engine.Statement
	for i := range changed {
		if s := changed[i].statement; s != nil {
			first = append(first, s)
		}
	}
	for _, w := range x.versions {
		for _, p := range w.Scenario.Policies() {
			others = append(others, p.Statements...)
		}
	}
	take(first)
	take(others)
}

// follows reports whether the value of a key follows from the world.
func follows(key string, timed bool) bool {
	switch key = strings.ToLower(key); key {
	case "aws:userid", "aws:username", "aws:securetransport", "aws:viaawsservice", "kms:calleraccount", "aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths":
		return true
	case "aws:currenttime", "aws:epochtime":
		return timed
	}
	return strings.HasPrefix(key, "aws:principal")
}

// openFor are the open keys that a request of this kind may have.
func (x *Comparison) openFor(u *unit, a *catalog.Action) (list []string) {
	for _, key := range x.Open {
		lower := strings.ToLower(key)
		region := ""
		if parts, n := arn.Split(u.resource); n == len(parts) {
			region = parts[3]
		}
		switch {
		case lower == "aws:multifactorauthpresent" && strings.Contains(u.caller.name, ":assumed-role/"),
			lower == "aws:requestedregion" && (region != "" || u.service.Prefix == "iam" || u.service.Prefix == "organizations"),
			strings.Contains(lower, "resourcetag/") && x.described[u.resource],
			!strings.HasPrefix(lower, "aws:") && !hasKey(a, lower):
		default:
			list = append(list, key)
		}
	}
	return list
}

// hasKey reports whether requests for an action have a key of its service.
func hasKey(a *catalog.Action, lower string) bool {
	has := func(keys []string) bool {
		for _, k := range keys {
			name, _, open := strings.Cut(strings.ToLower(k), "${")
			if lower == name || open && strings.HasPrefix(lower, name) {
				return true
			}
		}
		return false
	}
	if has(a.Keys) {
		return true
	}
	for i := range a.Resources {
		if has(a.Resources[i].Keys) || has(a.Resources[i].Type.Keys) {
			return true
		}
	}
	return false
}

// resources are the ARNs that the versions name: of what they describe, of
// requests, and instances of what statements list.
func (x *Comparison) resources() []string {
	set := map[string]bool{}
	for _, w := range x.versions {
		s := w.Scenario
		for _, name := range w.Resources() {
			set[name], x.described[name] = true, true
		}
		for _, r := range s.Requests {
			set[r.Resource.Value] = true
		}
		for _, p := range s.Policies() {
			for _, st := range p.Statements {
				for _, t := range st.Resources {
					set[instance(t.Value)] = true
				}
				for _, part := range st.ResourceParts {
					set[instance(part.Like.Value)] = true
				}
			}
		}
	}
	return sorted(set)
}

// What examples are made of. ownAccount and ownName stand for the caller's.
const (
	exampleName    = "example"
	exampleRegion  = "us-east-1"
	exampleAccount = "111122223333"
	ownAccount     = "${Account}"
	ownName        = "${aws:username}"
)

// instance is an ARN that a resource of a policy covers, with ownAccount and
// ownName where the caller's belong; "" for what is no ARN.
func instance(text string) string {
	parts, n := arn.Split(text)
	if n < len(parts) || parts[0] != "arn" || strings.ContainsAny(parts[2], "*?") {
		return ""
	}
	if parts[1] == "*" {
		parts[1] = "aws"
	}
	if parts[3] == "*" {
		parts[3] = exampleRegion
	}
	if parts[4] == "*" {
		parts[4] = ownAccount
	}
	text = strings.Join(parts[:], ":")
	return strings.ReplaceAll(strings.ReplaceAll(filled(text), "*", exampleName), "?", "x")
}

// example is an ARN of a resource type.
func example(form string) string {
	form = strings.ReplaceAll(strings.ReplaceAll(form, "${Partition}", "aws"), "${Region}", exampleRegion)
	return strings.ReplaceAll(filled(form), "*", exampleName)
}

// filled is a text with every variable but the caller's filled in.
func filled(text string) string {
	var b strings.Builder
	for {
		start := strings.Index(text, "${")
		end := strings.IndexByte(text, '}')
		if start < 0 || end < start {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:start])
		switch name := text[start : end+1]; name {
		case ownAccount, ownName:
			b.WriteString(name)
		case "${*}", "${?}", "${$}":
			b.WriteString(name[2:3])
		default:
			b.WriteString(exampleName)
		}
		text = text[end+1:]
	}
}

// forCaller is a resource as a caller would name it.
func forCaller(resource string, c *caller) string {
	if !strings.Contains(resource, "${") {
		return resource
	}
	account, user := c.account, c.user
	if account == "" {
		account = exampleAccount
	}
	if user == "" {
		user = exampleName
	}
	return strings.ReplaceAll(strings.ReplaceAll(resource, ownAccount, account), ownName, user)
}

// typed are the resources of a service by their types. An ARN that fits several
// is of the type that says most about it: bucket/key is an object.
func typed(s *catalog.Service, resources []string) map[*catalog.ResourceType][]string {
	kinds := map[*catalog.ResourceType][]string{}
	for _, resource := range resources {
		if t, _ := s.TypeOf(resource); t != nil {
			kinds[t] = append(kinds[t], resource)
		}
	}
	return kinds
}
