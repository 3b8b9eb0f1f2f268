package form

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestPercentEncoded checks that percent-encoded characters are not taken for a variable,
// and that a percent-encoded placeholder is found.
func TestPercentEncoded(t *testing.T) {
	for text, want := range map[string]bool{
		"https://contoso.com/%C3%BCber%20uns": false,
		"J%C3%B6rg":                           false,
		"%D0%A2%D0%B5%D1%81%D1%82":            false,
		"100%25%20of%20%E2%82%AC":             false,
		"%7Bid%7D":                            true,
		"%7b%7Buser%7D%7d@contoso.com":        true,
		"%DB%":                                true,
		"%DATE%20%TIME%":                      true,
		"%C3%BC %USER%":                       true,
		"%BACKUP%20":                          true, // not UTF-8 if it is decoded
		"%ABC%20%FF":                          true,
		"%7B8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a%7D": false,
	} {
		if got := Placeholder(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}

// TestResemblesPlaceholder checks that the fast test misses no text that the expressions
// match.
func TestResemblesPlaceholder(t *testing.T) {
	pieces := strings.Fields(`< > / ! % $ { } ${ $( ) $[ ] [ [[ ]] (( )) # #{ @ @@ _ __ « » - . : " TODO fixme TBD placeholder CHANGE_ME
		replace this with YOUR insert ENTER here x xx xxxxxxxx string parameters env a B 7 é`)
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var text strings.Builder
		for range 1 + random.IntN(6) {
			text.WriteString(pieces[random.IntN(len(pieces))])
			if random.IntN(5) == 0 {
				text.WriteByte(' ')
			}
		}
		s := strings.TrimSpace(text.String())
		matched := strings.EqualFold(s, "string") || wholePlaceholder.Get().MatchString(s) || innerPlaceholder.Get().MatchString(s)
		if matched && !resemblesPlaceholder([]byte(s)) {
			t.Errorf("%q is taken for a real value", s)
		}
	}
}

// TestPlaceholderInURL checks which URLs have a placeholder for an id.
func TestPlaceholderInURL(t *testing.T) {
	for url, want := range map[string]bool{
		"/users/{id}":             true,
		"/users('<x>')":           true,
		"/users/%7Bid%7D/manager": true,
		"/users/TODO":             true,
		"https://graph.microsoft.com/v1.0/users/TODO":    true,
		"/drive/items/1/workbook/worksheets/{id|name}":   true,
		"/drive/items/1/workbook/worksheets/TODO/charts": false,
		"/drive/items/1/workbook/worksheets('TODO')":     false,
		"/drive/root:/TODO/{x}":                          false,
		"/me/todo/lists/1":                               false,
		"/users/a%20b":                                   false,
		"/users/a_contoso.com%23EXT%23@b.com":            false,
	} {
		if PlaceholderInURL([]byte(url)) != want {
			t.Errorf("PlaceholderInURL(%q) is %t", url, !want)
		}
	}
}
