package plugin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
)

// ManifestName is the file that describes a plugin, in its folder.
const ManifestName = "nskernel.plugin.json"

// Manifest is the content of nskernel.plugin.json.
type Manifest struct {
	Name        string   `json:"name"`
	Version     string   `json:"version"`
	API         int      `json:"api"`
	Kind        string   `json:"kind,omitempty"` // "interpreted" if empty
	Summary     string   `json:"summary"`
	Import      string   `json:"import,omitempty"` // path of the package with Entry
	Entry       string   `json:"entry,omitempty"`  // "Register" if empty
	Contributes []string `json:"contributes"`      // ids: "magic.line.spikes"
	Needs       []string `json:"needs,omitempty"`  // capabilities
	Packages    []string `json:"packages,omitempty"`
	Limits      Limits   `json:"limits,omitzero"`
	Command     []string `json:"command,omitempty"` // of a process plugin
	Test        string   `json:"test,omitempty"`
}

// Limits are the limits that a plugin sets itself.
type Limits struct {
	CallMS int `json:"call_ms,omitempty"` // milliseconds for a call; 0: the standard
}

// The kinds of plugins.
const (
	Interpreted = "interpreted"
	CompiledIn  = "compiled"
	Process     = "process"
)

// Capabilities are what a manifest can ask for in needs.
var capabilities = []string{"fs.read", "fs.write", "net", "exec", "env", "session", "unsafe"}

// ParseManifest reads a manifest. It must be one JSON object without unknown
// fields; what it says is checked by Validate.
func ParseManifest(text []byte) (Manifest, error) {
	var m Manifest
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", ManifestName, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Manifest{}, fmt.Errorf("%s: something follows the JSON object", ManifestName)
	}
	if err := m.Validate(); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", ManifestName, err)
	}
	return m, nil
}

// Info is what the manifest says about the plugin.
func (m Manifest) Info() Info {
	return Info{
		Name: m.Name, Version: m.Version, API: m.API, Summary: m.Summary,
		CallLimit: time.Duration(m.Limits.CallMS) * time.Millisecond,
	}
}

// Validate reports everything that is wrong with m, one line for each fault.
func (m Manifest) Validate() error {
	faults := infoFaults(m.Info())
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if s := strings.TrimSpace(m.Summary); s == "" || strings.ContainsAny(s, "\n\r") {
		fault("summary %q: say in one line what the plugin is for", m.Summary)
	}
	if !slices.Contains([]string{"", Interpreted, CompiledIn, Process}, m.Kind) {
		fault("kind %q: a plugin is %s, %s or %s", m.Kind, Interpreted, CompiledIn, Process)
	}
	if m.Limits.CallMS < 0 || m.Limits.CallMS > 600_000 {
		fault("limits.call_ms %d: allowed are 1 to 600000 milliseconds, 0 for the standard", m.Limits.CallMS)
	}
	if m.Test != "" && !inside(m.Test) {
		fault("test %q: name files inside the plugin's folder, with slashes", m.Test)
	}
	faults = append(faults, m.sourceFaults()...)
	faults = append(faults, listFaults("contributes", m.Contributes, contributionFault)...)
	faults = append(faults, listFaults("needs", m.Needs, func(n string) string {
		if !slices.Contains(capabilities, n) {
			return "the capabilities are " + strings.Join(capabilities, ", ")
		}
		return ""
	})...)
	faults = append(faults, listFaults("packages", m.Packages, importFault)...)
	if len(m.Contributes) == 0 {
		fault("contributes is empty: list the ids of everything that is registered, such as magic.line.spikes")
	}
	return errors.Join(faults...)
}

// sourceFaults checks where the code of the plugin is, which depends on its
// kind.
func (m Manifest) sourceFaults() []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if m.Kind == Process {
		if len(m.Command) == 0 || m.Command[0] == "" {
			fault("command is empty: a process plugin names its program, such as [\"./spikes-plugin\"]")
		} else if !strings.HasPrefix(m.Command[0], "./") || !inside(m.Command[0]) {
			fault("command %q: the program is named relative to the plugin's folder, ./NAME", m.Command[0])
		}
		if m.Import != "" || m.Entry != "" {
			fault("import and entry are not for process plugins: their program registers itself")
		}
		return faults
	}
	if len(m.Command) > 0 {
		fault("command is for process plugins only; this one is %s", m.kind())
	}
	if why := importFault(m.Import); why != "" {
		fault("import %q: %s", m.Import, why)
	}
	if m.Entry != "" && !exportedName(m.Entry) {
		fault("entry %q: name an exported function such as Register", m.Entry)
	}
	return faults
}

func (m Manifest) kind() string {
	if m.Kind == "" {
		return Interpreted
	}
	return m.Kind
}

// listFaults checks each element and that none comes twice.
func listFaults(field string, list []string, check func(string) string) []error {
	var faults []error
	seen := map[string]bool{}
	for i, s := range list {
		if why := check(s); why != "" {
			faults = append(faults, fmt.Errorf("%s[%d] %q: %s", field, i, s, why))
		} else if seen[s] {
			faults = append(faults, fmt.Errorf("%s[%d] %q is listed twice", field, i, s))
		}
		seen[s] = true
	}
	return faults
}

// contributionFault says what is wrong with an id, "" if nothing is.
func contributionFault(id string) string {
	for _, kind := range []string{kindLine, kindCell, kindRenderer, kindLoader, kindCompleter, kindInspector, kindHook} {
		name, ok := strings.CutPrefix(id, kind+".")
		if !ok {
			continue
		}
		switch {
		case name == "" || strings.ContainsAny(name, " \t\r\n"):
			return "a name without spaces follows the kind"
		case (kind == kindLine || kind == kindCell) && !magicName.MatchString(name):
			return "the name of a magic is a letter followed by letters, digits and _"
		}
		return ""
	}
	return "an id is a kind and a name: magic.line.NAME, magic.cell.NAME, mime.TYPE, load.PATTERN, complete.PLUGIN, inspect.PLUGIN, hook.EVENT.PLUGIN"
}

// importFault says what is wrong with an import path, "" if nothing is.
func importFault(p string) string {
	if p == "" || path.Clean(p) != p || strings.HasPrefix(p, "/") || strings.HasPrefix(p, ".") || strings.ContainsAny(p, " \t\r\n\\\"`") {
		return "write an import path such as example.org/spikes/nskernel"
	}
	return ""
}

// inside tells whether p names something inside the folder that it is
// relative to.
func inside(p string) bool {
	clean := path.Clean(p)
	return p != "" && !path.IsAbs(clean) && clean != ".." && !strings.HasPrefix(clean, "../") && !strings.ContainsAny(p, "\\:\x00")
}

func exportedName(s string) bool {
	return magicName.MatchString(s) && s[0] >= 'A' && s[0] <= 'Z'
}
