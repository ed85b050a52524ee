package display

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"
)

// recorder is a Sink that notes what it is given.
type recorder struct {
	calls []string
	last  Bundle
	fail  error
}

func (r *recorder) Stream(name, text string) { r.calls = append(r.calls, name+":"+text) }
func (r *recorder) Display(b Bundle, id string) error {
	r.last = b
	r.calls = append(r.calls, "display")
	return r.fail
}
func (r *recorder) Update(b Bundle, id string) error {
	r.last = b
	r.calls = append(r.calls, "update")
	return nil
}
func (r *recorder) Clear(wait bool) error {
	r.calls = append(r.calls, fmt.Sprint("clear ", wait))
	return nil
}

type shape interface{ Area() float64 }
type square struct{ side float64 }

func (s square) Area() float64 { return s.side * s.side }

type page string

func (p page) HTML() string { return "<p>" + string(p) + "</p>" }

type broken struct{}

func (broken) Display() (Bundle, error) { panic("no picture") }

func TestRegistryOrder(t *testing.T) {
	var r Registry
	text := func(s string) Renderer { return func(any) (Bundle, error) { return TextBundle(s), nil } }
	if err := r.Register(reflect.TypeFor[shape](), text("shape")); err != nil {
		t.Fatal(err)
	}
	show := func(v any) string {
		b, _, err := r.Bundle(v)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(b.Data[MIMEText])
	}
	if got := show(square{2}); got != "shape" {
		t.Errorf("by interface: got %q", got)
	}
	if err := r.Register(reflect.TypeFor[square](), text("square")); err != nil {
		t.Fatal(err)
	}
	if got := show(square{2}); got != "square" {
		t.Errorf("an exact type goes before an interface: got %q", got)
	}
	if got := show(3); got != "3" {
		t.Errorf("without renderer: got %q", got)
	}
	if err := r.Register(reflect.TypeFor[square](), text("again")); err == nil {
		t.Error("a type could be registered twice")
	}
	if err := r.Register(reflect.TypeFor[shape](), text("again")); err == nil {
		t.Error("an interface could be registered twice")
	}
	if err := r.Register(nil, nil); err == nil {
		t.Error("nil could be registered")
	}
}

func TestBundleByMethodsAndPanics(t *testing.T) {
	var r Registry
	b, found, err := r.Bundle(page("hi"))
	if err != nil || !found || b.Data[MIMEHTML] != "<p>hi</p>" || b.Data[MIMEText] == nil {
		t.Errorf("Bundle(page) = %v, %v, %v", b, found, err)
	}
	if _, _, err := r.Bundle(broken{}); err == nil || !strings.Contains(err.Error(), "no picture") {
		t.Errorf("a panicking Display gave %v", err)
	}
	if _, found, err := r.Bundle((*square)(nil)); found || err != nil {
		t.Errorf("nil pointer: %v, %v", found, err)
	}
}

func TestHandleUpdatesItsKind(t *testing.T) {
	rec := &recorder{}
	p := NewPublisher(func() Sink { return rec }, nil)
	h := p.HTML("<b>1</b>")
	if err := h.Update("<b>2</b>"); err != nil {
		t.Fatal(err)
	}
	if rec.last.Data[MIMEHTML] != "<b>2</b>" {
		t.Errorf("after Update: %v", rec.last)
	}
	if err := h.Update(5); err == nil {
		t.Error("an HTML handle took an int")
	}
	if err := p.PNG([]byte{1}).Update("text"); err == nil {
		t.Error("a PNG handle took a string")
	}
	p.Clear(true)
	if got := rec.calls[len(rec.calls)-1]; got != "clear true" {
		t.Errorf("Clear(true) gave %q", got)
	}
}

func TestPublishFailureIsReported(t *testing.T) {
	rec := &recorder{fail: errors.New("bundle refused")}
	p := NewPublisher(func() Sink { return rec }, nil)
	p.HTML("x")
	if got := strings.Join(rec.calls, " "); !strings.Contains(got, "stderr:bundle refused") {
		t.Errorf("calls: %s", got)
	}
}

