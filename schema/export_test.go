package schema

import "time"

// Closure lists the types that a payload can have in it.
func Closure(r *Type) []*Type { return r.Model.closure(r) }

// Instant reads a date and time.
func Instant(text string) (time.Time, error) {
	c, err := parseDateTime(text)
	return c.instant(), err
}

// Presented are the rules that present violations.
var Presented = []string{
	payloadShape, unknownProperty, versionProperty, wrongType, nullValue, enumValue, dateTime, odataType, requiredProperty,
	notGUID, stringifiedObject, controlInformation, unpublishedProperty,
}
