// Package arn reads Amazon Resource Names and compares them part by part, as
// the condition operators ArnEquals and ArnLike do.
//
// Resource elements are not compared this way: there one pattern runs over
// the whole text, colons included (package pattern).
package arn

import "strings"

// ARN is a name in its six parts. Any part but the prefix may be empty.
type ARN struct {
	Partition, Service, Region, Account string
	// Resource is all that follows the fifth colon, colons included.
	Resource string
}

// Parse reads arn:partition:service:region:account:resource. It is false if
// the text has fewer than six parts or does not start with "arn:".
func Parse(text string) (ARN, bool) {
	parts, n := Split(text)
	if n < len(parts) || parts[0] != "arn" {
		return ARN{}, false
	}
	return ARN{parts[1], parts[2], parts[3], parts[4], parts[5]}, true
}

// Split cuts a text at its first five colons. n is the number of parts, from
// 1 to 6; parts beyond it are empty.
func Split(text string) (parts [6]string, n int) {
	for n < len(parts)-1 {
		colon := strings.IndexByte(text, ':')
		if colon < 0 {
			break
		}
		parts[n] = text[:colon]
		text = text[colon+1:]
		n++
	}
	parts[n] = text
	return parts, n + 1
}

// String is the ARN as text.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}
