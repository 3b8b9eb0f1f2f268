package files

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// objects reads the objects of a repository through one long-running git process. It is
// safe for concurrent use.
type objects struct {
	*snapshot
	staged []stagedFile

	mu     sync.Mutex
	batch  *batch // nil until the first object is read
	broken error
}

// largeObject is the size in bytes from which an object is streamed instead of buffered.
const largeObject = 8 << 20

var errNotBlob = errors.New("not a file")

// open opens the object with the given id.
func (o *objects) open(id string) (io.ReadCloser, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.batch == nil && o.broken == nil {
		o.batch, o.broken = o.start()
	}
	if o.broken != nil {
		return nil, o.broken
	}
	b := o.batch
	timeout := time.AfterFunc(gitTimeout, b.cancel)
	defer timeout.Stop()
	size, err := b.ask(id)
	if err == nil && size >= largeObject {
		o.batch = nil // this process prints the large object; the next object starts another
		return &large{io.LimitedReader{R: b.out, N: size}, b}, nil
	}
	text := make([]byte, size+1) // with the line feed after it
	if err == nil && size >= 0 {
		_, err = io.ReadFull(b.out, text)
	}
	switch {
	case errors.Is(err, errNotBlob):
		b.end() // avoids reading the whole object
		o.batch = nil
	case err != nil:
		err = fmt.Errorf("git cat-file: %w", err)
		o.broken = err
	case size < 0:
		err = fmt.Errorf("git does not have the object %s here; in a partial clone fetch it first", id)
	}
	if err != nil {
		return nil, err
	}
	return content{bytes.NewReader(text[:size])}, nil
}

// large streams a large object from its own git process.
type large struct {
	io.LimitedReader
	*batch
}

func (l *large) Read(b []byte) (int, error) {
	n, err := l.LimitedReader.Read(b)
	if err == io.EOF && l.N > 0 {
		err = fmt.Errorf("git cat-file: %w", io.ErrUnexpectedEOF)
	}
	return n, err
}

func (l *large) Close() error {
	l.end()
	return nil
}

// Close stops git and removes the snapshot.
func (o *objects) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.batch != nil {
		o.batch.end()
		o.batch = nil
	}
	o.broken = os.ErrClosed
	o.snapshot.Close()
}

// batch is a running git cat-file --batch.
type batch struct {
	command *exec.Cmd
	cancel  context.CancelFunc
	in      io.WriteCloser
	out     *bufio.Reader
}

func (o *objects) start() (*batch, error) {
	ctx, cancel := context.WithCancel(context.Background())
	b := &batch{command: o.command(ctx, "cat-file", "--batch"), cancel: cancel}
	in, err := b.command.StdinPipe()
	out, outErr := b.command.StdoutPipe()
	if err = errors.Join(err, outErr); err == nil {
		err = b.command.Start()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	b.in, b.out = in, bufio.NewReaderSize(out, 64<<10)
	return b, nil
}

// ask requests an object and returns its size, or -1 if the repository does not have
// it. The content can then be read from out.
func (b *batch) ask(id string) (size int64, err error) {
	if _, err := io.WriteString(b.in, id+"\n"); err != nil {
		return 0, err
	}
	header, err := b.out.ReadString('\n') // "OBJECT blob SIZE"
	fields := strings.Fields(header)
	switch {
	case err != nil:
		return 0, err
	case len(fields) != 3: // "OBJECT missing"
		return -1, nil
	case fields[1] != "blob":
		return 0, fmt.Errorf("the object %s: %w", id, errNotBlob)
	}
	return strconv.ParseInt(fields[2], 10, 64)
}

func (b *batch) end() {
	_ = b.in.Close()
	b.cancel()
	_ = b.command.Wait() // the process is killed, so the error means nothing
}
