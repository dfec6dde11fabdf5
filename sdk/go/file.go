package larder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"sync/atomic"
	"time"
)

// The oldest files are looked for at every so many writes.
const tidyEvery = 100

// FileStore keeps copies in files: they outlive the process, and processes share them.
type FileStore struct {
	folder string
	files  int
	writes atomic.Int64
}

// NewFileStore keeps copies in a folder, which is made when it is needed; 5,000 at most.
func NewFileStore(folder string) *FileStore {
	return &FileStore{folder: folder, files: 5000}
}

// Get is Store's.
func (store *FileStore) Get(_ context.Context, key string) (string, error) {
	held, err := os.ReadFile(store.file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	written, text, _ := bytes.Cut(held, []byte("\n"))
	if string(written) != sha(text) {
		return "", nil
	}
	return string(text), nil
}

// Set is Store's. A file is renamed when it is whole, so that nobody reads half of it and a full disk leaves what was there.
func (store *FileStore) Set(_ context.Context, key, text string, _ time.Duration) error {
	if err := os.MkdirAll(store.folder, 0o755); err != nil {
		return err
	}
	draft, err := os.CreateTemp(store.folder, "*.tmp")
	if err != nil {
		return err
	}
	_, err = draft.WriteString(sha([]byte(text)) + "\n" + text)
	err = firstOf(err, draft.Close())
	if err == nil {
		err = os.Rename(draft.Name(), store.file(key))
	}
	if err != nil {
		_ = os.Remove(draft.Name())
		return err
	}
	if store.writes.Add(1)%tidyEvery == 0 {
		store.tidy()
	}
	return nil
}

// Delete is Store's.
func (store *FileStore) Delete(_ context.Context, key string) error {
	err := os.Remove(store.file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (store *FileStore) file(key string) string {
	return filepath.Join(store.folder, sha([]byte(key))+".json")
}

// tidy removes the oldest files, and drafts of processes that ended while writing. Another process may do so too.
func (store *FileStore) tidy() {
	entries, err := os.ReadDir(store.folder)
	if err != nil {
		return
	}
	var files []fs.FileInfo
	for _, entry := range entries {
		if file, err := entry.Info(); err == nil {
			files = append(files, file)
		}
	}
	sort.Slice(files, func(a, b int) bool { return files[a].ModTime().After(files[b].ModTime()) })
	for place, file := range files {
		if place >= store.files {
			_ = os.Remove(filepath.Join(store.folder, file.Name()))
		}
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func sha(held []byte) string {
	sum := sha256.Sum256(held)
	return hex.EncodeToString(sum[:])
}
