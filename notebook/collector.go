package notebook

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/nskernel/nskernel/display"
)

// collector turns what a cell writes into the outputs of a notebook cell, as a
// front end does.
type collector struct {
	mu    sync.Mutex
	nb    *Notebook
	cell  *Cell
	opts  RunOptions
	clear bool            // remove the outputs when the next one comes
	text  strings.Builder // of the last output, if it is a stream: grows without a copy per text
}

// Stream appends text; neighbouring texts of one stream are one output.
func (c *collector) Stream(name, text string) {
	c.mu.Lock()
	c.cleared()
	if n := len(c.cell.Outputs); n > 0 && c.cell.Outputs[n-1].Type == Stream && c.cell.Outputs[n-1].Name == name {
		c.text.WriteString(text)
		c.cell.Outputs[n-1].Text = c.text.String()
	} else {
		c.text.Reset()
		c.text.WriteString(text)
		c.cell.Outputs = append(c.cell.Outputs, Output{Type: Stream, Name: name, Text: text})
	}
	c.mu.Unlock()
	if c.opts.OnStream != nil {
		c.opts.OnStream(name, text)
	}
}

// pages adds what a cell shows in the pager, as front ends without one do.
func (c *collector) pages(payload []map[string]any) error {
	for _, p := range payload {
		if data, ok := p["data"].(map[string]any); ok && p["source"] == "page" {
			if err := c.Display(display.Bundle{Data: data}, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// Display adds an output.
func (c *collector) Display(b display.Bundle, id string) error {
	data, meta, err := encode(b)
	if err != nil {
		return err
	}
	c.add(Output{Type: Display, Data: data, Metadata: meta, displayID: id})
	return nil
}

// Update replaces the outputs of the notebook that were shown under id.
func (c *collector) Update(b display.Bundle, id string) error {
	data, meta, err := encode(b)
	if err != nil {
		return err
	}
	c.mu.Lock()
	var changed []Output
	for _, cell := range c.nb.Cells {
		for i := range cell.Outputs {
			if o := &cell.Outputs[i]; o.displayID == id && id != "" {
				o.Data, o.Metadata = data, meta
				changed = append(changed, *o)
			}
		}
	}
	c.mu.Unlock()
	if c.opts.OnOutput != nil {
		for _, o := range changed {
			c.opts.OnOutput(o)
		}
	}
	return nil
}

// Clear removes the outputs of the cell.
func (c *collector) Clear(wait bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear = true
	if !wait {
		c.cleared()
	}
	return nil
}

func (c *collector) cleared() {
	if c.clear {
		c.cell.Outputs, c.clear = nil, false
	}
}

func (c *collector) add(o Output) {
	c.mu.Lock()
	c.cleared()
	c.cell.Outputs = append(c.cell.Outputs, o)
	c.mu.Unlock()
	if c.opts.OnOutput != nil {
		c.opts.OnOutput(o)
	}
}

func (c *collector) result(b display.Bundle, count int) {
	data, meta, err := encode(b)
	if err != nil {
		c.Stream("stderr", err.Error()+"\n")
		return
	}
	c.add(Output{Type: Result, Data: data, Metadata: meta, Count: count})
}

// encode converts a bundle to what a notebook file holds: base64 for bytes and
// plain JSON values for the rest.
func encode(b display.Bundle) (data, meta map[string]any, err error) {
	data = make(map[string]any, len(b.Data))
	for k, v := range b.Data {
		switch v := v.(type) {
		case string:
			data[k] = v
		case []byte:
			data[k] = base64.StdEncoding.EncodeToString(v)
		default:
			if data[k], err = plain(v); err != nil {
				return nil, nil, fmt.Errorf("%s cannot be stored in a notebook: %w", k, err)
			}
		}
	}
	if b.Metadata == nil {
		return data, map[string]any{}, nil
	}
	m, err := plain(b.Metadata)
	if err != nil {
		return nil, nil, fmt.Errorf("metadata cannot be stored in a notebook: %w", err)
	}
	meta, _ = m.(map[string]any)
	return data, meta, nil
}

// plain is v after a trip through JSON, so that later changes of v by the cell
// do not reach the notebook.
func plain(v any) (any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out any
	err = json.Unmarshal(raw, &out)
	return out, err
}
