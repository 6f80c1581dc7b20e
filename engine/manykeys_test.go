package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
)

// A key of any case keeps what is derived away, among few keys and among many.
func TestWhatIsWrittenWinsAmongAnyNumberOfKeys(t *testing.T) {
	for _, n := range []int{0, 20, 47, 48, 49, 200} {
		c := engine.Circumstances{Context: []engine.ContextValue{{Key: "AWS:username", Values: []string{"eve"}},
			{Key: "x:\u212Aey", Values: []string{"1"}}, {Key: "x:key", Values: []string{"2"}}}}
		for i := range n {
			c.Context = append(c.Context, engine.ContextValue{Key: fmt.Sprintf("x:Key%d", i), Values: []string{"v"}})
		}
		w := engine.NewWorld(engine.Parse(`{"version":1,"accounts":{"111111111111":{"users":{"ali":{}}}}}`), nil)
		seen := map[string]string{}
		for _, e := range w.Ask(ali, "s3:GetObject", object, c).Context {
			lower := strings.ToLower(e.Key)
			if _, twice := seen[lower]; twice {
				t.Errorf("%d keys: %s is there twice", n, e.Key)
			}
			seen[lower] = strings.Join(e.Values, ",")
		}
		if seen["aws:username"] != "eve" || seen["x:key"] != "1" || seen["aws:principalaccount"] != accA ||
			n > 0 && seen["x:key0"] != "v" {
			t.Errorf("%d keys: %v", n, seen)
		}
	}
}
