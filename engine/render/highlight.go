package render

import (
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// lexer reads JSON. It is written out here because chroma's own collection of
// lexers would make every program that has it three times as large.
var lexer = sync.OnceValue(func() chroma.Lexer {
	return chroma.MustNewLexer(&chroma.Config{Name: "JSON"}, func() chroma.Rules {
		return chroma.Rules{"root": {
			{Pattern: `\s+`, Type: chroma.TextWhitespace},
			{Pattern: `"(?:[^"\\]|\\.)*"(?=\s*:)`, Type: chroma.NameTag},
			{Pattern: `"(?:[^"\\]|\\.)*"`, Type: chroma.LiteralString},
			{Pattern: `-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`, Type: chroma.LiteralNumber},
			{Pattern: `(?:true|false|null)\b`, Type: chroma.KeywordConstant},
			{Pattern: `[{}\[\],:]`, Type: chroma.Punctuation},
		}}
	})
})

// tokens reads one line of JSON. Put together they are the line, whatever is
// wrong with it.
func tokens(line string) []chroma.Token {
	found, err := chroma.Tokenise(lexer(), &chroma.TokeniseOptions{State: "root"}, line)
	if err != nil {
		return []chroma.Token{{Type: chroma.Error, Value: line}}
	}
	return found
}

// colours of a terminal for the kinds of JSON tokens.
var tokenColours = map[chroma.TokenType]colour{
	chroma.NameTag:         blue,
	chroma.LiteralString:   cyan,
	chroma.LiteralNumber:   violet,
	chroma.KeywordConstant: violet,
	chroma.Punctuation:     dim,
}

// json writes one line of JSON, highlighted when there are colours.
func (p *painter) json(line string) {
	if !p.colours {
		p.paint(plain, cleanDocument(line))
		return
	}
	for _, t := range tokens(line) {
		p.paint(tokenColours[t.Type], cleanDocument(t.Value))
	}
}
