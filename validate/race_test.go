//go:build race

package validate_test

// The race detector makes sync.Pool drop values.
const raceEnabled = true
