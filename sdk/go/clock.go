package larder

import (
	"context"
	"math/rand"
	"time"
)

// Clock is time and chance, replaceable in tests. Time-outs are not here: they are always real.
type Clock interface {
	// Wall is the time of day; it may jump.
	Wall() time.Time
	// Monotonic is the time since any moment; it never jumps.
	Monotonic() time.Duration
	// Random is at least 0 and less than 1.
	Random() float64
	// Pause waits. It ends early, with the context's error, when the context does.
	Pause(ctx context.Context, pause time.Duration) error
}

type realClock struct{ start time.Time }

func (clock realClock) Wall() time.Time { return time.Now() }

func (clock realClock) Monotonic() time.Duration { return time.Since(clock.start) }

func (clock realClock) Random() float64 { return rand.Float64() }

func (clock realClock) Pause(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
