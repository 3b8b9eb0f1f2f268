//go:build ignore

// Command english finds phrases that read as translated in tracked files: in the comments
// and strings of Go, in documents, scripts, TypeScript and tests, and in the descriptions
// of types and schemas. It prints each with its place, and fails if there are more than a
// few.
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
	"slices"
	"strconv"
	"strings"
)

const allowed = 1

// A phrase is an expression that should be replaced.
type phrase struct {
	found  *regexp.Regexp
	except *regexp.Regexp // matches that are correct nevertheless; nil for none
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
	{re(`, and (this|that) is (a|an|the|not|%)`), nil, `must be a, not a`},
	{re(`(?i)\bbeside (a|an|the|it|its|them|each|no|other|another)\b`), nil, `next to`},
	{re(`(?i)\b(leads?|led) (nowhere|to no|out of)\b`), nil, `is broken, points outside`},
	{re(`(?i)\bcould not be done\b|\bthe job (can|could) not\b`), nil, `failed; could not be completed`},
	{re(`(?i)\bthe most that (is|are|can be)\b|\bread on\b`), nil, `the limit; the rest was not read`},
	{re(`(?i)\b(of|with|shows?) no known type\b|: no known type\b`), nil, `of unknown type`},
	{re(`, it is unknown\b`), nil, `because it is unknown`},
	{re(`(?i)\bspeaks? (OData|of itself|4\.)`), nil, `uses`},
	{re(`(?i)\bhas no place in\b|\bhere belongs\b|\bwhere none belongs\b`), nil, `does not belong in`},
	{re(`(?i)\bof a batch (that|which|with|without|or|and)\b|\b(request|requests) of a batch\b`), nil, `in a batch`},
	{re(`(?i)\bin (its|their) turn\b|, in turn\b|\bin turn,`), nil, `then, alternately`},
	{re(`(?i)\b(is|are) (said|told) (of|to|so|that)\b|\band that is said\b|\bsays? of\b`), nil, `is reported`},
	{re(`(?i)\bbrings? about\b|\bbrought about\b|\bis to blame\b`), nil, `causes, makes`},
	{re(`(?i)\bat the least\b|\bthe (better|larger|smaller|more) the\b`), nil, `at least`},
	{re(`(?i)\b(unless|if) (told|you say) otherwise\b`), nil, `by default`},
	{re(`(?i)\btakes? the place of\b`), nil, `replaces`},
	{re(`(?i)\bas a rule\b`), nil, `usually`},
	{re(`(?i)\bin force\b|\bthis time\b|\bnow and then\b|\bmeanwhile\b`), nil, `used; from time to time; in the meantime`},
	{re(`(?i)\b(outside|inside) of\b`), nil, `outside, inside`},
	{re(`\b(Test|Fuzz)\w+ (holds?|does so)\b|\bholds? (what|which|how|for any)\b|\b(holds?|held) (\w+ )?against\b`), nil, `checks, compares`},
	{re(`(?i)\bby the (square|product)\b`), nil, `quadratic, in proportion to`},
	{re(`(?i)\bin vain\b|\bat hand\b|\bany more\b|\band nor\b|\bspeaks\b|\bgoes? by\b|\bcompares? them so\b|\bholds? up\b`), nil, `without effect; present; no longer; nor; uses; delays`},
	{re(`(?i)\bof (another|a different) \w+ than\b`), nil, `of a ... other than`},
	{re(`(?i)\bone side only\b|\bonly one side\b`), nil, `in only one directory`},
	{re(`(?i)\bwhat (be)?comes of\b|\bgets? to know\b|\bmakes? it good\b`), nil, `the result of; learns; corrects`},
	{re(`(?i)\b(of )?the house\b|\bno room of\b`), nil, `the package`},
	{re(`(?i)\b(artefact|behaviour|cancell[ei]|colour|defence|favour|honour|initialis|judgement|labell|licence|misspelt|neighbour|organis|recognis|serialis|signalling|tunnell)\w*|\benrols?\b`), re(`^labelledby$`), `the American spelling`},
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

// prose returns the prose of a file, or nil for a generated file, this program, and a file of
// a kind that is not listed.
func prose(name, text string) []paragraph {
	switch {
	case strings.HasPrefix(name, ".ci/english"), strings.Contains(text[:min(len(text), 200)], "DO NOT EDIT"), name == "docs/rules.md":
		return nil
	case path.Ext(name) == ".go":
		return goProse(text)
	case strings.HasSuffix(name, ".schema.json"), strings.HasPrefix(name, "schema/overlay/"), strings.HasPrefix(text, "#!"),
		slices.Contains([]string{".md", ".txtar", ".yml", ".yaml", ".ts", ".mjs"}, path.Ext(name)):
		return paragraphs(text)
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

// margin is what separates two lines of prose: it includes the indentation of the second,
// and its mark if it is a comment.
var margin = re(`\n[ \t]*(?:(?:#+|//|\*) ?)?`)

// paragraphs splits a text at empty lines.
func paragraphs(text string) (all []paragraph) {
	line := 1
	for part := range strings.SplitSeq(text, "\n\n") {
		all = append(all, paragraph{margin.ReplaceAllString(part, "\n"), line})
		line += strings.Count(part, "\n") + len("\n\n")
	}
	return all
}
