package engine_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

// seedOf is where bounded runs begin: SEED in the environment, or always the same.
func seedOf(t testing.TB) uint64 {
	seed, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	t.Logf("SEED=%d", seed)
	return seed
}

// cases is how many of n generated cases a bounded run takes: WebAssembly is
// slow, and the code is the same.
func cases(n int) int {
	if runtime.GOOS == "js" {
		return n / 5
	}
	return n
}

// shrink removes members and items as long as the complaint stays.
func shrink(document string, complaint func(string) string) string {
	for again := true; again; {
		again = false
		root := decode(document)
		var walk func(v any)
		try := func() bool {
			smaller := encode(root)
			if complaint(smaller) == "" {
				return false
			}
			document, again = smaller, true
			return true
		}
		walk = func(v any) {
			switch v := v.(type) {
			case fields:
				for name, member := range v {
					delete(v, name)
					if !try() {
						v[name] = member
						if list, ok := member.(items); ok {
							walkItems(list, func(shorter items) bool { v[name] = shorter; return try() }, func() { v[name] = list })
						}
						walk(v[name])
					}
				}
			case items:
				for _, item := range v {
					walk(item)
				}
			}
		}
		walk(root)
	}
	return document
}

// walkItems tries a list without each of its items, and stops at the first success.
func walkItems(list items, try func(items) bool, restore func()) {
	for i := range list {
		shorter := append(append(items{}, list[:i]...), list[i+1:]...)
		if try(shorter) {
			return
		}
	}
	restore()
}

func report(t *testing.T, seed uint64, document string, complaint func(string) string) {
	t.Helper()
	smallest := shrink(document, complaint)
	t.Fatalf("seed %d: %s\n%s", seed, complaint(smallest), smallest)
}

func checkTwin(t *testing.T, seed uint64) {
	g := newGenerator(seed)
	g.big = g.chance(10)
	document := encode(g.scenario(6))
	w := engine.NewWorld(engine.Parse(document), nil)
	for _, d := range w.Diagnostics {
		if d.Severity == engine.Error {
			t.Fatalf("seed %d: the generator made a mistake: %s at %s: %s", seed, d.Code, d.Pointer, d.Message)
		}
	}
	if missedWays(document) != "" {
		report(t, seed, document, missedWays)
	}
}

func TestTheEngineDecidesAsTheTwin(t *testing.T) {
	seed := seedOf(t)
	for i := range uint64(cases(500)) {
		checkTwin(t, seed+i)
	}
}

func FuzzTheEngineDecidesAsTheTwin(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkTwin)
}
