package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
)

// TestNarrow checks that the frame of a long line fits screens of several widths, and
// contains the marked text.
func TestNarrow(t *testing.T) {
	pad := strings.Repeat("é漢😀 ", 30)
	for _, src := range []string{
		`{"displayName": "` + pad + `", "macOSOnboarded": true, "x": "` + pad + `"}`,
		`{"iosOnboarded": "` + pad + pad + `"}`,
		strings.Repeat("\n", 1200) + `{"macOSOnboarded":             ` + strings.Repeat(" ", 300) + `true}`,
	} {
		file := linted("a.json", src)
		for _, columns := range []int{40, 60, 80, 120, 200} {
			for line := range strings.Lines(printed(t, "text", Options{Width: columns}, nil, file)) {
				line = strings.TrimSuffix(line, "\n")
				if frame := strings.Contains(line, " |"); frame && strings.HasPrefix(line, "  ") && width(line) > columns {
					t.Errorf("%d columns of %d: %s", width(line), columns, line)
				}
			}
		}
		if text := printed(t, "text", Options{Width: 60}, nil, file); !strings.Contains(text, "^") || !strings.Contains(text, "...") {
			t.Errorf("nothing is marked or cut:\n%s", text)
		}
	}
}

// TestFrameOfNothing checks that an empty span marks the whole character after it.
func TestFrameOfNothing(t *testing.T) {
	for src, want := range map[string]string{"": " ^", "x": "x ^", "éx": "éx ^", "漢x": "漢x ^^", "\uFEFFx": `\ufeffx ^^^^^^`, "\xC3": `\xc3 ^^^^`} {
		line, mark := frame(patchlint.Unparsed([]byte(src)), patchlint.Span{}, 80)
		if got := line + " " + mark; got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

// TestFrameOfBytes checks that a span of one byte that is not UTF-8 marks only that byte.
func TestFrameOfBytes(t *testing.T) {
	line, mark := frame(patchlint.Unparsed([]byte("a\x80\x80\x80x")), patchlint.Span{Start: 1, End: 2}, 80)
	if got, want := line+"\n"+mark, `a\x80\x80\x80x`+"\n ^^^^"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestMinor checks which findings are left out of a report for people: infos that
// offer no fix, unless their rule's severity was chosen.
func TestMinor(t *testing.T) {
	file := linted("a.json", `{"partnerState": "enabled", "iosOnboarded": true, "@odata.type": "microsoft.graph.complianceManagementPartner"}`)
	count := func(o Options) int { return strings.Count(printed(t, "text", o, nil, file), "info: ") }
	if n := count(Options{}); n != 2 {
		t.Errorf("%d infos of 2", n)
	}
	if n := count(Options{NoMinor: true}); n != 1 {
		t.Errorf("%d infos of 1 with a fix", n)
	}
	file.Chosen = map[string]patchlint.Severity{"server-managed-property": patchlint.Info}
	if n := count(Options{NoMinor: true}); n != 2 {
		t.Errorf("%d infos of 2 where one was chosen", n)
	}
	for _, format := range FormatNames() {
		if format != "text" && printed(t, format, Options{NoMinor: true}, nil, file) != printed(t, format, Options{}, nil, file) {
			t.Errorf("%s leaves something out", format)
		}
	}
}

// TestSurplus checks that if a rule has many findings that do not fail the run, a report
// for people shows the first few, and says how many more there are.
func TestSurplus(t *testing.T) {
	annotations := func(n int) *File {
		text := `{"iosOnboarded": true, "x": 1`
		for i := range n {
			text += fmt.Sprintf(`, "@odata.x%d": 1`, i)
		}
		return linted("a.json", text+"}")
	}
	for n := range 8 {
		file := annotations(n)
		notFailing := 0
		for _, d := range file.Findings {
			if d.Severity < patchlint.Error && !file.Minor(d) {
				notFailing++
			}
		}
		for name, test := range map[string]struct {
			options Options
			shown   int
		}{
			"few":     {Options{NoMinor: true}, min(notFailing, few)},
			"all":     {Options{}, notFailing},
			"brief":   {Options{NoMinor: true, Brief: true}, notFailing},
			"failing": {Options{NoMinor: true, FailOn: patchlint.Warning}, notFailing},
		} {
			want := test.shown
			text := printed(t, "text", test.options, nil, file)
			if got := strings.Count(text, "warning: "); got != want {
				t.Errorf("%s: %d of %d warnings are shown, want %d:\n%s", name, got, notFailing, want, text)
			}
			more := fmt.Sprintf("a.json: %s [", Count(notFailing-few, "more finding", "more findings"))
			if strings.Contains(text, more) != (want < notFailing) {
				t.Errorf("%s: it does not say how many of %d warnings are left:\n%s", name, notFailing, text)
			}
		}
		if n == 7 && notFailing < 6 {
			t.Errorf("%d warnings in the sample", notFailing)
		}
	}
}
