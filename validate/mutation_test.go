package validate_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// fault is one way to break a payload, with the one finding that it must get.
type fault struct {
	name    string
	edits   []patchlint.Edit
	rule    string
	pointer patchlint.Pointer
	mended  bool // the safe fixes restore the meaning of the payload
}

func swap(n patchlint.Node, text string) []patchlint.Edit {
	return []patchlint.Edit{{Span: n.Span(), NewText: text}}
}

func rename(n patchlint.Node, name string) []patchlint.Edit {
	return []patchlint.Edit{{Span: n.Key(), NewText: `"` + name + `"`}}
}

// insert puts text before the first member or element of an object or array.
func insert(n patchlint.Node, text string) []patchlint.Edit {
	if n.Len() > 0 {
		text += ", "
	}
	at := n.Span().Start + 1
	return []patchlint.Edit{{Span: patchlint.Span{Start: at, End: at}, NewText: text}}
}

// faultsAt returns the known ways to break the value at one stop of the walk.
func faultsAt(v schema.Visit) []fault {
	n, at := v.Node, v.Node.Pointer()
	var list []fault
	add := func(name string, edits []patchlint.Edit, rule string, pointer patchlint.Pointer, mended bool) {
		list = append(list, fault{name, edits, rule, pointer, mended})
	}
	switch {
	case v.Type != nil:
		add("an unknown property", insert(n, `"zzz": 1`), "unknown-property", at.Append("zzz"), false)
		add("$schema", insert(n, `"$schema": "x"`), "unknown-property", at.Append("$schema"), true)
		add("an annotation of nothing", insert(n, `"zzz@odata.type": "#String"`), "control-information", at.Append("zzz@odata.type"), false)
		add("a response's etag", insert(n, `"@odata.etag": "x"`), "response-annotation", at.Append("@odata.etag"), true)
		if v.Type.Entity {
			add("its id", insert(n, `"id": "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"`), "read-only-property", at.Append("id"), false)
			add("wrapped", []patchlint.Edit{{Span: patchlint.Span{Start: n.Span().Start, End: n.Span().Start}, NewText: `{"value": `}, {Span: patchlint.Span{Start: n.Span().End, End: n.Span().End}, NewText: "}"}},
				"payload-shape", "/value", true)
		}
		if n.Parent().Kind() == patchlint.Array || n.Name() == "target" {
			add("printed", swap(n, `"System.Collections.Hashtable"`), "stringified-object", at, false)
		}
		if n.Name() == "target" {
			if annotation := n.Member("@odata.type"); annotation.Exists() {
				add("no type", fixes.Removal(annotation), "odata-type", at, false)
			}
		}
	case v.Owner != nil && n.Name() == "@odata.type":
		type_ := n.Text()
		if strings.HasPrefix(type_, "#") {
			add("no #", swap(n, `"`+type_[1:]+`"`), "odata-type-prefix", at, true)
		}
		add("alias", swap(n, `"#graph.`+v.Owner.Short()+`"`), "control-information", at, true)
		if n.Parent().Name() == "target" || n.Parent().Parent().Kind() == patchlint.Array {
			add("back-end name", swap(n, `"#microsoft.management.services.api.`+v.Owner.Short()+`"`), "odata-type", at, true)
			add("another family", swap(n, `"#microsoft.graph.cloudPcManagementGroupAssignmentTarget"`), "odata-type", at, false)
			add("a number", swap(n, "1"), "odata-type", at, false)
		}
		if n.Parent().Name() == "target" {
			add("4.01 name", rename(n, "@type"), "control-information", at[:len(at)-len("@odata.type")]+"@type", true)
		}
	case v.Property != nil:
		p := v.Property
		parent := n.Parent().Pointer()
		other := strings.ToUpper(p.Name)
		if !n.Parent().Member(p.Name + "@odata.type").Exists() {
			add("another case", rename(n, other), "unknown-property", parent.Append(other), true)
			add("a slip", rename(n, p.Name+"x"), "unknown-property", parent.Append(p.Name+"x"), false)
		}
		raw := string(n.Raw())
		add("twice", []patchlint.Edit{{Span: patchlint.Span{Start: n.Key().Start, End: n.Key().Start}, NewText: `"` + p.Name + `": ` + raw + ", "}}, "json-duplicate-name", at, false)
		if p.Collection {
			add("null", swap(n, "null"), "null-value", at, false)
			add("printed", swap(n, `"System.Object[]"`), "stringified-object", at, false)
			add("a null element", insert(n, "null"), "null-value", at+"/0", false)
			add("a boolean", swap(n, "true"), "wrong-type", at, false)
			first := n.Document().Find(at + "/0")
			if n.Len() == 1 {
				add("unrolled", swap(n, string(first.Raw())), "wrong-type", at, true)
			}
			if first.Member("target").Kind() == patchlint.Object {
				add("an element twice", insert(n, string(first.Raw())), "duplicate-assignment", at+"/1", true)
				add("no target", insert(n, "{}"), "missing-target", at+"/0", false)
			}
			return list
		}
		if !p.Nullable {
			add("null", swap(n, "null"), "null-value", at, false)
		}
		switch {
		case p.Type.Members != nil && n.Kind() == patchlint.String && n.Text() != "none":
			add("another case", swap(n, strings.ToUpper(raw)), "enum-value", at, true)
			add("no member", swap(n, `"zzz"`), "enum-value", at, false)
			add("a number", swap(n, "99"), "wrong-type", at, false)
		case p.GUID && n.Text() != "":
			add("braces", swap(n, `"{`+n.Text()+`}"`), "guid", at, true)
			add("a name", swap(n, `"Sales"`), "guid", at, false)
			add("a number", swap(n, "1"), "wrong-type", at, false)
		case p.Type.Name == "Edm.Boolean":
			add("text", swap(n, `"`+raw+`"`), "wrong-type", at, true)
			add("a number", swap(n, "1"), "wrong-type", at, false)
		case p.Type.Name == "Edm.DateTimeOffset":
			add("no offset", swap(n, `"2026-01-31T08:00:00"`), "date-time", at, false)
		case p.Type.Name == "Edm.String" && !p.GUID:
			add("a number", swap(n, "1"), "wrong-type", at, false)
			add("printed", swap(n, `"@{a=b}"`), "stringified-object", at, false)
			add("a placeholder", swap(n, `"TODO"`), "placeholder-value", at, false)
			add("a token", swap(n, `"Bearer abcdefghijklmnop0123456789"`), "secret-value", at, false)
		}
	}
	return list
}

