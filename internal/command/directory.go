package command

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/compare"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/identity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/response"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// object is one object of a directory: what it is paired by, and where it is.
type object struct {
	file     string       // as it is shown
	relative string       // path in the directory, "" in a file that can hold several
	id, name string       // the key in lower case
	typed    bool         // its type is known; else it may be of that of the one it is paired with
	of       *schema.Type // nil where it is not known
	kind     string       // the type that the objects beside it in the service are declared to be of
	exact    *schema.Type // that its @odata.type names
	fault    string       // why it cannot be compared, where it is certainly ours

	// In a file that can hold several. Any other is read again when it is
	// compared, so that not all are in memory at once.
	document *patchlint.Document
	node     patchlint.Node
}

// source reads the object.
func (s *session) source(o *object) (report.Source, error) {
	if o.document != nil {
		return report.Source{Name: o.file, Document: o.document}, nil
	}
	return s.only(o.file)
}

// directory is the objects of one, sorted by their path.
type directory struct {
	name    string
	side    diff.Side
	objects []object
	skipped int // files and objects of no known type
	pages   map[string]pages
}

// pages says which pages of a list there are: more of them follow one, or it is the last.
type pages int

const (
	followed pages = 1 << iota
	last
)

// scan finds the objects of a directory.
func (p *plans) scan(name string, side diff.Side) *directory {
	d := &directory{name: files.Display(name), side: side, pages: make(map[string]pages)}
	set := files.Set{Excluded: p.linters.Excludes}
	found, err := set.Collect([]string{name})
	p.tell(&set)
	if err != nil {
		p.complain(err)
	}
	for _, file := range found {
		format, _ := input.ForName(file.Path)
		if format.Name == "http" {
			p.note("skipped %s: diff does not read requests", file.Path)
			d.skipped++
			continue
		}
		o := object{file: file.Path}
		if !format.Several {
			if o.relative, err = filepath.Rel(name, file.Path); err != nil {
				o.relative = file.Path
			}
			o.relative = filepath.ToSlash(o.relative)
		}
		before := len(d.objects)
		for doc, err := range p.documents(file) {
			if err != nil {
				p.complain(err)
				break
			}
			p.add(d, doc, o)
		}
		if len(d.objects) > before {
			p.out.spare(file.Path)
		}
	}
	return d
}

// add adds the objects of a document; o has its place.
func (p *plans) add(d *directory, doc *patchlint.Document, o object) {
	root := doc.Root()
	m := p.modelOf(o.file)
	resource := p.typeOf(report.Source{Name: o.file, Document: doc}, m)
	var text string // why the document cannot be read
	for _, f := range doc.Faults() {
		if f.Severity == patchlint.Error && text == "" {
			text = f.Message
		}
		if f.Rule == "json-limit" && resource == nil {
			p.complain(fmt.Errorf("%s: %s", o.file, f.Message))
			return
		}
	}
	nodes, several := response.Objects(root)
	if several {
		o.relative = ""
		d.page(root)
		for response := range root.Member("responses").Children() {
			d.page(response.Member("body"))
		}
	}
	requests := root.Member("requests").Kind() == patchlint.Array && resource == nil
	if d.side != diff.Current && (several || requests) {
		p.complain(fmt.Errorf("%s: this is a list or $batch; an object of %s has a file or a line of an .ndjson file of its own", o.file, d.side))
		return
	}
	for _, node := range nodes {
		o := o
		o.exact = m.TypeOf(node.Member("@odata.type"))
		of := resource
		if of == nil {
			if of = recognize.Payload(m, node); of == nil && d.side == diff.Current {
				of = compare.Listed(m, node)
			}
		}
		var t *schema.Type
		if o.typed = of != nil; o.typed {
			o.fault, t, o.kind = secret.Mask(doc, text), of.Type, of.Declared().Name
		}
		o.of, o.id, o.name = t, strings.ToLower(identity.Of(t, node)), node.Member("displayName").Text()
		if d.side == diff.Current && text == "" && (o.typed || node.Kind() == patchlint.Object) {
			if unfit := response.Unfit(node, t); unfit != nil {
				o.fault = secret.Mask(doc, unfit.Message)
			}
		}
		if format, _ := input.ForName(o.file); !o.typed && text != "" && format.Several {
			p.complain(fmt.Errorf("%s: a line cannot be read: %s", o.file, secret.Mask(doc, text)))
			return
		}
		if !o.typed && o.fault == "" && (node.Member("@odata.type").Exists() || o.relative == "" && o.id == "") {
			p.skip(d, o) // of another type, or nothing shows what it belongs to
			continue
		}
		if o.relative == "" {
			o.document, o.node = doc, node
		}
		d.objects = append(d.objects, o)
	}
}

