package files

import (
	"fmt"
	"path"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

func TestPatternMatch(t *testing.T) {
	tests := []struct {
		pattern, file string // a directory ends in a slash
		want          bool
	}{
		{"generated", "a/generated/b.json", true},
		{"generated/", "generated/b.json", true},
		{"generated/", "a/generated/", true},
		{"generated/", "generated", false},
		{"a/*/", "a/b/", true},
		{"a/*/", "a/b/c.json", true},
		{"a/*/", "a/b.json", false},
		{"a/*", "a/", false},
		{"*.bak.json", "a/b/x.bak.json", true},
		{"*.bak.json", "x.json", false},
		{"a/*", "a/b/c/d.json", true},
		{"a/*", "b/a/c.json", false},
		{"./a/**", "a/b.json", true},
		{"a/**", "a", true},
		{"a/b*", "a/b", true},
		{"a/b*", "a/b/c.json", true},
		{"**/b/*.json", "b/c.json", true},
		{"**/b/*.json", "a/b/c.json", true},
		{"{a,b/{c,d}}/*.json", "b/d/x.json", true},
		{"{a,b/{c,d}}/*.json", "b/x.json", false},
		{"[a-c]?.json", "b1.json", true},
		{"[!a-c]?.json", "b1.json", false},
		{`\{a\}`, "{a}", true},
		{"a,b", "a,b", true},
		{"{!}a/*", "!a/b", true},
		{"../x", "../x/y.json", true},
		{".*", "../", false},
		{".*", "../../x.json", false},
		{".*", "../.x/y.json", true},
		{"*/x.json", "../x.json", false},
		{"*/*/x.json", "../../x.json", false},
		{"*/*/x.json", "../a/x.json", false},
		{"*/a", "../a/x.json", false},
		{"?./*", "../x.json", false},
		{"../*/x.json", "../a/x.json", true},
		{"../*/x.json", "../../x.json", false},
		{"../**", "../a/x.json", true},
		{"../**", "../../x.json", false},
		{"../../*.json", "../../x.json", true},
		{"**/x.json", "../x.json", true},
		{"{../un,gen}/u.json", "../un/u.json", true},
		{"{../un,gen}/u.json", "gen/u.json", true},
		{"{..,.}/gen/*.json", "../gen/x.json", true},
		{"{..,gen}/**", "../a/x.json", true},
		{"{**,gen}/x.json", "../x.json", true},
		{"{../,}sub/x.json", "../sub/x.json", true},
		{"{../,}sub/x.json", "sub/x.json", true},
		{"{../,}sub/x.json", "../../sub/x.json", false},
		{"..a/*", "..a/x.json", true},
		{"**", "x", true},
		{"?/**", "x", true},
		{"?/**", ".", false},
		{"?/**", "./", false},
	}
	for _, test := range tests {
		p, err := ParsePattern(test.pattern, false)
		file, dir := strings.CutSuffix(test.file, "/")
		if err != nil {
			t.Errorf("%s: %v", test.pattern, err)
		} else if got := p.Match(file, dir); got != test.want {
			t.Errorf("%s matches %s: %t, want %t", test.pattern, test.file, got, test.want)
		}
	}
	if runtime.GOOS != "windows" {
		for pattern, file := range map[string]string{
			`\[a\]\\`: `[a]\`, `a/x\\*`: `a/x\y`, `a/x\\y.json`: `a/x\y.json`, `a/{x\\y,z}.json`: `a/x\y.json`, `\!a/*`: "!a/b", "a/x[*]": "a/x*", `{a\,b,c}`: "a,b",
			`[\!\^\-\]]`: "]",
		} {
			if p, err := ParsePattern(pattern, true); err != nil || !p.Match(file, false) {
				t.Errorf("%s does not match %s: %v", pattern, file, err)
			}
		}
	}
	if (Pattern{}).Match("x", false) {
		t.Error("the zero pattern matches")
	}
}

func TestPatternRefused(t *testing.T) {
	refused := []string{
		"", ".", "./", "/", "//", "[", "[]", "a{b", "a}", "{a,{b}", `a\`, `[a\`, "[^]",
		"!a/b.json", "./!a", "a//b", "a/./b", "a/../b", "././a", "../a/../b", "**/../a", ".//a", "a/..", "a/.", "{a,b/../c}",
		strings.Repeat("{a,aa}", 25),
		strings.Repeat("{a,b/", 9) + strings.Repeat("}", 9) + strings.Repeat("{c,d}", 9),
		"{" + strings.Repeat("a,", 300) + "b}",
		strings.Repeat("{{a,b},{c,d}}", 5),
		strings.Repeat("{,a}", 9),
		strings.Repeat("x", 1025),
		strings.Repeat("**/", 9) + "x",
	}
	if runtime.GOOS != "windows" { // where a backslash is a slash
		refused = append(refused, `a\b.json`, `a\**`, `a\?`, `\\\b`, `{a\\\b,c}`, `[\d]`)
	}
	for _, text := range refused {
		if _, err := ParsePattern(text, true); err == nil {
			t.Errorf("%.60q is accepted", text)
		}
	}
	for _, text := range []string{"/a//b", "!/a", "/a/.."} {
		if _, err := ParsePattern(text, false); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
	for _, text := range []string{"{" + strings.Repeat("a,", 255) + "b}", strings.Repeat("{a,b}", 8), "[{]{a,b}", strings.Repeat("a,", 400), `\{` + strings.Repeat("{a,b}", 8), "../../a", "a!b"} {
		if _, err := ParsePattern(text, true); err != nil {
			t.Errorf("%.60q: %v", text, err)
		}
	}
}

// TestPatternTime checks that the costliest patterns that are accepted match the
// longest paths.
func TestPatternTime(t *testing.T) {
	names := []string{strings.Repeat("a", 255), strings.Repeat("a/", 2000) + "b", strings.Repeat(strings.Repeat("a", 200)+"/", 20) + "b"}
	for _, text := range []string{
		strings.Repeat("{a,aa}", 8) + "c", strings.Repeat("*a", 500) + "c", strings.Repeat("*?", 500), strings.Repeat("?*", 500) + "c",
		strings.Repeat("**/", 8) + strings.Repeat("*a", 400) + "c", strings.Repeat("**/a/", 8) + "c", strings.Repeat("[!b]", 200) + "*c",
		"{" + strings.Repeat("*a*a,", 200) + "c}", "**/" + strings.Repeat("a/", 400) + "c", strings.Repeat("*{a,a*}", 8) + "/c",
		strings.Repeat("{", 300) + "a" + strings.Repeat("}", 300),
	} {
		p, err := ParsePattern(text, false)
		if err != nil {
			t.Errorf("%.40s: %v", text, err)
			continue
		}
		for _, name := range names {
			p.Match(name, false) // exponential time would not end
		}
	}
}

// FuzzPattern checks that an accepted pattern matches a path if doublestar matches
// it with the path or a directory on the way to it, or, without a slash, with the
// name of one of these. A path above the current directory must start with as many ".."
// as a pattern without braces that does not start with "**". The converse is checked for
// patterns without "**" and braces: for doublestar neither "a***" nor "a*{,b}" matches
// "a", although each matches "a" before a slash. An alternative such as "**/" at the end,
// which "{*/*,}*/" has, too, matches nothing for doublestar, and then "a{**/}" matches "a",
// but not as a directory.
func FuzzPattern(f *testing.F) {
	f.Add("a/{b,c}/**", "a/b/d.json")
	f.Add("*.json", "a/b.json")
	f.Add("a/[b-d]", "a/c/e")
	f.Add("a/b*{,bc}", "a/b/c")
	f.Add("{../a,b}/*", "../a/c/d")
	f.Add("../../*", "../../a")
	f.Add("{{{,*}/**,*}/,}", "a/b")
	f.Fuzz(func(t *testing.T, text, file string) {
		p, err := ParsePattern(text, false)
		if file = path.Clean(file); err != nil || len(file) > 4096 || file == "/" || file == "." {
			return
		}
		if strings.Contains(text, "/}") || strings.Contains(text, "/,") {
			return
		}
		start := time.Now()
		pattern := strings.TrimRight(strings.TrimPrefix(text, "./"), "/")
		from := !strings.Contains(pattern, "/") || strings.Contains(pattern, "{") || strings.HasPrefix(pattern, "**") || climbs(pattern) == climbs(file)
		want := false
		for at := file; from && at != "." && at != "/"; at = path.Dir(at) {
			subject := at
			if !strings.Contains(pattern, "/") {
				if subject = path.Base(at); subject == ".." {
					break // not a name
				}
			}
			if at == file && strings.HasSuffix(text, "/") {
				continue // it is a file
			}
			want = want || doublestar.MatchUnvalidated(pattern, subject) // Match refuses "[!0[]" for "0"
		}
		if time.Since(start) > 20*time.Second {
			t.Errorf("%q takes %v to match %q", text, time.Since(start), file)
		}
		if got := p.Match(file, false); got != want && (want || !strings.Contains(text, "**") && !strings.Contains(text, "{")) {
			t.Errorf("%q matches %q: %t, want %t", text, file, got, want)
		}
		if fmt.Sprint(p) != text {
			t.Errorf("%q is printed as %q", text, p)
		}
	})
}
