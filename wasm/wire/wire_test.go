package wire

import (
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine/jsonpos"
)

func handler(failed *bool) *Handler {
	return &Handler{
		Load: func(string) {},
		Do: func(w *jsonpos.Writer, op *jsonpos.Value) {
			if Text(op, "op") == "break" {
				panic("broken")
			}
			n, ok := Number(op, "n")
			w.MemberInt("n", n)
			w.MemberBool("ok", ok)
		},
		Failed: func() { *failed = true },
	}
}

func TestAPanicIsAnAnswerAndIsTold(t *testing.T) {
	failed := false
	out := string(handler(&failed).Answer([]byte(`{"api":1,"ops":[{"id":"a","op":"break"}]}`)))
	if out != `{"api":1,"ok":false,"error":"broken"}` || !failed {
		t.Errorf("%s, told: %v", out, failed)
	}
}

func TestNumbersAreWholeAndNotNegative(t *testing.T) {
	for text, want := range map[string]string{"7": `"n":7,"ok":true`, "-7": `"n":0,"ok":false`, "1.5": `"n":0,"ok":false`, `"7"`: `"n":0,"ok":false`, "12345678901": `"n":0,"ok":false`} {
		failed := false
		out := string(handler(&failed).Answer([]byte(`{"api":1,"ops":[{"id":"a","op":"o","n":` + text + `}]}`)))
		if !strings.Contains(out, want) {
			t.Errorf("%s: %s", text, out)
		}
	}
}

func TestTheRoomOfAnAnswerIsUsedAgain(t *testing.T) {
	failed := false
	h := handler(&failed)
	long := `{"api":1,"ops":[{"id":"a","op":"o","n":123456789}]}`
	want := `{"api":1,"ok":true,"results":[{"id":"a","op":"o","n":123456789,"ok":true}]}`
	for _, call := range []string{long, `{"api":1,"ops":[]}`, `{"api":1,"ops":[{"id":"a","op":"break"}]}`, long} {
		if out := string(h.Answer([]byte(call))); call == long && out != want {
			t.Errorf("answered %s, expected %s", out, want)
		}
	}
}
