package command

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"time"
)

// progress is a line on a terminal that says how far a long run has come.
type progress struct {
	w       io.Writer
	done    int
	started time.Time
	shown   time.Time
}

// newProgress returns one that shows nothing unless somebody is there to see
// it: pre-commit gives its hooks a terminal and records what they write.
func newProgress(w io.Writer, quiet bool) *progress {
	if quiet || os.Getenv("CI") != "" || os.Getenv("PRE_COMMIT") != "" || !terminal(w) {
		w = nil
	}
	return &progress{w: w, started: time.Now()}
}

func (p *progress) step() {
	p.done++
	if p.w == nil || p.done%64 != 0 {
		return
	}
	if now := time.Now(); now.Sub(p.started) > time.Second && now.Sub(p.shown) > 100*time.Millisecond {
		p.shown = now
		fmt.Fprintf(p.w, "\r%d files checked", p.done)
	}
}

// clear takes the line away before anything else is written.
func (p *progress) clear() {
	if p.w != nil && !p.shown.IsZero() {
		fmt.Fprintf(p.w, "\r%s\r", bytes.Repeat([]byte{' '}, len("files checked")+24))
		p.shown = time.Time{}
	}
}
