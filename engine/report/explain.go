package report

import (
	"slices"
	"strconv"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
	"github.com/iam-playground/iam-playground/engine/jsonpos"
	"github.com/iam-playground/iam-playground/engine/trace"
)

func itoa(n int) string { return strconv.Itoa(n) }

// pointers collects the values that a report names, in the order of naming.
type pointers struct {
	order []named
	// places are the numbers plus one, by a hash of where the value begins; 0 for none.
	places []int32
	// round is the number of the list that is written, of those that name each value once.
	round int32
}

// named is a value that a report names.
type named struct {
	at *jsonpos.Value
	// document is the ARN of the AWS managed policy in which it stands; "" for the scenario.
	document string
	// start and end are where its pointer was first written, as a JSON string; 0 until it was.
	start, end int32
	// round is the last list that named it.
	round int32
}

// nowhere is the number of no value.
const nowhere = -1

// note remembers a value and returns its number; nowhere for nil.
func (p *pointers) note(document string, at *jsonpos.Value) int32 {
	if at == nil {
		return nowhere
	}
	if 2*len(p.order) >= len(p.places) {
		p.places = make([]int32, max(2*usualPointers, 2*len(p.places)))
		for n := range p.order {
			p.places[p.place(p.order[n].at)] = int32(n) + 1
		}
	}
	i := p.place(at)
	if p.places[i] == 0 {
		p.order = append(p.order, named{at: at, document: document})
		p.places[i] = int32(len(p.order))
	}
	return p.places[i] - 1
}

// place is where the number of a value is, or would be.
func (p *pointers) place(at *jsonpos.Value) int {
	most := len(p.places) - 1
	i := at.Start * 40503 & most
	for p.places[i] != 0 && p.order[p.places[i]-1].at != at {
		i = (i + 1) & most
	}
	return i
}

// again reports whether the list that is written has named the value of a number before.
func (p *pointers) again(n int32) bool {
	was := p.order[n].round
	p.order[n].round = p.round
	return was == p.round
}

// pointer writes the pointer of the value of a number; "" for nowhere. What was
// written once is copied.
func (x *explanation) pointer(n int32) {
	if n == nowhere {
		x.String("")
		return
	}
	v := &x.pointers.order[n]
	if v.end > 0 {
		x.Copy(int(v.start), int(v.end))
		return
	}
	x.Raw(`"`)
	start := len(x.Buf)
	x.Buf = append(x.path(x.Buf, v.at, v.document), '"')
	v.start, v.end = int32(start-1), int32(len(x.Buf))
}

// path appends the pointer of a value as it stands in a JSON string. What was
// written of it is copied.
func (x *explanation) path(b []byte, at *jsonpos.Value, document string) []byte {
	p := &x.pointers
	if n := p.places[p.place(at)] - 1; n >= 0 && p.order[n].end > 0 {
		return append(b, b[p.order[n].start+1:p.order[n].end-1]...)
	}
	if at.Parent != nil {
		return jsonpos.AppendToken(x.path(b, at.Parent, document), at)
	}
	if document == "" {
		return b
	}
	quoted := jsonpos.Quote(document + "#")
	return append(b, quoted[1:len(quoted)-1]...)
}

// at writes a member whose value is the pointer of a value.
func (x *explanation) at(key, document string, at *jsonpos.Value) {
	x.Key(key)
	x.pointer(x.pointers.note(document, at))
}

// usualPointers is how many values most explanations name at most.
const usualPointers = 128

// explanation is the state of writing one explanation.
type explanation struct {
	*Writer
	e        *engine.Evaluation // of the check whose steps are written
	call     *engine.Evaluation
	q        *engine.Query
	index    int // of the request
	sets     []engine.Set
	pointers pointers
}

// Explain writes the members of a whole explanation of a request: how the call
// was decided, and the steps of one of its checks: the further check of a
// number, or the request's own when there is no such check.
func (w *Writer) Explain(index, check int, e *engine.Evaluation) {
	w.Summary(index, e)
	x := &explanation{Writer: w, e: e, call: e, index: index,
		pointers: pointers{order: make([]named, 0, usualPointers)}}
	x.pointers.note("", w.world.Scenario.Requests[index].At)
	if e == nil {
		x.empty()
		return
	}
	if further := e.Further(check); further != nil {
		x.e = further
	}
	x.q = x.e.Query
	x.shown(x.q.Check, x.e)
	x.sets = x.q.Sets()
	x.who()
	x.stages()
	x.policies()
	statements := explain.Statements(x.e)
	x.statements(statements)
	x.context()
	x.absent()
	x.notes()
	x.nearest(explain.Nearest(x.e, statements))
	x.also()
	x.positions()
}

