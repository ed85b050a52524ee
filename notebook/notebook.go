// Package notebook reads, writes and runs Jupyter notebooks (nbformat 4)
// without Jupyter.
//
// A notebook that is read and written again keeps every field it had, also
// those that this package does not know. What is written is in the canonical
// form of the Python nbformat library: keys sorted, one space of indentation,
// long texts as lists of lines.
package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// Cell types.
const (
	Code     = "code"
	Markdown = "markdown"
	Raw      = "raw"
)

// Output types.
const (
	Stream  = "stream"
	Display = "display_data"
	Result  = "execute_result"
	Error   = "error"
)

// Notebook is a notebook in nbformat 4.
type Notebook struct {
	Cells    []*Cell
	Metadata map[string]any
	Minor    int // nbformat_minor; cells have ids from 5 on

	extra map[string]any
}

// Cell is one cell.
type Cell struct {
	Type     string // Code, Markdown or Raw
	ID       string // "" before nbformat 4.5
	Source   string
	Metadata map[string]any
	Count    int      // execution_count of a code cell, 0 if it has not run
	Outputs  []Output // of a code cell

	extra map[string]any
}

// Output is one output of a code cell. Which fields count depends on Type.
type Output struct {
	Type      string         // Stream, Display, Result or Error
	Name      string         // Stream: stdout or stderr
	Text      string         // Stream
	Data      map[string]any // Display, Result: MIME type to string or JSON value; images are base64
	Metadata  map[string]any // Display, Result
	Count     int            // Result
	EName     string         // Error
	EValue    string         // Error
	Traceback []string       // Error

	displayID string
	extra     map[string]any
}

// Tags returns the tags of the cell's metadata.
func (c *Cell) Tags() []string {
	list, _ := c.Metadata["tags"].([]any)
	var tags []string
	for _, t := range list {
		if s, ok := t.(string); ok {
			tags = append(tags, s)
		}
	}
	return tags
}

// Read reads a notebook file. It fails when the file is not JSON or not
// nbformat 4; the error names the file.
func Read(name string) (*Notebook, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	nb, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return nb, nil
}

// Parse reads a notebook from its JSON text.
func Parse(b []byte) (*Notebook, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("not a notebook: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a notebook: text after the closing brace")
	}
	r := reader{m: m}
	if major := r.int("nbformat"); r.err == nil && major != 4 {
		return nil, fmt.Errorf("nbformat is %d, this program reads 4: open and save the notebook in a current Jupyter", major)
	}
	nb := &Notebook{Minor: r.int("nbformat_minor"), Metadata: r.object("metadata")}
	cells := r.list("cells")
	nb.extra = r.m
	if r.err != nil {
		return nil, r.err
	}
	for i, c := range cells {
		cm, ok := c.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("cell %d is not an object", i+1)
		}
		cell, err := parseCell(cm)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		nb.Cells = append(nb.Cells, cell)
	}
	return nb, nil
}

func parseCell(m map[string]any) (*Cell, error) {
	r := reader{m: m}
	c := &Cell{Type: r.string("cell_type"), Source: r.text("source"), Metadata: r.object("metadata")}
	if _, ok := m["id"]; ok {
		c.ID = r.string("id")
	}
	switch c.Type {
	case Code:
		c.Count = r.optionalInt("execution_count")
		for i, o := range r.list("outputs") {
			om, ok := o.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("output %d is not an object", i+1)
			}
			out, err := parseOutput(om)
			if err != nil {
				return nil, fmt.Errorf("output %d: %w", i+1, err)
			}
			c.Outputs = append(c.Outputs, out)
		}
	case Markdown, Raw:
	default:
		r.fail(fmt.Errorf("cell_type is %q, not code, markdown or raw", c.Type))
	}
	c.extra = r.m
	return c, r.err
}

func parseOutput(m map[string]any) (Output, error) {
	r := reader{m: m}
	o := Output{Type: r.string("output_type")}
	switch o.Type {
	case Stream:
		o.Name, o.Text = r.string("name"), r.text("text")
	case Display, Result:
		o.Data, o.Metadata = r.object("data"), r.object("metadata")
		for k, v := range o.Data {
			if s, ok := joined(v); ok {
				o.Data[k] = s
			}
		}
		if o.Type == Result {
			o.Count = r.optionalInt("execution_count")
		}
	case Error:
		o.EName, o.EValue = r.string("ename"), r.string("evalue")
		for _, l := range r.list("traceback") {
			o.Traceback = append(o.Traceback, fmt.Sprint(l))
		}
	default:
		r.fail(fmt.Errorf("output_type is %q, not stream, display_data, execute_result or error", o.Type))
	}
	o.extra = r.m
	return o, r.err
}

// Write writes the notebook to a file: to a temporary file beside it first,
// so that a crash leaves the old one whole.
func (nb *Notebook) Write(name string) error {
	b, err := nb.Format()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".nskernel-*.ipynb")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// Format returns the notebook's canonical JSON text.
func (nb *Notebook) Format() ([]byte, error) {
	cells := make([]any, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = c.object(nb.Minor)
	}
	m := with(nb.extra, map[string]any{
		"nbformat": 4, "nbformat_minor": nb.Minor, "metadata": notNil(nb.Metadata), "cells": cells,
	})
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(m); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (c *Cell) object(minor int) map[string]any {
	m := map[string]any{"cell_type": c.Type, "metadata": notNil(c.Metadata), "source": lines(c.Source)}
	if minor >= 5 {
		m["id"] = c.ID
	}
	if c.Type == Code {
		outs := make([]any, len(c.Outputs))
		for i, o := range c.Outputs {
			outs[i] = o.object()
		}
		m["outputs"] = outs
		m["execution_count"] = count(c.Count)
	}
	return with(c.extra, m)
}

func (o *Output) object() map[string]any {
	m := map[string]any{"output_type": o.Type}
	switch o.Type {
	case Stream:
		m["name"], m["text"] = o.Name, lines(o.Text)
	case Display, Result:
		data := make(map[string]any, len(o.Data))
		for k, v := range o.Data {
			if s, ok := v.(string); ok && !isBase64(k) {
				v = lines(s)
			}
			data[k] = v
		}
		m["data"], m["metadata"] = data, notNil(o.Metadata)
		if o.Type == Result {
			m["execution_count"] = count(o.Count)
		}
	case Error:
		m["ename"], m["evalue"], m["traceback"] = o.EName, o.EValue, o.Traceback
		if o.Traceback == nil {
			m["traceback"] = []string{}
		}
	}
	return with(o.extra, m)
}

// isBase64 tells whether data of a MIME type is stored as one base64 string.
func isBase64(mime string) bool {
	return strings.HasPrefix(mime, "image/") && mime != "image/svg+xml" || mime == "application/pdf"
}

func with(extra, m map[string]any) map[string]any {
	all := maps.Clone(extra)
	if all == nil {
		return m
	}
	maps.Copy(all, m)
	return all
}

func notNil(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func count(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// lines splits a text after each line break, as nbformat stores it.
func lines(s string) []string {
	if s == "" {
		return []string{}
	}
	l := strings.SplitAfter(s, "\n")
	if l[len(l)-1] == "" {
		l = l[:len(l)-1]
	}
	return l
}

// joined is the text of a string or a list of strings.
func joined(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []any:
		var b strings.Builder
		for _, l := range v {
			s, ok := l.(string)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		}
		return b.String(), true
	}
	return "", false
}
