package secret

// Every credential, or its name, has three characters in it that are rare
// elsewhere: an anchor. A text is searched for anchors, and only what is around
// one is looked at. Letters count without their case and every other character
// as one of a few classes, so that three of them are 15 bits.

const (
	digitClass = 27 + iota
	dashClass  // - _
	equalClass // = :
	slashClass // / .
	signClass  // \ % ~
)

// class is the class of a byte, 0 for what few anchors have.
var class = func() (t [256]uint8) {
	for c := range 26 {
		t['a'+c], t['A'+c] = uint8(1+c), uint8(1+c)
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = digitClass
	}
	for c, chars := range map[uint8]string{dashClass: "-_", equalClass: "=:", slashClass: "/.", signClass: `\%~`} {
		for i := range len(chars) {
			t[chars[i]] = c
		}
	}
	return t
}()

// trigrams is a set of three characters in a row.
type trigrams [1 << 15 / 64]uint64

func (t *trigrams) has(code uint) bool { return t[code>>6]>>(code&63)&1 != 0 }

func (t *trigrams) add(code uint) { t[code>>6] |= 1 << (code & 63) }

// next is the code of the last three characters, given that of the three before.
func next(code uint, c byte) uint { return (code<<5 | uint(class[c])) & (1<<15 - 1) }

func codeOf(text string) uint { return next(next(next(0, text[0]), text[1]), text[2]) }

var anchors = func() *trigrams {
	t := new(trigrams)
	for _, text := range []string{
		"eyJ", "8Q~", "---", "://", // forms
		"rer", "sic", "ges", // Bearer, Basic, Digest
		"ecr", "ssw", "ssp", "ssc", "ss=", `ss"`, "ss_", "pwd", "pw=", `pw"`, "tok", "key", "uth", "ook", "as=", `as"`, "as_", "as0", "s_s", "sss", "nst", "ede", "eds", "jwt", "psk", "nnw", // names
		"sse", "ras", "enh", "htw", "eno", "asl", "has", "esl", "ola", "asa", // names in other languages
		"ig=", "ig%", "de=", "de%", // sig= and code= in URLs
	} {
		t.add(codeOf(text))
	}
	for _, p := range prefixes {
		t.add(codeOf(p.text))
	}
	for c := range uint(32) { // an escape can hide any of them
		t.add(c<<10 | signClass<<5 | uint(class['u']))
	}
	return t
}()

// Suspect reports whether a text may hold a credential, or is the name of one.
// It takes no memory and less time than reading the text as JSON.
func Suspect(text []byte) bool {
	code := uint(0)
	for _, c := range text {
		if code = next(code, c); anchors.has(code) {
			return true
		}
	}
	return false
}
