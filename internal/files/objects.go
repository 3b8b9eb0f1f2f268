package files

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint/internal/input"
)

// object is a file in the object database of a repository.
type object struct {
	name    string        // its id, or ":0:PATH" for a path in the index
	path    string        // of the file in the work tree
	content *bytes.Buffer // nil until it is loaded, and if it is missing or not a file
}

// load reads the contents of objects, as far as they are needed: of a document larger than
// limit bytes one byte more, and all lines of an .ndjson file.
func (g *git) load(list []*object, limit int64) error {
	if len(list) == 0 {
		return nil
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
	err := readBatch(bufio.NewReader(from), list, limit)
	if err != nil {
		err = fmt.Errorf("git cat-file: %w", err)
	}
	from.Close()
	<-ended
	return err
}

// readBatch reads the output of git cat-file --batch.
func readBatch(out *bufio.Reader, list []*object, limit int64) error {
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
			if format, _ := input.ForName(o.path); format.Name != "ndjson" {
				kept = min(size, limit+1)
			}
			o.content = new(bytes.Buffer) // of no certain size, because a damaged object may claim any
			if _, err := io.CopyN(o.content, out, kept); err != nil {
				return err
			}
			size -= kept
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

// open opens a loaded object.
func (o *object) open() (io.ReadCloser, error) {
	if o.content == nil {
		return nil, fmt.Errorf("git does not have the object %s here; in a partial clone, fetch it first", o.name)
	}
	return content{bytes.NewReader(o.content.Bytes())}, nil
}
