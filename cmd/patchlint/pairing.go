package main

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// object is one object of a directory: what it is paired by, and where it is.
type object struct {
	file     string
	relative string // path in the directory, "" in a file that can hold several
	id, name string // the id in lower case
	typed    bool   // its type is known; else it may be of that of the one it is paired with
	fault    string // why it cannot be compared, where it is certainly ours

	// In a file that can hold several. Any other is read again when it is
	// compared, so that not all are in memory at once.
	document *patchlint.Document
	node     patchlint.Node
}

// source reads the object.
func (s *session) source(o *object) (report.Source, error) {
	if o.document != nil {
		return report.Source{Name: files.Display(o.file), Document: o.document}, nil
	}
	return s.only(files.Display(o.file), o.file)
}

// directory is the objects of one, sorted by their path.
type directory struct {
	name     string
	objects  []object
	skipped  int  // files and objects of no known type
	nextPage bool // a list of it goes on
	lastPage bool // a list of it does not
}

// scan finds the objects of a directory.
func (s *session) scan(name string, side diff.Side) *directory {
	d := &directory{name: files.Display(name)}
	set := files.Set{Excluded: s.settings.Excludes}
	sources, err := set.Collect([]string{name})
	for _, text := range set.Notes {
		s.note("%s", text)
	}
	if err != nil {
		s.complain(err)
	}
	for _, file := range sources {
		format, _ := input.ForName(file.Path)
		if format.Name == "http" {
			s.note("skipped %s: diff does not read requests", file.Path)
			d.skipped++
			continue
		}
		relative, err := filepath.Rel(name, file.Path)
		if err != nil {
			relative = file.Path
		}
		if format.Several {
			relative = ""
		}
		for doc, err := range s.documents(file) {
			if err != nil {
				s.complain(err)
				break
			}
			s.add(d, doc, object{file: file.Path, relative: filepath.ToSlash(relative)}, side)
		}
	}
	return d
}

// add adds the objects of a document; o has its place.
func (s *session) add(d *directory, doc *patchlint.Document, o object, side diff.Side) {
	root := doc.Root()
	m := s.modelOf(files.Display(o.file))
	resource := s.typeOf(report.Source{Name: files.Display(o.file), Document: doc}, m)
	var text string // why the document cannot be read
	for _, f := range doc.Faults() {
		if f.Severity == patchlint.Error && text == "" {
			text = f.Message
		}
		if f.Rule == "json-limit" && resource == nil {
			s.complain(fmt.Errorf("%s: %s", files.Display(o.file), f.Message))
			return
		}
	}
	nodes, several := diff.Objects(root)
	if several {
		o.relative = ""
		if side == diff.Current {
			d.page(root)
			for response := range root.Member("responses").Children() {
				d.page(response.Member("body"))
			}
		}
	}
	requests := root.Member("requests").Kind() == patchlint.Array && resource == nil
	if side != diff.Current && (several || requests) {
		s.complain(fmt.Errorf("%s: this is a list or $batch; an object of %s has a file or a line of an .ndjson file of its own", files.Display(o.file), side))
		return
	}
	for _, node := range nodes {
		o := o
		o.id, o.name = strings.ToLower(node.Member("id").Text()), node.Member("displayName").Text()
		of := resource
		if of == nil {
			of = m.Detect(node)
		}
		var t *schema.Type
		if o.typed = of != nil; o.typed {
			o.fault, t = secret.Mask(doc, text), of.Type
		}
		if side == diff.Current && text == "" && (o.typed || node.Kind() == patchlint.Object) {
			if unfit := diff.Unfit(node, t); unfit != nil {
				o.fault = secret.Mask(doc, unfit.Message)
			}
		}
		if !o.typed && o.fault == "" && (node.Member("@odata.type").Exists() || o.relative == "" && o.id == "") {
			s.skip(d, o) // of another type, or nothing shows what it belongs to
			continue
		}
		if o.relative == "" {
			o.document, o.node = doc, node
		}
		if n := len(s.read); n == 0 || s.read[n-1] != o.file {
			s.read = append(s.read, o.file)
		}
		d.objects = append(d.objects, o)
	}
}

// page notes whether a list response is the last page of its list.
func (d *directory) page(response patchlint.Node) {
	if response.Kind() == patchlint.Object && response.Member("value").Kind() == patchlint.Array {
		next := response.Member("@odata.nextLink").Exists()
		d.nextPage, d.lastPage = d.nextPage || next, d.lastPage || !next
	}
}

// skip counts what shows no known type.
func (s *session) skip(d *directory, o object) {
	d.skipped++
	if s.verbose {
		s.note("skipped %s: it shows no known type", files.Display(o.file))
	}
}

