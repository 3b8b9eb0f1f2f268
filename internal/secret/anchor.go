package secret

import (
	"bytes"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Every credential, or its name, contains an anchor: a piece of text that is rare
// elsewhere. The scanner searches for anchors and examines only the text around them.
// Characters are compared by class, letters without case, so that a pair of them has 10
// bits.

const (
	digitClass = 27 + iota
	dashClass  // - _
	equalClass // = :
	slashClass // / .
	signClass  // \ % ~
)

// class maps a byte to its class, which is 0 for characters that are rare in anchors.
var class = [256]uint8{
	'0': digitClass, '1': digitClass, '2': digitClass, '3': digitClass, '4': digitClass,
	'5': digitClass, '6': digitClass, '7': digitClass, '8': digitClass, '9': digitClass,
	'-': dashClass, '_': dashClass, '=': equalClass, ':': equalClass, '/': slashClass, '.': slashClass,
	'\\': signClass, '%': signClass, '~': signClass,
	'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': 6, 'g': 7, 'h': 8, 'i': 9, 'j': 10, 'k': 11, 'l': 12, 'm': 13,
	'n': 14, 'o': 15, 'p': 16, 'q': 17, 'r': 18, 's': 19, 't': 20, 'u': 21, 'v': 22, 'w': 23, 'x': 24, 'y': 25, 'z': 26,
	'A': 1, 'B': 2, 'C': 3, 'D': 4, 'E': 5, 'F': 6, 'G': 7, 'H': 8, 'I': 9, 'J': 10, 'K': 11, 'L': 12, 'M': 13,
	'N': 14, 'O': 15, 'P': 16, 'Q': 17, 'R': 18, 'S': 19, 'T': 20, 'U': 21, 'V': 22, 'W': 23, 'X': 24, 'Y': 25, 'Z': 26,
}

// pairOf returns the code of two consecutive characters.
func pairOf(first, second byte) uint { return (uint(class[first])<<5 | uint(class[second])) % pairs }

const pairs = 1 << 10

// anchor is an anchor of at least three characters. If it is a part of a vendor's tokens,
// usually their prefix, least is the minimum number of bytes after it, and case matters: a
// GUID in lower case may contain "acca".
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
	for i := len(a.text) - 1; i >= 0; i-- { // many texts have the same start
		if class[text[i]] != class[a.text[i]] {
			return false
		}
	}
	return true
}

// allAnchors are all anchors. Those with a length are documented parts of vendors' tokens.
var allAnchors = [...]anchor{
	{"ghp_", 30}, {"gho_", 30}, {"ghu_", 30}, {"ghs_", 30}, {"ghr_", 30}, {"github_pat_", 30}, {"glpat-", 18}, {"gldt-", 18}, {"glrt-", 18},
	{"AKIA", 16}, {"ASIA", 16}, {"ABIA", 16}, {"ACCA", 16},
	{"xoxb-", 10}, {"xoxp-", 10}, {"xoxa-", 10}, {"xoxe-", 10}, {"xoxe.", 10}, {"xoxr-", 10}, {"xoxs-", 10}, {"xapp-", 10},
	{"sk-", 20}, {"sk_live_", 10}, {"sk_test_", 10}, {"rk_live_", 10}, {"rk_test_", 10}, {"whsec_", 20},
	{"npm_", 30}, {"pypi-AgE", 30}, {"AIza", 30}, {"ya29.", 20}, {"GOCSPX-", 20}, {"SG.", 40},
	{"hf_", 30}, {"dop_v1_", 40}, {"shpat_", 30}, {"shpss_", 30}, {"hvs.", 20}, {"hvb.", 20}, {"dp.pt.", 30},
	{"glcbt-", 18}, {"glffct-", 18}, {"glft-", 18}, {"glimt-", 20}, {"glagent-", 40}, {"gloas-", 60}, {"glptt-", 40}, {"glsoat-", 18}, {"GR1348941", 20},
	{"A3T", 17}, {"ABSK", 100}, {"LTAI", 16}, {"AKCp", 60}, {"cmVmdGtu", 40}, {"AQVN", 35}, {"EZAK", 50}, {"EZTK", 50}, {"FLWSECK", 20}, {"HRKU-AA", 50},
	{"doo_v1_", 60}, {"dor_v1_", 60}, {"dp.st.", 30}, {"dp.sa.", 30}, {"dt0c01.", 60}, {"dapi", 32}, {"duffel_", 40}, {"p8e-", 32}, {"ops_eyJ", 100},
	{"AGE-SECRET-KEY-", 40}, {"fo1_", 40}, {"fm1a_", 80}, {"fm1r_", 80}, {"fm2_", 80}, {"fio-u-", 60}, {"eyJrIjoi", 60}, {"api_org_", 30}, {"ico-", 32},
	{"lin_api_", 36}, {"API-", 26}, {"sha256~", 40}, {"pplx-", 40}, {"pscale_", 36}, {"PMAK-", 50}, {"pnu_", 36}, {"pul-", 40}, {"rdme_", 60},
	{"rubygems_", 40}, {"tk-us-", 40}, {"xkeysib-", 60}, {"xsmtpsib-", 60}, {"sntrys_", 60}, {"sntryu_", 60}, {"sm_pat_", 16}, {"sm_aat_", 16},
	{"sm_sat_", 16}, {"shippo_", 40}, {"shpca_", 30}, {"shppa_", 30}, {"squ_", 40}, {"sqp_", 40}, {"sqa_", 40}, {"tfp_", 50}, {"gsk_", 40}, {"r8_", 36},
	{"tskey-", 20}, {"0.A", 80}, {"1.A", 80}, {"ZXlK", 60}, {"TlRMTVNTUA", 20}, {"NRII-", 30}, {"sk_prod_", 10}, {"rk_prod_", 10}, {"xoxo-", 10}, {"hooks.slack.com/", 40},
	{"AzFu", 6}, {"AzSe", 6}, {"AzCa", 6}, {"AIoT", 6}, {"APIM", 6}, {"ACDb", 6}, {"AZDO", 4}, {"JQQJ99", 20}, {"+ASt", 6}, {"+ASb", 6}, {"+AEh", 6}, {"+ARm", 6},
	{"+ACR", 6}, {"+ABa", 6}, {"+AMC", 6}, {".atlasv1.", 60}, {"/IncomingWebhook/", 60}, {"/api/webhooks/", 60}, // after others, see preceding
	{"NRAK-", 20}, {"dckr_pat_", 20}, {"glsa_", 30}, {"glc_eyJ", 30}, {"sq0atp-", 20}, {"sq0csp-", 30},
	{"ntn_", 30}, {"sbp_", 30}, {"AccountKey=", 20}, {"key-", 32}, {"EAAA", 50},
	{"eyJ", 0}, {"8Q~", 0}, {"---", 0}, {"://", 0}, {`\u0`, 0}, // forms, and escapes, which can hide any of them
	{"bearer", 0}, {"basic", 0}, {"digest", 0}, // before a credential
	{"ecr", 0}, {"ssw", 0}, {"swo", 0}, {"assp", 0}, {"asscod", 0}, {"ass=", 0}, {`ass"`, 0}, {"ass_", 0}, {"pwd", 0}, {"pw=", 0}, {`pw"`, 0}, {"tok", 0},
	{"key", 0}, {"uth", 0}, {"ooki", 0}, {"sas", 0}, {"sssig", 0}, {"ss_sig", 0}, {"ss sig", 0}, {"nstr", 0}, {"n_str", 0}, {"n str", 0}, {"cred", 0},
	{"jwt", 0}, {"psk", 0}, {"nnw", 0}, {"tstate", 0}, {"to-sec", 0}, // names
	{"sserti", 0}, {"verifie", 0}, {"otp", 0}, {"snmp", 0}, {"csrf", 0}, {"xsrf", 0}, {"ssionid", 0}, {"ssion_id", 0}, {"ssion id", 0}, {"thash", 0},
	{"mhash", 0}, {"t_hash", 0}, {"m_hash", 0}, {"t hash", 0}, {"m hash", 0}, // more of them
	{"passe", 0}, {"trase", 0}, {"senh", 0}, {"chtw", 0}, {"enord", 0}, {"aslo", 0}, {"hasł", 0}, {"eslo", 0}, {"arola", 0}, {"alasa", 0}, // names in other languages
	{`pin"`, 0}, {"pin=", 0}, {"pin_", 0}, {"curl ", 0}, {"net use", 0}, {"net.exe use", 0}, {"shpass ", 0}, {"setx ", 0}, // commands
	{"ig=", 0}, {"ig%", 0}, {"de=", 0}, {"de%", 0}, // in URLs
}

