package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/eval"
	"github.com/nskernel/nskernel/magic"
	"github.com/nskernel/nskernel/plugin"
)

// newPlugins loads the built-in magics and what is linked into the binary.
func newPlugins(w *workbench) (*plugin.Registry, error) {
	r := &plugin.Registry{Log: w.stderr}
	err := r.Load(magic.Info(version), magic.Register(magicSession{w}))
	return r, errors.Join(err, r.LoadCompiled())
}

// magicSession is what magics see of the session.
type magicSession struct{ w *workbench }

func (s magicSession) Names() []magic.Name {
	var list []magic.Name
	for _, n := range s.w.session.Names() {
		list = append(list, magic.Name(n))
	}
	return list
}

func (s magicSession) Reset()                 { s.w.session.Reset(context.Background()) }
func (s magicSession) ErrorGuard() bool       { return s.w.session.ErrorGuard() }
func (s magicSession) SetErrorGuard(on bool)  { s.w.session.SetErrorGuard(on) }
func (s magicSession) Magics() []plugin.Magic { return s.w.plugins.Magics() }

// pluginMagics gives the contributions of plugins to eval.
type pluginMagics struct{ r *plugin.Registry }

var _ eval.Magics = pluginMagics{}

// List names the magics of all plugins.
func (p pluginMagics) List() []eval.MagicInfo {
	var list []eval.MagicInfo
	for _, m := range p.r.Magics() {
		list = append(list, eval.MagicInfo{Name: m.Name, Cell: m.Cell, Help: m.Help})
	}
	return list
}

// Run runs a magic.
func (p pluginMagics) Run(ctx context.Context, m eval.Magic, cell *eval.MagicCell) error {
	call := newCall(cell)
	call.Args = m.Args
	if m.Cell {
		return p.r.CellMagic(ctx, m.Name, call, m.Body)
	}
	return p.r.LineMagic(ctx, m.Name, call)
}

// Fire calls the hooks of an event.
func (p pluginMagics) Fire(ctx context.Context, event string, cell *eval.MagicCell) error {
	return p.r.Fire(ctx, event, newCall(cell))
}

// Complete asks the completers.
func (p pluginMagics) Complete(code string, cursor int) []eval.MagicItem {
	var list []eval.MagicItem
	for _, it := range p.r.Complete(context.Background(), code, cursor) {
		list = append(list, eval.MagicItem(it))
	}
	return list
}

// Inspect asks the inspectors.
func (p pluginMagics) Inspect(name string, detail int) (map[string]any, bool) {
	return p.r.Inspect(context.Background(), name, detail)
}

// extension draws values by the renderers of plugins.
func extension(r *plugin.Registry) display.Extension {
	return func(v any) (display.Bundle, bool, error) {
		if !r.Renders(v) {
			return display.Bundle{}, false, nil
		}
		data, err := r.Render(v)
		if errors.Is(err, plugin.ErrDisabled) || errors.Is(err, plugin.ErrNotFound) {
			return display.Bundle{}, false, nil // shown as if nobody had registered
		}
		for mime := range data {
			if !strings.Contains(mime, "/") {
				return display.Bundle{}, false, fmt.Errorf("the renderer of %T returned the key %q, which is no MIME type such as text/html", v, mime)
			}
		}
		return display.Bundle{Data: data}, true, err
	}
}

// newCall gives a plugin what its cell can do.
func newCall(c *eval.MagicCell) plugin.Call {
	call := plugin.Call{Stdout: c.Stdout, Stderr: c.Stderr, Input: c.Input, Eval: c.Eval, Next: c.Next}
	call.Display = func(bundle map[string]any, id string) error {
		return c.Display(display.Bundle{Data: bundle}, id)
	}
	if c.Run != nil {
		call.Run = func(name, code string) (plugin.Timing, error) {
			took, err := c.Run(name, code)
			return plugin.Timing(took), err
		}
	}
	if c.Page != nil {
		call.Page = func(bundle map[string]any) { c.Page(display.Bundle{Data: bundle}) }
	}
	return call
}

// payloadText is what a terminal shows of the payload of a reply: pages, and
// code offered as the next input.
func payloadText(payload []map[string]any) string {
	var b strings.Builder
	for _, p := range payload {
		text, _ := p["text"].(string)
		if data, ok := p["data"].(map[string]any); ok {
			text, _ = data[display.MIMEText].(string)
		}
		if text != "" {
			b.WriteString(strings.TrimRight(text, "\n") + "\n")
		}
	}
	return b.String()
}
