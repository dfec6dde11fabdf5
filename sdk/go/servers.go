package larder

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const never = time.Duration(math.MinInt64)

type server struct {
	// base is the address without /v2 and without a slash at its end.
	base      string
	faults    int
	restUntil time.Duration
}

// servers knows which one is asked and which is left alone for a while, and keeps the stock of retries.
type servers struct {
	settings *settings
	lock     sync.Mutex
	all      []*server
	budget   float64
}

func newServers(set *settings) (*servers, error) {
	addresses, err := set.addresses()
	if err != nil {
		return nil, err
	}
	made := &servers{settings: set, budget: set.retryBudget}
	for _, base := range addresses {
		made.all = append(made.all, &server{base: base, restUntil: never})
	}
	return made, nil
}

func (known *servers) primary() *server { return known.all[0] }

// choose gives the first that does not rest, else the one whose rest ends first; and whether it rests.
func (known *servers) choose(now time.Duration) (*server, bool) {
	known.lock.Lock()
	defer known.lock.Unlock()
	best := known.all[0]
	for _, one := range known.all {
		if one.restUntil <= now {
			return one, false
		}
		if one.restUntil < best.restUntil {
			best = one
		}
	}
	return best, true
}

// rest is for a time that doubles with each fault in a row, or as long as the server asked for.
func (known *servers) rest(ill *server, now, retryAfter time.Duration) {
	known.lock.Lock()
	defer known.lock.Unlock()
	pause := doubled(known.settings.coolOff, ill.faults, known.settings.coolOffCap)
	if retryAfter > pause {
		pause = retryAfter
	}
	ill.restUntil = now + pause
	ill.faults++
}

func (known *servers) recover(healthy *server) {
	known.lock.Lock()
	defer known.lock.Unlock()
	healthy.faults, healthy.restUntil = 0, never
}

func (known *servers) earn() {
	known.lock.Lock()
	defer known.lock.Unlock()
	known.budget = math.Min(known.budget+known.settings.retryRatio, known.settings.retryBudget)
}

// spend says whether there was a retry left.
func (known *servers) spend() bool {
	known.lock.Lock()
	defer known.lock.Unlock()
	if known.budget < 1 {
		return false
	}
	known.budget--
	return true
}

// doubled is base * 2^times, at most limit.
func doubled(base time.Duration, times int, limit time.Duration) time.Duration {
	// In floating point, which has room for every power.
	return time.Duration(math.Min(float64(base)*math.Pow(2, float64(times)), float64(limit)))
}

// longest is more than any call waits, and far from what overflows.
const longest = 100 * 365 * 24 * time.Hour

// retryAfter reads a Retry-After header; 0 when there is none that means anything.
func retryAfter(header string, wall time.Time) time.Duration {
	pause := time.Duration(0)
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		pause = time.Duration(seconds) * time.Second
	} else if date, err := http.ParseTime(header); err == nil {
		pause = date.Sub(wall)
	}
	switch {
	case pause < 0:
		return 0
	case pause > longest:
		return longest
	}
	return pause
}
