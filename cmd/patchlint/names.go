package main

import "strings"

// noteContinued says that further pages of names files are missing.
func (c *console) noteContinued(files []string) {
	if len(files) > 0 {
		c.note("the names are incomplete: %s continues at @odata.nextLink; export every page", strings.Join(files, ", "))
	}
}
