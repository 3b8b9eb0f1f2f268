package settings

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/schema/facts"
)

// Metadata names $metadata documents to use in place of the embedded facts.
type Metadata struct {
	Beta Located `yaml:"beta"`
	V1   Located `yaml:"v1.0"`
}

// AddMetadata reads a $metadata document and uses it for its API version, whatever the
// settings say. shown is its name in messages; version is as for schema.Parse.
func (c *Run) AddMetadata(file, shown string, version schema.Version) (*schema.Model, error) {
	src, err := files.ReadRegular(file, shown, csdl.MaxSize)
	if err != nil {
		return nil, err
	}
	m, err := ParseMetadata(src, shown, version)
	if err != nil {
		return nil, err
	}
	if c.Models == nil {
		c.Models = make(schema.Models)
	}
	c.Models[m.Version] = m
	return m, nil
}

// ParseMetadata is like schema.Parse. shown is the name of the document in errors. Because the
// document may be some other file, an error does not repeat credentials from around its
// position, or text that has the form of a credential.
func ParseMetadata(src []byte, shown string, version schema.Version) (*schema.Model, error) {
	m, err := schema.Parse(src, version)
	if err != nil {
		text := secret.MaskName(err.Error())
		if fault, ok := errors.AsType[*csdl.Error](err); ok {
			text = secret.Mask(patchlint.Unparsed([]byte(fault.Around)), text)
		}
		return nil, fmt.Errorf("%s:%s", shown, text)
	}
	if m.Facts().Namespace != facts.Graph {
		return nil, fmt.Errorf("%s:1:1: the document has no schema %s; expected the metadata of Microsoft Graph, as GET $metadata returns it", shown, facts.Graph)
	}
	return m, nil
}

// readMetadata reads the documents named by the settings.
func (c *Run) readMetadata() error {
	if c.Metadata == (Metadata{}) {
		return nil // Parse has checked the types against the embedded facts
	}
	for i, path := range []Located{c.Metadata.Beta, c.Metadata.V1} {
		version := []schema.Version{schema.Beta, schema.V1}[i]
		read := func(file, shown string) error {
			_, err := c.AddMetadata(file, shown, version)
			return err
		}
		if err := c.readNamed(path, "metadata", read); err != nil {
			return err
		}
	}
	if err := c.checkTypes(c.Models); err != nil {
		return fmt.Errorf("%s:%w", c.name, err)
	}
	return nil
}

// checkTypes returns an error, with its position, for the first type name that is
// unknown in every API version.
func (s *Settings) checkTypes(models schema.Models) error {
	var names []Located
	for _, t := range s.Types {
		names = append(names, t.Name)
	}
	for _, own := range s.Schemas {
		if own.Type.Name != "" {
			names = append(names, own.Type)
		}
	}
	for _, name := range names {
		var first error
		known := slices.ContainsFunc(schema.Versions(), func(v schema.Version) bool {
			model, err := models.Open(v)
			if err == nil {
				_, err = model.Resource(name.Name)
			}
			first = cmp.Or(first, err)
			return err == nil
		})
		if !known {
			return fmt.Errorf("%v: %w", name.At, first)
		}
	}
	return nil
}

const (
	maxSchema  = 1 << 20 // bytes in a team's JSON Schema
	maxSchemas = 100     // in the settings
)

// ReadSchema reads a team's JSON Schema from a regular file. shown is its name in
// findings and errors.
func ReadSchema(file, shown string) (*conform.Team, error) {
	src, err := files.ReadRegular(file, shown, maxSchema)
	if err != nil {
		return nil, err
	}
	team, err := conform.ReadTeam(shown, src)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", shown, err)
	}
	return team, nil
}

// readSchemas reads the JSON Schemas named by the settings.
func (c *Run) readSchemas() error {
	for i := range c.Schemas {
		s := &c.Schemas[i]
		err := c.readNamed(s.File, "schema", func(file, shown string) (err error) {
			if i == maxSchemas {
				return fmt.Errorf("at most %d schemas are allowed", maxSchemas)
			}
			if s.team, err = ReadSchema(file, shown); err == nil {
				s.team.Type = s.Type.Name
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
