package secret

import "bytes"

// Every credential, or its name, has in it a piece of text that is rare elsewhere:
// an anchor. A text is searched for anchors, and only what is around one is looked
// at. Letters count without their case and every other character as one of a few
// classes, so that three characters are 15 bits.

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

// trigrams is a set of three characters in a row: for the first two, which can be
// the third.
type trigrams [1 << 10]uint32

func (t *trigrams) has(code uint) bool { return t[code>>5]>>(code&31)&1 != 0 }

func (t *trigrams) add(code uint) { t[code>>5] |= 1 << (code & 31) }

// next is the code of the last three characters, given that of the three before.
func next(code uint, c byte) uint { return (code<<5 | uint(class[c])) & (1<<15 - 1) }

func codeOf(text []byte) uint { return next(next(next(0, text[0]), text[1]), text[2]) }

// anchor is three characters or more. Where it is the prefix of a vendor's tokens,
// at least so many bytes follow, and letters have their case: a GUID in lower case
// has "acca".
type anchor struct {
	text  string
	least int
}

func (a anchor) starts(text []byte) bool {
	if a.least > 0 {
		return bytes.HasPrefix(text, []byte(a.text))
	}
	if len(text) < len(a.text) {
		return false
	}
	for i := range len(a.text) {
		if class[text[i]] != class[a.text[i]] {
			return false
		}
	}
	return true
}

// anchors are all of them by their first three characters, and anchorStarts says
// which these are.
var anchors, anchorStarts = func() (map[uint][]anchor, *trigrams) {
	list := prefixes
	for _, text := range []string{
		"eyJ", "8Q~", "---", "://", `\u0`, // forms, and escapes, which can hide any of them
		"bearer", "basic", "digest", // before a credential
		"ecr", "ssw", "swo", "assp", "asscod", "ass=", `ass"`, "ass_", "pwd", "pw=", `pw"`, "tok", "key", "uth", "ooki", "sas", "sssig", "ss_sig", "ss sig", "nstr", "n_str", "n str", "cred", "jwt", "psk", "nnw", "tstate", "to-sec", // names
		"sserti", "verifie", "otp", "snmp", "csrf", "xsrf", "ssionid", "ssion_id", "ssion id", "thash", "mhash", "t_hash", "m_hash", "t hash", "m hash", // more of them
		"passe", "trase", "senh", "chtw", "enord", "aslo", "hasł", "eslo", "arola", "alasa", // names in other languages
		"ig=", "ig%", "de=", "de%", // in URLs
	} {
		list = append(list, anchor{text: text})
	}
	byStart, starts := make(map[uint][]anchor, len(list)), new(trigrams)
	for _, a := range list {
		code := codeOf([]byte(a.text))
		byStart[code] = append(byStart[code], a)
		starts.add(code)
	}
	return byStart, starts
}()

// nextAnchor returns where the next anchor starts in a text, -1 where there is none.
func nextAnchor(text []byte) int {
	starts := anchorStarts
	first, second := uint(0), uint(0)
	for i, c := range text {
		third := uint(class[c])
		if two := (first<<5 | second) & (1<<10 - 1); starts[two]>>(third&31)&1 != 0 && i >= 2 {
			for _, a := range anchors[two<<5|third] {
				if a.starts(text[i-2:]) {
					return i - 2
				}
			}
		}
		first, second = second, third
	}
	return -1
}

// suspect reports whether a text may hold a credential, or is the name of one.
// It takes no memory and less time than reading the text as JSON.
func suspect(text []byte) bool { return nextAnchor(text) >= 0 }
