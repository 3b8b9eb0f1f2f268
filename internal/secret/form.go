package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/patchlint/patchlint/internal/lazy"
)

// tokenBytes are the characters of vendors' tokens.
const tokenBytes = alnum + "_.=+/-"

// vendorToken adds the token whose anchor starts at start, and returns its end, or 0 if
// it is not a token.
func (s *scanner) vendorToken(start int) int {
	for _, p := range anchors[codeOf(s.src[start:])%chains] {
		if p.least == 0 || !p.starts(s.src[start:]) {
			continue
		}
		from, inside := start, p.before > 0
		if inside {
			from = s.runBefore(start, maxExamined, tokenBytes)
		}
		if start-from < p.before || !inside && (start > 0 && isAlnum(s.src[start-1]) || s.inGUID(start)) {
			continue
		}
		rest := s.src[start+len(p.text):]
		n := run(rest[:min(len(rest), maxExamined)], tokenBytes)
		text := rest[:n]
		if inside {
			text = s.src[from : start+len(p.text)+n]
		}
		if n < p.least || n > p.most() || isTitle(string(text)) {
			continue
		}
		if n == maxExamined { // the token may be longer
			n = run(rest, tokenBytes)
		}
		return s.add(from, start+len(p.text)+n)
	}
	return 0
}

// isTitle reports whether a text consists of words and dates, as in "Gateway-Prod-20261129",
// or ends with a placeholder, as in "services/T00000000/XXXXXXXXXXXX".
func isTitle(text string) bool {
	last := text[strings.LastIndexAny(text, "/_-.")+1:]
	return len(last) >= 8 && isPlaceholder(last) || isWords(shortNumber.Get().ReplaceAllString(text, "-"))
}

// shortNumber matches numbers without letters beside them.
var shortNumber = lazy.Regexp(`(?:[-_./]\d{1,8})+(?:[-_./]|$)`)

// runBefore returns the start of the at most limit bytes before an offset that are in chars.
func (s *scanner) runBefore(at, limit int, chars string) int {
	before := s.src[max(0, at-limit):at]
	return at - len(before) + len(bytes.TrimRight(before, chars))
}

// inGUID reports whether an offset is in a GUID. In capital letters, a GUID can contain the
// prefix of a key.
func (s *scanner) inGUID(at int) bool {
	const length = len("01234567-89ab-cdef-0123-456789abcdef")
	text := s.src[s.runBefore(at, length, alnum+"-"):]
	return guid.Get().Match(text[:run(text[:min(len(text), length+1)], alnum+"-")])
}

// webToken adds the JSON Web Token (RFC 7519) that starts at start or last in the run of
// characters of its first part, and returns its end, or 0 if it does not start there. The first part
// is the base64url of an object. It may contain slashes, plain or escaped, if it was
// encoded with another base64.
func (s *scanner) webToken(start int) int {
	if start < s.tokenless {
		return 0
	}
	end := tokenPart(s.src, start)
	tail := tokenTail(s.src, end)
	last := start + bytes.LastIndex(s.src[start:end], []byte("eyJ"))
	for _, from := range []int{start, last} {
		if tail > 0 && end-from >= 12 && isObject(s.src[from:end]) {
			return s.add(from, tail)
		}
	}
	s.tokenless = end
	return 0
}

// tokenTail returns the end of the parts of a token after the first, or 0 if they are not
// parts of a token: one must be an object, or long and not the name of a file.
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
		sure = sure || more-end > 8 && !isWords(string(src[end+1:min(more, end+maxExamined)]))
		end = more
	}
	if !sure {
		return 0
	}
	return end
}

// tokenPart returns the end of the part of a token that starts at from.
func tokenPart(src []byte, from int) int { return from + runEscaped(src[from:], alnum+"_+/=-") }

