package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/validate"
)

// plants are the ways in which a credential, CRED, can occur in a text.
var plants = []string{
	`"password": "CRED"`, `"clientSecret":"CRED"`, `"secretText" : 'CRED'`, `"token" "CRED"`, `"apiKey" = "CRED"`, `"pwd" => "CRED"`,
	`'password': 'CRED'`, `“password”: “CRED”`, `password: "CRED"`, `"x-api-key": u'CRED'`, `"secret": {"a": ["CRED"]}`, `"secret": {"a": "CRED", b: 1`,
	`"password": CRED`, `"password": "CRED`, `"password": "CRED\q"`, `"password": "CRED"tail"`, `"pass\u0077ord": "CRED"`, `"password":` + "\n\t" + `"CRED"`,
	`"Authorization": "Bearer CRED"`, `"displayName": "Bearer CRED"`, `"displayName": "ghp_CREDCREDCRED"`, `"displayName": "https://a:CRED@x.example"`,
	`"displayName": "https://x.example?sig=CRED&a=b"`, `"displayName": "-----BEGIN PRIVATE KEY-----\nCRED\n-----END PRIVATE KEY-----"`,
	`"note": "{\"client_secret\": \"CRED\"}"`, `{"name": "api-key", "value": "CRED"}`,
	"\n@pw = CRED\n", "\nAuthorization: Basic joe CRED\n", "\nAuthorization: Digest username=\"joe\", response=\"CRED\"\n", "\nCookie: a=CRED\n", "\n// password: CRED\n",
	"\n# client_secret=CRED\n", "\nclient_id=a&client%5Fsecret=CRED&b=c\n",
}

// around are texts to plant a credential in.
var around = [][2]string{
	{`{"iosOnboarded": "True", `, `, "displayName": "Contoso", "partnerState": "active"}`},
	{`{"iosOnboarded": true, "displayName": "Contoso" `, `, "macOsOnboarded": 1,}`},
	{`{"iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", `, `, "groupId": "x"}}]`},
	{`{"iosOnboarded": tru, `, "}\n{\"iosOnboarded\": false,}\n"},
	{"{\"iosOnboarded\": \"yes\"}\n{\"macOsOnboarded\": \"yes\", ", "}\n"},
	{"PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/42\nContent-Type: application/json\n", "\n\n{\"iosOnboarded\": \"true\"}\n"},
	{"PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/42\n\n{\"iosOnboarded\": \"true\", ", "}\n"},
	{"{// comment\n\"iosOnboarded\": \"true\", ", "/* x */,}"},
}

// FuzzSecrets plants a credential in a text, whole or broken, and checks that no
// output shows six characters of it in a row.
func FuzzSecrets(f *testing.F) {
	for i, text := range around {
		for k := range plants {
			if (i+k)%corpus.Size(11, 1) > 0 {
				continue
			}
			f.Add([]byte(text[0]), []byte(text[1]), uint64(i*1000+k), uint8(k), uint8(i))
		}
	}
	for k, plant := range plants {
		if strings.HasPrefix(plant, `"displayName": `) { // diff compares only payloads without faults
			f.Add([]byte(`{"iosOnboarded": true, `), []byte(`}`), uint64(k), uint8(k), uint8(0))
		}
	}
	f.Fuzz(func(t *testing.T, before, after []byte, seed uint64, plant, kind uint8) {
		r := rand.New(rand.NewPCG(seed, 1))
		checkHidden(t, r, before, after, plants[int(plant)%len(plants)], int(kind))
	})
}

// TestSecretsStayHidden checks the same as FuzzSecrets for texts that are broken at
// random.
func TestSecretsStayHidden(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	pieces := strings.Split(`" ' { } [ ] : , = => \ /* // */ “ é password token secret key a 1 # @ & ? % https:// Bearer -----BEGIN -----END true < > ; $(x) {{x}}`, " ")
	pieces = append(pieces, "\n", " ", "\t", "\x00", "\xff", "###\n")
	r := rand.New(rand.NewPCG(1, 2))
	broken := func(text string) []byte {
		for range r.IntN(6) {
			from := r.IntN(len(text) + 1)
			to := min(len(text), from+r.IntN(9))
			switch r.IntN(8) {
			case 0:
				to = len(text)
			case 1, 2, 3:
				to = from
			}
			piece := ""
			if to-from < 9 {
				piece = pieces[r.IntN(len(pieces))]
			}
			text = text[:from] + piece + text[to:]
		}
		return []byte(text)
	}
	for n := range 4000 {
		if n%corpus.Size(256, 1) > 0 {
			continue
		}
		before, after := broken(around[r.IntN(len(around))][0]), broken(around[r.IntN(len(around))][1])
		checkHidden(t, r, before, after, plants[r.IntN(len(plants))], r.IntN(4))
	}
}

