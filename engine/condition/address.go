package condition

import (
	"strconv"
	"strings"
)

// address is an IP address; the zero value is none. net/netip would do, but
// weighs as much in the page's binary as this package.
type address struct {
	// size is the number of bytes, 4 or 16; those after them are zero.
	size  int
	bytes [16]byte
}

// parseAddress reads an address without a zone: four decimal numbers, or an
// IPv6 address as of RFC 4291, the last four bytes of which may be written like
// an IPv4 address. No number has leading zeros in decimal. It is no address for
// all else.
func parseAddress(text string) address {
	a := address{size: 4}
	if strings.IndexByte(text, ':') < 0 {
		if n := fields(a.bytes[:4], text); n == 4 {
			return a
		}
		return address{}
	}
	a.size = 16
	head, tail, gap := strings.Cut(text, "::")
	n := groups(a.bytes[:], head, !gap)
	if !gap {
		if n == 16 {
			return a
		}
		return address{}
	}
	var after [16]byte
	m := groups(after[:], tail, true)
	if n < 0 || m < 0 || n+m > 14 {
		return address{}
	}
	copy(a.bytes[16-m:], after[:m])
	return a
}

// groups reads numbers of one to four hexadecimal digits with a colon between
// them, two bytes each, and returns how many bytes they are, or -1 if they are
// not such numbers or too many. The last may be an IPv4 address if dotted says
// so.
func groups(bytes []byte, text string, dotted bool) int {
	n := 0
	for more := text != ""; more; n += 2 {
		var group string
		group, text, more = strings.Cut(text, ":")
		if dotted && !more && strings.IndexByte(group, '.') >= 0 {
			if n > len(bytes)-4 || fields(bytes[n:n+4], group) < 4 {
				return -1
			}
			return n + 4
		}
		number := hexadecimal(group)
		if number < 0 || n == len(bytes) {
			return -1
		}
		bytes[n], bytes[n+1] = byte(number>>8), byte(number)
	}
	return n
}

// hexadecimal is a number of one to four hexadecimal digits, or -1 for all
// else.
func hexadecimal(text string) int {
	if text == "" || len(text) > 4 {
		return -1
	}
	n := 0
	for i := range len(text) {
		digit := strings.IndexByte("0123456789abcdefABCDEF", text[i])
		if digit < 0 {
			return -1
		}
		if digit > 15 {
			digit -= 6
		}
		n = n<<4 | digit
	}
	return n
}

// fields reads the decimal numbers of an IPv4 address, with a dot between
// them, and returns how many there are, or -1 if they are not such numbers or
// too many.
func fields(bytes []byte, text string) int {
	n := 0
	for more := true; more; n++ {
		var field string
		field, text, more = strings.Cut(text, ".")
		number := short(field)
		if number < 0 || number > 255 || n == len(bytes) {
			return -1
		}
		bytes[n] = byte(number)
	}
	return n
}

// short is a decimal number of one to three digits without leading zeros, or
// -1 for all else.
func short(text string) int {
	n := len(text)
	if n == 0 || n > 3 || leadingDigits(text) < n || n > 1 && text[0] == '0' {
		return -1
	}
	return decimal(text)
}

// next is the address after a one, or before it for a step of -1; it is none
// at either end.
func (a address) next(step int) address {
	for i := a.size - 1; i >= 0; i-- {
		sum := int(a.bytes[i]) + step
		a.bytes[i] = byte(sum)
		if sum == int(a.bytes[i]) {
			return a
		}
	}
	return address{}
}

// String is the address as RFC 5952 has it: lower case, without leading zeros,
// "::" for the longest run of zeros.
func (a address) String() string {
	b := a.bytes[:a.size]
	if a.size == 4 {
		return dotted(b)
	}
	if mapped := parseAddress("::ffff:0:0"); (network{mapped, 96}).contains(a) {
		return "::ffff:" + dotted(b[12:])
	}
	start, length := 0, 0
	for i := 0; i < len(b); i += 2 {
		n := 0
		for i+n < len(b) && b[i+n] == 0 && b[i+n+1] == 0 {
			n += 2
		}
		if n > max(length, 2) {
			start, length = i, n
		}
	}
	if length == 0 {
		return colons(b)
	}
	return colons(b[:start]) + "::" + colons(b[start+length:])
}

func dotted(b []byte) string {
	out := ""
	for _, c := range b {
		out += "." + strconv.Itoa(int(c))
	}
	return out[1:]
}

func colons(b []byte) string {
	out := ""
	for i := 0; i < len(b); i += 2 {
		out += ":" + strconv.FormatInt(int64(b[i])<<8|int64(b[i+1]), 16)
	}
	return strings.TrimPrefix(out, ":")
}

// network is the addresses that begin with the same bits; the zero value has
// none. The bits after those are zero in its address.
type network struct {
	address
	bits int
}

// parseNetwork reads an address with or without a prefix length; without one
// it is the network of just that address. exact is false if bits after the
// prefix are set; they are ignored.
func parseNetwork(text string) (n network, exact bool) {
	text, length, given := strings.Cut(text, "/")
	a := parseAddress(text)
	bits := 8 * a.size
	if given {
		if bits = short(length); bits > 8*a.size {
			return network{}, true
		}
	}
	if a.size == 0 || bits < 0 {
		return network{}, true
	}
	n = network{a.fill(bits, 0), bits}
	return n, n.address == a
}

// fill is the address with the bits after the first ones set to those of with.
func (a address) fill(bits int, with byte) address {
	for bit := bits; bit < 8*a.size; bit++ {
		mask := byte(0x80) >> (bit % 8)
		a.bytes[bit/8] = a.bytes[bit/8]&^mask | with&mask
	}
	return a
}

func (n network) valid() bool { return n.size > 0 }

// last is the highest address of the network.
func (n network) last() address { return n.fill(n.bits, 0xff) }

// contains reports whether an address is one of the network. An IPv4 address
// is never one of an IPv6 network, nor the other way round.
func (n network) contains(a address) bool {
	return n.valid() && n.size == a.size && a.fill(n.bits, 0) == n.address
}

// String is the network with its prefix length.
func (n network) String() string { return n.address.String() + "/" + strconv.Itoa(n.bits) }
