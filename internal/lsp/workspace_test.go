package lsp_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/validate"
)

// rules waits until a document has findings of these rules, separated by spaces.
func (c *client) rules(uri, want string) {
	c.t.Helper()
	var got string
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		c.mu.Lock()
		var codes []string
		for _, d := range c.shown[uri].Diagnostics {
			codes = append(codes, d.Code)
		}
		known := c.shown[uri].count > 0
		c.mu.Unlock()
		if got = strings.Join(codes, " "); known && got == want {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	c.t.Errorf("%s has %q, want %q", uri, got, want)
}

// later writes a file with a modification time that depends on the length of the text.
func later(t *testing.T, path, text string) {
	t.Helper()
	write(t, path, text)
	at := time.Now().Add(time.Duration(len(text)) * time.Second)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// TestSettings checks that settings apply, that they are read again when they change,
// whether or not the client reports the change, and that a document that is not checked
// does not seem clean.
func TestSettings(t *testing.T) {
	dir := t.TempDir()
	settings := filepath.Join(dir, ".patchlint.yaml")
	file, other, excluded := uri(filepath.Join(dir, "a.json")), uri(filepath.Join(dir, "deep", "b.json")), uri(filepath.Join(dir, "out", "c.json"))
	later(t, settings, "rules:\n  server-managed-property: off\nexclude: [out/**]\n")
	c := start(t, "utf-8", dir)
	for _, f := range []string{file, other, excluded} {
		c.open(f, "json", partner)
	}
	c.rules(file, "enum-value")
	c.rules(other, "enum-value")
	c.rules(excluded, "")

	later(t, settings, "exclude: [deep/**]\n")
	c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": uri(settings), "type": 2}}})
	c.rules(file, "server-managed-property enum-value")
	c.rules(other, "")
	c.rules(excluded, "server-managed-property enum-value")

	// The client does not report this change; the next edit shows it in all documents.
	later(t, settings, "rules: {enum-value: warning, server-managed-property: off}\n")
	c.change(file, 2, map[string]any{"text": partner + "\n"})
	c.rules(file, "enum-value")
	c.rules(other, "enum-value")

	// So does saving a document, for clients that do not watch files.
	later(t, settings, "rules: {enum-value: off, server-managed-property: info}\n")
	c.notify("textDocument/didSave", map[string]any{"textDocument": map[string]any{"uri": file}})
	c.rules(file, "server-managed-property")
	c.rules(other, "server-managed-property")

	later(t, settings, "rules: {enum-valu: off}\n")
	c.change(file, 3, map[string]any{"text": partner})
	c.rules(file, "")
	shows := func(mistake string) func() bool {
		return func() bool {
			p := c.shown[file]
			return len(p.Diagnostics) == 1 && strings.HasPrefix(p.Diagnostics[0].Message, "not checked: "+mistake)
		}
	}
	c.wait("the mistake in the settings", shows(`.patchlint.yaml:1:9: unknown rule "enum-valu"; did you mean "enum-value"?`))

	if err := os.Remove(settings); err != nil {
		t.Fatal(err)
	}
	c.change(file, 4, map[string]any{"text": partner})
	c.rules(file, "server-managed-property enum-value")
	c.rules(other, "server-managed-property enum-value")

	// A baseline, and comments in a document.
	write(t, filepath.Join(dir, "known.json"), `{"version": 1, "findings": []}`)
	later(t, settings, "baseline: known.json\n")
	comment := uri(filepath.Join(dir, "d.jsonc"))
	c.open(comment, "jsonc", strings.Replace(partner, "\n  \"partnerState", "\n  // patchlint-ignore enum-value\n  \"partnerState", 1))
	c.rules(comment, "server-managed-property")
	later(t, filepath.Join(dir, "known.json"), `{"version": 2}`)
	c.change(file, 5, map[string]any{"text": partner})
	c.wait("the mistake in the baseline", shows("baseline: "+filepath.ToSlash(filepath.Join(dir, "known.json"))+": this is not a baseline"))
}

// TestSettingsWhileRead checks that settings which change while the server reads them are
// read again.
func TestSettingsWhileRead(t *testing.T) {
	dir := t.TempDir()
	settings := filepath.Join(dir, ".patchlint.yaml")
	c := start(t, "utf-8", dir)
	file := uri(filepath.Join(dir, "a.json"))
	c.open(file, "json", partner)
	for i := range 100 {
		write(t, settings, "rules: {enum-value: off}\n")
		c.notify("workspace/didChangeWatchedFiles", map[string]any{})
		time.Sleep(time.Duration(i) * 10 * time.Microsecond)
		write(t, settings, "rules: {server-managed-property: off}\n")
		c.call("textDocument/documentSymbol", map[string]any{"textDocument": map[string]any{"uri": file}}, nil)
		if c.rules(file, "enum-value"); t.Failed() {
			return
		}
	}
}

// TestBaseline checks that findings of a baseline are not shown. In a folder that is in no
// repository, fingerprints have the paths of a run in the folder.
func TestBaseline(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "deep", "a.json"), partner)
	t.Chdir(dir)
	run := command.Lint{Common: command.Common{MaxBytes: 1 << 20, Color: "never", Quiet: true}, Formats: []command.Format{"text"}, WriteBaseline: "known.json", Jobs: 1}
	if err := run.Run(nil, command.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}); err != nil {
		t.Fatal(err)
	}
	later(t, filepath.Join(dir, ".patchlint.yaml"), "baseline: known.json\n")
	c := start(t, "utf-8", dir)
	file := uri(filepath.Join(dir, "deep", "a.json"))
	c.open(file, "json", partner)
	c.rules(file, "")
	c.change(file, 2, map[string]any{"text": strings.Replace(partner, "true", "1", 1)})
	c.rules(file, "wrong-type")
}

