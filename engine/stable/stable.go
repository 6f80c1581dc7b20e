// Package stable sorts lists of any type with one copy of the algorithm: the
// generic functions of package slices cost the browser's binary ten kilobytes
// for each type, and those of package sort that take a slice bring reflection.
package stable

import "sort"

// Sort sorts list by less, and keeps equal items in their order.
func Sort[T any](list []T, less func(a, b *T) bool) {
	sort.Stable(order{len(list),
		func(i, j int) bool { return less(&list[i], &list[j]) },
		func(i, j int) { list[i], list[j] = list[j], list[i] }})
}

type order struct {
	n    int
	less func(i, j int) bool
	swap func(i, j int)
}

func (o order) Len() int           { return o.n }
func (o order) Less(i, j int) bool { return o.less(i, j) }
func (o order) Swap(i, j int)      { o.swap(i, j) }
