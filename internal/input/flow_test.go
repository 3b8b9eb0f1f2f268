package input_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/secret"
)

// TestVariablesThatAreCredentials checks that what a variable holds is a credential
// where it is used as one, and nothing else is. A credential has the word "hidden" in it.
func TestVariablesThatAreCredentials(t *testing.T) {
	const request = "PATCH https://graph.microsoft.com/beta/users/42\n"
	long := "hidden" + strings.Repeat("Q7kZ9", 15_000)
	for name, src := range map[string]string{
		"header":            "@foo = hiddenZq7Kw9Xv2\n" + request + "Authorization: Bearer {{foo}}\n\n{}",
		"long":              request + "\n{}\n\n###\n@foo = " + long + "\n" + request + "Authorization: Bearer {{foo}}\n\n{}",
		"through another":   "@x = hiddenZq7Kw9Xv2\n@y = {{ x }}\n" + request + "X-Api-Key: {{y}}\n\n{}",
		"with its scheme":   "@x = Bearer\n@y = {{x}} hiddenZq7Kw9Xv2\n" + request + "Authorization: {{y}}\n\n{}",
		"scheme beside":     "@x = Bearer\n@y = hiddenZq7Kw9Xv2\n" + request + "Authorization: {{x}} {{y}}\n\n{}",
		"user and password": "@u = svc@contoso.com\n@p = hiddenZq7Kw9Xv2\n" + request + "Authorization: Basic {{u}}:{{p}}\n\n{}",
		"member":            "@foo = hidden horse\n" + request + "\n{\"passwordProfile\": {\"password\": \"{{foo}}\"}}",
		"member of a skipped request": "@foo = hiddenZq7Kw9Xv2\n" + request + "\n{}\n###\n" +
			"POST https://login.microsoftonline.com/x/oauth2/v2.0/token\n\nclient_id={{id}}&client_secret={{foo}}",
		"set between":      request + "\n{}\n\n###\n@foo = hiddenZq7Kw9Xv2\n" + request + "Cookie: session={{foo}}\n\n{}",
		"set again":        "@foo = Contoso\n" + request + "\n{\"displayName\": \"{{foo}}\"}\n\n###\n@foo = hiddenZq7Kw9Xv2\n" + request + "X-Api-Key: {{foo}}\n\n{}",
		"part of a value":  "@query = $top=5&sig=hiddenZq7Kw9Xv2\nPATCH https://graph.microsoft.com/beta/users/42?{{query}}\n\n{}",
		"user information": "@b = hiddenZq7Kw9Xv2\nPATCH https://svc:{{b}}@graph.microsoft.com/beta/users/42\n\n{}",
		"elsewhere only":   "@foo = Mj3Lp6Hs1Nd8\n" + request + "X-Request: {{foo}}\n\n{\"displayName\": \"{{foo}}\"}",
		"to itself":        "@a = {{b}}\n@b = {{a}}\n" + request + "X-Api-Key: {{a}}\n\n{}",
		"nothing":          "@a =\n@b = {{a}}{{a}}\n" + request + "X-Api-Key: {{b}}\n\n{}",
		"a template":       "@foo = <your token>\n" + request + "Authorization: Bearer {{foo}}\n\n{}",
		"not a credential": "@foo = none\n" + request + "\n{\"password\": \"{{foo}}\"}",
	} {
		t.Run(name, func(t *testing.T) {
			want := src
			for _, hidden := range []string{"hiddenZq7Kw9Xv2", "hidden horse", long} {
				want = strings.ReplaceAll(want, hidden, secret.Masked)
			}
			redacted := func(doc *patchlint.Document) string {
				return string(secret.Redact(doc, patchlint.Span{End: len(doc.Source())}))
			}
			var around, shown strings.Builder
			r := input.Reader{Limit: 1 << 20}
			for p, err := range r.Read("a.http", strings.NewReader(src)) {
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, redacted(p.File)); diff != "" {
					t.Errorf("the file: -want +got:\n%s", diff)
				}
				if p.Skip.Reason != "" {
					continue
				}
				doc, _ := p.InFile(nil, nil)
				around.WriteString(redacted(p.Around))
				shown.WriteString(redacted(doc))
			}
			if diff := cmp.Diff(want, shown.String()); diff != "" {
				t.Errorf("shown: -want +got:\n%s", diff)
			}
			if strings.Contains(around.String(), "hidden") {
				t.Errorf("around the bodies: %s", around.String())
			}
		})
	}
}

// TestTooLongValues checks that an error says where the values of variables are too long to
// be replaced, and that a value that was not searched for credentials is masked.
func TestTooLongValues(t *testing.T) {
	const patch = "PATCH https://graph.microsoft.com/beta/users/42\n"
	long := "@long = " + strings.Repeat("x", 1<<20-256) + "\n"
	used := strings.Repeat(`"{{long}}",`, 64) // which leaves nothing of the budget
	for name, test := range map[string]struct {
		src, file string
		want      string
	}{
		"a credential":  {long + "@foo = hiddenZq7Kw9Xv2\n" + patch + "\n[" + used + "\"{{long}}\"]\n###\n" + patch + "Authorization: Bearer {{foo}}\n\n{}", "", "{{long}}{{foo}}"},
		"included body": {long + patch + "\n<@ a.json", "[" + used + `"{{long}}"]`, "{{long}}"},
		"long value":    {"@a = " + strings.Repeat("{{b}}", 17) + "\n@b = " + strings.Repeat("x", 64<<10) + "\n" + patch + "\n{\"a\": \"{{a}}\"}", "", "{{a}}"},
		"to itself":     {"@a = {{b}}\n@b = {{a}}\n" + patch + "\n{\"a\": \"{{a}}\"}", "", ""},
		"large image":   {"@a = " + strings.Repeat("x", 1<<20-1) + "\n" + patch + "\n{\"a\": \"{{a}}\"}", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := input.Reader{Limit: 4 << 20}
			got := ""
			for p := range r.Read("a.http", folder{strings.NewReader(test.src), map[string]string{"a.json": test.file}}) {
				for _, d := range p.Notes {
					variable, rest, _ := strings.Cut(d.Message, " was not replaced")
					if got += strings.Trim(variable, `"`); rest == "" || d.Severity != patchlint.Error {
						t.Errorf("unexpected %v: %s", d.Severity, d.Message)
					}
				}
				if start := strings.Index(test.src, "hidden"); start >= 0 && bytes.Contains(secret.Redact(p.File, patchlint.Span{Start: start, End: start + 30}), []byte("hidden")) {
					t.Error("a value that was not searched is shown")
				}
			}
			if got != test.want {
				t.Errorf("not replaced: %q, want %q", got, test.want)
			}
		})
	}
}
