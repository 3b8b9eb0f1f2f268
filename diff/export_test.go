package diff

var CompareCollections = compareCollections

// Reasons that the laws of diff treat apart.
const (
	ReadOnly    = readOnly
	NoOperation = noOperation
	Related     = related
)
