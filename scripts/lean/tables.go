package lean

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// What the tables of functions look like that Go's linker writes for the
// runtime: https://go.dev/src/internal/abi/symtab.go and
// https://go.dev/src/runtime/runtime2.go, type _func. Another version of Go may
// have another layout, so that only tables of this one are touched.
const tablesOf = "go1.26"

// headOfTables begins the tables: a magic number, the size of an instruction
// and that of a pointer.
var headOfTables = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// The places of the fields of a function's record, and of what follows it.
const (
	nameField, stackField, fileField, lineField, countField = 4, 16, 20, 24, 28
	unitField, startField, dataCountField, recordSize       = 32, 36, 43, 44
)

// The tables of places and of data that a function may have, by number.
const (
	unsafePoints, stackMaps, inlined, liveArguments = 0, 1, 2, 3
	inlineTree, argumentInfo, argumentLiveInfo      = 3, 5, 6
)

const noData = 1<<32 - 1

// tables are the tables of functions within a piece of data.
type tables struct {
	data    []byte
	names   []byte // and the files, up to the tables of places
	namesAt uint64
	// places are the tables of places: what holds from which instruction on.
	places []byte
	// functions begins with the index of the records.
	functions []byte
	count     int
	// trees is the data of functions, among it the trees of what was inlined;
	// nil when it was not found.
	trees []byte
}

// nodeSize is the size of a node in a tree of what was inlined.
const nodeSize = 16

// trees finds the data of functions by the runtime's record of the module,
// https://go.dev/src/runtime/symtab.go, type moduledata, which begins with the
// addresses of the tables and of the names in them. It is nil when there is no
// such record.
func trees(pieces []piece, tables int64, t *tables) []byte {
	const word, dataOfFunctions = 8, 40
	begin := binary.LittleEndian.AppendUint64(nil, uint64(tables))
	begin = binary.LittleEndian.AppendUint64(begin, uint64(tables)+t.namesAt)
	for i := range pieces {
		at := bytes.Index(pieces[i].data, begin)
		if at < 0 || at+word*(dataOfFunctions+1) > len(pieces[i].data) {
			continue
		}
		address := int64(binary.LittleEndian.Uint64(pieces[i].data[at+word*dataOfFunctions:]))
		for j := range pieces {
			if offset := address - pieces[j].at; offset >= 0 && offset < int64(len(pieces[j].data)) {
				return pieces[j].data[offset:]
			}
		}
	}
	return nil
}

// forget clears from the data of a module what only a trace of a panic asks
// for: the names of functions and files, lines, and what was inlined where. No
// size changes, but what is cleared packs to nothing. What the collector and
// growing stacks need stays.
func forget(pieces []piece) error {
	for i := range pieces {
		if at := bytes.Index(pieces[i].data, headOfTables); at >= 0 {
			t, err := newTables(pieces[i].data[at:])
			if err != nil {
				return err
			}
			t.trees = trees(pieces, pieces[i].at+int64(at), t)
			return t.forget()
		}
	}
	return errors.New("the module has no tables of functions as Go's linker writes them")
}

var errTables = errors.New("the tables of functions are not as Go's linker writes them: expected their parts in order")

func newTables(data []byte) (*tables, error) {
	const fields = 8
	if len(data) < 8*(1+fields) {
		return nil, errTables
	}
	var head [fields]uint64
	for i := range head {
		head[i] = binary.LittleEndian.Uint64(data[8*(1+i):])
	}
	count, names, units, files, places, functions := head[0], head[3], head[4], head[5], head[6], head[7]
	if !(names < units && units < files && files < places && places < functions &&
		functions+8*count < uint64(len(data))) {
		return nil, errTables
	}
	return &tables{data: data, names: data[names:places], namesAt: names, places: data[places:functions],
		functions: data[functions:], count: int(count)}, nil
}

func (t *tables) forget() error {
	clear(t.names)
	live := make([]bool, len(t.places))
	for i := range t.count {
		f, err := t.record(i)
		if err != nil {
			return err
		}
		for _, field := range [...]int{nameField, fileField, lineField, unitField, startField} {
			binary.LittleEndian.PutUint32(f[field:], 0)
		}
		tables, data := int(binary.LittleEndian.Uint32(f[countField:])), int(f[dataCountField])
		if recordSize+4*(tables+data) > len(f) {
			return errTables
		}
		table := func(n int) []byte { return f[recordSize+4*n:] }
		if inlined < tables && inlineTree < data {
			if err := t.fell(binary.LittleEndian.Uint32(table(tables+inlineTree)),
				binary.LittleEndian.Uint32(table(inlined))); err != nil {
				return err
			}
		}
		for _, n := range [...]int{unsafePoints, inlined, liveArguments} {
			if n < tables {
				binary.LittleEndian.PutUint32(table(n), 0)
			}
		}
		for _, n := range [...]int{inlineTree, argumentInfo, argumentLiveInfo} {
			if n < data {
				binary.LittleEndian.PutUint32(table(tables+n), noData)
			}
		}
		if err := t.keep(live, binary.LittleEndian.Uint32(f[stackField:])); err != nil {
			return err
		}
		if stackMaps < tables {
			if err := t.keep(live, binary.LittleEndian.Uint32(table(stackMaps))); err != nil {
				return err
			}
		}
	}
	for i := range t.places {
		if !live[i] {
			t.places[i] = 0
		}
	}
	return nil
}

// fell clears a tree of what was inlined; its size is known by the numbers of
// nodes in a table of places.
func (t *tables) fell(tree, nodes uint32) error {
	if tree == noData || nodes == 0 || t.trees == nil {
		return nil
	}
	number, last := int64(-1), int64(-1)
	for at, first := int(nodes), true; ; first = false {
		change, length := binary.Uvarint(t.places[min(at, len(t.places)):])
		if length <= 0 {
			return errTables
		}
		if change == 0 && !first {
			break
		}
		at += length
		number += int64(change>>1) ^ -int64(change&1)
		last = max(last, number)
		_, length = binary.Uvarint(t.places[min(at, len(t.places)):])
		if length <= 0 {
			return errTables
		}
		at += length
	}
	end := int64(tree) + nodeSize*(last+1)
	if end > int64(len(t.trees)) {
		return errTables
	}
	clear(t.trees[tree:end])
	return nil
}

// record is a function's record and all behind it.
func (t *tables) record(n int) ([]byte, error) {
	at := uint64(binary.LittleEndian.Uint32(t.functions[8*n+4:]))
	if at+recordSize > uint64(len(t.functions)) {
		return nil, errTables
	}
	return t.functions[at:], nil
}

// keep marks a table of places as needed: pairs of numbers up to a zero that
// stands first in its pair. At 0 there is none.
func (t *tables) keep(live []bool, at uint32) error {
	if at == 0 {
		return nil
	}
	for first := true; ; first = false {
		for half := range 2 {
			value, length := binary.Uvarint(t.places[min(int(at), len(t.places)):])
			if length <= 0 {
				return errTables
			}
			for range length {
				live[at] = true
				at++
			}
			if half == 0 && value == 0 && !first {
				return nil
			}
		}
	}
}
