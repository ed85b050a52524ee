package kernel_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

// session runs cells in a kernel whose history is in dir, then f, and ends it.
func session(t *testing.T, dir string, cells []string, f func(c *kerneltest.Client)) {
	t.Helper()
	k := kerneltest.Start(t, kerneltest.NewInterpreter(), func(cfg *kernel.Config) { cfg.History = dir })
	c := k.Client()
	for _, code := range cells {
		c.Do(kernel.Shell, "execute_request", kerneltest.Fields{"code": code, "stop_on_error": false})
	}
	if f != nil {
		f(c)
	}
	if err := k.Stop(); err != nil {
		t.Fatal(err)
	}
}

// find returns the history that a request gives, as compact JSON.
func find(c *kerneltest.Client, request kerneltest.Fields) string {
	r := c.Do(kernel.Shell, "history_request", request).Reply()
	data, err := json.Marshal(r.Content["history"])
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func TestHistory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nskernel", "history")
	session(t, dir, []string{"result one", "print two"}, nil)
	session(t, dir, nil, nil) // a session without cells takes no number
	session(t, dir, []string{"print one"}, nil)
	tests := []struct {
		name    string
		request kerneltest.Fields
		want    string
	}{
		{"tail", kerneltest.Fields{"hist_access_type": "tail", "n": 3}, `[[3,1,"print a"],[3,2,"result b"],[3,3,"print a"]]`},
		{"tail across sessions", kerneltest.Fields{"hist_access_type": "tail", "n": 5, "output": true}, `[[1,2,["print two",null]],[2,1,["print one",null]],[3,1,["print a",null]],[3,2,["result b","b"]],[3,3,["print a",null]]]`},
		{"tail of all", kerneltest.Fields{"hist_access_type": "tail", "n": 100}, `[[1,1,"result one"],[1,2,"print two"],[2,1,"print one"],[3,1,"print a"],[3,2,"result b"],[3,3,"print a"]]`},
		{"tail without n", kerneltest.Fields{"hist_access_type": "tail"}, `[[1,1,"result one"],[1,2,"print two"],[2,1,"print one"],[3,1,"print a"],[3,2,"result b"],[3,3,"print a"]]`},
		{"tail of none", kerneltest.Fields{"hist_access_type": "tail", "n": 0}, `[]`},
		{"tail of fewer than none", kerneltest.Fields{"hist_access_type": "tail", "n": -3}, `[]`},
		{"range of this session", kerneltest.Fields{"hist_access_type": "range", "session": 0, "start": 1, "stop": 3}, `[[3,1,"print a"],[3,2,"result b"]]`},
		{"range with output", kerneltest.Fields{"hist_access_type": "range", "session": 0, "start": 2, "stop": 3, "output": true}, `[[3,2,["result b","b"]]]`},
		{"range without stop", kerneltest.Fields{"hist_access_type": "range", "start": 2}, `[[3,2,"result b"],[3,3,"print a"]]`},
		{"range from the end", kerneltest.Fields{"hist_access_type": "range", "start": -2, "stop": -1}, `[[3,2,"result b"]]`},
		{"range of the session before", kerneltest.Fields{"hist_access_type": "range", "session": -1}, `[[2,1,"print one"]]`},
		{"range of a session", kerneltest.Fields{"hist_access_type": "range", "session": 1, "start": 1, "stop": 2, "output": true}, `[[1,1,["result one","one"]]]`},
		{"range of no session", kerneltest.Fields{"hist_access_type": "range", "session": 77}, `[]`},
		{"range that is empty", kerneltest.Fields{"hist_access_type": "range", "start": 3, "stop": 1}, `[]`},
		{"search", kerneltest.Fields{"hist_access_type": "search", "pattern": "print *"}, `[[1,2,"print two"],[2,1,"print one"],[3,1,"print a"],[3,3,"print a"]]`},
		{"search n", kerneltest.Fields{"hist_access_type": "search", "pattern": "print *", "n": 3}, `[[2,1,"print one"],[3,1,"print a"],[3,3,"print a"]]`},
		{"search unique", kerneltest.Fields{"hist_access_type": "search", "pattern": "print *", "unique": true, "n": 2}, `[[2,1,"print one"],[3,3,"print a"]]`},
		{"search one letter", kerneltest.Fields{"hist_access_type": "search", "pattern": "??????o?e"}, `[[2,1,"print one"]]`},
		{"search with output", kerneltest.Fields{"hist_access_type": "search", "pattern": "res*", "output": true, "n": 1}, `[[3,2,["result b","b"]]]`},
		{"search negated class", kerneltest.Fields{"hist_access_type": "search", "pattern": "[^r]* a"}, `[[3,1,"print a"],[3,3,"print a"]]`},
		{"search all", kerneltest.Fields{"hist_access_type": "search", "n": 1}, `[[3,3,"print a"]]`},
		{"nothing said", kerneltest.Fields{"n": 1}, `[[3,3,"print a"]]`},
	}
	session(t, dir, []string{"print a", "result b", "print a"}, func(c *kerneltest.Client) {
		c.Do(kernel.Shell, "execute_request", kerneltest.Fields{"code": "print not kept", "store_history": false})
		c.Do(kernel.Shell, "execute_request", kerneltest.Fields{"code": "print not kept", "silent": true})
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				if got := find(c, tt.request); got != tt.want {
					t.Errorf("history\n%s, want\n%s", got, tt.want)
				}
			})
		}
		if r := c.Do(kernel.Shell, "history_request", kerneltest.Fields{"hist_access_type": "guess"}).Reply(); r.Text("ename") != "BadRequest" {
			t.Errorf("%s", r)
		}
	})
}

