package lsp

import (
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/input"
)

// document is a document that the client has open.
type document struct {
	uri     string
	path    string // of its file; of one that is in no file, what its findings go by
	version int
	text    *text
	dirty   bool // it is to be linted
	since   int  // when it became so

	// The last result, and the findings that the client was shown, with their text.
	result *result
	shown  []diagnostic
	told   *text
}

// name is the path as findings have it.
func (d *document) name() string { return filepath.ToSlash(d.path) }

// touch makes a document one that is to be linted.
func (s *server) touch(d *document) {
	if !d.dirty {
		s.clock++
		d.dirty, d.since = true, s.clock
	}
}

func (s *server) didOpen(p params) {
	t := p.TextDocument
	path, ok := pathOf(t.URI)
	if !ok {
		path = unsaved(t.URI, t.LanguageID)
	}
	old, d := s.documents[t.URI], &document{uri: t.URI, path: path, text: newText([]byte(t.Text), s.client.encoding)}
	if t.Version != nil {
		d.version = *t.Version
	}
	s.documents[t.URI] = d
	s.touch(d)
	s.touchNeighbours(d)
	if old != nil {
		s.retract(old)
	}
}

// didChange makes changes in their order. A message that has been overtaken by a
// newer one is dropped.
func (s *server) didChange(p params) {
	d := s.documents[p.TextDocument.URI]
	if d == nil || p.TextDocument.Version != nil && *p.TextDocument.Version < d.version {
		return
	}
	t := d.text
	for _, c := range p.ContentChanges {
		switch {
		case c.Text == nil:
			return
		case c.Range == nil:
			t = newText([]byte(*c.Text), s.client.encoding)
		default:
			at := t.span(*c.Range)
			t = newText(slices.Concat(t.src[:at.Start], []byte(*c.Text), t.src[at.End:]), s.client.encoding)
		}
	}
	d.text = t
	if p.TextDocument.Version != nil {
		d.version = *p.TextDocument.Version
	}
	s.touch(d)
	s.touchNeighbours(d)
}

func (s *server) didClose(p params) {
	d := s.documents[p.TextDocument.URI]
	if d == nil {
		return
	}
	delete(s.documents, d.uri)
	s.touchNeighbours(d)
	s.retract(d)
}

func (s *server) didSave(p params) {
	if d := s.documents[p.TextDocument.URI]; d != nil {
		s.touch(d)
		s.touchNeighbours(d)
	}
}

// touchNeighbours touches the open documents whose findings may depend on another
// one: those of its directory, and those that may send it.
func (s *server) touchNeighbours(d *document) {
	for _, other := range s.documents {
		format, _ := input.ForName(other.path)
		if other != d && (filepath.Dir(other.path) == filepath.Dir(d.path) || format.Name == "http") {
			s.touch(other)
		}
	}
}

func (s *server) touchAll() {
	for _, d := range s.documents {
		s.touch(d)
	}
}

// pathOf returns the path of a file: URI.
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

// uriOf returns the file: URI of a path.
func uriOf(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// extensionOf returns the extension that a document without a file is read by, by the
// language that the editor says it is in.
func extensionOf(language string) string {
	switch language {
	case "json":
		return ".json"
	case "jsonc", "json5":
		return ".jsonc"
	case "jsonl", "ndjson":
		return ".ndjson"
	case "http", "rest":
		return ".http"
	}
	return ""
}

// unsaved returns a name for a document without a file, "" for one that is not
// looked at.
func unsaved(uri, language string) string {
	scheme, name, _ := strings.Cut(uri, ":")
	extension := extensionOf(language)
	if scheme != "untitled" || extension == "" {
		return ""
	}
	name = strings.NewReplacer("/", "-", `\`, "-", ":", "-").Replace(strings.Trim(name, "/"))
	return strings.TrimSuffix(name, extension) + extension
}

// at returns the document that the client has open of a file, or nil.
func (s *server) at(path string) *document {
	for _, d := range s.documents {
		if d.name() == path {
			return d
		}
	}
	return nil
}

// uriOf returns the URI of a file as the client writes it.
func (s *server) uriOf(path string) string {
	if d := s.at(path); d != nil {
		return d.uri
	}
	return uriOf(path)
}

// edited returns the text of a file that is open.
func (s *server) edited(path string) ([]byte, bool) {
	if d := s.at(path); d != nil {
		return d.text.src, true
	}
	return nil, false
}