// TestFaults breaks every clean payload in each known way at each place, and checks that
// the linter reports the expected rule once, at the expected pointer, and that safe fixes
// correct what they can.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	broken := 0
	payloads(t, "ok", func(t *testing.T, path string, doc *patchlint.Document, target validate.Target) {
		dialect := patchlint.JSON
		if strings.HasSuffix(path, ".jsonc") {
			dialect = patchlint.JSONC
		}
		model, err := schema.Open(target.Version)
		if err != nil {
			t.Fatal(err)
		}
		resource := recognize.Payload(model, doc.Root())
		target.Type = resource.Name
		var l validate.Linter
		before := make(map[string]int)
		for _, d := range l.LintDocument(doc, target) {
			before[fmt.Sprint(d.Rule, d.Pointer)]++
		}
		seen := 0
		schema.Walker(func(v schema.Visit) bool {
			if seen++; seen > 40 {
				return true // a big payload has many similar values
			}
			for _, f := range faultsAt(v) {
				broken++
				src, err := fixes.ApplyEdits(doc.Source(), f.edits)
				if err != nil {
					t.Fatal(err)
				}
				bad, _ := patchlint.Parse(src, dialect)
				var got []string
				for _, d := range l.LintDocument(bad, target) {
					// A finding that the payload had before, or has only because a
					// property with findings has moved, is not new.
					if d.Severity == patchlint.Info && d.Rule != f.rule || before[fmt.Sprint(d.Rule, d.Pointer)] > 0 {
						continue
					}
					if d.Rule == "server-managed-property" || d.Rule == "empty-patch" || d.Rule == "onboarding-mismatch" || d.Rule == "filter-pair" && strings.Contains(string(f.pointer), "Filter") {
						continue
					}
					got = append(got, d.Rule+" "+string(d.Pointer))
				}
				if diff := cmp.Diff([]string{f.rule + " " + string(f.pointer)}, got); diff != "" {
					t.Errorf("%s at %s (-want +got):\n%s\n%s", f.name, v.Node.Pointer(), diff, src)
				}
				if f.mended {
					fixed, _ := l.Fix(src, dialect, target, false)
					fixedDoc, _ := patchlint.Parse(fixed, dialect)
					for _, p := range resource.Properties {
						want, _ := model.AppendCanonical(nil, doc.Root().Member(p.Name), p, schema.Comparison{})
						if got, _ := model.AppendCanonical(nil, fixedDoc.Root().Member(p.Name), p, schema.Comparison{}); !bytes.Equal(got, want) {
							t.Errorf("%s at %s is not mended: %s", f.name, v.Node.Pointer(), fixed)
						}
					}
					for _, d := range l.LintDocument(fixedDoc, target) {
						if d.Severity > patchlint.Info {
							t.Errorf("%s at %s: after the fix there is %s", f.name, v.Node.Pointer(), d.Message)
						}
					}
				}
			}
			return true
		}, func(patchlint.Node, patchlint.Diagnostic) bool { return true })(resource, doc.Root())
	})
	t.Logf("%d faults", broken)
}

// FuzzFix checks for any bytes that linting is deterministic and all spans are in the
// source, and that the fixed text is valid if the source was.
func FuzzFix(f *testing.F) {
	for _, rule := range validate.Rules() {
		f.Add([]byte(rule.Bad), example.Of(rule.ID).Dialect == patchlint.JSONC)
	}
	f.Fuzz(func(t *testing.T, src []byte, lenient bool) {
		dialect := patchlint.JSON
		if lenient {
			dialect = patchlint.JSONC
		}
		kept := string(src)
		l := validate.Linter{}
		doc, err := patchlint.Parse(src, dialect)
		findings := l.LintDocument(doc, validate.Target{})
		for _, d := range findings {
			if d.Rule == "" || d.Severity == 0 || d.Message == "" || d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(src) {
				t.Fatalf("%+v", d)
			}
			if strings.ContainsAny(d.Message, "\n\x1b") {
				t.Fatalf("a message with control characters: %q", d.Message)
			}
		}
		if diff := cmp.Diff(findings, l.LintDocument(doc, validate.Target{}), cmp.AllowUnexported(patchlint.Node{}), cmp.Comparer(func(a, b *patchlint.Document) bool { return a == b })); diff != "" {
			t.Fatalf("two runs differ:\n%s", diff)
		}
		for _, unsafe := range []bool{false, true} {
			fixed, _ := l.Fix(src, dialect, validate.Target{}, unsafe)
			if _, fixedErr := patchlint.Parse(fixed, dialect); err == nil && fixedErr != nil {
				t.Fatalf("fixed to %q: %v", fixed, fixedErr)
			}
			if again, made := l.Fix(fixed, dialect, validate.Target{}, unsafe); string(again) != string(fixed) {
				t.Fatalf("fixing again makes %d changes: %q, then %q", made, fixed, again)
			}
		}
		if string(src) != kept {
			t.Fatal("the source was changed")
		}
	})
}
