package command

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/compare"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// object is an object in a directory.
type object struct {
	file      string       // as displayed
	relative  string       // path in the directory; "" in a file that can hold several objects
	id, name  string       // key in lower case, and displayName
	of        *schema.Type // its type; nil if unknown, and then that of the object it is paired with
	odataType *schema.Type // of its @odata.type
	fault     string       // why an object of known type cannot be compared

	// Set for a file that can hold several objects. Other files are read again to be
	// compared, so that they are not all in memory at once.
	document *patchlint.Document
	node     patchlint.Node
	list     string // of directory.lists, "" if it is not in one
}

// typed reports whether the type of the object is known.
func (o *object) typed() bool { return o.of != nil }

// directory holds the objects of a directory, sorted by path.
type directory struct {
	name    string
	side    diff.Side
	objects []*object
	skipped int             // the number of files and objects of unknown type
	lists   map[string]bool // whether the last page of each list was found
}

// scan finds the objects of a directory.
func (p *plans) scan(name string, side diff.Side) *directory {
	d := &directory{name: files.Display(name), side: side, lists: make(map[string]bool)}
	set := files.Set{Excluded: p.run.Excludes}
	found, err := set.Collect([]string{name})
	p.reportSet(&set)
	if err != nil {
		p.fail(err)
	}
	for _, file := range found {
		format, _ := input.ForName(file.Path)
		if format.Requests {
			p.note("skipped %s: diff does not read requests", file.Path)
			d.skipped++
			continue
		}
		o := object{file: file.Path}
		if !format.Several() {
			o.relative, _ = filepath.Rel(d.name, file.Path) // both start with the same directory
			o.relative = filepath.ToSlash(o.relative)
		}
		before := len(d.objects)
		if err := p.read(file, func(doc *patchlint.Document) { p.add(d, doc, o) }); err != nil {
			p.fail(err)
		}
		if len(d.objects) > before {
			p.out.protect(file.Path)
		}
	}
	return d
}

// add adds the objects of a document. o has the file and path of the document.
func (p *plans) add(d *directory, doc *patchlint.Document, o object) {
	root := doc.Root()
	m := p.modelOf(o.file, doc)
	resource := p.typeOf(report.Source{Name: o.file, Document: doc}, m)
	var broken string // why the document cannot be read, "" if it can
	for _, f := range doc.Faults() {
		if f.Severity == patchlint.Error && broken == "" {
			broken = f.Message
		}
		if f.Rule == "json-limit" && resource == nil {
			p.fail(fmt.Errorf("%s: %s", o.file, f.Message))
			return
		}
	}
	isLine := o.relative == ""
	nodes, several := entity.In(root)
	if several {
		o.relative = ""
		d.addPage(root)
		for response := range root.Member("responses").Children() {
			d.addPage(response.Member("body"))
		}
	}
	requests := root.Member("requests").Kind() == patchlint.Array && resource == nil
	if d.side != diff.Current && (several || requests) {
		p.fail(fmt.Errorf("%s: this is a list or a $batch; put each object of %s in its own file, or on its own line of an .ndjson file", o.file, d.side))
		return
	}
	for _, node := range nodes {
		o := o
		o.odataType = m.TypeOf(node.Member("@odata.type"))
		r := resource
		if r == nil {
			if r = recognize.Payload(m, node); r == nil && d.side == diff.Current {
				r = compare.ContextResource(m, node)
			}
		}
		if r != nil {
			o.fault, o.of = secret.Mask(doc, broken), r
		}
		o.id, o.name = strings.ToLower(entity.ID(o.of, node)), node.Member("displayName").Text()
		if d.side == diff.Current && broken == "" && (o.typed() || node.Kind() == patchlint.Object) {
			if unfit := entity.Unfit(node, o.of); unfit != nil {
				o.fault = secret.Mask(doc, unfit.Message)
			}
		}
		if !o.typed() && broken != "" && isLine {
			p.fail(fmt.Errorf("%s: a line cannot be read: %s", o.file, secret.Mask(doc, broken)))
			return
		}
		if !o.typed() && o.fault == "" && d.side != diff.Base && (node.Member("@odata.type").Exists() || o.relative == "" && o.id == "") {
			p.skip(d, &o) // the type is unknown, and no path or id to pair by
			continue
		}
		if o.relative == "" {
			o.document, o.node, o.list = doc, node, listOf(node.Parent().Parent())
		}
		d.objects = append(d.objects, &o)
	}
}

// addPage records whether a list response has a next page.
func (d *directory) addPage(response patchlint.Node) {
	if list := listOf(response); list != "" {
		d.lists[list] = d.lists[list] || !response.Member("@odata.nextLink").Exists()
	}
}

// listOf returns the part of the context that identifies the list of a response, starting
// with "#", or "" if the response has no list.
func listOf(response patchlint.Node) string {
	if response.Kind() != patchlint.Object || response.Member("value").Kind() != patchlint.Array {
		return ""
	}
	_, list, _ := strings.Cut(response.Member("@odata.context").Text(), "#")
	list, _, _ = strings.Cut(list, "?")
	return "#" + list
}

// uncertain reports whether an object of the directory may not be the only one of its list
// with its displayName, because the last page of the list is missing.
func (d *directory) uncertain(o *object) bool {
	last, listed := d.lists[o.list]
	return listed && !last
}

// skip counts an object of unknown type.
func (p *plans) skip(d *directory, o *object) {
	d.skipped++
	if p.Verbose {
		p.note("skipped %s: its type is unknown", o.file)
	}
}

// describe returns how many objects of the directory can be compared, in words.
func (d *directory) describe() string {
	typed := 0
	for _, o := range d.objects {
		if o.typed() {
			typed++
		}
	}
	text := fmt.Sprintf("%s has %s of a known type", d.name, report.Count(typed, "object", "objects"))
	if d.skipped > 0 {
		text += fmt.Sprintf(" (%d skipped)", d.skipped)
	}
	return text
}
