package larder

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// Store keeps copies of answers. Three methods are all it takes to write one.
type Store interface {
	// Get gives "" when there is no copy.
	Get(ctx context.Context, key string) (text string, err error)
	// Set keeps a copy, which is of no use after maxAge.
	Set(ctx context.Context, key, text string, maxAge time.Duration) error
	Delete(ctx context.Context, key string) error
}

// MemoryStore keeps the copies used last in this process.
type MemoryStore struct {
	entries int
	lock    sync.Mutex
	// order has the copy used last in front.
	order  *list.List
	copies map[string]*list.Element
}

type memoryCopy struct{ key, text string }

// NewMemoryStore makes a store for so many copies.
func NewMemoryStore(entries int) *MemoryStore {
	return &MemoryStore{entries: entries, order: list.New(), copies: map[string]*list.Element{}}
}

// Get is Store's.
func (store *MemoryStore) Get(_ context.Context, key string) (string, error) {
	store.lock.Lock()
	defer store.lock.Unlock()
	held, found := store.copies[key]
	if !found {
		return "", nil
	}
	store.order.MoveToFront(held)
	return held.Value.(memoryCopy).text, nil
}

// Set is Store's.
func (store *MemoryStore) Set(_ context.Context, key, text string, _ time.Duration) error {
	store.lock.Lock()
	defer store.lock.Unlock()
	store.forget(key)
	store.copies[key] = store.order.PushFront(memoryCopy{key, text})
	if len(store.copies) > store.entries {
		store.forget(store.order.Back().Value.(memoryCopy).key)
	}
	return nil
}

// Delete is Store's.
func (store *MemoryStore) Delete(_ context.Context, key string) error {
	store.lock.Lock()
	defer store.lock.Unlock()
	store.forget(key)
	return nil
}

func (store *MemoryStore) forget(key string) {
	if held, found := store.copies[key]; found {
		store.order.Remove(held)
		delete(store.copies, key)
	}
}
