package explain_test

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/explain"
)

const (
	allow = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`
	deny  = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": "*"}]}`
	none  = `{"Version": "2012-10-17", "Statement": []}`
)

// public is a policy with a Principal, for everyone.
func public(policy string) string {
	return strings.ReplaceAll(policy, `"Action"`, `"Principal": "*", "Action"`)
}

// trust is a trust policy for everyone.
func trust(policy string) string {
	return strings.ReplaceAll(strings.ReplaceAll(public(policy), `, "Resource": "*"`, ""), `"Action": "*"`, `"Action": "sts:*"`)
}

// world is a document in which each policy can be replaced.
type world struct {
	identity, inline, boundary, session, scp, rcp, vpce, bucket, trust string
	principal, action, resource                                        string
	rest                                                               string
}

func (w world) message(t *testing.T) string {
	t.Helper()
	or := func(s, standard string) string {
		if s == "" {
			return standard
		}
		return s
	}
	text := `{"version": 1,
		"organization": {"id": "o-1", "managementAccount": "999999999999", "policies": {"S": ` + or(w.scp, allow) + `, "R": ` + or(w.rcp, public(allow)) + `},
			"root": {"id": "r-1", "scps": ["S"], "rcps": ["R"], "accounts": ["111111111111"]}},
		"accounts": {"111111111111": {"policies": {"P": ` + or(w.identity, allow) + `, "B": ` + or(w.boundary, allow) + `},
			"users": {"ann": {"policies": ["P"], "inline": {"I": ` + or(w.inline, none) + `}, "boundary": "B"}},
			"roles": {"app": {"trust": ` + or(w.trust, trust(allow)) + `, "policies": ["P"], "sessions": {"one": {"inline": {"X": ` + or(w.session, allow) + `}}}}},
			"resources": {"arn:aws:s3:::b": {"policy": ` + or(w.bucket, public(none)) + `}, "arn:aws:ec2:eu-west-1:111111111111:instance/i-1": {}},
			"vpcEndpoints": {"vpce-1": {"policy": ` + or(w.vpce, public(allow)) + `}}}},
		"requests": [{"name": "n", "principal": "` + or(w.principal, "arn:aws:iam::111111111111:user/ann") + `", "action": "` + or(w.action, "s3:GetObject") + `",
			"resource": "` + or(w.resource, "arn:aws:s3:::b/k") + `", "via": "vpce-1"}]}`
	s := engine.Parse(text)
	made := engine.NewWorld(s, nil)
	for _, d := range made.Diagnostics {
		if d.Severity == engine.Error {
			t.Fatalf("%s: %s", d.Pointer, d.Message)
		}
	}
	return explain.Message(made.Query(s.Requests[0]).Evaluate())
}

func TestTheMessageIsAWSsWordForWord(t *testing.T) {
	const (
		ann     = "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k "
		session = "arn:aws:sts::111111111111:assumed-role/app/one"
		app     = "User: " + session + " is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k "
		assume  = "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/app "
		none3   = " allows the s3:GetObject action"
	)
	role := "arn:aws:iam::111111111111:role/app"
	for _, c := range []struct {
		name string
		world
		want string
	}{
		{"no identity-based policy allows", world{identity: none}, ann + "because no identity-based policy" + none3},
		{"no permissions boundary allows", world{boundary: none}, ann + "because no permissions boundary" + none3},
		{"no session policy allows", world{session: none, principal: session}, app + "because no session policy" + none3},
		{"no service control policy allows", world{scp: none}, ann + "because no service control policy" + none3},
		{"no resource control policy allows", world{rcp: none}, ann + "because no resource control policy" + none3},
		{"no VPC endpoint policy allows", world{vpce: public(none)}, ann + "because no VPC endpoint policy" + none3},
		{"no resource-based policy allows a stranger", world{principal: "anonymous"}, "User: anonymous is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no resource-based policy" + none3},
		{"no role trust policy allows", world{trust: trust(none), action: "sts:AssumeRole", resource: role}, assume + "because no role trust policy allows the sts:AssumeRole action"},
		{"a managed identity-based policy denies, and its ARN is given", world{identity: deny}, ann + "with an explicit deny in an identity-based policy: arn:aws:iam::111111111111:policy/P"},
		{"an inline policy denies, and has no ARN", world{inline: deny}, ann + "with an explicit deny in an identity-based policy"},
		{"a permissions boundary denies, and its ARN is given", world{boundary: deny}, ann + "with an explicit deny in a permissions boundary: arn:aws:iam::111111111111:policy/B"},
		{"a session policy denies", world{session: deny, principal: session}, app + "with an explicit deny in a session policy"},
		{"a service control policy denies, and its ARN is given", world{scp: deny},
			ann + "with an explicit deny in a service control policy: " +
				"arn:aws:organizations::999999999999:policy/o-1/service_control_policy/p-uhkvgy7y"},
		{"the ARN has the ID of the policy where it is written",
			world{scp: `{"id": "p-abcdefgh", "policy": ` + deny + `}`},
			ann + "with an explicit deny in a service control policy: " +
				"arn:aws:organizations::999999999999:policy/o-1/service_control_policy/p-abcdefgh"},
		{"a resource control policy denies, and its ARN is given", world{rcp: public(deny)},
			ann + "with an explicit deny in a resource control policy: " +
				"arn:aws:organizations::999999999999:policy/o-1/resource_control_policy/p-dimpd29c"},
		{"a caller outside the organization is not told which of its policies denies",
			world{rcp: public(deny), principal: "anonymous"}, "User: anonymous is not authorized to perform: " +
				"s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in a resource control policy"},
		{"a VPC endpoint policy denies", world{vpce: public(deny)}, ann + "with an explicit deny in a VPC endpoint policy"},
		{"a resource-based policy denies", world{bucket: public(deny)}, ann + "with an explicit deny in a resource-based policy"},
		{"a role trust policy denies", world{trust: trust(deny), action: "sts:AssumeRole", resource: role}, assume + "with an explicit deny in the role trust policy"},
		{"only one kind of policy is named", world{identity: deny, scp: deny},
			ann + "with an explicit deny in a service control policy: " +
				"arn:aws:organizations::999999999999:policy/o-1/service_control_policy/p-uhkvgy7y"},
		{"an action without resources names none", world{identity: none, action: "s3:ListAllMyBuckets", resource: "*"}, "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action"},
		{"code without a role has no credentials", world{principal: "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"},
			`Unable to locate credentials. You can configure credentials by running "aws login".`},
		{"root users cannot assume roles", world{principal: "arn:aws:iam::111111111111:root", action: "sts:AssumeRole", resource: role}, "Roles may not be assumed by root accounts."},
		{"what is allowed says by what", world{}, "arn:aws:iam::111111111111:user/ann may perform s3:GetObject on arn:aws:s3:::b/k because an identity-based policy allows it"},
	} {
		if got := c.message(t); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
