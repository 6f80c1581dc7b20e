// Package preview draws the pictures that previews of links show: a scenario's
// title, its first requests with their decisions, and the playground's name.
// Sites that preview links take no SVG, so it is PNG.
package preview

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"sort"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Width and Height are the picture's pixels, which is what previews expect.
const (
	Width  = 1200
	Height = 630
)

// The measures of the picture in pixels: its margin, the height of a line of
// the title and of a row, and how many of them have room.
const (
	margin    = 72
	titleLine = 66
	titleMost = 3
	row       = 62
	icon      = 19 // the radius
)

// Tone is what a row says.
type Tone int

// The tones, each with a sign and a colour of its own.
const (
	Deny Tone = iota
	Allow
	Depends
)

// Row is a request with its decision in a word.
type Row struct {
	Text, Word string
	Tone       Tone
}

var (
	paper = color.RGBA{0xfb, 0xfa, 0xf7, 0xff}
	ink   = color.RGBA{0x1c, 0x1f, 0x24, 0xff}
	soft  = color.RGBA{0x5b, 0x60, 0x69, 0xff}
	line  = color.RGBA{0xe2, 0xdf, 0xd7, 0xff}
	tones = map[Tone]color.RGBA{Deny: {0xb3, 0x26, 0x1e, 0xff}, Allow: {0x0a, 0x6b, 0x4b, 0xff}, Depends: {0x6a, 0x3f, 0xb5, 0xff}}
)

// fonts are the fonts that are used.
var fonts = sync.OnceValue(func() (f struct{ regular, bold *opentype.Font }) {
	parse := func(ttf []byte) *opentype.Font {
		parsed, err := opentype.Parse(ttf)
		if err != nil {
			panic(err) // the fonts are part of the program
		}
		return parsed
	}
	f.regular, f.bold = parse(goregular.TTF), parse(gobold.TTF)
	return f
})

// sizes are the fonts in the sizes that are used. One picture at a time can
// write with them.
type sizes struct{ title, text, word, brand font.Face }

func newSizes() sizes {
	face := func(f *opentype.Font, size float64) font.Face {
		made, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
		if err != nil {
			panic(err) // the options are constants
		}
		return made
	}
	return sizes{face(fonts().bold, 54), face(fonts().regular, 30), face(fonts().bold, 28), face(fonts().bold, 30)}
}