// preceding is the minimum number of bytes before the anchors that are inside of tokens:
// the signatures in keys of Azure, and paths of webhooks.
var preceding = map[string]int{
	"AzFu": 44, "AzSe": 42, "AzCa": 33, "AIoT": 33, "APIM": 76, "ACDb": 76, "AZDO": 76, "JQQJ99": 52, "+ASt": 76, "+ASb": 33, "+AEh": 33, "+ARm": 33,
	"+ACR": 42, "+ABa": 76, "+AMC": 33, ".atlasv1.": 14, "/IncomingWebhook/": 1, "/api/webhooks/": 1,
}

// index finds anchors in a text that is read two characters at a time.
type index struct {
	// first and second are, for each pair, the anchors that can have it as their first or
	// second pair. Bit c stands for the anchors whose first character has class c, and
	// bit 32+c for the same anchors if their first pair starts one character before them.
	first, second [pairs]uint64
	// start is, for each pair, 1 plus the index in allAnchors of the first anchor whose
	// second and third characters it is, and next the same for the anchor after each; 0
	// means none.
	start [pairs]uint8
	next  [len(allAnchors)]uint8
}

const _ = uint8(len(allAnchors)) // must fit

func (x *index) add(i int) {
	a := &allAnchors[i]
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
	pair := pairOf(a.text[1], a.text[2])
	x.start[pair], x.next[i] = uint8(i+1), x.start[pair]
}

// starting yields the anchors that text may start with, by its second and third character.
func (x *index) starting(text []byte) iter.Seq[*anchor] {
	return func(yield func(*anchor) bool) {
		for i := x.start[pairOf(text[1], text[2])]; i > 0 && yield(&allAnchors[i-1]); i = x.next[i-1] {
		}
	}
}

// anchors is the index of allAnchors.
var anchors index

func init() {
	for i := len(allAnchors) - 1; i >= 0; i-- {
		anchors.add(i)
	}
}

// nextAnchor returns the offset of the first anchor in a text, or -1.
func nextAnchor(text []byte) int {
	x, before := &anchors, uint64(0)
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

// at reports whether an anchor starts at an offset.
func (x *index) at(text []byte, start int) bool {
	if start < 0 {
		return false
	}
	text = text[start:]
	for a := range x.starting(text) {
		if a.starts(text) {
			return true
		}
	}
	return false
}

// Suspect reports whether a JSON value, or a name in quotation marks, may contain a
// credential or be the name of one. It does not suspect a word of letters and dots, or a
// URL of a host and a path, unless Find finds a credential or a name in it.
func Suspect(text []byte) bool {
	rest, isURL := bytes.CutPrefix(text, []byte(`"https://`))
	if nextAnchor(rest) < 0 { // the usual case
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
