//go:build !js

package links

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestADiskKeepsTheFirstRecordOfAKey(t *testing.T) {
	top := t.TempDir()
	d, err := OpenDisk(filepath.Join(top, "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	key := idOf("x", 12)
	if _, found, err := d.Read(key); found || err != nil {
		t.Error("found before it was added", err)
	}
	if err := d.Remove(key); err != nil {
		t.Error(err)
	}
	for i, record := range []string{"first", "second"} {
		if added, err := d.Add(key, record); added != (i == 0) || err != nil {
			t.Errorf("%s: %v, %v", record, added, err)
		}
	}
	again, err := OpenDisk(filepath.Join(top, "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	if record, found, err := again.Read(key); record != "first" || !found || err != nil {
		t.Errorf("%q, %v, %v", record, found, err)
	}
	if entries, err := os.ReadDir(filepath.Join(top, "a", "b")); len(entries) != 1 || err != nil {
		t.Errorf("%v: expected no draft beside the record", entries)
	}
	if err := d.Remove(key); err != nil {
		t.Error(err)
	}
	if _, found, err := again.Read(key); found || err != nil {
		t.Error("found after it was removed", err)
	}
}

func TestNoKeyLeadsOutOfTheFolder(t *testing.T) {
	top := t.TempDir()
	if err := os.WriteFile(filepath.Join(top, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := OpenDisk(filepath.Join(top, "store"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", ".", "../secret", "..", "/etc/passwd", "a/b", "aaaaaaaaaaa\x00", idOf("x", 12) + ".draft", "AAAAAAAAAAAA"} {
		if record, found, err := d.Read(key); err == nil || found {
			t.Errorf("%q was read: %q", key, record)
		}
		if added, err := d.Add(key, "x"); err == nil || added {
			t.Errorf("%q was added", key)
		}
		if err := d.Remove(key); err == nil {
			t.Errorf("%q was removed", key)
		}
	}
}

func TestOfManyWhoAddAtOnceOneDoes(t *testing.T) {
	folder := t.TempDir()
	key := idOf("x", 20)
	var mu sync.Mutex
	var group sync.WaitGroup
	count := 0
	for range 16 {
		group.Go(func() {
			d, err := OpenDisk(folder)
			if err != nil {
				t.Error(err)
				return
			}
			added, err := d.Add(key, "whole")
			if err != nil {
				t.Error(err)
			}
			if added {
				mu.Lock()
				count++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if count != 1 {
		t.Errorf("%d added it", count)
	}
}
