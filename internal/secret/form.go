package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// prefixes are what the tokens of vendors start with, as their documentation says.
var prefixes = []anchor{
	{"ghp_", 30}, {"gho_", 30}, {"ghu_", 30}, {"ghs_", 30}, {"ghr_", 30}, {"github_pat_", 30}, {"glpat-", 18}, {"gldt-", 18}, {"glrt-", 18},
	{"AKIA", 16}, {"ASIA", 16}, {"ABIA", 16}, {"ACCA", 16},
	{"xoxb-", 10}, {"xoxp-", 10}, {"xoxa-", 10}, {"xoxe-", 10}, {"xoxe.", 10}, {"xoxr-", 10}, {"xoxs-", 10}, {"xapp-", 10},
	{"sk-", 20}, {"sk_live_", 10}, {"sk_test_", 10}, {"rk_live_", 10}, {"rk_test_", 10}, {"whsec_", 20},
	{"npm_", 30}, {"pypi-AgE", 30}, {"AIza", 30}, {"ya29.", 20}, {"GOCSPX-", 20}, {"SG.", 40},
	{"hf_", 30}, {"dop_v1_", 40}, {"shpat_", 30}, {"shpss_", 30}, {"hvs.", 20}, {"hvb.", 20}, {"dp.pt.", 30},
	{"NRAK-", 20}, {"dckr_pat_", 20}, {"glsa_", 30}, {"glc_eyJ", 30}, {"sq0atp-", 20}, {"sq0csp-", 30},
	{"ntn_", 30}, {"sbp_", 30}, {"AccountKey=", 20}, {"key-", 32}, {"EAAA", 50},
}

// ofVendor returns where a token ends that starts with a vendor's prefix, 0 where
// there is none.
func (s *scanner) ofVendor(start int) int {
	src := s.src
	if start > 0 && isAlnum(src[start-1]) {
		return 0
	}
	for _, p := range prefixes {
		if !p.starts(src[start:]) {
			continue
		}
		from := start + len(p.text)
		end := from
		for end < len(src) && (isAlnum(src[end]) || strings.IndexByte("-_.=+/", src[end]) >= 0) {
			if end++; end-from == maxJudged && words(string(src[from:end])) {
				return 0 // before reading on: what follows may be as long as the text
			}
		}
		if end-from >= p.least && (end-from >= maxJudged || !words(string(src[from:end]))) {
			return end
		}
	}
	return 0
}

// tokenRun is the run of characters at hand that the first part of a JSON Web Token
// can have, and what follows it. All places in one run share that, so it is read once.
type tokenRun struct {
	start, end int
	tail       int // where the parts after it end, 0 where they do not belong to a token
	tries      int // of places in it
}

// maxTries is how many places of a run are tried as the start of a token. After so
// many that are not, the next counts as one if what follows is a token's.
const maxTries = 16

// webToken returns where a JSON Web Token (RFC 7519) ends that starts at a place, 0
// where there is none. Its first part is the base64url of an object; a slash, plain
// or escaped, may be in one that was encoded by another base64.
func (s *scanner) webToken(start int) int {
	if r := &s.run; start < r.start || start >= r.end {
		*r = tokenRun{start: start, end: tokenPart(s.src, start)}
		r.tail = tokenTail(s.src, r.end)
	}
	r := &s.run
	if r.tail == 0 || r.end-start < 12 {
		return 0
	}
	if r.tries++; r.tries <= maxTries && !isObject(s.src[start:r.end]) {
		return 0
	}
	return r.tail
}

// tokenTail returns where the parts of a token end that follow the first one, 0
// where they are not such parts: one is a second object, or long and no file's name.
func tokenTail(src []byte, dot int) int {
	if dot == len(src) || src[dot] != '.' {
		return 0
	}
	end := tokenPart(src, dot+1)
	sure := isObject(src[dot+1 : end])
	for parts := 2; parts < 5 && end < len(src) && src[end] == '.'; parts++ {
		more := tokenPart(src, end+1)
		if more == end+1 && parts > 2 {
			break
		}
		sure = sure || more-end > 8 && !words(string(src[end+1:min(more, end+maxJudged)]))
		end = more
	}
	if !sure {
		return 0
	}
	return end
}

