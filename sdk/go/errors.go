package larder

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
)

// Kind says what a call failed with. Kinds are errors themselves, for errors.Is:
//
//	if errors.Is(err, larder.NotFound) { ... }
//
// docs/clients/behaviour.md says exactly when each is returned.
type Kind string

// The kinds of errors.
const (
	BadRequest   Kind = "bad_request"
	Unauthorized Kind = "unauthorized"
	Forbidden    Kind = "forbidden"
	NotFound     Kind = "not_found"
	RateLimited  Kind = "rate_limited"
	ServerError  Kind = "server_error"
	// NetworkError says that no answer began.
	NetworkError Kind = "network"
	// BadAnswer says that an answer began, and was cut off or is not larder's.
	BadAnswer Kind = "bad_answer"
	Timeout   Kind = "timeout"
	// Cancelled says that the caller's context ended.
	Cancelled Kind = "cancelled"
)

func (kind Kind) Error() string { return string(kind) }

// Error is what every failed call returns; find it with errors.As.
type Error struct {
	Kind Kind
	// Status is the answer's, 0 without one.
	Status int
	// Body is the error's JSON as the server sent it, nil without one.
	Body map[string]any
	// Tries is how many requests were made for the call.
	Tries int

	message    string
	retryAfter string
	cause      error
}

func (err *Error) Error() string { return err.message }

// Unwrap gives what went wrong below, such as the error of the caller's context.
func (err *Error) Unwrap() error { return err.cause }

// Is compares with a Kind.
func (err *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == err.Kind
}

// Detail is what the server said about it, "" when it said nothing.
func (err *Error) Detail() string {
	detail, _ := err.Body["detail"].(string)
	return detail
}

// isIll says whether a status means that the server, not the question, is at fault.
func isIll(status int) bool {
	return status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests
}

// isRefusal says whether the server is healthy and does not answer the question.
func (err *Error) isRefusal() bool {
	return err.Status != 0 && !isIll(err.Status) && err.Kind != BadAnswer
}

var kinds = map[int]Kind{
	http.StatusUnauthorized:    Unauthorized,
	http.StatusForbidden:       Forbidden,
	http.StatusNotFound:        NotFound,
	http.StatusGone:            NotFound,
	http.StatusTooManyRequests: RateLimited,
}

// errorOf is the error of an answer that is not a success.
func errorOf(got reply) *Error {
	body := jsonObject(got.body)
	err := &Error{Kind: kinds[got.status], Status: got.status, retryAfter: got.headers.Get("Retry-After")}
	switch {
	case isIll(got.status):
		if err.Kind == "" {
			err.Kind = ServerError
		}
	case body == nil:
		err.Kind = BadAnswer
		err.message = fmt.Sprintf("the answer is not a JSON object (%d)", got.status)
		return err
	case err.Kind == "":
		err.Kind = BadRequest
	}
	err.message = fmt.Sprintf("%s (%d)", said(body), got.status)
	if body != nil {
		// It was parsed before.
		_ = json.Unmarshal(got.body, &err.Body)
	}
	return err
}

func said(body map[string]json.RawMessage) string {
	if len(body) == 0 {
		return "the server failed"
	}
	members := make([]string, 0, len(body))
	for name, value := range body {
		members = append(members, name+": "+string(value))
	}
	sort.Strings(members)
	return strings.Join(members, "; ")
}

func cancelled(cause error) *Error {
	return &Error{Kind: Cancelled, message: "the call was cancelled", cause: cause}
}

// asError makes an Error of whatever a call came to.
func asError(problem error) *Error {
	var err *Error
	if errors.As(problem, &err) {
		return err
	}
	return &Error{Kind: NetworkError, message: problem.Error(), cause: problem}
}
