package comm

// The functions of a package are those of nobody's session: a program that
// uses it outside of a kernel has no front end.
var nobody = NewManager(nil)

// Open opens a comm to a target in the front end. In a cell it is Open of the
// session's Manager; elsewhere it returns ErrNotConnected.
func Open(target string, data map[string]any, opts ...OpenOptions) (*Comm, error) {
	return nobody.Open(target, data, opts...)
}

// Register makes f answer comms that a front end opens for target. In a cell
// it is Register of the session's Manager; elsewhere nobody opens any.
func Register(target string, f func(c *Comm, data map[string]any)) error {
	return nobody.Register(target, f)
}
