package kerneltest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

func (s *suite) testComplete(t *testing.T) {
	c := s.client(t)
	succeed(t, c, s.l.Set)
	for code, want := range s.l.Complete {
		for _, prefix := range []string{"", "\n\n"} {
			code := prefix + code
			r := c.Do(kernel.Shell, "complete_request", Fields{"code": code, "cursor_pos": utf8.RuneCountInString(code)}).Reply()
			var got []string
			matches, _ := r.Content["matches"].([]any)
			for _, m := range matches {
				got = append(got, m.(string))
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(want))
			if !slices.Equal(got, want) {
				t.Errorf("%q: matches %q, want %q", code, got, want)
			}
		}
	}
}

func (s *suite) testInspect(t *testing.T) {
	c := s.client(t)
	succeed(t, c, s.l.Set)
	for code, want := range s.l.Inspect {
		for detail := range 2 {
			r := c.Do(kernel.Shell, "inspect_request", Fields{"code": code, "cursor_pos": utf8.RuneCountInString(code), "detail_level": detail}).Reply()
			text, _ := r.Data(display.MIMEText).(string)
			if r.Content["found"] != true || !strings.Contains(text, want) {
				t.Errorf("%q at detail %d: %s, want %q", code, detail, r, want)
			}
		}
	}
}

func (s *suite) testIsComplete(t *testing.T) {
	c := s.client(t)
	for code, want := range s.l.IsComplete {
		if r := c.Do(kernel.Shell, "is_complete_request", Fields{"code": code}).Reply(); r.Text("status") != string(want) {
			t.Errorf("%q: %s, want %s", code, r, want)
		}
	}
}

// Questions about code at any offset get an answer that lies within the code.
func (s *suite) testAnyCursor(t *testing.T) {
	i := s.open(t)
	defer i.Close()
	for _, code := range s.samples() {
		for cursor := range len(code) + 1 {
			if !utf8.ValidString(code[:cursor]) {
				continue
			}
			c := i.Complete(code, cursor)
			if c.Start < 0 || c.Start > c.End || c.End > len(code) {
				t.Errorf("Complete(%q, %d) replaces %d to %d", code, cursor, c.Start, c.End)
			}
			for _, item := range c.Items {
				if item.Text == "" {
					t.Errorf("Complete(%q, %d) has an empty match", code, cursor)
				}
			}
			for detail := range 2 {
				if b, found := i.Inspect(code, cursor, detail); found && b.Data[display.MIMEText] == nil {
					t.Errorf("Inspect(%q, %d, %d) found something without text/plain", code, cursor, detail)
				}
			}
		}
		switch status, _ := i.IsComplete(code); status {
		case kernel.Complete, kernel.Incomplete, kernel.Invalid, kernel.Unknown:
		default:
			t.Errorf("IsComplete(%q) is %q", code, status)
		}
	}
}

func (s *suite) samples() []string {
	l := s.l
	samples := []string{"", " ", "\n", "é", "日本.語", "😀", l.Hello, l.Result, l.Broken, l.Invalid, l.Set, l.Get}
	for code := range l.Complete {
		samples = append(samples, code, "é "+code)
	}
	return samples
}

// Questions are answered while a cell runs.
func (s *suite) testWhileRunning(t *testing.T) {
	i := s.open(t)
	defer i.Close()
	out := &recorder{}
	for n, code := range []string{s.l.Set, s.l.Hello} {
		if _, err := i.Execute(context.Background(), kernel.Request{Code: code, Count: n + 1, StoreHistory: true}, out); err != nil {
			t.Fatal(err)
		}
	}
	if got := out.String(); got != "hello, world\n" {
		t.Errorf("output %q", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		i.Execute(ctx, kernel.Request{Code: s.l.Endless, Count: 3, StoreHistory: true}, out)
	}()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for _, code := range s.samples() {
				i.Complete(code, len(code))
				i.Inspect(code, len(code), 1)
				i.IsComplete(code)
			}
		})
	}
	wg.Wait()
	cancel()
	<-done
}