// TestSettingsFile checks that the settings in the editor show the fault for which a run
// refuses them, in its line.
func TestSettingsFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, ".patchlint.yaml")
	later(t, path, "baseline: missing.json\n")
	c := start(t, "utf-16", dir)
	file := uri(path)
	version := 1
	for _, test := range []struct {
		text, message string
		line          int
	}{
		{"exclude: [\"é😀\", a/b]\nrules: {enum-valu: off}\n", `unknown rule "enum-valu"; did you mean "enum-value"?`, 1},
		{"exclude: [\"é😀\", \"[\"]\n", `pattern "[" `, 0},
		{"exclude: [\"😀😀😀\", \"[\"]\n", `pattern "[" `, 0},
		{"rules:\n\tguid: off\n", "tabs cannot be used for indentation; use spaces", 1},
		{"\ufeffrules: {enum-valu: off}\n", `unknown rule "enum-valu"`, 0},
		{"exclude: [", " ", 0},
		{"baseline: missing.json\n", "baseline: ", 0},
		{"exclude: [a/b]\n", "", -1},
	} {
		if version == 1 {
			c.open(file, "yaml", test.text)
		} else {
			if test.line < 0 {
				later(t, path, test.text)
			}
			c.change(file, version, map[string]any{"text": test.text})
		}
		got := c.found(file, version).Diagnostics
		version++
		if test.line < 0 {
			if len(got) > 0 {
				t.Errorf("%q: %+v", test.text, got)
			}
			continue
		}
		if len(got) != 1 || !strings.Contains(got[0].Message, test.message) || strings.Contains(got[0].Message, ".yaml") {
			t.Errorf("%q: %+v, want %q", test.text, got, test.message)
			continue
		}
		if at := got[0].Range; test.message != "" && (at.Start != pos{test.line, 0} || at.End.Line != test.line) {
			t.Errorf("%q: %+v, want line %d", test.text, at, test.line)
		}
	}
}

