package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/schema"
)

// checkAccept holds the accept plan against the walk: what it accepts has no
// violation, and it visits what the walk does, in the same order.
func checkAccept(t testing.TB, r *schema.Resource, doc *patchlint.Document) (accepted bool) {
	t.Helper()
	var fast, clear []schema.Visit
	accepted = r.Accepts(doc.Root(), nil, func(_ uint64, v schema.Visit) { fast = append(fast, v) })
	if r.Accepts(doc.Root(), nil, nil) != accepted {
		t.Errorf("accepted with a visitor: %t; and not without\n%s", accepted, doc.Source())
	}
	if !accepted {
		return false
	}
	r.Walk(doc.Root(), func(v schema.Visit) { clear = append(clear, v) }, func(v schema.Violation) {
		t.Errorf("accepted, and %s is refused: %s\n%s", v.Node.Pointer(), v.Message, doc.Source())
	})
	render := func(visits []schema.Visit) []string {
		var lines []string
		for _, v := range visits {
			line := fmt.Sprintf("%s %v %v", v.Node.Pointer(), v.Node.Span(), v.Refused)
			if v.Owner != nil {
				line += " in " + v.Owner.Name
			}
			if v.Property != nil {
				line += " is " + v.Property.Name
			}
			if v.Type != nil {
				line += " of " + v.Type.Name
			}
			lines = append(lines, line)
		}
		return lines
	}
	if diff := cmp.Diff(render(clear), render(fast)); diff != "" {
		t.Errorf("stops of the walk and the plan (-walk +plan):\n%s\n%s", diff, doc.Source())
	}
	return true
}

// checkUncertain holds that the JSON Schema says of what the plan does not certify
// what it says of the whole.
func checkUncertain(t testing.TB, r *schema.Resource, doc *patchlint.Document) {
	t.Helper()
	if diff := cmp.Diff(r.Conform(doc.Root()), r.ConformUncertain(doc.Root(), nil)); diff != "" {
		t.Errorf("the JSON Schema about the whole and about what is uncertain (-whole +uncertain):\n%s\n%s", diff, doc.Source())
	}
}

// TestAccept holds over the corpus and its mutations that the plan accepts
// nothing that the walk or the JSON Schema refuses, and that it does accept the
// clean payloads.
func TestAccept(t *testing.T) {
	payloads, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		t.Fatal(err)
	}
	accepted, refused := 0, 0
	judge := func(r *schema.Resource, src []byte) bool {
		doc, _ := patchlint.Parse(src, patchlint.JSON)
		if (accepted+refused)%10 == 0 {
			checkUncertain(t, r, doc)
		}
		if !checkAccept(t, r, doc) {
			refused++
			return false
		}
		accepted++
		if accepted%10 == 0 && len(r.Conform(doc.Root())) > 0 {
			t.Errorf("accepted, and the JSON Schema refuses it:\n%s", src)
		}
		return true
	}
	for _, p := range payloads {
		r := open(t, schema.Version(p.Version)).Detect(func() patchlint.Node {
			doc, _ := patchlint.Parse(p.Source, patchlint.JSON)
			return doc.Root()
		}())
		if r == nil {
			continue
		}
		// Escapes, and the annotation of a property's type, are looked at closer.
		plain := !strings.Contains(string(p.Source), `\`) && p.Source[0] < 0x80 && !strings.Contains(strings.ReplaceAll(string(p.Source), `"@odata.type"`, ""), "@odata.type")
		if !judge(r, p.Source) && plain && strings.HasPrefix(p.Name, "ok/") {
			t.Errorf("%s is clean and not accepted", p.Name)
		}
		for m := range corpus.Mutations(p.Source) {
			judge(r, m.Source)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d accepted, %d to be looked at", accepted, refused)
}

// FuzzAccept holds the same of any bytes.
func FuzzAccept(f *testing.F) {
	payloads, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range payloads {
		f.Add(p.Source)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, err := patchlint.Parse(src, patchlint.JSON)
		if err != nil {
			return
		}
		for _, v := range schema.Versions() {
			r, err := open(t, v).Resource("complianceManagementPartner")
			if err != nil {
				t.Fatal(err)
			}
			checkUncertain(t, r, doc)
			if checkAccept(t, r, doc) && len(r.Conform(doc.Root())) > 0 {
				t.Errorf("accepted, and the JSON Schema refuses it:\n%s", src)
			}
		}
	})
}
