package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/patchlint/patchlint/internal/lazy"
)

// tokenBytes are the characters of vendors' tokens.
const tokenBytes = alnum + "_.=+/~-"

// vendorToken adds the token whose anchor starts at start, and returns its end, or 0 if
// it is not a token.
func (s *scanner) vendorToken(start int) int {
	for p := *anchors.chain(s.src[start:]); p != nil; p = p.next {
		if p.least == 0 || !p.starts(s.src[start:]) {
			continue
		}
		from, inside := start, p.before > 0
		if inside {
			from = max(0, start-maxExamined)
			from += len(bytes.TrimRight(s.src[from:start], tokenBytes))
		}
		if start-from < p.before || !inside && start > 0 && isAlnum(s.src[start-1]) {
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

// shortNumber matches numbers without adjacent letters.
var shortNumber = lazy.Regexp(`(?:[-_./]\d{1,8})+(?:[-_./]|$)`)

// token matches a JSON Web Token (RFC 7519), even if parts are left out, or its first part.
var token = lazy.Regexp(`^eyJ[\w+/=-]*(?:\.{1,3}[\w+/=-]+){0,4}`)

// webToken adds the JSON Web Token that starts at start, and returns its end, or 0 if none
// does. The first part of a token is the base64url of an object. Another part is also one,
// or is long and not the name of a file.
func (s *scanner) webToken(start int) int {
	if start < s.tokenless {
		return 0
	}
	text := token.Get().Find(s.src[start:])
	first, rest, _ := bytes.Cut(text, []byte("."))
	s.tokenless = start + len(first)
	if len(first) >= 12 && len(rest) > 0 && isObject(first) {
		for part := range bytes.SplitSeq(rest, []byte(".")) {
			if isObject(part) || len(part) > 7 && !isWords(string(part[:min(len(part), maxExamined)])) {
				return s.add(start, start+len(text))
			}
		}
	}
	return 0
}

// isObject reports whether a part of a token is the base64 of a JSON object: it starts with
// that of `{"` and, unless it is very long and may be cut off, decodes to JSON.
func isObject(part []byte) bool {
	if !bytes.HasPrefix(part, []byte("eyJ")) {
		return false
	}
	decoded, err := base64.RawURLEncoding.DecodeString(string(part[:min(len(part), 4097)]))
	return len(part) > 4096 || err == nil && json.Valid(decoded)
}

// key matches a private key in PEM (RFC 7468), which may be incomplete. The label of SSH2
// (RFC 4716) has spaces around it.
var key = lazy.Regexp(`^-{3,9} ?BEGIN [^-]*PRIVATE KEY[^-]*---*(?:[^-]*-----END [^-]*-----|[\w+/=\\:,\s]*)`)

// userPart matches the user information of a URL (RFC 3986, 3.2.1): a user, and perhaps a
// password. A password that does not start like a port can contain a slash.
var userPart = lazy.Regexp(`^([^/:` + noUser + `]*)(?::([0-9]*(?:[^/0-9` + noUser + `][^` + noUser + `]*)?))?@`)

const noUser = `\x00- ?#"'<>\\@`

// userInfo adds the user information of a URL if it is a credential, and returns the offset
// after it.
func (s *scanner) userInfo(start int) int {
	const limit = 128
	text := s.src[start:min(len(s.src), start+limit)]
	if bytes.IndexByte(text, '@') < 0 {
		return start
	}
	at := userPart.Get().FindSubmatch(text)
	if at == nil {
		return start
	}
	user, password := string(at[1]), string(at[2])
	token := password == "" && len(user) >= 16 && !isWords(user) && !isPlaceholder(user)
	if token || password != "" && !isPlaceholder(password) {
		s.add(start, start+len(at[0])-1)
	}
	return start + len(at[0])
}

// command matches a command that has a password among its arguments, and captures that.
var command = lazy.Regexp(`^(?i)(?:net(?:\.exe)? user (?:"[^"\n]*"|[^\s"]+)|curl (?:[^\n|;]*? )?(?:-u|--user) ?["']?[^\s:"']+:|sshpass -p) *["']?([^\s"']+)["']?[ \t]*(?:[/&|;"'\r\n-]|https?:|ssh|scp|sftp|rsync|$)`)

// command adds the password in the command that starts at start, and returns its end, or 0.
func (s *scanner) command(start int) int {
	if start > 0 && isAlnum(s.src[start-1]) {
		return 0
	}
	at := command.Get().FindSubmatchIndex(s.src[start:min(len(s.src), start+maxExamined)])
	if at == nil || !s.check(start+at[2], start+at[3], pair{kind: strong, line: true}) {
		return 0
	}
	return start + at[3]
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
// end, or 0 if the word from start to end is not a scheme before a credential.
func (s *scanner) scheme(start, end int) int {
	from := end + run(s.src[end:], " \t")
	if from == end || end-start > len("sharedkeylite") {
		return 0
	}
	scheme := strings.ToLower(string(s.src[start:end]))
	value := s.src[from:][:run(s.src[from:], alnum+"._~+/=:-")] // RFC 9110 calls it a token68
	text := string(value[:min(len(value), maxExamined)])
	least := schemes[scheme]
	if least == 0 || len(value) < least || isWords(text) || isPlaceholder(text) || guid.Get().MatchString(text) {
		return 0
	}
	if scheme == "basic" { // RFC 7617, with or without padding
		decoded, err := base64.RawStdEncoding.DecodeString(string(bytes.TrimRight(value, "=")))
		if err != nil || !userAndPassword.Get().Match(decoded) {
			return 0
		}
	}
	return s.add(start, from+len(value))
}
