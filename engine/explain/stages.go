package explain

import (
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
}

var stateWords = [...]string{
	engine.Passed: "passed", engine.Granted: "granted", engine.Stopped: "stopped here", engine.WouldAlsoStop: "would also stop",
	engine.StageDepends: "depends", engine.NotApplicable: "none attached", engine.NotReached: "not needed",
}

// StateWord is the word for a state, by which it is told from others without colour.
func StateWord(s engine.StageState) string { return stateWords[s] }

// StageTitle is what people call a stage.
func StageTitle(s *engine.Stage) string { return s.Layer.Info().Title }

// layerRules are the rules about a kind of policy having to allow, for those that
// have one of their own.
var layerRules = [...]string{
	engine.LayerTrust: "7.5-trust", engine.LayerKeyPolicy: "7.6-root-of-trust", engine.LayerBoundary: "7.1-boundary",
	engine.LayerSession: "7.1-session", engine.LayerSCP: "8-scp-levels", engine.LayerRCP: "8-rcp", engine.LayerVPCE: "7.1-endpoint",
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
	out := Stage{Title: layer.Title, Lane: layer.Lane.String(), Word: stateWords[s.State], Text: info.Text, Page: info.Page, Rule: info.Rule}
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
	policies := Join(policyNames(q, s.Sets), "and")
	statements := Join(statementNames(q, s.Statements), "and")
	switch s.Reason {
	case trace.NoExplicitDeny:
		switch n := denies(e); n {
		case 0:
			out.Text = "No policy that applies has a Deny statement."
		case 1:
			out.Text = "The one Deny statement that applies does not match."
		default:
			out.Text = "None of the " + strconv.Itoa(n) + " Deny statements matches."
		}
	case trace.ExplicitDenyMatched:
		out.Text = "A Deny matches, in " + statements + ". An explicit Deny overrides every Allow."
	case trace.DenyDepends:
		out.Text = "Whether a Deny matches depends on what is unknown."
	case trace.LayerDepends:
		out.Text = "Whether it allows depends on what is unknown."
	case trace.IdentityAllows, trace.LayerAllows:
		out.Text = "Allowed by " + statements + "."
	case trace.ResourceGrants, trace.ResourceGrantsWithin, trace.ResourceAllowsOther, trace.ResourceDelegates, trace.ResourceAllows, trace.AllowsToo, trace.TrustedUserWithin:
		out.Text = "Allowed by " + statements + ". " + info.Text
	case trace.LayerNoAllow:
		if policies != "" {
			out.Text = opening(policies) + ": no Allow matches."
		}
	case trace.ResourceSilent:
		out.Text = opening(policies) + " grants the caller nothing here, and need not."
	}
	if len(s.Levels) > 0 {
		describeLevels(&out, s)
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

// denies is the number of Deny statements that were looked at.
func denies(e *engine.Evaluation) int {
	seen := map[int32]bool{}
	for _, step := range e.Steps {
		if step.Kind != trace.Statement {
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

// opening begins a sentence: an article is written large, a policy's name as it is.
func opening(s string) string {
	if strings.HasPrefix(s, "the ") {
		return "T" + s[1:]
	}
	return s
}

// policyNames are the names of the policies of some sets, each once, at most four.
func policyNames(q *engine.Query, sets []int) []string {
	var out []string
	all := q.Sets()
	for _, n := range sets {
		for i := range all[n].Policies {
			a := &all[n].Policies[i]
			out = appendNew(out, PolicyName(a.Policy))
		}
	}
	return few(out, "policies")
}

// StatementName is what people call a statement: its Sid, or its number, in
// its policy; the policy is left out when it has the same name.
func StatementName(s *engine.Statement, p *engine.Policy) string {
	name := s.Sid
	if name == "" {
		name = "statement " + strconv.Itoa(s.Index+1)
	}
	if policy := PolicyName(p); policy != name {
		return name + " in " + policy
	}
	return name
}

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
