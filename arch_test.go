package patchlint_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/patchlint/patchlint"

// mayImport lists, for each package, the packages of this module that it may import.
var mayImport = map[string][]string{
	"internal/bounds":    {},
	"internal/charset":   {},
	"internal/inert":     {},
	"internal/lazy":      {},
	"internal/ordered":   {},
	".":                  {"internal/bounds", "internal/charset", "internal/inert", "internal/lazy"},
	"internal/span":      {".", "internal/lazy"},
	"internal/form":      {".", "internal/lazy"},
	"internal/spelling":  {"."},
	"internal/graph":     {".", "internal/form"},
	"internal/fixes":     {".", "internal/bounds", "internal/inert"},
	"internal/odata":     {".", "internal/inert", "internal/lazy"},
	"internal/csdl":      {"internal/charset", "internal/inert"},
	"internal/corpus":    {".", "internal/fixes"},
	"schema/facts":       {"internal/csdl"},
	"schema":             {".", "internal/csdl", "schema/facts", "internal/bounds", "internal/fixes", "internal/form", "internal/graph", "internal/inert", "internal/lazy", "internal/odata", "internal/ordered", "internal/spelling"},
	"internal/mend":      {".", "internal/bounds", "internal/fixes"},
	"internal/recognize": {".", "schema", "internal/bounds", "internal/entity", "internal/form", "internal/graph", "internal/inert", "internal/lazy", "internal/mend", "internal/odata", "internal/spelling"},
	"schema/conform":     {".", "schema", "internal/bounds", "internal/inert", "internal/lazy", "internal/secret", "internal/spelling"},
	"internal/secret":    {".", "internal/charset", "internal/inert", "internal/lazy", "internal/span"},
	"internal/example":   {"."},
	"internal/entity":    {".", "schema", "internal/inert"},
	"validate":           {".", "schema", "internal/recognize", "internal/bounds", "internal/charset", "internal/entity", "internal/example", "internal/fixes", "internal/form", "internal/graph", "internal/inert", "internal/lazy", "internal/odata", "internal/secret", "internal/span", "internal/spelling"},
	"internal/input":     {".", "schema", "internal/recognize", "internal/charset", "internal/form", "internal/graph", "internal/inert", "internal/lazy", "internal/secret", "internal/span"},
	"guard":              {".", "schema", "internal/recognize", "schema/conform", "validate", "internal/graph", "internal/inert"},
	"diff":               {".", "schema", "internal/recognize", "internal/bounds", "internal/entity", "internal/form", "internal/graph", "internal/inert", "internal/lazy", "internal/odata", "internal/ordered"},
	"internal/report":    {".", "schema/facts", "schema", "validate", "diff", "internal/bounds", "internal/entity", "internal/example", "internal/form", "internal/graph", "internal/inert", "internal/lazy", "internal/odata", "internal/ordered", "internal/secret"},
	"internal/compare":   {".", "schema", "internal/recognize", "validate", "diff", "internal/entity", "internal/inert", "internal/odata", "internal/report", "internal/spelling"},
	"page":               {".", "schema", "internal/recognize", "internal/bounds", "validate", "diff", "internal/compare", "internal/inert", "internal/report", "internal/secret"},
	"internal/files":     {".", "internal/inert", "internal/input", "internal/lazy", "internal/spelling"},
	"internal/settings":  {".", "internal/csdl", "schema", "schema/facts", "internal/recognize", "schema/conform", "validate", "diff", "internal/files", "internal/graph", "internal/inert", "internal/lazy", "internal/secret", "internal/spelling"},
	"internal/baseline":  {".", "internal/files", "internal/lazy", "internal/report", "internal/secret"},
	"internal/check":     {".", "schema", "internal/recognize", "validate", "internal/charset", "internal/files", "internal/fixes", "internal/input", "internal/lazy", "internal/secret", "internal/settings", "internal/span"},
	"internal/rulebook":  {".", "schema", "schema/conform", "validate", "diff", "internal/example", "internal/report", "internal/settings"},
	"internal/lsp":       {".", "schema", "internal/recognize", "validate", "internal/baseline", "internal/check", "internal/files", "internal/fixes", "internal/graph", "internal/input", "internal/lazy", "internal/mend", "internal/report", "internal/secret", "internal/settings", "internal/span"},
	"internal/command":   {".", "internal/csdl", "schema/facts", "schema", "internal/recognize", "schema/conform", "validate", "diff", "internal/baseline", "internal/check", "internal/compare", "internal/entity", "internal/files", "internal/inert", "internal/input", "internal/report", "internal/secret", "internal/settings", "internal/spelling"},
	"cmd/patchlint":      {".", "schema", "validate", "internal/command", "internal/files", "internal/inert", "internal/input", "internal/lazy", "internal/lsp", "internal/report", "internal/rulebook", "internal/settings", "internal/spelling"},
}

