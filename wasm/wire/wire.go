// Package wire is the form of the page's calls to Go, bytes in and bytes out,
// several operations in one call.
//
// A call is {"api":1,"scenario":"…","ops":[{"id":"a","op":"evaluate"},…]}; the
// answer has one result per operation, in order. Mistakes of the user are parts
// of results; an answer with "ok":false is a mistake of ours.
package wire

import "github.com/iam-playground/iam-playground/engine/jsonpos"

// Handler does the operations of calls.
type Handler struct {
	// Load takes the scenario's text; it is called before the operations of a
	// call that has one.
	Load func(scenario string)
	// Do writes the members of one result, after its id and op.
	Do func(w *jsonpos.Writer, op *jsonpos.Value)
	// Failed is called after a panic: what was kept between calls may be half done.
	Failed func()

	room []byte // for an answer
}

// mostRoom is how much room is kept between calls.
const mostRoom = 1 << 20

// Answer answers one call. The answer is good until the next call. It never
// panics: what should not happen comes back as an answer with "ok":false.
func (h *Handler) Answer(in []byte) (out []byte) {
	defer func() {
		if p := recover(); p != nil {
			h.Failed()
			out = failure(reason(p))
		}
	}()
	call := jsonpos.Parse(string(in), jsonpos.Limits{})
	if len(call.Problems) > 0 || call.Root == nil {
		return failure("the call is not JSON")
	}
	if api := call.Root.Member("api"); api == nil || api.Text != "1" {
		return failure("the call is not of version 1")
	}
	if s := call.Root.Member("scenario"); s != nil && s.Kind == jsonpos.String {
		h.Load(s.Text)
	}
	w := &jsonpos.Writer{Buf: h.room[:0]}
	defer func() {
		if cap(w.Buf) <= mostRoom {
			h.room = w.Buf
		}
	}()
	w.BeginObject()
	w.MemberInt("api", 1)
	w.MemberBool("ok", true)
	w.Key("results")
	w.BeginArray()
	if ops := call.Root.Member("ops"); ops != nil {
		for _, op := range ops.Items {
			w.BeginObject()
			w.Member("id", Text(op, "id"))
			w.Member("op", Text(op, "op"))
			h.Do(w, op)
			w.EndObject()
		}
	}
	w.EndArray()
	w.EndObject()
	return w.Buf
}

// Text is a string member; "" when there is none.
func Text(v *jsonpos.Value, key string) string {
	if m := v.Member(key); m != nil && m.Kind == jsonpos.String {
		return m.Text
	}
	return ""
}

// Number is a member that is a whole number of at most nine digits and not negative.
func Number(v *jsonpos.Value, key string) (n int, ok bool) {
	m := v.Member(key)
	if m == nil || m.Kind != jsonpos.Number || len(m.Text) > 9 {
		return 0, false
	}
	for _, c := range m.Text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

func failure(message string) []byte {
	w := &jsonpos.Writer{}
	w.BeginObject()
	w.MemberInt("api", 1)
	w.MemberBool("ok", false)
	w.Member("error", message)
	w.EndObject()
	return w.Buf
}

func reason(p any) string {
	switch p := p.(type) {
	case error:
		return p.Error()
	case string:
		return p
	}
	return "the engine failed"
}
