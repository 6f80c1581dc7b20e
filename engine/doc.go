// Package engine decides AWS IAM requests in a described world, as AWS
// documents that it would.
//
// # Terms
//
// A [Scenario] is a document: accounts with their users, groups, roles,
// resources and policies, perhaps an organization, and requests. A [World] is a
// scenario made ready to decide. A [Request] asks whether one principal may
// perform one action on one resource; made ready in its world it is a [Query].
// A [Decision] is the answer. An [Evaluation] is the answer with its record: the
// [Stage]s of AWS's flow, the steps that were taken, and what the answer rests on.
//
// A statement matches: its Principal, Action, Resource and every Condition fit
// the request. A set of policies decides: what its matching statements say
// together. A [Layer] is a kind of policy, or a rule of a service, that can
// decide a request. An unknown is a fact that the document says nobody knows;
// matching then has three values, and the decision may be [Depends].
// A [Part] is such a fact inside of a policy: a value, or a whole statement.
//
// # The way of a text
//
//	text → Parse → Scenario → NewWorld → World → Query → Authorize or Evaluate
//
// Data only moves down this line. Mistakes of the user are diagnostics, never
// errors. The package is pure: no clock, no randomness, no input or output, no
// goroutines, and no order of a map that anyone could see.
//
// # Not simulated
//
// KMS grants, S3 access control lists, AWS RAM, Lake Formation, network access
// control lists; the resource-based policies of AWS Sign-In and IAM's temporary
// delegation; the packed size of session policies; the delay with which AWS's
// changes take effect; and the unique IDs behind principals of trust policies.
// Which condition keys a service really sends is known of those that AWS always
// sends, and with facts from the catalogue of tags.
package engine
