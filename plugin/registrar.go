package plugin

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Registrar takes the contributions of one plugin. Each method refuses what
// could not be called later; one refusal makes the whole registration fail.
// The contributions become active together when the registration function has
// returned without an error, and the registrar takes no more then.
type Registrar interface {
	// Info is what the plugin says about itself.
	Info() Info
	// LineMagic adds %name. help is shown by %help: its first line is a
	// summary that begins with the usage, "%cd DIR  change the directory".
	LineMagic(name, help string, f func(c *Call) error) error
	// CellMagic adds %%name, which gets the rest of the cell as body.
	CellMagic(name, help string, f func(c *Call, body string) error) error
	// Renderer adds representations of values of a type, named as reflect
	// does with the full import path: "example.org/spikes.Raster",
	// "*example.org/spikes.Raster", "[]float64". Of several the one with the
	// highest priority is asked.
	Renderer(typeName string, priority int, f func(v any) (map[string]any, error)) error
	// Loader opens what matches a pattern of path.Match, where * also
	// matches slashes: "*.nwb", "s3://*".
	Loader(pattern string, f func(c *Call, name string) (any, error)) error
	// Completer lists what can stand at byte offset cursor of code.
	Completer(f func(code string, cursor int) []Item) error
	// Inspector documents a name: detail 0 is the documentation, 1 the source.
	Inspector(f func(name string, detail int) (map[string]any, bool)) error
	// Hook calls f at an event: PreExecute, PostExecute, Startup, Shutdown.
	Hook(event string, f func(c *Call) error) error
}

var (
	magicName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	ownerName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)
	semver    = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
)

// collector is the Registrar of one registration.
type collector struct {
	info Info

	mu     sync.Mutex
	closed bool
	list   []*contribution
	faults []error
}

var _ Registrar = (*collector)(nil)

// Info returns what the plugin says about itself.
func (r *collector) Info() Info { return r.info }

// LineMagic collects %name.
func (r *collector) LineMagic(name, help string, f func(c *Call) error) error {
	return r.add(kindLine, name, f == nil, &contribution{help: help, line: f}, magicFault(name, help))
}

// CellMagic collects %%name.
func (r *collector) CellMagic(name, help string, f func(c *Call, body string) error) error {
	return r.add(kindCell, name, f == nil, &contribution{help: help, cell: f}, magicFault(name, help))
}

func magicFault(name, help string) error {
	switch {
	case !magicName.MatchString(name):
		return fmt.Errorf("the name of a magic is a letter followed by letters, digits and _, got %q", name)
	case strings.TrimSpace(help) == "":
		return fmt.Errorf("magic %s has no help text: %%help would show nothing of it", name)
	}
	return nil
}

// Renderer collects a renderer.
func (r *collector) Renderer(typeName string, priority int, f func(v any) (map[string]any, error)) error {
	var fault error
	if typeName == "" || strings.ContainsAny(typeName, " \t\n") {
		fault = fmt.Errorf("a renderer needs the name of a type such as %q, got %q", "example.org/spikes.Raster", typeName)
	}
	return r.add(kindRenderer, typeName, f == nil, &contribution{priority: priority, render: f}, fault)
}

// Loader collects a loader.
func (r *collector) Loader(pattern string, f func(c *Call, name string) (any, error)) error {
	var fault error
	if _, err := path.Match(pattern, ""); err != nil || pattern == "" {
		fault = fmt.Errorf("a loader needs a pattern such as %q, got %q", "*.nwb", pattern)
	}
	return r.add(kindLoader, pattern, f == nil, &contribution{load: f}, fault)
}

// Completer collects a completer.
func (r *collector) Completer(f func(code string, cursor int) []Item) error {
	return r.add(kindCompleter, r.numbered(kindCompleter), f == nil, &contribution{complete: f}, nil)
}

// Inspector collects an inspector.
func (r *collector) Inspector(f func(name string, detail int) (map[string]any, bool)) error {
	return r.add(kindInspector, r.numbered(kindInspector), f == nil, &contribution{inspect: f}, nil)
}

// Hook collects a hook.
func (r *collector) Hook(event string, f func(c *Call) error) error {
	var fault error
	if !slices.Contains(events, event) {
		fault = fmt.Errorf("there is no event %q; the events are %s", event, strings.Join(events, ", "))
	}
	return r.add(kindHook, event+"."+r.numbered(kindHook+"."+event), f == nil, &contribution{event: event, line: f}, fault)
}

// numbered names contributions of which a plugin may have several: by the
// plugin, from the second on with a number.
func (r *collector) numbered(prefix string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 1
	for _, c := range r.list {
		if strings.HasPrefix(c.id, prefix+".") {
			n++
		}
	}
	if n == 1 {
		return r.info.Name
	}
	return fmt.Sprintf("%s.%d", r.info.Name, n)
}

// add collects c unless something is wrong with it.
func (r *collector) add(kind, name string, isNil bool, c *contribution, fault error) error {
	c.kind, c.name, c.id, c.owner, c.limit = kind, name, kind+"."+name, r.info.Name, r.info.CallLimit
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.closed:
		return fmt.Errorf("%s: the registration of %s is over; register everything before the function returns", c.id, c.owner)
	case fault != nil:
	case isNil:
		fault = fmt.Errorf("%s: the function is nil", c.id)
	case slices.ContainsFunc(r.list, func(o *contribution) bool { return o.id == c.id }):
		fault = fmt.Errorf("%s is registered twice", c.id)
	}
	if fault != nil {
		r.faults = append(r.faults, fault)
		return fault
	}
	r.list = append(r.list, c)
	return nil
}

// close ends the registration and returns what was collected.
func (r *collector) close() ([]*contribution, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return r.list, errors.Join(r.faults...)
}

// infoFaults returns everything that is wrong with what a plugin says about
// itself.
func infoFaults(i Info) []error {
	var faults []error
	if !ownerName.MatchString(i.Name) {
		faults = append(faults, fmt.Errorf("name %q: a plugin is named by 2 to 40 lower-case letters, digits and -, a letter first", i.Name))
	}
	if !semver.MatchString(i.Version) {
		faults = append(faults, fmt.Errorf("version %q: write a semantic version such as \"1.2.0\"", i.Version))
	}
	if i.API != API {
		faults = append(faults, fmt.Errorf("api %d: this kernel offers api %d", i.API, API))
	}
	return faults
}
