package secret

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
)

// TestLinear checks that the time to find and mask grows with the size of a text
// and not quadratically, whatever there is many of.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector takes most of a minute for it")
	}
	repeat := func(text string) func(int) string {
		return func(n int) string { return strings.Repeat(text, n) }
	}
	for name, text := range map[string]func(n int) string{
		"names without a value":           repeat(`"password" `),
		"names on one line":               repeat(`password: `),
		"values that are not credentials": repeat(`password: $pw `),
		"parameters in each other":        repeat(`?token=https://x`),
		"members":                         repeat("{\"password\": \"Passw0rd123\"},\n"),
		"members on one line":             repeat(`{"password": "Passw0rd123"},`),
		"open strings":                    repeat("\"password\": \"Passw0rd\n"),
		"open strings, one line":          repeat(`"password": "x`),
		"open objects":                    repeat(`"secret": {`),
		"closed objects":                  repeat(`"secret": {"a": "required"},`),
		"tokens of words":                 repeat(`"token": ["alpha", "beta"],`),
		"names of no value":               func(n int) string { return `"secret": {` + strings.Repeat(`"key": "BaseAddress", `, n) },
		"comments":                        repeat("\"password\" // token\n"),
		"open comments":                   repeat(`"password" /* `),
		"empty comments":                  func(n int) string { return strings.Repeat(`"password" `, n) + strings.Repeat("//\n", n) },
		"private keys":                    repeat("-----BEGIN PRIVATE KEY-----.\n"),
		"dashes":                          repeat("-"),
		"URLs":                            repeat("https://a:b"),
		"tokens":                          repeat("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0."),
		"starts of tokens":                repeat("eyJ"),
		"starts of tokens, dashes":        repeat("eyJ-"),
		"tokens with no payload":          func(n int) string { return strings.Repeat("eyJ", n) + "." + strings.Repeat("a", n) },
		"prefixes of vendors":             repeat("xoxb-"),
		"short prefixes":                  repeat("hf_-"),
		"one long token":                  func(n int) string { return "eyJhbGciOiJIUzI1NiJ9." + strings.Repeat("eyJ", n) },
		"escapes":                         func(n int) string { return `{"a": "` + strings.Repeat(`\u0041 `, n) + `"}` },
		"one long word":                   repeat("token"),
		"escaped marks":                   func(n int) string { return `{"a": "` + strings.Repeat(`\\\"password\\\": \\\"x`, n) + `"}` },
		"backslashes":                     func(n int) string { return `{"a": "\"password\": \"` + strings.Repeat(`\\\\`, n) + `"}` },
		"quotation marks":                 func(n int) string { return `"password": "` + strings.Repeat(`" `, n) },
		"elements":                        repeat(`<password>$pw</password>`),
		"open elements":                   repeat(`id="password">https://x `),
		"long elements":                   repeat(`<password>https://`),
		"attributes":                      repeat(`<a value="$pw" id="password" `),
		"settings":                        repeat(`{"omaUri": "./Password", "a": "b", "value": ""},`),
		"types of settings":               repeat(`{"a": "b", "@odata.type": "SecretSettingValue"},`),
		"nodes":                           repeat(`<LocURI>./Password</LocURI><Meta>`),
		"calls":                           repeat(`set("token",`),
		"options":                         repeat(`ConvertTo-SecureString -Force -Password -String `),
		"commands":                        repeat(`curl -u a net user `),
		"comparisons":                     repeat(`"$pw" == password `),
		"sentences":                       repeat(`x is the password `),
		"parts of tokens":                 repeat(`AzFuJQQJ99`),
		"paths of webhooks":               repeat(`/api/webhooks/`),
		"spaces":                          func(n int) string { return `"password"` + strings.Repeat(" ", n) + strings.Repeat(`"password"`, n) },
		"echoes": func(n int) string {
			return `{"password": "` + strings.Repeat("ab1", n) + `"}` + strings.Repeat("ab1", n)
		},
	} {
		t.Run(name, func(t *testing.T) {
			corpus.Linear(t, corpus.Size(16, 256)<<10/len(text(16)), func(n int) {
				src := []byte(text(n))
				doc, _ := patchlint.Parse(src, patchlint.JSON)
				_ = Redact(doc, patchlint.Span{End: len(src)}) // finds the credentials of this text
				find(src, doc.Whole())                         // and as if it were broken, or whole
			})
		})
	}
}

