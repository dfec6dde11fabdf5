package larder

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/url"
	"sort"
	"strings"
	"time"
)

// Params are the parameters of a read, as in the official SDK.
type Params = map[string]string

// question is what a read asks.
type question struct {
	// text is path and query below /v2, without the token.
	text string
	// key is the question's in the store; "" for previews, which have no copies.
	key        string
	timeout    time.Duration
	tryTimeout time.Duration
	retries    int
}

// flight names the calls that may share an answer: callers with other limits do not wait for each other.
func (asked question) flight() string {
	return fmt.Sprint(asked.key, asked.timeout, asked.tryTimeout, asked.retries)
}

// pathOf is /posts/jam/ of posts and jam.
func pathOf(parts []string) (string, error) {
	var path strings.Builder
	path.WriteByte('/')
	for _, part := range parts {
		if part == "." || part == ".." {
			message := strings.Join(parts, "/") + " is not a path"
			return "", &Error{Kind: BadRequest, message: message}
		}
		path.WriteString(escape(part))
		path.WriteByte('/')
	}
	return path.String(), nil
}

// queryOf is ?a=1&b=2, sorted, so that one question has one spelling; "" without parameters.
func queryOf(params Params) string {
	if len(params) == 0 {
		return ""
	}
	names := make([]string, 0, len(params))
	for name := range params {
		names = append(names, name)
	}
	sort.Strings(names)
	for place, name := range names {
		names[place] = escape(name) + "=" + escape(params[name])
	}
	return "?" + strings.Join(names, "&")
}

// escape leaves ASCII letters, digits and -._~ as they are.
func escape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

func isOn(value string) bool {
	return value == "1" || strings.EqualFold(value, "true")
}

// hashOf tells sites in one store apart without giving the token away.
func hashOf(token string) string {
	hash := fnv.New32a()
	hash.Write([]byte(token))
	return fmt.Sprintf("%08x", hash.Sum32())
}

// jsonObject is nil for everything that is not a JSON object.
func jsonObject(text []byte) map[string]json.RawMessage {
	var object map[string]json.RawMessage
	if json.Unmarshal(text, &object) != nil {
		return nil
	}
	return object
}
