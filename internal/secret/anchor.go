package secret

import (
	"bytes"
	"math"
	"strings"
)

// Every credential, or its name, contains an anchor: a piece of text that is rare
// elsewhere. The scanner searches for anchors and examines only the text around them.
// Characters are compared by class, letters without case, so that three of them have 15
// bits.

const (
	digitClass = 27 + iota
	dashClass  // - _
	equalClass // = :
	slashClass // / .
	signClass  // \ % ~
	classes    = 1 << 5
)

// anchor is an anchor of at least three characters. If it is a part of a vendor's tokens,
// least is the minimum number of bytes after it, and case matters. It is their prefix, or
// inside them after at least before bytes.
type anchor struct {
	text          string
	least, before int
	next          *anchor // in the same chain, or nil
}

// most returns the maximum number of bytes after an anchor of a vendor's tokens. Base64 data
// contains any four letters by chance: there, the text after them is longer than in a token.
func (a *anchor) most() int {
	const padding = 2
	switch {
	case len(a.text) > 4 || strings.ContainsAny(a.text, "-_.~"):
		return math.MaxInt
	case a.before > 0:
		return a.least + padding
	}
	return maxExamined - 1
}

func (a *anchor) starts(text []byte) bool {
	if a.least > 0 {
		return bytes.HasPrefix(text, []byte(a.text))
	}
	if len(text) < len(a.text) {
		return false
	}
	for i := len(a.text) - 1; i >= 0; i-- { // many texts have the same start
		if anchors.class[text[i]] != anchors.class[a.text[i]] {
			return false
		}
	}
	return true
}

// names are the anchors in names and forms of credentials, and before credentials.
var names = []string{
	"eyJ", "---", "://", `\u0`, // forms, and escapes, which can hide any of them
	"bearer", "basic", "net use", "curl ", "sshpass", // before a credential
	"ecr", "ssw", "swo", "assp", "asscod", "ass=", `ass"`, "ass_", "pwd", "pw=", `pw"`, "tok", "key", "uth", "ooki", "sas", "sssig", "ss_sig", "ss sig",
	"nstr", "n_str", "n str", "cred", "jwt", "psk", "nnw", "tstate", "to-sec", "sserti", "verifie", "otp", "snmp", "csrf", "xsrf", "ssionid", "ssion_id",
	"ssion id", "thash", "mhash", "t_hash", "m_hash", "t hash", "m hash", `pin"`, "pin=", "pin_",
	"passe", "trase", "senh", "chtw", "enord", "aslo", "hasł", "eslo", "arola", "alasa", // in other languages
	"ig=", "de=", // in URLs
}

// table finds the anchors.
type table struct {
	class  [256]uint8                // of a byte, or 0 for characters that are rare in anchors
	starts [classes * classes]uint32 // for each pair of classes, a bit for each class that follows the pair in an anchor
	chains [1 << 8]*anchor           // by the last bits of the code of the first characters
}

// anchors is a pointer, which stays in a register while a text is read.
var anchors = newTable()

