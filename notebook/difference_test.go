package notebook

import (
	"strings"
	"testing"
)

func outputs(tags []any, outs ...Output) *Notebook {
	return &Notebook{Cells: []*Cell{{Type: Code, Source: "f()", Metadata: map[string]any{"tags": tags}, Outputs: outs}}}
}

func TestDifferences(t *testing.T) {
	stream := func(s string) Output { return Output{Type: Stream, Name: "stdout", Text: s} }
	figure := func(text, mime string) Output {
		return Output{Type: Display, Data: map[string]any{"text/plain": text, mime: "AAAA"}}
	}
	varying := []any{Varying}
	for _, tt := range []struct {
		name string
		a, b *Notebook
		want string // "" for equal
	}{
		{"equal", outputs(nil, stream("a\n"), figure("f", "image/png")), outputs(nil, stream("a\n"), figure("f", "image/png")), ""},
		{"a stream in pieces", outputs(nil, stream("a\n"), stream("b\n")), outputs(nil, stream("a\nb\n")), ""},
		{"a number", outputs(nil, stream("x\n1\n")), outputs(nil, stream("x\n2\n")), `cell 1, output 1: "1" against "2"`},
		{"a missing figure", outputs(nil, figure("f", "image/png")), outputs(nil), "1 outputs against 0"},
		{"another picture type", outputs(nil, figure("f", "image/png")), outputs(nil, figure("f", "image/svg+xml")), "image/png"},
		{"an error", outputs(nil, stream("a")), outputs(nil, Output{Type: Error, EName: "panic", EValue: "v"}), "panic"},
		{"varying text", outputs(varying, stream("1 ms\n")), outputs(varying, stream("2 ms\n")), ""},
		{"varying, but an error", outputs(varying, stream("1 ms\n")), outputs(varying, Output{Type: Error, EName: "panic"}), "panic"},
		{"cells", outputs(nil), &Notebook{}, "1 cells against 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(Differences(tt.a, tt.b), "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
