package secret

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"
)

// kind says how sure a name makes it that its value is a credential.
type kind uint8

const (
	none     kind = iota
	bare          // "key": a long random value
	weak          // a token or a key: a value that is not made of words
	strong        // a password or a secret: any value
	header        // Authorization: a scheme and what follows it
	cookie        // Cookie: all of it
	inURL         // a weak one in the query of a URL, nothing elsewhere
	maxName  = 80 // bytes of a name
	maxWords = 3  // of a name in prose, "client secret value"
)

// ending is what the name of a credential ends with, without case and
// separators.
type ending struct {
	text string
	word bool // and the word starts there: "compass" is not a pass
	kind kind
}

var endings = []ending{
	{"password", false, strong}, {"passwort", false, strong}, {"passwd", false, strong}, {"passphrase", false, strong},
	{"passcode", false, strong}, {"bypasscode", false, strong}, {"secret", false, strong}, {"presharedkey", false, strong},
	{"pwd", true, strong}, {"pw", true, strong}, {"pass", true, strong}, {"psk", true, strong},
	{"dbpass", true, strong}, {"userpass", true, strong}, {"adminpass", true, strong}, {"rootpass", true, strong}, {"smtppass", true, strong}, {"kennwort", false, strong},
	// In other languages. Only the ASCII letters of a name count.
	{"motdepasse", false, strong}, {"contrasena", false, strong}, {"contrasea", false, strong}, {"senha", true, strong}, {"wachtwoord", false, strong},
	{"losenord", false, strong}, {"lsenord", false, strong}, {"haslo", true, strong}, {"haso", true, strong}, {"heslo", true, strong}, {"parola", true, strong}, {"salasana", true, strong},
	{"token", false, weak}, {"bearer", true, weak}, {"jwt", true, weak}, {"sas", true, weak}, {"auth", true, weak},
	{"connectionstring", false, weak}, {"connstring", false, weak}, {"connstr", false, weak}, {"accesssignature", false, weak},
	{"credential", false, bare}, {"creds", true, bare},
	{"authorization", false, header}, {"cookie", false, cookie},
	{"sig", true, inURL}, {"code", true, inURL},
}

// keys are what makes a key a credential, before "key".
var keys = []string{
	"api", "access", "private", "account", "subscription", "shared", "secret", "master", "function", "functions", "host", "auth",
	"signing", "encryption", "decryption", "storage", "service", "client", "deploy", "deployment", "ssh", "gpg", "pgp", "aes", "hmac", "mac",
	"symmetric", "recovery", "wpa", "webhook", "session", "security", "server", "database", "db", "admin", "authorization", "app", "application", "workspace", "network", "bitlocker", "wep", "pass",
}

// neutral words may follow: "secretText", "PASSWORD_PROD".
var neutral = []string{
	"value", "text", "plain", "raw", "string", "header", "base64", "b64", "encoded", "pem", "hash", "current", "new", "old",
	"primary", "secondary", "prod", "production", "dev", "test", "staging", "confirmation", "confirm",
}

// harmless tokens lead to the next page of a list.
var harmless = []string{"skiptoken", "nexttoken", "deltatoken", "continuationtoken", "pagetoken", "pagingtoken", "synctoken", "filtertoken", "cancellationtoken"}

// asking are first words of a name that is about a credential: "requirePassword".
var asking = []string{"is", "has", "have", "require", "requires", "required", "use", "uses", "allow", "block", "enable", "enabled", "disable", "show", "hide", "no", "needs", "min", "max", "force", "change", "reset"}

// Named reports whether the value of a member of that name can be a credential
// because of the name.
func Named(name string) bool {
	k := kindOf([]byte(name))
	return k != none && k != inURL
}

// kindOf reads a name as it is written, escapes of JSON and URLs included.
func kindOf(name []byte) kind {
	if len(name) == 0 || len(name) > maxName {
		return none
	}
	if bytes.ContainsAny(name, `\%`) {
		name = unescape(name)
	}
	var folded [maxName]byte
	var starts [maxName + 1]bool // of words
	n, before := 0, byte(' ')
	for _, c := range name {
		switch class := class[c]; {
		case class == 0 || class > digitClass:
			before = ' '
			continue
		case c <= 'Z' && c > '9' && before > 'Z', before == ' ', c <= '9' != (before <= '9'):
			starts[n] = true
		}
		folded[n], before = c, c
		if 'A' <= c && c <= 'Z' {
			folded[n] += 'a' - 'A'
		}
		n++
	}
	starts[n] = true
	text := string(folded[:n])
	text = strings.TrimRight(text, "0123456789")
	for {
		if k := endingOf(text, starts[:]); k != none {
			first := 1
			for first < len(text) && !starts[first] {
				first++
			}
			if k == strong && first < len(text) && slices.Contains(asking, text[:first]) {
				return weak
			}
			return k
		}
		i := slices.IndexFunc(neutral, func(word string) bool { return strings.HasSuffix(text, word) && len(text) > len(word) })
		if i < 0 {
			return none
		}
		text = text[:len(text)-len(neutral[i])]
	}
}

func endingOf(text string, starts []bool) kind {
	for _, text := range []string{text, strings.TrimSuffix(text, "s")} {
		for _, e := range endings {
			if !strings.HasSuffix(text, e.text) || e.word && !starts[len(text)-len(e.text)] {
				continue
			}
			if slices.ContainsFunc(harmless, func(word string) bool { return strings.HasSuffix(text, word) }) {
				return none
			}
			if e.kind == inURL && text != e.text {
				return none
			}
			return e.kind
		}
		if rest, ok := strings.CutSuffix(text, "key"); ok {
			if slices.Contains([]string{"", "primary", "secondary", "license", "product"}, rest) {
				return bare
			}
			if slices.ContainsFunc(keys, func(word string) bool {
				return strings.HasSuffix(rest, word) && (len(word) > 3 || starts[len(rest)-len(word)])
			}) {
				return weak
			}
		}
	}
	return none
}

// unescape returns a text without the escapes of JSON and URLs, as far as they
// are ones; every character that is not ASCII becomes "?".
func unescape(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		digits := 0
		switch {
		case c == '%':
			digits = 2
		case c == '\\' && i+1 < len(text):
			i++
			if c = text[i]; c == 'u' {
				digits = 4
			} else if at := strings.IndexByte("nrtbf", c); at >= 0 {
				c = "\n\r\t\b\f"[at]
			}
		}
		if digits > 0 && i+digits < len(text) {
			var unit [2]byte
			if _, err := hex.Decode(unit[2-digits/2:], text[i+1:i+1+digits]); err == nil {
				if c = unit[1]; unit[0] != 0 || c >= utf8.RuneSelf {
					c = '?'
				}
				i += digits
			}
		}
		out = append(out, c)
	}
	return out
}
