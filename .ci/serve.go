//go:build ignore

// Command serve serves the files of a directory like the files of a release on
// https://github.com, and prints the address.
//
//	go run serve.go DIR VERSION
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
)

func main() {
	prefix := "/patchlint/patchlint/releases/download/v" + os.Args[2]
	server := httptest.NewTLSServer(http.StripPrefix(prefix, http.FileServer(http.Dir(os.Args[1]))))
	fmt.Println(server.Listener.Addr())
	select {}
}
