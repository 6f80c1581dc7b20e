package render

import "testing"

func TestCharactersThatAreNotWhatTheySeemAreWrittenAsTheirCodes(t *testing.T) {
	for name, c := range map[string]struct{ text, prose, document string }{
		"plain text":                             {"arn:aws:s3:::acme/*", "", ""},
		"other languages":                        {"Отчёт für Zoë, 報告書, S3バケット, تقرير", "", ""},
		"a Russian word beside an English one":   {"IAM-роль", "", ""},
		"turned direction":                       {"user/\u202egnp.exe", `user/\u{202E}gnp.exe`, `user/\u{202E}gnp.exe`},
		"isolates and marks of direction":        {"\u2066a\u2069\u200e", `\u{2066}a\u{2069}\u{200E}`, `\u{2066}a\u{2069}\u{200E}`},
		"characters of no width":                 {"ad\u200bmin\ufeff", `ad\u{200B}min\u{FEFF}`, `ad\u{200B}min\u{FEFF}`},
		"letters without ink":                    {"a\u3164b\u2800", `a\u{3164}b\u{2800}`, `a\u{3164}b\u{2800}`},
		"spaces of a strange kind":               {"a\u2003b", `a\u{2003}b`, `a\u{2003}b`},
		"a space that holds prose together":      {"10\u00a0%", "", `10\u{00A0}%`},
		"beyond the first plane":                 {"\U000e0041", `\u{E0041}`, `\u{E0041}`},
		"controls":                               {"\x1b[2J\u009b", `\u{001B}[2J\u{009B}`, `\u{001B}[2J\u{009B}`},
		"a Cyrillic letter among Latin ones":     {"user/аdmin", `user/\u{0430}dmin`, `user/\u{0430}dmin`},
		"a word of look-alikes beside ASCII":     {"user/сор", `user/\u{0441}\u{043E}\u{0440}`, `user/\u{0441}\u{043E}\u{0440}`},
		"a word of look-alikes alone":            {`"сор"`, "", `"\u{0441}\u{043E}\u{0440}"`},
		"ASCII of full width":                    {"s3：Ｇet", `s3\u{FF1A}\u{FF27}et`, `s3\u{FF1A}\u{FF27}et`},
		"a slash and a star that are none":       {"acme∕x∗", `acme\u{2215}x\u{2217}`, `acme\u{2215}x\u{2217}`},
		"letters of mathematics":                 {"𝐀dmin", `\u{1D400}dmin`, `\u{1D400}dmin`},
		"a tab":                                  {"a\tb", "a    b", "a    b"},
		"a byte that is no UTF-8":                {"a\xffb", "a\ufffdb", "a\ufffdb"},
		"an accent on a letter of ASCII is none": {"e\u0301", "", ""},
	} {
		for document, want := range map[bool]string{false: c.prose, true: c.document} {
			if want == "" {
				want = c.text
			}
			if got := joined(reveal(c.text, document)); got != want {
				t.Errorf("%s: %q, expected %q (document: %v)", name, got, want, document)
			}
		}
	}
}

func TestWhatIsRevealedOnceStaysAsItIs(t *testing.T) {
	for _, text := range []string{"user/аdmin\u202e\t", "сор∗x", "\xff"} {
		if once := clean(text); clean(once) != once {
			t.Errorf("%q becomes %q and then %q", text, once, clean(once))
		}
	}
}
