package catalog

import "strings"

// Resealed is a text with the checksum that it should have, so that what is
// wrong inside of it is met by the decoder.
func Resealed(text string) string {
	_, body, _ := strings.Cut(text, string(mark))
	return magic + checksum(body) + string(mark) + body
}

// Longest and Most are the limits on names and lists.
const (
	Longest = longest
	Most    = most
)
