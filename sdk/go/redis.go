package larder

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// RedisStore keeps copies in Redis. It speaks the three commands it needs itself; for clusters, sentinels or TLS, three
// methods around a Redis client of yours make a Store.
type RedisStore struct {
	address string
	hello   [][]string
	// idle holds connections that wait for their next command.
	idle chan *redisConn
}

// NewRedisStore is for an address such as redis://user:password@127.0.0.1:6379/0.
func NewRedisStore(address string) (*RedisStore, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "redis" || parsed.Hostname() == "" {
		return nil, errors.New("the address of Redis is not like redis://127.0.0.1:6379")
	}
	port := parsed.Port()
	if port == "" {
		port = "6379"
	}
	store := &RedisStore{address: net.JoinHostPort(parsed.Hostname(), port), idle: make(chan *redisConn, 10)}
	if password, given := parsed.User.Password(); given {
		login := []string{"AUTH", password}
		if name := parsed.User.Username(); name != "" {
			login = []string{"AUTH", name, password}
		}
		store.hello = append(store.hello, login)
	}
	if database := strings.Trim(parsed.Path, "/"); database != "" {
		store.hello = append(store.hello, []string{"SELECT", database})
	}
	return store, nil
}

// Get is Store's.
func (store *RedisStore) Get(ctx context.Context, key string) (string, error) {
	return store.command(ctx, "GET", key)
}

// Set is Store's.
func (store *RedisStore) Set(ctx context.Context, key, text string, maxAge time.Duration) error {
	milliseconds := maxAge.Milliseconds()
	if milliseconds < 1 {
		milliseconds = 1
	}
	_, err := store.command(ctx, "SET", key, text, "PX", strconv.FormatInt(milliseconds, 10))
	return err
}

// Delete is Store's.
func (store *RedisStore) Delete(ctx context.Context, key string) error {
	_, err := store.command(ctx, "DEL", key)
	return err
}

func (store *RedisStore) command(ctx context.Context, words ...string) (string, error) {
	select {
	case conn := <-store.idle:
		answer, err := conn.ask(ctx, words)
		if err == nil {
			store.giveBack(conn)
			return answer, nil
		}
		conn.Close()
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		// Redis may have been started again since; each command may be said twice.
	default:
	}
	conn, err := store.connect(ctx)
	if err != nil {
		return "", inTime(ctx, err)
	}
	answer, err := conn.ask(ctx, words)
	if err != nil {
		conn.Close()
		return "", inTime(ctx, err)
	}
	store.giveBack(conn)
	return answer, nil
}

func (store *RedisStore) connect(ctx context.Context) (*redisConn, error) {
	var dialer net.Dialer
	opened, err := dialer.DialContext(ctx, "tcp", store.address)
	if err != nil {
		return nil, err
	}
	conn := &redisConn{Conn: opened, reader: bufio.NewReader(opened)}
	for _, words := range store.hello {
		if _, err := conn.ask(ctx, words); err != nil {
			conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

func (store *RedisStore) giveBack(conn *redisConn) {
	select {
	case store.idle <- conn:
	default:
		conn.Close()
	}
}

// inTime is the context's error when the context ended, whatever that looked like below.
func inTime(ctx context.Context, err error) error {
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return context.DeadlineExceeded
	}
	return firstOf(ctx.Err(), err)
}

type redisConn struct {
	net.Conn
	reader *bufio.Reader
}

// ask sends one command and reads its answer; "" for what is not there.
func (conn *redisConn) ask(ctx context.Context, words []string) (string, error) {
	deadline, _ := ctx.Deadline() // The zero time is none.
	if err := conn.SetDeadline(deadline); err != nil {
		return "", err
	}
	var command strings.Builder
	fmt.Fprintf(&command, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(&command, "$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := io.WriteString(conn, command.String()); err != nil {
		return "", err
	}
	line, err := conn.reader.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("Redis answered nothing")
	}
	switch line[0] {
	case '+', ':':
		return line[1:], nil
	case '$':
		return conn.text(line[1:])
	}
	return "", fmt.Errorf("Redis said: %s", line[1:])
}

func (conn *redisConn) text(length string) (string, error) {
	size, err := strconv.ParseInt(length, 10, 32)
	if err != nil || size < 0 {
		return "", err
	}
	text := make([]byte, size+2)
	if _, err := io.ReadFull(conn.reader, text); err != nil {
		return "", err
	}
	return string(text[:size]), nil
}
