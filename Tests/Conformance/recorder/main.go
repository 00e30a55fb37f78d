// Command recorder runs every conformance case with Go's text/template and writes the answers into the case files.
//
//	recorder [-check] FILE...
//
// Every case runs in a process of its own (this program again, with -one), so that a panic, an exhausted stack or an
// endless loop of one case costs that case alone.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"
	"unicode/utf8"

	"conformance/recorder/types"
)

const (
	reference = "go1.27.3"
	timeout   = 60 * time.Second
)

// family is one case file.
type family struct {
	Family string      `json:"family"`
	About  string      `json:"about"`
	Cases  []*testCase `json:"cases"`
}

// testCase is a case as it stands in the file; the order of the fields here is their order there.
type testCase struct {
	Name           string          `json:"name"`
	Template       *string         `json:"template,omitempty"`
	TemplateBase64 []byte          `json:"templateBase64,omitempty"`
	Data           json.RawMessage `json:"data,omitempty"`
	Services       json.RawMessage `json:"services,omitempty"`
	MissingKey     string          `json:"missingKey,omitempty"`
	Delims         []string        `json:"delims,omitempty"`
	answer
}

// answer holds what Go said: the output, or an error and the stage that it comes from.
type answer struct {
	Output       *string `json:"output,omitempty"`
	OutputBase64 []byte  `json:"outputBase64,omitempty"`
	Error        string  `json:"error,omitempty"`
	Stage        string  `json:"stage,omitempty"`
}

var kebabCase = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func main() {
	check := flag.Bool("check", false, "change nothing; fail when a file would change")
	one := flag.Bool("one", false, "read one case from standard input and write its answer to standard output")
	flag.Parse()
	if runtime.Version() != reference {
		fail(fmt.Errorf("this is %s, the answers are those of %s", runtime.Version(), reference))
	}
	if *one {
		if err := runOne(os.Stdin, os.Stdout); err != nil {
			fail(err)
		}
		return
	}
	healthy := true
	for _, file := range flag.Args() {
		if err := record(file, *check); err != nil {
			fmt.Fprintln(os.Stderr, err)
			healthy = false
		}
	}
	if !healthy {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// record brings one file up to date. Cases that Go does not survive are reported and left without an answer.
func record(file string, check bool) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	f, err := decodeFamily(file, old)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}

	failures := make([]error, len(f.Cases))
	var group sync.WaitGroup
	slots := make(chan struct{}, runtime.NumCPU())
	for i, c := range f.Cases {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			a, err := runApart(c)
			if err != nil {
				failures[i] = fmt.Errorf("%s: %s: %w", file, c.Name, err)
			}
			c.answer = a
		})
	}
	group.Wait()
	if err := errors.Join(failures...); err != nil && check {
		return err
	}

	recorded, err := encodeFamily(f)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	switch {
	case bytes.Equal(old, recorded):
	case check:
		return fmt.Errorf("%s: out of date", file)
	default:
		if err := os.WriteFile(file, recorded, 0o644); err != nil {
			return err
		}
		fmt.Println("recorded", file)
	}
	return errors.Join(failures...)
}

func decodeFamily(file string, text []byte) (*family, error) {
	var f family
	if err := decodeExactly(text, &f); err != nil {
		return nil, err
	}
	if want := strings.TrimSuffix(filepath.Base(file), ".json"); f.Family != want {
		return nil, fmt.Errorf("the family is %q, the file's name says %q", f.Family, want)
	}
	seen := map[string]bool{}
	for _, c := range f.Cases {
		switch {
		case !kebabCase.MatchString(c.Name):
			return nil, fmt.Errorf("%q is not in kebab-case", c.Name)
		case seen[c.Name]:
			return nil, fmt.Errorf("two cases are named %q", c.Name)
		case (c.Template == nil) == (c.TemplateBase64 == nil):
			return nil, fmt.Errorf("%s: one of template and templateBase64 is wanted", c.Name)
		case c.Data != nil && c.Services != nil:
			return nil, fmt.Errorf("%s: only one of data and services is wanted", c.Name)
		case c.Delims != nil && len(c.Delims) != 2:
			return nil, fmt.Errorf("%s: delims are two strings", c.Name)
		}
		seen[c.Name] = true
	}
	return &f, nil
}

// decodeExactly refuses unknown fields and anything after the value.
func decodeExactly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("something follows the JSON value")
	}
	return nil
}

func encodeFamily(f *family) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(f)
	return text.Bytes(), err
}

// runApart runs one case in a child process and returns its answer.
func runApart(c *testCase) (answer, error) {
	program, err := os.Executable()
	if err != nil {
		return answer{}, err
	}
	question, err := json.Marshal(c)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	child := exec.CommandContext(ctx, program, "-one")
	child.Stdin = bytes.NewReader(question)
	var complaint bytes.Buffer
	child.Stderr = &complaint
	reply, err := child.Output()
	if ctx.Err() != nil {
		return answer{}, fmt.Errorf("not done after %v", timeout)
	}
	if err != nil {
		text, _, _ := strings.Cut(complaint.String(), "\n")
		return answer{}, fmt.Errorf("%w: %s", err, text)
	}
	var a answer
	err = json.Unmarshal(reply, &a)
	return a, err
}

func runOne(in io.Reader, out io.Writer) error {
	var c testCase
	if err := json.NewDecoder(in).Decode(&c); err != nil {
		return err
	}
	a, err := c.run()
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(a)
}

// run asks text/template. The error is about the case itself; what Go answers is never one.
func (c *testCase) run() (answer, error) {
	text := string(c.TemplateBase64)
	if c.Template != nil {
		text = *c.Template
	}
	dot, err := c.dot()
	if err != nil {
		return answer{}, err
	}
	t := template.New("case")
	if c.Delims != nil {
		t.Delims(c.Delims[0], c.Delims[1])
	}
	if c.MissingKey != "" {
		t.Option("missingkey=" + c.MissingKey)
	}
	if _, err := t.Parse(text); err != nil {
		return answer{Error: err.Error(), Stage: "parse"}, nil
	}
	var output bytes.Buffer
	if err := t.Execute(&output, dot); err != nil {
		return answer{Error: err.Error(), Stage: "run"}, nil
	}
	if !utf8.Valid(output.Bytes()) {
		return answer{OutputBase64: output.Bytes()}, nil
	}
	rendered := output.String()
	return answer{Output: &rendered}, nil
}

// dot is the root value: a list of services, any JSON value, or nil. Lists have no spare capacity, since slice shows it
// and what a JSON reader leaves there is chance.
func (c *testCase) dot() (any, error) {
	switch {
	case c.Services != nil:
		services := []types.Service{}
		err := decodeExactly(c.Services, &services)
		for i := range services {
			services[i].Domains = slices.Clip(services[i].Domains)
			services[i].Hosts = slices.Clip(services[i].Hosts)
		}
		return slices.Clip(services), err
	case c.Data != nil:
		decoder := json.NewDecoder(bytes.NewReader(c.Data))
		decoder.UseNumber()
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		return plain(value)
	default:
		return nil, nil
	}
}

// plain replaces every json.Number: one without fraction and exponent becomes an int, any other a float64.
func plain(value any) (any, error) {
	var err error
	switch value := value.(type) {
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return value.Float64()
		}
		return strconv.Atoi(value.String())
	case []any:
		for i := range value {
			if value[i], err = plain(value[i]); err != nil {
				return nil, err
			}
		}
		return slices.Clip(value), nil
	case map[string]any:
		for key := range value {
			if value[key], err = plain(value[key]); err != nil {
				return nil, err
			}
		}
	}
	return value, nil
}
