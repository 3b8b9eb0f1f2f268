//go:build race

package patchlint_test

// The race detector uses memory of its own.
const raceEnabled = true
