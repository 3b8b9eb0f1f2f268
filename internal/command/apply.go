package command

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/compare"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
)

// Apply is the apply command with its flags.
type Apply struct {
	Common
	ID string // of the object to apply the body to
}

// Run prints the object that the service would hold after a PATCH with the body. The
// error may be an Exit.
func (f *Apply) Run(currentPath, bodyPath string, streams Streams) error {
	s, err := newSession(&f.Common, streams)
	if err != nil {
		return err
	}
	if err := checkStdinOnce(currentPath, bodyPath); err != nil {
		return err
	}
	current, err := s.load(currentPath)
	body, bodyErr := s.load(bodyPath)
	if err := errors.Join(err, bodyErr); err != nil {
		return err
	}
	nothing := len(bytes.TrimSpace(body.Document.Source())) == 0 // as diff prints if there is nothing to send
	if nothing {
		s.note("%s is empty, so nothing is applied", body.Name)
		body.Document, _ = patchlint.Parse([]byte("{}"), patchlint.JSON)
	}
	c, resource := s.comparison(sources{diff.Current: current, diff.Desired: body}, new(object))
	var out []byte
	if resource != nil {
		var partial []diff.Finding
		out, partial, err = diff.Apply(resource, f.ID, current.Document, body.Document)
		if err != nil {
			c.Errors = err.(diff.Refusal) // Apply returns no other error
		}
		if !nothing {
			linter := s.run.Of(body.Name).Linter
			own := slices.DeleteFunc(append(bindingWarnings(body.Document), partial...), func(w diff.Finding) bool { return compare.Off(linter, w) })
			c.Warnings = append(compare.LintWarnings(c, resource, linter), own...)
		}
	}
	s.printAll(c)
	s.noteTypes()
	if len(c.Errors) > 0 {
		return Failed
	}
	_, err = streams.Out.Write(report.Inert(out))
	return err
}

// bindingWarnings returns warnings about bindings and changes of related objects in a
// body, which are not applied.
func bindingWarnings(body *patchlint.Document) (warnings []diff.Finding) {
	for n := range body.Root().All() {
		if !strings.HasSuffix(n.Name(), "@delta") && !strings.HasSuffix(n.Name(), "@odata.bind") {
			continue
		}
		warnings = append(warnings, diff.Finding{Side: diff.Desired, Diagnostic: patchlint.Diagnostic{
			Rule: "navigation-property", Severity: patchlint.Warning, Pointer: n.Pointer(), Span: n.Key(),
			Message: inert.Quote(n.Name()) + " is not applied, because it refers to objects that are not in CURRENT",
		}})
	}
	return warnings
}
