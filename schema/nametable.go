package schema

// nameTable finds a property by its name with one comparison.
type nameTable struct {
	names []string
	mixer uint32         // odd
	slots []int8         // places in names, -1 for none; a power of two, or none
	rest  map[string]int // in place of slots, for names that no mixer tells apart
}

// newNameTable looks for a mixer with which no two names share a slot.
func newNameTable(properties []*Property) *nameTable {
	t := &nameTable{rest: make(map[string]int)}
	for i, p := range properties {
		t.names = append(t.names, p.Name)
		t.rest[p.Name] = i
	}
	for size := 16; size <= 512 && len(t.names) <= 64; size *= 2 {
		for seed := uint32(1); seed < 500; seed += 2 {
			t.mixer = seed * 0x9E3779B1
			if t.fill(size) {
				return t
			}
		}
	}
	t.slots = nil
	return t
}

func (t *nameTable) fill(size int) bool {
	t.slots = make([]int8, size)
	for i := range t.slots {
		t.slots[i] = -1
	}
	for i, name := range t.names {
		slot := &t.slots[t.slot([]byte(name))]
		if *slot >= 0 {
			return false
		}
		*slot = int8(i)
	}
	return true
}

// slot mixes the length of a name and three of its bytes: the first and two in
// the middle tell the names of a type apart.
func (t *nameTable) slot(name []byte) uint32 {
	n := len(name)
	if n == 0 {
		return 0
	}
	h := uint32(n) | uint32(name[0])<<8 | uint32(name[n/2])<<16 | uint32(name[n/3])<<24
	return h * t.mixer >> 16 & uint32(len(t.slots)-1)
}

// find returns the place of a name, -1 when there is no such name.
func (t *nameTable) find(name []byte) int {
	if t.slots == nil {
		if i, ok := t.rest[string(name)]; ok {
			return i
		}
		return -1
	}
	i := t.slots[t.slot(name)]
	if i < 0 || t.names[i] != string(name) {
		return -1
	}
	return int(i)
}
