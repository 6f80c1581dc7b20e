package condition

import "strconv"

// Instant is a point in time: seconds since 1970-01-01T00:00:00Z, which may be
// negative, and nanoseconds from 0 to 999,999,999 after that second.
type Instant struct {
	Seconds int64
	Nanos   int32
}

// Compare is negative, zero or positive as a is before, at or after b.
func (a Instant) Compare(b Instant) int {
	switch {
	case a.Seconds < b.Seconds, a.Seconds == b.Seconds && a.Nanos < b.Nanos:
		return -1
	case a == b:
		return 0
	}
	return 1
}

const (
	secondsOfDay = 24 * 60 * 60
	// maxSecondDigits keeps Unix seconds well inside of 64 bits.
	maxSecondDigits = 15
)

// ParseInstant reads a date as IAM's Date operators do. It is YYYY, YYYY-MM,
// YYYY-MM-DD, or YYYY-MM-DDThh:mm, optionally with :ss and a fraction, and
// then Z, +hh:mm or -hh:mm; or Unix seconds, optionally with sign and
// fraction. Four digits alone are a year. Digits beyond nanoseconds are cut.
func ParseInstant(text string) (Instant, bool) {
	if n := leadingDigits(text); n != 4 || n < len(text) && text[n] != '-' {
		return parseSeconds(text)
	}
	s := scanner{rest: text}
	year := s.number(4)
	month, day := 1, 1
	if s.take('-') {
		month = s.number(2)
		if s.take('-') {
			day = s.number(2)
			if s.take('T') {
				return s.time(year, month, day)
			}
		}
	}
	if s.failed || s.rest != "" || !validDay(year, month, day) {
		return Instant{}, false
	}
	return Instant{Seconds: daysSince1970(year, month, day) * secondsOfDay}, true
}

// scanner reads numbers of fixed width; failed is set by the first that is
// missing.
type scanner struct {
	rest   string
	failed bool
}

func (s *scanner) number(width int) int {
	if s.failed || len(s.rest) < width || leadingDigits(s.rest[:width]) < width {
		s.failed = true
		return 0
	}
	n := decimal(s.rest[:width])
	s.rest = s.rest[width:]
	return n
}

// take reads one character if it is next.
func (s *scanner) take(c byte) bool {
	if s.failed || s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// expect reads one character that must be next.
func (s *scanner) expect(c byte) {
	if !s.take(c) {
		s.failed = true
	}
}

// time reads what follows the T.
func (s *scanner) time(year, month, day int) (Instant, bool) {
	hour := s.number(2)
	s.expect(':')
	minute := s.number(2)
	second, nanos := 0, int32(0)
	if s.take(':') {
		second = s.number(2)
		if s.take('.') {
			nanos = s.fraction()
		}
	}
	offset := 0
	if !s.take('Z') {
		east := s.take('+')
		if !east {
			s.expect('-')
		}
		h := s.number(2)
		s.expect(':')
		m := s.number(2)
		if h > 23 || m > 59 {
			s.failed = true
		}
		offset = (h*60 + m) * 60
		if !east {
			offset = -offset
		}
	}
	if s.failed || s.rest != "" || hour > 23 || minute > 59 || second > 59 || !validDay(year, month, day) {
		return Instant{}, false
	}
	clock := (hour*60+minute)*60 + second - offset
	return Instant{daysSince1970(year, month, day)*secondsOfDay + int64(clock), nanos}, true
}

// fraction reads the digits after the decimal point, as nanoseconds.
func (s *scanner) fraction() int32 {
	n := leadingDigits(s.rest)
	if n == 0 {
		s.failed = true
	}
	nanos := 0
	for i := range 9 {
		nanos *= 10
		if i < n {
			nanos += int(s.rest[i] - '0')
		}
	}
	s.rest = s.rest[n:]
	return int32(nanos)
}

// parseSeconds reads Unix seconds.
func parseSeconds(text string) (Instant, bool) {
	s := scanner{rest: text}
	negative := s.take('-')
	n := leadingDigits(s.rest)
	if n == 0 || n > maxSecondDigits {
		return Instant{}, false
	}
	at := Instant{Seconds: int64(s.number(n))}
	if s.take('.') {
		at.Nanos = s.fraction()
	}
	if s.failed || s.rest != "" {
		return Instant{}, false
	}
	if negative {
		at.Seconds = -at.Seconds
		if at.Nanos > 0 {
			at.Seconds--
			at.Nanos = 1_000_000_000 - at.Nanos
		}
	}
	return at, true
}

var daysBefore = [...]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func validDay(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := daysBefore[month] - daysBefore[month-1]
	if month == 2 && leap(year) {
		days++
	}
	return day <= days
}

// daysSince1970 counts days in the Gregorian calendar, for years from 0 on.
func daysSince1970(year, month, day int) int64 {
	const untilEpoch = 719528 // days from 0000-01-01 to 1970-01-01
	days := year*365 + daysBefore[month-1] + day - 1
	if year > 0 {
		days += (year-1)/4 - (year-1)/100 + (year-1)/400 + 1
	}
	if month > 2 && leap(year) {
		days++
	}
	return int64(days) - untilEpoch
}

// FormatSeconds is the text of a whole second: YYYY-MM-DDThh:mm:ssZ for the
// years 0 to 9999, Unix seconds outside of them. ParseInstant reads it back.
func FormatSeconds(seconds int64) string {
	days, clock := seconds/secondsOfDay, int(seconds%secondsOfDay)
	if clock < 0 {
		days--
		clock += secondsOfDay
	}
	if days < daysSince1970(0, 1, 1) || days > daysSince1970(9999, 12, 31) {
		return strconv.FormatInt(seconds, 10)
	}
	year, month := 0, 1
	for bit := 1 << 13; bit > 0; bit >>= 1 {
		if year+bit <= 9999 && daysSince1970(year+bit, 1, 1) <= days {
			year += bit
		}
	}
	for month < 12 && daysSince1970(year, month+1, 1) <= days {
		month++
	}
	day := int(days-daysSince1970(year, month, 1)) + 1
	return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T" +
		padded(clock/3600, 2) + ":" + padded(clock/60%60, 2) + ":" + padded(clock%60, 2) + "Z"
}

func padded(n, width int) string {
	text := strconv.Itoa(n)
	for len(text) < width {
		text = "0" + text
	}
	return text
}
