//go:build race

package lsp_test

// The race detector makes everything take ten times as long.
const raceEnabled = true
