package plugin

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

const goodManifest = `{
  "name": "spikes", "version": "0.2.0", "api": 1, "kind": "interpreted",
  "summary": "raster plots and NWB loading",
  "import": "example.org/spikes/nskernel", "entry": "Register",
  "contributes": ["magic.line.spikes", "mime.example.org/spikes.Raster", "load.*.nwb"],
  "needs": ["fs.read"],
  "packages": ["gonum.org/v1/gonum/mat"],
  "limits": {"call_ms": 1500},
  "test": "testdata/*.cells"
}`

func TestManifest(t *testing.T) {
	m, err := ParseManifest([]byte(goodManifest))
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Info(); got.Name != "spikes" || got.Version != "0.2.0" || got.CallLimit != 1500*time.Millisecond {
		t.Errorf("Info() = %+v", got)
	}
	process := `{"name": "ext", "version": "1.0.0", "api": 1, "kind": "process", "summary": "s", "contributes": ["hook.startup.ext"], "command": ["./ext", "-v"]}`
	if _, err := ParseManifest([]byte(process)); err != nil {
		t.Errorf("a good process plugin: %v", err)
	}
}

// TestManifestFaults changes one field of a good manifest at a time.
func TestManifestFaults(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`"spikes", "version"`, `"S", "version"`, `name "S"`},
		{`"0.2.0"`, `"0.2"`, `version "0.2"`},
		{`"api": 1`, `"api": 7`, "api 7: this kernel offers api 1"},
		{`"interpreted"`, `"magic"`, `kind "magic"`},
		{`"raster plots and NWB loading"`, `" "`, `summary " "`},
		{`"example.org/spikes/nskernel"`, `"../nskernel"`, `import "../nskernel"`},
		{`"Register"`, `"register"`, `entry "register"`},
		{`"magic.line.spikes"`, `"magic.line.9"`, `contributes[0] "magic.line.9"`},
		{`"load.*.nwb"`, `"magic.line.spikes"`, `contributes[2] "magic.line.spikes" is listed twice`},
		{`"fs.read"`, `"root"`, `needs[0] "root": the capabilities are fs.read`},
		{`"gonum.org/v1/gonum/mat"`, `""`, `packages[0] ""`},
		{`1500`, `-1`, "limits.call_ms -1"},
		{`"testdata/*.cells"`, `"../*.cells"`, `test "../*.cells"`},
		{`"test":`, `"command": ["./x"], "test":`, "command is for process plugins only"},
		{`"test":`, `"tests":`, `unknown field "tests"`},
		{"\n}", "\n} {}", "something follows"},
		{`"interpreted"`, `"process"`, "command is empty"},
		{`"magic.line.spikes", "mime.example.org/spikes.Raster", "load.*.nwb"`, ``, "contributes is empty"},
	} {
		text := strings.Replace(goodManifest, c.old, c.new, 1)
		if text == goodManifest {
			t.Fatalf("%s is not in the manifest", c.old)
		}
		if _, err := ParseManifest([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s → %s: error %v, want one with %q", c.old, c.new, err, c.want)
		}
	}
}

func TestManifestReportsAllFaults(t *testing.T) {
	err := Manifest{Name: "?", Kind: "x", Needs: []string{"a"}, Command: []string{"rm"}, Entry: "e", Test: "/etc/*", Limits: Limits{CallMS: -1}}.Validate()
	if err == nil {
		t.Fatal("no fault found")
	}
	for _, field := range []string{"name", "version", "api", "summary", "kind", "limits", "test", "command", "import", "entry", "contributes", "needs"} {
		if !strings.Contains("\n"+err.Error(), "\n"+field) {
			t.Errorf("no line about %s in:\n%v", field, err)
		}
	}
}

// FuzzManifest wants that every text is either refused or means the same when
// it is written and read again.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(goodManifest))
	f.Add([]byte(`{"name": "a-b", "limits": null}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ParseManifest(text)
		if err != nil {
			return
		}
		out, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseManifest(out)
		if err != nil {
			t.Fatalf("%s was accepted, %s is not: %v", text, out, err)
		}
		if len(m.Needs)+len(m.Packages)+len(m.Command) > 0 && !reflect.DeepEqual(m, again) && !strings.Contains(string(text), "[]") {
			t.Errorf("%+v became %+v", m, again)
		}
	})
}
