package secret

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// kind is the kind of a name: which of its values are credentials.
type kind uint8

const (
	none    kind = iota
	bare         // "key": a long random value
	topic        // a setting about a credential: like weak, but without spaces and not in an object
	weak         // a token or a key: a value that is not made of words
	holder       // an object that contains a password: any value that is not an object
	strong       // a password or a secret: any value
	header       // Authorization: a scheme and its credential
	cookie       // Cookie: the whole value
	inURL        // weak in the query of a URL, none elsewhere
	neutral      // depends on the words before it
	maxName = 80 // bytes of a name
)

// ending is an ending of the names of credentials, without case and separators.
type ending struct {
	text string
	part part
	kind kind
}

// part restricts where an ending counts: "pass" does not count in "compass".
type part uint8

const (
	anyPart part = iota
	ofWords      // at the start of a word
	ofAll        // as the whole name
)

// endings maps two letters to the endings that end with them, the longest first.
var endings = sync.OnceValue(func() map[string][]ending {
	all := make(map[string][]ending)
	add := func(k kind, p part, texts string) {
		for text := range strings.FieldsSeq(texts) {
			last := text[len(text)-2:]
			all[last] = append(all[last], ending{text, p, k})
		}
	}
	add(strong, anyPart, "password passwort passwd passphrase passcode bypasscode secret presharedkey kennwort")
	add(strong, ofWords, "pwd pw pass psk dbpass userpass adminpass rootpass smtppass")
	// In other languages. Only the ASCII letters of a name count.
	add(strong, anyPart, "motdepasse contrasena contrasea wachtwoord losenord lsenord")
	add(strong, ofWords, "senha haslo haso heslo parola salasana")
	add(strong, anyPart, "keymaterial") // of a WLAN profile
	add(strong, ofAll, "clientstate")   // of a subscription of Graph
	add(holder, anyPart, "passwordprofile passwordcredential")
	add(weak, anyPart, "token connectionstring connstring connstr accesssignature")
	add(weak, ofWords, "bearer pin jwt sas auth otp totp hotp csrf xsrf nthash lmhash ntlmhash")
	add(weak, anyPart, "clientassertion codeverifier otpseed snmpcommunity sessionid")
	add(weak, ofAll, "assertion") // of a request for a token
	add(bare, anyPart, "credential")
	add(weak, ofWords, "creds")
	add(header, anyPart, "authorization")
	add(cookie, anyPart, "cookie")
	add(inURL, ofAll, "sig code")
	// These make a key a credential.
	add(bare, ofAll, "key primarykey secondarykey")
	add(weak, ofAll, "licensekey productkey")
	add(weak, ofWords, "apikey sshkey gpgkey pgpkey aeskey mackey wpakey dbkey appkey wepkey")
	add(weak, anyPart, `accesskey privatekey accountkey subscriptionkey sharedkey secretkey masterkey functionkey functionskey hostkey authkey
		signingkey encryptionkey decryptionkey storagekey servicekey clientkey deploykey deploymentkey hmackey symmetrickey recoverykey webhookkey
		sessionkey securitykey serverkey databasekey adminkey authorizationkey applicationkey workspacekey networkkey bitlockerkey passkey`)
	add(strong, ofAll, "converttosecurestring")
	add(strong, anyPart, "secretsettingvalue") // a type
	// These lead to the next page of a list, or identify an assembly of .NET.
	add(none, anyPart, "skiptoken nexttoken deltatoken continuationtoken pagetoken pagingtoken synctoken filtertoken cancellationtoken publickeytoken")
	// These are the accounts that have a right of Windows, and texts of a sign-in page.
	add(topic, anyPart, "userrightscreatetoken forgotmypassword privacyandcookie")
	// These may follow: "secretText", "PASSWORD_PROD".
	add(neutral, anyPart, "value text plain raw string header base64 b64 sha256 md5 encoded pem hash current new old")
	add(neutral, anyPart, "primary secondary prod production dev test staging confirmation confirm")
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b ending) int { return len(b.text) - len(a.text) })
	}
	return all
})

// asking are first words of names of settings about a credential, as in "requirePassword".
var asking = []string{"is", "has", "have", "require", "requires", "required", "use", "uses", "allow", "block", "enable", "enabled", "disable", "show", "hide", "no", "needs", "min", "max", "force", "change", "reset"}

// Holder reports whether the values inside an object with that name are credentials only by
// their own names.
func Holder(name string) bool {
	k := kindOf([]byte(name))
	return k < weak || k == holder
}

// kindOf returns the kind of a name, which may have escapes of JSON and URLs.
func kindOf(name []byte) kind {
	if len(name) == 0 || len(name) > maxName {
		return none
	}
	if bytes.IndexByte(name, '\\') >= 0 {
		name = unescape(name)
	}
	if bytes.IndexByte(name, '%') >= 0 {
		if text, err := url.PathUnescape(string(name)); err == nil {
			name = []byte(text)
		}
	}
	var folded [maxName]byte
	var starts [maxName + 1]bool // of words
	n, before := 0, byte(' ')
	for _, c := range name {
		switch class := anchors.class[c]; {
		case class == 0 || class > digitClass:
			before = ' '
			continue
		case c <= 'Z' && c > '9' && before > 'Z', before == ' ', c <= '9' != (before <= '9'):
			starts[n] = true
		}
		folded[n], before = c|0x20, c // a letter in lower case, or a digit
		n++
	}
	starts[n] = true
	text := folded[:n]
	e := endingOf(text, starts[:])
	for e.kind == neutral || len(text) > 0 && text[len(text)-1] <= '9' {
		text = text[:len(text)-max(1, len(e.text))]
		e = endingOf(text, starts[:])
	}
	if e.kind == none {
		e = endingOf(bytes.TrimSuffix(text, []byte("s")), starts[:])
	}
	switch first := 1 + slices.Index(starts[1:], true); {
	case e.kind == neutral:
		return none
	case e.kind == strong && first < len(text) && slices.Contains(asking, string(text[:first])):
		return weak
	}
	return e.kind
}

// endingOf returns the longest ending of a name, or the zero ending.
func endingOf(text []byte, starts []bool) ending {
	for _, e := range endings()[string(text[max(0, len(text)-2):])] {
		at := len(text) - len(e.text)
		if at >= 0 && string(text[at:]) == e.text && (e.part == anyPart || e.part == ofWords && starts[at] || at == 0) {
			return e
		}
	}
	return ending{}
}

// unescape returns a text with the escapes of JSON decoded. Escaped characters that are not
// ASCII become "?".
func unescape(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		c, size := character(text)
		out, text = append(out, c), text[size:]
	}
	return out
}

// character returns the character of a JSON string at the start of a text, and its length
// there.
func character(text []byte) (c byte, size int) {
	if text[0] != '\\' || len(text) == 1 {
		return text[0], 1
	}
	c = text[1]
	if at := strings.IndexByte("nrtbf", c); at >= 0 {
		c = "\n\r\t\b\f"[at]
	} else if c == 'u' && len(text) >= 6 {
		if unit, err := strconv.ParseUint(string(text[2:6]), 16, 16); err == nil {
			if unit >= utf8.RuneSelf {
				unit = '?'
			}
			return byte(unit), 6
		}
	}
	return c, 2
}
