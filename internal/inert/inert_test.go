package inert

import "testing"

// TestJoiner checks that a joiner or a selector is shown as it is only in an emoji.
func TestJoiner(t *testing.T) {
	for text, want := range map[string]string{
		"👩\u200d💻": "👩\u200d💻", "❤\ufe0f": "❤\ufe0f", "❤\ufe0f\u200d🔥": "❤\ufe0f\u200d🔥",
		"\u200d": `\u200d`, "\ufe0f": `\ufe0f`, "a\u200db": `a\u200db`, " \u200d": ` \u200d`, "\xff\u200d": `\xff\u200d`, "\ufffd\u200d": "\ufffd" + `\u200d`,
	} {
		if got := Show(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
