package engine

import (
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/spell"
	"github.com/iam-playground/iam-playground/engine/stable"
)

// World is a scenario made ready to decide: references resolved, patterns and
// conditions compiled. It is not for use by several goroutines at once.
type World struct {
	Scenario *Scenario
	Library  *Library
	// Diagnostics are the scenario's and those of resolving it, by position: of
	// many, the first MaxDiagnostics. More is how many there are beside.
	Diagnostics []Diagnostic
	More        int

	directory  directory
	reader     reader
	slots      map[string]int // lower-cased condition key → slot
	keys       []string       // slot → key as first written; "" for an unknown part
	parts      []*part        // the unknown values of statements
	policies   map[*Policy]*policy
	statements []*statement
	unknowns   []fact // what nobody knows and does not differ between the checks of a call, by number
	users      map[string]*identity
	roles      map[string]*identity
	strangers  map[string]*policy // what an account that is not described may say, by account ID
	orgPaths   map[string]*membership
	indexes    map[*attachment]*index // by the first of a list of attachments
	sessions   map[*Session][]attachment
	compiling  struct {
		statements slab[statement]
		patterns   slab[pattern.Pattern]
		lower      strings.Builder // of texts in lower case, which share its room
	}
	admissions map[*Resource]admission
	rootTasks  map[string]*policy // by ARN
	resolved   map[*Request]resolved
	share      int                // of the budget of steps, for each call
	hints      int                // names that dangling references were compared with
	ruleSlots  [len(ruleKeys)]int // of the keys that rules of services ask for
	timeAsked  bool               // a policy asks for the time of issue
}

// policy is a policy compiled.
type policy struct {
	source     *Policy
	statements []*statement
	// unknown is the policy's number among the world's unknowns; -1 when it is known.
	unknown int
	// parts are the policy's unknown statements, each as a policy whose text nobody knows.
	parts []*policy
	// part is the statement that this stands for; nil for a whole policy.
	part *Part
	// publicPart is the fact that parts make the policy public; nil when they do not, or by whom they name.
	publicPart *part
	// stranger is the ID of the undescribed account whose policies this stands for.
	stranger string
	// public says that S3 holds the policy of a bucket to be public.
	public bool
	index  *index // made when first asked for, for a policy that stands alone
	weight weight // of all its statements with their actions
}

// statement is a statement compiled.
type statement struct {
	source *Statement
	policy *policy
	number int32 // in World.statements

	actions    []pattern.Pattern
	resources  []pattern.Pattern
	conditions []condition.Clause
	// weight is what matching all but the actions costs.
	weight weight
	*seldom
}

// seldom is what most statements do not have; a policy may have thousands.
type seldom struct {
	principals []principal
	// unclear is the number of the fact whether a NotPrincipal excepts a caller of
	// whom it lists a part.
	unclear int
	parts   []*part // the unknown values
	// facts are the numbers of the world's unknowns that may keep the statement open.
	facts []int
}

// never is that of all statements that have nothing of it; nobody writes to it.
var never seldom

// own is the statement's own seldom, to be written to.
func (s *statement) own() *seldom {
	if s.seldom == &never {
		s.seldom = new(seldom)
	}
	return s.seldom
}

// NewWorld makes a scenario ready. What does not resolve is among the world's
// diagnostics. library may be nil.
func NewWorld(s *Scenario, library *Library) *World {
	if library == nil {
		library = NewLibrary()
	}
	w := &World{Scenario: s, Library: library, directory: newDirectory(s), slots: map[string]int{}, policies: map[*Policy]*policy{},
		users: map[string]*identity{}, roles: map[string]*identity{}, strangers: map[string]*policy{},
		indexes:  map[*attachment]*index{},
		sessions: map[*Session][]attachment{}, admissions: map[*Resource]admission{}}
	w.Share(len(s.Requests))
	for _, a := range s.Accounts {
		w.addAccount(a)
	}
	w.organization()
	_, w.timeAsked = w.slots[strings.ToLower(ruleKeys[issueTime].name)]
	for i := range ruleKeys {
		w.ruleSlots[i] = w.slot(ruleKeys[i].name)
	}
	w.admit()
	w.resolveRequests()
	w.reader.join(s.Diagnostics, s.More)
	w.Diagnostics, w.More = w.reader.sorted()
	w.reader.closed = true // queries have nothing to add
	return w
}

