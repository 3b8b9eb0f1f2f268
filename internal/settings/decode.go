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
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/validate"
)

// Limits of a settings file. The YAML parser needs a few hundred bytes for each line
// and punctuation mark, so they are counted before parsing.
const (
	maxSize        = 1 << 20 // bytes of the file
	maxPunctuation = 1 << 16 // lines and characters with a meaning in YAML
	maxDepth       = 32      // nested mappings and lists
	maxItems       = 1000    // in a list
	maxText        = 1024    // bytes in a value
)

// Parse parses a settings file. An error starts with its position, as "line:column: ".
func Parse(src []byte) (*Settings, error) {
	s, err := parse(src)
	if err != nil {
		return nil, errors.New(secret.Mask(patchlint.Unparsed(src), err.Error()))
	}
	return s, nil
}

func parse(src []byte) (*Settings, error) {
	if err := checkText(src); err != nil {
		return nil, err
	}
	// YAML 1.2 section 5.2 lets a byte order mark start a file.
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	loader, err := yaml.NewLoader(bytes.NewReader(src), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return nil, err
	}
	s := new(Settings)
	var document, second yaml.Node
	if err := loader.Load(&document); err == io.EOF {
		return s, nil
	} else if err != nil {
		return nil, syntaxError(err, src)
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
		return nil, errorAt(&second, "expected one document, found a second one")
	} else if err != io.EOF {
		return nil, syntaxError(err, src)
	}
	return s, nil
}

// checkText returns an error if a text must not be passed to the YAML parser.
func checkText(src []byte) error {
	if bytes.HasPrefix(src, []byte{0xFE, 0xFF}) || bytes.HasPrefix(src, []byte{0xFF, 0xFE}) {
		return errors.New("1:1: the file is UTF-16; save it as UTF-8")
	}
	fault := func(i int, format string, args ...any) error {
		line, column := patchlint.Unparsed(src).PositionUTF16(i)
		return fmt.Errorf("%v: %s", Place{line, column}, fmt.Sprintf(format, args...))
	}
	marks := 0
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return fault(i, "not valid UTF-8")
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7F: // YAML 1.2 section 5.1
			return fault(i, "control character U+%04X", r)
		case strings.ContainsRune("\n\r\u0085\u2028\u2029-?:,[]{}#&*!|>'\"%@`", r):
			marks++
		}
		if marks > maxPunctuation {
			return fault(i, "too many values; the settings can have at most %d lines and punctuation marks", maxPunctuation)
		}
		i += size
	}
	return nil
}

// syntaxError converts an error of the YAML parser. It replaces the messages that
// repeat text of the file, and those that a user could not act on.
func syntaxError(err error, src []byte) error {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return errors.New("1:1: not valid YAML")
	}
	message := "not valid YAML: " + load.Message
	switch {
	case strings.HasPrefix(load.Message, "unknown anchor"):
		message = noReference
	case strings.HasPrefix(load.Message, "exceeded max depth"):
		message = fmt.Sprintf("nested more than %d levels deep", maxDepth)
	case load.Mark.Index < len(src) && src[load.Mark.Index] == '\t':
		message = "tabs cannot be used for indentation; use spaces"
	}
	return fmt.Errorf("%v: %s", Place{max(load.Mark.Line, 1), max(load.Mark.Column, 1)}, message)
}

const noReference = "anchors, aliases, merge keys and tags are not supported; write the value itself"

// errorAt returns an error with the position of a node.
func errorAt(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%v: %s", Place{n.Line, n.Column}, fmt.Sprintf(format, args...))
}