// isObject reports whether a part of a token is the base64 of a JSON object: it starts with
// that of `{"` and, unless it is very long and may be cut off, decodes to JSON.
func isObject(part []byte) bool {
	if !bytes.HasPrefix(part, []byte("eyJ")) {
		return false
	}
	if len(part) > 4096 {
		return true
	}
	text := strings.NewReplacer(`\`, "", "+", "-", "/", "_", "=", "").Replace(string(part))
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && json.Valid(decoded)
}

// entraSecret matches a client secret of Entra.
var entraSecret = lazy.Regexp(`^[\w.~-]{3}[0-9]Q~[\w.~-]{31,34}`)

// clientSecret adds the client secret of Entra that starts at from, and returns its end, or
// 0 if it is not one.
func (s *scanner) clientSecret(from int) int {
	if n := len(entraSecret.Get().Find(s.src[from:])); n > 0 {
		return s.add(from, from+n)
	}
	return 0
}

// keyLabel matches the label of a private key between its dashes. That of SSH2 (RFC 4716)
// has spaces around it.
var keyLabel = lazy.Regexp(`^ ?BEGIN (?:[^-]|-[^-])*PRIVATE KEY(?:[^-]|-[^-])*--`)

// privateKey adds a private key in PEM (RFC 7468), which may be incomplete, and returns the
// offset after it.
func (s *scanner) privateKey(start int) int {
	src := s.src
	start = len(bytes.TrimRight(src[:start], "-"))
	from := start + run(src[start:], "-")
	label := keyLabel.Get().Find(src[from:min(len(src), from+64)])
	if label == nil {
		return from
	}
	if s.pemEnd < from && s.pemEnd >= 0 {
		s.pemEnd = -1
		if i := bytes.Index(src[from:], []byte("-----END")); i >= 0 {
			s.pemEnd = from + i
		}
	}
	if s.pemEnd > from && label[0] != ' ' {
		return s.add(start, s.pemEnd+run(src[s.pemEnd:], upper+" -"))
	}
	next := from + len(label)
	next += run(src[next:], "-")
	s.add(start, next+run(src[next:], alnum+"+/=\\:,"+spaces))
	return next // without an end, other credentials may follow
}

// userPart matches the user information of a URL (RFC 3986, 3.2.1): a user, or a user and
// a password. A password that does not start like a port can contain a slash.
var userPart = lazy.Regexp(`^(?:([^/:` + noUser + `]*)|[^/:` + noUser + `]*:([0-9]*(?:[^/0-9` + noUser + `][^` + noUser + `]*)?))@`)

const noUser = `\x00- ?#"'<>\\@`

// userInfo adds the user information of a URL if it is a credential, and returns the offset
// after it.
func (s *scanner) userInfo(start int) int {
	const limit = 128
	text := s.src[start:min(len(s.src), start+limit)]
	if bytes.IndexByte(text, '@') < 0 {
		return start
	}
	at := userPart.Get().FindSubmatchIndex(text)
	if at == nil {
		return start
	}
	alone := at[2] >= 0
	secret := text[max(at[2], at[4]):max(at[3], at[5])]
	if len(secret) > 0 && !isPlaceholder(string(secret)) && !bytes.HasPrefix(secret, []byte("{{")) && !(alone && (len(secret) < 16 || isWords(string(secret)))) {
		s.add(start, start+at[1]-1)
	}
	return start + at[1]
}

// schemes are the schemes of an Authorization header (RFC 9110, 11.6.2) that are in use,
// each with the minimum length of a credential after it where no header is named; 0 if such
// text is never taken for one.
var schemes = map[string]int{
	"bearer": 12, "basic": 8, "sharedkey": 20, "sharedkeylite": 20, "apikey": 20, "api-key": 20, "token": 20, "key": 20,
	"digest": 0, "negotiate": 0, "ntlm": 0, "sharedaccesssignature": 0, "aws4-hmac-sha256": 0, "oauth": 0, "hawk": 0, "dpop": 0, "pop": 0,
}

// userAndPassword matches printable text with a colon in it.
var userAndPassword = lazy.Regexp(`^[^\x00-\x1F\x7F\x{FFFD}:]*:[^\x00-\x1F\x7F\x{FFFD}]*$`)

// scheme adds the credential after the scheme of an Authorization header, and returns its
// end, or 0 if the word is not a scheme before a credential.
func (s *scanner) scheme(p pair) int {
	from := s.skipSpaces(p.end, len(s.src))
	if from == p.end || p.end-p.start > len("sharedkeylite") {
		return 0
	}
	scheme := strings.ToLower(string(s.src[p.start:p.end]))
	value := s.src[from:][:runEscaped(s.src[from:], alnum+"._~+/=:-")] // RFC 9110 calls it a token68
	text := string(value[:min(len(value), maxExamined)])
	least := schemes[scheme]
	ok := least > 0 && len(value) >= least
	switch {
	case !ok:
	case scheme == "basic": // RFC 7617, with or without padding
		decoded, err := base64.RawStdEncoding.DecodeString(string(bytes.TrimRight(value, "=")))
		ok = err == nil && userAndPassword.Get().Match(decoded)
	case scheme == "bearer": // RFC 6750, 2.1
		ok = (len(value) >= 16 || strings.ContainsAny(text, "0123456789")) && !isWords(text) && !isPlaceholder(text)
	default:
		ok = !isWords(text) && !isPlaceholder(text) && !guid.Get().MatchString(text)
	}
	if !ok {
		return 0
	}
	return s.add(p.start, from+len(value))
}
