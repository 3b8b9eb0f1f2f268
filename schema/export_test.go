package schema

// Closure lists the types that a payload can have in it.
func Closure(r *Resource) []*Type { return r.Model.closure(r.Type) }

// Ticks reads a date and time.
var Ticks = ticks
