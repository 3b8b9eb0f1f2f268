package settings

import (
	"errors"
	"fmt"
	"os"

	"github.com/patchlint/patchlint/schema"
)

// Metadata are the $metadata documents that take the place of the embedded facts of
// API versions.
type Metadata struct {
	Beta Path `yaml:"beta"`
	V1   Path `yaml:"v1.0"`
}

// ReadMetadata reads a $metadata document, which messages call shown, as the model of
// an API version.
func ReadMetadata(file, shown string, version schema.Version) (*schema.Model, error) {
	if info, err := os.Stat(file); err == nil && info.Size() > schema.MaxMetadata {
		return nil, fmt.Errorf("%s:1:1: the document is larger than %d bytes", shown, schema.MaxMetadata)
	}
	src, err := readRegular(file, shown, schema.MaxMetadata)
	if err != nil {
		return nil, err
	}
	m, err := schema.Parse(src, version)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", shown, err)
	}
	return m, nil
}

// AddMetadata makes a file the metadata of an API version, whatever the settings say.
func (c *Run) AddMetadata(file, shown string, version schema.Version) error {
	m, err := ReadMetadata(file, shown, version)
	if err != nil {
		return err
	}
	if c.Models == nil {
		c.Models = make(schema.Models)
	}
	c.Models[version] = m
	return nil
}

// readMetadata reads the documents that the settings name, which must be files of the
// repository, as the JSON Schemas must.
func (c *Run) readMetadata() error {
	for _, version := range schema.Versions() {
		path := c.Metadata.Beta
		if version == schema.V1 {
			path = c.Metadata.V1
		}
		if path.Name == "" {
			continue
		}
		real, shown, err := c.ours(path)
		if err == nil {
			err = c.AddMetadata(real, shown, version)
		}
		if err != nil {
			return fmt.Errorf("%s:%v: metadata: %w", c.name, path.At, err)
		}
	}
	if c.Metadata == (Metadata{}) {
		return nil // Parse has held the types against the embedded facts
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
		var first error
		for _, v := range schema.Versions() {
			model, err := models.Open(v)
			if err == nil {
				_, err = model.Resource(name.Name)
			}
			if err == nil {
				first = nil
				break
			}
			if first == nil {
				first = err
			}
		}
		if first != nil {
			return errors.New(name.At.String() + ": " + first.Error())
		}
	}
	return nil
}
