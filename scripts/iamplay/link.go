package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/render"
	"github.com/iam-playground/iam-playground/wasm/links"
)

// comfortable is how many characters of a link chat tools and mail programs
// leave alone.
const comfortable = 2000

// link prints the link to a document, opened at the request that was asked for.
func (s *session) link(name, text string) error {
	var view links.View
	if s.request != "" {
		found := false
		for i, r := range engine.Parse(text).Requests {
			if !found && r.Name == s.request {
				view.Request, found = i, true
			}
		}
		if !found {
			return s.complain(name, fmt.Errorf("no request is named %q", s.request))
		}
	}
	if len(text) > links.MaxBytes {
		return s.complain(name, fmt.Errorf("found %d bytes, expected at most %d", len(text), links.MaxBytes))
	}
	link := s.base + links.Encode([]byte(text), view)
	if len(link) > comfortable {
		fmt.Fprintf(s.errs, "iamplay: %s: the link has %d characters; chat and mail programs may cut links of more than %d\n", name, len(link), comfortable)
	}
	_, err := fmt.Fprintln(s.out, link)
	return err
}

// open prints the document of a link, formatted. Of a damaged link it prints
// what is left.
func (s *session) open(link string) error {
	if link == "-" {
		text, err := io.ReadAll(io.LimitReader(s.in, links.MaxFragment+longest))
		if err != nil {
			return s.complain(link, err)
		}
		link = strings.TrimSpace(string(text))
	}
	opened, err := links.Decode(link)
	text := opened.Scenario
	if damage, ok := errors.AsType[*links.Damage](err); ok {
		if err := s.complain("the link", damage); err != nil {
			return err
		}
		if text = damage.Recovered; len(text) == 0 {
			return nil
		}
		fmt.Fprintf(s.errs, "iamplay: %d bytes of the document could be recovered\n", len(text))
	}
	out, err := render.Format(string(text))
	if err != nil {
		out = string(text) + "\n"
	}
	_, err = io.WriteString(s.out, out)
	return err
}