// empty writes the members of an explanation of a request that cannot be evaluated.
func (x *explanation) empty() {
	x.shown(-1, &engine.Evaluation{})
	x.Key("sentence")
	x.Raw(`{"principal":"","action":"","resource":""}`)
	x.Key("caller")
	x.Raw(`{"kind":"none","arn":"","account":"","accountName":"","identifiers":[],"described":false}`)
	x.Key("owner")
	x.Raw(`{"account":"","accountName":"","origin":"unknown","described":false}`)
	x.MemberBool("crossAccount", false)
	for _, key := range []string{"stages", "policies", "statements", "context", "absent", "notes", "nearest", "also"} {
		x.strings(key, nil)
	}
	x.positions()
}

// shown writes which check the steps are of, and how it was decided by itself.
func (x *explanation) shown(check int, e *engine.Evaluation) {
	x.Key("shown")
	x.BeginObject()
	x.MemberInt("check", check)
	x.Member("decision", e.Decision.String())
	x.layers(e.DecidedBy)
	x.EndObject()
}

func (x *explanation) who() {
	c, o := &x.q.Caller, &x.q.Owner
	x.Key("sentence")
	x.BeginObject()
	x.Member("principal", x.q.Request.Principal.Value)
	x.Member("action", x.q.Action)
	x.Member("resource", x.q.Resource)
	x.EndObject()
	x.Key("caller")
	x.BeginObject()
	x.Member("kind", c.Kind.String())
	x.Member("arn", c.ARN)
	x.Member("account", c.Account)
	x.Member("accountName", x.accountName(c.Account))
	x.strings("identifiers", c.Identifiers())
	x.MemberBool("described", c.Described)
	x.EndObject()
	x.Key("owner")
	x.BeginObject()
	x.Member("account", o.Account)
	x.Member("accountName", x.accountName(o.Account))
	x.Member("origin", o.Origin.String())
	x.MemberBool("described", o.Described)
	x.EndObject()
	x.MemberBool("crossAccount", x.q.CrossAccount())
}

