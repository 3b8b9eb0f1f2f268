//go:build race

package guard_test

// The race detector uses memory of its own.
const raceEnabled = true
