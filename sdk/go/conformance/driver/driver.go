package main

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	larder "larder-cms"
)

type object = map[string]any

type driver struct {
	client  *larder.Client
	clock   *stillClock
	notes   *notes
	started map[string]*begun
}

// notes are what the hooks were told.
type notes struct {
	lock               sync.Mutex
	log, pauses, stale []any
}

func (told *notes) note(list *[]any, event any) {
	told.lock.Lock()
	defer told.lock.Unlock()
	*list = append(*list, event)
}

// begun are calls under way.
type begun struct {
	cancel   context.CancelFunc
	outcomes []object
	over     sync.WaitGroup
}

var operations = map[string]func(*driver, message) object{
	"reset": func(running *driver, asked message) object {
		running.client, running.started = nil, map[string]*begun{}
		running.notes = &notes{log: []any{}, pauses: []any{}, stale: []any{}}
		running.clock = &stillClock{wall: begin, random: asked.Random, notes: running.notes}
		return nil
	},
	"open": (*driver).open,
	"close": func(running *driver, _ message) object {
		running.client = nil
		return nil
	},
	"call": func(running *driver, asked message) object { return running.begin(asked).wait() },
	"start": func(running *driver, asked message) object {
		running.started[asked.Name] = running.begin(asked)
		return nil
	},
	"cancel": func(running *driver, asked message) object {
		running.started[asked.Name].cancel()
		return nil
	},
	"wait": func(running *driver, asked message) object { return running.started[asked.Name].wait() },
	"advance": func(running *driver, asked message) object {
		running.clock.advance(time.Duration(asked.Ms) * time.Millisecond)
		return nil
	},
	"jump": func(running *driver, asked message) object {
		running.clock.jump(time.Duration(asked.Ms) * time.Millisecond)
		return nil
	},
	"settle": func(running *driver, _ message) object {
		running.client.Settle()
		return nil
	},
	"events": func(running *driver, _ message) object {
		told := running.notes
		told.lock.Lock()
		defer told.lock.Unlock()
		seen := object{"log": told.log, "pauses": told.pauses, "stale": told.stale}
		told.log, told.pauses, told.stale = []any{}, []any{}, []any{}
		return seen
	},
}

func (running *driver) open(asked message) object {
	told := running.notes
	options := []larder.Option{
		larder.WithClock(running.clock),
		larder.OnLog(func(event string, details map[string]any) {
			entry := object{"event": event}
			for name, detail := range details {
				entry[name] = detail
			}
			told.note(&told.log, entry)
		}),
		larder.OnStale(func(stale larder.Stale) {
			told.note(&told.stale, object{"reason": stale.Reason, "question": stale.Question})
		}),
	}
	options = append(options, optionsOf(asked.Options)...)
	client, err := larder.New(asked.Options["token"].(string), options...)
	if err != nil {
		panic(err)
	}
	running.client = client
	return nil
}

var durations = map[string]func(time.Duration) larder.Option{
	"timeout": larder.WholeTimeout, "try_timeout": larder.TryTimeout, "backoff_base": larder.BackoffBase,
	"backoff_cap": larder.BackoffCap, "cool_off": larder.CoolOff, "cool_off_cap": larder.CoolOffCap, "fresh": larder.Fresh,
	"stale_while_revalidate": larder.StaleWhileRevalidate, "stale_if_error": larder.StaleIfError,
	"store_timeout": larder.StoreTimeout,
}

var numbers = map[string]func(float64) larder.Option{
	"retries":      func(retries float64) larder.Option { return larder.Retries(int(retries)) },
	"retry_budget": larder.RetryBudget, "retry_ratio": larder.RetryRatio,
}

func optionsOf(given object) (options []larder.Option) {
	for name, value := range given {
		if option, known := durations[name]; known {
			options = append(options, option(time.Duration(value.(float64)*float64(time.Millisecond))))
		} else if option, known := numbers[name]; known {
			options = append(options, option(value.(float64)))
		}
	}
	if preview, _ := given["preview"].(bool); preview {
		options = append(options, larder.Preview())
	}
	if store, given := given["store"]; given {
		options = append(options, larder.Copies(storeAt(store)))
	}
	if addresses, given := given["base_urls"]; given {
		options = append(options, larder.BaseURL(texts(addresses)...))
	}
	return options
}

func storeAt(place any) larder.Store {
	if place == nil {
		return nil
	}
	if folder, given := place.(object)["file"]; given {
		return larder.NewFileStore(folder.(string))
	}
	store, err := larder.NewRedisStore(place.(object)["redis"].(string))
	if err != nil {
		panic(err)
	}
	return store
}

func (running *driver) begin(asked message) *begun {
	if asked.Times == 0 {
		asked.Times = 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	calls := &begun{cancel: cancel, outcomes: make([]object, asked.Times)}
	client := running.client.With(ctx, optionsOf(asked.Options)...)
	calls.over.Add(asked.Times)
	for place := range calls.outcomes {
		go func(place int) {
			defer calls.over.Done()
			calls.outcomes[place] = outcomeOf(methods[asked.Method](client, asked))
		}(place)
	}
	return calls
}

func (calls *begun) wait() object {
	calls.over.Wait()
	return object{"outcomes": calls.outcomes}
}

func outcomeOf(answer larder.Answer, err error) object {
	var failed *larder.Error
	var otherTypes *json.UnmarshalTypeError
	switch {
	case errors.As(err, &otherTypes):
		// The suite's servers answer every question alike; what they sent is compared.
	case errors.As(err, &failed):
		outcome := object{
			"error": failed.Kind, "status": nil, "detail": nil, "tries": failed.Tries, "body": failed.Body, "message": failed.Error(),
		}
		if failed.Status != 0 {
			outcome["status"] = failed.Status
		}
		if detail := failed.Detail(); detail != "" {
			outcome["detail"] = detail
		}
		return outcome
	case err != nil:
		return object{"error": "crash", "message": err.Error()}
	}
	return object{"body": answer.JSON, "stale": answer.Stale}
}