// TestNamedFiles checks that settings are read again when a file that they name changes.
func TestNamedFiles(t *testing.T) {
	const group, other = "11111111-0a4b-4c11-9d3e-000000000001", "22222222-0a4b-4c11-9d3e-000000000002"
	list := func(id, name string) string {
		return `{"value": [{"id": "` + id + `", "displayName": "` + name + `"}]}`
	}
	const schema = `{"required": ["displayName"]}`
	for _, test := range []struct{ setting, old, new, before, after string }{
		{"names: [named.json]", list(group, "Pilot"), list(other, "Other"), "", "unknown-id"},
		{"overrides: [{files: '*', names: [named.json]}]", list(other, "Other"), list(group, "Pilot!"), "unknown-id", ""},
		{"schemas: [{schema: named.json}]", `{"type": "object"}`, schema, "", "team-schema"},
		{"baseline: named.json", `{"version": 1, "findings": []}`, `{"version": 2}`, "", "not checked"},
		{"metadata: {beta: named.json}", "<x/>", "{}", "named.json:1:1", "this is JSON"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, ".patchlint.yaml"), test.setting+"\n")
		named := filepath.Join(dir, "named.json")
		later(t, named, test.old)
		c := start(t, "utf-8", dir)
		file := uri(filepath.Join(dir, "a.json"))
		text := `{"iosOnboarded": true, "iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "` + group + `"}}]}`
		c.open(file, "json", text)
		says := func(want string) {
			t.Helper()
			c.wait(test.setting+" to say "+want, func() bool {
				all := ""
				for _, d := range c.shown[file].Diagnostics {
					all += d.Code + ": " + d.Message + "\n"
				}
				return c.shown[file].count > 0 && strings.Contains(all, want) && (want != "" || all == "")
			})
		}
		says(test.before)
		later(t, named, test.new)
		c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{}})
		says(test.after)
	}
}

// TestSchemaPlace checks that a finding refers to the schema of a team by its URI, wherever
// the settings are.
func TestSchemaPlace(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".git", "HEAD"), "ref: refs/heads/main\n")
	write(t, filepath.Join(dir, ".patchlint.yaml"), "schemas: [{schema: schemas/s.json}]\n")
	schema := filepath.Join(dir, "schemas", "s.json")
	write(t, schema, `{"required": ["displayName"]}`)
	file := filepath.Join(dir, "d", "a.json")
	write(t, file, partner)
	for _, folder := range []string{dir, filepath.Dir(file)} {
		c := start(t, "utf-8", folder)
		c.open(uri(file), "json", `{"iosOnboarded": true}`)
		p := c.found(uri(file), 1)
		if len(p.Diagnostics) != 1 || len(p.Diagnostics[0].RelatedInformation) != 1 {
			t.Fatalf("%+v", p.Diagnostics)
		}
		if got := p.Diagnostics[0].RelatedInformation[0].Location.URI; got != uri(schema) {
			t.Errorf("the schema is at %s, want %s", got, uri(schema))
		}
	}
}

// TestFolders checks several folders, one inside another, and how they come and go.
func TestFolders(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".patchlint.yaml"), "rules: {enum-value: off, server-managed-property: off}\n")
	inner := filepath.Join(dir, "inner")
	write(t, filepath.Join(inner, ".patchlint.yaml"), "rules: {enum-value: off}\n")
	write(t, filepath.Join(dir, "elsewhere", "x"), "")
	c := start(t, "utf-8", dir, inner)
	outside, inside := uri(filepath.Join(dir, "a.json")), uri(filepath.Join(inner, "a.json"))
	c.open(outside, "json", partner)
	c.open(inside, "json", partner)
	c.open("untitled:Untitled-1", "json", partner)
	c.open("untitled:Untitled-2", "plaintext", partner)
	c.rules(outside, "")
	c.rules(inside, "server-managed-property")
	c.rules("untitled:Untitled-1", "")
	c.rules("untitled:Untitled-2", "")
	c.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{"added": []any{}, "removed": []any{map[string]any{"uri": uri(dir), "name": ""}}}})
	c.rules(outside, "") // its directory has settings
	c.rules("untitled:Untitled-1", "server-managed-property")
	c.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{"added": []any{map[string]any{"uri": uri(dir), "name": ""}}, "removed": []any{map[string]any{"uri": uri(inner), "name": ""}}}})
	c.rules(inside, "")
	c.rules("untitled:Untitled-1", "")
}

