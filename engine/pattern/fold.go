package pattern

import "unicode"

// sameLetter reports whether a and b differ at most in case, by the simple
// folding that strings.EqualFold uses.
func sameLetter(a, b rune) bool {
	if a == b {
		return true
	}
	if a < unicode.MaxASCII && b < unicode.MaxASCII {
		return a|0x20 == b|0x20 && 'a' <= a|0x20 && a|0x20 <= 'z'
	}
	for f := unicode.SimpleFold(a); f != a; f = unicode.SimpleFold(f) {
		if f == b {
			return true
		}
	}
	return false
}
