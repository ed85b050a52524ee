package plugin

import "time"

// Status is a loaded plugin and what became of its contributions.
type Status struct {
	Info          Info
	Contributions []Contribution // in order of registration
}

// Contribution is what can be told about one contribution.
type Contribution struct {
	ID       string // "magic.line.spikes"
	Calls    int
	Failures int
	Disabled bool          // after three failures in a row
	Mean     time.Duration // of a call
	// HiddenBy is the plugin that has the same id and was loaded earlier; ""
	// when this contribution is the one that is called.
	HiddenBy string
}

// Status lists the loaded plugins in order of loading.
func (r *Registry) Status() []Status {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var list []Status
	for _, info := range r.owners {
		st := Status{Info: info}
		for _, c := range r.order {
			if c.owner == info.Name {
				st.Contributions = append(st.Contributions, c.status(r.active[c.id][0]))
			}
		}
		list = append(list, st)
	}
	return list
}

// status describes c; active is the contribution that is called for its id.
func (c *contribution) status(active *contribution) Contribution {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Contribution{ID: c.id, Calls: c.calls, Failures: c.failures, Disabled: c.streak >= maxStreak}
	if c.calls > 0 {
		s.Mean = c.total / time.Duration(c.calls)
	}
	if active != c {
		s.HiddenBy = active.owner
	}
	return s
}
