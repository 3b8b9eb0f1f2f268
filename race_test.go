//go:build race

package patchlint_test

// raceEnabled is true with the race detector, which uses memory of its own.
const raceEnabled = true
