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
}

var stateWords = map[engine.StageState]string{
	engine.Passed: "passed", engine.Granted: "granted", engine.Stopped: "stopped here", engine.WouldAlsoStop: "would also stop",
	engine.StageDepends: "depends", engine.NotApplicable: "none attached", engine.NotReached: "not needed",
}

// StateWord is the word for a state, by which it is told from others without colour.
func StateWord(s engine.StageState) string { return stateWords[s] }

// StageTitle is what people call a stage.
func StageTitle(s *engine.Stage) string {
	switch s.ID {
	case engine.StageResource:
		switch s.Layer {
		case engine.LayerTrust:
			return "Role trust policy"
		case engine.LayerKeyPolicy:
			return "Key policy"
		}
		return "Resource-based policy"
	}
	return map[engine.StageID]string{engine.StageService: "Rule of the service", engine.StageCredentials: "Credentials", engine.StageExplicitDeny: "Explicit deny",
		engine.StageVPCE: "VPC endpoint policy", engine.StageRCP: "Resource control policies", engine.StageSCP: "Service control policies",
		engine.StageIdentity: "Identity-based policies", engine.StageBoundary: "Permissions boundary", engine.StageSession: "Session policies", engine.StageRoot: "Root user"}[s.ID]
}

// DescribeStage puts a stage into words.
func DescribeStage(e *engine.Evaluation, s *engine.Stage) Stage {
	q := e.Query
	info := trace.Lookup(s.Reason)
	out := Stage{Title: StageTitle(s), Lane: "caller", Word: stateWords[s.State], Text: info.Text, Page: info.Page}
	switch s.ID {
	case engine.StageExplicitDeny, engine.StageService:
		out.Lane = "both"
	case engine.StageRCP, engine.StageResource:
		out.Lane = "owner"
	}
	names := policyNames(q, s.Sets)
	switch s.Reason {
	case trace.NoExplicitDeny:
		denies := 0
		seen := map[int32]bool{}
		for _, step := range e.Steps {
			if st, _ := statementOf(e, step); st != nil && st.Deny && !seen[step.Subject] {
				seen[step.Subject] = true
				denies++
			}
		}
		out.Word = "none"
		switch denies {
		case 0:
			out.Text = "No policy that applies has a Deny statement."
		case 1:
			out.Text = "The one Deny statement that applies does not match."
		default:
			out.Text = "None of the " + strconv.Itoa(denies) + " Deny statements matches."
		}
	case trace.ExplicitDenyMatched:
		out.Text = "A Deny matches, in " + Join(statementNames(q, s.Statements), "and") + ". An explicit Deny overrides every Allow."
	case trace.DenyDepends:
		out.Text = "Whether a Deny matches depends on what is unknown."
	case trace.LayerAllows:
		out.Text = "Allowed by " + Join(statementNames(q, s.Statements), "and") + "."
		if len(s.Levels) > 1 {
			out.Word = strconv.Itoa(len(s.Levels)) + " of " + strconv.Itoa(len(s.Levels)) + " levels allow"
			out.Text = "Every level allows the action: " + Join(levelNames(s), "and") + "."
		}
	case trace.LayerNoAllow:
		switch {
		case len(s.Levels) > 0:
			allow := 0
			var not []string
			for _, l := range s.Levels {
				if l.State == engine.Passed {
					allow++
				} else {
					not = append(not, l.Name)
				}
			}
			if s.State == engine.Stopped || s.State == engine.WouldAlsoStop {
				out.Word += ": " + strconv.Itoa(allow) + " of " + strconv.Itoa(len(s.Levels)) + " allow"
			}
			out.Text = "No policy allows the action at " + Join(not, "and") + ". Every level must allow it."
		case len(names) > 0:
			out.Text = Join(names, "and") + ": no Allow matches."
		}
	case trace.LayerDepends:
		out.Text = "Whether it allows depends on what is unknown."
	case trace.IdentityAllows, trace.ResourceGrants, trace.ResourceGrantsWithin, trace.ResourceAllowsOther, trace.ResourceDelegates, trace.ResourceAllows, trace.AllowsToo, trace.TrustedUserWithin:
		out.Text = "Allowed by " + Join(statementNames(q, s.Statements), "and") + ". " + info.Text
		if s.Reason == trace.IdentityAllows {
			out.Text = "Allowed by " + Join(statementNames(q, s.Statements), "and") + "."
		}
	case trace.NotNeeded, trace.Overridden:
		out.Word = "not needed"
	case trace.ResourceSilent:
		out.Word = "silent"
		out.Text = Join(names, "and") + " grants the caller nothing here, and need not."
	}
	switch {
	case s.State == engine.NotApplicable && s.Reason == trace.NoOrganization:
		out.Word = "none attached"
	case s.State == engine.NotApplicable && (s.Reason == trace.ManagementAccountExempt || s.Reason == trace.ServiceLinkedExempt || s.Reason == trace.SCPNotForCaller || s.Reason == trace.RCPNotForService || s.Reason == trace.OwnerRootBucketPolicy || s.Reason == trace.RootNeedsResource):
		out.Word = "does not apply"
	case s.Reason == trace.EndpointDefault:
		out.Word = "default, allows all"
	case s.State == engine.NotReached && s.Reason == trace.LayerAllows:
		out.Word = "would pass"
	case s.State == engine.NotReached && s.Reason != trace.NotNeeded && s.Reason != trace.Overridden:
		out.Word = "would grant"
		if s.Reason == trace.AllowsToo {
			out.Word = "allows too"
		}
	case s.Reason == trace.ResourceDelegates && s.State == engine.Passed:
		out.Word = "delegates"
	}
	return out
}

func statementOf(e *engine.Evaluation, step trace.Step) (*engine.Statement, *engine.Policy) {
	if step.Kind != trace.Statement {
		return nil, nil
	}
	return e.Query.World.Statement(step.Subject)
}

func levelNames(s *engine.Stage) []string {
	out := make([]string, len(s.Levels))
	for i, l := range s.Levels {
		out[i] = l.Name
	}
	return out
}

// PolicyName is what people call a policy.
func PolicyName(p *engine.Policy) string {
	switch p.Kind {
	case engine.TrustPolicy:
		return "the trust policy of " + p.Name
	case engine.ResourcePolicy:
		return "the policy of " + p.Name
	case engine.KeyPolicy:
		return "the key policy of " + p.Name
	case engine.EndpointPolicy:
		return "the policy of endpoint " + p.Name
	}
	if p.Name == "" {
		return "a policy"
	}
	return p.Name
}

// policyNames are the names of the policies of some sets, each once, at most four.
func policyNames(q *engine.Query, sets []int) []string {
	var out []string
	all := q.Sets()
	for _, n := range sets {
		for _, a := range all[n].Policies {
			out = appendNew(out, PolicyName(a.Policy))
		}
	}
	return few(out, "policies")
}

// StatementName is what people call a statement: its Sid, or its number, in its policy.
func StatementName(s *engine.Statement, p *engine.Policy) string {
	name := s.Sid
	if name == "" {
		name = "statement " + strconv.Itoa(s.Index+1)
	}
	return name + " in " + PolicyName(p)
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
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
