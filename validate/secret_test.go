package validate

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/patchlint/patchlint"
)

// TestWords holds that the short search for a word finds it wherever it stands.
func TestWords(t *testing.T) {
	words := slices.Clone(secretWords)
	for _, c := range credentials {
		words = append(words, c.needle)
	}
	for _, w := range words {
		rare := w.text[w.rare : w.rare+1]
		for _, text := range []string{
			"", rare, w.text, "x" + w.text, w.text + "x", strings.Repeat(rare, 3) + w.text + rare,
			w.text[1:], w.text[:len(w.text)-1], w.text[1:] + w.text, strings.Repeat(w.text[:len(w.text)-1], 2), "x" + w.text[w.rare:],
		} {
			if got, want := w.in([]byte(text)), strings.Contains(text, w.text); got != want {
				t.Errorf("%q in %q: %t, want %t", w.text, text, got, want)
			}
			upper := strings.ToUpper(text)
			want := strings.Contains(upper, w.text)
			if w.letters == anyCase {
				want = strings.Contains(text, w.text)
			}
			if got := w.in([]byte(upper)); got != want {
				t.Errorf("%q in %q: %t, want %t", w.text, upper, got, want)
			}
		}
	}
}

// TestNames holds that a credential is seen under its name in whatever case, and
// with separators between the words.
func TestNames(t *testing.T) {
	alternating := func(name string) string {
		letters := []byte(name)
		for i := 0; i < len(letters); i += 2 {
			letters[i] = strings.ToUpper(string(letters[i]))[0]
		}
		return string(letters)
	}
	for _, name := range append(slices.Clone(secretNames), "client_secret", "pass_word", "api-key", "access token") {
		half := len(name) / 2
		for _, spelling := range []string{
			name, strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:], alternating(name), name[:1] + alternating(name[1:]),
			name[:half] + strings.ToUpper(name[half:]),
		} {
			doc, err := patchlint.Parse([]byte(`{"`+spelling+`": "abcdefgh1234"}`), patchlint.JSON)
			if err != nil {
				t.Fatal(err)
			}
			if len(Secrets(doc)) != 1 {
				t.Errorf("%s is not seen", spelling)
			}
		}
	}
}

// checkParts holds that what SecretsOf says of a value is what Secrets says of it.
func checkParts(t interface {
	Helper()
	Errorf(string, ...any)
}, doc *patchlint.Document) {
	t.Helper()
	for n := range doc.Root().All() {
		if diff := cmp.Diff(SecretsIn(doc, n.Span()), SecretsOf(n), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("of %s in %q (-all +this):\n%s", n.Pointer(), doc.Source(), diff)
		}
	}
}

func TestSecretsOf(t *testing.T) {
	for _, src := range []string{
		`{"Bearer abcdefgh12345678": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VjcmV0", "a": [{"pass_word": "hunter2", "b": "x Bearer abcdefgh12345678 y"}]}`,
		`{"secret": "Bearer abcdefgh12345678", "a": "\u0042earer abcdefgh12345678", "c": 12, "apikey": ""}`,
		`{"a": {"\u0042earer abcdefgh12345678": {"\n": 1}, "b": "\n"}}`,
		`{"password": [1, "abcd", {"a": "b", "secret": 7}], "b": [[]], "api_key": 0}`,
		"{\"a\": [1, // password: hunter2hunter2\n2 /* secret=\"hunter3hunter3\" */], \"b\": {// api key: 123-456-789\n}}",
		"[1, // Bearer abcdefgh12345678\n2, /* Bearer abcdefgh12345678 */ {\"token\": 1}]",
	} {
		doc, err := patchlint.Parse([]byte(src), patchlint.JSONC)
		if err != nil || len(Secrets(doc)) == 0 {
			t.Fatal(src, err)
		}
		checkParts(t, doc)
	}
	if SecretsOf(patchlint.Node{}) != nil {
		t.Error("nothing has a credential")
	}
}

