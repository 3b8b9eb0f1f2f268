package guard

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
)

// Refused is the error of a request that was not sent. Where an http.Client is
// used, errors.As finds it in the *url.Error; the text of that one starts with
// the whole URL.
type Refused struct {
	// Method and URL are the request's; the URL has no user name, query
	// and fragment.
	Method, URL string
	// Findings are all findings of the body in the order of their places, including
	// those that alone would not have stopped it. No message holds a
	// credential.
	Findings []patchlint.Diagnostic
	// Document has the places of the findings. Its source is the body, after
	// decompression, with whatever secrets are in it; it is
	// empty when the body could not be read. A Refused that a program makes
	// itself may have none.
	Document *patchlint.Document

	failOn patchlint.Severity
}

// fewFindings is how many findings the text of an error has.
const fewFindings = 3

// Error says how many findings kept the request from being sent, and lists the
// first of them as line:column: message [rule]. Columns count UTF-16 units, as
// editors do.
func (r *Refused) Error() string {
	var counts [patchlint.Error + 1]int
	var b strings.Builder
	listed, more := 0, 0
	for _, d := range r.Findings {
		if d.Severity < r.failOn {
			continue
		}
		counts[min(d.Severity, patchlint.Error)]++
		if listed == fewFindings {
			more++
			continue
		}
		listed++
		b.WriteString("; ")
		if r.Document != nil {
			at := r.Document.PositionUTF16(d.Span.Start)
			fmt.Fprintf(&b, "%d:%d: ", at.Line, at.Column)
		}
		fmt.Fprintf(&b, "%s [%s]", d.Message, d.Rule)
	}
	if more > 0 {
		fmt.Fprintf(&b, "; and %d more", more)
	}
	var kinds []string
	for severity := patchlint.Error; severity >= patchlint.Info; severity-- {
		if n := counts[severity]; n == 1 {
			kinds = append(kinds, fmt.Sprintf("1 %s", severity))
		} else if n > 1 {
			kinds = append(kinds, fmt.Sprintf("%d %ss", n, severity))
		}
	}
	return "patchlint: not sent, " + strings.Join(kinds, ", ") + strings.Replace(b.String(), ";", ":", 1)
}
