package secret

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Every credential, or its name, has in it a piece of text that is rare elsewhere:
// an anchor. A text is searched for anchors, and only what is around one is looked
// at. Letters count without their case and every other character as one of a few
// classes, so that two characters are 10 bits.

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

// pairOf is the code of two characters in a row.
func pairOf(first, second byte) uint { return (uint(class[first])<<5 | uint(class[second])) % pairs }

const pairs = 1 << 10

// anchor is three characters or more. Where it is the prefix of a vendor's tokens,
// at least so many bytes follow, and letters have their case: a GUID in lower case
// has "acca".
type anchor struct {
	text  string
	least int
}

func (a *anchor) starts(text []byte) bool {
	if a.least > 0 {
		return bytes.HasPrefix(text, []byte(a.text))
	}
	if len(text) < len(a.text) {
		return false
	}
	for i := len(a.text) - 1; i >= 0; i-- { // many start the same
		if class[text[i]] != class[a.text[i]] {
			return false
		}
	}
	return true
}

// index has what it takes to find anchors in a text that is read two characters at a
// time.
type index struct {
	// first and second say which anchors can have these two characters as the first
	// two that are read of them, and as the next two. There is a bit for those that
	// start with a character of each class, and another for the same ones where the
	// two that are read first are a character before the anchor and the first of it.
	first, second [pairs]uint64
	anchors       []anchor          // sorted by the pair of their second and third character
	from          [pairs + 1]uint16 // where those of each pair start
}

func (x *index) add(a anchor) {
	first, second, third := uint(class[a.text[0]]), uint(class[a.text[1]]), uint(class[a.text[2]])
	at, before := uint64(1)<<first, uint64(1)<<32<<first
	x.first[first<<5|second] |= at
	x.second[second<<5|third] |= before
	for c := range uint(32) {
		x.first[c<<5|first] |= before
		if len(a.text) == 3 || c == uint(class[a.text[3]]) {
			x.second[third<<5|c] |= at
		}
	}
}

// starting returns the anchors that may start a text, by its second and third
// character.
func (x *index) starting(text []byte) []anchor {
	pair := pairOf(text[1], text[2])
	return x.anchors[x.from[pair]:x.from[pair+1]]
}

// anchors is the index of all of them.
var anchors = func() *index {
	list := slices.Clone(prefixes)
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
	pair := func(a anchor) uint { return pairOf(a.text[1], a.text[2]) }
	slices.SortStableFunc(list, func(a, b anchor) int { return cmp.Compare(pair(a), pair(b)) })
	x := &index{anchors: list}
	for _, a := range list {
		x.add(a)
	}
	next := 0
	for p := range x.from {
		for next < len(list) && pair(list[next]) < uint(p) {
			next++
		}
		x.from[p] = uint16(next)
	}
	return x
}()

// nextAnchor returns where the next anchor starts in a text, -1 where there is none.
func nextAnchor(text []byte) int {
	x, before := anchors, uint64(0)
	for i := 1; i < len(text); i += 2 {
		pair := pairOf(text[i-1], text[i])
		if before&x.second[pair] != 0 {
			for start := i - 3; start < i-1; start++ {
				if x.at(text, start) {
					return start
				}
			}
		}
		before = x.first[pair]
	}
	if last := len(text) - 3; x.at(text, last) {
		return last
	}
	return -1
}

// at reports whether an anchor starts at a place.
func (x *index) at(text []byte, start int) bool {
	if start < 0 {
		return false
	}
	text = text[start:]
	list := x.starting(text)
	for i := range list {
		if list[i].starts(text) {
			return true
		}
	}
	return false
}

// Suspect reports whether a value of JSON, or a name in its quotation marks, may hold a
// credential, or is the name of one. It suspects no word of letters and dots, and no URL
// of a host and a path, that is not the name of a credential and has none in it.
func Suspect(text []byte) bool {
	rest, isURL := bytes.CutPrefix(text, []byte(`"https://`))
	if nextAnchor(rest) < 0 { // as a rule
		return isURL && bytes.IndexByte(rest, '@') >= 0
	}
	isWord := func(r rune) bool { return r == '.' || unicode.IsLetter(r) }
	if isURL {
		isWord = func(r rune) bool { return r < utf8.RuneSelf && (isAlnum(byte(r)) || strings.ContainsRune("./:-", r)) }
	}
	if len(bytes.TrimLeftFunc(bytes.Trim(rest, `"#`), isWord)) > 0 {
		return true
	}
	s := scanner{src: text}
	s.scan(0, len(text))
	return s.suspect || len(s.spans) > 0
}