// checkHidden checks that a random credential in a text is in no output.
func checkHidden(t *testing.T, r *rand.Rand, before, after []byte, plant string, kind int) {
	credential := []byte("q7") // a digit, so that it is not made of words
	for range 12 + r.IntN(12) {
		const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
		credential = append(credential, letters[r.IntN(len(letters))])
	}
	src := slices.Concat(before, []byte(strings.ReplaceAll(plant, "CRED", string(credential))), after)
	if bytes.Contains(before, credential[:6]) || bytes.Contains(after, credential[:6]) {
		t.Skip("the text already contains the start of the credential")
	}
	extension := []string{".json", ".jsonc", ".ndjson", ".http"}[kind%4]
	for what, text := range outputs(t, "payload"+extension, src) {
		for i := range len(credential) - 5 {
			if part := credential[i : i+6]; bytes.Contains(text, part) {
				t.Fatalf("%s shows %q of %q in %q:\n%s", what, part, credential, src, text)
			}
		}
	}
}

// outputs returns everything that is printed about a file, except bodies to send.
func outputs(t *testing.T, name string, src []byte) map[string][]byte {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string][]byte{name: src, "other.json": []byte(`{"iosOnboarded": false, "displayName": "x"}`)} {
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	out := make(map[string][]byte)
	command := func(what string, args ...string) {
		var stdout, stderr bytes.Buffer
		run(args, stdio{strings.NewReader(""), &stdout, &stderr})
		out[what], out[what+" on standard error"] = stdout.Bytes(), stderr.Bytes()
	}
	lint := []string{"lint", "--verbose", "--api-version", "beta"}
	for _, format := range report.FormatNames() {
		if format != "text" {
			lint = append(lint, "--format", format+"="+format)
		}
	}
	command("lint", append(lint, "--format", "text", name)...)
	command("lint --rule", "lint", "--rule", "secret-value=off", name)
	command("lint --type", "lint", "--type", "complianceManagementPartner", name)
	command("lint --fix --dry-run", "lint", "--fix", "--unsafe-fixes", "--dry-run", name)
	command("lint --write-baseline", "lint", "--write-baseline", "baseline", name)
	for _, pair := range [][2]string{{name, "other.json"}, {"other.json", name}} {
		command("diff --format text", "diff", "--format", "text", pair[0], pair[1])
		command("diff --format markdown", "diff", "--format", "markdown", pair[0], pair[1])
		command("diff --format json", "diff", "--format", "json", pair[0], pair[1])
		var plan map[string]any
		if json.Unmarshal(out["diff --format json"], &plan) == nil {
			delete(plan, "body")
			out["diff --format json"], _ = json.Marshal(plan)
		}
		for what := range out {
			if strings.HasPrefix(what, "diff") {
				out[what+" of "+pair[0]] = out[what]
			}
		}
	}
	files, err := filepath.Glob("*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file != name {
			out[file], _ = os.ReadFile(file)
		}
	}
	guarded := guard.New(refuse{}, validate.Linter{}, guard.Options{FailOn: 1})
	req, _ := http.NewRequest("PATCH", "https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1", bytes.NewReader(src))
	if _, err := guarded.RoundTrip(req); err != nil {
		out["guard"] = []byte(err.Error())
	}
	return out
}

// refuse sends nothing.
type refuse struct{}

func (refuse) RoundTrip(*http.Request) (*http.Response, error) { return nil, os.ErrClosed }

// TestDryRunIsLinear checks that the time of --dry-run grows with the size of a file
// in which every payload has a credential, and not with its square.
func TestDryRunIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	t.Chdir(t.TempDir())
	for name, payload := range map[string]string{
		"many.ndjson": `{"iosOnboarded": "true", "displayName": "Bearer c2VjcmV0LXRva2Vu%d"}` + "\n",
		"many.http": "PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/42\nAuthorization: Bearer c2VjcmV0LXRva2Vu%d\n\n" +
			`{"iosOnboarded": "true"}` + "\n###\n",
	} {
		corpus.Linear(t, 100, func(n int) {
			var text strings.Builder
			for i := range n {
				fmt.Fprintf(&text, payload, i+1000)
			}
			if err := os.WriteFile(name, []byte(text.String()), 0o666); err != nil {
				t.Fatal(err)
			}
			var stdout bytes.Buffer
			run([]string{"lint", "--fix", "--dry-run", name}, stdio{strings.NewReader(""), &stdout, io.Discard})
			if bytes.Contains(stdout.Bytes(), []byte("c2Vj")) || bytes.Count(stdout.Bytes(), []byte("\n+")) < n {
				t.Fatalf("%s", stdout.Bytes()[:min(1000, stdout.Len())])
			}
		})
	}
}

// TestOtherDocument checks that a finding about one of two compared documents shows no
// credential of the other.
func TestOtherDocument(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, id := range map[string]string{"current.json": "glpat-Zx9qWv7KpL3mTr8Ys2Bd", "desired.json": "1"} {
		if err := os.WriteFile(name, []byte(`{"@odata.type": "#microsoft.graph.complianceManagementPartner", "id": "`+id+`", "iosOnboarded": true}`), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	commands := [][]string{{"apply"}}
	for _, format := range report.PlanFormatNames() {
		commands = append(commands, []string{"diff", "--format", format})
	}
	for _, args := range commands {
		var out bytes.Buffer
		if code := run(append(args, "current.json", "desired.json"), stdio{strings.NewReader(""), &out, &out}); code != exitFailed {
			t.Errorf("%s: exit code %d", args, code)
		}
		if text := out.String(); strings.Contains(text, "Zx9qWv") || !strings.Contains(text, secret.Masked) {
			t.Errorf("%s: %s", args, text)
		}
	}
}
