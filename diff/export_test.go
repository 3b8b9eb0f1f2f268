package diff

var (
	CompareCollections = compareCollections
	Same               = same
)

// Reasons that the laws of diff treat separately.
const (
	NotClearable = notClearable
	Undeclared   = undeclared
	ReadOnly     = readOnly
	NoOperation  = noOperation
	Related      = related
	Unknown      = unknown
)
