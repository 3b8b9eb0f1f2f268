//go:build race

package guard_test

// The race detector takes memory of its own.
const raceEnabled = true
