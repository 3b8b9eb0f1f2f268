package corpus

// Mode is how the two objects of a pair differ.
type Mode uint8

const (
	Identical  Mode = iota // the same bytes twice
	Scalar                 // a different displayName
	Assignment             // one assignment has a different group
	Shuffled               // the assignments of each platform are in a different order
	AllChanged             // every assignment has a different group
)

// Modes lists the modes.
func Modes() []Mode { return []Mode{Identical, Scalar, Assignment, Shuffled, AllChanged} }

// String returns the name of the mode.
func (m Mode) String() string {
	return [...]string{"identical", "one scalar", "one assignment", "shuffled", "all changed"}[m]
}

// Pair returns a current and a desired object, both compact like a response, with n
// assignments on each of four platforms.
func Pair(n int, m Mode) (current, desired []byte) {
	groups := func(seed uint64) [4][]object {
		r := random(seed)
		var all [4][]object
		for p := range all {
			all[p] = groups(r, n)
		}
		return all
	}
	write := func(name string, groups [4][]object) []byte {
		var o object
		o.add("@odata.type", "#microsoft.graph.complianceManagementPartner")
		o.add("id", "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a")
		o.add("lastHeartbeatDateTime", "2026-01-31T08:00:00Z")
		o.add("partnerState", "enabled")
		o.add("displayName", name)
		for _, p := range platforms {
			o.add(p+"Onboarded", true)
		}
		for i, p := range platforms {
			o.add(p+"EnrollmentAssignments", groups[i])
		}
		return o.compact()
	}

	const name, seed = "Contoso MTD", 3 << 32
	current = write(name, groups(seed))
	switch m {
	case Scalar:
		return current, write("Contoso Mobile Threat Defense", groups(seed))
	case Assignment:
		changed := groups(seed)
		changed[2][n/2] = groups(seed + 1)[2][n/2]
		return current, write(name, changed)
	case Shuffled:
		shuffled, r := groups(seed), random(seed+2)
		for _, list := range shuffled {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		return current, write(name, shuffled)
	case AllChanged:
		return current, write(name, groups(seed+1))
	}
	return current, append([]byte(nil), current...)
}
