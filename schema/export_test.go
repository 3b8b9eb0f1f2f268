package schema

import "time"

// Closure returns the types that can occur in a payload.
func Closure(r *Type) []*Type { return r.Model.closure(r) }

// Instant parses a date and time.
func Instant(text string) (time.Time, error) {
	c, err := parseDateTime(text)
	return c.instant(), err
}

// Presented are the rules that report violations.
var Presented = []string{
	payloadShape, unknownProperty, versionProperty, wrongType, nullValue, enumValue, dateTime, odataType, requiredProperty,
	notGUID, stringifiedObject, controlInformation, unpublishedProperty,
}
