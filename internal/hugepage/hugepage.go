// Package hugepage makes large slices that take few page faults.
//
// The system gives memory when it is first touched, a page at a time: some 4,000
// times for a document of 8 MB and its tree, and on a virtual machine each time
// can cost more than to read what will stand there. Linux gives 2 MiB at once
// where it is asked to; whether it does so by itself is a setting
// (Documentation/admin-guide/mm/transhuge.rst of the kernel).
package hugepage

import "unsafe"

// size is that of a huge page on the usual machines, in bytes. Where it is
// another one, nothing is gained or lost.
const size = 2 << 20

// Make is make([]T, length, capacity). The memory of a slice of two huge pages
// or more starts at one and is asked for in huge pages, but for a last one that
// the slice would use less than half of.
func Make[T any](length, capacity int) []T {
	var zero T
	width := unsafe.Sizeof(zero)
	if width == 0 || width > size/4 || uintptr(capacity) < 2*size/width {
		return make([]T, length, capacity)
	}
	// What is never touched of this takes no memory, unless the memory was in use
	// before and has to be cleared.
	all := make([]T, capacity+int(2*size/width)+1)
	first := unsafe.Pointer(unsafe.SliceData(all))
	page, skip, asked := place(uintptr(first), width, uintptr(capacity))
	ask(unsafe.Slice((*byte)(unsafe.Add(first, page)), asked))
	return all[skip:][:length:capacity]
}

// place returns, for memory that starts at first, how many bytes are before the
// next huge page, how many elements end at or behind its start, and how many
// bytes of huge pages the elements from there on are to have. All of it lies
// within capacity elements, two huge pages and one element more.
func place(first, width, capacity uintptr) (page, skip, asked uintptr) {
	page = -first % size
	skip = (page + width - 1) / width
	end := (skip + capacity) * width
	return page, skip, (end - page + size/2) / size * size
}
