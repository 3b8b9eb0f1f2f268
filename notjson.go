package patchlint

import (
	"bytes"
	"encoding/base64"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// notJSON identifies a text that the scanner failed on: another format, or JSON with a
// conflict marker or placeholder left in it. It returns the finding to report in place
// of the syntax error, or "" if it does not recognize the text.
func notJSON(src []byte, stopped Span) (at Span, message string) {
	if at = conflictMarker(src, stopped.Start); at.Len() > 0 {
		return at, `this is a git conflict marker; resolve the conflict and remove the lines that start with "<<<<<<<", "=======" and ">>>>>>>"`
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(src, byteOrderMark), " \t\r\n")
	start := len(src) - len(text)
	head := text[:min(len(text), 4<<10)] // enough to recognize a format
	line, _, _ := bytes.Cut(head, []byte("\n"))
	at = Span{start, start + len(bytes.TrimRight(line, "\r \t"))}
	if len(head) == 0 {
		return Span{}, ""
	}
	if decoded, err := base64.StdEncoding.DecodeString(string(head[:min(len(head), 16)])); err == nil && opensJSON.Get().Match(decoded) && base64Text.Get().Match(bytes.TrimSpace(text)) {
		return at, "this is Base64; decode it first"
	}
	if !startsLikeJSON(head) {
		for _, other := range otherFormats {
			if other.start.Get().Match(head) {
				return at, other.message
			}
		}
	}
	if at = placeholderAt(src, stopped.Start); at.Len() > 0 {
		return at, inert.Text(src[at.Start:at.End]) + " is a placeholder that was not filled in; put a JSON value in its place"
	}
	return Span{}, ""
}

// startsLikeJSON reports whether a text starts like a JSON object or array.
func startsLikeJSON(text []byte) bool {
	next := bytes.TrimLeft(text[1:], " \t\r\n")
	switch {
	case len(next) == 0:
		return text[0] == '{' || text[0] == '['
	case text[0] == '{':
		return next[0] != '\'' && next[0] != '\\'
	case text[0] == '[':
		return !inWord(next, 0) || next[0] == '$'
	}
	return false
}

// bareMarker matches a line that is a git conflict marker without a label.
var bareMarker = lazy.Regexp(`^(?:<<<<<<<|\|\|\|\|\|\|\||=======|>>>>>>>)\r?(?:\n|$)`)

// conflictMarker returns the span of the first git conflict marker, which cannot be
// part of a JSON string because strings do not span lines.
func conflictMarker(src []byte, stopped int) Span {
	at := len(src)
	for _, marker := range []string{"<<<<<<< ", "||||||| ", ">>>>>>> "} {
		if bytes.HasPrefix(src, []byte(marker)) {
			at = 0
		} else if i := bytes.Index(src[:at], []byte("\n"+marker)); i >= 0 {
			at = i + 1
		}
	}
	// A marker without a label is less specific, so it counts only where the scan stopped.
	if at == len(src) && (stopped == 0 || src[stopped-1] == '\n') && bareMarker.Get().Match(src[stopped:]) {
		at = stopped
	}
	line, _, _ := bytes.Cut(src[at:], []byte("\n"))
	return Span{at, at + len(bytes.TrimRight(line, "\r"))}
}

const (
	reads   = "; patchlint reads JSON"
	leading = `^(?:[#;][^\n]*\n\s*)*` // comments at the start
)

// otherFormats are the formats that can be recognized by the start of a text, in the order
// in which they are tried. None of them matches broken JSON.
var otherFormats = []struct {
	start   *lazy.Expression
	message string
}{
	{lazy.Regexp(`(?i)^(?:<!doctype\s+html|<html|<head|<body|<h1|<center>)`), "this is an HTML page, not JSON; a proxy or a sign-in page may have answered instead of the service"},
	{lazy.Regexp(`^<\?xml|^<!--|(?s)^<[A-Za-z][\w:.-]*(?:\s[^<>]*)?(?:/>|>.*</)`), "this looks like XML" + reads},
	{lazy.Regexp(`^eyJ[\w-]+\.eyJ[\w-]+\.`), "this is a JSON Web Token, not JSON"},
	{lazy.Regexp(`^version https://git-lfs\.github\.com/`), "this is a Git LFS pointer, not the file itself; fetch it with git lfs pull"},
	{lazy.Regexp(`^(?:diff --git |--- \S+.*\n\+\+\+ )`), "this looks like a patch" + reads},
	{lazy.Regexp(`^HTTP/\d(?:\.\d)? \d{3}`), "this looks like a saved HTTP response; keep only its body"},
	{lazy.Regexp(`^(?:GET|PUT|POST|PATCH|DELETE|HEAD|OPTIONS) +(?:https?://|/|\{\{)\S*`), "this looks like an HTTP request; save it in an .http file"},
	{lazy.Regexp("^(?:```|~~~)"), "this is a Markdown code block; keep only the text inside it"},
	{lazy.Regexp(`^(?:\x1f\x{FFFD}|PK\x03\x04)`), "this is a compressed file; unpack it first"},
	{lazy.Regexp(`(?i)^(?:@\{|@\(|<#|\$[\w:]+\s*=|\[(?:ordered|pscustomobject|hashtable)\]|param\s*\(|(?:\$\w+\s*\||(?:get|set|new|add|remove|send|update|invoke|import|connect|select|write|convertto|convertfrom)-\w+(?:[|;(]|\s+[^\s:=]|\s*$)))`), "this looks like PowerShell; write the object with ConvertTo-Json -Depth 10"},
	{lazy.Regexp(`^[\w.@]+ +: `), "this looks like the list output of PowerShell; write the object with ConvertTo-Json -Depth 10"},
	{lazy.Regexp(`^(?:module\.exports|exports\.|export |const |let |var |import |require\(|"use strict"|'use strict'|\(function|\w+\(\{)`), "this looks like JavaScript" + reads},
	{lazy.Regexp(`^(?:#!|#\s*\w.*\n(?:import|from)\s)`), "this looks like a script" + reads},
	{lazy.Regexp(`^(?:resource|variable|provider|locals|terraform|module|data|output)\b[^\n:=]*\{`), "this looks like HCL (Terraform)" + reads},
	{lazy.Regexp(leading + `(?:\[+[A-Za-z][\w."-]*\]+\s*(?:[#;].*)?\r?\n\s*(?:[#;][^\n]*\n\s*)*[\w."-]+\s*=|(?:export )?[A-Za-z_][\w.-]*\s*=)`), "this looks like TOML or INI" + reads},
	{lazy.Regexp(`^\{\s*\\"`), `the quotation marks are escaped; write " instead of \"`},
	{lazy.Regexp(`^"[^"\\\n]*"\s*:[^\n]*(?:[,\[{]\s*\r?\n|\s*$)`), "these are members without an object; put { before and } after them"},
	{lazy.Regexp(leading + `(?:---(?:\s|$)|%YAML|- +\S|["']?[A-Za-z_@$][\w.@$ -]*["']?:(?:\s|$))`), "this looks like YAML" + reads},
	{lazy.Regexp(`(?s)^\{\s*'[^'\n]*'\s*:.*\b(?:True|False|None)\b`), "this looks like a Python dict; write it with json.dumps"},
}

var (
	base64Text  = lazy.Regexp(`^[A-Za-z0-9+/\r\n]+={0,2}$`)
	opensJSON   = lazy.Regexp(`^\s*[{\[]\s*["{\[\]}]`)
	placeholder = lazy.Regexp(`^(?:#\{[^{}\n]+\}#?|\$\{\{[^{}\n]+\}\}|\$\{[^{}\n]+\}|\$\([^()\n]+\)|\{?\{\{?[\w .|-]+\}\}|\{%[^{}\n]+%\}|%[A-Za-z_]\w*%|__[A-Za-z]\w*__|\[\[[\w .-]+\]\]|@@[\w.-]+@@|<[A-Za-z][\w .-]*>|<%[^<>\n]+%>)`)
)

// placeholderAt returns the span of a placeholder that starts where the scanner
// stopped, or at one of up to two brackets before.
func placeholderAt(src []byte, stopped int) Span {
	for _, from := range []int{stopped - 2, stopped - 1, stopped} {
		if from < 0 || from >= len(src) || !bytes.ContainsRune([]byte("{[#$%_@<"), rune(src[from])) || from < stopped && src[from] != '{' && src[from] != '[' {
			continue
		}
		if m := placeholder.Get().Find(src[from:min(len(src), from+200)]); m != nil {
			return Span{from, from + len(m)}
		}
	}
	return Span{}
}
