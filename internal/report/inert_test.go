package report

import (
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/inert"
)

// TestEncode checks that an object is valid even if members are left out.
func TestEncode(t *testing.T) {
	none := []object(nil)
	for want, o := range map[string]object{
		`{}`:               {},
		`{"b":[]}`:         {{"a", none}, {"b", []object{}}, {"c", none}},
		`{"a":1,"b":[{}]}`: {{"a", 1}, {"b", []object{{{"c", none}}}}},
	} {
		if got := string(encode(o)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestInertText(t *testing.T) {
	sixty := strings.Repeat("a", 60)
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{`Contoso "MTD" \ ~`, `Contoso "MTD" \ ~`},
		{sixty, sixty},
		{sixty + "a", sixty + "..."},
		{strings.Repeat("é", 60), strings.Repeat("é", 60)},
		{strings.Repeat("é", 61), strings.Repeat("é", 60) + "..."},
		{"a\nb\x1b[31m\x7f", `a\nb\u001b[31m\u007f`},
		{"a\xffb", `a\xffb`},
		{"\u202eabc", `\u202eabc`},
	} {
		if got := inert.Text(test.text); got != test.want {
			t.Errorf("%q: %s, want %s", test.text, got, test.want)
		}
	}
}
