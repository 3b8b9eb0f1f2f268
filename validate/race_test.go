//go:build race

package validate_test

// raceEnabled is true with the race detector, which makes sync.Pool drop values.
const raceEnabled = true
