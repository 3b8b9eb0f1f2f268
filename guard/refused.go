package guard

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
)

// Refused is the error of a request that was not sent. An http.Client wraps it in a
// *url.Error, whose text contains the whole URL; use errors.As to find it.
type Refused struct {
	// URL is the URL of the request without user name, query and fragment.
	URL string
	// Findings are all findings of the body in the order of their positions, including
	// those below Options.FailOn. Their messages contain no credentials.
	Findings []patchlint.Diagnostic
	// Document is the document of the findings. Its source is the decompressed body with
	// any secrets in it, or empty if the body could not be read. It may be nil in a
	// Refused that New's RoundTripper did not return.
	Document *patchlint.Document

	failOn patchlint.Severity
}

// fewFindings is the number of findings that Error lists.
const fewFindings = 3

// Error returns the number of findings because of which the request was not sent, and
// the first of them as line:column: message [rule]. Columns count UTF-16 units, as
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
			line, column := r.Document.PositionUTF16(d.Span.Start)
			fmt.Fprintf(&b, "%d:%d: ", line, column)
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
