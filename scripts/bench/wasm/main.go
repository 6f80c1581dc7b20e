//go:build js && wasm

// Command wasm is the loops of make bench for Node and Chromium. It puts one
// function on the global object, iamplaygroundLoops(scenario), whose answer
// is the function run(kind, n).
package main

import (
	"syscall/js"

	"github.com/iam-playground/iam-playground/scripts/bench/loops"
)

func main() {
	js.Global().Set("iamplaygroundLoops", js.FuncOf(func(_ js.Value, args []js.Value) any {
		l := loops.New(args[0].String())
		return js.FuncOf(func(_ js.Value, args []js.Value) any { return l.Run(args[0].String(), args[1].Int()) })
	}))
	select {} // a Go program that returns takes its functions with it
}
