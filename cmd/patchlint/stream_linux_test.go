package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

var streamed = flag.Int64("stream", 8<<20, "how many bytes of records TestStream lints")

// TestStream checks that a stream of records of any length is linted in the memory of a
// few records, and that a finding far down in it has the right position:
//
//	go test ./cmd/patchlint -run TestStream -stream 1073741824
func TestStream(t *testing.T) {
	t.Parallel()
	const limit = 48 << 20
	faulty := 10_000 // distance between faulty records
	if testing.Short() {
		*streamed, faulty = 2<<20, 1000
	}
	cmd := patchlintCommand(t, "lint", "--quiet", "--format", "json", "--stdin-filename", "records.ndjson", "-")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var offsets []int64 // of the faulty values
	records := 0
	for written := int64(0); written < *streamed; records++ {
		var block strings.Builder
		for range 1000 {
			value := "true"
			if records%faulty == faulty-1 {
				offsets = append(offsets, written+int64(block.Len())+int64(len(`{"iosOnboarded":`)))
				value = `"yes"`
			}
			fmt.Fprintf(&block, `{"iosOnboarded":%s,"iosEnrollmentAssignments":[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"%08x-3f52-4c8d-9b60-7d1e2f3a4b5c"}}]}`+"\n", value, records)
			records++
		}
		records--
		n, err := io.WriteString(input, block.String())
		if err != nil {
			t.Fatal(err)
		}
		written += int64(n)
	}
	used := mostMemory(t, cmd.Process.Pid)
	if err := input.Close(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // 1, because there are findings
	var report struct {
		Findings []struct {
			Record, Line, Column int
			Offset               int64
		}
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Findings) != len(offsets) || len(offsets) == 0 {
		t.Fatalf("%d findings, want %d", len(report.Findings), len(offsets))
	}
	for i, f := range report.Findings {
		if record := (i+1)*faulty - 1; f.Record != record || f.Line != record+1 || f.Column != 17 || f.Offset != offsets[i] {
			t.Fatalf("finding %d is at record %d, %d:%d, offset %d; want record %d, offset %d", i, f.Record, f.Line, f.Column, f.Offset, record, offsets[i])
		}
	}
	if used > limit && !raceEnabled {
		t.Errorf("%d bytes of memory, want at most %d", used, limit)
	} else {
		t.Logf("%d records, %d findings, %d MiB of memory", records, len(offsets), used>>20)
	}
}

// mostMemory returns the peak memory of a running process in bytes. For a child that has
// ended, the system would include the memory of its parent before the exec.
func mostMemory(t *testing.T, process int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}
