package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// Stage is a stage in words.
type Stage struct {
	Title string
	Lane  string // "caller", "owner" or "both": the account whose policies these are
	Word  string // a few words beside the state
	Text  string // one sentence
	Page  string
	Rule  string // of the rule book, such as "7.3-role"
	// Denies says that a Deny of the stage's own policies decided: whatever else
	// the stage says, it did not let the request pass.
	Denies bool
	// Nothing says that no policy of the kind is attached. Neighbours of which
	// this is so are shown as one.
	Nothing bool
}

var stateWords = [...]string{
	engine.Passed: "passed", engine.Granted: "granted", engine.Stopped: "stopped here", engine.WouldAlsoStop: "would also stop",
	engine.StageDepends: "depends", engine.NotApplicable: "none attached", engine.NotReached: "not needed",
}

// layerRules are the rules about a kind of policy having to allow, for those that
// have one of their own.
var layerRules = [...]string{
	engine.LayerTrust: "7.5-trust", engine.LayerKeyPolicy: "7.6-root-of-trust", engine.LayerBoundary: "7.1-boundary",
	engine.LayerSession: "7.1-session", engine.LayerSCP: "8-scp-levels", engine.LayerRCP: "8-rcp",
	engine.LayerVPCE: "7.1-endpoint",
}

// layerRule is the rule about a stage's kind of policy having to allow, "" for
// those of which the flow as a whole says it.
func layerRule(q *engine.Query, s *engine.Stage) string {
	switch {
	case s.Layer == engine.LayerResource && q.CrossAccount():
		return "7.4-both"
	case int(s.Layer) < len(layerRules):
		return layerRules[s.Layer]
	}
	return ""
}

// RuleName is what people call a rule of the rule book: "rule 7.3" for
// "7.3-role", "" for none.
func RuleName(rule string) string {
	section, _, _ := strings.Cut(rule, "-")
	switch {
	case section == "":
		return ""
	case section[0] > '9':
		return "rule: " + section
	}
	return "rule " + section
}

// DescribeStage puts a stage into words.
func DescribeStage(e *engine.Evaluation, s *engine.Stage) Stage {
	q := e.Query
	info := trace.Lookup(s.Reason)
	layer := s.Layer.Info()
	out := Stage{Title: layer.Title, Lane: layer.Lane.String(), Word: stateWords[s.State], Text: info.Text,
		Page: info.Page, Rule: info.Rule}
	switch s.Reason {
	case trace.LayerAllows, trace.LayerNoAllow, trace.NoPolicyToAllow, trace.NonePresent:
		// These say the same of every kind of policy, and the rules differ.
		if rule := layerRule(q, s); rule != "" {
			out.Rule = rule
		}
	}
	if word := stageWord(s); word != "" {
		out.Word = word
	}
	allowed := func() string { return "Allowed by " + Join(statementNames(q, s.Statements), "and") }
	out.Nothing = s.State == engine.NotApplicable &&
		(s.Reason == trace.NonePresent || s.Reason == trace.NoOrganization)
	switch s.Reason {
	case trace.NoExplicitDeny:
		switch n := denies(e, s.Sets); n {
		case 0:
			out.Text = "No policy that applies has a Deny statement."
		case 1:
			out.Text = "The one Deny statement that applies does not match."
		default:
			out.Text = "None of the " + strconv.Itoa(n) + " Deny statements matches."
		}
	case trace.ExplicitDenyMatched:
		out.Text = "A Deny matches, in " + Join(statementNames(q, s.Statements), "and") +
			". An explicit Deny overrides every Allow."
	case trace.DenyDepends:
		out.Text = "Whether a Deny matches depends on what is unknown."
	case trace.LayerDepends:
		out.Text = "Whether it allows depends on what is unknown."
	case trace.IdentityAllows:
		out.Text = allowed() + throughGroups(q, s) + "."
	case trace.AllowsToo:
		out.Text = allowed() + throughGroups(q, s) + ". " + info.Text
	case trace.LayerAllows:
		out.Text = allowed() + "."
	case trace.ResourceGrants, trace.ResourceGrantsWithin, trace.ResourceAllowsOther, trace.ResourceDelegates,
		trace.ResourceAllows, trace.TrustedUserWithin:
		out.Text = allowed() + ". " + info.Text
	case trace.LayerNoAllow:
		if policies := Join(policyNames(q, s.Sets), "and"); policies != "" {
			out.Text = policies + ": no Allow matches."
		}
	case trace.ResourceSilent:
		out.Text = Join(policyNames(q, s.Sets), "and") + " grants the caller nothing here, and need not."
	}
	if len(s.Levels) > 0 {
		describeLevels(&out, s)
	}
	if s.ID == engine.StageExplicitDeny {
		return out
	}
	if denying := Denying(e, s.Sets); len(denying) > 0 {
		out.Denies, out.Word = true, "denies"
		out.Text = "Denied by " + Join(statementNames(q, denying), "and") + "."
	}
	return out
}

