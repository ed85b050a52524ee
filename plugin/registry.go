package plugin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"reflect"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// Registry holds what the loaded plugins contribute. The zero value is ready
// to use; it is safe for concurrent use.
type Registry struct {
	// Log gets one line for each contribution that is disabled. Nil: dropped.
	Log io.Writer

	loading sync.Mutex // one registration at a time

	mu     sync.RWMutex
	owners []Info // in order of loading
	active map[string][]*contribution
	order  []*contribution // in order of registration
}

// registerLimit is how long a registration may take.
const registerLimit = 5 * time.Second

// Load calls register and makes what it contributes active: all of it, or
// nothing when it fails, panics or does not end.
func (r *Registry) Load(info Info, register RegisterFunc) error {
	return r.load(info, register, registerLimit)
}

func (r *Registry) load(info Info, register RegisterFunc, limit time.Duration) error {
	faults := infoFaults(info)
	if register == nil {
		faults = append(faults, errors.New("the registration function is nil"))
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("plugin %q: %w", info.Name, err)
	}
	r.loading.Lock()
	defer r.loading.Unlock()
	if r.has(info.Name) {
		return fmt.Errorf("plugin %s is loaded already; unload it first", info.Name)
	}
	col := &collector{info: info}
	err := guard(context.Background(), "registration", limit, func(context.Context) error { return register(col) })
	list, refused := col.close()
	if err = errors.Join(err, withoutCopies(refused, err)); err != nil {
		return fmt.Errorf("plugin %s: nothing of it was registered: %w", info.Name, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.active == nil {
		r.active = map[string][]*contribution{}
	}
	r.owners = append(r.owners, info)
	r.order = append(r.order, list...)
	r.rebuild()
	return nil
}

// withoutCopies drops refused when the registration function has returned it
// itself.
func withoutCopies(refused, returned error) error {
	if refused == nil || returned == nil {
		return refused
	}
	for _, line := range strings.Split(refused.Error(), "\n") {
		if !strings.Contains(returned.Error(), line) {
			return refused
		}
	}
	return nil
}

func (r *Registry) has(name string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.ContainsFunc(r.owners, func(i Info) bool { return i.Name == name })
}

// LoadCompiled loads the plugins that are linked into the program, in the
// order of their init functions. Those that fail are reported together; they
// do not keep the others from being loaded.
func (r *Registry) LoadCompiled() error {
	var errs []error
	for _, p := range compiledPlugins() {
		errs = append(errs, r.Load(p.info, p.register))
	}
	return errors.Join(errs...)
}

// Unload removes everything that a plugin has contributed. What it kept others
// from contributing becomes active.
func (r *Registry) Unload(name string) error {
	r.loading.Lock()
	defer r.loading.Unlock()
	if !r.has(name) {
		return fmt.Errorf("plugin %s is not loaded: %w", name, ErrNotFound)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.owners = slices.DeleteFunc(r.owners, func(i Info) bool { return i.Name == name })
	r.order = slices.DeleteFunc(r.order, func(c *contribution) bool { return c.owner == name })
	r.rebuild()
	return nil
}

// rebuild orders the contributions of each id: the first is called. The caller
// holds r.mu.
func (r *Registry) rebuild() {
	clear(r.active)
	for _, c := range r.order {
		r.active[c.id] = append(r.active[c.id], c)
	}
	for _, list := range r.active {
		sort.SliceStable(list, func(i, j int) bool { return list[i].priority > list[j].priority })
	}
}

// find returns the contribution that is called for an id, nil if there is
// none.
func (r *Registry) find(kind, name string) *contribution {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if list := r.active[kind+"."+name]; len(list) > 0 {
		return list[0]
	}
	return nil
}

// ofKind returns the contributions of a kind that are called, in order of
// registration.
func (r *Registry) ofKind(kind string) []*contribution {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var list []*contribution
	for _, c := range r.order {
		if c.kind == kind && r.active[c.id][0] == c {
			list = append(list, c)
		}
	}
	return list
}

func (r *Registry) notify(line string) {
	if r.Log != nil {
		// There is nowhere to report that the log cannot be written.
		_, _ = io.WriteString(r.Log, line+"\n")
	}
}

// Magic describes a magic.
type Magic struct {
	Name  string // without %
	Cell  bool   // %%name
	Help  string
	Owner string
}

// Magics lists the magics by name, line magics first.
func (r *Registry) Magics() []Magic {
	var list []Magic
	for _, kind := range []string{kindLine, kindCell} {
		for _, c := range r.ofKind(kind) {
			list = append(list, Magic{Name: c.name, Cell: kind == kindCell, Help: c.help, Owner: c.owner})
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Cell != b.Cell {
			return !a.Cell
		}
		return a.Name < b.Name
	})
	return list
}

// LineMagic runs %name. Its error is the magic's own, or of the call.
func (r *Registry) LineMagic(ctx context.Context, name string, call Call) error {
	c := r.find(kindLine, name)
	if c == nil {
		return fmt.Errorf("%%%s: %w", name, ErrNotFound)
	}
	return r.invoke(ctx, c, func(ctx context.Context) error {
		call.Ctx = ctx
		return c.line(&call)
	})
}

// CellMagic runs %%name with the rest of its cell.
func (r *Registry) CellMagic(ctx context.Context, name string, call Call, body string) error {
	c := r.find(kindCell, name)
	if c == nil {
		return fmt.Errorf("%%%%%s: %w", name, ErrNotFound)
	}
	return r.invoke(ctx, c, func(ctx context.Context) error {
		call.Ctx = ctx
		return c.cell(&call, body)
	})
}

// Renders tells whether a plugin has registered for the type of v.
func (r *Registry) Renders(v any) bool { return r.find(kindRenderer, TypeName(v)) != nil }

// Render returns the representations that a plugin makes of v.
// errors.Is(err, ErrNotFound) when none has registered for its type.
func (r *Registry) Render(v any) (map[string]any, error) {
	c := r.find(kindRenderer, TypeName(v))
	if c == nil {
		return nil, fmt.Errorf("renderer of %T: %w", v, ErrNotFound)
	}
	return result(r, context.Background(), c, func(context.Context) (map[string]any, error) { return c.render(v) })
}

// TypeName is the name under which renderers register for the type of v: that
// of reflect with full import paths, "" for nil.
func TypeName(v any) string {
	t := reflect.TypeOf(v)
	if t == nil {
		return ""
	}
	stars := ""
	for t.Kind() == reflect.Pointer && t.Name() == "" {
		stars, t = stars+"*", t.Elem()
	}
	if t.PkgPath() == "" {
		return stars + t.String()
	}
	return stars + t.PkgPath() + "." + t.Name()
}

// Open gives name to the first loader whose pattern it matches.
// errors.Is(err, ErrNotFound) when there is none.
func (r *Registry) Open(ctx context.Context, name string, call Call) (any, error) {
	for _, c := range r.ofKind(kindLoader) {
		if !matches(c.name, name) {
			continue
		}
		return result(r, ctx, c, func(ctx context.Context) (any, error) {
			call.Ctx = ctx
			return c.load(&call, name)
		})
	}
	return nil, fmt.Errorf("no loader opens %q: %w", name, ErrNotFound)
}

// matches is path.Match with stars that match slashes, too.
func matches(pattern, name string) bool {
	const slash = "\x00"
	ok, err := path.Match(strings.ReplaceAll(pattern, "/", slash), strings.ReplaceAll(name, "/", slash))
	return err == nil && ok
}

// Complete lists what the plugins complete at byte offset cursor of code.
// Items whose range lies outside of code are dropped.
func (r *Registry) Complete(ctx context.Context, code string, cursor int) []Item {
	var items []Item
	for _, c := range r.ofKind(kindCompleter) {
		// A failure is counted; the other completers still answer.
		list, _ := result(r, ctx, c, func(context.Context) ([]Item, error) { return c.complete(code, cursor), nil })
		for _, it := range list {
			if 0 <= it.Start && it.Start <= it.End && it.End <= len(code) {
				items = append(items, it)
			}
		}
	}
	return items
}

// Inspect returns the first documentation that a plugin has for name.
func (r *Registry) Inspect(ctx context.Context, name string, detail int) (map[string]any, bool) {
	for _, c := range r.ofKind(kindInspector) {
		// A failure is counted; the other inspectors still answer.
		b, _ := result(r, ctx, c, func(context.Context) (map[string]any, error) {
			if b, ok := c.inspect(name, detail); ok {
				return b, nil
			}
			return nil, nil
		})
		if b != nil {
			return b, true
		}
	}
	return nil, false
}

// Fire calls the hooks of an event in order of loading and returns their
// errors together.
func (r *Registry) Fire(ctx context.Context, event string, call Call) error {
	var errs []error
	for _, c := range r.ofKind(kindHook) {
		if c.event != event || c.disabled() {
			continue
		}
		errs = append(errs, r.invoke(ctx, c, func(ctx context.Context) error {
			own := call
			own.Ctx = ctx
			return c.line(&own)
		}))
	}
	return errors.Join(errs...)
}

// result is invoke for contributions that return a value. It is handed over
// only when the call came back: one that was given up may still write.
func result[T any](r *Registry, ctx context.Context, c *contribution, f func(ctx context.Context) (T, error)) (T, error) {
	out := make(chan T, 1)
	err := r.invoke(ctx, c, func(ctx context.Context) error {
		v, err := f(ctx)
		out <- v
		return err
	})
	select {
	case v := <-out:
		if err == nil {
			return v, nil
		}
	default:
	}
	var none T
	return none, err
}