// TestQuoteAfterName checks that a string which starts right after the name of a
// credential is not taken for the one that the name is in.
func TestQuoteAfterName(t *testing.T) {
	for src, want := range map[string]string{
		`pw"iosOnboarded": true`:                       `pw"iosOnboarded": true`,
		`{"iosOnboarded": true,pw"displayName": "x"}`:  `{"iosOnboarded": true,pw"displayName": "x"}`,
		`{"iosOnboarded": $pw"y", "secret": "hunter"}`: `{"iosOnboarded": $pw"y", "secret": "***"}`,
	} {
		doc, _ := patchlint.Parse([]byte(src), patchlint.JSON)
		if got := string(Redact(doc, patchlint.Span{End: len(src)})); got != want {
			t.Errorf("%q becomes %q, want %q", src, got, want)
		}
	}
}

// TestNoMemory checks that searching a clean text takes no memory, however long it is,
// even if it contains names that resemble those of credentials.
func TestNoMemory(t *testing.T) {
	const payload = `{"displayName": "Contoso MTD", "passwordPolicies": "DisablePasswordExpiration", "passwordProfile": null, "iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget"}}]}`
	doc, _ := patchlint.Parse([]byte("["+strings.Repeat(payload+",", 100)+payload+"]"), patchlint.JSON)
	if n := testing.AllocsPerRun(100, func() {
		if len(Find(doc)) > 0 {
			t.Fatal("found a credential")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestSuspect checks that Suspect finds every text with a credential.
func TestSuspect(t *testing.T) {
	for _, s := range samples(t) {
		if len(s.spans) > 0 && !Suspect([]byte(s.text)) {
			t.Errorf("line %d is not suspect", s.line)
		}
	}
	for _, name := range []string{"client_secret", "PASSWORD", "db-pass", "pwd", "pw=", "apiKey", "Authorization", "Cookie", "sas", "psk", "jwt", "connectionString", "credential", "creds", "x_auth"} {
		if !Suspect([]byte(name+`"`)) || kindOf([]byte(strings.TrimSuffix(name, "="))) == none {
			t.Errorf("%s is not the name of a credential", name)
		}
	}
}

// TestMask checks what is masked in a text about a document.
func TestMask(t *testing.T) {
	doc, _ := patchlint.Parse([]byte(`{"password": "Tr0ub4dor&3\tx", "secret": "abcd", "token": "my-password-is-Xq8vR2", "apiKey": 123456789, "passphrase": "b"}`), patchlint.JSON)
	for text, want := range map[string]string{
		`"Tr0ub4dor&3\tx" is not a date`:     `"***" is not a date`,
		"Tr0ub4dor&3\tx":                     "***",
		`found "ub4dor&3\..."`:               `found "***"`,
		`found "Tr0ub4d..."`:                 `found "***"`,
		`"abcd" or abcdef, not abcd`:         `"***" or abcdef, not ***`,
		`unknown property "password"`:        `unknown property "password"`,
		`found "my-password-is-Xq8vR2"`:      `found "***"`,
		`takes true or false, not 123456789`: `takes true or false, not ***`,
		`a boolean, not "b"`:                 `a boolean, not "***"`,
	} {
		if got := Mask(doc, text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	short, _ := patchlint.Parse([]byte(`{"secret": "abcd"}`), patchlint.JSON) // which has no other credential
	if got, want := Mask(short, `"abcd" is not a date`), `"***" is not a date`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	other, _ := patchlint.Parse([]byte(`{}`), patchlint.JSON)
	Share(other, short)
	if got, want := Mask(other, `"abcd" is not a date`), `"***" is not a date`; got != want {
		t.Errorf("in another text of the file: %q, want %q", got, want)
	}
}

// TestMaskPointer checks that a credential in a pointer is masked, even if the pointer
// escapes a part of it, and that nothing else is.
func TestMaskPointer(t *testing.T) {
	doc, _ := patchlint.Parse([]byte(`{"password": "Tr0ub4dor&3"}`), patchlint.JSON)
	for name, want := range map[string]string{
		"": "", "iosOnboarded": "iosOnboarded", "a/b~": "a/b~", `bearer \`: `bearer \`, "password": "password",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2VjcmV0": "***",
		"eyJhbGciOiJIUzI1NiJ9":                     "eyJhbGciOiJIUzI1NiJ9",
		"x Bearer abc/defgh~12345678 y":            "x *** y",
		"abc8Q~abcdefghijklmnopqrstuvwxyzABCDEFGH": "***",
		"x-Tr0ub4dor&3":                            "x-***",
	} {
		pointer := func(name string) patchlint.Pointer { return patchlint.Pointer("/a~1").Append(name).Append("1") }
		if got := MaskPointer(doc, pointer(name)); got != pointer(want) {
			t.Errorf("%q becomes %q, want %q", pointer(name), got, pointer(want))
		}
	}
}

// TestRedact checks that a text keeps its lines when credentials are masked, and
// that text that repeats a credential is masked.
func TestRedact(t *testing.T) {
	const src = "@pw = Tr0ub4dor&3\r\n# Tr0ub4dor&3 is old\n-----BEGIN PRIVATE KEY-----\r\nMC4CAQAw\n-----END PRIVATE KEY-----\nx"
	const want = "@pw = ***\r\n# *** is old\n***\r\n***\n***\nx"
	doc := patchlint.Unparsed([]byte(src))
	if diff := cmp.Diff(want, string(Redact(doc, patchlint.Span{End: len(src)}))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestCutToken checks that a long JSON Web Token is found even if it is cut off.
func TestCutToken(t *testing.T) {
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"groups":["` + strings.Repeat("0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c ", 200) + `"]}`))
	token := "eyJhbGciOiJIUzI1NiJ9." + payload[:5000]
	for _, text := range []string{token, token + "...", token + "."} {
		if got := len(find([]byte(`{"jobTitle": "`+text+`"}`), false)); got != 1 {
			t.Errorf("%.40s and %d more bytes: %d credentials", text, len(text)-40, got)
		}
	}
}

// TestConceal checks that the result shares no memory with the arguments.
func TestConceal(t *testing.T) {
	const src = `{"password": "Tr0ub4dor",}`
	doc, _ := patchlint.Parse([]byte(src), patchlint.JSON)
	fresh, _ := patchlint.Parse([]byte(src), patchlint.JSON)
	findings := Conceal(doc, doc.Faults())
	for i := range findings {
		findings[i].Message = ""
		for k := range findings[i].Fixes {
			findings[i].Fixes[k].Title = ""
			for e := range findings[i].Fixes[k].Edits {
				findings[i].Fixes[k].Edits[e].Span.Start = -1
			}
		}
	}
	if diff := cmp.Diff(fresh.Faults(), doc.Faults()); diff != "" {
		t.Errorf("the document has changed:\n%s", diff)
	}
}

// TestGather checks that a credential in one record of a file is masked in the next, and
// that a limited number of bytes is kept for this.
func TestGather(t *testing.T) {
	record := func(format string, args ...any) *patchlint.Document {
		doc, _ := patchlint.Parse(fmt.Appendf(nil, format, args...), patchlint.JSON)
		return doc
	}
	known := Gather(nil, record(`{"displayName": "Hunter2Winter"}`))
	if known != nil {
		t.Errorf("%q is kept from a record without a credential", known.Source())
	}
	known = Gather(known, record(`{"password": "Hunter2Winter", "secret": "abcd"}`))
	if again := Gather(known, record(`{"token": "Hunter2Winter"}`)); again != known {
		t.Error("a known credential is kept twice")
	}
	next := record(`{"displayName": "Hunter2Winter", "mail": "abcd", "x": "Hunter"}`)
	Share(next, known)
	want := `{"displayName": "***", "mail": "***", "x": "Hunter"}`
	if diff := cmp.Diff(want, string(Redact(next, patchlint.Span{End: len(next.Source())}))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for i := range 1000 {
		known = Gather(known, record(`{"password": "Hunter%dWinter"}`, i))
	}
	if n := len(known.Source()); n < 4000 || n > 5000 {
		t.Errorf("%d bytes are kept", n)
	}
}

// TestBase64 checks that icons, scripts and certificates, whose base64 contains any four
// letters by chance, are not taken for tokens of vendors.
func TestBase64(t *testing.T) {
	random := rand.NewChaCha8([32]byte{})
	data, found := make([]byte, 75_000), 0
	for range corpus.Size(50, 1000) {
		_, _ = random.Read(data)
		found += len(find([]byte(`{"value": "`+base64.StdEncoding.EncodeToString(data)+`"}`), false))
	}
	if found > 0 {
		t.Errorf("%d credentials", found)
	}
}
