//go:build js && wasm

// Command worker answers for short links on Cloudflare: package links over the
// platform's KV and its limiter of rates. The site itself is static files,
// which the platform serves without it. See wrangler.jsonc for its bindings.
//
// A Go program is started for every request, so nothing is done before it is
// needed: a read finds everything rendered.
package main

import (
	"errors"
	"net/http"
	"syscall/js"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/wasm/links"
	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"
)

// Where the site has the AWS managed policies, AWS's catalogue and a picture for
// previews; "" for nowhere. The build sets them.
var libraryPath, catalogPath, picturePath string

func main() {
	workers.Serve(&links.Server{Store: kvStore{}, Library: library, Catalog: names, Picture: picturePath,
		Allow: allow})
}

// library reads the AWS managed policies from the site's static files.
func library() (*engine.Library, error) {
	library := engine.NewLibrary()
	if libraryPath == "" {
		return library, nil
	}
	text, err := asset(libraryPath)
	if err != nil {
		return nil, err
	}
	if _, problem := library.Load(text); problem != nil {
		return nil, errors.New(libraryPath + " holds no managed policies")
	}
	return library, nil
}

// names reads AWS's catalogue likewise.
func names() (*catalog.Catalog, error) {
	if catalogPath == "" {
		return nil, nil
	}
	text, err := asset(catalogPath)
	if err != nil {
		return nil, err
	}
	return catalog.Load(text)
}

// asset reads one of the site's static files.
func asset(path string) (string, error) {
	response, err := await(cloudflare.GetBinding("ASSETS").Call("fetch", "https://assets.invalid"+path))
	if err != nil {
		return "", err
	}
	text, err := await(response.Call("text"))
	if err != nil {
		return "", err
	}
	if !response.Get("ok").Bool() {
		return "", errors.New(path + " is not in the site")
	}
	return text.String(), nil
}

// allow asks the platform's limiter, which counts by address for a minute and
// keeps nothing.
func allow(r *http.Request) (bool, error) {
	outcome, err := await(cloudflare.GetBinding("LIMIT").Call("limit", map[string]any{"key": r.Header.Get("CF-Connecting-IP")}))
	if err != nil {
		return false, err
	}
	return outcome.Get("success").Bool(), nil
}

// await waits for a promise.
func await(promise js.Value) (js.Value, error) {
	type result struct {
		value js.Value
		err   error
	}
	settled := make(chan result, 1)
	kept := js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		settled <- result{value: arguments[0]}
		return nil
	})
	defer kept.Release()
	broken := js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		settled <- result{err: errors.New(arguments[0].Call("toString").String())}
		return nil
	})
	defer broken.Release()
	promise.Call("then", kept, broken)
	r := <-settled
	return r.value, r.err
}
