package input

import "testing"

// SetLeastBudget sets leastBudget until a test ends.
func SetLeastBudget(t *testing.T, n int) {
	before := leastBudget
	leastBudget = n
	t.Cleanup(func() { leastBudget = before })
}
