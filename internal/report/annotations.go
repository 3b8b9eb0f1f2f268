package report

import "strings"

// maxAnnotations is the number of annotations of each level that a build service keeps
// per step. GitHub and Azure Pipelines (agent, ExecutionContext.cs) drop the rest silently.
const maxAnnotations = 10

// annotations collects the annotations of one level.
type annotations struct {
	first []annotation // at most maxAnnotations
	n     int          // that were added
}

// annotation is a command for a build service, and the line that is logged if the
// command is left out.
type annotation struct{ command, line string }

// add adds an annotation, and reports whether it is one of the first maxAnnotations.
func (a *annotations) add(command, line string) bool {
	if a.n++; a.n > maxAnnotations {
		return false
	}
	a.first = append(a.first, annotation{command, line})
	return true
}

// concat returns the annotations of a followed by those of b.
func (a annotations) concat(b annotations) annotations {
	return annotations{append(a.first, b.first...), a.n + b.n}
}

// text returns the commands of a level. If there are more than maxAnnotations, the last
// command is more(n), which stands for the n annotations left out.
func (a annotations) text(more func(n int) string) string {
	shown := a.first
	var b strings.Builder
	if a.n > maxAnnotations {
		shown = a.first[:maxAnnotations-1]
		for _, left := range a.first[len(shown):] {
			b.WriteString(left.line)
		}
	}
	for _, s := range shown {
		b.WriteString(s.command)
	}
	if left := a.n - len(shown); left > 0 {
		b.WriteString(more(left))
	}
	return b.String()
}
