package files

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// objects are files in the object database of a repository, whose contents git writes to
// a temporary file. Once loaded they are safe for concurrent use.
type objects struct {
	*snapshot
	names    []string // ids, or ":PATH" for a path in the index
	file     *os.File
	contents []*io.SectionReader // nil for what is not there or not a file
}

// load reads the contents. They can be opened until the file is closed.
func (o *objects) load() (err error) {
	if o.file, err = os.CreateTemp(o.tempDir, "objects-*"); err != nil || len(o.names) == 0 {
		return Plain(err)
	}
	if err := o.run(strings.NewReader(strings.Join(o.names, "\n")+"\n"), o.file, "cat-file", "--batch"); err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	if _, err := o.file.Seek(0, io.SeekStart); err != nil {
		return Plain(err)
	}
	out, offset := bufio.NewReader(o.file), int64(0)
	for range o.names {
		header, err := out.ReadString('\n')
		if err != nil {
			return fmt.Errorf("git cat-file: %w", err)
		}
		offset += int64(len(header))
		var content *io.SectionReader
		fields := append(strings.Fields(header), "", "") // OBJECT blob SIZE, or NAME missing
		if size, err := strconv.ParseInt(fields[2], 10, 64); err == nil {
			if fields[1] == "blob" {
				content = io.NewSectionReader(o.file, offset, size)
			}
			offset += size + 1 // with the line feed after it
			_, _ = out.Discard(int(size) + 1)
		}
		o.contents = append(o.contents, content)
	}
	return nil
}

// open opens an object, with a Size method.
func (o *objects) open(i int) (io.ReadCloser, error) {
	c := o.contents[i]
	if c == nil {
		return nil, fmt.Errorf("git does not have the object %s here; in a partial clone fetch it first", o.names[i])
	}
	return content{io.NewSectionReader(c, 0, c.Size())}, nil
}

// Close removes the contents.
func (o *objects) Close() error {
	if o.file == nil {
		return nil
	}
	_ = o.file.Close()
	return os.Remove(o.file.Name())
}
