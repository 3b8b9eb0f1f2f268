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

// objects reads the objects of a repository through one git. It is safe for
// concurrent use.
type objects struct {
	snapshot *snapshot

	mu     sync.Mutex
	batch  *batch // nil before the first object
	broken error
}

// open opens the content of an object.
func (o *objects) open(id string) (io.ReadCloser, error) {
	text, err := o.read(id)
	if errors.Is(err, errLarge) {
		return o.stream(id)
	}
	return content{bytes.NewReader(text)}, err
}

// read returns the content of an object.
func (o *objects) read(id string) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.batch == nil && o.broken == nil {
		o.batch, o.broken = o.snapshot.batch()
	}
	if o.broken != nil {
		return nil, o.broken
	}
	text, err := o.batch.read(id)
	switch {
	case errors.Is(err, errLarge), errors.Is(err, errNotBlob):
		o.batch.end() // it would print all of it
		o.batch = nil
	case err != nil:
		o.broken = fmt.Errorf("git cat-file: %w", err)
		err = o.broken
	case text == nil:
		err = fmt.Errorf("git does not have the object %s here; in a partial clone fetch it first", id)
	}
	return text, err
}

// stream opens a large object, which is not held in memory.
func (o *objects) stream(id string) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(context.Background())
	command := o.snapshot.command(ctx, "cat-file", "blob", id)
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	return &streamed{out, command, cancel}, nil
}

type streamed struct {
	out     io.Reader
	command *exec.Cmd
	cancel  context.CancelFunc
}

func (s *streamed) Read(b []byte) (int, error) {
	n, err := s.out.Read(b)
	if err == io.EOF {
		if failure := s.command.Wait(); failure != nil {
			return n, fmt.Errorf("git cat-file: %w", failure)
		}
	}
	return n, err
}

func (s *streamed) Close() error {
	s.cancel()
	_ = s.command.Wait() // what it says has been read, or is not wanted
	return nil
}

// Close ends git and removes the snapshot.
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

// batch is a git that prints objects on request.
type batch struct {
	command *exec.Cmd
	cancel  context.CancelFunc
	in      io.WriteCloser
	out     *bufio.Reader
}

func (s *snapshot) batch() (*batch, error) {
	ctx, cancel := context.WithCancel(context.Background())
	b := &batch{command: s.command(ctx, "cat-file", "--batch"), cancel: cancel}
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

// largeObject is from how many bytes on an object is not held in memory.
const largeObject = 8 << 20

var (
	errLarge   = errors.New("a large object")
	errNotBlob = errors.New("not a file")
)

// read has git print an object. The text is nil for one that it lacks.
func (b *batch) read(id string) ([]byte, error) {
	late := time.AfterFunc(patience, b.cancel)
	defer late.Stop()
	if _, err := io.WriteString(b.in, id+"\n"); err != nil {
		return nil, err
	}
	header, err := b.out.ReadString('\n') // "OBJECT blob SIZE"
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(header)
	switch {
	case len(fields) != 3: // "OBJECT missing"
		return nil, nil
	case fields[1] != "blob":
		return nil, fmt.Errorf("the object %s: %w", id, errNotBlob)
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	switch {
	case err != nil:
		return nil, err
	case size >= largeObject:
		return nil, errLarge
	}
	text := make([]byte, size+1) // and a line feed
	if _, err := io.ReadFull(b.out, text); err != nil {
		return nil, err
	}
	return text[:size], nil
}

func (b *batch) end() {
	_ = b.in.Close()
	b.cancel()
	_ = b.command.Wait() // killed: its answers have been read
}