func initRepository(t *testing.T, dir string) {
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// TestUnsaved checks that an edit of an unsaved file does not list its directory again.
func TestUnsaved(t *testing.T) {
	const others = 500
	dir := t.TempDir()
	for i := range others {
		write(t, filepath.Join(dir, fmt.Sprintf("%d.txt", i)), "")
	}
	c := start(t, "utf-8", dir)
	file := uri(filepath.Join(dir, "unsaved.json"))
	c.open(file, "json", partner)
	c.rules(file, "server-managed-property enum-value")
	version := 1
	allocated := testing.AllocsPerRun(10, func() {
		version++
		c.change(file, version, map[string]any{"text": partner})
		c.found(file, version)
	})
	if allocated > others {
		t.Errorf("%v allocations beside %d files", allocated, others)
	}
}

// TestWalked checks that a document is left alone if a walk would not find it or not
// recognize it as a payload.
func TestWalked(t *testing.T) {
	dir := t.TempDir()
	initRepository(t, dir)
	write(t, filepath.Join(dir, ".gitignore"), "ignored.json\n*.local.json\n/build/\n")
	write(t, filepath.Join(dir, "deep", "README.md"), "")
	for name, want := range map[string]string{
		"a.json":                 "server-managed-property enum-value",
		"ignored.json":           "",
		"build/a.json":           "",
		"node_modules/a.json":    "",
		"deep/a.JSON":            "server-managed-property enum-value",
		"deep/a.txt":             "",
		"not saved yet/new.json": "server-managed-property enum-value",
		"unsaved.json":           "server-managed-property enum-value",
		"unsaved.local.json":     "server-managed-property enum-value", // until it is saved
		"deep/unsaved.json":      "server-managed-property enum-value",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if !strings.Contains(name, "saved") {
			write(t, path, partner)
		}
		c := start(t, "utf-8", dir)
		c.open(uri(strings.ReplaceAll(path, " ", "%20")), "json", partner)
		c.rules(uri(strings.ReplaceAll(path, " ", "%20")), want)
	}
	c := start(t, "utf-8", dir)
	for i, text := range []string{`{"name": "x", "version": "1.0.0"}`, `{"displayName": 1, "partnerState": "x"}`, `{"iosOnboarded"`, `[1, 2`, ``, `no JSON`} {
		file := uri(filepath.Join(dir, "foreign.json"))
		c.open(file, "json", text)
		if p := c.found(file, 1); len(p.Diagnostics) > 0 {
			t.Errorf("%s: %+v", text, p)
		}
		c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": file}})
		_ = i
	}
}

// TestTogether checks that a document is compared with its neighbors, as editors have them
// and as they are on disk.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.json"), filepath.Join(dir, "b.json")
	write(t, a, `{"displayName": "Contoso", "iosOnboarded": true}`)
	c := start(t, "utf-8", dir)
	c.open(uri(b), "json", `{"displayName": "Fabrikam", "iosOnboarded": true}`)
	c.rules(uri(b), "platform-claimed-twice")
	related := c.found(uri(b), 1).Diagnostics[0].RelatedInformation
	if len(related) != 1 || related[0].Location.URI != uri(a) || related[0].Location.Range.String() != "0:27-0:41" {
		t.Errorf("%+v", related)
	}
	c.open(uri(a), "json", `{"displayName": "Contoso", "iosOnboarded": false}`)
	c.rules(uri(b), "")
	c.change(uri(a), 2, map[string]any{"text": `{"displayName": "Contoso", "iosOnboarded": true}`})
	c.rules(uri(b), "platform-claimed-twice")
	later(t, a, `{"displayName": "Contoso", "androidOnboarded": true}`)
	c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": uri(a)}})
	c.rules(uri(b), "")
}

