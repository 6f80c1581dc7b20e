//go:build js && wasm

// Command browser is the engine as the page's Web Worker loads it: it puts
// one function on the global object and then waits for calls.
//
//	globalThis.iamplayground(Uint8Array) → Uint8Array
//
// The bytes are those of [bridge.Bridge.Call]. Once the function is there,
// globalThis.iamplaygroundReady is called without arguments, if it is a function.
package main

import (
	"syscall/js"

	"github.com/iam-playground/iam-playground/wasm/bridge"
)

func main() {
	b := bridge.New()
	bytes := js.Global().Get("Uint8Array")
	js.Global().Set("iamplayground", js.FuncOf(func(_ js.Value, args []js.Value) any {
		in := make([]byte, args[0].Length())
		js.CopyBytesToGo(in, args[0])
		answer := b.Call(in)
		out := bytes.New(len(answer))
		js.CopyBytesToJS(out, answer)
		return out
	}))
	if ready := js.Global().Get("iamplaygroundReady"); ready.Type() == js.TypeFunction {
		ready.Invoke()
	}
	select {} // a Go program that returns takes its functions with it
}