func (p *plans) compareDirectories(currentDir, desiredDir, baseDir string, o diff.Options, gate bool) error {
	current, desired := p.scan(currentDir, diff.Current), p.scan(desiredDir, diff.Desired)
	pairs := pairUp(current.objects, desired.objects)
	var bases *pairing
	if baseDir != "" {
		bases = pairBases(p.scan(baseDir, diff.Base).objects, pairs)
		pairs.errs = append(pairs.errs, bases.errs...)
	}
	for _, err := range pairs.errs {
		p.complain(err)
	}
	for i := range desired.objects {
		k := pairs.of[i]
		if k < 0 {
			p.unpaired(desired, i, diff.Desired, gate)
			continue
		}
		b := -1
		if bases != nil {
			if b = bases.of[i]; b < 0 {
				p.note("%s: %s has nothing for it, so only current and desired are compared", files.Display(desired.objects[i].file), files.Display(baseDir))
			}
		}
		var base *object
		if b >= 0 {
			base = &bases.current[b]
		}
		if err := p.pair(&current.objects[k], &desired.objects[i], base, o); err != nil {
			return err
		}
	}
	for k := range current.objects {
		if !pairs.taken[k] {
			p.unpaired(current, k, diff.Current, gate)
		}
	}
	if n := current.skipped + desired.skipped; n > 0 && !p.verbose {
		p.note("%s skipped: no known type; --verbose names each", report.Count(n, "file or object", "files or objects"))
	}
	if current.nextPage && !current.lastPage {
		p.complain(fmt.Errorf("%s holds a list that goes on at its @odata.nextLink; get the rest", current.name))
	}
	switch {
	case len(p.failures) > 0 || p.set.Refused > 0:
	case p.set.Compared == 0:
		p.complain(fmt.Errorf("nothing was compared: %s, %s", current.holds(), desired.holds()))
	case p.compared == 0:
		p.complain(fmt.Errorf("nothing was compared: the objects of %s name no property that is sent", desired.name))
	case bases != nil && !slices.ContainsFunc(bases.of, func(b int) bool { return b >= 0 }):
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

// pair compares a pair.
func (p *plans) pair(current, desired, base *object, o diff.Options) error {
	sources := make(map[diff.Side]report.Source)
	for side, of := range []*object{diff.Current: current, diff.Desired: desired, diff.Base: base} {
		if of == nil {
			continue
		}
		source, err := p.source(of)
		if err != nil {
			p.complain(err)
			return nil
		}
		sources[diff.Side(side)] = source
	}
	o.Object = current.node
	return p.report(p.compare(sources, o))
}

// unpaired says what became of an object that has no counterpart.
func (p *plans) unpaired(d *directory, i int, side diff.Side, gate bool) {
	o := &d.objects[i]
	switch {
	case o.fault != "":
		p.complain(fmt.Errorf("%s: %s", files.Display(o.file), o.fault))
		return
	case !o.typed:
		p.skip(d, *o)
		return
	}
	list := &p.set.OnlyDesired
	if side == diff.Current {
		list = &p.set.OnlyCurrent
	}
	*list = append(*list, files.Display(o.file))
	if p.quiet && !gate {
		return
	}
	text := fmt.Sprintf("only in %s: %s", side, files.Display(o.file))
	for _, label := range []string{o.name, o.id} {
		if source, err := p.source(o); label != "" && err == nil {
			text += " " + inert.Quote(secret.Mask(source.Document, label))
		}
	}
	p.say(text)
}

// pairing pairs the objects of two directories.
type pairing struct {
	current, desired []object
	of               []int  // the current object of each desired one, or -1
	taken            []bool // of current
	settled          []bool // of desired: no pair is looked for any more
	errs             []error
}

func newPairing(current, desired []object) *pairing {
	return &pairing{
		current: current, desired: desired,
		of: slices.Repeat([]int{-1}, len(desired)), taken: make([]bool, len(current)), settled: make([]bool, len(desired)),
	}
}

// pairKey is what objects are paired by.
type pairKey struct {
	what string
	of   func(o *object) string
}

var (
	byID   = pairKey{"id", func(o *object) string { return o.id }}
	byName = pairKey{"displayName", func(o *object) string { return o.name }}
	byPath = pairKey{"path", func(o *object) string {
		if o.relative == "" {
			return ""
		}
		return path.Clean(o.relative)
	}}
)

// pairUp pairs every desired object with a current one: by id, else by
// displayName, else by path. Where several fit none is taken, and an error lists
// them. One of unknown type is paired with one of a known type, by its id or its
// path alone: there it is likely to be of that type. Those that agree in name or
// path and differ in id are paired in the end, to be refused.
func pairUp(current, desired []object) *pairing {
	p := newPairing(current, desired)
	typed := func(c, d *object) bool { return c.typed && d.typed }
	mixed := func(c, d *object) bool { return c.typed != d.typed }
	p.match(byID, typed, p.agreeing)
	p.match(byID, mixed, p.agreeingOnly)
	p.match(byName, typed, p.agreeing)
	p.match(byPath, typed, p.agreeing)
	p.match(byPath, mixed, p.agreeingOnly)
	p.match(byName, typed, p.differing)
	p.match(byPath, typed, p.differing)
	p.match(byPath, mixed, p.differing)
	return p
}

// pairBases pairs what was applied last with the desired objects that are
// compared. It may show as little of its type as they do.
func pairBases(base []object, pairs *pairing) *pairing {
	p := newPairing(base, pairs.desired)
	for i, k := range pairs.of {
		p.settled[i] = k < 0
	}
	for _, key := range []pairKey{byID, byName, byPath} {
		p.match(key, nil, p.agreeing)
	}
	return p
}

// match groups by a key the objects that are left, and has each group resolved.
// Where fit is given, only objects that fit are in one group.
func (p *pairing) match(key pairKey, fit func(c, d *object) bool, resolve func(key pairKey, current, desired []int)) {
	type group struct{ current, desired [2][]int } // by whether they are typed
	groups := make(map[string]*group)
	kind := func(o *object) int {
		if o.typed || fit == nil {
			return 1
		}
		return 0
	}
	for i := range p.desired {
		d := &p.desired[i]
		if k := key.of(d); k != "" && !p.settled[i] {
			if groups[k] == nil {
				groups[k] = new(group)
			}
			groups[k].desired[kind(d)] = append(groups[k].desired[kind(d)], i)
		}
	}
	for i := range p.current {
		c := &p.current[i]
		if g := groups[key.of(c)]; g != nil && !p.taken[i] {
			g.current[kind(c)] = append(g.current[kind(c)], i)
		}
	}
	for i := range p.desired { // in their order
		g := groups[key.of(&p.desired[i])]
		if g == nil {
			continue
		}
		delete(groups, key.of(&p.desired[i]))
		for _, c := range g.current {
			for _, d := range g.desired {
				if len(c) > 0 && len(d) > 0 && (fit == nil || fit(&p.current[c[0]], &p.desired[d[0]])) {
					resolve(key, c, d)
				}
			}
		}
	}
}

func (p *pairing) take(current, desired int) {
	p.of[desired], p.taken[current], p.settled[desired] = current, true, true
}

// fail settles a desired object with an error.
func (p *pairing) fail(desired int, format string, args ...any) {
	p.settled[desired] = true
	p.errs = append(p.errs, fmt.Errorf("%s: "+format, append([]any{files.Display(p.desired[desired].file)}, args...)...))
}

// agreeing pairs the objects of a group whose ids do not differ: an object that
// has an id goes with one that has none.
func (p *pairing) agreeing(key pairKey, current, desired []int) {
	p.agree(key, current, desired, p.fail)
}

// agreeingOnly is agreeing without an error where several fit.
func (p *pairing) agreeingOnly(key pairKey, current, desired []int) {
	p.agree(key, current, desired, func(int, string, ...any) {})
}

func (p *pairing) agree(key pairKey, current, desired []int, fail func(desired int, format string, args ...any)) {
	withoutID := func(list []object, of []int) (without []int) {
		for _, i := range of {
			if list[i].id == "" {
				without = append(without, i)
			}
		}
		return without
	}
	free, asking := current, desired
	if key.what != byID.what {
		free, asking = withoutID(p.current, current), withoutID(p.desired, desired)
	}
	for _, i := range desired {
		fits := current
		if p.desired[i].id != "" {
			fits = free
		}
		switch {
		case len(fits) == 0 || len(fits) == 1 && p.taken[fits[0]]:
		case len(fits) > 1:
			remedy := "give it an id"
			if key.what == byID.what {
				remedy = "keep one"
			}
			fail(i, "several current objects have its %s: %s; %s", key.what, filesOf(p.current, fits, -1), remedy)
		default:
			rivals := asking
			if p.current[fits[0]].id == "" || key.what == byID.what {
				rivals = desired
			}
			switch {
			case len(rivals) == 1:
				p.take(fits[0], i)
			case key.what == byID.what:
				fail(i, "%s has the same id; keep one", filesOf(p.desired, rivals, i))
			default:
				fail(i, "%s has the same %s; give them their ids", filesOf(p.desired, rivals, i), key.what)
			}
		}
	}
}

// differing pairs the two objects that are left of a group and differ in id, so
// that the comparison refuses them. For more than two the error is made here.
func (p *pairing) differing(key pairKey, current, desired []int) {
	if len(current) == 1 && len(desired) == 1 {
		p.take(current[0], desired[0])
		return
	}
	for _, i := range desired {
		p.fail(i, `%s has the same %s and another id; for the object of another tenant leave "id" out of desired [id-mismatch]`, filesOf(p.current, current, -1), key.what)
	}
	for _, k := range current {
		p.taken[k] = true // it has been named
	}
}

// filesOf lists the files of some objects without that of one.
func filesOf(list []object, of []int, except int) string {
	const most = 5
	var found []string
	for _, i := range of[:min(len(of), most+1)] {
		if i != except && len(found) < most {
			found = append(found, files.Display(list[i].file))
		}
	}
	others := len(of)
	if except >= 0 {
		others--
	}
	if more := others - len(found); more > 0 {
		found = append(found, fmt.Sprintf("%d more", more))
	}
	return strings.Join(found, ", ")
}
