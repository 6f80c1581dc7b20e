//go:build js && wasm

package main

import (
	"syscall/js"
	"testing"
)

func TestTheFunctionIsThereOnceThePageIsToldAndTakesBytesToBytes(t *testing.T) {
	ready := make(chan js.Value)
	js.Global().Set("iamplaygroundReady", js.FuncOf(func(js.Value, []js.Value) any {
		function := js.Global().Get("iamplayground")
		go func() { ready <- function }()
		return nil
	}))
	go main()
	function := <-ready
	if function.Type() != js.TypeFunction {
		t.Fatalf("iamplayground is %v", function)
	}
	question := js.Global().Get("TextEncoder").New().Call("encode", `{"api":1,"ops":[{"id":"é","op":"about"}]}`)
	for range 2 {
		answer := function.Invoke(question)
		if !answer.InstanceOf(js.Global().Get("Uint8Array")) {
			t.Fatalf("the answer is %v, expected a Uint8Array", answer)
		}
		text := js.Global().Get("TextDecoder").New().Call("decode", answer)
		if read := js.Global().Get("JSON").Call("parse", text); read.Get("api").Int() != 1 || !read.Get("ok").Bool() {
			t.Errorf("the answer is %s", text.String())
		}
	}
}
