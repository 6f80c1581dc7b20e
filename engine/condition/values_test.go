package condition

import (
	"encoding/base64"
	"math/big"
	"strconv"
	"testing"
	"time"
)

func TestNumbersCompareExactly(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want order
	}{
		{"1", "1.0", equal},
		{"1", "01", equal},
		{"-0", "+0.00", equal},
		{"0.5", "0.50", equal},
		{"1e3", "1000", equal},
		{"12.5e-1", "1.25", equal},
		{"0.001", "1E-3", equal},
		{"2", "10", less},
		{"-2", "-10", greater},
		{"-1", "1", less},
		{"0", "0.0001", less},
		{"0", "-0.0001", greater},
		{"9007199254740993", "9007199254740992", greater},
		{"123456789012345678901234567890", "123456789012345678901234567891", less},
		{"0.1", "0.10000000000000000001", less},
		{"100", "99.9", greater},
		{"1.05", "1.5", less},
	} {
		a, b := parseNumber(c.a), parseNumber(c.b)
		if !a.ok || !b.ok || orderOf(a.compare(b)) != c.want || orderOf(b.compare(a)) != map[order]order{less: greater, greater: less, equal: equal}[c.want] {
			t.Errorf("%s, %s: %d", c.a, c.b, a.compare(b))
		}
	}
}

func TestWhatIsNoNumber(t *testing.T) {
	for _, text := range []string{"", " 1", "1 ", "-", "+", ".5", "5.", ".", "0x10", "1_000", "NaN", "Inf", "1e", "1e+", "1e1.5", "1e1234567890", "1,5", "١", "1.2.3", "--1", "e5"} {
		if parseNumber(text).ok {
			t.Errorf("%q is read as a number", text)
		}
	}
}

func FuzzNumbersAreThoseOfBigRat(f *testing.F) {
	f.Add("1.5", "-2e3")
	f.Add("0.10", "00.1")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := parseNumber(a), parseNumber(b)
		if !x.ok || !y.ok || len(a) > 40 || len(b) > 40 || x.point > 99 || x.point < -99 || y.point > 99 || y.point < -99 {
			return
		}
		p, okA := new(big.Rat).SetString(a)
		q, okB := new(big.Rat).SetString(b)
		if !okA || !okB || orderOf(x.compare(y)) != orderOf(p.Cmp(q)) {
			t.Fatalf("%s, %s: %d", a, b, x.compare(y))
		}
		down, up := parseNumber(step(a, false)), parseNumber(step(a, true))
		if !down.ok || !up.ok || down.compare(up) >= 0 {
			t.Fatalf("the neighbours of %s are %s and %s", a, step(a, false), step(a, true))
		}
	})
}

func TestStep(t *testing.T) {
	for _, c := range []struct{ text, down, up string }{
		{"5", "4", "6"},
		{"0", "-1", "1"},
		{"-0", "-1", "1"},
		{"-1", "-2", "0"},
		{"1", "0", "2"},
		{"99", "98", "100"},
		{"100", "99", "101"},
		{"-100", "-101", "-99"},
		{"0.5", "0.4", "0.6"},
		{"1.0", "0.9", "1.1"},
		{"9.9", "9.8", "10.0"},
		{"-0.1", "-0.2", "0.0"},
		{"+7", "6", "8"},
		{"007", "6", "8"},
		{"9007199254740993", "9007199254740992", "9007199254740994"},
		{"2e2", "199", "201"},
		{"2.5e2", "249", "251"},
		{"-1.20e-2", "-0.013", "-0.011"},
		{"0e5", "-1", "1"},
		{"1e999", "", ""},
		{"1e-999", "", ""},
	} {
		if down, up := step(c.text, false), step(c.text, true); down != c.down || up != c.up {
			t.Errorf("%s: %q, %q", c.text, down, up)
		}
	}
}

func TestParseInstant(t *testing.T) {
	for text, want := range map[string]Instant{
		"1970":                            {0, 0},
		"1970-01":                         {0, 0},
		"2024-03":                         {1709251200, 0},
		"2024-02-29":                      {1709164800, 0},
		"2023-11-14T22:13Z":               {1699999980, 0},
		"2023-11-14T22:13:20Z":            {1700000000, 0},
		"2023-11-14T22:13:20.5Z":          {1700000000, 500000000},
		"2023-11-14T22:13:20.123456789Z":  {1700000000, 123456789},
		"2023-11-14T22:13:20.1234567899Z": {1700000000, 123456789},
		"2023-11-15T00:13:20+02:00":       {1700000000, 0},
		"2023-11-14T17:43:20-04:30":       {1700000000, 0},
		"1969-12-31T23:59:59Z":            {-1, 0},
		"1700000000":                      {1700000000, 0},
		"1700000000.25":                   {1700000000, 250000000},
		"-1.25":                           {-2, 750000000},
		"0":                               {0, 0},
		"2024.5":                          {2024, 500000000},
		"20240":                           {20240, 0},
		"0000-01-01":                      {-62167219200, 0},
		"9999-12-31T23:59:59Z":            {253402300799, 0},
	} {
		if got, ok := ParseInstant(text); !ok || got != want {
			t.Errorf("%q: %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "2023-", "2023-1", "2023-13", "2023-00", "2023-02-29", "1900-02-29", "2023-04-31", "2023-01-00", "2023-01-01T", "2023-01-01T10Z",
		"2023-01-01T10:00", "2023-01-01T10:00:00", "2023-01-01T24:00Z", "2023-01-01T10:60Z", "2023-01-01T10:00:60Z", "2023-01-01T10:00:00.Z", "2023-01-01T10:00Z ",
		"2023-01-01t10:00z", "2023-01-01T10:00+0200", "2023-01-01T10:00+24:00", "2023-01-01T10:00+02:60", "2023-01-01 10:00Z", "2023-01-01T10:00:00", "1e9", "12:00",
		"1.", "-", "-.5", "1234567890123456", "today", "2023-01-01Z"} {
		if got, ok := ParseInstant(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func FuzzInstantsAreThoseOfTime(f *testing.F) {
	f.Add(int64(0))
	f.Add(int64(1709164800))
	f.Add(int64(-62167219200))
	f.Add(int64(253402300800))
	f.Fuzz(func(t *testing.T, seconds int64) {
		seconds %= 1_000_000_000_000
		text := FormatSeconds(seconds)
		if got, ok := ParseInstant(text); !ok || got != (Instant{Seconds: seconds}) {
			t.Fatalf("%d is %q is %v", seconds, text, got)
		}
		want := time.Unix(seconds, 0).UTC()
		if year := want.Year(); year < 0 || year > 9999 {
			if text != strconv.FormatInt(seconds, 10) {
				t.Fatalf("%d is %q", seconds, text)
			}
		} else if text != want.Format("2006-01-02T15:04:05Z") {
			t.Fatalf("%d is %q, not %v", seconds, text, want)
		}
	})
}

func FuzzCanonicalBase64IsThatOfTheLibrary(f *testing.F) {
	for _, seed := range []string{"", "QQ==", "QR==", "QUI=", "QUJ=", "QUJD", "Q===", "====", "QU=D", "QUJD\n", "-_-_"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		bytes, err := base64.StdEncoding.Strict().DecodeString(text)
		want := err == nil && base64.StdEncoding.EncodeToString(bytes) == text
		if got := canonicalBase64(text); got != want {
			t.Fatalf("%q: %v", text, got)
		}
	})
}
