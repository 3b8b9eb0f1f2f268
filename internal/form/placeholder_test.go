package form

import (
	"math/rand/v2"
	"strings"
	"testing"
)

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
