package main

import (
	"encoding/json"
	"strings"
)

// decode reads a JSON document with exact numbers.
func decode(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err
}
