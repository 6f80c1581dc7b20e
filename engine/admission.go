package engine

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// admission is whether the code on a resource gets a session of its role: the
// role's trust policy has to let the service that runs the code assume it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
type admission struct {
	outcome trace.Outcome
	policy  *policy // stands for what is not known of it; nil otherwise
}

// runners are the services that assume the role of the code on a resource, by
// the service and the kind in the resource's ARN; "" stands for every kind.
var runners = [...]struct{ service, kind, principal string }{
	{"ec2", "instance", "ec2"},
	{"lambda", "function", "lambda"},
	{"ecs", "task", "ecs-tasks"},
	{"ecs", "task-definition", "ecs-tasks"},
	{"ecs", "service", "ecs-tasks"},
	{"ecs", "container-instance", "ec2"},
	{"codebuild", "", "codebuild"},
	{"states", "stateMachine", "states"},
	{"states", "execution", "states"},
	{"glue", "job", "glue"},
	{"sagemaker", "", "sagemaker"},
	{"eks", "nodegroup", "ec2"},
	{"batch", "job", "ecs-tasks"},
	{"apprunner", "service", "tasks.apprunner"},
}

// runner is the service principal that runs the code on a resource, without
// its suffix; "" when that is not known.
func runner(text string) string {
	a, _ := arn.Parse(text)
	kind := a.Resource
	if i := strings.IndexAny(kind, "/:"); i >= 0 {
		kind = kind[:i]
	}
	for i := range runners {
		if r := &runners[i]; r.service == a.Service && (r.kind == "" || r.kind == kind) {
			return r.principal
		}
	}
	return ""
}

// admit finds for every resource with a role whether its code has credentials.
func (w *World) admit() {
	for _, a := range w.Scenario.Accounts {
		for _, r := range a.Resources {
			if r.Role == nil {
				continue
			}
			if id := w.roleNamed(a, r.Role.Value); id != nil {
				w.admissions[r] = w.admission(r, id)
			}
		}
	}
}

func (w *World) admission(r *Resource, id *identity) admission {
	switch {
	case id.trust == nil:
		return w.unclearAdmission(&Policy{At: id.role.At, Name: "the trust policy of role " + id.role.Name,
			State: Withheld})
	case id.trust.unknown >= 0:
		return admission{trace.Unknown, id.trust}
	}
	service := runner(r.ARN)
	if service != "" {
		switch w.admits(service, id) {
		case trace.Yes:
			return admission{outcome: trace.Yes}
		case trace.No:
			w.reader.add(Warning, "ROLE_DOES_NOT_TRUST_SERVICE", r.Role.At,
				"the trust policy of role "+quote(id.role.Name)+" does not let "+
					service+".amazonaws.com assume it, so that code on "+quote(r.ARN)+" has no credentials",
				"let the Service "+service+".amazonaws.com perform sts:AssumeRole in the role's trust policy")
			return admission{outcome: trace.No}
		}
	}
	return w.unclearAdmission(&Policy{At: id.role.Trust.At, Name: "the trust policy of role " + id.role.Name,
		State: Withheld})
}

// unclearAdmission is an admission of which nobody knows whether it is given.
func (w *World) unclearAdmission(p *Policy) admission {
	unclear := &policy{source: p}
	w.addUnknown(unclear)
	return admission{trace.Unknown, unclear}
}

// admits is whether a service may assume a role. A trust policy that only
// names everyone leaves it open, and so does a condition on the resource for
// which the service calls.
func (w *World) admits(service string, id *identity) trace.Outcome {
	out := trace.No
	suffixes := [...]string{".amazonaws.com", ".amazonaws.com.cn"}
	names := suffixes[:1]
	if id.account.Partition == "aws-cn" {
		names = suffixes[:]
	}
	for _, suffix := range names {
		q := w.Ask(service+suffix, "sts:AssumeRole", id.arn,
			Circumstances{Unknown: []string{"aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID"}})
		var o outcomes
		q.collect(&o, nil)
		switch d := q.possible(&o); {
		case !d.Has(Allowed):
		case d == Decisions(0).with(Allowed) && o.direct[classService] == trace.Yes:
			return trace.Yes
		default:
			out = trace.Unknown
		}
	}
	return out
}

// checkRootTask reports the task of a root session whose policy is not known.
func (w *World) checkRootTask(r *Request, c *Caller) {
	if c == nil || c.Kind != RootCaller || strings.EqualFold(r.Action.Value, assumeRoot) {
		return
	}
	for i := range r.Context {
		v := &r.Context[i]
		if !strings.EqualFold(v.Key, taskKey) || len(v.Values) == 0 {
			continue
		}
		w.rootTask(v.Values[0])
		if w.Library.Find(v.Values[0]) == nil {
			w.unbundled(Reference{v.Values[0], v.At})
		}
	}
}

// rootTask is the policy of a task for which STS opens root sessions. Its text
// is unknown when the library does not have it.
func (w *World) rootTask(arn string) *policy {
	if p := w.Library.Find(arn); p != nil {
		return w.compiled(p)
	}
	p := w.rootTasks[arn]
	if p == nil {
		p = w.compiled(&Policy{Name: arn, State: Unresolved})
		if w.rootTasks == nil {
			w.rootTasks = map[string]*policy{}
		}
		w.rootTasks[arn] = p
	}
	return p
}
