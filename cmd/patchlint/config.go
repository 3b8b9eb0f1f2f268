package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// configName is the file that a team keeps its settings in.
const configName = ".patchlint.yaml"

//go:embed config.schema.json
var configSchema []byte

// config is what .patchlint.yaml says. Patterns and paths in it are relative to
// the directory it is in.
type config struct {
	name         string // what to call its file
	dir          string
	here         string    // the current directory; both without links on the way
	dirs         *sync.Map // directories of files that are elsewhere, to the same
	apiVersion   schema.Version
	types        []fileType
	rules        map[string]patchlint.Severity
	overrides    []override
	exclude      []string
	placeholders []string
	diffIgnore   []patchlint.Pointer
	baseline     string
}

// off is the severity of a rule that does not apply. It is only ever a setting.
const off patchlint.Severity = 255

// fileType says what the files that match hold.
type fileType struct {
	files string
	name  string
	place string // in the config, as "line:column"
}

// override sets rules for the files that match.
type override struct {
	files string
	rules map[string]patchlint.Severity
}

// findConfig returns the settings for a run in the current directory: those of
// the named file, else of the nearest .patchlint.yaml at or above it, up to the
// root of the repository; none where there is no such file.
func findConfig(name string) (*config, error) {
	here, err := files.Real(".") // as git sees it, whatever links lead there
	if err != nil {
		if here, err = os.Getwd(); err != nil {
			return nil, err
		}
	}
	if name == "" {
		if name = nearestConfig(here); name == "" {
			return &config{}, nil
		}
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, files.Plain(err)
	}
	real, err := files.Real(name)
	if err != nil {
		return nil, err
	}
	c := &config{name: files.Display(name), dir: filepath.Dir(real), here: here, dirs: new(sync.Map)}
	if relative, err := filepath.Rel(here, real); err == nil {
		c.name = files.Display(relative)
	}
	if err := c.parse(src); err != nil {
		return nil, fmt.Errorf("%s:%w", c.name, err)
	}
	return c, nil
}

// nearestConfig returns the settings file at or above a directory, up to the root
// of the repository, "" where there is none.
func nearestConfig(dir string) string {
	root := files.Repository(dir)
	for {
		candidate := filepath.Join(dir, configName)
		if _, err := os.Stat(candidate); err == nil {
			return candidate
		}
		parent := filepath.Dir(dir)
		if dir == root || parent == dir {
			return ""
		}
		dir = parent
	}
}

// at returns an error at the place of a node, as "line:column: ...".
func at(n ast.Node, format string, args ...any) error {
	return fmt.Errorf("%s: %s", place(n.GetToken()), fmt.Sprintf(format, args...))
}

// place returns where a token stands, as "line:column".
func place(t *token.Token) string { return fmt.Sprintf("%d:%d", t.Position.Line, t.Position.Column) }

func (c *config) parse(src []byte) error {
	// YAML 1.2 section 5.2 lets a byte order mark start a file.
	file, err := parser.ParseBytes(bytes.TrimPrefix(src, []byte("\ufeff")), 0)
	if err != nil {
		var located interface {
			GetToken() *token.Token
			GetMessage() string
		}
		switch {
		case errors.As(err, &located) && located.GetToken() != nil:
			return fmt.Errorf("%s: %s", place(located.GetToken()), located.GetMessage())
		case errors.As(err, &located):
			return fmt.Errorf(" %s", located.GetMessage())
		}
		return fmt.Errorf(" %w", err)
	}
	var settings ast.Node
	for _, document := range file.Docs {
		switch body := document.Body.(type) {
		case nil, *ast.CommentGroupNode, *ast.DirectiveNode:
		default:
			if settings != nil {
				return at(body, "here is another document, and the settings are one")
			}
			settings = body
		}
	}
	if settings == nil {
		return nil
	}
	return members(settings, keys{
		"apiVersion": func(n ast.Node) error {
			text, err := text(n)
			if err != nil {
				return err
			}
			if _, err := schema.Open(schema.Version(text)); err != nil {
				return at(n, "apiVersion: %v", err)
			}
			c.apiVersion = schema.Version(text)
			return nil
		},
		"types": each(func(n ast.Node) error {
			var t fileType
			if err := members(n, keys{"files": pattern(&t.files), "type": into(&t.name)}); err != nil {
				return err
			}
			if t.files == "" || t.name == "" {
				return at(n, "types: each needs files and type")
			}
			model, err := schema.Open("")
			if err == nil {
				_, err = model.Resource(t.name)
			}
			if err != nil {
				return at(n, "types: %v", err)
			}
			t.place = place(n.GetToken())
			c.types = append(c.types, t)
			return nil
		}),
		"rules": severities(&c.rules),
		"overrides": each(func(n ast.Node) error {
			var o override
			if err := members(n, keys{"files": pattern(&o.files), "rules": severities(&o.rules)}); err != nil {
				return err
			}
			if o.files == "" {
				return at(n, "overrides: each needs files")
			}
			c.overrides = append(c.overrides, o)
			return nil
		}),
		"exclude": each(func(n ast.Node) error {
			c.exclude = append(c.exclude, "")
			return pattern(&c.exclude[len(c.exclude)-1])(n)
		}),
		"placeholders": each(func(n ast.Node) error {
			c.placeholders = append(c.placeholders, "")
			return into(&c.placeholders[len(c.placeholders)-1])(n)
		}),
		"diff": func(n ast.Node) error {
			return members(n, keys{"ignore": each(func(n ast.Node) error {
				text, err := text(n)
				if err != nil {
					return err
				}
				if p := patchlint.Pointer(text); p.Valid() && p != "" {
					c.diffIgnore = append(c.diffIgnore, p)
					return nil
				}
				return at(n, "diff.ignore takes a JSON Pointer such as /displayName, not %s", patchlint.Quote(text))
			})})
		},
		"baseline": into(&c.baseline),
	})
}

