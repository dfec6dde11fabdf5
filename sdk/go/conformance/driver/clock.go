package main

import (
	"context"
	"sync"
	"time"
)

var begin = time.UnixMilli(1767225600000)

// stillClock stands still until it is moved, and does not wait.
type stillClock struct {
	lock      sync.Mutex
	wall      time.Time
	monotonic time.Duration
	random    float64
	notes     *notes
}

func (clock *stillClock) Wall() time.Time {
	clock.lock.Lock()
	defer clock.lock.Unlock()
	return clock.wall
}

func (clock *stillClock) Monotonic() time.Duration {
	clock.lock.Lock()
	defer clock.lock.Unlock()
	return clock.monotonic
}

func (clock *stillClock) Random() float64 { return clock.random }

func (clock *stillClock) Pause(_ context.Context, pause time.Duration) error {
	clock.notes.note(&clock.notes.pauses, float64(pause)/float64(time.Millisecond))
	clock.advance(pause)
	return nil
}

func (clock *stillClock) advance(by time.Duration) {
	clock.lock.Lock()
	defer clock.lock.Unlock()
	clock.wall, clock.monotonic = clock.wall.Add(by), clock.monotonic+by
}

func (clock *stillClock) jump(by time.Duration) {
	clock.lock.Lock()
	defer clock.lock.Unlock()
	clock.wall = clock.wall.Add(by)
}
