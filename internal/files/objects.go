package files

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint/internal/input"
)

// object is a file in the object database of a repository.
type object struct {
	name    string            // its id, or ":0:PATH" for a path in the index
	path    string            // of the file in the work tree
	content *io.SectionReader // nil until it is loaded, and if it is missing or not a file
	unread  bool              // too large to search it for files that its requests include
}

// store keeps the contents of objects in a temporary file, which is created when there are
// any.
type store struct{ file *AtomicFile }

// load reads the contents of objects: at most limit+1 bytes of a document, which show that it
// is too large, and all lines of an .ndjson file. They can be opened until the store is
// closed, even concurrently.
func (s *store) load(g *git, list []*object, limit int64) (err error) {
	if len(list) == 0 {
		return nil
	}
	if s.file == nil {
		if s.file, err = createTemporary(); err != nil {
			return err
		}
	}
	var names strings.Builder
	for _, object := range list {
		names.WriteString(object.name + "\n")
	}
	from, to := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		to.CloseWithError(g.run(strings.NewReader(names.String()), to, "cat-file", "--batch"))
	}()
	if err = s.readBatch(bufio.NewReader(from), list, limit); err != nil {
		err = fmt.Errorf("git cat-file: %w", Plain(err))
	}
	from.Close()
	<-ended
	return err
}

// readBatch reads the output of git cat-file --batch.
func (s *store) readBatch(out *bufio.Reader, list []*object, limit int64) error {
	start, err := s.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	for _, o := range list {
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
			if format, _ := input.ForName(o.path); !format.Lines {
				kept = min(size, limit+1)
			}
			if _, err := io.CopyN(s.file, out, kept); err != nil {
				return err
			}
			o.content = io.NewSectionReader(s.file, start, kept)
			start, size = start+kept, size-kept
		}
		if _, err := io.CopyN(io.Discard, out, size+1); err != nil { // with the line feed after it
			return err
		}
	}
	_, err = out.ReadByte()
	if err == io.EOF { // git has ended without an error
		return nil
	}
	return err
}

// Close removes the contents.
func (s *store) Close() {
	if s.file != nil {
		s.file.Abandon()
	}
}

// open opens a loaded object.
func (o *object) open() (io.ReadCloser, error) {
	if o.content == nil {
		return nil, fmt.Errorf("git does not have the object %s here; in a partial clone, fetch it first", o.name)
	}
	return content{io.NewSectionReader(o.content, 0, o.content.Size())}, nil
}
