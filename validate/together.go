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
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// Run finds contradictions between the payloads of a directory: two partners that claim
// the same platform, and two payloads of one partner that contradict each other. Add
// must be called for every payload, in a fixed order and from one goroutine.
type Run struct {
	directories map[string]map[topic]statement
	kept        int    // number of directories and statements
	payloads    int    // number of added payloads
	text        []byte // of the last hash
}

// topic is what a statement is about: a platform, or for the partner with a displayName
// a property, or its id if of is "".
type topic struct{ partner, of string }

// statement is what the first payload says about a topic: who claims the platform, the
// id of the partner, or the value of the property.
type statement struct {
	payload int
	who     partner
	value   uint64 // the hash of its canonical text
	patchlint.Related
}

// partner identifies a partner. Either field may be "".
type partner struct{ id, name string }

// differs reports whether a and b are certainly different partners.
func (a partner) differs(b partner) bool {
	if a.id != "" && b.id != "" {
		return a.id != b.id
	}
	return a.name != "" && b.name != "" && a.name != b.name
}

// maxKept limits the memory of a Run; no tenant needs as many. At the limit, a new
// directory replaces all others, because files are walked directory by directory.
const maxKept = 10_000

var hashSeed = maphash.MakeSeed()

// crossFile lists the ids of the rules that Add reports.
var crossFile = []string{platformClaimedTwice.ID, "id-mismatch", "onboarding-mismatch", "conflicting-assignment"}

