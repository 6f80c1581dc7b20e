//go:build !js

package links

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Disk is a Store with one file for each record in a folder. Several programs
// may use one folder at once.
type Disk struct{ root *os.Root }

// OpenDisk opens a folder, which is made when there is none.
func OpenDisk(folder string) (*Disk, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	return &Disk{root}, nil
}

// Read returns the record under a key.
func (d *Disk) Read(key string) (string, bool, error) {
	if !isID(key) {
		return "", false, noKey(key)
	}
	text, err := d.root.ReadFile(key)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	return string(text), err == nil, err
}

// Add keeps a record under a key that has none. The file is there as a whole or
// not at all: it is written under another name and then linked, which fails
// when somebody else was first.
func (d *Disk) Add(key, record string) (bool, error) {
	if !isID(key) {
		return false, noKey(key)
	}
	draft := key + "." + randomToken()
	defer d.root.Remove(draft)
	if err := d.root.WriteFile(draft, []byte(record), 0o600); err != nil {
		return false, err
	}
	err := d.root.Link(draft, key)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, err
}

// Remove deletes the record under a key.
func (d *Disk) Remove(key string) error {
	if !isID(key) {
		return noKey(key)
	}
	if err := d.root.Remove(key); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// noKey says that a key is none. No path leads out of the folder in any case;
// this keeps drafts from being read.
func noKey(key string) error {
	return fmt.Errorf("key %q: expected an id of a short link", key)
}
