// Does in Go what haproxy-gen does, for the benchmark.
//
//	benchmark render TEMPLATE SERVICES OUTPUT
//
// is a whole program: files in, a file out, nothing measured inside.
//
//	benchmark worker render|read TEMPLATE SERVICES
//
// renders or reads the services as often as asked: each line of standard input is a number of rounds, answered with
// the nanoseconds that one took by the clock and of the processors, or `write FILE`, answered with `ok`.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"text/template"
	"time"
)

type host struct {
	Ip   string
	Port int
}

type service struct {
	Id                  string
	ApplicationProtocol string
	TransportProtocol   string
	Domains             []string
	ProxyPath           string
	Port                int
	ServicePort         int
	Hosts               []host
	Config              string
	Source              string
}

func (s service) ListenPort() int {
	if s.ServicePort != 0 {
		return s.ServicePort
	}
	return s.Port
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// render reads both files, renders the services and writes the text to its file as it comes.
func render(templatePath, servicesPath, outputPath string) {
	text, err := os.ReadFile(templatePath)
	check(err)
	compiled, err := template.New("benchmark").Parse(string(text))
	check(err)
	data, err := os.ReadFile(servicesPath)
	check(err)
	var services []service
	check(json.Unmarshal(data, &services))
	file, err := os.Create(outputPath)
	check(err)
	output := bufio.NewWriter(file)
	check(compiled.Execute(output, services))
	check(output.Flush())
	check(file.Close())
}

// processorTime is what this process took of the processors until now, in nanoseconds.
func processorTime() int64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// work answers orders until standard input ends.
func work(kind, templatePath, servicesPath string) {
	text, err := os.ReadFile(templatePath)
	check(err)
	compiled, err := template.New("benchmark").Parse(string(text))
	check(err)
	data, err := os.ReadFile(servicesPath)
	check(err)
	var services []service
	read := func() {
		services = nil
		check(json.Unmarshal(data, &services))
	}
	read()
	var output bytes.Buffer
	round := read
	if kind == "render" {
		data = nil
		round = func() {
			output.Reset()
			check(compiled.Execute(&output, services))
		}
	}
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		if path, found := strings.CutPrefix(orders.Text(), "write "); found {
			check(os.WriteFile(path, output.Bytes(), 0o644))
			fmt.Println("ok")
			continue
		}
		rounds, err := strconv.Atoi(orders.Text())
		check(err)
		start, processors := time.Now(), processorTime()
		for range rounds {
			round()
		}
		fmt.Println(time.Since(start).Nanoseconds()/int64(rounds), (processorTime()-processors)/int64(rounds))
	}
	check(orders.Err())
}

func main() {
	switch {
	case len(os.Args) == 5 && os.Args[1] == "render":
		render(os.Args[2], os.Args[3], os.Args[4])
	case len(os.Args) == 5 && os.Args[1] == "worker":
		work(os.Args[2], os.Args[3], os.Args[4])
	default:
		check(fmt.Errorf("usage: benchmark render TEMPLATE SERVICES OUTPUT | worker render|read TEMPLATE SERVICES"))
	}
}
