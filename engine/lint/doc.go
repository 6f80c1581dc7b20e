// Package lint holds policies to the checks of IAM Access Analyzer, and to some
// more that follow from how AWS decides. Terms:
//
//   - check: one row of the catalogue of checks, by AWS's issue code;
//   - finding: what a check found at one place, with a fix where there is a clear one;
//   - type: what a policy is (identity-based, a trust policy of a role, …), which
//     some checks ask for;
//   - quota: how much of a limit of AWS's is used.
//
// What reading a document finds anyway (package engine) is among the findings,
// once, under AWS's code and severity. Nothing here is needed to decide a
// request, and the page's first binary has none of it but Actions.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
package lint
