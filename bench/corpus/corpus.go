// Package corpus generates the payloads for measurements. They are the same on every
// machine, because they depend on a fixed seed and not on the time.
//
// They look like files in a repository, indented by two spaces. All but User are of the
// same partner: a tenant has one partner for each platform, so payloads of several
// partners would contradict each other.
package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// Fault is the mistake in a payload: None, or one error.
type Fault uint8

const (
	None            Fault = iota
	BadEnum               // a member in the wrong case
	UnknownProperty       // a property in the wrong case
	WrongType             // a boolean in quotes
	BadGUID               // a group's name instead of its id
	MissingGroupID        // a group target without the group
	Syntax                // a trailing comma
)

// Faults lists all faults except None.
func Faults() []Fault {
	return []Fault{BadEnum, UnknownProperty, WrongType, BadGUID, MissingGroupID, Syntax}
}

// String returns the name of the fault.
func (f Fault) String() string {
	return [...]string{"clean", "bad-enum", "unknown-property", "wrong-type", "bad-guid", "missing-group-id", "syntax"}[f]
}

// Size is the size of a payload.
type Size uint8

const (
	Small   Size = iota // two properties, about 150 bytes
	Typical             // every property, about 1 KB
	Big                 // 100 assignments, about 28 kB
)

// Sizes lists the sizes.
func Sizes() []Size { return []Size{Small, Typical, Big} }

// String returns the name of the size.
func (s Size) String() string { return [...]string{"small", "typical", "big"}[s] }

// Payload returns the payload of that size with a fault.
func Payload(s Size, fault Fault) []byte {
	r := random(1 << 32)
	switch s {
	case Small:
		return small(r, 2).payload(fault)
	case Typical:
		return typical(r, 3).payload(fault)
	}
	return assigned(r, 100).payload(fault)
}

// Assignments returns a clean payload with n assignments.
func Assignments(n int) []byte { return assigned(random(2<<32), n).payload(None) }

// Mix returns n clean payloads: half of them small, two in five of about 1 KB, and
// one in ten with 10 to 100 assignments.
func Mix(n int) [][]byte {
	mix := make([][]byte, n)
	for i := range mix {
		mix[i] = mixed(i, None)
	}
	return mix
}

// User returns a clean payload of about 800 bytes for a user, an entity with many
// properties that do not occur in partners.
func User() []byte {
	return []byte(`{
  "@odata.type": "#microsoft.graph.user",
  "accountEnabled": true,
  "displayName": "Adele Vance",
  "givenName": "Adele",
  "surname": "Vance",
  "jobTitle": null,
  "usageLocation": "US",
  "businessPhones": ["+1 425 555 0109"],
  "otherMails": [],
  "mobilePhone": null,
  "employeeHireDate": "2026-01-31T00:00:00Z",
  "employeeOrgData": {"division": "Retail", "costCenter": null},
  "onPremisesExtensionAttributes": {"extensionAttribute1": "A", "extensionAttribute2": null},
  "identities": [
    {"signInType": "emailAddress", "issuer": "contoso.onmicrosoft.com", "issuerAssignedId": "adele@example.com"}
  ],
  "passwordProfile": {"forceChangePasswordNextSignIn": true},
  "manager@odata.bind": "https://graph.microsoft.com/v1.0/users/1e84d1a7-7c1d-4b39-8d60-7c9fc0a1f1e3"
}
`)
}

func mixed(i int, fault Fault) []byte {
	r := random(uint64(i))
	switch i % 10 {
	case 0, 2, 4, 6, 8:
		return small(r, 1+r.IntN(3)).payload(fault)
	case 1, 3, 5, 7:
		return typical(r, 1+r.IntN(3)).payload(fault)
	}
	return assigned(r, 10+r.IntN(91)).payload(fault)
}

// random returns the random source of payload number i, so that a payload does not
// depend on the number of others.
func random(i uint64) *rand.Rand { return rand.New(rand.NewPCG(0x70617463686c696e, i)) }

var platforms = []string{"macOs", "android", "ios", "linux"}

// small returns a partner with the given number of flags.
func small(r *rand.Rand, flags int) object {
	o := partner()
	for _, i := range r.Perm(4)[:flags] {
		o.add(platforms[i]+"Onboarded", r.IntN(2) == 0)
	}
	return o
}

// typical returns a partner with every property, one assignment to all users and n
// assignments to groups.
func typical(r *rand.Rand, n int) object {
	return onboarded([][]object{{}, {assignment(1, target("allLicensedUsers"))}, groups(r, n), {}})
}

// assigned returns a partner with n assignments, spread over the platforms.
func assigned(r *rand.Rand, n int) object {
	lists := make([][]object, len(platforms))
	for i := range lists {
		lists[i] = groups(r, (n+3-i)/4)
	}
	return onboarded(lists)
}

