// Package bench measures patchlint beside other libraries, in one run, so that
// the figures can be compared:
//
//	cd bench && go test -bench .
//
// The figures of one machine on one day mean little; what one library takes as
// a multiple of what another does, measured in turn, means more. That is what
// ratios prints, with the targets, and process/run does the same for whole
// processes:
//
//	cd bench && go run ./ratios
//	cd bench && process/run
//
// It is a module of its own, so that they are no dependencies of patchlint.
package bench
