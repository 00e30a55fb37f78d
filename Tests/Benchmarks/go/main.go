// Measures Go's text/template and encoding/json on the data that the Swift benchmark measures.
//
//	benchmark TEMPLATE SERVICES ROUNDS OUTPUT
//
// prints one line of JSON with the median times in nanoseconds, and writes the rendered text to OUTPUT.
//
//	benchmark render TEMPLATE SERVICES OUTPUT
//
// is a whole program: files in, a file out, nothing measured inside.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
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

func median(rounds int, work func()) int64 {
	times := make([]int64, rounds)
	for i := range times {
		start := time.Now()
		work()
		times[i] = time.Since(start).Nanoseconds()
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	return times[rounds/2]
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

func main() {
	if len(os.Args) == 5 && os.Args[1] == "render" {
		render(os.Args[2], os.Args[3], os.Args[4])
		return
	}
	text, err := os.ReadFile(os.Args[1])
	check(err)
	data, err := os.ReadFile(os.Args[2])
	check(err)
	rounds, err := strconv.Atoi(os.Args[3])
	check(err)

	var services []service
	parse := median(rounds, func() {
		services = nil
		check(json.Unmarshal(data, &services))
	})
	compiled, err := template.New("benchmark").Parse(string(text))
	check(err)
	var output bytes.Buffer
	render := median(rounds, func() {
		output.Reset()
		check(compiled.Execute(&output, services))
	})
	check(os.WriteFile(os.Args[4], output.Bytes(), 0o644))
	fmt.Printf("{\"engine\": \"go\", \"parse\": %d, \"render\": %d, \"bytes\": %d}\n", parse, render, output.Len())
}