// onlyIn lists the third-party modules and the only places that may import them.
var onlyIn = []struct{ module, place, reason string }{
	{"github.com/santhosh-tekuri/jsonschema", "schema/conform/", "its locations and order are turned into ours in one place, so that it can be replaced there"},
	{"github.com/wI2L/jsondiff", "diff/json", "its options are unsafe; one file calls it, only where it is reliable"},
	{"github.com/evanphx/json-patch", "_test.go", "it applies JSON Patches to check ours"},
	{"github.com/spf13/", "cmd/patchlint/", "the library knows no flags"},
	{"github.com/bmatcuk/doublestar", "internal/files/", "the library knows no files"},
	{"go.yaml.in/yaml", "internal/settings/ cmd/patchlint/packaging_test.go", "only the settings are YAML"},
	{"github.com/mattn/go-isatty", "internal/command/", "the library knows no terminal"},
	{"golang.org/x/term", "internal/command/", "the library knows no terminal"},
	{"github.com/google/go-cmp", "_test.go", "its output is not stable, and it may panic"},
	{"github.com/rogpeppe/go-internal/diff", "internal/check/", "only --dry-run prints a change of lines"},
	{"github.com/rogpeppe/go-internal/t", "_test.go", "testscript and txtar"},
	{"pgregory.net/rapid", "_test.go", "it makes random data"},
}

// TestImports checks that every import is one that mayImport allows.
func TestImports(t *testing.T) {
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		if d.IsDir() {
			if name := d.Name(); file != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "interop" || name == "bench" || name == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(file) != ".go" {
			return nil
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		place := path.Dir(file)
		if mayImport[place] == nil {
			t.Errorf("%s: package is missing in mayImport", file)
		}
		test := strings.HasSuffix(file, "_test.go") || strings.HasPrefix(path.Base(file), "generate")
		for _, spec := range source.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if own, ok := strings.CutPrefix(name, module); ok {
				imported := strings.TrimPrefix(own, "/")
				if imported == "" {
					imported = "."
				}
				if !test && !slices.Contains(mayImport[place], imported) {
					t.Errorf("%s must not import %s; see mayImport", file, imported)
				}
				continue
			}
			library := slices.Contains([]string{".", "schema", "schema/facts", "validate", "diff", "page", "internal/bounds", "internal/charset", "internal/compare", "internal/csdl", "internal/entity", "internal/example", "internal/fixes", "internal/form", "internal/graph", "internal/inert", "internal/lazy", "internal/mend", "internal/odata", "internal/ordered", "internal/recognize", "internal/secret", "internal/span", "internal/spelling"}, place)
			if library && !test && (name == "os" || name == "net" || strings.HasPrefix(name, "os/") || strings.HasPrefix(name, "net/") && name != "net/url" && name != "net/netip") {
				t.Errorf("%s imports %s: the library opens no file and no connection", file, name)
			}
			if name == "net/http" && place != "guard" && !test {
				t.Errorf("%s imports net/http, which is for guard only: what a payload is must not depend on a service", file)
			}
			if !strings.Contains(strings.Split(name, "/")[0], ".") {
				continue
			}
			known := false
			for _, rule := range onlyIn {
				if strings.HasPrefix(name, rule.module) {
					known = true
					if !slices.ContainsFunc(strings.Fields(rule.place), func(place string) bool { return strings.Contains(file, place) }) {
						t.Errorf("%s imports %s, which is for %s only: %s", file, name, rule.place, rule.reason)
					}
				}
			}
			if !known {
				t.Errorf("%s imports %s, which is missing in onlyIn", file, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestReach checks that the library links no code that can open a connection or run a
// command, so that a program can trust it with secrets. Only guard, which wraps a
// connection, may import net/http. The same applies to the page, which promises to send
// nothing.
func TestReach(t *testing.T) {
	page := exec.Command("go", "list", "-deps", "./page")
	page.Env = append(page.Environ(), "GOOS=js", "GOARCH=wasm")
	for _, list := range []*exec.Cmd{exec.Command("go", "list", "-deps", ".", "./schema", "./validate", "./diff"), page} {
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range strings.Fields(string(out)) {
			switch name {
			case "net/http", "os/exec":
				t.Errorf("%s: it reaches %s", list, name)
			}
		}
	}
}

// TestPublic checks that no exported declaration mentions a type of an internal package,
// because a program that uses the library could not name it. Package schema/facts is an
// exception: its Compile takes the result of internal/csdl, for schema.Parse and the
// generator.
func TestPublic(t *testing.T) {
	for _, dir := range []string{".", "schema", "schema/conform", "validate", "diff", "guard"} {
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		exported := 0
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !ast.FileExports(file) { // drops what is not exported
				continue
			}
			internal := make(map[string]bool)
			for _, spec := range file.Imports {
				if imported, _ := strconv.Unquote(spec.Path.Value); strings.Contains(imported, "/internal/") {
					internal[path.Base(imported)] = true
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					exported++
					n.Body = nil
				case *ast.ValueSpec:
					n.Values = nil
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && internal[x.Name] {
						t.Errorf("%s: an exported declaration mentions %s.%s", name, x.Name, n.Sel.Name)
					}
				}
				return true
			})
		}
		if exported == 0 {
			t.Errorf("%s has no exported function", dir)
		}
	}
}
