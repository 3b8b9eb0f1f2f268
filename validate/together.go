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
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// Run finds what only several payloads of one directory together show: that two
// partners claim one platform, and that two payloads of one partner contradict
// each other. Give it every payload of a run in a fixed order, from one goroutine.
type Run struct {
	directories map[string]*directory
	partners    int // in all of them
}

// directory is what the payloads of one directory have said so far.
type directory struct {
	claims   []claim // one for each platform
	partners map[string]*partner
}

// claim is the first payload that onboards or assigns a platform.
type claim struct {
	platform string
	who      identity
	patchlint.Related
}

// partner is what the first payloads of a displayName have said.
type partner struct {
	id   string
	at   patchlint.Related // of the name
	said []saying
}

// saying is the value that a payload gives a property of a platform.
type saying struct {
	property string
	value    uint64 // the hash of its canonical text
	patchlint.Related
}

// identity tells partners apart.
type identity struct{ id, name string }

// differs reports whether two identities are certainly of two partners.
func (a identity) differs(b identity) bool {
	if a.id != "" && b.id != "" {
		return a.id != b.id
	}
	return a.name != "" && b.name != "" && a.name != b.name
}

// The memory of a run is bounded, by numbers that are more than a tenant has.
// Once there are maxPartners, a new directory takes the place of all others: a
// walk has come to its end with most of them.
const (
	maxPlatforms = 64
	maxPartners  = 1000
)

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
	if requests, batch := l.Batch(doc, t); batch {
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
	doc      *patchlint.Document
	findings []patchlint.Diagnostic
}

// payload adds one payload; key is its id in the URL, where that is known.
func (a *adding) payload(object patchlint.Node, key string) {
	if object.Kind() != patchlint.Object || savedState(a.file, object) {
		return
	}
	who := identity{strings.ToLower(cmp.Or(key, object.Member("id").Text())), object.Member("displayName").Text()}
	d := a.directory()
	if claimed := a.claims(d, object, who); !claimed && who.name != "" {
		a.contradictions(d, object, who)
	}
}

func (r *Run) room() bool { return r.partners < maxPartners }

// directory returns what is known of the directory that the file is in.
func (a *adding) directory() *directory {
	name := path.Dir(strings.ReplaceAll(a.file, `\`, "/"))
	d := a.directories[name]
	if d == nil {
		if !a.room() || a.directories == nil || len(a.directories) >= maxPartners {
			a.directories, a.partners = make(map[string]*directory), 0
		}
		d = &directory{partners: make(map[string]*partner)}
		a.directories[name] = d
	}
	return d
}

// claims adds the platforms that a payload claims, and reports those that another
// partner has claimed.
func (a *adding) claims(d *directory, object patchlint.Node, who identity) (claimed bool) {
	seen := make(map[string]bool) // a partner claims a platform in two members
	for member := range object.Children() {
		platform, flag, ok := platformOf(member)
		if !ok || seen[string(platform)] || !claims(member, platform, flag, object) {
			continue
		}
		seen[string(platform)] = true
		i := slices.IndexFunc(d.claims, func(c claim) bool { return c.platform == string(platform) })
		switch {
		case i < 0 && len(d.claims) < maxPlatforms:
			d.claims = append(d.claims, claim{string(platform), who, a.related(member, "the other partner")})
		case i >= 0 && d.claims[i].who.differs(who):
			claimed = true
			a.report(platformClaimedTwice.ID, member, member.Key(), d.claims[i].Related,
				"another partner in this directory claims %s, and a tenant has one for each platform; keep one, or separate the tenants by directory", inert.Quote(string(platform)))
		}
	}
	return claimed
}

// contradictions adds what a payload says of its partner's platforms, and reports
// the first thing that contradicts another payload of the same displayName.
func (a *adding) contradictions(d *directory, object patchlint.Node, who identity) {
	name := object.Member("displayName")
	known := d.partners[who.name]
	if known == nil {
		if !a.room() {
			return
		}
		a.partners++
		known = &partner{id: who.id, at: a.related(name, "the other payload")}
		d.partners[who.name] = known
	}
	if known.id != "" && who.id != "" && known.id != who.id {
		at := object.Member("id")
		if !at.Exists() {
			at = name // the URL has the id
		}
		a.report("id-mismatch", at, at.Span(), known.at,
			"another payload of this directory has another id for %s; change the name or the id of one", inert.Quote(who.name))
		return
	}
	known.id = cmp.Or(known.id, who.id)
	t := a.model.Type("complianceManagementPartner")
	if t == nil {
		return
	}
	before := known.said // by other payloads; a name may occur twice in this one
	for member := range object.Children() {
		property := t.PropertyOf(member)
		_, flag, ok := platformOf(member)
		if !ok || property == nil || flag != (member.Kind() == patchlint.Bool) || !flag && member.Kind() != patchlint.Array {
			continue
		}
		value := maphash.String(hashSeed, a.model.Canonical(member, property, schema.Comparison{}))
		same := func(s saying) bool { return s.property == property.Name }
		i := slices.IndexFunc(before, same)
		switch {
		case i < 0 && !slices.ContainsFunc(known.said, same):
			known.said = append(known.said, saying{property.Name, value, a.related(member, "the other payload")})
			continue
		case i < 0 || before[i].value == value:
			continue
		}
		what := fmt.Sprintf("another payload of this directory has other %s for %s; keep one of the two", inert.Quote(property.Name), inert.Quote(who.name))
		rule := "conflicting-assignment"
		if flag {
			rule = "onboarding-mismatch"
			what = fmt.Sprintf("%s is %s for %s, and %t in another payload of this directory; keep one of the two",
				inert.Quote(property.Name), member.Raw(), inert.Quote(who.name), !member.True())
		}
		a.report(rule, member, member.Key(), before[i].Related, "%s", what)
		return
	}
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