func partner() (o object) {
	o.add("@odata.type", "#microsoft.graph.complianceManagementPartner")
	o.add("displayName", "Contoso MTD")
	return o
}

// onboarded returns a partner with a list of assignments for each platform.
func onboarded(assignments [][]object) object {
	o := partner()
	for _, p := range platforms {
		o.add(p+"Onboarded", true)
	}
	for i, p := range platforms {
		o.add(p+"EnrollmentAssignments", assignments[i])
	}
	return o
}

// groups returns n assignments to different groups. One in eight excludes its group, and
// two in eight have a filter.
func groups(r *rand.Rand, n int) []object {
	list := make([]object, n)
	for i := range list {
		kind := "group"
		if i%8 == 7 {
			kind = "exclusionGroup"
		}
		t := target(kind)
		t.add("groupId", guid(r))
		if i%4 == 2 {
			t.add("deviceAndAppManagementAssignmentFilterId", guid(r))
			t.add("deviceAndAppManagementAssignmentFilterType", "include")
		}
		list[i] = assignment(i, t)
	}
	return list
}

// assignment returns an assignment to a target. Three in four state their type.
func assignment(i int, target object) (o object) {
	if i%4 != 1 {
		o.add("@odata.type", "#microsoft.graph.complianceManagementPartnerAssignment")
	}
	o.add("target", target)
	return o
}

func target(kind string) object {
	return object{{"@odata.type", "#microsoft.graph." + kind + "AssignmentTarget"}}
}

// guid returns a random UUID, RFC 9562, 5.4.
func guid(r *rand.Rand) string {
	hi, lo := r.Uint64()&^0xf000|0x4000, r.Uint64()&^(3<<62)|2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&(1<<48-1))
}

// object is a JSON object with ordered members. A value is a string, a bool, an object
// or a list of objects.
type object []member

type member struct {
	name  string
	value any
}

func (o *object) add(name string, value any) { *o = append(*o, member{name, value}) }

// payload adds a fault to the object and encodes it.
func (o object) payload(fault Fault) []byte {
	o = o.broken(fault)
	var b bytes.Buffer
	if err := json.Indent(&b, o.compact(), "", "  "); err != nil {
		panic(err) // this package wrote it
	}
	src := append(b.Bytes(), '\n')
	if fault == Syntax {
		src = append(bytes.TrimSuffix(src, []byte("\n}\n")), ",\n}\n"...)
	}
	return src
}

// broken returns the object with a fault. The object must have a flag; broken adds a
// group if the fault needs one.
func (o object) broken(fault Fault) object {
	switch fault {
	case BadEnum:
		o.add("partnerState", "Enabled")
	case UnknownProperty:
		flag := o.flag()
		flag.name = strings.TrimSuffix(flag.name, "Onboarded") + "OnBoarded"
	case WrongType:
		o.flag().value = "true"
	case BadGUID:
		t := o.group()
		(*t)[len(*t)-1].value = "All Sales Users"
	case MissingGroupID:
		t := o.group()
		*t = (*t)[:len(*t)-1]
	}
	return o
}

// flag returns the first ...Onboarded property.
func (o object) flag() *member {
	for i := range o {
		if strings.HasSuffix(o[i].name, "Onboarded") {
			return &o[i]
		}
	}
	panic("a payload without a flag") // cannot happen: every payload has one
}

// group returns a target whose last member is a groupId, from the middle of the last
// collection that has one. It creates one if no collection has one.
func (o *object) group() *object {
	var found *object
	for _, m := range *o {
		list, _ := m.value.([]object)
		for i := range list {
			i = (i + len(list)/2) % len(list)
			last := &list[i][len(list[i])-1]
			t, _ := last.value.(object)
			if len(t) > 0 && t[len(t)-1].name == "groupId" {
				last.value = &t
				found = &t
				break
			}
		}
	}
	if found == nil {
		platform := strings.TrimSuffix(o.flag().name, "Onboarded")
		o.flag().value = true
		t := target("group")
		t.add("groupId", "")
		found = &t
		o.add(platform+"EnrollmentAssignments", []object{{{"target", found}}})
	}
	return found
}

// compact writes the object without white space.
func (o object) compact() []byte { return []byte(text(o)) }

func text(value any) string {
	var parts []string
	switch v := value.(type) {
	case *object:
		return text(*v)
	case object:
		for _, m := range v {
			parts = append(parts, text(m.name)+":"+text(m.value))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case []object:
		for _, element := range v {
			parts = append(parts, text(element))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case string: // plain ASCII without quotes
		return `"` + v + `"`
	}
	return fmt.Sprint(value) // a bool
}
