package hugepage

import (
	"testing"

	"pgregory.net/rapid"
)

// TestPlace holds that what is asked for is whole huge pages inside of what is
// allocated, that the elements start where they do, and that they lie in them but
// for less than half of one.
func TestPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := uintptr(rapid.IntRange(1, size/4).Draw(t, "width"))
		capacity := 2*size/width + uintptr(rapid.IntRange(0, 100<<20).Draw(t, "more"))/width
		first := uintptr(rapid.IntRange(1, 1<<20).Draw(t, "first")) * 8
		page, skip, asked := place(first, width, capacity)
		if (first+page)%size != 0 || asked%size != 0 || asked == 0 {
			t.Fatalf("%d bytes at %d are no whole huge pages", asked, first+page)
		}
		if allocated := (capacity + 2*size/width + 1) * width; page+asked > allocated || (skip+capacity)*width > allocated {
			t.Fatalf("%d bytes at %d, or %d elements after %d, are not within %d bytes", asked, page, capacity, skip, allocated)
		}
		start, end := skip*width, (skip+capacity)*width
		if start < page || start >= page+width {
			t.Fatalf("the elements start at %d, the huge page at %d", start, page)
		}
		if end > page+asked+size/2 || page+asked > end+size/2 {
			t.Fatalf("the elements end at %d, the huge pages at %d", end, page+asked)
		}
	})
}
