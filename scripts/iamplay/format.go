package main

import (
	"fmt"
	"io"
	"os"

	"github.com/iam-playground/iam-playground/engine/render"
)

// format prints a document formatted, or writes it back to its file.
func (s *session) format(name, text string) error {
	out, err := render.Format(text)
	if err != nil {
		return s.complain(name, err)
	}
	if !s.write || name == "-" {
		_, err = io.WriteString(s.out, out)
		return err
	}
	if out == text {
		return nil
	}
	if err := os.WriteFile(name, []byte(out), 0o644); err != nil {
		return s.complain(name, err)
	}
	_, err = fmt.Fprintln(s.out, name)
	return err
}
