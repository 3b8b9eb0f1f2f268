package lsp

import "github.com/sourcegraph/jsonrpc2"

func (s *server) hover(r request) (any, *jsonrpc2.Error)          { return nil, nil }
func (s *server) completion(r request) (any, *jsonrpc2.Error)     { return nil, nil }
func (s *server) documentSymbol(r request) (any, *jsonrpc2.Error) { return nil, nil }
