// Package larder reads content from larder and from ButterCMS, and keeps a site up when they are down: it retries, goes
// over to standbys, and answers from copies. docs/clients/behaviour.md is exact about it.
//
// The functions and answers are those of the official SDK, so that migration is one import line:
//
//	import ButterCMS "larder-cms"
//
//	ButterCMS.SetAuthToken("READ_TOKEN") // and LARDER_URL in the environment
//	posts, err := ButterCMS.GetPosts(map[string]string{"page_size": "5"})
//
// Programs with more than one site, or with options, make their clients with New.
package larder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client may be used by many goroutines at once, and is made once, not per request: it holds connections and copies.
type Client struct {
	*site
	ctx context.Context
	// settings are the client's own, or those of its calls.
	settings settings
}

// site is what all views of a client share.
type site struct {
	settings *settings
	token    string
	prefix   string
	servers  *servers
	copies   *copies
	flights  flights
	renewals flights
	http     *http.Client
}

// New makes a client. It fails when the token or every address is missing.
func New(token string, options ...Option) (*Client, error) {
	if token == "" {
		return nil, errors.New("larder's API token is not set")
	}
	set := defaults()
	for _, option := range options {
		option(&set)
	}
	known, err := newServers(&set)
	if err != nil {
		return nil, err
	}
	shared := &site{
		settings: &set,
		token:    token,
		prefix:   "larder:1:" + hashOf(token) + ":",
		servers:  known,
		copies:   newCopies(&set),
		flights:  flights{flying: map[string]*flight{}},
		renewals: flights{flying: map[string]*flight{}},
		http:     set.httpClient,
	}
	if shared.http == nil {
		shared.http = newHTTPClient()
	}
	return &Client{site: shared, ctx: context.Background(), settings: set}, nil
}

func newHTTPClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 10
	return &http.Client{
		Transport: transport,
		// A redirect is no answer of larder's, and could carry the token elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// With gives the same client for calls that end with the context. Of the options, those of calls count: WholeTimeout,
// TryTimeout and Retries.
func (client *Client) With(ctx context.Context, options ...Option) *Client {
	set := client.settings
	for _, option := range options {
		option(&set)
	}
	return &Client{site: client.site, ctx: ctx, settings: set}
}

// Settle waits until no copy is being renewed any more: for programs about to end.
func (client *Client) Settle() { client.renewals.renewed.Wait() }

// Answer is part of everything that is answered.
type Answer struct {
	// Stale says whether it is a copy that no server has confirmed.
	Stale bool `json:"-"`
	// JSON is the answer as it was sent.
	JSON json.RawMessage `json:"-"`
}

func (answer *Answer) set(from found) { answer.Stale, answer.JSON = from.stale, from.text }

// Get reads what is at the path below /v2, for what has no method of its own: client.Get(nil, "posts", "jam").
func (client *Client) Get(params Params, path ...string) (*Answer, error) {
	came, err := client.read(params, path)
	if err != nil {
		return nil, err
	}
	answer := &Answer{}
	answer.set(came)
	return answer, nil
}

func (client *Client) read(params Params, path []string) (found, error) {
	asked, err := client.question(params, path)
	if err != nil {
		return found{}, err
	}
	if asked.key == "" {
		return client.ask(client.ctx, asked, nil, false)
	}
	held := client.copies.load(asked.key)
	if held != nil {
		if came, enough := client.judge(asked, held); enough {
			return came, nil
		}
	}
	joined := func() { client.site.settings.log("coalesced", map[string]any{"question": asked.text}) }
	return client.flights.join(client.ctx, asked.flight(), joined, func(ctx context.Context) (found, error) {
		return client.ask(ctx, asked, held, true)
	})
}

func (client *Client) question(params Params, path []string) (question, error) {
	spelled, err := pathOf(path)
	if err != nil {
		return question{}, err
	}
	asked := Params{}
	for name, value := range params {
		if name != "auth_token" {
			asked[name] = value
		}
	}
	if client.site.settings.preview {
		asked["preview"] = "1"
	}
	made := question{
		text:       spelled + queryOf(asked),
		timeout:    client.settings.timeout,
		tryTimeout: client.settings.tryTimeout,
		retries:    client.settings.retries,
	}
	if !isOn(asked["preview"]) && !isOn(asked["test"]) {
		made.key = client.prefix + made.text
	}
	return made, nil
}

// judge gives the copy when nobody has to be waited for, and has it renewed meanwhile if it is old.
func (shared *site) judge(asked question, held *kept) (found, bool) {
	set := shared.settings
	age := held.age(set.clock)
	// 0 is never: an answer of this very moment is asked for again too.
	if set.fresh > 0 && age >= 0 && age <= set.fresh {
		set.log("fresh", map[string]any{"question": asked.text})
		return found{text: []byte(held.Body)}, true
	}
	if set.staleWhileRevalidate > 0 && age >= 0 && age <= set.fresh+set.staleWhileRevalidate {
		shared.renewals.once(asked.key, func(ctx context.Context) {
			// A renewal that fails must not renew the copy with itself.
			if _, err := shared.ask(ctx, asked, held, false); err != nil {
				set.log("revalidate_failed", map[string]any{"kind": asError(err).Kind})
			}
		})
		return shared.stale(asked, held, "revalidate", nil), true
	}
	return found{}, false
}

// ask tries and tries, until an answer, the copy if it may be returned, or the end.
func (shared *site) ask(ctx context.Context, asked question, held *kept, mayReturn bool) (found, error) {
	set, clock := shared.settings, shared.settings.clock
	mayReturn = mayReturn && held != nil
	end := clock.Monotonic() + asked.timeout
	shared.servers.earn()
	var failure *Error
	var failed *server
	var wanted time.Duration
	for tries, pauses := 0, 0; ; {
		chosen, resting := shared.servers.choose(clock.Monotonic())
		if mayReturn && resting && held.age(clock) <= set.staleIfError {
			return shared.stale(asked, held, "error", failure), nil
		}
		if failure != nil {
			if tries > asked.retries {
				break
			}
			if resting {
				pause := shared.pause(pauses)
				if chosen == failed && wanted > pause {
					pause = wanted
				}
				if clock.Monotonic()+pause >= end || !shared.servers.spend() {
					break
				}
				pauses++
				set.log("pause", map[string]any{"milliseconds": float64(pause) / float64(time.Millisecond)})
				if err := clock.Pause(ctx, pause); err != nil {
					return found{}, cancelled(err)
				}
			}
		}
		tries++
		left := end - clock.Monotonic()
		set.log("try", map[string]any{"server": chosen.base, "question": asked.text})
		came, err := shared.tryOnce(ctx, chosen, asked, held, shorter(asked.tryTimeout, left))
		if err == nil {
			return came, nil
		}
		err.Tries = tries
		failure = err
		if err.Kind == Cancelled {
			return found{}, err
		}
		if err.isRefusal() {
			shared.servers.recover(chosen)
			if err.Kind == NotFound && asked.key != "" {
				shared.copies.remove(asked.key)
			}
			return found{}, err
		}
		set.log("fault", map[string]any{"server": chosen.base, "kind": err.Kind, "status": err.Status})
		failed, wanted = chosen, 0
		if isIll(err.Status) {
			wanted = retryAfter(err.retryAfter, clock.Wall())
		}
		shared.servers.rest(chosen, clock.Monotonic(), wanted)
		if err.Kind == Timeout && left <= asked.tryTimeout {
			break
		}
	}
	if mayReturn && held.age(clock) <= set.staleIfError {
		return shared.stale(asked, held, "error", failure), nil
	}
	return found{}, failure
}

// pause is random below a limit that doubles.
func (shared *site) pause(pauses int) time.Duration {
	set := shared.settings
	return time.Duration(set.clock.Random() * float64(doubled(set.backoffBase, pauses, set.backoffCap)))
}

func (shared *site) tryOnce(ctx context.Context, to *server, asked question, held *kept, limit time.Duration) (found, *Error) {
	joint := "?"
	if strings.Contains(asked.text, "?") {
		joint = "&"
	}
	address := to.base + "/v2" + asked.text + joint + "auth_token=" + escape(shared.token)
	headers := http.Header{}
	etag := held.etag()
	if etag != "" {
		headers.Set("If-None-Match", etag)
	}
	got, failure := shared.send(ctx, http.MethodGet, address, headers, nil, limit)
	if failure != nil {
		return found{}, failure
	}
	text := got.body
	if got.status == http.StatusNotModified && etag != "" {
		shared.settings.log("not_modified", map[string]any{"question": asked.text})
		text = []byte(held.Body)
	} else if got.status != http.StatusOK || jsonObject(got.body) == nil {
		return found{}, errorOf(got)
	}
	shared.servers.recover(to)
	if asked.key != "" && !strings.Contains(strings.ToLower(got.headers.Get("Cache-Control")), "no-store") {
		answer := kept{Stored: float64(shared.settings.clock.Wall().UnixMilli()), Body: string(text)}
		if given := got.headers.Get("ETag"); given != "" {
			answer.ETag = &given
		} else if got.status == http.StatusNotModified {
			answer.ETag = &etag
		}
		shared.copies.save(asked.key, answer)
	}
	return found{text: text}, nil
}

// change sends a change, once, to the primary.
func (client *Client) change(method string, path []string, body any) (*WriteResponse, error) {
	spelled, err := pathOf(path)
	if err != nil {
		return nil, err
	}
	headers := http.Header{"Authorization": {"Token " + client.token}}
	var sent []byte
	if body != nil {
		if sent, err = json.Marshal(body); err != nil {
			return nil, &Error{Kind: BadRequest, message: "the body has no JSON: " + err.Error(), cause: err}
		}
		headers.Set("Content-Type", "application/json")
	}
	address := client.servers.primary().base + "/v2" + spelled
	got, failure := client.send(client.ctx, method, address, headers, sent, client.settings.timeout)
	accepted := got.status >= 200 && got.status < 300 && (got.status == http.StatusNoContent || jsonObject(got.body) != nil)
	if failure == nil && !accepted {
		failure = errorOf(got)
	}
	if failure != nil {
		failure.Tries = 1
		return nil, failure
	}
	response := &WriteResponse{}
	if got.status != http.StatusNoContent {
		response.set(found{text: got.body})
		// Whatever else the answer has is in its JSON.
		_ = json.Unmarshal(got.body, response)
	}
	return response, nil
}

// reply is what a server answered, whatever it is.
type reply struct {
	status  int
	headers http.Header
	body    []byte
}

// send makes one request and reads its whole answer, within the limit.
func (shared *site) send(ctx context.Context, method, address string, headers http.Header, body []byte, limit time.Duration) (reply, *Error) {
	within, end := context.WithTimeout(ctx, limit)
	defer end()
	request, err := http.NewRequestWithContext(within, method, address, bytes.NewReader(body))
	if err != nil {
		return reply{}, &Error{Kind: NetworkError, message: "the server's address is not one", cause: inner(err)}
	}
	request.Header = headers
	request.Header.Set("X-Butter-Client", "larder-go/"+Version)
	response, err := shared.http.Do(request)
	if err != nil {
		return reply{}, shared.failed(ctx, within, NetworkError, "the server could not be reached", err, limit)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}, shared.failed(ctx, within, BadAnswer, "the answer was cut off", err, limit)
	}
	return reply{response.StatusCode, response.Header, text}, nil
}

// failed tells what ended a try: the caller, the time, or what is given.
func (shared *site) failed(caller, within context.Context, kind Kind, what string, err error, limit time.Duration) *Error {
	if caller.Err() != nil {
		return cancelled(caller.Err())
	}
	if within.Err() != nil {
		return &Error{Kind: Timeout, message: fmt.Sprintf("no whole answer within %v", limit), cause: within.Err()}
	}
	err = inner(err)
	return &Error{Kind: kind, message: what + ": " + err.Error(), cause: err}
}

// inner leaves out the address, which has the token in it.
func inner(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		return outer.Err
	}
	return err
}

func (shared *site) stale(asked question, held *kept, reason string, failure *Error) found {
	set := shared.settings
	set.log("stale", map[string]any{"reason": reason, "question": asked.text})
	if set.onStale != nil {
		told := Stale{Reason: reason, Question: asked.text, Age: held.age(set.clock)}
		if told.Age < 0 {
			told.Age = 0
		}
		if failure != nil {
			told.Err = failure
		}
		set.onStale(told)
	}
	return found{text: []byte(held.Body), stale: true}
}

func shorter(one, other time.Duration) time.Duration {
	if one < other {
		return one
	}
	return other
}
