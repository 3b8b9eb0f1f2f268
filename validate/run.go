package validate

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// Run finds contradictions between the payloads of a directory: two partners that claim
// the same platform, and two payloads of one partner that contradict each other. Add
// must be called for every payload, in a fixed order and from one goroutine.
type Run struct {
	known     map[topic]statement
	directory string // of the last payload
	payloads  int    // number of added payloads
	canonical []byte // the last text that was hashed
}

// topic is what a statement is about in a directory: a platform, or for the partner with a
// displayName a property, or its id if of is "".
type topic struct{ directory, partner, of string }

// statement is what the first payload says about a topic: who claims the platform, the
// id of the partner, or the value of the property.
type statement struct {
	payload int
	who     identity
	value   uint64 // the hash of its canonical text
	patchlint.Related
}

// identity identifies a partner. Either field may be "".
type identity struct{ id, name string }

// differs reports whether a and b certainly identify different partners.
func (a identity) differs(b identity) bool {
	if a.id != "" && b.id != "" {
		return a.id != b.id
	}
	return a.name != "" && b.name != "" && a.name != b.name
}

// maxKept is the maximum number of statements that a Run keeps; no tenant needs as many. At
// the limit, another directory replaces all, because files are walked directory by directory.
const maxKept = 10_000

var hashSeed = maphash.MakeSeed()

// crossFile lists the ids of the rules that Add reports.
var crossFile = []string{platformClaimedTwice.ID, "id-mismatch", "onboarding-mismatch", "conflicting-assignment"}

// Add adds a payload, or the payloads of a batch, and returns the contradictions with
// those added before, in source order. file is the path of the payload. l determines the
// rules that apply and their severities. Add does not retain doc.
func (r *Run) Add(l *Linter, file string, doc *patchlint.Document, t Target) []patchlint.Diagnostic {
	if !r.Concerns(l, doc) {
		return nil
	}
	model, err := l.Models.Open(recognize.Version(t.Version, doc))
	if err != nil {
		return nil // Lint reports it
	}
	partner := model.Type("complianceManagementPartner")
	if partner == nil {
		return nil // metadata does not declare it
	}
	a := adding{Run: r, Pass: passes.Get().(*Pass), partner: partner, file: file}
	a.Document, a.model, a.linter, a.ignores = doc, model, l, ignoresOf(doc)
	a.bounds = bounds.New(l.limit(), len(doc.Source()))
	if requests, _ := recognize.Requests(l.Models, doc, model.Version, t.Batch); requests != nil {
		for _, request := range requests {
			if of := request.Endpoint.Type; request.Updates() && (of == "" || of == partner.Name) {
				a.addObject(request.Body, request.Endpoint.Key)
			}
		}
	} else {
		a.addObject(doc.Root(), t.Key)
	}
	return a.done()
}

// Concerns reports whether adding a payload can have an effect. Unlike Add, it is safe
// for concurrent use, including concurrently with Add.
func (r *Run) Concerns(l *Linter, doc *patchlint.Document) bool {
	if !doc.Whole() || !slices.ContainsFunc(crossFile, l.Applies) {
		return false
	}
	if doc.Root().Member("requests").Exists() {
		return true
	}
	for member := range doc.Root().Children() {
		if _, _, ok := platformOf(member); ok {
			return true
		}
	}
	return false
}

// adding is the state of a call of Add.
type adding struct {
	*Run
	*Pass
	partner *schema.Type
	file    string
}

