package form_test

import (
	"testing"

	"github.com/patchlint/patchlint/internal/form"
)

func TestOne(t *testing.T) {
	for text, want := range map[string]bool{
		"Unified": true, "all": true, "a-b_c.d:e@f": true, "Grüße": true, "6f9619ff-8b86-d011-b42d-00cf4fc964ff": true,
		"": false, "null": false, "a b": false, "a,b": false, "a;b": false, "a|b": false, "a/b": false, "a\nb": false, "a\u00a0b": false, "a、b": false, "a，b": false, "a\fb": false,
		"[Unified]": false, "['Unified']": false, `"Unified"`: false, "{{types}}": false, "$(types)": false, "%TYPES%": false, "<types>": false,
	} {
		if got := form.One(text, ""); got != want {
			t.Errorf("One(%q) = %t", text, got)
		}
	}
	if !form.One("graph.microsoft.com/v1.0/users('a')", "/()'") {
		t.Error("more characters are not allowed")
	}
}
