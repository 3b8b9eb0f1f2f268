//go:build race

package main

// The race detector takes memory of its own, and makes sync.Pool forget.
const raceEnabled = true
