package interop_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
	_ "github.com/santhosh-tekuri/jsonschema/v5/httploader" // so that a URL could be read

	"github.com/patchlint/patchlint/schema/conform"
)

// TestCompileReadsNothing checks that a schema that refers to a file or a URL is
// refused and that nothing is read for it, where jsonschema/v5 by itself would.
func TestCompileReadsNothing(t *testing.T) {
	var requests, reads atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		fmt.Fprint(w, "{}")
	}))
	defer server.Close()
	for scheme, load := range jsonschema.Loaders {
		jsonschema.Loaders[scheme] = func(url string) (io.ReadCloser, error) {
			reads.Add(1)
			return load(url)
		}
		defer func() { jsonschema.Loaders[scheme] = load }()
	}
	file := filepath.Join(t.TempDir(), "other.json")
	if err := os.WriteFile(file, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	here := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()

	// The test proves something only if jsonschema/v5 would read these.
	for _, address := range []string{here, server.URL} {
		if _, err := jsonschema.CompileString("schema.json", `{"$ref": "`+address+`"}`); err != nil {
			t.Fatalf("jsonschema/v5 by itself does not read %s: %v", address, err)
		}
	}
	if requests.Load() != 1 || reads.Load() != 2 {
		t.Fatalf("%d requests and %d reads seen of jsonschema/v5 by itself", requests.Load(), reads.Load())
	}

	for _, address := range []string{here, server.URL, "file:///etc/hostname", "http://127.0.0.1:1/schema.json", "https://example.com/schema.json"} {
		for _, form := range []string{
			`{"$ref": %q}`,
			`{"$ref": "%s#/$defs/a"}`,
			`{"$dynamicRef": %q}`,
			`{"$schema": %q}`,
			`{"properties": {"a": {"$ref": %q}}}`,
			`{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": %q}}}`,
			`{"allOf": [{"$id": %q, "$ref": "other"}]}`,
		} {
			src := fmt.Sprintf(form, address)
			requests.Store(0)
			reads.Store(0)
			_, err := conform.Compile([]byte(src))
			if err == nil {
				t.Errorf("%s is accepted", src)
			} else if !strings.Contains(err.Error(), "self-contained") {
				t.Errorf("%s is refused for another reason: %v", src, err)
			}
			if requests.Load() > 0 || reads.Load() > 0 {
				t.Errorf("%s: %d requests, %d reads", src, requests.Load(), reads.Load())
			}
		}
		// A definition that nothing refers to is not compiled, and so is not refused either.
		requests.Store(0)
		reads.Store(0)
		if _, err := conform.Compile(fmt.Appendf(nil, `{"$defs": {"unused": {"$ref": %q}}}`, address)); err != nil {
			t.Errorf("%s in a definition without use: %v", address, err)
		}
		if requests.Load() > 0 || reads.Load() > 0 {
			t.Errorf("%s in a definition without use: %d requests, %d reads", address, requests.Load(), reads.Load())
		}
	}
}
