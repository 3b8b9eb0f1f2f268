//go:build race

package main

// The race detector uses memory of its own, and makes sync.Pool drop values.
const raceEnabled = true
