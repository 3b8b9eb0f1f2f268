package guard

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

// read reads and closes the body of a request. Of a body larger than limit, it returns
// limit+1 bytes.
func read(req *http.Request, limit int64) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	if req.Context().Err() != nil {
		req.Body.Close()
		return nil, context.Cause(req.Context())
	}
	var b bytes.Buffer
	if req.ContentLength > 0 {
		b.Grow(int(min(req.ContentLength, limit, 1<<20)) + bytes.MinRead)
	}
	err := errors.New("its Read ended the goroutine") // unless it returns
	done := make(chan any, 1)
	go func() {
		defer func() { done <- recover() }()
		_, err = b.ReadFrom(io.LimitReader(req.Body, limit+1))
	}()
	select {
	case panicked := <-done:
		if panicked != nil {
			req.Body.Close()
			panic(panicked) // where the caller can recover
		}
	case <-req.Context().Done():
		go func() {
			defer func() { _ = recover() }() // nothing waits for this
			req.Body.Close()                 // which ends a pending read or, as some bodies do, waits for it
		}()
		return nil, context.Cause(req.Context()) // not wrapped, so that http.Client recognizes a timeout
	}
	if closing := req.Body.Close(); err == nil {
		err = closing
	}
	n := int64(b.Len())
	switch {
	case err != nil:
		return nil, fmt.Errorf("patchlint: reading the body of the request: %w", err)
	case n > limit, req.ContentLength <= 0, n == req.ContentLength:
		return b.Bytes(), nil
	}
	return nil, fmt.Errorf("patchlint: the request body has %d bytes, but its declared length is %d; if it was sent before, rewind it before you send it again", n, req.ContentLength)
}

// decode returns the text of a body, or a finding that says why it cannot be linted.
func decode(header http.Header, body []byte, limit int64) ([]byte, *patchlint.Diagnostic) {
	const tooLarge = "the %s is larger than %d bytes and the rest was not read; Options.MaxBytes raises the limit"
	if int64(len(body)) > limit {
		return nil, unreadable("json-limit", tooLarge, "body", limit)
	}
	for _, value := range valuesOf(header, "Content-Type") {
		_, parameters, _ := mime.ParseMediaType(value) // none if the value is malformed
		if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
			return nil, unreadable("json-encoding", "the Content-Type says %s, but JSON must be sent as UTF-8", inert.Quote(charset))
		}
	}
	if len(body) == 0 {
		return body, nil // whatever the headers are
	}
	for _, coding := range slices.Backward(codings(header)) { // the last one was applied last
		if coding != "gzip" && coding != "x-gzip" { // the old name (RFC 9110, 8.4.1.3)
			return nil, unreadable("json-encoding", "the Content-Encoding %s is not supported, so the body cannot be checked; use gzip or none", inert.Quote(coding))
		}
		var text bytes.Buffer
		unzip, err := gzip.NewReader(bytes.NewReader(body))
		if err == nil {
			_, err = text.ReadFrom(io.LimitReader(unzip, limit+1))
		}
		if err != nil {
			return nil, unreadable("json-encoding", "the Content-Encoding is gzip, and the body cannot be decompressed: %v", err)
		}
		if int64(text.Len()) > limit {
			return nil, unreadable("json-limit", tooLarge, "decompressed body", limit)
		}
		body = text.Bytes()
	}
	return body, nil
}

// codings returns the content codings of a body except identity, in lower case.
func codings(header http.Header) []string {
	var list []string
	for _, value := range valuesOf(header, "Content-Encoding") {
		for coding := range strings.SplitSeq(value, ",") {
			if coding = strings.ToLower(strings.TrimSpace(coding)); coding != "" && coding != "identity" {
				list = append(list, coding)
			}
		}
	}
	return list
}

// valuesOf returns the values of a header. Its name may be in any case: net/http sends it as
// it is in the map.
func valuesOf(header http.Header, name string) (values []string) {
	for key, list := range header {
		if strings.EqualFold(key, name) {
			values = append(values, list...)
		}
	}
	return values
}

func unreadable(rule, format string, args ...any) *patchlint.Diagnostic {
	return &patchlint.Diagnostic{Rule: rule, Severity: patchlint.Error, Message: fmt.Sprintf(format, args...)}
}