// Functions must name every function of functions.go: one that is missing
// would print to the kernel's own output instead of the cell.
func TestFunctionsComplete(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "functions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	fs := NewPublisher(nil, nil).Functions()
	n := 0
	for _, d := range f.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Recv != nil || !fd.Name.IsExported() {
			continue
		}
		n++
		if fs[fd.Name.Name] == nil {
			t.Errorf("Functions lacks %s", fd.Name.Name)
		}
	}
	if n != len(fs) {
		t.Errorf("functions.go has %d functions, Functions %d", n, len(fs))
	}
}

func TestProgress(t *testing.T) {
	rec := &recorder{}
	p := NewPublisher(func() Sink { return rec }, nil)
	b := p.Progress(3, "<sessions>")
	for range 5 {
		b.Add(1)
	}
	b.Done()
	if got := fmt.Sprint(rec.last.Data[MIMEText]); !strings.Contains(got, "3/3") {
		t.Errorf("text %q", got)
	}
	if got := fmt.Sprint(rec.last.Data[MIMEHTML]); !strings.Contains(got, "&lt;sessions&gt;") {
		t.Errorf("html %q is not escaped", got)
	}
	if n := len(rec.calls); n != 2 {
		t.Errorf("%d messages for a bar that filled at once, want 2 (shown, full): %v", n, rec.calls)
	}
}

func TestTableCutsTheMiddle(t *testing.T) {
	tab := Table{Header: []string{"a", "b"}, MaxRows: 4}
	for i := range 10 {
		tab.Rows = append(tab.Rows, []string{fmt.Sprint(i), "<x>"})
	}
	b, err := tab.Display()
	if err != nil {
		t.Fatal(err)
	}
	want := "a    b\n0  <x>\n1  <x>\n…    …\n8  <x>\n9  <x>"
	if b.Data[MIMEText] != want {
		t.Errorf("text:\n%s\nwant:\n%s", b.Data[MIMEText], want)
	}
	if h := fmt.Sprint(b.Data[MIMEHTML]); strings.Contains(h, "<x>") || strings.Count(h, "<tr>") != 6 {
		t.Errorf("html: %s", h)
	}
	tab.Rows[3] = []string{"one"}
	if _, err := tab.Display(); err == nil || !strings.Contains(err.Error(), "row 3") {
		t.Errorf("ragged table: %v", err)
	}
}

func TestNewTableAsksOnlyForWhatItShows(t *testing.T) {
	asked := 0
	tab := NewTable("big", 1_000_000, 3, func(i, j int) string { asked++; return fmt.Sprint(i, ",", j) })
	b, err := tab.Display()
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(b.Data[MIMEText])
	if asked != 60 || !strings.Contains(text, "999999,2") || strings.Count(text, "\n") != 21 {
		t.Errorf("asked for %d cells:\n%s", asked, text)
	}
}

func TestExtend(t *testing.T) {
	var r Registry
	if err := r.Register(reflect.TypeFor[int](), func(any) (Bundle, error) { return TextBundle("registered"), nil }); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	r.Extend(func(v any) (Bundle, bool, error) {
		if v == 3 {
			return Bundle{}, false, broken
		}
		return TextBundle("first"), v == 1, nil
	})
	r.Extend(func(v any) (Bundle, bool, error) { return TextBundle("second"), v == 1 || v == 2, nil })
	for v, want := range map[int]string{1: "first", 2: "second", 4: "registered"} {
		if b, found, err := r.Bundle(v); err != nil || !found || b.Data[MIMEText] != want {
			t.Errorf("%d shows %v, %v, %v; want %s", v, b, found, err, want)
		}
	}
	if _, _, err := r.Bundle(3); !errors.Is(err, broken) {
		t.Errorf("error %v, want that of the extension", err)
	}
	if b, found, _ := r.Bundle(nil); found {
		t.Errorf("nil shows %v", b)
	}
}