// keys say how the value of each key of a mapping is read.
type keys map[string]func(ast.Node) error

// members reads a mapping. A key that is not known, or stands twice, is an
// error.
func members(n ast.Node, known keys) error {
	return membersOr(n, known, "there are "+list(known))
}

// membersOr is members with what to say of a key that is near to none.
func membersOr(n ast.Node, known keys, hint string) error {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case *ast.NullNode: // nothing is set
	default:
		return at(n, "here belongs a mapping; %s", hint)
	}
	seen := make(map[string]bool)
	for _, v := range values {
		key := v.Key.GetToken().Value
		read := known[key]
		switch {
		case read == nil:
			if near := patchlint.Nearest(key, sortedKeys(known)); near != "" {
				return at(v.Key, "no key %s; did you mean %s?", patchlint.Quote(key), near)
			}
			return at(v.Key, "no key %s; %s", patchlint.Quote(key), hint)
		case seen[key]:
			return at(v.Key, "the key %s stands twice", key)
		}
		seen[key] = true
		if err := read(v.Value); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys(known keys) []string {
	var all []string
	for key := range known {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}

func list(known keys) string { return strings.Join(sortedKeys(known), ", ") }

// each reads a sequence.
func each(read func(ast.Node) error) func(ast.Node) error {
	return func(n ast.Node) error {
		sequence, ok := n.(*ast.SequenceNode)
		if _, nothing := n.(*ast.NullNode); nothing {
			return nil
		}
		if !ok {
			return at(n, "here belongs a list")
		}
		for _, value := range sequence.Values {
			if err := read(value); err != nil {
				return err
			}
		}
		return nil
	}
}

// text reads a string; a plain true or 1.0 is one too.
func text(n ast.Node) (string, error) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode: // a block: its lines end in a line feed
		return strings.TrimSpace(n.Value.Value), nil
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, nil
	case *ast.NullNode:
		return "", at(n, "here belongs a text, and there is none")
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "", at(n, "anchors, aliases and tags are not read here; write the text itself")
	}
	return "", at(n, "here belongs a text")
}

func into(target *string) func(ast.Node) error {
	return func(n ast.Node) (err error) {
		*target, err = text(n)
		return err
	}
}

func pattern(target *string) func(ast.Node) error {
	return func(n ast.Node) error {
		if err := into(target)(n); err != nil {
			return err
		}
		if !doublestar.ValidatePattern(*target) {
			return at(n, "%s is no valid pattern", patchlint.Quote(*target))
		}
		return nil
	}
}

// severities reads a mapping of rule ids to severities.
func severities(target *map[string]patchlint.Severity) func(ast.Node) error {
	return func(n ast.Node) error {
		*target = make(map[string]patchlint.Severity)
		known := make(keys)
		ids := ruleIDs()
		for _, r := range diff.Rules() {
			ids = append(ids, r.ID)
		}
		for _, id := range ids {
			known[id] = func(n ast.Node) error {
				level, err := text(n)
				if err != nil {
					return err
				}
				s, err := setting(id, level)
				if err != nil {
					return at(n, "%v", err)
				}
				(*target)[id] = s
				return nil
			}
		}
		return membersOr(n, known, "patchlint rules lists the rules")
	}
}

