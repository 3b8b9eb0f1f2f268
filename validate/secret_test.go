package validate_test

import (
	"bytes"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// TestDocumentStays checks that linting a document from several goroutines, and changing
// the findings, does not change the document.
func TestDocumentStays(t *testing.T) {
	for _, src := range []string{
		`{"iosOnboarded": true, "password": "Tr0ub4dor&3", "password": "Tr0ub4dor&4",}`,
		`{"password": Tr0ub4dor&3}`,
		`{"iosOnboarded": true,}`,
	} {
		doc, _ := patchlint.Parse([]byte(src), patchlint.JSON)
		again, _ := patchlint.Parse([]byte(src), patchlint.JSON)
		var linter validate.Linter
		want := linter.LintDocument(again, validate.Target{})
		var running sync.WaitGroup
		for range 4 {
			running.Add(1)
			go func() {
				defer running.Done()
				got := linter.LintDocument(doc, validate.Target{})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				for i := range got {
					got[i].Message = "changed"
					for k := range got[i].Related {
						got[i].Related[k].Message = "changed"
					}
					for k := range got[i].Fixes {
						got[i].Fixes[k].Title = "changed"
						got[i].Fixes[k].Edits[0].Span.Start = -1
					}
				}
			}()
		}
		running.Wait()
		if diff := cmp.Diff(again.Faults(), doc.Faults()); diff != "" {
			t.Errorf("the document has changed:\n%s", diff)
		}
	}
}

// TestSecretsAnywhere checks that the credentials in a payload are reported wherever they
// are, even if the model lets the walk skip a value: the rule finds the same as a
// program's rule, which searches every document before the walk.
func TestSecretsAnywhere(t *testing.T) {
	rule := *validate.Lookup("secret-value")
	always := validate.Linter{Rules: []*validate.Rule{&rule}}
	lone := validate.Linter{Rules: []*validate.Rule{validate.Lookup("secret-value")}}
	secrets := func(l validate.Linter, src []byte, version schema.Version) (found []patchlint.Diagnostic) {
		doc, _ := patchlint.Parse(src, patchlint.JSON)
		for _, d := range l.LintDocument(doc, validate.Target{Version: version}) {
			if d.Rule == rule.ID {
				found = append(found, d)
			}
		}
		return found
	}
	texts := []string{
		`"Bearer c2VjcmV0LXRva2VuLWZvci10aGUtZG9jcw=="`, `"password=Xq8vR2mN4k"`, `"AKIAIOSFODNN7ABCDEFG"`, `"https://a:Xq8vR2mN4k@contoso.com"`, `"\u0042earer c2VjcmV0LXRva2VuLWZvci10aGUtZG9jcw=="`,
		`"12345678-ACCA-4F2A-8123-0123456789AB"`, `"12345678-ACCAACCAACCAACCA"`, `"https://contoso.com/x/AKIAIOSFODNN7ABCDEFG"`, `"https://contoso.com/a/token"`, `"#microsoft.graph.deviceManagementConfigurationSecretSettingValue"`, `"./Vendor/MSFT/x/Password"`,
		`{"password": "Xq8vR2mN4k"}`, `["a", {"b": null, "secretText": "hunter"}]`, `{"@odata.type": "#microsoft.graph.passwordProfile", "password": "hunter"}`,
	}
	names := []string{`"password"`, `"apiKey@odata.type"`, `"@microsoft.graph.token"`, `"\u0070assword"`, `"Bearer c2VjcmV0LXRva2VuLWZvci10aGUtZG9jcw=="`, `"value"`}
	n, found := 0, 0
	check := func(src []byte, version schema.Version) {
		t.Helper()
		end := max(0, bytes.LastIndexByte(src, '}'))
		for _, src := range [][]byte{src, slices.Concat(src[:end], []byte(","), src[end:])} { // and with a fault
			want := secrets(always, src, version)
			for _, l := range []validate.Linter{{}, lone} {
				if diff := cmp.Diff(want, secrets(l, src, version)); diff != "" {
					t.Errorf("-want +got:\n%s\nof %s", diff, src)
				}
			}
			found += len(want)
		}
	}
	everywhere := func(src []byte, version schema.Version) {
		doc, _ := patchlint.Parse(src, patchlint.JSON)
		put := func(at patchlint.Span, text string) {
			if n++; corpus.Sampled(n) {
				check(slices.Concat(src[:at.Start], []byte(text), src[at.End:]), version)
			}
		}
		var visit func(patchlint.Node)
		visit = func(node patchlint.Node) {
			for _, text := range texts {
				put(node.Span(), text)
			}
			if node.Key().Len() > 0 {
				for _, name := range names {
					put(node.Key(), name)
					put(patchlint.Span{Start: node.Key().Start, End: node.Span().End}, name+`: "Xq8vR2mN4k"`)
					put(patchlint.Span{Start: node.Key().Start, End: node.Key().Start}, name+`: "Xq8vR2mN4k", `)
				}
			}
			for child := range node.Children() {
				visit(child)
			}
		}
		visit(doc.Root())
	}
	list, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		everywhere(p.Source, schema.Version(p.Version))
	}
	for _, src := range []string{
		`{"@odata.type": "#microsoft.graph.user", "displayName": "x", "accountEnabled": true, "ageGroup": "adult", "createdDateTime": "2026-01-31T08:00:00Z", "passwordProfile": null, "passwordPolicies": "None", "businessPhones": ["1"], "manager": {"@odata.type": "#microsoft.graph.user", "displayName": "y"}, "identities": [{"signInType": "federated"}]}`,
		`{"@odata.type": "#microsoft.graph.user", "passwordProfile": {"forceChangePasswordNextSignIn": true, "password": null}, "employeeOrgData": {"division": "a"}, "manager@odata.bind": "https://graph.microsoft.com/v1.0/users/1e84d1a7-7c1d-4b39-8d60-7c9fc0a1f1e3"}`,
		`{"@odata.type": "#microsoft.graph.win32LobApp", "displayName": "x", "installExperience": {"runAsAccount": "system"}, "rules": [{"@odata.type": "#microsoft.graph.win32LobAppFileSystemRule", "path": "c", "operator": "equal"}], "categories": [{"displayName": "a"}]}`,
		`{"@odata.type": "#microsoft.graph.openTypeExtension", "extensionName": "x", "theme": "dark", "nested": {"a": ["b", 1]}}`,
		`{"@odata.type": "#microsoft.graph.windows10CustomConfiguration", "displayName": "x", "omaSettings": [{"@odata.type": "#microsoft.graph.omaSettingString", "omaUri": "./x", "value": "y"}]}`,
		`{"@odata.type": "#microsoft.graph.androidWiFiConfiguration", "wiFiSecurityType": "open", "ssid": "x", "connectAutomatically": true}`,
		`{"@odata.type": "#microsoft.graph.unknownThing", "displayName": "x"}`,
	} {
		check([]byte(src), schema.Beta)
		everywhere([]byte(src), schema.Beta)
	}
	t.Logf("%d texts, %d credentials", n, found)
	if found == 0 {
		t.Error("nothing was found anywhere")
	}
}

