package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/iam-playground/iam-playground/scenarios"
)

// card is what the gallery shows of a scenario before it is opened.
type card struct {
	Path        string `json:"path"` // "basics/explicit-deny-wins"; the file is beside the index, with ".json"
	Title       string `json:"title"`
	Description string `json:"description"` // Markdown
	Requests    int    `json:"requests"`    // how many
	Group       string `json:"group"`       // the folder: "basics"
}

// writeScenarios writes the shipped scenarios and their index. The folder is
// emptied first, so that a scenario that is gone is gone from the site.
func writeScenarios() error {
	folder := filepath.Join(generated, "scenarios")
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return writeGallery(folder, scenarios.All())
}

func writeGallery(folder string, entries []scenarios.Entry) error {
	cards := make([]card, len(entries))
	for i, e := range entries {
		var document struct {
			Title, Description string
			Requests           []json.RawMessage
		}
		if err := json.Unmarshal([]byte(e.Text), &document); err != nil {
			return fmt.Errorf("%s: %w", e.Path, err)
		}
		cards[i] = card{e.Path, document.Title, document.Description, len(document.Requests), path.Dir(e.Path)}
		if err := writeFile(filepath.Join(folder, filepath.FromSlash(e.Path)+".json"), []byte(e.Text)); err != nil {
			return err
		}
	}
	index, err := json.MarshalIndent(cards, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(folder, "index.json"), append(index, '\n'))
}

// writeFile writes a file and the folders that it needs.
func writeFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}
