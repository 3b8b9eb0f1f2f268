package input_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/secret"
)

// TestVariablesThatAreCredentials checks that the value of a variable is a credential if
// it is used as one, and that nothing else is. Credentials contain the word "hidden".
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
			for p, err := range r.Read("a.http", strings.NewReader(src), nil) {
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

// TestTooLongValues checks that one error says that the values of variables are too long or
// nested too deeply to be replaced, unless nothing that is sent has them, and that a value
// that was not searched for credentials is masked.
func TestTooLongValues(t *testing.T) {
	const (
		patch = "PATCH https://graph.microsoft.com/beta/users/42\n"
		get   = "GET https://graph.microsoft.com/beta/users/42\n"
		token = "@foo = hiddenZq7Kw9Xv2\n"
		rest  = "\n###\n" + patch + "\n{}\n"
	)
	budget := corpus.Size(8<<20, 64<<20)
	long := "@long = " + strings.Repeat("x", budget/64-256) + "\n"
	used := strings.Repeat(`"{{long}}",`, 64) // which uses up the budget
	chain := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "@v%d = {{v%d}}\n", i+1, i)
		}
		return "@v0 = x\n" + b.String()
	}
	const doubled = `"{{a}}{{a}}{{a}}"`
	for name, test := range map[string]struct {
		src, file string
		want      string // the text at the error
	}{
		"a credential":     {long + token + patch + "\n[" + used + "\"{{long}}\"]\n###\n" + patch + "Authorization: Bearer {{foo}}\n\n{}", "", "{{long}}"},
		"skipped request":  {long + token + "POST https://contoso.com/x\n\n[" + used + "1]\n###\n" + get + "Authorization: Bearer {{foo}}\n" + rest, "", "{{foo}}"},
		"at the end":       {long + token + patch + "\n[" + used + "1]\n###\n" + get + "Authorization: Bearer {{foo}}\n", "", "{{foo}}"},
		"unknown type":     {long + token + "POST https://contoso.com/x\n\n[" + used + "1]\n###\n" + get + "Authorization: Bearer {{foo}}\n\n###\nPATCH {{url}}\n\n{}" + rest, "", "{{foo}}"},
		"many requests":    {long + strings.Repeat(patch+"\n{\"a\": \"{{long}}\"}\n###\n", 99), "", "{{long}}"},
		"included body":    {long + patch + "\n<@ a.json" + rest, "[" + used + `"{{long}}"]`, "<@ a.json"},
		"deep":             {chain(150) + patch + "\n[\"{{v99}}\", \"{{v100}}\"]", "", "{{v100}}"},
		"before the body":  {chain(150) + get + "X: {{v110}}\n\n###\n" + patch + "\n[\"{{v120}}\"]", "", "{{v110}}"},
		"in an assignment": {chain(150) + patch + "\n{\"a\": \"{{v3}}\"}", "", ""},
		"in a comment":     {chain(150) + patch + "# {{v100}}\n\n  // {{v100}}\n{\"a\": \"{{v3}}\"}", "", ""},
		"after the body":   {chain(150) + patch + "\n{}\n> {{v100}}.js", "", ""},
		"large photo":      {"@a = " + strings.Repeat("x", 3<<20) + "\n" + patch + "\n{\"a\": " + doubled + "}", "", ""},
		"to itself":        {"@a = {{b}}\n@b = {{a}}\n" + patch + "\n{\"a\": \"{{a}}\"}", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := input.Reader{Limit: 4 << 20}
			r.SetLeastBudget(budget)
			got, start := "", 0
			for p := range r.Read("a.http", strings.NewReader(test.src), folder{"a.json": test.file}.open) {
				if p.Skip.Reason != "" || p.Around == nil {
					continue
				}
				for _, d := range p.Notes {
					if d.Rule != "json-limit" || d.Severity != patchlint.Error {
						t.Errorf("unexpected %v %s: %s", d.Severity, d.Rule, d.Message)
					}
					got += test.src[start+d.Span.Start : start+d.Span.End]
				}
				start += len(p.Around.Source())
				if hidden := strings.Index(test.src, "hidden"); hidden >= 0 && bytes.Contains(secret.Redact(p.File, patchlint.Span{Start: hidden, End: hidden + 30}), []byte("hidden")) {
					t.Error("a value that was not searched is shown")
				}
			}
			if got != test.want {
				t.Errorf("not replaced: %q, want %q", got, test.want)
			}
		})
	}
}
