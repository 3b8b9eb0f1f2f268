// Package bench measures patchlint and other libraries and programs in one run, so that
// the figures are comparable. Ratios of times that are measured alternately depend less
// on the machine and its load than the times themselves. Command ratios prints them with
// their targets:
//
//	cd bench && go run ./ratios
//
// To run the same measurements as Go benchmarks:
//
//	cd bench && go test -bench .
//
// It is a separate module, so that patchlint does not depend on the other libraries.
package bench
