//go:build js && wasm

// Command page is patchlint for a web page. It defines one JavaScript function,
// patchlint(request), which takes and returns a JSON text. Its answers contain the
// reports that the command prints with --format json, so that one schema describes both.
//
// The function never throws and never ends the program. It returns errors as {"error":
// "..."}.
package main

import "syscall/js"

func main() {
	js.Global().Set("patchlint", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) != 1 || args[0].Type() != js.TypeString {
			return string(answer(nil))
		}
		return string(answer([]byte(args[0].String())))
	}))
	select {}
}
