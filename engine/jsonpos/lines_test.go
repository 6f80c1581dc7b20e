package jsonpos

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestPositionsCountLinesAndUTF16Columns(t *testing.T) {
	tests := []struct {
		rule                     string
		text                     string
		offset                   int
		line, column, utf16Units int
	}{
		{"an empty text has one line", "", 0, 1, 1, 0},
		{"a negative offset is the start", "ab", -5, 1, 1, 0},
		{"an offset beyond the end is the end", "ab\nc", 99, 2, 2, 4},
		{"a line feed belongs to the line it ends", "ab\nc", 2, 1, 3, 2},
		{"a line starts after its line feed", "ab\nc", 3, 2, 1, 3},
		{"a carriage return and line feed end one line", "a\r\nb", 3, 2, 1, 3},
		{"a carriage return alone ends a line", "a\rb", 2, 2, 1, 2},
		{"an accented letter is one unit", "é x", 3, 1, 3, 2},
		{"an emoji is two units", "😀x", 4, 1, 3, 2},
		{"an offset inside an emoji is its start", "a😀x", 3, 1, 2, 1},
		{"columns start again on the next line", "😀\nx", 6, 2, 2, 4},
		{"a byte that is no UTF-8 is one unit", "\xff\xffx", 2, 1, 3, 2},
		{"a byte order mark is one unit", "\uFEFF{", 3, 1, 2, 1},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			l := NewLines(test.text)
			if line, column := l.Position(test.offset); line != test.line || column != test.column {
				t.Errorf("Position(%d) = %d, %d, want %d, %d", test.offset, line, column, test.line, test.column)
			}
			if got := l.UTF16(test.offset); got != test.utf16Units {
				t.Errorf("UTF16(%d) = %d, want %d", test.offset, got, test.utf16Units)
			}
		})
	}
}

func TestPositionsInLongTextsAgreeWithCountingFromTheStart(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("plain\n", 300),
		strings.Repeat("é😀x\r\n", 300),
		strings.Repeat("a", stride-1) + "😀" + strings.Repeat("b", stride) + "\n😀",
		strings.Repeat("\xf0\x9f", 400),
	} {
		l := NewLines(text)
		for offset := 0; offset <= len(text); offset++ {
			start := offset
			for i := range text {
				if _, size := utf8.DecodeRuneInString(text[i:]); i <= offset && offset < i+size {
					start = i
				}
			}
			before := text[:start]
			if got, want := l.UTF16(offset), len(utf16.Encode([]rune(before))); got != want {
				t.Fatalf("UTF16(%d) of %.20q = %d, want %d", offset, text, got, want)
			}
			wantLine := strings.Count(before, "\n") + 1
			wantColumn := len(utf16.Encode([]rune(before[strings.LastIndex(before, "\n")+1:]))) + 1
			if line, column := l.Position(offset); line != wantLine || column != wantColumn {
				t.Fatalf("Position(%d) of %.20q = %d, %d, want %d, %d", offset, text, line, column, wantLine, wantColumn)
			}
		}
	}
}

func TestAnOffsetInUTF16UnitsLeadsBack(t *testing.T) {
	for _, text := range []string{"", "abc\n", "é😀x\xff", strings.Repeat("é😀x", 300), "\uFEFF{}"} {
		l := NewLines(text)
		for at := range text {
			if got := l.Offset(l.UTF16(at)); got != at {
				t.Fatalf("%.12q…: offset %d became %d units, and they %d", text, at, l.UTF16(at), got)
			}
		}
		if got := l.Offset(1 << 30); got != len(text) {
			t.Errorf("%.12q…: beyond the end is %d, want %d", text, got, len(text))
		}
	}
	if got := NewLines("a😀b").Offset(2); got != 1 {
		t.Errorf("inside an emoji is %d, want its start, 1", got)
	}
}