// TestWordsOfModels checks that the rule secret-value suspects every published name that
// can make a text next to it a credential.
func TestWordsOfModels(t *testing.T) {
	words := make(map[string]bool)
	for _, version := range []schema.Version{schema.V1, schema.Beta} {
		src, err := os.ReadFile("../schema/facts/" + string(version) + ".facts")
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range regexp.MustCompile(`[A-Za-z][\w.]*`).FindAllString(string(src), -1) {
			words[word], words["#microsoft.graph."+word] = true, true
		}
	}
	n := 0
	for i, word := range slices.Sorted(maps.Keys(words)) {
		if i%corpus.Size(7, 1) > 0 {
			continue
		}
		quoted := []byte(`"` + word + `"`)
		if secret.Suspect(quoted) {
			continue
		}
		n++
		for _, beside := range []string{
			`{"WORD": "Xq8vR2mN4k"}`, `{"WORD": ["Xq8vR2mN4k"]}`, `{"WORD": 1234567890}`, `["WORD", "Xq8vR2mN4k"]`, `{"name": "WORD", "value": "Xq8vR2mN4k"}`, `{"value": "Xq8vR2mN4k", "name": "WORD"}`,
			`{"@odata.type": "WORD", "value": "Xq8vR2mN4k"}`, `{"value": "Xq8vR2mN4k", "@odata.type": "WORD"}`, `{"omaUri": "WORD", "value": "Xq8vR2mN4k"}`,
		} {
			doc, _ := patchlint.Parse([]byte(strings.ReplaceAll(beside, "WORD", word)), patchlint.JSON)
			if len(secret.Find(doc)) > 0 {
				t.Errorf("there is a credential in %s", doc.Source())
			}
		}
	}
	if n == 0 {
		t.Error("every word is suspected")
	}
}
