package engine_test

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

// findingCase is a document with one mistake: its code, the text it points at,
// and a part of its hint or message.
type findingCase struct {
	rule     string
	document string
	code     string
	severity engine.Severity
	points   string // the marked text
	at       string // the JSON Pointer
	says     string // part of message or hint; "" to leave it
}

// The places of policies in the cast's document.
const (
	atUser    = "/accounts/111111111111/users/ali/inline/p"
	atRole    = "/accounts/111111111111/roles/worker"
	atBox     = "/accounts/111111111111/resources/arn:aws:s3:::box~1key/policy"
	atSession = "/accounts/111111111111/roles/worker/sessions/shift/inline/p"
	atFirst   = "/Statement/0"
)

func plain(c cast) string { return c.document(ruleCase{}.request()) }

func inUser(statement string) string { return plain(cast{user: doc(statement)}) }

func inBox(statement string) string { return plain(cast{box: doc(statement)}) }

func inTrust(statement string) string { return plain(cast{trust: doc(statement)}) }

func asking(principal, action, resource string) string {
	return cast{}.document(`{"name":"r","principal":"` + principal + `","action":"` + action + `","resource":"` + resource + `"}`)
}

// findingRules are the rules about what a document may hold.
var findingRules = []findingCase{
	{rule: "2.1 Action and NotAction do not stand together", document: inUser(`{"Effect":"Allow","Action":"s3:*","NotAction":"iam:*","Resource":"*"}`), code: "UNSUPPORTED_ELEMENT_COMBINATION", points: `"NotAction"`, at: atUser + atFirst + "/NotAction"},
	{rule: "2.1 Resource and NotResource do not stand together", document: inUser(`{"Effect":"Allow","Action":"s3:*","Resource":"*","NotResource":"*"}`), code: "UNSUPPORTED_ELEMENT_COMBINATION", points: `"NotResource"`, at: atUser + atFirst + "/NotResource"},
	{rule: "2.1 Principal and NotPrincipal do not stand together", document: inBox(`{"Effect":"Deny","Principal":"*","NotPrincipal":"*","Action":"s3:*","Resource":"*"}`), code: "UNSUPPORTED_ELEMENT_COMBINATION", points: `"NotPrincipal"`, at: atBox + atFirst + "/NotPrincipal"},
	{rule: "2.1 an unknown element of a statement is an error with a suggestion", document: inUser(`{"Effect":"Allow","Actions":"s3:*","Action":"s3:*","Resource":"*"}`), code: "INVALID_POLICY_ELEMENT", points: `"Actions"`, at: atUser + atFirst + "/Actions", says: `did you mean "Action"?`},
	{rule: "2.1 an unknown element of a policy is an error", document: plain(cast{user: `{"Version":"2012-10-17","Statment":[],"Statement":[]}`}), code: "INVALID_POLICY_ELEMENT", points: `"Statment"`, at: atUser + "/Statment", says: `did you mean "Statement"?`},
	{rule: "2.1 no key occurs twice in one element", document: inUser(`{"Effect":"Allow","Action":"s3:*","Action":"iam:*","Resource":"*"}`), code: "DUPLICATE_KEY", points: `"Action"`, at: atUser + atFirst + "/Action"},
	{rule: "2.1 a condition key does not occur twice in different case", document: inUser(when(allow("*", "*"), `"StringEquals":{"aws:username":"a","AWS:UserName":"b"}`)), code: "DUPLICATE_KEYS_WITH_DIFFERENT_CASE", points: `"AWS:UserName"`, at: atUser + atFirst + "/Condition/StringEquals/AWS:UserName"},
	{rule: "2.1 a policy needs a Statement", document: plain(cast{user: `{"Version":"2012-10-17"}`}), code: "MISSING_STATEMENT", points: `{"Version":"2012-10-17"}`, at: atUser},
	{rule: "2.1 a statement needs an Effect", document: inUser(`{"Action":"s3:*","Resource":"*"}`), code: "MISSING_EFFECT", points: `{"Action":"s3:*","Resource":"*"}`, at: atUser + atFirst},
	{rule: "2.1 a statement needs an Action or NotAction", document: inUser(`{"Effect":"Allow","Resource":"*"}`), code: "MISSING_ACTION", points: `{"Effect":"Allow","Resource":"*"}`, at: atUser + atFirst},
	{rule: "2.1 an identity policy needs a Resource or NotResource", document: inUser(`{"Effect":"Allow","Action":"s3:*"}`), code: "MISSING_RESOURCE", points: `{"Effect":"Allow","Action":"s3:*"}`, at: atUser + atFirst},
	{rule: "2.1 an identity policy has no Principal", document: inUser(to("*", allow("*", "*"))), code: "UNSUPPORTED_PRINCIPAL", points: `"Principal"`, at: atUser + atFirst + "/Principal"},
	{rule: "2.1 a session policy has no Principal", document: plain(cast{session: doc(to("*", allow("*", "*")))}), code: "UNSUPPORTED_PRINCIPAL", points: `"Principal"`, at: atSession + atFirst + "/Principal"},
	{rule: "2.1 a resource policy needs a Principal", document: inBox(allow("*", "*")), code: "MISSING_PRINCIPAL", points: allow("*", "*"), at: atBox + atFirst},
	{rule: "2.1 a trust policy has no Resource", document: inTrust(to("*", allow("sts:AssumeRole", "*"))), code: "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", points: `"Resource"`, at: atRole + "/trust" + atFirst + "/Resource"},
	{rule: "2.1 a trust policy has no NotPrincipal", document: inTrust(`{"Effect":"Deny","NotPrincipal":"*","Action":"sts:AssumeRole"}`), code: "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", points: `"NotPrincipal"`, at: atRole + "/trust" + atFirst + "/NotPrincipal"},
	{rule: "2.1 an endpoint policy needs a Principal", document: plain(cast{endpoint: allowAll}), code: "MISSING_PRINCIPAL", points: allow("*", "*"), at: "/accounts/111111111111/vpcEndpoints/vpce-1/policy" + atFirst},
	{rule: "2.1 a Sid has letters and digits only in an identity policy", document: inUser(`{"Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*"}`), code: "UNSUPPORTED_SID", points: `"a b"`, at: atUser + atFirst + "/Sid"},
	{rule: "2.1 a Sid is unique in an identity policy", document: plain(cast{user: doc(`{"Sid":"S",`+allow("*", "*")[1:], `{"Sid":"S",`+allow("*", "*")[1:])}), code: "UNIQUE_SIDS_REQUIRED", points: `"S"`, at: atUser + "/Statement/1/Sid"},
	{rule: "2.1 a Sid had better be unique in a resource policy", document: plain(cast{box: doc(`{"Sid":"S",`+to("*", allow("*", "*"))[1:], `{"Sid":"S",`+to("*", allow("*", "*"))[1:])}), code: "UNIQUE_SIDS_RECOMMENDED", severity: engine.Warning, points: `"S"`, at: atBox + "/Statement/1/Sid"},
	{rule: "2.1 an empty Sid is worth a suggestion", document: inUser(`{"Sid":"","Effect":"Allow","Action":"s3:*","Resource":"*"}`), code: "EMPTY_SID_VALUE", severity: engine.Suggestion, points: `""`, at: atUser + atFirst + "/Sid"},
	{rule: "2.1 an Id in an identity policy is worth a suggestion", document: plain(cast{user: `{"Version":"2012-10-17","Id":"x","Statement":[]}`}), code: "ID_IN_IDENTITY_POLICY", severity: engine.Suggestion, points: `"Id"`, at: atUser + "/Id"},
	{rule: "2.1 an incomplete ARN is completed in an identity policy, with a warning", document: inUser(allow("sqs:*", "arn:aws:sqs")), code: "MISSING_ARN_FIELD", severity: engine.Warning, points: `"arn:aws:sqs"`, at: atUser + atFirst + "/Resource"},
	{rule: "2.1 an incomplete ARN is an error in a session policy", document: plain(cast{session: doc(allow("sqs:*", "arn:aws:sqs"))}), code: "MISSING_ARN_FIELD", points: `"arn:aws:sqs"`, at: atSession + atFirst + "/Resource"},
	{rule: "2.1 a policy is an object and not a string of JSON", document: plain(cast{user: `"{}"`}), code: "DATA_TYPE_MISMATCH", points: `"{}"`, at: atUser},
	{rule: "2.2 the Version is one of two", document: plain(cast{user: `{"Version":"2026-01-01","Statement":[]}`}), code: "INVALID_VERSION", points: `"2026-01-01"`, at: atUser + "/Version"},
	{rule: "2.2 a missing Version is worth a warning", document: plain(cast{user: `{"Statement":[]}`}), code: "MISSING_VERSION", severity: engine.Warning, points: `{"Statement":[]}`, at: atUser},
	{rule: "2.3 an Effect has case", document: inUser(`{"Effect":"allow","Action":"s3:*","Resource":"*"}`), code: "INVALID_EFFECT", points: `"allow"`, at: atUser + atFirst + "/Effect", says: `write "Allow"`},
	{rule: "2.3 an element's name has case", document: inUser(`{"effect":"Allow","Effect":"Allow","Action":"s3:*","Resource":"*"}`), code: "INVALID_POLICY_ELEMENT", points: `"effect"`, at: atUser + atFirst + "/effect", says: `did you mean "Effect"?`},
	{rule: "2.3 the service of an ARN is in lower case", document: inUser(allow("*", "arn:aws:S3:::box")), code: "INVALID_ARN_SERVICE_CASE", points: `"arn:aws:S3:::box"`, at: atUser + atFirst + "/Resource"},
	{rule: "2.3 an operator's name has case", document: inUser(when(allow("*", "*"), `"stringEquals":{"aws:username":"a"}`)), code: "INVALID_CONDITION_OPERATOR", points: `"stringEquals"`, at: atUser + atFirst + "/Condition/stringEquals", says: `did you mean "StringEquals"?`},
	{rule: "2.3 names of users are unique without regard to case", document: `{"version":1,"accounts":{"111111111111":{"users":{"eve":{},"Eve":{}}}}}`, code: "NAME_NOT_UNIQUE", points: `"Eve"`, at: "/accounts/111111111111/users/Eve"},
	{rule: "3.1 an action has a service prefix", document: inUser(allow("GetObject", "*")), code: "INVALID_ACTION", points: `"GetObject"`, at: atUser + atFirst + "/Action"},
	{rule: "3.2 a resource is * or an ARN", document: inUser(allow("*", "box")), code: "INVALID_ARN_PREFIX", points: `"box"`, at: atUser + atFirst + "/Resource"},
	{rule: "3.3 a group is no principal", document: inBox(to(aws("arn:aws:iam::111111111111:group/devs"), allow("*", "*"))), code: "GROUP_AS_PRINCIPAL", points: `"arn:aws:iam::111111111111:group/devs"`, at: atBox + atFirst + "/Principal/AWS"},
	{rule: "3.3 a principal's ARN has no wildcard", document: inBox(to(aws("arn:aws:iam::111111111111:user/*"), allow("*", "*"))), code: "UNSUPPORTED_WILDCARD_IN_PRINCIPAL", points: `"arn:aws:iam::111111111111:user/*"`, at: atBox + atFirst + "/Principal/AWS"},
	{rule: "3.3 a service principal is not *", document: inBox(to(`{"Service":"*"}`, allow("*", "*"))), code: "UNSUPPORTED_WILDCARD_IN_PRINCIPAL", points: `"*"`, at: atBox + atFirst + "/Principal/Service"},
	{rule: "3.3 Federated stands in trust policies only", document: inBox(to(`{"Federated":"accounts.google.com"}`, allow("*", "*"))), code: "FEDERATED_PRINCIPAL_NOT_SUPPORTED", points: `"accounts.google.com"`, at: atBox + atFirst + "/Principal/Federated"},
	{rule: "3.3 a type of principal is one of four", document: inBox(to(`{"Aws":"111111111111"}`, allow("*", "*"))), code: "INVALID_PRINCIPAL_KEY", points: `"Aws"`, at: atBox + atFirst + "/Principal/Aws", says: `did you mean "AWS"?`},
	{rule: "3.3 a unique ID as principal stands for a deleted identity", document: inBox(to(aws("AIDAEXAMPLE"), allow("*", "*"))), code: "INVALID_USER_REFERENCE", severity: engine.Warning, points: `"AIDAEXAMPLE"`, at: atBox + atFirst + "/Principal/AWS"},
	{rule: "3.4 Allow with NotPrincipal is worth a warning", document: inBox(but(aws(ali), allow("*", "*"))), code: "ALLOW_WITH_NOT_PRINCIPAL", severity: engine.Warning, points: `"NotPrincipal"`, at: atBox + atFirst + "/NotPrincipal"},
	{rule: "4.5 Null has no IfExists", document: inUser(when(allow("*", "*"), `"NullIfExists":{"aws:username":"true"}`)), code: "NULL_WITH_IF_EXISTS", points: `"NullIfExists"`, at: atUser + atFirst + "/Condition/NullIfExists"},
	{rule: "4.4 a policy's value that is no number is worth a warning", document: inUser(when(allow("*", "*"), `"NumericEquals":{"x:a":"one"}`)), code: "TYPE_MISMATCH_NUMBER", severity: engine.Warning, points: `"one"`, at: atUser + atFirst + "/Condition/NumericEquals/x:a"},
	{rule: "5 an action has no variable", document: inUser(allow("s3:${aws:username}", "*")), code: "VARIABLE_UNSUPPORTED_IN_ELEMENT", points: `"s3:${aws:username}"`, at: atUser + atFirst + "/Action"},
	{rule: "5 a variable has a closing brace", document: inUser(allow("*", box+"/${aws:username")), code: "MISSING_BRACE_IN_VARIABLE", severity: engine.Warning, points: `"` + box + `/${aws:username"`, at: atUser + atFirst + "/Resource"},
	{rule: "5 a default stands in both quotes", document: inUser(allow("*", box+"/${aws:username, 'x}")), code: "MISSING_QUOTE_IN_VARIABLE", severity: engine.Warning, points: `"` + box + `/${aws:username, 'x}"`, at: atUser + atFirst + "/Resource"},
	{rule: "5 a variable has no blanks", document: inUser(allow("*", box+"/${ aws:username}")), code: "UNSUPPORTED_SPACE_IN_VARIABLE", severity: engine.Warning, points: `"` + box + `/${ aws:username}"`, at: atUser + atFirst + "/Resource"},
	{rule: "5 a variable is not empty", document: inUser(allow("*", box+"/${}")), code: "EMPTY_VARIABLE", severity: engine.Warning, points: `"` + box + `/${}"`, at: atUser + atFirst + "/Resource"},
	{rule: "9 groups are not nested", document: `{"version":1,"accounts":{"111111111111":{"groups":{"a":{"groups":["b"]},"b":{}}}}}`, code: "NESTED_GROUP", points: `"groups"`, at: "/accounts/111111111111/groups/a/groups"},
	{rule: "9 a group is no caller", document: asking("arn:aws:iam::111111111111:group/devs", "s3:GetObject", object), code: "GROUP_AS_CALLER", points: `"arn:aws:iam::111111111111:group/devs"`, at: "/requests/0/principal"},
	{rule: "9 a name has letters, digits and a few signs", document: `{"version":1,"accounts":{"111111111111":{"users":{"a b":{}}}}}`, code: "INVALID_NAME", points: `"a b"`, at: "/accounts/111111111111/users/a b"},
	{rule: "9 a path begins and ends with a slash", document: `{"version":1,"accounts":{"111111111111":{"users":{"a":{"path":"x"}}}}}`, code: "INVALID_PATH", points: `"x"`, at: "/accounts/111111111111/users/a/path"},
	{rule: "a role is no caller, and a session is offered", document: asking(worker, "s3:GetObject", object), code: "ROLE_AS_CALLER", points: `"` + worker + `"`, at: "/requests/0/principal", says: "arn:aws:sts::111111111111:assumed-role/worker/SESSION"},
	{rule: "an account is no caller, and its root user is offered", document: asking(accA, "s3:GetObject", object), code: "INVALID_PRINCIPAL", points: `"` + accA + `"`, at: "/requests/0/principal", says: rootA},
	{rule: "* is no caller", document: asking("*", "s3:GetObject", object), code: "INVALID_PRINCIPAL", points: `"*"`, at: "/requests/0/principal", says: "anonymous"},
	{rule: "a user's bare name is no caller, and its ARN is offered", document: asking("ali", "s3:GetObject", object), code: "INVALID_PRINCIPAL", points: `"ali"`, at: "/requests/0/principal", says: ali},
	{rule: "a caller of a described account exists", document: asking("arn:aws:iam::111111111111:user/al", "s3:GetObject", object), code: "DANGLING_REFERENCE", points: `"arn:aws:iam::111111111111:user/al"`, at: "/requests/0/principal", says: ali},
	{rule: "a request's action has no wildcard", document: asking(ali, "s3:Get*", object), code: "INVALID_ACTION", points: `"s3:Get*"`, at: "/requests/0/action", says: "wildcards belong into policies"},
	{rule: "a request's resource is * or an ARN", document: asking(ali, "s3:GetObject", "box"), code: "INVALID_RESOURCE", points: `"box"`, at: "/requests/0/resource"},
	{rule: "an endpoint of a request exists", document: cast{}.document(ruleCase{more: `"via":"vpce-2"`}.request()), code: "DANGLING_REFERENCE", points: `"vpce-2"`, at: "/requests/0/via", says: "vpce-1"},
	{rule: "a policy that is referred to exists", document: `{"version":1,"accounts":{"111111111111":{"policies":{"Read":` + allowAll + `},"users":{"a":{"policies":["Raed"]}}}}}`, code: "DANGLING_REFERENCE", points: `"Raed"`, at: "/accounts/111111111111/users/a/policies/0", says: `did you mean "Read"?`},
	{rule: "a group of a user exists", document: `{"version":1,"accounts":{"111111111111":{"groups":{"devs":{}},"users":{"a":{"groups":["dev"]}}}}}`, code: "DANGLING_REFERENCE", points: `"dev"`, at: "/accounts/111111111111/users/a/groups/0", says: `did you mean "devs"?`},
	{rule: "an AWS managed policy that is not bundled is worth a warning", document: `{"version":1,"accounts":{"111111111111":{"users":{"a":{"policies":["arn:aws:iam::aws:policy/Nothing"]}}}}}`, code: "UNRESOLVED_POLICY", severity: engine.Warning, points: `"arn:aws:iam::aws:policy/Nothing"`, at: "/accounts/111111111111/users/a/policies/0"},
	{rule: "an account stands in the organization once", document: `{"version":1,"accounts":{},"organization":{"id":"o-1","root":{"id":"r-1","accounts":["111111111111","111111111111"]}}}`, code: "DUPLICATE_ACCOUNT", points: `"111111111111"`, at: "/organization/root/accounts/1"},
	{rule: "an unknown member is an error with a suggestion", document: `{"version":1,"accounts":{},"requets":[]}`, code: "UNKNOWN_MEMBER", points: `"requets"`, at: "/requets", says: `did you mean "requests"?`},
	{rule: "a missing member is an error", document: `{"version":1}`, code: "MISSING_MEMBER", points: `{"version":1}`, at: "", says: `"accounts"`},
	{rule: "a newer version names the version it needs", document: `{"version":2,"accounts":{}}`, code: "UNSUPPORTED_VERSION", points: `2`, at: "/version", says: "version 2"},
	{rule: "an account's ID has twelve digits", document: `{"version":1,"accounts":{"1111":{}}}`, code: "INVALID_ACCOUNT_ID", points: `"1111"`, at: "/accounts/1111"},
	{rule: "a context key has a prefix", document: cast{}.document(ruleCase{more: context(`"SourceIp":"1"`)}.request()), code: "INVALID_CONDITION_KEY_FORMAT", points: `"SourceIp"`, at: "/requests/0/context/SourceIp"},
	{rule: "the time is an instant", document: `{"version":1,"time":"noon","accounts":{}}`, code: "INVALID_DATE_VALUE", points: `"noon"`, at: "/time"},
	{rule: "a text without JSON is an error", document: ``, code: "JSON_SYNTAX_ERROR", points: ``, at: ""},
	{rule: "an expected decision is one of five words", document: cast{}.document(ruleCase{more: `"expect":"alowed"`}.request()), code: "UNKNOWN_WORD", points: `"alowed"`, at: "/requests/0/expect", says: `did you mean "allowed"?`},
	{rule: "an object in place of a value says how to write an unknown one",
		document: inUser(allow("*", `{"unkown":"why"}`)), code: "DATA_TYPE_MISMATCH", points: `{"unkown":"why"}`,
		at: atUser + atFirst + "/Resource", says: `write {"unknown": "why"}`},
	{rule: "an unknown part says why", document: inUser(allow("*", `{"unknown":""}`)), code: "UNKNOWN_PART",
		points: `""`, at: atUser + atFirst + "/Resource/unknown", says: "expected why nobody knows Resource"},
	{rule: "an unknown part has no other members",
		document: inUser(allow(`["s3:*",{"unknown":"why","lke":"s3:*"}]`, "*")), code: "UNKNOWN_MEMBER",
		points: `"lke"`, at: atUser + atFirst + "/Action/1/lke", says: `did you mean "like"?`},
	{rule: "an unknown statement is like nothing", document: inUser(`{"unknown":"why","like":"*"}`),
		code: "UNKNOWN_MEMBER", points: `"like"`, at: atUser + atFirst + "/like"},
	{rule: "an unknown action is like an action", document: inUser(allow(part("get*"), "*")), code: "INVALID_ACTION",
		points: `"get*"`, at: atUser + atFirst + "/Action/like"},
	{rule: "an unknown resource is like an ARN", document: inUser(allow("*", part("box/*"))),
		code: "INVALID_ARN_PREFIX", points: `"box/*"`, at: atUser + atFirst + "/Resource/like"},
	{rule: "an unknown principal is like an ARN or is an account",
		document: inBox(to(aws(part("ali")), allow("*", "*"))), code: "INVALID_PRINCIPAL_FORMAT", points: `"ali"`,
		at: atBox + atFirst + "/Principal/AWS/like"},
	{rule: "an unknown number is like nothing",
		document: inUser(when(allow("*", "*"), `"NumericEquals":{"x:a":{"unknown":"why","like":"1*"}}`)),
		code:     "UNSUPPORTED_LIKE", points: `"like"`, at: atUser + atFirst + "/Condition/NumericEquals/x:a/like",
		says: "operators of texts and ARNs"},
}

