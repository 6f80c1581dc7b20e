// Package spell finds the word that somebody probably meant.
package spell

import "strings"

// Nearest is the candidate closest to word: the same in another case, or else
// the one with the smallest edit distance of at most a third of the word's
// length (at least one, at most three). It is "" when none is that close.
// Among equals the first candidate wins.
func Nearest(word string, candidates ...string) string {
	limit := min(max(len(word)/3, 1), 3)
	best, least := "", limit+1
	lower := strings.ToLower(word)
	var rows [3 * 64]int
	for _, c := range candidates {
		if strings.EqualFold(c, word) {
			return c
		}
		if d := distance(lower, strings.ToLower(c), least, rows[:]); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is the optimal string alignment distance of a and b: insertions,
// deletions, substitutions and swaps of neighbours. It may return any number
// not below limit once the distance is known to reach it. rows is room to work in.
func distance(a, b string, limit int, rows []int) int {
	if len(a) >= len(b)+limit || len(b) >= len(a)+limit {
		return limit
	}
	width := len(b) + 1
	if len(rows) < 3*width {
		rows = make([]int, 3*width)
	}
	before, last, row := rows[:width], rows[width:2*width], rows[2*width:3*width]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		nearest := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			nearest = min(nearest, d)
		}
		if nearest >= limit { // no later row has less, not even by a swap
			return limit
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