// TestLargeDirectory checks that payloads beyond the limit are read once, not at every
// change.
func TestLargeDirectory(t *testing.T) {
	dir := t.TempDir()
	size := 8 << 20
	write(t, filepath.Join(dir, "a.json"), `{"displayName": "Contoso", "iosOnboarded": true, "iosEnrollmentAssignments": [`+strings.Repeat(" ", size)+`]}`)
	c, b := start(t, "utf-8", dir), uri(filepath.Join(dir, "b.json"))
	c.open(b, "json", `{"displayName": "Contoso", "iosOnboarded": true}`)
	c.found(b, 1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for version := range 10 {
		c.change(b, version+2, map[string]any{"text": `{"displayName": "Contoso", "iosOnboarded": 1}`})
		c.found(b, version+2)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > uint64(size) {
		t.Errorf("ten changes took %d bytes", took)
	}
}

// TestBodies checks that findings about a body in its own file are shown there, whether
// it is open or not, as long as a document sends it.
func TestBodies(t *testing.T) {
	dir := t.TempDir()
	body, request := filepath.Join(dir, "bodies", "body.json"), uri(filepath.Join(dir, "a.http"))
	write(t, body, `{"displayName": 1}`)
	c := start(t, "utf-8", dir)
	const send = "PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\n\n< bodies/body.json\n"
	c.open(request, "http", send+"###\n"+send) // two requests with the same findings about the body
	c.rules(uri(body), "wrong-type")
	c.open(uri(body), "json", `{"displayName": "right"}`)
	c.rules(uri(body), "")
	c.change(uri(body), 2, map[string]any{"text": `{ "displayName": true}`})
	c.rules(uri(body), "wrong-type")
	if got := c.found(uri(body), 2).Diagnostics[0].Range.String(); got != "0:17-0:21" {
		t.Errorf("marked at %s", got)
	}
	// After a change nothing is shown at the places of the old text, in between or on hover.
	before := c.found(uri(body), 2).count
	c.change(uri(body), 3, map[string]any{"text": "{\n\"displayName\":\n2}"})
	hover := c.send("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": uri(body)}, "position": pos{2, 0}})
	if got := string(c.reply(hover).Result); !strings.Contains(got, "wrong-type") {
		t.Errorf("hover: %s", got)
	}
	c.rules(uri(body), "wrong-type")
	if got := c.found(uri(body), 3); got.count != before+1 || got.Diagnostics[0].Range.String() != "2:0-2:1" {
		t.Errorf("after %d reports, marked at %s", got.count-before, got.Diagnostics[0].Range)
	}
	c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": request}})
	c.rules(uri(body), "")
}

type action struct {
	Title, Kind string
	IsPreferred bool
	Diagnostics []struct{ Code string }
	Edit        struct {
		DocumentChanges []struct {
			Edits []struct {
				Range   rng
				NewText string
			}
		}
	}
}

func (c *client) actions(file string, at rng, only ...string) (actions []action) {
	c.t.Helper()
	context := map[string]any{"diagnostics": []any{}}
	if only != nil {
		context["only"] = only
	}
	c.call("textDocument/codeAction", map[string]any{"textDocument": map[string]any{"uri": file}, "range": at, "context": context}, &actions)
	return actions
}

