package validate

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/maphash"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/batch"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// Run finds what only several payloads of one directory together show: that two
// partners claim one platform, and that two payloads of one partner contradict
// each other. Give it every payload of a run in a fixed order, from one goroutine.
type Run struct {
	directories map[string]map[about]saying
	kept        int // directories and sayings
	payloads    int // that were added
}

// about is what a payload says something of: a platform, or of the partner with a
// displayName its id, where of is "", or a property.
type about struct{ partner, of string }

// saying is what the first payload says of something: who claims the platform, the id,
// or the value of the property.
type saying struct {
	payload int
	who     partner
	value   uint64 // the hash of its canonical text
	patchlint.Related
}

// partner tells one partner from another.
type partner struct{ id, name string }

// differs reports whether two are certainly not the same.
func (a partner) differs(b partner) bool {
	if a.id != "" && b.id != "" {
		return a.id != b.id
	}
	return a.name != "" && b.name != "" && a.name != b.name
}

// maxKept bounds the memory of a run, by a number that is more than a tenant has. Once
// it is reached, a new directory takes the place of all others: a walk has come to its
// end with most of them.
const maxKept = 10_000

var hashSeed = maphash.MakeSeed()

// crossFile are the ids of the rules that Add reports under.
var crossFile = []string{platformClaimedTwice.ID, "id-mismatch", "onboarding-mismatch", "conflicting-assignment"}

// Add returns the findings about a payload, or those of a batch, that the ones
// added before it give. file names where the payload is; the Linter says which
// rules apply and how severe their findings are. It keeps nothing of the document.
func (r *Run) Add(l *Linter, file string, doc *patchlint.Document, t Target) []patchlint.Diagnostic {
	if !r.Concerns(l, doc) {
		return nil
	}
	model, err := l.Models.Open(t.version(doc))
	if err != nil {
		return nil // Lint says so
	}
	a := adding{Run: r, Linter: l, model: model, file: file, doc: doc}
	if requests, ok := batch.Requests(l.Models, doc, t.Version, t.Batch); ok {
		for _, request := range requests {
			if of := request.Endpoint.Type; request.Updates() && (of == "" || of == model.Namespace+".complianceManagementPartner") {
				a.payload(request.Body, request.Endpoint.Key)
			}
		}
	} else {
		a.payload(doc.Root(), t.Key)
	}
	if len(a.findings) > 0 {
		comments := ignoresOf(doc)
		a.findings = slices.DeleteFunc(a.findings, func(d patchlint.Diagnostic) bool { return comments.suppress(&d, 0) })
		a.findings = secret.Conceal(doc, a.findings)
	}
	return a.findings
}

// Concerns reports whether it matters that a payload is added. Unlike Add it may
// be called from any goroutine, also while Add is at work.
func (r *Run) Concerns(l *Linter, doc *patchlint.Document) bool {
	if !doc.Whole() || !slices.ContainsFunc(crossFile, func(id string) bool { return ruleOf(l.Rules, id) != nil }) {
		return false
	}
	if requests := doc.Root().Member("requests"); requests.Exists() {
		return true
	}
	for member := range doc.Root().Children() {
		if _, _, ok := platformOf(member); ok {
			return true
		}
	}
	return false
}

// adding is one document on its way into a run.
type adding struct {
	*Run
	*Linter
	model    *schema.Model
	file     string
	known    map[about]saying // of the directory of the file
	doc      *patchlint.Document
	findings []patchlint.Diagnostic
	text     []byte // of the element that was hashed last
}

// payload adds one payload; key is its id in the URL, where that is known.
func (a *adding) payload(object patchlint.Node, key string) {
	if object.Kind() != patchlint.Object || savedState(a.file, object) {
		return
	}
	who := partner{strings.ToLower(cmp.Or(key, object.Member("id").Text())), object.Member("displayName").Text()}
	a.payloads++
	a.directory()
	if claimed := a.claims(object, who); !claimed && who.name != "" {
		a.contradictions(object, who)
	}
}

