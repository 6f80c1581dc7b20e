package engine_test

import (
	"os"
	"testing"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/trace"
)

// measured is the world that make bench measures too, with its requests ready.
func measured(tb testing.TB) []*engine.Query {
	tb.Helper()
	text, err := os.ReadFile("testdata/bench.json")
	if err != nil {
		tb.Fatal(err)
	}
	s := engine.Parse(string(text))
	w := engine.NewWorld(s, nil)
	for _, d := range w.Diagnostics {
		if d.Severity == engine.Error {
			tb.Fatalf("%s: %s", d.Pointer, d.Message)
		}
	}
	queries := make([]*engine.Query, len(s.Requests))
	for i, r := range s.Requests {
		queries[i] = w.Query(r)
	}
	return queries
}

func TestTheMeasuredWorldDecidesAsItSays(t *testing.T) {
	for _, q := range measured(t) {
		if got := q.Authorize(nil).String(); got != q.Request.Expect.Decision {
			t.Errorf("%s: %s, expected %s", q.Request.Name, got, q.Request.Expect.Decision)
		}
	}
}

func BenchmarkDecision(b *testing.B) {
	queries := measured(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		queries[i%len(queries)].Authorize(nil)
	}
}

func BenchmarkRecorded(b *testing.B) {
	queries := measured(b)
	var rec trace.Recorder
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		rec.Reset()
		queries[i%len(queries)].Authorize(&rec)
	}
}

func BenchmarkExplained(b *testing.B) {
	queries := measured(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		queries[i%len(queries)].Evaluate()
	}
}

func BenchmarkQuestion(b *testing.B) {
	queries := measured(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		q := queries[i%len(queries)]
		q.World.Query(q.Request)
	}
}
