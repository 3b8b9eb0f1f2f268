package secret

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/lazy"
)

// maxJudged is how long a value can be, in bytes, and still not be a credential
// because of what it says.
const maxJudged = 200

// pair is the name of a credential and how it and its value are written.
type pair struct {
	kind   kind
	quoted bool // the name
	line   bool // the name starts a line or follows a bracket or comma
	param  bool // as in a URL, a form or a connection string: a=b
	text   bool // the value is in quotation marks
	shell  bool // a shell sets the name to the directory that it is in
}

// holds reports whether a value is a credential under its name.
func (p pair) holds(value []byte) bool {
	value = bytes.TrimSpace(value)
	if p.kind == bare && (public.Get().Match(value) || isPath(string(value))) {
		return false
	}
	if len(value) > maxJudged {
		return !isURL(value)
	}
	text := string(value)
	if placeholder(text) || isURL(value) || template.Get().MatchString(strings.TrimSpace(text[schemeOf(value):])) { // "Bearer {{token}}"
		return false
	}
	member := p.quoted && p.text || p.param || p.text && p.line // and no prose
	switch p.kind {
	case bare:
		return len(text) >= 20 && !words(text)
	case strong, holder:
		switch {
		case p.shell && (text[0] == '/' || strings.HasPrefix(text[1:], ":")) && words(strings.ReplaceAll(text, `\`, "/")):
			return false
		case member:
			return true
		case p.line || p.quoted:
			return len(text) >= 4 && !sentence(text)
		}
		return len(text) >= 8 && !words(text)
	case header:
		return authorization(text, member || p.line)
	case cookie:
		return strings.Contains(text, "=") && !placeholder(text[strings.LastIndex(text, "=")+1:])
	default:
		least := 6
		if !member && !p.line {
			least = 8
		}
		return len(text) >= least && !sentence(text) && !guid.Get().MatchString(text)
	}
}

// number reports whether a number is a credential.
func (p pair) number(text []byte) bool {
	digits := 0
	for _, c := range text {
		if '0' <= c && c <= '9' {
			digits++
		}
	}
	return p.kind == strong && digits >= 4 || p.kind != bare && digits >= 8
}

var (
	// public matches what is there to be read by everybody, in base64: a certificate, which
	// is a sequence that starts with a long one where a private key has a number, and the
	// "X509:" of an alternative security id.
	public = lazy.Regexp(`^(?:base64)?(?:MII[A-Za-z0-9+/]{2}[DTjz]CC|WAA1ADAAOQA6A)`)

	guid = lazy.Regexp(`(?i)^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$`)
	date = lazy.Regexp(`^\d{4}-\d\d-\d\d`)
	// email matches an address.
	email = lazy.Regexp(`^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$`)

	// template matches what takes the place of a value that is elsewhere or yet
	// to come, in the languages that payloads are made with.
	template = lazy.Regexp(`^(?:` +
		`\{\{[^{}]*\}\}|\$\{\{?[^{}]*\}?\}|\$\([^()]*\)|\$(?:env:)?[A-Z_][A-Z0-9_]*|\$(?:env:)?[a-z_]+\d?|%[\w.-]+%|<[^<>]*>|\{[\w .:$-]*\}|\[[\w .()',/-]*\]|` +
		`#\{[^{}]*\}#?|__\w+__|@Microsoft\.KeyVault\(.*|@\{.*\}|\(\(.*\)\)|op://.*|(?:env|vault|keyvault|file|ssm|secret)[:/].*|` +
		`[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|@@\w+@@|%\(\w+\)s|\$\[[\w .()',]*\]|ENC\[AES256_GCM,.*\]|arn:aws:(?:secretsmanager|ssm):.*` +
		`)$`)
)

// meaningless are values that say there is no credential, or what it should be.
var meaningless = []string{
	"none", "null", "nil", "undefined", "true", "false", "yes", "no", "on", "off", "required", "notrequired", "optional", "mandatory",
	"enabled", "disabled", "default", "devicedefault", "unknown", "notset", "notconfigured", "empty", "redacted", "masked", "hidden",
	"removed", "omitted", "secret", "password", "token", "string", "text", "value", "basic", "bearer", "digest", "negotiate", "ntlm",
	"apikey", "oauth", "oauth2", "certificate", "anonymous", "placeholder", "todo", "tbd", "na", "changeme", "replaceme", "example", "sample", "dummy",
	"systemstring", "securestring", "yourpassword", "yoursecret", "yourtoken", "clientsecret", "accesstoken", "xxx", "system", "object",
}

// placeholder reports whether a value takes the place of one.
func placeholder(text string) bool {
	text = strings.Trim(text, " \t\r\n\"'`")
	if len(text) > maxJudged {
		return false
	}
	if first, _ := utf8.DecodeRuneInString(text); strings.Trim(text, string(first)) == "" && (first > 'z' || !isAlnum(byte(first)) || first|0x20 == 'x' || first == '0') {
		return true // of one character, if any
	}
	if template.Get().MatchString(text) {
		return true
	}
	if name, ok := strings.CutPrefix(text, "$"); ok && words(strings.TrimRight(name, "0123456789")) {
		return true // $clientSecret
	}
	var b strings.Builder
	for i := range len(text) {
		if c := text[i] | 0x20; 'a' <= c && c <= 'z' || '0' <= text[i] && text[i] <= '9' {
			b.WriteByte(c)
		} else if text[i] >= 0x80 {
			return false
		}
	}
	folded := b.String()
	if folded == "" {
		return strings.Trim(text, ".*-_#•…") == ""
	}
	if slices.Contains(meaningless, folded) {
		return true
	}
	// "Password value" and "MyPassword" are what Microsoft's reference pages have
	// for one.
	return words(text) && (strings.HasPrefix(folded, "your") || strings.HasPrefix(folded, "enteryour") || strings.HasSuffix(folded, "here") || isNamed(text) && !strings.ContainsAny(text, "0123456789"))
}

// isPath reports whether a text is a path of Windows or of its registry, whose backslashes
// may be escaped, once or more. A backslash can also be that of an escape in base64, where
// what is before it or after it is long and is not made of words.
func isPath(text string) bool {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '\\' })
	if len(parts) < 2 || !strings.HasPrefix(text, `\`) && !words(parts[0]) && !template.Get().MatchString(parts[0]) {
		return false
	}
	const short = 16
	for _, part := range parts {
		if escaped.Get().MatchString(part) || len(part) >= short && !words(part) && !guid.Get().MatchString(part) {
			return false
		}
	}
	return true
}

// escaped matches what is after the backslash of an escaped character.
var escaped = lazy.Regexp(`^(?:u[0-9A-Fa-f]{4}|/)`)

func isURL(value []byte) bool {
	start := value[:min(len(value), 24)]
	scheme, _, ok := bytes.Cut(start, []byte("://"))
	return ok && words(string(scheme))
}

// words reports whether a text is made of words, as people write them and
// programs name things: "Contoso", "see the vault", "deviceDefault", "en-US",
// "release-2024".
func words(text string) bool {
	list := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t-_.,/:;()'\"!?", r) })
	for _, word := range list {
		letters := strings.TrimRight(word, "0123456789")
		digits := len(word) - len(letters)
		if letters != "" && digits > 0 && len(list) < 3 || digits > 4 || !pronounceable(letters) {
			return false
		}
	}
	return true
}

// pronounceable reports whether letters read as one word or as a few in camel
// case.
func pronounceable(word string) bool {
	const longest = 5 // consonants in a row, as in "strengths"
	vowels, consonants, humps := 0, 0, 0
	for i, r := range word {
		switch {
		case r >= 0x80:
			vowels, consonants = vowels+1, 0 // what is not ASCII is written by people
			continue
		case !('a' <= r|0x20 && r|0x20 <= 'z'):
			return false
		}
		if i > 0 && r <= 'Z' && word[i-1] > 'Z' && word[i-1] < 0x80 {
			humps++
		}
		if strings.ContainsRune("aeiouy", r|0x20) {
			vowels, consonants = vowels+1, 0
		} else if consonants++; consonants > longest {
			return false
		}
	}
	return len(word) <= 4 || vowels*5 >= len(word) && humps*3 <= len(word)
}

// random reports whether a word reads as a password and as nothing else: it is
// long, mixes cases and digits, and is not a name with a number.
func random(word string) bool {
	digit := func(r rune) bool { return '0' <= r && r <= '9' }
	parts := strings.FieldsFunc(word, digit)
	return len(word) >= 10 && strings.ToLower(word) != word && strings.ToUpper(word) != word && strings.ContainsFunc(word, digit) &&
		!guid.Get().MatchString(word) && (len(parts) > 2 || !pronounceable(strings.Join(parts, "")))
}

// sentence reports whether a text says something: it has words, dates and short
// numbers, and nothing that is long and random.
func sentence(text string) bool {
	several := strings.ContainsAny(text, " \t")
	for word := range strings.FieldsSeq(text) {
		if words(word) || date.Get().MatchString(word) || email.Get().MatchString(word) || placeholder(word) || several && len(word) < 6 {
			continue
		}
		return false
	}
	return true
}

// Plain reports whether a text takes the place of a credential or says something, so
// that as a part of one it tells nothing.
func Plain(text string) bool { return placeholder(text) || sentence(text) }

// schemes are the schemes of an Authorization header (RFC 9110, 11.6.2) that are in
// use.
var schemes = []string{"bearer", "basic", "digest", "negotiate", "ntlm", "apikey", "token", "sharedkey", "sharedkeylite", "sharedaccesssignature", "aws4-hmac-sha256", "oauth", "hawk", "dpop", "pop", "key", "api-key"}

// authorization reports whether the value of an Authorization header is a
// credential; sure says that it is one if anything.
func authorization(text string, sure bool) bool {
	n := schemeOf([]byte(text))
	if n == 0 {
		return len(text) >= 6 && !sentence(text)
	}
	scheme, rest := text[:n], strings.TrimSpace(text[n:])
	last := rest[strings.LastIndexAny(rest, " :")+1:]
	switch {
	case placeholder(rest), placeholder(last):
		return false
	case sure && strings.EqualFold(scheme, "basic") && strings.ContainsAny(rest, " :"): // user and password as they are
		return !strings.Contains(rest, "auth")
	}
	return len(rest) >= 4 && !sentence(rest)
}

// schemeOf returns the length of the scheme that the value of an Authorization
// header starts with.
func schemeOf(value []byte) int {
	n := bytes.IndexByte(value[:min(len(value), 32)], ' ')
	if n < 0 || !slices.Contains(schemes, strings.ToLower(string(value[:n]))) {
		return 0
	}
	return n
}
