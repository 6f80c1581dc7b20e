// Package peer lets another evaluator of IAM policies answer our requests:
// @cloud-copilot/iam-simulate, which is under the AGPL. It is installed when
// asked for into an ignored folder, runs in a Node process of its own, and is
// neither linked, nor copied, nor shipped.
package peer

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
)

const (
	// Folder holds the installed peer; it is below an ignored folder.
	Folder = "bin/peer"
	// Name and Version are the peer's npm package.
	Name    = "@cloud-copilot/iam-simulate"
	Version = "0.1.173"
)

// Install installs the peer in Folder unless it is there. It runs in the
// repository's folder and needs npm.
func Install() error {
	text, err := os.ReadFile(filepath.Join(Folder, "node_modules", Name, "package.json"))
	var found struct{ Version string }
	if err == nil && json.Unmarshal(text, &found) == nil && found.Version == Version {
		return nil
	}
	if err := os.MkdirAll(Folder, 0o755); err != nil {
		return err
	}
	cmd := exec.Command("npm", "install", "--prefix", Folder, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", Name+"@"+Version)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install %s@%s: %w\n%s", Name, Version, err, out)
	}
	return nil
}

// Named is a policy with its name, in the peer's form.
type Named struct {
	Name   string          `json:"name"`
	Policy json.RawMessage `json:"policy"`
}

// Level is a level of an organization, in the peer's form.
type Level struct {
	ID       string  `json:"orgIdentifier"`
	Policies []Named `json:"policies"`
}

// Simulation is a request with all that applies to it, in the peer's form.
type Simulation struct {
	Request struct {
		Principal any    `json:"principal"`
		Action    string `json:"action"`
		Resource  struct {
			Resource  string `json:"resource"`
			AccountID string `json:"accountId"`
		} `json:"resource"`
		Context map[string]any `json:"contextVariables"`
	} `json:"request"`
	Identity []Named         `json:"identityPolicies"`
	SCPs     []Level         `json:"serviceControlPolicies"`
	RCPs     []Level         `json:"resourceControlPolicies"`
	Boundary []Named         `json:"permissionBoundaryPolicies,omitempty"`
	Endpoint []Named         `json:"vpcEndpointPolicies,omitempty"`
	Session  json.RawMessage `json:"sessionPolicy,omitempty"`
	Resource json.RawMessage `json:"resourcePolicy,omitempty"`
	Settings Settings        `json:"additionalSettings"`
}

// Settings are switches of services, in the peer's form.
type Settings struct {
	S3 struct {
		ABAC              bool `json:"bucketAbacEnabled"`
		BlockPublicAccess bool `json:"blockPublicAccess"`
	} `json:"s3"`
}

// fullAccess is the text of the two policies that an organization attaches by
// itself. The peer adds that for RCPs on its own.
const fullAccess = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// Simulate writes a query in the peer's form, without the keys that are
// unknown. What the peer cannot express is an error that says what.
func Simulate(q *engine.Query) (*Simulation, error) {
	s := &Simulation{Identity: []Named{}, SCPs: []Level{}, RCPs: []Level{}}
	s.Request.Principal = q.Caller.ARN
	if q.Caller.Kind == engine.AnonymousCaller {
		s.Request.Principal = map[string]string{"type": "Anonymous"}
	}
	s.Request.Action, s.Request.Resource.Resource, s.Request.Resource.AccountID = q.Action, q.Resource, q.Owner.Account
	s.Request.Context = map[string]any{}
	for _, e := range q.Context {
		switch {
		case e.Origin == engine.UnknownOrigin, e.Origin == engine.Absent:
		case e.Multi:
			s.Request.Context[e.Key] = append([]string{}, e.Values...)
		default:
			s.Request.Context[e.Key] = e.Values[0]
		}
	}
	for _, set := range q.Sets() {
		list := []Named{}
		for _, a := range set.Policies {
			if a.Unknown >= 0 {
				return nil, errors.New("an unknown policy")
			}
			list = append(list, Named{a.Policy.Name, document(q, a.Policy)})
		}
		level := Level{ID: fmt.Sprint(set.Level), Policies: list}
		switch set.Layer {
		case engine.LayerIdentity:
			s.Identity = append(s.Identity, list...)
		case engine.LayerBoundary:
			s.Boundary = list
		case engine.LayerVPCE:
			s.Endpoint = list
		case engine.LayerSCP:
			s.SCPs = append(s.SCPs, level)
		case engine.LayerRCP:
			level.Policies = []Named{}
			for _, p := range list {
				if p.Name != "RCPFullAWSAccess" {
					level.Policies = append(level.Policies, p)
				}
			}
			s.RCPs = append(s.RCPs, level)
		case engine.LayerSession:
			if len(list) > 1 {
				return nil, errors.New("several session policies")
			}
			s.Session = list[0].Policy
		default:
			s.Resource = list[0].Policy
		}
	}
	return s, nil
}

func document(q *engine.Query, p *engine.Policy) json.RawMessage {
	if strings.HasSuffix(p.Name, "FullAWSAccess") && p.Document != "" {
		return json.RawMessage(fullAccess)
	}
	return json.RawMessage(q.World.Scenario.Document.Text[p.At.Start:p.At.End])
}