// Level is a level of an organization in words.
type Level struct {
	Word string
	Text string // what the policies there do
	// Denies says that a Deny at the level decided.
	Denies bool
}

// DescribeLevel puts a level of a stage into words.
func DescribeLevel(e *engine.Evaluation, l *engine.Level) Level {
	names := policyNames(e.Query, []int{l.Set})
	out := Level{Word: stateWords[l.State], Text: Join(names, "and")}
	verb := func(one, several string) string {
		if len(names) > 1 {
			return several
		}
		return one
	}
	denying := Denying(e, []int{l.Set})
	switch {
	case len(denying) > 0:
		out.Denies, out.Word = true, "denies"
		out.Text = Join(statementNames(e.Query, denying), "and") + " matches"
	case len(names) == 0:
		out.Text = "nothing is attached here"
	case l.State == engine.Passed, len(l.Statements) > 0:
		if l.State == engine.NotReached {
			out.Word = "would pass"
		}
		if allowing := policiesOf(e.Query, l.Statements); len(allowing) > 0 {
			names = allowing
		}
		out.Text = Join(names, "and") + verb(" allows it", " allow it")
	case l.State == engine.StageDepends, waits(e, l.Set):
		out.Text += ": depends on what is unknown"
	default:
		out.Text += ": no Allow matches"
	}
	return out
}

// policiesOf are the names of the policies in which some statements stand, each once.
func policiesOf(q *engine.Query, numbers []int32) []string {
	var out []string
	for _, n := range numbers {
		_, p := q.World.Statement(n)
		out = appendNew(out, PolicyName(p))
	}
	return few(out, "policies")
}

// waits reports whether something unknown decides whether a set allows.
func waits(e *engine.Evaluation, set int) bool {
	return slices.ContainsFunc(e.Steps, func(s trace.Step) bool {
		if int(s.Set) != set || s.Outcome != trace.Unknown {
			return false
		}
		if s.Kind == trace.Policy {
			return true
		}
		st, _ := e.Query.World.Statement(s.Subject)
		return st.Effect == engine.Allow
	})
}

// Denying are the statements of some sets of policies among the Denies that decided.
func Denying(e *engine.Evaluation, sets []int) []int32 {
	if e.Decision != engine.ExplicitDeny {
		return nil
	}
	var out []int32
	decisive := e.Decisive()
	for i := range e.Steps {
		step := &e.Steps[i]
		if step.Kind == trace.Statement && slices.Contains(sets, int(step.Set)) &&
			slices.Contains(decisive, step.Subject) {
			if st, _ := e.Query.World.Statement(step.Subject); st.Effect == engine.Deny && step.Outcome == trace.Yes {
				out = append(out, step.Subject)
			}
		}
	}
	return out
}

// throughGroups names the groups through which the caller has the policies
// that allow; "" when it has them itself.
func throughGroups(q *engine.Query, s *engine.Stage) string {
	var groups []string
	all := q.Sets()
	for _, number := range s.Statements {
		_, p := q.World.Statement(number)
		group := ""
		for _, n := range s.Sets {
			for i := range all[n].Policies {
				a := &all[n].Policies[i]
				if a.Policy != p {
					continue
				}
				_, name, ok := strings.Cut(a.Via, " group ")
				if !ok { // attached directly as well
					return ""
				}
				if group == "" {
					group = name
				}
			}
		}
		if group == "" {
			return ""
		}
		groups = appendNew(groups, group)
	}
	switch len(groups) {
	case 0:
		return ""
	case 1:
		return ", through group " + groups[0]
	}
	return ", through groups " + Join(few(groups, "groups"), "and")
}

// Row is what is shown in one line of the steps: one stage, or neighbours
// that all say that nothing is attached.
type Row struct {
	Stages []int // their numbers
	Words  Stage
}

// Rows are the lines of the steps.
func Rows(e *engine.Evaluation) []Row {
	var out []Row
	for i := range e.Stages {
		words := DescribeStage(e, &e.Stages[i])
		if n := len(out); n > 0 && words.Nothing && out[n-1].Words.Nothing {
			last := &out[n-1]
			if len(last.Stages) == 1 {
				last.Words.Text = last.Words.Title
				last.Words.Title, last.Words.Word, last.Words.Page, last.Words.Rule = "Nothing attached", "", "", ""
			}
			last.Words.Text += ", " + inner(words.Title)
			last.Stages = append(last.Stages, i)
			continue
		}
		out = append(out, Row{[]int{i}, words})
	}
	for i := range out {
		if r := &out[i]; len(r.Stages) > 1 {
			r.Words.Text += "."
		}
	}
	return out
}

