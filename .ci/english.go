//go:build ignore

// Command english finds phrases that read as translated in the prose of tracked files:
// documents, comments, the strings of Go, in which messages, help and the names of tests
// are, and the descriptions of types and schemas. It prints each with its place, and fails
// if there are more than a few.
//
//	git ls-files | go run english.go
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
)

const allowed = 7

// A phrase is a way to say it that is better put otherwise.
type phrase struct {
	found  *regexp.Regexp
	except *regexp.Regexp // what is found and right all the same; nil for nothing
	better string
}

var phrases = []phrase{
	{re(`\w+ (is|are|was|were) (no|none)\b( \w+)?`), re(`^(?i:there|it) |no (longer|more|one|matter|need|problem)$`), `is not a, unknown`},
	{re(`[,;:] there (is|are) \w+`), nil, `must be one of`},
	{re(`\bwhich (has|have) %`), nil, `that has; must be one of`},
	{re(`(^|[.;:] )What (\w+ )+[^?]*`), re(`:$`), `name the noun`},
	{re(`\b(of|for|by|from|with|on|to) what (is|are|it|they) (no|not|none|there|missing|kept|said)\b`), nil, `name the noun`},
	{re(`(?i)\bwho(so)?ever\b`), nil, `anyone who`},
	{re(`\b(is|are) (that|those) of\b|, of which\b`), nil, `name the noun`},
	{re(`, for (it|they|we|you|there|this|that|these|no|none|nothing|neither|nobody|whether|without|some|git|Graph)\b`), nil, `because`},
	{re(`(?i)\bholds? that\b`), nil, `checks that`},
	{re(`(?i)\bpass(ed|es|ing)? over\b`), nil, `skipped`},
	{re(`(?i)\b(stands?|stood|standing)\b[- ]?\w*`), re(`(?i)^stand(s|ing)?[- ](for|in|ins|alone|between|out|orders?)$`), `is`},
	{re(`(?i)\bgrave(r|st)?\b`), nil, `severe`},
	{re(`(?i)\banew\b`), nil, `again`},
	{re(`(?i)\b(moves?|changes?|keeps|happens?|comes?|says?|does) by (itself|themselves)\b`), nil, `itself`},
	{re(`, also (a|an|the|those|when|where|if|of|in|with|by|to|for|from|not|ones|named|unsafe)\b`), nil, `including; even`},
	{re(`(?i)\bhere belongs?\b`), nil, `expected`},
	{re(`(^|[.;] )Who \w+s\b[^?]*`), nil, `anyone who`},
	{re(`(?i)\bbut for (the|a|an|those)\b`), nil, `except`},
	{re(`(?i)\btakes? (\w+ )?apart\b`), nil, `splits, parses`},
	{re(`(?i)\b(artefact|behaviour|cancell[ei]|colour|defence|favour|honour|initialis|judgement|labell|licence|misspelt|neighbour|organis|recognis|serialis|signalling|tunnell)\w*|\benrols?\b`), nil, `the American spelling`},
}

func re(expr string) *regexp.Regexp { return regexp.MustCompile(expr) }

func main() {
	count := 0
	files := bufio.NewScanner(os.Stdin)
	for files.Scan() {
		name := files.Text()
		text, err := os.ReadFile(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, "english:", err)
			os.Exit(2)
		}
		for _, p := range prose(name, string(text)) {
			spaced := strings.ReplaceAll(p.text, "\n", " ")
			for _, phrase := range phrases {
				for _, at := range phrase.found.FindAllStringIndex(spaced, -1) {
					found := spaced[at[0]:at[1]]
					if phrase.except != nil && phrase.except.MatchString(found) {
						continue
					}
					count++
					line := p.line + strings.Count(p.text[:at[0]], "\n")
					fmt.Printf("%s:%d: %q: better %s\n", name, line, found[:min(len(found), 60)], phrase.better)
				}
			}
		}
	}
	fmt.Printf("%d phrases that read as translated, %d allowed\n", count, allowed)
	if count > allowed {
		os.Exit(1)
	}
}

// A paragraph is prose, with the line it starts at.
type paragraph struct {
	text string
	line int
}

// prose returns the prose of a file. What is generated, or another's, has none.
func prose(name, text string) []paragraph {
	switch {
	case strings.HasPrefix(name, ".ci/english"), strings.Contains(text[:min(len(text), 200)], "DO NOT EDIT"), name == "docs/rules.md":
		return nil
	case path.Ext(name) == ".go":
		return goProse(text)
	case strings.HasSuffix(name, ".schema.json"), strings.HasPrefix(name, "schema/overlay/"):
		return descriptions(text)
	case path.Ext(name) == ".md":
		return markdown(text)
	case path.Ext(name) == ".txtar", path.Ext(name) == ".yml", path.Ext(name) == ".yaml", path.Ext(name) == "" && strings.HasPrefix(text, "#!"):
		return comments(text)
	}
	return nil
}

// goProse returns the comments and strings of a Go file.
func goProse(text string) (all []paragraph) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", text, parser.ParseComments)
	if err != nil {
		return nil // the build reports it
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if value, err := strconv.Unquote(literal.Value); err == nil && strings.Contains(value, " ") {
				all = append(all, paragraph{value, files.Position(n.Pos()).Line})
			}
		}
		return true
	})
	for _, group := range file.Comments {
		all = append(all, paragraph{group.Text(), files.Position(group.Pos()).Line})
	}
	return all
}

// markdown returns the paragraphs of a document, without headings and blocks of code.
func markdown(text string) (all []paragraph) {
	code := false
	return lines(text, func(line string) (string, bool) {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		return line, !code && line != "" && line[0] != '#' && line[0] != '`'
	})
}

// description is a text for people in JSON Schema or CSDL.
var description = re(`(?:"description": |String=)"([^"]+)"`)

// descriptions returns the texts for people in JSON Schema or CSDL.
func descriptions(text string) (all []paragraph) {
	for i, line := range strings.Split(text, "\n") {
		for _, match := range description.FindAllStringSubmatch(line, -1) {
			all = append(all, paragraph{match[1], i + 1})
		}
	}
	return all
}

// comments returns the comments that start with a number sign.
func comments(text string) []paragraph {
	return lines(text, func(line string) (string, bool) {
		comment, found := strings.CutPrefix(strings.TrimSpace(line), "# ")
		return comment, found
	})
}

// lines joins the lines that belong to a paragraph.
func lines(text string, of func(line string) (string, bool)) (all []paragraph) {
	joined := false
	for i, line := range strings.Split(text, "\n") {
		line, ok := of(line)
		switch {
		case ok && joined:
			all[len(all)-1].text += "\n" + line
		case ok:
			all = append(all, paragraph{line, i + 1})
		}
		joined = ok
	}
	return all
}