func TestHistoryInMemory(t *testing.T) {
	session(t, "", []string{"result b"}, func(c *kerneltest.Client) {
		if got := find(c, kerneltest.Fields{"n": 5, "output": true}); got != `[[1,1,["result b","b"]]]` {
			t.Errorf("history %s", got)
		}
		if got := find(c, kerneltest.Fields{"hist_access_type": "range", "session": -1}); got != `[]` {
			t.Errorf("history %s", got)
		}
	})
}

// Results are kept in part, and never cut within a letter.
func TestHistoryLongResult(t *testing.T) {
	long := "x" + strings.Repeat("é", 1<<14)
	session(t, t.TempDir(), []string{"result " + long}, func(c *kerneltest.Client) {
		var entries [][]any
		if err := json.Unmarshal([]byte(find(c, kerneltest.Fields{"n": 1, "output": true})), &entries); err != nil {
			t.Fatal(err)
		}
		pair := entries[0][2].([]any)
		kept, found := strings.CutSuffix(pair[1].(string), "…")
		if pair[0] != "result "+long || !found || len(kept) != 1<<14-1 || !strings.HasPrefix(long, kept) {
			t.Errorf("%d bytes are kept", len(kept))
		}
	})
}

// The input is on disk before the cell runs: a crash does not lose it.
func TestHistoryBeforeCrash(t *testing.T) {
	dir := t.TempDir()
	k := kerneltest.Start(t, kerneltest.NewInterpreter(), func(cfg *kernel.Config) { cfg.History = dir })
	c := k.Client()
	cell := c.StartExecute("print reached\nblock")
	cell.Await("execute_input")
	data, err := os.ReadFile(filepath.Join(dir, "000001.jsonl"))
	if err != nil || !strings.Contains(string(data), "block") {
		t.Errorf("file %q, %v", data, err)
	}
}

// Kernels that run side by side take different numbers and lose nothing.
func TestHistoryConcurrentKernels(t *testing.T) {
	dir := t.TempDir()
	const kernels, cells = 4, 20
	clients := make([]*kerneltest.Client, kernels)
	for n := range clients {
		clients[n] = kerneltest.Start(t, kerneltest.NewInterpreter(), func(cfg *kernel.Config) { cfg.History = dir }).Client()
	}
	var wg sync.WaitGroup
	for n, c := range clients {
		wg.Go(func() {
			for k := range cells {
				c.StartExecute(fmt.Sprintf("print %d %d", n, k)).Wait()
			}
		})
	}
	wg.Wait()
	session(t, dir, nil, func(c *kerneltest.Client) {
		var entries [][]any
		if err := json.Unmarshal([]byte(find(c, kerneltest.Fields{"n": 1000})), &entries); err != nil {
			t.Fatal(err)
		}
		sessions := map[any]int{}
		for _, e := range entries {
			sessions[e[0]]++
		}
		if len(entries) != kernels*cells || len(sessions) != kernels {
			t.Errorf("%d entries, by session %v", len(entries), sessions)
		}
	})
}

func TestHistoryDamagedFile(t *testing.T) {
	dir := t.TempDir()
	damaged := `{"line":1,"input":"good"}` + "\n" + `nonsense` + "\n" + `{"line":9,"output":"of nothing"}` + "\n" + `{"line":2,"input":"also good"}` + "\n" + `{"line":3,"inp`
	if err := os.WriteFile(filepath.Join(dir, "000007.jsonl"), []byte(damaged), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"notes.txt", "x.jsonl", "-1.jsonl"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	session(t, dir, []string{"print x"}, func(c *kerneltest.Client) {
		if got := find(c, kerneltest.Fields{"n": 10}); got != `[[7,1,"good"],[7,2,"also good"],[8,1,"print x"]]` {
			t.Errorf("history %s", got)
		}
	})
}

// A history that cannot be kept is no reason to fail a cell.
func TestHistoryUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	session(t, filepath.Join(file, "history"), []string{"print x", "print y"}, func(c *kerneltest.Client) {
		if got := find(c, kerneltest.Fields{"n": 10}); got != `[[1,1,"print x"],[1,2,"print y"]]` {
			t.Errorf("history %s", got)
		}
	})
}

func TestHistoryIsPrivateAndBounded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "history")
	session(t, dir, []string{"print x"}, nil)
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "000001.jsonl"): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if os.PathSeparator == '/' && info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), want)
		}
	}
	for n := 2; n <= 1200; n++ {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%06d.jsonl", n)), []byte(`{"line":1,"input":"old"}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	session(t, dir, []string{"print x"}, nil)
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1000 {
		t.Errorf("%d files are kept, %v", len(files), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "001201.jsonl")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "000001.jsonl")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the oldest session is kept: %v", err)
	}
}
