package engine

// Layer is a kind of policy, or another rule, that can decide a request.
type Layer uint8

// The layers, in the order in which documents and reports list them.
const (
	LayerIdentity Layer = iota
	LayerResource
	LayerTrust
	LayerKeyPolicy
	LayerBoundary
	LayerSession
	LayerSCP
	LayerRCP
	LayerVPCE
	LayerRoot
	LayerService
	LayerCredentials
	LayerPublicAccess
	LayerDefault
	layers
)

// Lane says whose policies a layer holds: those of the caller's account, of
// the account that owns the resource, or of both.
type Lane uint8

const (
	CallerLane Lane = iota
	OwnerLane
	BothLanes
)

// String is "caller", "owner" or "both".
func (l Lane) String() string { return [...]string{"caller", "owner", "both"}[l] }

// LayerRole is what a layer can do to a request.
type LayerRole uint8

const (
	// Grants says that an Allow of the layer can supply the permission.
	Grants LayerRole = iota
	// Filters says that the layer only takes away: it must let pass what others grant.
	Filters
	// Rules says that the layer is a rule of AWS's and holds no policies.
	Rules
)

// LayerInfo is one row of the table of layers.
type LayerInfo struct {
	// Name is the layer's word in documents and reports.
	Name string
	// Stage is the step of AWS's flow in which the layer speaks.
	Stage StageID
	Lane  Lane
	Role  LayerRole
	// Title is what people call the layer's step.
	Title string
	// None and Explicit are what AWS's messages call the layer's policy: after
	// "because no", and after "with an explicit deny in"; "" for rules.
	//
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
	None, Explicit string
	// Denies is the place of the layer in AWS's message when several layers
	// deny explicitly, from 1; 0 for layers that hold no policies.
	Denies uint8
}

// layerTable is everything that is known of a layer, once.
//
// Invariant: every layer has a row with a name, a stage and a title.
var layerTable = [layers]LayerInfo{
	LayerIdentity: {"identity", StageIdentity, CallerLane, Grants, "Identity-based policies",
		"identity-based policy", "an identity-based policy", 3},
	LayerResource: {"resource", StageResource, OwnerLane, Grants, "Resource-based policy",
		"resource-based policy", "a resource-based policy", 8},
	LayerTrust: {"trust", StageResource, OwnerLane, Grants, "Role trust policy",
		"role trust policy", "the role trust policy", 6},
	LayerKeyPolicy: {"keyPolicy", StageResource, OwnerLane, Grants, "Key policy",
		"resource-based policy", "a resource-based policy", 7},
	LayerBoundary: {"boundary", StageBoundary, CallerLane, Filters, "Permissions boundary",
		"permissions boundary", "a permissions boundary", 4},
	LayerSession: {"session", StageSession, CallerLane, Filters, "Session policies",
		"session policy", "a session policy", 5},
	LayerSCP: {"scp", StageSCP, CallerLane, Filters, "Service control policies",
		"service control policy", "a service control policy", 1},
	LayerRCP: {"rcp", StageRCP, OwnerLane, Filters, "Resource control policies",
		"resource control policy", "a resource control policy", 2},
	LayerVPCE: {"vpce", StageVPCE, CallerLane, Filters, "VPC endpoint policy",
		"VPC endpoint policy", "a VPC endpoint policy", 9},
	LayerRoot:         {"root", StageRoot, CallerLane, Rules, "Root user", "", "", 0},
	LayerService:      {"service", StageService, BothLanes, Rules, "Rule of the service", "", "", 0},
	LayerCredentials:  {"credentials", StageCredentials, CallerLane, Rules, "Credentials", "", "", 0},
	LayerPublicAccess: {"publicAccessBlock", StagePublicAccess, OwnerLane, Rules, "S3 Block Public Access", "", "", 0},
	LayerDefault:      {"default", StageExplicitDeny, BothLanes, Rules, "Explicit deny", "", "", 0},
}

// Info is the layer's row in the table of layers.
func (l Layer) Info() *LayerInfo { return &layerTable[l] }

// String is the layer's word in documents and reports.
func (l Layer) String() string { return layerTable[l].Name }

// Layers are the names of all layers, in their order.
func Layers() []string {
	out := make([]string, layers)
	for l := range layerTable {
		out[l] = layerTable[l].Name
	}
	return out
}

// DenyingLayers are the layers that hold policies, in the order in which
// AWS's message names one of several that deny.
func DenyingLayers() []Layer {
	out := make([]Layer, 0, layers)
	for place := uint8(1); ; place++ {
		found := false
		for l := range layerTable {
			if layerTable[l].Denies == place {
				out, found = append(out, Layer(l)), true
			}
		}
		if !found {
			return out
		}
	}
}

// ofResource reports whether the layer is the resource's own policy.
func (l Layer) ofResource() bool { return layerTable[l].Stage == StageResource }
