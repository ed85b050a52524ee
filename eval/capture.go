package eval

// Capture takes over the file descriptors 1 and 2 of the process.
type Capture struct{}