// PNG writes a picture with a title and as many rows as have room; the last
// line says how many more there are.
func PNG(w io.Writer, title string, rows []Row) error {
	f := newSizes()
	p := picture{image.NewRGBA(image.Rect(0, 0, Width, Height))}
	draw.Draw(p, p.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	y := margin + 44
	for _, l := range wrapped(f.title, title, Width-2*margin, titleMost) {
		p.text(f.title, ink, margin, y, l)
		y += titleLine
	}
	const foot = Height - margin
	y += 8
	fit := (foot - 50 - y) / row
	shown := rows
	if len(rows) > fit {
		shown = rows[:fit-1]
	}
	for _, r := range shown {
		c := tones[r.Tone]
		p.sign(f.word, r.Tone, margin+icon, y+row/2-8)
		word := font.MeasureString(f.word, r.Word).Ceil()
		p.text(f.text, ink, margin+2*icon+20, y+row/2+2, cut(f.text, r.Text, Width-2*margin-2*icon-20-word-32))
		p.text(f.word, c, Width-margin-word, y+row/2+2, r.Word)
		y += row
	}
	if n := len(rows) - len(shown); n > 0 {
		p.text(f.text, soft, margin+2*icon+20, y+row/2+2, "and "+strconv.Itoa(n)+" more")
	}
	draw.Draw(p, image.Rect(margin, foot-34, Width-margin, foot-32), image.NewUniform(line), image.Point{}, draw.Src)
	p.text(f.brand, ink, margin, foot+14, "IAM Playground")
	const claim = "what would AWS IAM answer, and why?"
	p.text(f.text, soft, Width-margin-font.MeasureString(f.text, claim).Ceil(), foot+14, claim)
	return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(w, p.quantized())
}

// picture is a picture while it is drawn.
type picture struct{ *image.RGBA }

func (p picture) text(face font.Face, c color.Color, x, y int, s string) {
	(&font.Drawer{Dst: p, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}).DrawString(s)
}

// sign draws a disc with a tone's sign around a centre; face is for a sign that
// is a letter.
func (p picture) sign(face font.Face, t Tone, x, y int) {
	const r, k = icon, icon * 0.5523 // k makes four curves a circle
	cx, cy := float32(x), float32(y)
	shape := vector.NewRasterizer(Width, Height)
	shape.MoveTo(cx+r, cy)
	shape.CubeTo(cx+r, cy+k, cx+k, cy+r, cx, cy+r)
	shape.CubeTo(cx-k, cy+r, cx-r, cy+k, cx-r, cy)
	shape.CubeTo(cx-r, cy-k, cx-k, cy-r, cx, cy-r)
	shape.CubeTo(cx+k, cy-r, cx+r, cy-k, cx+r, cy)
	shape.ClosePath()
	shape.Draw(p, p.Bounds(), image.NewUniform(tones[t]), image.Point{})
	if t == Depends {
		p.text(face, paper, x-font.MeasureString(face, "?").Ceil()/2, y+10, "?")
		return
	}
	strokes := [][4]float32{{-7, -7, 7, 7}, {-7, 7, 7, -7}}
	if t == Allow {
		strokes = [][4]float32{{-8, 0, -2.2, 6.5}, {-3.6, 6.5, 8, -7}}
	}
	shape.Reset(Width, Height)
	for _, s := range strokes {
		stroke(shape, cx+s[0], cy+s[1], cx+s[2], cy+s[3])
	}
	shape.Draw(p, p.Bounds(), image.NewUniform(paper), image.Point{})
}

// stroke adds a line of four pixels' width, always in the same direction of turning.
func stroke(shape *vector.Rasterizer, x1, y1, x2, y2 float32) {
	dx, dy := x2-x1, y2-y1
	length := max(abs(dx), abs(dy))
	if length == 0 {
		return
	}
	nx, ny := -dy/length*1.7, dx/length*1.7
	shape.MoveTo(x1+nx, y1+ny)
	shape.LineTo(x2+nx, y2+ny)
	shape.LineTo(x2-nx, y2-ny)
	shape.LineTo(x1-nx, y1-ny)
	shape.ClosePath()
}

func abs(x float32) float32 { return max(x, -x) }

// quantized is the picture with few colours, which makes its file a third as
// large: the plain ones, and those between each of them and the paper.
func (p picture) quantized() *image.Paletted {
	palette := color.Palette{paper}
	for _, c := range []color.RGBA{ink, soft, line, tones[Deny], tones[Allow], tones[Depends]} {
		const steps = 16
		for i := 1; i <= steps; i++ {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(steps-i) + int(b)*i) / steps) }
			palette = append(palette, color.RGBA{mix(paper.R, c.R), mix(paper.G, c.G), mix(paper.B, c.B), 0xff})
		}
	}
	out := image.NewPaletted(p.Bounds(), palette)
	known := map[color.RGBA]uint8{}
	for y := range Height {
		for x := range Width {
			c := p.RGBAAt(x, y)
			i, found := known[c]
			if !found {
				i = uint8(palette.Index(c))
				known[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	return out
}

// wrapped cuts a text into lines of a width, most of them at most; what has no
// room ends in "…".
func wrapped(face font.Face, s string, width, most int) []string {
	var lines []string
	current := ""
	words := strings.Fields(s)
	for i, word := range words {
		longer := strings.TrimSpace(current + " " + word)
		if current == "" || font.MeasureString(face, longer).Ceil() <= width {
			current = longer
			continue
		}
		if len(lines) == most-1 {
			current = strings.Join(append([]string{current}, words[i:]...), " ")
			break
		}
		lines, current = append(lines, cut(face, current, width)), word
	}
	return append(lines, cut(face, current, width))
}

// cut shortens a text to a width.
func cut(face font.Face, s string, width int) string {
	if font.MeasureString(face, s).Ceil() <= width {
		return s
	}
	runes := []rune(s)
	fits := sort.Search(len(runes), func(n int) bool { return font.MeasureString(face, string(runes[:n+1])+"…").Ceil() > width })
	return strings.TrimRight(string(runes[:fits]), " ") + "…"
}
