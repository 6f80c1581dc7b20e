package jsonpos

import (
	"sort"
	"unicode/utf8"
)

// stride is the distance in bytes between two marks.
const stride = 256

// Lines turns offsets of a text into lines, columns and UTF-16 offsets. A line ends with "\n",
// "\r\n" or "\r". Offsets outside the text count as its nearest end; an offset inside a character
// counts as the character's start; each byte that is no UTF-8 counts as one character.
type Lines struct {
	text   string
	starts []int // the offset at which each line starts
	// marks hold, for each multiple of stride, the first start of a character at or after it;
	// nil when the text is ASCII, where offsets in bytes and in UTF-16 units are the same.
	marks []mark
}

type mark struct{ offset, units int }

// NewLines reads text once.
func NewLines(text string) *Lines {
	l := &Lines{text: text, starts: []int{0}}
	ascii := true
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n', c == '\r' && (i+1 == len(text) || text[i+1] != '\n'):
			l.starts = append(l.starts, i+1)
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	if ascii {
		return l
	}
	units := 0
	for i, r := range text {
		if i >= len(l.marks)*stride {
			l.marks = append(l.marks, mark{i, units})
		}
		units += unitsOf(r)
	}
	return l
}

func unitsOf(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// Position returns the line, counted from 1, and the column: the UTF-16 units before the offset in
// its line, plus 1.
func (l *Lines) Position(offset int) (line, column int) {
	offset = l.clamp(offset)
	low, high := 0, len(l.starts) // the first start after offset
	for low < high {
		if middle := (low + high) / 2; l.starts[middle] <= offset {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, l.UTF16(offset) - l.UTF16(l.starts[low-1]) + 1
}

// UTF16 returns the number of UTF-16 code units before the offset, as editors in browsers count.
func (l *Lines) UTF16(offset int) int {
	offset = l.clamp(offset)
	if l.marks == nil {
		return offset
	}
	k := min(offset/stride, len(l.marks)-1)
	if l.marks[k].offset > offset {
		k--
	}
	i, units := l.marks[k].offset, l.marks[k].units
	for i < offset {
		r, size := utf8.DecodeRuneInString(l.text[i:])
		if i += size; i <= offset {
			units += unitsOf(r)
		}
	}
	return units
}

func (l *Lines) clamp(offset int) int { return max(0, min(offset, len(l.text))) }

// Offset returns the byte offset before which there are n UTF-16 units: the
// start of the character that n lies in or before. It undoes UTF16.
func (l *Lines) Offset(n int) int {
	if l.marks == nil {
		return l.clamp(n)
	}
	k := max(0, sort.Search(len(l.marks), func(k int) bool { return l.marks[k].units > n })-1)
	i, units := l.marks[k].offset, l.marks[k].units
	for i < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[i:])
		if units += unitsOf(r); units > n {
			break
		}
		i += size
	}
	return i
}
