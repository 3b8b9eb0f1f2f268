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
	// Document is the document of the findings. Its source is the decompressed body, in
	// which secrets are not masked, or empty if the body could not be read. It may be nil
	// in a Refused that New's RoundTripper did not return.
	Document *patchlint.Document

	failOn patchlint.Severity
}

// fewFindings is the number of findings that Error lists.
const fewFindings = 3

// Error returns the findings because of which the request was not sent, the first of them
// as line:column: message [rule]. Columns count UTF-16 units, as editors do.
func (r *Refused) Error() string {
	var texts []string
	for _, d := range r.Findings {
		if d.Severity < r.failOn {
			continue
		}
		place := ""
		if r.Document != nil {
			line, column := r.Document.PositionUTF16(d.Span.Start)
			place = fmt.Sprintf("%d:%d: ", line, column)
		}
		texts = append(texts, fmt.Sprintf("%s%s [%s]", place, d.Message, d.Rule))
	}
	if more := len(texts) - fewFindings; more > 0 {
		texts = append(texts[:fewFindings], fmt.Sprintf("and %d more", more))
	}
	return "patchlint: not sent: " + strings.Join(texts, "; ")
}