func (x *explanation) accountName(id string) string {
	for _, a := range x.world.Scenario.Accounts {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}

func (x *explanation) stages() {
	x.Key("stages")
	x.BeginArray()
	for i := range x.e.Stages {
		s := &x.e.Stages[i]
		words := explain.DescribeStage(x.e, s)
		x.BeginObject()
		x.Member("id", string(s.ID))
		x.Member("title", words.Title)
		x.Member("lane", words.Lane)
		x.Member("state", s.State.String())
		x.Member("word", words.Word)
		x.Member("reason", string(s.Reason))
		x.Member("text", words.Text)
		x.Member("page", words.Page)
		x.Member("rule", words.Rule)
		x.numbers("statements", x.deciding(s.Statements, words.Denies, s.Sets))
		x.policiesOf("policies", s.Sets)
		x.MemberBool("denies", words.Denies)
		x.MemberBool("nothing", words.Nothing)
		if len(s.Levels) > 0 {
			x.Key("levels")
			x.BeginArray()
			for i := range s.Levels {
				l := &s.Levels[i]
				x.BeginObject()
				x.Member("name", l.Name)
				x.Member("state", l.State.String())
				words := explain.DescribeLevel(x.e, l)
				x.Member("word", words.Word)
				x.Member("text", words.Text)
				x.MemberBool("denies", words.Denies)
				x.numbers("statements", x.deciding(l.Statements, words.Denies, []int{l.Set}))
				x.policiesOf("policies", []int{l.Set})
				x.EndObject()
			}
			x.EndArray()
		}
		x.EndObject()
	}
	x.EndArray()
}

// deciding are the statements that decided in a step: where a Deny of its own
// did, that one.
func (x *explanation) deciding(statements []int32, denies bool, sets []int) []int32 {
	if denies {
		return explain.Denying(x.e, sets)
	}
	return statements
}

func (x *explanation) numbers(key string, list []int32) {
	x.Key(key)
	x.BeginArray()
	x.pointers.round++
	for _, n := range list {
		s, p := x.world.Statement(n)
		if at := x.pointers.note(p.Document, s.At); at == nowhere || !x.pointers.again(at) {
			x.pointer(at)
		}
	}
	x.EndArray()
}

func (x *explanation) policiesOf(key string, sets []int) {
	x.Key(key)
	x.BeginArray()
	x.pointers.round++
	var strangers []string
	for _, n := range sets {
		for i := range x.sets[n].Policies {
			a := &x.sets[n].Policies[i]
			if !x.named(a, &strangers) {
				x.policyPointer(a)
			}
		}
	}
	x.EndArray()
}

// named reports whether the list that is written has named a policy before.
func (x *explanation) named(a *engine.Attachment, strangers *[]string) bool {
	if a.Policy.At != nil {
		return x.pointers.again(x.pointers.note(a.Policy.Document, a.Policy.At))
	}
	if slices.Contains(*strangers, a.Account) {
		return true
	}
	*strangers = append(*strangers, a.Account)
	return false
}

// policyPointer writes where a policy stands; for the policies of an account that
// the document does not describe, "account:ID".
func (x *explanation) policyPointer(a *engine.Attachment) {
	if a.Policy.At == nil {
		x.String("account:" + a.Account)
		return
	}
	x.pointer(x.pointers.note(a.Policy.Document, a.Policy.At))
}

func (x *explanation) policies() {
	x.Key("policies")
	x.BeginArray()
	layer := engine.Layer(0)
	var strangers []string
	for i := range x.sets {
		set := &x.sets[i]
		if i == 0 || set.Layer != layer {
			// Each is listed once for each layer, and the sets of a layer are neighbours.
			layer = set.Layer
			strangers = nil
			x.pointers.round++
		}
		for i := range set.Policies {
			a := &set.Policies[i]
			if x.named(a, &strangers) {
				continue
			}
			x.BeginObject()
			x.Key("pointer")
			x.policyPointer(a)
			x.Member("name", a.Policy.Name)
			x.Member("type", policyType(a.Policy, set.Layer))
			x.Member("layer", set.Layer.String())
			x.Member("via", a.Via)
			x.Member("arn", explain.ManagedARN(x.world, a.Policy))
			x.Member("state", a.Policy.State.String())
			if a.Policy.Version != "" {
				x.Key("managed")
				x.BeginObject()
				x.Member("version", a.Policy.Version)
				x.Member("date", a.Policy.Date)
				x.EndObject()
			}
			x.EndObject()
		}
	}
	x.EndArray()
}

// policyType is the word for what a policy is where it is attached.
func policyType(p *engine.Policy, l engine.Layer) string {
	switch {
	case l != engine.LayerIdentity:
		return l.String()
	case p.Document != "":
		return "managed"
	}
	return p.Kind.String()
}

func (x *explanation) statements(list []explain.Statement) {
	x.Key("statements")
	x.BeginArray()
	for i := range list {
		s := &list[i]
		x.BeginObject()
		x.at("pointer", s.Policy.Document, s.Statement.At)
		x.Member("sid", s.Statement.Sid)
		effect, reason := s.Statement.Effect.String(), "statement.no_match"
		for j := range s.Elements {
			if s.Elements[j].Outcome == trace.No {
				reason = string(s.Elements[j].Reason)
				break
			}
		}
		if s.Outcome == trace.Yes {
			reason = "statement.match"
		} else if s.Outcome == trace.Unknown {
			reason = "statement.depends"
		}
		x.Member("effect", effect)
		x.MemberInt("index", s.Statement.Index)
		x.at("policy", s.Policy.Document, s.Policy.At)
		x.Member("layer", x.sets[s.Set].Layer.String())
		x.Member("relevance", s.Relevance.String())
		x.MemberInt("failing", s.Failing)
		x.Member("reason", reason)
		x.Member("text", s.Text)
		x.Key("elements")
		x.BeginArray()
		for j := range s.Elements {
			x.element(s.Policy, &s.Elements[j])
		}
		x.EndArray()
		x.EndObject()
	}
	x.EndArray()
}

// maxComparisons bounds what is written of a long list of values; those that
// match or come nearest are kept.
const maxComparisons = 24

func (x *explanation) element(p *engine.Policy, el *engine.Element) {
	x.BeginObject()
	x.Member("element", el.Name)
	x.at("pointer", p.Document, el.At)
	x.Member("outcome", el.Outcome.String())
	x.Member("reason", string(el.Reason))
	x.Member("text", explain.Element(x.q, el))
	x.Member("rule", trace.Lookup(el.Reason).Rule)
	if el.Key != "" {
		x.Member("operator", el.Operator)
		x.Member("key", el.Key)
		x.Member("keyOrigin", x.q.ContextEntry(el.Key).Origin.String())
	}
	x.Key("comparisons")
	x.BeginArray()
	for i, n := 0, 0; i < len(el.Comparisons); i++ {
		c := &el.Comparisons[i]
		if n >= maxComparisons && c.Outcome == trace.No {
			continue
		}
		n++
		x.BeginObject()
		x.at("pointer", p.Document, c.At)
		x.Member("outcome", c.Outcome.String())
		x.Member("pattern", c.Pattern)
		x.Member("resolved", c.Resolved)
		x.Member("value", c.Value)
		x.MemberInt("patternAt", units(c.Resolved, c.PatternAt))
		x.MemberInt("valueAt", units(c.Value, c.ValueAt))
		x.Key("text")
		x.Joined(explain.Comparison(c))
		x.EndObject()
	}
	x.EndArray()
	x.EndObject()
}

// units turns a byte offset into UTF-16 code units; -1 stays.
func units(s string, at int) int {
	if at < 0 {
		return -1
	}
	n := 0
	for _, r := range s[:min(at, len(s))] {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

func (x *explanation) context() {
	x.Key("context")
	x.BeginArray()
	for i := range x.q.Context {
		c := &x.q.Context[i]
		if c.Origin == engine.Absent {
			continue
		}
		x.BeginObject()
		x.Member("key", c.Key)
		x.strings("values", c.Values)
		x.MemberBool("multi", c.Multi)
		x.Member("origin", c.Origin.String())
		x.Member("from", c.From)
		x.at("pointer", "", c.At)
		x.MemberBool("used", x.e.Used(c.Key))
		x.EndObject()
	}
	x.EndArray()
}

func (x *explanation) absent() {
	x.Key("absent")
	x.BeginArray()
	for _, a := range x.e.AbsentKeys() {
		x.BeginObject()
		x.Member("key", a.Key)
		x.MemberBool("matters", a.Matters)
		x.Member("text", explain.Absent(x.e, a))
		x.numbers("statements", a.Statements)
		x.Member("typicallyPresent", explain.Presence(a.Key))
		x.EndObject()
	}
	x.EndArray()
}

func (x *explanation) notes() {
	x.Key("notes")
	x.BeginArray()
	for _, n := range explain.Notes(x.e) {
		x.BeginObject()
		x.Member("reason", string(n.Code))
		x.Member("title", n.Title)
		x.Member("text", n.Text)
		x.Member("page", n.Page)
		x.Member("rule", n.Rule)
		x.EndObject()
	}
	x.EndArray()
}

func (x *explanation) nearest(list []explain.Near) {
	x.Key("nearest")
	x.BeginArray()
	for i := range list {
		n := &list[i]
		x.BeginObject()
		x.at("statement", n.Statement.Policy.Document, n.Statement.Statement.At)
		x.Member("kind", n.Kind.String())
		x.Member("text", n.Text)
		x.Key("changes")
		x.BeginArray()
		for j := range n.Changes {
			c := &n.Changes[j]
			x.BeginObject()
			x.Member("kind", c.Kind.String())
			x.Member("element", c.Element.Name)
			x.Member("text", c.Text)
			switch c.Kind {
			case engine.SetKey:
				x.Member("key", c.Key.Key)
				x.strings("values", c.Key.Values)
				x.MemberBool("multi", c.Key.Multi)
			case engine.DropKey:
				x.Member("key", c.Key.Key)
			default:
				x.Member("value", c.Value)
			}
			x.EndObject()
		}
		x.EndArray()
		x.EndObject()
	}
	x.EndArray()
}

func (x *explanation) also() {
	x.Key("also")
	x.BeginArray()
	for _, a := range x.call.Also {
		x.BeginObject()
		x.MemberInt("check", a.Query.Check)
		x.at("pointer", "", a.Query.Further().At)
		x.Member("name", a.Query.Further().Name)
		x.Member("action", a.Query.Action)
		x.Member("resource", a.Query.Resource)
		x.answer(a)
		x.asked(x.index, a.Query)
		x.expected(a.Query.Further().Expected(a))
		x.EndObject()
	}
	x.EndArray()
}

// positions writes where every pointer of the explanation stands.
func (x *explanation) positions() {
	x.Key("positions")
	x.BeginObject()
	for i := range x.pointers.order {
		n := &x.pointers.order[i]
		if n.document == "" && n.at.Parent == nil {
			continue
		}
		x.pointer(int32(i))
		x.Colon()
		x.BeginObject()
		span(x.Writer.Writer, x.linesOf(n.document), n.at.Start, n.at.End)
		x.EndObject()
	}
	x.EndObject()
}

// linesOf are the lines of the scenario, or of the AWS managed policy of an ARN.
func (x *explanation) linesOf(document string) *jsonpos.Lines {
	if document == "" {
		return x.lines
	}
	lines := x.managed[document]
	if lines == nil {
		lines = jsonpos.NewLines(x.world.Library.Text(document))
		x.managed[document] = lines
	}
	return lines
}
