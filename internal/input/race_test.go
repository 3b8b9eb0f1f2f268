//go:build race

package input_test

// The race detector takes memory of its own, and makes sync.Pool forget.
const raceEnabled = true
