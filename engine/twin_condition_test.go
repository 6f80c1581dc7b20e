package engine_test

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"net"
	"regexp"
	"strings"
	"time"
)

// symbol is one character of a pattern after variables: literal or wildcard.
type symbol struct {
	char     rune
	wildcard bool
	given    bool // by a variable
}

var variablePattern = regexp.MustCompile(`^\$\{([^}]*)\}`)

// resolve replaces variables; ok is false if one has no value: section 5.
func (t *twin) resolve(pattern string, variables bool) (out []symbol, ok bool) {
	for pattern != "" {
		if m := variablePattern.FindStringSubmatch(pattern); m != nil && variables {
			value, ok := t.valueOf(m[1])
			if !ok {
				return nil, false
			}
			for _, r := range value {
				out = append(out, symbol{char: r, given: true})
			}
			pattern = pattern[len(m[0]):]
			continue
		}
		for _, r := range pattern {
			out = append(out, symbol{char: r, wildcard: r == '*' || r == '?'})
			pattern = pattern[len(string(r)):]
			break
		}
	}
	return out, true
}

func (t *twin) valueOf(variable string) (string, bool) {
	if variable == "*" || variable == "?" || variable == "$" {
		return variable, true
	}
	key, standard, hasDefault := strings.Cut(variable, ", ")
	f := t.fact(key)
	present := f != nil
	switch {
	case present && !f.many:
		return f.values[0], true
	case present, !hasDefault:
		return "", false
	}
	return strings.Trim(standard, "'"), true
}

// glob is the whole-string match, by trying everything.
func glob(pattern []symbol, s []rune) bool {
	switch {
	case len(pattern) == 0:
		return len(s) == 0
	case pattern[0].wildcard && pattern[0].char == '*':
		return glob(pattern[1:], s) || len(s) > 0 && glob(pattern, s[1:])
	case len(s) == 0:
		return false
	case pattern[0].wildcard || pattern[0].char == s[0]:
		return glob(pattern[1:], s[1:])
	}
	return false
}

func (t *twin) like(pattern, s string, variables bool) bool {
	symbols, ok := t.resolve(pattern, variables)
	return ok && glob(symbols, []rune(s))
}

// segments splits a pattern at its first five colons that no variable gave.
func segments(pattern []symbol) [][]symbol {
	out := [][]symbol{nil}
	for _, s := range pattern {
		if s.char == ':' && !s.given && len(out) < 6 {
			out = append(out, nil)
			continue
		}
		out[len(out)-1] = append(out[len(out)-1], s)
	}
	return out
}

var operatorPattern = regexp.MustCompile(`^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$`)

// holds: section 4, one operator with one key.
func (t *twin) holds(operator, key string, of any, variables bool) bool {
	m := operatorPattern.FindStringSubmatch(operator)
	set, base, ifExists := m[1], m[2], m[3] != ""
	f, values := t.fact(key), texts(of)
	present := f != nil
	negated := strings.Contains(base, "Not")
	if base == "Null" {
		if set != "" {
			return set == "ForAllValues:"
		}
		null := "true"
		if present && len(f.values) > 0 {
			null = "false"
		}
		for _, v := range values {
			if v == null {
				return true
			}
		}
		return false
	}
	satisfied := func(r string) bool {
		for _, v := range listOf(of) {
			if part, ok := v.(fields); ok && t.within(part, r) {
				return !negated
			}
		}
		for _, v := range values {
			if t.compare(strings.Replace(base, "Not", "", 1), v, r, variables) {
				return !negated
			}
		}
		return negated
	}
	if !present {
		switch {
		case ifExists, set == "ForAllValues:":
			return true
		case set == "ForAnyValue:":
			return false
		}
		return negated
	}
	switch set {
	case "ForAllValues:":
		for _, r := range f.values {
			if !satisfied(r) {
				return false
			}
		}
		return true
	case "ForAnyValue:":
		for _, r := range f.values {
			if satisfied(r) {
				return true
			}
		}
		return false
	}
	return !f.many && satisfied(f.values[0])
}

// compare is one value of the policy against one of the request.
func (t *twin) compare(base, v, r string, variables bool) bool {
	plain := func() (string, bool) {
		symbols, ok := t.resolve(v, variables)
		var b strings.Builder
		for _, s := range symbols {
			b.WriteRune(s.char)
		}
		return b.String(), ok
	}
	three := func(order string, compared int, ok bool) bool {
		switch {
		case !ok:
			return false
		case compared < 0:
			return strings.HasPrefix(order, "LessThan")
		case compared > 0:
			return strings.HasPrefix(order, "GreaterThan")
		}
		return strings.HasSuffix(order, "Equals")
	}
	switch {
	case base == "StringEquals":
		s, ok := plain()
		return ok && s == r
	case base == "StringEqualsIgnoreCase":
		s, ok := plain()
		return ok && strings.EqualFold(s, r)
	case base == "StringLike":
		return t.like(v, r, variables)
	case base == "Bool":
		s, ok := plain()
		return ok && strings.EqualFold(s, r) && (strings.EqualFold(r, "true") || strings.EqualFold(r, "false"))
	case base == "BinaryEquals":
		a, err := base64.StdEncoding.DecodeString(v)
		b, err2 := base64.StdEncoding.DecodeString(r)
		return err == nil && err2 == nil && bytes.Equal(a, b)
	case base == "ArnEquals", base == "ArnLike":
		symbols, ok := t.resolve(v, variables)
		parts, given := segments(symbols), strings.SplitN(r, ":", 6)
		if !ok || len(parts) < 6 || len(given) < 6 {
			return false
		}
		for i := range parts {
			if !glob(parts[i], []rune(given[i])) {
				return false
			}
		}
		return true
	case base == "IpAddress":
		return inRange(r, v)
	case strings.HasPrefix(base, "Numeric"):
		a, ok := number(r)
		b, ok2 := number(v)
		return ok && ok2 && three(strings.TrimPrefix(base, "Numeric"), a.Cmp(b), true)
	case strings.HasPrefix(base, "Date"):
		a, ok := instant(r)
		b, ok2 := instant(v)
		return ok && ok2 && three(strings.TrimPrefix(base, "Date"), a.Cmp(b), true)
	}
	panic("operator " + base)
}

var numberPattern = regexp.MustCompile(`^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$`)

func number(s string) (*big.Rat, bool) {
	if !numberPattern.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// seconds is an instant as Unix seconds.
type seconds struct{ *big.Rat }

func (s seconds) Cmp(o seconds) int { return s.Rat.Cmp(o.Rat) }
func (s seconds) String() string    { return s.RatString() }

var epochPattern = regexp.MustCompile(`^(-?\d{5,}|-?\d+\.\d+)$`)

func instant(s string) (seconds, bool) {
	if epochPattern.MatchString(s) {
		r, ok := new(big.Rat).SetString(s)
		return seconds{r}, ok
	}
	for _, layout := range []string{"2006", "2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00"} {
		if at, err := time.Parse(layout, s); err == nil {
			r := new(big.Rat).SetFrac64(int64(at.Nanosecond()), 1_000_000_000)
			return seconds{r.Add(r, new(big.Rat).SetInt64(at.Unix()))}, true
		}
	}
	return seconds{}, false
}

func inRange(address, network string) bool {
	ip := net.ParseIP(address)
	if ip == nil {
		return false
	}
	four := func(s string) bool { return !strings.Contains(s, ":") }
	if four(address) != four(network) {
		return false
	}
	if _, n, err := net.ParseCIDR(network); err == nil {
		return n.Contains(ip)
	}
	other := net.ParseIP(network)
	return other != nil && other.Equal(ip)
}
