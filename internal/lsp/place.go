package lsp

import (
	"bytes"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/mend"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// place is a cursor in a payload, with the types of the object around it.
type place struct {
	mend.Text
	model *schema.Model
	known bool // whether the type of the payload is known
	// actual is the type of the object by its @odata.type, and declared the type that it
	// must be derived from, if it is limited. In an array, they are the type of its elements,
	// and arrayOf is its property. All are nil if unknown.
	actual, declared *schema.Type
	arrayOf          *schema.Property
}

// property returns the property of the member or element at the cursor, or nil. It does not
// return the navigation property of a member, because a PATCH should not have one.
func (p place) property() *schema.Property {
	switch {
	case p.Slot == mend.ElementSlot:
		return p.arrayOf
	case p.actual == nil:
		return nil
	}
	return p.actual.Property(p.Member.Name())
}

// placeOf returns the place at an offset of a document. ok is false if lint would not check
// the payload there. For typing, see mend.At.
func (s *server) placeOf(d *document, offset int, typing bool) (p place, ok bool) {
	if d.path == "" {
		return p, false
	}
	t, f := d.text, s.folderOf(d.path)
	path := f.path(d)
	format, walked := input.ForName(path)
	if !walked || f.failure != nil || !f.walked(path) {
		return p, false
	}
	region, payload := patchlint.Span{End: len(t.src)}, &input.Payload{}
	switch {
	case format.Lines:
		line := t.line(offset)
		region = patchlint.Span{Start: int(t.lines[line]), End: t.endOf(line)}
	case format.Requests:
		if payload, ok = f.request(path, t.src, offset); !ok {
			return p, false
		}
		region = patchlint.Span{Start: payload.Body.Start, End: max(payload.Body.End, offset)}
	}
	src := t.src[region.Start:region.End]
	if format.Requests {
		src = withoutVariables(src)
	}
	p.Text = mend.At(src, offset-region.Start, typing)
	p.Token.Start += region.Start
	p.Token.End += region.Start
	payload.Document = p.Document
	source := files.Edited(path, nil)
	ok = p.recognize(f.checker.NewFile(&source), payload)
	return p, ok
}

// recognize sets the types at a place in a payload of a file, and reports whether lint could
// check the payload.
func (p *place) recognize(file *check.File, payload *input.Payload) bool {
	p.model = file.Model(payload)
	root := p.Document.Root()
	var resource *schema.Type
	var err error
	given := false
	requests, assumed := recognize.Requests(file.Reader.Models, p.Document, p.model.Version, payload.Addressed && payload.Endpoint.Batch)
	if requests == nil || assumed {
		if resource, given, err = file.Resource(payload); err != nil {
			return false
		}
	}
	if requests != nil {
		root, resource = patchlint.Node{}, nil
		for _, r := range requests {
			if body, at := r.Body.Span(), p.Container.Span(); body.Start <= at.Start && at.End <= body.End {
				root, resource = r.Body, recognize.Payload(p.model, r.Body)
				if given = r.Known && (given || !assumed); given { // else lint skips the batch
					resource, _ = p.model.Resource(r.Endpoint.Type)
				}
				break
			}
		}
	}
	if p.known = resource != nil && root.Exists(); p.known {
		if !given && resource == p.model.TypeOf(root.Member("@odata.type")) {
			resource = nil // the @odata.type may become another
		}
		p.resolve(p.Container, root, resource)
	}
	return true
}

// request returns the request of a file whose body contains an offset, or has only white
// space between its end and the offset: it may be incomplete.
func (f *folder) request(path string, src []byte, offset int) (*input.Payload, bool) {
	for p := range f.checker.Reader.Payloads(path, src) {
		if !p.ExternalBody && p.Body.Start <= offset && len(bytes.TrimSpace(src[min(p.Body.End, offset):offset])) == 0 {
			return p, true
		}
	}
	return nil, false
}

var variables = lazy.Regexp(`\{\{[^{}\r\n]*\}\}|(?m)^[ \t]*#[^\r\n]*`)

// withoutVariables returns the body of a request with each variable replaced by a number
// and each comment by white space, of the same length.
func withoutVariables(body []byte) []byte {
	return variables.Get().ReplaceAllFunc(body, func(found []byte) []byte {
		if found[0] != '{' {
			return bytes.Repeat([]byte{' '}, len(found))
		}
		return append([]byte("0"), strings.Repeat(" ", len(found)-1)...)
	})
}

// resolve sets the types of a container in a payload of a declared type.
func (p *place) resolve(n, root patchlint.Node, declared *schema.Type) {
	if n != root {
		if !n.Exists() {
			return // not in the payload
		}
		p.resolve(n.Parent(), root, declared)
		declared, p.arrayOf = p.declared, nil
		if n.Key().Len() > 0 {
			property := p.propertyOf(n)
			if declared = nil; property != nil {
				declared = property.Type
			}
			if n.Kind() != patchlint.Object {
				p.arrayOf = property
			}
		}
	}
	p.actual, p.declared = declared, declared
	if named := p.model.TypeOf(n.Member("@odata.type")); named != nil && (declared == nil || named.Is(declared)) {
		p.actual = named
	}
}

// propertyOf returns the property of a member of the object whose types are set, or nil. It
// returns a navigation property as a property of the type that it leads to.
func (p place) propertyOf(member patchlint.Node) *schema.Property {
	if p.actual == nil {
		return nil
	}
	if to := p.actual.NavigationProperty(member.Name()); to != nil {
		if t := p.model.Type(to.Target); t != nil {
			return &schema.Property{Name: to.Name, Type: t, Collection: to.Collection}
		}
	}
	return p.actual.Property(member.Name())
}