// tokenPart returns where the part of a token ends that starts at a place.
func tokenPart(src []byte, from int) int {
	for from < len(src) {
		switch c := src[from]; {
		case isAlnum(c) || strings.IndexByte("-_+/=", c) >= 0:
			from++
		case c == '\\' && from+1 < len(src) && src[from+1] == '/':
			from += 2
		default:
			return from
		}
	}
	return from
}

// isObject reports whether a part of a token starts an object: it begins with
// the base64 of `{"` and, if it is short enough, decodes to JSON.
func isObject(part []byte) bool {
	if !bytes.HasPrefix(part, []byte("eyJ")) || len(part) < 8 {
		return false
	}
	if len(part) > 4096 {
		return true
	}
	text := strings.NewReplacer(`\`, "", "+", "-", "/", "_", "=", "").Replace(string(part))
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && json.Valid(decoded)
}

// clientSecret returns where a client secret ends that Entra made, whose "Q~" ends
// at a place, and where it starts.
func (s *scanner) clientSecret(after int) (start, end int) {
	src := s.src
	is := func(c byte) bool { return isAlnum(c) || strings.IndexByte("_.~-", c) >= 0 }
	if start = after - 6; start < 0 || src[after-2] != 'Q' {
		return 0, 0
	}
	for _, c := range src[start : after-3] {
		if !is(c) {
			return 0, 0
		}
	}
	end = after
	for end < len(src) && end-after < 34 && is(src[end]) {
		end++
	}
	if end-after < 31 {
		return 0, 0
	}
	return start, end
}

// privateKey masks a private key in PEM (RFC 7468), or as much of one as there is,
// and returns where to go on.
func (s *scanner) privateKey(start int) int {
	src := s.src
	for start > 0 && src[start-1] == '-' {
		start--
	}
	from := start
	for from < len(src) && src[from] == '-' {
		from++
	}
	label := src[from:min(len(src), from+64)]
	dashes := bytes.Index(label, []byte("--"))
	if !bytes.HasPrefix(label, []byte("BEGIN ")) || dashes < 0 || !bytes.Contains(label[:dashes], []byte("PRIVATE KEY")) {
		return from
	}
	if s.pemEnd < from && s.pemEnd >= 0 {
		s.pemEnd = -1
		if i := bytes.Index(src[from:], []byte("-----END")); i >= 0 {
			s.pemEnd = from + i
		}
	}
	end := from + dashes
	if s.pemEnd > from {
		end = s.pemEnd
		for end < len(src) && (src[end] == '-' || src[end] == ' ' || 'A' <= src[end] && src[end] <= 'Z') {
			end++
		}
		s.add(start, end)
		return end
	}
	for end < len(src) && src[end] == '-' {
		end++
	}
	next := end // what follows may be something else
	for end < len(src) && (isAlnum(src[end]) || strings.IndexByte("+/=\\ \t\r\n:,", src[end]) >= 0) {
		end++
	}
	s.add(start, end)
	return next
}

// userInfo masks the user information of a URL (RFC 3986, 3.2.1), and returns
// where to go on.
func (s *scanner) userInfo(start int) int {
	const longest = 128
	src := s.src
	colon, port := -1, true // all after the colon is digits
	for i := start; i < min(len(src), start+longest); i++ {
		switch c := src[i]; {
		case c == ':' && colon < 0:
			colon = i
		case c == '@':
			secret := src[start:i]
			if colon >= 0 {
				secret = src[colon+1 : i]
			}
			if len(secret) == 0 || placeholder(string(secret)) || bytes.HasPrefix(secret, []byte("{{")) ||
				colon < 0 && (len(secret) < 16 || words(string(secret))) {
				return i + 1
			}
			s.add(start, i)
			return i + 1
		case c <= ' ', c == '/' && (colon < 0 || port), strings.IndexByte(`?#"'<>\`, c) >= 0:
			return start
		case colon >= 0:
			port = port && '0' <= c && c <= '9'
		}
	}
	return start
}

func isAlnum(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' }

// decodeBase64 decodes with or without padding.
func decodeBase64(text []byte) (decoded []byte, ok bool) {
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(string(text), "="))
	return decoded, err == nil
}

func printable(text []byte) bool {
	return !bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7F || r == '\uFFFD' })
}
