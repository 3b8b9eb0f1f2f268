//go:build js && wasm

// Command page is patchlint for a web page: it gives JavaScript one function,
// patchlint(request), which takes and returns a JSON text. Its answers are the
// reports that the command prints with --format json, so that there is one
// description of them.
//
// The function never throws and never ends the program: what goes wrong is in the
// answer, as {"error": "..."}.
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
