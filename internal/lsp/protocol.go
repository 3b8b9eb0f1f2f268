package lsp

import "encoding/json"

// The part of the Language Server Protocol 3.17 that is spoken here, under the
// names that its specification uses.

// Error codes of JSON-RPC 2.0 (section 5.1) and of LSP (baseProtocol, ErrorCodes).
const (
	codeParseError           = -32700
	codeInvalidRequest       = -32600
	codeMethodNotFound       = -32601
	codeInvalidParams        = -32602
	codeInternalError        = -32603
	codeServerNotInitialized = -32002
	codeRequestFailed        = -32803
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

type location struct {
	URI   string    `json:"uri"`
	Range textRange `json:"range"`
}

type textEdit struct {
	Range   textRange `json:"range"`
	NewText string    `json:"newText"`
}

type workspaceFolder struct {
	URI  string `json:"uri"`
	Name string `json:"name"`
}

type initializeParams struct {
	RootURI          *string            `json:"rootUri"`
	RootPath         *string            `json:"rootPath"`
	WorkspaceFolders []workspaceFolder  `json:"workspaceFolders"`
	Capabilities     clientCapabilities `json:"capabilities"`
}

type clientCapabilities struct {
	General struct {
		PositionEncodings []string `json:"positionEncodings"`
	} `json:"general"`
	Workspace struct {
		WorkspaceEdit struct {
			DocumentChanges bool `json:"documentChanges"`
		} `json:"workspaceEdit"`
		DidChangeWatchedFiles struct {
			DynamicRegistration bool `json:"dynamicRegistration"`
		} `json:"didChangeWatchedFiles"`
	} `json:"workspace"`
	TextDocument struct {
		PublishDiagnostics struct {
			RelatedInformation     bool `json:"relatedInformation"`
			VersionSupport         bool `json:"versionSupport"`
			CodeDescriptionSupport bool `json:"codeDescriptionSupport"`
			TagSupport             *struct {
				ValueSet []int `json:"valueSet"`
			} `json:"tagSupport"`
		} `json:"publishDiagnostics"`
		Hover struct {
			ContentFormat []string `json:"contentFormat"`
		} `json:"hover"`
		Completion struct {
			CompletionItem struct {
				SnippetSupport      bool     `json:"snippetSupport"`
				DocumentationFormat []string `json:"documentationFormat"`
			} `json:"completionItem"`
		} `json:"completion"`
		DocumentSymbol struct {
			Hierarchical bool `json:"hierarchicalDocumentSymbolSupport"`
		} `json:"documentSymbol"`
	} `json:"textDocument"`
}

type didOpenParams struct {
	TextDocument struct {
		URI        string `json:"uri"`
		LanguageID string `json:"languageId"`
		Version    int    `json:"version"`
		Text       string `json:"text"`
	} `json:"textDocument"`
}

type didChangeParams struct {
	TextDocument struct {
		URI     string `json:"uri"`
		Version *int   `json:"version"`
	} `json:"textDocument"`
	ContentChanges []contentChange `json:"contentChanges"`
}

// contentChange has no Range where Text is the whole document.
type contentChange struct {
	Range *textRange `json:"range"`
	Text  *string    `json:"text"`
}

// params are the parameters of requests about a document, and of notifications with
// nothing more.
type params struct {
	TextDocument struct {
		URI string `json:"uri"`
	} `json:"textDocument"`
	Position *position  `json:"position"` // of hover and completion
	Range    *textRange `json:"range"`    // of codeAction
	Context  struct {
		Only []string `json:"only"`
	} `json:"context"` // of codeAction
}

type didChangeWorkspaceFoldersParams struct {
	Event struct {
		Added   []workspaceFolder `json:"added"`
		Removed []workspaceFolder `json:"removed"`
	} `json:"event"`
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

type codeAction struct {
	Title       string       `json:"title"`
	Kind        string       `json:"kind"`
	Diagnostics []diagnostic `json:"diagnostics,omitempty"`
	IsPreferred bool         `json:"isPreferred,omitempty"`
	Edit        object       `json:"edit"`
}

type markupContent struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

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
	Label            string         `json:"label"`
	Kind             int            `json:"kind"`
	Tags             []int          `json:"tags,omitempty"`
	Detail           string         `json:"detail,omitempty"`
	Documentation    *markupContent `json:"documentation,omitempty"`
	SortText         string         `json:"sortText"`
	FilterText       string         `json:"filterText"`
	InsertTextFormat int            `json:"insertTextFormat"`
	TextEdit         textEdit       `json:"textEdit"`
}

// Kinds of symbols.
const (
	symbolString  = 15
	symbolNumber  = 16
	symbolBoolean = 17
	symbolArray   = 18
	symbolObject  = 19
	symbolNull    = 21
)

type documentSymbol struct {
	Name           string           `json:"name"`
	Detail         string           `json:"detail,omitempty"`
	Kind           int              `json:"kind"`
	Range          textRange        `json:"range"`
	SelectionRange textRange        `json:"selectionRange"`
	Children       []documentSymbol `json:"children,omitempty"`
}

const messageError = 1 // MessageType

type cancelParams struct {
	ID json.RawMessage `json:"id"`
}