func (c findingCase) check(t *testing.T) {
	w := engine.NewWorld(engine.Parse(c.document), nil)
	var found []string
	for _, d := range w.Diagnostics {
		points := c.document[d.Start:d.End]
		found = append(found, d.Severity.String()+" "+d.Code+" at "+string(d.Pointer)+" on "+points+": "+d.Message+"; "+d.Hint)
		if d.Code == c.code && d.Severity == c.severity && string(d.Pointer) == c.at && points == c.points && strings.Contains(d.Message+" "+d.Hint, c.says) {
			return
		}
	}
	t.Errorf("no %v %s at %s on %s saying %q, but\n%s", c.severity, c.code, c.at, c.points, c.says, strings.Join(found, "\n"))
}

func TestFindingRules(t *testing.T) {
	for _, c := range findingRules {
		t.Run(c.rule, c.check)
	}
}

func TestADocumentWithoutMistakesHasNoFindings(t *testing.T) {
	world := cast{user: allowAll, box: everyoneGet, trust: trusted(ali), org: levels{unit: "+" + denyGet}.organization()}
	if w := engine.NewWorld(engine.Parse(plain(world)), nil); len(w.Diagnostics) > 0 {
		t.Error(w.Diagnostics)
	}
}

func TestAPolicyThatStandsAloneHasNoUnknownParts(t *testing.T) {
	for _, policy := range []string{doc(allow("*", part(""))), doc(part("")),
		doc(when(allow("*", "*"), `"Bool":{"x:a":`+part("")+`}`))} {
		found, _, _ := engine.CheckText(policy, "identity", nil)
		if len(found) != 1 || found[0].Severity != engine.Error || found[0].Code != "UNKNOWN_PART" ||
			policy[found[0].Start:found[0].End] != part("") {
			t.Errorf("%v for\n%s", found, policy)
		}
	}
}

func TestARequestThatCannotBeAskedIsReportedAndHasNoQuery(t *testing.T) {
	for _, document := range []string{asking(worker, "s3:GetObject", object), asking(ali, "s3:*", object), asking("", "s3:GetObject", object)} {
		w := engine.NewWorld(engine.Parse(document), nil)
		if w.Query(w.Scenario.Requests[0]) != nil {
			t.Errorf("a query for\n%s", document)
		}
	}
}

func TestAPolicyWithErrorsIsUnknownAndNotEmpty(t *testing.T) {
	for rule, world := range map[string]cast{
		"a broken identity policy":         {user: doc(`{"Effect":"allow","Action":"*","Resource":"*"}`)},
		"a broken statement beside others": {user: doc(allow("*", "*"), `{"Effect":"Allow","Action":"*"}`)},
		"a broken resource policy":         {box: doc(allow("*", "*"))},
	} {
		w := engine.NewWorld(engine.Parse(plain(world)), nil)
		if d := w.Query(w.Scenario.Requests[0]).Authorize(nil); d != engine.Depends {
			t.Errorf("with %s the answer is %v, want depends", rule, d)
		}
	}
}
