//go:build !race

package patchlint_test

const raceEnabled = false
