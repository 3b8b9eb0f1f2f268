package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

var sizes = lazy.Regexp(`^([0-9]+) ?(|b|([kmg])(i?)b?)$`)

// maxBytes reads the value of --max-bytes, a number with an optional unit: kB, MB
// and GB are powers of 1000, KiB, MiB and GiB of 1024, in any case and with or
// without the B.
func maxBytes(text string) (int64, error) {
	parts := sizes().FindStringSubmatch(strings.ToLower(text))
	if parts == nil {
		return 0, usageError{fmt.Errorf("--max-bytes must be a number of bytes, or a number with KB, MB, GB, KiB, MiB or GiB, such as 64MiB; found %s", inert.Quote(text))}
	}
	base := int64(1000)
	if parts[4] != "" {
		base = 1024
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	for range map[string]int{"k": 1, "m": 2, "g": 3}[parts[3]] {
		n = min(n, math.MaxInt64/base) * base
	}
	if err != nil || n < 1 || n > patchlint.MaxSize {
		return 0, usageError{fmt.Errorf("--max-bytes must be from 1 to %d bytes; found %s", patchlint.MaxSize, inert.Quote(text))}
	}
	return n, nil
}

// jobs reads the value of --jobs.
func jobs(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, usageError{fmt.Errorf("--jobs must be a whole number of at least 1; found %s", inert.Quote(text))}
	}
	return n, nil
}
