//go:build js && wasm

package main

import (
	"github.com/syumai/workers/cloudflare/kv"
)

// kvStore keeps the records of short links in the namespace LINKS.
//
// KV tells all places of a change within a minute, and cannot add only what is
// not there in one step. Neither does harm: an id says what its record holds,
// so two that add at once add the same.
type kvStore struct{}

// absent is what the library makes of null, the answer for a key without a value.
const absent = "<null>"

// Read returns the record under a key.
func (kvStore) Read(key string) (string, bool, error) {
	space, err := kv.NewNamespace("LINKS")
	if err != nil {
		return "", false, err
	}
	record, err := space.GetString(key, nil)
	if err != nil || record == absent {
		return "", false, err
	}
	return record, true, nil
}

// Add keeps a record under a key that has none.
func (s kvStore) Add(key, record string) (bool, error) {
	if _, found, err := s.Read(key); err != nil || found {
		return false, err
	}
	space, err := kv.NewNamespace("LINKS")
	if err != nil {
		return false, err
	}
	err = space.PutString(key, record, nil)
	return err == nil, err
}

// Remove deletes the record under a key.
func (kvStore) Remove(key string) error {
	space, err := kv.NewNamespace("LINKS")
	if err != nil {
		return err
	}
	return space.Delete(key)
}
