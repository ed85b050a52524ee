package kernel_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

func TestDisplayAndUpdate(t *testing.T) {
	_, c := start(t)
	e := c.Execute("display a\nshow one b\nupdate one c\nclear\nclear wait")
	wantTypes(t, e, "busy execute_input display_data display_data update_display_data clear_output clear_output idle")
	var got []string
	for _, m := range e.Published() {
		content, _ := json.Marshal(m.Content)
		got = append(got, string(content))
	}
	want := []string{
		`{"data":{"text/plain":"a"},"metadata":{},"transient":{}}`,
		`{"data":{"text/plain":"b"},"metadata":{},"transient":{"display_id":"one"}}`,
		`{"data":{"text/plain":"c"},"metadata":{},"transient":{"display_id":"one"}}`,
		`{"wait":false}`,
		`{"wait":true}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// angry fails in a way that package json does not expect.
type angry struct{}

func (angry) MarshalJSON() ([]byte, error) { panic("angry") }

func TestBundles(t *testing.T) {
	i, c := start(t)
	var b display.Bundle
	var shown error
	i.Handle("bundle", func(c *kerneltest.Cell, _ string) error { shown = c.Out.Display(b, ""); return nil })
	data := func(key string, v any) display.Bundle { return display.Bundle{Data: map[string]any{key: v}} }
	good := []struct {
		bundle display.Bundle
		want   string
	}{
		{data("text/plain", "a<b&c"), `{"text/plain":"a<b&c"}`},
		{data("text/plain", []byte("bytes")), `{"text/plain":"bytes"}`},
		{data("text/plain", "a\xffb"), `{"text/plain":"a` + "\uFFFD" + `b"}`},
		{data("image/png", []byte{0x89, 'P', 'N', 'G'}), `{"image/png":"iVBORw=="}`},
		{data("image/png", "iVBORw=="), `{"image/png":"iVBORw=="}`},
		{data("image/svg+xml", []byte("<svg/>")), `{"image/svg+xml":"<svg/>"}`},
		{data("application/json", map[string]any{"a": []int{1}}), `{"application/json":{"a":[1]}}`},
		{data("application/json", []byte(`{"a":1}`)), `{"application/json":{"a":1}}`},
		{data("application/json", json.RawMessage(`[1]`)), `{"application/json":[1]}`},
		{data("application/vnd.vegalite.v5+json", map[string]int{"x": 1}), `{"application/vnd.vegalite.v5+json":{"x":1}}`},
	}
	for _, tt := range good {
		m := only(t, c.Execute("bundle"+set(&b, tt.bundle)), "display_data")
		if shown != nil {
			t.Errorf("%v: %v", tt.bundle, shown)
		}
		got, _ := encode(m.Content["data"])
		if got != tt.want {
			t.Errorf("%v: data %s, want %s", tt.bundle, got, tt.want)
		}
	}
	bad := []struct {
		bundle display.Bundle
		want   string
	}{
		{display.Bundle{}, "no representation"},
		{data("text", "a"), `"text" is no MIME type`},
		{data("text/plain; charset=utf-8", "a"), "without parameters"},
		{data("text/plain", 5), "given as int"},
		{data("text/plain", nil), "given as <nil>"},
		{data("application/json", math.NaN()), "unsupported value"},
		{data("application/json", []byte("{")), "application/json"},
		{data("application/json", angry{}), "panic: angry"},
		{display.Bundle{Data: map[string]any{"text/plain": "a"}, Metadata: map[string]any{"text/plain": make(chan int)}}, "metadata of text/plain"},
	}
	for _, tt := range bad {
		e := c.Execute("bundle" + set(&b, tt.bundle))
		if shown == nil || !strings.Contains(shown.Error(), tt.want) || len(e.Published()) != 0 {
			t.Errorf("%v: error %v, want %q and nothing published", tt.bundle, shown, tt.want)
		}
	}
}

// set assigns between two cells, where the interpreter does not look.
func set[T any](p *T, v T) string { *p = v; return "" }

func encode(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSpace(b.String()), err
}

// A result with a bad picture shows its text, and what is wrong.
func TestResultKeepsWhatIsGood(t *testing.T) {
	i, c := start(t)
	i.Handle("half", func(c *kerneltest.Cell, _ string) error {
		c.Reply.Result = &display.Bundle{Data: map[string]any{"text/plain": "good", "application/json": math.Inf(1)}}
		return nil
	})
	i.Handle("none", func(c *kerneltest.Cell, _ string) error {
		c.Reply.Result = &display.Bundle{Data: map[string]any{"bad": "x"}}
		return nil
	})
	e := c.Execute("half")
	if got := only(t, e, "execute_result").Data("text/plain"); got != "good" || !strings.Contains(e.Stream("stderr"), "application/json") {
		t.Errorf("%s", e)
	}
	e = c.Execute("none")
	wantTypes(t, e, "busy execute_input stream idle")
	if e.Reply().Text("status") != "ok" {
		t.Errorf("%s", e)
	}
}

func TestUpdateWithoutID(t *testing.T) {
	i, c := start(t)
	var err error
	i.Handle("try", func(c *kerneltest.Cell, _ string) error {
		err = c.Out.Update(display.TextBundle("a"), "")
		return nil
	})
	if e := c.Execute("try"); err == nil || len(e.Published()) != 0 {
		t.Errorf("error %v, published %s", err, e.Types())
	}
}