// directory finds what is known of the directory that the file is in.
func (a *adding) directory() {
	name := path.Dir(strings.ReplaceAll(a.file, `\`, "/"))
	if a.known = a.directories[name]; a.known == nil {
		if a.directories == nil || a.kept >= maxKept {
			a.directories, a.kept = make(map[string]map[about]saying), 0
		}
		a.known = make(map[about]saying)
		a.directories[name] = a.known
		a.kept++
	}
}

// earlier returns what an earlier payload has said of something. If none has, what a
// member says now is kept.
func (a *adding) earlier(of about, now saying, member patchlint.Node, message string) (before saying, ok bool) {
	before, ok = a.known[of]
	if !ok && a.kept < maxKept {
		a.kept++
		now.payload, now.Related = a.payloads, a.related(member, message)
		a.known[of] = now
	}
	return before, ok && before.payload != a.payloads // a name may occur twice in this one
}

// claims adds the platforms that a payload claims, and reports those that another
// partner has claimed.
func (a *adding) claims(object patchlint.Node, who partner) (claimed bool) {
	twice := make(map[string]bool) // a partner claims a platform in two members
	for member := range object.Children() {
		platform, flag, ok := platformOf(member)
		if !ok || !claims(member, platform, flag, object) || twice[string(platform)] {
			continue
		}
		before, again := a.earlier(about{of: string(platform)}, saying{who: who}, member, "the other partner")
		if again && before.who.differs(who) {
			twice[string(platform)] = true
			a.report(platformClaimedTwice.ID, member, member.Key(), before.Related,
				"another partner in this directory claims %s, and a tenant has one for each platform; keep one, or separate the tenants by directory", inert.Quote(string(platform)))
		}
	}
	return len(twice) > 0
}

// contradictions adds what a payload says of its partner's platforms, and reports
// the first thing that contradicts another payload of the same displayName.
func (a *adding) contradictions(object patchlint.Node, who partner) {
	name := object.Member("displayName")
	before, again := a.earlier(about{partner: who.name}, saying{who: who}, name, "the other payload")
	switch {
	case !again || who.id == "" || before.who.id == who.id:
	case before.who.id == "":
		before.who = who
		a.known[about{partner: who.name}] = before
	default:
		at := object.Member("id")
		if !at.Exists() {
			at = name // the URL has the id
		}
		a.report("id-mismatch", at, at.Span(), before.Related,
			"another payload of this directory has another id for %s; change the name or the id of one", inert.Quote(who.name))
		return
	}
	t := a.model.Type("complianceManagementPartner")
	if t == nil {
		return
	}
	for member := range object.Children() {
		property := t.PropertyOf(member)
		_, flag, ok := platformOf(member)
		if !ok || property == nil || flag != (member.Kind() == patchlint.Bool) || !flag && member.Kind() != patchlint.Array {
			continue
		}
		value := a.hash(member, property)
		before, again := a.earlier(about{who.name, property.Name}, saying{value: value}, member, "the other payload")
		switch {
		case !again || before.value == value:
			continue
		case flag:
			a.report("onboarding-mismatch", member, member.Key(), before.Related, "%s is %s for %s, and %t in another payload of this directory; keep one of the two",
				inert.Quote(property.Name), member.Raw(), inert.Quote(who.name), !isTrue(member))
		default:
			a.report("conflicting-assignment", member, member.Key(), before.Related, "another payload of this directory has other %s for %s; keep one of the two",
				inert.Quote(property.Name), inert.Quote(who.name))
		}
		return
	}
}

// hash returns one number for all values of a property that are the same to the
// service. The elements of a collection are in no order, so their hashes are added up.
func (a *adding) hash(n patchlint.Node, p *schema.Property) (sum uint64) {
	if n.Kind() != patchlint.Array {
		return maphash.String(hashSeed, a.model.Canonical(n, p, schema.Comparison{}))
	}
	for element := range n.Children() {
		a.text, _ = a.model.AppendCanonicalElement(a.text[:0], element, p, schema.Comparison{})
		sum += maphash.Bytes(hashSeed, a.text)
	}
	return sum
}

// related points to the name of a member from another document.
func (a *adding) related(member patchlint.Node, message string) patchlint.Related {
	// No more of the document is kept than the start of the line that the name is on.
	name := member.Key()
	place := a.doc.Position(name.Start)
	start := name.Start - (place.Column - 1)
	excerpt := patchlint.Unparsed(bytes.Clone(a.doc.Source()[start:name.End]))
	excerpt.SetOrigin(patchlint.Origin{Offset: a.doc.Origin().Offset + int64(start), Line: place.Line - 1})
	return patchlint.Related{File: a.file, Document: excerpt, Pointer: member.Pointer(), Span: patchlint.Span{Start: name.Start - start, End: name.End - start}, Message: message}
}

// report adds a finding. It is a warning by rules whose other findings are errors,
// too: that two files are meant for one tenant is likely and no more.
func (a *adding) report(id string, n patchlint.Node, at patchlint.Span, other patchlint.Related, format string, args ...any) {
	rule := ruleOf(a.Rules, id)
	if rule == nil {
		return
	}
	severity := patchlint.Warning
	if id == platformClaimedTwice.ID {
		severity = cmp.Or(rule.Severity, patchlint.Error)
	}
	if len(a.findings) > a.limit() {
		return
	}
	if len(a.findings) == a.limit() {
		a.findings = append(a.findings, tooMany(a.doc, a.findings[0].Severity, len(a.findings)))
		return
	}
	a.findings = append(a.findings, patchlint.Diagnostic{
		Rule: id, Severity: cmp.Or(a.Severities[id], severity), Pointer: n.Pointer(), Span: at,
		Message: fmt.Sprintf(format, args...), Related: []patchlint.Related{other},
	})
}

// savedState reports whether an object is what the service held, saved beside the
// payloads to compare them with: a response, or what was applied last. It has
// control information that only responses have, or an id and the heartbeat, or its
// file is called so.
func savedState(file string, object patchlint.Node) bool {
	for _, name := range []string{"@odata.context", "@odata.etag", "@odata.id", "@odata.editLink", "@odata.readLink"} {
		if object.Member(name).Exists() {
			return true
		}
	}
	if object.Member("id").Exists() && object.Member("lastHeartbeatDateTime").Exists() {
		return true
	}
	words := strings.FieldsFunc(strings.ToLower(path.Base(strings.ReplaceAll(file, `\`, "/"))), func(r rune) bool { return r < 'a' || 'z' < r })
	return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(savedNames, word) })
}

var savedNames = []string{"current", "base", "applied", "response", "backup", "before"}
