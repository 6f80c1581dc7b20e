package engine

// slab hands out room for many small things of one kind from few large pieces,
// which costs less to allocate, and the collector of garbage less to visit.
type slab[T any] struct {
	free []T
	last int // the length of the last piece
}

// take returns n zero values that nothing else uses.
//
//go:noinline
func (s *slab[T]) take(n int) []T {
	const least, most = 4, 512
	if n > len(s.free) {
		s.last = min(max(2*s.last, least), most)
		s.free = make([]T, max(n, s.last))
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}
