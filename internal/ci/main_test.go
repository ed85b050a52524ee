package main

import (
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	const pass = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}
`
	for _, tt := range []struct{ name, in, want, err string }{
		{"passes", pass, "1 passed, 0 failed", ""},
		{"a test fails", pass + `{"Action":"output","Package":"p","Test":"TestB","Output":"wrong\n"}` + "\n" + `{"Action":"fail","Package":"p","Test":"TestB"}`, "wrong\n1 passed, 1 failed", "failed"},
		{"a package does not build", pass + `{"ImportPath":"q","Action":"build-output","Output":"undefined: x\n"}` + "\n" + `{"ImportPath":"q","Action":"build-fail"}`, "undefined: x\n1 passed, 1 failed", "failed"},
		{"a test is skipped", pass + `{"Action":"skip","Package":"p","Test":"TestC"}`, "1 passed, 1 failed", "skipped"},
		{"nothing ran", `{"Action":"pass","Package":"p"}`, "0 passed, 0 failed", "none ran"},
		{"not JSON", "ok  p\n", "", "not the output"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			err := count(strings.NewReader(tt.in), &out)
			if !strings.Contains(out.String(), tt.want) {
				t.Errorf("printed %q, want %q in it", out.String(), tt.want)
			}
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("err = %v, want %q", err, tt.err)
			}
		})
	}
}