// describeLevels puts a stage into words that has levels, each of which must
// allow.
func describeLevels(out *Stage, s *engine.Stage) {
	var all, not []string
	for i := range s.Levels {
		l := &s.Levels[i]
		all = append(all, l.Name)
		if l.State != engine.Passed {
			not = append(not, l.Name)
		}
	}
	count := strconv.Itoa(len(all)-len(not)) + " of " + strconv.Itoa(len(all))
	switch s.Reason {
	case trace.LayerAllows:
		if len(all) > 1 && s.State != engine.NotReached {
			out.Word = count + " levels allow"
		}
		if len(all) > 1 {
			out.Text = "Every level allows the action: " + Join(all, "and") + "."
		}
	case trace.LayerNoAllow:
		if s.State == engine.Stopped || s.State == engine.WouldAlsoStop {
			out.Word += ": " + count + " allow"
		}
		out.Text = "No policy allows the action at " + Join(not, "and") + ". Every level must allow it."
	}
}

// stageWord is the word for a stage whose reason says more than its state; ""
// for others.
func stageWord(s *engine.Stage) string {
	switch s.Reason {
	case trace.NoExplicitDeny:
		return "none"
	case trace.NotNeeded, trace.Overridden:
		return "not needed"
	case trace.EndpointDefault:
		return "default, allows all"
	}
	switch s.State {
	case engine.NotApplicable:
		switch s.Reason {
		case trace.ManagementAccountExempt, trace.ServiceLinkedExempt, trace.SCPNotForCaller, trace.RCPNotForService, trace.OwnerRootBucketPolicy, trace.RootNeedsResource:
			return "does not apply"
		}
	case engine.NotReached:
		switch s.Reason {
		case trace.LayerAllows:
			return "would pass"
		case trace.AllowsToo:
			return "allows too"
		case trace.ServiceDecides:
			return "not asked"
		case trace.DoesNotMatter:
			return "does not matter"
		}
		return "would grant"
	case engine.Passed:
		if s.Reason == trace.ResourceDelegates {
			return "delegates"
		}
	}
	if s.Reason == trace.ResourceSilent {
		return "silent"
	}
	return ""
}

// inner is a title within a sentence: it begins small unless it is an abbreviation.
func inner(title string) string {
	if len(title) > 1 && title[1] >= 'a' && title[0] >= 'A' && title[0] <= 'Z' {
		return string(title[0]-'A'+'a') + title[1:]
	}
	return title
}

// denies is the number of Deny statements of some sets that were looked at.
func denies(e *engine.Evaluation, sets []int) int {
	seen := map[int32]bool{}
	for _, step := range e.Steps {
		if step.Kind != trace.Statement || !slices.Contains(sets, int(step.Set)) {
			continue
		}
		if st, _ := e.Query.World.Statement(step.Subject); st.Effect == engine.Deny {
			seen[step.Subject] = true
		}
	}
	return len(seen)
}

// PolicyName is what people call a policy.
func PolicyName(p *engine.Policy) string {
	if of := p.Kind.Of(); of != "" {
		return of + p.Name
	}
	if p.Name == "" {
		return "a policy"
	}
	return p.Name
}

// PolicyTitle is PolicyName at the start of a sentence: our own words begin
// large, a name stays as it is.
func PolicyTitle(p *engine.Policy) string {
	if name := PolicyName(p); name != p.Name {
		return Capital(name)
	}
	return p.Name
}

// policyNames are the names of the policies of some sets, each once, at most
// four; the first is a title when it begins the sentence.
func policyNames(q *engine.Query, sets []int) []string {
	var out []string
	all := q.Sets()
	for _, n := range sets {
		for i := range all[n].Policies {
			name := PolicyName(all[n].Policies[i].Policy)
			if len(out) == 0 {
				name = PolicyTitle(all[n].Policies[i].Policy)
			} else if out[0] == PolicyTitle(all[n].Policies[i].Policy) {
				continue
			}
			out = appendNew(out, name)
		}
	}
	return few(out, "policies")
}

// StatementName is what people call a statement: its Sid, or its number, in
// its policy; the policy is left out when it has the same name.
func StatementName(s *engine.Statement, p *engine.Policy) string {
	return statementIn(s, p, "statement ")
}

// StatementTitle is StatementName at the start of a sentence: our own words
// begin large, a Sid stays as it is.
func StatementTitle(s *engine.Statement, p *engine.Policy) string {
	return statementIn(s, p, "Statement ")
}

func statementIn(s *engine.Statement, p *engine.Policy, numbered string) string {
	name := s.Sid
	if name == "" {
		name = numbered + strconv.Itoa(s.Index+1)
	}
	if policy := PolicyName(p); policy != name {
		return name + " in " + policy
	}
	return name
}

// opening is a statement at the start of a sentence.
func opening(s *Statement) string { return StatementTitle(s.Statement, s.Policy) }

func statementNames(q *engine.Query, numbers []int32) []string {
	var out []string
	for _, n := range numbers {
		s, p := q.World.Statement(n)
		out = appendNew(out, StatementName(s, p))
	}
	return few(out, "statements")
}

func appendNew(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}

func few(list []string, what string) []string {
	const most = 4
	if len(list) > most {
		return append(list[:most-1:most-1], strconv.Itoa(len(list)-most+1)+" more "+what)
	}
	return list
}

// Capital writes the first letter large.
func Capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
