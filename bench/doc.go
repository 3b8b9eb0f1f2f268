// Package bench measures patchlint beside other libraries and programs, in one
// run, so that the figures can be compared. The time of one as a multiple of
// another's, measured in turn, says more than the figures of one machine on
// one day. That is what ratios prints, beside the targets:
//
//	cd bench && go run ./ratios
//
// The same in the format of Go's benchmarks:
//
//	cd bench && go test -bench .
//
// It is a module of its own, so that patchlint does not depend on the others.
package bench
