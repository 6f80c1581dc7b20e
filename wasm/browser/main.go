//go:build js && wasm

// Command browser is the engine as the page's Web Worker loads it; see
// packages port and bridge.
package main

import (
	"github.com/iam-playground/iam-playground/wasm/bridge"
	"github.com/iam-playground/iam-playground/wasm/port"
)

func main() { port.Serve(bridge.New().Call) }
