package catalog

import "strings"

// Resealed is a text with the checksum that it should have, so that what is
// wrong inside of it is met by the decoder.
func Resealed(text string) string {
	head, _ := strings.CutPrefix(text, magic)
	date, rest, _ := strings.Cut(head, string(mark))
	_, body, _ := strings.Cut(rest, string(mark))
	return magic + date + string(mark) + checksum(date+body) + string(mark) + body
}

// Longest and Most are the limits on names and lists.
const (
	Longest = longest
	Most    = most
)
