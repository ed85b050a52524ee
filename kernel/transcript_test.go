package kernel_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// TestTranscripts replays the requests of testdata/transcripts and compares
// everything that the kernel says. Lines with > are requests, sent one after
// the other; each takes the lines with < up to its idle. "> stdin TEXT" answers
// a question. Lines with # are comments.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			synctest.Test(t, func(t *testing.T) { got = replay(t, string(want)) })
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want) {
				t.Errorf("the kernel says\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// replay sends the requests of a transcript and returns it with what came back.
func replay(t *testing.T, transcript string) string {
	i := kerneltest.NewInterpreter()
	handleWrite(i)
	c := kerneltest.Start(t, i).Client()
	var b strings.Builder
	for line := range strings.Lines(transcript) {
		if strings.HasPrefix(line, "<") {
			continue
		}
		b.WriteString(line)
		request, ok := strings.CutPrefix(strings.TrimSpace(line), "> ")
		if !ok {
			continue
		}
		channel, rest, _ := strings.Cut(request, " ")
		msgType, text, _ := strings.Cut(rest, " ")
		var content kerneltest.Fields
		if err := json.Unmarshal([]byte(text), &content); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		ch := map[string]kernel.Channel{"shell": kernel.Shell, "control": kernel.Control}[channel]
		call := c.Start(ch, msgType, content)
		if answer, ok := content["answer"].(string); ok { // for the question of the cell
			c.Answer(call.Await("input_request"), answer)
		}
		for _, m := range call.Wait().Messages {
			fmt.Fprintf(&b, "< %s\n", m)
		}
	}
	return b.String()
}