// addObject adds one payload. key is its id in the URL, or "".
func (a *adding) addObject(object patchlint.Node, key string) {
	if object.Kind() != patchlint.Object || savedState(a.file, object) {
		return
	}
	who := identity{strings.ToLower(cmp.Or(key, object.Member("id").Text())), object.Member("displayName").Text()}
	a.payloads++
	directory := path.Dir(strings.ReplaceAll(a.file, `\`, "/"))
	if a.known == nil || directory != a.directory && len(a.known) >= maxKept {
		a.known = make(map[topic]statement)
	}
	a.directory = directory
	if claimed := a.claims(object, who); !claimed && who.name != "" {
		a.contradictions(object, who)
	}
}

// earlier returns the statement of an earlier payload about a topic. Without one, it
// records now, the statement of member.
func (a *adding) earlier(of topic, now statement, member patchlint.Node, message string) (before statement, ok bool) {
	before, ok = a.known[of]
	if !ok && len(a.known) < maxKept {
		now.payload, now.Related = a.payloads, a.related(member, message)
		a.known[of] = now
	}
	return before, ok && before.payload != a.payloads // a duplicate name makes two statements in one payload
}

// claims adds the platforms that a payload claims, and reports those that another
// partner claims. It returns true if it reported any.
func (a *adding) claims(object patchlint.Node, who identity) (claimed bool) {
	twice := make(map[string]bool) // reported platforms, because two members may claim one
	for member := range object.Children() {
		platform, flag, ok := platformOf(member)
		if !ok || a.partner.PropertyOf(member) == nil || !claims(member, platform, flag, object) || twice[string(platform)] {
			continue
		}
		before, again := a.earlier(topic{a.directory, "", string(platform)}, statement{who: who}, member, "the other partner")
		if again && before.who.differs(who) {
			twice[string(platform)] = true
			a.contradict(platformClaimedTwice.ID, member, member.Key(), before.Related,
				"another partner in this directory claims %s, but a tenant can have only one for each platform; keep one, or put each tenant in its own directory", inert.Quote(string(platform)))
		}
	}
	return len(twice) > 0
}

// contradictions adds what a payload says about the platforms of its partner, and
// reports the first contradiction with another payload with the same displayName.
func (a *adding) contradictions(object patchlint.Node, who identity) {
	name, about := object.Member("displayName"), topic{a.directory, who.name, ""}
	before, again := a.earlier(about, statement{who: who}, name, "the other payload")
	switch {
	case !again || who.id == "" || before.who.id == who.id:
	case before.who.id == "":
		before.who = who
		a.known[about] = before
	default:
		at := object.Member("id")
		if !at.Exists() {
			at = name // the URL has the id
		}
		a.contradict("id-mismatch", at, at.Span(), before.Related,
			"another payload in this directory has a different id for %s; change the name or the id of one", inert.Quote(who.name))
		return
	}
	for member := range object.Children() {
		property := a.partner.PropertyOf(member)
		_, flag, ok := platformOf(member)
		if !ok || property == nil || flag != (member.Kind() == patchlint.Bool) || !flag && member.Kind() != patchlint.Array {
			continue
		}
		value := a.hash(member, property)
		before, again := a.earlier(topic{a.directory, who.name, property.Name}, statement{value: value}, member, "the other payload")
		switch {
		case !again || before.value == value:
			continue
		case flag:
			a.contradict("onboarding-mismatch", member, member.Key(), before.Related, "%s is %s for %s, and %t in another payload in this directory; keep one of the two",
				inert.Quote(property.Name), member.Raw(), inert.Quote(who.name), !isTrue(member))
		default:
			a.contradict("conflicting-assignment", member, member.Key(), before.Related, "another payload in this directory has different %s for %s; keep one of the two",
				inert.Quote(property.Name), inert.Quote(who.name))
		}
		return
	}
}

// hash returns a hash that is the same for values that the service treats as equal. For a
// collection it is the sum over the elements, because their order does not matter and the
// text of the whole would take several times the memory of the payload.
func (a *adding) hash(n patchlint.Node, p *schema.Property) (sum uint64) {
	if n.Kind() == patchlint.Array {
		for element := range n.Children() {
			sum += a.hash(element, p)
		}
		return sum
	}
	a.canonical, _ = a.model.AppendCanonical(a.canonical[:0], n, p, schema.Comparison{})
	return maphash.Bytes(hashSeed, a.canonical)
}

// related returns the name of a member as Related, for findings about other documents.
func (a *adding) related(member patchlint.Node, message string) patchlint.Related {
	// Retain only the start of the line of the name, not the whole document.
	name := member.Key()
	line, column := a.Document.Position(name.Start)
	start := name.Start - (column - 1)
	excerpt := patchlint.Unparsed(bytes.Clone(a.Document.Source()[start:name.End]))
	memo := lazy.MemoOf(excerpt)
	memo.Offset, memo.Lines = lazy.MemoOf(a.Document).Offset+int64(start), line-1
	return patchlint.Related{File: a.file, Document: excerpt, Pointer: member.Pointer(), Span: patchlint.Span{Start: name.Start - start, End: name.End - start}, Message: message}
}

// contradict reports a member that contradicts another payload. Except for
// platform-claimed-twice it is a warning, because the two files may be for different tenants.
func (a *adding) contradict(id string, n patchlint.Node, at patchlint.Span, other patchlint.Related, format string, args ...any) {
	d := patchlint.Diagnostic{Span: at, Related: []patchlint.Related{other}}
	if id != platformClaimedTwice.ID {
		d.Severity = patchlint.Warning
	}
	if a.as(id) {
		a.report(n, d, format, args...)
	}
}

// savedState reports whether an object is not a payload but a saved state to compare
// payloads with: a response, or the payload that was applied last. It has control
// information of responses, an id and a heartbeat, or a telling file name.
func savedState(file string, object patchlint.Node) bool {
	has := func(name string) bool { return object.Member(name).Exists() }
	if odata.OfResponse(object).Exists() || has("id") && has("lastHeartbeatDateTime") {
		return true
	}
	name := strings.ToLower(path.Base(strings.ReplaceAll(file, `\`, "/")))
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r < 'a' || 'z' < r }) {
		switch word {
		case "current", "base", "applied", "response", "backup", "before":
			return true
		}
	}
	return false
}
