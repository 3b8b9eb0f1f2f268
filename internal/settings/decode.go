package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Bounds of a settings file. A parser of YAML keeps some hundred bytes for each
// mark, so that marks are counted before it starts.
const (
	maxSize  = 1 << 20 // bytes of the file
	maxMarks = 1 << 16 // lines and characters that YAML gives a meaning
	maxDepth = 32      // mappings and lists in each other
	maxItems = 1000    // of one list
	maxText  = 1024    // bytes of one value
)

// Parse reads the text of a settings file. An error starts with its place, as
// "line:column: ".
func Parse(src []byte) (*Settings, error) {
	if err := readable(src); err != nil {
		return nil, err
	}
	// YAML 1.2 section 5.2 lets a byte order mark start a file.
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	loader, err := yaml.NewLoader(bytes.NewReader(src), yaml.WithPlugin(limits{}))
	if err != nil {
		return nil, err
	}
	s := new(Settings)
	var document, second yaml.Node
	if err := loader.Load(&document); err == io.EOF {
		return s, nil
	} else if err != nil {
		return nil, syntax(err, src)
	}
	root := &document
	if root.Kind == yaml.DocumentNode {
		root = root.Content[0]
	}
	if err := decode(root, reflect.ValueOf(s).Elem()); err != nil {
		return nil, err
	}
	if s.Metadata == (Metadata{}) {
		if err := s.checkTypes(nil); err != nil {
			return nil, err
		}
	}
	if err := loader.Load(&second); err == nil {
		return nil, at(&second, "expected one document, found a second one")
	} else if err != io.EOF {
		return nil, syntax(err, src)
	}
	return s, nil
}

// readable returns why a text is not to be given to a parser.
func readable(src []byte) error {
	if bytes.HasPrefix(src, []byte{0xFE, 0xFF}) || bytes.HasPrefix(src, []byte{0xFF, 0xFE}) {
		return errors.New("1:1: the file is UTF-16; save it as UTF-8")
	}
	marks := 0
	for i, line := 0, 1; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return fmt.Errorf("%v: not valid UTF-8", place(line, src[:i]))
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7F: // YAML 1.2 section 5.1
			return fmt.Errorf("%v: control character U+%04X", place(line, src[:i]), r)
		case r == '\n':
			line++
			marks++
		case strings.ContainsRune("\r\u0085\u2028\u2029-?:,[]{}#&*!|>'\"%@`", r):
			marks++
		}
		if marks > maxMarks {
			return fmt.Errorf("%d:1: too many values; the settings can have %d lines and punctuation marks", line, maxMarks)
		}
		i += size
	}
	return nil
}

// place returns the place after a text whose last line has a number.
func place(line int, before []byte) Place {
	return Place{line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])}
}

// limits are those that the parser asks for.
type limits struct{}

// CheckDepth refuses what is nested too deeply.
func (limits) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > maxDepth {
		return fmt.Errorf("nested more than %d levels deep", maxDepth)
	}
	return nil
}

// CheckAlias is not asked: decode refuses aliases.
func (limits) CheckAlias(int, int) error { return nil }

// syntax is the error for one of the parser, without the two messages that
// repeat the text.
func syntax(err error, src []byte) error {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return errors.New("1:1: not valid YAML")
	}
	message := load.Message
	switch {
	case strings.HasPrefix(message, "unknown anchor"), strings.HasPrefix(message, "cannot construct"):
		message = noReference
	case load.Mark.Index < len(src) && src[load.Mark.Index] == '\t':
		message = "a tab cannot indent; use spaces"
	}
	return fmt.Errorf("%v: %s", Place{max(load.Mark.Line, 1), max(load.Mark.Column, 1)}, message)
}

const noReference = "anchors, aliases, merge keys and tags are not supported; write the value itself"

// at returns an error at the place of a node.
func at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%v: %s", Place{n.Line, n.Column}, fmt.Sprintf(format, args...))
}

