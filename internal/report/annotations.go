package report

import "strings"

// maxAnnotations is how many annotations of each level a build service takes from a
// step: GitHub drops the rest without a word, and so does Azure Pipelines (agent,
// ExecutionContext.cs).
const maxAnnotations = 10

// annotations are the first annotations of a level, and how many there are.
type annotations struct {
	first []annotation
	n     int
}

// annotation is a command for a build service, with the line that the log gets in
// its place if the service would not take it; "" for none.
type annotation struct{ command, line string }

// add adds an annotation, and reports whether it is one of the first.
func (a *annotations) add(command, line string) bool {
	if a.n++; a.n > maxAnnotations {
		return false
	}
	a.first = append(a.first, annotation{command, line})
	return true
}

// before returns annotations that come before others.
func (a annotations) before(others annotations) annotations {
	return annotations{append(a.first, others.first...), a.n + others.n}
}

// text is what is written of a level. Where there are more annotations than are
// taken, the last one is what more returns for the number of those left out.
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