// TestMask holds that no start of a credential is left in a text, that what has
// none is left alone, and that all of a credential goes.
func TestMask(t *testing.T) {
	words := rapid.SampledFrom([]string{"hunter", "hunter2", "hunter2 and more", "pa", "ss", "pass word", "displayName", " ", "abcdefgh1234", "abcdefgh5678", "...", "é"})
	rapid.Check(t, func(t *rapid.T) {
		var secrets []string
		object := make(map[string]any)
		for i, name := range []string{"password", "secret", "apikey", "accesstoken"} {
			secret := strings.Join(rapid.SliceOfN(words, 1, 3).Draw(t, "secret"), "")
			if i < 2 || rapid.Bool().Draw(t, "more") {
				secrets, object[name] = append(secrets, secret), secret
			}
		}
		src, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := patchlint.Parse(src, patchlint.JSON)
		if err != nil {
			t.Fatal(err)
		}
		checkParts(t, doc)
		text := strings.Join(rapid.SliceOfN(words, 0, 8).Draw(t, "text"), "")
		masked := Mask(doc, text)
		found := false
		for _, secret := range secrets {
			secret = strings.TrimSuffix(secret, "...")
			if secret == "" {
				continue
			}
			found = found || strings.Contains(text, secret[:min(enough, len(secret))])
			if strings.Contains(masked, secret) {
				t.Fatalf("%q is still in %q, made of %q", secret, masked, text)
			}
		}
		if !found && masked != text {
			t.Fatalf("%q became %q, and none of %q is in it", text, masked, secrets)
		}
	})
}

// TestMaskPointer holds that a credential is taken out of a pointer as it is out
// of a name, also where the pointer escapes a part of it, and nothing else is.
func TestMaskPointer(t *testing.T) {
	for name, want := range map[string]string{
		"": "", "iosOnboarded": "iosOnboarded", "a/b~": "a/b~", `bearer \`: `bearer \`,
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VjcmV0": "***",
		"eyJhbGciOiJIUzI1NiJ9":                          "eyJhbGciOiJIUzI1NiJ9",
		"x Bearer abc/defgh~12345678 y":                 "x *** y",
		"abc8Q~abcdefghijklmnopqrstuvwxyzABCDEFGH":      "***",
	} {
		if got := MaskName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
		pointer := func(name string) patchlint.Pointer { return patchlint.Pointer("/a~1").Append(name).AppendIndex(1) }
		if got := MaskPointer(pointer(name)); got != pointer(want) {
			t.Errorf("%q becomes %q, want %q", pointer(name), got, pointer(want))
		}
	}
	if got := MaskPointer(""); got != "" {
		t.Errorf("the root becomes %q", got)
	}
}

// TestParameters holds what is a credential in text that is no JSON, and what only
// reads like one.
func TestParameters(t *testing.T) {
	for text, want := range map[string]string{
		"client_id=a&client_secret=hunter3hunter3&x=1": "hunter3hunter3",
		"@client_secret = hunter2hunter2":              "hunter2hunter2",
		"@password=Pa$$w0rd12345":                      "Pa$$w0rd12345",
		"Authorization: Basic dXNlcjpzZWNyZXQ4":        "dXNlcjpzZWNyZXQ4",
		"x-api-key: 0123456789abcdef":                  "0123456789abcdef",
		`"accessToken": "0123456789abcdef"`:            "0123456789abcdef",
		"secret: rotated 2024-01-15":                   "",
		"password: changed 2024-05-01 by ops":          "",
		"access token: expires 2025-12-31":             "",
		"secret: 2024-05-01T00:00:00Z":                 "",
		"password: see the vault":                      "",
		"password: short1":                             "",
		"@apikey = %API_KEY_12345%":                    "",
		"@client_secret = https://vault.example/s1":    "",
		"Authorization: Bearer YOUR_ACCESS_TOKEN_1":    "",
		"Authorization: Bearer {{token12345}}":         "",
		"@password = {{$dotenv PASSWORD_1}}":           "",
		"X-Api-Key: $API_KEY_12":                       "",
		"Authorization: Bearer <token of app 1>":       "",
		"tokens=0123456789abcdef":                      "",
	} {
		doc := patchlint.Unparsed([]byte(text))
		got := ""
		for _, s := range Secrets(doc) {
			got += text[s.Start:s.End]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
