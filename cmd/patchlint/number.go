package main

import (
	"math"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/lazy"
)

var sizes = lazy.Regexp(`^([0-9]+) ?(|b|([kmg])(i?)b?)$`)

// maxBytes parses the value of --max-bytes, a number with an optional unit: KB, MB and
// GB are powers of 1000, KiB, MiB and GiB of 1024. Case and the B are optional.
func maxBytes(text string) (int64, error) {
	parts := sizes.Get().FindStringSubmatch(strings.ToLower(text))
	if parts == nil {
		return 0, command.Usagef("--max-bytes must be a number of bytes, or a number with KB, MB, GB, KiB, MiB or GiB, such as 64MiB; found %s", inert.Quote(text))
	}
	base := int64(1000)
	if parts[4] != "" {
		base = 1024
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	for range strings.Index(" kmg", parts[3]) {
		n = min(n, math.MaxInt64/base) * base
	}
	if err != nil || n < 1 || n > input.MaxLimit {
		return 0, command.Usagef("--max-bytes must be from 1 to %d bytes; found %s", input.MaxLimit, inert.Quote(text))
	}
	return n, nil
}
