package secret

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/lazy"
)

// maxExamined is the maximum length in bytes of a value whose text can show that it is not
// a credential.
const maxExamined = 200

// pair is the name of a credential, and how the name and its value are written.
type pair struct {
	start int // of the last word of the name
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
	switch {
	case p.kind == topic && bytes.ContainsRune(value, ' '):
		return false
	case p.kind == bare && (public.Get().Match(value) || bytes.ContainsRune(value, '\\')): // or a path
		return false
	case len(value) > maxExamined:
		return true
	}
	text := string(value)
	rest := withoutScheme(text)
	if isPlaceholder(text) || isPlaceholder(rest) || isURL(text) {
		return false
	}
	sure := p.quoted && p.text || p.param || p.text && p.line
	prose := !sure && !p.line && !p.quoted
	atLeast := func(n int) bool { return len(text) >= n && (len(text) >= 8 || !prose) && !isProse(text) }
	switch p.kind {
	case bare:
		return len(text) >= 20 && !isWords(text) && !guid.Get().MatchString(text) && !identifier.Get().MatchString(text)
	case strong, holder:
		return sure || atLeast(4) || p.text && len(text) >= 8 && !isWords(text)
	case header:
		switch last := rest[strings.LastIndexAny(rest, " :")+1:]; {
		case len(rest) == len(text): // without a scheme
			return atLeast(6)
		case isPlaceholder(last):
			return false
		case !prose && len(last) < len(rest) && strings.EqualFold(text[:len("basic")], "basic"): // user and password in plain text
			return !strings.Contains(rest, "auth")
		}
		return len(rest) >= 4 && !isProse(rest)
	case cookie:
		return strings.Contains(text, "=") && !isPlaceholder(text[strings.LastIndex(text, "=")+1:])
	}
	return atLeast(6) && !guid.Get().MatchString(text)
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

	// page captures a URL after its scheme.
	page = lazy.Regexp(`^(?i:https?)://([\w./?=&#:-]+)$`)
	// vault matches the address of a secret in a key vault, with or without its version.
	vault = lazy.Regexp(`^(?i:https://[\w-]+\.vault\.(?:azure\.net|azure\.cn|usgovcloudapi\.net|microsoftazure\.de)/(?:secrets|keys|certificates)/[\w-]+)(?:/[0-9a-f]{32})?/?$`)

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
	folded := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && !isAlnum(byte(r)) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
	if folded == "" {
		return strings.Trim(text, ".*-_#") == ""
	}
	if slices.Contains(meaningless, folded) {
		return true
	}
	// Microsoft's reference pages have "Password value" and "MyPassword".
	return isWords(text) && (strings.HasPrefix(folded, "your") || strings.HasPrefix(folded, "enteryour") || strings.HasSuffix(folded, "here") || kindOf([]byte(text)) != none && !strings.ContainsAny(text, "0123456789"))
}

// isURL reports whether a text is a URL that is made of words, such as that of a page, or the
// address of a secret in a key vault, which does not contain it.
func isURL(text string) bool {
	if vault.Get().MatchString(text) {
		return true
	}
	at := page.Get().FindStringSubmatch(text)
	return at != nil && isWords(strings.NewReplacer("?", "/", "=", "/", "&", "/", "#", "/").Replace(at[1]))
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

// withoutScheme returns the text after the scheme of an Authorization header, or all of a
// text without one.
func withoutScheme(text string) string {
	scheme, rest, _ := strings.Cut(text, " ")
	if _, ok := schemes[strings.ToLower(scheme)]; ok {
		return strings.TrimSpace(rest)
	}
	return text
}
