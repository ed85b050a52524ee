package notebook

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

const sample = `{
 "cells": [
  {
   "attachments": {
    "a.png": {
     "image/png": "QUJD"
    }
   },
   "cell_type": "markdown",
   "id": "m1",
   "metadata": {},
   "source": [
    "# Title <b>\n",
    "text"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 3,
   "id": "c1",
   "metadata": {
    "big": 12345678901234567890,
    "tags": [
     "varying"
    ]
   },
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "one\n",
      "two\n"
     ]
    },
    {
     "data": {
      "image/png": "QUJD",
      "text/plain": [
       "a\n",
       "b"
      ]
     },
     "execution_count": 3,
     "metadata": {},
     "output_type": "execute_result"
    },
    {
     "ename": "E",
     "evalue": "v",
     "output_type": "error",
     "traceback": [
      "t"
     ]
    }
   ],
   "source": [
    "f()"
   ]
  }
 ],
 "metadata": {
  "custom": {
   "x": 1.50
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5,
 "unknown": [
  1
 ]
}
`

func TestReadWriteKeepsEverything(t *testing.T) {
	nb, err := Parse([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	got, err := nb.Format()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != sample {
		t.Errorf("changed on the way:\n%s", got)
	}
	if nb.Cells[1].Outputs[0].Text != "one\ntwo\n" || nb.Cells[0].Source != "# Title <b>\ntext" {
		t.Errorf("texts not joined: %+v", nb.Cells[1].Outputs[0])
	}
	if !reflect.DeepEqual(nb.Cells[1].Tags(), []string{"varying"}) {
		t.Errorf("Tags = %v", nb.Cells[1].Tags())
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ name, from, to, want string }{
		{"no JSON", "{", "", "not a notebook"},
		{"format 3", `"nbformat": 4`, `"nbformat": 3`, "nbformat is 3"},
		{"cell type", `"markdown"`, `"poem"`, `cell_type is "poem"`},
		{"no source", `"source"`, `"sauce"`, `"source" is missing`},
		{"output type", `"output_type": "stream"`, `"output_type": "river"`, `output_type is "river"`},
		{"number as text", `"id": "m1"`, `"id": 5`, `"id" is not a string`},
		{"trailing text", ` "unknown": [
  1
 ]
}
`, ` "unknown": [1] } extra`, "after the closing brace"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(strings.Replace(sample, tt.from, tt.to, 1)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		nb, err := Parse(b)
		if err != nil {
			return
		}
		text, err := nb.Format()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(text)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, text)
		}
		if text2, _ := again.Format(); string(text2) != string(text) {
			t.Fatalf("not stable:\n%s\n%s", text, text2)
		}
	})
}

func TestWriteLeavesNoTemporaryFile(t *testing.T) {
	nb, _ := Parse([]byte(sample))
	dir := t.TempDir()
	name := filepath.Join(dir, "a.ipynb")
	if err := nb.Write(name); err != nil {
		t.Fatal(err)
	}
	if err := nb.Write(filepath.Join(dir, "no", "such", "b.ipynb")); err == nil {
		t.Error("written into a folder that does not exist")
	}
	list, _ := os.ReadDir(dir)
	if len(list) != 1 {
		t.Errorf("folder holds %v", list)
	}
	if back, err := Read(name); err != nil || len(back.Cells) != 2 {
		t.Errorf("Read = %v, %v", back, err)
	}
}

func TestParseScript(t *testing.T) {
	nb := ParseScript("x := 1\n// %% [markdown]\n// # Title\n//\n// text\n// %% second\ny := 2\n\n// %%\n\n")
	var got []string
	for _, c := range nb.Cells {
		got = append(got, c.Type+"|"+c.Source)
	}
	want := []string{"code|x := 1", "markdown|# Title\n\ntext", "code|y := 2"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	program := "package main\n\n// %% not a cell\nfunc main() {}\n"
	if nb := ParseScript(program); len(nb.Cells) != 1 || nb.Cells[0].Source != program {
		t.Errorf("a program became %d cells", len(nb.Cells))
	}
	if nb := ParseScript("package main\nfunc main() {"); len(nb.Cells) != 1 {
		t.Errorf("a broken program became %d cells", len(nb.Cells))
	}
}

// lineLang is a language of one command a line: "print X", "show X", "update X",
// "clear", "wait", "value X", "fail X", "input".
type lineLang struct{ kernel.Interpreter }

func (lineLang) Info() kernel.Info {
	return kernel.Info{Language: kernel.LanguageInfo{Name: "lines", FileExtension: ".l"}}
}

func (lineLang) Execute(_ context.Context, req kernel.Request, out kernel.Output) (kernel.Reply, error) {
	var reply kernel.Reply
	for _, l := range strings.Split(req.Code, "\n") {
		cmd, arg, _ := strings.Cut(l, " ")
		var err error
		switch cmd {
		case "print":
			out.Stream("stdout", arg+"\n")
		case "show":
			err = out.Display(display.Bundle{Data: map[string]any{"text/plain": arg, "image/png": []byte{1, 2}}}, "id")
		case "update":
			err = out.Update(display.TextBundle(arg), "id")
		case "clear":
			err = out.Clear(false)
		case "wait":
			err = out.Clear(true)
		case "value":
			b := display.TextBundle(arg)
			reply.Result = &b
		case "fail":
			err = &kernel.CellError{Name: "failure", Value: arg, Traceback: []string{arg}}
		case "input":
			_, err = out.Input("?", false)
		}
		if err != nil {
			return reply, err
		}
	}
	return reply, nil
}

func runText(t *testing.T, opts RunOptions, cells ...string) (*Notebook, error) {
	t.Helper()
	nb := &Notebook{Minor: 5}
	for _, c := range cells {
		nb.add(Code, c)
	}
	return nb, nb.Run(context.Background(), lineLang{}, opts)
}

func TestRunCollectsOutputs(t *testing.T) {
	var streamed string
	nb, err := runText(t, RunOptions{OnStream: func(_, s string) { streamed += s }},
		"print a\nprint b\nshow fig\nvalue 5", " \n", "update new", "print x\nclear\nprint y\nwait\nprint z")
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(func() (all [][]map[string]any) {
		for _, c := range nb.Cells {
			var l []map[string]any
			for _, o := range c.Outputs {
				l = append(l, o.object())
			}
			all = append(all, l)
		}
		return
	}())
	want := `[[{"name":"stdout","output_type":"stream","text":["a\n","b\n"]},` +
		`{"data":{"text/plain":["new"]},"metadata":{},"output_type":"display_data"},` +
		`{"data":{"text/plain":["5"]},"execution_count":1,"metadata":{},"output_type":"execute_result"}],` +
		`null,null,[{"name":"stdout","output_type":"stream","text":["z\n"]}]]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if streamed != "a\nb\nx\ny\nz\n" {
		t.Errorf("streamed %q", streamed)
	}
	if nb.Cells[1].Count != 0 || nb.Cells[3].Count != 3 {
		t.Errorf("a blank cell was counted: %d, %d", nb.Cells[1].Count, nb.Cells[3].Count)
	}
}

func TestRunStopsAtTheFirstFailure(t *testing.T) {
	nb, err := runText(t, RunOptions{}, "print a", "fail oh", "print b")
	var f *CellFailure
	if !errors.As(err, &f) || f.Index != 1 || f.Err.Value != "oh" {
		t.Fatalf("err = %v", err)
	}
	if len(nb.Cells[2].Outputs) != 0 || nb.Cells[1].Outputs[0].EName != "failure" {
		t.Errorf("outputs %+v", nb.Cells)
	}
	nb, err = runText(t, RunOptions{KeepGoing: true}, "fail one", "print b", "fail two")
	if err == nil || !strings.Contains(err.Error(), "one") || !strings.Contains(err.Error(), "two") || len(nb.Cells[1].Outputs) != 1 {
		t.Errorf("keep going: %v", err)
	}
}

func TestRunRefusesInput(t *testing.T) {
	_, err := runText(t, RunOptions{}, "input")
	if err == nil || !strings.Contains(err.Error(), "input is not available") {
		t.Errorf("err = %v", err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	nb := ParseScript("print a")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := nb.Run(ctx, lineLang{}, RunOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

// TestStreamsGrowWithoutCopies: a cell that prints many lines costs what the lines cost, not their square.
func TestStreamsGrowWithoutCopies(t *testing.T) {
	c := &collector{cell: &Cell{}}
	const lines, line = 50_000, "a line of output\n"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range lines {
		c.Stream("stdout", line)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 64<<20 {
		t.Errorf("%d MB allocated for %d kB of output", got>>20, lines*len(line)>>10)
	}
	c.Stream("stderr", "e")
	c.Stream("stdout", "o")
	c.Stream("stdout", "p")
	outs := c.cell.Outputs
	if len(outs) != 3 || outs[0].Text != strings.Repeat(line, lines) || outs[1].Text != "e" || outs[2].Text != "op" {
		t.Errorf("outputs: %d, last %q", len(outs), outs[len(outs)-1].Text)
	}
	if err := c.Clear(true); err != nil {
		t.Fatal(err)
	}
	c.Stream("stdout", "new")
	if outs := c.cell.Outputs; len(outs) != 1 || outs[0].Text != "new" {
		t.Errorf("after clear: %+v", outs)
	}
}