// asked is the slot of a key that some policy asks for.
func (w *World) asked(key string) (slot int, ok bool) {
	var room [64]byte
	for i := range len(key) {
		c := key[i]
		if i == len(room) || c >= 0x80 {
			slot, ok = w.slots[strings.ToLower(key)]
			return slot, ok
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		room[i] = c
	}
	slot, ok = w.slots[string(room[:len(key)])]
	return slot, ok
}

func (w *World) slot(key string) int {
	lower := strings.ToLower(key)
	if n, ok := w.slots[lower]; ok {
		return n
	}
	n := len(w.keys)
	w.slots[lower] = n
	w.keys = append(w.keys, key)
	return n
}

// compiled compiles a policy once, however often it is attached.
func (w *World) compiled(p *Policy) *policy {
	if c, ok := w.policies[p]; ok {
		return c
	}
	c := &policy{source: p, unknown: -1}
	w.policies[p] = c
	if p.State != Known {
		w.addUnknown(c)
		return c
	}
	c.statements = make([]*statement, 0, len(p.Statements))
	w.statements = slices.Grow(w.statements, len(p.Statements))
	for _, s := range p.Statements {
		one := w.statement(c, s)
		c.statements = append(c.statements, one)
		c.weight.add(one.weigh())
	}
	c.public = p.Kind == ResourcePolicy && c.isPublic()
	w.openPublic(c)
	for _, x := range p.Parts {
		part := &policy{source: p, part: x}
		w.addUnknown(part)
		c.parts = append(c.parts, part)
	}
	c.weight.values += len(c.parts)
	return c
}

func (w *World) addUnknown(c *policy) {
	kind := UnknownPolicy
	switch {
	case c.part != nil:
		kind = UnknownPart
	case c.source.At == nil && c.source.State == Withheld:
		kind = UnknownAccount
	}
	c.unknown = w.fact(fact{kind: kind, policy: c})
}

func (w *World) statement(p *policy, s *Statement) *statement {
	c := &w.compiling.statements.take(1)[0]
	c.source, c.policy, c.number, c.seldom = s, p, int32(len(w.statements)), &never
	c.actions = w.compiling.patterns.take(len(s.Actions))[:0]
	c.resources = w.compiling.patterns.take(len(s.Resources))[:0]
	w.statements = append(w.statements, c)
	for _, a := range s.Actions {
		// Actions have no case: both sides are compared in lower case.
		m, _ := pattern.Compile(w.lower(a.Value), pattern.Options{Wildcards: true}, w.slot)
		c.actions = append(c.actions, m)
	}
	for _, t := range s.Resources {
		m, problems := pattern.Compile(completeARN(p.source, t.Value), pattern.Options{Wildcards: true, Variables: p.source.Variables}, w.slot)
		w.patternProblems(p, t, problems)
		c.resources = append(c.resources, m)
	}
	for i := range s.Conditions {
		cond := &s.Conditions[i]
		values := make([]string, 0, len(cond.Values)+len(cond.Parts))
		for _, v := range cond.Values {
			values = append(values, v.Value)
		}
		var facts []int
		for _, x := range cond.Parts {
			values = append(values, x.Like.Value)
			facts = append(facts, w.addPart(&part{source: x, policy: p, statement: c, place: partOfCondition,
				condition: i}).slot)
		}
		clause, problems := condition.Compile(cond.Spec, w.slot(cond.Key), values, facts, p.source.Variables, w.slot)
		for i := range problems {
			q := &problems[i]
			at := cond.At
			switch n := q.Value - len(cond.Values); {
			case n >= 0:
				at = cond.Parts[n].Like.At
			case q.Value >= 0:
				at = cond.Values[q.Value].At
			}
			if p.source.Document == "" {
				w.reader.add(problemSeverity(q.Code), q.Code, at, q.Message, q.Hint)
			}
		}
		c.conditions = append(c.conditions, clause)
	}
	if s.Principal != nil {
		for _, v := range s.Principal.Values {
			c.own().principals = append(c.principals, newPrincipal(v))
		}
		if s.NotPrincipal {
			f := fact{at: s.At, yes: "denies this", no: "excepts the caller"}
			if s.Effect == Allow {
				f.yes = "allows this"
			}
			c.own().unclear = w.addFact(c, f)
		}
		w.addParts(c, partOfPrincipal, s.Principal.Parts, false, same)
	}
	w.addParts(c, partOfAction, s.ActionParts, false, strings.ToLower)
	w.addParts(c, partOfResource, s.ResourceParts, p.source.Variables,
		func(text string) string { return completeARN(p.source, text) })
	return c
}

// lower is a text in lower case.
func (w *World) lower(text string) string {
	const room = 4 << 10
	upper := false
	for i := range len(text) {
		if text[i] >= 0x80 {
			return strings.ToLower(text)
		}
		upper = upper || text[i] >= 'A' && text[i] <= 'Z'
	}
	if !upper {
		return text
	}
	b := &w.compiling.lower
	if b.Cap()-b.Len() < len(text) {
		b.Reset()
		b.Grow(max(room, len(text)))
	}
	from := b.Len()
	for i := range len(text) {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()[from:]
}

// problemSeverity is how bad a finding in a pattern or a condition value is.
// None of them keeps IAM from storing the policy, so none breaks it.
func problemSeverity(code string) Severity {
	switch code {
	case "EMPTY_ARRAY_CONDITION", "IMPROVE_IP_RANGE":
		return Suggestion
	}
	return Warning
}

func (w *World) patternProblems(p *policy, t Text, problems []pattern.Problem) {
	if p.source.Document != "" {
		return
	}
	for i := range problems {
		q := &problems[i]
		w.reader.add(problemSeverity(q.Code), q.Code, t.At, q.Message, q.Hint)
	}
}

// completeARN completes an ARN with fewer than six fields, as AWS does in
// identity-based policies.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func completeARN(p *Policy, text string) string {
	if rest, ok := strings.CutPrefix(text, shortAPI); ok && p.Resource != "" {
		return apiARN(p.Resource) + "/" + rest
	}
	if p.Kind > InlinePolicy || !strings.HasPrefix(text, "arn:") {
		return text
	}
	_, n := arn.Split(text)
	return text + strings.Repeat(":*", max(0, 6-n))
}

// shortAPI begins the ARNs that API Gateway completes in the policy of an API.
const shortAPI = "execute-api:/"

// apiARN is the ARN under which an API's methods are invoked, from that of the
// resource that carries the policy: arn:aws:execute-api:REGION:ACCOUNT:ID.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
func apiARN(resource string) string {
	a, ok := arn.Parse(resource)
	if !ok {
		return resource
	}
	id := strings.TrimPrefix(a.Resource, "/restapis/")
	id, _, _ = strings.Cut(id, "/")
	region, account := a.Region, a.Account
	if account == "" {
		account = "*"
	}
	return "arn:" + a.Partition + ":execute-api:" + region + ":" + account + ":" + id
}

// attachment is a policy where it is attached.
type attachment struct {
	policy *policy
	via    string
	// repeated says that the same policy stands before it in the list.
	repeated bool
}

// alone is a policy that nothing stands beside.
func alone(p *policy, via string) []attachment { return []attachment{{policy: p, via: via}} }

// attach joins lists of attachments and marks the policies that come again.
func attach(lists ...[]attachment) []attachment {
	out := slices.Concat(lists...)
	seen := make(map[*policy]bool, len(out))
	for i := range out {
		out[i].repeated = seen[out[i].policy]
		seen[out[i].policy] = true
	}
	return out
}

// identity is a user or a role with the policies that say what it may do.
type identity struct {
	account  *Account
	user     *User
	role     *Role
	arn      string
	policies []attachment // identity-based: inline, managed, and those of groups
	boundary *policy
	trust    *policy // a role's
	tags     []Tag
	// serviceLinked says that the role is linked to a service.
	serviceLinked bool
}

func (w *World) addAccount(a *Account) {
	for _, p := range a.Policies {
		w.compiled(p)
	}
	groups := map[string][]attachment{}
	for _, g := range a.Groups {
		groups[g.Name] = w.attachments(a, g.Policies, g.Inline, "attached to group "+g.Name, "inline in group "+g.Name)
	}
	for _, u := range a.Users {
		id := &identity{account: a, user: u, arn: a.UserARN(u), tags: u.Tags}
		lists := [][]attachment{w.attachments(a, u.Policies, u.Inline, "attached to user "+u.Name, "inline in user "+u.Name)}
		for _, name := range u.Groups {
			g, ok := groups[name.Value]
			if !ok {
				w.dangling(name, "group", names(a.Groups, func(g *Group) string { return g.Name }), "")
				continue
			}
			lists = append(lists, g)
		}
		id.policies = attach(lists...)
		if u.Boundary != nil {
			id.boundary = w.reference(a, *u.Boundary)
		}
		w.sessionPolicies(a, u.Federations)
		w.users[id.arn] = id
	}
	for _, r := range a.Roles {
		id := &identity{account: a, role: r, arn: a.RoleARN(r), tags: r.Tags}
		id.serviceLinked = strings.HasPrefix(r.Path, "/aws-service-role/")
		id.policies = attach(w.attachments(a, r.Policies, r.Inline, "attached to role "+r.Name, "inline in role "+r.Name))
		if r.Boundary != nil {
			id.boundary = w.reference(a, *r.Boundary)
		}
		if r.Trust != nil {
			id.trust = w.compiled(r.Trust)
		}
		w.sessionPolicies(a, r.Sessions)
		w.roles[id.arn] = id
	}
	for _, r := range a.Resources {
		if r.Policy != nil {
			w.compiled(r.Policy)
		}
		if r.Role != nil && w.roleNamed(a, r.Role.Value) == nil {
			w.dangling(*r.Role, "role", names(a.Roles, func(r *Role) string { return r.Name }), "")
		}
	}
	for _, e := range a.Endpoints {
		if e.Policy != nil {
			w.compiled(e.Policy)
		}
	}
}

// names are the names of a list, made when they are asked for.
//
//go:noinline
func names[T any](list []T, name func(T) string) func() []string {
	return func() []string {
		out := make([]string, len(list))
		for i, t := range list {
			out[i] = name(t)
		}
		return out
	}
}

// maxHints is the number of names that dangling references are compared with,
// all together. Without it that would take the time of the references times the
// names.
const maxHints = 50_000

// dangling reports a reference to something of a kind that is not there. known
// are the names that are; nil for none.
func (w *World) dangling(t Text, kind string, known func() []string, hint string) {
	if w.reader.passed(Error, t.At.Start) {
		return
	}
	if hint == "" {
		hint = "add the " + kind + ", or remove the reference"
		names := w.known(known)
		if s := spell.Nearest(t.Value, names...); s != "" {
			hint = "did you mean " + quote(s) + "?"
		} else if len(names) > 0 && len(names) <= 12 {
			hint = "there are " + list(names)
		}
	}
	w.reader.add(Error, "DANGLING_REFERENCE", t.At, "no "+kind+" is called "+quote(t.Value), hint)
}

// known makes a list of names to compare with; nil for none, or when there have
// been enough.
func (w *World) known(names func() []string) []string {
	if names == nil || w.hints >= maxHints {
		return nil
	}
	list := names()
	w.hints += len(list)
	return list
}

// roleNamed finds a role of the account by name or ARN.
func (w *World) roleNamed(a *Account, name string) *identity {
	if id := w.roles[name]; id != nil {
		return id
	}
	r := w.directory.roles[place{a, name}]
	if r == nil {
		return nil
	}
	return w.roles[a.RoleARN(r)]
}

func (w *World) attachments(a *Account, refs []Reference, inline []*Policy, via, inlineVia string) []attachment {
	var out []attachment
	for _, ref := range refs {
		out = append(out, attachment{policy: w.reference(a, ref), via: via})
	}
	for _, p := range inline {
		out = append(out, attachment{policy: w.compiled(p), via: inlineVia})
	}
	return out
}

// sessionPolicies keeps the policies that were passed to sessions.
func (w *World) sessionPolicies(a *Account, sessions []*Session) {
	for _, s := range sessions {
		via := "passed to session " + s.Name
		w.sessions[s] = attach(w.attachments(a, s.Policies, s.Inline, via, via))
	}
}

// unbundled reports an AWS managed policy whose text the library does not have.
func (w *World) unbundled(ref Reference) {
	if w.reader.passed(Warning, ref.At.Start) {
		return
	}
	hint := "the bundled library does not have it; it is treated as unknown"
	if name := spell.Nearest(ref.Value[strings.LastIndexByte(ref.Value, '/')+1:],
		w.known(w.Library.managedNames)...); name != "" {
		hint = "did you mean " + w.Library.ARN(name) + "?"
	}
	w.reader.add(Warning, "UNRESOLVED_POLICY", ref.At, "no AWS managed policy "+quote(ref.Value)+" is bundled", hint)
}

// reference resolves the reference of an account to a policy. One that nobody
// knows is an unknown policy, not an empty one.
func (w *World) reference(a *Account, ref Reference) *policy {
	if p := w.lookUp(a, ref.Value); p != nil {
		return w.compiled(p)
	}
	known := names(a.Policies, func(p *Policy) string { return p.Name })
	switch {
	case ref.Value == "unknown":
		return w.compiled(&Policy{At: ref.At, Name: "unknown", State: Withheld})
	case w.Library.ARN(ref.Value) != "" && strings.HasPrefix(w.Library.ARN(ref.Value), "arn:aws:iam:"):
		w.dangling(ref, "policy of the account", known, "for the AWS managed policy write "+w.Library.ARN(ref.Value))
	case strings.HasPrefix(ref.Value, managedPrefix):
		w.unbundled(ref)
	case strings.HasPrefix(ref.Value, "arn:"):
		w.dangling(ref, "policy", nil, "the document describes no such policy; write it under policies of its account")
	default:
		w.dangling(ref, "policy of the account", known, "")
	}
	return w.compiled(&Policy{At: ref.At, Name: ref.Value, State: Unresolved})
}

func (w *World) lookUp(a *Account, name string) *Policy {
	if !strings.HasPrefix(name, "arn:") {
		return w.directory.policies[place{a, name}]
	}
	if p := w.Library.Find(name); p != nil {
		return p
	}
	parsed, ok := arn.Parse(name)
	if !ok || parsed.Service != "iam" {
		return nil
	}
	short, ok := strings.CutPrefix(parsed.Resource, "policy/")
	if !ok {
		return nil
	}
	if i := strings.LastIndexByte(short, '/'); i >= 0 {
		short = short[i+1:]
	}
	if owner := w.directory.accounts[parsed.Account]; owner != nil {
		return w.lookUp(owner, short)
	}
	return nil
}

// managedNames are the names of the managed policies that identities can have.
func (l *Library) managedNames() []string {
	out := make([]string, 0, len(l.names))
	for name := range l.names {
		out = append(out, name)
	}
	stable.Sort(out, func(a, b *string) bool { return *a < *b })
	return out
}
