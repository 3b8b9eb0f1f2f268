//go:build race

package patchlint_test

// The race detector takes memory of its own.
const raceEnabled = true
