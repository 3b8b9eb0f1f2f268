package secret

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/lazy"
)

// maxExamined is the maximum length in bytes of a value whose text can show that it is not
// a credential.
const maxExamined = 200

// pair is the name of a credential, and how the name and its value are written.
type pair struct {
	end   int // of the name
	after int // the same, including a quotation mark

	kind   kind
	option bool // whether the name is an option of a command, or a command
	quoted bool // whether the name is in quotation marks
	line   bool // whether the name starts a line or follows a bracket or comma
	param  bool // whether the pair is a parameter of a URL, form or connection string: a=b
	text   bool // whether the value is in quotation marks
}

// isCredential reports whether the value of a pair is a credential.
func (p pair) isCredential(value []byte) bool {
	value = bytes.TrimSpace(value)
	if p.kind == bare && (public.Get().Match(value) || bytes.ContainsRune(value, '\\')) || p.kind == topic && bytes.ContainsRune(value, ' ') {
		return false
	}
	if len(value) > maxExamined {
		return !isURL(value)
	}
	text := string(value)
	if isPlaceholder(text) || isURL(value) || template.Get().MatchString(strings.TrimSpace(text[schemeOf(value):])) { // "Bearer {{token}}"
		return false
	}
	member := p.quoted && p.text || p.param || p.text && p.line // not prose
	switch p.kind {
	case bare:
		return len(text) >= 20 && !isWords(text)
	case strong, holder:
		switch {
		case member:
			return true
		case p.line || p.quoted:
			return len(text) >= 4 && !isProse(text)
		}
		return len(text) >= 8 && !isWords(text)
	case header:
		return authorization(text, member || p.line)
	case cookie:
		return strings.Contains(text, "=") && !isPlaceholder(text[strings.LastIndex(text, "=")+1:])
	default:
		least := 6
		if !member && !p.line {
			least = 8
		}
		return len(text) >= least && !isProse(text) && !guid.Get().MatchString(text)
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

// A SID of Windows and, in SDDL, the abbreviation of one ([MS-DTYP], 2.4.2 and 2.5.1).
const (
	sid     = `S-1(?:-\d{1,14}){1,16}`
	trustee = `(?:` + sid + `|[A-Z]{2})?`
)

var (
	// public matches the start of public data in base64: a certificate, which starts with
	// two sequences where a private key has a sequence and a number, and the "X509:" of an
	// alternative security id.
	public = lazy.Regexp(`^(?:base64)?(?:MII[A-Za-z0-9+/]{2}[DTjz]CC|WAA1ADAAOQA6A)`)

	guid = lazy.Regexp(`(?i)^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$`)
	date = lazy.Regexp(`^\d{4}-\d\d-\d\d`)
	// identifier matches an email address, the name of a directory extension of Entra, the
	// SIDs of a user right of Windows, or a security descriptor in SDDL. Escapes of characters
	// beyond ASCII are question marks here.
	identifier = lazy.Regexp(`^(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|extension_[0-9a-f]{32}_\w+|` +
		`(?:(?:&#xF000;|[*,;?\s[:^ascii:]])*` + sid + `)+|` +
		`(?:[OG]:` + trustee + `)*(?:[DS]:[A-Z]*(?:\([A-Z]*;[A-Z]*;(?:[A-Z]*|0x[0-9a-fA-F]+);[0-9a-fA-F-]*;[0-9a-fA-F-]*;` + trustee + `\))+)+)$`)

	// template matches a reference to a value, or a placeholder for it, in the template
	// languages that are used for payloads.
	template = lazy.Regexp(`^(?:` +
		`\{\{[^{}]*\}\}|\$\{\{?[^{}]*\}?\}|\$\([^()]*\)|\$(?:env:)?[A-Z_][A-Z0-9_]*|\$(?:env:)?[a-z_]+\d?|%[\w.-]+%|<[^<>]*>|\{[\w .:$-]*\}|\[[\w .()',/-]*\]|` +
		`#\{[^{}]*\}#?|__\w+__|@Microsoft\.KeyVault\(.*|@\{.*\}|\(\(.*\)\)|op://.*|(?:env|vault|keyvault|file|ssm|secret)[:/].*|` +
		`[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|@@\w+@@|%\(\w+\)s|\$\[[\w .()',]*\]|ENC\[AES256_GCM,.*\]|arn:aws:(?:secretsmanager|ssm):.*` +
		`)$`)
)

// meaningless are values that mean no credential, or describe it.
var meaningless = []string{
	"none", "null", "nil", "undefined", "true", "false", "yes", "no", "on", "off", "required", "notrequired", "optional", "mandatory",
	"enabled", "disabled", "default", "devicedefault", "unknown", "notset", "notconfigured", "empty", "redacted", "masked", "hidden",
	"removed", "omitted", "secret", "password", "token", "string", "text", "value", "basic", "bearer", "digest", "negotiate", "ntlm",
	"apikey", "oauth", "oauth2", "certificate", "anonymous", "placeholder", "todo", "tbd", "na", "changeme", "replaceme", "example", "sample", "dummy",
	"systemstring", "securestring", "yourpassword", "yoursecret", "yourtoken", "clientsecret", "accesstoken", "xxx", "system", "object",
}

// isPlaceholder reports whether a text is a placeholder for a value.
func isPlaceholder(text string) bool {
	text = strings.Trim(text, " \t\r\n\"'`")
	if len(text) > maxExamined {
		return false
	}
	if first, _ := utf8.DecodeRuneInString(text); strings.Trim(text, string(first)) == "" && (first > 'z' || !isAlnum(byte(first)) || first|0x20 == 'x' || first == '0') {
		return true // empty, or one character repeated
	}
	if template.Get().MatchString(text) {
		return true
	}
	if name, ok := strings.CutPrefix(text, "$"); ok && isWords(strings.TrimRight(name, "0123456789")) {
		return true // $clientSecret
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return false
	}
	folded := strings.ToLower(strings.Map(func(r rune) rune {
		if !isAlnum(byte(r)) {
			return -1
		}
		return r
	}, text))
	if folded == "" {
		return strings.Trim(text, ".*-_#") == ""
	}
	if slices.Contains(meaningless, folded) {
		return true
	}
	// Microsoft's reference pages have "Password value" and "MyPassword".
	return isWords(text) && (strings.HasPrefix(folded, "your") || strings.HasPrefix(folded, "enteryour") || strings.HasSuffix(folded, "here") || isNamed(text) && !strings.ContainsAny(text, "0123456789"))
}

func isURL(value []byte) bool {
	start := value[:min(len(value), 24)]
	scheme, _, ok := bytes.Cut(start, []byte("://"))
	return ok && isWords(string(scheme))
}

// isWords reports whether a text consists of words, as in prose and in names: "Contoso",
// "see the vault", "deviceDefault", "en-US", "release-2024".
func isWords(text string) bool {
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

// pronounceable reports whether letters look like a word, or like a few in camel case.
func pronounceable(word string) bool {
	const maxConsonants = 5 // in a row, as in "strengths"
	vowels, consonants, humps := 0, 0, 0
	for i, r := range word {
		switch {
		case r >= 0x80:
			vowels, consonants = vowels+1, 0 // credentials are ASCII
			continue
		case !('a' <= r|0x20 && r|0x20 <= 'z'):
			return false
		}
		if i > 0 && r <= 'Z' && word[i-1] > 'Z' && word[i-1] < 0x80 {
			humps++
		}
		if strings.ContainsRune("aeiouy", r|0x20) {
			vowels, consonants = vowels+1, 0
		} else if consonants++; consonants > maxConsonants {
			return false
		}
	}
	return len(word) <= 4 || vowels*5 >= len(word) && humps*3 <= len(word)
}

// looksRandom reports whether a word can only be a password: it is long, mixes cases and
// digits, and is not a name with a number.
func looksRandom(word string) bool {
	digit := func(r rune) bool { return '0' <= r && r <= '9' }
	parts := strings.FieldsFunc(word, digit)
	return len(word) >= 10 && strings.ToLower(word) != word && strings.ToUpper(word) != word && strings.ContainsFunc(word, digit) &&
		!guid.Get().MatchString(word) && (len(parts) > 2 || !pronounceable(strings.Join(parts, "")))
}

// isProse reports whether a text consists of words, dates, identifiers, placeholders
// and short numbers.
func isProse(text string) bool {
	several := strings.ContainsAny(text, " \t")
	for word := range strings.FieldsSeq(text) {
		if isWords(word) || date.Get().MatchString(word) || identifier.Get().MatchString(word) || isPlaceholder(word) || several && len(word) < 6 {
			continue
		}
		return false
	}
	return true
}

// Plain reports whether a text is a placeholder or prose, which reveals nothing even as
// part of a credential.
func Plain(text string) bool { return isPlaceholder(text) || isProse(text) }

// authorization reports whether the value of an Authorization header is a credential. With
// sure, the value is not in prose.
func authorization(text string, sure bool) bool {
	n := schemeOf([]byte(text))
	if n == 0 {
		return len(text) >= 6 && !isProse(text)
	}
	scheme, rest := text[:n], strings.TrimSpace(text[n:])
	last := rest[strings.LastIndexAny(rest, " :")+1:]
	switch {
	case isPlaceholder(rest), isPlaceholder(last):
		return false
	case sure && strings.EqualFold(scheme, "basic") && strings.ContainsAny(rest, " :"): // user and password in plain text
		return !strings.Contains(rest, "auth")
	}
	return len(rest) >= 4 && !isProse(rest)
}

// schemeOf returns the length of the scheme at the start of an Authorization header's
// value, or 0.
func schemeOf(value []byte) int {
	scheme, _, _ := strings.Cut(string(value[:min(len(value), 32)]), " ")
	if _, ok := schemes[strings.ToLower(scheme)]; !ok {
		return 0
	}
	return len(scheme)
}
