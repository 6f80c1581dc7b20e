package condition

// private are the ranges of addresses that no request arrives from over the
// internet: those of RFC 1918 and RFC 4193, and what never leaves a machine or
// a link.
var private = [...]string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10", "::1/128"}

// Network reads a value of an IP operator: exact is the range without the bits
// after its prefix, and isPrivate says that all of it is private. ok is false
// when the text is no address or range.
func Network(text string) (exact string, isPrivate, ok bool) {
	n, _ := parseNetwork(text)
	if !n.valid() {
		return "", false, false
	}
	for _, p := range private {
		if outer, _ := parseNetwork(p); outer.bits <= n.bits && outer.contains(n.address) {
			isPrivate = true
		}
	}
	return n.String(), isPrivate, true
}
