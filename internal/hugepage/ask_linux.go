package hugepage

import "syscall"

// ask asks for huge pages for memory that is whole ones. It is advice: a system
// that has none, or gives none, says so, and nothing is wrong.
func ask(memory []byte) { _ = syscall.Madvise(memory, syscall.MADV_HUGEPAGE) }
