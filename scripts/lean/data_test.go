package lean

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is a WebAssembly module of a section that is not data and one that is.
func module(pieces ...piece) []byte {
	data := binary.AppendUvarint(nil, uint64(len(pieces)))
	for _, p := range pieces {
		data = append(appendSigned(append(data, 0, 0x41), p.at), 0x0b)
		data = append(binary.AppendUvarint(data, uint64(len(p.data))), p.data...)
	}
	out := append([]byte("\x00asm\x01\x00\x00\x00"), 0, 3, 'a', 'b', 'c', 11)
	return append(binary.AppendUvarint(out, uint64(len(data))), data...)
}

func TestDataAtAShortDistanceBecomesOnePiece(t *testing.T) {
	zeros := make([]byte, gap)
	for name, c := range map[string]struct{ have, want []piece }{
		"none":                       {nil, nil},
		"one":                        {[]piece{{64, []byte("a")}}, []piece{{64, []byte("a")}}},
		"side by side":               {[]piece{{64, []byte("ab")}, {66, []byte("c")}}, []piece{{64, []byte("abc")}}},
		"nearer than the gap":        {[]piece{{0, []byte("a")}, {gap, []byte("b")}}, []piece{{0, slices.Concat([]byte("a"), zeros[1:], []byte("b"))}}},
		"as far as the gap":          {[]piece{{0, []byte("a")}, {gap + 1, []byte("b")}}, []piece{{0, []byte("a")}, {gap + 1, []byte("b")}}},
		"over what is there already": {[]piece{{64, []byte("abc")}, {65, []byte("x")}}, []piece{{64, []byte("abc")}, {65, []byte("x")}}},
		"backwards":                  {[]piece{{1 << 20, []byte("a")}, {63, []byte("b")}}, []piece{{1 << 20, []byte("a")}, {63, []byte("b")}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := MergeData(module(c.have...), nil)
			if want := module(c.want...); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%q, %v\nexpected %q", got, err, want)
			}
		})
	}
}

func TestAModuleThatIsCutOffOrOfAnotherMakeIsAnError(t *testing.T) {
	whole := module(piece{300, []byte("abc")}, piece{100000, []byte("d")})
	sectionEnds := []int{8, 13} // what is cut off there is a module still
	for n := range whole {
		if _, err := MergeData(whole[:n], nil); err == nil != slices.Contains(sectionEnds, n) {
			t.Errorf("the first %d bytes of %q: error %v", n, whole, err)
		}
	}
	const head = "\x00asm\x01\x00\x00\x00"
	for name, text := range map[string]string{
		"not a module":              "GIF89a, and more",
		"a passive piece":           head + "\x0b\x04\x01\x01\x01a",
		"an address from a global":  head + "\x0b\x06\x01\x00\x23\x00\x0b\x00",
		"more than the head counts": head + "\x0b\x07\x01\x00\x41\x00\x0b\x00\x00",
		"a length beyond all":       head + "\x0b\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
		"a number beyond all":       head + "\x0b" + strings.Repeat("\xff", 20),
		"a count beyond all":        head + "\x0b\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
	} {
		if got, err := MergeData([]byte(text), nil); err == nil {
			t.Errorf("%s: no error, and %q", name, got)
		}
	}
}

func TestSignedNumbersComeBack(t *testing.T) {
	for _, n := range []int64{0, 1, 63, 64, 127, 128, 8191, 8192, 1 << 20, 1<<31 - 1, -1, -64, -65, -1 << 31} {
		r := reader{rest: appendSigned(nil, n)}
		if got := r.signed(); got != n || r.short || len(r.rest) > 0 {
			t.Errorf("%d came back as %d, with %d bytes left", n, got, len(r.rest))
		}
	}
}

// busy is a program that grows its stacks, collects its garbage, defers, panics
// and recovers: all that the tables of functions are read for but traces.
const busy = `package main

import "runtime"

type node struct {
	next *node
	text []byte
}

func deep(n int) (list *node, sum int) {
	if n == 0 {
		runtime.GC()
		return nil, 0
	}
	text := make([]byte, n)
	list, sum = deep(n - 1)
	return &node{list, text}, sum + len(text)
}

func recovered(n int) (what string) {
	defer func() {
		if p := recover(); p != nil {
			what = p.(error).Error()
		}
	}()
	for i := range n {
		defer func() { what += string(rune('a' + i)) }()
	}
	var none []int
	return string(rune(none[n]))
}

func main() {
	done := make(chan int)
	for range 3 {
		go func() {
			list, sum := deep(3000)
			runtime.GC()
			for ; list != nil; list = list.next {
				sum -= len(list.text)
			}
			done <- sum
		}()
	}
	println(<-done, <-done, <-done, recovered(3))
}
`

func TestAProgramOfMergedDataRuns(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/program\n\ngo 1.26\n", "main.go": busy} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", "program.wasm", ".")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program, err := os.ReadFile("program.wasm")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]piece) error{"merged": nil, "forgetful": forget} {
		made, err := MergeData(program, change)
		if err != nil {
			t.Fatal(err)
		}
		if names := bytes.Contains(made, []byte("main.recovered")); names != (change == nil) {
			t.Errorf("%s: the program has names of functions: %v", name, names)
		}
		if err := os.WriteFile("made.wasm", made, 0o644); err != nil {
			t.Fatal(err)
		}
		run := exec.Command("node", filepath.Join(goroot(t), "lib", "wasm", "wasm_exec_node.js"), "made.wasm")
		run.Env = []string{"PATH=" + os.Getenv("PATH")}
		want := "0 0 0 runtime error: index out of range [3] with length 0\n"
		if out, err := run.CombinedOutput(); err != nil || string(out) != want {
			t.Errorf("%s: %q, %v", name, out, err)
		}
		again, err := MergeData(made, nil)
		if err != nil || !bytes.Equal(again, made) {
			t.Errorf("%s: merging twice makes something else than merging once: %v", name, err)
		}
	}
}

func TestTablesOfAnotherMakeAreAnError(t *testing.T) {
	head := func(fields ...uint64) []byte {
		out := bytes.Clone(headOfTables)
		for _, f := range fields {
			out = binary.LittleEndian.AppendUint64(out, f)
		}
		return append(out, make([]byte, 100)...)
	}
	for name, data := range map[string][]byte{
		"no tables":                  []byte("something else"),
		"a head that is cut off":     headOfTables,
		"parts in another order":     head(1, 1, 0, 80, 76, 84, 88, 92),
		"records beyond the data":    head(1, 1, 0, 72, 76, 80, 84, 1<<40),
		"a record beyond the others": append(head(1, 1, 0, 72, 76, 80, 84, 176), slices.Repeat([]byte{0xff}, 100)...),
	} {
		if err := forget([]piece{{0, data}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
