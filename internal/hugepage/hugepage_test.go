package hugepage_test

import (
	"testing"

	"github.com/patchlint/patchlint/internal/hugepage"
)

// TestMake holds that Make is make, on both sides of every bound.
func TestMake(t *testing.T) {
	capacities := []int{0, 1, 1000}
	for mib := 1; mib <= 9; mib++ {
		capacities = append(capacities, mib<<20-1, mib<<20, mib<<20+1)
	}
	for _, capacity := range capacities {
		like(t, capacity, byte(1))
		like(t, capacity/24, [3]uint64{1, 2, 3})
		like(t, capacity, struct{}{})
	}
}

func like[T comparable](t *testing.T, capacity int, value T) {
	t.Helper()
	var zero T
	for _, length := range []int{0, capacity / 2, capacity} {
		s := hugepage.Make[T](length, capacity)
		if len(s) != length || cap(s) != capacity {
			t.Fatalf("Make[%T](%d, %d) has length %d and capacity %d", value, length, capacity, len(s), cap(s))
		}
		s = s[:capacity]
		for i := range s {
			if s[i] != zero {
				t.Fatalf("Make[%T](%d, %d): element %d is %v", value, length, capacity, i, s[i])
			}
			s[i] = value
		}
	}
}
