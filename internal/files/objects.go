package files

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint/internal/input"
)

// object is a file in the object database of a repository.
type object struct {
	name    string            // its id, or ":0:PATH" for a path in the index
	path    string            // of the file in the work tree
	content *io.SectionReader // nil until it is loaded, and if it is missing or not a file
}

// objects are objects whose contents git writes to a temporary file. Once loaded they are
// safe for concurrent use.
type objects struct {
	*git
	list  []object
	limit int64 // of a document in bytes
	file  *os.File
}

// load reads the contents, as far as they are needed: of a larger document one byte more
// than the limit, and all lines of an .ndjson file. They can be opened until the file is
// closed.
func (o *objects) load() error {
	if len(o.list) == 0 {
		return nil
	}
	err := createTemporary(func() (name string, err error) {
		if o.file, err = os.CreateTemp("", "patchlint-*.tmp"); err == nil {
			name = o.file.Name()
		}
		return name, err
	})
	if err != nil {
		return Plain(err)
	}
	var names strings.Builder
	for _, object := range o.list {
		names.WriteString(object.name + "\n")
	}
	from, to := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		to.CloseWithError(o.run(strings.NewReader(names.String()), to, "cat-file", "--batch"))
	}()
	if err = o.readBatch(bufio.NewReader(from)); err != nil {
		err = fmt.Errorf("git cat-file: %w", Plain(err))
	}
	from.Close()
	<-ended
	return err
}

// readBatch reads the output of git cat-file --batch.
func (o *objects) readBatch(out *bufio.Reader) error {
	offset := int64(0)
	for i := range o.list {
		header, err := out.ReadString('\n')
		if err != nil {
			return err
		}
		// "OBJECT blob SIZE", or "NAME missing", where a name in the index may have spaces
		fields := strings.Fields(header)
		if len(fields) != 3 || fields[2] == "missing" {
			continue
		}
		size, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil {
			return err
		}
		if fields[1] == "blob" {
			kept := size
			if format, _ := input.ForName(o.list[i].path); format.Name != "ndjson" {
				kept = min(size, o.limit+1)
			}
			if _, err := io.CopyN(o.file, out, kept); err != nil {
				return err
			}
			o.list[i].content = io.NewSectionReader(o.file, offset, kept)
			offset, size = offset+kept, size-kept
		}
		if _, err := io.CopyN(io.Discard, out, size+1); err != nil { // with the line feed after it
			return err
		}
	}
	_, err := out.ReadByte()
	if err == io.EOF { // git has ended without an error
		return nil
	}
	return err
}

// open opens an object.
func (o *objects) open(i int) (content, error) {
	if o.list[i].content == nil {
		return content{}, fmt.Errorf("git does not have the object %s here; in a partial clone, fetch it first", o.list[i].name)
	}
	return newContent(o.list[i].content), nil
}

// Close removes the contents.
func (o *objects) Close() error {
	if o.file == nil {
		return nil
	}
	_ = o.file.Close()
	return releaseTemporary(o.file.Name(), func() error { return os.Remove(o.file.Name()) })
}
