package larder

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"time"
)

// Stale is what OnStale is told.
type Stale struct {
	// Reason is "revalidate" or "error".
	Reason string
	Age    time.Duration
	// Question is path and query, without the token.
	Question string
	// Err is why there is no better answer, nil when nobody was asked.
	Err error
}

// Option sets something of a client, or of one call; docs/clients/behaviour.md says exactly what each does.
type Option func(*settings)

type settings struct {
	baseURLs             []string
	timeout              time.Duration
	tryTimeout           time.Duration
	retries              int
	backoffBase          time.Duration
	backoffCap           time.Duration
	retryBudget          float64
	retryRatio           float64
	coolOff              time.Duration
	coolOffCap           time.Duration
	fresh                time.Duration
	staleWhileRevalidate time.Duration
	staleIfError         time.Duration
	store                Store
	storeTimeout         time.Duration
	preview              bool
	onLog                func(event string, details map[string]any)
	onStale              func(Stale)
	httpClient           *http.Client
	clock                Clock
}

func defaults() settings {
	return settings{
		timeout:      10 * time.Second,
		tryTimeout:   3 * time.Second,
		retries:      3,
		backoffBase:  100 * time.Millisecond,
		backoffCap:   2 * time.Second,
		retryBudget:  10,
		retryRatio:   0.1,
		coolOff:      time.Second,
		coolOffCap:   30 * time.Second,
		staleIfError: 7 * 24 * time.Hour,
		store:        NewMemoryStore(500),
		storeTimeout: 250 * time.Millisecond,
		clock:        realClock{time.Now()},
	}
}

// BaseURL gives the server, or the primary and its standbys. Without it LARDER_URL of the environment is taken.
func BaseURL(addresses ...string) Option {
	return func(to *settings) { to.baseURLs = addresses }
}

// WholeTimeout limits the whole call, pauses included. Default 10 s.
func WholeTimeout(limit time.Duration) Option {
	return func(to *settings) { to.timeout = limit }
}

// TryTimeout limits one request, from its first byte out to its last byte in. Default 3 s.
func TryTimeout(limit time.Duration) Option {
	return func(to *settings) { to.tryTimeout = limit }
}

// Retries is how often a call tries again after the first time. Default 3.
func Retries(number int) Option {
	return func(to *settings) { to.retries = number }
}

// BackoffBase is the limit below which the first pause is random; it doubles. Default 100 ms.
func BackoffBase(limit time.Duration) Option {
	return func(to *settings) { to.backoffBase = limit }
}

// BackoffCap is where the doubling ends. Default 2 s.
func BackoffCap(limit time.Duration) Option {
	return func(to *settings) { to.backoffCap = limit }
}

// RetryBudget is how many retries are in stock at most. Default 10.
func RetryBudget(retries float64) Option {
	return func(to *settings) { to.retryBudget = retries }
}

// RetryRatio is what a call adds to the stock. Default 0.1.
func RetryRatio(retries float64) Option {
	return func(to *settings) { to.retryRatio = retries }
}

// CoolOff is how long a server that failed once is left alone; it doubles. Default 1 s.
func CoolOff(rest time.Duration) Option {
	return func(to *settings) { to.coolOff = rest }
}

// CoolOffCap is where the doubling ends. Default 30 s.
func CoolOffCap(rest time.Duration) Option {
	return func(to *settings) { to.coolOffCap = rest }
}

// Fresh is how long a copy is as good as an answer. Default 0: the server is always asked.
func Fresh(age time.Duration) Option {
	return func(to *settings) { to.fresh = age }
}

// StaleWhileRevalidate is how long after that a copy is returned while it is renewed. Default 0.
func StaleWhileRevalidate(age time.Duration) Option {
	return func(to *settings) { to.staleWhileRevalidate = age }
}

// StaleIfError is how old a copy may be when servers fail. Default 7 days.
func StaleIfError(age time.Duration) Option {
	return func(to *settings) { to.staleIfError = age }
}

// Copies says where answers are kept; nil for nowhere. Default: in memory, the 500 used last.
func Copies(store Store) Option {
	return func(to *settings) { to.store = store }
}

// StoreTimeout is how long a store is waited for before it counts as empty. Default 250 ms.
func StoreTimeout(limit time.Duration) Option {
	return func(to *settings) { to.storeTimeout = limit }
}

// Preview asks for drafts in every call; they are never kept.
func Preview() Option {
	return func(to *settings) { to.preview = true }
}

// OnLog is told of everything, by several goroutines at once.
func OnLog(told func(event string, details map[string]any)) Option {
	return func(to *settings) { to.onLog = told }
}

// OnStale is told of every stale answer, by several goroutines at once.
func OnStale(told func(Stale)) Option {
	return func(to *settings) { to.onStale = told }
}

// HTTPClient sends the requests. It should not follow redirects, which are no answers.
func HTTPClient(client *http.Client) Option {
	return func(to *settings) { to.httpClient = client }
}

// WithClock replaces time and chance, for tests.
func WithClock(clock Clock) Option {
	return func(to *settings) { to.clock = clock }
}

func (set *settings) log(event string, details map[string]any) {
	if set.onLog != nil {
		set.onLog(event, details)
	}
}

// addresses are the servers' without /v2 and without a slash at the end.
func (set *settings) addresses() ([]string, error) {
	given := set.baseURLs
	if given == nil {
		given = strings.Split(os.Getenv("LARDER_URL"), ",")
	}
	var addresses []string
	for _, address := range given {
		if address = strings.TrimSpace(address); address != "" {
			base := strings.TrimRight(address, "/")
			addresses = append(addresses, strings.TrimSuffix(base, "/v2"))
		}
	}
	if addresses == nil {
		return nil, errors.New("larder's address is not set: give the option BaseURL or set LARDER_URL")
	}
	return addresses, nil
}
