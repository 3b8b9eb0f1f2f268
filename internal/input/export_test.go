package input

// SetLeastBudget replaces leastBudget for the files that r reads.
func (r *Reader) SetLeastBudget(n int) { r.leastBudget = n }
