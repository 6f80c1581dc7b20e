package lean

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
)

// gap is how many zero bytes between two pieces of data are written out. They
// pack to nearly nothing, and the head of a piece does not.
const gap = 256

// MergeData is a WebAssembly module with the same data in few pieces. Go's
// linker leaves out every run of zeros, which makes some forty thousand pieces
// with an address and a length each: fewer bytes, but many more once packed.
// change may change the data on the way; nil changes nothing.
func MergeData(module []byte, change func([]piece) error) ([]byte, error) {
	const head, dataSection = 8, 11
	if len(module) < head || !bytes.HasPrefix(module, []byte("\x00asm")) {
		return nil, errors.New("not a WebAssembly module")
	}
	out := bytes.Clone(module[:head])
	for r := (&reader{rest: module[head:]}); len(r.rest) > 0; {
		id := r.take(1)
		section := r.take(r.unsigned())
		if r.short {
			return nil, errors.New("a section of the module is cut off")
		}
		if id[0] == dataSection {
			merged, err := mergePieces(section, change)
			if err != nil {
				return nil, err
			}
			section = merged
		}
		out = append(out, id[0])
		out = binary.AppendUvarint(out, uint64(len(section)))
		out = append(out, section...)
	}
	return out, nil
}

// A piece is bytes with the address that they get.
type piece struct {
	at   int64
	data []byte
}

// mergePieces returns a data section whose pieces lie at least a gap apart.
func mergePieces(section []byte, change func([]piece) error) ([]byte, error) {
	var pieces []piece
	r := reader{rest: section}
	for range r.unsigned() {
		// What Go's linker writes: into memory 0, at a constant i32 address.
		before := r.take(2)
		at := r.signed()
		end := r.take(1)
		data := r.take(r.unsigned())
		if r.short || before[0] != 0 || before[1] != 0x41 || end[0] != 0x0b {
			return nil, errors.New("the data of the module is not as Go's linker writes it: expected pieces at constant addresses of memory 0")
		}
		if n := len(pieces) - 1; n >= 0 {
			last := &pieces[n]
			if zeros := at - last.at - int64(len(last.data)); zeros >= 0 && zeros < gap {
				last.data = append(append(last.data, make([]byte, zeros)...), data...)
				continue
			}
		}
		pieces = append(pieces, piece{at, bytes.Clone(data)})
	}
	if r.short || len(r.rest) > 0 {
		return nil, errors.New("the data of the module has another length than its head says")
	}
	if change != nil {
		if err := change(pieces); err != nil {
			return nil, err
		}
	}
	out := binary.AppendUvarint(nil, uint64(len(pieces)))
	for _, p := range pieces {
		out = append(out, 0, 0x41)
		out = appendSigned(out, p.at)
		out = append(out, 0x0b)
		out = binary.AppendUvarint(out, uint64(len(p.data)))
		out = append(out, p.data...)
	}
	return out, nil
}

// A reader reads the parts of a module. Once there is not enough, short is
// true and all that is read is zero.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.rest, r.short = nil, true
		return make([]byte, 2)
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

// unsigned reads a number in LEB128.
func (r *reader) unsigned() int {
	n, length := binary.Uvarint(r.rest)
	if length <= 0 || n > math.MaxUint32 {
		r.rest, r.short = nil, true
		return 0
	}
	r.take(length)
	return int(n)
}

// signed reads a number in signed LEB128.
func (r *reader) signed() int64 {
	var n int64
	for shift := 0; ; shift += 7 {
		b := r.take(1)[0]
		n |= int64(b&0x7f) << shift
		if b < 0x80 {
			// The last byte's second bit is the sign.
			unused := max(0, 64-shift-7)
			return n << unused >> unused
		}
	}
}

// appendSigned appends a number in signed LEB128.
func appendSigned(out []byte, n int64) []byte {
	for {
		b := byte(n & 0x7f)
		n >>= 7
		if sign := b&0x40 != 0; n == 0 && !sign || n == -1 && sign {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}