// kindName returns the name of a node kind in messages.
func kindName(kind yaml.Kind) string {
	switch kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// decode sets a value from a node strictly, and returns the first error in the order of
// the text. The decoder of the YAML library loses positions, and repeats text of the
// file in its messages.
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
		return errorAt(n, noReference)
	case null && expected != yaml.ScalarNode: // leave the value unset
		return nil
	case null:
		return errorAt(n, "expected a value, found nothing")
	case n.Kind != expected:
		form := map[yaml.Kind]string{yaml.MappingNode: " such as {key: value}", yaml.SequenceNode: " such as [a, b]"}
		return errorAt(n, "expected %s%s, found %s", kindName(expected), form[expected], kindName(n.Kind))
	case rules:
		return decodeRules(n, into)
	case expected == yaml.MappingNode:
		return decodeStruct(n, into)
	case expected == yaml.SequenceNode:
		return decodeList(n, into)
	}
	text := n.Value
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 { // these end in a line feed
		text = strings.TrimSpace(text)
	}
	switch {
	case text == "":
		return errorAt(n, "expected a value, found an empty string")
	case len(text) > maxText:
		return errorAt(n, "the value is longer than %d bytes", maxText)
	}
	if err := scalar(into.Addr().Interface(), text, Place{n.Line, n.Column}); err != nil {
		return errorAt(n, "%v", err)
	}
	return nil
}

func decodeList(n *yaml.Node, into reflect.Value) error {
	if len(n.Content) > maxItems {
		return errorAt(n.Content[maxItems], "the list has more than %d items", maxItems)
	}
	into.Set(reflect.MakeSlice(into.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		if item.Tag == "!!null" {
			return errorAt(item, "expected an item, found nothing")
		}
		if err := decode(item, into.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func decodeStruct(n *yaml.Node, into reflect.Value) error {
	known := fields(into.Type())
	err := decodeMapping(n, func(key, value *yaml.Node) error {
		f, ok := known[key.Value]
		if !ok {
			names := slices.Sorted(maps.Keys(known))
			expected := "must be one of "
			if len(names) == 1 {
				expected = "must be "
			}
			return errorAt(key, "%v", UnknownName("key", key.Value, names, expected+strings.Join(names, ", ")))
		}
		return decode(value, into.Field(f.index))
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if known[name].required && into.Field(known[name].index).IsZero() {
			return errorAt(n, "missing key %q", name)
		}
	}
	return nil
}

func decodeRules(n *yaml.Node, into reflect.Value) error {
	rules := make(Rules)
	into.Set(reflect.ValueOf(rules))
	return decodeMapping(n, func(id, level *yaml.Node) error {
		if validate.Lookup(id.Value) == nil && !isDiffRule(id.Value) {
			return errorAt(id, "%v", UnknownName("rule", id.Value, ruleIDs(), `"patchlint rules" lists them`))
		}
		var text string
		if err := decode(level, reflect.ValueOf(&text).Elem()); err != nil {
			return err
		}
		severity, err := ParseRule(id.Value, text)
		if err != nil {
			return errorAt(level, "%v", err)
		}
		rules[id.Value] = severity
		return nil
	})
}

// decodeMapping calls take for each key and value of a mapping, until take returns an
// error.
func decodeMapping(n *yaml.Node, take func(key, value *yaml.Node) error) error {
	seen := make(map[string]bool)
	for pair := range slices.Chunk(n.Content, 2) {
		key := pair[0]
		switch {
		case key.Kind == yaml.AliasNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 || key.Tag == "!!merge":
			return errorAt(key, noReference)
		case key.Kind != yaml.ScalarNode:
			return errorAt(key, "expected a key, found %s", kindName(key.Kind))
		case seen[key.Value]:
			return errorAt(key, "duplicate key%s", quoteWord(" ", key.Value))
		}
		seen[key.Value] = true
		if err := take(key, pair[1]); err != nil {
			return err
		}
	}
	return nil
}

// field is a struct field that is set by a key of a mapping.
type field struct {
	index    int
	required bool
}

// fields returns the fields of a struct by key. The result is empty for a struct that
// is decoded from a scalar.
func fields(t reflect.Type) map[string]field {
	known := make(map[string]field)
	for i := 0; t.Kind() == reflect.Struct && i < t.NumField(); i++ {
		if key, option, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); key != "" && key != "-" {
			known[key] = field{i, option == "required"}
		}
	}
	return known
}
