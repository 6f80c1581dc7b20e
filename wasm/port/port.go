//go:build js && wasm

// Package port puts a Go program's one function on the global object of a Web
// Worker:
//
//	globalThis.iamplayground(Uint8Array) → Uint8Array
//
// Once it is there, globalThis.iamplaygroundReady is called without arguments,
// if it is a function.
package port

import "syscall/js"

// Serve answers calls with call, for ever: a Go program that returns takes its
// functions with it.
func Serve(call func([]byte) []byte) {
	bytes := js.Global().Get("Uint8Array")
	js.Global().Set("iamplayground", js.FuncOf(func(_ js.Value, args []js.Value) any {
		in := make([]byte, args[0].Length())
		js.CopyBytesToGo(in, args[0])
		answer := call(in)
		out := bytes.New(len(answer))
		js.CopyBytesToJS(out, answer)
		return out
	}))
	if ready := js.Global().Get("iamplaygroundReady"); ready.Type() == js.TypeFunction {
		ready.Invoke()
	}
	select {}
}
