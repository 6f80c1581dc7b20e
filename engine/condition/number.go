package condition

import "strings"

// number is a decimal number, kept as its digits so that numbers of any length
// compare exactly. Its value is 0.DIGITS × 10^point.
type number struct {
	ok       bool
	negative bool
	// digits has no leading zero and may hold one '.', which has no meaning;
	// it is empty for zero.
	digits string
	point  int
}

// parseNumber reads [+-]digits[.digits][e[+-]digits]; ok is false for all else.
func parseNumber(text string) number {
	var n number
	rest := text
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		n.negative = rest[0] == '-'
		rest = rest[1:]
	}
	whole := leadingDigits(rest)
	mantissa := whole
	if whole == 0 {
		return number{}
	}
	if whole < len(rest) && rest[whole] == '.' {
		fraction := leadingDigits(rest[whole+1:])
		if fraction == 0 {
			return number{}
		}
		mantissa = whole + 1 + fraction
	}
	exponent := 0
	if mantissa < len(rest) {
		var ok bool
		if exponent, ok = parseExponent(rest[mantissa:]); !ok {
			return number{}
		}
	}
	n.ok, n.digits, n.point = true, rest[:mantissa], whole+exponent
	for n.digits != "" && (n.digits[0] == '0' || n.digits[0] == '.') {
		if n.digits[0] == '0' {
			n.point--
		}
		n.digits = n.digits[1:]
	}
	if n.digits == "" {
		n.negative, n.point = false, 0
	}
	return n
}

// parseExponent reads e[+-]digits of at most nine digits.
func parseExponent(text string) (exponent int, ok bool) {
	if text[0] != 'e' && text[0] != 'E' {
		return 0, false
	}
	text = text[1:]
	negative := false
	if text != "" && (text[0] == '-' || text[0] == '+') {
		negative = text[0] == '-'
		text = text[1:]
	}
	if n := leadingDigits(text); n == 0 || n < len(text) || n > 9 {
		return 0, false
	}
	exponent = decimal(text)
	if negative {
		exponent = -exponent
	}
	return exponent, true
}

// leadingDigits is the number of digits that a text starts with.
func leadingDigits(text string) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}

// decimal is the value of at most eighteen digits.
func decimal(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// compare is negative, zero or positive as a is less than, equal to or greater
// than b.
func (a number) compare(b number) int {
	if a.negative != b.negative {
		if a.negative {
			return -1
		}
		return 1
	}
	size := a.compareSize(b)
	if a.negative {
		return -size
	}
	return size
}

// compareSize compares the numbers without their signs.
func (a number) compareSize(b number) int {
	switch {
	case a.digits == "" && b.digits == "":
		return 0
	case a.digits == "":
		return -1
	case b.digits == "":
		return 1
	case a.point != b.point:
		return a.point - b.point
	}
	x, y := a.digits, b.digits
	for x != "" || y != "" {
		var c, d byte
		c, x = nextDigit(x)
		d, y = nextDigit(y)
		if c != d {
			return int(c) - int(d)
		}
	}
	return 0
}

// nextDigit takes one digit from the front; after the last it is '0'.
func nextDigit(digits string) (byte, string) {
	if digits != "" && digits[0] == '.' {
		digits = digits[1:]
	}
	if digits == "" {
		return '0', ""
	}
	return digits[0], digits[1:]
}

// step is the number that differs from a readable one by one unit of its last
// written digit, upwards or downwards. It is "" for a number with an exponent
// that would take long to write out.
func step(text string, up bool) string {
	if strings.ContainsAny(text, "eE") {
		if text = plain(parseNumber(text)); text == "" {
			return ""
		}
	}
	negative := text[0] == '-'
	digits := []byte(strings.TrimLeft(text, "+-"))
	if strings.Trim(string(digits), "0.") == "" {
		negative = !up
	}
	if up != negative {
		digits = raise(digits)
	} else {
		lower(digits)
	}
	whole, fraction, decimal := strings.Cut(string(digits), ".")
	out := strings.TrimLeft(whole, "0")
	if out == "" {
		out = "0"
	}
	if decimal {
		out += "." + fraction
	}
	if negative && strings.Trim(out, "0.") != "" {
		out = "-" + out
	}
	return out
}

// plain is a number written without an exponent; "" if its point stands further
// than most from its digits.
func plain(n number) string {
	const most = 400
	digits := strings.TrimRight(strings.Replace(n.digits, ".", "", 1), "0")
	if digits == "" {
		return "0"
	}
	if n.point > most || n.point < -most {
		return ""
	}
	if n.point > len(digits) {
		digits += strings.Repeat("0", n.point-len(digits))
	}
	whole := "0"
	if n.point > 0 {
		whole, digits = digits[:n.point], digits[n.point:]
	} else {
		digits = strings.Repeat("0", -n.point) + digits
	}
	if digits != "" {
		whole += "." + digits
	}
	if n.negative {
		whole = "-" + whole
	}
	return whole
}

// raise adds one to the last digit.
func raise(digits []byte) []byte {
	for i := len(digits) - 1; i >= 0; i-- {
		switch digits[i] {
		case '.':
		case '9':
			digits[i] = '0'
		default:
			digits[i]++
			return digits
		}
	}
	return append([]byte{'1'}, digits...)
}

// lower subtracts one from the last digit of a number that is not zero.
func lower(digits []byte) {
	for i := len(digits) - 1; i >= 0; i-- {
		switch digits[i] {
		case '.':
		case '0':
			digits[i] = '9'
		default:
			digits[i]--
			return
		}
	}
}
