package larder

import (
	"context"
	"sync"
)

// found is the text of an answer, to be parsed once for every caller.
type found struct {
	text  []byte
	stale bool
}

// flights are the questions that are asked at the moment, each once for all who wait for its answer.
type flights struct {
	lock    sync.Mutex
	flying  map[string]*flight
	renewed sync.WaitGroup
}

// flight runs in a goroutine of its own, so that whoever began it can leave like all others.
type flight struct {
	landed  chan struct{}
	found   found
	err     error
	waiting int
	cancel  context.CancelFunc
}

// join waits for the flight of that name, and starts it when there is none. A caller whose context ends leaves; the
// flight goes on while anybody waits for it. joined is told when there was one.
func (all *flights) join(ctx context.Context, name string, joined func(), fly func(context.Context) (found, error)) (found, error) {
	all.lock.Lock()
	flying, known := all.flying[name]
	if !known {
		own, cancel := context.WithCancel(context.Background())
		flying = &flight{landed: make(chan struct{}), cancel: cancel}
		all.flying[name] = flying
		go func() {
			flying.found, flying.err = fly(own)
			all.land(name, flying)
			close(flying.landed)
			cancel()
		}()
	}
	flying.waiting++
	all.lock.Unlock()
	if known {
		joined()
	}
	select {
	case <-flying.landed:
		return flying.found, flying.err
	case <-ctx.Done():
		all.leave(name, flying)
		return found{}, cancelled(ctx.Err())
	}
}

// once starts a flight that nobody waits for, unless it is under way.
func (all *flights) once(name string, fly func(context.Context)) {
	all.lock.Lock()
	defer all.lock.Unlock()
	if _, known := all.flying[name]; known {
		return
	}
	flying := &flight{}
	all.flying[name] = flying
	all.renewed.Add(1)
	go func() {
		defer all.renewed.Done()
		fly(context.Background())
		all.land(name, flying)
	}()
}

func (all *flights) land(name string, landed *flight) {
	all.lock.Lock()
	defer all.lock.Unlock()
	if all.flying[name] == landed {
		delete(all.flying, name)
	}
}

func (all *flights) leave(name string, left *flight) {
	all.lock.Lock()
	defer all.lock.Unlock()
	left.waiting--
	if left.waiting == 0 {
		// Who asks from now on needs an answer of its own.
		if all.flying[name] == left {
			delete(all.flying, name)
		}
		left.cancel()
	}
}