// Add adds a payload, or the payloads of a batch, and returns the contradictions with
// those added before. file is the path of the payload. l determines the rules that apply
// and their severities. Add does not retain doc.
func (r *Run) Add(l *Linter, file string, doc *patchlint.Document, t Target) []patchlint.Diagnostic {
	if !r.Concerns(l, doc) {
		return nil
	}
	model, err := l.Models.Open(recognize.Version(t.Version, doc))
	if err != nil {
		return nil // Lint reports it
	}
	a := adding{Run: r, Linter: l, model: model, partner: model.Type("complianceManagementPartner"), file: file, doc: doc}
	if a.partner == nil {
		return nil // metadata does not declare it
	}
	if requests, _ := recognize.Requests(l.Models, doc, model.Version, t.Batch); requests != nil {
		for _, request := range requests {
			if of := request.Endpoint.Type; request.Updates() && (of == "" || of == model.Facts().Namespace+".complianceManagementPartner") {
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

// Concerns reports whether adding a payload can have an effect. Unlike Add, it is safe
// for concurrent use, including concurrently with Add.
func (r *Run) Concerns(l *Linter, doc *patchlint.Document) bool {
	if !doc.Whole() || !slices.ContainsFunc(crossFile, func(id string) bool { return ruleOf(l.Rules, id) != nil }) {
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
	*Linter
	model    *schema.Model
	partner  *schema.Type
	file     string
	known    map[topic]statement // statements about the directory of the file
	doc      *patchlint.Document
	findings []patchlint.Diagnostic
}

// payload adds one payload. key is its id in the URL, or "".
func (a *adding) payload(object patchlint.Node, key string) {
	if object.Kind() != patchlint.Object || savedState(a.file, object) {
		return
	}
	who := partner{strings.ToLower(cmp.Or(key, object.Member("id").Text())), object.Member("displayName").Text()}
	a.payloads++
	directory := path.Dir(strings.ReplaceAll(a.file, `\`, "/"))
	if a.known = a.directories[directory]; a.known == nil {
		if a.directories == nil || a.kept >= maxKept {
			a.directories, a.kept = make(map[string]map[topic]statement), 0
		}
		a.known = make(map[topic]statement)
		a.directories[directory] = a.known
		a.kept++
	}
	if claimed := a.claims(object, who); !claimed && who.name != "" {
		a.contradictions(object, who)
	}
}

// earlier returns the statement of an earlier payload about a topic. Without one, it
// records now, the statement of member.
func (a *adding) earlier(of topic, now statement, member patchlint.Node, message string) (before statement, ok bool) {
	before, ok = a.known[of]
	if !ok && a.kept < maxKept {
		a.kept++
		now.payload, now.Related = a.payloads, a.related(member, message)
		a.known[of] = now
	}
	return before, ok && before.payload != a.payloads // a duplicate name makes two in one payload
}

// claims adds the platforms that a payload claims, and reports those that another
// partner claims. It returns true if there are any of the latter.
func (a *adding) claims(object patchlint.Node, who partner) (claimed bool) {
	twice := make(map[string]bool) // reported platforms, because two members may claim one
	for member := range object.Children() {
		platform, flag, ok := platformOf(member)
		if !ok || a.partner.PropertyOf(member) == nil || !claims(member, platform, flag, object) || twice[string(platform)] {
			continue
		}
		before, again := a.earlier(topic{of: string(platform)}, statement{who: who}, member, "the other partner")
		if again && before.who.differs(who) {
			twice[string(platform)] = true
			a.report(platformClaimedTwice.ID, member, member.Key(), before.Related,
				"another partner in this directory claims %s, but a tenant can have only one for each platform; keep one, or put each tenant in its own directory", inert.Quote(string(platform)))
		}
	}
	return len(twice) > 0
}

// contradictions adds what a payload says about the platforms of its partner, and
// reports the first contradiction with another payload with the same displayName.
func (a *adding) contradictions(object patchlint.Node, who partner) {
	name := object.Member("displayName")
	before, again := a.earlier(topic{partner: who.name}, statement{who: who}, name, "the other payload")
	switch {
	case !again || who.id == "" || before.who.id == who.id:
	case before.who.id == "":
		before.who = who
		a.known[topic{partner: who.name}] = before
	default:
		at := object.Member("id")
		if !at.Exists() {
			at = name // the URL has the id
		}
		a.report("id-mismatch", at, at.Span(), before.Related,
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
		before, again := a.earlier(topic{who.name, property.Name}, statement{value: value}, member, "the other payload")
		switch {
		case !again || before.value == value:
			continue
		case flag:
			a.report("onboarding-mismatch", member, member.Key(), before.Related, "%s is %s for %s, and %t in another payload in this directory; keep one of the two",
				inert.Quote(property.Name), member.Raw(), inert.Quote(who.name), !isTrue(member))
		default:
			a.report("conflicting-assignment", member, member.Key(), before.Related, "another payload in this directory has different %s for %s; keep one of the two",
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
	a.text, _ = a.model.AppendCanonical(a.text[:0], n, p, schema.Comparison{})
	return maphash.Bytes(hashSeed, a.text)
}

// related returns the name of a member as Related, for findings about other documents.
func (a *adding) related(member patchlint.Node, message string) patchlint.Related {
	// Retain only the start of the line of the name, not the whole document.
	name := member.Key()
	line, column := a.doc.Position(name.Start)
	start := name.Start - (column - 1)
	excerpt := patchlint.Unparsed(bytes.Clone(a.doc.Source()[start:name.End]))
	memo := lazy.MemoOf(excerpt)
	memo.Offset, memo.Lines = lazy.MemoOf(a.doc).Offset+int64(start), line-1
	return patchlint.Related{File: a.file, Document: excerpt, Pointer: member.Pointer(), Span: patchlint.Span{Start: name.Start - start, End: name.End - start}, Message: message}
}

// report adds a finding. Except for platform-claimed-twice it is a warning, because the
// two files may be for different tenants.
func (a *adding) report(id string, n patchlint.Node, at patchlint.Span, other patchlint.Related, format string, args ...any) {
	rule := ruleOf(a.Rules, id)
	switch {
	case rule == nil || len(a.findings) > a.limit():
		return
	case len(a.findings) == a.limit():
		a.findings = append(a.findings, limitFinding(a.doc, a.findings[0].Severity, len(a.findings)))
		return
	}
	severity := patchlint.Warning
	if id == platformClaimedTwice.ID {
		severity = cmp.Or(rule.Severity, patchlint.Error)
	}
	a.findings = append(a.findings, patchlint.Diagnostic{
		Rule: id, Severity: cmp.Or(a.Severities[id], severity), Pointer: n.Pointer(), Span: at,
		Message: fmt.Sprintf(format, args...), Related: []patchlint.Related{other},
	})
}

// savedState reports whether an object is not a payload but a saved state to compare
// payloads with: a response, or the payload that was applied last. It has control
// information of responses, an id and a heartbeat, or a telling file name.
func savedState(file string, object patchlint.Node) bool {
	has := func(name string) bool { return object.Member(name).Exists() }
	if odata.OfResponse(object).Exists() || has("id") && has("lastHeartbeatDateTime") {
		return true
	}
	words := strings.FieldsFunc(strings.ToLower(path.Base(strings.ReplaceAll(file, `\`, "/"))), func(r rune) bool { return r < 'a' || 'z' < r })
	saved := func(word string) bool { return slices.Contains(words, word) }
	return slices.ContainsFunc([]string{"current", "base", "applied", "response", "backup", "before"}, saved)
}