// called returns what messages call a node of a kind.
func called(kind yaml.Kind) string {
	switch kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// decode sets a value from a node, strictly, and returns the first error in the
// order of the text. The decoder of the library would lose the places of values
// and repeat the text in its messages.
func decode(n *yaml.Node, into reflect.Value) error {
	_, rules := into.Interface().(Rules)
	expected := yaml.ScalarNode
	switch {
	case rules || len(fields(into.Type())) > 0:
		expected = yaml.MappingNode
	case into.Kind() == reflect.Slice:
		expected = yaml.SequenceNode
	}
	null := n.Kind == yaml.ScalarNode && n.Tag == "!!null"
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0:
		return at(n, noReference)
	case null && expected != yaml.ScalarNode: // nothing is set
		return nil
	case null:
		return at(n, "expected a value, found nothing")
	case n.Kind != expected:
		return at(n, "expected %s, found %s", called(expected), called(n.Kind))
	case rules:
		return decodeRules(n, into)
	case expected == yaml.MappingNode:
		return decodeStruct(n, into)
	case expected == yaml.SequenceNode:
		return decodeList(n, into)
	}
	text := n.Value
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 { // its lines end in a line feed
		text = strings.TrimSpace(text)
	}
	switch {
	case text == "":
		return at(n, "expected a value, found an empty string")
	case len(text) > maxText:
		return at(n, "the value is longer than %d bytes", maxText)
	}
	if err := scalar(into.Addr().Interface(), text, Place{n.Line, n.Column}); err != nil {
		return at(n, "%v", err)
	}
	return nil
}

func decodeList(n *yaml.Node, into reflect.Value) error {
	if len(n.Content) > maxItems {
		return at(n.Content[maxItems], "the list has more than %d items", maxItems)
	}
	into.Set(reflect.MakeSlice(into.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		if item.Tag == "!!null" {
			return at(item, "expected an item, found nothing")
		}
		if err := decode(item, into.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func decodeStruct(n *yaml.Node, into reflect.Value) error {
	known := fields(into.Type())
	seen, err := members(n, func(key, value *yaml.Node) error {
		f, ok := known[key.Value]
		if !ok {
			names := slices.Sorted(maps.Keys(known))
			expected := "expected one of "
			if len(names) == 1 {
				expected = "expected "
			}
			return at(key, "%v", unknown("key", key.Value, names, expected+strings.Join(names, ", ")))
		}
		return decode(value, into.Field(f.index))
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if known[name].required && !seen[name] {
			return at(n, "missing key %q", name)
		}
	}
	return nil
}

func decodeRules(n *yaml.Node, into reflect.Value) error {
	rules := make(Rules)
	into.Set(reflect.ValueOf(rules))
	_, err := members(n, func(id, level *yaml.Node) error {
		if !slices.Contains(ruleIDs(), id.Value) && !slices.Contains(diffRules(), id.Value) {
			return at(id, "%v", unknown("rule", id.Value, ruleIDs(), `"patchlint rules" lists them`))
		}
		var text string
		if err := decode(level, reflect.ValueOf(&text).Elem()); err != nil {
			return err
		}
		severity, err := ParseRule(id.Value, text)
		if err != nil {
			return at(level, "%v", err)
		}
		rules[id.Value] = severity
		return nil
	})
	return err
}

// members hands out the keys of a mapping with their values, until one is refused, and
// returns the keys.
func members(n *yaml.Node, take func(key, value *yaml.Node) error) (seen map[string]bool, err error) {
	seen = make(map[string]bool)
	for pair := range slices.Chunk(n.Content, 2) {
		key := pair[0]
		switch {
		case key.Kind == yaml.AliasNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 || key.Tag == "!!merge":
			return nil, at(key, noReference)
		case key.Kind != yaml.ScalarNode:
			return nil, at(key, "expected a key, found %s", called(key.Kind))
		case seen[key.Value]:
			return nil, at(key, "duplicate key%s", shown(" ", key.Value))
		}
		seen[key.Value] = true
		if err := take(key, pair[1]); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// field is a field of a struct that a key of a mapping sets.
type field struct {
	index    int
	required bool
}

// fields returns the fields of a struct by their keys; none where the struct is
// read from a scalar.
func fields(t reflect.Type) map[string]field {
	known := make(map[string]field)
	for i := 0; t.Kind() == reflect.Struct && i < t.NumField(); i++ {
		if key, option, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); key != "" && key != "-" {
			known[key] = field{i, option == "required"}
		}
	}
	return known
}