// page notes whether a list response is the last page of its list, which its context
// names.
func (d *directory) page(response patchlint.Node) {
	if response.Kind() != patchlint.Object || response.Member("value").Kind() != patchlint.Array {
		return
	}
	_, list, _ := strings.Cut(response.Member("@odata.context").Text(), "#")
	list, _, _ = strings.Cut(list, "?")
	if response.Member("@odata.nextLink").Exists() {
		d.pages[list] |= followed
	} else {
		d.pages[list] |= last
	}
}

// goesOn reports whether the last page of a list is missing.
func (d *directory) goesOn() bool {
	return slices.Contains(slices.Collect(maps.Values(d.pages)), followed)
}

// skip counts what shows no known type.
func (p *plans) skip(d *directory, o object) {
	d.skipped++
	if p.Verbose {
		p.note("skipped %s: it shows no known type", o.file)
	}
}

// compareDirectories compares the objects of directories; that of what was applied last
// may be "".
func (p *plans) compareDirectories(currentDir, desiredDir, baseDir string) error {
	current, desired := p.scan(currentDir, diff.Current), p.scan(desiredDir, diff.Desired)
	pairs := pairUp(current.objects, desired.objects)
	bases := newPairing(nil, desired.objects)
	if baseDir != "" {
		bases = pairBases(p.scan(baseDir, diff.Base).objects, pairs)
	}
	for _, err := range slices.Concat(pairs.errs, bases.errs) {
		p.complain(err)
	}
	for i := range desired.objects {
		switch {
		case pairs.of[i] < 0:
			p.unpaired(desired, i)
			continue
		case baseDir != "" && bases.of[i] < 0:
			p.note("%s: %s has nothing for it, so only current and desired are compared", desired.objects[i].file, files.Display(baseDir))
		}
		if err := p.pair(&desired.objects[i], pairs.with(i), bases.with(i)); err != nil {
			return err
		}
	}
	for k := range current.objects {
		if !pairs.taken[k] {
			p.unpaired(current, k)
		}
	}
	if n := current.skipped + desired.skipped; n > 0 && !p.Verbose {
		p.note("%s skipped: no known type; --verbose names each", report.Count(n, "file or object", "files or objects"))
	}
	if current.goesOn() {
		p.complain(fmt.Errorf("%s holds a list that goes on at its @odata.nextLink; get the rest", current.name))
	}
	switch {
	case len(p.failures) > 0 || p.set.Refused > 0:
	case p.set.Compared == 0:
		p.complain(fmt.Errorf("nothing was compared: %s, %s", current.holds(), desired.holds()))
	case p.compared == 0:
		p.complain(fmt.Errorf("nothing was compared: the objects of %s name no property that is sent", desired.name))
	case baseDir != "" && !slices.ContainsFunc(bases.of, func(b int) bool { return b >= 0 }):
		p.complain(fmt.Errorf("--base %s: no object of it belongs to one that was compared", files.Display(baseDir)))
	}
	return nil
}

// holds says in words what a directory holds.
func (d *directory) holds() string {
	typed := 0
	for _, o := range d.objects {
		if o.typed {
			typed++
		}
	}
	text := fmt.Sprintf("%s has %s of a known type", d.name, report.Count(typed, "object", "objects"))
	if d.skipped > 0 {
		text += fmt.Sprintf(" (%d skipped)", d.skipped)
	}
	return text
}

// pair compares a pair; base may be nil.
func (p *plans) pair(desired, current, base *object) error {
	of := make(sources)
	for side, o := range []*object{diff.Current: current, diff.Desired: desired, diff.Base: base} {
		if o == nil {
			continue
		}
		source, err := p.source(o)
		if err != nil {
			p.complain(err)
			return nil
		}
		of[diff.Side(side)] = source
	}
	o := p.flags.Options
	o.Object = current.node
	return p.report(p.compare(of, o))
}

// unpaired says what became of an object that has no counterpart.
func (p *plans) unpaired(d *directory, i int) {
	o := &d.objects[i]
	switch {
	case o.fault != "":
		p.complain(fmt.Errorf("%s: %s", o.file, o.fault))
		return
	case !o.typed:
		p.skip(d, *o)
		return
	case d.side == diff.Current:
		p.set.OnlyCurrent = append(p.set.OnlyCurrent, o.onOneSide())
	default:
		p.set.OnlyDesired = append(p.set.OnlyDesired, o.onOneSide())
	}
	if p.Quiet && !p.flags.ExitCode {
		return
	}
	text := fmt.Sprintf("only in %s: %s", d.side, o.file)
	for _, label := range []string{o.name, o.id} {
		if source, err := p.source(o); label != "" && err == nil {
			text += " " + inert.Quote(secret.Mask(source.Document, label))
		}
	}
	p.say(text)
}

// onOneSide is what a report lists of the object; its name and id where the file can
// hold others.
func (o *object) onOneSide() report.Unpaired {
	listed := report.Unpaired{File: o.file}
	if o.document != nil {
		listed.Name, listed.ID = secret.Mask(o.document, o.name), secret.Mask(o.document, o.id)
	}
	return listed
}
