package schema

// IsGUID reports whether text has the form of an Edm.Guid: 8-4-4-4-12
// hexadecimal digits of either case, without braces (OData ABNF, guidValue).
func IsGUID[T string | []byte](text T) bool {
	if len(text) != 36 {
		return false
	}
	// Eight bytes at a time; the hyphens, where they belong, are turned into
	// digits.
	const (
		hyphens2, hyphens3 = '-' | '-'<<40, '-'<<16 | '-'<<56 // of the second and third eight
		turn               = '-' ^ '0'
		turn2, turn3       = turn | turn<<40, turn<<16 | turn<<56
	)
	second, third := word(text, 8), word(text, 16)
	if second&(0xFF|0xFF<<40) != hyphens2 || third&(0xFF<<16|0xFF<<56) != hyphens3 {
		return false
	}
	return hexadecimals(word(text, 0))&hexadecimals(second^turn2)&hexadecimals(third^turn3)&
		hexadecimals(word(text, 24))&hexadecimals(word(text, 28)) == highs
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// word returns the eight bytes from i on, the first of them the lowest.
func word[T string | []byte](text T, i int) uint64 {
	return uint64(text[i]) | uint64(text[i+1])<<8 | uint64(text[i+2])<<16 | uint64(text[i+3])<<24 |
		uint64(text[i+4])<<32 | uint64(text[i+5])<<40 | uint64(text[i+6])<<48 | uint64(text[i+7])<<56
}

// hexadecimals sets the high bit of each byte that is a hexadecimal digit, and
// no other bit. Adding to a byte below 128 sets its high bit exactly where the
// byte is not below 128 less what is added; no sum carries over.
func hexadecimals(word uint64) uint64 {
	ascii := word &^ highs
	folded := ascii | 0x20*ones
	digit := (ascii + (128-'0')*ones) &^ (ascii + (127-'9')*ones)
	letter := (folded + (128-'a')*ones) &^ (folded + (127-'f')*ones)
	return (digit | letter) & highs &^ word
}

// ZeroGUID is the GUID that stands for none.
const ZeroGUID = "00000000-0000-0000-0000-000000000000"
