package larder

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"
)

// kept is the last good answer to a question. Its JSON is the same in all of larder's SDKs.
type kept struct {
	// Stored is in milliseconds since 1970.
	Stored float64 `json:"stored"`
	ETag   *string `json:"etag"`
	Body   string  `json:"body"`
}

// copyOf is nil for everything that is not a whole copy.
func copyOf(text string) *kept {
	var held struct {
		Stored *float64        `json:"stored"`
		ETag   json.RawMessage `json:"etag"`
		Body   string          `json:"body"`
	}
	if json.Unmarshal([]byte(text), &held) != nil || held.Stored == nil || jsonObject([]byte(held.Body)) == nil {
		return nil
	}
	found := &kept{Stored: *held.Stored, Body: held.Body}
	var etag string
	if json.Unmarshal(held.ETag, &etag) == nil && etag != "" {
		found.ETag = &etag
	}
	return found
}

func (held *kept) age(clock Clock) time.Duration {
	milliseconds := float64(clock.Wall().UnixMilli()) - held.Stored
	return time.Duration(milliseconds * float64(time.Millisecond))
}

func (held *kept) etag() string {
	if held == nil || held.ETag == nil {
		return ""
	}
	return *held.ETag
}

// copies is the store, with everything that may be wrong with it taken as "there is no copy".
type copies struct {
	settings  *settings
	lock      sync.Mutex
	restUntil time.Duration
}

func newCopies(set *settings) *copies { return &copies{settings: set, restUntil: never} }

func (held *copies) load(key string) *kept {
	text := held.safely("get", func(ctx context.Context, store Store) (string, error) {
		return store.Get(ctx, key)
	})
	return copyOf(text)
}

func (held *copies) save(key string, answer kept) {
	text, err := json.Marshal(answer)
	if err != nil {
		return // Numbers and texts always have a JSON.
	}
	set := held.settings
	maxAge := set.fresh + set.staleWhileRevalidate
	if set.staleIfError > maxAge {
		maxAge = set.staleIfError
	}
	held.safely("set", func(ctx context.Context, store Store) (string, error) {
		return "", store.Set(ctx, key, string(text), maxAge)
	})
}

func (held *copies) remove(key string) {
	held.safely("delete", func(ctx context.Context, store Store) (string, error) {
		return "", store.Delete(ctx, key)
	})
}

// safely waits for the store no longer than it may take; what hangs goes on in its goroutine, which nobody waits for.
func (held *copies) safely(operation string, use func(context.Context, Store) (string, error)) string {
	store := held.settings.store
	if store == nil || held.rests() {
		return ""
	}
	if _, inMemory := store.(*MemoryStore); inMemory {
		text, _ := use(context.Background(), store)
		return text
	}
	ctx, end := context.WithTimeout(context.Background(), held.settings.storeTimeout)
	type outcome struct {
		text string
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		defer end()
		text, err := use(ctx, store)
		done <- outcome{text, err}
	}()
	var came outcome
	select {
	case came = <-done:
	case <-ctx.Done():
		// Both may have happened.
		select {
		case came = <-done:
		default:
			came.err = ctx.Err()
		}
	}
	if came.err != nil {
		if errors.Is(came.err, context.DeadlineExceeded) {
			// Waiting for it each time would slow every call.
			held.rest()
		}
		held.settings.log("store_error", map[string]any{"operation": operation, "message": came.err.Error()})
		return ""
	}
	return came.text
}

func (held *copies) rests() bool {
	held.lock.Lock()
	defer held.lock.Unlock()
	return held.settings.clock.Monotonic() < held.restUntil
}

func (held *copies) rest() {
	held.lock.Lock()
	defer held.lock.Unlock()
	held.restUntil = held.settings.clock.Monotonic() + held.settings.coolOff
}