func newTable() *table {
	t := new(table)
	for c := byte('a'); c <= 'z'; c++ {
		t.class[c], t.class[c-'a'+'A'] = c-'a'+1, c-'a'+1
	}
	for c := '0'; c <= '9'; c++ {
		t.class[c] = digitClass
	}
	for class, bytes := range []string{dashClass: "-_", equalClass: "=:", slashClass: "/.", signClass: `\%~`} {
		for _, c := range bytes {
			t.class[c] = uint8(class)
		}
	}
	all := make([]anchor, 0, 256)
	add := func(least, before int, text string) {
		code, chain := t.code([]byte(text)), t.chain([]byte(text))
		all = append(all, anchor{text, least, before, *chain})
		*chain = &all[len(all)-1]
		t.starts[code/classes] |= 1 << (code % classes)
	}
	for _, text := range names {
		add(0, 0, text)
	}
	tokens := func(least, before int, texts string) {
		for text := range strings.SplitSeq(texts, " ") {
			add(least, before, text)
		}
	}
	// Documented prefixes of vendors' tokens, by the minimum length of the rest.
	tokens(10, 0, "xoxb- xoxp- xoxa- xoxe- xoxe. xoxo- xoxr- xoxs- xapp- sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_")
	tokens(16, 0, "AKIA ASIA ABIA LTAI")
	tokens(18, 0, "glpat- gldt- glrt- glcbt- glffct- glft- glimt- glsoat-")
	tokens(20, 0, "sk- whsec_ ya29. GOCSPX- hvs. hvb. GR1348941 tskey- TlRMTVNTUA NRAK- dckr_pat_ sq0atp- AccountKey=")
	tokens(26, 0, "API-")
	tokens(30, 0, "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ npm_ pypi-AgE AIza hf_ api_org_ shpat_ shpca_ shppa_ shpss_ dp.pt. dp.sa. dp.st. NRII- glsa_ glc_eyJ sq0csp- ntn_ sbp_")
	tokens(32, 0, "key- dapi AQVN lin_api_ pscale_ pnu_ r8_")
	tokens(40, 0, "SG. dop_v1_ glagent- glptt- cmVmdGtu AGE-SECRET-KEY- fo1_ sha256~ pplx- pul- rubygems_ squ_ sqp_ sqa_ gsk_ hooks.slack.com/")
	tokens(50, 0, "EAAA HRKU-AA PMAK-")
	tokens(60, 0, "gloas- AKCp doo_v1_ dor_v1_ dt0c01. eyJrIjoi xkeysib- xsmtpsib- sntrys_ sntryu_ ZXlKaGJHY2lPaU ZXlKMGVYQWlPaU")
	tokens(80, 0, "fm1a_ fm1r_ fm2_ 0.A 1.A")
	tokens(90, 0, "ABSKQmVkcm9j ops_eyJ")
	tokens(31, 3, "0Q~ 1Q~ 2Q~ 3Q~ 4Q~ 5Q~ 6Q~ 7Q~ 8Q~ 9Q~") // client secrets of Entra
	// Signatures in keys of Azure, and paths of webhooks.
	tokens(4, 76, "AZDO")
	tokens(6, 33, "AzCa AIoT +ASb +AEh +ARm")
	tokens(6, 42, "AzSe AzFu +ACR")
	tokens(6, 76, "APIM ACDb +ASt +ABa +AMC")
	tokens(20, 52, "JQQJ99")
	tokens(60, 14, ".atlasv1.")
	tokens(60, 1, "/IncomingWebhook/ /api/webhooks/")
	return t
}

// code returns the classes of the first three characters of a text.
func (t *table) code(text []byte) uint {
	return uint(t.class[text[0]])*classes*classes | uint(t.class[text[1]])*classes | uint(t.class[text[2]])
}

// chain returns the first of the anchors that a text may start with.
func (t *table) chain(text []byte) **anchor { return &t.chains[t.code(text)%uint(len(t.chains))] }

// next returns the offset of the first anchor in a text, or -1.
func (t *table) next(text []byte) int {
	class, starts := &t.class, &t.starts
	code := uint(0)
	for i, c := range text {
		last := uint(class[c])
		found := starts[code%(classes*classes)]>>(last%classes)&1 != 0
		if code = code*classes | last; !found || i < 2 {
			continue
		}
		for a := *t.chain(text[i-2:]); a != nil; a = a.next {
			if a.starts(text[i-2:]) {
				return i - 2
			}
		}
	}
	return -1
}

// Suspect reports whether a JSON value, or a name in quotation marks, contains a credential
// or may be the name of one.
func Suspect(text []byte) bool {
	if anchors.next(text) < 0 { // the usual case takes little time
		return false
	}
	s := scanner{src: text}
	if text[0] == '"' { // the value is the string around all anchors
		s.close = len(text) - 1
	}
	s.scan()
	return s.suspect || len(s.spans) > 0
}
