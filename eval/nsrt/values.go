package nsrt

// Step notes that top-level statement i of the code that runs begins.
func (s *State) Step(i int) {
	t := s.task()
	if t == nil || !t.main {
		return
	}
	t.cell.step.Store(int64(i))
	t.cell.line.Store(0)
	if t.cell.stopping() {
		s.Halt()
	}
}

// Mark notes that a statement inside of a top-level statement begins at line.
func (s *State) Mark(line int) {
	t := s.task()
	if t == nil || !t.main {
		return
	}
	t.cell.line.Store(int64(line))
	if t.cell.stopping() {
		s.Halt()
	}
}

// stopping tells whether some goroutine of c is to end.
func (c *Cell) stopping() bool {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return c.halting
}

// Out receives the values of the last expression of the cell.
func (s *State) Out(values ...any) {
	t := s.task()
	if t == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.cell.values, t.cell.shown = values, true
}

// Check ends the cell when err is not nil: the error guard of statements whose
// error the cell does not look at.
func (s *State) Check(err error) {
	if err == nil {
		return
	}
	if t := s.task(); t != nil && t.main {
		t.cell.checked.Store(true)
	}
	panic(&CheckError{err})
}
