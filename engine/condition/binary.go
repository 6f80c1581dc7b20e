package condition

import "strings"

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// canonicalBase64 reports whether a text is base64 in its one canonical form:
// padded, without blanks, and with the unused bits zero. Two such texts stand
// for the same bytes exactly if they are equal.
func canonicalBase64(text string) bool {
	if len(text)%4 != 0 {
		return false
	}
	body := strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
	last := 0
	for i := range len(body) {
		last = strings.IndexByte(base64Letters, body[i])
		if last < 0 {
			return false
		}
	}
	switch len(text) - len(body) {
	case 1:
		return last&0b11 == 0
	case 2:
		return last&0b1111 == 0
	}
	return true
}
