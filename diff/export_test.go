package diff

// InOrder reports whether two collections have the same elements in the same
// places.
func (e Elements) InOrder() bool { return e.inOrder }

var CompareCollections = compareCollections

// Reasons that the laws of diff treat apart.
const (
	ReadOnly    = readOnly
	NoOperation = noOperation
	Related     = related
)
