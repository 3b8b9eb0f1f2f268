package lsp

import "encoding/json"

// This file defines the part of the Language Server Protocol 3.17 that the server uses,
// with the names of its specification.

// Error codes of JSON-RPC 2.0 (section 5.1) and of LSP (baseProtocol, ErrorCodes).
const (
	codeParseError           = -32700
	codeInvalidRequest       = -32600
	codeMethodNotFound       = -32601
	codeInvalidParams        = -32602
	codeInternalError        = -32603
	codeServerNotInitialized = -32002
	codeContentModified      = -32801
	codeRequestCancelled     = -32800
)

type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type textRange struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

type textEdit struct {
	Range   textRange `json:"range"`
	NewText string    `json:"newText"`
}

// params holds the parameters of all messages, as far as the server uses them.
type params struct {
	ID json.RawMessage // of the request to cancel

	// Of initialize.
	RootURI          *string
	WorkspaceFolders []workspaceFolder
	Capabilities     capabilities

	// Of messages about a document.
	TextDocument struct {
		URI        string
		LanguageID string
		Version    int // 0 for none
		Text       string
	}
	ContentChanges []struct {
		Range *textRange // nil if Text is the whole document
		Text  *string
	}
	Position position
	Range    textRange
	Context  struct{ Only []string }

	Event struct{ Added, Removed []workspaceFolder } // of didChangeWorkspaceFolders
}

type workspaceFolder struct{ URI string }

// capabilities are the capabilities of a client.
type capabilities struct {
	General   struct{ PositionEncodings []string }
	Workspace struct {
		WorkspaceEdit         struct{ DocumentChanges bool }
		DidChangeWatchedFiles struct{ DynamicRegistration bool }
	}
	TextDocument struct {
		PublishDiagnostics struct{ RelatedInformation bool }
		Hover              struct{ ContentFormat []string }
		Completion         struct {
			CompletionItem struct {
				SnippetSupport      bool
				DocumentationFormat []string
			}
		}
	}
}

// DiagnosticSeverity and DiagnosticTag.
const (
	severityError       = 1
	severityWarning     = 2
	severityInformation = 3
	tagDeprecated       = 2
)

type diagnostic struct {
	Range              textRange `json:"range"`
	Severity           int       `json:"severity"`
	Code               string    `json:"code,omitempty"`
	CodeDescription    object    `json:"codeDescription,omitempty"`
	Source             string    `json:"source"`
	Message            string    `json:"message"`
	Tags               []int     `json:"tags,omitempty"`
	RelatedInformation []object  `json:"relatedInformation,omitempty"`
}

// Kinds of code actions.
const (
	kindQuickFix = "quickfix"
	kindFixAll   = "source.fixAll.patchlint"
)

// Kinds of completion items, and InsertTextFormat.
const (
	completionProperty = 10
	completionValue    = 12
	completionKeyword  = 14
	completionMember   = 20 // of an enumeration
	completionStruct   = 22

	formatPlain   = 1
	formatSnippet = 2
)

type completionItem struct {
	Label            string `json:"label"`
	Kind             int    `json:"kind"`
	Tags             []int  `json:"tags,omitempty"`
	Detail           string `json:"detail,omitempty"`
	Documentation    object `json:"documentation,omitempty"` // set from description
	description      string
	SortText         string   `json:"sortText"`
	FilterText       string   `json:"filterText"`
	InsertTextFormat int      `json:"insertTextFormat"`
	TextEdit         textEdit `json:"textEdit"`
}

type documentSymbol struct {
	Name           string           `json:"name"`
	Kind           int              `json:"kind"`
	Range          textRange        `json:"range"`
	SelectionRange textRange        `json:"selectionRange"`
	Children       []documentSymbol `json:"children,omitempty"`
}
