//go:build race

package main

// raceEnabled is true with the race detector, which uses memory of its own and makes
// sync.Pool drop values.
const raceEnabled = true
