package stable

import (
	"slices"
	"testing"
)

func TestSortOrdersAndKeepsEqualItemsInTheirOrder(t *testing.T) {
	type item struct{ key, at int }
	var list, want []item
	for i := range 1000 {
		list = append(list, item{(i * 7919) % 31, i})
	}
	want = slices.Clone(list)
	slices.SortStableFunc(want, func(a, b item) int { return a.key - b.key })
	Sort(list, func(a, b *item) bool { return a.key < b.key })
	if !slices.Equal(list, want) {
		t.Errorf("sorted to %v", list)
	}
}
