// Command serve serves a built site on loopback and prints its address.
//
//	go run ./scripts/serve -dir site/dist                    # http://127.0.0.1:8080/, or the next free port
//	go run ./scripts/serve -dir site/dist -addr 127.0.0.1:0  # any free port
//	go run ./scripts/serve -store links                      # with short links, kept in that folder
//	go run ./scripts/serve -rate 10mbit -latency 40ms        # as over a slow line
//
// It behaves as a static host does: types by extension, the rules of the
// site's _headers file, precompressed .br and .gz files when there are any,
// no listings of folders. It ends cleanly on SIGINT and SIGTERM.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// The first port that is tried when none is asked for, and how many more.
const (
	firstPort = 8080
	morePorts = 20
)

// drainTime is how long answers that have begun may take after a signal.
const drainTime = 3 * time.Second

func main() {
	dir := flag.String("dir", "site/dist", "`folder` to serve")
	addr := flag.String("addr", "", "`host:port` to listen on (default 127.0.0.1:8080, or the next free port)")
	rate := flag.String("rate", "", "speed of the line for all answers together, such as `10mbit` or 400kbit a second (default: as fast as it goes)")
	latency := flag.Duration("latency", 0, "time of a round trip on the line, added once for a connection and once for each request")
	store := flag.String("store", "", "`folder` in which short links are kept (default: there are none)")
	flag.Parse()
	if err := serve(*dir, *addr, *store, *rate, *latency); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func serve(dir, addr, store, rate string, latency time.Duration) error {
	perSecond, err := parseRate(rate)
	if err != nil {
		return err
	}
	files, err := newSite(dir)
	if err != nil {
		return err
	}
	var handler http.Handler = files
	if store != "" {
		if handler, err = withShortLinks(files, store); err != nil {
			return err
		}
	}
	listener, err := listen(addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	fmt.Printf("IAM Playground: http://%s/\n", listener.Addr())

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	served := make(chan error, 1)
	go func() {
		served <- server.Serve(slowListener{listener, &line{bytesPerSecond: perSecond, latency: latency}})
	}()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	stop() // a second signal ends the program at once
	drain, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return server.Close()
	}
	return nil
}

// listen listens on addr, or when it is empty on the first free port from
// firstPort on.
func listen(addr string) (net.Listener, error) {
	if addr != "" {
		return net.Listen("tcp", addr)
	}
	var first error
	for port := firstPort; port <= firstPort+morePorts; port++ {
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return listener, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, err
		}
		first = cmp.Or(first, err)
	}
	return nil, first
}
