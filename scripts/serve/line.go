package main

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// piece is how much goes over a slow line at a time: small enough for answers
// that run at once to share it.
const piece = 8 << 10

// line is a network line that all connections share.
type line struct {
	bytesPerSecond float64       // 0: without limit
	latency        time.Duration // of a round trip

	mu   sync.Mutex
	free time.Time // when the line has sent all that it was given
}

// parseRate reads a speed such as "10mbit" or "400kbit", in thousands and
// millions of bits a second, as bytes a second. Empty is 0, no limit.
func parseRate(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	for unit, bits := range map[string]float64{"kbit": 1e3, "mbit": 1e6} {
		number, found := strings.CutSuffix(strings.ToLower(text), unit)
		if n, err := strconv.ParseFloat(number, 64); found && err == nil && n > 0 && n < 1e6 {
			return n * bits / 8, nil
		}
	}
	return 0, fmt.Errorf("rate %q: expected a number with kbit or mbit, such as 10mbit", text)
}

// reserve gives the line n bytes more at time now and returns how long it
// takes until they are through.
func (l *line) reserve(now time.Time, n int) time.Duration {
	if l.bytesPerSecond == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free.Before(now) {
		l.free = now
	}
	l.free = l.free.Add(time.Duration(float64(n) / l.bytesPerSecond * float64(time.Second)))
	return l.free.Sub(now)
}

// slowListener accepts connections over a line.
type slowListener struct {
	net.Listener
	line *line
}

// Accept returns the next connection. A connection costs one round trip before
// it carries anything, and each request one more: the first byte of an answer
// waits for them.
func (l slowListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil || l.line.bytesPerSecond == 0 && l.line.latency == 0 {
		return conn, err
	}
	return &slowConn{Conn: conn, line: l.line, fresh: true}, nil
}

// slowConn is a connection over a line.
type slowConn struct {
	net.Conn
	line *line

	mu    sync.Mutex
	fresh bool // nothing has been sent
	asked bool // something came since the last time that something was sent
}

// Read reads from the connection; what came is a request, or a part of one.
func (c *slowConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	c.asked = c.asked || n > 0
	c.mu.Unlock()
	return n, err
}

// delay returns the round trips that the next byte has to wait for, once.
func (c *slowConn) delay() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var trips time.Duration
	if c.fresh {
		trips++
	}
	if c.asked {
		trips++
	}
	c.fresh, c.asked = false, false
	return trips * c.line.latency
}

// Write sends b at the pace of the line.
func (c *slowConn) Write(b []byte) (int, error) {
	time.Sleep(c.delay())
	sent := 0
	for sent < len(b) {
		n := min(piece, len(b)-sent)
		time.Sleep(c.line.reserve(time.Now(), n))
		wrote, err := c.Conn.Write(b[sent : sent+n])
		sent += wrote
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}
