// Package bench measures patchlint beside other libraries, in one run, so that
// the figures can be compared:
//
//	cd bench && go test -bench .
//
// It is a module of its own, so that they are no dependencies of patchlint.
package bench
