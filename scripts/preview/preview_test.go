package preview

import (
	"bytes"
	"image/color"
	"image/png"
	"strings"
	"sync"
	"testing"

	"golang.org/x/image/font"
)

func drawn(t *testing.T, title string, rows []Row) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := PNG(&b, title, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPictureHasTheSizeThatPreviewsExpectWhateverItShows(t *testing.T) {
	long := strings.Repeat("a very long request with many words ", 100)
	for name, c := range map[string]struct {
		title string
		rows  []Row
	}{
		"nothing":              {"", nil},
		"three rows":           {"An explicit deny always wins", []Row{{"Rosa reads", "allowed", Allow}, {"Rosa deletes", "denied", Deny}, {"Somebody", "depends", Depends}}},
		"more than has room":   {long, []Row{{long, "allowed", Allow}, {long, "denied", Deny}, {long, "x", Deny}, {long, "x", Deny}, {long, "x", Deny}, {long, "x", Deny}}},
		"a word without space": {strings.Repeat("a", 5000), []Row{{strings.Repeat("表", 5000), "allowed", Allow}}},
	} {
		picture, err := png.Decode(bytes.NewReader(drawn(t, c.title, c.rows)))
		if err != nil || picture.Bounds().Dx() != Width || picture.Bounds().Dy() != Height {
			t.Errorf("%s: %v, %v", name, picture.Bounds(), err)
		}
		// Nothing is drawn into the margin.
		for y := range Height {
			for _, x := range []int{margin - 8, Width - margin + 8} {
				if r, g, b, _ := picture.At(x, y).RGBA(); (color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}) != paper {
					t.Fatalf("%s: something is drawn at %d, %d", name, x, y)
				}
			}
		}
	}
}

func TestTheSamePictureHasTheSameBytes(t *testing.T) {
	rows := []Row{{"Rosa reads", "allowed", Allow}, {"Rosa deletes", "denied", Deny}}
	if !bytes.Equal(drawn(t, "One", rows), drawn(t, "One", rows)) {
		t.Error("two pictures of the same rows differ")
	}
	if bytes.Equal(drawn(t, "One", rows), drawn(t, "One", rows[:1])) {
		t.Error("a row is not drawn")
	}
}

func TestPicturesAreDrawnAtTheSameTime(t *testing.T) {
	rows := []Row{{"Rosa reads", "allowed", Allow}, {"Somebody", "depends", Depends}}
	want := drawn(t, "One", rows)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			var b bytes.Buffer
			if err := PNG(&b, "One", rows); err != nil || !bytes.Equal(b.Bytes(), want) {
				t.Errorf("a picture that is drawn beside others differs: %v", err)
			}
		})
	}
	wait.Wait()
}

func TestATitleIsWrappedAtSpacesAndEndsInAnEllipsisWhenCut(t *testing.T) {
	face := newSizes().title
	for name, c := range map[string]struct {
		text string
		want int
		cut  bool
	}{
		"short":    {"One", 1, false},
		"two":      {"One that needs more than a single line of the picture", 2, false},
		"too long": {strings.Repeat("word ", 100), titleMost, true},
	} {
		lines := wrapped(face, c.text, Width-2*margin, titleMost)
		if len(lines) != c.want || strings.HasSuffix(lines[len(lines)-1], "…") != c.cut {
			t.Errorf("%s: %q", name, lines)
		}
		for _, l := range lines {
			if font.MeasureString(face, l).Ceil() > Width-2*margin {
				t.Errorf("%s: %q is too wide", name, l)
			}
		}
	}
}
