//go:build race

package validate_test

// The race detector makes sync.Pool forget on purpose.
const raceEnabled = true