// TestActions checks which fixes are offered where, that only safe ones are preferred,
// and that all safe ones together have the same result as lint --fix.
func TestActions(t *testing.T) {
	dir := t.TempDir()
	file := uri(filepath.Join(dir, "a.json"))
	text := "{\n  \"DisplayName\": \"x\",\n  \"@odata.type\": \"microsoft.graph.complianceManagementPartner\",\n  \"lastHeartbeatDateTime\": \"2026-01-31 08:00:00\",\n" +
		"  \"iosEnrollmentAssignments\": {\"target\": {\"@odata.type\": \"microsoft.graph.allLicensedUsersAssignmentTarget\"}}\n}\n"
	c := start(t, "utf-8", dir)
	c.open(file, "json", text)
	everywhere := rng{End: pos{100, 0}}
	var safe, unsafe int
	for _, a := range c.actions(file, everywhere, "quickfix") {
		if a.Kind != "quickfix" || len(a.Diagnostics) != 1 {
			t.Errorf("%+v", a)
		}
		switch isUnsafe := strings.Contains(a.Title, "changes what the payload means"); {
		case isUnsafe && a.IsPreferred:
			t.Errorf("%s is preferred", a.Title)
		case isUnsafe:
			unsafe++
		default:
			safe++
		}
	}
	if safe < 2 || unsafe == 0 {
		t.Errorf("%d safe fixes, %d others", safe, unsafe)
	}
	for _, at := range []pos{{1, 2}, {1, 4}, {1, 15}} { // at the ends of the name, too
		if got := c.actions(file, rng{at, at}, "quickfix"); len(got) != 1 || got[0].Diagnostics[0].Code != "unknown-property" {
			t.Errorf("%v: %+v", at, got)
		}
	}
	if got := c.actions(file, everywhere, "refactor"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	for _, only := range []string{"source", "source.fixAll", "source.fixAll.patchlint"} {
		got := c.actions(file, rng{}, only)
		if len(got) != 1 || got[0].Kind != "source.fixAll.patchlint" {
			t.Fatalf("%s: %+v", only, got)
		}
		fixed := text
		edits := got[0].Edit.DocumentChanges[0].Edits
		for _, e := range slices.Backward(edits) {
			fixed = splice(fixed, e.Range, e.NewText)
		}
		want, made := new(validate.Linter).Fix([]byte(text), patchlint.JSON, validate.Target{}, false)
		if made < 4 {
			t.Errorf("%d fixes are too few for this test", made)
		}
		if diff := cmp.Diff(string(want), fixed); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, e := range edits {
			if e.NewText != "" && e.Range.Start.Line != e.Range.End.Line {
				t.Errorf("more than the fix is replaced: %+v", e)
			}
		}
	}
}

// TestNoCredential checks that no message shows a credential of a document.
func TestNoCredential(t *testing.T) {
	const token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
	dir := t.TempDir()
	file := uri(filepath.Join(dir, "a.json"))
	c := start(t, "utf-8", dir)
	c.open(file, "json", "{\n\"@odata.type\": \"#microsoft.graph.complianceManagementPartner\",\n\"displayname\": \""+token+"\",\n\""+token+"\": 1,\n\"partnerState\": \""+token+"\"\n}")
	p := c.found(file, 1)
	if len(p.Diagnostics) < 3 {
		t.Errorf("%+v", p)
	}
	text, _ := json.Marshal(p)
	messages := string(text)
	for _, method := range []string{"hover", "completion", "codeAction", "documentSymbol"} {
		for line := 2; line <= 4; line++ {
			at := pos{line, 20}
			r := c.reply(c.send("textDocument/"+method, map[string]any{
				"textDocument": map[string]any{"uri": file}, "position": at, "range": rng{at, at}, "context": map[string]any{"diagnostics": []any{}},
			}))
			if r.Error != nil {
				t.Errorf("%s: %s", method, r.Error.Message)
			}
			messages += string(r.Result)
		}
	}
	for i := range len(token) - 8 {
		if part := token[i : i+8]; strings.Contains(messages, part) {
			t.Fatalf("a message shows %s", part)
		}
	}
}

// TestHover checks the hovers of findings, properties, values and types.
func TestHover(t *testing.T) {
	dir := t.TempDir()
	c := start(t, "utf-8", dir)
	const partner = `"@odata.type": "#microsoft.graph.complianceManagementPartner"`
	for _, test := range []struct{ file, text, has, lacks string }{
		{"a.json", `{` + partner + `, |"macOsOnboarded": true}`, "**macOsOnboarded**: `Edm.Boolean`, cannot be null;In beta and v1.0;Source: ", "wrong-type"},
		{"a.json", `{` + partner + `, "displayName|": "x"}`, "**displayName**: `Edm.String`, can be null", ""},
		{"a.json", `{` + partner + `, "windows|Onboarded": true}`, "deprecated-property;**windowsOnboarded**;Deprecated: ;In beta\n", "v1.0"},
		{"a.json", `{` + partner + `, "partnerState": "e|nabled"}`, "**partnerState**: `deviceManagementPartnerTenantState`;- `unresponsive`;`enabled`: ", ""},
		{"a.json", `{` + partner + `, "partnerState": |1}`, "**wrong-type** (error);rules.md#wrong-type;**partnerState**", ""},
		{"a.json", `{"@odata.type": "#micro|soft.graph.complianceManagementPartner"}`, "**microsoft.graph.complianceManagementPartner**", ""},
		{"a.json", `{` + partner + `, "iosEnrollmentAssignments": [{"tar|get": {}}]}`, "**target**: `deviceAndAppManagementAssignmentTarget`", ""},
		{"a.json", `{` + partner + `, "iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "group|Id": "x"}}]}`, "**groupId**: `Edm.String`, cannot be null, required;a GUID", "can be null"},
		{"a.json", `{"@odata.type": "#microsoft.graph.deviceManagementConfigurationPolicy", "settings": [{"setting|Instance": {}}]}`, "**settingInstance**: `deviceManagementConfigurationSettingInstance`", ""},
		{"a.json", `{"@odata.type": "#microsoft.graph.group", "custom": {"@odata.type": "#microsoft.graph.timeZoneBase", "na|me": "x"}}`, "**name**: `Edm.String`", ""},
		{"a.json", `{` + partner + ` "displayN|ame" 1, "iosOnboarded": [`, "**displayName**", ""},
		{"a.json", `{` + partner + `, | "iosOnboarded": true}`, "", "iosOnboarded"},
		{"a.json", `{"na|me": 1}`, "", "**"},
		{"a.http", "PATCH https://graph.microsoft.com/v1.0/deviceManagement/complianceManagementPartners/1\n\n{\"iosOn|boarded\": true}", "**iosOnboarded**", ""},
	} {
		file := uri(filepath.Join(dir, test.file))
		text, at := marked(test.text)
		c.open(file, "json", text)
		var shown struct {
			Contents struct{ Kind, Value string }
		}
		c.call("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": file}, "position": at}, &shown)
		for _, want := range strings.Split(test.has, ";") {
			if !strings.Contains(shown.Contents.Value, want) {
				t.Errorf("%s: %q lacks %q", test.text, shown.Contents.Value, want)
			}
		}
		if test.lacks != "" && strings.Contains(shown.Contents.Value, test.lacks) {
			t.Errorf("%s: %q has %q", test.text, shown.Contents.Value, test.lacks)
		}
	}
}

// TestPlainText checks that a client without Markdown gets the text itself.
func TestPlainText(t *testing.T) {
	c := connect(t)
	c.call("initialize", map[string]any{"capabilities": map[string]any{}, "rootUri": uri(t.TempDir())}, nil)
	const file = "file:///somewhere/a.json"
	c.open(file, "json", `{"iosOnboarded": true, "partnerState": "a\\b`+"`*_c"+`"}`)
	var shown struct {
		Contents struct{ Kind, Value string }
	}
	c.call("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": file}, "position": pos{0, 41}}, &shown)
	if got := shown.Contents; got.Kind != "plaintext" || !strings.HasPrefix(got.Value, "enum-value (error): ") || !strings.Contains(got.Value, `"a\b`+"`*_c"+`"`) {
		t.Errorf("%+v", got)
	}
}