// setting reads the severity that a rule is set to.
func setting(id, level string) (patchlint.Severity, error) {
	s, ok := severity(level)
	switch {
	case ofDiff(id):
		return 0, fmt.Errorf("%s is a rule of patchlint diff and has no setting", id)
	case (ok && s < patchlint.Error || level == "off") && (id == "json-syntax" || id == "json-limit"):
		return 0, fmt.Errorf("%s is an error and cannot be less: a file that cannot be read must not pass", id)
	case level == "off" && (id == "json-encoding" || id == "unknown-type" || id == "payload-shape"):
		return 0, fmt.Errorf("%s cannot be off: a file that is not checked must not pass; --exclude and --skip-unknown pass over files", id)
	case ok:
		return s, nil
	case level == "off":
		return off, nil
	}
	return 0, fmt.Errorf("%s takes error, warning, info or off, not %s", id, patchlint.Quote(level))
}

// ofDiff reports whether diff alone has a rule of that id.
func ofDiff(id string) bool {
	return slices.ContainsFunc(diff.Rules(), func(r *patchlint.Rule) bool { return r.ID == id })
}

func ruleIDs() []string {
	var ids []string
	for _, r := range validate.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// relative returns a file's path from the directory of the config, with forward
// slashes.
func (c *config) relative(file string) string {
	if c.dir == "" {
		return files.Display(file)
	}
	absolute := file
	if !filepath.IsAbs(file) {
		absolute = filepath.Join(c.here, file)
	}
	relative, err := filepath.Rel(c.dir, absolute)
	if err == nil && !filepath.IsLocal(relative) { // unless a link leads there
		if real, realErr := filepath.Rel(c.dir, c.real(absolute)); realErr == nil && filepath.IsLocal(real) {
			relative = real
		}
	}
	if err != nil {
		return files.Display(file)
	}
	return filepath.ToSlash(relative)
}

// real is the path of a file without links on the way to it.
func (c *config) real(file string) string {
	dir, name := filepath.Split(file)
	known, ok := c.dirs.Load(dir)
	if !ok {
		followed, err := filepath.EvalSymlinks(dir)
		if err != nil {
			followed = dir
		}
		known, _ = c.dirs.LoadOrStore(dir, followed)
	}
	return filepath.Join(known.(string), name)
}

// excludes reports whether the settings exclude a file.
func (c *config) excludes(file string) bool {
	return len(c.exclude) > 0 && slices.ContainsFunc(c.exclude, func(pattern string) bool {
		return matches(pattern, c.relative(file))
	})
}

// matches reports whether a pattern matches a path or a directory it lies in. A
// pattern without a slash matches the name of either.
func matches(pattern, file string) bool {
	pattern = strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(pattern), "./"), "/")
	for p := file; p != "." && p != "/" && p != ""; p = path.Dir(p) {
		subject := p
		if !strings.Contains(pattern, "/") {
			subject = path.Base(p)
		}
		if ok, _ := doublestar.Match(pattern, subject); ok {
			return true
		}
	}
	return false
}

// typeOf returns the type that the config says a file holds, nil where it says
// nothing. The error is that the API version lacks the type.
func (c *config) typeOf(file string, m *schema.Model) (*schema.Resource, error) {
	if len(c.types) == 0 {
		return nil, nil
	}
	relative := c.relative(file)
	for _, t := range c.types {
		if matches(t.files, relative) {
			r, err := m.Resource(t.name)
			if err != nil {
				return nil, fmt.Errorf("%s: %s:%s: types: %w", files.Display(file), c.name, t.place, err)
			}
			return r, nil
		}
	}
	return nil, nil
}

// linters hands out the Linter for a file: what the config says of its rules,
// and over that the command line.
type linters struct {
	*config
	base  validate.Linter
	flags map[string]patchlint.Severity
	cache map[string]*validate.Linter
}

// of returns the Linter for a file. It is to be called by one goroutine.
func (l *linters) of(file string) *validate.Linter {
	settings := []map[string]patchlint.Severity{l.rules}
	key := ""
	if len(l.overrides) > 0 {
		relative := l.relative(file)
		for i, o := range l.overrides {
			if matches(o.files, relative) {
				settings = append(settings, o.rules)
				key += fmt.Sprint(i, " ")
			}
		}
	}
	if made := l.cache[key]; made != nil {
		return made
	}
	made := l.base
	made.Placeholders = l.placeholders
	made.Severities = make(map[string]patchlint.Severity)
	dropped := make(map[string]bool)
	for _, set := range append(settings, l.flags) {
		for id, s := range set {
			dropped[id] = s == off
			if s == off {
				delete(made.Severities, id)
			} else {
				made.Severities[id] = s
			}
		}
	}
	if slices.ContainsFunc(validate.Rules(), func(r *validate.Rule) bool { return dropped[r.ID] }) {
		made.Rules = slices.DeleteFunc(slices.Clone(validate.Rules()), func(r *validate.Rule) bool { return dropped[r.ID] })
	}
	if l.cache == nil {
		l.cache = make(map[string]*validate.Linter)
	}
	l.cache[key] = &made
	return &made
}
