//go:build js && wasm

// Command author is the author as a Web Worker of the page loads it; see
// package port.
package main

import (
	"github.com/iam-playground/iam-playground/wasm/author"
	"github.com/iam-playground/iam-playground/wasm/port"
)

func main() { port.Serve(author.New().Call) }
