// A load generator that costs little beside what it loads: HTTP/1.1 over kept connections, requests made beforehand.
//
// It reads a plan (JSON, standard input) and a file with one request a line (`client TAB body`), sends them in order,
// and writes one record per request: intended start, start and end in nanoseconds, and the status. In open loop
// (rate > 0) a request's intended start is its place in the schedule, whether or not a connection was free by then.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type plan struct {
	URLs        []string `json:"urls"`
	Tokens      []string `json:"tokens"`
	ContentType string   `json:"contentType"`
	Method      string   `json:"method"`
	Connections int      `json:"connections"`
	Rate        float64  `json:"rate"`
	Requests    string   `json:"requests"`
	Out         string   `json:"out"`
}

type request struct {
	client int
	body   []byte
}

type record struct {
	Intended, Start, End, Status int64
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func read(path string) []request {
	data, err := os.ReadFile(path)
	must(err)
	var all []request
	for _, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		client, body, found := strings.Cut(line, "\t")
		number, err := strconv.Atoi(client)
		if !found || err != nil {
			must(fmt.Errorf("a line that is not `client TAB body`"))
		}
		all = append(all, request{number, []byte(body)})
	}
	return all
}

// connection is one kept connection to one server, with the heads of its requests made beforehand.
type connection struct {
	address string
	heads   [][]byte
	socket  net.Conn
	reader  *bufio.Reader
	buffer  []byte
}

func newConnection(p *plan, number int) *connection {
	target, err := url.Parse(p.URLs[number%len(p.URLs)])
	must(err)
	c := &connection{address: target.Host}
	for _, token := range p.Tokens {
		head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n", p.Method, target.RequestURI(), target.Host)
		if token != "" {
			head += "Authorization: Bearer " + token + "\r\n"
		}
		c.heads = append(c.heads, []byte(head+"Content-Type: "+p.ContentType+"\r\nContent-Length: "))
	}
	must(c.open())
	return c
}

func (c *connection) open() error {
	socket, err := net.Dial("tcp", c.address)
	if err == nil {
		c.socket, c.reader = socket, bufio.NewReaderSize(socket, 64<<10)
	}
	return err
}

// send gives the status of the answer, 0 when there was none: the connection is then made anew.
func (c *connection) send(r *request) int64 {
	status, err := c.exchange(r)
	if err != nil {
		c.socket.Close()
		if c.open() != nil {
			time.Sleep(100 * time.Millisecond)
			_ = c.open()
		}
		return 0
	}
	return status
}

func (c *connection) exchange(r *request) (int64, error) {
	c.buffer = append(c.buffer[:0], c.heads[r.client]...)
	c.buffer = strconv.AppendInt(c.buffer, int64(len(r.body)), 10)
	c.buffer = append(c.buffer, "\r\n\r\n"...)
	c.buffer = append(c.buffer, r.body...)
	if _, err := c.socket.Write(c.buffer); err != nil {
		return 0, err
	}
	line, err := c.reader.ReadSlice('\n')
	if err != nil || len(line) < 12 {
		return 0, fmt.Errorf("no status line")
	}
	status, err := strconv.ParseInt(string(line[9:12]), 10, 64)
	if err != nil {
		return 0, err
	}
	length := -1
	for {
		line, err = c.reader.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if len(line) > 16 && (line[0]|32) == 'c' && strings.EqualFold(string(line[:15]), "content-length:") {
			if length, err = strconv.Atoi(strings.TrimSpace(string(line[15:]))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("an answer without a length")
	}
	_, err = c.reader.Discard(length)
	return status, err
}

func cpu() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func main() {
	var p plan
	must(json.NewDecoder(os.Stdin).Decode(&p))
	requests := read(p.Requests)
	records := make([]record, len(requests))
	var next atomic.Int64
	var waiting sync.WaitGroup
	connections := make([]*connection, p.Connections)
	for number := range connections {
		connections[number] = newConnection(&p, number)
	}
	spent, began := cpu(), time.Now()
	for _, one := range connections {
		waiting.Add(1)
		go func(c *connection) {
			defer waiting.Done()
			for {
				number := next.Add(1) - 1
				if number >= int64(len(requests)) {
					return
				}
				intended := int64(0)
				if p.Rate > 0 {
					intended = int64(float64(number) / p.Rate * 1e9)
					time.Sleep(time.Duration(intended) - time.Since(began))
				}
				start := int64(time.Since(began))
				status := c.send(&requests[number])
				if p.Rate == 0 {
					intended = start
				}
				records[number] = record{intended, start, int64(time.Since(began)), status}
			}
		}(one)
	}
	waiting.Wait()
	wall := time.Since(began).Seconds()
	spent = cpu() - spent
	out, err := os.Create(p.Out)
	must(err)
	writer := bufio.NewWriter(out)
	must(binary.Write(writer, binary.LittleEndian, records))
	must(writer.Flush())
	must(out.Close())
	io.WriteString(os.Stdout, fmt.Sprintf("{\"wall\": %f, \"cpu\": %f}\n", wall, spent))
}
