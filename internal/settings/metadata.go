package settings

import (
	"cmp"
	"fmt"
	"os"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/schema"
)

// Metadata are the $metadata documents that take the place of the embedded facts of
// API versions.
type Metadata struct {
	Beta Path `yaml:"beta"`
	V1   Path `yaml:"v1.0"`
}

// AddMetadata makes a $metadata document, which messages call shown, the metadata of an
// API version, whatever the settings say. The version is as for schema.Parse.
func (c *Run) AddMetadata(file, shown string, version schema.Version) (*schema.Model, error) {
	if info, err := os.Stat(file); err == nil && info.Size() > csdl.MaxSize {
		return nil, fmt.Errorf("%s:1:1: the document is larger than %d bytes", shown, csdl.MaxSize)
	}
	src, err := readRegular(file, shown, csdl.MaxSize)
	if err != nil {
		return nil, err
	}
	m, err := schema.Parse(src, version)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", shown, err)
	}
	if c.Models == nil {
		c.Models = make(schema.Models)
	}
	c.Models[m.Version] = m
	return m, nil
}

// readMetadata reads the documents that the settings name.
func (c *Run) readMetadata() error {
	if c.Metadata == (Metadata{}) {
		return nil // Parse has held the types against the embedded facts
	}
	for _, version := range schema.Versions() {
		path := c.Metadata.Beta
		if version == schema.V1 {
			path = c.Metadata.V1
		}
		read := func(file, shown string) error {
			_, err := c.AddMetadata(file, shown, version)
			return err
		}
		if err := c.use(path, "metadata", read); err != nil {
			return err
		}
	}
	if err := c.checkTypes(c.Models); err != nil {
		return fmt.Errorf("%s:%w", c.name, err)
	}
	return nil
}

// checkTypes returns the place and the fault of the first name that is not that of a
// type in any API version.
func (s *Settings) checkTypes(models schema.Models) error {
	var names []TypeName
	for _, t := range s.Types {
		names = append(names, t.Name)
	}
	for _, own := range s.Schemas {
		if own.Type.Name != "" {
			names = append(names, own.Type)
		}
	}
	for _, name := range names {
		if err := anyType(models, name.Name); err != nil {
			return fmt.Errorf("%v: %w", name.At, err)
		}
	}
	return nil
}

// anyType returns an error for a name that is not that of a type in any API version.
func anyType(models schema.Models, name string) (first error) {
	for _, v := range schema.Versions() {
		model, err := models.Open(v)
		if err == nil {
			_, err = model.Resource(name)
		}
		if err == nil {
			return nil
		}
		first = cmp.Or(first, err)
	}
	return first
}
