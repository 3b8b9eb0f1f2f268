package lsp

import (
	"cmp"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
)

// document is a document that the client has open.
type document struct {
	uri     string
	path    string // of its file, or a made-up name if it is in no file; "" if not linted
	version int
	text    *text

	folder *folder              // with whose settings it was linted; nil if it was not
	ours   bool                 // whether the document has a payload
	found  map[string][]finding // by path: of the document, or of a file that its requests send
	fixed  []patchlint.Edit     // of fixAll; nil if not computed yet
}

// name returns the path with forward slashes, as in findings.
func (d *document) name() string { return filepath.ToSlash(d.path) }

// touch adds a document to those that must be linted.
func (s *server) touch(d *document) {
	if !slices.Contains(s.dirty, d) {
		s.dirty = append(s.dirty, d)
	}
}

func (s *server) didOpen(p params) {
	t := p.TextDocument
	path, ok := pathOf(t.URI)
	if !ok {
		path = unsavedName(t.URI, t.LanguageID)
	}
	old, d := s.documents[t.URI], &document{uri: t.URI, path: path, version: t.Version, text: newText([]byte(t.Text), s.units)}
	s.documents[t.URI] = d
	s.touchRelated(d)
	if old != nil {
		s.retract(old)
	}
}

// didChange applies changes in order. It ignores a message with an outdated version.
func (s *server) didChange(p params) {
	d := s.documents[p.TextDocument.URI]
	version := p.TextDocument.Version // 0 if the client sends none
	if d == nil || version != 0 && version < d.version {
		return
	}
	t := d.text
	for _, c := range p.ContentChanges {
		switch {
		case c.Text == nil:
			return
		case c.Range == nil:
			t = newText([]byte(*c.Text), s.units)
		default:
			at := t.span(*c.Range)
			t = newText(slices.Concat(t.src[:at.Start], []byte(*c.Text), t.src[at.End:]), s.units)
		}
	}
	d.text, d.version = t, cmp.Or(version, d.version)
	s.touchRelated(d)
}

func (s *server) didClose(p params) {
	d := s.documents[p.TextDocument.URI]
	if d == nil {
		return
	}
	delete(s.documents, d.uri)
	s.touchRelated(d)
	s.retract(d)
}

// didSave lints a document and those that depend on it again: the settings, or files that
// are not open, may have changed, and some clients do not watch files.
func (s *server) didSave(p params) {
	if d := s.documents[p.TextDocument.URI]; d != nil {
		s.touchRelated(d)
	}
}

// touchRelated touches d, and the open documents whose findings may depend on it: those in
// its directory, and .http files, whose requests may send it.
func (s *server) touchRelated(d *document) {
	s.touch(d)
	for _, other := range s.documents {
		format, _ := input.ForName(other.path)
		if filepath.Dir(other.path) == filepath.Dir(d.path) || format.Requests {
			s.touch(other)
		}
	}
}

func (s *server) touchAll() {
	for _, d := range s.documents {
		s.touch(d)
	}
}

// pathOf returns the path of a file: URI. ok is false for any other URI.
func pathOf(uri string) (path string, ok bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return "", false
	}
	path = u.Path
	if runtime.GOOS == "windows" {
		if len(path) > 2 && path[0] == '/' && path[2] == ':' {
			path = path[1:]
		}
		if u.Host != "" {
			path = "//" + u.Host + path
		}
	}
	return filepath.Clean(filepath.FromSlash(path)), true
}

// unsavedName returns a name for a document without a file, or "" if it is not linted. The
// languages are named like the extensions of their files.
func unsavedName(uri, language string) string {
	scheme, name, _ := strings.Cut(uri, ":")
	extension := "." + language
	if _, linted := input.ForName(extension); scheme != "untitled" || !linted {
		return ""
	}
	name = strings.NewReplacer("/", "-", `\`, "-", ":", "-").Replace(strings.Trim(name, "/"))
	return strings.TrimSuffix(name, extension) + extension
}

// openDocument returns the open document of a file, or nil.
func (s *server) openDocument(path string) *document {
	for _, d := range s.documents {
		if d.name() == path {
			return d
		}
	}
	return nil
}

// uriOf returns the URI of a file, whose path may be relative to the folder, as the client
// writes it if the file is open.
func (s *server) uriOf(path string, f *folder) string {
	if !filepath.IsAbs(path) {
		path = filepath.ToSlash(filepath.Join(f.dir, path))
	}
	if d := s.openDocument(path); d != nil {
		return d.uri
	}
	return report.FileURI(path)
}

// edited returns the text of a file, if it is open.
func (s *server) edited(path string) ([]byte, bool) {
	if d := s.openDocument(path); d != nil {
		return d.text.src, true
	}
	return nil, false
}
