// Package jsonpos reads JSON with positions and writes JSON without reflection.
//
// A text becomes a tree of values. Each value knows the bytes it was read from, so that whatever is
// said about it later can point into the text. Terms:
//
//   - offset: a count of bytes from the start of the text; a range [Start, End) is two offsets;
//   - member: a value of an object together with its key; item: a value of an array;
//   - pointer: an RFC 6901 JSON Pointer; "" is the whole document;
//   - problem: something in the text that its author should correct;
//   - broken: said of a value that has a problem inside, so that its content is a guess.
//
// [Parse] reports every problem and not only the first. It goes on as the author most likely meant,
// so that the sound parts of a broken text stay usable. Text that encoding/json accepts is read
// exactly as encoding/json reads it. Time and memory grow at most with the length of the text.
//
// Not here: mapping to Go types, schemas, streaming, and the numeric value of numbers, which stay
// the literals they were written as.
package jsonpos
